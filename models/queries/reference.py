"""Law and calendar as the rules want them, and as people maintain them: versions, years, what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from models.enums import DayKind, Origin, Severity, Verified
from models.rules.limits import LimitRow, OffenceRow, Rulebook
from models.rules.words import Words, words
from models.rules.workdays import Calendar, CalendarDay
from models.tables import Offence, SpecialDay, StatutoryLimit

STEP = ("code", "severity", "extension_no")  # one line of a rule: its base limit or one extension, whenever in force
AHEAD = timedelta(days=90)  # how long before a year begins its calendar must be there

LIMIT_FIELDS = (
    "code", "stage", "severity", "base_limit", "extension_no", "extension_length", "max_total", "article", "law",
    "notes", "verified", "valid_from", "valid_to",
)  # fmt: skip
DAY_FIELDS = ("day", "kind", "name_vi", "name_en", "name_fr", "source", "verified")


@dataclass(frozen=True)
class YearState:
    """One year of the calendar: how many days stand in it, and whether it counts as maintained."""

    year: int
    days: int
    maintained: bool


@dataclass(frozen=True, kw_only=True)
class LimitVersion(LimitRow):
    """One version of a step of a rule: what it says, who entered it and why, and the same of its retraction."""

    origin: Origin = Origin.SHIPPED
    reason: str = ""
    recorded_at: datetime
    retracted_at: datetime | None = None
    retracted_by: Origin | None = None
    retracted_reason: str = ""


@dataclass(frozen=True)
class DayVersion:
    """One version of a day of the calendar, with the same about its entry and retraction."""

    id: int
    day: date
    kind: DayKind
    name_vi: str
    name_en: str
    name_fr: str
    source: str
    verified: Verified
    origin: Origin
    reason: str
    recorded_at: datetime
    retracted_at: datetime | None
    retracted_by: Origin | None
    retracted_reason: str


@dataclass(frozen=True)
class OffenceLine:
    """One paragraph of the Penal Code as the page of offences shows it."""

    article: str
    paragraph: str
    name_vi: str
    name_en: str
    penalty_frame: str
    severity: Severity
    verified: Verified


def calendar(session: Session, *, known_at: datetime | None = None) -> Calendar:
    """Holidays, swapped days off and worked Saturdays of every maintained year."""
    days = session.exec(select(SpecialDay).where(_known(session, SpecialDay, known_at)).order_by(col(SpecialDay.day)))
    return Calendar.build(CalendarDay(day.day, day.kind, day.name_vi, day.name_en) for day in days)


def rulebook(session: Session, *, known_at: datetime | None = None) -> Rulebook:
    """The limits, offences and calendar as known at `known_at` (now for None); limits carry their own validity.

    Before the rules were first loaded, those of that day are taken: nothing was known before them.
    """
    known = _known(session, StatutoryLimit, known_at)
    limits = session.exec(select(StatutoryLimit).where(known).order_by(col(StatutoryLimit.id)))
    return Rulebook.build(
        [LimitRow(**limit_values(row), id=row.id or 0) for row in limits],
        calendar(session, known_at=known_at),
        [
            OffenceRow(row.article, row.paragraph, row.severity, row.name_vi, row.name_en)
            for row in session.exec(select(Offence))
        ],
    )


def limit_values(limit: StatutoryLimit | LimitRow) -> dict[str, Any]:
    """What a version says, without who entered it and when."""
    return {name: getattr(limit, name) for name in LIMIT_FIELDS}


def day_values(day: SpecialDay | DayVersion) -> dict[str, Any]:
    """What a version of a day says."""
    return {name: getattr(day, name) for name in DAY_FIELDS}


def changed_since(session: Session, known_at: datetime) -> bool:
    """Whether a rule or a day was entered or retracted after `known_at`, the first load aside."""
    for table in (StatutoryLimit, SpecialDay):
        first = _first_load(session, table)
        later = or_(
            and_(col(table.recorded_at) > known_at, col(table.recorded_at) > first), col(table.retracted_at) > known_at
        )
        if first and session.exec(select(table.id).where(later).limit(1)).first() is not None:
            return True
    return False


def _known(
    session: Session, table: type[StatutoryLimit] | type[SpecialDay], known_at: datetime | None
) -> ColumnElement[bool]:
    if known_at is None:
        return col(table.retracted_at).is_(None)
    at = max(known_at, _first_load(session, table) or known_at)
    still = or_(col(table.retracted_at).is_(None), col(table.retracted_at) > at)
    return and_(col(table.recorded_at) <= at, still)


def _first_load(session: Session, table: type[StatutoryLimit] | type[SpecialDay]) -> datetime | None:
    return session.exec(select(func.min(table.recorded_at))).first()


# --- maintenance ---------------------------------------------------------------------------------------------------


VERSION = ("origin", "reason", "recorded_at", "retracted_at", "retracted_by", "retracted_reason")


def current_limits(session: Session) -> list[LimitVersion]:
    """Every version that holds now, in the order of proceedings; then by class, step and start of validity."""
    current = select(StatutoryLimit).where(col(StatutoryLimit.retracted_at).is_(None)).order_by(col(StatutoryLimit.id))
    rows = [_limit_version(row) for row in session.exec(current)]
    place: dict[str, int] = {}
    for row in rows:
        place.setdefault(row.code, len(place))
    ranks = {severity.value: rank for rank, severity in enumerate(Severity)}

    def order(row: LimitVersion) -> tuple[Any, ...]:
        return place[row.code], ranks.get(row.severity, 0), row.severity, row.extension_no, row.valid_from or date.min

    return sorted(rows, key=order)


def limit_history(session: Session, code: str) -> list[LimitVersion]:
    """What was retracted or entered by an administrator in a rule, the newest first."""
    edited = or_(col(StatutoryLimit.retracted_at).is_not(None), col(StatutoryLimit.origin) == Origin.ADMINISTRATOR)
    asked = select(StatutoryLimit).where(StatutoryLimit.code == code, edited).order_by(col(StatutoryLimit.id).desc())
    return [_limit_version(row) for row in session.exec(asked)]


def _limit_version(row: StatutoryLimit) -> LimitVersion:
    return LimitVersion(**limit_values(row), id=row.id or 0, **{name: getattr(row, name) for name in VERSION})


def special_days(session: Session, year: int) -> list[SpecialDay]:
    """The rows of a year that hold now, in order of days: for who changes them."""
    asked = _in_year(year).where(col(SpecialDay.retracted_at).is_(None)).order_by(col(SpecialDay.day))
    return list(session.exec(asked))


def days_of(session: Session, year: int) -> list[DayVersion]:
    """The days of a year that hold now, in order."""
    return [_day_version(row) for row in special_days(session, year)]


def day_history(session: Session, year: int) -> list[DayVersion]:
    """What was retracted or entered by an administrator in a year, the newest first."""
    edited = or_(col(SpecialDay.retracted_at).is_not(None), col(SpecialDay.origin) == Origin.ADMINISTRATOR)
    return [_day_version(row) for row in session.exec(_in_year(year).where(edited).order_by(col(SpecialDay.id).desc()))]


def _day_version(row: SpecialDay) -> DayVersion:
    return DayVersion(id=row.id or 0, **day_values(row), **{name: getattr(row, name) for name in VERSION})


def offence_lines(session: Session) -> list[OffenceLine]:
    """The offences of the table, by article and paragraph."""
    found = [
        OffenceLine(row.article, row.paragraph, row.name_vi, row.name_en, row.penalty_frame, row.severity, row.verified)
        for row in session.exec(select(Offence).order_by(col(Offence.id)))
    ]
    return sorted(found, key=lambda line: (line.article.zfill(5), line.paragraph))


def _in_year(year: int) -> Any:
    return select(SpecialDay).where(SpecialDay.day >= date(year, 1, 1), SpecialDay.day <= date(year, 12, 31))


def years(session: Session, *, today: date) -> list[YearState]:
    """The years of the table and the next one, the latest first."""
    table = calendar(session)
    counts: dict[int, int] = {today.year: 0, today.year + 1: 0}
    for day in table.days:
        counts[day.year] = counts.get(day.year, 0) + 1
    return [
        YearState(year, counts[year], table.is_maintained(date(year, 1, 1))) for year in sorted(counts, reverse=True)
    ]


def missing_years(session: Session, *, today: date) -> list[int]:
    """The years whose calendar is needed within 90 days and not maintained."""
    table = calendar(session)
    return [year for year in sorted({today.year, (today + AHEAD).year}) if not table.is_maintained(date(year, 1, 1))]


def calendar_problem(session: Session, *, today: date) -> Words | None:
    """The sentence that names the missing years of the calendar; None while every year is there in time."""
    missing = missing_years(session, today=today)
    if not missing:
        return None
    return words(
        "The calendar of {years} is missing: limits that end there cannot be told. An administrator enters the yearly "
        "notice on the page Rules and calendar.",
        years=", ".join(str(year) for year in missing),
    )


# --- what the program brings, and an administrator has changed -----------------------------------------------------


def administrators_steps(session: Session) -> set[tuple[Any, ...]]:
    """The steps of rules (STEP) that an administrator maintains: the program does not touch them."""
    columns = (StatutoryLimit.code, StatutoryLimit.severity, StatutoryLimit.extension_no)
    theirs = (col(StatutoryLimit.retracted_at).is_(None), StatutoryLimit.origin == Origin.ADMINISTRATOR)
    return {tuple(row) for row in session.exec(select(*columns).where(*theirs).distinct())}


def administrators_years(session: Session) -> set[int]:
    """The years of the calendar that an administrator maintains: one entered or removed a day of them."""
    latest: dict[date, SpecialDay] = {}
    for day in session.exec(select(SpecialDay).order_by(col(SpecialDay.id))):
        latest[day.day] = day
    return {
        day.day.year
        for day in latest.values()
        if (day.origin if day.retracted_at is None else day.retracted_by) == Origin.ADMINISTRATOR
    }


def differing_steps(
    session: Session, shipped: Sequence[Mapping[str, Any]]
) -> list[tuple[tuple[Any, ...], list[LimitVersion], list[Mapping[str, Any]]]]:
    """(step, versions in force, rows the program brings) of every step where an administrator's version differs."""
    found = []
    current = current_limits(session)
    for step in sorted(administrators_steps(session)):
        own = [row for row in current if (row.code, row.severity, row.extension_no) == step]
        brought = [row for row in shipped if tuple(row[name] for name in STEP) == step]
        if brought and not _same([limit_values(row) for row in own], brought, "valid_from"):
            found.append((step, own, brought))
    return found


def differing_years(session: Session, shipped: Sequence[Mapping[str, Any]]) -> list[int]:
    """The years where an administrator's calendar differs from the one the program brings."""
    return [
        year
        for year in sorted(administrators_years(session))
        if (brought := [row for row in shipped if row["day"].year == year])
        and not _same([day_values(row) for row in days_of(session, year)], brought, "day")
    ]


def _same(own: Sequence[Mapping[str, Any]], brought: Sequence[Mapping[str, Any]], key: str) -> bool:
    def ordered(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        return sorted((dict(row) for row in rows), key=lambda row: row[key] or date.min)

    return ordered(own) == ordered(brought)
