"""Supervision on the page of a file: shown to all who may read it, proposed and decided by those who record facts."""

from dataclasses import replace
from datetime import date

import pytest

from models import clock
from models.changes.money import LedgerEntry, record_entry
from models.changes.supervision import DecisionEntry, ProposalEntry, decide, propose
from models.db import read_session, transaction
from models.enums import EntryKind, Quantity, Role, SupervisionGround, SupervisionOutcome, SupervisionStep
from models.queries.supervision import proposals, supervised_on
from models.tables import SupervisionProposal
from tests import cast, make
from tests.dashboard.pages.shown import TODAY, Shown, opened

PAID = LedgerEntry(Quantity.RECOVERED, EntryKind.MOVEMENT, 5_000_000, date(2026, 11, 2))
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation, monkeypatch):
    monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)  # a page here has no cookies
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


def form(people, name, code, id=""):
    who = people.lead if name == "decide_supervision" else people.secretariat
    return opened("case", who, code=code, do=name, id=id).app


def fill(app, label, value):
    found = next(each for each in (*app.text_input, *app.text_area, *app.selectbox) if each.label.startswith(label))
    (found.select if found.type == "selectbox" else found.set_value)(value).run()
    assert not app.exception


def save(app):
    app.button(key="form_save").click().run()
    assert not app.exception
    return Shown(app)


def warned(app):
    return "thuky2 changed file VA-1" in " ".join(each.value for each in app.warning).replace("\\", "")


def proposed(people, code="VA-1"):
    """The id of a proposal of 10 November."""
    app = form(people, "propose_place", code)
    fill(app, "Proposed on", "10/11/2026")
    save(app)
    return str(rows(code)[0].id)


def test_a_member_reads_and_has_no_form(office):
    shown = opened("case", office.member, code="VA-2")
    assert "Under supervision since 01/10/2025." in shown.text
    assert not [each for each in shown.links("/case") if "propose_" in each]
    assert "Not under supervision." in opened("case", office.member, code="VA-1").text
    assert not opened("case", office.member, code="VA-1", do="propose_place").app.text_input


def test_proposed_then_decided_the_file_is_under_supervision(office):
    assert "/case?code=VA-1&do=propose_place" in opened("case", office.secretariat, code="VA-1").links()
    app = form(office, "propose_place", "VA-1")
    fill(app, "Reason", HOSTILE)
    fill(app, "Proposed on", "10/11/2026")
    shown = save(app)
    (row,) = rows("VA-1")
    assert row.is_waiting and row.reason == HOSTILE and "<script" not in shown.html
    assert row.proposed_on == date(2026, 11, 10) and "Not decided yet" in shown.text
    way = f"/case?code=VA-1&do=decide_supervision&id={row.id}"
    assert way not in shown.links() and "Waits for the decision of a lead" in shown.text
    refused = opened("case", office.secretariat, code="VA-1", do="decide_supervision", id=str(row.id))
    assert not refused.app.text_input
    assert way in opened("case", office.lead, code="VA-1").links()
    app = form(office, "decide_supervision", "VA-1", str(row.id))
    shown = save(app)
    assert 'data-problem="decision"' in shown.html
    assert "Name the session or the document of the decision" in shown.text and rows("VA-1")[0].is_waiting
    fill(app, "Session", "1")
    fill(app, "Document of the decision", "88-TB/BCĐ")
    save(app)
    assert rows("VA-1")[0].outcome is SupervisionOutcome.ACCEPTED
    with read_session() as session:
        held_on = date(2026, 11, 18)
        assert supervised_on(session, cast.SECRETARIAT, "VA-1") == held_on, "a session decides on its own day"


def test_a_day_that_was_typed_is_not_replaced_by_that_of_the_session(office):
    app = form(office, "decide_supervision", "VA-1", proposed(office))
    fill(app, "Decided on", "20/11/2026")
    fill(app, "Session", "")
    fill(app, "Document of the decision", "88-TB/BCĐ")
    save(app)
    assert rows("VA-1")[0].decided_on == TODAY


def test_before_the_end_the_checklist_warns_and_the_report_is_asked_for(office):
    app = form(office, "propose_end", "VA-2")
    assert "no judgment in force is recorded" in Shown(app).text
    assert "Supervision may end all the same" in Shown(app).text
    assert 'data-problem="report"' in save(app).html and rows("VA-2") == []
    fill(app, "Result report", "Báo cáo 12")
    save(app)
    app = form(office, "decide_supervision", "VA-2", str(rows("VA-2")[0].id))
    assert "no judgment in force is recorded" in Shown(app).text


