"""Texts of a form → values, the way workbooks are read; everything that is wrong is told at once, field by field."""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from dashboard.components.forms.state import Form
from models.enums import Precision
from models.errors import FieldErrors
from models.rules.lengths import parse_length
from models.rules.words import Refusal, Words, words
from models.text import clean
from seed.cells import count_of, month_or_day, number_of

T = TypeVar("T")
MILLION, BILLION = 10**6, 10**9
_PASTED = {
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " "),
    **dict.fromkeys(map(ord, "\u000b\u000c\u0085\u2028\u2029"), "\n"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212"), "-"),
}  # fmt: skip
_WRITTEN = re.compile(
    r"(?:(?:ngày\s+)?(\d{1,2})\s+)?tháng\s+(\d{1,2})(?:\s*,?\s*năm\s+|\s*[/,-]\s*|\s+)(\d{4})", re.IGNORECASE
)
_CURRENCY = re.compile(r"\s*(?:việt nam đồng|đồng|vnđ|vnd|đ)\.?$")
_DASHED = re.compile(r"(\d{1,2}[-.]){1,2}\d{4}", re.ASCII)


class Reading:
    """Reads the fields of one form and collects what cannot be read."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.wrong: dict[str, Words] = {}

    def text(self, name: str) -> str:
        """One line: blanks of all kinds become one space each."""
        return " ".join(clean(pasted(self.form.text(name))).split())

    def lines(self, name: str) -> str:
        """A text of several lines, without signs that cannot be seen."""
        return clean(pasted(self.form.text(name)).replace("\t", " "))

    def day_or_month(self, name: str, *, needed: bool = True) -> tuple[date | None, Precision]:
        """A day, or a month known by its first day."""
        nothing: tuple[date | None, Precision] = (None, Precision.DAY)
        return self._read(name, typed_day, nothing, needed)

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """An exact day."""
        day, precision = self.day_or_month(name, needed=needed)
        if precision is Precision.MONTH:
            self.wrong[name] = words("An exact day is needed here, not a month.")
        return day

    def length(self, name: str) -> str:
        """A length of time: `2m`; as written if it cannot be read, which is told."""
        return self._read(name, lambda given: str(parse_length(given)), "", False)

    def amount(self, name: str, *, needed: bool = False) -> int | None:
        """Whole đồng; `1,5 tỷ` and `850 triệu` are understood."""
        return self._read(name, amount_of, None, needed)

    def count(self, name: str) -> int | None:
        """A count."""
        return self._read(name, count_of, None, False)

    def missing(self) -> Words:
        """What is said of a blank field that cannot stay so."""
        return words("Please fill this in.")

    def done(self) -> None:
        """Raises FieldErrors if anything could not be read."""
        if self.wrong:
            raise FieldErrors(self.wrong)

    def _read(self, name: str, read: Callable[[str], T], nothing: T, needed: bool) -> T:
        given = self.text(name)
        if not given:
            if needed:
                self.wrong[name] = self.missing()
            return nothing
        try:
            return read(given)
        except Refusal as error:
            self.wrong[name] = error.words
            return nothing


def pasted(text: str) -> str:
    """A text as it comes from a word processor, with ordinary blanks, line ends and hyphens."""
    return text.translate(_PASTED).replace("\r\n", "\n").replace("\r", "\n")


def typed_day(given: str) -> tuple[date, Precision]:
    """As in a workbook; 22-11-2026, 22.11.2026 and 11-2026, typed by a person, can be nothing but dd/mm/yyyy.

    So can `ngày 5 tháng 3 năm 2026` and `tháng 3/2026`, as papers have it.
    """
    given = re.sub(r"^ngày\s+(?=\d{1,2}\s*[-./])", "", re.sub(r"[–—]", "-", given), flags=re.IGNORECASE)
    if written := _WRITTEN.fullmatch(given):
        given = "/".join(part for part in written.groups() if part)
    return month_or_day(re.sub(r"[-.]", "/", given) if _DASHED.fullmatch(given) else given)


def amount_of(given: str) -> int:
    """Whole đồng from `1.234.567`, `1,5 tỷ đồng` or `850 triệu`. Raises Refusal."""
    said = _CURRENCY.sub("", given.lower()).strip()
    scale = 1
    for unit, times in (("tỷ", BILLION), ("tỉ", BILLION), ("triệu", MILLION)):
        if said.endswith(unit):
            said, scale = said.removesuffix(unit).strip(), times
    amount = number_of(said) * scale
    if amount != amount.to_integral_value():
        raise Refusal(words("The amount is not a whole number of đồng."))
    return int(amount)
