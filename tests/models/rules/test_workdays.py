"""The working-day calendar, against the shipped table and against a walk over every day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.enums import DayKind
from models.rules.words import Names, words
from models.rules.workdays import Calendar, CalendarConflict, CalendarDay, CalendarMissing
from tests.models.rules import lawbook

ONE_DAY = timedelta(days=1)
dates = st.dates(date(2013, 1, 1), date(2027, 11, 30))


def holiday(on: date) -> CalendarDay:
    return CalendarDay(on, DayKind.HOLIDAY, "Ngày lễ", "Holiday")


KINDS = {special.on: special.kind for special in lawbook.days()}


def worked(day: date) -> bool:
    """Whether a day is worked, by its row or its weekday."""
    return KINDS[day] is DayKind.SWAP_WORK if day in KINDS else day.isoweekday() <= 5


WORKED = {
    day: worked(day)
    for day in (date(2013, 1, 1) + n * ONE_DAY for n in range((date(2027, 12, 31) - date(2013, 1, 1)).days + 1))
}


def rolled(day: date) -> date:
    while not WORKED[day]:
        day += ONE_DAY
    return day


def added(day: date, n: int) -> date:
    while n:
        day += ONE_DAY
        n -= WORKED[day]
    return day


def test_the_shipped_table_covers_2015_to_2027():
    calendar = lawbook.calendar()
    assert (calendar.first_year, calendar.last_year) == (2015, 2027)


def test_every_day_of_thirteen_years_is_judged_as_the_rows_say():
    calendar = lawbook.calendar()
    assert [day for day, is_worked in WORKED.items() if calendar.is_workday(day) is not is_worked] == []


@given(dates)
def test_roll_gives_the_first_working_day_and_rolling_twice_changes_nothing(day):
    calendar = lawbook.calendar()
    found = calendar.roll(day)
    assert found == rolled(day)
    assert calendar.is_workday(found)
    assert calendar.roll(found) == found


@given(dates.filter(lambda day: day.year < 2027), st.integers(0, 200))
def test_adding_working_days_agrees_with_a_walk_and_is_undone_by_counting(day, n):
    calendar = lawbook.calendar()
    end = calendar.add_workdays(day, n)
    assert end == added(day, n)
    assert calendar.workdays_between(day, end) == n


@given(dates, dates)
def test_counting_working_days_agrees_with_a_walk_both_ways(a, b):
    calendar = lawbook.calendar()
    first, last = min(a, b), max(a, b)
    days = sum(WORKED[first + n * ONE_DAY] for n in range(1, (last - first).days + 1))
    assert calendar.workdays_between(first, last) == days
    assert calendar.workdays_between(last, first) == -days


@given(dates)
def test_a_day_is_off_for_a_reason_and_worked_without_one(day):
    calendar = lawbook.calendar()
    assert (calendar.why_off(day) is None) is calendar.is_workday(day)


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 1, 2), False),
        (date(2026, 1, 10), True),
        (date(2026, 1, 17), False),
        (date(2026, 4, 27), False),
        (date(2026, 8, 22), True),
        (date(2026, 8, 31), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
        (date(2014, 9, 2), True),  # before the table only weekends count
        (date(2014, 9, 6), False),
    ],
)
def test_swapped_compensated_and_worked_days(day, is_worked):
    assert lawbook.calendar().is_workday(day) is is_worked


def test_a_day_off_says_why():
    calendar = lawbook.calendar()
    assert calendar.why_off(date(2026, 11, 20)) is None
    assert calendar.why_off(date(2026, 11, 21)) == words("{day} is a Saturday.", day=date(2026, 11, 21))
    assert calendar.why_off(date(2026, 11, 22)) == words("{day} is a Sunday.", day=date(2026, 11, 22))
    assert calendar.why_off(date(2026, 11, 24)) == words(
        "{day} is a day off: {name}.",
        day=date(2026, 11, 24),
        name=Names("Ngày Văn hóa Việt Nam", "Vietnam Cultural Day"),
    )


def test_the_first_year_joins_the_years_before_it():
    calendar = lawbook.calendar()
    assert calendar.roll(date(2014, 12, 27)) == date(2014, 12, 29)
    assert calendar.add_workdays(date(2014, 12, 30), 2) == date(2015, 1, 5)  # 31/12; 1 and 2 January and a weekend off
    assert calendar.workdays_between(date(2014, 12, 30), date(2015, 1, 5)) == 2


@pytest.mark.parametrize("ask", ["is_workday", "roll", "why_off"])
def test_a_day_after_the_last_year_is_an_error_that_names_the_year(ask):
    with pytest.raises(CalendarMissing, match="2028.*official notice") as missing:
        getattr(lawbook.calendar(), ask)(date(2028, 1, 3))
    assert missing.value.year == 2028
    assert "2028" in missing.value.words.english()


def test_counting_into_the_unknown_year_is_an_error():
    calendar = lawbook.calendar()
    assert calendar.add_workdays(date(2027, 12, 30), 1) == date(2027, 12, 31)
    with pytest.raises(CalendarMissing, match="2028"):
        calendar.add_workdays(date(2027, 12, 30), 2)
    with pytest.raises(CalendarMissing, match="2028"):
        calendar.workdays_between(date(2027, 12, 30), date(2030, 1, 2))


def test_a_last_day_off_cannot_be_rolled_into_an_unknown_year():
    calendar = Calendar.build([holiday(date(2026, 12, 31))])
    with pytest.raises(CalendarMissing, match="2027"):
        calendar.roll(date(2026, 12, 31))


def test_an_empty_table_is_an_error_for_every_day():
    with pytest.raises(CalendarMissing, match="2026"):
        Calendar.build([]).is_workday(date(2026, 3, 2))


def test_a_worked_saturday_alone_does_not_make_a_year_maintained():
    calendar = Calendar.build(
        [holiday(date(2026, 1, 1)), CalendarDay(date(2027, 1, 9), DayKind.SWAP_WORK, "Làm bù", "Worked")]
    )
    assert calendar.last_year == 2026
    assert not calendar.is_maintained(date(2027, 1, 9))


def test_a_year_left_out_of_the_table_is_missing_and_the_others_are_not():
    calendar = Calendar.build([holiday(date(2024, 1, 1)), holiday(date(2026, 1, 1))])
    assert calendar.is_workday(date(2024, 12, 31))
    assert calendar.is_workday(date(2026, 1, 2))
    for ask in (
        lambda: calendar.is_workday(date(2025, 3, 3)),
        lambda: calendar.add_workdays(date(2024, 12, 31), 1),
        lambda: calendar.add_workdays(date(2024, 12, 31), 300),
        lambda: calendar.workdays_between(date(2024, 12, 31), date(2026, 1, 2)),
    ):
        with pytest.raises(CalendarMissing, match="2025"):
            ask()


def test_working_days_are_not_counted_backwards():
    with pytest.raises(ValueError, match="-1 is negative"):
        lawbook.calendar().add_workdays(date(2026, 3, 2), -1)


def test_two_rows_for_one_day_are_refused():
    with pytest.raises(CalendarConflict, match="2026-01-01"):
        Calendar.build([holiday(date(2026, 1, 1)), holiday(date(2026, 1, 1))])
