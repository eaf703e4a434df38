"""The page of coordination requests: who waits for whom, since when it is late, and how a reply is recorded."""

import re
from datetime import date

import pytest

from models.changes import coordination as changes
from models.db import read_session, transaction
from models.enums import CoordinationState
from models.queries.coordination import coordination_page
from models.tables import Case
from tests import cast, make
from tests.dashboard.pages.opening import DAY, NOON, opened, pieces, said


def codes(app) -> list[str]:
    return re.findall(r'data-request="([^"]*)"', "".join(pieces(app)))


def counts(app) -> list[str]:
    """The numbers of the strip, in its order."""
    strip = next(piece for piece in pieces(app) if "count-strip" in piece)
    return re.findall(r"<strong>(\d+)</strong>", strip)


@pytest.fixture
def four(installation):
    """Late; urgent and about to be; answered partly; answered."""
    with transaction() as session:
        court = make.agency(session, code="TA-MC", name_vi="Tòa án tỉnh", name_en="Provincial court")
        file = make.case(session, code="VA-1")
        make.request(session, code="PH-1", subject="Sao kê tài khoản", sent_on="2026-11-02", received_on="2026-11-03",
                     case=file, document="Số 7/PPH")  # fmt: skip
        make.request(session, code="PH-2", subject="Cử giám định viên", sent_on="2026-11-18", received_on="2026-11-18",
                     urgent=True, asked=court)  # fmt: skip
        make.request(session, code="PH-3", subject="Hồ sơ đất", sent_on="2026-11-16", replied_on="2026-11-19",
                     partial=True, reply_summary="Mới có 2 thửa")  # fmt: skip
        make.request(session, code="PH-4", subject="Cho ý kiến", sent_on="2026-10-05", replied_on="2026-10-06")
        cast.accounts(session)


def row_of(app, code: str) -> str:
    """The words of a request's own row."""
    html = "".join(pieces(app))
    found = re.search(rf'<tr[^>]*data-request="{code}">(.*?)</tr>', html, re.S)
    assert found
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_the_states_add_up_and_what_waits_stands_first(four):
    app = opened("coordination", cast.MEMBER)
    assert counts(app) == ["4", "1", "0", "1", "1", "1", "0"]
    assert "1 overdue + 0 escalated + 1 received + 1 sent + 1 replied + 0 withdrawn = 4" in said(app)
    assert codes(app) == ["PH-1", "PH-2", "PH-3", "PH-4"]


def test_a_row_says_who_waits_for_whom_and_how_late_it_is(four):
    app = opened("coordination", cast.MEMBER)
    late = row_of(app, "PH-1")
    assert "17/11/2026 4 days late Reply overdue VA-1" in late and "Số 7/PPH" in late
    assert "Provincial court 18/11/2026 received 18/11/2026 23/11/2026 2 days left" in row_of(app, "PH-2")
    assert "no receipt recorded about 01/12/2026" in row_of(app, "PH-3")
    assert "partial reply of 19/11/2026 Mới có 2 thửa" in row_of(app, "PH-3")
    assert "answered in time" in row_of(app, "PH-4")
    assert "Term of an urgent request: 3 working days (the committee's own number, no law)." in said(app)
    assert "/case?code=VA-1" in "".join(pieces(app))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"state": "overdue"}, ["PH-1"]),
        ({"agency": "TA-MC"}, ["PH-2"]),
        ({"agency": "TA-MC", "state": "overdue"}, []),
        ({"state": "nonsense"}, ["PH-1", "PH-2", "PH-3", "PH-4"]),
    ],
)
def test_the_address_says_what_is_listed(four, address, expected):
    app = opened("coordination", cast.MEMBER, **address)
    assert codes(app) == expected
    if not expected:
        assert "No request fits these filters" in app.info[0].value
    assert ("a filter that cannot be used" in said(app)) == (address.get("state") == "nonsense")


def test_an_earlier_day_shows_the_requests_as_they_were_and_no_form(four):
    app = opened("coordination", cast.SECRETARIAT, as_of=date(2026, 11, 17))
    assert "due today" in row_of(app, "PH-1")
    assert codes(app) == ["PH-1", "PH-3", "PH-4"] and "partial" not in row_of(app, "PH-3")
    assert not app.expander


def test_without_requests_the_page_says_who_records_them(installation):
    app = opened("coordination", cast.MEMBER)
    assert "No coordination request is recorded yet" in app.info[0].value


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_sees_no_request(four, viewer):
    app = opened("coordination", viewer)
    assert codes(app) == [] and "Sao kê" not in said(app)


def test_a_member_reads_and_records_nothing(four):
    assert not opened("coordination", cast.MEMBER).expander
    assert len(opened("coordination", cast.SECRETARIAT).expander) == 3


def now_of(code: str):
    with read_session() as session:
        return {row.code: row for row in coordination_page(session, cast.MEMBER, as_of=DAY).rows}[code]


