"""What is told of a file that somebody sees may name one that he does not see: that code is taken out.

A merger, a split, a transfer names the other file; a stored reason, the file where limits run on; the log, both.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from models.enums import EventKind
from models.queries._visible import sees
from models.queries.workbook import chunks
from models.rules.access import Viewer
from models.rules.words import Words
from models.tables import Case

UNSEEN = "…"  # instead of a code
JOINING = (
    EventKind.MERGED, EventKind.MERGED_INTO, EventKind.MERGED_FROM, EventKind.SPLIT, EventKind.TRANSFERRED,
)  # fmt: skip  # events whose detail begins with the code of another file

_CODE = re.compile(r"[^\W_][\w./-]*[^\W_]")
_GAP = re.compile(f"{_CODE.pattern}|{UNSEEN}")


class Veil(NamedTuple):
    """Takes these codes, in capitals, out of texts."""

    hidden: frozenset[str]

    def text(self, text: str) -> str:
        """The text with `…` for each hidden code."""
        return _CODE.sub(self._of, text) if self.hidden else text

    def words(self, sentences: Sequence[Words]) -> tuple[Words, ...]:
        """Sentences whose values name no hidden file."""
        return tuple(map(self.value, sentences)) if self.hidden else tuple(sentences)

    def value(self, value: Any) -> Any:
        """A text, a sentence with its values, or anything else, which stays itself."""
        if type(value) is str:
            return self.text(value)
        if isinstance(value, Words):
            return Words(self.text(value.text), tuple((name, self.value(each)) for name, each in value.values))
        return value

    def put_back(self, text: str, was: str) -> str:
        """`text`, made of what this veil left of `was`, with what it took out; as it is if they do not go together."""
        taken = [found[0] for found in _GAP.finditer(was) if UNSEEN in (found[0], self._of(found))]
        if not self.hidden or text.count(UNSEEN) != len(taken):
            return text
        return "".join(part + gap for part, gap in zip_longest(text.split(UNSEEN), taken, fillvalue=""))

    def _of(self, found: re.Match[str]) -> str:
        return UNSEEN if found[0].upper() in self.hidden else found[0]


def veil(session: Session, viewer: Viewer, texts: Iterable[object]) -> Veil:
    """Takes the codes of files that the viewer may not see out of these texts and sentences; asked once for all."""
    if viewer.sees_everything:
        return Veil(frozenset())
    named = {code for text in texts for code in codes_in(text)}
    hidden: set[str] = set()
    for part in chunks(sorted(named)):
        asked = select(Case.code).where(col(Case.code).in_(part), ~sees(viewer))
        hidden.update(code.upper() for code in session.exec(asked))
    return Veil(frozenset(hidden))


def codes_in(text: object) -> Iterator[str]:
    """Whatever may be a file's code, as written and in capitals: it has a digit. Lists of texts are looked through."""
    if isinstance(text, Words):
        for _, value in text.values:
            yield from codes_in(value)
        yield from codes_in(text.text)
    elif isinstance(text, list | tuple | dict):
        for each in text.values() if isinstance(text, dict) else text:
            yield from codes_in(each)
    elif isinstance(text, str):
        for found in _CODE.findall(text):
            if any(sign.isdigit() for sign in found):
                yield found
                yield found.upper()
