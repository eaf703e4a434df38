"""A form is filled in as such papers mostly are: who issued the last one of the file, else the province's own body."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.db import read_session, transaction
from models.enums import AgencyKind, AgencyLevel, EventKind
from models.errors import CaseNotFound
from models.queries.usual import usual_entry
from models.rules.access import SYSTEM
from models.rules.entry import EventEntry
from models.tables import Agency
from tests import cast, make

TODAY = date(2026, 11, 6)


def usual(engine: Engine, kind: EventKind) -> EventEntry:
    with read_session(engine) as session:
        return usual_entry(session, SYSTEM, "VA-1", kind, today=TODAY)


@pytest.fixture
def file(engine: Engine) -> Engine:
    """File VA-1, one extension granted, in a province with one procuracy and two courts."""
    with transaction(engine) as session:
        for agency in session.exec(
            select(Agency).where(col(Agency.kind).in_([AgencyKind.PROCURACY, AgencyKind.COURT]))
        ):
            agency.level = AgencyLevel.REGIONAL
            session.add(agency)
        made = {"kind": AgencyKind.PROCURACY, "level": AgencyLevel.PROVINCE}
        make.agency(session, code="VKS-T", name_vi="Viện kiểm sát tỉnh thử", **made)
        for name in ("TA-1", "TA-2"):
            make.agency(session, code=name, name_vi=name, kind=AgencyKind.COURT, level=AgencyLevel.PROVINCE)
        make.case(
            session, code="VA-1",
            events=[("case_initiated", "2026-05-04", {"body": "Phòng PC03"}),
                    ("investigation_extended", "2026-07-20", {"length": "3m"})],
        )  # fmt: skip
    return engine


def test_the_usual_entry_has_day_length_and_who_issues_it(file: Engine) -> None:
    entry = usual(file, EventKind.INVESTIGATION_EXTENDED)
    assert (entry.happened_on, entry.length, entry.body) == (TODAY, "2m", "Viện kiểm sát tỉnh thử")


def test_who_issued_the_last_such_paper_of_the_file_comes_first(file: Engine) -> None:
    assert usual(file, EventKind.INVESTIGATION_CONCLUDED).body == "Phòng PC03"


def test_of_several_bodies_none_is_guessed(file: Engine) -> None:
    assert usual(file, EventKind.TRIAL_DECISION).body == ""


def test_who_may_not_read_the_file_gets_nothing(file: Engine) -> None:
    with read_session(file) as session, pytest.raises(CaseNotFound):
        usual_entry(session, cast.ADMINISTRATOR, "VA-1", EventKind.TRIAL_DECISION, today=TODAY)
