"""Documents of a file: what they are, and, where it may be kept, their content in the store."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import Secrecy


class Attachment(Base, table=True):
    """One document about a file. With a secrecy level: number, date, level and holder only, never words or content."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_case_id", "case_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    number: str = Field(default="", max_length=200)  # number and symbol: 12/KLĐT
    dated_on: date | None = None
    title: str = Field(default="", max_length=500)
    body: str = Field(default="", max_length=200)  # who issued it
    secrecy: Secrecy = stored_enum(Secrecy, "attachment_secrecy")
    holder: str = Field(default="", max_length=200)  # who keeps the paper: an office or function
    file_name: str = Field(default="", max_length=200)  # empty: only its metadata is known here
    media_type: str = Field(default="", max_length=100)
    size: int = 0  # bytes
    sha256: str = Field(default="", max_length=64, index=True)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
