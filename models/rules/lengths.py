"""Lengths of legal terms: `20d`, `5wd`, `2m`, `1y`, `24h`, `2m+30d`, and as papers write them (`3 tháng 15 ngày`)."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.rules.folding import fold
from models.rules.words import Refusal, Words, words
from models.rules.workdays import Calendar

MONTHS_A_YEAR = 12
HOURS_A_DAY = 24
_LONGEST_DAYS = 36_500
_FIELDS = {"y": "years", "m": "months", "d": "days", "wd": "workdays", "h": "hours"}
_UNITS = {
    "y": "y", "nam": "y", "year": "y", "years": "y",
    "m": "m", "thang": "m", "month": "m", "months": "m",
    "wd": "wd", "ngay lam viec": "wd", "working day": "wd", "working days": "wd",
    "d": "d", "ngay": "d", "day": "d", "days": "d",
    "h": "h", "gio": "h", "hour": "h", "hours": "h",
}  # fmt: skip
_PART = re.compile(
    r"\s*(\d{1,6})\s*("
    + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
    + r")(?![a-z])\s*(?:\+|,|va\b)?",
)


class BadLength(Refusal):
    """A text that is no length of a term."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time as law writes it; units are not converted into each other."""

    years: int = 0
    months: int = 0
    days: int = 0
    workdays: int = 0
    hours: int = 0

    def __str__(self) -> str:
        """The canonical form, which `parse_length` reads back: `1y+2m+30d`."""
        parts = [f"{number}{unit}" for unit, field in _FIELDS.items() if (number := getattr(self, field))]
        return "+".join(parts) or "0d"

    def __bool__(self) -> bool:
        return bool(self.years or self.months or self.days or self.workdays or self.hours)

    def __add__(self, other: "Length") -> "Length":
        return Length(
            self.years + other.years,
            self.months + other.months,
            self.days + other.days,
            self.workdays + other.workdays,
            self.hours + other.hours,
        )

    def words(self) -> Words:
        """The length for people: `2 months and 30 days`."""
        used = [field for field in _FIELDS.values() if getattr(self, field)]
        if used == ["months"]:
            return words("1 month") if self.months == 1 else words("{months} months", months=self.months)
        if used == ["days"]:
            return words("1 day") if self.days == 1 else words("{days} days", days=self.days)
        if used == ["years"]:
            return words("1 year") if self.years == 1 else words("{years} years", years=self.years)
        if used == ["workdays"]:
            if self.workdays == 1:
                return words("1 working day")
            return words("{workdays} working days", workdays=self.workdays)
        if used == ["hours"]:
            return words("1 hour") if self.hours == 1 else words("{hours} hours", hours=self.hours)
        return self._joined(used)

    def _joined(self, used: list[str]) -> Words:
        """Two or more units, joined from the last one backwards."""
        if not used:
            return words("{days} days", days=0)
        *others, last = used
        end = replace(Length(), **{last: getattr(self, last)}).words()
        start = replace(self, **{last: 0}).words()
        return words("{first} and {last}", first=start, last=end)

    def add_to(self, start: date, calendar: Calendar | None, *, month_days: int | None = None) -> date:
        """The day this length ends on when `start` is day 0, before any roll to a working day.

        Years and months first (clamped to the month's end), then days and hours (a begun day counts whole), then
        working days. `month_days` = 30 counts a month of detention as 30 days (CPC Art. 134). `calendar` is needed
        for working days only. Raises CalendarMissing, and BadLength for a day no calendar has.
        """
        months = self.years * MONTHS_A_YEAR + self.months
        days = self.days + -(-self.hours // HOURS_A_DAY)
        try:
            if month_days is None:
                end = add_months(start, months) + timedelta(days=days)
            else:
                end = start + timedelta(days=months * month_days + days)
        except (OverflowError, ValueError) as error:
            raise BadLength(words("{length} is too long to be counted.", length=str(self))) from error
        if not self.workdays:
            return end
        if calendar is None:
            raise ValueError(f"{self}: working days need a calendar.")
        return calendar.add_workdays(end, self.workdays)


def add_months(start: date, months: int) -> date:
    """The same date `months` later; the last day of that month when it has no such date (CPC Art. 134)."""
    if not months:
        return start
    years, month = divmod(start.year * MONTHS_A_YEAR + start.month - 1 + months, MONTHS_A_YEAR)
    day = start.day if start.day <= 28 else min(start.day, monthrange(years, month + 1)[1])
    return date(years, month + 1, day)


def parse_length(text: str) -> Length:
    """The length that `text` writes, in our form or in Vietnamese (with or without diacritics). Raises BadLength."""
    rest = _plain(text)
    found: dict[str, int] = {}
    at = 0
    while at < len(rest) and (part := _PART.match(rest, at)):
        unit = _UNITS[part[2]]
        if unit in found:
            break
        found[unit] = int(part[1])
        at = part.end()
    if not found or at < len(rest) or rest.endswith(("+", ",", "va")):
        raise BadLength(
            words(
                "{given} is not a length: write 20d, 5wd, 2m, 1y, 24h, 2m+15d, "
                "or 20 ngày, 5 ngày làm việc, 2 tháng 15 ngày.",
                given=repr(text),
            )
        )
    length = Length(**{_FIELDS[unit]: number for unit, number in found.items()})
    if not all(found.values()):
        raise BadLength(words("{given}: a length must be more than zero.", given=repr(text)))
    if length.years * 365 + length.months * 30 + length.days + length.workdays + length.hours // 24 > _LONGEST_DAYS:
        raise BadLength(words("{given} is too long to be counted.", given=repr(text)))
    return length


def unmarked(text: str) -> str:
    """`text` in lower case, without diacritics, đ as d, runs of blanks as one: how hand-written terms are compared."""
    return " ".join(fold(text).split())


def _plain(text: str) -> str:
    """The text to be read; a number repeated in words, as in `02 (hai) tháng`, is dropped."""
    return " ".join(re.sub(r"\([^()\d]*\)", " ", unmarked(text)).split())
