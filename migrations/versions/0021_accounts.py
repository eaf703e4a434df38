"""second factors, recovery codes, old passwords, failures by address, steps of a sign-in, reviews of accounts

Revision ID: 0021
Revises: 0020

Taken back, accounts sign in with their password alone again, and second factors have to be set up anew.
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def text(length: int) -> sqlmodel.sql.sqltypes.AutoString:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def when() -> sqlmodel.sql.sqltypes.UTCDateTime:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def account_key(table: str, column: str = "account_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["account.id"], name=op.f(f"fk_{table}_{column}_account"))


def upgrade() -> None:
    for name in ("password_changed_at", "enabled_at"):
        op.add_column("account", sa.Column(name, when(), nullable=True))
    op.add_column("account", sa.Column("disabled_because", text(20), nullable=True))
    op.add_column("sign_in", sa.Column("method", text(10), nullable=True))
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", text(400), nullable=False),
        sa.Column("confirmed_at", when(), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("next_secret", text(400), nullable=False),
        sa.Column("next_at", when(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
        account_key("second_factor"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_sha256", text(64), nullable=False),
        sa.Column("created_at", when(), nullable=False),
        sa.Column("used_at", when(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_sha256", name=op.f("uq_recovery_code_code_sha256")),
        account_key("recovery_code"),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"])
    op.create_table(
        "sign_in_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", text(64), nullable=False),
        sa.Column("kind", text(10), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("method", text(10), nullable=True),
        sa.Column("sealed", text(1000), nullable=False),
        sa.Column("address", text(60), nullable=False),
        sa.Column("created_at", when(), nullable=False),
        sa.Column("expires_at", when(), nullable=False),
        sa.Column("used_at", when(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_step")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_sign_in_step_token_sha256")),
        account_key("sign_in_step"),
    )
    op.create_table(
        "address_failure",
        sa.Column("address", text(60), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", when(), nullable=False),
        sa.Column("waits_until", when(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_address_failure")),
    )
    op.create_table(
        "password_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("password_hash", text(200), nullable=False),
        sa.Column("set_at", when(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_history")),
        account_key("password_history"),
    )
    op.create_index(op.f("ix_password_history_account_id"), "password_history", ["account_id"])
    op.create_table(
        "account_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signed_at", when(), nullable=False),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("accounts", sa.Integer(), nullable=False),
        sa.Column("list_sha256", text(64), nullable=False),
        sa.Column("note", text(500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_review")),
        account_key("account_review", "signed_by"),
    )


def downgrade() -> None:
    for table in (
        "account_review",
        "password_history",
        "address_failure",
        "sign_in_step",
        "recovery_code",
        "second_factor",
    ):
        op.drop_table(table)
    op.drop_column("sign_in", "method")
    for name in ("disabled_because", "enabled_at", "password_changed_at"):
        op.drop_column("account", name)
