"""How one sender heads its sheets: remembered, so that next month's workbook is read without asking again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlmodel import Field

from models.base import Base
from models.tables.case import CURRENT


class HeadingMap(Base, table=True):
    """One version of the headings remembered under a name; at most one version of a name is current.

    `sheets`: name of a sheet, as compared → kind of sheet. `fields`: kind of sheet → heading, as compared → field, ""
    for a column that is left out knowingly.
    """

    __tablename__ = "heading_map"
    __table_args__ = (
        Index("uq_heading_map_current", "name", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    sheets: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    fields: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
