"""Lengths of terms: read as people write them, written back the same, added to dates by the law's counting."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.lengths import BadLength, Length, add_months, parse_length
from tests.models.rules import lawbook

lengths = st.builds(
    Length,
    years=st.integers(0, 20),
    months=st.integers(0, 99),
    days=st.integers(0, 999),
    workdays=st.integers(0, 99),
    hours=st.integers(0, 99),
).filter(bool)


@given(lengths)
def test_what_is_written_is_read_back(length):
    assert parse_length(str(length)) == length


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("20d", Length(days=20)),
        ("5wd", Length(workdays=5)),
        ("2m", Length(months=2)),
        ("1y", Length(years=1)),
        ("24h", Length(hours=24)),
        ("2m+30d", Length(months=2, days=30)),
        ("2 tháng", Length(months=2)),
        ("15 ngày", Length(days=15)),
        ("3 tháng 15 ngày", Length(months=3, days=15)),
        ("3 tháng và 15 ngày", Length(months=3, days=15)),
        ("5 ngày làm việc", Length(workdays=5)),
        ("1 năm", Length(years=1)),
        ("1 năm 6 tháng", Length(years=1, months=6)),
        ("24 giờ", Length(hours=24)),
        ("02 (hai) tháng", Length(months=2)),
        (" 2  THÁNG ", Length(months=2)),
        ("2 thang", Length(months=2)),
        ("2 tha\u0301ng", Length(months=2)),
        ("3 months", Length(months=3)),
        ("10 working days", Length(workdays=10)),
    ],
)
def test_lengths_are_read_in_our_form_and_in_vietnamese(text, length):
    assert parse_length(text) == length


@pytest.mark.parametrize(
    "text",
    ["", " ", "2", "m", "2x", "2mm", "2m+", "+2m", "2m 2m", "-2m", "0d", "0 tháng", "2m+0d", "1.5m", "2,5 tháng",
     "2m rưỡi", "hai tháng", "2 tuần", "9999y", "999999d", "2 tháng tới", "to 2m in all"],
)  # fmt: skip
def test_anything_else_is_refused_with_a_reason(text):
    with pytest.raises(BadLength, match="is not a length|more than zero|too long"):
        parse_length(text)


def test_a_refusal_says_what_to_write():
    with pytest.raises(BadLength, match="'2x' is not a length: write 20d, 5wd, 2m, 1y, 24h, 2m\\+15d, or 20 ngày"):
        parse_length("2x")


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        (date(2026, 1, 31), "1m", date(2026, 2, 28)),
        (date(2024, 1, 31), "1m", date(2024, 2, 29)),
        (date(2024, 2, 29), "1y", date(2025, 2, 28)),
        (date(2024, 2, 29), "4y", date(2028, 2, 29)),
        (date(2026, 10, 31), "4m", date(2027, 2, 28)),
        (date(2026, 12, 31), "12m", date(2027, 12, 31)),
        (date(2026, 1, 31), "1m+1d", date(2026, 3, 1)),  # months first, clamped, then days
        (date(2026, 3, 2), "20d", date(2026, 3, 22)),
        (date(2026, 3, 2), "24h", date(2026, 3, 3)),
        (date(2026, 3, 2), "25h", date(2026, 3, 4)),  # a begun day counts whole
        (date(2026, 2, 13), "1wd", date(2026, 2, 23)),
        (date(2026, 1, 13), "1m+1wd", date(2026, 2, 23)),
    ],
)
def test_lengths_are_added_as_the_law_counts(start, length, end):
    assert parse_length(length).add_to(start, lawbook.calendar()) == end


def test_a_month_of_detention_has_thirty_days():
    assert Length(months=2).add_to(date(2026, 1, 31), None, month_days=30) == date(2026, 4, 1)
    assert Length(months=2).add_to(date(2026, 1, 31), None) == date(2026, 3, 31)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(0, 240), st.integers(0, 240))
def test_a_sum_of_months_never_ends_before_its_steps_and_keeps_the_month(start, first, second):
    at_once = add_months(start, first + second)
    by_steps = add_months(add_months(start, first), second)
    assert (at_once.year, at_once.month) == (by_steps.year, by_steps.month)
    assert at_once >= by_steps


def test_units_are_added_each_to_its_own():
    assert str(parse_length("2m") + parse_length("30d") + parse_length("2m")) == "4m+30d"


def test_working_days_need_a_calendar():
    with pytest.raises(ValueError, match="5wd: working days need a calendar"):
        Length(workdays=5).add_to(date(2026, 3, 2), None)


def test_a_day_that_no_calendar_has_is_refused():
    with pytest.raises(BadLength, match="too long"):
        Length(years=9000).add_to(date(2026, 3, 2), None)


@pytest.mark.parametrize(
    ("length", "said"),
    [
        ("1m", "1 month"),
        ("2m", "2 months"),
        ("1d", "1 day"),
        ("20d", "20 days"),
        ("1y", "1 year"),
        ("5y", "5 years"),
        ("1wd", "1 working day"),
        ("5wd", "5 working days"),
        ("24h", "24 hours"),
        ("2m+30d", "2 months and 30 days"),
        ("1y+6m+15d", "1 year and 6 months and 15 days"),
    ],
)
def test_lengths_are_said_for_people(length, said):
    assert parse_length(length).words().english() == said
