"""Our own workbooks: headings with notes, drop-down lists, cells that Excel cannot turn into something else."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import xlsxwriter

from models.enums import Precision
from models.rules.words import Words, words
from models.text import Translator
from seed.cells import EXACT_DIGITS, TERM_OF
from seed.columns import FORM, GUIDE_SHEET, LISTS_SHEET, Field, Form, Sheet
from seed.terms import SHOWN, event_shown

LIST_ROWS = 10_000  # rows below the heading that have drop-down lists
FONT = "Times New Roman"

NOTES: dict[Form, Words] = {
    Form.CODE: words("A code, written the same way everywhere. Codes are compared without case."),
    Form.COUNT: words("A whole number, not negative."),
    Form.NUMBER: words("A number; a comma before decimals."),
    Form.AMOUNT: words("Whole đồng. For another unit, change the brackets: (triệu đồng) or (tỷ đồng)."),
    Form.PAST: words("dd/mm/yyyy; mm/yyyy if only the month is known. Not after today."),
    Form.PAST_DAY: words("dd/mm/yyyy. Not after today."),
    Form.DAY: words("dd/mm/yyyy."),
    Form.LENGTH: words("What an extension grants, or the term a request sets: 2 tháng, 15 ngày, 5 ngày làm việc."),
    Form.KIND: words("Choose from the list; blank means vụ án."),
    Form.CATEGORIES: words("One or several, with semicolons between: Tham nhũng; Lãng phí; Tiêu cực."),
    Form.SEVERITY: words("Choose from the list; blank if not known."),
    Form.ARTICLES: words("Articles of the Penal Code, with semicolons between: 353; 354."),
    Form.EVENT: words("Choose from the list; other known names are read too."),
    Form.QUANTITY: words("Choose from the list. Seized or attached property is security, not recovery."),
    Form.ENTRY_KIND: words(
        "Số dư: the whole amount known on the day. Phát sinh: an amount that came on top on the day."
    ),
}
GUIDE: tuple[Words, ...] = (
    words("One row is one fact. A blank cell says nothing: what is already recorded stays."),
    words("The list holds one row per file; events, money and tasks name the file by its code."),
    words("Money columns of the list hold from the day of the file's latest event in this workbook, else from today."),
    words("Dates are day/month/year. Amounts may be written 1.234.567; the unit stands in brackets in the heading."),
    words("One wrong cell stops the whole import; nothing is recorded until all cells are right."),
    words("Importing the same workbook twice changes nothing."),
    words("Never write the names of the accused; use codes such as BC-01."),
)


class _Sink:
    """A file that says only when it is closed that the system refused it.

    A zip file that hears of it would try to write its end once more when it is thrown away, and complain aloud.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._refused: OSError | None = None

    def write(self, data: bytes) -> int:
        rest = memoryview(data)
        while rest and self._refused is None:
            try:
                rest = rest[self._file.write(rest) :]
            except OSError as error:
                self._refused = error
        return len(data)

    def flush(self) -> None:
        """Nothing waits here."""

    def tell(self) -> int:
        return self._file.tell()

    def seek(self, place: int, whence: int = 0) -> int:
        return self._file.seek(place, whence)

    def close(self) -> None:
        """Raises OSError."""
        self._file.close()
        if self._refused:
            raise self._refused


