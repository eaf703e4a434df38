"""One slot, one run: twice, late, raced, killed, taken over; on both databases."""

import subprocess
import sys
import time as real_time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from jobs.ledger import Result, lease, new_owner, rehearse, run
from models.changes import runs
from models.changes.runs import LostRun
from models.db import read_session, transaction
from models.enums import RunState
from models.errors import Forbidden, NotFound
from models.queries.runs import database_now, run_of
from models.rules.access import SYSTEM
from models.settings import ROOT
from models.tables import AuditEntry, DataVersion, JobRun, Person
from tests import cast, make
from tests.jobs import worker

DAY = worker.FIRST
AT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def at(moment):
    return lambda session: moment


def people_made(engine) -> list[str]:
    with read_session(engine) as session:
        return list(session.exec(select(Person.function).order_by(Person.function)))


def ledger_row(engine, day: date = DAY) -> JobRun:
    with read_session(engine) as session:
        return session.get_one(JobRun, ("worker", day.isoformat()))


def test_a_slot_is_run_and_noted(engine):
    outcome = run(worker.job(), DAY, SYSTEM, on=engine, clock=at(AT))
    assert (outcome.ran, outcome.did, outcome.failed) == (True, {"people": 1}, [])
    row = ledger_row(engine)
    assert (row.state, row.tries, row.started_at, row.finished_at) == (RunState.DONE, 1, AT, AT)
    assert people_made(engine) == ["2026-03-02"]


def test_a_slot_that_is_done_is_not_run_again(engine):
    run(worker.job(), DAY, SYSTEM, on=engine)
    again = run(worker.job(), DAY, SYSTEM, on=engine)
    assert (again.ran, again.did) == (False, {})
    assert people_made(engine) == ["2026-03-02"]


def test_the_next_day_is_another_slot(engine):
    run(worker.job(), DAY, SYSTEM, on=engine)
    assert run(worker.job(), DAY + timedelta(days=1), SYSTEM, on=engine).ran
    assert people_made(engine) == ["2026-03-02", "2026-03-03"]


def test_a_run_leaves_one_audit_row_and_does_not_pretend_that_figures_changed(engine):
    def nothing(session, viewer, plan, today, now):
        return Result({"files": 3})

    with transaction(engine) as session:
        before = session.exec(select(DataVersion.n)).first()
    run(worker.job(write=nothing), DAY, SYSTEM, on=engine)
    with read_session(engine) as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.action == "job.done")).all()
        assert [(row.subject, row.actor) for row in rows] == [("job:worker:2026-03-02", "system")]
        assert session.exec(select(DataVersion.n)).first() == before


def test_a_job_that_changes_facts_raises_the_data_version(engine):
    with transaction(engine) as session:
        session.merge(DataVersion(id=1, n=7))
    run(worker.job(), DAY, SYSTEM, on=engine)
    with read_session(engine) as session:
        assert session.exec(select(DataVersion.n)).one() == 8


def test_an_error_takes_back_what_the_job_wrote_and_is_noted_in_one_sentence(engine):
    def half(session, viewer, plan, today, now):
        worker.leave_a_person(session, viewer, plan, today, now)
        raise NotFound("The register\nis not there.")

    outcome = run(worker.job(write=half), DAY, SYSTEM, on=engine)
    said = [{"subject": "job:worker", "reason": "The register is not there."}]
    assert (outcome.ran, outcome.did, outcome.failed) == (True, {}, said)
    assert (ledger_row(engine).state, ledger_row(engine).failed) == (RunState.FAILED, said)
    assert people_made(engine) == []


def test_an_unforeseen_error_is_named_without_what_it_says(engine, caplog):
    def broken(session, viewer, today, now):
        raise RuntimeError("a title that nobody may see")

    outcome = run(worker.job(read=broken), DAY, SYSTEM, on=engine)
    assert [item["reason"] for item in outcome.failed] == [
        "An unforeseen error (RuntimeError); the log of the jobs has the details."
    ]
    assert "RuntimeError" in caplog.text


