"""The recovery ledger of a file: entries recorded, replaced by a corrected one, retracted."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.changes._fields import WHOLE, Fields, reason_given, shown
from models.changes._opened import Opened, open_file
from models.changes._versions import add, open_fact, recorded, retract
from models.enums import EntryKind, Precision, Quantity
from models.rules.access import Viewer
from models.rules.words import words
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


FIELDS = tuple(LedgerEntry.__dataclass_fields__)
GONE = words("This entry does not hold any more: it was corrected or retracted.")
KNOWN = words("The same amount is recorded already for this day. It counts once.")
OTHER_READING = words(
    "This day has another reading of the same quantity. Correct that one: two readings of a day leave open which holds."
)
# what makes two entries one: a reading is one per day, quantity and asset, a movement also by its amount and document
_READING = ("quantity", "kind", "happened_on", "asset_kind", "unit")
_MOVEMENT = (*_READING, "amount_vnd", "units", "document")


def record_entry(
    session: Session, viewer: Viewer, code: str, entry: LedgerEntry, *, revision: int, now: datetime, today: date
) -> MoneyEntry:
    """A new entry of the file. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors ("" for one known already)."""
    file = open_file(session, viewer, code, revision=revision, now=now)
    fields = Fields(MoneyEntry)
    values = _read(fields, entry, today=today)
    _refuse_known(file, fields, values, 0)
    fields.refuse()
    new = add(session, MoneyEntry(**values, **recorded(file)))
    file.note("entry_recorded", after={"entry": new.id, **shown(values, FIELDS)})
    return new


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
    file, old = open_fact(session, viewer, MoneyEntry, entry_id, revision=revision, now=now, missing=GONE)
    fields = Fields(MoneyEntry)
    why = fields.reason(reason)
    values = _read(fields, entry, today=today)
    _refuse_known(file, fields, values, entry_id)
    if all(getattr(old, name) == value for name, value in values.items()):
        fields.wrong(WHOLE, words("Nothing is different: there is nothing to correct."))
    fields.refuse()
    retract(file, old, why)
    new = add(session, MoneyEntry(**values, **recorded(file, old)))
    before = {"entry": old.id, **shown(old, FIELDS)}
    file.note("entry_replaced", before=before, after={"entry": new.id, **shown(values, FIELDS), "reason": why})
    return new


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
    file, old = open_fact(session, viewer, MoneyEntry, entry_id, revision=revision, now=now, missing=GONE)
    why = reason_given(reason)
    retract(file, old, why)
    file.note("entry_retracted", before={"entry": old.id, **shown(old, FIELDS)}, after={"reason": why})


def _read(fields: Fields, entry: LedgerEntry, *, today: date) -> dict[str, Any]:
    precision = fields.one_of("precision", entry.precision, Precision)
    return {
        "quantity": fields.one_of("quantity", entry.quantity, Quantity),
        "kind": fields.one_of("kind", entry.kind, EntryKind),
        "amount_vnd": fields.amount("amount_vnd", entry.amount_vnd, needed=True),
        "happened_on": fields.past("happened_on", entry.happened_on, today, precision=precision),
        "precision": precision,
        "asset_kind": fields.line("asset_kind", entry.asset_kind),
        "units": fields.decimal("units", entry.units),
        "unit": fields.line("unit", entry.unit),
        "document": fields.line("document", entry.document),
        "source": fields.text("source", entry.source),
    }


def _refuse_known(file: Opened, fields: Fields, values: dict[str, Any], own: int) -> None:
    """An entry that the ledger has already counts once, as in an import."""
    if fields.errors:
        return
    is_reading = values["kind"] is EntryKind.READING
    asked = select(MoneyEntry).where(
        MoneyEntry.case_id == file.id, col(MoneyEntry.retracted_at).is_(None), col(MoneyEntry.id) != own,
        *(getattr(MoneyEntry, name) == values[name] for name in (_READING if is_reading else _MOVEMENT)),
    )  # fmt: skip
    known = file.session.exec(asked).first()
    if known is not None:
        same = known.amount_vnd == values["amount_vnd"] and known.units == values["units"]
        fields.wrong(WHOLE, KNOWN if same else OTHER_READING)
