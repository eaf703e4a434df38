"""Words, plurals, dates, numbers and money for people; and `fold` for search.

English is the source text of every message; the catalogues under `locale/` hold the other languages.
"""

import unicodedata
from datetime import date as Day
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from io import BytesIO
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from models.clock import local
from models.enums import label
from models.rules.folding import fold
from models.rules.limits import article_words, is_article
from models.rules.words import Names, Words
from models.settings import ROOT

__all__ = ["LANGUAGES", "Translator", "clean", "fold", "translator"]

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
THOUSAND, MILLION, BILLION = 10**3, 10**6, 10**9


class Translator:
    """`t`: turns messages, dates and numbers into the text of one language."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "vi"
        self._catalogue = _catalogue(self.language)

    def __call__(self, text: str, **values: Any) -> str:
        """The message `text` in this language with its named gaps filled."""
        return self._fill(self._catalogue.gettext(text), values)

    def n(self, one: str, many: str, n: int, **values: Any) -> str:
        """The message for `n` things; `{n}` in it is the number, written for people."""
        return self._fill(self._catalogue.ngettext(one, many, n), {"n": n, **values})

    def words(self, sentence: Words) -> str:
        """A sentence that was made in the rules."""
        return self(sentence.text, **dict(sentence.values))

    def label(self, member: StrEnum) -> str:
        """The name of a stored value."""
        return self._catalogue.gettext(label(member))

    def _fill(self, text: str, values: dict[str, Any]) -> str:
        return text.format(**{name: self._shown(value) for name, value in values.items()})

    def _shown(self, value: Any) -> str:
        match value:
            case Words():
                return self.words(value)
            case Names():
                return value.vi if self.language == "vi" else value.en
            case StrEnum():
                return self.label(value)
            case datetime():
                return self.time(value)
            case Day():
                return self.date(value)
            case bool():
                return self("yes") if value else self("no")
            case int():
                return self.number(value)
            case None:
                return "–"
            case _:
                return str(value)

    def articles(self, text: str) -> str:
        """khoản 1 Điều 353; Điều 356: `353(1); 356` as people write it; what is no plain article stays as written."""
        parts = (part.strip() for part in text.split(";"))
        return "; ".join(self.words(article_words(part)) if is_article(part) else part for part in parts)

    def date(self, day: Day | None, *, monthly: bool = False) -> str:
        """12/11/2026, or 11/2026 for a fact known by month; a dash for none."""
        if day is None:
            return "–"
        return day.strftime("%m/%Y" if monthly else "%d/%m/%Y")

    def date_long(self, day: Day) -> str:
        """ngày 03 tháng 02 năm 2026: days below 10 and months 1 and 2 padded, as papers are dated."""
        if self.language == "vi":
            month = f"{day.month:02d}" if day.month < 3 else str(day.month)
            return f"ngày {day.day:02d} tháng {month} năm {day.year}"
        return day.strftime("%d %B %Y")

    def time(self, at: datetime) -> str:
        """05:30 21/11/2026 on the province's clock."""
        return local(at).strftime("%H:%M %d/%m/%Y")

    def number(self, value: int | float | Decimal, digits: int = 0) -> str:
        """1.234.567 or 1.234,5 (vi), 1,234,567 or 1,234.5 (en); half rounds up."""
        rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(rounded, format=pattern, locale=self.language)

    def percent(self, numerator: int, denominator: int) -> str:
        """31,8%, as administrative papers write it; a dash when there is nothing to divide by."""
        if not denominator:
            return "–"
        return f"{self.number(Decimal(100 * numerator) / Decimal(denominator), 1)}%"

    def money(self, vnd: int | None) -> str:
        """62,4 tỷ đồng, 850 triệu đồng, 12.500 đồng: one decimal at most, for reading at a glance."""
        if vnd is None:
            return "–"
        if abs(vnd) >= BILLION:
            return self("{amount} billion đồng", amount=self._short(vnd, BILLION))
        if abs(vnd) >= MILLION:
            return self("{amount} million đồng", amount=self._short(vnd, MILLION))
        return self.exact(vnd)

    def _short(self, vnd: int, unit: int) -> str:
        amount = Decimal(vnd) / unit
        return self.number(amount, 0 if vnd % unit == 0 or abs(amount) >= 1000 else 1)

    def exact(self, vnd: int | None) -> str:
        """62.400.000.000 đồng."""
        return "–" if vnd is None else f"{self.number(vnd)} đồng"


@cache
def translator(language: str) -> Translator:
    """The translator of a language (vi, en); an unknown one gives Vietnamese."""
    return Translator(language)


@cache
def _catalogue(language: str) -> NullTranslations:
    path = ROOT / "locale" / language / "LC_MESSAGES" / "liem.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def clean(text: str) -> str:
    """`text` as it may be stored: NFC, without control characters, lone surrogates and bidi overrides, trimmed."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():  # as nearly every text is: nothing to take out
        return composed.strip()
    kept = (c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs", "Cf"))
    return "".join(kept).strip()
