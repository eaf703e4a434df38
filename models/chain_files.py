"""Pieces of the audit chain as files: written whole or not at all, looked at alone, without any database.

A file holds JSON lines, packed: the first says what the piece is, then one line per row of the chain with its seals.
"""

import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy.engine import make_url

from models.errors import BadUsage, os_answer
from models.rules.chain import SealsHash, hash_of, values_match
from models.rules.words import Words, words
from models.settings import ROOT, settings

FORMAT = "liem-audit-1"
LONGEST_LINE = 2**28


@dataclass(frozen=True)
class Piece:
    """Rows `first` to `last` of the chain, and the hash before them."""

    first: int
    last: int
    first_previous_hash: str
    last_hash: str
    file_name: str
    sha256: str = ""


@dataclass(frozen=True)
class Looked:
    """What a look at a file has found. `first_bad`: the first row that is not as it was."""

    rows: int
    head: str
    first: int
    last: int
    first_bad: int | None
    why: Words | None

    @property
    def ok(self) -> bool:
        """The piece is whole."""
        return self.why is None


def folder() -> Path:
    """Where pieces are kept: LIEM_AUDIT_DIR, else `audit` beside a SQLite database, else var/audit."""
    own = settings()
    if own.audit_dir:
        return Path(own.audit_dir).expanduser()
    url = make_url(own.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).expanduser().resolve().parent / "audit"
    return ROOT / "var" / "audit"


def file_name(first: int, last: int) -> str:
    """The name of a piece's file."""
    return f"audit-{first:09d}-{last:09d}.jsonl.gz"


def write(lines: Iterable[dict[str, Any]], piece: Piece, *, into: Path) -> Piece:
    """Write the piece, make sure that it is on the disk, and give it its SHA-256. The same piece twice is one file."""
    into.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, made = tempfile.mkstemp(dir=into, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as raw:
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                packed.write(_line({"format": FORMAT, **_about(piece)}))
                for line in lines:
                    packed.write(_line(line))
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(made, into / piece.file_name)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    directory = os.open(into, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return Piece(**{**vars(piece), "sha256": sha256_of(into / piece.file_name)})


def take_back(piece: Piece, *, out_of: Path) -> None:
    """Remove the file of a piece whose rows did not leave the database."""
    (out_of / piece.file_name).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_file(path: Path) -> Looked:
    """Look at a piece by itself: every row, its seals, its place. Raises BadUsage if it is no file of ours."""
    try:
        return _verify(_lines(path))
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile):
            return _broken(words("The file is damaged or was cut off."))
        raise BadUsage(words("The file {file} cannot be read: {why}.", file=path.name, why=os_answer(error))) from error
    except (EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return _broken(words("The file is damaged or was cut off."))


def hash_in(name: str, sha256: str, row: int) -> str | None:
    """The hash of a row in an archived piece; None if the file is not there, or not the one that was archived."""
    path = folder() / name
    if not path.is_file() or sha256_of(path) != sha256:
        return None
    return next((str(line["row"]["hash"]) for line in _lines(path) if line.get("row", {}).get("id") == row), None)


def _verify(lines: Iterator[dict[str, Any]]) -> Looked:
    about = next(lines, {})
    if about.get("format") != FORMAT:
        return _broken(words("This is no piece of an audit chain of Liêm."))
    expected, previous, rows = about["first"], about["first_previous_hash"], 0
    for line in lines:
        row = SimpleNamespace(**line["row"])
        total = SealsHash()
        for kind, key, digest in line["seals"]:
            total.add(kind, key, digest)
        sound = values_match(row) and hash_of(row) == row.hash and total.text == (row.seals or "")
        if row.id != expected or row.previous_hash != previous or not sound:
            bad = words("Row {row} was altered, removed, or put in another place.", row=expected)
            return Looked(rows, previous, about["first"], about["last"], expected, bad)
        expected, previous, rows = row.id + 1, row.hash, rows + 1
    whole = expected == about["last"] + 1 and previous == about["last_hash"]
    why = None if whole else words("Rows from {row} are missing at the end.", row=expected)
    return Looked(rows, previous, about["first"], about["last"], None if whole else expected, why)


def _broken(why: Words) -> Looked:
    return Looked(0, "", 0, 0, 0, why)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rb") as packed:
        while line := packed.readline(LONGEST_LINE):
            yield json.loads(line)


def _line(line: dict[str, Any]) -> bytes:
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _about(piece: Piece) -> dict[str, Any]:
    return {name: value for name, value in vars(piece).items() if name not in ("file_name", "sha256")}
