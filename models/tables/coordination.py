"""What one agency asked another for in writing, and what became of it."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import CoordinationKind
from models.tables.case import CURRENT


class CoordinationRequest(Base, table=True):
    """One version of a coordination request; versions share the code, at most one is current.

    A partial reply has its day and document in `replied_on` and `reply_document` while `partial` is set: the request
    still waits for the rest.
    """

    __tablename__ = "coordination_request"
    __table_args__ = (
        Index("uq_coordination_request_current", "code", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, index=True)  # PH-2026-001
    document: str = Field(default="", max_length=200)  # number and symbol of the paper
    document_on: date | None = None
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    from_agency_id: int = Field(foreign_key="agency.id", index=True)
    to_agency_id: int = Field(foreign_key="agency.id", index=True)
    kind: CoordinationKind = stored_enum(CoordinationKind, "coordination_kind")
    subject: str = Field(max_length=2000)
    legal_basis: str = Field(default="", max_length=500)
    urgent: bool = False
    sent_on: date
    received_on: date | None = None
    due_on: date | None = None  # the day that the request itself asks for
    replied_on: date | None = None
    reply_document: str = Field(default="", max_length=200)
    reply_summary: str = Field(default="", max_length=2000)
    partial: bool = False
    escalated_on: date | None = None
    cancelled_on: date | None = None
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
