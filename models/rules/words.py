"""Sentences for people, made where the facts are known and translated where they are shown."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

Value = str | int | date | StrEnum | None


class Words(NamedTuple):
    """An English sentence with named gaps and the values that fill them (dates and enums stay what they are)."""

    text: str
    values: tuple[tuple[str, Value], ...] = ()

    def english(self) -> str:
        """The sentence with its gaps filled the plain way: ISO dates, enum values. For logs and JSON."""
        return self.text.format(**{name: str(value) for name, value in self.values})


def words(text: str, **values: Value) -> Words:
    """`text` with `values`, ready to be stored, compared and translated; extracted by `make words`."""
    return Words(text, tuple(values.items()))
