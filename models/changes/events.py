"""Events of a file: recorded, replaced by a corrected one, retracted. A fact is never edited."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.changes._fields import WHOLE, Fields, reason_given, shown
from models.changes._opened import Opened, open_file
from models.changes._versions import add, open_fact, recorded, retract
from models.enums import EventKind, Precision
from models.errors import FieldErrors
from models.queries.named import veil
from models.rules.access import Action, Viewer, may
from models.rules.entry import EventEntry
from models.rules.words import words
from models.tables import Accused, CaseEvent

__all__ = ["DECIDED", "EventEntry", "record_event", "replace_event", "retract_event"]

FIELDS = tuple(EventEntry.__dataclass_fields__)
GONE = words("This event does not hold any more: it was corrected or retracted.")
DECIDED = frozenset({EventKind.PLACED_UNDER_SUPERVISION, EventKind.SUPERVISION_ENDED})
KNOWN = words("This event is recorded already: the same day, event, detail and amount. It counts once.")


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
    _leave_to_the_lead(viewer, entry.kind)
    file = open_file(session, viewer, code, revision=revision, now=now)
    event = add_event(file, entry, today=today)
    file.note("event_recorded", after={"event": event.id, **_told(session, event)})
    return event


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
    file, old = open_fact(session, viewer, CaseEvent, event_id, revision=revision, now=now, missing=GONE)
    _leave_to_the_lead(viewer, old.kind, entry.kind)
    before = {"event": old.id, **_told(session, old)}
    seen = veil(session, viewer, [old.detail])  # what he was not shown of it stays
    entry = replace(entry, detail=seen.put_back(entry.detail, old.detail))
    event = add_event(file, entry, today=today, replaces=old, reason=reason)
    file.note(
        "event_replaced",
        before=before,
        after={"event": event.id, **_told(session, event), "reason": old.retract_reason},
    )
    return event


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
    file, old = open_fact(session, viewer, CaseEvent, event_id, revision=revision, now=now, missing=GONE)
    _leave_to_the_lead(viewer, old.kind, field=WHOLE)
    why = reason_given(reason)
    retract(file, old, why)
    file.note("event_retracted", before={"event": old.id, **_told(session, old)}, after={"reason": why})


def _leave_to_the_lead(viewer: Viewer, *kinds: EventKind | str, field: str = "kind") -> None:
    """Placing under supervision and ending it are decided, not recorded. Raises FieldErrors for who may not decide."""
    if DECIDED.intersection(kinds) and not may(viewer, Action.DECIDE):
        said = words("The lead of the secretariat decides on supervision: propose it, in the section Supervision.")
        raise FieldErrors({field: said})


def add_event(
    file: Opened, entry: EventEntry, *, today: date, replaces: CaseEvent | None = None, reason: str = ""
) -> CaseEvent:
    """The event as a new fact of an opened file; what it replaces is retracted. Raises FieldErrors."""
    fields = Fields(CaseEvent)
    values = read_event(fields, entry, today=today)
    values["accused_id"] = _accused(file, fields, str(values.pop("accused")))
    if replaces is None:
        _refuse_known(file, fields, values, 0)
        fields.refuse()
        return add(file.session, CaseEvent(**values, **recorded(file)))
    why = fields.reason(reason)
    _refuse_known(file, fields, values, replaces.id or 0)
    if all(getattr(replaces, name) == value for name, value in values.items()):
        fields.wrong(WHOLE, words("Nothing is different: there is nothing to correct."))
    fields.refuse()
    retract(file, replaces, why)
    return add(file.session, CaseEvent(**values, **recorded(file, replaces)))


def read_event(fields: Fields, entry: EventEntry, *, today: date) -> dict[str, Any]:
    """The columns that `entry` gives; `accused` is still a code."""
    precision = fields.one_of("precision", entry.precision, Precision)
    return {
        "kind": fields.one_of("kind", entry.kind, EventKind),
        "happened_on": fields.past("happened_on", entry.happened_on, today, precision=precision),
        "precision": precision,
        "detail": fields.text("detail", entry.detail),
        "amount_vnd": fields.amount("amount_vnd", entry.amount_vnd),
        "document": fields.line("document", entry.document),
        "body": fields.line("body", entry.body),
        "length": fields.length("length", entry.length),
        "accused": " ".join(entry.accused.split()).upper(),
        "source": fields.text("source", entry.source),
    }


def _accused(file: Opened, fields: Fields, code: str) -> int | None:
    """The accused whom the event names: by the first record of the code, which its corrections share."""
    if not code:
        return None
    asked = (
        select(func.min(Accused.id), func.count(Accused.id).filter(col(Accused.retracted_at).is_(None)))  # type: ignore[arg-type]
        .where(Accused.case_id == file.id, func.upper(Accused.code) == code)
    )  # fmt: skip
    first, current = file.session.exec(asked).one()
    if not current:
        fields.wrong("accused", words("No accused of this file has the code {code}. Add the accused first.", code=code))
    return first


def _refuse_known(file: Opened, fields: Fields, values: dict[str, Any], own: int) -> None:
    """Two events equal in file, day, event, detail and amount are one fact, unless they name different accused."""
    asked = select(CaseEvent.id).where(
        CaseEvent.case_id == file.id, col(CaseEvent.retracted_at).is_(None), col(CaseEvent.id) != own,
        *(
            getattr(CaseEvent, name).is_not_distinct_from(values[name])
            for name in ("kind", "happened_on", "precision", "detail", "amount_vnd", "accused_id")
        ),
    )  # fmt: skip
    if not fields.errors and file.session.exec(asked).first() is not None:
        fields.wrong(WHOLE, KNOWN)


def _told(session: Session, event: CaseEvent) -> dict[str, Any]:
    """The event for the audit row: what it says, the accused by code."""
    accused = session.get(Accused, event.accused_id) if event.accused_id else None
    fact = {name: getattr(event, name) for name in FIELDS if name != "accused"}
    return shown({**fact, "accused": accused.code if accused else ""}, FIELDS)
