"""verdicts hold file by file

Revision ID: 0004
Revises: 0003

The verdicts that are stored stay; the next scan says of each how long it holds.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "judged_file",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("holds_until", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("stamp", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_judged_file_case_id_case_file")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_judged_file")),
    )
    stamp = sa.Column("stamp", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False, server_default="")
    op.add_column("scan_state", stamp)
    with op.batch_alter_table("scan_state") as scan_state:
        scan_state.alter_column("stamp", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("scan_state") as scan_state:
        scan_state.drop_column("stamp")
    op.drop_table("judged_file")
