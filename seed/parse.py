"""Rows of cells → drafts of facts, or findings. Pure: no file, no database."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.changes.drafts import (
    AccusedDraft,
    CaseDraft,
    Drafts,
    EntryDraft,
    EventDraft,
    Finding,
    OfficialDraft,
    Place,
    SessionDraft,
    TaskDraft,
)
from models.enums import Category, EntryKind, SessionKind
from models.rules.words import Words, words
from seed.cells import Refused, is_blank, reader, shown
from seed.columns import (
    CASE_MONEY,
    FORMS,
    NUMBERING,
    OWN_SHEETS,
    Field,
    Form,
    Sheet,
    SheetForm,
    heading_field,
    heading_name,
    names_unit,
    sheet_form,
    unit_of,
)
from seed.read import Cell, RawSheet
from seed.terms import event_shown, plain

Progress = Callable[[int, int], None]
STEP = 500  # rows between two reports of progress
HEADING_WITHIN = 50  # rows in which the heading row is looked for

_ARTICLE = re.compile(r"(?<![\d/.])(?!(?:19|20)\d\d(?!\d))(\d{3,6}[a-zđ]?)(?![\d/])", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?\s*(?:\d{1,2}|[A-ZĐ])\s*\)?")
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


def parse(sheets: list[RawSheet], *, today: date, term: str = "", progress: Progress | None = None) -> Parsed:
    """Everything the sheets state. `today` is the day of import, `term` the committee's term where none is written."""
    result = Parsed()
    tables = _tables(sheets, today, result)
    total, done = sum(len(table.raw.rows) for table in tables), 0
    for table in tables:
        for number, values in _rows(table, result):
            _DRAFT[table.form.sheet](Place(table.raw.name, number, table.headings), values, result, term)
            if progress and (done + number) % STEP == 0:
                progress(done + number, total)
        done += len(table.raw.rows)
    _refuse_repeated_codes(result)
    return result


# --- finding the tables --------------------------------------------------------------------------------------------


def _tables(sheets: list[RawSheet], today: date, result: Parsed) -> list[Table]:
    """The known sheets, sessions and cases before what refers to them."""
    found: dict[Sheet, Table] = {}
    known = False
    for raw in sheets:
        form = sheet_form(raw.name)
        if form is None:
            _warn_unknown_sheet(raw, result)
            continue
        known = True
        if form.sheet in found:
            reason = words(
                "The workbook has two sheets of this kind: {first} is the other.", first=found[form.sheet].raw.name
            )
            result.errors.append(Finding(raw.name, None, "", "", reason))
        elif (table := _table(form, raw, today, result)) is not None:
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


def _table(form: SheetForm, raw: RawSheet, today: date, result: Parsed) -> Table | None:
    """The sheet with its columns understood; None, with a finding, if it cannot be."""
    head = next((n for n, row in enumerate(raw.rows[:HEADING_WITHIN]) if _is_heading(form, row)), None)
    if head is None:
        if any(not is_blank(cell) for row in raw.rows for cell in row):
            result.errors.append(Finding(raw.name, None, "", "", _no_heading(form)))
        return None
    columns: list[Column] = []
    for index, cell in enumerate(raw.rows[head]):
        if column := _column(form, raw, head, index, cell, columns, today, result):
            columns.append(column)
    _check_unit_of_titles(raw, head, columns, result)
    _warn_leftovers(raw, head, columns, result)
    headings = {column.field.name: (column.heading, column.index) for column in columns}
    return Table(form, raw, head, tuple(columns), headings)


def _is_heading(form: SheetForm, row: list[Cell]) -> bool:
    """Whether the row holds the two headings that prove it to be the heading row."""
    names = {field.name for cell in row if isinstance(cell, str) and (field := heading_field(form, cell))}
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
) -> Column | None:
    if not isinstance(cell, str) or (field := heading_field(form, cell)) is None:
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


def _warn_leftovers(raw: RawSheet, head: int, columns: list[Column], result: Parsed) -> None:
    """One warning for each column that holds data and was not understood."""
    known = {column.index for column in columns}
    for index in range(max((len(row) for row in raw.rows[head:]), default=0)):
        heading = raw.rows[head][index] if index < len(raw.rows[head]) else None
        if index in known or (isinstance(heading, str) and heading_name(heading) in NUMBERING):
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


# --- reading the rows ----------------------------------------------------------------------------------------------


def _rows(table: Table, result: Parsed) -> Iterator[tuple[int, dict[str, Any]]]:
    """Row number (from 1) and the values of each row that could be read; what could not is among the errors."""
    needed = [column for column in table.columns if column.field.needed]
    missing = [f for f in table.form.fields if f.needed and f.name not in table.headings]
    for lost in missing:
        reason = words("The column {heading} is missing.", heading=lost.headings[0])
        result.errors.append(Finding(table.raw.name, table.head + 1, lost.headings[0], "", reason))
    for number, row in enumerate(table.raw.rows[table.head + 1 :], start=table.head + 2):
        if number == table.head + 2 and _is_numbering(table, row):
            continue
        values, refused = _values(table, number, row, result)
        if not values and not refused:
            continue
        for column in needed:
            if column.field.name not in values and column.field.name not in refused:
                reason = words("This must not be blank.")
                result.errors.append(Finding(table.raw.name, number, column.heading, "", reason, column.index))
                refused.add(column.field.name)
        if refused or missing:
            _remember_refused_code(table, values, result)
        else:
            yield number, values


