"""What ran by itself and what did not; which mails wait; when each daily job is due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import func, text, type_coerce
from sqlmodel import Session, col, select

from models import clock
from models.enums import RunState
from models.errors import Forbidden
from models.queries._visible import hides_some
from models.rules.access import Action, Viewer, may
from models.rules.words import Words, words
from models.settings import settings
from models.tables import AuditEntry, JobRun, OutboxMail

GRACE = timedelta(minutes=15)  # a run that is due only just now is not missing yet

CLOCK_STEP = timedelta(minutes=10)  # a clock that goes back further than that
LOOKED_BACK = 1000  # rows of the audit chain

WEEKDAYS = {"drill": 6}  # jobs of one day of the week, Sunday; the others run every day
UNSET = ("backup", "drill")  # have nothing to do while LIEM_BACKUP_DIR is unset, which the overview says by itself

TITLES = {
    "scan": words("Morning scan"),
    "remind": words("Reminders"),
    "digest": words("Daily digest"),
    "accounts": words("Review of accounts"),
    "quality": words("Data quality"),
    "calendar": words("Calendar check"),
    "backup": words("Backup"),
    "drill": words("Restore drill"),
    "audit": words("Audit chain check"),
}


class Trouble(StrEnum):
    """What is wrong with the latest due run of a job."""

    MISSING = "missing"  # nobody started it
    SILENT = "silent"  # somebody started it and gives no sign of life
    FAILED = "failed"  # it ended with an error, and wrote nothing
    PARTIAL = "partial"  # it ended, and could not do a part


@dataclass(frozen=True)
class RunProblem:
    """A job whose latest due run is missing, silent, failed or partial; `due_at` is when it should have run."""

    job: str
    slot: str
    trouble: Trouble
    due_at: datetime
    sentence: Words


@dataclass(frozen=True)
class RunRow:
    """One slot of a job as the page Runs shows it; `failed` names what could not be done and why.

    A viewer from whom some file is hidden is told how many there are, not which, and counts only of what was done.
    """

    job: str
    title: Words
    slot: str
    state: RunState
    tries: int
    started_at: datetime
    finished_at: datetime | None
    beat: datetime
    owner: str
    did: dict[str, Any]
    failed: list[dict[str, str]]


@dataclass(frozen=True)
class MailRow:
    """A mail of the outbox. `subject` and `body` are None for a viewer from whom some file is hidden."""

    id: int
    job: str
    slot: str
    recipient: str
    subject: str | None
    body: str | None
    created_at: datetime
    tries: int
    tried_at: datetime | None
    last_error: str
    sent_at: datetime | None


class ClockStep(NamedTuple):
    """The machine's clock went back: from about this instant to about that one."""

    before: datetime
    after: datetime


def daily_times() -> dict[str, time]:
    """The jobs of this version and when they are due on their days, on the province's clock."""
    chosen = settings()
    return {
        "backup": time(chosen.backup_hour),
        "drill": time(chosen.backup_hour + 1),
        "audit": time(chosen.audit_hour),
        "scan": time(chosen.scan_hour, chosen.scan_minute),
        "calendar": time(chosen.calendar_hour),
        "digest": time(chosen.digest_hour),
        "accounts": time(chosen.accounts_hour),
    }


def latest_due(at: time, *, now: datetime, weekday: int | None = None) -> date:
    """The latest day of the province whose `at` o'clock lies at or before `now`; the latest such `weekday` if given."""
    here = clock.local(now)
    day = here.date() if here.time() >= at else here.date() - timedelta(days=1)
    return day if weekday is None else day - timedelta(days=(day.weekday() - weekday) % 7)


def due_at(at: time, day: date) -> datetime:
    """The instant of `at` o'clock on `day` in the province."""
    return datetime.combine(day, at, tzinfo=clock.PROVINCE).astimezone(UTC)


def job_title(job: str) -> Words:
    """The name of a job for people."""
    return TITLES.get(job, words("Job {name}", name=job))


def database_now(session: Session) -> datetime:
    """This instant by the clock all owners of job runs share: the server's, or for a SQLite file this machine's."""
    if session.get_bind().dialect.name == "postgresql":
        at: datetime = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
        return at.astimezone(UTC)
    return clock.now()


def last_runs(session: Session, viewer: Viewer, *, job: str | None = None, limit: int = 50) -> list[RunRow]:
    """The latest runs, newest first. Raises Forbidden."""
    _may_read(viewer)
    query = select(JobRun).order_by(col(JobRun.started_at).desc(), col(JobRun.job)).limit(limit)
    if job:
        query = query.where(JobRun.job == job)
    names = not hides_some(session, viewer)
    return [_run_row(run, names) for run in session.exec(query)]


def run_of(session: Session, viewer: Viewer, job: str, slot: str) -> RunRow | None:
    """One slot of a job, or None if nobody ever started it. Raises Forbidden."""
    _may_read(viewer)
    run = session.get(JobRun, (job, slot))
    return _run_row(run, not hides_some(session, viewer)) if run else None


