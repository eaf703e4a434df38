"""The yearly notice as a table: read strictly, all or nothing, every refusal with its row and column."""

from datetime import date, datetime

import pytest
from openpyxl import Workbook

from models.changes.calendar import DayDraft
from models.enums import DayKind
from seed.notice import fixed_days, read_notice, write_notice_form
from seed.read import read_sheets

HEAD = ["Ngày", "Loại", "Tên ngày"]
ROWS = [
    ["01/01/2028", "Nghỉ lễ, tết", "Tết Dương lịch"],
    ["25/1/2028", "nghỉ tết", "Tết Nguyên đán"],
    ["2028-04-30", "holiday", "Ngày Chiến thắng"],
    [datetime(2028, 5, 1), "Public holiday", "Quốc tế Lao động"],  # noqa: DTZ001  (Excel has no zones)
    ["02/05/2028", "Nghỉ bù", "Nghỉ bù 30/4"],
    ["05/05/2028", "nghỉ hoán đổi", "Nghỉ hoán đổi"],
    ["13/05/2028", "LÀM BÙ", "Làm bù"],
    ["02/09/2028", "Nghỉ lễ, tết", "Quốc khánh"],
]
KINDS = [
    DayKind.HOLIDAY, DayKind.HOLIDAY, DayKind.HOLIDAY, DayKind.HOLIDAY, DayKind.COMPENSATION, DayKind.SWAP_OFF,
    DayKind.SWAP_WORK, DayKind.HOLIDAY,
]  # fmt: skip


def workbook(path, rows=ROWS, head=HEAD, titles=()):
    book = Workbook()
    for row in [*titles, head, *rows]:
        book.active.append(row)
    book.save(path)
    return path


def changed(at, column, value):
    return [[*row[:column], value, *row[column + 1 :]] if number == at else row for number, row in enumerate(ROWS)]


def refused(notice):
    return [(each.row, each.column, each.value, each.reason.english()) for each in notice.errors]


def test_a_workbook_with_titles_above_and_vietnamese_terms_is_read(tmp_path):
    notice = read_notice(workbook(tmp_path / "tb.xlsx", titles=[["THÔNG BÁO"], []]), year=2028)
    assert notice.errors == []
    assert [day.kind for day in notice.days] == KINDS
    assert notice.days[1] == DayDraft(date(2028, 1, 25), DayKind.HOLIDAY, "Tết Nguyên đán")


def test_a_csv_table_with_our_own_names_and_semicolons_is_read(tmp_path):
    path = tmp_path / "notice.csv"
    lines = ["date;kind;name_vi;name_en;note"]
    lines += [f"{row[0]:%Y-%m-%d}" if isinstance(row[0], datetime) else row[0] for row in ROWS]
    lines[1:] = [f"{day};{row[1]};{row[2]};;" for day, row in zip(lines[1:], ROWS, strict=True)]
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    notice = read_notice(path, year=2028)
    assert notice.errors == [] and [day.kind for day in notice.days] == KINDS


@pytest.mark.parametrize(
    ("rows", "row", "column", "said"),
    [
        (changed(1, 0, "32/01/2028"), 3, "Ngày", "no such day"),
        (changed(1, 0, "01/2028"), 3, "Ngày", "exact day"),
        (changed(1, 0, ""), 3, "Ngày", "must be filled in"),
        (changed(1, 0, "25/01/2027"), 3, "Ngày", "does not lie in 2028"),
        (changed(1, 0, "01/01/2028"), 3, "Ngày", "stands in row 2 too"),
        (changed(1, 1, "nghỉ mát"), 3, "Loại", "Unknown kind of day"),
        (changed(1, 2, ""), 3, "Tên ngày", "must be filled in"),
        (changed(1, 2, "x" * 201), 3, "Tên ngày", "201 characters"),
        (changed(6, 0, "12/05/2028"), 8, "Ngày", "worked anyway"),
        (changed(4, 0, "06/05/2028"), 6, "Ngày", "day off anyway"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named_with_its_row_and_column(tmp_path, rows, row, column, said):
    found = refused(read_notice(workbook(tmp_path / "tb.xlsx", rows), year=2028))
    assert [(each[0], each[1]) for each in found] == [(row, column)]
    assert said.lower() in found[0][3].lower()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS[:-1], "02/09/2028 is a public holiday"),
        ([row for row in ROWS if row[1] != "LÀM BÙ"], "no worked Saturday"),
        ([], "is a public holiday"),
    ],
)
def test_a_list_that_is_not_the_whole_year_is_refused(tmp_path, rows, said):
    notice = read_notice(workbook(tmp_path / "tb.xlsx", rows), year=2028)
    assert said in refused(notice)[0][3]


def test_a_note_says_why_a_day_off_has_no_worked_day(tmp_path):
    rows = [[*row, "theo quyết định riêng" if row[1] == "nghỉ hoán đổi" else ""] for row in ROWS if row[1] != "LÀM BÙ"]
    notice = read_notice(workbook(tmp_path / "tb.xlsx", rows, [*HEAD, "Ghi chú"]), year=2028)
    assert notice.errors == []


def test_a_column_nobody_knows_is_refused_and_one_that_is_not_needed_is_not(tmp_path):
    rows = [[*row, "x", number] for number, row in enumerate(ROWS)]
    notice = read_notice(workbook(tmp_path / "tb.xlsx", rows, [*HEAD, "Mã vùng", "STT"]), year=2028)
    assert [each[:2] for each in refused(notice)] == [(2, "Mã vùng")]


def test_all_faults_are_named_at_once(tmp_path):
    rows = changed(1, 0, "x")
    rows[2] = [rows[2][0], "y", rows[2][2]]
    assert len(read_notice(workbook(tmp_path / "tb.xlsx", rows), year=2028).errors) == 2


@pytest.mark.parametrize("name", ["broken.xlsx", "text.csv"])
def test_a_file_that_is_no_table_of_days_is_refused_in_a_sentence(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"not a table at all")
    [error] = read_notice(path, year=2028).errors
    assert error.reason.english()


def test_two_lists_in_one_workbook_are_refused(tmp_path):
    book = Workbook()
    for sheet in (book.active, book.create_sheet("khác")):
        sheet.append(HEAD)
        sheet.append(["01/01/2028", "lễ", "Tết Dương lịch"])
    book.save(tmp_path / "tb.xlsx")
    [error] = read_notice(tmp_path / "tb.xlsx", year=2028).errors
    assert "Two sheets" in error.reason.english()


def test_the_form_holds_the_holidays_of_fixed_date_and_can_be_read_again(tmp_path):
    known = [
        DayDraft(date(2027, 1, 1), DayKind.HOLIDAY, "Tết Dương lịch", "New Year's Day"),
        DayDraft(date(2027, 2, 6), DayKind.HOLIDAY, "Tết Nguyên đán"),
        DayDraft(date(2027, 9, 2), DayKind.HOLIDAY, "Quốc khánh"),
    ]
    assert [day.day for day in fixed_days(2028, known)] == [date(2028, 1, 1), date(2028, 9, 2)]
    write_notice_form(tmp_path / "form.xlsx", 2028, known)
    assert len(read_sheets(tmp_path / "form.xlsx")[0].rows) == 3
    notice = read_notice(tmp_path / "form.xlsx", year=2028)
    assert [(day.day, day.name_en) for day in notice.days][0] == (date(2028, 1, 1), "New Year's Day")
    assert "30/04/2028" in notice.errors[0].reason.english()  # a help, not the notice: the list is not whole yet
