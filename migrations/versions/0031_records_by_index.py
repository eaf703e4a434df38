"""the rows of a record are found by an index, those that do not hold any more too

Revision ID: 0031
Revises: 0030

Each save seals the whole record it touched; without an index every save read the whole table.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

NAMED_BY = (
    ("flag", "case_id"),
    ("task", "code"),
    ("coordination_request", "code"),
    ("restriction", "case_id"),
    ("restriction_reader", "restriction_id"),
    ("file_secrecy", "case_id"),
)


def upgrade() -> None:
    for table, column in NAMED_BY:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in reversed(NAMED_BY):
        op.drop_index(f"ix_{table}_{column}", table)
