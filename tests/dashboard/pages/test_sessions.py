"""The page of sessions: the list of all, one session line by line, and who may record what."""

from datetime import date
from types import SimpleNamespace

import pytest
import streamlit as st

from models.changes import conclusions, sessions
from models.changes.conclusions import ConclusionLine
from models.changes.sessions import AgendaLine, AttendanceLine
from models.db import read_session, transaction
from models.enums import AgendaKind, Presence, SessionKind, SessionStatus
from models.queries.sessions import session_file
from tests import cast, make
from tests.dashboard.pages.opening import DAY, NOON, opened, pieces, said, table


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def three(installation):
    """A session held with two lines, one of them a task; a Standing meeting; a session to come."""
    with transaction() as session:
        make.case(session, code="VA-1", title="Vụ án thứ nhất", events=[("case_initiated", "2020-02-02")])
        make.session_(session, number=4, held_on="2026-10-09", subject="Chín tháng")
        make.session_(session, number=11, held_on="2026-10-27", kind=SessionKind.STANDING)
        make.session_(session, number=5, held_on="2026-12-04", status=SessionStatus.PLANNED)
    with transaction() as session:
        points = [AgendaLine(AgendaKind.FILE, case_code="VA-1"), AgendaLine(AgendaKind.OTHER, "<b>Việc khác</b>")]
        sessions.write_agenda(session, cast.SECRETARIAT, 1, 1, points, now=NOON)
        listed = [AttendanceLine("Trưởng ban"), AttendanceLine("Chánh án", Presence.ABSENT)]
        sessions.write_attendance(session, cast.SECRETARIAT, 1, 2, listed, now=NOON)
        lines = [ConclusionLine("Việc một", lead_agency="CQDT"), ConclusionLine("Việc hai")]
        conclusions.write_conclusions(session, cast.SECRETARIAT, 1, 3, lines, now=NOON)
        conclusions.turn_into_tasks(session, cast.SECRETARIAT, 1, 4, items=[1], now=NOON, today=DAY)


@pytest.fixture
def recorder(three, monkeypatch):
    """A member of the secretariat with an account; every run is one of the whole page."""
    with transaction() as session:
        who = cast.accounts(session).secretariat
    monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)
    monkeypatch.setattr("dashboard.components.acts.signed_in", lambda now: SimpleNamespace(viewer=who))
    again = st.rerun
    monkeypatch.setattr("streamlit.rerun", lambda *, scope="app": again())
    return who


def shown(number: int = 1):
    with read_session() as session:
        return session_file(session, cast.MEMBER, number, as_of=DAY)


def plain(app) -> str:
    """What the page says, without the signs that keep words from becoming Markdown."""
    return said(app).replace("\\", "")


def test_the_list_shows_every_session_the_coming_one_first(three):
    rows = table(opened("sessions", cast.MEMBER), "Session")
    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("Session 5", "04/12/2026", "Planned"),
        ("Standing meeting 11", "27/10/2026", "Held"),
        ("Session 4", "09/10/2026", "Held"),
    ]
    assert rows[2][4:] == ["1/2", "2", "0 of 1 done"]


def test_the_list_is_narrowed_by_kind_and_an_earlier_day_knows_no_later_session(three):
    rows = table(opened("sessions", cast.MEMBER, kind="standing"), "Session")
    assert [row[0] for row in rows] == ["Standing meeting 11"]
    rows = table(opened("sessions", cast.MEMBER, as_of=date(2026, 10, 26)), "Session")
    assert [row[0] for row in rows] == ["Session 4"]


def test_a_planned_session_whose_day_has_passed_asks_to_be_recorded(three):
    rows = table(opened("sessions", cast.MEMBER, today=date(2026, 12, 4)), "Session")
    assert rows[0][3] == "Planned"
    rows = table(opened("sessions", cast.MEMBER, today=date(2026, 12, 5)), "Session")
    assert rows[0][3] == "Planned the day has passed: was it held?"


def test_one_session_is_shown_line_by_line_with_its_task(three):
    app = opened("sessions", cast.MEMBER, session="1")
    text = said(app)
    for part in ("Vụ án thứ nhất", "Việc một", "Việc hai", "no agency named", "NV-2026-001", "Chín tháng"):
        assert part in text, part
    assert "2 expected: 1 present + 0 represented + 1 absent" in text
    assert "<b>Việc khác" not in "".join(pieces(app)) and "&lt;b&gt;Việc khác" in "".join(pieces(app))