def press(app, label: str, at: int = 0):
    [button for button in app.button if button.label == label][at].click().run()
    return app


def test_a_new_request_is_recorded_from_its_form(four):
    app = opened("coordination", cast.SECRETARIAT)
    app.text_area(key="request_new_subject").set_value("Cung cấp hồ sơ gói thầu")
    app.selectbox(key="request_new_asks").set_value("CQDT")
    app.selectbox(key="request_new_asked").set_value("TA-MC")
    app.text_input(key="request_new_case_code").set_value("VA-1")
    app.checkbox(key="request_new_urgent").set_value(True)
    press(app, "Record", 0)
    assert "The request PH-2026-001 is recorded." in app.success[0].value
    row = now_of("PH-2026-001")
    assert (row.subject, row.case_code, row.urgent, row.facts.sent_on) == (
        "Cung cấp hồ sơ gói thầu", "VA-1", True, DAY,
    )  # fmt: skip
    assert app.text_area(key="request_new_subject").value == ""  # ready for the next one


def test_a_new_request_that_lacks_something_is_refused_field_by_field_and_kept(four):
    app = opened("coordination", cast.SECRETARIAT)
    app.text_input(key="request_new_case_code").set_value("VA-9")
    press(app, "Record", 0)
    refused = [error.value.replace("\\", "") for error in app.error]
    assert "Subject: say what is asked for." in refused
    assert "File: none open to you has the code VA-9." in refused
    assert "Agency: choose the one that asks." in refused
    assert "Agency: choose the one whose answer is awaited." in refused
    assert app.text_input(key="request_new_case_code").value == "VA-9"
    assert len(codes(app)) == 4


def test_a_reply_is_recorded_and_the_request_waits_no_more(four):
    app = opened("coordination", cast.SECRETARIAT)
    app.selectbox(key="request_step_code").set_value("PH-1")
    app.date_input(key="request_step_day").set_value(date(2026, 11, 17))
    app.text_input(key="request_step_document").set_value("Số 15/STC")
    press(app, "Record", 1)
    assert "The request PH-1 is brought up to date." in app.success[0].value
    row = now_of("PH-1")
    assert (row.clock.state, row.clock.days_late, row.reply_document) == (CoordinationState.REPLIED, 0, "Số 15/STC")
    with read_session() as session:
        assert session.get_one(Case, 1).revision == 2


def test_a_colleagues_change_is_told_and_not_overwritten(four):
    app = opened("coordination", cast.SECRETARIAT)
    with transaction() as session:
        changes.escalate(session, cast.SECRETARIAT, "PH-1", version=now_of("PH-1").version,
                         escalated_on=date(2026, 11, 20), now=NOON, today=DAY)  # fmt: skip
    app.selectbox(key="request_step_code").set_value("PH-1")
    press(app, "Record", 1)
    assert "Somebody else changed the request PH" in app.error[0].value
    assert now_of("PH-1").clock.state is CoordinationState.ESCALATED
    assert "Escalated" in row_of(app, "PH-1")
    press(app, "Record", 1)  # seen, and meant
    assert now_of("PH-1").clock.state is CoordinationState.REPLIED


def test_a_correction_shows_what_is_recorded_and_asks_for_the_reason(four):
    app = opened("coordination", cast.SECRETARIAT)
    app.selectbox(key="request_correct_code").set_value("PH-4").run()
    shown = now_of("PH-4")
    start = f"request_PH-4_{shown.version}"
    assert app.text_area(key=f"{start}_subject").value == "Cho ý kiến"
    app.date_input(key=f"{start}_replied_on").set_value(None)
    press(app, "Correct")
    assert "say why" in app.error[0].value
    app.text_input(key="request_reason_PH-4").set_value("Ghi nhầm phiếu")
    press(app, "Correct")
    assert "The request PH-4 is corrected." in app.success[0].value
    assert now_of("PH-4").clock.state is CoordinationState.OVERDUE


def test_hostile_words_are_shown_letter_by_letter(installation):
    with transaction() as session:
        make.request(session, code="PH-1", subject="<img src=x onerror=alert(1)>", legal_basis="<b>x</b>")
    app = opened("coordination", cast.SECRETARIAT)
    assert "<img" not in "".join(pieces(app)) and "<b>x" not in "".join(pieces(app))
    assert row_of(app, "PH-1").startswith("&lt;img src=x onerror=alert(1)&gt;")


def test_fifty_requests_stand_on_a_page(installation):
    with transaction() as session:
        for number in range(51):
            make.request(session, code=f"PH-{number:03}", sent_on="2026-11-16")
    first, second = opened("coordination", cast.MEMBER), opened("coordination", cast.MEMBER, page="2")
    assert len(codes(first)) == 50 and codes(second) == ["PH-050"]