class Book:
    """A workbook being written, row after row; close it to have the file."""

    def __init__(self, path: Path, t: Translator) -> None:
        """`path`: in a folder where rows may wait too, in files of their own, until the book is closed."""
        self._file = _Sink(path)
        # Text stays text: never a live formula, never a link.
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._file, {**options, "tmpdir": str(path.absolute().parent)})
        self._t = t
        self._mark = ""
        self._heading = self._book.add_format(
            {
                "bold": True,
                "text_wrap": True,
                "valign": "vcenter",
                "bg_color": "#F2F2F2",
                "border": 1,
                "font_name": FONT,
            }
        )
        self._text = self._book.add_format({"num_format": "@", "valign": "top", "text_wrap": True, "font_name": FONT})
        self._day = self._book.add_format({"num_format": "dd/mm/yyyy", "valign": "top", "font_name": FONT})
        self._whole = self._book.add_format({"num_format": "#,##0", "valign": "top", "font_name": FONT})
        self._plain = self._book.add_format({"text_wrap": True, "valign": "top", "font_name": FONT})

    def close(self) -> None:
        """Write the file. Raises OSError if that is not possible."""
        self._book.close()
        self._file.close()

    def add(self, sheet: Sheet, fields: Sequence[Field], rows: Any = (), *, lists: bool = True) -> None:
        """A sheet with its headings and `rows`, iterables of values in the order of `fields`."""
        page = self._book.add_worksheet(FORM[sheet].names[0])
        page.freeze_panes(1, 2)
        page.set_row(0, 36)
        for index, field in enumerate(fields):
            page.set_column(index, index, field.width, self._format(field))
            page.write_string(0, index, heading(field), self._heading)
            if note := NOTES.get(field.form):
                page.write_comment(0, index, self._t.words(note), {"author": "Liêm", "font_size": 10})
            if lists:
                self._offer(page, index, field)
        for number, row in enumerate(rows, start=1):
            for index, (field, value) in enumerate(zip(fields, row, strict=True)):
                self._write(page, number, index, field, value)

    def mark(self, line: str) -> None:
        """The line of a workbook with secrets on it: over every printed page, with room for the stamp."""
        for page in self._book.worksheets():
            page.set_header(f"&C&B{line}", {"margin": 0.9})
            page.set_margins(top=1.6)
        self._mark = line

    def add_guide(self) -> None:
        """The sheet that explains how the workbook is filled in, and names every event."""
        page = self._book.add_worksheet(GUIDE_SHEET)
        page.set_column(0, 0, 110, self._plain)
        lines = [*([self._mark] if self._mark else []), *(self._t.words(line) for line in GUIDE)]
        lines += ["", self._t("Names of events:"), *event_shown().values()]
        for number, line in enumerate(lines):
            page.write_string(number, 0, line, self._plain)

    def add_lists(self) -> None:
        """The hidden sheet with the terms of the drop-down lists."""
        page = self._book.add_worksheet(LISTS_SHEET)
        page.hide()
        terms = list(_offered().values())
        for number in range(max(map(len, terms))):
            for index, column in enumerate(terms):
                if number < len(column):
                    page.write_string(number, index, column[number])

    def _format(self, field: Field) -> Any:
        return {Form.AMOUNT: self._whole, Form.COUNT: self._whole}.get(field.form, self._text)

    def _offer(self, page: Any, index: int, field: Field) -> None:
        """A drop-down list for a column of closed terms; other spellings may still be typed."""
        offered = list(_offered())
        if field.form not in offered:
            return
        at = offered.index(field.form)
        column, rows = chr(ord("A") + at), len(_offered()[field.form])
        page.data_validation(
            1,
            index,
            LIST_ROWS,
            index,
            {
                "validate": "list",
                "source": f"='{LISTS_SHEET}'!${column}$1:${column}${rows}",
                "error_type": "warning" if field.form is Form.EVENT else "stop",
                "show_error": field.form is not Form.CATEGORIES,
            },
        )

    def _write(self, page: Any, number: int, index: int, field: Field, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, tuple):  # a day and how exactly it is known
            day, precision = value
            if precision is Precision.MONTH:
                page.write_string(number, index, f"{day:%m/%Y}", self._text)
                return
            value = day
        if field.form is Form.NUMBER:
            value = str(value).replace(".", ",")
        if isinstance(value, date):
            page.write_datetime(number, index, value, self._day)
        elif isinstance(value, int) and abs(value) < 10**EXACT_DIGITS:
            page.write_number(number, index, value, self._format(field))
        else:
            page.write_string(number, index, str(value), self._text)


def heading(field: Field) -> str:
    """How our own workbooks head a field; amounts with their unit."""
    return f"{field.headings[0]} (đồng)" if field.form is Form.AMOUNT else field.headings[0]


def term(member: StrEnum | None) -> str:
    """How our own workbooks write a closed term."""
    return "" if member is None else SHOWN[type(member)][member]


def _offered() -> dict[Form, list[str]]:
    """The terms of each drop-down list; a file of several categories writes them with semicolons."""
    lists = {form: list(SHOWN[kind].values()) for form, kind in TERM_OF.items()}
    return {**lists, Form.EVENT: list(event_shown().values())}
