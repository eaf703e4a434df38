"""Is the audit chain whole, and does every record still hold what the chain says it held last?"""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, column, func, select, table
from sqlmodel import Session
from sqlmodel import select as sql

from models import chain_files
from models.chain_files import Piece
from models.errors import Forbidden
from models.queries.sealed import STREAMED, Layout, Part, digests, key_text, layout, layout_of, layout_text, record_keys
from models.rules.access import Action, Viewer, may
from models.rules.chain import GENESIS, SealsHash, canonical, hash_of, moment, values_match
from models.rules.words import Words, words
from models.tables import Account, AuditArchive, AuditEntry, AuditSeal, Case

ENTRY: Any = AuditEntry.__table__  # type: ignore[attr-defined]
SEAL: Any = AuditSeal.__table__  # type: ignore[attr-defined]
ARCHIVE: Any = AuditArchive.__table__  # type: ignore[attr-defined]

# as the database keeps them: a row that was altered may hold what no type would take
ROWS = select(table(ENTRY.name, *(column(each.name) for each in ENTRY.columns))).order_by(column("id"))

SEALED = "sealed"  # the row that says how records are sealed from there on
LOOKED = "audit_verified"  # what a look at the chain has found
REVIEWED = "audit_reviewed"  # a person has read the log and signs it off
SETTINGS = "settings"  # what the service started with
ARCHIVED = "audit_archived"  # the row that names a piece that left the database
LISTED = 20  # faults that are told one by one


@dataclass(frozen=True)
class Fault:
    """Something that is not as the chain says; `row` of the chain, or the record's kind and key."""

    why: Words
    row: int | None = None
    kind: str = ""
    key: str = ""


@dataclass
class Found:
    """What a look at the chain has found: all faults counted, the first of them told."""

    rows: int = 0  # rows of the chain, archived ones too
    head: str = GENESIS
    first: int = 1  # the first row that is in the database
    records: int = 0  # records that were compared
    faults: list[Fault] = field(default_factory=list)
    bad_rows: int = 0
    bad_records: int = 0
    first_bad: int | None = None

    @property
    def ok(self) -> bool:
        """Nothing was altered, removed, added or put in another order."""
        return not self.bad_rows and not self.bad_records

    def row(self, row: int, why: Words) -> None:
        """A fault of the chain."""
        self.bad_rows += 1
        self.first_bad = min(row, self.first_bad if self.first_bad is not None else row)
        self._tell(Fault(why, row=row))

    def record(self, kind: str, key: str, why: Words) -> None:
        """A record that does not hold what it held."""
        self.bad_records += 1
        self._tell(Fault(why, kind=kind, key=key))

    def _tell(self, fault: Fault) -> None:
        if len(self.faults) < LISTED:
            self.faults.append(fault)


@dataclass(frozen=True)
class Head:
    """What a paper says of the chain: that row `row` had a hash that begins with `hash`."""

    row: int
    hash: str


def verify(
    session: Session,
    viewer: Viewer,
    *,
    heads: Sequence[Head] = (),
    but: Collection[str] = (),
    as_sealed: bool = False,
) -> Found:
    """Look at the whole chain and compare every record with its last seal. Everything is read as a stream.

    `viewer` is who asks; the answer names records by their code and shows none of their content. `heads` were printed
    on papers: each must be in the chain, which tells whether its newest rows were removed. Records of the kinds `but`
    are not compared. `as_sealed`: the database is of the version that sealed it, not of this one. Raises Forbidden.
    """
    _require(viewer)
    connection = session.connection()
    found = Found()
    sealed_by = verify_chain(connection, found)
    for head in heads:
        _verify_head(connection, found, head)
    if sealed_by is None:
        found.record("", "", words("The records were never sealed. Run: liem migrate"))
        return found
    if not as_sealed and layout_text(sealed_by) != layout_text(layout()):
        found.record("", "", words("The records were sealed by another version. Run: liem migrate"))
    for kind, parts in sealed_by.items():
        if kind not in but:
            verify_records(connection, found, kind, parts)
    return found


# --- the chain -----------------------------------------------------------------------------------------------------


