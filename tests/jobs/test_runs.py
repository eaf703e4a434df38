"""The watch over the watch: which run is missing, silent, failed or partial."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from jobs.ledger import lease
from models.changes import runs
from models.changes._audit import record
from models.db import read_session, transaction
from models.enums import RunState
from models.errors import Forbidden
from models.queries.runs import (
    GRACE,
    TITLES,
    clock_step,
    daily_times,
    database_now,
    due_at,
    job_title,
    last_runs,
    latest_due,
    missing_or_failed,
)
from models.rules.access import SYSTEM
from models.tables import JobRun
from tests import cast

SCAN_DUE = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)  # 05:30 on 2 March in the province
NOON = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def done(engine, job: str, slot: str, **more) -> None:
    """A run of this slot, done unless `more` says otherwise."""
    given = {"owner": "a", "state": RunState.DONE, "beat": SCAN_DUE, "started_at": SCAN_DUE, "finished_at": SCAN_DUE}
    with transaction(engine) as session:
        session.add(JobRun(**{"job": job, "slot": slot, **given, **more}))


def troubles(engine, now: datetime = NOON) -> list[tuple[str, str, str]]:
    with read_session(engine) as session:
        return [(problem.job, problem.slot, problem.trouble.value) for problem in missing_or_failed(session, now=now)]


def test_where_nothing_ever_ran_everything_is_missing(engine):
    assert troubles(engine) == [
        (job, "2026-03-02", "missing") for job in ("audit", "scan", "calendar", "digest", "accounts")
    ]


def test_when_all_is_done_there_is_nothing_to_say(engine):
    done(engine, "scan", "2026-03-02")
    done(engine, "digest", "2026-03-02")
    done(engine, "calendar", "2026-03-02")
    done(engine, "accounts", "2026-03-02")
    done(engine, "audit", "2026-03-02")
    assert troubles(engine) == []


def test_yesterday_does_not_count_for_today(engine):
    done(engine, "scan", "2026-03-01")
    done(engine, "digest", "2026-03-02")
    done(engine, "calendar", "2026-03-02")
    done(engine, "accounts", "2026-03-02")
    done(engine, "audit", "2026-03-02")
    assert troubles(engine) == [("scan", "2026-03-02", "missing")]


def test_a_run_is_missing_a_quarter_of_an_hour_after_it_was_due(engine):
    done(engine, "scan", "2026-03-01")
    done(engine, "digest", "2026-03-01")
    done(engine, "calendar", "2026-03-01")
    done(engine, "accounts", "2026-03-01")
    done(engine, "audit", "2026-03-02")
    assert troubles(engine, SCAN_DUE + GRACE - MINUTE) == []
    assert troubles(engine, SCAN_DUE + GRACE) == [("scan", "2026-03-02", "missing")]


def test_todays_run_makes_up_for_yesterdays_before_its_grace_is_over(engine):
    done(engine, "scan", "2026-03-02")
    done(engine, "digest", "2026-03-01")
    done(engine, "calendar", "2026-03-01")
    done(engine, "accounts", "2026-03-01")
    done(engine, "audit", "2026-03-02")
    assert troubles(engine, SCAN_DUE + MINUTE) == []


def test_a_failed_run_is_named(engine):
    done(engine, "digest", "2026-03-02")
    done(engine, "calendar", "2026-03-02")
    done(engine, "accounts", "2026-03-02")
    done(engine, "audit", "2026-03-02")
    done(engine, "scan", "2026-03-02", state=RunState.FAILED)
    assert troubles(engine) == [("scan", "2026-03-02", "failed")]


def test_a_run_that_could_not_do_a_part_is_named(engine):
    done(engine, "digest", "2026-03-02")
    done(engine, "calendar", "2026-03-02")
    done(engine, "accounts", "2026-03-02")
    done(engine, "audit", "2026-03-02")
    done(engine, "scan", "2026-03-02", failed=[{"subject": "case:VA-1", "reason": "…"}])
    assert troubles(engine) == [("scan", "2026-03-02", "partial")]


def test_a_running_job_is_silent_when_its_lease_is_over(engine):
    done(engine, "digest", "2026-03-02")
    done(engine, "calendar", "2026-03-02")
    done(engine, "accounts", "2026-03-02")
    done(engine, "audit", "2026-03-02")
    done(engine, "scan", "2026-03-02", state=RunState.RUNNING, beat=NOON - lease(), finished_at=None)
    assert troubles(engine, NOON) == []
    assert troubles(engine, NOON + MINUTE) == [("scan", "2026-03-02", "silent")]


def test_the_problem_says_so_in_a_sentence_and_since_when(engine):
    with read_session(engine) as session:
        _, problem, *_ = missing_or_failed(session, now=NOON)
    assert problem.sentence.english() == "Morning scan of 2026-03-02 did not run."
    assert problem.due_at == SCAN_DUE


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (SCAN_DUE, date(2026, 3, 2)),
        (SCAN_DUE - timedelta(seconds=1), date(2026, 3, 1)),
        (datetime(2026, 3, 1, 17, 0, tzinfo=UTC), date(2026, 3, 1)),  # midnight in the province
        (datetime(2026, 3, 2, 16, 59, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
def test_the_latest_due_day_is_the_provinces(now, day):
    assert latest_due(time(5, 30), now=now) == day
    assert due_at(time(5, 30), date(2026, 3, 2)) == SCAN_DUE


def test_a_weekly_job_is_due_on_its_day_only():
    sunday = datetime(2026, 3, 7, 19, 0, tzinfo=UTC)  # 02:00 on the eighth in the province
    for moment, day in ((sunday, 8), (sunday - timedelta(seconds=1), 1), (sunday + timedelta(days=6), 8)):
        assert latest_due(time(2), now=moment, weekday=6) == date(2026, 3, day)


def test_backups_are_missed_only_where_they_are_set(engine, monkeypatch):
    from models.settings import settings

    for job in ("audit", "scan", "calendar", "digest", "accounts"):
        done(engine, job, "2026-03-02")
    assert troubles(engine) == []
    monkeypatch.setenv("LIEM_BACKUP_DIR", "/nowhere")
    settings.cache_clear()
    try:
        assert troubles(engine) == [("backup", "2026-03-02", "missing"), ("drill", "2026-03-01", "missing")]
    finally:
        settings.cache_clear()


def test_a_clock_that_went_back_is_seen_in_the_chain(engine):
    def recorded(*minutes: int) -> None:
        with transaction(engine) as session:
            for each in minutes:
                record(session, SYSTEM, "looked", "x", now=NOON + each * MINUTE)

    def seen():
        with read_session(engine) as session:
            return clock_step(session, cast.ADMINISTRATOR)

    recorded(0, 30, 20, 21)
    assert seen() is None, "ten minutes may be one long transaction"
    recorded(10, 11)
    assert seen() == (NOON + 21 * MINUTE, NOON + 10 * MINUTE)
    with read_session(engine) as session, pytest.raises(Forbidden):
        clock_step(session, cast.MEMBER)


def test_the_schedule_is_that_of_the_settings(monkeypatch):
    from models.settings import settings

    monkeypatch.setenv("LIEM_SCAN_HOUR", "4")
    monkeypatch.setenv("LIEM_SCAN_MINUTE", "5")
    monkeypatch.setenv("LIEM_DIGEST_HOUR", "0")
    monkeypatch.setenv("LIEM_CALENDAR_HOUR", "23")
    monkeypatch.setenv("LIEM_BACKUP_HOUR", "22")
    settings.cache_clear()
    try:
        at = daily_times()
        assert (at["scan"], at["calendar"], at["digest"]) == (time(4, 5), time(23), time(0))
        assert (at["backup"], at["drill"]) == (time(22), time(23))
        assert at["accounts"] == time(8)
    finally:
        settings.cache_clear()


def test_every_job_has_a_name_for_people():
    assert all(job_title(job).english() == title.english() for job, title in TITLES.items())
    assert set(daily_times()) <= set(TITLES)


def test_last_runs_come_newest_first_and_only_to_those_who_may(engine):
    done(engine, "scan", "2026-03-01")
    done(engine, "scan", "2026-03-02", started_at=NOON, did={"open": 3})
    done(engine, "digest", "2026-03-02", started_at=SCAN_DUE + MINUTE)
    with read_session(engine) as session:
        for viewer in (cast.SECRETARIAT, cast.ADMINISTRATOR, SYSTEM):
            rows = last_runs(session, viewer)
            assert [(row.job, row.slot) for row in rows] == [
                ("scan", "2026-03-02"),
                ("digest", "2026-03-02"),
                ("scan", "2026-03-01"),
            ]
        assert rows[0].did == {"open": 3}
        assert [row.job for row in last_runs(session, SYSTEM, job="digest")] == ["digest"]
        assert len(last_runs(session, SYSTEM, limit=2)) == 2
        for viewer in (cast.MEMBER, cast.STRANGER):
            with pytest.raises(Forbidden):
                last_runs(session, viewer)


def test_the_clock_of_the_ledger_is_aware_and_moves_on(engine):
    with read_session(engine) as session:
        first = database_now(session)
        second = database_now(session)
    assert first.tzinfo is UTC
    assert first <= second


def test_claims_need_the_right_to_run_jobs(engine):
    with transaction(engine) as session, pytest.raises(Forbidden):
        runs.claim(session, cast.MEMBER, "scan", "2026-03-02", owner="a", now=NOON, lease=lease())
