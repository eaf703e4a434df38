"""A sheet whose headings differ from ours is read as a person said once, and that may be remembered."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from models.changes.heading_maps import forget_headings, remember_headings
from models.db import read_session, transaction
from models.errors import Forbidden, NotFound
from models.queries.imports import remembered_headings
from models.rules.access import SYSTEM
from models.rules.words import Refusal
from models.tables import AuditEntry, CaseDetail, CaseEvent, HeadingMap, MoneyEntry
from seed.columns import Sheet
from seed.headings import OURS, Headings, seen_sheets
from seed.load import import_file
from seed.read import RawSheet, read_sheets
from tests import cast
from tests.seed.books import NOW, TODAY, book

LATER = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LIST = [["BÁO CÁO THÁNG 10"], ["STT", "Số hồ sơ", "Trích yếu vụ án", "Tiền thiệt hại (triệu đồng)", "Điều tra viên"],
        [1, "VA-1", "Vụ án A", 2, "x"]]  # fmt: skip
STEPS = [["Số hồ sơ", "Ngày", "Việc đã làm", "Nội dung"], ["VA-1", "02/03/2026", "Khởi tố vụ án", "QĐ số 1"]]
POLICE = Headings(
    {"bao cao": Sheet.CASES, "viec": Sheet.EVENTS},
    {
        (Sheet.CASES, "so ho so"): "code",
        (Sheet.CASES, "trich yeu vu an"): "title",
        (Sheet.CASES, "tien thiet hai"): "damage",
        (Sheet.CASES, "dieu tra vien"): "",
        (Sheet.EVENTS, "so ho so"): "code",
        (Sheet.EVENTS, "viec da lam"): "event",
    },
)


@pytest.fixture
def workbook(tmp_path):
    return book(tmp_path / "thang10.xlsx", **{"Báo cáo": LIST, "Việc": STEPS})


def current(engine, table):
    with read_session(engine) as session:
        return list(session.exec(select(table).where(col(table.retracted_at).is_(None))))


def load(engine, path, headings, **more):
    return import_file(path, SYSTEM, now=NOW, today=TODAY, engine=engine, headings=headings, **more)


def test_without_being_taught_nothing_is_read(engine, workbook):
    result = load(engine, workbook, OURS)
    assert not result.applied and "No sheet has a known name" in result.errors[0].reason.english()


def test_what_was_taught_is_read_as_ours_is(engine, workbook):
    result = load(engine, workbook, POLICE)
    assert result.applied and result.errors == result.warnings == ()
    assert [row.title for row in current(engine, CaseDetail)] == ["Vụ án A"]
    assert [(row.kind, row.happened_on, row.detail) for row in current(engine, CaseEvent)] == [
        ("case_initiated", date(2026, 3, 2), "QĐ số 1")
    ]
    assert [row.amount_vnd for row in current(engine, MoneyEntry)] == [2_000_000]  # the unit stays in the heading


def test_a_column_that_is_not_left_out_knowingly_is_a_warning(engine, workbook):
    kept = {key: name for key, name in POLICE.fields.items() if name}
    result = load(engine, workbook, Headings(POLICE.sheets, kept))
    assert [(finding.column, finding.value) for finding in result.warnings] == [("Điều tra viên", "x")]


def test_a_heading_that_is_taught_goes_before_ours(engine, tmp_path):
    rows = [["Mã vụ", "Ngày", "Sự kiện", "Nội dung"], ["VA-1", "02/03/2026", "QĐ số 1", "Khởi tố vụ án"]]
    path = book(tmp_path / "b.xlsx", cases=[["Mã vụ", "Tên vụ án"], ["VA-1", "A"]], events=rows)
    taught = Headings({}, {(Sheet.EVENTS, "noi dung"): "event", (Sheet.EVENTS, "su kien"): "detail"})
    assert load(engine, path, taught).applied
    assert [(row.kind, row.detail) for row in current(engine, CaseEvent)] == [("case_initiated", "QĐ số 1")]


def test_a_person_is_shown_each_heading_with_an_example(workbook):
    seen = seen_sheets(read_sheets(workbook))
    assert [(sheet.name, sheet.sheet) for sheet in seen] == [("Báo cáo", None), ("Việc", None)]
    assert [(column.heading, column.example) for column in seen[0].columns] == [
        ("Số hồ sơ", "VA-1"), ("Trích yếu vụ án", "Vụ án A"), ("Tiền thiệt hại (triệu đồng)", "2"),
        ("Điều tra viên", "x"),
    ]  # fmt: skip
    known = seen_sheets(read_sheets(workbook), POLICE)
    assert [[column.field for column in sheet.columns] for sheet in known] == [
        ["code", "title", "damage", ""], ["code", "happened_on", "event", "detail"],
    ]  # fmt: skip


def test_headings_fit_only_the_workbook_that_has_all_of_them(workbook, tmp_path):
    assert POLICE.fits(read_sheets(workbook))
    assert not OURS.fits(read_sheets(workbook))
    other = book(tmp_path / "other.xlsx", **{"Báo cáo": LIST})
    assert not POLICE.fits(read_sheets(other))
    renamed = [RawSheet(sheet.name, [["Khác"]]) for sheet in read_sheets(workbook)]
    assert not POLICE.fits(renamed)


def test_what_is_stored_comes_back_and_unknown_names_are_left_away():
    sheets, fields = POLICE.as_stored()
    assert Headings.from_stored(sheets, fields) == POLICE
    stale = Headings.from_stored({**sheets, "x": "gone"}, {**fields, "cases": {**fields["cases"], "y": "gone"}})
    assert stale == POLICE


def test_headings_are_remembered_under_a_name_changed_and_forgotten(engine):
    sheets, fields = POLICE.as_stored()
    with transaction(engine) as session:
        remember_headings(session, SYSTEM, " Công an tỉnh ", sheets=sheets, fields=fields, now=NOW)
    with transaction(engine) as session:
        remember_headings(session, SYSTEM, "Công an tỉnh", sheets={}, fields=fields, now=LATER)
    with read_session(engine) as session:
        assert [(row.name, row.sheets) for row in remembered_headings(session, SYSTEM)] == [("Công an tỉnh", {})]
        assert len(session.exec(select(HeadingMap)).all()) == 2  # the earlier version is kept
    with transaction(engine) as session:
        forget_headings(session, SYSTEM, "Công an tỉnh", now=LATER)
    with read_session(engine) as session:
        assert remembered_headings(session, SYSTEM) == []
        actions = [entry.action for entry in session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))]
        assert actions[-3:] == ["headings_remembered", "headings_remembered", "headings_forgotten"]


def test_a_name_is_needed_and_only_who_records_may_remember(engine):
    with transaction(engine) as session:
        for name in ("", " \u200b ", "x" * 121):
            with pytest.raises(Refusal):
                remember_headings(session, SYSTEM, name, sheets={}, fields={}, now=NOW)
        with pytest.raises(Forbidden):
            remember_headings(session, cast.MEMBER, "a", sheets={}, fields={}, now=NOW)
        with pytest.raises(NotFound):
            forget_headings(session, SYSTEM, "a", now=NOW)
