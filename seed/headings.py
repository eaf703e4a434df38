"""Headings as one sender writes them: taught once by a person, remembered, read beside those that we know anyway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from seed.cells import is_blank, shown
from seed.columns import FORM, NUMBERING, OWN_SHEETS, Field, Sheet, SheetForm, heading_field, heading_name, sheet_form
from seed.read import Cell, RawSheet
from seed.terms import plain

HEADING_WITHIN = 50  # rows in which the heading row is looked for
SAMPLE_ROWS = 20  # rows below the headings in which an example is looked for
SAMPLE_LENGTH = 60


@dataclass(frozen=True)
class Headings:
    """What sheets and columns are called beside our own names.

    `sheets`: plain name of a sheet → its kind. `fields`: kind and plain heading → name of the field; "" leaves the
    column out knowingly. A heading taught here goes before one that we know.
    """

    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    fields: Mapping[tuple[Sheet, str], str] = field(default_factory=dict)

    def form(self, sheet_name: str) -> SheetForm | None:
        """The form of the sheet called so, None for a sheet nobody knows."""
        taught = self.sheets.get(plain(sheet_name))
        return FORM[taught] if taught else sheet_form(sheet_name)

    def field(self, form: SheetForm, heading: str) -> Field | None:
        """The field that the heading names on a sheet of this form, or None."""
        taught = self.fields.get((form.sheet, heading_name(heading)))
        if taught is not None:
            return form.field(taught) if taught else None
        known = heading_field(form, heading)
        return None if known and self._is_taught(form.sheet, known.name) else known

    def leaves_out(self, form: SheetForm, heading: str) -> bool:
        """Whether the column was left out knowingly: then it is no leftover to warn of."""
        return self.fields.get((form.sheet, heading_name(heading))) == ""

    def fits(self, sheets: Iterable[RawSheet]) -> bool:
        """Whether every sheet and heading that was taught stands in this workbook, so that it is of that sender."""
        if not self.fields:
            return False
        found: set[tuple[Sheet, str]] = set()
        names: set[str] = set()
        for raw in sheets:
            names.add(plain(raw.name))
            if form := self.form(raw.name):
                rows = raw.rows[:HEADING_WITHIN]
                found |= {(form.sheet, heading_name(cell)) for row in rows for cell in row if isinstance(cell, str)}
        return set(self.sheets) <= names and set(self.fields) <= found

    def _is_taught(self, sheet: Sheet, name: str) -> bool:
        return any(kind is sheet and taught == name for (kind, _), taught in self.fields.items())

    def as_stored(self) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        """The two columns of the table that remembers it."""
        fields: dict[str, dict[str, str]] = {}
        for (sheet, heading), name in self.fields.items():
            fields.setdefault(sheet.value, {})[heading] = name
        return {name: sheet.value for name, sheet in self.sheets.items()}, fields

    @staticmethod
    def from_stored(sheets: Mapping[str, Any], fields: Mapping[str, Any]) -> "Headings":
        """What was remembered, without what this version does not know any more."""
        kinds = {each.value: each for each in Sheet}
        known = {kind: {one.name for one in FORM[kind].fields} | {""} for kind in Sheet}
        return Headings(
            {name: kinds[value] for name, value in sheets.items() if value in kinds},
            {
                (kinds[value], heading): name
                for value, taught in fields.items()
                if value in kinds
                for heading, name in taught.items()
                if name in known[kinds[value]]
            },
        )


OURS = Headings()  # nothing but our own names


@dataclass(frozen=True)
class SeenColumn:
    """A column as it stands in a workbook: heading, an example from below it, and the field it is read as ("" none)."""

    heading: str
    example: str
    field: str


@dataclass(frozen=True)
class SeenSheet:
    """A sheet as it stands in a workbook; `sheet` None: nobody knows what it holds."""

    name: str
    sheet: Sheet | None
    columns: tuple[SeenColumn, ...]

    @property
    def understood(self) -> bool:
        """Whether the sheet and each of its columns are read."""
        return self.sheet is not None and all(column.field for column in self.columns)


def seen_sheets(sheets: Iterable[RawSheet], headings: Headings = OURS) -> list[SeenSheet]:
    """Every sheet that holds rows, with its headings, so that a person can say what they mean."""
    return [seen for raw in sheets if plain(raw.name) not in OWN_SHEETS and (seen := _seen(raw, headings)) is not None]


def _seen(raw: RawSheet, headings: Headings) -> SeenSheet | None:
    form = headings.form(raw.name)
    head = _heading_row(raw, form, headings)
    if head is None:
        return None
    columns = tuple(
        SeenColumn(" ".join(cell.split()), _example(raw, head, index), _field_name(form, cell, headings))
        for index, cell in enumerate(raw.rows[head])
        if isinstance(cell, str) and cell.strip() and heading_name(cell) not in NUMBERING
    )
    return SeenSheet(raw.name, form.sheet if form else None, columns) if columns else None


def _heading_row(raw: RawSheet, form: SheetForm | None, headings: Headings) -> int | None:
    """The row with most headings that we know, else the first of those with most texts."""
    best: tuple[tuple[int, int], int] | None = None
    for number, row in enumerate(raw.rows[:HEADING_WITHIN]):
        texts = [cell for cell in row if isinstance(cell, str) and cell.strip()]
        known = sum(headings.field(form, cell) is not None for cell in texts) if form else 0
        if len(texts) > 1 and (best is None or (known, len(texts)) > best[0]):
            best = ((known, len(texts)), number)
    return best[1] if best else None


def _field_name(form: SheetForm | None, heading: str, headings: Headings) -> str:
    found = headings.field(form, heading) if form else None
    return found.name if found else ""


def _example(raw: RawSheet, head: int, index: int) -> str:
    for row in raw.rows[head + 1 : head + 1 + SAMPLE_ROWS]:
        cell: Cell = row[index] if index < len(row) else None
        if not is_blank(cell):
            return str(shown(cell))[:SAMPLE_LENGTH]
    return ""
