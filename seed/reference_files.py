"""The files of `seed/reference/` as rows of the tables, read strictly."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from models.changes.reference import LIMIT_KEY, OFFENCE_KEY
from models.enums import AgencyKind, AgencyLevel, DayKind, EventKind, Severity, Verified
from models.errors import LiemError
from models.rules.words import words

FOLDER = Path(__file__).resolve().parent / "reference"

Row = dict[str, Any]
E = TypeVar("E", bound=StrEnum)


class BadReference(LiemError):
    """A row of `seed/reference/` that cannot be used; the text names the file, row, column and value."""


@dataclass(frozen=True)
class EventName:
    """What an event is called: its key, its names and other Vietnamese spellings that people write."""

    key: EventKind
    vi: str
    en: str
    fr: str
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """One value of a reference file, with its place for messages."""

    file: str
    row: int
    column: str
    text: str

    def read(self, kind: Callable[[str], Any]) -> Any:
        """The value as `kind` reads it. Raises BadReference."""
        try:
            return kind(self.text)
        except ValueError as error:
            raise BadReference(
                words(
                    "seed/reference/{file}, row {row}, column {column}: {value} cannot be used.",
                    file=self.file,
                    row=str(self.row),
                    column=self.column,
                    value=repr(self.text),
                )
            ) from error

    def day(self) -> date | None:
        """The value as a day; None if empty."""
        return self.read(date.fromisoformat) if self.text else None


class Line:
    """One row of a reference file."""

    def __init__(self, file: str, row: int, values: dict[str, str]) -> None:
        self.file, self.row, self._values = file, row, values

    def cell(self, column: str, *, default: str | None = None) -> Cell:
        """The cell of `column`; a missing column is refused unless there is a default."""
        text = self._values.get(column, default)
        if text is None:
            raise BadReference(
                words("seed/reference/{file}: the column {column} is missing.", file=self.file, column=repr(column))
            )
        return Cell(self.file, self.row, column, text)

    def text(self, column: str, *, default: str | None = None) -> str:
        """The trimmed text of `column`."""
        return self.cell(column, default=default).text

    def member(self, column: str, kind: type[E]) -> E:
        """The value of `column` as a member of a closed list."""
        member: E = self.cell(column).read(kind)
        return member

    def texts(self, *columns: str) -> Row:
        """Several texts at once, by column."""
        return {column: self.text(column) for column in columns}


@cache
def event_names() -> list[EventName]:
    """The names of every kind of event, in the order of proceedings."""
    return [
        EventName(
            key=line.member("key", EventKind),
            vi=line.text("vi"),
            en=line.text("en"),
            fr=line.text("fr"),
            aliases=tuple(alias.strip() for alias in line.text("aliases").split(";") if alias.strip()),
        )
        for line in lines("events.csv")
    ]


def limit_rows(folder: Path = FOLDER) -> list[Row]:
    """Rows of statutory_limit. Raises BadReference, also for two rows with one key."""
    return list(_unique(map(_limit, lines("statutory_deadlines.csv", folder)), LIMIT_KEY, "statutory_deadlines.csv"))


def _limit(line: Line) -> Row:
    return {
        **line.texts(
            "code", "stage", "severity", "base_limit", "extension_length", "max_total", "article", "law", "notes"
        ),
        "extension_no": line.cell("extension_no").read(int),
        "verified": line.member("verified", Verified),
        "valid_from": line.cell("valid_from", default="").day(),
        "valid_to": line.cell("valid_to", default="").day(),
    }


def offence_rows(folder: Path = FOLDER) -> list[Row]:
    """Rows of offence, one per paragraph."""
    return list(_unique(map(_offence, lines("offences.csv", folder)), OFFENCE_KEY, "offences.csv"))


def _offence(line: Line) -> Row:
    return {
        **line.texts("article", "paragraph", "name_vi", "name_en", "name_fr", "penalty_frame", "source"),
        "offence_group": line.text("group"),
        "severity": line.member("severity", Severity),
        "verified": line.member("verified", Verified),
    }


def special_day_rows(folder: Path = FOLDER) -> list[Row]:
    """Rows of special_day. A day stands in one row only: whether it is worked must not depend on which one is read."""
    return list(_unique(map(_special_day, lines("public_holidays.csv", folder)), ("day",), "public_holidays.csv"))


def _special_day(line: Line) -> Row:
    return {
        "day": line.cell("date").day(),
        "kind": line.member("kind", DayKind),
        "verified": line.member("verified", Verified),
        **line.texts("name_vi", "name_en", "name_fr", "source"),
    }


def agency_rows(folder: Path = FOLDER) -> list[Row]:
    """Rows of agency, with `parent` and `successor` as codes. Raises BadReference for a link that leads nowhere."""
    rows = list(_unique(map(_agency, lines("agencies.csv", folder)), ("code",), "agencies.csv"))
    codes = {row["code"] for row in rows} | {""}
    for row in rows:
        for link in ("parent", "successor"):
            if row[link] not in codes:
                raise BadReference(
                    words(
                        "seed/reference/{file}: {code} names the unknown agency {agency}.",
                        file="agencies.csv",
                        code=row["code"],
                        agency=repr(row[link]),
                    )
                )
    return rows


def _agency(line: Line) -> Row:
    return {
        **line.texts("code", "name_vi", "name_en", "name_fr", "parent", "successor", "source"),
        "kind": line.member("kind", AgencyKind),
        "level": line.member("level", AgencyLevel),
        "valid_from": line.cell("valid_from").day(),
        "valid_to": line.cell("valid_to").day(),
    }


def lines(name: str, folder: Path = FOLDER) -> Iterator[Line]:
    """The rows of a reference file with their numbers as a spreadsheet shows them; cells are trimmed."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        for row, values in enumerate(csv.DictReader(file), start=2):
            if None in values or None in values.values():
                raise BadReference(
                    words(
                        "seed/reference/{file}, row {row}: it has another number of columns than the heading.",
                        file=name,
                        row=str(row),
                    )
                )
            yield Line(name, row, {column: value.strip() for column, value in values.items()})


def _unique(rows: Iterator[Row], key: tuple[str, ...], name: str) -> Iterator[Row]:
    seen = set()
    for row in rows:
        found = tuple(row[column] for column in key)
        if found in seen:
            shown = ", ".join(str(part) for part in found)
            raise BadReference(
                words("seed/reference/{file}: {key} stands in two rows; keep one.", file=name, key=shown)
            )
        seen.add(found)
        yield row
