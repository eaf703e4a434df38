"""what is recorded on screen

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


CORRECTED = ("case_event", "accused", "money_entry")  # a corrected fact names the one it replaces
UNSENT = sa.text("submitted_at IS NULL")


def upgrade() -> None:
    make_form_draft()
    make_difficulty()
    for table in CORRECTED:
        op.add_column(table, sa.Column("replaces_id", sa.Integer(), nullable=True))


def downgrade() -> None:
    for table in CORRECTED:
        op.drop_column(table, "replaces_id")
    op.drop_table("difficulty")
    op.drop_table("form_draft")


def make_form_draft() -> None:
    """What somebody has typed into a form and not yet saved."""
    op.create_table(
        "form_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("subject", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("token", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("submitted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_form_draft_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        sa.UniqueConstraint("token", name=op.f("uq_form_draft_token")),
    )
    op.create_index(op.f("ix_form_draft_saved_at"), "form_draft", ["saved_at"])
    op.create_index(
        "uq_form_draft_unsent", "form_draft", ["account_id", "form", "subject"],
        unique=True, sqlite_where=UNSENT, postgresql_where=UNSENT,
    )  # fmt: skip


def make_difficulty() -> None:
    """What stands in the way of a file, and what is proposed about it."""
    text = sqlmodel.sql.sqltypes.AutoString
    kinds = sa.Enum(
        "difficulty", "proposal", name="difficulty_kind", native_enum=False, create_constraint=True, length=40
    )
    op.create_table(
        "difficulty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("text", text(length=2000), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_by", text(length=200), nullable=False),
        sa.Column("addressed_to", text(length=200), nullable=False),
        sa.Column("addressed_to_id", sa.Integer(), nullable=True),
        sa.Column("answer", text(length=2000), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("retracted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", text(length=500), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_difficulty_case_id_case_file")),
        sa.ForeignKeyConstraint(["addressed_to_id"], ["agency.id"], name=op.f("fk_difficulty_addressed_to_id_agency")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_difficulty_recorded_by_account")),
        sa.ForeignKeyConstraint(["retracted_by"], ["account.id"], name=op.f("fk_difficulty_retracted_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difficulty")),
    )
    op.create_index(op.f("ix_difficulty_case_id"), "difficulty", ["case_id"])
    op.create_index(op.f("ix_difficulty_addressed_to_id"), "difficulty", ["addressed_to_id"])
