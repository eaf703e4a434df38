"""The page of coordination requests: who waits for whom, since when it is late, and how a reply is recorded."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
import streamlit as st
from sqlmodel import select

from models.changes import coordination as changes
from models.db import read_session, transaction
from models.enums import CoordinationState
from models.queries.coordination import coordination_page, request_history
from models.tables import Account, Case
from tests import cast, make
from tests.dashboard.pages.opening import DAY, NOON, opened, pieces, said


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


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
    assert "new_request" not in keys(app)


def test_without_requests_the_page_says_who_records_them(installation):
    app = opened("coordination", cast.MEMBER)
    assert "No coordination request is recorded yet" in app.info[0].value


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_sees_no_request(four, viewer):
    app = opened("coordination", viewer)
    assert codes(app) == [] and "Sao kê" not in said(app)


def keys(app) -> list[str]:
    return [button.key for button in app.button]


def test_a_member_reads_and_records_nothing(four):
    assert "new_request" not in keys(opened("coordination", cast.MEMBER))
    assert "new_request" in keys(opened("coordination", cast.SECRETARIAT))
    seen = opened("coordination", cast.MEMBER, request="PH-1", do="reply")
    assert codes(seen).count("PH-1") == 2, "in the list and in the dialog"
    assert "act_save_reply" not in keys(seen)
    assert "act_save_request" not in keys(opened("coordination", cast.MEMBER, do="new"))


def test_a_request_that_is_not_there_is_told(four):
    app = opened("coordination", cast.SECRETARIAT, request="PH-99")
    assert "no coordination request" in "".join(each.value for each in app.info)


def now_of(code: str):
    with read_session() as session:
        return {row.code: row for row in coordination_page(session, cast.MEMBER, as_of=DAY).rows}[code]


@pytest.fixture
def desk(four, monkeypatch):
    """The secretariat's sign-in, which a dialog asks for again before it saves."""
    with read_session() as session:
        person = next(iter(session.exec(select(Account).where(Account.login == "thuky"))))
    me = replace(cast.SECRETARIAT, account_id=person.id)
    for module in ("dashboard.components.acts", "dashboard.components.forms.state"):
        monkeypatch.setattr(f"{module}.signed_in", lambda now: SimpleNamespace(viewer=me))
    again = st.rerun
    monkeypatch.setattr("streamlit.rerun", lambda *, scope="app": again())  # here every run is one of the whole page
    return me


def field(app, label: str):
    for kind in (app.text_input, app.text_area, app.selectbox, app.checkbox):
        for each in reversed(list(kind)):  # the dialog stands behind the page's own filters
            if each.label.removesuffix(" *") == label:
                return each
    raise AssertionError(label)


def press(app, act: str):
    app.button(key=f"act_save_{act}").click().run()
    assert not app.exception
    return app


def test_a_new_request_is_recorded_from_its_form(desk):
    app = opened("coordination", desk, do="new", file="VA-1")
    field(app, "What is asked for").set_value("Cung cấp hồ sơ gói thầu").run()
    field(app, "Who asks").set_value("CQDT").run()
    field(app, "Whose answer is awaited").set_value("TA-MC").run()
    field(app, "Urgent").set_value(True).run()
    assert field(app, "The file, if it is about one").value == "VA-1"
    press(app, "request")
    assert now_of("PH-2026-001").facts.urgent
    row = now_of("PH-2026-001")
    assert (row.subject, row.case_code, row.facts.sent_on) == ("Cung cấp hồ sơ gói thầu", "VA-1", DAY)


def test_a_new_request_that_lacks_something_is_told_at_its_fields_and_kept(desk):
    app = opened("coordination", desk, do="new")
    field(app, "The file, if it is about one").set_value("VA-9").run()
    press(app, "request")
    told = dict(re.findall(r'data-problem="(\w+)"[^>]*>([^<]+)<', "".join(pieces(app))))
    assert told.keys() == {"subject", "asks", "asked", "case_code"}
    assert told["case_code"] == "File: none open to you has the code VA-9."
    assert field(app, "The file, if it is about one").value == "VA-9"
    assert len(set(codes(app))) == 4


