"""The table of jobs, and the clockwork that starts them. The only file that imports APScheduler.

The clockwork keeps nothing: what ran stands in the ledger. Every few minutes it looks for the latest due run of each
job that is not done (missed, failed, or left by a process that died) and sends the mails that wait; so a machine that
was off, a killed process and a mail server that was down all heal by themselves, without a run or a mail twice.
"""

import logging
import signal
from datetime import time, timedelta
from typing import Any

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jobs import check_audit, check_calendar, digest, drill, flag_stalled, make_backup, review_accounts
from jobs.deliver import WrongMailSetting, deliver
from jobs.ledger import Clock, Job, Outcome, run
from models.clock import PROVINCE, local, now
from models.db import DBAPIError, read_session
from models.errors import BadUsage, DatabaseDown
from models.queries.runs import WEEKDAYS, daily_times, database_now, job_title, latest_due
from models.rules.access import SYSTEM, Viewer
from models.rules.words import words

log = logging.getLogger("liem.jobs")

# the names other programs may use; the table says which of them are there
KNOWN = ("scan", "remind", "digest", "accounts", "quality", "calendar", "backup", "drill", "audit")
WORK: dict[str, tuple[Any, ...]] = {  # read, write, and what lies between
    "accounts": (review_accounts.read, review_accounts.write),
    "scan": (flag_stalled.read, flag_stalled.write),
    "calendar": (check_calendar.read, check_calendar.write),
    "digest": (digest.read, digest.write),
    "backup": (make_backup.read, make_backup.write, make_backup.act),
    "drill": (drill.read, drill.write, drill.act),
    "audit": (check_audit.read, check_audit.write, check_audit.act),
}
WEEK = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
LOOK_EVERY = timedelta(minutes=5)
TRY_FAILED_AGAIN = timedelta(minutes=30)


def jobs() -> tuple[Job[Any], ...]:
    """The jobs of this version in the order of the day."""
    table = sorted(daily_times().items(), key=lambda line: line[1])
    return tuple(_job(name, at) for name, at in table)


def _job(name: str, at: time) -> Job[Any]:
    read, write, *act = WORK[name]
    return Job(name, job_title(name), at, read, write, act=next(iter(act), None), weekday=WEEKDAYS.get(name))


def job_named(name: str) -> Job[Any]:
    """The job `name`. Raises BadUsage for a name that is unknown, or known and not in this version."""
    table = {job.name: job for job in jobs()}
    if name in table:
        return table[name]
    there = ", ".join(table)
    if name in KNOWN:
        raise BadUsage(
            words("The job {name} is not part of this version. This version runs: {there}.", name=name, there=there)
        )
    raise BadUsage(words("There is no job {name}. This version runs: {there}.", name=repr(name), there=there))


def catch_up(viewer: Viewer, *, on: Any = None, clock: Clock = database_now) -> list[Outcome]:
    """Run the latest due slot of every job that is not done, then send the mails that wait."""
    outcomes = []
    for job in jobs():
        with read_session(on) as session:
            day = latest_due(job.at, now=clock(session), weekday=job.weekday)
        outcomes.append(run(job, day, viewer, on=on, clock=clock, retry_after=TRY_FAILED_AGAIN))
    try:
        deliver(viewer, on=on, clock=clock)
    except WrongMailSetting as error:
        log.error("%s", error)
    return outcomes


def look() -> None:
    """One look of the clockwork; a database that is away is tried again at the next one."""
    try:
        catch_up(SYSTEM)
    except (DBAPIError, DatabaseDown):
        log.error("The database is busy or does not answer; the next look is in %s.", LOOK_EVERY)


def scheduler() -> BackgroundScheduler:
    """The clockwork, not yet started: a look at every job's hour, one every few minutes, and one at once."""
    made = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(1)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        timezone=PROVINCE,
    )
    for job in jobs():
        at = CronTrigger(day_of_week=job.weekday, hour=job.at.hour, minute=job.at.minute, timezone=PROVINCE)
        made.add_job(look, at, id=job.name)
    every = IntervalTrigger(seconds=int(LOOK_EVERY.total_seconds()), timezone=PROVINCE)
    made.add_job(look, every, id="look", next_run_time=local(now()))
    return made


def run_forever() -> None:
    """Run the jobs until SIGTERM or Ctrl-C; a run under way is finished first.

    The signals are held back and waited for: a handler could strike while the clockwork holds one of its locks.
    """
    wanted = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    for job in jobs():
        days = "every day" if job.weekday is None else WEEK[job.weekday]
        log.info("%s: %s at %s", job.name, days, job.at.strftime("%H:%M"))
    made = scheduler()
    made.start()
    signal.sigwait(wanted)
    made.shutdown(wait=True)
    log.info("stopped")
