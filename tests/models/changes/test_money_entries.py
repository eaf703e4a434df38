"""The ledger of a file: an amount is recorded once, corrected by a replacement, taken back exactly."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes.money import LedgerEntry, record_entry, replace_entry, retract_entry
from models.db import read_session, transaction
from models.enums import EntryKind, Precision, Quantity
from models.errors import CaseNotFound, FieldErrors, Forbidden, NotFound, StaleCase
from models.queries.money import money_by_file
from models.rules.access import SYSTEM, Viewer
from models.tables import AuditEntry, Case, MoneyEntry
from tests import cast, make

NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TODAY = date(2026, 11, 6)
RETURNED = LedgerEntry(Quantity.RECOVERED, EntryKind.MOVEMENT, 200_000_000, date(2026, 10, 1), document="PT 12")
READING = LedgerEntry(Quantity.RECOVERED, EntryKind.READING, 500_000_000, date(2026, 9, 1))


@pytest.fixture
def file(engine: Engine) -> Engine:
    """File VA-1."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-08-03")])
    return engine


def revision(engine: Engine) -> int:
    with read_session(engine) as session:
        return session.exec(select(Case.revision)).one()


def record(engine: Engine, entry: LedgerEntry, viewer: Viewer = SYSTEM, code: str = "VA-1") -> int:
    at = revision(engine)
    with transaction(engine) as session:
        return record_entry(session, viewer, code, entry, revision=at, now=NOW, today=TODAY).id or 0


def correct(engine: Engine, entry_id: int, entry: LedgerEntry, reason: str = "Nhầm số") -> int:
    at = revision(engine)
    with transaction(engine) as session:
        new = replace_entry(session, SYSTEM, entry_id, entry, reason=reason, revision=at, now=LATER, today=TODAY)
        return new.id or 0


def take_back(engine: Engine, entry_id: int) -> None:
    at = revision(engine)
    with transaction(engine) as session:
        retract_entry(session, SYSTEM, entry_id, reason="Ghi nhầm vụ", revision=at, now=LATER, today=TODAY)


def recovered(engine: Engine, known_at: datetime | None = None) -> int | None:
    with read_session(engine) as session:
        found = money_by_file(session, SYSTEM, as_of=TODAY, known_at=known_at, code="VA-1")
    return found.get("VA-1", {}).get(Quantity.RECOVERED)


def test_readings_and_movements_come_to_the_stock_and_back_exactly(file: Engine) -> None:
    record(file, READING)
    assert recovered(file) == 500_000_000
    entry = record(file, RETURNED)
    assert recovered(file) == 700_000_000
    entry = correct(file, entry, replace(RETURNED, amount_vnd=20_000_000))
    assert recovered(file) == 520_000_000
    assert recovered(file, known_at=NOW) == 700_000_000
    take_back(file, entry)
    assert recovered(file) == 500_000_000
    with read_session(file) as session:
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.subject == "case:VA-1")).all()
        rows = session.exec(select(MoneyEntry).order_by(col(MoneyEntry.id))).all()
    assert actions == ["entry_recorded", "entry_recorded", "entry_replaced", "entry_retracted"]
    assert [row.retract_reason for row in rows] == ["", "Nhầm số", "Ghi nhầm vụ"]
    assert rows[2].replaces_id == rows[1].id


def test_the_same_entry_counts_once_and_a_day_has_one_reading(file: Engine) -> None:
    record(file, READING)
    with pytest.raises(FieldErrors, match="recorded already"):
        record(file, READING)
    with pytest.raises(FieldErrors, match="another reading"):
        record(file, replace(READING, amount_vnd=1))
    record(file, RETURNED)
    with pytest.raises(FieldErrors, match="recorded already"):
        record(file, RETURNED)
    record(file, replace(RETURNED, document="PT 13"))
    assert recovered(file) == 900_000_000


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount_vnd": 0}, None), ({"amount_vnd": 10**18}, None),
        ({"amount_vnd": -1}, "amount_vnd"), ({"amount_vnd": 10**18 + 1}, "amount_vnd"),
        ({"amount_vnd": None}, "amount_vnd"),
        ({"amount_vnd": 1.5}, "amount_vnd"), ({"happened_on": TODAY}, None),
        ({"happened_on": TODAY + timedelta(days=1)}, "happened_on"), ({"document": "x" * 201}, "document"),
        ({"units": "nhiều"}, "units"), ({"units": "16351,50"}, None), ({"units": "-1"}, "units"),
        ({"quantity": "tiền"}, "quantity"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(file: Engine, changed: dict[str, object], field: str | None) -> None:
    entry = replace(RETURNED, **changed)
    if field is None:
        record(file, entry)
        return
    with pytest.raises(FieldErrors) as refused:
        record(file, entry)
    assert refused.value.fields.keys() == {field}


def test_an_amount_known_by_month_counts_from_its_first_day_and_units_are_kept_as_a_number(file: Engine) -> None:
    entry = replace(RETURNED, precision=Precision.MONTH, happened_on=date(2026, 10, 9), units="16351,50", unit="m²")
    record(file, entry)
    with read_session(file) as session:
        row = session.exec(select(MoneyEntry)).one()
    assert (row.happened_on, row.precision, row.units, row.unit) == (date(2026, 10, 1), "month", "16351.5", "m²")


def test_nobody_overwrites_a_colleague_and_only_the_secretariat_records(file: Engine) -> None:
    stale = revision(file)
    entry = record(file, RETURNED)
    with pytest.raises(StaleCase), transaction(file) as session:
        retract_entry(session, SYSTEM, entry, reason="x", revision=stale, now=LATER, today=TODAY)
    take_back(file, entry)
    with pytest.raises(NotFound):
        correct(file, entry, READING)
    with pytest.raises(CaseNotFound):
        record(file, READING, code="VA-2")
    for viewer in (cast.MEMBER, cast.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            record(file, READING, viewer=viewer)


@pytest.mark.parametrize("units", ["1e30", "1e999999", "1_000", "٣", "0." + "1" * 60])
def test_units_that_no_person_writes_are_refused_before_they_are_written_out(file: Engine, units: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        record(file, replace(RETURNED, units=units, unit="m²"))
    assert set(refused.value.fields) == {"units"}
