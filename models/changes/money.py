"""The recovery ledger of a file: entries recorded, replaced by a corrected one, retracted."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.enums import EntryKind, Precision, Quantity
from models.rules.access import Viewer
from models.tables import MoneyEntry


@dataclass(frozen=True)
class LedgerEntry:
    """One amount as a form gives it, whole đồng. `units` is a decimal number as text, of `unit`: 16351.5, m²."""

    quantity: Quantity
    kind: EntryKind
    amount_vnd: int
    happened_on: date
    precision: Precision = Precision.DAY
    asset_kind: str = ""
    units: str = ""
    unit: str = ""
    document: str = ""
    source: str = ""


def record_entry(
    session: Session, viewer: Viewer, code: str, entry: LedgerEntry, *, revision: int, now: datetime, today: date
) -> MoneyEntry:
    """A new entry of the file. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors ("" for one known already)."""
    raise NotImplementedError


def replace_entry(
    session: Session,
    viewer: Viewer,
    entry_id: int,
    entry: LedgerEntry,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> MoneyEntry:
    """A corrected entry in place of the one with `entry_id`. Raises Forbidden, NotFound, StaleCase, FieldErrors."""
    raise NotImplementedError


def retract_entry(
    session: Session,
    viewer: Viewer,
    entry_id: int,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """The entry does not hold any more, for the reason given. Raises as `replace_entry`."""
    raise NotImplementedError
