"""The calendar as an administrator maintains it, year by year: days entered, removed, or a whole yearly notice.

Every change is a version with its reason. What no calendar of the country can say is refused: a day twice, a swapped
day off on a weekend, a worked day that is no weekend, a day off that is swapped for nothing, a year without the
holidays of the Labour Code.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.changes._audit import record
from models.changes.rules import RuleRefused, required_reason, retract
from models.enums import DayKind, Origin, Verified
from models.errors import Forbidden
from models.queries.reference import DAY_FIELDS, day_values, special_days
from models.rules.access import Action, Viewer, may
from models.rules.words import Words, words
from models.tables import SpecialDay
from models.text import clean

FIXED = ((1, 1), (4, 30), (5, 1), (9, 2))  # holidays on a day of the solar calendar (Labour Code Art. 112(1))
PAIRED_WITHIN = timedelta(days=120)  # a day off and the day worked for it
SATURDAY = 5
FIRST_YEAR, LAST_YEAR = 2000, 2100
SOURCE_LENGTH = 300
_NOTE = re.compile(r"\[([^\]]+)\]$")  # how a note stands at the end of the source it belongs to


@dataclass(frozen=True)
class DayDraft:
    """A day as a form or a notice states it. `note` says why a swapped day off has no worked day beside it."""

    day: date
    kind: DayKind
    name_vi: str
    name_en: str = ""
    name_fr: str = ""
    note: str = ""


def add_day(
    session: Session, viewer: Viewer, draft: DayDraft, *, source: str, reason: str, now: datetime
) -> SpecialDay:
    """Enter one day. Raises Forbidden, RuleRefused."""
    _may(viewer)
    why = required_reason(reason)
    own = special_days(session, draft.day.year)
    if any(day.day == draft.day for day in own):
        raise RuleRefused(words("{day} is in the calendar already: remove it first.", day=draft.day))
    refuse_drafts([draft], draft.day.year)
    before = [*_around(session, draft.day.year), *map(_stated, own)]
    _refuse_unpaired(before, [*before, draft], [draft])
    made = _add(session, _values(draft, source), why, now)
    record(session, viewer, "add_day", f"calendar:{draft.day.year}", now=now, after=_told(made) | {"reason": why})
    return made


def remove_day(session: Session, viewer: Viewer, day: date, *, reason: str, now: datetime) -> None:
    """Take one day out of the calendar. Raises Forbidden, RuleRefused."""
    _may(viewer)
    why = required_reason(reason)
    own = special_days(session, day.year)
    found = next((row for row in own if row.day == day), None)
    if found is None:
        raise RuleRefused(words("{day} is not in the calendar any more. Open the year again.", day=day))
    around = [*_around(session, day.year), *map(_stated, own)]
    _refuse_unpaired(around, [each for each in around if each.day != day])
    before = _told(found)
    retract(found, Origin.ADMINISTRATOR, why, now)
    session.flush()
    record(session, viewer, "remove_day", f"calendar:{day.year}", now=now, before=before, after={"reason": why})


def replace_year(
    session: Session,
    viewer: Viewer,
    year: int,
    drafts: Sequence[DayDraft],
    *,
    source: str,
    reason: str,
    now: datetime,
) -> dict[str, int]:
    """Make the days of a year those of its notice, all or nothing; how many were new, changed, removed, unchanged.

    Raises Forbidden, RuleRefused.
    """
    _may(viewer)
    why = required_reason(reason)
    refuse_drafts(drafts, year)
    refuse_incomplete(drafts, year)
    own = {row.day: row for row in special_days(session, year)}
    around = _around(session, year)
    _refuse_unpaired([*around, *map(_stated, own.values())], [*around, *drafts], drafts)
    stated = {draft.day: draft for draft in drafts}
    same = {day for day, row in own.items() if day in stated and _says(row, stated[day])}
    changed = (own.keys() & stated.keys()) - same
    new, gone = stated.keys() - own.keys(), own.keys() - stated.keys()
    counts = {"new": len(new), "changed": len(changed), "removed": len(gone), "unchanged": len(same)}
    if not new | changed | gone:
        raise RuleRefused(words("Nothing would change: the calendar of {year} says this already.", year=str(year)))
    before = [_told(own[day]) for day in sorted(changed | gone)]
    for day in sorted(changed | gone):
        retract(own[day], Origin.ADMINISTRATOR, why, now)
    session.flush()
    made = [
        _add(session, _values(_named(stated[day], own.get(day)), source), why, now) for day in sorted(changed | new)
    ]
    after = {"days": [_told(row) for row in made], "reason": why}
    record(session, viewer, "replace_year", f"calendar:{year}", now=now, before=before, after=after)
    return counts


def take_shipped_year(
    session: Session, viewer: Viewer, year: int, rows: Iterable[Mapping[str, Any]], *, now: datetime
) -> None:
    """Give a year back to the program: its days `rows` replace what is in force. Raises Forbidden, RuleRefused."""
    _may(viewer)
    brought = [dict(row) for row in rows if row["day"].year == year]
    if not brought:
        raise RuleRefused(words("The program brings no calendar for {year}.", year=str(year)))
    own = special_days(session, year)
    before = [_told(row) for row in own]
    for row in own:
        retract(row, Origin.SHIPPED, "", now)  # given back: from now on the program maintains the year
    session.flush()
    for values in brought:
        session.add(SpecialDay(**values, origin=Origin.SHIPPED, recorded_at=now))
    session.flush()
    record(session, viewer, "take_shipped_year", f"calendar:{year}", now=now, before=before, after=brought)


# --- what is refused -----------------------------------------------------------------------------------------------


def problem_of(draft: DayDraft, year: int) -> Words | None:
    """Why this day cannot stand in the calendar of `year`; None if it can."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return words("A year from {first} to {last} is expected.", first=str(FIRST_YEAR), last=str(LAST_YEAR))
    if draft.day.year != year:
        return words("{day} does not lie in {year}.", day=draft.day, year=str(year))
    if not clean(draft.name_vi):
        return words("The day needs its name in Vietnamese.")
    if max(len(draft.name_vi), len(draft.name_en), len(draft.name_fr), len(draft.note)) > 200:
        return words("A name or note has more than {n} characters.", n=200)
    weekend = draft.day.weekday() >= SATURDAY
    if draft.kind is DayKind.SWAP_WORK and not weekend:
        return words("{day} is no Saturday or Sunday: it is worked anyway.", day=draft.day)
    if draft.kind in (DayKind.SWAP_OFF, DayKind.COMPENSATION) and weekend:
        return words("{day} is a Saturday or Sunday: it is a day off anyway.", day=draft.day)
    return None


