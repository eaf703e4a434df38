"""The audit chain: who did what, when, from where, before and after; and what each record holds since.

A change says what it did (`record`). When the transaction ends, its rows are linked to the chain, and the last of them
names every record that the transaction has touched with the digest of its content (`close`): noticed from the
statements, not told by the change. Each row's hash covers the one before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, event, insert
from sqlalchemy.engine import Dialect
from sqlmodel import Session

from models.changes._touched import Touched, touched
from models.errors import LiemError
from models.queries.sealed import (
    NOBODY,
    Ask,
    Part,
    ask_for,
    digests,
    digests_of,
    key_text,
    layout,
    record_keys,
    sealed_keys,
    sealed_tables,
    together,
)
from models.queries.workbook import chunks
from models.rules.access import Viewer
from models.rules.chain import GENESIS, SealsHash, canonical, hash_of, hash_of_value
from models.rules.words import words
from models.tables.audit import AuditEntry, AuditSeal

__all__ = ["Unrecorded", "canonical", "carry_seals", "close", "hash_of", "hold_chain", "record"]

CHAIN_LOCK = 0x11E5  # transaction lock on PostgreSQL; SQLite's writers already take turns
WAITING = "audit"  # where a session keeps the rows of its transaction until it ends
CARRIED = "carried seals"  # where a session keeps seals that the last row takes over as they are
SEALING = 2000  # seals written together
FEW = 50  # records of a kind that are asked for together with the turn

_ENTRY, _SEAL = AuditEntry.__table__, AuditSeal.__table__  # type: ignore[attr-defined]
# every change runs these: made once, for making one takes as long as running it
_TURN = "SELECT pg_advisory_xact_lock(%(k)s)"
_NEWEST = "SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1"
_NEW_ENTRY, _NEW_SEAL = insert(_ENTRY), insert(_SEAL)


class Unrecorded(LiemError):
    """The transaction changed sealed records and said nothing: nothing of it is kept."""

    def __init__(self, tables: str) -> None:
        super().__init__(
            words("A change of {tables} was not recorded in the audit chain; it was not kept.", tables=tables)
        )


@dataclass(frozen=True)
class Said:
    """One row of the chain before it has its place there."""

    at: datetime
    viewer: Viewer
    action: str
    subject: str
    before: str
    after: str


def record(
    session: Session,
    viewer: Viewer,
    action: str,
    subject: str,
    *,
    now: datetime,
    before: Any = None,
    after: Any = None,
) -> None:
    """Say what the transaction does, in one row of the chain, and mark it as changing data."""
    session.info["changed"] = True
    if not session.in_transaction():
        session.begin()  # so that a rollback takes back what was said before anything was read or written
    said = Said(now.astimezone(UTC), viewer, action, subject, canonical(before), canonical(after))
    session.info.setdefault(WAITING, []).append(said)


def carry_seals(session: Session, viewer: Viewer, seals: list[tuple[str, str, str]]) -> None:
    """Let the last row of this transaction take over these seals (kind, key, digest) as they are: nothing is read.

    `viewer` is who does it; the caller has asked whether he may, and says so in the chain.
    """
    session.info[CARRIED] = seals


def hold_chain(session: Session) -> tuple[int, str]:
    """Nobody else appends to the chain until this transaction ends. The number and the hash of its newest row."""
    connection = session.connection()
    with together(connection) as ask:
        newest = _ask_for_turn(ask, connection.dialect)
    return _newest(newest)


def _ask_for_turn(ask: Ask, dialect: Dialect) -> Any:
    if dialect.name == "postgresql":
        ask(_TURN, {"k": CHAIN_LOCK})
    return ask(_NEWEST, ())


def _newest(cursor: Any) -> tuple[int, str]:
    with closing(cursor):
        return cursor.fetchone() or (0, GENESIS)


@event.listens_for(Session, "before_commit")
def close(session: Session) -> None:
    """Link what the transaction said to the chain, with what it touched. Raises Unrecorded in `transaction()`."""
    if not session.in_transaction():
        return
    session.flush()
    said: list[Said] = session.info.pop(WAITING, [])
    notes = {name: note for name, note in touched(session.connection()).items() if note.sealed}
    if not said:
        if notes and session.info.get("strict"):
            raise Unrecorded(", ".join(sorted(notes)))
        return
    _append(session, said, notes)
    touched(session.connection()).clear()


@event.listens_for(Session, "after_soft_rollback")
def forget(session: Session, _ended: object) -> None:
    """What was taken back was not done."""
    session.info.pop(WAITING, None)
    session.info.pop(CARRIED, None)


def _append(session: Session, said: list[Said], notes: dict[str, Touched]) -> None:
    """The rows one after the other; the last carries the seals."""
    connection = session.connection()
    few, many = _by_number(notes)
    with together(connection) as ask:  # a usual save waits for one answer here
        newest = _ask_for_turn(ask, connection.dialect)
        asked = [(kind, keys, ask_for(ask, connection.dialect, layout()[kind], keys)) for kind, keys in few]
    number, previous = _newest(newest)
    known = (seal for kind, keys, rows in asked for seal in _seals(kind, keys, digests_of(layout()[kind], rows)))
    held = chain(session.info.pop(CARRIED, ()), known, _held(connection, many))
    seals, total = [], SealsHash()
    for kind, key, digest in held:
        total.add(kind, key, digest)
        seals.append((kind, key, digest))
    rows = []
    for place, one in enumerate(said, 1):
        row = _row(one, number + place, previous, total.text if place == len(said) else "")
        rows.append(row)
        previous = row["hash"]
    with together(connection):
        connection.execute(_NEW_ENTRY, rows)
        for part in chunks(enumerate(seals, 1), SEALING):
            connection.execute(
                _NEW_SEAL,
                [{"entry_id": row["id"], "n": n, "kind": k, "key": key, "digest": d} for n, (k, key, d) in part],
            )


def _row(said: Said, number: int, previous: str, seals: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": number,
        "at": said.at,
        "account_id": said.viewer.account_id,
        "actor": said.viewer.name,
        "address": said.viewer.address,
        "action": said.action,
        "subject": said.subject,
        "before": said.before,
        "after": said.after,
        "before_hash": hash_of_value(said.before),
        "after_hash": hash_of_value(said.after),
        "seals": seals,
        "previous_hash": previous,
    }
    return row | {"hash": hash_of(SimpleNamespace(**row, hash=""))}


def _by_number(notes: dict[str, Touched]) -> tuple[list[tuple[str, list[Any]]], dict[str, list[Touched]]]:
    """The kinds of which a few known records were touched, with their keys; and what was noted of all the others."""
    few, many = [], {}
    for kind, parts in layout().items():
        its = [notes[part.table] for part in parts if part.table in notes]
        keys = _keys(parts, its)
        if its and len(keys) <= FEW and not any(note.unknown or note.above is not None for note in its):
            few.append((kind, _in_order(keys)))
        elif its:
            many[kind] = its
    return few, many


def _keys(parts: Sequence[Part], its: Sequence[Touched]) -> set[Any]:
    return set().union(*(note.keys for note in its)) if sealed_tables()[parts[0].table][1] else {NOBODY}


def _in_order(keys: Iterable[Any]) -> list[Any]:
    return sorted(keys, key=lambda key: (key is None, key))


def _held(connection: Connection, touched_: dict[str, list[Touched]]) -> Iterator[tuple[str, str, str]]:
    """Kind, key and digest of every record that was touched, "" for one of which nothing is left."""
    for kind, its in touched_.items():
        parts = layout()[kind]
        keys = _keys(parts, its)
        above = [note.above for note in its if note.above is not None]
        if any(note.unknown for note in its):
            keys.update(key for some in record_keys(connection, parts) for key in some)
            gone = sealed_keys(connection, kind) - {key_text(key) for key in keys}
            yield from ((kind, key, "") for key in sorted(gone))
        elif above:
            keys.update(key for some in record_keys(connection, parts, above=min(above)) for key in some)
        for some in chunks(_in_order(keys), SEALING):
            yield from _seals(kind, some, digests(connection, parts, some))


def _seals(kind: str, keys: Iterable[Any], now: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    return ((kind, key_text(key), now.get(key_text(key), "")) for key in keys)
