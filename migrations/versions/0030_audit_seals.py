"""the audit chain says what each record held; nothing of it can be changed or removed

Revision ID: 0030
Revises: 0022

`liem migrate` seals what is there afterwards: hashing is not for the database to do. Rows from before keep their hash
of the old kind; their new columns stay empty.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0030"
down_revision = "0022"
branch_labels = None
depends_on = None

ARCHIVED = (
    "SELECT 1 FROM audit_archive WHERE audit_archive.first <= OLD.{column} AND audit_archive.last >= OLD.{column}"
)
GUARDED = (("audit_entry", "id"), ("audit_seal", "entry_id"), ("audit_archive", ""))
SAID = "the audit chain is written once"


def upgrade() -> None:
    for name in ("before_hash", "after_hash", "seals"):
        op.add_column("audit_entry", sa.Column(name, text(64), nullable=True))
    op.create_table(
        "audit_seal",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("kind", text(20), nullable=False),
        sa.Column("key", text(120), nullable=False),
        sa.Column("digest", text(64), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "n", name=op.f("pk_audit_seal")),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_seal_entry_id_audit_entry")),
    )
    op.create_index("ix_audit_seal_record", "audit_seal", ["kind", "key", "entry_id"])
    op.create_table(
        "audit_archive",
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("first_previous_hash", text(64), nullable=False),
        sa.Column("last_hash", text(64), nullable=False),
        sa.Column("file_name", text(200), nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        sa.Column("written_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("last", name=op.f("pk_audit_archive")),
    )
    (guard_sqlite if on_sqlite() else guard_postgresql)()


def downgrade() -> None:
    for table, _ in GUARDED:
        if on_sqlite():
            op.execute(f"DROP TRIGGER {table}_kept")
            op.execute(f"DROP TRIGGER {table}_stays")
        else:
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
            op.execute(f"DROP TRIGGER {table}_never_emptied ON {table}")
    op.drop_table("audit_archive")
    op.drop_table("audit_seal")
    with op.batch_alter_table("audit_entry") as batch:
        for name in ("before_hash", "after_hash", "seals"):
            batch.drop_column(name)
    if not on_sqlite():
        op.execute("DROP FUNCTION liem_audit_kept()")


def on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def guard_sqlite() -> None:
    """No row is changed; none is removed but those of a piece that was archived."""
    for table, column in GUARDED:
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{SAID}'); END")
        unless = f" WHEN NOT EXISTS ({ARCHIVED.format(column=column)})" if column else ""
        op.execute(
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table}{unless} BEGIN SELECT RAISE(ABORT, '{SAID}'); END"
        )


def guard_postgresql() -> None:
    """The same; and the tables are never emptied at once."""
    op.execute(
        f"""
        CREATE FUNCTION liem_audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_entry' THEN
                IF EXISTS ({ARCHIVED.format(column="id")}) THEN RETURN OLD; END IF;
            ELSIF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit_seal' THEN
                IF EXISTS ({ARCHIVED.format(column="entry_id")}) THEN RETURN OLD; END IF;
            END IF;
            RAISE EXCEPTION '{SAID}';
        END $$
        """
    )
    for table, _ in GUARDED:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION liem_audit_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION liem_audit_kept()"
        )
