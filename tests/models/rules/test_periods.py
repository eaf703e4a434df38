"""Reporting periods: their days, their names, and the period to compare with."""

from datetime import date

import pytest

from models.rules.periods import BadPeriod, PeriodKind, parse_period


@pytest.mark.parametrize(
    ("text", "first", "last", "kind", "before"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), PeriodKind.YEAR, "2024"),
        ("2025-H1", date(2025, 1, 1), date(2025, 6, 30), PeriodKind.HALF, "2024-H2"),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31), PeriodKind.HALF, "2025-H1"),
        ("2025-9M", date(2025, 1, 1), date(2025, 9, 30), PeriodKind.NINE_MONTHS, "2024-9M"),
        ("2025-Q1", date(2025, 1, 1), date(2025, 3, 31), PeriodKind.QUARTER, "2024-Q4"),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30), PeriodKind.QUARTER, "2025-Q2"),
        (
            "2024-12-15..2025-12-14",
            date(2024, 12, 15),
            date(2025, 12, 14),
            PeriodKind.DAYS,
            "2023-12-15..2024-12-14",
        ),
        ("2024-02-29..2025-02-27", date(2024, 2, 29), date(2025, 2, 27), PeriodKind.DAYS, "2023-02-28..2024-02-28"),
        ("2025-03-01..2025-03-10", date(2025, 3, 1), date(2025, 3, 10), PeriodKind.DAYS, "2025-02-19..2025-02-28"),
        ("2025-03-01..2025-03-01", date(2025, 3, 1), date(2025, 3, 1), PeriodKind.DAYS, "2025-02-28..2025-02-28"),
    ],
)
def test_a_period_has_its_days_and_the_one_before(text, first, last, kind, before):
    period = parse_period(text)
    assert (period.text, period.first, period.last, period.kind) == (text, first, last, kind)
    assert period.previous().text == before


def test_periods_are_read_in_small_letters_and_with_blanks():
    assert parse_period(" 2025-q3 ") == parse_period("2025-Q3")
    assert parse_period("2025-01-01 .. 2025-02-01").text == "2025-01-01..2025-02-01"


@pytest.mark.parametrize("text", ["2024", "2024-Q2", "2025-H1", "2024-12-15..2025-12-14", "2024-06-15..2024-09-14"])
def test_the_period_before_ends_where_the_period_begins(text):
    period = parse_period(text)
    assert (period.first - period.previous().last).days == 1


def test_both_ends_belong_to_a_period():
    period = parse_period("2025-Q3")
    assert date(2025, 7, 1) in period
    assert date(2025, 9, 30) in period
    assert date(2025, 6, 30) not in period
    assert date(2025, 10, 1) not in period
    assert period.days == 92


@pytest.mark.parametrize(
    "text",
    ["", "25", "2025-H3", "2025-Q5", "2025-Q0", "2025-6M", "2025-12", "Q3", "0000", "9999", "2025-02-30..2025-03-01",
     "2025-1-1..2025-2-1", "2025..2026", "2025-01-01..", "2025-01-01..2025-02-01..2025-03-01"],
)  # fmt: skip
def test_anything_else_is_refused_with_the_accepted_forms(text):
    with pytest.raises(BadPeriod, match=r"write 2025, 2025-H1, 2025-9M, 2025-Q3, or 2024-12-15\.\.2025-12-14"):
        parse_period(text)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(BadPeriod, match="ends before it begins"):
        parse_period("2025-12-14..2024-12-15")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2025", "the year 2025"),
        ("2025-H1", "the first half of 2025"),
        ("2025-H2", "the second half of 2025"),
        ("2025-9M", "the first nine months of 2025"),
        ("2025-Q3", "quarter 3 of 2025"),
        ("2024-12-15..2025-12-14", "2024-12-15 to 2025-12-14"),
    ],
)
def test_a_period_has_a_name_for_people(text, label):
    assert parse_period(text).label().english() == label
