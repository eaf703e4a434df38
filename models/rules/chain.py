"""What is hashed, and how: the rows of the audit chain, the lists of seals in them, the content of a record."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

GENESIS = "0" * 64
SHORT = 16  # characters of a hash that a person compares; the papers carry all of it in their proof
MOMENT = "%Y-%m-%d %H:%M:%S.%f"  # as SQLite keeps a time


class Entry(Protocol):
    """The columns of a row of the chain."""

    id: int
    at: Any  # a datetime, or the text that SQLite keeps of it
    account_id: int | None
    actor: str
    address: str
    action: str
    subject: str
    before: str
    after: str
    before_hash: str | None
    after_hash: str | None
    seals: str | None
    previous_hash: str
    hash: str


def canonical(value: Any) -> str:
    """`value` as JSON that is the same for the same content; empty for None."""
    return (
        ""
        if value is None
        else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    )


def sha256(text: str) -> str:
    """SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def hash_of_value(text: str) -> str:
    """The hash beside a value of before and after; "" for no value."""
    return sha256(text) if text else ""


def hash_of(entry: Entry) -> str:
    """SHA-256 over a row and the hash before it.

    Rows from before there were seals (`seals` is None) are hashed with their values themselves, later ones with the
    hashes of their values and of their seals.
    """
    fields: list[Any] = [entry.id, moment(entry.at), entry.account_id, entry.actor, entry.address, entry.action]
    fields.append(entry.subject)
    if entry.seals is None:
        fields[1] = moment(entry.at).replace(" ", "T") + "+00:00"  # as they were written then
        fields += [entry.before, entry.after]
    else:
        fields += [entry.before_hash, entry.after_hash, entry.seals]
    return sha256(canonical([entry.previous_hash, *fields]))


def values_match(entry: Entry) -> bool:
    """Whether the values of a row are those that its hashes speak of."""
    if entry.seals is None:
        return entry.before_hash is None and entry.after_hash is None
    pairs = ((entry.before, entry.before_hash), (entry.after, entry.after_hash))
    return all(hash_of_value(text) == kept for text, kept in pairs)


class SealsHash:
    """The hash over the seals of one row of the chain, in their order; "" if there are none."""

    def __init__(self) -> None:
        self._total = hashlib.sha256()
        self.count = 0

    def add(self, kind: str, key: str, digest: str) -> None:
        """The next seal."""
        self._total.update(canonical([kind, key, digest]).encode("utf-8", "surrogatepass") + b"\n")
        self.count += 1

    @property
    def text(self) -> str:
        """The hash so far."""
        return self._total.hexdigest() if self.count else ""


def content_digest(parts: Iterable[tuple[str, Sequence[Sequence[Any]]]]) -> str:
    """The digest of a record: (table, its rows as the database keeps them), tables without rows left out."""
    there = [[name, rows] for name, rows in parts if rows]
    if not there:
        return ""
    return sha256(json.dumps(there, ensure_ascii=False, default=plain, separators=(",", ":")))


def plain(value: Any) -> Any:
    """A value of a driver as SQLite would keep it: the digest does not depend on the kind of database."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return value.isoformat()
    return repr(value)


def moment(at: datetime | str) -> str:
    """A time in UTC, to the microsecond; SQLite gives it so already."""
    if isinstance(at, str):
        return at
    return (at if at.tzinfo is None else at.astimezone(UTC)).strftime(MOMENT)
