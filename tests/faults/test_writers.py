"""Two processes save at once: no update is lost, whoever was slower is told, the chain stays one chain."""

import subprocess
import sys
import time

from sqlalchemy import func
from sqlmodel import select

from models.db import read_session, transaction
from models.queries.audit import verify
from models.rules.access import SYSTEM
from models.settings import ROOT
from models.tables import AuditEntry, Case, CaseEvent, DataVersion
from tests import make

COUNT = 40


def test_two_writers_lose_nothing(engine, database_url, tmp_path):
    with transaction(engine) as session:
        for code in ("VA-1", "VA-A", "VA-B"):
            make.case(session, code=code, events=[("case_initiated", "2026-08-03")])
    with read_session(engine) as session:
        version = session.get(DataVersion, 1).n
    command = [sys.executable, "-W", "error", "-m", "tests.faults.writer", database_url]
    both = [
        subprocess.Popen([*command, name, str(COUNT), str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in "AB"
    ]
    try:
        while len(list(tmp_path.glob("ready-*"))) < 2:
            assert all(process.poll() is None for process in both), "a writer ended too early"
            time.sleep(0.01)
        (tmp_path / "go").touch()
        said = [process.communicate(timeout=300)[0].split() for process in both]
    finally:
        for process in both:
            process.kill()
            process.wait()
    assert [process.returncode for process in both] == [0, 0]
    assert [own for _, own in said] == ["0", "0"], "nobody else wrote these files"
    with read_session(engine) as session:
        revisions = dict(iter(session.exec(select(Case.code, Case.revision))))
        assert revisions == {"VA-1": 1 + 2 * COUNT, "VA-A": 1 + COUNT, "VA-B": 1 + COUNT}
        notes = session.exec(select(CaseEvent.detail, CaseEvent.case_id).where(CaseEvent.detail != "")).all()
        assert len(notes) == len(set(notes)) == 4 * COUNT
        recorded = session.exec(select(func.count()).where(AuditEntry.subject.like("case:%"))).one()
        assert recorded == 4 * COUNT
        assert session.get(DataVersion, 1).n == version + 4 * COUNT
        assert verify(session, SYSTEM).ok
