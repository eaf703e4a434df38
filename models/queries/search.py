"""The search box: what has all the words asked for, exact codes first, then the newest."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    cast,
    column,
    exists,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from models.enums import SearchKind
from models.queries._visible import sees
from models.queries.search_texts import Piece, Subject, subjects, table_of
from models.rules.access import Action, Viewer, may
from models.rules.extracts import Part, extract, marked, met
from models.rules.search_terms import key_of, kind_mark, lookups, terms_of
from models.tables import Case, SearchEntry

ENTRY = table_of(SearchEntry)
FULL_TEXT = table("search_fts", column("rowid"))  # SQLite's; see migration 0007
COUNTED = 100  # more hits of a kind than these are not counted
SHOWN = 2  # extracts of one hit


class Extract(NamedTuple):
    """A piece of a text that meets the question: where it stands (see Piece), and the text in parts."""

    piece: Piece
    parts: tuple[Part, ...]


class Hit(NamedTuple):
    """One thing found. `is_exact`: the question is its code. `title` in parts; `file_code` of the file it is about."""

    kind: SearchKind
    code: str
    title: tuple[Part, ...]
    title_en: tuple[Part, ...]
    file_code: str
    is_exact: bool
    extracts: tuple[Extract, ...]


class Found(NamedTuple):
    """One page of hits, and how many there are of each kind: at most COUNTED + 1, which means "more than COUNTED"."""

    hits: tuple[Hit, ...]
    counts: dict[SearchKind, int]

    @property
    def total(self) -> int:
        """Hits of all kinds, counted as far as they were counted."""
        return sum(self.counts.values())


NOTHING = Found((), {})


def search(
    session: Session, viewer: Viewer, question: str, *, kind: SearchKind | None = None, limit: int = 20, page: int = 1
) -> Found:
    """What the viewer may see that has, for every word of `question`, a word beginning so. Any text may be asked."""
    terms = terms_of(question)
    if not terms or not may(viewer, Action.READ_FILES):
        return NOTHING
    counts = _counts(session, viewer, terms)
    exact = _exact(session, viewer, question, kind)
    skip = (max(page, 1) - 1) * limit
    rows = exact[skip : skip + limit]
    if len(rows) < limit:
        asked = _newest(session, viewer, terms, kind, but=[row.id for row in exact])
        asked = asked.limit(limit - len(rows)).offset(max(0, skip - len(exact)))
        rows = [*rows, *session.connection().execute(asked)]
    ids = {row.id for row in exact}
    return Found(tuple(_hits(session, rows, terms, ids)), {each: n for each, n in counts.items() if n})


def matching_files(session: Session, question: str) -> Select[Any]:
    """The ids of the files that `search` finds, for an `IN`; none if the question has no word.

    Not narrowed to a viewer: the caller's files already are.
    """
    if not (terms := terms_of(question)):
        return select(ENTRY.c.case_id).where(false())
    source, condition, _ = _match(session, terms, SearchKind.FILE)
    return select(ENTRY.c.case_id).select_from(source).where(condition)


def _match(session: Session, terms: Iterable[str], kind: SearchKind | None) -> tuple[Any, ColumnElement[bool], Any]:
    """Where to look, the condition, and the column that orders the newest first, in the words of the database."""
    wanted = list(lookups(terms))
    marks = [kind_mark(kind)] if kind else []
    if session.get_bind().dialect.name == "sqlite":
        asked = " ".join([*(f'"{mark}"' for mark in marks), *(f'"{w.text}"' + "*" * w.begins for w in wanted)])
        source = FULL_TEXT.join(ENTRY, ENTRY.c.id == FULL_TEXT.c.rowid)
        condition = literal_column("search_fts").op("MATCH", is_comparison=True)(asked)
        return source, condition, FULL_TEXT.c.rowid
    asked = " & ".join([*(f"'{mark}'" for mark in marks), *(f"'{w.text}'" + ":*" * w.begins for w in wanted)])
    return ENTRY, ENTRY.c.words.op("@@", is_comparison=True)(cast(literal(asked), TSQUERY)), ENTRY.c.id


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on the entry: it is about no file, or about one that the viewer may see."""
    if viewer.scope == "files":
        return literal(True)
    if not may(viewer, Action.READ_FILES):
        return false()
    return or_(ENTRY.c.case_id.is_(None), exists().where(col(Case.id) == ENTRY.c.case_id, sees(viewer)))


def _newest(
    session: Session, viewer: Viewer, terms: Sequence[str], kind: SearchKind | None, *, but: Sequence[int] = ()
) -> Select[Any]:
    source, condition, order = _match(session, terms, kind)
    columns = (ENTRY.c.id, ENTRY.c.kind, ENTRY.c.owner)
    asked = select(*columns).select_from(source).where(condition, _seen(viewer)).order_by(order.desc())
    return asked.where(order.not_in(but)) if but else asked


def _counts(session: Session, viewer: Viewer, terms: Sequence[str]) -> dict[SearchKind, int]:
    """How many hits of each kind, as far as they are counted, in one question."""
    some = {
        kind: _newest(session, viewer, terms, kind).with_only_columns(ENTRY.c.id).limit(COUNTED + 1).subquery()
        for kind in SearchKind
    }
    counts = [select(func.count()).select_from(each).scalar_subquery() for each in some.values()]
    found = session.connection().execute(select(*counts)).one()
    return dict(zip(some, found, strict=True))


def _exact(session: Session, viewer: Viewer, question: str, kind: SearchKind | None) -> list[Any]:
    """Entries whose code is the question, written with or without dashes, in any case."""
    key = key_of(question)
    asked = select(ENTRY.c.id, ENTRY.c.kind, ENTRY.c.owner).where(and_(ENTRY.c.code_key == key, _seen(viewer)))
    if kind:
        asked = asked.where(ENTRY.c.kind == kind)
    return list(session.connection().execute(asked.order_by(ENTRY.c.id.desc()))) if key else []


# --- what is shown -------------------------------------------------------------------------------------------------


def _hits(session: Session, rows: Sequence[Any], terms: Sequence[str], exact: set[int]) -> Iterable[Hit]:
    """The rows as hits, with their texts as they stand now."""
    found: dict[tuple[SearchKind, str], Subject] = {}
    for kind in {row.kind for row in rows}:
        owners = [row.owner for row in rows if row.kind is kind]
        found.update(((kind, subject.owner), subject) for subject in subjects(session, kind, owners))
    for row in rows:
        if subject := found.get((row.kind, row.owner)):
            yield _hit(subject, terms, is_exact=row.id in exact)


def _hit(subject: Subject, terms: Sequence[str], *, is_exact: bool) -> Hit:
    file_code = next((piece.text for piece in subject.pieces if piece.place == "file"), "")
    missing = set(terms) - met(f"{subject.code} {subject.title}", terms)
    return Hit(
        subject.kind,
        subject.code,
        marked(subject.title, terms),
        marked(subject.title_en, terms),
        file_code,
        is_exact,
        () if is_exact else tuple(_extracts(subject.pieces, terms, missing)),
    )


def _extracts(pieces: Sequence[Piece], terms: Sequence[str], missing: set[str]) -> Iterable[Extract]:
    """The pieces that say best what code and title do not: each says something new."""
    others = [(piece, met(piece.text, terms)) for piece in pieces if piece.place not in ("code", "title", "file")]
    for _ in range(SHOWN):
        piece, said = max(others, key=lambda other: len(other[1] & missing), default=(None, frozenset()))
        if piece is None or not said & missing:
            return
        missing = missing - said
        yield Extract(piece, extract(piece.text, terms))
