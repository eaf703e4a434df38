"""coordination requests, the end of a detention, flags of tasks about no file

Revision ID: 0005
Revises: 0004
"""

from typing import Any

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

EVENTS = (
    "report_received", "verification_started", "verification_extended", "report_suspended", "report_resumed",
    "not_initiated", "case_initiated", "accused_charged", "charge_changed", "detention_ordered",
    "detention_extended", "detention_ended", "wanted", "investigation_extended", "investigation_suspended", "investigation_resumed", "investigation_concluded",
    "reinvestigation", "file_to_procuracy", "returned_vks", "returned_court", "returned_for_additional_investigation",
    "prosecution_extended", "prosecution_decision", "file_delivery_extended", "case_accepted", "trial_prep_extended",
    "trial_decision", "trial_opening_extended", "hearing_postponed", "first_instance_trial_opened",
    "first_instance_judgment", "appeal_filed", "protest_filed",
    "appeal_file_received", "appellate_trial_opened", "appellate_judgment", "judgment_final", "cassation_protest",
    "cassation_decision", "terminated", "merged", "split", "transferred", "expert_requested", "expert_result",
    "valuation_requested", "valuation_result", "mla_requested", "assets_seized", "assets_released", "money_returned",
    "enforcement_decision", "no_means", "enforcement_completed", "inspection_opened", "inspection_extended",
    "inspection_concluded", "audit_concluded", "file_transferred_to_police", "party_discipline",
    "admin_discipline", "conclusion_carried_out",
    "placed_under_supervision", "supervision_ended", "progress_note",
)  # fmt: skip
NEW_EVENTS = (
    "detention_ended", "verification_extended", "file_delivery_extended", "trial_opening_extended",
    "inspection_extended",
)  # fmt: skip
OWNERS = (
    "committee", "internal_affairs", "police", "procuracy", "court", "enforcement", "inspectorate", "party_inspection",
    "audit", "valuation", "peoples_committee", "other",
)  # fmt: skip
CURRENT = sa.text("retracted_at IS NULL")
OPEN_TASK = sa.text("closed_on IS NULL AND case_id IS NULL")
KINDS = ("information", "document", "opinion", "joint_action", "valuation", "witness")


def text(length: int) -> Any:
    return sqlmodel.sql.sqltypes.AutoString(length=length)


def listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def on_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def allow_events(values: tuple[str, ...]) -> None:
    """The kinds of event that the table takes."""
    name = op.f("ck_case_event_event_kind")
    with op.batch_alter_table("case_event") as event:
        event.drop_constraint(name, type_="check")
        event.create_check_constraint(name, sa.text(f"kind IN ({listed(values)})"))


def ask_for_file(*, nullable: bool) -> None:
    """Whether a flag may stand without a file."""
    with op.batch_alter_table("flag") as flag:
        flag.alter_column("case_id", existing_type=sa.Integer(), nullable=nullable)
        if on_sqlite() and not nullable:
            flag.drop_constraint(op.f("ck_flag_flag_owner"), type_="check")
    if on_sqlite() and not nullable:
        check_owner_at_its_column()


def check_owner_at_its_column() -> None:
    """As the step that added the owner left it: SQLite drops no column that a check of the table names."""
    op.execute("ALTER TABLE flag RENAME COLUMN owner TO kept_owner")
    op.execute(
        f"ALTER TABLE flag ADD COLUMN owner VARCHAR(40) CONSTRAINT ck_flag_flag_owner CHECK (owner IN ({listed(OWNERS)}))"
    )
    op.execute("UPDATE flag SET owner = kept_owner")
    op.execute("ALTER TABLE flag DROP COLUMN kept_owner")


def upgrade() -> None:
    allow_events(EVENTS)
    ask_for_file(nullable=True)
    op.create_index(
        "uq_flag_open_task", "flag", ["rule", "subject"],
        unique=True, sqlite_where=OPEN_TASK, postgresql_where=OPEN_TASK,
    )  # fmt: skip
    kind = sa.Enum(*KINDS, name="coordination_kind", native_enum=False, create_constraint=True, length=40)
    when = sqlmodel.sql.sqltypes.UTCDateTime
    links = {
        "case_id": "case_file", "from_agency_id": "agency", "to_agency_id": "agency", "recorded_by": "account",
        "retracted_by": "account",
    }  # fmt: skip
    op.create_table(
        "coordination_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", text(40), nullable=False),
        sa.Column("document", text(200), nullable=False),
        sa.Column("document_on", sa.Date(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("from_agency_id", sa.Integer(), nullable=False),
        sa.Column("to_agency_id", sa.Integer(), nullable=False),
        sa.Column("kind", kind, nullable=False),
        sa.Column("subject", text(2000), nullable=False),
        sa.Column("legal_basis", text(500), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("reply_document", text(200), nullable=False),
        sa.Column("reply_summary", text(2000), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("escalated_on", sa.Date(), nullable=True),
        sa.Column("cancelled_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", when(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("retracted_at", when(), nullable=True),
        sa.Column("retracted_by", sa.Integer(), nullable=True),
        sa.Column("retract_reason", text(500), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_coordination_request_{column}_{to}"))
            for column, to in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordination_request")),
    )
    for column in ("case_id", "from_agency_id", "to_agency_id"):
        op.create_index(op.f(f"ix_coordination_request_{column}"), "coordination_request", [column], unique=False)
    op.create_index(
        "uq_coordination_request_current", "coordination_request", ["code"],
        unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT,
    )  # fmt: skip


def downgrade() -> None:
    """What the older version does not know goes: requests, flags of tasks about no file; an end of detention, or an
    extension that had no kind of its own, is kept as the note it was before."""
    op.drop_table("coordination_request")
    op.execute("DELETE FROM flag WHERE case_id IS NULL")
    op.drop_index("uq_flag_open_task", "flag")
    ask_for_file(nullable=False)
    op.execute(f"UPDATE case_event SET kind = 'progress_note' WHERE kind IN ({listed(NEW_EVENTS)})")
    allow_events(tuple(event for event in EVENTS if event not in NEW_EVENTS))
