"""Sheets and headings: what is recognised, what is reported, what stops the import."""

from dataclasses import replace
from typing import Any

import pytest

from models.enums import EntryKind, EventKind, Kind, Quantity, SessionKind, Severity
from seed.columns import FORM, Sheet, sheet_form, unit_of
from seed.parse import parse
from seed.read import RawSheet, read_sheets
from seed.tables import Parsed, letters
from tests.seed.books import SAMPLE, TODAY

LIST = [["Mã vụ", "Tên vụ án"], ["VA-1", "Vụ án A"]]


def read(**sheets: list[list[Any]]) -> Parsed:
    names = {"cases": "Danh mục", "events": "Diễn biến", "money": "Tài sản", "tasks": "Nhiệm vụ"}
    return parse([RawSheet(names.get(name, name), rows) for name, rows in sheets.items()], today=TODAY, term="T")


def errors(parsed: Parsed) -> list[tuple[str, int | None, str, str]]:
    return [(finding.sheet, finding.row, finding.column, finding.value) for finding in parsed.errors]


def only_case(parsed: Parsed) -> Any:
    assert parsed.errors == []
    (draft,) = parsed.drafts.cases
    return draft


# --- sheets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sheet"),
    [
        ("Danh mục", Sheet.CASES), ("DS vụ án", Sheet.CASES), ("Vụ án, vụ việc", Sheet.CASES), ("Cases", Sheet.CASES),
        ("DANH MUC", Sheet.CASES), (" danh  mục ", Sheet.CASES), ("Diễn biến", Sheet.EVENTS),
        ("Tiến độ", Sheet.EVENTS), ("Events", Sheet.EVENTS), ("Tài sản", Sheet.MONEY), ("Assets", Sheet.MONEY),
        ("Nhiệm vụ", Sheet.TASKS), ("Tasks", Sheet.TASKS),
    ],
)  # fmt: skip
def test_sheets_are_known_by_these_names(name, sheet):
    form = sheet_form(name)
    assert form is not None
    assert form.sheet is sheet


def test_no_known_sheet_stops_the_import():
    assert errors(read(Sheet1=LIST)) == [("", None, "", "")]


def test_an_unknown_sheet_beside_known_ones_is_a_warning_if_it_holds_data():
    parsed = read(cases=LIST, Khac=[["x"]], Trong=[[], ["", None]])
    assert [finding.sheet for finding in parsed.warnings] == ["Khac"]


def test_two_sheets_of_one_kind_stop_the_import():
    assert errors(read(cases=LIST, Cases=LIST)) == [("Cases", None, "", "")]


def test_an_empty_known_sheet_says_nothing():
    parsed = read(cases=LIST, events=[])
    assert (parsed.errors, parsed.warnings) == ([], [])


def test_a_known_sheet_with_data_but_without_headings_stops_the_import():
    assert errors(read(cases=[["a", "b"], ["VA-1", "Vụ án A"]])) == [("Danh mục", None, "", "")]


# --- headings ------------------------------------------------------------------------------------------------------

KNOWN = {
    "code": ["Mã vụ", "Mã số", "Mã vụ án", "Code", "case_code"],
    "title": ["Tên vụ án, vụ việc", "Tên vụ án", "Tên vụ", "Title", "title_vi"],
    "title_en": ["Tên tiếng Anh"],
    "kind": ["Loại", "Phân loại"],
    "categories": ["Tính chất", "Nhóm"],
    "locality": ["Địa bàn", "Địa phương", "Tỉnh, thành phố", "province"],
    "sector": ["Lĩnh vực"],
    "level": ["Cấp"],
    "offence_articles": ["Điều luật", "Điều BLHS", "Tội danh"],
    "severity": ["Loại tội phạm", "Mức độ", "severity_max"],
    "accused_count": ["Số bị can", "Bị can", "Số bị cáo", "defendants_count"],
    "damage": ["Thiệt hại"],
    "appropriated": ["Chiếm đoạt"],
    "must_recover": ["Phải thu hồi", "Phải thi hành"],
    "secured": ["Kê biên, phong tỏa", "Tạm giữ, kê biên"],
    "recovered": ["Đã thu hồi", "Đã thi hành"],
    "lead_agency": ["Cơ quan thụ lý", "Cơ quan đang thụ lý"],
    "supervised_by": ["Diện theo dõi"],
    "supervised_from": ["Ngày đưa vào diện"],
    "source": ["Nguồn"],
    "notes": ["Ghi chú"],
}
KNOWN_EVENT = {
    "happened_on": ["Ngày", "Ngày tháng", "Thời gian"],
    "event": ["Sự kiện", "Nội dung tiến độ"],
    "detail": ["Nội dung", "Chi tiết"],
    "amount_vnd": ["Số tiền"],
    "document": ["Số văn bản", "document"],
    "length": ["Thời hạn gia hạn", "length"],
}


