"""Why the printed dates are what they are: each leads to its entry in an annex, and the entry leads back."""

from collections.abc import Iterator, Mapping

from docx.document import Document

from exports import word
from exports.figure import Printer, ReportFigure, unmarked
from exports.links import link, place
from models.rules.reasons import DateReason
from models.text import Translator

UNPROVED = "*"  # beside a date whose limit a lawyer has to confirm

Reasons = Mapping[str, DateReason]  # by code of the file, in its order


def why_figures(reasons: Reasons) -> Iterator[ReportFigure]:
    """Each entry as a line of the paper: what it was counted from is kept in the proof and computed again."""
    for code, reason in reasons.items():
        yield ReportFigure(f"why.{code}", None, "row", records=reason.facts)


class Dates:
    """Writes the dates of a paper as links to their entries; the first one of a file is where its entry leads back."""

    def __init__(self, reasons: Reasons, t: Translator) -> None:
        self._reasons, self._t = reasons, t
        self._numbers = {code: number for number, code in enumerate(reasons, start=1)}
        self._placed: set[str] = set()

    def linked(self, code: str, text: str) -> str:
        """`text` with the date of the file in it, if it stands there, as a link and marked where it is not proved."""
        reason = self._reasons.get(code)
        day = self._t.date(reason.due_on) if reason else ""
        if reason is None or day not in text:
            return text
        number = self._numbers[code]
        own = "" if code in self._placed else f"due_{number}"
        self._placed.add(code)
        shown = day if reason.proved else day + UNPROVED
        return text.replace(day, link(shown, f"why_{number}", own=own), 1)

    def entries(self, titles: Mapping[str, str], show: Printer) -> Iterator[tuple[str, str]]:
        """The entries of all files whose date was printed, as paragraphs (style, text)."""
        for code, reason in self._reasons.items():
            if code in self._placed:
                show.keep(f"why.{code}")
                yield from self._entry(reason, unmarked(titles.get(code, "")))

    def _entry(self, reason: DateReason, title: str) -> Iterator[tuple[str, str]]:
        t, number = self._t, self._numbers[reason.code]
        yield "Reason Head", place(f"{number}. {reason.code}" + (f" – {title}" if title else ""), f"why_{number}")
        marks = "; ".join(_marks(reason, t))
        said = t("{what}: last day {day}", what=reason.name, day=reason.due_on)
        yield "Reason Date", f"{unmarked(said)} ({marks})" if marks else unmarked(said)
        for step in reason.steps:
            yield "Reason Step", f"– {unmarked(t.words(step))}"
        yield "Reason End", link(t("back to the list"), f"due_{number}")


def _marks(reason: DateReason, t: Translator) -> Iterator[str]:
    if not reason.proved:
        yield t("to be confirmed by a lawyer")
    if reason.approximate:
        yield t("approximate")
    if reason.excess:
        yield t("extended beyond what the article allows")


def title(t: Translator) -> str:
    """What the annex is called."""
    return t("WHY THESE DATES")


def note(t: Translator) -> str:
    """What the annex is for."""
    return t(
        "(Each statutory date printed above: event, rule, article in our words, count, calendar day by day, result, "
        "proof. {mark}: the limit is to be confirmed by a lawyer)",
        mark=UNPROVED,
    )


def draw(made: Document, dates: Dates, titles: Mapping[str, str], show: Printer) -> None:
    """The entries, one after the other."""
    word.paragraphs(made, dates.entries(titles, show))
