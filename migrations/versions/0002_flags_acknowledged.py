"""flags say whose move it is and can be acknowledged; verdicts count no days

Revision ID: 0002
Revises: 0001

The verdicts are derived: they are thrown away, and the next scan writes them again.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

OWNERS = (
    "committee", "internal_affairs", "police", "procuracy", "court", "enforcement", "inspectorate", "party_inspection",
    "audit", "valuation", "peoples_committee", "other",
)  # fmt: skip
NAMED = sa.text("accused_id IS NOT NULL")


def upgrade() -> None:
    forget_verdicts()
    op.drop_column("judgement", "judged_on")
    op.drop_column("judgement", "days_late")
    # plain SQL, for Alembic adds no column with a constraint on SQLite; the words are the same on both databases
    owners = ", ".join(f"'{owner}'" for owner in OWNERS)
    op.execute(
        f"ALTER TABLE flag ADD COLUMN owner VARCHAR(40) CONSTRAINT ck_flag_flag_owner CHECK (owner IN ({owners}))"
    )
    op.execute(
        "ALTER TABLE flag ADD COLUMN acknowledged_by INTEGER"
        " CONSTRAINT fk_flag_acknowledged_by_account REFERENCES account (id)"
    )
    op.add_column("flag", sa.Column("acknowledged_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column("flag", sa.Column("acknowledged_reason", sqlmodel.sql.sqltypes.AutoString(length=500), nullable=True))
    op.add_column("flag", sa.Column("look_again_on", sa.Date(), nullable=True))
    op.create_index(
        "ix_case_event_accused_id", "case_event", ["accused_id"], sqlite_where=NAMED, postgresql_where=NAMED
    )


def downgrade() -> None:
    forget_verdicts()
    op.drop_index("ix_case_event_accused_id", "case_event")
    op.drop_column("flag", "owner")  # with its own check, as long as that stands at the column
    with op.batch_alter_table("flag") as flag:
        for name in ("look_again_on", "acknowledged_reason", "acknowledged_at", "acknowledged_by"):
            flag.drop_column(name)
    with op.batch_alter_table("judgement") as judgement:
        judgement.add_column(sa.Column("judged_on", sa.Date(), nullable=False))
        judgement.add_column(sa.Column("days_late", sa.Integer(), nullable=True))


def forget_verdicts() -> None:
    op.execute("DELETE FROM judgement")
    op.execute("DELETE FROM scan_state")
