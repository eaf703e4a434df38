"""Who did what; what came in; what ran; what was issued."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import ReportKind, RunState


class AuditEntry(Base, table=True):
    """One link of the audit chain: `hash` covers the row's content and the hash before it. Never updated or deleted.

    `seals` is the hash over the row's AuditSeal lines, "" without any; None in rows from before there were seals.
    """

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
    before_hash: str | None = Field(default=None, max_length=64)
    after_hash: str | None = Field(default=None, max_length=64)
    seals: str | None = Field(default=None, max_length=64)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


class AuditSeal(Base, table=True):
    """What one record held after the transaction of a row of the chain; "" if nothing of it was left.

    The last seal of a record is compared with its content (models.queries.audit). Never updated or deleted.
    """

    __tablename__ = "audit_seal"
    __table_args__ = (Index("ix_audit_seal_record", "kind", "key", "entry_id"),)

    entry_id: int = Field(foreign_key="audit_entry.id", primary_key=True)
    n: int = Field(primary_key=True)  # place in the list
    kind: str = Field(max_length=20)  # models.queries.sealed
    key: str = Field(max_length=120)
    digest: str = Field(max_length=64)


class AuditArchive(Base, table=True):
    """A piece of the chain that was written to a file, looked at there, and may leave the database. Never changed."""

    __tablename__ = "audit_archive"

    last: int = Field(primary_key=True)  # rows `first` to `last`
    first: int
    first_previous_hash: str = Field(max_length=64)
    last_hash: str = Field(max_length=64)
    file_name: str = Field(max_length=200)
    sha256: str = Field(max_length=64)  # of the file
    written_at: datetime


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
