"""Law and calendar as data. A changed row is a new version; the old one is retracted, never lost."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Base, stored_enum
from models.enums import DayKind, Origin, Severity, Verified
from models.tables.case import CURRENT


class StatutoryLimit(Base, table=True):
    """One version of a base limit (`extension_no` 0) or of one extension of it.

    `origin` says who entered it, `reason` why; `retracted_by` and `retracted_reason` the same of its retraction.
    """

    __tablename__ = "statutory_limit"
    __table_args__ = (
        Index(
            "uq_statutory_limit_current", "code", "severity", "extension_no", "valid_from",
            unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40)
    stage: str = Field(max_length=60)
    severity: str = Field(max_length=40)
    base_limit: str = Field(default="", max_length=60)
    extension_no: int
    extension_length: str = Field(default="", max_length=60)
    max_total: str = Field(default="", max_length=40)
    article: str = Field(default="", max_length=60)
    law: str = Field(default="", max_length=200)
    notes: str = Field(default="", max_length=1000)
    verified: Verified = stored_enum(Verified, "limit_verified")
    valid_from: date | None = None
    valid_to: date | None = None
    origin: Origin = stored_enum(Origin, "limit_origin", default=Origin.SHIPPED)
    reason: str = Field(default="", max_length=500)
    recorded_at: datetime
    retracted_at: datetime | None = None
    retracted_by: Origin | None = stored_enum(Origin, "limit_retracted_by", nullable=True, default=None)
    retracted_reason: str = Field(default="", max_length=500)


class Offence(Base, table=True):
    """One paragraph of the Penal Code with its class of severity."""

    __tablename__ = "offence"

    id: int | None = Field(default=None, primary_key=True)
    article: str = Field(max_length=20, index=True)
    paragraph: str = Field(max_length=10)
    name_vi: str = Field(max_length=300)
    name_en: str = Field(max_length=300)
    name_fr: str = Field(default="", max_length=300)
    offence_group: str = Field(default="", max_length=60)
    penalty_frame: str = Field(default="", max_length=120)
    severity: Severity = stored_enum(Severity, "offence_severity")
    source: str = Field(default="", max_length=300)
    verified: Verified = stored_enum(Verified, "offence_verified")


class SpecialDay(Base, table=True):
    """One version of a day whose working status differs from its weekday; the columns as those of StatutoryLimit."""

    __tablename__ = "special_day"
    __table_args__ = (
        Index("uq_special_day_current", "day", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: int | None = Field(default=None, primary_key=True)
    day: date = Field(index=True)
    kind: DayKind = stored_enum(DayKind, "special_day_kind")
    name_vi: str = Field(max_length=200)
    name_en: str = Field(max_length=200)
    name_fr: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=300)
    verified: Verified = stored_enum(Verified, "special_day_verified")
    origin: Origin = stored_enum(Origin, "special_day_origin", default=Origin.SHIPPED)
    reason: str = Field(default="", max_length=500)
    recorded_at: datetime
    retracted_at: datetime | None = None
    retracted_by: Origin | None = stored_enum(Origin, "special_day_retracted_by", nullable=True, default=None)
    retracted_reason: str = Field(default="", max_length=500)
