"""A SQLite database copied while it is in use, and put back while it is in use, both by SQLite's own online backup."""

import gzip
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from models.backup.errors import CannotBackUp, CannotRestore, DamagedBackup
from models.errors import BadUsage
from models.rules.words import Words, words

PART = "liem.db.gz"
PATIENCE_SECONDS = 30  # for a database that somebody writes
LEVEL = 3  # of gzip: a database shrinks to a fifth, ten times as fast as at 9


def path_of(database: str | None) -> Path:
    """The file of the database. Raises BadUsage for one that lives in memory only."""
    if not database or database == ":memory:":
        raise BadUsage(words("A database in memory cannot be backed up."))
    return Path(database).expanduser().resolve()


def copy(database: Path, to: Path) -> None:
    """A copy of the database as of one moment, checked. Raises CannotBackUp, OSError."""
    if not database.is_file():
        raise CannotBackUp(words("There is no database {file} to back up.", file=str(database)))
    try:
        with (
            closing(sqlite3.connect(database, timeout=PATIENCE_SECONDS)) as source,
            closing(sqlite3.connect(to)) as out,
        ):
            source.backup(out)
            out.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise CannotBackUp(
            words("The database cannot be copied: {why}. No backup was made.", why=str(error))
        ) from error
    wrong = fault(to)
    if wrong:
        raise CannotBackUp(words("The database is damaged: {why} No backup was made of it.", why=wrong))


def fault(database: Path) -> Words | None:
    """What is wrong with the database file: its structure or its references; None if nothing is."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                return words("its structure is broken ({why}).", why=said.splitlines()[-1])
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        return words("it cannot be read ({why}).", why=str(error))
    return words("rows of {table} point to nothing.", table=str(broken[0])) if broken else None


def shrink(database: Path, to: Path) -> None:
    """The file, compressed. Raises OSError."""
    with database.open("rb") as source, to.open("wb") as raw, gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as out:
        shutil.copyfileobj(source, out, 2**20)


def unpack(part: Path, to: Path) -> None:
    """The database that `shrink` packed, checked. Raises DamagedBackup, OSError."""
    try:
        with gzip.open(part, "rb") as source, to.open("wb") as out:
            shutil.copyfileobj(source, out, 2**20)
    except (gzip.BadGzipFile, EOFError) as error:
        raise DamagedBackup from error
    wrong = fault(to)
    if wrong:
        raise DamagedBackup(wrong)


def replace(database: Path, by: Path, *, now: datetime) -> Path | None:
    """Put the content of `by` into the database in one transaction, also while it is in use.

    A file that is no readable database is moved aside and replaced; its new name is returned. Raises CannotRestore.
    """
    try:
        with closing(sqlite3.connect(by)) as source, closing(_live(database)) as live:
            source.execute("PRAGMA journal_mode=DELETE")  # one file, without a journal beside it
            source.backup(live, pages=-1, sleep=0.1, progress=_until(time.monotonic() + PATIENCE_SECONDS))
        return None
    except sqlite3.OperationalError as error:
        raise CannotRestore(
            words("The database cannot be written: {why}. It is as it was; stop the service and try again.",
                  why=str(error))
        ) from error  # fmt: skip
    except sqlite3.DatabaseError:
        return _moved_aside(database, by, now)


def _live(database: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(database, timeout=PATIENCE_SECONDS)
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def _until(end: float) -> Callable[[int, int, int], None]:
    def look(status: int, _remaining: int, _total: int) -> None:
        if status != sqlite3.SQLITE_DONE and time.monotonic() > end:
            raise CannotRestore(
                words("The database is in use and could not be written. It is as it was; stop the service, try again.")
            )

    return look


def _moved_aside(database: Path, by: Path, now: datetime) -> Path:
    """Replace a file that SQLite cannot read; its journals go with it, or they would be played into the new one."""
    mark = f".damaged-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for end in ("-wal", "-shm", ""):
        file = database.with_name(database.name + end)
        with suppress(FileNotFoundError):
            os.replace(file, database.with_name(database.name + mark + end))
    os.replace(by, database)
    return database.with_name(database.name + mark)
