"""A day's work without a mouse, and two officers at one request: nothing is out of reach, nothing is lost."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from models.clock import today
from models.db import transaction
from models.enums import EventKind, Role
from models.queries.cases import case_file
from models.queries.coordination import request_row
from models.queries.sessions import session_file
from models.queries.tasks import task_rows
from models.rules.access import SYSTEM
from models.tables import CoordinationRequest
from tests import make
from tests.visiting import PASSWORD, asked, drawn, opened, said


@pytest.fixture
def office(sqlite_url, server):
    with asked(sqlite_url, transaction) as session:
        file = make.case(session, code="VA-1", title="Vụ án thứ nhất", events=[("case_initiated", "2026-02-02")])
        make.session_(session, number=4, held_on=today() - timedelta(days=1))
        make.request(session, code="PH-1", case=file, sent_on=today() - timedelta(days=9))
        for login in ("thuky", "thuky2"):
            make.account(session, login=login, role=Role.SECRETARIAT, password=PASSWORD)
    return server(sqlite_url)


HERE = """() => {
  const here = document.activeElement
  if (!['A', 'BUTTON', 'INPUT', 'TEXTAREA', 'SUMMARY'].includes(here.tagName)) return ''  // a pane that scrolls
  const label = here.labels && here.labels.length ? here.labels[0].innerText : ''
  return [here.getAttribute('aria-label') || label || here.innerText || '', here.getAttribute('href') || ''].join(' | ')
}"""


def tab_to(page: Page, name: str, *, most: int = 120) -> None:
    """Press Tab until what has the focus is called so."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        here = re.sub(r"\s+", " ", page.evaluate(HERE)).strip()
        seen.append(here)
        if re.search(name, here):
            return
    raise AssertionError(f"Tab never reaches {name}: {seen}")


def written(page: Page, name: str, text: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_day_of_recording_by_keyboard_alone(office, browser):
    page = opened(browser, office, "/case?code=VA-1")
    tab_to(page, "Record an event")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name=re.compile("^Event"))).to_be_visible()
    tab_to(page, "^Event")
    page.keyboard.type("Case split")
    expect(page.get_by_role("option", name="Case split")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Document number")).to_be_visible()
    written(page, "^Document number", "12/QĐ")
    tab_to(page, "Save the event")
    page.keyboard.press("Enter")
    said(page, "Recorded: Case split")

    tab_to(page, "do=correct_event")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Reason of the correction")).to_be_visible()
    written(page, "^Document number", "13/QĐ")
    written(page, "^Reason of the correction", "Ghi nhầm số")
    tab_to(page, "Save the correction")
    page.keyboard.press("Enter")
    said(page, "Corrected: Case split")
    with asked(office.database_url) as session:
        events = case_file(session, SYSTEM, "VA-1", as_of=today()).events
    assert {event.kind: event.document for event in events}[EventKind.SPLIT] == "13/QĐ"

    tab_to(page, "Add a task")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("textbox", name="Task")).to_be_visible()
    written(page, "^Task", "Báo cáo tiến độ")
    tab_to(page, "^Leading agency")
    page.keyboard.type("Investigating")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, "Record the task")
    page.keyboard.press("Enter")
    said(page, re.compile(r"Task NV\S+ is recorded"))
    with asked(office.database_url) as session:
        (task,) = task_rows(session, SYSTEM, as_of=today())[0]
    assert (task.content, task.case_code) == ("Báo cáo tiến độ", "VA-1")

    page.goto(f"{office.url}/sessions?session=1")
    drawn(page)
    tab_to(page, "Paste the conclusions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Conclusions")).to_be_visible()
    written(page, "^Conclusions", "1. Kết thúc điều tra")
    tab_to(page, "Save")
    said(page, re.compile("^1 line$"))  # comes above the button, which keeps the focus
    page.keyboard.press("Enter")
    said(page, "1 line is recorded")
    with asked(office.database_url) as session:
        file = session_file(session, SYSTEM, 1, as_of=today())
    assert [line.text for line in file.conclusions] == ["Kết thúc điều tra"]


def test_two_officers_at_one_request_lose_nothing(office, browser):
    first = opened(browser, office, "/coordination?request=PH-1&do=reply")
    first.get_by_role("textbox", name="Document of the reply").fill("Số 15/STC")
    first.get_by_role("textbox", name="Document of the reply").press("Tab")
    first.reload()
    drawn(first)
    expect(first.get_by_role("textbox", name="Document of the reply")).to_have_value("Số 15/STC")

    second = opened(browser, office, "/coordination?request=PH-1&do=escalate", login="thuky2")
    second.get_by_role("button", name="Save", exact=True).click()
    said(second, "is brought up to date")

    first.get_by_role("button", name="Save", exact=True).click()
    said(first, "thuky2 changed the request PH-1")
    expect(first.locator(".st-key-act_theirs")).to_contain_text("Escalated on")
    expect(first.locator(".st-key-act_mine")).to_contain_text("Số 15/STC")
    first.get_by_role("button", name="Go on with my entry").click()
    expect(first.get_by_role("textbox", name="Document of the reply")).to_have_value("Số 15/STC")
    first.get_by_role("button", name="Save", exact=True).dblclick()
    said(first, "is brought up to date")
    with asked(office.database_url) as session:
        row = request_row(session, SYSTEM, "PH-1", as_of=today())
        versions = session.exec(select(CoordinationRequest).order_by(col(CoordinationRequest.id))).all()
    assert (row.reply_document, row.facts.replied_on, row.facts.escalated_on) == ("Số 15/STC", today(), today())
    assert len(versions) == 3, "recorded, escalated, answered: a double click saved once"
