"""imports can be undone; headings are remembered; documents of files

Revision ID: 0009
Revises: 0008

Accused that earlier imports brought carry no number of their import; an undo leaves those as they are.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


CURRENT = sa.text("retracted_at IS NULL")


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def when() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    # plain SQL, for Alembic adds no column with a constraint on SQLite; the words are the same on both databases
    op.execute(
        "ALTER TABLE accused ADD COLUMN batch_id INTEGER"
        " CONSTRAINT fk_accused_batch_id_import_batch REFERENCES import_batch (id)"
    )
    op.create_index("ix_accused_batch_id", "accused", ["batch_id"])
    op.execute(
        "ALTER TABLE import_batch ADD COLUMN undone_by INTEGER"
        " CONSTRAINT fk_import_batch_undone_by_account REFERENCES account (id)"
    )
    op.add_column("import_batch", sa.Column("undone_at", when(), nullable=True))
    op.add_column("import_batch", sa.Column("undo_reason", text(500), nullable=True))
    op.create_table(
        "heading_map",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", text(120), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("retracted_at", when(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heading_map")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_heading_map_recorded_by_account")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_heading_map_retracted_by_account")),
    )
    op.create_index(
        "uq_heading_map_current", "heading_map", ["name"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )
    levels = ("none", "confidential", "secret", "top_secret")
    secrecy = sa.Enum(*levels, name="attachment_secrecy", native_enum=False, create_constraint=True, length=40)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("number", text(200), nullable=False),
        sa.Column("dated_on", sa.Date(), nullable=True),
        sa.Column("title", text(500), nullable=False),
        sa.Column("body", text(200), nullable=False),
        sa.Column("secrecy", secrecy, nullable=False),
        sa.Column("holder", text(200), nullable=False),
        sa.Column("file_name", text(200), nullable=False),
        sa.Column("media_type", text(100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("retracted_at", when(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", text(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_attachment_case_id_case_file")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_attachment_recorded_by_account")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_attachment_retracted_by_account")),
    )
    op.create_index("ix_attachment_case_id", "attachment", ["case_id"])
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"])


def downgrade() -> None:
    op.drop_table("attachment")
    op.drop_table("heading_map")
    with op.batch_alter_table("import_batch") as batch:
        for name in ("undone_at", "undone_by", "undo_reason"):
            batch.drop_column(name)
    op.drop_index("ix_accused_batch_id", "accused")
    with op.batch_alter_table("accused") as accused:
        accused.drop_column("batch_id")
