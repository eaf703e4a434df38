"""Working days: weekends, holidays, days swapped off and worked Saturdays (Labour Code Arts. 111, 112; yearly notice).

The table of special days is data; a year without it is an error, never a year without holidays. Before the table's
first year only weekends count. Every question is one look at precomputed counts, however far apart the days are.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.enums import DayKind
from models.rules.words import Names, Refusal, Words, words

_WEEK, _WORKED = 7, 5


class CalendarDay(NamedTuple):
    """A day whose working status is stated by law or notice: a day off, or a Saturday that is worked."""

    on: date
    kind: DayKind
    name_vi: str
    name_en: str


class CalendarMissing(Refusal):
    """The days off of `year` are needed and not maintained."""

    def __init__(self, year: int) -> None:
        super().__init__(
            words(
                "The calendar has no holidays for {year}: enter the official notice of that year, then ask again.",
                year=str(year),
            )
        )
        self.year = year


class CalendarConflict(Refusal):
    """Two rows of the table speak about the same day."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """Which days are worked. Built by `build`; immutable, so it can be shared between threads.

    A year is maintained when it has at least one holiday row. `first_year` and `last_year` are the first and the last
    maintained ones; in an empty calendar every day is missing.
    """

    first_year: int
    last_year: int
    days: Mapping[date, CalendarDay]
    _gaps: tuple[int, ...]
    _first: int  # ordinal of 1 January of the first year
    _before: int  # working days before it, since ordinal 1 (a Monday)
    _worked: "array[int]"  # ordinals of the working days from `_first` on, ascending
    _counts: "array[int]"  # day by day from `_first` on: how many of them there are up to and including that day

    @classmethod
    def build(cls, days: Iterable[CalendarDay]) -> "Calendar":
        """The calendar of these special days; raises CalendarConflict when a day stands in two rows."""
        special: dict[date, CalendarDay] = {}
        for day in days:
            if day.on in special:
                raise CalendarConflict(
                    words("The holiday calendar has two rows for {day}: keep one of them.", day=day.on)
                )
            special[day.on] = day
        years = {day.on.year for day in special.values() if day.kind is DayKind.HOLIDAY}
        if not years:
            return cls(1, 0, special, (), 1, 0, array("i"), array("i"))
        first_year, last_year = min(years), max(years)
        first, last = date(first_year, 1, 1).toordinal(), date(last_year, 12, 31).toordinal()
        worked, counts = array("i"), array("i")
        for ordinal in range(first, last + 1):
            if _is_worked(date.fromordinal(ordinal), special):
                worked.append(ordinal)
            counts.append(len(worked))
        gaps = tuple(sorted(set(range(first_year, last_year + 1)) - years))
        return cls(first_year, last_year, special, gaps, first, _weekdays_through(first - 1), worked, counts)

    def is_maintained(self, d: date) -> bool:
        """Whether the days off of the year of `d` are in the table."""
        return self.first_year <= d.year <= self.last_year and d.year not in self._gaps

    def is_workday(self, d: date) -> bool:
        """Whether `d` is worked. Raises CalendarMissing."""
        self._require(d.year, d.year)
        return self._worked_at(d.toordinal())

    def roll(self, d: date) -> date:
        """The first working day on or after `d` (CPC Art. 134). Raises CalendarMissing."""
        return d if self.is_workday(d) else self._nth(d, self._rank(d.toordinal()) + 1)

    def add_workdays(self, d: date, n: int) -> date:
        """The `n`-th working day after `d`, which is day 0; `d` itself for 0. Raises CalendarMissing."""
        if n < 0:
            raise ValueError(f"Working days are counted forward: {n} is negative.")
        self._require(d.year, d.year)
        return self._nth(d, self._rank(d.toordinal()) + n) if n else d

    def workdays_between(self, a: date, b: date) -> int:
        """How many working days lie after `a` up to and including `b`; negative when `b` is earlier."""
        self._require(min(a, b).year, max(a, b).year)
        return self._rank(b.toordinal()) - self._rank(a.toordinal())

    def why_off(self, d: date) -> Words | None:
        """The sentence that says why `d` is not worked; None for a working day. Raises CalendarMissing."""
        if self.is_workday(d):
            return None
        special = self.days.get(d) if self.is_maintained(d) else None
        if special is not None:
            return words("{day} is a day off: {name}.", day=d, name=Names(special.name_vi, special.name_en))
        if d.weekday() == _WORKED:
            return words("{day} is a Saturday.", day=d)
        return words("{day} is a Sunday.", day=d)

    def _require(self, first: int, last: int) -> None:
        """Raises CalendarMissing when a year from `first` to `last` is beyond the table or left out of it."""
        if last > self.last_year:
            raise CalendarMissing(max(first, self.last_year + 1) if self.last_year else last)
        for year in self._gaps:
            if first <= year <= last:
                raise CalendarMissing(year)

    def _worked_at(self, ordinal: int) -> bool:
        if ordinal < self._first:
            return (ordinal - 1) % _WEEK < _WORKED
        return self._rank(ordinal) > self._rank(ordinal - 1)

    def _rank(self, ordinal: int) -> int:
        """How many working days there are up to and including this day of the table or before it, since 1 January of
        year 1."""
        if ordinal < self._first:
            return _weekdays_through(ordinal)
        return self._before + self._counts[ordinal - self._first]

    def _nth(self, asked: date, rank: int) -> date:
        """The working day with this rank, looked for from `asked` on."""
        if rank <= self._before:
            weeks, day = divmod(rank - 1, _WORKED)
            return date.fromordinal(weeks * _WEEK + day + 1)
        at = rank - self._before - 1
        if at >= len(self._worked):
            raise CalendarMissing(self._first_missing_after(asked.year))
        found = date.fromordinal(self._worked[at])
        self._require(asked.year, found.year)
        return found

    def _first_missing_after(self, year: int) -> int:
        return next((gap for gap in self._gaps if gap >= year), self.last_year + 1)


def _is_worked(d: date, special: Mapping[date, CalendarDay]) -> bool:
    day = special.get(d)
    return d.weekday() < _WORKED if day is None else day.kind is DayKind.SWAP_WORK


def _weekdays_through(ordinal: int) -> int:
    """Mondays to Fridays from ordinal 1, a Monday, up to and including `ordinal`."""
    weeks, days = divmod(ordinal, _WEEK)
    return weeks * _WORKED + min(days, _WORKED)
