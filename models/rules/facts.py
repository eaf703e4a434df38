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
    """Events by day, and within a day as proceedings go."""
    return tuple(sorted(events, key=lambda event: (event.on, ORDER.get(event.kind, 0), event.id)))