def test_a_failed_run_is_tried_again_by_hand_at_once_and_by_the_clockwork_after_a_while(engine):
    def broken(session, viewer, today, now):
        raise NotFound("away")

    pause = timedelta(minutes=30)
    run(worker.job(read=broken), DAY, SYSTEM, on=engine, clock=at(AT))
    early = run(worker.job(), DAY, SYSTEM, on=engine, clock=at(AT + pause - SECOND), retry_after=pause)
    assert not early.ran
    late = run(worker.job(read=broken), DAY, SYSTEM, on=engine, clock=at(AT + pause), retry_after=pause)
    assert (late.ran, late.tries) == (True, 2)
    by_hand = run(worker.job(), DAY, SYSTEM, on=engine, clock=at(AT + pause))
    assert (by_hand.ran, by_hand.tries, by_hand.failed) == (True, 3, [])
    assert ledger_row(engine).state is RunState.DONE


def test_a_running_slot_is_left_alone_until_its_lease_is_over(engine):
    with transaction(engine) as session:
        assert runs.claim(session, SYSTEM, "worker", "2026-03-02", owner="a", now=AT, lease=lease()) == 1
    assert not run(worker.job(), DAY, SYSTEM, on=engine, clock=at(AT + lease())).ran
    outcome = run(worker.job(), DAY, SYSTEM, on=engine, clock=at(AT + lease() + SECOND))
    assert (outcome.ran, outcome.tries) == (True, 2)


def test_a_beat_renews_the_lease(engine):
    with transaction(engine) as session:
        runs.claim(session, SYSTEM, "worker", "2026-03-02", owner="a", now=AT, lease=lease())
        assert runs.beat(session, SYSTEM, "worker", "2026-03-02", owner="a", now=AT + lease())
    assert not run(worker.job(), DAY, SYSTEM, on=engine, clock=at(AT + lease() + SECOND)).ran


def test_an_owner_that_was_taken_over_writes_nothing(engine):
    """The first owner wakes up after the lease, when another has done the work."""

    def overtaken(session, viewer, today, now):
        assert run(worker.job(), DAY, SYSTEM, on=engine, clock=at(AT + lease() + SECOND)).ran

    outcome = run(worker.job(read=overtaken), DAY, SYSTEM, on=engine, clock=at(AT))
    assert outcome.failed == [
        {"subject": "job:worker", "reason": "The run worker 2026-03-02 was taken over by another process."}
    ]
    assert people_made(engine) == ["2026-03-02"]
    assert (ledger_row(engine).state, ledger_row(engine).tries) == (RunState.DONE, 2)


def test_finishing_a_run_of_somebody_else_is_refused(engine):
    with transaction(engine) as session:
        runs.claim(session, SYSTEM, "worker", "2026-03-02", owner="a", now=AT, lease=lease())
    with pytest.raises(LostRun), transaction(engine) as session:
        runs.finish(session, SYSTEM, "worker", "2026-03-02", owner="b", did={}, failed=[], now=AT)


def test_data_that_changed_while_the_job_was_reading_is_read_again(engine):
    seen: list[list[str]] = []

    def read(session, viewer, today, now):
        names = sorted(session.exec(select(Person.display_name)))
        if not seen:
            with transaction(engine) as other:
                make.person(other, display_name="đến sau")
        seen.append(names)
        return names

    def write(session, viewer, plan, today, now):
        return Result({"names": plan})

    with transaction(engine) as session:
        session.merge(DataVersion(id=1, n=1))
    outcome = run(worker.job(read=read, write=write), DAY, SYSTEM, on=engine)
    assert seen[0] == []
    assert outcome.did == {"names": ["đến sau"]}


