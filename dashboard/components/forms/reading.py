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
_DASHED = re.compile(r"(\d{1,2}[-.]){1,2}\d{4}", re.ASCII)


class Reading:
    """Reads the fields of one form and collects what cannot be read."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.wrong: dict[str, Words] = {}

    def text(self, name: str) -> str:
        """One line: blanks of all kinds become one space each."""
        return " ".join(clean(self.form.text(name).replace("\u00a0", " ")).split())

    def lines(self, name: str) -> str:
        """A text of several lines, without signs that cannot be seen."""
        return clean(self.form.text(name).replace("\u00a0", " ").replace("\t", " "))

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


def typed_day(given: str) -> tuple[date, Precision]:
    """As in a workbook; 22-11-2026, 22.11.2026 and 11-2026, typed by a person, can be nothing but dd/mm/yyyy."""
    return month_or_day(re.sub(r"[-.]", "/", given) if _DASHED.fullmatch(given) else given)


def amount_of(given: str) -> int:
    """Whole đồng from `1.234.567`, `1,5 tỷ đồng` or `850 triệu`. Raises Refusal."""
    said = given.lower().removesuffix("đồng").removesuffix("đ").strip()
    scale = 1
    for unit, times in (("tỷ", BILLION), ("tỉ", BILLION), ("triệu", MILLION)):
        if said.endswith(unit):
            said, scale = said.removesuffix(unit).strip(), times
    amount = number_of(said) * scale
    if amount != amount.to_integral_value():
        raise Refusal(words("The amount is not a whole number of đồng."))
    return int(amount)