@pytest.mark.parametrize(
    ("sheet", "field", "heading"),
    [(Sheet.CASES, field, heading) for field, headings in KNOWN.items() for heading in headings]
    + [(Sheet.EVENTS, field, heading) for field, headings in KNOWN_EVENT.items() for heading in headings],
)
def test_headings_are_known(sheet, field, heading):
    from seed.columns import heading_field

    found = heading_field(FORM[sheet], heading)
    assert found is not None
    assert found.name == field


@pytest.mark.parametrize("heading", ["MÃ VỤ", "ma vu", "Mã\nvụ", "  Mã   vụ ", "Mã vụ (nếu có)", "Ma\u0303 vu\u0323"])
def test_headings_are_matched_without_case_diacritics_line_breaks_and_double_spaces(heading):
    assert only_case(read(cases=[[heading, "Tên vụ án"], ["VA-1", "A"]])).code == "VA-1"


def test_rows_above_the_headings_are_titles():
    titles: list[list[Any]] = [["DANH MỤC VỤ ÁN"], [None, "Mã vụ"], []]
    draft = only_case(read(cases=[*titles, *LIST]))
    assert (draft.code, draft.place.row) == ("VA-1", 5)


def test_a_row_that_numbers_the_columns_is_no_fact():
    assert only_case(read(cases=[["STT", *LIST[0]], ["(1)", "(2)", "(3)"], [1, *LIST[1]]])).code == "VA-1"


def test_a_leftover_column_with_data_is_one_warning():
    head = ["Mã vụ", "Tên vụ án", "Lạ", None, "Trống"]
    parsed = read(cases=[head, ["VA-1", "A", "x", 5.0, None], ["VA-2", "B", "y"]])
    assert [(w.row, w.column, w.value) for w in parsed.warnings] == [(2, "Lạ", "x"), (2, "D", "5")]
    assert len(parsed.drafts.cases) == 2


def test_row_numbers_are_no_leftover():
    parsed = read(cases=[["STT", "Mã vụ", "Tên vụ án"], [1, "VA-1", "A"]])
    assert parsed.warnings == []


def test_the_second_column_of_a_field_is_a_leftover():
    parsed = read(cases=[["Mã vụ", "Tên vụ án", "Số bị can", "Số bị cáo"], ["VA-1", "A", 3, 2]])
    assert only_case(parsed).given["accused_count"] == 3
    assert [w.column for w in parsed.warnings] == ["Số bị cáo"]


# --- units ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "scale"),
    [
        ("Thiệt hại", 1), ("Thiệt hại (đồng)", 1), ("Thiệt hại (triệu đồng)", 10**6), ("Thiệt hại (tỷ đồng)", 10**9),
        ("Thiệt hại\n(TRIỆU ĐỒNG)", 10**6), ("Thiệt hại (ĐVT: tỷ đồng)", 10**9), ("Thiệt hại (USD)", None),
        ("Thiệt hại (theo cáo trạng)", None),
    ],
)  # fmt: skip
def test_a_unit_in_brackets_scales_the_column(heading, scale):
    assert unit_of(heading) == scale


def test_amounts_are_scaled():
    draft = only_case(read(cases=[["Mã vụ", "Tên vụ", "Đã thu hồi (tỷ đồng)"], ["VA-1", "A", "62,4"]]))
    assert draft.amounts == {Quantity.RECOVERED: 62_400_000_000}


