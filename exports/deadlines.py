"""The board of deadlines as a workbook: the files of a filter with real dates and numbers, ready to sort and filter."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import xlsxwriter

from models.changes.exports import record_export
from models.db import Engine, Session, read_session, transaction
from models.enums import N_
from models.errors import Forbidden
from models.queries.cases import CaseFilter, FileRow, case_page
from models.queries.limits import running_limits
from models.rules.access import Action, Viewer, may
from models.rules.clocks import name_of
from models.rules.deadlines import Due
from models.rules.limits import article_words
from models.rules.words import words
from models.text import Translator

FONT = "Times New Roman"


class Column(NamedTuple):
    """A column: its heading, its width in signs, and what stands in it; a day, a number or a text."""

    heading: str
    width: int
    value: Callable[[Translator, FileRow, Due | None], Any]


COLUMNS = (
    Column(N_("Code"), 14, lambda t, row, due: row.code),
    Column(N_("Title"), 44, lambda t, row, due: row.title_en if t.language == "en" and row.title_en else row.title),
    Column(N_("Kind"), 14, lambda t, row, due: t.label(row.kind)),
    Column(N_("Stage"), 20, lambda t, row, due: t.label(row.stage)),
    Column(N_("Whose move"), 20, lambda t, row, due: t.label(row.owner)),
    Column(N_("State of the limit"), 20, lambda t, row, due: t.label(row.bucket)),
    Column(N_("Limit of"), 26, lambda t, row, due: t.words(name_of(row.rule)) if row.rule else ""),
    Column(N_("Start"), 12, lambda t, row, due: row.start_on),
    Column(N_("Limit"), 14, lambda t, row, due: t.words(due.base.words()) if due else ""),
    Column(N_("Article"), 22, lambda t, row, due: t.words(article_words(row.article)) if row.article else ""),
    Column(N_("Extensions"), 16, lambda t, row, due: _extensions(t, due)),
    Column(N_("Last day"), 12, lambda t, row, due: row.due_on),
    Column(N_("Approximate"), 12, lambda t, row, due: t("yes") if row.approximate else ""),
    Column(N_("Days late (minus: days left)"), 12, lambda t, row, due: row.days_late),
    Column(N_("Last news"), 12, lambda t, row, due: row.last_event_on),
    Column(N_("Why"), 60, lambda t, row, due: " ".join(t.words(sentence) for sentence in row.why)),
)


def deadlines_file(
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    as_of: date,
    sort: str,
    about: Sequence[str],
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
) -> bytes:
    """The open files of the filter on `as_of` as a workbook, in the order `sort`; leaves an audit row.

    `about` are sentences for the second sheet: what the list shows. Raises Forbidden.
    """
    if not may(viewer, Action.EXPORT):
        raise Forbidden(words("This account may not export."))
    name = f"liem-deadlines-{as_of.isoformat()}.xlsx"
    with TemporaryDirectory(prefix="liem-deadlines-") as folder:
        path = Path(folder, name)
        with read_session(engine) as session:
            count = _write(path, session, viewer, wanted, as_of=as_of, sort=sort, about=about, t=t)
        content = path.read_bytes()
    with transaction(engine) as session:
        record_export(session, viewer, now=now, file=name, rows={"deadlines": count})
    return content


def _write(
    path: Path,
    session: Session,
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    as_of: date,
    sort: str,
    about: Sequence[str],
    t: Translator,
) -> int:
    found = case_page(session, viewer, wanted, as_of=as_of, sort=sort, size=None)
    limits = running_limits(session, viewer, [row.code for row in found.rows if row.due_on], as_of=as_of)
    # Text stays text: never a live formula, never a link.
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        _list(book, t, _values(t, found.rows, limits))
        _about(book, t, (t("As of {day}", day=as_of), *about, t.n("{n} file", "{n} files", found.total)))
    finally:
        book.close()
    return found.total


def _values(t: Translator, rows: Sequence[FileRow], limits: Mapping[str, Due]) -> Iterator[list[Any]]:
    for row in rows:
        yield [column.value(t, row, limits.get(row.code)) for column in COLUMNS]


def _list(book: Any, t: Translator, rows: Iterator[list[Any]]) -> None:
    """The sheet of files: headings that stay in sight, a filter over each column."""
    page = book.add_worksheet(t("Deadlines"))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#F2F2F2", "border": 1, "font_name": FONT}
    )
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top", "font_name": FONT})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "font_name": FONT})
    whole = book.add_format({"num_format": "0", "valign": "top", "font_name": FONT})
    page.freeze_panes(1, 2)
    page.set_row(0, 36)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for index, column in enumerate(COLUMNS):
        page.set_column(index, index, column.width)
        page.write_string(0, index, t(column.heading), head)
    last = 0
    for last, values in enumerate(rows, start=1):
        for index, value in enumerate(values):
            if isinstance(value, date):
                page.write_datetime(last, index, value, day)
            elif isinstance(value, int):
                page.write_number(last, index, value, whole)
            elif value:
                page.write_string(last, index, str(value), text)
    page.autofilter(0, 0, last, len(COLUMNS) - 1)


def _about(book: Any, t: Translator, lines: Sequence[str]) -> None:
    """The sheet that says what the list shows."""
    page = book.add_worksheet(t("About this list"))
    plain = book.add_format({"text_wrap": True, "valign": "top", "font_name": FONT})
    page.set_column(0, 0, 90)
    for number, line in enumerate(lines):
        page.write_string(number, 0, line, plain)


def _extensions(t: Translator, due: Due | None) -> str:
    return " + ".join(t.words(length.words()) for length in due.extensions) if due else ""
