"""The rows of the search table as the facts would have them now.

Files come by the hundred thousand: the database puts the texts of each together, table by table. What is read here and
what models.queries.search_texts reads piece by piece must be the same words (`out_of_step` compares them).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, String, Table, and_, case, func, select, type_coerce
from sqlmodel import Session

from models.enums import SearchKind
from models.queries.search_texts import (
    AGENCY,
    DETAIL,
    DETAIL_TEXTS,
    EVENT,
    FACTS,
    FILE,
    Subject,
    all_file_ids,
    entry_id,
    searched,
    subjects,
    text_of,
)
from models.queries.workbook import chunks
from models.rules.search_terms import BREAK, all_words, key_of, lexemes

AT_ONCE = 2000  # files read together


class SearchRow(NamedTuple):
    """A row of the search table, column by column; `words` with spaces between."""

    id: int
    kind: str
    owner: str
    case_id: int | None
    code: str
    code_key: str
    title: str
    words: str


def search_rows(session: Session, kind: SearchKind, owners: Iterable[str] | None = None) -> Iterator[SearchRow]:
    """The rows of everything of this kind, or of these `owners`."""
    if kind is SearchKind.FILE:
        yield from _file_rows(session, None if owners is None else sorted(map(int, owners)))
        return
    for subject in subjects(session, kind, owners):
        yield row_of(session, subject, BREAK.join(piece.text for piece in subject.pieces))


def row_of(session: Session, subject: Subject, text: str) -> SearchRow:
    """The row of something with this text, as the session's database wants its words."""
    key = key_of(subject.code)
    words = all_words((key, text))
    if not on_sqlite(session):
        words = lexemes(words, subject.kind)
    return SearchRow(
        entry_id(subject), subject.kind.value, subject.owner, subject.case_id, subject.code, key, subject.title[:500],
        " ".join(sorted(words)),
    )  # fmt: skip


def on_sqlite(session: Session) -> bool:
    """Whether beginnings of words are looked up in SQLite's full-text table, which keeps them by itself."""
    return bool(session.get_bind().dialect.name == "sqlite")


def _file_rows(session: Session, ids: list[int] | None) -> Iterator[SearchRow]:
    for part in chunks(all_file_ids(session) if ids is None else ids, AT_ONCE):
        facts: dict[int, list[str]] = {}
        last: dict[int, date] = {}
        for table, day, texts, _ in FACTS:
            for case_id, latest, text in _facts(session, table, day, texts, part):
                if text:
                    facts.setdefault(case_id, []).append(text)
                if table is EVENT:
                    last[case_id] = latest
        for row in _descriptions(session, part):
            day_of = last.get(row.id) or row.created_at.date()
            subject = Subject(
                SearchKind.FILE, str(row.id), row.id, row.id, row.code, row.title, row.title_en, day_of, ()
            )  # fmt: skip
            yield row_of(session, subject, BREAK.join((row.text, *facts.get(row.id, ()))))


def _facts(session: Session, table: Table, day: str, texts: tuple[str, ...], ids: list[int]) -> Iterable[Any]:
    """File, latest day, and all texts of the facts that hold."""
    text = _joined([text_of(table, name) for name in texts])
    said = case((func.length(text) > len(texts) - 1, text))  # more than the breaks
    asked = select(table.c.case_id, func.max(table.c[day]), func.aggregate_strings(said, BREAK))
    held = and_(_of(table.c.case_id, ids), searched(table))
    return session.connection().execute(asked.where(held).group_by(table.c.case_id)).all()


def _descriptions(session: Session, ids: list[int]) -> Iterable[Any]:
    agency = func.coalesce(_joined([AGENCY.c.code, AGENCY.c.name_vi]), "")
    text = _joined([FILE.c.code, DETAIL.c.title, DETAIL.c.title_en, *(DETAIL.c[name] for name in DETAIL_TEXTS), agency])
    asked = (
        select(FILE.c.id, FILE.c.code, FILE.c.created_at, DETAIL.c.title, DETAIL.c.title_en, text.label("text"))
        .join(DETAIL, DETAIL.c.case_id == FILE.c.id)
        .outerjoin(AGENCY, AGENCY.c.id == DETAIL.c.lead_agency_id)
        .where(_of(FILE.c.id, ids), DETAIL.c.retracted_at.is_(None))
    )
    return session.connection().execute(asked).all()


def _joined(texts: list[Any]) -> ColumnElement[str]:
    joined: ColumnElement[str] = type_coerce(texts[0], String)
    for text in texts[1:]:
        joined = joined + BREAK + type_coerce(text, String)
    return joined


def _of(column: Column[int], ids: list[int]) -> ColumnElement[bool]:
    """Condition on the file; new files come in rows of numbers, which is cheaper to ask for."""
    if ids[-1] - ids[0] == len(ids) - 1:
        return column.between(ids[0], ids[-1])
    return column.in_(ids)
