"""One of two people who save at the same time, as a process of its own.

    python -m tests.faults.writer DATABASE_URL NAME COUNT FOLDER

Records COUNT notes on VA-1, which both write, and COUNT on the file of its own name; each note is saved against the
version that was read before. Waits for FOLDER/go; prints how often a colleague was faster.
"""

import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from models.changes.events import EventEntry, record_event
from models.db import make_engine, read_session, transaction
from models.enums import EventKind
from models.errors import StaleCase
from models.rules.access import SYSTEM
from models.tables import Case

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def note(engine: Engine, code: str, detail: str) -> int:
    """Record a note as a form does: read the file, then save against what was read; how often that was too late."""
    late = 0
    while True:
        with read_session(engine) as session:
            revision = session.exec(select(Case.revision).where(Case.code == code)).one()
        try:
            with transaction(engine) as session:
                entry = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail=detail)
                record_event(session, SYSTEM, code, entry, revision=revision, now=NOW, today=TODAY)
            return late
        except StaleCase:
            late += 1


def main(url: str, name: str, count: str, folder: str) -> None:
    """Write; print how often a colleague was faster on the shared file, and on the own one."""
    here, engine = Path(folder), make_engine(url)
    with engine.connect():
        (here / f"ready-{name}").touch()
    while not (here / "go").exists():
        time.sleep(0.001)
    late = [(note(engine, "VA-1", f"{name} {n}"), note(engine, f"VA-{name}", f"{name} {n}")) for n in range(int(count))]
    print(sum(shared for shared, _ in late), sum(own for _, own in late))
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