def verify_chain(connection: Connection, found: Found) -> Layout | None:
    """Look at every row of the chain and its seals; how records are sealed since the last row that says so."""
    sealed_by: Layout | None = None
    archived = _archived(connection, found)
    expected, previous = (archived[-1].last + 1, archived[-1].last_hash) if archived else (1, GENESIS)
    found.first, found.rows, found.head = expected, expected - 1, previous
    named: set[str] = set()
    with closing(_Seals(connection)) as seals, connection.execute(ROWS, execution_options=STREAMED) as rows:
        for entry in rows:
            if entry.id != expected:
                first = min(entry.id, expected)
                found.row(first, words("Row {row} is missing, or another stands in its place.", row=expected))
            elif entry.previous_hash != previous:
                found.row(entry.id, words("Row {row} does not follow the row before it.", row=entry.id))
            _verify_row(found, entry, seals)
            if entry.action == SEALED:
                sealed_by = _layout(found, entry) or sealed_by
            elif entry.action == ARCHIVED:
                named.add(entry.after)
            expected, previous = entry.id + 1, entry.hash
            found.rows, found.head = entry.id, entry.hash
        seals.rest(found)
    for piece in archived[-1:]:
        if canonical(about_archive(piece)) not in named:
            found.row(
                piece.last,
                words(
                    "Rows up to {row} are not in the database, and no later row says where they are.", row=piece.last
                ),
            )
    return sealed_by


def _verify_row(found: Found, entry: Any, seals: "_Seals") -> None:
    if not values_match(entry):
        found.row(entry.id, words("The values before or after in row {row} were altered.", row=entry.id))
    elif hash_of(entry) != entry.hash:
        found.row(entry.id, words("Row {row} was altered.", row=entry.id))
    if seals.hash_of(entry.id, found) != (entry.seals or ""):
        found.row(entry.id, words("What row {row} says about the records was altered.", row=entry.id))


def _layout(found: Found, entry: Any) -> Layout | None:
    try:
        return layout_of(json.loads(entry.after)["layout"])
    except (ValueError, KeyError, TypeError):
        found.row(entry.id, words("Row {row} was altered.", row=entry.id))
        return None


class _Seals:
    """The seals as a stream beside the rows of the chain."""

    def __init__(self, connection: Connection) -> None:
        asked = select(SEAL).order_by(SEAL.c.entry_id, SEAL.c.n)
        self._found = connection.execute(asked, execution_options=STREAMED)
        self._rows: Iterator[Any] = iter(self._found)
        self._next = next(self._rows, None)

    def close(self) -> None:
        """Read no further."""
        self._found.close()

    def hash_of(self, entry_id: int, found: Found) -> str:
        """The hash over the seals of this row of the chain."""
        total = SealsHash()
        while self._next is not None and self._next.entry_id <= entry_id:
            seal, self._next = self._next, next(self._rows, None)
            if seal.entry_id < entry_id or seal.n != total.count + 1:
                found.row(seal.entry_id, words("What row {row} says about the records was altered.", row=seal.entry_id))
            if seal.entry_id == entry_id:
                total.add(seal.kind, seal.key, seal.digest)
        return total.text

    def of(self, entry_id: int) -> list[tuple[str, str, str]]:
        """The seals of this row of the chain."""
        own = []
        while self._next is not None and self._next.entry_id <= entry_id:
            seal, self._next = self._next, next(self._rows, None)
            if seal.entry_id == entry_id:
                own.append((seal.kind, seal.key, seal.digest))
        return own

    def rest(self, found: Found) -> None:
        """Seals of rows that are not there."""
        if self._next is not None:
            row = self._next.entry_id
            found.row(row, words("Row {row} is missing, or another stands in its place.", row=row))


def _archived(connection: Connection, found: Found) -> list[Any]:
    """The pieces that left the database, which must follow each other."""
    pieces = list(connection.execute(select(ARCHIVE).order_by(ARCHIVE.c.last)))
    expected, previous = 1, GENESIS
    for piece in pieces:
        if piece.first != expected or piece.first_previous_hash != previous or piece.last < piece.first:
            found.row(piece.first, words("The archived rows from {row} do not follow those before.", row=piece.first))
        expected, previous = piece.last + 1, piece.last_hash
    return pieces


def about_archive(piece: Any) -> dict[str, Any]:
    """What the chain says of an archived piece."""
    return {
        "first": piece.first,
        "last": piece.last,
        "first_previous_hash": piece.first_previous_hash,
        "last_hash": piece.last_hash,
        "file_name": piece.file_name,
        "sha256": piece.sha256,
    }


