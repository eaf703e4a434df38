"""Supervised files and their dated facts.

A fact has two dates: when it happened and when we learned it (`recorded_at`). Facts are never edited: a wrong one is
retracted (`retracted_at`) and replaced. What held at an instant K: `recorded_at <= K` and not retracted by K.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field

from models.base import Base, money, stored_enum
from models.enums import AccusedStatus, EventKind, Kind, Precision, Severity
from models.rules.folding import fold

CURRENT = text("retracted_at IS NULL")
NAMED = text("accused_id IS NOT NULL")
MERGED_INTO = text("kind = 'merged_into'")
SEARCHED = ("title", "title_en", "locality", "sector", "lead_agency", "offence_articles", "notes")


def search_text(context: Any) -> str:
    """The words of a row being inserted, folded, for the search box."""
    given = context.get_current_parameters()
    return fold(" · ".join(str(given[name]) for name in SEARCHED if given.get(name)))


class Case(Base, table=True):
    """A case or incident: its identity and revision counter. What is known of it stands in CaseDetail and CaseEvent."""

    __tablename__ = "case_file"

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    origin_id: int | None = Field(default=None, foreign_key="case_file.id", index=True)  # the incident it grew from
    revision: int = 1  # raised by every change; a form sends back the one it showed
    created_at: datetime


class CaseDetail(Base, table=True):
    """How a file is described, as one version; at most one version of a file is current."""

    __tablename__ = "case_detail"
    __table_args__ = (
        Index("uq_case_detail_current", "case_id", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
        Index("ix_case_detail_case_id_recorded_at", "case_id", "recorded_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    kind: Kind = stored_enum(Kind, "case_kind")
    title: str = Field(max_length=500)
    title_en: str = Field(default="", max_length=500)
    is_corruption: bool = False
    is_waste: bool = False
    is_negativity: bool = False
    locality: str = Field(default="", max_length=200)
    sector: str = Field(default="", max_length=200)
    level: str = Field(default="", max_length=200)
    offence_articles: str = Field(default="", max_length=500)
    severity: Severity | None = stored_enum(Severity, "case_severity", nullable=True)
    accused_count: int | None = None
    lead_agency: str = Field(default="", max_length=200)  # as written
    lead_agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    supervised_by: str = Field(default="", max_length=200)
    supervised_from: date | None = None
    responsible_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    source: str = Field(default="", max_length=2000)
    notes: str = Field(default="", max_length=2000)
    search_text: str = Field(default=None, sa_column=Column(Text, nullable=False, default=search_text))
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)


class CaseEvent(Base, table=True):
    """Something that happened to a file, on a day or (precision month: `happened_on` is the first) in a month."""

    __tablename__ = "case_event"
    __table_args__ = (
        Index("ix_case_event_case_id_happened_on", "case_id", "happened_on"),
        Index("ix_case_event_recorded_at", "recorded_at"),
        Index("ix_case_event_accused_id", "accused_id", sqlite_where=NAMED, postgresql_where=NAMED),
        Index("ix_case_event_merged_into", "case_id", sqlite_where=MERGED_INTO, postgresql_where=MERGED_INTO),
    )

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    kind: EventKind = stored_enum(EventKind, "event_kind")
    happened_on: date
    precision: Precision = stored_enum(Precision, "event_precision")
    detail: str = Field(default="", max_length=2000)
    amount_vnd: int | None = money(default=None)
    document: str = Field(default="", max_length=200)
    body: str = Field(default="", max_length=200)  # who issued the document
    length: str = Field(default="", max_length=20)  # what an extension grants or a request's term: 2m, 20d
    accused_id: int | None = Field(default=None, foreign_key="accused.id")
    source: str = Field(default="", max_length=2000)
    replaces_id: int | None = None  # the version that this one corrects, by its id
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)


class Accused(Base, table=True):
    """One accused, by a pseudonymous code: never a name, an address or an identity number."""

    __tablename__ = "accused"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id", index=True)
    code: str = Field(max_length=40)  # BC-01
    official_level: str = Field(default="", max_length=120)
    status: AccusedStatus = stored_enum(AccusedStatus, "accused_status")
    status_on: date
    article: str = Field(default="", max_length=20)
    paragraph: str = Field(default="", max_length=10)
    replaces_id: int | None = None  # the version that this one corrects, by its id
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
