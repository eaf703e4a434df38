"""Any list of the screen as a workbook: real dates and numbers, headings that stay, filters, nothing that can run."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import xlsxwriter

from models.changes.exports import record_export
from models.db import Engine, Session, read_session, transaction
from models.errors import Forbidden
from models.queries.restrictions import guarded, levels_by_code
from models.rules.access import Action, Viewer, may
from models.rules.secrecy import mark
from models.rules.words import words
from models.text import Translator

FONT = "Times New Roman"
LARGEST = 10**15  # whole numbers that Excel keeps to the last digit


class Column(NamedTuple):
    """A column: its heading in the reader's language, its width in signs, and how its numbers are written."""

    heading: str
    width: int
    numbers: str = "0"  # an Excel format: 0, #,##0, 0.0%


class Sheet(NamedTuple):
    """A list to write: its name, columns, rows (days, numbers and texts) and sentences that say what it shows."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    about: Sequence[str]
    mark: str = ""  # the line of a list with secrets on it


def list_file(
    viewer: Viewer,
    file_name: str,
    kind: str,
    asked: Callable[[Session], Sheet],
    *,
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
) -> bytes:
    """The workbook of the list that `asked` reads; leaves an audit row that counts its rows as `kind`.

    Raises Forbidden.
    """
    if not may(viewer, Action.EXPORT):
        raise Forbidden(words("This account may not export."))
    with TemporaryDirectory(prefix="liem-list-") as folder:
        path = Path(folder, file_name)
        with read_session(engine) as session:
            sheet, levels = asked(session), levels_by_code(session, viewer)
            on_it: set[str] = set()
            if levels or guarded(session, viewer):
                rows = [list(row) for row in sheet.rows]
                on_it = {str(cell) for row in rows for cell in row}
                line = mark(levels, on_it)
                sheet = sheet._replace(rows=rows, mark=t.words(line) if line else "")
            count = write_list(path, sheet, t)
        content = path.read_bytes()
    with transaction(engine) as session:
        record_export(session, viewer, now=now, file=file_name, rows={kind: count}, codes=on_it)
    return content


def write_list(path: Path, sheet: Sheet, t: Translator) -> int:
    """Write the list and, on a second sheet, what it shows; the number of rows."""
    # Text stays text: never a live formula, never a link.
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        count = _list(book, sheet)
        _about(book, t, [sheet.mark, *sheet.about] if sheet.mark else sheet.about)
    finally:
        book.close()
    return count


def _list(book: Any, sheet: Sheet) -> int:
    """The rows under headings that stay in sight, with a filter over each column."""
    page = book.add_worksheet(sheet.title[:31])
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#F2F2F2", "border": 1, "font_name": FONT}
    )
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "font_name": FONT})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "font_name": FONT})
    numbers = [
        book.add_format({"num_format": column.numbers, "valign": "top", "font_name": FONT}) for column in sheet.columns
    ]
    page.freeze_panes(1, 2)
    page.set_row(0, 36)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    if sheet.mark:
        page.set_header(f"&C&B{sheet.mark}", {"margin": 0.9})  # the margin leaves room for the stamp
        page.set_margins(top=1.6)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, column.heading, head)
    last = 0
    for last, values in enumerate(sheet.rows, start=1):
        for index, value in enumerate(values):
            if isinstance(value, date):
                page.write_datetime(last, index, value, day)
            elif isinstance(value, int | float) and abs(value) < LARGEST:
                page.write_number(last, index, value, numbers[index])
            elif value not in (None, ""):
                page.write_string(last, index, str(value), text)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    return last


def _about(book: Any, t: Translator, lines: Sequence[str]) -> None:
    """The sheet that says what the list shows."""
    page = book.add_worksheet(t("About this list"))
    plain = book.add_format({"text_wrap": True, "valign": "top", "font_name": FONT})
    page.set_column(0, 0, 90)
    for number, line in enumerate(lines):
        page.write_string(number, 0, line, plain)