def unpaired(days: Iterable[DayDraft]) -> list[DayDraft]:
    """The swapped days off without a worked day of their own within 120 days, and without a note that says why.

    The nearest ones belong together.
    """
    given = list(days)
    offs = [each for each in given if each.kind is DayKind.SWAP_OFF and not each.note]
    works = [each for each in given if each.kind is DayKind.SWAP_WORK]
    pairs = sorted((abs(off.day - work.day), off.day, work.day) for off in offs for work in works)
    paired: set[date] = set()
    for apart, off_on, work_on in pairs:
        if apart <= PAIRED_WITHIN and not {off_on, work_on} & paired:
            paired |= {off_on, work_on}
    return [off for off in offs if off.day not in paired]


def no_partner(day: date) -> Words:
    """The sentence about a swapped day off without a worked day."""
    return words(
        "{day} is a swapped day off, and no worked Saturday stands beside it: enter that day too, or say in the note "
        "why there is none.",
        day=day,
    )


def missing_fixed(drafts: Iterable[DayDraft], year: int) -> list[date]:
    """The holidays of the Labour Code with a fixed date that a list of the whole year does not hold."""
    held = {draft.day for draft in drafts if draft.kind is DayKind.HOLIDAY}
    return [day for day in (date(year, month, number) for month, number in FIXED) if day not in held]


