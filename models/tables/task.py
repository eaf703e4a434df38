"""Sessions of the committee, and what it asked whom to do by when."""

from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint, false, text
from sqlmodel import Field

from models.base import Base, enum_type, stored_enum
from models.enums import SessionKind, SessionStatus, TaskOrigin, TaskStepKind
from models.tables.case import CURRENT


class CommitteeSession(Base, table=True):
    """A session of the committee or meeting of its Standing members, numbered per term.

    The row says what is known now; `version` rises with every change of the session, its agenda, attendance and
    conclusions, and what the row said before stands in SessionVersion. `held_on` is the day it is planned for until it
    is held.
    """

    __tablename__ = "committee_session"
    __table_args__ = (UniqueConstraint("term", "kind", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    term: str = Field(max_length=20)  # 2025-2030
    kind: SessionKind = stored_enum(SessionKind, "session_kind")
    number: int
    held_on: date
    place: str = Field(default="", max_length=200)
    subject: str = Field(default="", max_length=500)
    notice: str = Field(default="", max_length=200)  # number of the notice of conclusions
    recorded_at: datetime
    status: SessionStatus = Field(
        default=SessionStatus.HELD,
        sa_column=Column(enum_type(SessionStatus, "session_status"), nullable=False, server_default="held"),
    )
    is_extraordinary: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    chair: str = Field(default="", max_length=120, sa_column_kwargs={"server_default": text("''")})  # by function
    notice_on: date | None = None
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})


class Task(Base, table=True):
    """One version of a task; versions share the code, at most one is current."""

    __tablename__ = "task"
    __table_args__ = (
        Index("uq_task_current", "code", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
        Index("ix_task_due_on", "due_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, index=True)  # NV-2026-001
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    session_id: int | None = Field(default=None, foreign_key="committee_session.id", index=True)
    item_no: int | None = None  # line of the session's conclusions
    origin: TaskOrigin = stored_enum(TaskOrigin, "task_origin")
    content: str = Field(max_length=2000)
    lead_agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    responsible_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    assigned_on: date
    due_on: date | None = None
    claimed_on: date | None = None  # the agency says it is done
    done_on: date | None = None  # the secretariat accepts it
    cancelled_on: date | None = None
    progress: str = Field(default="", max_length=2000)
    evidence: str = Field(default="", max_length=500)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)


class TaskAgency(Base, table=True):
    """An agency that cooperates in a task version."""

    __tablename__ = "task_agency"

    task_id: int = Field(foreign_key="task.id", primary_key=True)
    agency_id: int = Field(foreign_key="agency.id", primary_key=True)


class TaskStep(Base, table=True):
    """A claim, verdict, report of progress or cancellation of a task; a step taken back is retracted.

    A verdict names the claim it answers (`claimed_on`): the task counted as reported done from that day to the verdict.
    """

    __tablename__ = "task_step"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, index=True)  # of the task
    kind: TaskStepKind = stored_enum(TaskStepKind, "task_step_kind")
    happened_on: date
    claimed_on: date | None = None
    note: str = Field(default="", max_length=2000)
    evidence: str = Field(default="", max_length=500)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
