"""What stands in the way of a file, and what is proposed about it."""

from datetime import date, datetime

from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import DifficultyKind


class Difficulty(Base, table=True):
    """One version of a difficulty (khó khăn, vướng mắc) or proposal (kiến nghị), open until it is settled."""

    __tablename__ = "difficulty"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    kind: DifficultyKind = stored_enum(DifficultyKind, "difficulty_kind")
    text: str = Field(max_length=2000)
    raised_on: date
    raised_by: str = Field(default="", max_length=200)  # the body that meets it, as written
    addressed_to: str = Field(default="", max_length=200)  # the agency that is to answer, as written
    addressed_to_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    answer: str = Field(default="", max_length=2000)
    settled_on: date | None = None
    replaces_id: int | None = None  # the version before, by its id
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
