"""The database: engine, sessions, transactions, schema version. The name `Session` for everybody outside models."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError
from sqlmodel import Session

from models import clock
from models.changes import _audit  # noqa: F401 - closes every transaction
from models.changes._touched import watch
from models.changes.audit import looked_at, seal_records
from models.changes.search import bring_up_to_date, fill_if_empty
from models.errors import NO_ROOM, BadUsage, DatabaseDown, SchemaAhead, SchemaBehind
from models.rules.access import SYSTEM
from models.rules.words import Words, words
from models.settings import ROOT, settings

__all__ = [
    "DBAPIError",
    "Engine",
    "OperationalError",
    "Schema",
    "Session",
    "engine",
    "is_full",
    "let_role_use",
    "make_engine",
    "migrate",
    "no_answer",
    "read_session",
    "transaction",
    "why_not",
]

SQLITE_PRAGMAS = (
    "journal_mode=wal",
    "busy_timeout=10000",
    "foreign_keys=on",
    "synchronous=normal",
    "cache_size=-65536",
    "mmap_size=134217728",  # what is mapped counts as memory of the process
)
DISK_FULL = "53100"  # PostgreSQL's code
ADVISORY_LOCK = 0x11E3  # held while migrating PostgreSQL, so that two starting replicas do it once


# what the role of the application is given on PostgreSQL, and what it is not
ROLE_MAY = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry, audit_seal, audit_archive FROM {role}",
    "REVOKE INSERT ON audit_archive FROM {role}",
    "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {role}",
)


class Schema(StrEnum):
    """How the database's schema relates to this program."""

    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"


def make_engine(url: str) -> Engine:
    """An engine on `url` with the pragmas and isolation both databases need; a missing SQLite folder is made."""
    parsed = _address(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername.startswith("sqlite"):
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).expanduser().resolve().parent.mkdir(parents=True, exist_ok=True)
        made = create_engine(parsed)
        event.listen(made, "connect", _sqlite_connect)
        event.listen(made, "begin", _sqlite_begin)
    else:
        made = create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 5})
    watch(made)
    return made


def _address(url: str) -> URL:
    """`url` in its parts. Raises BadUsage, which does not repeat it: it may hold a password."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or parsed.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
        raise BadUsage(
            words(
                "LIEM_DATABASE_URL is no database's address. Write sqlite:///path/liem.db or "
                "postgresql://user:password@host/name, with special characters of the password as %40, %3A, %2F."
            )
        )
    return parsed


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"pragma {pragma}")


def _sqlite_begin(connection: Any) -> None:
    reads = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@cache
def engine() -> Engine:
    """The engine of this installation's database."""
    return make_engine(settings().database_url)


@contextmanager
def read_session(on: Engine | None = None) -> Iterator[Session]:
    """A session that only reads, all of it as of one moment: it takes no write lock and is rolled back at the end."""
    source = on or engine()
    # SQLite reads so by itself; on PostgreSQL every statement would see what was committed just before it
    moment = {"isolation_level": "REPEATABLE READ"} if source.dialect.name == "postgresql" else {}
    with Session(source.execution_options(read_only=True, **moment)) as session:
        yield session


@contextmanager
def transaction(on: Engine | None = None) -> Iterator[Session]:
    """A session whose changes are committed together at the end, or not at all.

    What can be found by searching is brought up to date with what was written. If something was changed (see
    `models.changes._audit.record`), the data version is raised. Last, what was said is linked to the audit chain; a
    change of sealed records about which nothing was said is refused (Unrecorded).
    """
    with Session(on or engine(), expire_on_commit=False) as session:
        session.info["strict"] = True
        yield session
        bring_up_to_date(session)
        if session.info.pop("changed", False):
            session.flush()
            session.connection().execute(text("UPDATE data_version SET n = n + 1 WHERE id = 1"))
        session.commit()


