"""The board of deadlines as a workbook: who may take it away, and that it is written down without judging anew."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import select

from exports.deadlines import deadlines_file
from models.db import read_session, transaction
from models.errors import Forbidden
from models.queries.cases import CaseFilter, days_due
from models.queries.judged import is_fresh
from models.queries.limits import running_rules
from models.rules.access import Viewer
from models.tables import AuditEntry
from models.text import translator
from tests import cast, make
from tests.models.changes.test_judgements import scan

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)


def written(engine: Engine, viewer: Viewer, language: str = "vi") -> bytes:
    return deadlines_file(
        viewer, CaseFilter(), as_of=TODAY, sort="rule", about=["Tất cả"], t=translator(language), now=NOW, engine=engine
    )


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with transaction(engine) as session:
        for number in range(3):
            make.case(session, code=f"VA-{number}", title_en="A case", events=[("case_initiated", "2026-09-01")])
    scan(engine, TODAY)
    return engine


def test_taking_the_list_away_is_written_down_and_leaves_the_scan_as_it_is(filled: Engine) -> None:
    written(filled, cast.MEMBER)
    with read_session(filled) as session:
        (entry,) = session.exec(select(AuditEntry).where(AuditEntry.action == "export"))
        assert (entry.actor, entry.subject, entry.after) == (
            "uyvien", "export:liem-deadlines-2026-11-20.xlsx", '{"deadlines":3}',
        )  # fmt: skip
        assert is_fresh(session, TODAY)


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_export_is_refused_and_nothing_is_written_down(filled: Engine, viewer: Viewer) -> None:
    with pytest.raises(Forbidden):
        written(filled, viewer)
    with read_session(filled) as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "export")).first() is None


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_the_days_and_rules_of_the_board_are_those_of_files_the_viewer_may_see(filled: Engine, viewer: Viewer) -> None:
    with read_session(filled) as session:
        due = days_due(session, viewer, CaseFilter(), as_of=TODAY, most=2)
        rules = running_rules(session, viewer, as_of=TODAY)
    if viewer in cast.READERS:
        assert {day: ([row.code for row in page.rows], page.total) for day, page in due.items()} == {
            date(2026, 12, 1): (["VA-0", "VA-1"], 3)
        }
        assert rules == ["INV"]
    else:
        assert not due and not rules


@pytest.mark.parametrize(("language", "code", "title"), [("vi", "Mã số", "Vụ án"), ("en", "Code", "A case")])
def test_the_list_speaks_the_language_of_its_reader(filled: Engine, language: str, code: str, title: str) -> None:
    page = load_workbook(BytesIO(written(filled, cast.MEMBER, language))).worksheets[0]
    assert page["A1"].value == code and str(page["B2"].value).startswith(title)
