"""An office whose backups are made, drilled and put back in a test, and what is asked of it."""

from datetime import UTC, date, datetime

import typer
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from exports.issue import issue, order
from jobs.backup_commands import register
from jobs.ledger import run
from jobs.schedule import job_named
from models.db import read_session, transaction
from models.queries.backups import backup_faults, backup_state
from models.rules.access import SYSTEM
from models.settings import settings
from models.tables import RestoreDrill
from tests import cast, make
from tests.tampering import unguarded

NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)
TODAY = date(2026, 5, 20)
WORDS = "mật khẩu rất dài"


def furnish(installation, folder, monkeypatch) -> None:
    """Two files and an issued report; backups go into a folder of the test, with the cheapest key."""
    monkeypatch.setattr("models.backup.sealed.COST", 4)
    own = {"BACKUP_DIR": folder / "backups", "FILES_DIR": folder / "files", "LANGUAGE": "en"}
    for name, value in own.items():
        monkeypatch.setenv(f"LIEM_{name}", str(value))
    settings.cache_clear()
    with transaction() as session:
        make.session_(session, number=1, held_on="2026-01-15")
        money = [("must_recover", "2026-01-10", 5_000_000_000), ("recovered", "2026-02-10", 1_250_000_000)]
        make.case(session, code="VA-1", events=[("case_initiated", "2025-11-03")], money=money)
        make.case(session, code="VA-2", events=[("case_initiated", "2026-02-02")])
    wanted = order("annual", period="2026", session=None, as_of=None, known_at=NOW, language="vi")
    issue(SYSTEM, wanted, now=NOW, today=TODAY, engine=installation)


def once(name: str, day: date = TODAY, **more):
    return run(job_named(name), day, SYSTEM, clock=lambda session: NOW, **more)


def altered(engine, statement: str) -> None:
    """What somebody does behind the application's back."""
    with engine.begin() as connection:
        if "audit_entry" in statement:
            unguarded(connection)
        connection.execute(text(statement))


def checks() -> dict[str, bool]:
    with read_session() as session:
        newest = session.exec(select(RestoreDrill).order_by(RestoreDrill.id.desc())).first()
        return {check["name"]: check["ok"] for check in newest.checks}


def state(viewer=cast.ADMINISTRATOR):
    with read_session() as session:
        return backup_state(session, viewer)


def faults(now=NOW, viewer=cast.ADMINISTRATOR) -> list[str]:
    return [fault.english() for fault in backup_faults(state(), viewer, now=now)]


def liem(*arguments: str, words: str | None = None):
    app = typer.Typer()
    register(app)
    return CliRunner().invoke(app, list(arguments), input=words)
