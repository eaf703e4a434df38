"""A late task about no file is marked on its row since the day of its flag, and its flag can be set aside."""

from datetime import date, timedelta

import pytest

from models.changes import task_flags
from models.db import read_session, transaction
from models.queries.task_flags import task_flag_rows
from models.rules.access import SYSTEM
from tests import cast, make
from tests.dashboard.pages.acting import field, labels, pressed
from tests.dashboard.pages.opening import DAY, NOON, opened, table
from tests.models.changes.test_judgements import scan

OFFER = "Acknowledge a flag"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def flagged(installation):
    """Scanned on the day: NV-1 late about no file, NV-2 late about a file, NV-3 still in time."""
    with transaction() as session:
        file = make.case(session, code="VA-1", events=[("case_initiated", "2026-11-02")])
        make.task(session, code="NV-1", due_on="2026-11-18")
        make.task(session, code="NV-2", due_on="2026-11-19", case=file)
        make.task(session, code="NV-3", due_on="2026-11-21")
        people = cast.accounts(session)
    scan(installation, DAY)
    with transaction() as session:
        task_flags.write(session, SYSTEM, as_of=DAY, now=NOON)
    return people


def states(app) -> dict[str, str]:
    return {row[0]: row[4] for row in table(app, "Code")}


def test_the_row_says_since_when_the_task_is_flagged(flagged):
    assert states(opened("tasks", cast.MEMBER)) == {
        "NV-1": "Late flagged since 19/11/2026", "NV-2": "Late flagged since 20/11/2026", "NV-3": "In progress",
    }  # fmt: skip


def test_an_earlier_day_shows_the_flags_of_that_day(flagged):
    before = states(opened("tasks", cast.MEMBER, as_of=date(2026, 11, 19)))
    assert before["NV-1"] == "Late flagged since 19/11/2026"
    assert before["NV-2"] == "In progress"
    assert OFFER not in labels(opened("tasks", cast.SECRETARIAT, as_of=date(2026, 11, 19), do="acknowledge"))


def test_the_secretariat_sets_the_flag_of_a_task_about_no_file_aside(flagged, recording):
    recording(flagged.secretariat)
    app = opened("tasks", flagged.secretariat, do="acknowledge")
    assert field(app, "Flag").options == ["NV-1 · Committee task overdue · since 19/11/2026"]
    field(app, "Why it may stand for now").set_value("Chờ phiên họp tới").run()
    pressed(app, "Acknowledge")
    assert "The flag is acknowledged" in app.success[0].value
    with read_session() as session:
        (row,) = task_flag_rows(session, cast.MEMBER)
    assert (row.acknowledged_reason, row.look_again_on) == ("Chờ phiên họp tới", DAY + timedelta(days=14))
    assert states(opened("tasks", flagged.secretariat))["NV-1"] == "Late flagged since 19/11/2026"  # it stays


def test_a_member_is_offered_no_form(flagged):
    assert OFFER not in labels(opened("tasks", cast.MEMBER, do="acknowledge"))
    assert OFFER in labels(opened("tasks", cast.SECRETARIAT))
