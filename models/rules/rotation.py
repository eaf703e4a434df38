"""Which backups are kept: the newest of the last days, weeks and months (grandfather, father, son)."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple


class Keep(NamedTuple):
    """How many days, weeks and months of backups are kept; the newest of each."""

    days: int
    weeks: int
    months: int


def parse_keep(text: str) -> Keep | None:
    """`7/4/12` as days, weeks, months; None for anything else, and for one that would keep nothing."""
    found = re.fullmatch(r"(\d{1,4})/(\d{1,4})/(\d{1,4})", text.strip())
    keep = Keep(*map(int, found.groups())) if found else None
    return keep if keep and any(keep) else None


def superfluous(backups: Mapping[str, date], keep: Keep, *, always: Iterable[str] = ()) -> list[str]:
    """The names that may be removed, in their order. `backups`: name → the province's day, oldest first.

    The newest of all and those named in `always` are never among them.
    """
    names = list(backups)
    kept = {*always, *names[-1:]}
    spans: tuple[tuple[int, Callable[[date], Any]], ...] = (
        (keep.days, lambda day: day),
        (keep.weeks, lambda day: day.isocalendar()[:2]),
        (keep.months, lambda day: (day.year, day.month)),
    )
    for count, span in spans:
        newest = {span(backups[name]): name for name in names}  # of each span the last
        kept.update(newest[each] for each in sorted(newest)[len(newest) - min(count, len(newest)) :])
    return [name for name in names if name not in kept]
