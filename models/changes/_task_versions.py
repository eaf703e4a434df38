"""Versions of tasks: the one shown is retracted and replaced, if nobody was faster; codes are counted per year."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, text, update
from sqlmodel import Session, col, select

from models.changes._revision import raise_revisions
from models.changes._secrecy import refuse_words
from models.enums import TaskStepKind
from models.errors import NotFound, StaleTask
from models.queries.tasks import seen
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import Task, TaskAgency, TaskStep

CODE_LOCK = (
    0x11E8  # transaction lock on PostgreSQL: two tasks of one year never get one code; SQLite's writers take turns
)
KEPT = (
    "code", "case_id", "session_id", "item_no", "origin", "content", "lead_agency_id", "responsible_id", "assigned_on",
    "due_on", "claimed_on", "done_on", "cancelled_on", "progress", "evidence",
)  # fmt: skip


def shown(session: Session, viewer: Viewer, versions: Mapping[str, int]) -> list[Task]:
    """The current versions of these tasks (code → version shown), by code.

    Raises NotFound for one that the viewer cannot see, StaleTask naming all that were changed since.
    """
    asked = select(Task).where(col(Task.code).in_(list(versions)), col(Task.retracted_at).is_(None), seen(viewer))
    found = {task.code: task for task in session.exec(asked)}
    for code in versions:
        if code not in found:
            raise NotFound(words("No task has the code {code}.", code=code))
    if stale := sorted(code for code, task in found.items() if task.id != versions[code]):
        raise StaleTask(*stale)
    return [found[code] for code in sorted(found)]


def replace(
    session: Session,
    viewer: Viewer,
    task: Task,
    changes: Mapping[str, Any],
    *,
    reason: str,
    now: datetime,
    cooperating: Iterable[int] | None = None,
) -> Task:
    """The version with `changes` in place of `task`. Raises StaleTask if somebody else has just replaced it."""
    helpers = helpers_of(session, task) if cooperating is None else set(cooperating)
    table = Task.__table__  # type: ignore[attr-defined]
    retired = {"retracted_at": now, "retracted_by": viewer.account_id, "retract_reason": reason}
    still = update(table).where(table.c.id == task.id, table.c.retracted_at.is_(None)).values(**retired)
    if not session.connection().execute(still).rowcount:
        raise StaleTask(task.code)
    kept = {name: getattr(task, name) for name in KEPT}
    session.expire(task)
    new = Task(**{**kept, **changes}, recorded_at=now, recorded_by=viewer.account_id)
    touched = {id for id in (kept["case_id"], new.case_id) if id}
    write(session, new, helpers)
    raise_revisions(session, touched)
    return new


def write(session: Session, task: Task, cooperating: Iterable[int]) -> None:
    """Insert the version with the agencies that cooperate. Raises FieldErrors for a file with a level of secrecy."""
    refuse_words(session, task.case_id, "task", {}, whole="case_code")
    session.add(task)
    session.flush()
    rows = [{"task_id": task.id, "agency_id": agency} for agency in sorted(cooperating)]
    if rows:
        session.connection().execute(insert(TaskAgency), rows)


def helpers_of(session: Session, task: Task) -> set[int]:
    """The agencies that cooperate in this version."""
    return set(session.exec(select(TaskAgency.agency_id).where(TaskAgency.task_id == task.id)))


def next_codes(session: Session, year: int, count: int = 1) -> list[str]:
    """The next free codes of the year, NV-2026-001; numbers once given are never given again."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": CODE_LOCK})
    start = f"NV-{year}-"
    codes = session.exec(select(Task.code).where(col(Task.code).like(f"{start}%")).distinct())
    used = (re.fullmatch(r"\d+", code.removeprefix(start)) for code in codes)
    last = max((int(number[0]) for number in used if number), default=0)
    return [f"{start}{number:03d}" for number in range(last + 1, last + 1 + count)]


def step(
    session: Session, viewer: Viewer, task: Task, kind: TaskStepKind, on: date, *, now: datetime, **said: Any
) -> None:
    """Note what happened to the task on that day."""
    made: dict[str, Any] = {"recorded_at": now, "recorded_by": viewer.account_id, "retract_reason": ""}
    session.add(TaskStep(code=task.code, kind=kind, happened_on=on, **said, **made))
    session.flush()


def last_step(session: Session, code: str, *kinds: TaskStepKind) -> TaskStep | None:
    """The latest step of these kinds that was not taken back."""
    asked = select(TaskStep).where(TaskStep.code == code, col(TaskStep.kind).in_(kinds))
    return session.exec(asked.where(col(TaskStep.retracted_at).is_(None)).order_by(col(TaskStep.id).desc())).first()


def facts(task: Task) -> dict[str, Any]:
    """What a version says, for the audit chain."""
    return {name: getattr(task, name) for name in KEPT if name != "code" and getattr(task, name) not in (None, "")}
