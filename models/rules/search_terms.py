"""Texts and questions as the search table compares them: the same on every database.

A text is kept as the set of its words, folded; a word of more than WHOLE letters by all its beginnings up to WHOLE
and by itself. So a beginning that is asked for is one lexeme to look up, however common it is; only longer ones are
searched as beginnings of longer words, among the few entries that have their first WHOLE letters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from models.rules.abbreviations import readings
from models.rules.folding import fold

WHOLE = 6  # letters; few syllables of Vietnamese have more
LONGEST = 60  # letters of a word that count
_WORD = re.compile(r"[^\W_]+")


class Word(NamedTuple):
    """A word of a text: where it stands, and its folded form."""

    start: int
    end: int
    folded: str


class Lexeme(NamedTuple):
    """One thing to look up; `begins` if words that begin so are meant."""

    text: str
    begins: bool


def composed(text: str) -> str:
    """`text` in the form whose letters stand for themselves (NFC); positions of marks refer to it."""
    return unicodedata.normalize("NFC", text)


def words_in(text: str) -> list[Word]:
    """The words of a composed text."""
    return [Word(found.start(), found.end(), _folded(found.group())) for found in _WORD.finditer(text)]


def lexemes(texts: Iterable[str]) -> set[str]:
    """What an entry with these texts is found by; other readings of its words (VKS, viện kiểm sát) included."""
    words = frozenset[str]().union(*map(_read, texts))
    return {part for word in words for part in _beginnings(word)}


def terms_of(question: str) -> tuple[str, ...]:
    """The words asked for, folded, each once. An entry is meant if each of them begins a word of it."""
    return tuple(dict.fromkeys(_folded(word) for word in _WORD.findall(composed(question))))


def lookups(terms: Iterable[str]) -> Iterator[Lexeme]:
    """What all must be found for an entry to be meant."""
    for term in terms:
        yield Lexeme(term[:WHOLE], begins=False)
        if len(term) > WHOLE:
            yield Lexeme(term, begins=True)


def key_of(code: str) -> str:
    """A code without case, dashes and diacritics: VA-2025-014 and va2025014 are one."""
    return "".join(_folded(word) for word in _WORD.findall(composed(code)))


def kind_mark(kind: str) -> str:
    """The lexeme that every entry of a kind has; no word can be the same."""
    return f"›{kind}"


@lru_cache(5_000)
def _read(text: str) -> frozenset[str]:
    """The words of a text and of its other readings, folded. Bodies and formulas come again and again."""
    folded = [_folded(word) for word in _WORD.findall(composed(text))]
    return frozenset(folded).union(*(reading.also for reading in readings(folded)))


@lru_cache(100_000)
def _folded(word: str) -> str:
    return fold(word)[:LONGEST]


@lru_cache(100_000)
def _beginnings(word: str) -> tuple[str, ...]:
    first = tuple(word[:n] for n in range(1, min(len(word), WHOLE) + 1))
    return (*first, word) if len(word) > WHOLE else first
