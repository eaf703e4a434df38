"""Why a date is what it is: one sentence per step, opened on demand."""

from collections.abc import Iterable, Iterator

from dashboard.components.markup import Html, el
from dashboard.context import PageContext
from models.enums import Verified
from models.rules.clocks import FileClock
from models.rules.deadlines import Due
from models.rules.reasons import why_clock
from models.rules.words import Words
from models.text import Translator


def trace(ctx: PageContext, clock: FileClock, *, is_open: bool = False) -> Html:
    """The steps from the event to the last day, closed until somebody asks."""
    return told(ctx, why_clock(clock), dated=clock.due is not None, is_open=is_open)


def told(ctx: PageContext, steps: Iterable[Words], *, dated: bool, is_open: bool = False) -> Html:
    """These steps, closed until somebody asks; `dated`: they lead to a date."""
    t = ctx.t
    title = t("Why this date") if dated else t("Why there is no date")
    said = el("ol", *(el("li", step) for step in dict.fromkeys(map(t.words, steps))))
    return el("details", el("summary", title), said, class_="trace", open="open" if is_open else None)


def marks(t: Translator, due: Due | None, *, doubtful: bool) -> Iterator[str]:
    """What to know about a date besides the date: that it is approximate, that the rule waits for a lawyer."""
    if doubtful or (due and due.approximate):
        yield t("approximate")
    if due and due.verified is not Verified.YES:
        yield t("to be confirmed by a lawyer")
    if due and due.excess:
        yield t("extended beyond what the article allows")


def sentences(t: Translator, why: tuple[Words, ...]) -> str:
    """The sentences one after the other."""
    return " ".join(t.words(sentence) for sentence in why)
