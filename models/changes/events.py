"""Events of a file: recorded, replaced by a corrected one, retracted. A fact is never edited."""

from datetime import date, datetime

from sqlmodel import Session

from models.rules.access import Viewer
from models.rules.entry import EventEntry
from models.tables import CaseEvent

__all__ = ["EventEntry", "record_event", "replace_event", "retract_event"]


def record_event(
    session: Session,
    viewer: Viewer,
    code: str,
    entry: EventEntry,
    *,
    revision: int,
    now: datetime,
    today: date,
) -> CaseEvent:
    """A new event of the file. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors ("" for one known already)."""
    raise NotImplementedError


def replace_event(
    session: Session,
    viewer: Viewer,
    event_id: int,
    entry: EventEntry,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> CaseEvent:
    """A corrected event in place of the one with `event_id`, which is retracted with the reason.

    Raises Forbidden, NotFound (no current event that the viewer may see), StaleCase, FieldErrors.
    """
    raise NotImplementedError


def retract_event(
    session: Session,
    viewer: Viewer,
    event_id: int,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """The event does not hold any more, for the reason given. Raises as `replace_event`."""
    raise NotImplementedError
