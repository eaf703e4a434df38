"""Requests as of a day: states, order, filters, and who sees them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from models.changes import coordination as changes
from models.db import read_session, transaction
from models.enums import CoordinationState as State
from models.queries.coordination import (
    RequestPage,
    agencies_to_name,
    asked_agencies,
    coordination_due,
    coordination_page,
)
from models.rules.access import Viewer
from tests import cast, make

DAY = date(2026, 11, 20)


@pytest.fixture
def five(engine: Engine) -> Engine:
    """Late since the 17th; urgent and late since the 18th; waiting; answered; withdrawn."""
    with transaction(engine) as session:
        court = make.agency(session, code="TA-1", name_vi="Tòa án", name_en="Court")
        file = make.case(session, code="VA-1")
        make.request(session, code="PH-1", sent_on="2026-11-02", case=file)
        make.request(session, code="PH-2", sent_on="2026-11-12", received_on="2026-11-13", urgent=True, asked=court)
        make.request(session, code="PH-3", sent_on="2026-11-16", due_on="2026-11-30")
        make.request(session, code="PH-4", sent_on="2026-10-01", replied_on="2026-10-20", case=file)
        make.request(session, code="PH-5", sent_on="2026-10-05", cancelled_on="2026-10-07")
    return engine


def page(engine: Engine, viewer: Viewer = cast.MEMBER, **asked: Any) -> RequestPage:
    with read_session(engine) as session:
        return coordination_page(session, viewer, **{"as_of": DAY, **asked})


def codes(found: RequestPage) -> list[str]:
    return [row.code for row in found.rows]


def test_the_latest_stand_first_and_the_settled_last(five: Engine) -> None:
    found = page(five)
    assert codes(found) == ["PH-1", "PH-2", "PH-3", "PH-5", "PH-4"]
    assert [(row.clock.state, row.clock.days_late) for row in found.rows] == [
        (State.OVERDUE, 4), (State.OVERDUE, 2), (State.SENT, -10), (State.CANCELLED, None), (State.REPLIED, 5),
    ]  # fmt: skip
    assert found.counts == {
        State.SENT: 1, State.RECEIVED: 0, State.OVERDUE: 2, State.ESCALATED: 0, State.REPLIED: 1, State.CANCELLED: 1,
    }  # fmt: skip
    assert (found.rows[0].case_code, found.rows[1].asked.en, found.rows[1].case_code) == ("VA-1", "Court", "")


def test_filters_narrow_the_rows_and_the_counts_stay_those_of_the_agency(five: Engine) -> None:
    late = page(five, state=State.OVERDUE)
    assert (codes(late), late.total, late.counts[State.REPLIED]) == (["PH-1", "PH-2"], 2, 1)
    court = page(five, agency="TA-1")
    assert (codes(court), court.counts[State.OVERDUE], court.counts[State.REPLIED]) == (["PH-2"], 1, 0)
    assert codes(page(five, case_code="VA-1")) == ["PH-1", "PH-4"]
    second = page(five, page=2, size=2)
    assert (codes(second), second.total) == (["PH-3", "PH-5"], 5)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 6), {"PH-4": State.SENT, "PH-5": State.SENT}),
        (date(2026, 10, 19), {"PH-4": State.OVERDUE, "PH-5": State.CANCELLED}),
        (date(2026, 11, 16), {"PH-1": State.SENT, "PH-2": State.RECEIVED, "PH-3": State.SENT, "PH-4": State.REPLIED,
                              "PH-5": State.CANCELLED}),
    ],
)  # fmt: skip
def test_an_earlier_day_shows_what_had_happened_by_then(five: Engine, day: date, expected: dict[str, State]) -> None:
    assert {row.code: row.clock.state for row in page(five, as_of=day).rows} == expected


def test_what_was_known_earlier_can_be_asked_again(five: Engine) -> None:
    with transaction(five) as session:
        request = next(row for row in coordination_page(session, cast.MEMBER, as_of=DAY).rows if row.code == "PH-1")
        at = datetime(2026, 11, 19, 3, tzinfo=UTC)
        changes.note_reply(session, cast.SECRETARIAT, "PH-1", version=request.version, replied_on=date(2026, 11, 16),
                           document="Số 9", now=at, today=DAY)  # fmt: skip
    now = {row.code: row for row in page(five).rows}["PH-1"]
    assert (now.clock.state, now.clock.days_late, now.reply_document) == (State.REPLIED, 0, "Số 9")
    then = {row.code: row for row in page(five, known_at=datetime(2026, 11, 18, tzinfo=UTC)).rows}["PH-1"]
    assert then.clock.state is State.OVERDUE
    before = {row.code: row for row in page(five, as_of=date(2026, 11, 13)).rows}["PH-1"]
    assert (before.clock.state, before.reply_document) == (State.SENT, "")


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2026, 11, 15), []),
        (date(2026, 11, 16), ["PH-1"]),
        (date(2026, 11, 29), ["PH-1", "PH-2"]),
        (date(2026, 11, 30), ["PH-1", "PH-2", "PH-3"]),
    ],
)
def test_what_is_due_by_a_day_is_what_still_waits(five: Engine, until: date, expected: list[str]) -> None:
    with read_session(five) as session:
        found = coordination_due(session, cast.MEMBER, as_of=DAY, until=until)
    assert [row.code for row in found] == expected


def test_the_agencies_asked_can_be_chosen_and_those_that_exist_named(five: Engine) -> None:
    with read_session(five) as session:
        assert [each.code for each in asked_agencies(session, cast.MEMBER, as_of=DAY)] == ["STC", "TA-1"]
        assert [each.code for each in asked_agencies(session, cast.MEMBER, as_of=date(2026, 11, 11))] == ["STC"]
        assert {"STC", "TA-1", "CQDT"} <= {each.code for each in agencies_to_name(session, cast.SECRETARIAT)}
        assert agencies_to_name(session, cast.MEMBER) == []


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_only_who_may_read_files_sees_requests(five: Engine, viewer: Viewer) -> None:
    found = page(five, viewer)
    assert (found.total, sum(found.counts.values())) == ((5, 5) if viewer in cast.READERS else (0, 0))
    with read_session(five) as session:
        due = coordination_due(session, viewer, as_of=DAY, until=DAY)
        assert bool(due) == bool(asked_agencies(session, viewer, as_of=DAY)) == (viewer in cast.READERS)


def test_pages_go_on_from_those_that_wait_to_the_settled_ones_and_miss_none(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in range(7):
            make.request(session, code=f"W-{number}", sent_on="2026-11-16", due_on=f"2026-12-0{number + 1}")
            make.request(session, code=f"R-{number}", sent_on=f"2026-10-0{number + 1}", replied_on="2026-10-30")
        make.request(session, code="C-1", sent_on="2026-10-12", cancelled_on="2026-10-13")
    everything = [f"W-{number}" for number in range(7)] + ["C-1"] + [f"R-{number}" for number in reversed(range(7))]
    assert codes(page(engine)) == everything
    for size in (1, 4, 7, 8, 15, 50):
        pages = [page(engine, page=number, size=size) for number in range(1, 15 // size + 2)]
        assert [code for each in pages for code in codes(each)] == everything
        assert {each.total for each in pages} == {15}
    replied = [page(engine, state=State.REPLIED, page=number, size=3) for number in (1, 2, 3)]
    assert [code for each in replied for code in codes(each)] == everything[8:]
    assert {each.total for each in replied} == {7}