def alembic_config(url: str) -> Config:
    """Alembic's configuration for the database at `url`; independent of the working directory."""
    config = Config(str(ROOT / "migrations" / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


def why_not(error: DBAPIError) -> Words:
    """What to say of a statement that the database could not carry out: its disk is full, or it does not answer."""
    if is_full(error):
        return NO_ROOM
    return words("The database is busy or does not answer; nothing was kept. Try again later.")


def no_answer(error: DBAPIError) -> DatabaseDown:
    """What to raise where the database could not even be opened."""
    if is_full(error):
        return DatabaseDown(NO_ROOM)
    return DatabaseDown(words("The database does not answer. Check LIEM_DATABASE_URL and that the server is running."))


def is_full(error: DBAPIError) -> bool:
    """Whether the database refused because its disk has no room left."""
    code = getattr(error.orig, "sqlite_errorcode", None) or getattr(error.orig, "sqlstate", None)
    return code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, DISK_FULL)


def schema_of(on: Engine) -> Schema:
    """Whether the database at `on` is empty, current, behind or ahead. Raises DatabaseDown."""
    script = ScriptDirectory.from_config(alembic_config(""))
    try:
        with on.connect() as connection:
            heads = set(MigrationContext.configure(connection).get_current_heads())
            empty = not heads and not inspect(connection).get_table_names()
    except OperationalError as error:
        raise no_answer(error) from error
    if empty:
        return Schema.EMPTY
    if heads == set(script.get_heads()):
        return Schema.CURRENT
    known = {revision.revision for revision in script.walk_revisions()}
    return Schema.AHEAD if heads - known else Schema.BEHIND


def require_current(on: Engine) -> None:
    """Refuse a database of another version. Raises SchemaBehind or SchemaAhead with the command to run."""
    state = schema_of(on)
    if state is Schema.AHEAD:
        raise SchemaAhead(
            words("The database was made by a newer version of Liêm. Install that version, or restore an older backup.")
        )
    if state in (Schema.BEHIND, Schema.EMPTY):
        raise SchemaBehind(
            words("The database is not at this version. Stop the service, make a backup, then run: liem migrate")
        )


def migrate(url: str | None = None, *, now: datetime | None = None) -> None:
    """Bring the database at `url` (default: this installation's) to this version. Safe to run twice and at once.

    Before a change of the schema the chain is looked at as it was sealed; afterwards what it finds is kept with the new
    seals. `now` is when they are made.
    """
    target = url or settings().database_url
    one = make_engine(target)
    try:
        state = schema_of(one)  # raises DatabaseDown
        if state is Schema.AHEAD:
            require_current(one)
        looked = None
        if state is Schema.BEHIND:
            with read_session(one) as session:
                looked = looked_at(session, SYSTEM)
        with one.connect() as connection:
            if one.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:k)"), {"k": ADVISORY_LOCK})
                connection.commit()
            config = alembic_config(target)
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
            if one.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_unlock(:k)"), {"k": ADVISORY_LOCK})
                connection.commit()
        with transaction(one) as session:
            fill_if_empty(session)
            seal_records(session, SYSTEM, now=now or clock.now(), before=looked)
    except (OperationalError, ProgrammingError) as error:
        raise SchemaBehind(
            words(
                "The database ({state}) could not be brought to this version, and was left as it was: {why}. "
                "Restore the last backup, or ask for help with this sentence.",
                state=state.value,
                why=str(error.orig),
            )
        ) from error
    finally:
        one.dispose()


def let_role_use(on: Engine, role: str) -> None:
    """Let a PostgreSQL role work with the database, and leave it no way to change or remove rows of the audit chain.

    Whoever calls owns the tables; `role` must be another role and not a superuser. To be repeated after a migration
    that makes tables. Raises BadUsage.
    """
    if on.dialect.name != "postgresql":
        raise BadUsage(words("Roles are a matter of PostgreSQL; a SQLite file belongs to whoever may write it."))
    with on.begin() as connection:
        known = text("SELECT rolsuper OR rolname = current_user FROM pg_roles WHERE rolname = :role")
        powerful = connection.execute(known, {"role": role}).scalar()
        if powerful is None:
            raise BadUsage(words("There is no role {role}. Create it first.", role=repr(role)))
        if powerful:
            raise BadUsage(
                words(
                    "The role {role} owns the tables or is a superuser: nothing can be kept from it.", role=repr(role)
                )
            )
        quoted = on.dialect.identifier_preparer.quote_identifier(role)
        for statement in ROLE_MAY:
            connection.exec_driver_sql(statement.format(role=quoted))
