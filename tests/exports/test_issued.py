"""An issued paper against the records: as known then, and as known since."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from exports.issue import issue, order
from exports.issued import Standing, standing
from models.changes.restrictions import restrict
from models.db import read_session, transaction
from models.errors import Forbidden, NotFound
from models.queries.people import viewer_named
from models.queries.reports import count_issued, is_closed, issued_report, issued_reports
from models.tables import CaseDetail, CommitteeSession
from tests import cast, make

TODAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=2)


@pytest.fixture
def office(engine):
    """One file and two sessions; the viewer has an account."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", accused_count=4, events=[("case_initiated", "2026-03-02")])
        make.session_(session, number=1, held_on="2026-04-10")
        make.session_(session, number=2, held_on="2026-11-02")
        return cast.accounts(session)


def issued(engine, office, kind: str) -> str:
    brief = kind == "brief"
    asked = order(
        kind, period="" if brief else "2026", session=2 if brief else None, as_of=None, known_at=NOON, language="vi"
    )
    return issue(office.lead, asked, now=NOON, today=TODAY, engine=engine).report_id


def found(engine, office, report: str) -> Standing:
    with read_session(engine) as session:
        paper = issued_report(session, office.member, report)
        return standing(session, office.member, paper, now=LATER, today=TODAY)


@pytest.mark.parametrize("kind", ["annual", "brief"])
def test_a_paper_is_intact_while_nothing_changes(engine, office, kind):
    now = found(engine, office, issued(engine, office, kind))
    assert now.intact and now.outdated == () and now.figures > 0


@pytest.mark.parametrize(("kind", "figure"), [("annual", "files.open"), ("brief", "brief.new")])
def test_what_was_recorded_later_is_a_correction_and_breaks_nothing(engine, office, kind, figure):
    report = issued(engine, office, kind)
    with transaction(engine) as session:
        make.case(session, code="VA-2", events=[("case_initiated", "2026-05-04")], at=LATER - timedelta(hours=1))
    now = found(engine, office, report)
    assert now.intact and figure in now.outdated


def test_a_record_changed_behind_our_back_breaks_the_paper(engine, office):
    report = issued(engine, office, "annual")
    with transaction(engine) as session:
        session.connection().execute(update(CaseDetail).values(accused_count=5))
    now = found(engine, office, report)
    assert not now.intact and "accused.open" in now.broken
    assert "accused.open" not in now.outdated, "it is named once"


def test_a_brief_whose_session_before_is_gone_can_no_longer_be_given(engine, office):
    report = issued(engine, office, "brief")
    with transaction(engine) as session:
        session.connection().execute(update(CommitteeSession).where(CommitteeSession.number == 1).values(number=7))
    assert found(engine, office, report).intact, "a session is found by its day"
    with transaction(engine) as session:
        moved = update(CommitteeSession).where(CommitteeSession.number == 7)
        session.connection().execute(moved.values(held_on=date(2026, 4, 11)))
    now = found(engine, office, report)
    assert not now.intact and sum(not name.startswith("why.") for name in now.broken) == now.figures


def test_who_may_not_read_reports_is_refused(engine, office):
    report = issued(engine, office, "annual")
    with read_session(engine) as session, pytest.raises(Forbidden):
        issued_report(session, office.administrator, report)


def test_a_paper_about_a_file_that_is_hidden_from_a_reader_does_not_exist_for_him(engine, office):
    report = issued(engine, office, "annual")
    with transaction(engine) as session:
        restrict(session, office.lead, "VA-1", [], reason="Nhạy cảm", revision=None, now=NOON)
    with read_session(engine) as session:
        lead = viewer_named(session, office.lead.name)
        assert [paper.id for paper in issued_reports(session, lead)] == [report] and count_issued(session, lead) == 1
        assert issued_reports(session, office.member) == [] and count_issued(session, office.member) == 0
        with pytest.raises(NotFound):
            issued_report(session, office.member, report)
        assert is_closed(session, office.member, report) and not is_closed(session, lead, report)
