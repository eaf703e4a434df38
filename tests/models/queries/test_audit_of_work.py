"""What people and jobs do every day leaves records that the audit chain knows: a look at it finds nothing altered."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyotp
import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

import cli
from jobs.ledger import run
from jobs.schedule import job_named
from models import chain_files
from models.changes import accused, difficulties, events, people, restrictions, second_factor, sessions, sign_in, tasks
from models.changes.import_undo import undo_import
from models.db import Engine, read_session, transaction
from models.enums import EventKind, Role
from models.queries.audit import verify
from models.queries.people import viewer_named, viewer_of_token
from models.rules.access import SYSTEM
from models.tables import AuditEntry, Case
from seed.demo import fill
from seed.reference_data import ensure_ready
from tests import cast, make
from tests.models.changes import test_accused, test_difficulties, test_sessions, test_tasks
from tests.seed.books import SAMPLE, load

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
TODAY = date(2026, 11, 24)
WHEN: dict[str, Any] = {"now": NOW, "today": TODAY}


@pytest.fixture
def office(engine: Engine, tmp_path, monkeypatch) -> Iterator[Engine]:
    """An installation as `liem migrate` leaves it; what would be archived stays in the test's own folder."""
    monkeypatch.setattr(chain_files, "folder", lambda: tmp_path / "audit")
    ensure_ready(engine, now=NOW)
    yield engine


def done(engine: Engine, change: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
    """One change as the product makes it: a transaction that refuses what is not recorded (see tests/conftest.py)."""
    with ExitStack() as stack:
        return change(stack.enter_context(transaction(engine)), *arguments, **more)


def sound(engine: Engine, after: str) -> int:
    """How many records the chain knows, each as it was written, by rows of the product alone."""
    with read_session(engine) as session:
        found = verify(session, SYSTEM)
        helped = select(func.count()).select_from(AuditEntry).where(AuditEntry.action.startswith("test."))
        assert found.ok, (after, [(fault.kind, fault.key, fault.row, fault.why.english()) for fault in found.faults])
        assert session.connection().execute(helped).scalar() == 0
    return found.records


def revision(engine: Engine, code: str) -> int:
    with read_session(engine) as session:
        return session.connection().execute(select(Case.revision).where(Case.code == code)).scalar_one()


def test_an_import_is_scanned_and_taken_back_and_may_come_again(office):
    before = sound(office, "the start")
    taken = load(office, SAMPLE)
    assert sound(office, "an import") > before
    assert run(job_named("scan"), TODAY, SYSTEM, on=office, clock=lambda session: NOW).ran
    sound(office, "a scan")
    done(office, undo_import, SYSTEM, taken.batch_id, reason="Nhập nhầm tệp", now=NOW)
    sound(office, "an import that was taken back")
    load(office, SAMPLE, now=NOW)
    assert run(job_named("audit"), TODAY, SYSTEM, on=office, clock=lambda session: NOW).did["bad"] == 0
    sound(office, "the night")


def test_the_demo_province_and_a_save_of_each_kind(office):
    fill(office, today=TODAY, now=NOW)
    with read_session(office) as session:
        code = session.connection().execute(select(Case.code).order_by(Case.id)).scalars().first()
        lead = viewer_named(session, "truongban")
    sound(office, "the demo province")

    def saved(change: Callable[..., Any], entry: Any, **more: Any) -> None:
        done(office, change, SYSTEM, code, entry, revision=revision(office, code), **WHEN, **more)
        sound(office, change.__name__)

    entry = events.EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="Tin mới")
    saved(events.record_event, entry)
    saved(accused.add_accused, replace(test_accused.ENTRY, code="BC-77"))
    saved(difficulties.record_difficulty, test_difficulties.WAITING)
    task = done(office, tasks.new_task, SYSTEM, test_tasks.given(lead_agency="CQDT"), **WHEN)
    done(office, tasks.claim_done, SYSTEM, task.code, task.id, on=TODAY, evidence="12/BC", **WHEN)
    sound(office, "a task")
    done(office, sessions.plan_session, SYSTEM, test_sessions.COMING, **WHEN)
    sound(office, "a session")
    done(
        office,
        restrictions.restrict,
        lead,
        code,
        ["uyvien"],
        revision=revision(office, code),
        reason="Nhạy cảm",
        now=NOW,
    )
    with read_session(office) as session:
        member = viewer_named(session, "uyvien")
    assert done(office, restrictions.note_read, member, code, now=NOW)
    sound(office, "a restricted file")
    made = done(
        office, people.add_account, SYSTEM, login="moi", password="Một mật khẩu 2026!", role=Role.MEMBER, now=NOW
    )
    came = done(office, sign_in.sign_in, made.id, fits=True, now=NOW, lasts=timedelta(hours=8), address="10.0.0.7")
    with read_session(office) as session:
        me = viewer_of_token(session, sign_in.hash_of_token(came.token), now=NOW, idle=timedelta(hours=1))
    assert me is not None
    secret = done(office, second_factor.offer_secret, me, now=NOW)
    sound(office, "a second factor that was offered")
    assert len(done(office, second_factor.confirm_secret, me, pyotp.TOTP(secret).at(NOW), now=NOW)) == 10
    assert done(office, sign_in.sign_in, made.id, fits=False, now=NOW, lasts=timedelta(hours=8), address="") is None
    done(office, people.disable_account, SYSTEM, "moi", now=NOW)
    sound(office, "an account from its first day to its last")


