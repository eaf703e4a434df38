"""a merger says which file goes on

Revision ID: 0018
Revises: 0013

On the way back such an event is a merger that does not say it, as before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0013"
branch_labels = None
depends_on = None

EVENTS = (
    "report_received", "verification_started", "verification_extended", "report_suspended", "report_resumed",
    "not_initiated", "case_initiated", "accused_charged", "charge_changed", "detention_ordered",
    "detention_extended", "detention_ended", "wanted", "investigation_extended", "investigation_suspended",
    "investigation_resumed", "investigation_concluded", "reinvestigation", "file_to_procuracy", "returned_vks",
    "returned_court", "returned_for_additional_investigation", "prosecution_extended", "prosecution_decision",
    "file_delivery_extended", "case_accepted", "trial_prep_extended", "trial_decision", "trial_opening_extended",
    "hearing_postponed", "first_instance_trial_opened", "first_instance_judgment", "appeal_filed", "protest_filed",
    "appeal_file_received", "appellate_trial_opened", "appellate_judgment", "judgment_final", "cassation_protest",
    "cassation_decision", "terminated", "merged", "split", "transferred", "expert_requested", "expert_result",
    "valuation_requested", "valuation_result", "mla_requested", "assets_seized", "assets_released",
    "money_returned", "enforcement_decision", "no_means", "enforcement_completed", "inspection_opened",
    "inspection_extended", "inspection_concluded", "audit_concluded", "file_transferred_to_police",
    "party_discipline", "admin_discipline", "conclusion_carried_out", "placed_under_supervision",
    "supervision_ended", "progress_note",
)  # fmt: skip
NEW_EVENTS = ("merged_into", "merged_from")
MERGED_INTO = sa.text("kind = 'merged_into'")


def allow_events(values: tuple[str, ...]) -> None:
    """The kinds of event that the table takes."""
    name = op.f("ck_case_event_event_kind")
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("case_event") as event:
        event.drop_constraint(name, type_="check")
        event.create_check_constraint(name, sa.text(f"kind IN ({listed})"))


def upgrade() -> None:
    allow_events(EVENTS + NEW_EVENTS)
    op.create_index(
        "ix_case_event_merged_into", "case_event", ["case_id"],
        sqlite_where=MERGED_INTO, postgresql_where=MERGED_INTO,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_case_event_merged_into", "case_event")
    op.execute("UPDATE case_event SET kind = 'merged' WHERE kind IN ('merged_into', 'merged_from')")
    allow_events(EVENTS)
