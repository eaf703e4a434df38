"""Proposals to place a file under the committee's supervision or to end it, and what was decided."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import SupervisionGround, SupervisionOutcome, SupervisionStep

WAITING = text("retracted_at IS NULL AND (outcome IS NULL OR outcome = 'deferred')")


class SupervisionProposal(Base, table=True):
    """One version of a proposal: a decision is a new version, `replaces_id` the one before it.

    At most one proposal of a kind waits for its decision per file. An accepted one names the event it wrote.
    """

    __tablename__ = "supervision_proposal"
    __table_args__ = (
        Index(
            "uq_supervision_proposal_waiting", "case_id", "step", unique=True, sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    step: SupervisionStep = stored_enum(SupervisionStep, "supervision_step")
    ground: SupervisionGround = stored_enum(SupervisionGround, "supervision_ground")
    reason: str = Field(default="", max_length=2000)
    proposed_on: date
    proposed_by: str = Field(max_length=200)  # the body or function that proposes, as written
    document: str = Field(default="", max_length=200)  # of the proposal
    report: str = Field(default="", max_length=200)  # result report, needed to end supervision
    outcome: SupervisionOutcome | None = stored_enum(
        SupervisionOutcome, "supervision_outcome", nullable=True, default=None
    )
    decided_on: date | None = None
    session_id: int | None = Field(default=None, foreign_key="committee_session.id", index=True)
    decision: str = Field(default="", max_length=200)  # document of the decision
    note: str = Field(default="", max_length=2000)  # why refused, deferred, withdrawn, or decided with open points
    open_points: list[Any] = Field(default_factory=list, sa_type=JSON)  # models.rules.words, encoded
    event_id: int | None = Field(default=None, foreign_key="case_event.id")
    replaces_id: int | None = Field(default=None, foreign_key="supervision_proposal.id")
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
