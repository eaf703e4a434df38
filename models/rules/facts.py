"""What the rules know of a file: its class of offence and its dated events, without database."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.enums import EventKind, Kind, Severity

# Two events of one day are taken in the order of proceedings.
ORDER: dict[str, int] = {kind.value: place for place, kind in enumerate(EventKind)}


class Event(NamedTuple):
    """One dated fact. `kind` is an EventKind value; `monthly`: known by month only, `on` is the month's first day."""

    on: date
    kind: str
    monthly: bool = False
    length: str = ""  # what an extension grants, or a request's term: 2m, 20d
    partial: bool = False  # concerns one accused, not the whole case
    id: int = 0


class CaseFacts(NamedTuple):
    """A file as the rules see it; `events` in time order, none after the day of judgement or unknown to it.

    `first_on` is the day of the first fact, the file's own recording if nothing is older.
    """

    code: str
    kind: Kind
    first_on: date
    events: tuple[Event, ...] = ()
    severity: Severity | None = None
    articles: str = ""
    level: str = ""
    supervised: bool = False  # placed under supervision by a date of its own, without an event
    case_id: int = 0


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events by day, and within a day as proceedings go.

    The day of a month-only event is not known: among the events of its month it stands where proceedings put it, after
    the last one that comes before it in a case's course.
    """
    ordered = sorted(events, key=_place)
    if not any(event.monthly for event in ordered):
        return tuple(ordered)
    exact = [event for event in ordered if not event.monthly]
    for event in (event for event in ordered if event.monthly):
        exact.insert(_position(event, exact), event)
    return tuple(exact)


def _place(event: Event) -> tuple[date, int, int]:
    return event.on, ORDER.get(event.kind, 0), event.id


def _position(monthly: Event, others: list[Event]) -> int:
    """Behind everything before its month, and behind what precedes it in proceedings within the month."""
    month = (monthly.on.year, monthly.on.month)
    at = 0
    for index, event in enumerate(others):
        other = (event.on.year, event.on.month)
        if other < month or (other == month and ORDER.get(event.kind, 0) <= ORDER.get(monthly.kind, 0)):
            at = index + 1
    return at
