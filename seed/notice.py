"""The yearly notice of holidays and swapped days as a table (.xlsx or .csv) → days of the calendar; all or nothing.

Columns: date, kind, name_vi, and where they are given name_en, name_fr, note; under Vietnamese headings too. Every cell
that cannot be used is named with its row and column; a list that is not the whole year is refused.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from models.changes.calendar import DayDraft, fixed_left_out, missing_fixed, no_partner, problem_of, unpaired
from models.changes.drafts import Finding
from models.enums import DayKind, Precision, label
from models.rules.words import words
from models.text import translator
from seed.cells import Refused, is_blank, month_or_day, shown, text_of
from seed.read import Cell, RawSheet, Unreadable, read_csv, read_sheets
from seed.terms import plain

HEADING_WITHIN = 20  # rows in which the heading row is looked for
HEADINGS = {
    "date": ("Ngày", "date", "Ngày tháng", "Thời gian"),
    "kind": ("Loại", "kind", "Loại ngày"),
    "name_vi": ("Tên ngày", "name_vi", "Tên", "Nội dung"),
    "name_en": ("Tên tiếng Anh", "name_en"),
    "name_fr": ("Tên tiếng Pháp", "name_fr"),
    "note": ("Ghi chú", "note"),
}
NEEDED = ("date", "kind", "name_vi")
NOT_READ = frozenset({"source", "verified", "stt", "tt", "thu"})  # known columns that say nothing of the day itself
FIELD_OF = {plain(heading): name for name, headings in HEADINGS.items() for heading in headings}

SHOWN = {
    DayKind.HOLIDAY: "Nghỉ lễ, tết",
    DayKind.COMPENSATION: "Nghỉ bù",
    DayKind.SWAP_OFF: "Nghỉ hoán đổi",
    DayKind.SWAP_WORK: "Làm bù",
}
KINDS: dict[str, DayKind] = {
    **{plain(kind.value): kind for kind in DayKind},
    **{plain(label(kind)): kind for kind in DayKind},
    **{plain(translator("vi").label(kind)): kind for kind in DayKind},
    **{plain(text): kind for kind, text in SHOWN.items()},
    "nghi le": DayKind.HOLIDAY, "nghi tet": DayKind.HOLIDAY, "le": DayKind.HOLIDAY, "tet": DayKind.HOLIDAY,
    "ngay nghi bu": DayKind.COMPENSATION, "hoan doi": DayKind.SWAP_OFF, "ngay nghi hoan doi": DayKind.SWAP_OFF,
    "di lam bu": DayKind.SWAP_WORK, "lam viec bu": DayKind.SWAP_WORK, "ngay lam bu": DayKind.SWAP_WORK,
}  # fmt: skip


@dataclass
class Notice:
    """The days a notice states, in their order, and every cell that stops it."""

    year: int
    days: list[DayDraft] = field(default_factory=list)
    errors: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    """One row of the table, to be read cell by cell."""

    sheet: str
    number: int
    cells: Sequence[Cell]
    columns: dict[str, tuple[int, str]]

    def cell(self, name: str) -> Cell:
        at = self.columns.get(name, (len(self.cells), ""))[0]
        return self.cells[at] if at < len(self.cells) else None

    def finding(self, name: str, reason: Any) -> Finding:
        index, heading = self.columns.get(name, (None, name))
        return Finding(self.sheet, self.number, heading, shown(self.cell(name) or ""), reason, index)


def read_notice(path: Path, *, year: int) -> Notice:
    """The days of `year` that the file states, or why it cannot be used. Never raises for what is in the file."""
    notice = Notice(year)
    try:
        sheets = [read_csv(path)] if path.suffix.lower() == ".csv" else read_sheets(path)
    except Unreadable as error:
        notice.errors.append(Finding("", None, "", path.name, error.reason))
        return notice
    found = [(sheet, head) for sheet in sheets if (head := _head(sheet)) is not None]
    if len(found) != 1:
        reason = words(
            "No heading row: one row must hold the headings Ngày, Loại and Tên ngày (or date, kind, name_vi)."
        )
        if found:
            reason = words("Two sheets hold a list of days. Keep the one of this year.")
        notice.errors.append(Finding("", None, "", path.name, reason))
        return notice
    _read(notice, *found[0])
    return notice


def _head(sheet: RawSheet) -> int | None:
    """The number (from 0) of the heading row; None for a sheet without one."""
    for number, row in enumerate(sheet.rows[:HEADING_WITHIN]):
        names = {FIELD_OF.get(plain(cell)) for cell in row if isinstance(cell, str)}
        if names.issuperset(NEEDED):
            return number
    return None


def _read(notice: Notice, sheet: RawSheet, head: int) -> None:
    columns = _columns(notice, sheet, head)
    rows: dict[date, _Row] = {}
    for number, cells in enumerate(sheet.rows[head + 1 :], start=head + 2):
        row = _Row(sheet.name, number, cells, columns)
        if all(is_blank(cell) for cell in cells):
            continue
        draft = _draft(notice, row)
        if draft is None:
            continue
        if draft.day in rows:
            reason = words(
                "{day} stands in row {row} too: keep one of them.", day=draft.day, row=rows[draft.day].number
            )
            notice.errors.append(row.finding("date", reason))
            continue
        rows[draft.day] = row
        if problem := problem_of(draft, notice.year):
            notice.errors.append(row.finding("date", problem))
        notice.days.append(draft)
    notice.days.sort(key=lambda draft: draft.day)
    if not notice.errors:
        _whole(notice, sheet.name)


def _columns(notice: Notice, sheet: RawSheet, head: int) -> dict[str, tuple[int, str]]:
    """Field → (column number, heading); a column that holds data and is not known, or is there twice, is an error."""
    columns: dict[str, tuple[int, str]] = {}
    width = max(len(row) for row in sheet.rows[head:])
    for index in range(width):
        cell = sheet.rows[head][index] if index < len(sheet.rows[head]) else None
        heading = " ".join(str(cell).split()) if not is_blank(cell) else ""
        name = FIELD_OF.get(plain(heading))
        if name and name not in columns:
            columns[name] = (index, heading)
        elif plain(heading) not in NOT_READ:
            for number, row in enumerate(sheet.rows[head + 1 :], start=head + 2):
                if index < len(row) and not is_blank(row[index]):
                    reason = words("This column is not known. Its heading must be one of: {wanted}.", wanted=_wanted())
                    notice.errors.append(Finding(sheet.name, number, heading, shown(row[index]), reason, index))
                    break
    return columns


def _wanted() -> str:
    return ", ".join(headings[0] for headings in HEADINGS.values())


def _draft(notice: Notice, row: _Row) -> DayDraft | None:
    """The day that a row states; None, with findings, if a cell cannot be read."""
    read: dict[str, Any] = {}
    readers: dict[str, Callable[[Cell], Any]] = {"date": _day, "kind": _kind}
    for name in HEADINGS:
        cell = row.cell(name)
        if is_blank(cell):
            if name in NEEDED:
                notice.errors.append(row.finding(name, words("This cell must be filled in.")))
            continue
        try:
            read[name] = readers.get(name, _text)(cell)
        except Refused as error:
            notice.errors.append(row.finding(name, error.words))
    if not set(NEEDED) <= read.keys():
        return None
    return DayDraft(day=read.pop("date"), **read)


def _day(cell: Cell) -> date:
    day, precision = month_or_day(cell)
    if precision is not Precision.DAY:
        raise Refused(words("An exact day is needed here, not a month."))
    return day


def _kind(cell: Cell) -> DayKind:
    found = KINDS.get(plain(text_of(cell)))
    if found is None:
        raise Refused(words("Unknown kind of day. Write one of: {terms}.", terms=", ".join(SHOWN.values())))
    return found


def _text(cell: Cell) -> str:
    text = text_of(cell)
    if len(text) > 200:
        raise Refused(
            words("The text has {length} characters; at most {longest} are kept.", length=len(text), longest=200)
        )
    return text


def _whole(notice: Notice, sheet: str) -> None:
    """What is wrong with the list as a whole; whether a swap over New Year is whole, the change itself knows."""
    if missing := missing_fixed(notice.days, notice.year):
        notice.errors.append(Finding(sheet, None, "", "", fixed_left_out(missing)))
    for draft in unpaired(notice.days):
        if draft.day.month not in (1, 12):
            notice.errors.append(Finding(sheet, None, "", f"{draft.day:%d/%m/%Y}", no_partner(draft.day)))


def write_notice_form(path: Path, year: int, known: Iterable[DayDraft]) -> None:
    """A workbook to fill in for `year`, with the holidays of fixed date already in it: a help, never the notice."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, day_format = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        page = book.add_worksheet(str(year))
        page.set_column(0, 0, 14, day_format)
        page.set_column(1, 4, 28)
        names = ("date", "kind", "name_vi", "name_en", "note")
        for index, name in enumerate(names):
            page.write_string(0, index, HEADINGS[name][0], bold)
        for number, draft in enumerate(fixed_days(year, known), start=1):
            page.write_datetime(number, 0, draft.day, day_format)
            page.write_string(number, 1, SHOWN[draft.kind])
            page.write_string(number, 2, draft.name_vi)
            page.write_string(number, 3, draft.name_en)
        page.data_validation(1, 1, 200, 1, {"validate": "list", "source": list(SHOWN.values()), "show_error": False})


FIXED_DAYS = ((1, 1), (4, 30), (5, 1), (9, 2), (11, 24))  # of the solar calendar, so the same every year


def fixed_days(year: int, known: Iterable[DayDraft]) -> list[DayDraft]:
    """The holidays of fixed date, named as in `known`, the days of another year."""
    named = {(day.day.month, day.day.day): day for day in known if day.kind is DayKind.HOLIDAY}
    return [
        DayDraft(date(year, *at), DayKind.HOLIDAY, named[at].name_vi, named[at].name_en, named[at].name_fr)
        for at in FIXED_DAYS
        if at in named
    ]
