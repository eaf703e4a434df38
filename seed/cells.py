"""One cell → one value, the Vietnamese way: day before month, dots between thousands, a comma before decimals.

Each reader takes a cell that is not blank and returns the value or raises Refused with a sentence for people.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache
from typing import Any

from models.enums import (
    AccusedStatus,
    Category,
    CoordinationKind,
    EntryKind,
    EventKind,
    Kind,
    Precision,
    Quantity,
    SessionKind,
    Severity,
    TaskOrigin,
)
from models.rules.bounds import FIRST_DAY, LARGEST_AMOUNT, LARGEST_COUNT, LAST_DAY
from models.rules.lengths import BadLength, parse_length
from models.rules.words import Refusal, Words, words
from models.text import clean
from seed.columns import Field, Form
from seed.read import BROKEN, Cell
from seed.terms import SHOWN, SUPERVISED_BY, event_shown, event_terms, plain, terms

TERM_OF: dict[Form, type[StrEnum]] = {
    Form.KIND: Kind,
    Form.SEVERITY: Severity,
    Form.QUANTITY: Quantity,
    Form.ENTRY_KIND: EntryKind,
    Form.ORIGIN: TaskOrigin,
    Form.SESSION_KIND: SessionKind,
    Form.STATUS: AccusedStatus,
    Form.REQUEST_KIND: CoordinationKind,
}
EXACT_DIGITS = 15  # Excel keeps no more

FORMULA_ERRORS = frozenset(
    [
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
        "#BLOCKED!",
    ]
)

_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})\s*/\s*(\d{1,2})\s*/\s*(\d{4}|\d{2})", re.ASCII)
_YEAR_MONTH_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*/\s*(\d{4})", re.ASCII)
_YEAR_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_PLAIN_NUMBER = re.compile(r"[-+]?\d+(,\d+)?", re.ASCII)
_GROUPED_NUMBER = re.compile(r"[-+]?\d{1,3}(?:(?:\.\d{3})+|(?:[ \u00a0\u202f]\d{3})+)(,\d+)?", re.ASCII)
_SEPARATORS = re.compile(r"[;,/+\n]|\bvà\b")


class Refused(Refusal):
    """A cell that cannot be read; the sentence says why."""


def shown(cell: Cell) -> str:
    """A cell as a person sees it, for messages; at most 200 characters."""
    if isinstance(cell, tuple):
        return str(cell[1])[:200]
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**EXACT_DIGITS:
        return str(int(cell))
    return str(cell)[:200]


def is_blank(cell: Cell) -> bool:
    """Whether nothing is written in a cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    """The clean text of a cell; a whole number is read as it is shown. Raises Refused."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, bool):
        raise Refused(words("This is TRUE or FALSE, not a text."))
    if isinstance(cell, int | float):
        return shown(cell)
    if isinstance(cell, date | time | timedelta):
        raise Refused(words("Excel made a date or time of this text. Format the column as text and type it again."))
    _refuse_broken(cell)
    return ""


def tidy(text: str) -> str:
    """`clean`, quickly for the ordinary text that needs nothing but trimming."""
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()
    return clean(text)


def _refuse_broken(cell: Cell) -> None:
    """Refuse a failed formula; silent for anything else."""
    if isinstance(cell, tuple) and cell[0] == BROKEN and not cell[1]:
        raise Refused(
            words("The formula has no stored result. Open the workbook in Excel and save it, or type the value.")
        )
    if isinstance(cell, tuple):
        raise Refused(words("The formula in this cell failed. Correct it, or type the value."))


def _text(longest: int) -> Callable[[Cell], str]:
    def read(cell: Cell) -> str:
        text = text_of(cell)
        if len(text) > longest:
            raise Refused(
                words(
                    "The text has {length} characters; at most {longest} are kept.", length=len(text), longest=longest
                )
            )
        if text in FORMULA_ERRORS:
            raise Refused(words("The formula in this cell failed. Correct it, or type the value."))
        return text

    return read


def _code(longest: int) -> Callable[[Cell], str]:
    read_text = _text(longest)

    def read(cell: Cell) -> str:
        return " ".join(read_text(cell).split())

    return read


def number_of(cell: Cell) -> Decimal:
    """The number in a cell, exactly as Excel shows it at its 15 digits. Raises Refused."""
    if isinstance(cell, bool):
        raise Refused(words("This is TRUE or FALSE, not a number."))
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, float):
        return Decimal(f"{cell:.{EXACT_DIGITS}g}")
    if not isinstance(cell, str):
        _refuse_broken(cell)
        raise Refused(words("Excel made a date or time of this number. Format the column as number and type it again."))
    return _number_text(cell.strip())


def _number_text(text: str) -> Decimal:
    if text in FORMULA_ERRORS:
        raise Refused(words("The formula in this cell failed. Correct it, or type the value."))
    if _PLAIN_NUMBER.fullmatch(text) or _GROUPED_NUMBER.fullmatch(text):
        digits = re.sub(r"[.\s\u00a0\u202f]", "", text).replace(",", ".")
        try:
            return Decimal(digits)
        except InvalidOperation:
            pass
    raise Refused(words("This is not a number. Write 1.234.567 or 1234567, with a comma before decimals."))


def count_of(cell: Cell) -> int:
    """A count of people or things. Raises Refused."""
    number = number_of(cell)
    if number < 0:
        raise Refused(words("A count cannot be negative."))
    if number != number.to_integral_value():
        raise Refused(words("A count must be a whole number."))
    if number > LARGEST_COUNT:
        raise Refused(words("A count above {largest} cannot be right.", largest=LARGEST_COUNT))
    return int(number)


def _amount(scale: int) -> Callable[[Cell], int]:
    def read(cell: Cell) -> int:
        amount = number_of(cell) * scale
        if amount < 0:
            raise Refused(words("An amount cannot be negative."))
        if amount > LARGEST_AMOUNT:
            raise Refused(words("An amount above 10^18 đồng cannot be right."))
        if amount != amount.to_integral_value():
            raise Refused(words("The amount is not a whole number of đồng. Check the unit in the heading."))
        return int(amount)

    return read


def number_text_of(cell: Cell) -> str:
    """A decimal number, not negative, as text with a point: 16351.5. Raises Refused."""
    number = number_of(cell)
    if number < 0:
        raise Refused(words("A quantity cannot be negative."))
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# --- dates ---------------------------------------------------------------------------------------------------------

NOT_A_DATE = words("This is not a date we can read. Write dd/mm/yyyy, yyyy-mm-dd, or mm/yyyy for a month.")


def month_or_day(cell: Cell) -> tuple[date, Precision]:
    """The day in a cell, or the first of the month when only the month is written. Raises Refused."""
    if isinstance(cell, datetime):
        return cell.date(), Precision.DAY
    if isinstance(cell, date):
        return cell, Precision.DAY
    if isinstance(cell, str):
        return _day_text(tidy(cell))
    _refuse_broken(cell)
    raise Refused(NOT_A_DATE)


@lru_cache(maxsize=20_000)
def _day_text(text: str) -> tuple[date, Precision]:
    if text in FORMULA_ERRORS:
        raise Refused(words("The formula in this cell failed. Correct it, or type the value."))
    try:
        if parts := _DAY_MONTH_YEAR.fullmatch(text):
            year = int(parts[3]) + (2000 if len(parts[3]) == 2 else 0)
            return date(year, int(parts[2]), int(parts[1])), Precision.DAY
        if parts := _YEAR_MONTH_DAY.fullmatch(text):
            return date(int(parts[1]), int(parts[2]), int(parts[3])), Precision.DAY
        if parts := _MONTH_YEAR.fullmatch(text):
            return date(int(parts[2]), int(parts[1]), 1), Precision.MONTH
        if parts := _YEAR_MONTH.fullmatch(text):
            return date(int(parts[1]), int(parts[2]), 1), Precision.MONTH
    except ValueError as error:
        raise Refused(words("There is no such day in the calendar.")) from error
    raise Refused(NOT_A_DATE)


def _past(today: date) -> Callable[[Cell], tuple[date, Precision]]:
    def read(cell: Cell) -> tuple[date, Precision]:
        day, precision = month_or_day(cell)
        if day > today:
            raise Refused(words("The date lies after the day of import, {today}.", today=today))
        if day < FIRST_DAY:
            raise Refused(words("The date lies before {first}.", first=FIRST_DAY))
        return day, precision

    return read


def _exact(read: Callable[[Cell], tuple[date, Precision]]) -> Callable[[Cell], date]:
    def read_exact(cell: Cell) -> date:
        day, precision = read(cell)
        if precision is not Precision.DAY:
            raise Refused(words("An exact day is needed here, not a month."))
        return day

    return read_exact


def _deadline(cell: Cell) -> tuple[date, Precision]:
    day, precision = month_or_day(cell)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Refused(words("The date must lie between {first} and {last}.", first=FIRST_DAY, last=LAST_DAY))
    return day, precision


# --- closed terms --------------------------------------------------------------------------------------------------


def _term(kind: type[StrEnum]) -> Callable[[Cell], StrEnum]:
    known = terms(kind)

    def read(cell: Cell) -> StrEnum:
        text = text_of(cell)
        if (found := known.get(plain(text))) is None:
            raise Refused(words("Unknown term. Write one of: {terms}.", terms="; ".join(SHOWN[kind].values())))
        return found

    return read


def _categories(cell: Cell) -> frozenset[StrEnum]:
    read = _term(Category)
    parts = [part for part in _SEPARATORS.split(text_of(cell)) if part.strip()]
    return frozenset(read(part) for part in parts)


def event_of(cell: Cell) -> EventKind:
    """The event that a cell names. Raises Refused with the nearest known names."""
    text = text_of(cell)
    if found := event_terms().get(plain(text)):
        return found
    near = difflib.get_close_matches(plain(text)[:120], list(event_terms()), n=3, cutoff=0.5)
    names = list(dict.fromkeys(event_shown()[event_terms()[name]] for name in near))
    if not names:
        raise Refused(words("Unknown event. The sheet “Hướng dẫn” of the template lists the names of all events."))
    raise Refused(words("Unknown event. Nearest known: {terms}.", terms="; ".join(names)))


YES, NO = frozenset({"co", "x", "yes", "1", "true", "dung"}), frozenset({"khong", "no", "0", "false", "k"})


def yes_or_no(cell: Cell) -> bool:
    """Có, x or không. Raises Refused."""
    said = plain(str(cell)) if isinstance(cell, bool) else plain(text_of(cell))
    if said not in YES | NO:
        raise Refused(words("Write “Có” or “Không”."))
    return said in YES


def _length(cell: Cell) -> str:
    try:
        return str(parse_length(text_of(cell)))
    except BadLength as error:
        raise Refused(error.words) from error


def _supervised_by(longest: int) -> Callable[[Cell], str]:
    read_text = _text(longest)

    def read(cell: Cell) -> str:
        text = read_text(cell)
        return SUPERVISED_BY.get(plain(text), text)

    return read


def reader(field: Field, *, scale: int, today: date) -> Callable[[Cell], Any]:
    """The reader of a column's cells; amounts are multiplied by `scale`."""
    match field.form:
        case Form.CODE:
            return _code(field.longest)
        case Form.TEXT | Form.ARTICLES:
            return _text(field.longest)
        case Form.COUNT:
            return count_of
        case Form.NUMBER:
            return number_text_of
        case Form.AMOUNT:
            return _amount(scale)
        case Form.PAST:
            return _past(today)
        case Form.PAST_DAY:
            return _exact(_past(today))
        case Form.DAY:
            return _exact(_deadline)
        case Form.LENGTH:
            return _length
        case Form.CATEGORIES:
            return _categories
        case Form.EVENT:
            return event_of
        case Form.YES_NO:
            return yes_or_no
        case Form.SUPERVISED_BY:
            return _supervised_by(field.longest)
    return _term(TERM_OF[field.form])


def explain(error: Refused) -> Words:
    """The sentence of a refusal."""
    return error.words