def test_a_rehearsal_says_what_would_be_done_and_keeps_nothing(engine):
    assert rehearse(worker.job(), DAY, SYSTEM, on=engine).did == {"people": 1}
    assert people_made(engine) == []
    with read_session(engine) as session:
        assert run_of(session, SYSTEM, "worker", "2026-03-02") is None
    assert run(worker.job(), DAY, SYSTEM, on=engine).ran


def test_only_the_secretariat_and_the_system_run_jobs(engine):
    for viewer in (cast.MEMBER, cast.ADMINISTRATOR, cast.STRANGER):
        with pytest.raises(Forbidden):
            run(worker.job(), DAY, viewer, on=engine)
    assert people_made(engine) == []
    assert run(worker.job(), DAY, cast.SECRETARIAT, on=engine).ran


def test_no_two_owners_have_the_same_name():
    assert len({new_owner() for _ in range(100)}) == 100


# --- real processes ----------------------------------------------------------------------------------------------


@contextmanager
def working(url: str, mode: str, count: int, folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-W", "error", "-m", "tests.jobs.worker", url, mode, str(count), str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def wait_for(folder: Path, pattern: str, count: int, *processes: subprocess.Popen[str]) -> None:
    for _ in range(3000):
        if len(list(folder.glob(pattern))) >= count:
            return
        assert all(process.poll() is None for process in processes), "a worker ended too early"
        real_time.sleep(0.02)
    raise AssertionError(f"{pattern} never came")


def test_two_processes_race_and_every_slot_is_done_once(engine, database_url, tmp_path):
    count = 12
    with working(database_url, "race", count, tmp_path) as one, working(database_url, "race", count, tmp_path) as two:
        wait_for(tmp_path, "ready-*", 2, one, two)
        (tmp_path / "go").touch()
        ran = [process.communicate(timeout=120)[0].split() for process in (one, two)]
        assert (one.returncode, two.returncode) == (0, 0)
    wanted = [day.isoformat() for day in worker.slots(count)]
    assert sorted(ran[0] + ran[1]) == wanted
    assert people_made(engine) == wanted
    with read_session(engine) as session:
        states = session.exec(select(JobRun.state, JobRun.tries).where(col(JobRun.job) == "worker")).all()
    assert states == [(RunState.DONE, 1)] * count


@pytest.mark.parametrize("mode", ["hang_read", "hang_write"])
def test_a_process_killed_in_the_middle_is_taken_over(engine, database_url, tmp_path, mode):
    with working(database_url, mode, 1, tmp_path) as doomed:
        wait_for(tmp_path, "reached", 1, doomed)
        if mode == "hang_read":
            assert not run(worker.job(), DAY, SYSTEM, on=engine).ran, "it is alive: hands off"
        doomed.kill()
        assert doomed.wait() == -9
    assert people_made(engine) == []
    assert ledger_row(engine).state is RunState.RUNNING

    def after_the_lease(session):
        return database_now(session) + lease() + SECOND

    outcome = run(worker.job(), DAY, SYSTEM, on=engine, clock=after_the_lease)
    assert (outcome.ran, outcome.tries) == (True, 2)
    assert people_made(engine) == ["2026-03-02"]
    assert not run(worker.job(), DAY, SYSTEM, on=engine, clock=after_the_lease).ran


def test_the_owner_beats_while_it_works(engine, monkeypatch):
    """With a lease of a few milliseconds, a run that reads for long is still its owner's."""
    monkeypatch.setattr("jobs.ledger.lease", lambda: timedelta(milliseconds=30))
    beats: list[datetime] = []

    def read(session, viewer, today, now):
        for _ in range(1000):
            with read_session(engine) as other:
                beat = other.get_one(JobRun, ("worker", today.isoformat())).beat
            if beats and beat > beats[0]:
                return
            beats.append(beat)
            real_time.sleep(0.01)
        raise AssertionError("no beat")

    assert run(worker.job(read=read), DAY, SYSTEM, on=engine).failed == []
