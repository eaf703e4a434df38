"""The page of asset recovery: what is secured is not recovered, and a dash is not a zero."""

from datetime import date

import pytest

from models.db import transaction
from tests import cast, make
from tests.dashboard.pages.opening import opened, pieces, said, table

BILLION = 10**9


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def three(installation):
    """One file half recovered, one only secured, one with a damage and no debt."""
    started = [("case_initiated", "2026-01-05")]
    with transaction() as session:
        make.case(
            session,
            code="VA-1",
            events=started,
            money=[
                ("damage", "2026-01-05", 10 * BILLION),
                ("must_recover", "2026-01-05", 8 * BILLION),
                ("recovered", "2026-03-01", 1 * BILLION),
                ("recovered", "2026-06-01", 4 * BILLION),
            ],
        )
        make.case(
            session,
            code="VA-2",
            events=started,
            money=[("must_recover", "2026-01-05", 6 * BILLION), ("secured", "2026-02-01", 6 * BILLION)],
        )
        make.case(session, code="VA-3", events=started, money=[("damage", "2026-01-05", 90 * BILLION)])


def cards(app) -> str:
    return next(piece for piece in pieces(app) if 'class="figure-cards"' in piece)


def test_without_amounts_the_page_says_where_they_come_from(installation):
    app = opened("assets", cast.MEMBER)
    assert "No amounts are recorded yet" in app.info[0].value
    assert not table(app, "File")


def test_the_totals_are_exact_and_defined(three):
    drawn = cards(opened("assets", cast.MEMBER))
    for name, amount in {
        "damage": 100, "must_recover": 14, "eligible": 0, "secured": 6, "recovered": 4, "outstanding": 10,
    }.items():  # fmt: skip
        assert f'data-figure="money.{name}" data-value="{amount * BILLION}"' in drawn
    assert "security is not recovery" in drawn
    assert "14,000,000,000 đồng" in drawn


def test_both_rates_name_what_they_divide_and_the_day(three):
    words = said(opened("assets", cast.MEMBER))
    assert (
        "**28.6%** of the amount to be recovered: 4 billion đồng recovered of 14 billion đồng, on 21/11/2026." in words
    )
    assert "**–** of the amount eligible to enforce" in words


def test_the_most_outstanding_file_stands_first_and_one_without_a_debt_last(three):
    rows = table(opened("assets", cast.MEMBER), "File")
    assert [row[0].split()[0] for row in rows] == ["VA-2", "VA-1", "VA-3"]
    assert rows[0][3:] == ["6 billion đồng", "–", "6 billion đồng", "0.0%"]
    assert rows[1][3:] == ["–", "4 billion đồng", "4 billion đồng", "50.0%"]
    assert rows[2][1:] == ["90 billion đồng", "–", "–", "–", "–", "–"]


def test_an_earlier_day_shows_what_was_recovered_by_then(three):
    rows = table(opened("assets", cast.MEMBER, as_of=date(2026, 5, 31)), "File")
    assert [row[0].split()[0] for row in rows][:2] == ["VA-1", "VA-2"]
    assert rows[0][5] == "7 billion đồng"


def test_fifty_files_stand_on_a_page(installation):
    with transaction() as session:
        for number in range(51):
            make.case(session, code=f"VA-{number:03}", money=[("must_recover", "2026-01-05", BILLION)])
    assert len(table(opened("assets", cast.MEMBER), "File")) == 50
    assert [row[0].split()[0] for row in table(opened("assets", cast.MEMBER, page="2"), "File")] == ["VA-050"]


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_sees_no_amount(three, viewer):
    app = opened("assets", viewer)
    assert not table(app, "File") and "billion" not in said(app)
