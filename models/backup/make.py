"""One backup: the database as of one moment, the documents it names, and what they must add up to.

It is written under another name, read back to the last byte, and only then given its own: what looks like a backup is
one, also when the process is killed or the disk is full.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError, OperationalError

from models import store
from models.backup import archive, postgres, sqlite
from models.backup.archive import Manifest, Part, ReadArchive
from models.backup.errors import CannotBackUp
from models.backup.place import UNDER_WAY, cannot_write, free_name, locked, scratch
from models.backup.state import State, state_of
from models.db import make_engine, no_answer
from models.errors import BadUsage
from models.rules.words import words
from models.settings import settings

LEAST_PASSPHRASE = 12  # characters


@dataclass(frozen=True)
class Made:
    """A finished backup."""

    file: Path
    manifest: Manifest
    sha256: str
    size: int
    sealed: bool

    @property
    def documents(self) -> int:
        """How many documents it holds."""
        return sum(name.startswith("files/") for name in self.manifest.parts)


def make(
    folder: Path,
    *,
    now: datetime,
    passphrase: str | None = None,
    database_url: str | None = None,
    files: Path | None = None,
    mark: str = "",
) -> Made:
    """Back up the database and its documents into the folder. `mark` goes into the name, and no rotation removes it.

    Raises BadUsage, Busy, CannotBackUp, NoTools, DatabaseDown.
    """
    url = database_url or settings().database_url
    if passphrase is not None and len(passphrase) < LEAST_PASSPHRASE:
        raise BadUsage(words("The passphrase is too short: at least {n} characters.", n=LEAST_PASSPHRASE))
    folder = folder.expanduser().absolute()
    with (
        locked(folder),
        scratch(url) as work,
        _said_in_words(folder),
        _copied(url, work) as (database, state, wanted),
    ):
        parts = [database, *_documents(files or store.folder())]
        manifest = _manifest(state, url, parts, wanted, now)
        unfinished = folder / f"{UNDER_WAY}{uuid4().hex}"
        try:
            found = _written(unfinished, manifest, parts, passphrase)
            file = free_name(folder, now, manifest.database, manifest.installation, sealed=bool(passphrase), mark=mark)
            os.rename(unfinished, file)
        finally:
            unfinished.unlink(missing_ok=True)
        _kept(folder)
    return Made(file, manifest, found.sha256, found.size, found.sealed)


@contextmanager
def _said_in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise cannot_write(folder, error) from error
    except OperationalError as error:
        raise no_answer(error) from error
    except DBAPIError as error:
        raise CannotBackUp(
            words("The database cannot be read: {why}. No backup was made.", why=str(error.orig).splitlines()[0])
        ) from error


@contextmanager
def _copied(url: str, work: Path) -> Iterator[tuple[Part, State, set[str]]]:
    """The database as a part, what it says of itself, and the documents it names; all of one moment."""
    engine = make_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            yield _sqlite(sqlite.path_of(engine.url.database), work)
        else:
            with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
                state, wanted = state_of(connection), _named(connection)
                postgres.dump(engine.url, connection, work / postgres.PART, version=state.server)
            yield archive.part(postgres.PART, work / postgres.PART), state, wanted
    finally:
        engine.dispose()


def _sqlite(database: Path, work: Path) -> tuple[Part, State, set[str]]:
    copy, packed = work / "copy.db", work / sqlite.PART
    sqlite.copy(database, copy)
    plain = create_engine(f"sqlite:///{copy}")
    try:
        with plain.connect() as connection:
            state, wanted = state_of(connection), _named(connection)
    finally:
        plain.dispose()
    sqlite.shrink(copy, packed)
    copy.unlink()
    return archive.part(sqlite.PART, packed), state, wanted


def _named(connection: Connection) -> set[str]:
    """The documents that the database names, by SHA-256."""
    if "attachment" not in inspect(connection).get_table_names():
        return set()
    return set(connection.execute(text("SELECT DISTINCT sha256 FROM attachment WHERE sha256 <> ''")).scalars())


def _documents(folder: Path) -> Iterator[Part]:
    """Every document of the store, also those the database does not name any more. Copied after the database."""
    for file in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        name = f"files/{file.parent.name}/{file.name}"
        if archive.is_part(name) and file.is_file():
            yield archive.part(name, file)


def _manifest(state: State, url: str, parts: list[Part], wanted: set[str], now: datetime) -> Manifest:
    kept = {part.name.rpartition("/")[2]: part.sha256 for part in parts if part.name.startswith("files/")}
    return Manifest(
        format=archive.FORMAT,
        id=uuid4().hex,
        made_at=now,
        program=version("liem"),
        migration=state.migration,
        database="sqlite" if url.startswith("sqlite") else "postgresql",
        server=state.server,
        rows=state.rows,
        audit_rows=state.audit_rows,
        audit_head=state.audit_head,
        installation=state.installation,
        parts={part.name: [part.sha256, part.size] for part in parts},
        missing=sorted(wanted - set(kept)),
        damaged=sorted(name for name, sha256 in kept.items() if name != sha256),
    )


def _written(file: Path, manifest: Manifest, parts: list[Part], passphrase: str | None) -> ReadArchive:
    """Write the archive, see that it lies on the disk, and read it back."""
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
        archive.write(out, manifest, parts, passphrase)
        out.flush()
        os.fsync(out.fileno())
    return archive.read(file, lambda: passphrase or "")


def _kept(folder: Path) -> None:
    """See that the folder itself lies on the disk, where its file system can do that."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)
