"""Which sheets and columns of a workbook are ours, and what must be said about the others."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.changes.drafts import Drafts, Finding
from models.rules.words import Words, words
from seed.cells import is_blank, reader, shown
from seed.columns import (
    FORMS,
    NUMBERING,
    OWN_SHEETS,
    Field,
    Form,
    Sheet,
    SheetForm,
    heading_name,
    names_unit,
    unit_of,
)
from seed.headings import HEADING_WITHIN, OURS, Headings
from seed.read import Cell, RawSheet
from seed.terms import plain

_TITLE_UNIT = re.compile(r"(?:don vi|dvt)\b.*\b(?:nghin|ngan|trieu|ty|ti)\b")


@dataclass
class Parsed:
    """What a workbook states, and everything about it that a person must look at."""

    drafts: Drafts = field(default_factory=Drafts)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class Column:
    """One known column of a sheet, ready to read cells."""

    index: int
    field: Field
    heading: str
    read: Callable[[Cell], Any]


@dataclass(frozen=True)
class Table:
    """A sheet whose heading row is found; `head` is that row's number from 0."""

    form: SheetForm
    raw: RawSheet
    head: int
    columns: tuple[Column, ...]
    headings: dict[str, tuple[str, int]]


def find_tables(sheets: list[RawSheet], today: date, result: Parsed, headings: Headings = OURS) -> list[Table]:
    """The known sheets, sessions and cases before what refers to them."""
    found: dict[Sheet, Table] = {}
    known = False
    for raw in sheets:
        form = headings.form(raw.name)
        if form is None:
            _warn_unknown_sheet(raw, result)
            continue
        known = True
        if form.sheet in found:
            reason = words(
                "The workbook has two sheets of this kind: {first} is the other.", first=found[form.sheet].raw.name
            )
            result.errors.append(Finding(raw.name, None, "", "", reason))
        elif (table := _table(form, raw, today, result, headings)) is not None:
            found[form.sheet] = table
    if not known:
        names = ", ".join(form.names[0] for form in FORMS)
        result.errors.append(Finding("", None, "", "", words("No sheet has a known name: {names}.", names=names)))
    return [found[form.sheet] for form in FORMS if form.sheet in found]


def _warn_unknown_sheet(raw: RawSheet, result: Parsed) -> None:
    if plain(raw.name) in OWN_SHEETS:
        return
    if any(not is_blank(cell) for row in raw.rows for cell in row):
        result.warnings.append(Finding(raw.name, None, "", "", words("The sheet has no known name; it was not read.")))


def _table(form: SheetForm, raw: RawSheet, today: date, result: Parsed, known: Headings) -> Table | None:
    """The sheet with its columns understood; None, with a finding, if it cannot be."""
    head = next((n for n, row in enumerate(raw.rows[:HEADING_WITHIN]) if _is_heading(form, row, known)), None)
    if head is None:
        if any(not is_blank(cell) for row in raw.rows for cell in row):
            result.errors.append(Finding(raw.name, None, "", "", _no_heading(form)))
        return None
    columns: list[Column] = []
    for index, cell in enumerate(raw.rows[head]):
        if column := _column(form, raw, head, index, cell, columns, today, result, known):
            columns.append(column)
    _check_unit_of_titles(raw, head, columns, result)
    _warn_leftovers(form, raw, head, columns, result, known)
    headings = {column.field.name: (column.heading, column.index) for column in columns}
    return Table(form, raw, head, tuple(columns), headings)


def _is_heading(form: SheetForm, row: list[Cell], known: Headings) -> bool:
    """Whether the row holds the two headings that prove it to be the heading row."""
    names = {field.name for cell in row if isinstance(cell, str) and (field := known.field(form, cell))}
    return set(form.proof) <= names


def _no_heading(form: SheetForm) -> Words:
    first, second = (form.field(name).headings[0] for name in form.proof)
    return words("No heading row: one row must hold the headings {first} and {second}.", first=first, second=second)


def _column(
    form: SheetForm,
    raw: RawSheet,
    head: int,
    index: int,
    cell: Cell,
    before: list[Column],
    today: date,
    result: Parsed,
    known: Headings,
) -> Column | None:
    if not isinstance(cell, str) or (field := known.field(form, cell)) is None:
        return None
    if any(column.field.name == field.name for column in before):
        return None  # a second column of the same field is a leftover
    heading, scale = " ".join(cell.split()), 1
    if field.form is Form.AMOUNT:
        unit = unit_of(cell)
        if unit is None:
            reason = words("Unknown unit. Write đồng, triệu đồng or tỷ đồng in the brackets.")
            result.errors.append(Finding(raw.name, head + 1, heading, heading, reason, index))
        scale = unit or 1
    return Column(index, field, heading, reader(field, scale=scale, today=today))


def _check_unit_of_titles(raw: RawSheet, head: int, columns: list[Column], result: Parsed) -> None:
    """Refuse money columns without a unit below a title row that says "unit: million đồng": they are not in đồng."""
    titles = (cell for row in raw.rows[:head] for cell in row if isinstance(cell, str))
    title = next((text for text in titles if _TITLE_UNIT.search(plain(text))), None)
    if title is None:
        return
    for column in columns:
        if column.field.form is Form.AMOUNT and not names_unit(str(raw.rows[head][column.index])):
            reason = words(
                "A title row names a unit ({title}); write it in brackets in this heading.", title=title.strip()
            )
            result.errors.append(Finding(raw.name, head + 1, column.heading, column.heading, reason, column.index))


def _warn_leftovers(
    form: SheetForm, raw: RawSheet, head: int, columns: list[Column], result: Parsed, known: Headings
) -> None:
    """One warning for each column that holds data and was not understood."""
    read = {column.index for column in columns}
    for index in range(max((len(row) for row in raw.rows[head:]), default=0)):
        heading = raw.rows[head][index] if index < len(raw.rows[head]) else None
        if index in read or (isinstance(heading, str) and heading_name(heading) in NUMBERING):
            continue
        if isinstance(heading, str) and known.leaves_out(form, heading):
            continue
        for number, row in enumerate(raw.rows[head + 1 :], start=head + 2):
            if index < len(row) and not is_blank(row[index]):
                name = " ".join(str(heading).split()) if not is_blank(heading) else letters(index)
                reason = words("The column has no known heading, or one that is already taken; it was not read.")
                result.warnings.append(Finding(raw.name, number, name, shown(row[index]), reason, index))
                break


def letters(index: int) -> str:
    """A for 0, AB for 27."""
    text = ""
    while index >= 0:
        text = chr(65 + index % 26) + text
        index = index // 26 - 1
    return text
