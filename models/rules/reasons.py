"""Why a date is what it is, for every place that shows it: pages, papers and commands tell the same steps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from models.enums import EventKind, Verified
from models.rules.article_texts import TEXTS
from models.rules.clocks import FileClock
from models.rules.deadlines import Due
from models.rules.judge import Verdict
from models.rules.limits import article_words
from models.rules.words import Value, Words, words


@dataclass(frozen=True)
class DateReason:
    """The date that decides about a file, and every step that leads to it.

    `facts`: what the steps are made of, as texts that do not change with our wording.
    """

    code: str
    name: Words
    due_on: date
    approximate: bool
    proved: bool
    excess: bool
    steps: tuple[Words, ...]
    facts: tuple[str, ...]


def why_clock(clock: FileClock) -> tuple[Words, ...]:
    """Event, rule and version, what the article says, the count day by day, the result, its proof, and the doubts."""
    due = clock.due
    found: tuple[Words, ...] = (_event(clock),)
    if due:
        found += (_version(clock, due), *_article(due), *due.trace, *_proof(due))
    return tuple(dict.fromkeys((*found, *clock.doubts)))


def deciding_clock(clocks: Iterable[FileClock], verdict: Verdict) -> FileClock | None:
    """The clock whose last day decides about the file; None when no date does."""
    if verdict.due_on is None:
        return None
    running = (clock for clock in clocks if clock.due and clock.stopped is None and clock.rule == verdict.rule)
    return next((clock for clock in running if clock.due and clock.due.due_on == verdict.due_on), None)


def date_reason(clock: FileClock, verdict: Verdict) -> DateReason | None:
    """The date of a clock with every step that leads to it; None when the clock has no date."""
    due = clock.due
    if due is None:
        return None
    lengths = (due.base, *due.extensions)
    known = (due.rule, due.start, due.severity or "", *lengths, due.end, due.due_on, due.article, due.law, due.verified)
    facts = (*known, clock.start.kind, clock.stand_in)
    return DateReason(
        code=verdict.code,
        name=clock.name,
        due_on=due.due_on,
        approximate=verdict.approximate,
        proved=is_proved(due),
        excess=due.excess,
        steps=why_clock(clock),
        facts=tuple(str(each) for each in facts),
    )


def is_proved(due: Due) -> bool:
    """Whether the limit was read in the law itself; otherwise a lawyer has to confirm it."""
    return due.verified is Verified.YES


def _event(clock: FileClock) -> Words:
    start = clock.start
    values: dict[str, Value] = {
        "event": EventKind(start.kind),
        "day": f"{start.on:%m/%Y}" if start.monthly else start.on,
    }
    if clock.stand_in:
        return words("Event: {event}, {day}, in place of the clock's own start, which is not recorded.", **values)
    return words("Event: {event}, {day}.", **values)


def _version(clock: FileClock, due: Due) -> Words:
    if due.limit.valid_from is None:
        return words("Rule {code}: {name}.", code=due.rule, name=clock.name)
    return words(
        "Rule {code}: {name}; the version in force from {day}.",
        code=due.rule, name=clock.name, day=due.limit.valid_from,
    )  # fmt: skip


def _article(due: Due) -> Iterator[Words]:
    """What the article says; of a rule without words of ours, the note that stands in the table."""
    if text := TEXTS.get(due.rule):
        yield words("What {article} says, in our words: {said}.", article=article_words(due.article), said=text)
    elif due.limit.notes:
        yield words("Note in the table of rules: {note}", note=due.limit.notes)


def _proof(due: Due) -> Iterator[Words]:
    """The mark of a limit that was read in the law; the trace itself names what a lawyer has to confirm."""
    if is_proved(due):
        yield words("The limit was read in the text of the law.")
