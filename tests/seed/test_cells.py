"""One cell → one value: both sides of every rule of the workbook."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from models.enums import Category, EntryKind, EventKind, Kind, Precision, Quantity, Severity
from seed.cells import Refused, event_of, month_or_day, reader, tidy
from seed.columns import FORM, Field, Form, Sheet
from seed.read import BROKEN
from tests.seed.books import TODAY

DAY, MONTH = Precision.DAY, Precision.MONTH


def read(form: Form, cell: Any, *, scale: int = 1, longest: int = 2000) -> Any:
    return reader(Field("x", form, ("x",), longest), scale=scale, today=TODAY)(cell)


def refused(form: Form, cell: Any, *, scale: int = 1, longest: int = 2000) -> str:
    with pytest.raises(Refused) as caught:
        read(form, cell, scale=scale, longest=longest)
    return caught.value.words.text


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (date(2026, 3, 2), (date(2026, 3, 2), DAY)),
        (datetime(2026, 3, 2, 14, 30), (date(2026, 3, 2), DAY)),  # noqa: DTZ001 - Excel knows no zone
        ("02/03/2026", (date(2026, 3, 2), DAY)),
        ("2/3/2026", (date(2026, 3, 2), DAY)),
        (" 2 / 3 / 2026 ", (date(2026, 3, 2), DAY)),
        ("12/11/2025", (date(2025, 11, 12), DAY)),  # never month-first
        ("2026-03-02", (date(2026, 3, 2), DAY)),
        ("02/03/26", (date(2026, 3, 2), DAY)),
        ("03/2026", (date(2026, 3, 1), MONTH)),
        ("3/2026", (date(2026, 3, 1), MONTH)),
        ("2026-03", (date(2026, 3, 1), MONTH)),
        ("29/02/2024", (date(2024, 2, 29), DAY)),
    ],
)
def test_a_date_is_read_day_first(cell, expected):
    assert month_or_day(cell) == expected


@pytest.mark.parametrize(
    "cell",
    [
        "11/13/2026", "31/04/2026", "29/02/2025", "00/03/2026", "13/2026", "2026-13", "2026-02-30", "2026", 45000.0,
        45000, "03/26", "2026/03/02", "02-03-2026", "02.03.2026", "2 tháng 3 năm 2026", "2026-03-02 00:00:00",
        "tháng 3", True, time(3, 4), timedelta(days=1), (BROKEN, "#REF!"), "#VALUE!", "٠٢/٠٣/٢٠٢٦",
    ],
)  # fmt: skip
def test_anything_else_is_no_date(cell):
    refused(Form.PAST, cell)


def test_a_date_may_be_the_day_of_import_and_no_later():
    assert read(Form.PAST, "21/11/2026") == (TODAY, DAY)
    assert "after the day of import" in refused(Form.PAST, "22/11/2026")


def test_the_month_of_import_is_no_date_to_come_and_the_next_one_is():
    assert read(Form.PAST, "11/2026") == (date(2026, 11, 1), MONTH)
    assert "after the day of import" in refused(Form.PAST, "12/2026")


def test_a_date_may_be_in_1990_and_no_earlier():
    assert read(Form.PAST, "01/01/1990") == (date(1990, 1, 1), DAY)
    assert "lies before" in refused(Form.PAST, "31/12/1989")


def test_a_deadline_may_be_to_come_but_not_by_month():
    assert read(Form.DAY, "01/02/2027") == date(2027, 2, 1)
    assert "exact day" in refused(Form.DAY, "02/2027")


def test_a_day_on_the_list_must_be_exact():
    assert read(Form.PAST_DAY, "01/02/2026") == date(2026, 2, 1)
    assert "exact day" in refused(Form.PAST_DAY, "02/2026")


@pytest.mark.parametrize(
    ("cell", "scale", "expected"),
    [
        (1234567.0, 1, 1_234_567),
        (0.0, 1, 0),
        ("1.234.567", 1, 1_234_567),
        ("1 234 567", 1, 1_234_567),
        ("1\u00a0234\u00a0567", 1, 1_234_567),
        ("1234567", 1, 1_234_567),
        ("62,4 ", 10**9, 62_400_000_000),
        (62.4, 10**9, 62_400_000_000),
        (0.1 + 0.2, 10**9, 300_000_000),  # as Excel shows it
        ("1.234,5", 10**6, 1_234_500_000),
        (1.2e12, 1, 1_200_000_000_000),
        (1e18, 1, 10**18),
        (str(10**18), 1, 10**18),
        ("999999999999999999", 1, 999_999_999_999_999_999),
        (10**9, 10**9, 10**18),
    ],
)
def test_an_amount_is_read_the_vietnamese_way(cell, scale, expected):
    assert read(Form.AMOUNT, cell, scale=scale) == expected


@pytest.mark.parametrize(
    "cell",
    ["62.4", "1,234,567", "1.23.456", "1.2E+12", "62,4 tỷ", "khoảng 5", "12 đồng", "-", "1 23", True, date(2026, 1, 2),
     time(1, 2), (BROKEN, "#DIV/0!"), (BROKEN, ""), "#N/A", "１２", "1..2", "5%", "nan", "inf"],
)  # fmt: skip
def test_anything_else_is_no_amount(cell):
    refused(Form.AMOUNT, cell)


def test_an_amount_is_not_negative():
    assert "negative" in refused(Form.AMOUNT, -1.0)
    assert "negative" in refused(Form.AMOUNT, "-5")


def test_an_amount_is_at_most_10_to_the_18():
    assert "10^18" in refused(Form.AMOUNT, str(10**18 + 1))
    assert "10^18" in refused(Form.AMOUNT, "1000000001", scale=10**9)


def test_an_amount_is_whole_dong_after_scaling():
    assert read(Form.AMOUNT, "1,5", scale=10**6) == 1_500_000
    assert "whole number" in refused(Form.AMOUNT, "1,5")
    assert "whole number" in refused(Form.AMOUNT, "1,2345678", scale=10**6)


def test_a_count_is_whole_and_not_negative():
    assert read(Form.COUNT, 0.0) == 0
    assert read(Form.COUNT, "38") == 38
    assert "whole" in refused(Form.COUNT, 1.5)
    assert "negative" in refused(Form.COUNT, -1.0)
    assert "cannot be right" in refused(Form.COUNT, 1_000_001)


def test_a_text_may_be_as_long_as_its_field_and_no_longer():
    assert read(Form.TEXT, "x" * 2000) == "x" * 2000
    assert "characters" in refused(Form.TEXT, "x" * 2001)
    assert "characters" in refused(Form.TEXT, "x" * 501, longest=500)


def test_a_whole_number_is_a_text_as_it_is_shown():
    assert read(Form.ARTICLES, 354.0) == "354"
    assert read(Form.CODE, 12.0) == "12"


@pytest.mark.parametrize("cell", [date(2025, 12, 1), True, time(1), (BROKEN, "#REF!"), (BROKEN, ""), "#REF!"])
def test_a_text_is_no_date_boolean_or_failed_formula(cell):
    refused(Form.TEXT, cell)


def test_text_is_composed_and_stripped_of_what_cannot_be_seen():
    assert tidy("  Vu\u0323 a\u0301n\u200b ") == "Vụ án"
    assert tidy("a\u202eb") == "ab"


@pytest.mark.parametrize("text", ["Khởi tố vụ án", "KHỞI TỐ VỤ ÁN", "khoi to vu an", "case_initiated", "Case initiated",
                                  "Quyết định khởi tố vụ án", " Khởi  tố\nvụ án "])  # fmt: skip
def test_an_event_has_many_names(text):
    assert event_of(text) is EventKind.CASE_INITIATED


def test_a_decomposed_name_is_the_same_event():
    import unicodedata

    assert event_of(unicodedata.normalize("NFD", "Kết luận điều tra")) is EventKind.INVESTIGATION_CONCLUDED


def test_an_unknown_event_is_answered_with_the_nearest_names():
    with pytest.raises(Refused) as caught:
        event_of("Khởi tố vụ")
    assert "Khởi tố vụ án" in caught.value.words.english()


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        (Form.KIND, "Vụ việc", Kind.INCIDENT),
        (Form.KIND, "vu an", Kind.CASE),
        (Form.SEVERITY, "Đặc biệt nghiêm trọng", Severity.ESPECIALLY_SERIOUS),
        (Form.SEVERITY, "very_serious", Severity.VERY_SERIOUS),
        (Form.SEVERITY, "Nghiêm trọng", Severity.SERIOUS),
        (Form.QUANTITY, "Kê biên, phong tỏa", Quantity.SECURED),
        (Form.QUANTITY, "Kê biên", Quantity.ATTACHED),
        (Form.ENTRY_KIND, "Phát sinh", EntryKind.MOVEMENT),
        (Form.CATEGORIES, "Tham nhũng; Tiêu cực", {Category.CORRUPTION, Category.NEGATIVITY}),
        (Form.CATEGORIES, "TN, LP", {Category.CORRUPTION, Category.WASTE}),
        (Form.CATEGORIES, "tham nhũng và lãng phí", {Category.CORRUPTION, Category.WASTE}),
        (Form.LENGTH, "2 tháng", "2m"),
        (Form.LENGTH, "15 ngày", "15d"),
        (Form.LENGTH, "2m", "2m"),
        (Form.SUPERVISED_BY, "central_committee", "Trung ương"),
        (Form.SUPERVISED_BY, "Trung ương", "Trung ương"),
        (Form.SUPERVISED_BY, "unknown", ""),
    ],
)
def test_closed_terms_have_many_spellings(form, text, expected):
    assert read(form, text) == expected


@pytest.mark.parametrize("form", [Form.KIND, Form.SEVERITY, Form.QUANTITY, Form.CATEGORIES, Form.LENGTH, Form.STATUS])
def test_an_unknown_term_is_refused(form):
    refused(form, "Không rõ lắm")


def test_every_field_has_a_reader():
    for sheet in Sheet:
        for field in FORM[sheet].fields:
            assert callable(reader(field, scale=1, today=TODAY))
