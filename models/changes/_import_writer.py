"""Write the plan of an import, set by set."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from models.base import Base
from models.changes._import_plan import Plan, Row
from models.changes._revision import raise_revisions
from models.queries.workbook import chunks, people
from models.rules.access import Viewer
from models.tables import (
    Accused,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    CoordinationRequest,
    ImportBatch,
    MoneyEntry,
    Person,
    Task,
    TaskAgency,
)

Progress = Callable[[int, int], None]
WRITE_ROWS = 5_000  # rows of one statement


class Writer:
    """Writes one plan, set by set."""

    def __init__(self, session: Session, viewer: Viewer, plan: Plan, now: datetime, progress: Progress | None) -> None:
        self._session, self._viewer, self._plan, self._now = session, viewer, plan, now
        self._progress = progress
        self._done = 0
        self._total = plan.rows_to_write
        self._ids: dict[str, int] = {}
        self._people: dict[str, int | None] = {}
        self.batch_id: int | None = None

    def open_batch(self, file_name: str, sha256: str) -> None:
        """The row that the facts point to."""
        batch = ImportBatch(
            file_name=file_name[:300],
            sha256=sha256,
            counts=self._plan.counts,
            applied_at=self._now,
            applied_by=self._viewer.account_id,
        )
        self._session.add(batch)
        self._session.flush()
        self.batch_id = batch.id

    def write(self) -> None:
        """Retract what is replaced, then write what is new."""
        plan = self._plan
        for table, ids in plan.retracted.items():
            self._retract(table, ids)
        raise_revisions(self._session, plan.touched)
        self._new_people()
        self._new_files()
        self._insert(CommitteeSession, [self._dated(row) for row in plan.sessions])
        self._set_origins()
        self._insert(CaseDetail, [self._fact(row) for row in plan.details])
        self._insert(Accused, [self._fact(row) for row in plan.accused])
        self._insert(CaseEvent, [self._fact(row) for row in self._with_accused(plan.events)])
        self._insert(MoneyEntry, [self._fact(row) for row in plan.entries])
        self._tasks()
        self._insert(CoordinationRequest, [self._fact(row) for row in plan.requests])

    def _new_people(self) -> None:
        self._insert(Person, self._plan.people)
        self._people = {person.display_name.casefold(): person.id for person in people(self._session)}

    def _new_files(self) -> None:
        rows = [{"code": code, "revision": 1, "created_at": self._now} for code in self._plan.new_codes]
        self._insert(Case, rows)
        for part in chunks(self._plan.new_codes):
            found = self._session.execute(select(col(Case.code), col(Case.id)).where(col(Case.code).in_(part)))
            self._ids.update((code.upper(), id) for code, id in found)

    def _set_origins(self) -> None:
        rows = [{"at": self._id(file), "origin": self._id(origin)} for file, origin in self._plan.origins]
        if rows:
            table = _table(Case)
            update = table.update().where(table.c.id == bindparam("at")).values(origin_id=bindparam("origin"))
            self._session.connection().execute(update, rows)

    def _retract(self, table: type[Base], ids: list[int]) -> None:
        columns = _table(table)
        for part in chunks(ids):
            update = columns.update().where(columns.c.id.in_(part))
            self._session.connection().execute(
                update.values(
                    retracted_at=self._now,
                    retracted_by=self._viewer.account_id,
                    retract_reason=f"Replaced by import {self.batch_id}",
                )
            )

    def _tasks(self) -> None:
        plan = self._plan
        rows = []
        for row in plan.tasks:
            kept = {name: value for name, value in row.items() if name != "cooperating"}
            kept["case_id"] = self._id(row["case_id"]) if row["case_id"] is not None else None
            rows.append(self._fact(kept))
        sessions = self._session_ids() if any(isinstance(row["session_id"], tuple) for row in rows) else {}
        for row in rows:
            row["session_id"] = sessions.get(row["session_id"], row["session_id"])
        self._insert(Task, rows)
        helpers = {row["code"]: row["cooperating"] for row in plan.tasks if row["cooperating"]}
        for part in chunks(helpers):
            current = select(col(Task.id), col(Task.code)).where(
                col(Task.code).in_(part), col(Task.retracted_at).is_(None)
            )
            pairs = [
                {"task_id": id, "agency_id": agency}
                for id, code in self._session.execute(current)
                for agency in sorted(helpers[code])
            ]
            self._insert(TaskAgency, pairs)

    def _session_ids(self) -> dict[Any, int]:
        asked = select(CommitteeSession.term, CommitteeSession.kind, CommitteeSession.number, CommitteeSession.id)
        return {(term, kind, number): id for term, kind, number, id in self._session.execute(asked) if id}

    def _with_accused(self, events: list[Row]) -> list[Row]:
        """The events with the ids of the accused they name in place of (file, code)."""
        named = [row for row in events if row["accused_id"] is not None]
        files = {self._id(row["case_id"]) for row in named}
        ids: dict[tuple[int, str], int] = {}
        for part in chunks(sorted(files)):
            asked = select(col(Accused.case_id), col(Accused.code), col(Accused.id)).where(
                col(Accused.case_id).in_(part), col(Accused.retracted_at).is_(None)
            )
            ids.update(((file, code.upper()), id) for file, code, id in self._session.execute(asked))
        for row in named:
            row["accused_id"] = ids[self._id(row["case_id"]), row["accused_id"]]
        return events

    def _id(self, file: int | str) -> int:
        """The id of a file that the plan names by id, or by code if it is new."""
        return self._ids[file] if isinstance(file, str) else file

    def _fact(self, row: Row) -> Row:
        if isinstance(file := row["case_id"], str):
            row["case_id"] = self._ids[file]
        if isinstance(name := row.get("responsible_id"), str):
            row["responsible_id"] = self._people[name]
        row["recorded_at"] = self._now
        row["recorded_by"] = self._viewer.account_id
        row["retract_reason"] = ""
        row["batch_id"] = self.batch_id
        return row

    def _dated(self, row: Row) -> Row:
        row["recorded_at"] = self._now
        return row

    def _insert(self, table: type[Base], rows: list[Row]) -> None:
        connection = self._session.connection()
        for part in chunks(rows, WRITE_ROWS):
            connection.execute(_table(table).insert(), part)
            self._done += len(part)
            if self._progress:
                self._progress(min(self._done, self._total), self._total)


def _table(table: type[Base]) -> Any:
    return table.__table__  # type: ignore[attr-defined]
