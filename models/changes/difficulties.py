"""Difficulties of a file and proposals made because of them, until they are settled."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.changes._agency_names import AgencyNames
from models.changes._fields import NEEDED, WHOLE, Fields, reason_given, shown
from models.changes._opened import Opened, open_file
from models.changes._versions import add, open_fact, recorded, retract
from models.enums import DifficultyKind
from models.queries.workbook import agencies
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import Agency, Difficulty


@dataclass(frozen=True)
class DifficultyEntry:
    """One difficulty or proposal as a form gives it. `addressed_to`: the agency that is to answer, as written.

    `addressed_to_id` None with `addressed_to` given: the agency is found by its name, as in an import.
    """

    kind: DifficultyKind
    text: str
    raised_on: date
    raised_by: str = ""
    addressed_to: str = ""
    addressed_to_id: int | None = None
    answer: str = ""
    settled_on: date | None = None


FIELDS = tuple(DifficultyEntry.__dataclass_fields__)
GONE = words("This difficulty does not hold any more: it was corrected or retracted.")
KNOWN = words("This difficulty is recorded already: the same day and text.")
SETTLED = "Đã giải quyết"  # kept with the version before the answer, as an official would write it


def record_difficulty(
    session: Session, viewer: Viewer, code: str, entry: DifficultyEntry, *, revision: int, now: datetime, today: date
) -> Difficulty:
    """A new difficulty of the file.

    Raises Forbidden, CaseNotFound, StaleCase, FieldErrors ("" for one known already).
    """
    file = open_file(session, viewer, code, revision=revision, now=now)
    fields = Fields(Difficulty)
    values = _read(file, fields, entry, today=today)
    _refuse_known(file, fields, values, 0)
    fields.refuse()
    new = add(session, Difficulty(**values, **recorded(file)))
    file.note("difficulty_recorded", after={"difficulty": new.id, **shown(values, FIELDS)})
    return new


def replace_difficulty(
    session: Session,
    viewer: Viewer,
    difficulty_id: int,
    entry: DifficultyEntry,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> Difficulty:
    """A corrected or answered difficulty in place of the one with this id.

    Raises Forbidden, NotFound, StaleCase, FieldErrors.
    """
    file, old = open_fact(session, viewer, Difficulty, difficulty_id, revision=revision, now=now, missing=GONE)
    fields = Fields(Difficulty)
    why = fields.reason(reason)
    return _replace(file, old, fields, entry, why, "difficulty_replaced", today=today)


def settle_difficulty(
    session: Session,
    viewer: Viewer,
    difficulty_id: int,
    *,
    answer: str,
    settled_on: date,
    revision: int,
    now: datetime,
    today: date,
) -> Difficulty:
    """The difficulty with its answer, settled on this day. Raises as `replace_difficulty`."""
    file, old = open_fact(session, viewer, Difficulty, difficulty_id, revision=revision, now=now, missing=GONE)
    fields = Fields(Difficulty)
    if not answer.strip():
        fields.wrong("answer", NEEDED)
    kept = {name: getattr(old, name) for name in FIELDS}
    entry = DifficultyEntry(**{**kept, "answer": answer, "settled_on": settled_on})
    return _replace(file, old, fields, entry, SETTLED, "difficulty_settled", today=today)


def retract_difficulty(
    session: Session,
    viewer: Viewer,
    difficulty_id: int,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """The difficulty was recorded by mistake. Raises as `replace_difficulty`."""
    file, old = open_fact(session, viewer, Difficulty, difficulty_id, revision=revision, now=now, missing=GONE)
    why = reason_given(reason)
    retract(file, old, why)
    file.note("difficulty_retracted", before={"difficulty": old.id, **shown(old, FIELDS)}, after={"reason": why})


def _replace(
    file: Opened, old: Difficulty, fields: Fields, entry: DifficultyEntry, why: str, action: str, *, today: date
) -> Difficulty:
    values = _read(file, fields, entry, today=today)
    _refuse_known(file, fields, values, old.id or 0)
    if all(getattr(old, name) == value for name, value in values.items()):
        fields.wrong(WHOLE, words("Nothing is different: there is nothing to correct."))
    fields.refuse()
    retract(file, old, why)
    new = add(file.session, Difficulty(**values, **recorded(file, old)))
    before = {"difficulty": old.id, **shown(old, FIELDS)}
    file.note(action, before=before, after={"difficulty": new.id, **shown(values, FIELDS), "reason": why})
    return new


def _read(file: Opened, fields: Fields, entry: DifficultyEntry, *, today: date) -> dict[str, Any]:
    agency, written = entry.addressed_to_id, fields.line("addressed_to", entry.addressed_to)
    if agency is not None and file.session.get(Agency, agency) is None:
        fields.wrong("addressed_to_id", words("Choose one of the list."))
    if agency is None and written:
        agency = AgencyNames(agencies(file.session), on=today).find(written)
    raised_on = fields.past("raised_on", entry.raised_on, today)
    settled_on = None if entry.settled_on is None else fields.past("settled_on", entry.settled_on, today)
    if settled_on and settled_on < raised_on:
        fields.wrong("settled_on", words("It cannot be settled before it was raised on {day}.", day=raised_on))
    return {
        "kind": fields.one_of("kind", entry.kind, DifficultyKind),
        "text": fields.text("text", entry.text, needed=True),
        "raised_on": raised_on,
        "raised_by": fields.line("raised_by", entry.raised_by),
        "addressed_to": written,
        "addressed_to_id": agency,
        "answer": fields.text("answer", entry.answer),
        "settled_on": settled_on,
    }


def _refuse_known(file: Opened, fields: Fields, values: dict[str, Any], own: int) -> None:
    asked = select(Difficulty.id).where(
        Difficulty.case_id == file.id, col(Difficulty.retracted_at).is_(None), col(Difficulty.id) != own,
        *(getattr(Difficulty, name) == values[name] for name in ("kind", "text", "raised_on")),
    )  # fmt: skip
    if not fields.errors and file.session.exec(asked).first() is not None:
        fields.wrong(WHOLE, KNOWN)
