"""The level of a file: given, changed, lifted. Words that it already has are taken out by a confirmed step only."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.base import Base
from models.changes._fields import Fields
from models.changes._opened import Opened, open_file
from models.changes._versions import add, recorded, retract
from models.changes.form_drafts import forget_about
from models.enums import Secrecy
from models.errors import Forbidden
from models.queries._visible import sees
from models.queries.workbook import DETAIL_FIELDS, EVENT_FIELDS
from models.rules.access import Action, Viewer, may
from models.rules.secrecy import blanked, faults
from models.rules.words import words
from models.tables import (
    Accused,
    Attachment,
    Case,
    CaseDetail,
    CaseEvent,
    CoordinationRequest,
    Difficulty,
    FileSecrecy,
    MoneyEntry,
    SupervisionProposal,
    Task,
)

ABOUT_FILES: tuple[type[Base], ...] = (
    CaseDetail, CaseEvent, Accused, MoneyEntry, Difficulty, Task, CoordinationRequest, SupervisionProposal, Attachment,
)  # fmt: skip
KEPT: dict[type[Base], tuple[str, ...]] = {CaseDetail: DETAIL_FIELDS, CaseEvent: EVENT_FIELDS}
TAKEN_OUT = "Bỏ nội dung do hồ sơ có mức mật"


@dataclass(frozen=True)
class LevelEntry:
    """A level as a form gives it: the paper that decides it, its day, and who keeps the file."""

    level: Secrecy
    document: str
    decided_on: date
    holder: str


def words_in(session: Session, viewer: Viewer, code: str) -> dict[str, int]:
    """What a file has that may not stay once it has a level: kind of record (the table's name) → how many."""
    if not may(viewer, Action.DECIDE):
        return {}
    case_id = session.exec(select(Case.id).where(Case.code == code, sees(viewer))).first()
    return dict(Counter(str(row.__tablename__) for row in _offending(session, case_id))) if case_id else {}


def set_level(
    session: Session,
    viewer: Viewer,
    code: str,
    entry: LevelEntry,
    *,
    confirmed: bool = False,
    revision: int | None,
    now: datetime,
    today: date,
) -> None:
    """The file has this level from now on ("none": no level any more).

    Records with words or content are refused at `confirmed`, unless it is set: then each is retracted, and a
    description or event is kept without its words. What anybody has begun to write about the file and not saved is
    forgotten in any case. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors.
    """
    if not may(viewer, Action.DECIDE):
        raise Forbidden(words("Only the lead of the secretariat decides."))
    file = open_file(session, viewer, code, revision=revision, now=now)
    fields = Fields(FileSecrecy)
    secret = entry.level is not Secrecy.NONE
    values = {
        "level": fields.one_of("level", entry.level, Secrecy),
        "document": fields.line("document", entry.document, needed=True),
        "decided_on": fields.past("decided_on", entry.decided_on, today),
        "holder": fields.line("holder", entry.holder, needed=secret),
    }
    if not viewer.is_cleared(entry.level):
        fields.wrong("level", words("Your own clearance does not reach this level."))
    offending = list(_offending(session, file.id)) if secret else []
    if offending and not confirmed:
        fields.wrong("confirmed", words("{n} records have words or content that must be taken out.", n=len(offending)))
    fields.refuse()
    before = _current(file)
    if before:
        retract(file, before, values["document"])
    for row in offending:
        _take_out(file, row)
    if secret:
        add(session, FileSecrecy(**values, **recorded(file)))
    drafts = _forget_drafts(file) if secret else 0
    told = {
        **values,
        "drafts_forgotten": drafts,
        "taken_out": dict(Counter(str(row.__tablename__) for row in offending)),
    }
    file.note("level_set", before={"level": before.level, "document": before.document} if before else None, after=told)


def _forget_drafts(file: Opened) -> int:
    """What anybody has typed about the file and not saved, in a form of the file, of a task or of a request."""
    own = (("task", Task), ("request", CoordinationRequest))
    others = {
        f"{kind}:{code}"
        for kind, table in own
        for code in file.session.exec(select(table.code).where(col(table.case_id) == file.id))
    }
    return forget_about(file.session, file.viewer, file.code, others)


def _current(file: Opened) -> FileSecrecy | None:
    asked = select(FileSecrecy).where(FileSecrecy.case_id == file.id, col(FileSecrecy.retracted_at).is_(None))
    return file.session.exec(asked).first()


def _offending(session: Session, case_id: int) -> Iterator[Any]:
    for table in ABOUT_FILES:
        columns: Any = table
        asked = select(table).where(columns.case_id == case_id, col(columns.retracted_at).is_(None))
        for row in session.exec(asked.order_by(col(columns.id))).all():
            if faults(Secrecy.CONFIDENTIAL, str(table.__tablename__), row.model_dump()):
                yield row


def _take_out(file: Opened, row: Any) -> None:
    """The record does not hold any more; a description or event holds on without its words."""
    kept = KEPT.get(type(row))
    values = blanked(str(row.__tablename__), {name: getattr(row, name) for name in kept}) if kept else {}
    retract(file, row, TAKEN_OUT)
    if kept:
        replaces = row if isinstance(row, CaseEvent) else None
        add(file.session, type(row)(**(values | recorded(file, replaces))))
