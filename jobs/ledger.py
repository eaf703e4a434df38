"""One slot of a job is run exactly once, by one process, however many are started and whatever is killed.

A job reads first and writes last. While it reads, a thread beats, so that nobody takes the run over; what it writes and
the note that it is done are committed together. A process that dies leaves nothing behind but its claim, which the next
one takes over when the lease is over.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from threading import Event, Thread
from typing import Any, Generic, TypeVar
from uuid import uuid4

from models.changes import runs
from models.db import DBAPIError, OperationalError, Session, engine, read_session, transaction, why_not
from models.errors import DatabaseDown, LiemError
from models.queries.judged import data_version
from models.queries.runs import database_now
from models.rules.access import Viewer
from models.rules.words import Refusal, Words
from models.settings import settings

log = logging.getLogger("liem.jobs")

Plan = TypeVar("Plan")
Clock = Callable[[Session], datetime]
On = Any  # an engine; None: this installation's


@dataclass(frozen=True)
class Result:
    """What a job did, counted, and the parts it could not do: [{subject, reason}, …]."""

    did: dict[str, Any] = field(default_factory=dict)
    failed: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Job(Generic[Plan]):
    """A job, due `at` o'clock in the province, daily or on `weekday` (0 is Monday); `read` finds out, `write` changes.

    `read(session, viewer, today, now)` → plan · `write(session, viewer, plan, today, now)` → Result. Both may be called
    again for the same day and must then come to the same end. A job whose work lies outside the database does it
    between the two: `act(viewer, plan, today, now)` → plan. Then what was read is not read again.
    """

    name: str
    title: Words
    at: time
    read: Callable[[Session, Viewer, date, datetime], Plan]
    write: Callable[[Session, Viewer, Plan, date, datetime], Result]
    act: Callable[[Viewer, Plan, date, datetime], Plan] | None = None
    weekday: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt to run a slot. `ran` is False if the slot was done already or is somebody else's."""

    job: str
    slot: str
    ran: bool
    did: dict[str, Any] = field(default_factory=dict)
    failed: list[dict[str, str]] = field(default_factory=list)
    tries: int = 0


def new_owner() -> str:
    """A name for one run that no other process, thread or machine has."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid4().hex[:12]}"


def run(
    job: Job[Any],
    day: date,
    viewer: Viewer,
    *,
    on: On = None,
    clock: Clock = database_now,
    retry_after: timedelta = timedelta(0),
) -> Outcome:
    """Run the slot `day` of `job` unless it is done or another process is at it; a failed one is tried again.

    Never raises for what goes wrong inside the job: that is logged, kept in the ledger and returned in `failed`.
    Raises Forbidden if the viewer may not run jobs, DatabaseDown if the slot cannot even be claimed.
    """
    on = on or engine()
    owner, slot = new_owner(), day.isoformat()
    tries = _claim(job, slot, viewer, owner, on, clock, retry_after)
    if not tries:
        return Outcome(job.name, slot, ran=False)
    log.info("%s %s: started, try %d", job.name, slot, tries)
    try:
        result = _work(job, day, viewer, owner, on, clock)
    except Exception as error:
        return _failed(job, slot, viewer, owner, on, clock, error, tries)
    log.info("%s %s: done %s", job.name, slot, result.did)
    return Outcome(job.name, slot, ran=True, did=result.did, failed=result.failed, tries=tries)


def rehearse(job: Job[Any], day: date, viewer: Viewer, *, on: On = None, clock: Clock = database_now) -> Result:
    """What the slot would do, without claiming it and without keeping any of it."""
    with read_session(on) as session:
        now = clock(session)
        plan = job.read(session, viewer, day, now)
    with transaction(on) as session:
        result = job.write(session, viewer, plan, day, now)
        session.rollback()
        session.info.pop("changed", None)
    return result


def lease() -> timedelta:
    """How long a run may be silent before another process may take it over."""
    return timedelta(seconds=settings().job_lease_seconds)


def reason(error: BaseException) -> str:
    """What went wrong, in one line that may be shown; anything unforeseen is named by its kind only."""
    if isinstance(error, LiemError | Refusal):
        return " ".join(str(error).split())
    return f"An unforeseen error ({type(error).__name__}); the log of the jobs has the details."


def _claim(job: Job[Any], slot: str, viewer: Viewer, owner: str, on: On, clock: Clock, retry_after: timedelta) -> int:
    """Which try this is; 0 if the slot is done or somebody else's. Raises DatabaseDown."""
    try:
        with transaction(on) as session:
            now = clock(session)
            return runs.claim(
                session, viewer, job.name, slot, owner=owner, now=now, lease=lease(), retry_after=retry_after
            )
    except OperationalError as error:
        raise DatabaseDown(why_not(error)) from error


def _work(job: Job[Any], day: date, viewer: Viewer, owner: str, on: On, clock: Clock) -> Result:
    """Read while beating, then write and finish in one transaction, in which data that changed is read again."""
    with _beating(job.name, day.isoformat(), viewer, owner, on, clock):
        with read_session(on) as session:
            seen, now = data_version(session), clock(session)
            plan = job.read(session, viewer, day, now)
        if job.act:
            plan = job.act(viewer, plan, day, now)
    with transaction(on) as session:
        now = clock(session)
        runs.hold(session, viewer, job.name, day.isoformat(), owner=owner, now=now)
        if job.act is None and data_version(session) != seen:
            plan = job.read(session, viewer, day, now)
        result = job.write(session, viewer, plan, day, now)
        runs.finish(
            session,
            viewer,
            job.name,
            day.isoformat(),
            owner=owner,
            did=result.did,
            failed=result.failed,
            now=clock(session),
        )
    return result


def _failed(
    job: Job[Any], slot: str, viewer: Viewer, owner: str, on: On, clock: Clock, error: Exception, tries: int
) -> Outcome:
    """Note the failure; if even that is impossible, the silent claim is taken over later."""
    why = reason(error)
    log.error("%s %s: failed: %s", job.name, slot, why, exc_info=None if isinstance(error, LiemError) else error)
    try:
        with transaction(on) as session:
            runs.fail(session, viewer, job.name, slot, owner=owner, reason=why, now=clock(session))
    except DBAPIError:
        log.error("%s %s: the failure could not be noted", job.name, slot)
    return Outcome(job.name, slot, ran=True, failed=[{"subject": f"job:{job.name}", "reason": why}], tries=tries)


@contextmanager
def _beating(job: str, slot: str, viewer: Viewer, owner: str, on: On, clock: Clock) -> Iterator[None]:
    """Say three times per lease that the owner is alive, for as long as the block lasts."""
    done = Event()

    def beats() -> None:
        while not done.wait(lease().total_seconds() / 3):
            try:
                with transaction(on) as session:
                    runs.beat(session, viewer, job, slot, owner=owner, now=clock(session))
            except DBAPIError:
                log.warning("%s %s: no beat, the database is busy or away", job, slot)

    thread = Thread(target=beats, name=f"beat-{job}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
