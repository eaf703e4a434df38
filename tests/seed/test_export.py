"""What is exported can be imported again, and nothing is lost or added."""

from datetime import date

import openpyxl
import pytest
from sqlmodel import col, select

from models.db import make_engine, read_session, transaction
from models.enums import EventKind
from models.errors import Forbidden
from models.rules.access import SYSTEM, Action, may
from models.tables import AuditEntry, CaseDetail
from seed import demo
from seed.cells import reader
from seed.columns import FORM, Sheet
from seed.export import export_fields, export_file, write_export
from seed.read import read_sheets
from seed.template import template_fields, write_template
from tests import cast, make
from tests.seed.books import NOW, TODAY, load


def sheets_of(path):
    """The rows of every sheet that holds facts."""
    return {page.name: page.rows for page in read_sheets(path) if page.name not in ("Hướng dẫn", "Danh sách chọn")}


def export(engine, path, viewer=SYSTEM):
    with read_session(engine) as session:
        write_export(session, viewer, path, today=TODAY)
    return path


@pytest.fixture
def province(engine):
    """The demo province: every kind of fact there is."""
    demo.fill(engine, today=TODAY, now=NOW)
    return engine


@pytest.fixture
def other(_sqlite_template, tmp_path):
    """A second, empty database."""
    import shutil

    shutil.copyfile(_sqlite_template, tmp_path / "other.db")
    made = make_engine(f"sqlite:///{tmp_path / 'other.db'}")
    yield made
    made.dispose()


def test_an_export_imported_into_an_empty_database_gives_the_same_export(province, other, tmp_path):
    first = sheets_of(export(province, tmp_path / "first.xlsx"))
    result = load(other, tmp_path / "first.xlsx")
    assert (result.errors, result.warnings) == ((), ())
    second = sheets_of(export(other, tmp_path / "second.xlsx"))
    assert first.keys() == second.keys()
    for name, rows in first.items():
        assert sorted(map(repr, rows)) == sorted(map(repr, second[name])), name
    assert min(map(len, first.values())) > 2


def test_an_export_imported_where_it_came_from_changes_nothing(province, tmp_path):
    result = load(province, export(province, tmp_path / "first.xlsx"))
    assert result.errors == ()
    assert result.batch_id is None
    assert result.counts["cases"]["changed"] == result.counts["tasks"]["changed"] == 0


def test_the_hardest_values_survive(engine, other, tmp_path):
    with transaction(engine) as session:
        make.case(
            session,
            code="=VA-1",
            title="=1+1",
            title_en="+cmd|' /C calc'!A0",
            notes='"quoted"; xuống\ndòng\tvà <b>&amp;</b> https://example.org',
            accused_count=0,
            events=[
                (EventKind.PROGRESS_NOTE, "2026-03", {"detail": "@SUM(A1)", "amount_vnd": 10**18}),
                (EventKind.PROGRESS_NOTE, "2026-03-01", {"detail": "0012", "document": "12/2025"}),
                (EventKind.INVESTIGATION_EXTENDED, "1990-01-01", {"length": "1y+2m", "body": "VKSND tỉnh"}),
            ],
            money=[
                ("secured", "2026-03-02", 10**18),
                ("recovered", "2026-03", 10**15 + 1, {"units": "16351.5", "unit": "m²"}),
            ],
        )
    first = sheets_of(export(engine, tmp_path / "first.xlsx"))
    assert load(other, tmp_path / "first.xlsx").errors == ()
    assert sheets_of(export(other, tmp_path / "second.xlsx")) == first
    with read_session(other) as session:
        detail = session.exec(select(CaseDetail)).one()
    assert (detail.title, detail.accused_count) == ("=1+1", 0)
    assert detail.notes == '"quoted"; xuống\ndòng\tvà <b>&amp;</b> https://example.org'


