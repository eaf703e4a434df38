"""Recovery file by file: the same sums as the ledger's, the most outstanding first."""

from datetime import UTC, date, datetime

import pytest

from models.changes import judgements
from models.db import read_session, transaction
from models.queries.assets import RecoveryRow, recovery_page
from models.queries.money import money_by_file
from models.queries.standing import find
from models.rules.access import SYSTEM
from tests import cast, make

DAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)
LARGEST = 10**18


def rows(engine, viewer=cast.MEMBER, **more) -> tuple[RecoveryRow, ...]:
    with read_session(engine) as session:
        return recovery_page(session, viewer, as_of=DAY, **more).rows


def test_a_file_gives_the_amounts_of_the_ledger(engine):
    with transaction(engine) as session:
        made = make.case(session, code="VA-1", title="Vụ án", title_en="Case", money=[("damage", "2026-01-05", 7)])
        make.entry(session, case=made, quantity="must_recover", on="2026-01-05", amount_vnd=5)
        make.event(session, case=made, kind="money_returned", on="2026-02-02", amount_vnd=2)
    (row,) = rows(engine)
    assert row == ("VA-1", "Vụ án", "Case", 7, 5, None, None, 2)
    assert row.outstanding_vnd == 3
    with read_session(engine) as session:
        known = money_by_file(session, cast.MEMBER, as_of=DAY)["VA-1"]
    assert sorted(known.values()) == [2, 5, 7]


def test_nothing_recorded_is_not_zero(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-1", money=[("recovered", "2026-01-05", 4)])
        make.case(session, code="VA-2", money=[("must_recover", "2026-01-05", 0)])
        make.case(session, code="VA-3", money=[("to_budget", "2026-01-05", 9)])
        make.case(session, code="VA-4")
    found = {row.code: row.outstanding_vnd for row in rows(engine)}
    assert found == {"VA-2": 0, "VA-1": None}


def test_the_order_holds_to_the_last_dong_of_the_largest_amounts(engine):
    with transaction(engine) as session:
        for code, debt, got in (("A", LARGEST, 1), ("B", LARGEST, 0), ("C", LARGEST, 2), ("D", 1, 3), ("E", 0, 0)):
            money = [("must_recover", "2026-01-05", debt), ("recovered", "2026-01-06", got)]
            make.case(session, code=code, money=money)
    assert [(row.code, row.outstanding_vnd) for row in rows(engine)] == [
        ("B", LARGEST), ("A", LARGEST - 1), ("C", LARGEST - 2), ("E", 0), ("D", -2),
    ]  # fmt: skip


def test_pages_hold_every_file_once(engine):
    with transaction(engine) as session:
        for number in range(5):
            make.case(session, code=f"VA-{number}", money=[("must_recover", "2026-01-05", 8)])
    pages = [rows(engine, page=page, size=2) for page in (1, 2, 3, 4)]
    assert [[row.code for row in page] for page in pages] == [["VA-0", "VA-1"], ["VA-2", "VA-3"], ["VA-4"], []]
    with read_session(engine) as session:
        assert recovery_page(session, cast.MEMBER, as_of=DAY, page=4, size=2).total == 5


def test_a_later_amount_is_not_known_yet(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-1", money=[("damage", "2026-11-21", 1), ("damage", "2026-11-22", 2)])
    assert rows(engine)[0].damage_vnd == 1


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_gets_none(engine, viewer):
    with transaction(engine) as session:
        make.case(session, money=[("damage", "2026-01-05", 1)])
    with read_session(engine) as session:
        assert recovery_page(session, viewer, as_of=DAY) == ((), 0)


def test_the_scan_changes_no_amount(engine):
    with transaction(engine) as session:
        for code, debt in (("VA-1", 3 * LARGEST // 4), ("VA-2", LARGEST), ("VA-3", 0)):
            money = [("must_recover", "2026-01-05", debt), ("secured", "2026-02-05", 7)]
            make.case(session, code=code, events=[("case_initiated", "2026-01-05")], money=money)
    before = rows(engine)
    with transaction(engine) as session:
        judgements.write(session, SYSTEM, find(session, SYSTEM, as_of=DAY), now=NOON)
    assert rows(engine) == before and len(before) == 3
    assert rows(engine, cast.STRANGER) == ()
