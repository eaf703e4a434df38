"""One piece of work, killed at a random moment, again and again; after each kill everything is looked at.

    python -m tests.faults.worker DATABASE_URL save|import|scan|backup TRIES SEED FOLDER

A child works without end and says what was committed; the parent kills it (SIGKILL) after a random while, then proves
that the database is whole, that nothing is half there and that everything the child was told is kept is there. The next
child goes on where the last one was killed. The process is started fresh for this: it has no threads when it forks.
"""

import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import col, select

from jobs import flag_stalled, make_backup
from jobs.ledger import Job, run
from models.backup import archive
from models.backup.place import UNDER_WAY, archives
from models.changes._audit import record
from models.changes.events import EventEntry, record_event
from models.db import Session, engine, read_session, transaction
from models.enums import EventKind, RunState
from models.queries.audit import verify
from models.queries.judged import scan_state
from models.queries.runs import daily_times
from models.rules.access import SYSTEM
from models.rules.words import words
from models.settings import settings
from models.tables import AuditEntry, Backup, Case, CaseEvent, ImportBatch, JobRun, Judgement
from seed.load import import_file
from tests import make

TODAY = date(2026, 11, 21)
BEGIN = datetime(2026, 11, 21, 5, tzinfo=UTC)
CODES = ("VA-1", "VA-2", "VA-3")
FIRST_DAY = date(2026, 3, 2)


class Work(NamedTuple):
    """What a child does (saying each piece that is kept), and what must hold after it was killed."""

    do: Callable[[int, Path, Callable[[str], None]], None]
    check: Callable[[Session, Path, set[str]], None]


class Enough(Exception):
    """One piece is enough: the parent does one itself, so that no child must warm up."""


def hour(attempt: int) -> datetime:
    """The time of an attempt: far enough after the one before that what that one claimed can be taken over."""
    return BEGIN + timedelta(hours=attempt)


# --- save ----------------------------------------------------------------------------------------------------------


def save(attempt: int, folder: Path, say: Callable[[str], None]) -> None:
    """Notes recorded on one file, one after the other."""
    for n in range(10_000):
        detail = f"{attempt}.{n}"
        with transaction() as session:
            revision = session.exec(select(Case.revision).where(Case.code == "VA-1")).one()
            entry = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail=detail)
            record_event(session, SYSTEM, "VA-1", entry, revision=revision, now=hour(attempt), today=TODAY)
        say(detail)


def saved(session: Session, folder: Path, told: set[str]) -> None:
    """Every note told is there; each note raised the file's revision once and left one audit row."""
    there = session.exec(select(CaseEvent.detail).where(CaseEvent.kind == EventKind.PROGRESS_NOTE)).all()
    assert told <= set(there) and len(there) == len(set(there))
    recorded = session.exec(select(func.count()).where(AuditEntry.subject == "case:VA-1")).one()
    revision = session.exec(select(Case.revision).where(Case.code == "VA-1")).one()
    assert len(there) == recorded == revision - 1, (len(there), recorded, revision)


# --- import --------------------------------------------------------------------------------------------------------


def bring(attempt: int, folder: Path, say: Callable[[str], None]) -> None:
    """Lists of three files with an event each, one list after the other."""
    for n in range(10_000):
        name = f"{attempt}-{n}"
        here = folder / "lists" / name
        here.mkdir(parents=True)
        codes = [f"N-{name}-{i}" for i in range(3)]
        cases = "\n".join(f"{code},Vụ án {code}" for code in codes)
        events = "\n".join(f"{code},02/03/2026,case_initiated" for code in codes)
        (here / "cases.csv").write_text(f"code,title\n{cases}\n", encoding="utf-8")
        (here / "events.csv").write_text(f"code,date,event\n{events}\n", encoding="utf-8")
        result = import_file(here, SYSTEM, now=hour(attempt), today=TODAY, name=name)
        assert result.applied, result.errors
        say(name)


def brought(session: Session, folder: Path, told: set[str]) -> None:
    """Each list is there with all three files and events, or not at all."""
    batches = set(session.exec(select(ImportBatch.file_name)))
    assert told <= batches
    codes = session.exec(select(Case.code).where(col(Case.code).startswith("N-"))).all()
    assert sorted(codes) == sorted(f"N-{name}-{i}" for name in batches for i in range(3))
    events = session.exec(select(func.count()).select_from(CaseEvent).where(col(CaseEvent.batch_id).is_not(None))).one()
    assert events == 3 * len(batches)


# --- jobs of the ledger --------------------------------------------------------------------------------------------


def slots(job: Job, attempt: int, say: Callable[[str], None]) -> None:
    """One slot after the other, beginning with the first that is not done."""
    with read_session() as session:
        done = session.exec(select(func.count()).where(JobRun.job == job.name, JobRun.state == RunState.DONE)).one()
    for n in range(done, done + 10_000):
        day = FIRST_DAY + timedelta(days=n)
        outcome = run(job, day, SYSTEM, clock=lambda session: hour(attempt))
        assert outcome.ran and not outcome.failed, outcome
        say(day.isoformat())


def ran(session: Session, name: str, told: set[str]) -> Sequence[JobRun]:
    """Every slot told is done; of those that are not, there is at most the one that was killed."""
    rows = session.exec(select(JobRun).where(JobRun.job == name).order_by(JobRun.slot)).all()
    done = [row.slot for row in rows if row.state is RunState.DONE]
    assert told <= set(done)
    assert done == [(FIRST_DAY + timedelta(days=n)).isoformat() for n in range(len(done))]
    assert [row.state for row in rows[len(done) :]] in ([], [RunState.RUNNING])
    finished = session.exec(select(func.count()).where(AuditEntry.action == "job.done")).one()
    assert finished == len(done)
    return rows


