"""What somebody does who has the database's own tools: no trigger, foreign key or check stands in the way."""

from sqlalchemy import Connection

CHAIN = ("audit_entry", "audit_seal", "audit_archive")


def unguarded(connection: Connection) -> None:
    """Until this transaction ends, rows of the audit chain can be changed and removed."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=on")
        for table in CHAIN:
            for what in ("kept", "stays"):
                connection.exec_driver_sql(f"DROP TRIGGER {table}_{what}")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
