"""what a merger, a split or a transfer says names another file, and is not searched

Revision ID: 0033
Revises: 0032

The search table is derived: emptied here, it is made anew, without it, when the program starts.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
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
