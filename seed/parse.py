"""Rows of cells → drafts of facts, or findings. Pure: no file, no database."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from models.changes.drafts import (
    AccusedDraft,
    CaseDraft,
    EntryDraft,
    EventDraft,
    Finding,
    OfficialDraft,
    Place,
    RequestRowDraft,
    SessionDraft,
    TaskDraft,
)
from models.enums import Category, EntryKind, SessionKind
from models.rules.words import words
from seed.cells import Refused, is_blank, shown
from seed.columns import CASE_MONEY, Form, Sheet
from seed.headings import OURS, Headings
from seed.read import Cell, RawSheet
from seed.tables import Parsed, Table, find_tables
from seed.terms import event_shown

Progress = Callable[[int, int], None]
STEP = 500  # rows between two reports of progress

_ARTICLE = re.compile(r"(?<![\d/.])(?!(?:19|20)\d\d(?!\d))(\d{3,6}[a-zđ]?)(?![\d/])", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?\s*(?:\d{1,2}|[A-ZĐ])\s*\)?")


def parse(
    sheets: list[RawSheet],
    *,
    today: date,
    term: str = "",
    progress: Progress | None = None,
    headings: Headings = OURS,
) -> Parsed:
    """Everything the sheets state. `today` is the day of import, `term` the committee's term where none is written."""
    result = Parsed()
    tables = find_tables(sheets, today, result, headings)
    total, done, empty = sum(len(table.raw.rows) for table in tables), 0, True
    for table in tables:
        first: dict[tuple[str, ...], int] = {}  # key → the row it stands in first
        for number, values, refused in _rows(table, result):
            empty = False
            place = Place(table.raw.name, number, table.headings)
            if not _is_repeated(table, place, values, refused, first, term, result) and not refused:
                _DRAFT[table.form.sheet](place, values, result, term)
            if progress and (done + number) % STEP == 0:
                progress(done + number, total)
        done += len(table.raw.rows)
    if empty and not result.errors:
        result.warnings.append(Finding("", None, "", "", words("It holds headings only, no row; nothing is read.")))
    return result


# --- reading the rows ----------------------------------------------------------------------------------------------


def _rows(table: Table, result: Parsed) -> Iterator[tuple[int, dict[str, Any], set[str]]]:
    """Row number (from 1), what could be read of the row, and the fields that could not, which are among the errors."""
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
        refused.update(lost.name for lost in missing)
        if refused:
            _remember_refused_code(table, values, result)
        yield number, values, refused


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


def _request(place: Place, values: dict[str, Any], result: Parsed, _term: str) -> None:
    result.drafts.requests.append(RequestRowDraft(place, values.pop("code"), values))


_DRAFT = {
    Sheet.REQUESTS: _request,
    Sheet.CASES: _case,
    Sheet.EVENTS: _event,
    Sheet.MONEY: _entry,
    Sheet.TASKS: _task,
    Sheet.OFFICIALS: _official,
    Sheet.SESSIONS: _session,
    Sheet.ACCUSED: _accused,
}


# what names a row of a sheet, the part that a person calls its code last
_KEYS: dict[Sheet, tuple[str, ...]] = {
    Sheet.CASES: ("code",),
    Sheet.TASKS: ("code",),
    Sheet.REQUESTS: ("code",),
    Sheet.SESSIONS: ("term", "kind", "number"),
    Sheet.ACCUSED: ("case_code", "code"),
}


def _is_repeated(
    table: Table,
    place: Place,
    values: dict[str, Any],
    refused: set[str],
    first: dict[tuple[str, ...], int],
    term: str,
    result: Parsed,
) -> bool:
    """Whether the row's code stands in a row above it, which is an error here, even if that row was refused.

    The comparison does not see case. `first` remembers where each code stood first.
    """
    fields = _KEYS.get(table.form.sheet, ())
    if not fields or refused & set(fields):
        return False
    unsaid = {"term": term, "kind": SessionKind.COMMITTEE}
    key = tuple(str(values.get(field, unsaid.get(field, ""))).upper() for field in fields)
    row = first.setdefault(key, place.row)
    if row == place.row:
        return False
    reason = words("The same code stands in row {row} of this sheet.", row=str(row))
    result.errors.append(place.finding(fields[-1], str(values[fields[-1]]), reason))
    return True
