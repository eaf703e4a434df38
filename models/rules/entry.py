"""What may be recorded next, what must be filled in, and what to look at twice. Guidance: nothing that really happened
is forbidden.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.enums import EventKind, Precision
from models.rules.clocks import Reader
from models.rules.facts import CaseFacts
from models.rules.words import Words


@dataclass(frozen=True)
class EventEntry:
    """One event as a form gives it, before it is checked. `accused` is a code of the file: BC-01."""

    kind: EventKind
    happened_on: date
    precision: Precision = Precision.DAY
    detail: str = ""
    amount_vnd: int | None = None
    document: str = ""
    body: str = ""
    length: str = ""
    accused: str = ""
    source: str = ""


class NextEvents(NamedTuple):
    """The events a form offers: those that can follow now, most likely first, and all others as proceedings go."""

    likely: tuple[EventKind, ...]
    others: tuple[EventKind, ...]


def next_events(facts: CaseFacts, today: date) -> NextEvents:
    """What can follow in this file now, most likely first; `others` holds every other event: nothing is forbidden."""
    raise NotImplementedError


def defaults(kind: EventKind, facts: CaseFacts, reader: Reader, today: date) -> EventEntry:
    """An entry filled in as it mostly is: today, the body whose move it is, the standard length of an extension."""
    raise NotImplementedError


def warnings_of(facts: CaseFacts, entry: EventEntry, reader: Reader, today: date) -> tuple[Words, ...]:
    """What to look at twice before `entry` is recorded; it may be recorded all the same. Never an exception."""
    raise NotImplementedError


def required_of_event(kind: EventKind) -> tuple[str, ...]:
    """Fields of EventEntry that this event needs to be complete; without them it is recorded and asked for."""
    raise NotImplementedError


def missing_of_event(entry: EventEntry) -> tuple[str, ...]:
    """The required fields that are blank."""
    raise NotImplementedError


def required_of_file(facts: CaseFacts, today: date) -> Iterator[str]:
    """Fields of CaseDetail that a file needs in its present stage."""
    raise NotImplementedError
