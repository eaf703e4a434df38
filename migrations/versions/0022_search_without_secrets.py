"""documents with a level, and conclusions about a file, are not searched

Revision ID: 0022
Revises: 0021

The search table is derived: emptied here, it is made anew, without them, when the program starts.
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def forget_search() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO search_fts (search_fts) VALUES ('delete-all')")
    op.execute("DELETE FROM search_entry")


def upgrade() -> None:
    forget_search()


def downgrade() -> None:
    forget_search()
