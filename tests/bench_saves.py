"""What the bench saves on screen beside an event and a new file: one of each kind."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import select

from models.changes.accused import AccusedEntry, add_accused
from models.changes.attachments import Document, attach
from models.changes.coordination import RequestDraft, send_request
from models.changes.difficulties import DifficultyEntry, record_difficulty
from models.changes.events import EventEntry, replace_event, retract_event
from models.changes.joins import merge_files
from models.changes.money import LedgerEntry, record_entry
from models.changes.sessions import SessionGiven, plan_session
from models.changes.supervision import DecisionEntry, ProposalEntry, decide, propose
from models.changes.tasks import TaskGiven, new_task
from models.db import Session
from models.enums import (
    AccusedStatus,
    CoordinationKind,
    DifficultyKind,
    EntryKind,
    EventKind,
    Quantity,
    SessionKind,
    SupervisionGround,
    SupervisionOutcome,
    SupervisionStep,
    TaskOrigin,
)
from models.rules.access import SYSTEM
from models.tables import Agency, Case, CaseEvent

NOW, TODAY = datetime(2026, 11, 21, 3, tzinfo=UTC), date(2026, 11, 21)
Save = Callable[[Session, str, dict[str, Any]], object]


def other_saves() -> Iterator[tuple[str, Save]]:
    """Every other kind of save: what it is called, and the save about the file of a code."""
    at: Any = {"now": NOW, "today": TODAY}

    def event_of(session: Session, code: str) -> int:
        return session.exec(select(CaseEvent.id).join(Case).where(Case.code == code).limit(1)).one() or 0

    def correction(session: Session, code: str, about: dict[str, Any]) -> None:
        id = event_of(session, code)
        entry = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="Ghi lại")
        replace_event(session, SYSTEM, id, entry, reason="Ghi nhầm", **about)

    def merger(session: Session, code: str, about: dict[str, Any]) -> None:
        into = f"VA-{int(code.removeprefix('VA-')) // 2:06}"
        merge_files(session, SYSTEM, code, into, happened_on=TODAY, document="Số 1", **about)

    def decision(session: Session, code: str, about: dict[str, Any]) -> None:
        proposal = ProposalEntry(SupervisionStep.PLACE, SupervisionGround.PUBLIC_CONCERN, TODAY, "Ban Nội chính")
        made = propose(session, SYSTEM, code, proposal, **about)
        entry = DecisionEntry(SupervisionOutcome.REFUSED, TODAY, decision="Số 1", note="Chưa cần")
        decide(session, SYSTEM, made.id or 0, entry, **{**about, "revision": about["revision"] + 1})

    def task(session: Session, code: str, about: dict[str, Any]) -> None:
        lead = session.exec(select(Agency.code).order_by(Agency.code).limit(1)).one()
        given = TaskGiven(
            content="Đôn đốc", assigned_on=TODAY, origin=TaskOrigin.OTHER, lead_agency=lead, case_code=code
        )
        new_task(session, SYSTEM, given, **at)

    def request(session: Session, code: str, about: dict[str, Any]) -> None:
        asks, asked = session.exec(select(Agency.code).order_by(Agency.code).limit(2)).all()
        draft = RequestDraft(
            asks=asks, asked=asked, kind=CoordinationKind.DOCUMENT, subject="Sao kê", sent_on=TODAY, case_code=code
        )
        send_request(session, SYSTEM, draft, **at)

    yield (
        "money",
        lambda session, code, about: record_entry(
            session, SYSTEM, code, LedgerEntry(Quantity.RECOVERED, EntryKind.MOVEMENT, 1_000_000, TODAY), **about
        ),
    )
    yield (
        "accused",
        lambda session, code, about: add_accused(
            session, SYSTEM, code, AccusedEntry("BC-77", AccusedStatus.CHARGED, TODAY), **about
        ),
    )
    yield (
        "difficulty",
        lambda session, code, about: record_difficulty(
            session, SYSTEM, code, DifficultyEntry(DifficultyKind.DIFFICULTY, "Chậm giám định", TODAY), **about
        ),
    )
    yield "task", task
    yield (
        "session",
        lambda session, code, about: plan_session(
            session, SYSTEM, SessionGiven(SessionKind.STANDING, "2025-2030", TODAY), **at
        ),
    )
    yield "coordination request", request
    yield "correction of an event", correction
    yield "proposal and decision", decision
    yield (
        "retraction of an event",
        lambda session, code, about: retract_event(
            session, SYSTEM, event_of(session, code), reason="Nhập nhầm vụ", **about
        ),
    )
    yield "merger of two files", merger
    yield (
        "document without a file",
        lambda session, code, about: attach(
            session, SYSTEM, code, Document(number="12/KLĐT", title="Kết luận điều tra", dated_on=TODAY), **at
        ),
    )
