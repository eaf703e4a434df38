"""Files as the rules see them, written the way one tells them:

    file("2026-03-02 case_initiated", "2026-05-20 investigation_extended 3m", "2026-06 terminated *")

A day without its day is known by month only; what follows the event is its length; a star: it concerns one accused.
"""

from datetime import date
from functools import cache

from models.enums import EventKind, Kind, Severity
from models.rules.clocks import Reader
from models.rules.facts import CaseFacts, Event, in_order
from models.rules.judge import Thresholds, Verdict, judge
from models.rules.stages import Course, course_of
from tests.models.rules import lawbook

DEFAULTS = Thresholds()


def day(text: str) -> date:
    """The day of `2026-03-02`."""
    return date.fromisoformat(text)


def event(told: str, number: int = 0) -> Event:
    """One event as told: day, kind, length, star."""
    on, kind, *rest = told.split()
    monthly = len(on) == len("2026-03")
    partial = rest[-1:] == ["*"]
    length = " ".join(rest[:-1] if partial else rest)
    return Event(day(f"{on}-01" if monthly else on), EventKind(kind), monthly, length, partial, number)


def file(
    *told: str,
    severity: Severity | None = Severity.SERIOUS,
    kind: Kind = Kind.CASE,
    articles: str = "",
    level: str = "",
    supervised: bool = False,
    first_on: str = "",
) -> CaseFacts:
    """The file with these events; its first fact is its first event, or `first_on`."""
    events = in_order(event(each, number) for number, each in enumerate(told, start=1))
    first = day(first_on) if first_on else min((each.on for each in events), default=day("2026-01-05"))
    return CaseFacts("VA-1", kind, first, events, severity, articles, level, supervised)


@cache
def reader() -> Reader:
    """Reads clocks by the shipped rules."""
    return Reader(lawbook.rulebook())


def judged(facts: CaseFacts, today: str, thresholds: Thresholds = DEFAULTS) -> Verdict:
    """The verdict on `facts` on `today` by the shipped rules; later events are there, but not yet known."""
    return judge(facts, reader(), day(today), thresholds)


def course(facts: CaseFacts, today: str) -> Course:
    """The course of `facts` up to `today`."""
    return course_of(facts, day(today))


def said(verdict: Verdict) -> str:
    """Why, in plain English."""
    return " ".join(sentence.english() for sentence in verdict.why)