def test_a_member_reads_and_records_nothing(three):
    app = opened("sessions", cast.MEMBER, session="1", do="change")
    assert [button.label for button in app.button] == []
    assert "do=retract" not in "".join(pieces(app))
    app = opened("sessions", cast.SECRETARIAT, session="1")
    assert {"Change the session", "Make it a task", "Paste the conclusions"} <= {button.label for button in app.button}


def test_an_earlier_day_is_only_looked_at(three):
    app = opened("sessions", cast.SECRETARIAT, session="1", as_of=date(2026, 11, 1))
    assert [button.label for button in app.button] == []


def test_a_line_without_an_agency_is_no_task_and_the_page_says_why(three):
    app = opened("sessions", cast.SECRETARIAT, session="1")
    next(button for button in app.button if button.label == "Make it a task").click().run()
    assert "Line 2: Choose an agency." in plain(app)
    assert not shown().conclusions[1].is_task


def test_one_click_makes_the_task_and_a_second_click_changes_nothing(three):
    with transaction() as session:
        lines = [ConclusionLine("Việc một", 1, "CQDT"), ConclusionLine("Việc hai", 2, "VKS", date(2026, 12, 1))]
        conclusions.write_conclusions(session, cast.SECRETARIAT, 1, 5, lines, reason="Bổ sung", now=NOON)
    app = opened("sessions", cast.SECRETARIAT, session="1")
    next(button for button in app.button if button.label == "Make a task of 1 line").click().run()
    assert "1 task is recorded: NV-2026-002." in plain(app)
    before = shown().version
    app.session_state["session_tasks"] = [1, before - 1, None]  # the click that came too late
    app.run()
    assert shown().version == before
    assert "A colleague" not in said(app)


@pytest.mark.parametrize("number", ["99", "0", "-1", "x", "1' OR 1", "99999999999999"])
def test_a_session_that_does_not_exist_is_named_and_the_list_is_shown(three, number):
    app = opened("sessions", cast.MEMBER, session=number)
    assert "a filter that cannot be used: session=" in said(app)
    assert len(table(app, "Session")) == 3


def test_without_sessions_the_page_says_what_to_do(installation):
    assert "No session is recorded yet" in opened("sessions", cast.MEMBER).info[0].value


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_sees_no_session(three, viewer):
    app = opened("sessions", viewer, session="1")
    assert "Việc một" not in said(app) and not table(app, "Session")


def test_a_point_that_stands_elsewhere_by_now_is_the_one_that_is_changed(three, recorder):
    app = opened("sessions", recorder, session="1", do="point", n="2")
    field = next(each for each in app.text_input if each.label == "Matter")
    assert field.value == "<b>Việc khác</b>"
    field.set_value("Việc khác, sửa").run()
    with transaction() as session:
        rest = [AgendaLine(AgendaKind.OTHER, "<b>Việc khác</b>", point=2), AgendaLine(AgendaKind.REPORT, "Báo cáo")]
        sessions.write_agenda(session, cast.SECRETARIAT, 1, shown().version, rest, now=NOON)
    press_save(app)
    assert "A colleague changed this session while you had it open" in plain(app)
    next(each for each in app.button if each.label == "Go on with my entry").click().run()
    press_save(app)
    assert [(row.point, row.title) for row in shown().agenda] == [(2, "Việc khác, sửa"), (3, "Báo cáo")]


def press_save(app):
    next(each for each in app.button if str(each.key).startswith("act_save")).click().run()
    assert not app.exception


@pytest.mark.parametrize("do, label", [("line", "Conclusion"), ("retract", "Reason of the retraction"),
                                       ("point", "Matter"), ("off", "")])  # fmt: skip
def test_a_line_or_point_that_a_colleague_took_away_is_not_said_to_be_saved(three, recorder, do, label):
    before = shown()
    app = opened("sessions", recorder, session="1", do=do, n="9")
    for each in (*app.text_input, *app.text_area):
        if each.label.removesuffix(" *") in (label, "Reason of the correction"):
            each.set_value("Theo ý kiến mới").run()
    press_save(app)
    assert "no line 9" in plain(app) or "not on the agenda any more" in plain(app)
    assert shown() == before