def test_an_unknown_unit_stops_the_import():
    parsed = read(cases=[["Mã vụ", "Tên vụ", "Thiệt hại (USD)"], ["VA-1", "A", 5]])
    assert errors(parsed) == [("Danh mục", 1, "Thiệt hại (USD)", "Thiệt hại (USD)")]


def test_a_unit_in_a_title_row_stops_the_import_unless_the_heading_has_its_own():
    title = [["Đơn vị tính: triệu đồng"]]
    parsed = read(cases=[*title, ["Mã vụ", "Tên vụ", "Thiệt hại"], ["VA-1", "A", 5]])
    assert [finding[2] for finding in errors(parsed)] == ["Thiệt hại"]
    assert read(cases=[*title, ["Mã vụ", "Tên vụ", "Thiệt hại (triệu đồng)"], ["VA-1", "A", 5]]).errors == []


# --- rows ----------------------------------------------------------------------------------------------------------


def test_a_row_states_only_what_is_written():
    draft = only_case(
        read(
            cases=[
                ["Mã vụ", "Tên vụ án", "Loại", "Tính chất", "Loại tội phạm", "Số bị can", "Ghi chú"],
                ["VA-1", "A", "Vụ việc", "TN; LP", "Rất nghiêm trọng", None, " "],
            ]
        )
    )
    assert draft.given == {
        "title": "A",
        "kind": Kind.INCIDENT,
        "severity": Severity.VERY_SERIOUS,
        "is_corruption": True,
        "is_waste": True,
        "is_negativity": False,
    }


def test_all_bad_cells_are_reported_at_once_with_their_place():
    parsed = read(
        cases=[["Mã vụ", "Tên vụ án", "Số bị can", "Thiệt hại"], ["VA-1", "A", -1, "x"], ["VA-2", "B", 1.5, 5]],
        events=[["Mã vụ", "Ngày", "Sự kiện"], ["VA-1", "31/02/2026", "Chuyện lạ"]],
    )
    assert errors(parsed) == [
        ("Danh mục", 2, "Số bị can", "-1"),
        ("Danh mục", 2, "Thiệt hại", "x"),
        ("Danh mục", 3, "Số bị can", "1.5"),
        ("Diễn biến", 2, "Ngày", "31/02/2026"),
        ("Diễn biến", 2, "Sự kiện", "Chuyện lạ"),
    ]


def test_a_row_with_data_needs_its_code():
    assert errors(read(cases=[LIST[0], [None, "Vụ án A"]])) == [("Danh mục", 2, "Mã vụ", "")]


def test_blank_rows_are_nothing():
    parsed = read(cases=[LIST[0], [None, ""], ["  "], LIST[1]])
    assert only_case(parsed).place.row == 4


def test_a_code_twice_in_one_sheet_is_an_error_at_the_second():
    assert errors(read(cases=[*LIST, ["va-1", "B"]])) == [("Danh mục", 3, "Mã vụ", "va-1")]


@pytest.mark.parametrize("second", [5, -1])
def test_a_code_twice_is_reported_with_the_other_faults_of_the_row_it_stands_in_first(second):
    parsed = read(cases=[[*LIST[0], "Số bị can"], ["VA-1", "A", -1], ["va-1", "B", second], ["VA-2", "C", 1]])
    assert errors(parsed)[0] == ("Danh mục", 2, "Số bị can", "-1")
    assert errors(parsed)[-1] == ("Danh mục", 3, "Mã vụ", "va-1")
    assert [draft.code for draft in parsed.drafts.cases] == ["VA-2"]


def test_a_session_number_is_repeated_only_within_its_term_and_kind():
    head = ["Nhiệm kỳ", "Số phiên họp", "Ngày họp"]
    parsed = parse(
        [RawSheet("Phiên họp", [head, [None, 1, "01/02/2026"], ["U", 1, "01/02/2026"], ["T", 1, "02/02/2026"]])],
        today=TODAY,
        term="T",
    )
    assert [draft.key[0] for draft in parsed.drafts.sessions] == ["T", "U"]
    assert errors(parsed) == [("Phiên họp", 4, "Số phiên họp", "1")]