def _verify_head(connection: Connection, found: Found, head: Head) -> None:
    """A paper's row must be there with its hash; one of an archived piece is in the file of that piece."""
    if head.row == 0:
        return
    stored = hash_at(connection, head.row)
    if stored is None or not head.hash or not stored.startswith(head.hash.lower()):
        found.row(
            head.row,
            words("A paper says that row {row} is {hash}; the chain does not.", row=head.row, hash=head.hash[:16]),
        )


def piece_to_archive(session: Session, viewer: Viewer, *, before: datetime) -> tuple[int, int, str, str] | None:
    """The oldest rows, all from before this instant, as (first, last, hash before, last hash); None if there are none.

    The newest row always stays. Raises Forbidden.
    """
    _require(viewer)
    connection = session.connection()
    kept = connection.execute(select(func.min(ENTRY.c.id)).where(ENTRY.c.at >= before)).scalar()
    newest = connection.execute(select(func.max(ENTRY.c.id))).scalar() or 0
    last = min(kept if kept is not None else newest, newest) - 1
    ends = select(ENTRY.c.id, ENTRY.c.previous_hash, ENTRY.c.hash)
    first = connection.execute(ends.order_by(ENTRY.c.id).limit(1)).first()
    end = connection.execute(ends.where(ENTRY.c.id == last)).first()
    return (first.id, last, first.previous_hash, end.hash) if first and end else None


def verify_piece(session: Session, viewer: Viewer, found: Found, piece: Piece) -> None:
    """Look whether the written piece holds the oldest rows that are in the database. Raises Forbidden."""
    _require(viewer)
    if found.first != piece.first or hash_at(session.connection(), piece.last) != piece.last_hash:
        found.row(piece.first, words("The archived rows from {row} do not follow those before.", row=piece.first))


def seals_to_carry(session: Session, viewer: Viewer, *, last: int) -> list[tuple[str, str, str]]:
    """The last seals of records that stand in rows up to `last`, as (kind, key, digest); not of what is gone.

    Raises Forbidden.
    """
    _require(viewer)
    newest = _newest().subquery()
    asked = select(newest.c.kind, newest.c.key, newest.c.digest).where(
        newest.c.place == 1, newest.c.entry_id <= last, newest.c.digest != ""
    )
    found = session.connection().execute(asked.order_by(newest.c.kind, newest.c.key))
    return [(row.kind, row.key, row.digest) for row in found]


def lines_of(session: Session, viewer: Viewer, *, last: int) -> Iterator[dict[str, Any]]:
    """Every row up to `last` with its seals, as the files of archived pieces hold them. Raises Forbidden."""
    _require(viewer)
    connection = session.connection()
    with closing(_Seals(connection)) as seals, connection.execute(ROWS, execution_options=STREAMED) as rows:
        for entry in rows:
            if entry.id > last:
                return
            row = dict(entry._mapping)
            yield {"row": row | {"at": moment(row["at"])}, "seals": seals.of(entry.id)}


def is_guarded(session: Session, viewer: Viewer) -> bool:
    """Whether this database's role cannot remove rows of the chain, so that another one must archive."""
    _require(viewer)
    if session.get_bind().dialect.name != "postgresql":
        return False
    return not session.connection().execute(select(func.has_table_privilege("audit_entry", "DELETE"))).scalar()


def _require(viewer: Viewer) -> None:
    if not may(viewer, Action.READ_AUDIT):
        raise Forbidden(words("This account may not read the audit chain."))


def hash_at(connection: Connection, row: int) -> str | None:
    """The hash of a row of the chain, also of one that was archived while its file is there; None if there is none."""
    stored: str | None = connection.execute(select(ENTRY.c.hash).where(ENTRY.c.id == row)).scalar()
    if stored is not None:
        return stored
    within = select(ARCHIVE).where(ARCHIVE.c.first <= row, ARCHIVE.c.last >= row)
    piece = connection.execute(within).first()
    if piece is None:
        return None
    return str(piece.last_hash) if piece.last == row else chain_files.hash_in(piece.file_name, piece.sha256, row)


# --- records -------------------------------------------------------------------------------------------------------


