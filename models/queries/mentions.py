"""Free words that name a protected file: told to whoever writes them, and to whoever is about to protect a file.

Words stay as they were written (`models.queries.named` takes codes out of what the program itself says). Whoever may
open the record that holds them reads the code in them, also if the file it names is closed to him.
"""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from models.enums import SearchKind
from models.queries.named import codes_in
from models.queries.restrictions import guarded
from models.queries.search import Hit, search
from models.rules.access import Viewer

MOST = 20  # records of one kind that are told


def guarded_in(session: Session, viewer: Viewer, values: object, *, besides: str) -> list[str]:
    """The codes of files for listed readers, or with a level, that these words name, `besides` the file they are about.

    A value that is a code and nothing else is no mention: the field says which file is meant. Of the files that the
    viewer sees; others do not exist for him.
    """
    named = {code.upper() for text in _words(values) for code in codes_in(text)} - {besides.upper()}
    return sorted(code for code in guarded(session, viewer) if code.upper() in named) if named else []


def mentions(session: Session, viewer: Viewer, code: str) -> list[Hit]:
    """The records about something else whose words name the file, the newest of each kind, of those the viewer sees."""
    pages = (search(session, viewer, code, kind=kind, limit=MOST) for kind in SearchKind)
    found = (hit for page in pages for group in page.groups for hit in group.hits)
    return [hit for hit in found if code not in (hit.code, hit.file_code) and _names(hit, code)]


def _names(hit: Hit, code: str) -> bool:
    texts = ("".join(part.text for part in hit.title), *(extract.piece.text for extract in hit.extracts))
    return code.upper() in codes_in(texts)


def _words(values: object) -> Iterator[str]:
    if isinstance(values, str) and len(values.split()) > 1:
        yield values
    elif isinstance(values, dict | list | tuple):
        parts: Any = values.values() if isinstance(values, dict) else values
        for each in parts:
            yield from _words(each)