def test_headings_without_any_row_are_a_warning_and_one_row_is_enough():
    head = ["Mã vụ", "Ngày", "Sự kiện"]
    (warning,) = read(cases=LIST[:1], events=[head]).warnings
    assert warning.reason.text == "It holds headings only, no row; nothing is read."
    assert read(cases=LIST, events=[head]).warnings == []


@pytest.mark.parametrize("missing", ["Ngày", "Sự kiện"])
def test_an_event_needs_its_date_and_its_name(missing):
    row = {"Mã vụ": "VA-1", "Ngày": "02/03/2026", "Sự kiện": "Khởi tố vụ án", missing: None}
    assert errors(read(events=[list(row), list(row.values())])) == [("Diễn biến", 2, missing, "")]


def test_an_events_sheet_needs_a_date_column():
    parsed = read(events=[["Mã vụ", "Sự kiện"], ["VA-1", "Khởi tố vụ án"]])
    assert errors(parsed) == [("Diễn biến", 1, "Ngày", "")]


def test_an_event_row_is_read_whole():
    parsed = read(
        events=[
            ["Mã vụ", "Ngày", "Sự kiện", "Chi tiết", "Số tiền (triệu đồng)", "Số văn bản", "Thời hạn gia hạn", "Nguồn"],
            ["VA-1", "03/2026", "Gia hạn điều tra", "lần 1", "1,5", "12/QĐ", "2 tháng", "báo cáo"],
        ]
    )
    (event,) = parsed.drafts.events
    assert (event.kind, event.precision.value) == (EventKind.INVESTIGATION_EXTENDED, "month")
    assert (event.detail, event.amount_vnd, event.document) == ("lần 1", 1_500_000, "12/QĐ")
    assert (event.length, event.source) == ("2m", "báo cáo")


def test_a_money_row_is_a_reading_unless_it_says_movement():
    head = ["Mã vụ", "Ngày", "Loại số liệu", "Cách ghi", "Số tiền"]
    parsed = read(
        money=[
            head,
            ["VA-1", "2026-01-02", "Đã thu hồi", None, 5],
            ["VA-1", "2026-01-03", "Đã thu hồi", "Phát sinh", 1],
        ]
    )
    assert [entry.kind for entry in parsed.drafts.entries] == [EntryKind.READING, EntryKind.MOVEMENT]


def test_a_task_names_its_session_of_this_term_unless_it_names_another():
    head = ["Mã nhiệm vụ", "Nội dung nhiệm vụ", "Phiên họp", "Loại phiên họp", "Nhiệm kỳ"]
    parsed = read(tasks=[head, ["NV-1", "a", 14, None, None], ["NV-2", "b", 3, "Thường trực", "2020-2025"]])
    assert [task.given["session"] for task in parsed.drafts.tasks] == [
        ("T", SessionKind.COMMITTEE, 14),
        ("2020-2025", SessionKind.STANDING, 3),
    ]


def test_the_public_workbook_and_the_public_csv_pair_state_the_same_facts():
    workbook = parse(read_sheets(SAMPLE / "danh_muc_vu_an.xlsx"), today=TODAY).drafts
    pair = parse(read_sheets(SAMPLE), today=TODAY).drafts
    for kind in ("cases", "events", "entries", "tasks"):
        assert [replace(draft, place=None) for draft in getattr(workbook, kind)] == [
            replace(draft, place=None) for draft in getattr(pair, kind)
        ]
    assert (len(pair.cases), len(pair.events)) == (50, 234)


def test_columns_have_the_letters_of_excel():
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_progress_never_passes_the_total():
    seen: list[tuple[int, int]] = []
    rows = [["Mã vụ", "Tên vụ án"], *([f"VA-{n}", "A"] for n in range(1200))]
    parse([RawSheet("Danh mục", rows)], today=TODAY, progress=lambda done, total: seen.append((done, total)))
    assert seen
    assert all(done <= total for done, total in seen)
    assert seen == sorted(seen)