# --- what is read and taken out by the commands --------------------------------------------------------------------

READ, TAKEN = "read_restricted", "read_in_export"
COMMANDS: dict[str, list[tuple[str, str]]] = {
    "case VA-1": [(READ, "case:VA-1")],
    "case VA-1 --as truongban": [(READ, "case:VA-1")],
    "case VA-2 --as truongban": [],
    "case VA-2": [],
    "scan --json": [(TAKEN, "case:VA-1")],
    "scan --json --as truongban": [(TAKEN, "case:VA-1")],
    "scan --json --as uyvien": [],
    "export {out}.xlsx": [("export", "export:out.xlsx"), (TAKEN, "case:VA-1")],
    "export {out}.xlsx --as uyvien": [("export", "export:out.xlsx")],
    "report annual --period 2026 --as-of 2026-11-24 --out {out}.docx --as truongban":
        [("report.issued", "report:"), (TAKEN, "case:VA-1")],
    "report annual --period 2026 --as-of 2026-11-24 --out {out}.docx --as thuky": [("report.drafted", "report:")],
    "audit verify": [],
    "template {out}.xlsx": [],
}  # fmt: skip


def test_every_command_that_reads_or_takes_out_leaves_exactly_its_rows(installation, tmp_path):
    with transaction() as session:
        people = cast.accounts(session)
        for code in ("VA-1", "VA-2"):
            make.case(session, code=code, events=[("case_initiated", "2026-02-02")])
    done(
        installation, restrictions.restrict, people.lead, "VA-1", [], revision=revision(installation, "VA-1"),
        reason="Nhạy cảm", now=NOW,
    )  # fmt: skip
    for line, expected in COMMANDS.items():
        before = len(rows(installation))
        words = line.format(out=tmp_path / "out").split()
        ran = CliRunner().invoke(cli.build(), words)
        assert ran.exit_code == 0, (line, ran.exception, ran.output)
        found = rows(installation)[before:]
        actor = words[words.index("--as") + 1] if "--as" in words else SYSTEM.name
        told = [(action, "report:" if about.startswith("report:") else about) for action, about, _ in found]
        assert (told, {who for *_, who in found} - {actor}) == (expected, set()), line
    assert CliRunner().invoke(cli.build(), ["case", "VA-1", "--as", "uyvien"]).exit_code != 0


def rows(engine: Engine) -> list[tuple[str, str, str]]:
    with read_session(engine) as session:
        asked = select(AuditEntry.action, AuditEntry.subject, AuditEntry.actor).order_by(AuditEntry.id)
        return [tuple(row) for row in session.connection().execute(asked)]
