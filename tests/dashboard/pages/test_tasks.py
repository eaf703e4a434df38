"""The page of tasks: counts that add up, each with its tasks; filters in the address; fifty on a page."""

import re
from datetime import date
from types import SimpleNamespace

import pytest
import streamlit as st
from sqlmodel import select

from models.changes import tasks
from models.db import read_session, transaction
from models.enums import SessionKind, TaskOrigin
from models.queries.task_file import task_file
from models.tables import Task
from models.text import translator
from tests import cast, make
from tests.dashboard.pages.opening import DAY, NOON, opened, pieces, said, table


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def five(installation):
    """One task in each state on 21/11/2026, of two agencies; the late one belongs to a session and a file."""
    with transaction() as session:
        police = make.agency(session, code="CA-MC", name_vi="Công an tỉnh", name_en="Provincial police")
        court = make.agency(session, code="TA-MC", name_vi="Tòa án tỉnh", name_en="Provincial court")
        held = make.session_(session, number=4, held_on="2026-10-09")
        make.session_(session, number=9, held_on="2026-09-01", kind=SessionKind.STANDING)
        file = make.case(session, code="VA-2026-010", events=[("case_initiated", "2026-02-02")])
        make.task(session, code="NV-1", due_on="2026-11-20", lead=police, case=file, of=held)
        make.task(session, code="NV-2", due_on="2026-11-21", lead=police)
        make.task(session, code="NV-3", due_on="2026-12-01", lead=court, claimed_on=date(2026, 11, 10))
        make.task(session, code="NV-4", due_on="2026-11-01", lead=court, done_on=date(2026, 11, 3))
        make.task(session, code="NV-5", due_on="2026-11-01", lead=court, cancelled_on=date(2026, 10, 1))


def counts(app) -> dict[str, int]:
    strip = next(piece for piece in pieces(app) if "count-strip" in piece and "<nav" in piece)
    return {title: int(n) for n, title in re.findall(r"<strong>(\d+)</strong>(.*?)</a>", strip)}


def codes(app) -> list[str]:
    return [re.search(r"NV-\d+", row[0])[0] for row in table(app, "Code")]


def test_without_tasks_the_page_says_where_they_come_from(installation):
    app = opened("tasks", cast.MEMBER)
    assert "No tasks are recorded yet" in app.info[0].value
    assert not table(app, "Code")


def test_the_states_add_up_to_all_tasks_and_the_late_stand_first(five):
    app = opened("tasks", cast.MEMBER)
    found = counts(app)
    assert found == {"All tasks": 4, "Late": 1, "In progress": 1, "Reported done, awaiting verdict": 1, "Done": 1,
                     "Cancelled": 1}  # fmt: skip
    assert "1 late + 1 in progress + 1 reported done + 1 done = 4" in said(app)
    assert codes(app) == ["NV-1", "NV-2", "NV-3", "NV-4", "NV-5"]


def test_days_are_counted_from_the_due_day(five):
    app = opened("tasks", cast.MEMBER)
    due = {code: row[3] for code, row in zip(codes(app), table(app, "Code"), strict=True)}
    assert due["NV-1"] == "20/11/2026 1 day late"
    assert due["NV-2"] == "21/11/2026 due today"
    assert due["NV-4"] == "01/11/2026 done on 03/11/2026, 2 days late"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ({"status": "late"}, ["NV-1"]),
        ({"status": "claimed"}, ["NV-3"]),
        ({"agency": "TA-MC"}, ["NV-3", "NV-4", "NV-5"]),
        ({"agency": "TA-MC", "status": "done"}, ["NV-4"]),
        ({"session": "1"}, ["NV-1"]),
        ({"status": "nonsense", "agency": "' OR 1", "session": "x"}, ["NV-1", "NV-2", "NV-3", "NV-4", "NV-5"]),
    ],
)
def test_the_address_says_what_is_listed(five, address, expected):
    assert codes(opened("tasks", cast.MEMBER, **address)) == expected


@pytest.mark.parametrize("address", [{"session": "77"}, {"status": "odd"}, {"agency": "X"}])
def test_a_filter_that_cannot_be_used_is_named(five, address):
    (named,) = (f"{name}={value}" for name, value in address.items())
    assert f"a filter that cannot be used: {named}." in said(opened("tasks", cast.MEMBER, **address))
    assert "cannot be used" not in said(opened("tasks", cast.MEMBER, status="late"))