def verify_records(connection: Connection, found: Found, kind: str, parts: Sequence[Part]) -> None:
    """Compare every record of a kind with its last seal, and look for records that are gone."""
    present = 0
    for keys in record_keys(connection, parts):
        present += verify_some(connection, found, kind, parts, keys)
    found.records += present
    if present != sealed_count(connection, kind):
        _tell_gone(connection, found, kind, parts)


def verify_some(connection: Connection, found: Found, kind: str, parts: Sequence[Part], keys: Sequence[Any]) -> int:
    """Compare these records with their last seals; how many of them are there and were sealed."""
    now = digests(connection, parts, keys)
    last = _last_seals(connection, kind, [key_text(key) for key in keys])
    for key, digest in now.items():
        if not last.get(key):
            found.record(kind, key, words("It was added behind the application's back."))
        elif last[key] != digest:
            found.record(kind, key, words("It was changed behind the application's back."))
    return sum(1 for key in now if last.get(key))


def sealed_count(connection: Connection, kind: str) -> int:
    """How many records of this kind there must be: those whose last seal is not of a removal."""
    last = _newest(SEAL.c.kind == kind).subquery()
    asked = select(func.count()).select_from(last).where(last.c.place == 1, last.c.digest != "")
    return connection.execute(asked).scalar() or 0


def _newest(*only: ColumnElement[bool]) -> Any:
    """Every seal with its place among those of its record: the newest has place 1."""
    place = func.row_number().over(
        partition_by=(SEAL.c.kind, SEAL.c.key), order_by=(SEAL.c.entry_id.desc(), SEAL.c.n.desc())
    )
    return select(SEAL, place.label("place")).where(*only)


def _last_seals(connection: Connection, kind: str, keys: list[str]) -> dict[str, str]:
    asked = select(SEAL.c.key, SEAL.c.digest).where(SEAL.c.kind == kind, SEAL.c.key.in_(keys))
    found = connection.execute(asked.order_by(SEAL.c.entry_id, SEAL.c.n))
    return {row.key: row.digest for row in found}


def _tell_gone(connection: Connection, found: Found, kind: str, parts: Sequence[Part]) -> None:
    """The records that were sealed and of which nothing is there."""
    there = {key_text(key) for keys in record_keys(connection, parts) for key in keys}
    last = _newest(SEAL.c.kind == kind).subquery()
    asked = select(last.c.key).where(last.c.place == 1, last.c.digest != "")
    for key in connection.execute(asked).scalars():
        if key not in there:
            found.record(kind, key, words("It was removed behind the application's back."))


# --- telling -------------------------------------------------------------------------------------------------------

NAMES: dict[str, Words] = {
    "": words("records"),
    "file": words("File {key}"),
    "flags": words("Flags of the file {key}"),
    "readers": words("Readers of the restricted file, restriction number {key}"),
    "task": words("Task {key}"),
    "task_help": words("Agencies that cooperate in a task, number {key}"),
    "session": words("Session of the committee, number {key}"),
    "request": words("Coordination request {key}"),
    "agency": words("Agency {key}"),
    "person": words("Person number {key}"),
    "account": words("Account {key}"),
    "sign_in": words("Sign-in number {key}"),
    "second_factor": words("Second factor of account number {key}"),
    "passwords": words("Earlier passwords of account number {key}"),
    "account_review": words("Review of accounts number {key}"),
    "limit": words("Limit {key}"),
    "calendar": words("Calendar of working days"),
    "offence": words("Offence, article {key}"),
    "import": words("Import number {key}"),
    "headings": words("Headings remembered as {key}"),
    "report": words("Issued paper {key}"),
    "reminders": words("Reminders to {key}"),
    "mails": words("Mails of {key}"),
    "backup": words("Backup {key}"),
    "drill": words("Restore drills of the backup {key}"),
}


def name_of(session: Session, viewer: Viewer, fault: Fault) -> Words | None:
    """What a fault is about, named as people name it, without any of its content; None for a row of the chain."""
    if fault.row is not None:
        return None
    key = fault.key
    if fault.kind in ("file", "flags"):
        if not key:
            return words("Flags of tasks")
        key = session.exec(sql(Case.code).where(Case.id == int(key))).first() or key
    elif fault.kind == "account":
        key = session.exec(sql(Account.login).where(Account.id == int(key))).first() or key
    template = NAMES[fault.kind]
    return template._replace(values=(("key", key),)) if fault.kind else template
