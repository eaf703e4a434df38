"""The search box: what has all the words asked for, exact codes first, then kind by kind, the newest first."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    table,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlmodel import Session, col

from models.enums import SearchKind
from models.queries._visible import sees_file, sees_request, sees_task
from models.queries.search_rows import on_sqlite
from models.queries.search_texts import Piece, Subject, ids_of, subjects, table_of
from models.rules.access import Action, Viewer, may
from models.rules.extracts import Part, extract, marked, met
from models.rules.search_terms import key_of, lookups, terms_of
from models.tables import CoordinationRequest, SearchEntry, Task

ENTRY = table_of(SearchEntry)
COLUMNS = (ENTRY.c.id, ENTRY.c.kind, ENTRY.c.owner)
FULL_TEXT = table("search_fts", column("rowid"))  # SQLite's; see migration 0007
COUNTED = 100  # more hits of a kind than these are not counted
OF_EACH = 5  # hits of each kind while all kinds are shown
EXTRACTS = 2  # of one hit
LOOKED_AT, LOOKED_AT_MOST = 30, 1000  # newest entries looked at one by one, on PostgreSQL: per hit wanted, and in all


class Extract(NamedTuple):
    """A piece of a text that meets the question: where it stands (see Piece), and the text in parts."""

    piece: Piece
    parts: tuple[Part, ...]


class Hit(NamedTuple):
    """One thing found. `title` in parts; `file_code`: of the file it is about; `owner` names it in the search table."""

    kind: SearchKind
    owner: str
    code: str
    title: tuple[Part, ...]
    title_en: tuple[Part, ...]
    file_code: str
    extracts: tuple[Extract, ...]


class Group(NamedTuple):
    """A page of the hits of one kind. `total`: all its hits, or with `is_more` fewer than there are."""

    kind: SearchKind
    hits: tuple[Hit, ...]
    total: int
    is_more: bool


class Found(NamedTuple):
    """What was found: things whose code is the question, then all others by kind."""

    exact: tuple[Hit, ...] = ()
    groups: tuple[Group, ...] = ()


class _Entry(NamedTuple):
    id: int
    kind: SearchKind
    owner: str


class _Rows(NamedTuple):
    """The newest entries of a kind; `is_all`: there are no others."""

    rows: list[_Entry]
    is_all: bool


def search(
    session: Session, viewer: Viewer, question: str, *, kind: SearchKind | None = None, limit: int = 20, page: int = 1
) -> Found:
    """What the viewer may see that has, for every word of `question`, a word beginning so. Any text may be asked.

    Without a kind the first hits of each; with one, page `page` of `limit` hits.
    """
    terms = terms_of(question)
    if not terms or not may(viewer, Action.READ_FILES):
        return Found()
    exact = _exact(session, viewer, question)
    known = {row.id for row in exact}
    first, size = (0, OF_EACH) if kind is None else ((max(page, 1) - 1) * limit, limit)
    found = _newest(session, viewer, terms, [kind] if kind else list(SearchKind), first + size + len(exact))
    others = {each: [row for row in rows if row.id not in known] for each, (rows, _) in found.items()}
    shown = {each: rows[first : first + size] for each, rows in others.items()}
    hits = _hits(session, [*exact, *(row for rows in shown.values() for row in rows)], terms)
    groups = (
        Group(
            each,
            tuple(hits[row.id] for row in shown[each] if row.id in hits),
            min(len(rows), max(COUNTED, first + size)),
            not found[each].is_all,
        )
        for each, rows in others.items()
        if rows
    )
    return Found(tuple(hits[row.id] for row in exact if row.id in hits), tuple(groups))


def matching_files(session: Session, question: str) -> Select[Any]:
    """The ids of the files that `search` finds, for an `IN`; none if the question has no word.

    Not narrowed to a viewer: the caller's files already are.
    """
    if not (terms := terms_of(question)):
        return select(ENTRY.c.case_id).where(false())
    if on_sqlite(session):
        first, last = ids_of(SearchKind.FILE)
        source = FULL_TEXT.join(ENTRY, ENTRY.c.id == FULL_TEXT.c.rowid)
        met_by = (_match(terms), FULL_TEXT.c.rowid.between(first, last))
        return select(ENTRY.c.case_id).select_from(source).where(*met_by)
    return select(ENTRY.c.case_id).where(_meets(terms, SearchKind.FILE))


def _seen(viewer: Viewer, entry: FromClause = ENTRY) -> ColumnElement[bool]:
    """Condition on the entry: it is about no file, or about one that the viewer may see.

    For an agency: the task or request concerns it too, and sessions are none of its matters.
    """
    shown = sees_file(viewer, entry.c.case_id)
    if may(viewer, Action.READ_COMMITTEE):
        return shown
    tasks = select(col(Task.code)).where(col(Task.retracted_at).is_(None), sees_task(viewer))
    current = col(CoordinationRequest.retracted_at).is_(None)
    requests = select(col(CoordinationRequest.code)).where(current, sees_request(viewer))
    kind = entry.c.kind
    return and_(
        shown,
        kind != SearchKind.SESSION,
        or_(kind != SearchKind.TASK, entry.c.owner.in_(tasks)),
        or_(kind != SearchKind.REQUEST, entry.c.owner.in_(requests)),
    )


def _exact(session: Session, viewer: Viewer, question: str) -> list[Any]:
    """Entries whose code is the question, written with or without dashes, in any case."""
    key = key_of(question)
    asked = select(*COLUMNS).where(ENTRY.c.code_key == key, _seen(viewer)).order_by(ENTRY.c.id)
    return list(session.connection().execute(asked)) if key else []


def _newest(
    session: Session, viewer: Viewer, terms: Sequence[str], kinds: Sequence[SearchKind], wanted: int
) -> dict[SearchKind, _Rows]:
    """The newest hits of each kind: at least `wanted`, or all there are; up to one more than is counted."""
    most = max(wanted, COUNTED) + 1
    run = session.connection()
    if on_sqlite(session):
        parts = [select(*_in_order(viewer, terms, kind).limit(most).subquery().c) for kind in kinds]
        rows = [(*row, True) for row in run.execute(union_all(*parts))]
    else:
        asked = [(*ids_of(kind), _asked(terms, kind)) for kind in kinds]
        firsts, lasts, questions = map(list, zip(*asked, strict=True))
        given = {"firsts": firsts, "lasts": lasts, "questions": questions, "wanted": wanted, "most": most}
        looked = {"looked": min(LOOKED_AT * wanted, LOOKED_AT_MOST)}
        rows = [tuple(row) for row in run.execute(_either_way(viewer), given | looked)]
    found: dict[SearchKind, _Rows] = {}
    for kind in kinds:
        of_kind = [_Entry(*row[:3]) for row in sorted(rows, reverse=True) if row[1] is kind]
        searched = all(row[3] for row in rows if row[1] is kind)
        found[kind] = _Rows(of_kind, is_all=searched and len(of_kind) < most)
    return found


# --- SQLite: the full-text table gives rows in the order of their numbers, from the greatest -----------------------


def _match(terms: Iterable[str]) -> ColumnElement[bool]:
    asked = " ".join(f'"{term}"*' for term in terms)
    return literal_column("search_fts").op("MATCH", is_comparison=True)(asked)


def _in_order(viewer: Viewer, terms: Sequence[str], kind: SearchKind) -> Select[Any]:
    first, last = ids_of(kind)
    source = FULL_TEXT.join(ENTRY, ENTRY.c.id == FULL_TEXT.c.rowid)
    asked = select(*COLUMNS).select_from(source).where(_match(terms), FULL_TEXT.c.rowid.between(first, last))
    return asked.where(_seen(viewer)).order_by(FULL_TEXT.c.rowid.desc())


# --- PostgreSQL: common words are soon met among the newest, rare ones are looked up in the index ------------------
# Its planner cannot know which: that a word stands in every file and in no task is no statistic it keeps. All kinds are
# asked for at once, each by its own question from a list, which the planner does not look into: it takes the index.


def _meets(terms: Iterable[str], kind: SearchKind) -> ColumnElement[bool]:
    return _met_by(ENTRY, literal(_asked(terms, kind)))


def _met_by(entry: FromClause, asked: ColumnElement[Any]) -> ColumnElement[bool]:
    return entry.c.words.op("@@", is_comparison=True)(cast(asked, TSQUERY))


def _asked(terms: Iterable[str], kind: SearchKind) -> str:
    return " & ".join(f"'{wanted.text}'" + ":*" * wanted.begins for wanted in lookups(terms, kind))


def _either_way(viewer: Viewer) -> Select[Any]:
    """For each kind: hits among its newest entries if they are more than `wanted`, else all hits; the last column."""
    return _statement(viewer.sight)


@lru_cache(maxsize=64)
def _statement(viewer: Viewer) -> Select[Any]:
    asked = func.unnest(
        bindparam("firsts", type_=ARRAY(BigInteger)),
        bindparam("lasts", type_=ARRAY(BigInteger)),
        bindparam("questions", type_=ARRAY(Text)),
    ).table_valued(column("first"), column("last"), column("question"))
    first, last, question = (_of_question(name) for name in ("first", "last", "question"))
    most, wanted = bindparam("most", type_=Integer), bindparam("wanted", type_=Integer)
    newest = select(ENTRY).where(ENTRY.c.id.between(first, last)).order_by(ENTRY.c.id.desc())
    looked = newest.limit(bindparam("looked", type_=Integer)).subquery("looked")
    near = select(*_columns(looked)).where(_met_by(looked, question), _seen(viewer, looked)).cte("near", nesting=True)
    met = select(func.count()).select_from(near).scalar_subquery()
    indexed = select(ENTRY).where(_met_by(ENTRY, question)).offset(literal_column("0")).subquery("indexed")
    ways = union_all(
        select(near, false().label("is_all")).where(met > wanted).order_by(near.c.id.desc()).limit(most),
        select(*_columns(indexed), true().label("is_all"))
        .where(met <= wanted, _seen(viewer, indexed))
        .order_by(indexed.c.id.desc())
        .limit(most),
    )
    found = ways.subquery("found").lateral()
    return select(found).select_from(asked.render_derived(name="asked").join(found, true()))


def _of_question(name: str) -> ColumnElement[Any]:
    return literal_column(f"asked.{name}")


def _columns(entry: FromClause) -> Iterable[ColumnElement[Any]]:
    return entry.c.id, entry.c.kind, entry.c.owner


# --- what is shown -------------------------------------------------------------------------------------------------


def _hits(session: Session, rows: Sequence[Any], terms: Sequence[str]) -> dict[int, Hit]:
    """The rows as hits, by their ids, with their texts as they stand now."""
    found: dict[tuple[SearchKind, str], Subject] = {}
    for kind in {row.kind for row in rows}:
        owners = [row.owner for row in rows if row.kind is kind]
        found.update(((kind, subject.owner), subject) for subject in subjects(session, kind, owners))
    pairs = ((row.id, found.get((row.kind, row.owner))) for row in rows)
    return {id: _hit(subject, terms) for id, subject in pairs if subject}


def _hit(subject: Subject, terms: Sequence[str]) -> Hit:
    file_code = next((piece.text for piece in subject.pieces if piece.place == "file"), "")
    missing = set(terms) - met(f"{subject.code} {subject.title} {key_of(subject.code)}", terms)
    return Hit(
        subject.kind,
        subject.owner,
        subject.code,
        marked(subject.title, terms),
        marked(subject.title_en, terms),
        file_code,
        tuple(_extracts(subject.pieces, terms, missing)),
    )


def _extracts(pieces: Sequence[Piece], terms: Sequence[str], missing: set[str]) -> Iterable[Extract]:
    """The pieces that say best what code and title do not: each says something new."""
    others = [(piece, met(piece.text, terms)) for piece in pieces if piece.place not in ("code", "title", "file")]
    for _ in range(EXTRACTS):
        piece, said = max(others, key=lambda other: len(other[1] & missing), default=(None, frozenset()))
        if piece is None or not said & missing:
            return
        missing = missing - said
        yield Extract(piece, extract(piece.text, terms))