def refuse_drafts(drafts: Sequence[DayDraft], year: int) -> None:
    """Raises RuleRefused for the first day that cannot stand in the calendar of `year`, or stands there twice."""
    seen: set[date] = set()
    for draft in drafts:
        if problem := problem_of(draft, year):
            raise RuleRefused(problem)
        if draft.day in seen:
            raise RuleRefused(words("{day} stands in two rows: keep one of them.", day=draft.day))
        seen.add(draft.day)


def refuse_incomplete(drafts: Sequence[DayDraft], year: int) -> None:
    """Raises RuleRefused for a list that leaves out a holiday of the Labour Code."""
    if missing := missing_fixed(drafts, year):
        raise RuleRefused(fixed_left_out(missing))


def fixed_left_out(missing: Sequence[date]) -> Words:
    """The sentence about holidays of the Labour Code that a list leaves out."""
    return words(
        "The list is not the whole year: {days} is a public holiday (Labour Code Art. 112) and does not stand in it.",
        days=", ".join(day.strftime("%d/%m/%Y") for day in missing),
    )


def _refuse_unpaired(before: Iterable[DayDraft], after: Iterable[DayDraft], drafts: Sequence[DayDraft] = ()) -> None:
    """Raises RuleRefused for a swapped day off that is new and alone, or that the change leaves alone."""
    known = {each.day for each in unpaired(before)}
    for each in unpaired(after):
        if each.day not in known or each in drafts:
            raise RuleRefused(no_partner(each.day))


def _around(session: Session, year: int) -> list[DayDraft]:
    """The days of the years before and after: a swap may reach over New Year."""
    return [_stated(row) for beside in (year - 1, year + 1) for row in special_days(session, beside)]


# --- rows ----------------------------------------------------------------------------------------------------------


def _stated(row: SpecialDay) -> DayDraft:
    note = _NOTE.search(row.source)
    return DayDraft(row.day, row.kind, row.name_vi, row.name_en, row.name_fr, note[1] if note else "")


def _says(row: SpecialDay, draft: DayDraft) -> bool:
    """Whether a notice tells nothing new of a proved day: names in other languages may be left out."""
    same = (row.kind, row.name_vi, row.verified) == (draft.kind, clean(draft.name_vi), Verified.YES)
    return same and draft.name_en in ("", row.name_en) and draft.name_fr in ("", row.name_fr)


def _named(draft: DayDraft, row: SpecialDay | None) -> DayDraft:
    """The day with the names in other languages that it has already, where the notice gives none."""
    if row is None or row.kind is not draft.kind:
        return draft
    return replace(draft, name_en=draft.name_en or row.name_en, name_fr=draft.name_fr or row.name_fr)


def _values(draft: DayDraft, source: str) -> dict[str, Any]:
    given, name = clean(source), clean(draft.name_vi)
    note = clean(draft.note).replace("[", "(").replace("]", ")")
    if not given:
        raise RuleRefused(words("Name the notice or the law that states the day, with its number."))
    kept = f"{given} [{note}]" if note else given
    if len(kept) > SOURCE_LENGTH:
        raise RuleRefused(words("Notice and note together have more than {n} characters.", n=SOURCE_LENGTH))
    return {
        "day": draft.day,
        "kind": draft.kind,
        "name_vi": name,
        "name_en": clean(draft.name_en) or name,
        "name_fr": clean(draft.name_fr),
        "source": kept,
        "verified": Verified.YES,
    }


def _add(session: Session, values: dict[str, Any], reason: str, now: datetime) -> SpecialDay:
    made = SpecialDay(**values, origin=Origin.ADMINISTRATOR, reason=reason, recorded_at=now)
    session.add(made)
    session.flush()
    return made


def _told(row: SpecialDay) -> dict[str, Any]:
    return {name: value for name, value in day_values(row).items() if name in DAY_FIELDS}


def _may(viewer: Viewer) -> None:
    if not may(viewer, Action.MANAGE_REFERENCE):
        raise Forbidden(words("Only an administrator may change the calendar."))
