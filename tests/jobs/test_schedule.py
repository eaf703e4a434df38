"""The clockwork: what it starts when, and that it heals what was missed."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from apscheduler.jobstores.memory import MemoryJobStore
from sqlmodel import select

from jobs.ledger import Outcome, lease
from jobs.schedule import KNOWN, TRY_FAILED_AGAIN, catch_up, job_named, jobs, scheduler
from models.changes import runs
from models.clock import PROVINCE
from models.db import read_session, transaction
from models.enums import RunState
from models.errors import BadUsage
from models.queries.runs import missing_or_failed
from models.rules.access import SYSTEM
from models.settings import ROOT, settings
from models.tables import JobRun, OutboxMail
from tests import make

MORNING = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)  # 08:00 in the province: both jobs are due
SECOND = timedelta(seconds=1)


def at(moment):
    return lambda session: moment


def slots(engine) -> list[tuple[str, str, RunState, int]]:
    with read_session(engine) as session:
        found = session.exec(select(JobRun)).all()
    return sorted((run.job, run.slot, run.state, run.tries) for run in found)


def scan_of(outcomes) -> Outcome:
    return next(outcome for outcome in outcomes if outcome.job == "scan")


def test_this_version_backs_up_looks_at_the_chain_and_the_calendar_scans_writes_the_digest_and_reviews_accounts():
    assert [(job.name, job.at) for job in jobs()] == [
        ("backup", time(1)),
        ("drill", time(2)),
        ("audit", time(4)),
        ("scan", time(5, 30)),
        ("calendar", time(6)),
        ("digest", time(7)),
        ("accounts", time(8)),
    ]
    assert {job.name for job in jobs()} <= set(KNOWN)


@pytest.mark.parametrize("name", sorted(set(KNOWN) - {job.name for job in jobs()}))
def test_a_known_job_that_is_not_there_yet_is_said_in_one_line(name):
    there = ", ".join(job.name for job in jobs())
    with pytest.raises(BadUsage, match=f"The job {name} is not part of this version. This version runs: {there}."):
        job_named(name)


def test_an_unknown_job_is_refused():
    with pytest.raises(BadUsage, match="There is no job 'scna'"):
        job_named("scna")


def test_a_look_runs_what_is_due_once(lawful):
    first = catch_up(SYSTEM, on=lawful, clock=at(MORNING))
    assert [(outcome.job, outcome.slot, outcome.ran) for outcome in first] == [
        ("backup", "2026-06-11", True),
        ("drill", "2026-06-07", True),  # of the Sunday before
        ("audit", "2026-06-11", True),
        ("scan", "2026-06-11", True),
        ("calendar", "2026-06-11", True),
        ("digest", "2026-06-11", True),
        ("accounts", "2026-06-11", True),
    ]
    assert not any(outcome.ran for outcome in catch_up(SYSTEM, on=lawful, clock=at(MORNING + timedelta(minutes=5))))
    with read_session(lawful) as session:
        assert missing_or_failed(session, now=MORNING) == []


def test_before_its_hour_a_job_is_not_run_for_today(lawful):
    due = datetime(2026, 6, 10, 22, 30, tzinfo=UTC)  # 05:30 on the eleventh
    catch_up(SYSTEM, on=lawful, clock=at(due - SECOND))
    catch_up(SYSTEM, on=lawful, clock=at(due))
    assert [slot[:2] for slot in slots(lawful)] == [
        ("accounts", "2026-06-10"),
        ("audit", "2026-06-11"),
        ("backup", "2026-06-11"),
        ("calendar", "2026-06-10"),
        ("digest", "2026-06-10"),
        ("drill", "2026-06-07"),
        ("scan", "2026-06-10"),
        ("scan", "2026-06-11"),
    ]


def test_after_a_missed_week_only_the_latest_run_is_caught_up(lawful):
    catch_up(SYSTEM, on=lawful, clock=at(MORNING - timedelta(days=7)))
    catch_up(SYSTEM, on=lawful, clock=at(MORNING))
    assert [slot[:2] for slot in slots(lawful)] == [
        ("accounts", "2026-06-04"),
        ("accounts", "2026-06-11"),
        ("audit", "2026-06-04"),
        ("audit", "2026-06-11"),
        ("backup", "2026-06-04"),
        ("backup", "2026-06-11"),
        ("calendar", "2026-06-04"),
        ("calendar", "2026-06-11"),
        ("digest", "2026-06-04"),
        ("digest", "2026-06-11"),
        ("drill", "2026-05-31"),
        ("drill", "2026-06-07"),
        ("scan", "2026-06-04"),
        ("scan", "2026-06-11"),
    ]


def test_a_run_whose_owner_died_is_taken_over_by_a_later_look(lawful):
    with transaction(lawful) as session:
        runs.claim(session, SYSTEM, "scan", "2026-06-11", owner="dead", now=MORNING, lease=lease())
    assert not scan_of(catch_up(SYSTEM, on=lawful, clock=at(MORNING + lease()))).ran
    taken = scan_of(catch_up(SYSTEM, on=lawful, clock=at(MORNING + lease() + SECOND)))
    assert (taken.ran, taken.tries, taken.failed) == (True, 2, [])


def test_a_failed_run_is_tried_again_after_half_an_hour(lawful):
    with transaction(lawful) as session:
        runs.claim(session, SYSTEM, "scan", "2026-06-11", owner="a", now=MORNING, lease=lease())
        runs.fail(session, SYSTEM, "scan", "2026-06-11", owner="a", reason="the disk was full", now=MORNING)
    assert not scan_of(catch_up(SYSTEM, on=lawful, clock=at(MORNING + TRY_FAILED_AGAIN - SECOND))).ran
    assert scan_of(catch_up(SYSTEM, on=lawful, clock=at(MORNING + TRY_FAILED_AGAIN))).ran


def test_a_look_sends_the_mails_of_its_digest_and_no_look_sends_them_again(lawful, smtp_sink, monkeypatch):
    with transaction(lawful) as session:
        one = make.person(session, email="one@minhchau.example")
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")], responsible=one)
    monkeypatch.setenv("LIEM_SMTP_URL", smtp_sink.url)
    settings.cache_clear()
    try:
        for minutes in (0, 5, 10):
            catch_up(SYSTEM, on=lawful, clock=at(MORNING + timedelta(minutes=minutes)))
    finally:
        settings.cache_clear()
    assert [mail["To"] for mail in smtp_sink.messages] == ["one@minhchau.example"]
    with read_session(lawful) as session:
        assert session.exec(select(OutboxMail)).one().sent_at == MORNING


def test_a_wrong_mail_setting_does_not_stop_the_jobs(lawful, monkeypatch, caplog):
    monkeypatch.setenv("LIEM_SMTP_URL", "mail.minhchau.example:25")
    settings.cache_clear()
    try:
        outcomes = catch_up(SYSTEM, on=lawful, clock=at(MORNING))
    finally:
        settings.cache_clear()
    assert all(outcome.ran for outcome in outcomes)
    assert "LIEM_SMTP_URL is no mail server's address" in caplog.text


def test_the_clockwork_keeps_nothing_and_looks_at_once_every_few_minutes_and_at_every_jobs_hour():
    made = scheduler()
    made.start(paused=True)
    try:
        found = {job.id: job for job in made.get_jobs()}
        assert isinstance(made._jobstores["default"], MemoryJobStore)
    finally:
        made.shutdown(wait=False)
    assert set(found) == {"look", *(job.name for job in jobs())}
    drill_at = found["drill"].next_run_time.astimezone(PROVINCE)
    assert (drill_at.weekday(), drill_at.hour) == (6, 2)
    for job in found.values():
        assert (job.coalesce, job.max_instances, job.misfire_grace_time) == (True, 1, None)
        assert job.next_run_time.utcoffset() == timedelta(hours=7)
    scan_at = found["scan"].next_run_time.astimezone(PROVINCE)
    assert (scan_at.hour, scan_at.minute) == (5, 30)
    after = date(2026, 6, 11)
    again = found["scan"].trigger.get_next_fire_time(None, datetime.combine(after, time(5, 31), tzinfo=PROVINCE))
    assert again == datetime.combine(after + timedelta(days=1), time(5, 30), tzinfo=PROVINCE)


def test_only_the_schedule_knows_the_clockworks_library():
    folders = ("dashboard", "exports", "jobs", "models", "seed")
    knowing = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in Path(ROOT, folder).rglob("*.py")
        if re.search(r"^\s*(from|import) apscheduler", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert knowing == {"jobs/schedule.py"}