def test_a_filter_without_tasks_says_so(five):
    app = opened("tasks", cast.MEMBER, session="2")
    assert "No task fits these filters" in app.info[0].value


def test_choosing_an_agency_changes_the_address_and_starts_at_the_first_page(five):
    app = opened("tasks", cast.MEMBER, page="1", status="late")
    app.selectbox(key="choose_agency").set_value("CA-MC").run()
    assert codes(app) == ["NV-1"]
    assert app.query_params["agency"] == "CA-MC" and app.query_params["status"] == "late"
    assert "page" not in app.query_params
    app.selectbox(key="choose_agency").set_value("").run()
    assert "agency" not in app.query_params


def test_an_earlier_day_shows_the_tasks_as_they_were(five):
    app = opened("tasks", cast.MEMBER, as_of=date(2026, 11, 2))
    assert counts(app)["Late"] == 1 and counts(app)["In progress"] == 3
    assert codes(app)[0] == "NV-4"


def test_fifty_tasks_stand_on_a_page(installation):
    with transaction() as session:
        for number in range(51):
            make.task(session, code=f"NV-{number:03}", due_on="2026-12-31")
    first, second = opened("tasks", cast.MEMBER), opened("tasks", cast.MEMBER, page="2")
    assert len(codes(first)) == 50 and codes(second) == ["NV-050"]
    assert "Rows 1 to 50 of 51" in said(first) and "Rows 51 to 51 of 51" in said(second)


@pytest.mark.parametrize("page", ["9", "0", "-1", "x", "99999999999"])
def test_a_page_that_does_not_exist_leads_to_the_first(five, page):
    assert len(codes(opened("tasks", cast.MEMBER, page=page))) == 5


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_sees_no_task(five, viewer):
    app = opened("tasks", viewer)
    assert not table(app, "Code") and "NV-" not in said(app)


def test_hostile_words_are_shown_letter_by_letter(installation):
    with transaction() as session:
        make.task(session, code="NV-1", content="<img src=x onerror=alert(1)>", due_on=None)
    app = opened("tasks", cast.MEMBER)
    assert "<img" not in "".join(pieces(app))
    assert table(app, "Code")[0][1].startswith("<img src=x onerror=alert(1)>")
    assert table(app, "Code")[0][3] == "– no due day"


def test_the_board_has_a_column_for_each_agency_with_the_late_first(five):
    html = "".join(pieces(opened("tasks", cast.MEMBER, view="agency")))
    assert re.findall(r'data-column="([^"]*)" data-total="(\d+)"', html) == [("CA-MC", "2"), ("TA-MC", "1")]
    assert re.findall(r'data-code="([^"]*)"', html) == ["NV-1", "NV-2", "NV-3"]


def test_the_board_by_state_counts_what_the_strip_counts(five):
    app = opened("tasks", cast.MEMBER, view="status")
    columns = dict(re.findall(r'data-column="([^"]*)" data-total="(\d+)"', "".join(pieces(app))))
    assert columns == {"late": "1", "open": "1", "claimed": "1", "done": "1"}


def test_a_late_report_of_done_waits_for_a_verdict_too(five):
    with transaction() as session:
        make.task(session, code="NV-6", due_on="2026-11-01", claimed_on=date(2026, 11, 5))
    app = opened("tasks", cast.MEMBER)
    assert "2 reports of done wait for a verdict" in said(app)
    assert counts(app)["Reported done, awaiting verdict"] == 1, "the late one is late"
    assert set(codes(opened("tasks", cast.MEMBER, waiting="1"))) == {"NV-3", "NV-6"}


def test_the_address_opens_a_task_with_what_can_be_recorded(five):
    app = opened("tasks", cast.SECRETARIAT, task="NV-3")
    (choice,) = [each for each in app.get("button_group") if each.proto.label == "What do you want to record?"]
    assert [option.content for option in choice.proto.options][:2] == ["Accept as done", "Return, not done"]
    reader = opened("tasks", cast.MEMBER, task="NV-3")
    assert not reader.get("button_group") and "Provincial court" in said(reader)


