"""Who did what; what came in; what ran; what was issued."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Text
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import ReportKind, RunState


class AuditEntry(Base, table=True):
    """One link of the audit chain: `hash` covers the row's content and the hash before it. Never updated or deleted."""

    __tablename__ = "audit_entry"

    id: int = Field(primary_key=True)  # 1, 2, 3 … without gaps
    at: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")
    actor: str = Field(max_length=80)
    address: str = Field(default="", max_length=60)
    action: str = Field(max_length=60, index=True)
    subject: str = Field(default="", max_length=120, index=True)  # case:VA-2025-014
    before: str = Field(default="", sa_column=Column(Text, nullable=False))  # canonical JSON
    after: str = Field(default="", sa_column=Column(Text, nullable=False))
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


class ImportBatch(Base, table=True):
    """One applied import; facts point to it."""

    __tablename__ = "import_batch"

    id: int | None = Field(default=None, primary_key=True)
    file_name: str = Field(max_length=300)
    sha256: str = Field(max_length=64, index=True)
    counts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    applied_at: datetime
    applied_by: int | None = Field(default=None, foreign_key="account.id")
    undone_at: datetime | None = None
    undone_by: int | None = Field(default=None, foreign_key="account.id")
    undo_reason: str | None = Field(default=None, max_length=500)


class JobRun(Base, table=True):
    """One slot of a scheduled job; the key makes it run once, a silent owner can be taken over."""

    __tablename__ = "job_run"

    job: str = Field(max_length=40, primary_key=True)
    slot: str = Field(max_length=40, primary_key=True)  # 2026-11-21, or a longer name for sub-daily jobs
    owner: str = Field(max_length=120)
    state: RunState = stored_enum(RunState, "job_run_state")
    beat: datetime
    tries: int = 1
    started_at: datetime
    finished_at: datetime | None = None
    did: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    failed: list[Any] = Field(default_factory=list, sa_type=JSON)


class IssuedReport(Base, table=True):
    """A paper that was printed: what it said, so that it can be proved later."""

    __tablename__ = "issued_report"

    id: str = Field(max_length=36, primary_key=True)
    kind: ReportKind = stored_enum(ReportKind, "report_kind")
    period: str = Field(max_length=40)
    session_id: int | None = Field(default=None, foreign_key="committee_session.id")
    as_of: date
    known_at: datetime
    language: str = Field(max_length=5)
    figures: list[Any] = Field(default_factory=list, sa_type=JSON)
    figures_sha256: str = Field(max_length=64)
    created_at: datetime
    created_by: int | None = Field(default=None, foreign_key="account.id")


class DataVersion(Base, table=True):
    """One row, raised in every transaction that changes something; caches are keyed by it."""

    __tablename__ = "data_version"

    id: int = Field(default=1, primary_key=True)
    n: int = 0
