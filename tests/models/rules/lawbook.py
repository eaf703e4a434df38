"""The shipped CSV tables as rows and rulebook, for tests of the rules."""

import csv
from datetime import date
from functools import cache
from pathlib import Path

from models.enums import DayKind, Severity, Verified
from models.rules.limits import LimitRow, OffenceRow, Rulebook
from models.rules.workdays import Calendar, CalendarDay

REFERENCE = Path(__file__).resolve().parents[3] / "seed" / "reference"


def read(name: str) -> list[dict[str, str]]:
    """The rows of a table of seed/reference, column → text."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def days() -> list[CalendarDay]:
    """Every special day of the shipped calendar."""
    return [
        CalendarDay(date.fromisoformat(row["date"]), DayKind(row["kind"]), row["name_vi"], row["name_en"])
        for row in read("public_holidays.csv")
    ]


def limit_rows() -> list[LimitRow]:
    """Every row of the shipped limits."""
    return [
        LimitRow(
            code=row["code"],
            stage=row["stage"],
            severity=row["severity"],
            base_limit=row["base_limit"],
            extension_no=int(row["extension_no"]),
            extension_length=row["extension_length"],
            max_total=row["max_total"],
            article=row["article"],
            law=row["law"],
            notes=row["notes"],
            verified=Verified(row["verified"]),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            id=number,
        )
        for number, row in enumerate(read("statutory_deadlines.csv"), start=1)
    ]


def offence_rows() -> list[OffenceRow]:
    """Every row of the shipped offences."""
    return [
        OffenceRow(
            article=row["article"],
            paragraph=row["paragraph"],
            severity=Severity(row["severity"]),
            name_vi=row["name_vi"],
            name_en=row["name_en"],
            source=row["source"],
            verified=Verified(row["verified"]),
        )
        for row in read("offences.csv")
    ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@cache
def calendar() -> Calendar:
    """The shipped calendar."""
    return Calendar.build(days())


@cache
def rulebook() -> Rulebook:
    """The shipped rules, offences and calendar."""
    return Rulebook.build(limit_rows(), calendar(), offence_rows())
