"""What somebody has typed into a form and not yet saved."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from models.base import Base

UNSENT = text("submitted_at IS NULL")


class FormDraft(Base, table=True):
    """One form of one account about one subject. No fact: private, not audited, and emptied once it is submitted.

    The token makes a submission happen once: a double click or a second window finds it taken.
    """

    __tablename__ = "form_draft"
    __table_args__ = (
        Index(
            "uq_form_draft_unsent", "account_id", "form", "subject", unique=True,
            sqlite_where=UNSENT, postgresql_where=UNSENT,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    form: str = Field(max_length=40)  # event
    subject: str = Field(max_length=120)  # case:VA-2026-001, or case:VA-2026-001/event:12
    token: str = Field(max_length=64, unique=True)
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # as typed
    revision: int | None = None  # of the file when the form was first shown
    saved_at: datetime = Field(index=True)
    submitted_at: datetime | None = None