def missing_or_failed(session: Session, *, now: datetime) -> list[RunProblem]:
    """The jobs whose latest due run did not end well, in the order of the schedule.

    Takes no viewer: that the watch did not keep watch is for everybody to see, and it says nothing about any file.
    What the look at the audit chain found is not for everybody: see `models.queries.audit_log.broken_chain`.
    """
    idle = () if settings().backup_dir else UNSET
    found = (_problem(session, job, at, now) for job, at in daily_times().items() if job not in idle)
    return [problem for problem in found if problem and (problem.job, problem.trouble) != ("audit", Trouble.PARTIAL)]


def outbox(
    session: Session, viewer: Viewer, *, unsent_only: bool = False, job: str | None = None, limit: int = 50
) -> list[MailRow]:
    """Mails, newest first; what case content says is left out for a viewer who may not read it. Raises Forbidden."""
    _may_read(viewer)
    query = select(OutboxMail).order_by(col(OutboxMail.id).desc()).limit(limit)
    if unsent_only:
        query = query.where(col(OutboxMail.sent_at).is_(None))
    if job:
        query = query.where(OutboxMail.job == job)
    reads = not hides_some(session, viewer)
    return [_mail_row(mail, reads) for mail in session.exec(query)]


def unsent_mails(session: Session, viewer: Viewer) -> list[MailRow]:
    """Every mail that has not left, oldest first. Raises Forbidden."""
    _may_read(viewer)
    query = select(OutboxMail).where(col(OutboxMail.sent_at).is_(None)).order_by(col(OutboxMail.id))
    reads = not hides_some(session, viewer)
    return [_mail_row(mail, reads) for mail in session.exec(query)]


def clock_step(session: Session, viewer: Viewer) -> ClockStep | None:
    """The last time the machine's clock went back, as the audit chain tells it: a row dated well before the row before.

    What is done in one go carries the time of its beginning, so minutes prove nothing. Raises Forbidden.
    """
    _may_read(viewer)
    at = AuditEntry.__table__.c.at  # type: ignore[attr-defined]
    before = type_coerce(func.lag(at).over(order_by=col(AuditEntry.id)), at.type).label("before")
    last = select(func.max(AuditEntry.id)).scalar_subquery()
    rows = select(AuditEntry.id, AuditEntry.at, before).where(col(AuditEntry.id) > last - LOOKED_BACK).subquery()
    for after, earlier in session.exec(select(rows.c.at, rows.c.before).order_by(rows.c.id.desc())):
        if earlier is not None and after < earlier - CLOCK_STEP:
            return ClockStep(earlier, after)
    return None


def _may_read(viewer: Viewer) -> None:
    if not may(viewer, Action.READ_RUNS):
        raise Forbidden(words("Only the secretariat and administrators may see the runs and the outbox."))


def _problem(session: Session, job: str, at: time, now: datetime) -> RunProblem | None:
    weekday = WEEKDAYS.get(job)
    newest = session.get(JobRun, (job, latest_due(at, now=now, weekday=weekday).isoformat()))
    if newest and newest.state is RunState.DONE and not newest.failed:
        return None  # a run that is done makes up for the day before
    day = latest_due(at, now=now - GRACE, weekday=weekday)
    run = session.get(JobRun, (job, day.isoformat()))
    trouble = _trouble(run, now)
    if trouble is None:
        return None
    return RunProblem(job, day.isoformat(), trouble, due_at(at, day), _sentence(trouble, job, day))


def _trouble(run: JobRun | None, now: datetime) -> Trouble | None:
    if run is None:
        return Trouble.MISSING
    if run.state is RunState.FAILED:
        return Trouble.FAILED
    if run.state is RunState.RUNNING:
        return Trouble.SILENT if run.beat < now - timedelta(seconds=settings().job_lease_seconds) else None
    return Trouble.PARTIAL if run.failed else None


def _sentence(trouble: Trouble, job: str, day: date) -> Words:
    title = job_title(job)
    match trouble:
        case Trouble.MISSING:
            return words("{job} of {day} did not run.", job=title, day=day)
        case Trouble.SILENT:
            return words("{job} of {day} was started and gives no sign of life.", job=title, day=day)
        case Trouble.FAILED:
            return words("{job} of {day} failed.", job=title, day=day)
        case Trouble.PARTIAL:
            return words("{job} of {day} ran, but could not do everything.", job=title, day=day)


def _run_row(run: JobRun, names: bool) -> RunRow:
    return RunRow(
        job=run.job,
        title=job_title(run.job),
        slot=run.slot,
        state=run.state,
        tries=run.tries,
        started_at=run.started_at,
        finished_at=run.finished_at,
        beat=run.beat,
        owner=run.owner,
        did=dict(run.did) if names else {key: n for key, value in run.did.items() if (n := _count(value)) is not None},
        failed=list(run.failed) if names else [{} for _ in run.failed],
    )


def _count(value: Any) -> int | None:
    """How many, for who is not told which."""
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, int) else None


def _mail_row(mail: OutboxMail, reads: bool) -> MailRow:
    assert mail.id is not None
    return MailRow(
        id=mail.id,
        job=mail.job,
        slot=mail.slot,
        recipient=mail.recipient,
        subject=mail.subject if reads else None,
        body=mail.body if reads else None,
        created_at=mail.created_at,
        tries=mail.tries,
        tried_at=mail.tried_at,
        last_error=mail.last_error,
        sent_at=mail.sent_at,
    )