def test_what_is_typed_waits_as_a_draft_and_a_second_click_saves_nothing_more(desk):
    app = opened("coordination", desk, request="PH-1", do="reply")
    field(app, "Document of the reply").set_value("Số 15/STC").run()
    again = opened("coordination", desk, request="PH-1", do="reply")
    assert field(again, "Document of the reply").value == "Số 15/STC"
    assert "Your draft is still here" in said(again)
    press(again, "reply")
    version = now_of("PH-1").version
    press(app, "reply")
    assert now_of("PH-1").version == version


def test_a_reply_is_recorded_and_the_request_waits_no_more(desk):
    app = opened("coordination", desk, request="PH-1", do="reply")
    field(app, "Reply received on").set_value("17/11/2026").run()
    field(app, "Document of the reply").set_value("Số 15/STC").run()
    press(app, "reply")
    row = now_of("PH-1")
    assert (row.clock.state, row.clock.days_late, row.reply_document) == (CoordinationState.REPLIED, 0, "Số 15/STC")
    with read_session() as session:
        assert session.get_one(Case, 1).revision == 2
    shown = opened("coordination", desk, request="PH-1")
    assert "act_save_reply" not in keys(shown)
    with read_session() as session:
        assert [change.deed.value for change in request_history(session, desk, "PH-1")] == ["replaced", "recorded"]


@pytest.mark.parametrize(
    ("act", "label", "state"),
    [("receipt", "Received on", "received"), ("escalate", "Escalated on", "escalated"),
     ("withdraw", "Withdrawn on", "cancelled"), ("partial", "Reply received on", "overdue")],
)  # fmt: skip
def test_every_other_step_is_recorded_on_its_day_and_not_on_one_to_come(desk, act, label, state):
    app = opened("coordination", desk, request="PH-1", do=act)
    field(app, label).set_value("01/01/2099").run()
    if act == "withdraw":
        field(app, "Reason").set_value("Đã tự thu thập").run()
    press(app, act)
    assert 'data-problem="on"' in "".join(pieces(app)), "a day to come is told at its field"
    field(app, label).set_value("20/11/2026").run()
    press(app, act)
    assert now_of("PH-1").clock.state.value == state


def test_a_colleagues_change_is_shown_beside_mine_and_not_overwritten(desk):
    app = opened("coordination", desk, request="PH-1", do="reply")
    field(app, "Document of the reply").set_value("Số 15/STC").run()
    with transaction() as session:
        changes.escalate(session, cast.SECRETARIAT, "PH-1", version=now_of("PH-1").version,
                         escalated_on=date(2026, 11, 20), now=NOON, today=DAY)  # fmt: skip
    press(app, "reply")
    assert "changed the request PH" in app.warning[0].value
    words = "".join(pieces(app))
    assert "20/11/2026" in words and "Số 15/STC" in words
    assert now_of("PH-1").clock.state is CoordinationState.ESCALATED
    app.button(key="act_go_on").click().run()
    press(app, "reply")
    row = now_of("PH-1")
    assert (row.clock.state, row.facts.escalated_on) == (CoordinationState.REPLIED, date(2026, 11, 20))


def test_a_correction_shows_what_is_recorded_and_asks_for_the_reason(desk):
    app = opened("coordination", desk, request="PH-4", do="correct")
    assert field(app, "What is asked for").value == "Cho ý kiến"
    field(app, "Reply received on").set_value("").run()
    press(app, "correct")
    assert 'data-problem="reason"' in "".join(pieces(app))
    field(app, "Reason of the correction").set_value("Ghi nhầm phiếu").run()
    press(app, "correct")
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
