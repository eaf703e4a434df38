"""A process of its own that runs slots of a job: to be raced against others, and to be killed.

    python -m tests.jobs.worker DATABASE_URL race|hang_read|hang_write SLOTS FOLDER

Each slot done leaves one person whose function is the slot. `race` waits for FOLDER/go; the others leave
FOLDER/reached and then sleep until they are killed.
"""

import sys
import time as real_time
from datetime import date, datetime, time, timedelta
from pathlib import Path

from jobs.ledger import Job, Result, run
from models.db import Session, make_engine
from models.rules.access import SYSTEM, Viewer
from models.rules.words import words
from tests import make

FIRST = date(2026, 3, 2)


def slots(count: int) -> list[date]:
    """The first days the workers run."""
    return [FIRST + timedelta(days=n) for n in range(count)]


def leave_a_person(session: Session, viewer: Viewer, plan: None, today: date, now: datetime) -> Result:
    """The work of the job: something that shows if it is done twice."""
    make.person(session, function=today.isoformat())
    return Result({"people": 1})


def look_around(session: Session, viewer: Viewer, today: date, now: datetime) -> None:
    """The job has nothing to find out."""


def job(read=look_around, write=leave_a_person) -> Job[None]:
    """The job the workers run; tests take it over with other parts."""
    return Job("worker", words("Work"), time(5, 30), read, write)


def main(url: str, mode: str, count: str, folder: str) -> None:
    """Run the slots; print which ran."""
    here = Path(folder)

    def hang(*_: object) -> None:
        (here / "reached").touch()
        real_time.sleep(600)

    def leave_and_hang(session: Session, *rest) -> Result:
        result = leave_a_person(session, *rest)
        hang()
        return result

    parts = {"race": job(), "hang_read": job(read=hang), "hang_write": job(write=leave_and_hang)}
    on = make_engine(url)
    with on.connect():
        (here / f"ready-{real_time.monotonic_ns()}").touch()
    while mode == "race" and not (here / "go").exists():
        real_time.sleep(0.001)
    print(*(day.isoformat() for day in slots(int(count)) if run(parts[mode], day, SYSTEM, on=on).ran))
    on.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