SCAN: Job = Job("scan", words("Scan"), daily_times()["scan"], flag_stalled.read, flag_stalled.write)
COPY: Job = Job(
    "backup", words("Backup"), daily_times()["backup"], make_backup.read, make_backup.write, act=make_backup.act
)


def scan(attempt: int, folder: Path, say: Callable[[str], None]) -> None:
    """The morning scan of one day after the other."""
    slots(SCAN, attempt, say)


def scanned(session: Session, folder: Path, told: set[str]) -> None:
    """The verdicts are those of one day, and they add up to the open files."""
    rows = ran(session, "scan", told)
    done = [row for row in rows if row.state is RunState.DONE]
    if not done:
        return
    state = scan_state(session)
    assert state is not None and state.as_of.isoformat() == done[-1].slot
    verdicts = session.exec(select(func.count()).select_from(Judgement)).one()
    assert verdicts == done[-1].did["open"] == sum(done[-1].did["buckets"].values()) == len(CODES)


def copies(attempt: int, folder: Path, say: Callable[[str], None]) -> None:
    """The nightly backup of one night after the other."""
    slots(COPY, attempt, say)


def copied(session: Session, folder: Path, told: set[str]) -> None:
    """What looks like a backup is one; every backup that was noted is there, or was removed by the rotation."""
    ran(session, "backup", told)
    there = {each.file.name: archive.read(each.file, str).manifest for each in archives(folder / "backups")}
    noted = session.exec(select(Backup.file_name, Backup.id).where(col(Backup.removed_at).is_(None))).all()
    unfinished = [name for name, id_ in noted if name not in there]
    assert len(unfinished) <= 1, "only the rotation of the night that was killed may not have been noted"
    assert all(there[name].id == id_ for name, id_ in noted if name in there)
    if told:
        assert there, "the newest is never removed"
    left = list((folder / "backups").glob(f"{UNDER_WAY}*"))
    assert len(left) <= 1, "each backup removes what the one before left unfinished"


WORK = {
    "save": Work(save, saved),
    "import": Work(bring, brought),
    "scan": Work(scan, scanned),
    "backup": Work(copies, copied),
}

# --- the killing ---------------------------------------------------------------------------------------------------


def attempts(work: Work, tries: int, chance: random.Random, folder: Path) -> Iterator[int]:
    """Kill one child after the other; how many pieces each had said were kept."""
    told: set[str] = set()

    def one(text: str) -> None:
        told.add(text)
        raise Enough

    with suppress(Enough):
        work.do(0, folder, one)
    for attempt in range(1, tries + 1):
        engine().dispose()  # a child must not inherit a connection
        pieces = chance.uniform(0, 2.5)
        said = killed(work, attempt, pieces, folder)
        told.update(said)
        try:
            whole(work, folder, told)
        except AssertionError as error:
            raise AssertionError(f"attempt {attempt}, killed after 1 + {pieces:.6f} pieces: {error}") from error
        yield len(said)


def killed(work: Work, attempt: int, pieces: float, folder: Path) -> list[str]:
    """Start a child, kill it when it has worked `pieces` times as long as for its first piece; what it said."""
    heard, mouth = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        try:
            with transaction():  # connected, and once through everything, before the clock starts
                pass
            os.write(mouth, b"ready\n")
            work.do(attempt, folder, lambda text: os.write(mouth, f"{text}\n".encode()) and None)
        except BaseException as error:
            os.write(mouth, f"failed {type(error).__name__}: {error}\n".encode())
        os._exit(1)
    os.close(mouth)
    with os.fdopen(heard, "rb") as ear:
        ready, began = ear.readline(), time.monotonic()
        first = ear.readline()
        time.sleep(pieces * (time.monotonic() - began))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = [ready, first, *ear.read().splitlines(keepends=True)]
    said = [line.decode().rstrip("\n") for line in lines if line.endswith(b"\n")]
    assert said[:1] == ["ready"] and not any(line.startswith("failed") for line in said), said
    return said[1:]


def whole(work: Work, folder: Path, told: set[str]) -> None:
    """The database is consistent, its chain holds, and the work's own conditions too."""
    url = engine().url
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    with read_session() as session:
        assert verify(session, SYSTEM).ok
        work.check(session, folder, told)


def fill() -> None:
    """Three files, one of them late."""
    with transaction() as session:
        for code in CODES:
            make.case(session, code=code, events=[("case_initiated", "2025-11-03")])
        record(session, SYSTEM, "test.wrote", "test", now=BEGIN)


def main(url: str, name: str, tries: str, seed: str, folder: str) -> None:
    """Do it; print how many pieces each child had kept."""
    here = Path(folder)
    os.environ |= {"LIEM_DATABASE_URL": url, "LIEM_BACKUP_DIR": str(here / "backups"), "LIEM_BACKUP_KEEP": "1/1/0"}
    os.environ["TMPDIR"] = str(here)
    settings.cache_clear()
    fill()
    chance = random.Random(f"{name} {seed}")
    print(json.dumps(list(attempts(WORK[name], int(tries), chance, here))))


if __name__ == "__main__":
    main(*sys.argv[1:])
