"""Difficulties of a file as they stood on a day: the open ones first."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models.changes.difficulties import DifficultyEntry, record_difficulty, settle_difficulty
from models.db import read_session, transaction
from models.enums import DifficultyKind
from models.queries.cases import case_file
from models.queries.difficulties import difficulties
from models.rules.access import SYSTEM
from tests import cast, make

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture
def recorded(engine: Engine) -> list[int]:
    """The ids of a difficulty of October, settled on 10 November, and of a proposal of November."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-09-01")])
    ids = []
    for text, day, kind in (
        ("Chậm giám định", date(2026, 10, 5), DifficultyKind.DIFFICULTY),
        ("Bổ sung kinh phí", date(2026, 11, 5), DifficultyKind.PROPOSAL),
    ):
        with transaction(engine) as session:
            entry = DifficultyEntry(kind, text, day)
            revision = case_file(session, SYSTEM, "VA-1", as_of=TODAY).revision
            row = record_difficulty(session, SYSTEM, "VA-1", entry, revision=revision, now=NOW, today=TODAY)
            ids.append(row.id or 0)
    with transaction(engine) as session:
        revision = case_file(session, SYSTEM, "VA-1", as_of=TODAY).revision
        settle_difficulty(
            session, SYSTEM, ids[0], answer="Đã có kết luận", settled_on=date(2026, 11, 10), revision=revision, now=NOW,
            today=TODAY,
        )  # fmt: skip
    return ids


def shown(engine: Engine, as_of: date, viewer=SYSTEM, code: str = "VA-1") -> list[tuple[str, date | None]]:
    with read_session(engine) as session:
        return [(row.text, row.settled_on) for row in difficulties(session, viewer, code, as_of=as_of)]


def test_the_open_ones_come_first(engine: Engine, recorded: list[int]) -> None:
    assert shown(engine, TODAY) == [("Bổ sung kinh phí", None), ("Chậm giám định", date(2026, 11, 10))]


@pytest.mark.parametrize(
    "day, expected",
    [
        (date(2026, 10, 4), []),
        (date(2026, 10, 5), [("Chậm giám định", None)]),
        (date(2026, 11, 9), [("Bổ sung kinh phí", None), ("Chậm giám định", None)]),
        (date(2026, 11, 10), [("Bổ sung kinh phí", None), ("Chậm giám định", date(2026, 11, 10))]),
    ],
)
def test_an_earlier_day_knows_neither_what_was_raised_nor_what_was_settled_later(engine, recorded, day, expected):
    assert shown(engine, day) == expected


def test_nobody_sees_those_of_a_file_that_is_closed_to_them(engine: Engine, recorded: list[int]) -> None:
    for viewer in cast.OUTSIDERS:
        assert shown(engine, TODAY, viewer) == []
    assert shown(engine, TODAY, code="VA-2") == []
