"""A backup put back: proved first, then put into the database in one transaction, with its documents.

Nothing of the installation is touched before the whole archive was read and found good. What was there before is
backed up beside, if it can be read. An archive of an older version is brought to this version on the way.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from models import store
from models.backup import archive, postgres, sqlite
from models.backup.archive import Manifest, ReadArchive
from models.backup.chain import bring_up
from models.backup.errors import CannotRestore, DamagedBackup, NewerBackup, OtherDatabase
from models.backup.make import make
from models.backup.place import cannot_write, scratch
from models.backup.state import data_version, holds_content, known_tables, state_of
from models.changes.backups import note_restore
from models.db import alembic_config, make_engine, no_answer, read_session, transaction
from models.queries.audit import Found
from models.queries.reports import chain_head
from models.rules.access import SYSTEM
from models.rules.words import words
from models.settings import settings

Ask = Callable[[], str]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Unpacked(NamedTuple):
    """An archive that was read to its end; its parts lie in the folder."""

    manifest: Manifest
    folder: Path
    read: ReadArchive


@dataclass(frozen=True)
class Restored:
    """What a restore did. `safety`: the backup of what was there before; `aside`: a damaged file that was moved."""

    manifest: Manifest
    safety: Path | None
    aside: Path | None
    sign_ins_ended: int
    documents: int
    migrated: bool
    found: Found  # what a look at the chain and the records says


# --- reading and trying --------------------------------------------------------------------------------------------


@contextmanager
def unpacked(path: Path, ask: Ask, *, database_url: str) -> Iterator[Unpacked]:
    """The archive, proved to the last byte and unpacked into a scratch folder.

    Raises what `archive.read` raises, NewerBackup, OtherDatabase, Busy, CannotBackUp.
    """
    with scratch(database_url) as work:
        try:
            read = archive.read(path, ask, into=work, first=lambda manifest: refuse(manifest, database_url))
        except OSError as error:
            raise cannot_write(work.parent, error) from error
        yield Unpacked(read.manifest, work, read)


def refuse(manifest: Manifest, database_url: str) -> None:
    """Refuse an archive that this program or this database cannot take. Raises NewerBackup, OtherDatabase."""
    known = {revision.revision for revision in ScriptDirectory.from_config(alembic_config("")).walk_revisions()}
    if manifest.migration not in known:
        raise NewerBackup(
            words(
                "The backup holds a database of version {migration} (Liêm {version}), which this program does not "
                "know. Install that version or a newer one.",
                migration=manifest.migration or "–",
                version=manifest.program,
            )
        )
    here = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    if manifest.database != here:
        raise OtherDatabase(
            words(
                "The backup holds a database of {there}; LIEM_DATABASE_URL names one of {here}. Set it to a database "
                "of {there} and restore there.",
                there=NAMES.get(manifest.database, manifest.database),
                here=NAMES[here],
            )
        )


@contextmanager
def in_scratch(backup: Unpacked, *, database_url: str, now: datetime) -> Iterator[Engine]:
    """The database of the archive, put back into a scratch one with the rows it must have.

    Raises DamagedBackup, CannotRestore, NoTools.
    """
    if backup.manifest.database == "sqlite":
        file = backup.folder / "restored.db"
        sqlite.unpack(backup.folder / sqlite.PART, file)
        with _engine(f"sqlite:///{file}") as made:
            require_rows(made, backup.manifest)
            yield made
        return
    url = make_engine(database_url).url
    with postgres.scratch_database(url, now=now) as scratch_url:
        address = scratch_url.render_as_string(hide_password=False)
        with _engine(address) as made:
            _load(made, backup, version=0, now=now)
            yield made


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    made = make_engine(url)
    try:
        yield made
    finally:
        made.dispose()


def require_rows(engine: Engine, manifest: Manifest) -> None:
    """Compare what is in the database with what must be. Raises DamagedBackup."""
    with engine.connect() as connection:
        state = state_of(connection)
    for name in sorted({*state.rows, *manifest.rows}):
        there, wanted = state.rows.get(name, 0), manifest.rows.get(name, 0)
        if there != wanted:
            raise DamagedBackup(words("{table} has {n} rows instead of {m}.", table=name, n=there, m=wanted))
    if (state.migration, state.audit_head) != (manifest.migration, manifest.audit_head):
        raise DamagedBackup(words("its database is not the one its manifest speaks of."))


def _load(engine: Engine, backup: Unpacked, *, version: int, now: datetime) -> None:
    with engine.connect() as connection:
        server = str(connection.execute(text("SHOW server_version")).scalar_one())
    postgres.load(
        engine.url,
        backup.folder / postgres.PART,
        server=server,
        dumped_from=backup.manifest.server,
        drop={*known_tables(), *backup.manifest.rows},
        rows=backup.manifest.rows,
        data_version=version,
        now=now,
    )


# --- putting back --------------------------------------------------------------------------------------------------


def restore(
    path: Path,
    ask: Ask,
    *,
    now: datetime,
    replace: bool = False,
    passphrase: Callable[[], str | None] = lambda: None,
    database_url: str | None = None,
    files: Path | None = None,
) -> Restored:
    """Put the backup at `path` into this installation. `passphrase` seals the safety backup of what was there.

    Raises what `unpacked` raises, CannotRestore, DatabaseDown.
    """
    url = database_url or settings().database_url
    with unpacked(path, ask, database_url=url) as backup:
        there = _there(url)
        if there and not replace:
            raise CannotRestore(
                words(
                    "The database holds cases, tasks, sessions or papers, or cannot be read. To put the backup in its "
                    "place add --replace; what is there is backed up first."
                )
            )
        safety = _safety(url, path, passphrase(), now) if there == "content" else None
        before = _before(url) if there != "damaged" else {"rows": 0, "head": "", "data_version": 0}
        documents = _lay_documents(backup, files or store.folder())
        put = _put_sqlite if backup.manifest.database == "sqlite" else _put_postgresql
        ended, aside, found = put(url, backup, before, now)
    head = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    migrated = backup.manifest.migration != head
    return Restored(backup.manifest, safety, aside, ended, documents, migrated, found)


def _there(url: str) -> str:
    """What the restore would replace: "", "content" or "damaged". Raises DatabaseDown."""
    with _engine(url) as engine:
        is_file = engine.dialect.name == "sqlite"
        if is_file and not sqlite.path_of(engine.url.database).exists():
            return ""
        try:
            return "content" if holds_content(engine) else ""
        except OperationalError as error:
            raise no_answer(error) from error
        except DatabaseError:
            return "damaged"


def _safety(url: str, path: Path, passphrase: str | None, now: datetime) -> Path | None:
    """A backup of what is there, into LIEM_BACKUP_DIR, else beside a SQLite database, else beside the archive."""
    with _engine(url) as engine:
        beside = sqlite.path_of(engine.url.database).parent if engine.dialect.name == "sqlite" else path.parent
    folder = Path(settings().backup_dir) if settings().backup_dir else beside
    return make(folder, now=now, passphrase=passphrase, database_url=url, mark="-before-restore").file


def _before(url: str) -> dict[str, object]:
    """The chain's head and the data's version of the database that is replaced."""
    with _engine(url) as engine:
        version = data_version(engine)
        try:
            with read_session(engine) as session:
                row, head = chain_head(session, SYSTEM)
        except DBAPIError:
            row, head = 0, ""
    return {"rows": row, "head": head, "data_version": version}


def _put_sqlite(url: str, backup: Unpacked, before: dict[str, object], now: datetime) -> tuple[int, Path | None, Found]:
    with in_scratch(backup, database_url=url, now=now) as engine:
        found = bring_up(engine)
        ended = _settled(engine, backup, before, found, now)
        file = sqlite.path_of(engine.url.database)
    with _engine(url) as target:
        database = sqlite.path_of(target.url.database)
    return ended, sqlite.replace(database, file, now=now), found


def _put_postgresql(
    url: str, backup: Unpacked, before: dict[str, object], now: datetime
) -> tuple[int, Path | None, Found]:
    with _engine(url) as engine:
        _load(engine, backup, version=int(str(before["data_version"])), now=now)
        found = bring_up(engine)
        return _settled(engine, backup, before, found, now), None, found


def _settled(engine: Engine, backup: Unpacked, before: dict[str, object], found: Found, now: datetime) -> int:
    """Sign-ins ended, caches told, the chain continued with what the look had found; how many sign-ins."""
    manifest = backup.manifest
    after = {
        "file_sha256": backup.read.sha256,
        "made_at": manifest.made_at.isoformat(),
        "rows": manifest.audit_rows,
        "head": manifest.audit_head,
        "replaced_rows": before["rows"],
        "replaced_head": before["head"],
        "first_bad": found.first_bad,
        "bad_rows": found.bad_rows,
        "bad_records": found.bad_records,
    }
    with transaction(engine) as session:
        return note_restore(
            session, SYSTEM, backup_id=manifest.id, after=after, data_version=int(str(before["data_version"])), now=now
        )


def _lay_documents(backup: Unpacked, folder: Path) -> int:
    """Lay the documents that are not there, or not rightly, into the store; how many. Nothing is removed from it."""
    laid = 0
    try:
        for name, (sha256, _) in backup.manifest.parts.items():
            if name.startswith("files/"):
                laid += _lay(backup.folder / name, folder / name.removeprefix("files/"), sha256)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return laid


def _lay(file: Path, target: Path, sha256: str) -> bool:
    if target.is_file() and hashlib.sha256(target.read_bytes()).hexdigest() == sha256:
        return False
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = target.with_name(f".new-{uuid4().hex}")
    try:
        shutil.copyfile(file, unfinished)
        os.chmod(unfinished, 0o600)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return True
