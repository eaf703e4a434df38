"""From a session's conclusion to a closed task, as officers meet it: drafts, double clicks, a colleague in between."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from models.clock import today
from models.db import transaction
from models.enums import Role, SessionStatus, TaskStatus
from models.queries.sessions import open_matters, session_file
from models.queries.tasks import task_rows
from models.rules.access import SYSTEM
from models.tables import FormDraft, Task
from tests import make
from tests.serving import Server
from tests.visiting import PASSWORD, PATIENCE, asked, drawn, opened, said


@pytest.fixture
def office(sqlite_url, server) -> Server:
    """A running dashboard with two officers of the secretariat, one session held yesterday and one to come."""
    with asked(sqlite_url, transaction) as session:
        make.case(session, code="VA-1", title="Vụ án thứ nhất", events=[("case_initiated", "2020-02-02")])
        make.session_(session, number=4, held_on=today() - timedelta(days=1))
        coming = today() + timedelta(days=20)
        make.session_(session, number=5, held_on=coming, status=SessionStatus.PLANNED)
        for login in ("thuky", "thuky2"):
            make.account(session, login=login, role=Role.SECRETARIAT, password=PASSWORD)
    return server(sqlite_url)


def go(page: Page, office: Server, path: str) -> None:
    page.goto(f"{office.url}{path}")
    drawn(page)


def dialog(page: Page) -> Locator:
    shown = page.get_by_role("dialog")
    expect(shown).to_be_visible()
    return shown


def fill(box: Locator, label: str, text: str) -> None:
    field = entry(box, label)
    field.fill(text)
    field.press("Tab")


def entry(box: Locator, label: str) -> Locator:
    return box.get_by_role("textbox", name=label).first


def choose(page: Page, box: Locator, label: str, text: str) -> None:
    field = box.get_by_role("combobox", name=label)
    field.click()
    field.press_sequentially(text)
    page.get_by_role("option").first.click()


def press(box: Locator | Page, name: str, *, double: bool = False) -> None:
    button = box.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    button.dblclick() if double else button.click()


def act(page: Page, name: str) -> Locator:
    """Choose what to record in the open task."""
    box = dialog(page)
    choice = box.get_by_role("radio", name=name, exact=True)
    expect(choice).to_be_visible()
    choice.click()
    return box


def tasks(office: Server):
    with asked(office.database_url) as session:
        return task_rows(session, SYSTEM, as_of=today())[0]


def plain(day: date) -> str:
    return day.strftime("%d/%m/%Y")


def test_a_conclusion_becomes_a_task_that_is_returned_and_then_accepted(office, browser):
    page = opened(browser, office, "/sessions?session=1")

    press(page, "Paste the conclusions")
    box = dialog(page)
    pasted = "1. Kết thúc điều tra\u00a0vụ án thứ nhất;\n2) “Công khai” danh mục dự án – chậm tiến độ\n\n- Việc ba"
    fill(box, "Conclusions", pasted)
    press(box, "Save", double=True)
    said(page, "3 lines are recorded.")
    with asked(office.database_url) as session:
        file = session_file(session, SYSTEM, 1, as_of=today())
    assert [line.text for line in file.conclusions] == [
        "Kết thúc điều tra vụ án thứ nhất;", "“Công khai” danh mục dự án – chậm tiến độ", "Việc ba"]  # fmt: skip

    press(page.locator(".st-key-line_1"), "Make it a task")
    said(page, "Choose an agency.")
    assert tasks(office) == []
    page.locator("[data-line='1']").get_by_role("link", name="Correct").click()
    box = dialog(page)
    choose(page, box, "Leading agency", "Investigating")
    fill(box, "Due", plain(today() + timedelta(days=2)))
    fill(box, "File", "VA-1")
    fill(box, "Reason", "Bổ sung cơ quan")
    press(box, "Save")
    said(page, "The conclusions are recorded.")
    press(page.locator(".st-key-line_1"), "Make it a task", double=True)
    said(page, "1 task is recorded")
    (task,) = tasks(office)
    assert task.case_code == "VA-1" and task.item_no == 1

    go(page, office, f"/tasks?task={task.code}")
    box = act(page, "Reported done")
    fill(box, "Document that shows it", "Báo cáo 12/BC-CSĐT")
    press(box, "Save", double=True)
    said(page, f"{task.code} is reported done")
    box = act(page, "Return, not done")
    press(box, "Return")
    said(page, "This must not be blank.")
    fill(box, "Why it is not done", "Chưa có kết luận điều tra")
    press(box, "Return", double=True)
    said(page, f"{task.code} is returned: not done.")
    with asked(office.database_url) as session:
        found = open_matters(session, SYSTEM, 2, as_of=today())
    assert [row.code for row in found.tasks] == [task.code]

    go(page, office, "/sessions?session=2")
    press(page, "Add what is still open")
    press(dialog(page), "Put them on the agenda", double=True)
    said(page, "on the agenda now.")
    expect(page.locator("ol.agenda")).to_contain_text(task.code)
    expect(page.locator("ol.agenda")).to_contain_text("VA-1")

    go(page, office, f"/tasks?task={task.code}")
    box = act(page, "Reported done")
    fill(box, "Document that shows it", "Kết luận điều tra 15/KL")
    press(box, "Save")
    said(page, "waits for the verdict")
    box = act(page, "Accept as done")
    press(box, "Accept", double=True)
    said(page, f"{task.code} is accepted as done.")
    box = dialog(page)
    expect(box.locator(".st-key-task_steps tbody tr")).to_have_count(4)
    expect(box.locator(".st-key-task_steps")).to_contain_text("Chưa có kết luận điều tra")
    (done,) = tasks(office)
    assert (done.status, done.returns) == (TaskStatus.DONE, 1)
    with asked(office.database_url) as session:
        assert open_matters(session, SYSTEM, 2, as_of=today()).tasks == ()


def test_two_officers_at_one_task_lose_nothing(office, browser):
    with asked(office.database_url, transaction) as session:
        make.task(session, code="NV-1", content="Việc một", due_on=today(), lead=make.agency(session))
    first = opened(browser, office, "/tasks?task=NV-1&do=correct")
    box = dialog(first)
    fill(box, "Task", "Việc một, nói rõ hơn")
    fill(box, "Reason", "Rõ hơn")

    second = opened(browser, office, "/tasks?task=NV-1&do=claim", login="thuky2")
    other = dialog(second)
    fill(other, "Document that shows it", "BC 7")
    press(other, "Save")
    said(second, "NV-1 is reported done")

    press(box, "Save the correction")
    said(first, "thuky2 changed task NV-1")
    expect(box.locator(".st-key-act_theirs")).to_contain_text("BC 7")
    expect(box.locator(".st-key-act_mine")).to_contain_text("Việc một, nói rõ hơn")
    (row,) = tasks(office)
    assert row.content == "Việc một" and row.claimed_on == today()
    press(box, "Go on with my entry")
    expect(entry(box, "Task")).to_have_value("Việc một, nói rõ hơn")
    press(box, "Save the correction")
    said(first, "Task NV-1 is corrected.")
    (row,) = tasks(office)
    assert (row.content, row.claimed_on, row.evidence) == ("Việc một, nói rõ hơn", today(), "BC 7")


def test_a_new_task_survives_a_refresh_and_is_saved_once(office, browser):
    page = opened(browser, office, "/tasks")
    press(page, "New task")
    box = dialog(page)
    fill(box, "Task", "Báo cáo kết quả")
    fill(box, "Due", "31/02/2027")
    until_kept(page, office, "31/02/2027")
    page.reload()
    drawn(page)
    box = dialog(page)
    expect(entry(box, "Task")).to_have_value("Báo cáo kết quả")
    press(box, "Record the task")
    expect(box.locator("[data-problem=due_on]")).to_be_visible()
    fill(box, "Due", plain(today() + timedelta(days=30)))
    choose(page, box, "Leading agency", "Provincial People's Court")
    press(box, "Record the task", double=True)
    said(page, f"Task NV-{today().year}-001 is recorded.")
    page.wait_for_timeout(1500)
    with asked(office.database_url) as session:
        assert len(session.exec(select(Task)).all()) == 1


def test_a_verdict_by_keyboard_alone(office, browser):
    with asked(office.database_url, transaction) as session:
        make.task(session, code="NV-1", content="Việc một", due_on=today(), claimed_on=today(), evidence="BC 1")
    page = opened(browser, office, "/tasks")
    page.get_by_role("link", name="NV-1").focus()
    page.keyboard.press("Enter")
    drawn(page)
    box = dialog(page)
    expect(box.get_by_role("radio", name="Accept as done")).to_be_visible()
    until_focused(page, "Accept as done")
    page.keyboard.press("Space")
    expect(box.get_by_role("button", name="Accept", exact=True)).to_be_visible()
    until_focused(page, "Accept")
    page.keyboard.press("Enter")
    said(page, "NV-1 is accepted as done.")
    assert tasks(office)[0].status is TaskStatus.DONE


def until_kept(page: Page, office: Server, text: str) -> None:
    """Wait until a draft holds what was typed."""
    for _ in range(PATIENCE // 200):
        with asked(office.database_url) as session:
            if any(text in str(draft.values) for draft in session.exec(select(FormDraft))):
                return
        page.wait_for_timeout(200)
    raise AssertionError(f"no draft holds {text}")


def until_focused(page: Page, name: str) -> None:
    """Press Tab until the button with this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate("document.activeElement.innerText || ''")
        if re.sub(r"\s+", " ", here).strip().endswith(name):
            return
    raise AssertionError(f"Tab never reaches {name}")
