"""What a database of any version says of itself: its migration, its rows, its chain."""

from dataclasses import dataclass

from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, func, inspect, select, table, text
from sqlalchemy.exc import DBAPIError

from models.base import metadata

GENESIS = "0" * 64
CONTENT = ("case_file", "task", "committee_session", "issued_report")  # what nobody may lose by a restore


@dataclass(frozen=True)
class State:
    """A database at one moment. `audit_head` is zeros for an empty chain, `installation` the hash of its first row."""

    migration: str
    rows: dict[str, int]
    audit_rows: int
    audit_head: str
    installation: str
    server: str


def state_of(connection: Connection) -> State:
    """The state of the connection's database, counted in the connection's own moment."""
    context = MigrationContext.configure(connection)
    names = sorted(inspect(connection).get_table_names())
    return State(
        migration=",".join(sorted(context.get_current_heads())),
        rows={name: _count(connection, name) for name in names},
        audit_rows=_count(connection, "audit_entry") if "audit_entry" in names else 0,
        audit_head=_hash(connection, "DESC") if "audit_entry" in names else GENESIS,
        installation=_hash(connection, "ASC") if "audit_entry" in names else GENESIS,
        server=_server(connection),
    )


def holds_content(engine: Engine) -> bool:
    """Whether the database holds files, tasks, sessions or papers; also of another version. Raises DBAPIError."""
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        return any(_count(connection, name) for name in CONTENT if name in there)


def known_tables() -> set[str]:
    """The tables of this version."""
    return {*metadata.tables, "alembic_version"}


def data_version(engine: Engine) -> int:
    """The number that caches are keyed by; 0 where there is none."""
    try:
        with engine.connect() as connection:
            return int(connection.execute(text("SELECT n FROM data_version WHERE id = 1")).scalar() or 0)
    except DBAPIError:
        return 0


def _count(connection: Connection, name: str) -> int:
    return int(connection.execute(select(func.count()).select_from(table(name))).scalar_one())


def _hash(connection: Connection, order: str) -> str:
    asked = {
        "ASC": text("SELECT hash FROM audit_entry ORDER BY id ASC LIMIT 1"),
        "DESC": text("SELECT hash FROM audit_entry ORDER BY id DESC LIMIT 1"),
    }
    return str(connection.execute(asked[order]).scalar() or GENESIS)


def _server(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        return str(connection.execute(text("SHOW server_version")).scalar_one())
    return str(connection.execute(text("SELECT sqlite_version()")).scalar_one())
