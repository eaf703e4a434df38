"""The ledger of job runs: one slot of a job is run once, by one owner, whatever is started or killed.

A slot is claimed by inserting its row; an owner that stopped beating is taken over; a run that failed may be tried
again. The owner's own writes and `finish` belong in one transaction that starts with `hold`.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col

from models.changes._audit import record
from models.changes._once import insert_or_ignore
from models.enums import RunState
from models.errors import Forbidden, LiemError
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import JobRun


class LostRun(LiemError):
    """Another process has taken this run over; what this one would write is not wanted any more."""


def claim(
    session: Session,
    viewer: Viewer,
    job: str,
    slot: str,
    *,
    owner: str,
    now: datetime,
    lease: timedelta,
    retry_after: timedelta = timedelta(0),
) -> int:
    """Make `owner` the one who runs this slot: which try it is (1, 2 …), or 0 if the slot is done or somebody else's.

    Taken over: a run whose owner has not beaten for `lease`, and one that failed at least `retry_after` ago.
    Raises Forbidden.
    """
    _may_run(viewer)
    new = {"job": job, "slot": slot, "owner": owner, "state": RunState.RUNNING, "beat": now, "tries": 1}
    insert = insert_or_ignore(session, JobRun).values(**new, started_at=now, did={}, failed=[])
    if session.connection().execute(insert.returning(col(JobRun.tries))).first():
        return 1
    dead = and_(col(JobRun.state) == RunState.RUNNING, col(JobRun.beat) < now - lease)
    broken = and_(col(JobRun.state) == RunState.FAILED, col(JobRun.finished_at) <= now - retry_after)
    mine = {"owner": owner, "state": RunState.RUNNING, "beat": now, "finished_at": None}
    taken = session.connection().execute(
        update(JobRun)
        .where(col(JobRun.job) == job, col(JobRun.slot) == slot, or_(dead, broken))
        .values(**mine, tries=col(JobRun.tries) + 1)
        .returning(col(JobRun.tries))
    )
    return taken.scalar_one_or_none() or 0


def beat(session: Session, viewer: Viewer, job: str, slot: str, *, owner: str, now: datetime) -> bool:
    """Say that `owner` still works on the slot; False if it is no longer the owner's. Raises Forbidden."""
    _may_run(viewer)
    return _change_own(session, job, slot, owner, beat=now)


def hold(session: Session, viewer: Viewer, job: str, slot: str, *, owner: str, now: datetime) -> None:
    """Keep the slot until this transaction ends: nobody can take it over meanwhile. Raises LostRun, Forbidden."""
    if not beat(session, viewer, job, slot, owner=owner, now=now):
        raise LostRun(words("The run {job} {slot} was taken over by another process.", job=job, slot=slot))


def finish(
    session: Session,
    viewer: Viewer,
    job: str,
    slot: str,
    *,
    owner: str,
    did: dict[str, Any],
    failed: list[dict[str, str]],
    now: datetime,
) -> None:
    """The run is done: what it did, and the parts it could not do. Raises LostRun, Forbidden."""
    _may_run(viewer)
    outcome = {"did": did, "failed": failed, "finished_at": now, "beat": now}
    if not _change_own(session, job, slot, owner, state=RunState.DONE, **outcome):
        raise LostRun(words("The run {job} {slot} was taken over by another process.", job=job, slot=slot))
    _record(session, viewer, "job.done", job, slot, {"did": did, "failed": failed}, now)


def fail(session: Session, viewer: Viewer, job: str, slot: str, *, owner: str, reason: str, now: datetime) -> bool:
    """The run ended with an error and wrote nothing; False if it is no longer the owner's. Raises Forbidden."""
    _may_run(viewer)
    failed = [{"subject": f"job:{job}", "reason": reason}]
    outcome = {"did": {}, "failed": failed, "finished_at": now, "beat": now}
    if not _change_own(session, job, slot, owner, state=RunState.FAILED, **outcome):
        return False
    _record(session, viewer, "job.failed", job, slot, {"failed": failed}, now)
    return True


def _may_run(viewer: Viewer) -> None:
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only the secretariat may run jobs."))


def _change_own(session: Session, job: str, slot: str, owner: str, **values: Any) -> bool:
    changed = session.connection().execute(update(JobRun).where(*_own(job, slot, owner)).values(**values))
    return bool(changed.rowcount)


def _own(job: str, slot: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    return (
        col(JobRun.job) == job,
        col(JobRun.slot) == slot,
        col(JobRun.owner) == owner,
        col(JobRun.state) == RunState.RUNNING,
    )


def _record(
    session: Session, viewer: Viewer, action: str, job: str, slot: str, after: dict[str, Any], now: datetime
) -> None:
    """Append the audit row. That a run ended changes no figure, so it does not raise the data version by itself."""
    changed = session.info.get("changed", False)
    record(session, viewer, action, f"job:{job}:{slot}", now=now, after=after)
    session.info["changed"] = changed
