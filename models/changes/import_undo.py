"""Take a whole import back: its facts are retracted, and what it had replaced holds again. Nothing is deleted.

- What was corrected since the import stays as it was corrected: only facts of the import that still hold are retracted.
- A file that the import brought and that has other facts since would vanish with them: then nothing is undone, and the
  files are named.
- Sessions and officials that the import brought stay, as do links from a file to the incident it grew from.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, func, not_, or_, select
from sqlmodel import Session, col

from models.base import Base
from models.changes._audit import record
from models.changes._revision import raise_revisions
from models.changes.imports import take_turns
from models.errors import Forbidden, NotFound
from models.queries._visible import sees
from models.queries.workbook import chunks
from models.rules.access import Action, Viewer, may
from models.rules.words import Refusal, words
from models.tables import (
    Accused,
    Case,
    CaseDetail,
    CaseEvent,
    CoordinationRequest,
    ImportBatch,
    MoneyEntry,
    Task,
    TaskAgency,
    metadata,
)
from models.text import clean

REASON_LENGTH = 500
NAMED = 10  # files that a refusal names

# the tables whose rows carry the number of their import → what two versions of one fact have in common
FACTS: dict[type[Base], tuple[str, ...]] = {
    CaseDetail: ("case_id",),
    Accused: ("case_id", "code"),
    CaseEvent: (),
    MoneyEntry: (),
    Task: ("code",),
    CoordinationRequest: ("code",),
}


class UndoneAlready(Refusal):
    """Somebody took this import back before: nothing is wrong, and nothing is left to do."""


@dataclass(frozen=True)
class Undone:
    """What an undo comes to: facts retracted, facts that hold again, files that are no longer listed."""

    retracted: int
    restored: int
    files: int


def undo_import(session: Session, viewer: Viewer, batch_id: int, *, reason: str, now: datetime) -> Undone:
    """Take import `batch_id` back in the caller's transaction.

    Raises Forbidden, NotFound, UndoneAlready, and Refusal: no reason, or files of the import that have facts since.
    """
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("This account may not record facts."))
    why = clean(reason)
    if not why:
        raise Refusal(words("Say why the import is taken back."))
    if len(why) > REASON_LENGTH:
        raise Refusal(words("The reason has more than {n} characters.", n=REASON_LENGTH))
    take_turns(session)
    batch = _batch(session, batch_id)
    new = _new_files(session, batch)
    _refuse_if_used(session, batch_id, new)
    touched = _files_of(session, batch_id) | _origins_of(session, new)
    kept = {table: list(_replaced(session, table, batch)) for table in FACTS}
    touched |= {row["case_id"] for rows in kept.values() for row in rows if row["case_id"] is not None}
    _refuse_if_hidden(session, viewer, touched)
    retracted = sum(_retract(session, table, batch_id, viewer, why, now) for table in FACTS)
    restored = sum(_restore(session, table, rows, viewer, now) for table, rows in kept.items())
    batch.undone_at, batch.undone_by, batch.undo_reason = now, viewer.account_id, why
    session.add(batch)
    raise_revisions(session, touched)
    undone = Undone(retracted, restored, len(new))
    before, after = {"file": batch.file_name, **batch.counts}, {"reason": why, **vars(undone)}
    record(session, viewer, "import_undone", f"import:{batch_id}", now=now, before=before, after=after)
    return undone


def _batch(session: Session, batch_id: int) -> ImportBatch:
    found = session.get(ImportBatch, batch_id, with_for_update=True)
    if found is None:
        raise NotFound(words("There is no import {number}.", number=str(batch_id)))
    if found.undone_at is not None:
        raise UndoneAlready(words("Import {number} is taken back already.", number=str(batch_id)))
    return found


def _new_files(session: Session, batch: ImportBatch) -> list[int]:
    """The files that this import brought: they were not listed when it came."""
    detail = _table(CaseDetail)
    earlier = detail.alias("earlier")
    held = or_(earlier.c.retracted_at.is_(None), earlier.c.retracted_at >= batch.applied_at)
    known_before = exists().where(earlier.c.case_id == detail.c.case_id, earlier.c.id < detail.c.id, held)
    asked = select(detail.c.case_id).where(detail.c.batch_id == batch.id, not_(known_before))
    return list(session.connection().execute(asked).scalars())


def _refuse_if_used(session: Session, batch_id: int, new: list[int]) -> None:
    """Nothing that was recorded since may vanish with the file it is about."""
    used: set[int] = set()
    for table in _tables_about_files():
        for part in chunks(new):
            asked = select(table.c.case_id).where(table.c.case_id.in_(part), table.c.retracted_at.is_(None))
            if "batch_id" in table.c:
                asked = asked.where(or_(table.c.batch_id.is_(None), table.c.batch_id != batch_id))
            used.update(session.connection().execute(asked).scalars())
    if used:
        raise Refusal(
            words(
                "{n} files of this import have other facts by now: {codes}. Retract those first, or correct the files "
                "by hand. Nothing was taken back.",
                n=len(used),
                codes=", ".join(_codes(session, used)),
            )
        )


def _refuse_if_hidden(session: Session, viewer: Viewer, files: set[int]) -> None:
    """Who does not see all files of an import takes none of them back."""
    for part in chunks(files):
        asked = select(func.count()).select_from(Case).where(col(Case.id).in_(part), sees(viewer))
        if session.connection().execute(asked).scalar_one() < len(part):
            raise Forbidden(words("This import holds facts that are not open to you: the lead can take it back."))


def _tables_about_files() -> list[Table]:
    """Every table of facts about files."""
    return [table for table in metadata.sorted_tables if {"case_id", "retracted_at"} <= set(table.c.keys())]


def _codes(session: Session, ids: Iterable[int]) -> Iterator[str]:
    found = sorted(ids)
    table = _table(Case)
    yield from (
        session.connection()
        .execute(select(table.c.code).where(table.c.id.in_(found[:NAMED])).order_by(table.c.code))
        .scalars()
    )
    if len(found) > NAMED:
        yield "…"


def _files_of(session: Session, batch_id: int) -> set[int]:
    touched: set[int] = set()
    for model in FACTS:
        table = _table(model)
        asked = select(table.c.case_id).where(table.c.batch_id == batch_id, table.c.case_id.is_not(None)).distinct()
        touched.update(session.connection().execute(asked).scalars())
    return touched


def _origins_of(session: Session, new: list[int]) -> set[int]:
    """The incidents that the files had grown from: they are judged by themselves again."""
    table = _table(Case)
    found: set[int] = set()
    for part in chunks(new):
        asked = select(table.c.origin_id).where(table.c.id.in_(part), table.c.origin_id.is_not(None))
        found.update(session.connection().execute(asked).scalars())
    return found


def _replaced(session: Session, model: type[Base], batch: ImportBatch) -> Iterator[dict[str, Any]]:
    """What the import had retracted and nobody has replaced since, to be recorded again."""
    table, now = _table(model), _table(model).alias("now")
    asked = table.select().where(
        table.c.retracted_at == batch.applied_at, table.c.retract_reason == f"Replaced by import {batch.id}"
    )
    if key := FACTS[model]:
        asked = asked.where(exists().where(_holds_of(now, batch), *(now.c[name] == table.c[name] for name in key)))
    undone = _undone_batches(session)
    for row in session.connection().execute(asked).all():
        if row.batch_id not in undone:
            yield dict(row._mapping)
        elif key and (older := _older(session, table, key, row, undone)):
            yield dict(older._mapping)


def _undone_batches(session: Session) -> set[int]:
    table = _table(ImportBatch)
    return set(session.connection().execute(select(table.c.id).where(table.c.undone_at.is_not(None))).scalars())


def _older(session: Session, table: Any, key: tuple[str, ...], row: Any, undone: set[int]) -> Any:
    """The version before `row` that no import taken back has brought."""
    same = [table.c[name] == getattr(row, name) for name in key]
    brought = or_(table.c.batch_id.is_(None), table.c.batch_id.not_in(undone))
    asked = table.select().where(*same, table.c.id < row.id, brought).order_by(table.c.id.desc()).limit(1)
    return session.connection().execute(asked).first()


def _holds_of(table: Any, batch: ImportBatch) -> ColumnElement[bool]:
    return and_(table.c.batch_id == batch.id, table.c.retracted_at.is_(None))


def _retract(session: Session, model: type[Base], batch_id: int, viewer: Viewer, why: str, now: datetime) -> int:
    table = _table(model)
    done = session.connection().execute(
        table.update()
        .where(table.c.batch_id == batch_id, table.c.retracted_at.is_(None))
        .values(retracted_at=now, retracted_by=viewer.account_id, retract_reason=why)
    )
    return done.rowcount


def _restore(session: Session, model: type[Base], rows: list[dict[str, Any]], viewer: Viewer, now: datetime) -> int:
    """Record the rows again, as they were, known from now on."""
    table = _table(model)
    fresh = {"recorded_at": now, "recorded_by": viewer.account_id, "retracted_at": None, "retracted_by": None}
    for part in chunks(rows):
        copies = [{**row, **fresh, "retract_reason": ""} for row in part]
        for copy in copies:
            del copy["id"]
        session.connection().execute(table.insert(), copies)
    if model is Task and rows:
        _restore_helpers(session, {row["code"]: row["id"] for row in rows})
    return len(rows)


def _restore_helpers(session: Session, before: dict[str, int]) -> None:
    """The agencies that cooperate in a task belong to its version."""
    task, helper = _table(Task), _table(TaskAgency)
    for part in chunks(before):
        old = {before[code]: code for code in part}
        asked = select(task.c.code, task.c.id).where(task.c.code.in_(part), task.c.retracted_at.is_(None))
        new = {row.code: row.id for row in session.connection().execute(asked)}
        pairs = session.connection().execute(select(helper).where(helper.c.task_id.in_(old)))
        rows = [{"task_id": new[old[task_id]], "agency_id": agency} for task_id, agency in pairs]
        if rows:
            session.connection().execute(helper.insert(), rows)


def _table(model: type[Base]) -> Any:
    return model.__table__  # type: ignore[attr-defined]