def _values(table: Table, number: int, row: list[Cell], result: Parsed) -> tuple[dict[str, Any], set[str]]:
    """What the row's known cells say, and the fields of those that were refused."""
    values: dict[str, Any] = {}
    refused: set[str] = set()
    width = len(row)
    for column in table.columns:
        if column.index >= width or (cell := row[column.index]) is None or cell == "":
            continue
        if isinstance(cell, str) and not cell.strip():
            continue
        try:
            value = column.read(cell)
        except Refused as error:
            finding = Finding(table.raw.name, number, column.heading, shown(cell), error.words, column.index)
            result.errors.append(finding)
            refused.add(column.field.name)
            continue
        if value != "" or column.field.form is Form.SUPERVISED_BY:
            values[column.field.name] = value
    if values.get("supervised_by") == "":
        del values["supervised_by"]  # `unknown`: nothing is said
    return values, refused


def _is_numbering(table: Table, row: list[Cell]) -> bool:
    """Whether the row below the headings only numbers the columns: (1) (2) (3), or A B 1 2."""
    written = [shown(cell) for cell in row if not is_blank(cell)]
    return len(written) >= 3 and len(set(written)) == len(written) and all(map(_NUMBERED.fullmatch, written))


def _remember_refused_code(table: Table, values: dict[str, Any], result: Parsed) -> None:
    if table.form.sheet is Sheet.CASES and "code" in values:
        result.drafts.refused_codes.add(values["code"].upper())


# --- drafts --------------------------------------------------------------------------------------------------------


def _case(place: Place, values: dict[str, Any], result: Parsed, _term: str) -> None:
    code, origin = values.pop("code"), values.pop("origin", "")
    amounts = {quantity: values.pop(name) for name, quantity in CASE_MONEY.items() if name in values}
    if (categories := values.pop("categories", None)) is not None:
        values["is_corruption"] = Category.CORRUPTION in categories
        values["is_waste"] = Category.WASTE in categories
        values["is_negativity"] = Category.NEGATIVITY in categories
    if articles := values.get("offence_articles"):
        result.drafts.articles.extend((place, number) for number in _ARTICLE.findall(articles))
    result.drafts.cases.append(CaseDraft(place, code, values, amounts, origin))


def _event(place: Place, values: dict[str, Any], result: Parsed, _term: str) -> None:
    happened_on, precision = values.pop("happened_on")
    kind = values.pop("event")
    draft = EventDraft(place, values.pop("code"), kind, happened_on, precision, name=event_shown()[kind], **values)
    result.drafts.events.append(draft)


def _entry(place: Place, values: dict[str, Any], result: Parsed, _term: str) -> None:
    happened_on, precision = values.pop("happened_on")
    kind = values.pop("kind", EntryKind.READING)
    result.drafts.entries.append(EntryDraft(place, kind=kind, happened_on=happened_on, precision=precision, **values))


def _task(place: Place, values: dict[str, Any], result: Parsed, term: str) -> None:
    number = values.pop("session_number", None)
    kind, named = values.pop("session_kind", SessionKind.COMMITTEE), values.pop("session_term", term)
    if number is not None:
        values["session"] = (named, kind, number)
    result.drafts.tasks.append(TaskDraft(place, values.pop("code"), values))


def _session(place: Place, values: dict[str, Any], result: Parsed, term: str) -> None:
    key = (values.pop("term", term), values.pop("kind", SessionKind.COMMITTEE), values.pop("number"))
    result.drafts.sessions.append(SessionDraft(place, key, values))


def _official(place: Place, values: dict[str, Any], result: Parsed, _term: str) -> None:
    result.drafts.officials.append(OfficialDraft(place, **values))


def _accused(place: Place, values: dict[str, Any], result: Parsed, _term: str) -> None:
    result.drafts.accused.append(AccusedDraft(place, values.pop("case_code"), values.pop("code"), values))


_DRAFT = {
    Sheet.CASES: _case,
    Sheet.EVENTS: _event,
    Sheet.MONEY: _entry,
    Sheet.TASKS: _task,
    Sheet.OFFICIALS: _official,
    Sheet.SESSIONS: _session,
    Sheet.ACCUSED: _accused,
}


def _refuse_repeated_codes(result: Parsed) -> None:
    """A code twice in one sheet is an error at the second; the comparison does not see case."""
    drafts = result.drafts
    drafts.cases = _once(drafts.cases, lambda draft: (draft.code.upper(),), lambda draft: draft.code, result)
    drafts.tasks = _once(drafts.tasks, lambda draft: (draft.code.upper(),), lambda draft: draft.code, result)
    drafts.sessions = _once(drafts.sessions, lambda draft: draft.key, lambda draft: str(draft.key[2]), result)
    drafts.accused = _once(
        drafts.accused, lambda draft: (draft.case_code.upper(), draft.code.upper()), lambda draft: draft.code, result
    )


def _once(drafts: list[Any], key: Callable[[Any], Any], text: Callable[[Any], str], result: Parsed) -> list[Any]:
    first: dict[Any, Any] = {}
    for draft in drafts:
        if (other := first.setdefault(key(draft), draft)) is not draft:
            reason = words("The same code stands in row {row} of this sheet.", row=str(other.place.row))
            column = "number" if "number" in draft.place.headings else "code"
            result.errors.append(draft.place.finding(column, text(draft), reason))
    return list(first.values())
