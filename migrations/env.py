"""How Alembic reaches the database: a connection or address from the caller, `-x url=…`, or our settings."""

from alembic import context
from sqlalchemy import Connection

from models.db import make_engine
from models.settings import settings
from models.tables import metadata


def database_url() -> str:
    """The address to migrate: the caller's, else the command line's, else LIEM_DATABASE_URL."""
    from_caller = context.config.attributes.get("url")
    from_command_line = context.get_x_argument(as_dictionary=True).get("url")
    return str(from_caller or from_command_line or settings().database_url)


def run_on(connection: Connection) -> None:
    """Run the wanted steps in one transaction; SQLite tables are copied where it cannot alter them.

    While a table is copied, rows that point at it must not be deleted with the old copy: SQLite then checks foreign
    keys at the end instead of on the way. Raises RuntimeError, and changes nothing, if a row points nowhere.
    """
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        switch_foreign_keys(connection, "off")
    try:
        configure(connection)
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (lost := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"The migration would leave rows that point nowhere: {lost[:5]}")
    finally:
        if sqlite:
            connection.rollback()  # nothing is open after a commit; the pragma needs that
            switch_foreign_keys(connection, "on")


def switch_foreign_keys(connection: Connection, to: str) -> None:
    """On or off, past SQLAlchemy: inside its BEGIN the pragma would do nothing."""
    driver = connection.connection.dbapi_connection
    assert driver is not None
    driver.execute(f"PRAGMA foreign_keys={to}")


def configure(connection: Connection) -> None:
    """What autogenerate compares, and how."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )


def main() -> None:
    """Use the caller's open connection if there is one, else open our own."""
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        run_on(given)
        return
    engine = make_engine(database_url())
    try:
        with engine.connect() as connection:
            run_on(connection)
            connection.commit()
    finally:
        engine.dispose()


if context.is_offline_mode():
    raise SystemExit("liem writes no SQL scripts: run the migration against the database itself.")
main()
