"""What falls due in a month: every clock of every file the viewer sees, tasks and replies, each on its day."""

from datetime import date

import pytest

from models.db import read_session, transaction
from models.enums import AgencyKind
from models.queries.cases import CaseFilter
from models.queries.facts import case_facts
from models.queries.judged import reader
from models.queries.month_clocks import TASK, due_items
from models.rules.clocks import clocks_of
from tests import cast, make

TODAY = date(2026, 11, 21)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
ANY_TIME = (date(2020, 1, 1), date(2035, 12, 31))


@pytest.fixture
def files(engine):
    with transaction(engine) as session:
        first = make.case(
            session, code="VA-1", severity="serious",
            events=[
                ("case_initiated", "2026-09-01"),
                ("expert_requested", "2026-10-12", {"length": "1m", "body": "Viện KHHS"}),
                ("detention_ordered", "2026-09-10", {"length": "3m"}),
            ],
        )  # fmt: skip
        make.case(
            session, code="VA-2", severity="serious",
            events=[("case_initiated", "2026-06-01"), ("investigation_concluded", "2026-11-18")],
        )  # fmt: skip
        make.case(
            session, code="VA-3", severity="serious",
            events=[("case_initiated", "2025-06-01"), ("first_instance_judgment", "2026-11-16")],
        )  # fmt: skip
        make.case(
            session, code="VA-4", severity="serious",
            events=[("case_initiated", "2026-03-01"), ("detention_ordered", "2026-09-10", {"length": "3m"}),
                    ("terminated", "2026-10-01")],
        )  # fmt: skip
        make.task(session, case=first, code="NV-1", due_on="2026-11-25")
        make.task(session, case=first, code="NV-2", due_on="2026-11-26", done_on=date(2026, 11, 20))
    return engine


def found(engine, days, viewer=cast.SECRETARIAT, **wanted):
    with read_session(engine) as session:
        return due_items(session, viewer, CaseFilter(**wanted), as_of=TODAY, first=days[0], last=days[1])


def told(items):
    return [(item.due_on.isoformat(), item.code, item.rule, item.decides) for item in items]


def test_a_month_holds_deciding_limits_clocks_beside_them_and_tasks(files):
    assert told(found(files, NOVEMBER)) == [
        ("2026-11-12", "VA-1", "EXP", False),
        ("2026-11-20", "VA-2", "CONCL_SEND", False),
        ("2026-11-25", "VA-1", TASK, False),
    ]
    december = told(found(files, DECEMBER))
    assert ("2026-12-01", "VA-1", "INV", True) in december
    assert ("2026-12-09", "VA-1", "DET", False) in december, "90 days, and detention does not roll"
    assert {("2026-12-01", "VA-3", "APPEAL_RIGHT", False), ("2026-12-01", "VA-3", "PROTEST_SAME", False)} <= set(
        december
    )
    assert not [item for item in december if item[1] == "VA-4"], "nothing runs on in a case that has ended"


def test_the_first_and_the_last_day_belong_to_the_days_asked_for(files):
    day = date(2026, 11, 12)
    assert [item.rule for item in found(files, (day, day))] == ["EXP"]
    assert not found(files, (date(2026, 11, 13), date(2026, 11, 19)))


def test_it_names_exactly_the_running_clocks_of_the_files(files):
    """The short way over candidates gives what reading every clock of every file gives."""
    items = {(item.code, item.rule, item.due_on) for item in found(files, ANY_TIME) if item.rule != TASK}
    with read_session(files) as session:
        reads = reader(session)
        every = {
            (facts.code, clock.rule, clock.due.due_on)
            for facts in case_facts(session, cast.SECRETARIAT, as_of=TODAY)
            for clock in clocks_of(facts, reads, TODAY)
            if clock.stopped is None and clock.due
        }
    assert items == every


def test_a_clock_or_whose_move_narrows_it(files):
    assert {item.rule for item in found(files, ANY_TIME, rule="DET")} == {"DET"}
    assert told(found(files, ANY_TIME, rule=TASK)) == [("2026-11-25", "VA-1", TASK, False)]
    experts = found(files, ANY_TIME, owner=AgencyKind.VALUATION)
    assert [item.rule for item in experts] == ["EXP"] and experts[0].subject == "Viện KHHS"
    assert experts[0].days_late == 9


def test_who_sees_no_file_sees_no_date(files):
    assert not found(files, ANY_TIME, viewer=cast.OUTSIDERS[0] if cast.OUTSIDERS else cast.SECRETARIAT)
