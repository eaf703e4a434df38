"""Supervision on the page of a file: shown to all who may read it, proposed and decided by those who record facts."""

from datetime import date

import pytest

from models.changes.money import LedgerEntry, record_entry
from models.db import read_session, transaction
from models.enums import EntryKind, Quantity, SupervisionGround, SupervisionOutcome, SupervisionStep
from models.queries.supervision import proposals, supervised_on
from models.tables import SupervisionProposal
from tests import cast, make
from tests.dashboard.pages import opening
from tests.dashboard.pages.shown import TODAY, Shown, opened

PAID = LedgerEntry(Quantity.RECOVERED, EntryKind.MOVEMENT, 5_000_000, date(2026, 11, 2))
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    with transaction() as session:
        people = cast.accounts(session)
        make.case(session, code="VA-1", events=[("case_initiated", "2026-09-02")])
        make.case(
            session, code="VA-2", events=[("case_initiated", "2025-09-02"), ("placed_under_supervision", "2025-10-01")]
        )
        make.session_(session, number=3, held_on=date(2026, 11, 18))
    return people


def rows(code):
    with read_session() as session:
        return proposals(session, cast.SECRETARIAT, code=code)


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


def test_a_member_reads_and_has_no_form(office):
    shown = opened("case", office.member, code="VA-2")
    assert "Under supervision since 01/10/2025." in shown.text
    assert not [each for each in shown.app.expander if "upervision" in each.label]
    assert "Not under supervision." in opened("case", office.member, code="VA-1").text


def test_proposed_then_decided_the_file_is_under_supervision(office):
    app = opened("case", office.secretariat, code="VA-1").app
    app.text_area(key="proposal_reason").set_value(HOSTILE)
    app.date_input(key="proposal_on").set_value(date(2026, 11, 10))
    app = press(app, "Propose")
    (row,) = rows("VA-1")
    assert row.is_waiting and row.reason == HOSTILE and "<script" not in Shown(app).html
    assert "Not decided yet" in Shown(app).text
    app.date_input(key="decision_on").set_value(TODAY)
    app = press(app, "Record the decision")
    assert "Name the session or the document of the decision" in " ".join(each.value for each in app.error)
    assert rows("VA-1")[0].is_waiting
    app.selectbox(key="decision_session").select_index(0)
    app.text_input(key="decision_document").set_value("88-TB/BCĐ")
    app = press(app, "Record the decision")
    assert rows("VA-1")[0].outcome is SupervisionOutcome.ACCEPTED
    with read_session() as session:
        assert supervised_on(session, cast.SECRETARIAT, "VA-1") == TODAY


def test_before_the_end_the_checklist_warns_and_the_report_is_asked_for(office):
    shown = opened("case", office.secretariat, code="VA-2")
    assert "no judgment in force is recorded" in shown.text and "Supervision may end all the same" in shown.text
    app = press(shown.app, "Propose")
    assert "Please fill this in" in " ".join(each.value for each in app.error) and rows("VA-2") == []


def test_a_proposal_is_withdrawn_with_a_reason(office):
    app = press(opened("case", office.secretariat, code="VA-1").app, "Propose")
    app = press(app, "Withdraw the proposal")
    assert rows("VA-1")[0].is_waiting and app.error
    app.text_input(key="withdrawal_reason").set_value("Nhầm vụ")
    press(app, "Withdraw the proposal")
    assert rows("VA-1")[0].outcome is SupervisionOutcome.WITHDRAWN


def test_what_waits_stands_above_the_sessions(office):
    assert "waits for a decision" not in opened("sessions", office.member).text
    with transaction() as session:
        session.add(
            SupervisionProposal(
                case_id=1, step=SupervisionStep.PLACE, ground=SupervisionGround.PUBLIC_CONCERN, proposed_by="BNC",
                proposed_on=date(2026, 11, 2), recorded_at=make.datetime.combine(TODAY, make.time(3), tzinfo=make.UTC),
            )
        )  # fmt: skip
    shown = opened("sessions", office.member)
    assert "1 proposal waits for a decision" in shown.text and "/case?code=VA-1#supervision" in shown.links()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_can_be_read_in_both_languages(office, language):
    assert not opened("case", office.secretariat, language=language, code="VA-2").warnings


def test_a_decision_is_not_recorded_over_a_change_that_its_form_did_not_show(office):
    app = press(opened("case", office.secretariat, code="VA-1").app, "Propose")
    app.text_input(key="decision_document").set_value("88-TB/BCĐ")
    with transaction() as session:
        record_entry(session, cast.SECRETARIAT, "VA-1", PAID, revision=2, now=opening.NOON, today=TODAY)
    app = press(app, "Record the decision")
    assert "A colleague changed this file meanwhile" in " ".join(each.value for each in app.error)
    assert rows("VA-1")[0].is_waiting and app.text_input(key="decision_document").value == "88-TB/BCĐ"
    press(app, "Record the decision")
    assert rows("VA-1")[0].outcome is SupervisionOutcome.ACCEPTED, "the change stands on the page by now"
