"""What belongs to a session: its earlier records, its agenda, who attended, what it concluded."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import AgendaKind, Presence, SessionKind, SessionStatus
from models.tables.case import CURRENT


class SessionVersion(Base, table=True):
    """What the record of a session said from `recorded_at` until it was changed at `retracted_at`."""

    __tablename__ = "session_version"

    session_id: int = Field(foreign_key="committee_session.id", primary_key=True)
    version: int = Field(primary_key=True)
    term: str = Field(max_length=20)
    kind: SessionKind = stored_enum(SessionKind, "session_version_kind")
    number: int
    held_on: date
    place: str = Field(default="", max_length=200)
    subject: str = Field(default="", max_length=500)
    notice: str = Field(default="", max_length=200)
    notice_on: date | None = None
    chair: str = Field(default="", max_length=120)
    is_extraordinary: bool = False
    status: SessionStatus = stored_enum(SessionStatus, "session_version_status")
    recorded_at: datetime
    retracted_at: datetime
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)


class AgendaItem(Base, table=True):
    """A point of a session's agenda; a point about a file or a task may do without a title of its own.

    `number` is its present place; `point` names it in its session, whatever is said of it and wherever it stands.
    """

    __tablename__ = "agenda_item"
    __table_args__ = (
        Index(
            "uq_agenda_item_current", "session_id", "number", unique=True, sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index(
            "uq_agenda_item_point", "session_id", "point", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="committee_session.id", index=True)
    number: int
    point: int
    kind: AgendaKind = stored_enum(AgendaKind, "agenda_item_kind")
    title: str = Field(default="", max_length=500)
    note: str = Field(default="", max_length=2000)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    task_code: str = Field(default="", max_length=40)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")


class Attendance(Base, table=True):
    """Whether the holder of a function attended; people are named by their function only."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index(
            "uq_attendance_current", "session_id", "function", unique=True, sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="committee_session.id", index=True)
    number: int  # place in the list
    function: str = Field(max_length=200)
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    presence: Presence = stored_enum(Presence, "attendance_presence")
    note: str = Field(default="", max_length=500)  # function of the representative, reason of an absence
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")


class Conclusion(Base, table=True):
    """One line of a session's conclusions. The tasks made of it carry its session and number."""

    __tablename__ = "conclusion"
    __table_args__ = (
        Index(
            "uq_conclusion_current", "session_id", "item_no", unique=True, sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    session_id: int = Field(foreign_key="committee_session.id", index=True)
    item_no: int
    text: str = Field(max_length=2000)
    lead_agency_id: int | None = Field(default=None, foreign_key="agency.id")
    due_on: date | None = None
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