def test_nothing_in_an_export_is_a_formula_or_a_link(engine, tmp_path):
    with transaction(engine) as session:
        make.case(session, code="VA-1", title='=HYPERLINK("http://example.org")', notes="http://example.org")
    page = openpyxl.load_workbook(export(engine, tmp_path / "a.xlsx"))["Danh mục"]
    cells = [cell for row in page.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert cells
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_dates_are_real_and_months_are_texts(engine, tmp_path):
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02"), ("progress_note", "2026-04")])
    page = openpyxl.load_workbook(export(engine, tmp_path / "a.xlsx"))["Diễn biến"]
    first, second = (page.cell(row, 2).value for row in (2, 3))
    assert first.date() == date(2026, 3, 2)
    assert second == "04/2026"


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_only_who_may_export_exports(engine, viewer, tmp_path):
    with transaction(engine) as session:
        make.case(session, code="VA-1")
    if may(viewer, Action.EXPORT):
        assert export_file(tmp_path / "a.xlsx", viewer, now=NOW, today=TODAY, engine=engine)["cases"] == 1
        with read_session(engine) as session:
            last = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        assert last is not None
        assert (last.action, last.actor) == ("export", viewer.name)
    else:
        with pytest.raises(Forbidden):
            export_file(tmp_path / "a.xlsx", viewer, now=NOW, today=TODAY, engine=engine)
        assert not (tmp_path / "a.xlsx").exists()


HEADINGS_ONLY = "It holds headings only, no row; nothing is read."


def reasons(result):
    return [finding.reason.text for finding in result.warnings]


def test_an_empty_database_exports_an_importable_workbook(engine, tmp_path):
    result = load(engine, export(engine, tmp_path / "a.xlsx"))
    assert (result.errors, reasons(result), result.batch_id) == ((), [HEADINGS_ONLY], None)


# --- the template --------------------------------------------------------------------------------------------------


def test_the_empty_template_imports_as_nothing(engine, tmp_path):
    write_template(tmp_path / "a.xlsx")
    result = load(engine, tmp_path / "a.xlsx")
    assert (result.errors, reasons(result), result.batch_id) == ((), [HEADINGS_ONLY], None)


def test_the_template_has_its_sheets_with_frozen_heads_lists_and_notes(tmp_path):
    write_template(tmp_path / "a.xlsx")
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert made.sheetnames[:5] == ["Danh mục", "Diễn biến", "Tài sản", "Nhiệm vụ", "Phối hợp"]
    for name in made.sheetnames[:5]:
        page = made[name]
        assert page.freeze_panes == "C2"
        assert page.data_validations.dataValidation
        assert any(cell.comment for cell in page[1])


def test_each_term_that_the_template_offers_is_read(tmp_path):
    write_template(tmp_path / "a.xlsx")
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    lists = made["Danh sách chọn"]
    offered = 0
    for sheet in (Sheet.CASES, Sheet.EVENTS, Sheet.MONEY, Sheet.TASKS):
        fields = template_fields(sheet)
        for rule in made[FORM[sheet].names[0]].data_validations.dataValidation:
            field = fields[next(iter(rule.sqref.ranges)).min_col - 1]
            column = rule.formula1.split("$")[1]
            read = reader(field, scale=1, today=TODAY)
            terms = [cell.value for cell in lists[column] if cell.value]
            assert all(read(term) for term in terms)
            offered += len(terms)
    assert offered > 80


def test_a_filled_template_imports(engine, tmp_path):
    write_template(tmp_path / "a.xlsx")
    made = openpyxl.load_workbook(tmp_path / "a.xlsx")
    columns = {field.name: index for index, field in enumerate(template_fields(Sheet.CASES), start=1)}
    page = made["Danh mục"]
    for name, value in {
        "code": "VA-1",
        "title": "Vụ án A",
        "kind": "Vụ án",
        "damage": 5,
        "categories": "Lãng phí",
    }.items():
        page.cell(2, columns[name]).value = value
    made.save(tmp_path / "a.xlsx")
    result = load(engine, tmp_path / "a.xlsx")
    assert (result.errors, result.counts["cases"]["new"], result.counts["entries"]["new"]) == ((), 1, 1)


def test_the_export_has_every_column_of_the_template_but_undated_money():
    money = {"damage", "appropriated", "must_recover", "secured", "recovered"}
    for sheet in (Sheet.CASES, Sheet.EVENTS, Sheet.MONEY, Sheet.TASKS):
        missing = {field.name for field in template_fields(sheet)} - {field.name for field in export_fields(sheet)}
        assert missing == (money if sheet is Sheet.CASES else set())
