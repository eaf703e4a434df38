"""lists of readers of restricted files; levels of secrecy of files

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

CURRENT = sa.text("retracted_at IS NULL")
LEVELS = ("none", "confidential", "secret", "top_secret")


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def when() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def recorded(table: str) -> list[sa.Column | sa.ForeignKeyConstraint]:
    """When and by whom it was recorded and retracted."""
    return [
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("retracted_at", when(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f(f"fk_{table}_recorded_by_account")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f(f"fk_{table}_retracted_by_account")),
    ]


def current(name: str, table: str, *columns: str) -> None:
    """At most one row of these columns is not retracted."""
    op.create_index(name, table, list(columns), unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT)


def upgrade() -> None:
    op.create_table(
        "restriction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("reason", text(500), nullable=False),
        *recorded("restriction"),
        sa.Column("retract_reason", text(500), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_restriction_case_id_case_file")),
    )
    current("uq_restriction_current", "restriction", "case_id")
    op.create_table(
        "restriction_reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restriction_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        *recorded("restriction_reader"),
        sa.ForeignKeyConstraint(
            ["restriction_id"], ["restriction.id"], name=op.f("fk_restriction_reader_restriction_id_restriction")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_restriction_reader_account_id_account")),
    )
    current("uq_restriction_reader_current", "restriction_reader", "restriction_id", "account_id")
    op.create_index("ix_restriction_reader_account_id", "restriction_reader", ["account_id"])
    op.create_table(
        "file_secrecy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(*LEVELS, name="file_secrecy_level", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("document", text(200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("holder", text(200), nullable=False),
        *recorded("file_secrecy"),
        sa.Column("retract_reason", text(500), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_file_secrecy_case_id_case_file")),
    )
    current("uq_file_secrecy_current", "file_secrecy", "case_id")


def downgrade() -> None:
    op.drop_table("file_secrecy")
    op.drop_table("restriction_reader")
    op.drop_table("restriction")
