"""Lists of the screen as workbooks: real days and numbers, filters, a head that stays, and nothing that can run."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine
from sqlmodel import select

from exports.lists import files_list, money_list, requests_list, tasks_list
from models.db import read_session, transaction
from models.enums import AgencyKind, Kind
from models.errors import Forbidden
from models.queries.cases import CaseFilter
from models.rules.access import Viewer
from models.tables import AuditEntry
from models.text import translator
from tests import cast, make

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 5, tzinfo=UTC)
EVERY = CaseFilter()
HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "http://example.test/a", "{=A1}")


@pytest.fixture
def filled(engine: Engine) -> Engine:
    with transaction(engine) as session:
        police = make.agency(session, kind=AgencyKind.POLICE)
        for number, title in enumerate(HOSTILE):
            case = make.case(
                session, code=f"VA-{number}", title=title, events=[("case_initiated", "2026-09-01")],
                money=[("must_recover", "2026-09-02", 1_000_000), ("recovered", "2026-09-03", 295_000)],
            )  # fmt: skip
            make.task(
                session, code=f"NV-{number}", content=title, case=case, lead=police,
                assigned_on=date(2026, 10, 1), due_on=date(2026, 11, 1),
            )  # fmt: skip
            make.request(session, code=f"PH-{number}", subject=title, case=case)
        make.case(session, code="VV-1", kind=Kind.INCIDENT, events=[("inspection_opened", "2026-09-01")])
    return engine


def files(engine: Engine, viewer: Viewer, wanted: CaseFilter = EVERY, language: str = "vi") -> bytes:
    t = translator(language)
    return files_list(viewer, wanted, as_of=TODAY, sort="code", about=["Tất cả"], t=t, now=NOW, engine=engine)


def tasks(engine: Engine, viewer: Viewer) -> bytes:
    return tasks_list(viewer, as_of=TODAY, about=[], t=translator("vi"), now=NOW, engine=engine)


def money(engine: Engine, viewer: Viewer) -> bytes:
    return money_list(viewer, as_of=TODAY, t=translator("vi"), now=NOW, engine=engine)


def requests(engine: Engine, viewer: Viewer) -> bytes:
    return requests_list(viewer, as_of=TODAY, about=[], t=translator("vi"), now=NOW, engine=engine)


LISTS = [files, tasks, money, requests]


@pytest.mark.parametrize("make_list", LISTS)
def test_a_list_has_a_filter_a_head_that_stays_and_no_formula_or_link(filled: Engine, make_list) -> None:
    book = load_workbook(BytesIO(make_list(filled, cast.SECRETARIAT)))
    page = book.worksheets[0]
    assert page.freeze_panes == "C2"
    assert page.auto_filter.ref == f"A1:{page.cell(1, page.max_column).coordinate[:-1]}{page.max_row}"
    texts = [cell for row in page.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
    assert {cell.data_type for cell in texts} == {"s"} and not any(cell.hyperlink for cell in texts)
    assert set(HOSTILE) <= {cell.value for cell in texts}


def test_days_are_days_and_amounts_are_numbers(filled: Engine) -> None:
    task = load_workbook(BytesIO(tasks(filled, cast.MEMBER))).worksheets[0]
    heads = [cell.value for cell in task[1]]
    row = dict(zip(heads, task[2], strict=True))
    due = row["Thời hạn"]
    assert due.value == datetime(2026, 11, 1) and due.number_format == "dd/mm/yyyy"  # noqa: DTZ001
    amounts = load_workbook(BytesIO(money(filled, cast.MEMBER))).worksheets[0]
    assert [amounts.cell(2, column).value for column in (4, 7, 8, 9)] == [1_000_000, 295_000, 705_000, 0.295]
    assert amounts.cell(2, 4).number_format == "#,##0" and amounts.cell(2, 9).number_format == "0.0%"
    assert amounts.cell(2, 3).value is None  # an amount nobody knows is not zero


def test_only_what_the_filter_shows_is_in_it(filled: Engine) -> None:
    page = load_workbook(BytesIO(files(filled, cast.MEMBER, CaseFilter(kind=Kind.INCIDENT)))).worksheets[0]
    assert [row[0].value for row in page.iter_rows(min_row=2)] == ["VV-1"]


@pytest.mark.parametrize("make_list", LISTS)
@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_export_is_refused(filled: Engine, make_list, viewer: Viewer) -> None:
    with pytest.raises(Forbidden):
        make_list(filled, viewer)


def test_each_list_taken_away_leaves_a_row_on_the_chain(filled: Engine) -> None:
    for make_list in LISTS:
        make_list(filled, cast.MEMBER)
    with read_session(filled) as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.action == "export").order_by("id")).all()
    assert [entry.after for entry in found] == ['{"files":7}', '{"tasks":6}', '{"assets":6}', '{"coordination":6}']


def test_the_columns_speak_the_reader_s_language(filled: Engine) -> None:
    vi, en = (load_workbook(BytesIO(files(filled, cast.MEMBER, language=each))).worksheets[0] for each in ("vi", "en"))
    assert (vi["A1"].value, en["A1"].value) == ("Mã số", "Code")
