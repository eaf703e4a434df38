"""backups made and drills that proved them

Revision ID: 0013
Revises: 0010
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def when() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "backup",
        sa.Column("id", text(32), nullable=False),
        sa.Column("file_name", text(200), nullable=False),
        sa.Column("folder", text(1000), nullable=False),
        sa.Column("made_at", when(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", text(64), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("audit_rows", sa.Integer(), nullable=False),
        sa.Column("audit_head", text(64), nullable=False),
        sa.Column("removed_at", when(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup")),
    )
    op.create_index("ix_backup_made_at", "backup", ["made_at"])
    op.create_table(
        "restore_drill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("backup_id", text(32), nullable=False),
        sa.Column("file_name", text(200), nullable=False),
        sa.Column("backup_made_at", when(), nullable=True),
        sa.Column("drilled_at", when(), nullable=False),
        sa.Column("proved", sa.Boolean(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restore_drill")),
    )
    op.create_index("ix_restore_drill_drilled_at", "restore_drill", ["drilled_at"])


def downgrade() -> None:
    op.drop_table("restore_drill")
    op.drop_table("backup")
