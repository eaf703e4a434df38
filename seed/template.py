"""The empty import workbook that a secretariat fills in."""

from pathlib import Path

from models.settings import settings
from models.text import Translator, translator
from models.whole_file import whole
from seed.book import Book
from seed.columns import FORM, Field, Sheet

SHEETS = (Sheet.CASES, Sheet.EVENTS, Sheet.MONEY, Sheet.TASKS, Sheet.REQUESTS)
_LEFT_OUT = frozenset({"lead_agency_code"})  # columns that only an export needs


def write_template(path: str | Path, *, t: Translator | None = None) -> None:
    """Write the empty workbook to `path`: its sheets, drop-down lists, a note on each heading, and a guide.

    Raises BadUsage.
    """
    with whole(Path(path)) as made:
        book = Book(made, t or translator(settings().language))
        for sheet in SHEETS:
            book.add(sheet, template_fields(sheet))
        book.add_guide()
        book.add_lists()
        book.close()


def template_fields(sheet: Sheet) -> tuple[Field, ...]:
    """The columns of a sheet of the template."""
    return tuple(field for field in FORM[sheet].fields if field.name not in _LEFT_OUT)
