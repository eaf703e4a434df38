"""Where a text says what was asked for, and a short piece of it to show."""

from collections.abc import Sequence
from typing import NamedTuple

from models.rules.abbreviations import readings
from models.rules.search_terms import Word, composed, words_in

LENGTH = 160  # characters of an extract, about
BEFORE = 50  # of them before the first match


class Part(NamedTuple):
    """A part of a text; `is_match`: it says what was asked for."""

    text: str
    is_match: bool


class _Match(NamedTuple):
    start: int
    end: int
    terms: frozenset[str]


def met(text: str, terms: Sequence[str]) -> frozenset[str]:
    """The terms that the text meets."""
    return frozenset(term for match in _matches(composed(text), terms) for term in match.terms)


def marked(text: str, terms: Sequence[str]) -> tuple[Part, ...]:
    """The whole text in parts, what meets a term marked."""
    whole = composed(text)
    return tuple(_parts(whole, _matches(whole, terms)))


def extract(text: str, terms: Sequence[str]) -> tuple[Part, ...]:
    """A short piece of the text around its first match, cut between words, what meets a term marked."""
    whole = composed(text)
    matches = _matches(whole, terms)
    words = words_in(whole)
    if len(whole) <= LENGTH or not words:
        return tuple(_parts(whole, matches))
    first = matches[0].start if matches else 0
    start = _word_start(words, first - BEFORE)
    end = _word_end(words, start + LENGTH, least=matches[0].end if matches else 0)
    inside = [_Match(m.start - start, m.end - start, m.terms) for m in matches if start <= m.start and m.end <= end]
    cut = _parts(whole[start:end], inside)
    if start:
        cut.insert(0, Part("… ", False))
    if end < len(whole):
        cut.append(Part(" …", False))
    return tuple(cut)


def _word_start(words: Sequence[Word], position: int) -> int:
    return next((word.start for word in words if word.start >= position), 0) if position > 0 else 0


def _word_end(words: Sequence[Word], position: int, *, least: int) -> int:
    ends = [word.end for word in words if word.end <= max(position, least)]
    return max(ends[-1] if ends else position, least)


def _matches(text: str, terms: Sequence[str]) -> list[_Match]:
    """Runs of words that meet a term, by themselves or in another reading, in order and apart from each other."""
    words = words_in(text)
    found = [_Match(word.start, word.end, _meets([word.folded], terms)) for word in words]
    for reading in readings([word.folded for word in words]):
        span = words[reading.first].start, words[reading.last - 1].end
        found.append(_Match(*span, _meets(reading.also, terms)))
    kept: list[_Match] = []
    for match in sorted(found, key=lambda each: (each.start, -each.end)):
        if not match.terms:
            continue
        if kept and match.start < kept[-1].end:
            last = kept.pop()
            match = _Match(last.start, max(last.end, match.end), last.terms | match.terms)
        kept.append(match)
    return kept


def _meets(words: Sequence[str], terms: Sequence[str]) -> frozenset[str]:
    return frozenset(term for term in terms if any(word.startswith(term) for word in words))


def _parts(text: str, matches: Sequence[_Match]) -> list[Part]:
    parts, at = [], 0
    for match in matches:
        parts += [Part(text[at : match.start], False), Part(text[match.start : match.end], True)]
        at = match.end
    parts.append(Part(text[at:], False))
    return [part for part in parts if part.text]