def test_a_task_that_does_not_exist_is_said_to_be_none(five):
    app = opened("tasks", cast.SECRETARIAT, task="NV-99")
    assert "No task has the code NV-99." in said(app).replace("\\", "")


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_no_address_opens_a_task_for_who_may_not_read(five, viewer):
    assert "Provincial court" not in said(opened("tasks", viewer, task="NV-3", view="agency"))


# --- forms ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def recorder(five, monkeypatch):
    """A member of the secretariat with an account; the sign-in is that of the page."""
    with transaction() as session:
        who = cast.accounts(session).secretariat
    monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)
    monkeypatch.setattr("dashboard.components.acts.signed_in", lambda now: SimpleNamespace(viewer=who))
    again = st.rerun
    monkeypatch.setattr("streamlit.rerun", lambda *, scope="app": again())  # here every run is one of the whole page
    return who


def version(code: str) -> int:
    return task(code).row.version


def task(code: str):
    with read_session() as session:
        return task_file(session, cast.SECRETARIAT, code, as_of=DAY)


def typed(app, label: str, value: str):
    fields = [each for each in (*app.text_input, *app.text_area) if each.label.removesuffix(" *") == label]
    fields[0].set_value(value).run()
    return app


def pressed(app, label: str):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def test_tasks_chosen_on_another_page_of_the_list_are_shown_before_they_are_changed(recorder):
    app = opened("tasks", recorder, do="many", agency="CA-MC")
    app.multiselect[0].set_value(["NV-1"]).run()
    app = opened("tasks", recorder, do="many", agency="TA-MC")
    assert app.multiselect[0].value == ["NV-1"], "what the draft would change can be seen"
    app.multiselect[0].set_value(["NV-1", "NV-3"]).run()
    app = typed(typed(app, "Due", "24/12/2026"), "Reason", "Theo Kết luận phiên họp")
    pressed(app, "Change them all")
    assert [task(code).row.due_on for code in ("NV-1", "NV-3")] == [date(2026, 12, 24)] * 2


def test_a_second_task_typed_in_another_window_is_not_lost_in_silence(recorder):
    windows = [opened("tasks", recorder, do="new") for _ in range(2)]
    for app in windows:
        choose(app, "Leading agency", "CA-MC")
        typed(app, "Task", "Việc chung")
    pressed(windows[0], "Record the task")
    second = pressed(windows[1], "Record the task")
    assert "was saved already at" in said(second).replace("\\", "")
    pressed(second, "Save as one more")
    assert {task(code).row.content for code in ("NV-2026-001", "NV-2026-002")} == {"Việc chung"}


def choose(app, label: str, value: str):
    next(each for each in app.selectbox if each.label.removesuffix(" *") == label).set_value(value).run()
    return app


@pytest.mark.parametrize("language", ["vi", "en"])
def test_two_at_once_read_names_and_no_keys(recorder, language):
    app = opened("tasks", recorder, task="NV-1", do="correct", language=language)
    label = translator(language)
    choose(app, label("Leading agency"), "TA-MC")
    choose(app, label("Origin"), "letter")
    typed(app, label("Reason of the correction"), "Nhầm cơ quan")
    with transaction() as session:
        tasks.report_progress(session, recorder, "NV-1", version("NV-1"), said="Đang làm", on=DAY, now=NOON, today=DAY)
    app = pressed(app, label("Save the correction"))
    agency = "Tòa án tỉnh" if language == "vi" else "Provincial court"
    assert f"{label('Origin')} {label.label(TaskOrigin.LETTER)}" in said(app)
    assert f"{label('Leading agency')} {agency}" in said(app)


def test_a_correction_keeps_the_official_and_the_agencies_that_are_there_no_more(recorder):
    with transaction() as session:
        gone = make.agency(session, code="TTRA", name_vi="Thanh tra cũ", valid_to=date(2026, 6, 30)).id
        official = make.person(session, display_name="Cán bộ theo dõi 09", valid_to=date(2026, 6, 30)).id
        row = session.exec(select(Task).where(Task.code == "NV-1")).one()
        row.lead_agency_id, row.responsible_id = gone, official
    app = opened("tasks", recorder, task="NV-1", do="correct")
    typed(typed(app, "Task", "Báo cáo lại"), "Reason of the correction", "Rõ hơn")
    pressed(app, "Save the correction")
    row = task("NV-1").row
    assert (row.content, row.agency_code, row.responsible_id) == ("Báo cáo lại", "TTRA", official)
