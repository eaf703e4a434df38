"""The search table kept in step with the facts, in the transaction that changes them, so that no change can forget it.

Every statement that writes to a searched table is noticed on its way to the database (models.changes._touched); before
the transaction commits, what it touched is written anew (`bring_up_to_date`). The table is derived: `rebuild` makes it
from nothing.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, column, func, insert, literal, select, table
from sqlmodel import Session

from models.changes._touched import touched
from models.enums import SearchKind
from models.queries.search_rows import SearchRow, on_sqlite, row_of, search_rows
from models.queries.search_texts import TASK, subjects, table_of
from models.queries.workbook import chunks
from models.rules.search_terms import BREAK
from models.tables import SearchEntry

ENTRY = table_of(SearchEntry)
FULL_TEXT = table("search_fts", column("rowid"), column("words"), column("search_fts"))  # SQLite's; see migration 0007

# searched tables → what a row belongs to, and the column that names it ("" where any change means the whole kind)
WATCHED: dict[str, tuple[SearchKind, str]] = {
    "case_detail": (SearchKind.FILE, "case_id"),
    "case_event": (SearchKind.FILE, "case_id"),
    "money_entry": (SearchKind.FILE, "case_id"),
    "difficulty": (SearchKind.FILE, "case_id"),
    "attachment": (SearchKind.FILE, "case_id"),
    "task": (SearchKind.TASK, "code"),
    "task_agency": (SearchKind.TASK, "task_id"),
    "coordination_request": (SearchKind.REQUEST, "code"),
    "committee_session": (SearchKind.SESSION, ""),
    "conclusion": (SearchKind.SESSION, ""),
    "agency": (SearchKind.AGENCY, ""),
}
WRITE_ROWS = 2000
KINDS = tuple(SearchKind)


def bring_up_to_date(session: Session) -> None:
    """Write the entries anew of everything this transaction has touched."""
    if not session.in_transaction():
        return
    session.flush()
    for kind, owners in _owners(session.connection()).items():
        if owners is None or owners:
            _write_anew(session, kind, owners)


def rebuild(session: Session) -> int:
    """Make the whole table anew from the facts; how many entries it has."""
    session.connection().execute(ENTRY.delete())
    if on_sqlite(session):
        session.connection().execute(insert(FULL_TEXT).values({"search_fts": "delete-all"}))
    return sum(_write(session, search_rows(session, kind)) for kind in KINDS)


def fill_if_empty(session: Session) -> int:
    """After a migration: make the table if it has no entries at all; how many were written."""
    if session.connection().execute(select(ENTRY.c.id).limit(1)).first():
        return 0
    return rebuild(session)


def out_of_step(session: Session) -> list[str]:
    """Entries that are missing, left over, or say something else than the facts: kind and code; [] when all is well.

    The facts are read piece by piece here, as they are shown, and not as `rebuild` reads them.
    """
    stored = {row.id: row for row in session.connection().execute(select(ENTRY))}
    wrong = []
    for kind in KINDS:
        for subject in subjects(session, kind):
            row = row_of(session, subject, BREAK.join(piece.text for piece in subject.pieces))
            kept = stored.pop(row.id, None)
            if kept is None or kept[:-1] != row[:-1] or _lexemes(kept.words) != set(row.words.split()):
                wrong.append(f"{kind.value}:{row.code}")
    return wrong + [f"{row.kind.value}:{row.code}" for row in stored.values()]


def _lexemes(stored: str) -> set[str]:
    """The words as either database gives them back: a text, or `'va' 'va2025'`."""
    return {word.strip("'") for word in stored.split()}


def _write_anew(session: Session, kind: SearchKind, owners: set[str] | None) -> None:
    if owners is None:
        _drop(session, ENTRY.c.kind == kind)
    else:
        for part in chunks(sorted(owners)):
            _drop(session, (ENTRY.c.kind == kind) & ENTRY.c.owner.in_(part))
    _write(session, search_rows(session, kind, owners))


def _drop(session: Session, which: ColumnElement[bool]) -> None:
    """On SQLite the full-text table is told of each entry that goes."""
    run = session.connection()
    if on_sqlite(session):
        gone = select(literal("delete"), ENTRY.c.id, ENTRY.c.words).where(which)
        run.execute(insert(FULL_TEXT).from_select(["search_fts", "rowid", "words"], gone))
    run.execute(ENTRY.delete().where(which))


def _write(session: Session, found: Iterable[SearchRow]) -> int:
    """Rows by the thousand, past everything that would look at each of them."""
    add = _add_on_sqlite if on_sqlite(session) else _add_on_postgresql
    driver: Any = session.connection().connection.dbapi_connection
    written = 0
    for rows in chunks(found, WRITE_ROWS):
        cursor = driver.cursor()
        add(cursor, rows)
        cursor.close()
        written += len(rows)
    if written and not on_sqlite(session):  # else every question reads what the index has not sorted in yet
        index = table("pg_class", column("oid"), column("relname"), column("relowner"))
        sorted_in = select(func.gin_clean_pending_list(index.c.oid)).where(index.c.relname == "ix_search_entry_words")
        session.connection().execute(sorted_in.where(func.pg_has_role(index.c.relowner, "USAGE")))
    return written


def _add_on_sqlite(cursor: Any, rows: list[SearchRow]) -> None:
    cursor.executemany(f"INSERT INTO search_entry VALUES ({','.join('?' * len(SearchRow._fields))})", rows)
    cursor.executemany("INSERT INTO search_fts (rowid, words) VALUES (?, ?)", [(row.id, row.words) for row in rows])


def _add_on_postgresql(cursor: Any, rows: list[SearchRow]) -> None:
    """Lexemes are letters and digits only: as they stand they are a tsvector."""
    with cursor.copy(f"COPY search_entry ({', '.join(SearchRow._fields)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


# --- what was touched ----------------------------------------------------------------------------------------------


def _owners(connection: Connection) -> dict[SearchKind, set[str] | None]:
    """Whose entries the transaction has made old, by kind; None: all of the kind."""
    found: dict[SearchKind, set[str] | None] = {}
    notes = touched(connection)
    for name, (kind, named_by) in WATCHED.items():
        if (note := notes.get(name)) is None:
            continue
        if name == "agency" and note.changed:
            return dict.fromkeys(KINDS)  # files, tasks and requests are found by the names of their agencies
        owners = found.setdefault(kind, set())
        if not named_by or note.unknown or owners is None:
            found[kind] = None
        else:
            owners.update(_codes(connection, note.keys) if named_by == "task_id" else map(str, note.keys))
    return found


def _codes(connection: Connection, ids: set[int]) -> Iterable[str]:
    """The codes of the tasks with these ids."""
    for part in chunks(sorted(ids)):
        yield from connection.execute(select(TASK.c.code).where(TASK.c.id.in_(part))).scalars()
