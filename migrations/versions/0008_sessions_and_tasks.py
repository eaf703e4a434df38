"""sessions with agenda, attendance and conclusions; claims and verdicts of tasks

Revision ID: 0008
Revises: 0007

Sessions recorded before were held: nothing could be planned.
"""

from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATUS = ("planned", "held", "concluded")
ADDED = ("status", "is_extraordinary", "chair", "notice_on", "version")
CURRENT = sa.text("retracted_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("committee_session") as held:
        status = one_of(*STATUS, name="session_status")
        held.add_column(sa.Column("status", status, nullable=False, server_default="held"))
        held.add_column(sa.Column("is_extraordinary", sa.Boolean(), nullable=False, server_default=sa.false()))
        held.add_column(sa.Column("chair", text(120), nullable=False, server_default=sa.text("''")))
        held.add_column(sa.Column("notice_on", sa.Date(), nullable=True))
        held.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    make_session_version()
    kinds = one_of("report", "file", "task", "proposal", "other", name="agenda_item_kind")
    make(
        "agenda_item", "number",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("title", text(500), nullable=False),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), nullable=True),
        sa.Column("task_code", text(40), nullable=False),
    )  # fmt: skip
    presence = one_of("present", "represented", "absent", name="attendance_presence")
    make(
        "attendance", "function",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("function", text(200), nullable=False),
        sa.Column("agency_id", sa.Integer(), sa.ForeignKey("agency.id"), nullable=True),
        sa.Column("presence", presence, nullable=False),
        sa.Column("note", text(500), nullable=False),
    )  # fmt: skip
    make(
        "conclusion", "item_no",
        sa.Column("item_no", sa.Integer(), nullable=False),
        sa.Column("text", text(2000), nullable=False),
        sa.Column("lead_agency_id", sa.Integer(), sa.ForeignKey("agency.id"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("case_file.id"), nullable=True),
        sa.Column("retract_reason", text(500), nullable=False),
    )  # fmt: skip
    op.create_index("ix_agenda_item_case_id", "agenda_item", ["case_id"])
    op.create_index("ix_conclusion_case_id", "conclusion", ["case_id"])
    make_task_step()


def downgrade() -> None:
    """The older version knows no plans: it would count them as held. One that a task or a decision names stays."""
    for name in ("task_step", "conclusion", "attendance", "agenda_item", "session_version"):
        op.drop_table(name)
    named = " UNION ".join(
        f"SELECT session_id FROM {table} WHERE session_id IS NOT NULL" for table in ("task", "supervision_proposal")
    )
    op.execute(f"DELETE FROM committee_session WHERE status = 'planned' AND id NOT IN ({named})")
    with op.batch_alter_table("committee_session") as held:
        held.drop_constraint(op.f("ck_committee_session_session_status"), type_="check")
        for name in ADDED:
            held.drop_column(name)


def text(length: int) -> Any:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def when() -> Any:
    return sqlmodel.sql.sqltypes.UTCDateTime()


def one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def recorded() -> list[sa.Column[Any]]:
    return [
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("retracted_at", when(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
    ]


def make(name: str, key: str, *columns: sa.Column[Any]) -> None:
    """A table of lines of a session, of which one per `key` is current."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("committee_session.id"), nullable=False),
        *columns,
        *recorded(),
    )
    op.create_index(f"ix_{name}_session_id", name, ["session_id"])
    op.create_index(
        f"uq_{name}_current", name, ["session_id", key], unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
    )


def make_session_version() -> None:
    op.create_table(
        "session_version",
        sa.Column("session_id", sa.Integer(), sa.ForeignKey("committee_session.id"), primary_key=True),
        sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("place", text(200), nullable=False),
        sa.Column("subject", text(500), nullable=False),
        sa.Column("notice", text(200), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=True),
        sa.Column("chair", text(120), nullable=False),
        sa.Column("is_extraordinary", sa.Boolean(), nullable=False),
        sa.Column("status", one_of(*STATUS, name="session_version_status"), nullable=False),
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("retracted_at", when(), nullable=False),
        sa.Column("retracted_by", sa.Integer(), sa.ForeignKey("account.id"), nullable=True),
        sa.Column("retract_reason", text(500), nullable=False),
    )


def make_task_step() -> None:
    kinds = one_of("progress", "claimed", "accepted", "returned", "cancelled", name="task_step_kind")
    op.create_table(
        "task_step",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("code", text(40), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("claimed_on", sa.Date(), nullable=True),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("evidence", text(500), nullable=False),
        *recorded(),
        sa.Column("retract_reason", text(500), nullable=False),
    )
    op.create_index("ix_task_step_code", "task_step", ["code"])
