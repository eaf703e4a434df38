"""three more roles; a clearance is one of the levels of secrecy

Revision ID: 0010
Revises: 0009

A clearance that is no level becomes "none": it let nobody read anything. Back to 0009, accounts of the new roles are
kept, and disabled: an older program would give them no right.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = ("member", "secretariat", "administrator", "system")
AFTER = ("member", "secretariat", "lead", "agency", "auditor", "administrator", "system")
LEVELS = ("none", "confidential", "secret", "top_secret")

account = sa.table(
    "account",
    sa.column("role", sa.String),
    sa.column("clearance", sa.String),
    sa.column("disabled_at", sqlmodel.sql.sqltypes.UTCDateTime()),
    sa.column("created_at", sqlmodel.sql.sqltypes.UTCDateTime()),
)


def levels() -> sa.Enum:
    return sa.Enum(*LEVELS, name="account_clearance", native_enum=False, create_constraint=False, length=40)


def roles(names: tuple[str, ...]) -> str:
    return "role IN ({})".format(", ".join(f"'{name}'" for name in names))


def upgrade() -> None:
    op.execute(account.update().where(account.c.clearance.not_in(LEVELS)).values(clearance="none"))
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(op.f("ck_account_account_role"), type_="check")
        batch.create_check_constraint(op.f("ck_account_account_role"), roles(AFTER))
        batch.alter_column("clearance", type_=levels(), existing_type=sa.String(20), existing_nullable=False)
        batch.create_check_constraint(
            op.f("ck_account_account_clearance"), "clearance IN ({})".format(", ".join(f"'{name}'" for name in LEVELS))
        )


def downgrade() -> None:
    new = account.c.role.in_(("lead", "agency", "auditor"))
    op.execute(account.update().where(new, account.c.disabled_at.is_(None)).values(disabled_at=account.c.created_at))
    op.execute(account.update().where(new).values(role="member"))
    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(op.f("ck_account_account_clearance"), type_="check")
        batch.drop_constraint(op.f("ck_account_account_role"), type_="check")
        batch.create_check_constraint(op.f("ck_account_account_role"), roles(BEFORE))
        batch.alter_column("clearance", type_=sa.String(20), existing_type=levels(), existing_nullable=False)
