"""Sentences for people, made where the facts are known and translated where they are shown."""

from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

from models import enums

Value: TypeAlias = "str | int | date | StrEnum | Words | Names | None"


class Names(NamedTuple):
    """A name that is kept in both languages, as a holiday's; shown in the reader's own."""

    vi: str
    en: str


class Words(NamedTuple):
    """An English sentence with named gaps and the values that fill them (dates, enums, sentences stay themselves)."""

    text: str
    values: tuple[tuple[str, Value], ...] = ()

    def english(self) -> str:
        """The sentence with its gaps filled the plain way: ISO dates, English labels. For logs and JSON."""
        return self.text.format(**{name: _plain(value) for name, value in self.values})


def words(text: str, **values: Value) -> Words:
    """`text` with `values`, ready to be stored, compared and translated; extracted by `make words`."""
    return Words(text, tuple(values.items()))


LONGEST_QUOTED = 400  # characters of what somebody entered that an error quotes


def clipped(sentence: Words) -> Words:
    """`sentence` with no value longer than a person reads: an error that quotes its cause does not repeat all of it."""
    return Words(sentence.text, tuple((name, _clipped(value)) for name, value in sentence.values))


def encode(sentence: Words) -> list[object]:
    """`sentence` as JSON keeps it: [text, [[name, type, value], …]]. The inverse of `decode`."""
    return [sentence.text, [[name, *_typed(value)] for name, value in sentence.values]]


def decode(stored: list[Any]) -> Words:
    """The sentence that `encode` stored."""
    text, values = stored
    return Words(str(text), tuple((name, _value(kind, value)) for name, kind, value in values))


class Refusal(ValueError):
    """Input that the rules refuse; the message is English, `words` is the same sentence to be translated."""

    def __init__(self, sentence: Words) -> None:
        self.words = clipped(sentence)
        super().__init__(self.words.english())


def _clipped(value: Value) -> Value:
    if isinstance(value, Words):
        return clipped(value)
    long = isinstance(value, str) and not isinstance(value, StrEnum) and len(value) > LONGEST_QUOTED
    return f"{value[: LONGEST_QUOTED - 1]}…" if long else value  # type: ignore[index]


def _plain(value: Value) -> str:
    if isinstance(value, Words):
        return value.english()
    if isinstance(value, Names):
        return value.en
    return enums.label(value) if isinstance(value, StrEnum) else str(value)


def _typed(value: Value) -> tuple[str, Any]:
    if isinstance(value, Words):
        return "words", encode(value)
    if isinstance(value, Names):
        return "names", list(value)
    if isinstance(value, StrEnum):
        return type(value).__name__, value.value
    if isinstance(value, date):
        return "date", value.isoformat()
    return "plain", value


def _value(kind: str, value: Any) -> Value:
    if kind == "plain":
        return value  # type: ignore[no-any-return]
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "words":
        return decode(value)
    if kind == "names":
        return Names(*value)
    return getattr(enums, kind)(value)  # type: ignore[no-any-return]
