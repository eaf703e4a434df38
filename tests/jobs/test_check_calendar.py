"""The daily look at the calendar names a missing year from ninety days before it begins."""

from datetime import UTC, date, datetime

import pytest

from jobs.ledger import run
from jobs.schedule import job_named
from models.db import read_session
from models.queries.runs import last_runs
from models.rules.access import SYSTEM

AT = datetime(2027, 10, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(("day", "missing"), [(date(2027, 10, 2), []), (date(2027, 10, 3), [2028])])
def test_a_missing_year_is_named(lawful, day, missing):
    outcome = run(job_named("calendar"), day, SYSTEM, on=lawful, clock=lambda session: AT)
    assert (outcome.ran, outcome.did, outcome.failed) == (True, {"missing": missing}, [])
    assert not run(job_named("calendar"), day, SYSTEM, on=lawful, clock=lambda session: AT).ran
    with read_session(lawful) as session:
        assert [row.did for row in last_runs(session, SYSTEM)] == [{"missing": missing}]
