"""The ledger: readings replace, movements add, security is never recovery, and no sum runs over."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from models.db import read_session, transaction
from models.enums import EntryKind, EventKind, Quantity
from models.queries import money
from models.rules.access import Viewer
from tests import cast, make

DAY = date(2026, 11, 21)
MOVEMENT = {"kind": EntryKind.MOVEMENT}


def lines(engine: Engine, code: str = "VA-2026-001", *, as_of: date = DAY) -> dict[Quantity, int]:
    with read_session(engine) as session:
        return money.money_by_file(session, cast.MEMBER, as_of=as_of).get(code, {})


@pytest.mark.parametrize(
    ("entries", "recovered"),
    [
        pytest.param([("recovered", "2026-01-10", 100)], 100, id="a reading stands"),
        pytest.param([("recovered", "2026-01-10", 100), ("recovered", "2026-02-10", 80)], 80, id="a later replaces"),
        pytest.param(
            [("recovered", "2026-01-10", 100), ("voluntary", "2026-01-11", 5, MOVEMENT)], 105, id="a movement adds"
        ),
        pytest.param(
            [("recovered", "2026-01-10", 100), ("voluntary", "2026-01-10", 5, MOVEMENT)],
            100,
            id="a movement of the reading's own day is in it",
        ),
        pytest.param(
            [("recovered", "2026-01-10", 100), ("voluntary", "2026-03-01", 999)],
            100,
            id="the reading of a part is inside the reading of the total",
        ),
        pytest.param(
            [("voluntary", "2026-01-10", 40), ("recovered_judicial", "2026-02-10", 2, MOVEMENT)],
            42,
            id="without a total its parts are added",
        ),
        pytest.param([("secured", "2026-01-10", 70)], None, id="security is not recovery"),
        pytest.param([("recovered", "2026-11-22", 100)], None, id="tomorrow's reading is not known today"),
    ],
)  # fmt: skip
def test_what_is_recovered_on_a_day(engine: Engine, entries: list[make.MoneySpec], recovered: int | None) -> None:
    with transaction(engine) as session:
        make.case(session, money=entries)
    assert lines(engine).get(Quantity.RECOVERED) == recovered


def test_events_that_carry_money_are_movements_of_their_line(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(
            session,
            events=[
                (EventKind.ASSETS_SEIZED, "2026-02-01", {"amount_vnd": 100}),
                (EventKind.ASSETS_RELEASED, "2026-03-01", {"amount_vnd": 30}),
                (EventKind.MONEY_RETURNED, "2026-03-01", {"amount_vnd": 7}),
                (EventKind.FIRST_INSTANCE_JUDGMENT, "2026-04-01", {"amount_vnd": 5000}),
            ],
        )
    assert lines(engine) == {Quantity.SECURED: 70, Quantity.RECOVERED: 7}
    assert lines(engine, as_of=date(2026, 2, 28)) == {Quantity.SECURED: 100}


def test_a_hundred_files_at_the_largest_amount_are_summed_exactly(engine: Engine) -> None:
    largest = 10**18
    with transaction(engine) as session:
        for number in range(100):
            make.case(session, code=f"VA-{number}", money=[("damage", "2026-01-10", largest - number)])
    with read_session(engine) as session:
        total = money.ledger_sums(session, cast.MEMBER, as_of=DAY).lines[Quantity.DAMAGE]
    assert total == money.LineSum(100 * largest - sum(range(100)), 100)


def test_a_rate_counts_only_files_that_have_the_denominator(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(session, code="VA-1", money=[("must_recover", "2026-01-10", 200), ("recovered", "2026-01-10", 50)])
        make.case(session, code="VA-2", money=[("recovered", "2026-01-10", 1000)])
    with read_session(engine) as session:
        sums = money.ledger_sums(session, cast.MEMBER, as_of=DAY)
    assert (sums.against[Quantity.MUST_RECOVER], sums.lines[Quantity.RECOVERED].amount_vnd) == (50, 1050)
    assert sums.against[Quantity.ELIGIBLE] == 0


def test_a_retracted_entry_counts_only_for_whoever_asks_what_was_known_then(engine: Engine) -> None:
    recorded, retracted = datetime(2026, 1, 10, 3, tzinfo=UTC), datetime(2026, 5, 1, 3, tzinfo=UTC)
    with transaction(engine) as session:
        file = make.case(session)
        make.entry(
            session, case=file, quantity="damage", on="2026-01-10", amount_vnd=9, at=recorded, retracted_at=retracted
        )
    with read_session(engine) as session:
        for known_at, found in (
            (None, {}),
            (recorded - timedelta(seconds=1), {}),
            (recorded, {"VA-2026-001": {Quantity.DAMAGE: 9}}),
            (retracted - timedelta(seconds=1), {"VA-2026-001": {Quantity.DAMAGE: 9}}),
            (retracted, {}),
        ):
            assert money.money_by_file(session, cast.MEMBER, as_of=DAY, known_at=known_at) == found


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_see_files_sees_no_money(engine: Engine, viewer: Viewer) -> None:
    with transaction(engine) as session:
        make.case(session, money=[("damage", "2026-01-10", 9)])
    with read_session(engine) as session:
        assert money.money_by_file(session, viewer, as_of=DAY) == {}
        assert all(line == money.LineSum(0, 0) for line in money.ledger_sums(session, viewer, as_of=DAY).lines.values())
