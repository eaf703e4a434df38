"""A difficulty is raised, answered and settled; every version stays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes.difficulties import (
    DifficultyEntry,
    record_difficulty,
    replace_difficulty,
    retract_difficulty,
    settle_difficulty,
)
from models.db import read_session, transaction
from models.enums import DifficultyKind
from models.errors import FieldErrors, Forbidden, NotFound, StaleCase
from models.rules.access import SYSTEM, Viewer
from models.tables import AuditEntry, Case, Difficulty
from tests import cast, make

NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TODAY = date(2026, 11, 6)
WAITING = DifficultyEntry(
    DifficultyKind.DIFFICULTY, "Chưa có kết luận định giá quyền sử dụng đất", date(2026, 10, 12),
    raised_by="Cơ quan Cảnh sát điều tra", addressed_to="Hội đồng định giá tài sản tỉnh",
)  # fmt: skip


@pytest.fixture
def file(engine: Engine) -> Engine:
    """File VA-1, and an agency that is asked."""
    with transaction(engine) as session:
        make.case(session, code="VA-1")
        make.agency(session, code="HDDG-T", name_vi="Hội đồng định giá tài sản tỉnh")
    return engine


def revision(engine: Engine) -> int:
    with read_session(engine) as session:
        return session.exec(select(Case.revision)).one()


def record(engine: Engine, entry: DifficultyEntry = WAITING, viewer: Viewer = SYSTEM) -> int:
    at = revision(engine)
    with transaction(engine) as session:
        return record_difficulty(session, viewer, "VA-1", entry, revision=at, now=NOW, today=TODAY).id or 0


def rows(engine: Engine) -> list[Difficulty]:
    with read_session(engine) as session:
        return list(session.exec(select(Difficulty).order_by(col(Difficulty.id))))


def test_a_difficulty_is_addressed_to_an_agency_of_the_list_and_settled_with_an_answer(file: Engine) -> None:
    raised = record(file)
    with transaction(file) as session:
        settle_difficulty(
            session, SYSTEM, raised, answer="Đã có kết luận", settled_on=TODAY, revision=revision(file), now=LATER,
            today=TODAY,
        )  # fmt: skip
    old, new = rows(file)
    assert old.addressed_to_id is not None
    assert (old.settled_on, old.retracted_at) == (None, LATER)
    assert (new.answer, new.settled_on, new.text, new.replaces_id) == ("Đã có kết luận", TODAY, WAITING.text, raised)
    with read_session(file) as session:
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.subject == "case:VA-1")).all()
    assert actions == ["difficulty_recorded", "difficulty_settled"]


def test_a_difficulty_is_corrected_and_taken_back_with_a_reason(file: Engine) -> None:
    raised = record(file)
    with transaction(file) as session:
        new = replace_difficulty(
            session, SYSTEM, raised, replace(WAITING, kind=DifficultyKind.PROPOSAL), reason="Là kiến nghị",
            revision=revision(file), now=LATER, today=TODAY,
        )  # fmt: skip
        changed = new.id or 0
    with pytest.raises(NotFound), transaction(file) as session:
        retract_difficulty(session, SYSTEM, raised, reason="x", revision=revision(file), now=LATER, today=TODAY)
    with transaction(file) as session:
        retract_difficulty(session, SYSTEM, changed, reason="Nhầm vụ", revision=revision(file), now=LATER, today=TODAY)
    assert [row.retract_reason for row in rows(file)] == ["Là kiến nghị", "Nhầm vụ"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text": " \n"}, "text"), ({"text": "x" * 2001}, "text"), ({"raised_on": date(2026, 11, 7)}, "raised_on"),
        ({"settled_on": date(2026, 10, 11)}, "settled_on"), ({"settled_on": date(2026, 11, 7)}, "settled_on"),
        ({"addressed_to_id": 4711}, "addressed_to_id"), ({"answer": "x" * 2001}, "answer"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(file: Engine, changed: dict[str, object], field: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        record(file, replace(WAITING, **changed))
    assert refused.value.fields.keys() == {field}
    assert rows(file) == []


def test_it_is_recorded_once_by_the_secretariat_on_what_it_was_shown(file: Engine) -> None:
    stale = revision(file)
    raised = record(file)
    with pytest.raises(FieldErrors, match="recorded already"):
        record(file)
    with pytest.raises(StaleCase), transaction(file) as session:
        settle_difficulty(session, SYSTEM, raised, answer="x", settled_on=TODAY, revision=stale, now=LATER, today=TODAY)
    with pytest.raises(FieldErrors) as refused, transaction(file) as session:
        settle_difficulty(
            session, SYSTEM, raised, answer=" ", settled_on=TODAY, revision=revision(file), now=LATER, today=TODAY
        )
    assert refused.value.fields.keys() == {"answer"}
    for viewer in (cast.MEMBER, cast.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            record(file, viewer=viewer)
