"""The audit chain: who did what, when, from where, before and after; and what each record holds since.

A change says what it did (`record`). When the transaction ends, its rows are linked to the chain, and the last of them
names every record that the transaction has touched with the digest of its content (`close`): noticed from the
statements, not told by the change. Each row's hash covers the one before it.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from types import SimpleNamespace
from typing import Any

from sqlalchemy import event, insert
from sqlmodel import Session

from models.changes._touched import Touched, touched
from models.errors import LiemError
from models.queries.sealed import (
    NOBODY,
    digests,
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
        if connection.dialect.name == "postgresql":
            ask(_TURN, {"k": CHAIN_LOCK})
        newest = ask(_NEWEST, ())
    with closing(newest):
        return newest.fetchone() or (0, GENESIS)


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
    number, previous = hold_chain(session)
    held = chain(session.info.pop(CARRIED, ()), _held(session, notes) if notes else ())
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


def _held(session: Session, notes: dict[str, Touched]) -> Iterator[tuple[str, str, str]]:
    """Kind, key and digest of every record that was touched, "" for one of which nothing is left."""
    connection = session.connection()
    for kind, parts in layout().items():
        its = [notes[part.table] for part in parts if part.table in notes]
        if not its:
            continue
        keys = set().union(*(note.keys for note in its))
        above = [note.above for note in its if note.above is not None]
        if not sealed_tables()[parts[0].table][1]:
            keys = {NOBODY}
        if any(note.unknown for note in its):
            keys.update(key for some in record_keys(connection, parts) for key in some)
            gone = sealed_keys(connection, kind) - {key_text(key) for key in keys}
            yield from ((kind, key, "") for key in sorted(gone))
        elif above:
            keys.update(key for some in record_keys(connection, parts, above=min(above)) for key in some)
        for some in chunks(sorted(keys, key=lambda key: (key is None, key)), SEALING):
            now = digests(connection, parts, some)
            yield from ((kind, key_text(key), now.get(key_text(key), "")) for key in some)
