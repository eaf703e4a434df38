"""The day of judgement, watched: until when a verdict stays the same if nothing more is recorded.

Judging asks of its day nothing but whether other days lie before or after it. A watched day notes the first of those
days on which an answer would turn. Whatever else is asked of it (a difference, its month, a key to remember by) may
be another tomorrow, so then the verdict holds for that day only: rather too early than a wrong date.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Self

_DAY = timedelta(days=1)
_lt, _le, _eq = date.__lt__, date.__le__, date.__eq__


class WatchedDay(date):
    """A day that notes in `until` the last day on which everything it was asked would be answered the same."""

    __slots__ = ("until",)
    until: date

    @classmethod
    def of(cls, day: date) -> Self:
        """`day`, of which nothing was asked yet."""
        made = cls(day.year, day.month, day.day)
        made.until = date.max
        return made

    def __lt__(self, other: date) -> bool:
        return not self._turns_on(other, _lt(self, other))

    def __ge__(self, other: date) -> bool:
        return self._turns_on(other, _lt(self, other))

    def __le__(self, other: date) -> bool:
        return not self._turns_after(other, _le(self, other))

    def __gt__(self, other: date) -> bool:
        return self._turns_after(other, _le(self, other))

    def __eq__(self, other: object) -> bool:
        self._today_only()
        return bool(_eq(self, other))

    def __ne__(self, other: object) -> bool:
        self._today_only()
        return not _eq(self, other)

    def __hash__(self) -> int:
        self._today_only()
        return date.__hash__(self)

    def _turns_on(self, other: date, before: bool) -> bool:
        """The answer turns when the day has come; whether it has."""
        if before and _le(other, self.until):
            self.until = other - _DAY
        return not before

    def _turns_after(self, other: date, before: bool) -> bool:
        """The answer turns when the day is over; whether it is."""
        if before and _lt(other, self.until):
            self.until = other
        return not before

    def _today_only(self) -> None:
        self.until = plain(self)


def plain(day: date) -> date:
    """`day` without anybody watching: for what is told anew every day, as how many days late a file is."""
    return date.fromordinal(date.toordinal(day)) if isinstance(day, WatchedDay) else day


def _noted(name: str) -> Callable[..., Any]:
    """The method of a date, noted: what it answers is of that day only."""

    def asked(self: WatchedDay, *given: Any, **more: Any) -> Any:
        self.until = today = plain(self)
        return getattr(today, name)(*given, **more)

    return asked


def _part(name: str) -> property:
    def asked(self: WatchedDay) -> Any:
        self.until = today = plain(self)
        return getattr(today, name)

    return property(asked)


for _name in (
    "__add__", "__radd__", "__sub__", "__rsub__", "__str__", "__repr__", "__format__", "isoformat", "strftime",
    "ctime", "replace", "timetuple", "toordinal", "weekday", "isoweekday", "isocalendar",
):  # fmt: skip
    setattr(WatchedDay, _name, _noted(_name))
for _name in ("year", "month", "day"):
    setattr(WatchedDay, _name, _part(_name))
