"""The fields of a form, made clean one by one; what is wrong with each is told together, at the field."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from models.base import Base
from models.enums import N_, Precision
from models.errors import FieldErrors
from models.rules.bounds import FIRST_DAY, LARGEST_AMOUNT, LARGEST_COUNT
from models.rules.lengths import BadLength, parse_length
from models.rules.words import Words, words
from models.text import clean

WHOLE = ""  # the place of an error that concerns the entry as a whole
REASON = 500
_ARTICLE = re.compile(r"(?:điều|dieu|article|art\.?)?\s*([0-9]{1,3})\s*([a-zđ]?)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"(?:khoản|khoan|paragraph|k\.?)?\s*([0-9]{1,2}[a-zđ]?)", re.IGNORECASE)
_DECIMAL = re.compile(r"0*([0-9]+)(?:[.,]([0-9]+))?")
TOO_LONG = N_("The text has {length} characters; at most {longest} are kept.")
NEEDED = words("Please fill this in.")


class Fields:
    """Reads the fields of an entry that goes into `table`; the lengths of texts are those of its columns."""

    def __init__(self, table: type[Base]) -> None:
        self._columns = table.__table__.c  # type: ignore[attr-defined]
        self.errors: dict[str, Words] = {}

    def wrong(self, name: str, said: Words) -> None:
        """Something is wrong with this field; the first thing that is said stays."""
        self.errors.setdefault(name, said)

    def refuse(self) -> None:
        """Raises FieldErrors if anything is wrong."""
        if self.errors:
            raise FieldErrors(self.errors)

    def text(self, name: str, given: object, *, needed: bool = False) -> str:
        """A text of several lines, cleaned."""
        text = clean(given) if isinstance(given, str) else ""
        longest = self._columns[name].type.length
        if len(text) > longest:
            self.wrong(name, words(TOO_LONG, length=len(text), longest=longest))
        if needed and not text:
            self.wrong(name, NEEDED)
        return text

    def reason(self, given: str) -> str:
        """Why something is corrected."""
        why, said = _reason(given)
        if said:
            self.wrong("reason", said)
        return why

    def line(self, name: str, given: object, *, needed: bool = False) -> str:
        """A text of one line: breaks and runs of blanks become one blank."""
        return self.text(name, " ".join(given.split()) if isinstance(given, str) else "", needed=needed)

    def past(self, name: str, day: object, today: date, *, precision: Precision = Precision.DAY) -> date:
        """A day that is not to come and not before 1990; the first of its month when only the month is known."""
        if not isinstance(day, date):
            self.wrong(name, NEEDED)
            return today
        if day > today:
            self.wrong(name, words("The day lies after today, {today}.", today=today))
        elif day < FIRST_DAY:
            self.wrong(name, words("The day lies before {first}.", first=FIRST_DAY))
        return day.replace(day=1) if precision is Precision.MONTH else day

    def amount(self, name: str, given: object, *, needed: bool = False) -> int | None:
        """A whole number of đồng, 0 to 10^18."""
        return self._whole(name, given, LARGEST_AMOUNT, words("An amount above 10^18 đồng cannot be right."), needed)

    def count(self, name: str, given: object) -> int | None:
        """A number of people or things."""
        most = words("A count above {largest} cannot be right.", largest=LARGEST_COUNT)
        return self._whole(name, given, LARGEST_COUNT, most, False)

    def _whole(self, name: str, given: object, largest: int, too_large: Words, needed: bool) -> int | None:
        if given is None:
            if needed:
                self.wrong(name, NEEDED)
            return None
        if isinstance(given, bool) or not isinstance(given, int):
            self.wrong(name, words("Write a whole number."))
            return None
        if given < 0:
            self.wrong(name, words("The number cannot be negative."))
        elif given > largest:
            self.wrong(name, too_large)
        return given

    def length(self, name: str, given: object) -> str:
        """A length of time in its one form: 2m, 20d."""
        text = self.line(name, given)
        if not text or name in self.errors:
            return text
        try:
            return str(parse_length(text))
        except BadLength as error:
            self.wrong(name, error.words)
            return text

    def decimal(self, name: str, given: object) -> str:
        """A decimal number, not negative, as text with a point: 16351.5."""
        text = self.line(name, given)
        if not text or name in self.errors:
            return text
        found = _DECIMAL.fullmatch(text)
        if found is None:
            self.wrong(name, words("Write a number without separators, with a comma before decimals: 16351,5."))
            return text
        fraction = (found[2] or "").rstrip("0")
        return f"{found[1]}.{fraction}" if fraction else found[1]

    def article(self, name: str, given: object) -> str:
        """The number of an article: 353, 217a."""
        return self._matched(name, given, _ARTICLE, words("Write the number of the article alone: 353, or 217a."))

    def paragraph(self, name: str, given: object) -> str:
        """The number of a paragraph: 2."""
        return self._matched(name, given, _PARAGRAPH, words("Write the number of the paragraph alone: 2."))

    def _matched(self, name: str, given: object, form: re.Pattern[str], said: Words) -> str:
        text = self.line(name, given)
        if not text or name in self.errors:
            return text
        found = form.fullmatch(text)
        if found is None:
            self.wrong(name, said)
            return text
        return "".join(found.groups()).lower()

    def one_of(self, name: str, given: object, kind: type[Any], *, needed: bool = True) -> Any:
        """A member of a closed list."""
        if given is None and not needed:
            return None
        if not isinstance(given, kind):
            self.wrong(name, words("Choose one of the list."))
        return given


def reason_given(reason: str) -> str:
    """The reason of a retraction, cleaned. Raises FieldErrors at `reason`."""
    why, said = _reason(reason)
    if said:
        raise FieldErrors({"reason": said})
    return why


def _reason(reason: str) -> tuple[str, Words | None]:
    why = " ".join(clean(reason).split())
    if not why:
        return why, words("Say why: the record keeps it.")
    if len(why) > REASON:
        return why, words(TOO_LONG, length=len(why), longest=REASON)
    return why, None


def shown(fact: Any, names: Iterable[str]) -> dict[str, Any]:
    """The fields of a fact that say something, for the audit row."""
    values = fact if isinstance(fact, Mapping) else {name: getattr(fact, name) for name in names}
    clear = {name: clean(value) if type(value) is str else value for name, value in values.items()}
    return {name: clear[name] for name in names if clear.get(name) not in (None, "", False)}
