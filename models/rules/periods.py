"""Reporting periods: `2025`, `2025-H1`, `2025-9M`, `2025-Q3`, `2024-12-15..2025-12-14`."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.words import Refusal, Words, words

_NAMED = re.compile(r"(\d{4})(?:-(?:H([12])|Q([1-4])|(9)M))?")
_FIRST_YEAR, _LAST_YEAR = 1945, 2200


class PeriodKind(StrEnum):
    """What a period is called by."""

    YEAR = "year"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    QUARTER = "quarter"
    DAYS = "days"


class BadPeriod(Refusal):
    """A text that is no reporting period."""


@dataclass(frozen=True)
class Period:
    """The days `first` to `last`, both included, as `text` names them."""

    text: str
    first: date
    last: date
    kind: PeriodKind

    def __str__(self) -> str:
        return self.text

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.last - self.first).days + 1

    def previous(self) -> "Period":
        """The period of the same length before this one: the quarter before, the half-year before, the year before.

        Nine months are compared with the first nine months of the year before. Of free days: the same days one year
        earlier when they make whole years, else as many days ending the day before.
        """
        year = self.first.year
        match self.kind:
            case PeriodKind.YEAR:
                return parse_period(f"{year - 1:04d}")
            case PeriodKind.NINE_MONTHS:
                return parse_period(f"{year - 1:04d}-9M")
            case PeriodKind.HALF:
                return parse_period(f"{year - 1:04d}-H2" if self.first.month == 1 else f"{year:04d}-H1")
            case PeriodKind.QUARTER:
                quarter = (self.first.month - 1) // 3
                return parse_period(f"{year:04d}-Q{quarter}" if quarter else f"{year - 1:04d}-Q4")
            case PeriodKind.DAYS:
                return self._days_before()

    def _days_before(self) -> "Period":
        last = self.first - timedelta(days=1)
        years = (self.last + timedelta(days=1)).year - self.first.year
        if years and _years_later(self.first, years) == self.last + timedelta(days=1):
            return _of_days(_years_later(self.first, -years), last)
        return _of_days(last - timedelta(days=self.days - 1), last)

    def label(self) -> Words:
        """The period as papers name it."""
        year = str(self.first.year)
        match self.kind:
            case PeriodKind.YEAR:
                return words("the year {year}", year=year)
            case PeriodKind.NINE_MONTHS:
                return words("the first nine months of {year}", year=year)
            case PeriodKind.HALF if self.first.month == 1:
                return words("the first half of {year}", year=year)
            case PeriodKind.HALF:
                return words("the second half of {year}", year=year)
            case PeriodKind.QUARTER:
                return words("quarter {quarter} of {year}", quarter=self.last.month // 3, year=year)
            case PeriodKind.DAYS:
                return words("{first} to {last}", first=self.first, last=self.last)


def parse_period(text: str) -> Period:
    """The period that `text` names (letters in either case). Raises BadPeriod naming the accepted forms."""
    asked = text.strip().upper()
    if ".." in asked:
        return _parse_days(text, asked)
    named = _NAMED.fullmatch(asked)
    if named is None or not _FIRST_YEAR <= int(named[1]) <= _LAST_YEAR:
        raise _bad(text)
    year = int(named[1])
    if named[2]:
        return _months(asked, year, 6 * int(named[2]) - 5, 6, PeriodKind.HALF)
    if named[3]:
        return _months(asked, year, 3 * int(named[3]) - 2, 3, PeriodKind.QUARTER)
    if named[4]:
        return _months(asked, year, 1, 9, PeriodKind.NINE_MONTHS)
    return _months(asked, year, 1, 12, PeriodKind.YEAR)


def _parse_days(text: str, asked: str) -> Period:
    parts = [part.strip() for part in asked.split("..")]
    if len(parts) != 2 or not all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", part) for part in parts):
        raise _bad(text)
    try:
        first, last = (date.fromisoformat(part) for part in parts)
    except ValueError:
        raise _bad(text) from None
    if first > last:
        raise BadPeriod(words("The period {given} ends before it begins.", given=text.strip()))
    return _of_days(first, last)


def _of_days(first: date, last: date) -> Period:
    return Period(f"{first.isoformat()}..{last.isoformat()}", first, last, PeriodKind.DAYS)


def _months(text: str, year: int, month: int, months: int, kind: PeriodKind) -> Period:
    end = month + months - 1
    return Period(text, date(year, month, 1), date(year, end, monthrange(year, end)[1]), kind)


def _years_later(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 3, 1) - timedelta(days=1)
    return day.replace(year=day.year + years)


def _bad(text: str) -> BadPeriod:
    return BadPeriod(
        words(
            "{given} is not a period: write 2025, 2025-H1, 2025-9M, 2025-Q3, or 2024-12-15..2025-12-14.",
            given=repr(text),
        )
    )
