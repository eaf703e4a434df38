"""Files as the rules see them, written the way one tells them:

    file("2026-03-02 case_initiated", "2026-05-20 investigation_extended 3m", "2026-06 terminated *")

A day without its day is known by month only; what follows the event is its length; a star: it concerns one accused,
`@2`: the accused with this id.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

from models.enums import EventKind, Kind, Severity
from models.rules.clocks import Reader
from models.rules.facts import AccusedFact, CaseFacts, Event, TaskFact, in_order
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
    marks = [part for part in rest if part == "*" or part.startswith("@")]
    length = " ".join(part for part in rest if part not in marks)
    accused = int(marks[0][1:]) if marks and marks[0] != "*" else 0
    return Event(day(f"{on}-01" if monthly else on), EventKind(kind), monthly, length, bool(marks), number, accused)


def task(code: str, assigned_on: str, due_on: str, **more: object) -> TaskFact:
    """A task of the file; `done_on`, `cancelled_on`, `claimed_on` are days as text."""
    days = {name: day(str(value)) for name, value in more.items() if name.endswith("_on")}
    rest = {name: value for name, value in more.items() if not name.endswith("_on")}
    return TaskFact(code, **{"origin": "conclusion", **rest}, assigned_on=day(assigned_on), due_on=day(due_on), **days)  # type: ignore[arg-type]


def file(
    *told: str,
    severity: Severity | None = Severity.SERIOUS,
    kind: Kind = Kind.CASE,
    articles: str = "",
    level: str = "",
    supervised: bool = False,
    first_on: str = "",
    tasks: Sequence[TaskFact] = (),
    accused: Sequence[AccusedFact] = (),
) -> CaseFacts:
    """The file with these events; its first fact is its first event, or `first_on`."""
    events = in_order(event(each, number) for number, each in enumerate(told, start=1))
    first = day(first_on) if first_on else min((each.on for each in events), default=day("2026-01-05"))
    return CaseFacts(
        "VA-1", kind, first, events, severity, articles, level, supervised, 0, tuple(tasks), tuple(accused)
    )


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
