"""The recovery ledger: dated amounts of a file."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Base, money, stored_enum
from models.enums import EntryKind, Precision, Quantity


class MoneyEntry(Base, table=True):
    """One amount of one quantity, whole dong, or an asset that is not money (`asset_kind`, `units`, `unit`)."""

    __tablename__ = "money_entry"
    __table_args__ = (Index("ix_money_entry_case_id_quantity_happened_on", "case_id", "quantity", "happened_on"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case_file.id")
    quantity: Quantity = stored_enum(Quantity, "money_quantity")
    kind: EntryKind = stored_enum(EntryKind, "money_entry_kind")
    amount_vnd: int = money()
    happened_on: date
    precision: Precision = stored_enum(Precision, "money_precision")
    asset_kind: str = Field(default="", max_length=100)
    units: str = Field(default="", max_length=40)  # a decimal number as text: 16351.5
    unit: str = Field(default="", max_length=40)
    document: str = Field(default="", max_length=200)
    source: str = Field(default="", max_length=2000)
    replaces_id: int | None = None  # the version that this one corrects, by its id
    recorded_at: datetime
    recorded_by: int | None = Field(default=None, foreign_key="account.id")
    batch_id: int | None = Field(default=None, foreign_key="import_batch.id", index=True)
    retracted_at: datetime | None = None
    retracted_by: int | None = Field(default=None, foreign_key="account.id")
    retract_reason: str = Field(default="", max_length=500)
