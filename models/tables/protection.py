"""Who alone may read a file: lists of readers, and levels of secrecy. Facts like others: retracted, never deleted."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import Secrecy
from models.tables.case import CURRENT


class Restriction(Base, table=True):
    """A file that only the accounts on its list may read, until it is lifted (`retracted_at`). At most one per file."""

    __tablename__ = "restriction"
    __table_args__ = (
        Index("uq_restriction_current", "case_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    reason: str = Field(max_length=500)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)


class RestrictionReader(Base, table=True):
    """An account on the list of a restricted file; taken off it at `retracted_at`."""

    __tablename__ = "restriction_reader"
    __table_args__ = (
        Index(
            "uq_restriction_reader_current", "restriction_id", "account_id", unique=True, sqlite_where=CURRENT,
            postgresql_where=CURRENT,
        ),
        Index("ix_restriction_reader_account_id", "account_id"),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    restriction_id: int = Field(foreign_key="restriction.id", index=True)
    account_id: int = Field(foreign_key="account.id")
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")


class FileSecrecy(Base, table=True):
    """The level of a file, by which paper, and who keeps the file. One row per file is current at most."""

    __tablename__ = "file_secrecy"
    __table_args__ = (
        Index("uq_file_secrecy_current", "case_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    level: Secrecy = stored_enum(Secrecy, "file_secrecy_level")
    document: str = Field(max_length=200)  # number and symbol of the decision on the level
    decided_on: date
    holder: str = Field(max_length=200)  # who keeps the paper file: an office or function
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
