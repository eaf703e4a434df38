"""versions of the calendar; who entered a version of a rule or a day, and why

Revision ID: 0003
Revises: 0002

The two tables are made anew and filled again: SQLite cannot add a checked column or change a primary key.
"""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ORIGIN = ("shipped", "administrator")
BEFORE_ALL = datetime(2018, 1, 1, tzinfo=UTC)  # a calendar without any rule: as if it had always been known
CURRENT = sa.text("retracted_at IS NULL")


def text(length: int) -> Any:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def when() -> Any:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def limit_columns(*more: sa.Column[Any]) -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", text(40), nullable=False),
        sa.Column("stage", text(60), nullable=False),
        sa.Column("severity", text(40), nullable=False),
        sa.Column("base_limit", text(60), nullable=False),
        sa.Column("extension_no", sa.Integer(), nullable=False),
        sa.Column("extension_length", text(60), nullable=False),
        sa.Column("max_total", text(40), nullable=False),
        sa.Column("article", text(60), nullable=False),
        sa.Column("law", text(200), nullable=False),
        sa.Column("notes", text(1000), nullable=False),
        sa.Column("verified", one_of("yes", "partial", "no", name="limit_verified"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("retracted_at", when(), nullable=True),
        *more,
    ]


def day_columns(*more: sa.Column[Any]) -> list[sa.Column[Any]]:
    kinds = ("holiday", "compensation", "swap_off", "swap_work")
    return [
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", one_of(*kinds, name="special_day_kind"), nullable=False),
        sa.Column("name_vi", text(200), nullable=False),
        sa.Column("name_en", text(200), nullable=False),
        sa.Column("name_fr", text(200), nullable=False),
        sa.Column("source", text(300), nullable=False),
        sa.Column("verified", one_of("yes", "partial", "no", name="special_day_verified"), nullable=False),
        *more,
    ]


def version_columns(prefix: str) -> list[sa.Column[Any]]:
    return [
        sa.Column("origin", one_of(*ORIGIN, name=f"{prefix}_origin"), nullable=False),
        sa.Column("reason", text(500), nullable=False),
        sa.Column("retracted_by", one_of(*ORIGIN, name=f"{prefix}_retracted_by"), nullable=True),
        sa.Column("retracted_reason", text(500), nullable=False),
    ]


def rows_of(name: str, columns: list[sa.Column[Any]], where: str = "") -> list[dict[str, Any]]:
    table = sa.table(name, *(sa.column(column.name, column.type) for column in columns))
    asked = sa.select(table).where(sa.text(where)) if where else sa.select(table)
    return [dict(row) for row in op.get_bind().execute(asked).mappings()]


def fill(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    """Insert the rows; on PostgreSQL the next id follows the last one."""
    if rows:
        op.bulk_insert(table, rows)
    if rows and "id" in rows[0] and op.get_bind().dialect.name == "postgresql":
        last = max(row["id"] for row in rows)
        op.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})"))


def index_limits() -> None:
    op.create_index(
        "uq_statutory_limit_current",
        "statutory_limit",
        ["code", "severity", "extension_no", "valid_from"],
        unique=True,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )


def upgrade() -> None:
    limits, days = rows_of("statutory_limit", limit_columns()), rows_of("special_day", day_columns())
    known_since = min((row["recorded_at"] for row in limits), default=BEFORE_ALL)
    shipped = {"origin": "shipped", "reason": "", "retracted_by": None, "retracted_reason": ""}

    op.drop_table("statutory_limit")
    table = op.create_table(
        "statutory_limit",
        *limit_columns(*version_columns("limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statutory_limit")),
    )
    fill(table, [row | shipped | {"retracted_by": "shipped" if row["retracted_at"] else None} for row in limits])
    index_limits()

    op.drop_table("special_day")
    versioned = [sa.Column("recorded_at", when(), nullable=False), sa.Column("retracted_at", when(), nullable=True)]
    table = op.create_table(
        "special_day",
        sa.Column("id", sa.Integer(), nullable=False),
        *day_columns(*versioned, *version_columns("special_day")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_day")),
    )
    days.sort(key=lambda row: row["day"])
    since = {"recorded_at": known_since, "retracted_at": None}
    fill(table, [row | shipped | since | {"id": number} for number, row in enumerate(days, start=1)])
    op.create_index(op.f("ix_special_day_day"), "special_day", ["day"], unique=False)
    op.create_index(
        "uq_special_day_current", "special_day", ["day"], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )


def downgrade() -> None:
    limits = rows_of("statutory_limit", limit_columns())
    days = rows_of("special_day", day_columns(), "retracted_at IS NULL")

    op.drop_table("statutory_limit")
    table = op.create_table(
        "statutory_limit", *limit_columns(), sa.PrimaryKeyConstraint("id", name=op.f("pk_statutory_limit"))
    )
    fill(table, limits)
    index_limits()

    op.drop_table("special_day")
    table = op.create_table("special_day", *day_columns(), sa.PrimaryKeyConstraint("day", name=op.f("pk_special_day")))
    fill(table, days)
