"""An office with a file, a document and somebody signed in; and an empty place to put its backup back into."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.changes.attachments import Document, attach
from models.changes.events import EventEntry, record_event
from models.db import read_session, transaction
from models.enums import EventKind
from models.rules.access import SYSTEM
from models.tables import Case, CaseEvent, SignIn
from tests import make

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
TODAY = date(2026, 11, 21)
PAPER = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture(autouse=True)
def quick_keys(monkeypatch):
    """The cheapest key: the strength of scrypt is not what is looked at."""
    monkeypatch.setattr("models.backup.sealed.COST", 4)


@pytest.fixture
def files(tmp_path) -> Path:
    """The store of documents."""
    return tmp_path / "files"


@pytest.fixture
def office(engine, files) -> Engine:
    """File VA-1 with an event, a document, and a browser that is signed in."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-08-03")], money=[("secured", "2026-09-01", 5)])
        account = make.account(session, login="thuky")
        session.add(
            SignIn(token_sha256="a" * 64, account_id=account.id, created_at=NOW, last_seen_at=NOW,
                   expires_at=NOW + timedelta(hours=8))
        )  # fmt: skip
    with transaction(engine) as session:
        document = Document(number="12/KL", title="Kết luận", file_name="kl.pdf", content=PAPER)
        attach(session, SYSTEM, "VA-1", document, now=NOW, today=TODAY, folder=files)
    record_note(engine, "đầu tiên")
    return engine


@pytest.fixture
def elsewhere(database_url, request, tmp_path):
    """Address of an empty database of the same kind, on which nothing was ever made."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'liem.db'}"
        return
    with request.getfixturevalue("postgres_server").empty_database() as url:
        yield url


def record_note(engine: Engine, detail: str, *, now: datetime = NOW) -> None:
    """One more fact of VA-1, as a person records it."""
    with transaction(engine) as session:
        revision = session.exec(select(Case.revision).where(Case.code == "VA-1")).one()
        entry = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail=detail)
        record_event(session, SYSTEM, "VA-1", entry, revision=revision, now=now, today=TODAY)


def notes(engine: Engine) -> list[str]:
    """What the notes of the office say, in their order."""
    with read_session(engine) as session:
        asked = select(CaseEvent.detail).where(CaseEvent.kind == EventKind.PROGRESS_NOTE).order_by(CaseEvent.id)
        return list(session.exec(asked))