def test_a_proposal_is_withdrawn_with_a_reason(office):
    app = form(office, "withdraw_supervision", "VA-1", proposed(office))
    assert 'data-problem="reason"' in save(app).html and rows("VA-1")[0].is_waiting
    fill(app, "Why it is withdrawn", "Nhầm vụ")
    save(app)
    assert rows("VA-1")[0].outcome is SupervisionOutcome.WITHDRAWN


def test_what_is_typed_is_there_again_after_a_refresh(office):
    id = proposed(office)
    fill(form(office, "decide_supervision", "VA-1", id), "Note", "Chờ kết quả giám định")
    again = form(office, "decide_supervision", "VA-1", id)
    assert "Chờ kết quả giám định" in [each.value for each in again.text_area]
    assert "Draft from" in Shown(again).text
    assert "Record the decision" in " ".join(
        each.value for each in opened("case", office.lead, code="VA-1").app.markdown
    )


@pytest.mark.parametrize("outcome", [SupervisionOutcome.DEFERRED, SupervisionOutcome.REFUSED])
def test_a_colleagues_decision_is_shown_and_mine_goes_on_only_if_the_proposal_still_waits(office, outcome):
    id = proposed(office)
    app = form(office, "decide_supervision", "VA-1", id)
    fill(app, "Document of the decision", "88-TB/BCĐ")
    fill(app, "Session", "1")
    entry = DecisionEntry(outcome, TODAY, 1, "", "Chưa đủ hồ sơ")
    with transaction() as session:
        decide(session, colleague(session), int(id), entry, revision=2, now=clock.now(), today=TODAY)
    shown = save(app)
    assert warned(app) and "Chưa đủ hồ sơ" in shown.text
    assert rows("VA-1")[0].outcome is outcome
    if outcome is SupervisionOutcome.REFUSED:
        assert "settled this proposal already" in shown.text and "88-TB/BCĐ" in shown.text
        assert "Session Session 3 (" in shown.text, "my session by its name"
        app.button(key="form_drop").click().run()
        assert rows("VA-1")[0].outcome is outcome
        return
    app.button(key="form_save_chosen").click().run()
    assert not app.exception
    assert rows("VA-1")[0].outcome is SupervisionOutcome.ACCEPTED and rows("VA-1")[0].decision == "88-TB/BCĐ"


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
    app = form(office, "decide_supervision", "VA-1", proposed(office))
    fill(app, "Document of the decision", "88-TB/BCĐ")
    with transaction() as session:
        record_entry(session, colleague(session), "VA-1", PAID, revision=2, now=clock.now(), today=TODAY)
    save(app)
    assert warned(app) and rows("VA-1")[0].is_waiting
    app.button(key="form_go_on").click().run()
    assert "88-TB/BCĐ" in [each.value for each in app.text_input], "go on editing"
    save(app)
    assert rows("VA-1")[0].outcome is SupervisionOutcome.ACCEPTED


def colleague(session):
    made = make.account(session, login="thuky2", role=Role.LEAD)
    return replace(cast.LEAD, name="thuky2", account_id=made.id)


def test_a_click_before_the_page_is_drawn_again_does_not_bring_back_the_day_before_the_session_was_chosen(office):
    with transaction() as session:
        entry = ProposalEntry(
            SupervisionStep.PLACE, SupervisionGround.SERIOUS_COMPLEX, date(2026, 11, 17), "Ban Nội chính Tỉnh ủy"
        )
        made = propose(session, cast.SECRETARIAT, "VA-1", entry, revision=1, now=clock.now(), today=TODAY)
    app = form(office, "decide_supervision", "VA-1", id=str(made.id))
    stale = next(each for each in app.text_input if each.label.startswith("Decided on"))
    assert stale.value == TODAY.strftime("%d/%m/%Y")
    fill(app, "Session", next(each for each in app.selectbox if each.label.startswith("Session")).options[1])
    shown = next(each for each in app.text_input if each.label.startswith("Decided on"))
    assert shown.value == "18/11/2026"
    assert shown.key != stale.key, "what the browser still sends for the former field is heard by nobody"
