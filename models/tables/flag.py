"""What the scan found, and what was sent about it."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Base, enum_type, money, stored_enum
from models.enums import AgencyKind, Bucket, FlagRule, Kind, Quantity, Stage

OPEN = text("closed_on IS NULL")
OPEN_TASK = text("closed_on IS NULL AND case_id IS NULL")


class Judgement(Base, table=True):
    """The scan's last verdict on one open file; a file that is not open has none. Derived: may be rebuilt any time.

    Nothing here counts days, so that a file without news is not written again: JudgedFile says for which days it holds,
    and models.queries.judged puts the sentence with the days before `why`.
    """

    __tablename__ = "judgement"
    __table_args__ = (
        Index("ix_judgement_bucket_owner", "bucket", "owner"),
        Index("ix_judgement_stage", "stage", "stage_since"),
    )

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    kind: Kind = stored_enum(Kind, "judgement_kind")
    bucket: Bucket = stored_enum(Bucket, "judgement_bucket")
    stage: Stage = stored_enum(Stage, "judgement_stage")
    stage_since: date | None = None
    round: int = 1
    owner: AgencyKind = stored_enum(AgencyKind, "judgement_owner")
    rule: str = Field(default="", max_length=40)
    article: str = Field(default="", max_length=60)
    start_on: date | None = None
    due_on: date | None = None
    approximate: bool = False
    last_event_on: date | None = None
    why: list[list[object]] = Field(default_factory=list, sa_type=JSON)  # models.rules.words, encoded


class JudgedFile(Base, table=True):
    """For which days the stored verdict on a file holds, of a file that is not open too. Derived.

    It holds from `judged_on` to `holds_until`, as long as the file's revision is `revision` and law, calendar,
    thresholds and program are those of `stamp` (models.queries.judged). A file that is not open has no Judgement.
    """

    __tablename__ = "judged_file"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    is_open: bool
    judged_on: date
    holds_until: date
    revision: int
    stamp: str = Field(max_length=16)


class ScanState(Base, table=True):
    """One row: for which day the judgements were written, and from which data and rules."""

    __tablename__ = "scan_state"

    id: int = Field(default=1, primary_key=True)
    as_of: date
    data_version: int
    open_files: int
    written_at: datetime
    stamp: str = Field(default="", max_length=16)


class MoneyLine(Base, table=True):
    """What one line of a file's money was worth on the day of the scan, `high` * 10**9 + `low`. Derived."""

    __tablename__ = "money_line"

    case_id: int = Field(primary_key=True, foreign_key="case_file.id")
    line: Quantity = Field(sa_column=Column(enum_type(Quantity, "money_line_line"), primary_key=True))
    high: int = money()
    low: int = money()


class Flag(Base, table=True):
    """A stalled rule that holds, or held, of a file, or of a task about no file; dated by the rule, not by the night.

    Without a file `subject` is the code of the task.
    """

    __tablename__ = "flag"
    __table_args__ = (
        Index("uq_flag_open", "case_id", "rule", "subject", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("uq_flag_open_task", "rule", "subject", unique=True, sqlite_where=OPEN_TASK, postgresql_where=OPEN_TASK),
        Index("ix_flag_closed_on", "closed_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)
    rule: FlagRule = stored_enum(FlagRule, "flag_rule")
    subject: str = Field(default="", max_length=80)  # what exactly: the clock and its start, or the level of S7
    opened_on: date
    closed_on: date | None = None
    article: str = Field(default="", max_length=60)
    why: list[list[object]] = Field(default_factory=list, sa_type=JSON)
    recorded_at: datetime
    closed_at: datetime | None = None
    owner: AgencyKind | None = stored_enum(AgencyKind, "flag_owner", nullable=True, default=None)  # whose move it is
    acknowledged_at: datetime | None = None
    acknowledged_by: int | None = Field(default=None, foreign_key="account.id")
    acknowledged_reason: str | None = Field(default=None, max_length=500)
    look_again_on: date | None = None  # an acknowledged flag is shown as new again from this day on


class Reminder(Base, table=True):
    """An obligation that was put to a recipient on a day; the key makes twice impossible."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("obligation", "recipient", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    obligation: str = Field(max_length=120)  # case:VA-01:INV:2026-11-12, task:NV-3:2026-11-20
    recipient: str = Field(max_length=200)
    day: date
    mail_id: int | None = Field(default=None, foreign_key="outbox_mail.id", index=True)


class OutboxMail(Base, table=True):
    """A mail that has to leave the house: written with the run that made it, sent after, tried again until sent."""

    __tablename__ = "outbox_mail"
    __table_args__ = (UniqueConstraint("job", "slot", "recipient"),)

    id: int | None = Field(default=None, primary_key=True)
    job: str = Field(max_length=40)
    slot: str = Field(max_length=40)
    recipient: str = Field(max_length=200)
    subject: str = Field(max_length=300)
    body: str
    created_at: datetime
    tries: int = 0
    tried_at: datetime | None = (
        None  # the last try began; with no error and not sent: a try is under way, or was cut off
    )
    last_error: str = Field(default="", max_length=500)
    sent_at: datetime | None = None
