"""imports can be undone

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
    op.add_column("import_batch", sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("import_batch", sa.Column("undo_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_batch") as batch:
        for name in ("undone_at", "undone_by", "undo_reason"):
            batch.drop_column(name)
    op.drop_index("ix_accused_batch_id", "accused")
    with op.batch_alter_table("accused") as accused:
        accused.drop_column("batch_id")
