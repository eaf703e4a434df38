"""Texts and questions as the search table compares them: the same on every database.

A text is kept as the set of its words, folded. SQLite keeps beginnings of up to WHOLE letters by itself; for PostgreSQL
each word is stored by all its beginnings up to WHOLE, and by itself if it is longer. So a beginning that is asked for
is one thing to look up, however common it is; only longer ones are searched as beginnings of longer words, on
PostgreSQL among the few entries that have their first WHOLE letters.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from models.rules.abbreviations import read_otherwise
from models.rules.folding import fold

WHOLE = 6  # letters; few syllables of Vietnamese have more
LONGEST = 60  # letters of a word that count
KNOWN = 100_000  # folded words that are kept
BREAK = "\x1f"  # between two texts, so that no phrase begins in one and ends in the other
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_BREAK = re.compile(r"\w+")  # once breaks are written as lines, which are no part of a word


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


def all_words(texts: Iterable[str]) -> set[str]:
    """The words of these texts, folded; other readings of them (VKS, viện kiểm sát) included.

    A text may be several with BREAK between.
    """
    whole = composed(BREAK.join(texts)).replace("_", " ").replace(BREAK, " _ ")
    found = list(map(_FOLDED.__getitem__, _WORD_OR_BREAK.findall(whole)))
    words = read_otherwise(found).union(found)
    words.discard("_")
    return words


def lexemes(words: Iterable[str], kind: str = "") -> set[str]:
    """What an entry with these words is looked up by, where the database keeps no beginnings by itself."""
    return set[str]().union(*map(partial(_beginnings, mark_of(kind)), words))


def mark_of(kind: str) -> str:
    """The letter before every lexeme of a kind, so that a word of all files and of no task is at once found in none."""
    return kind[:1].upper()


def terms_of(question: str) -> tuple[str, ...]:
    """The words asked for, folded, each once. An entry is meant if each of them begins a word of it."""
    return tuple(dict.fromkeys(_folded(word) for word in _WORD.findall(composed(question))))


def lookups(terms: Iterable[str], kind: str = "") -> Iterator[Lexeme]:
    """What all must be found for an entry to be meant."""
    mark = mark_of(kind)
    for term in terms:
        yield Lexeme(mark + term[:WHOLE], begins=False)
        if len(term) > WHOLE:
            yield Lexeme(mark + term, begins=True)


def key_of(code: str) -> str:
    """A code without case, dashes and diacritics: VA-2025-014 and va2025014 are one."""
    return "".join(_folded(word) for word in _WORD.findall(composed(code)))


class _Folded(dict[str, str]):
    """Words folded before: a file has a hundred, few of them new, and this is the quickest way to look them up."""

    def __missing__(self, word: str) -> str:
        if len(self) >= KNOWN:
            self.clear()
        self[word] = folded = fold(word)[:LONGEST]
        return folded


_FOLDED = _Folded()


def _folded(word: str) -> str:
    return _FOLDED[word]


@lru_cache(KNOWN)
def _beginnings(mark: str, word: str) -> tuple[str, ...]:
    first = tuple(mark + word[:n] for n in range(1, min(len(word), WHOLE) + 1))
    return (*first, mark + word) if len(word) > WHOLE else first
