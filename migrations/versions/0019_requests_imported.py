"""coordination requests come in by workbook; conclusions and documents are searched

Revision ID: 0019
Revises: 0018

The search table is derived: emptied here, it is made anew, with the new texts, when the program starts.
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def forget_search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_fts (search_fts) VALUES ('delete-all')")
    op.execute("DELETE FROM search_entry")


def upgrade() -> None:
    # plain SQL, for Alembic adds no column with a constraint on SQLite; the words are the same on both databases
    op.execute(
        "ALTER TABLE coordination_request ADD COLUMN batch_id INTEGER"
        " CONSTRAINT fk_coordination_request_batch_id_import_batch REFERENCES import_batch (id)"
    )
    op.create_index("ix_coordination_request_batch_id", "coordination_request", ["batch_id"])
    forget_search()


def downgrade() -> None:
    op.drop_index("ix_coordination_request_batch_id", "coordination_request")
    op.execute("ALTER TABLE coordination_request DROP COLUMN batch_id")
    forget_search()
