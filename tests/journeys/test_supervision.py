"""Placed under supervision and released from it, in a real browser, by two officers who meet at the same proposal."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from models.clock import today
from models.db import transaction
from models.enums import EventKind, Role, Stage, SupervisionOutcome
from models.queries.cases import case_file
from models.queries.supervision import proposals, supervised_on
from models.rules.access import SYSTEM
from tests import make
from tests.serving import Server
from tests.visiting import PASSWORD, asked, drawn, opened, said


@pytest.fixture
def office(sqlite_url, server) -> Server:
    """A running dashboard with an officer and two leads, a case with an open task, and a session held yesterday."""
    with asked(sqlite_url, transaction) as session:
        initiated = ("case_initiated", today() - timedelta(days=30))
        case = make.case(session, code="VA-1", title="Vụ án thứ nhất", events=[initiated])
        make.task(session, code="NV-1", content="Báo cáo tiến độ", case=case)
        make.session_(session, number=4, held_on=yesterday())
        roles = {"thuky": Role.SECRETARIAT, "truongban": Role.LEAD, "phoban": Role.LEAD}
        for login, role in roles.items():
            make.account(session, login=login, role=role, password=PASSWORD)
    return server(sqlite_url)


def yesterday() -> date:
    return today() - timedelta(days=1)


def way(page: Page, name: str) -> Locator:
    """Follow a link of the section on supervision to its form."""
    page.locator("#supervision").get_by_role("link", name=name).click()
    form = page.locator(".st-key-form")
    expect(form).to_be_visible()
    drawn(page)
    return form


def typed(form: Locator, name: str, text: str) -> None:
    field = form.get_by_role("textbox", name=re.compile(f"^{re.escape(name)}"))
    field.fill(text)
    field.blur()


def choose(page: Page, form: Locator, label: str, text: str) -> None:
    form.get_by_role("combobox", name=re.compile(f"^{label}")).click()
    page.get_by_role("option", name=re.compile(text)).first.click()


def save(form: Locator, *, double: bool = False) -> None:
    button = form.locator(".st-key-form_save button")
    button.dblclick() if double else button.click()


def rows(office: Server):
    with asked(office.database_url) as session:
        return proposals(session, SYSTEM, code="VA-1")


def under_supervision(office: Server) -> date | None:
    with asked(office.database_url) as session:
        return supervised_on(session, SYSTEM, "VA-1")


def test_on_the_list_by_a_session_and_off_it_with_open_points_while_the_case_goes_on(office, browser):
    officer = opened(browser, office, "/case?code=VA-1", "thuky")
    first, second = (
        opened(browser, office, "/case?code=VA-1", "truongban"),
        opened(browser, office, "/case?code=VA-1", "phoban"),
    )

    form = way(officer, "Propose to place under supervision")
    typed(form, "Proposed on", yesterday().strftime("%d/%m/%Y"))
    typed(form, "Reason", "Dư luận\u00a0quan tâm")
    expect(form.get_by_text(re.compile("Kept as your draft at"))).to_be_visible()
    officer.reload()
    drawn(officer)
    reason = officer.locator(".st-key-form").get_by_role("textbox", name="Reason")
    expect(reason).to_have_value("Dư luận\u00a0quan tâm")
    save(officer.locator(".st-key-form"), double=True)
    said(officer, "waits for its decision")
    said(officer, "Waits for the decision of a lead.")
    assert [(row.is_waiting, row.reason) for row in rows(office)] == [(True, "Dư luận quan tâm")]

    first.reload()
    drawn(first)
    mine = way(first, "Record the decision")
    typed(mine, "Document of the decision", "88-TB/BCĐ")
    second.reload()
    drawn(second)
    theirs = way(second, "Record the decision")
    choose(second, theirs, "Decision", "Deferred")
    choose(second, theirs, "Session", "Session 4")
    typed(theirs, "Note", "Chờ kết luận thanh tra")
    save(theirs)
    said(second, "The decision is recorded.")

    save(mine)
    said(first, "phoban changed file VA-1")
    expect(first.locator(".st-key-form_theirs")).to_contain_text("Chờ kết luận thanh tra")
    first.get_by_role("button", name="Go on editing").click()
    mine = first.locator(".st-key-form")
    field = mine.get_by_role("textbox", name="Document of the decision")
    expect(field).to_have_value("88-TB/BCĐ")
    choose(first, mine, "Session", "Session 4")
    save(mine, double=True)
    said(first, f"Under supervision since {yesterday().strftime('%d/%m/%Y')}.")
    assert under_supervision(office) == yesterday(), "a session decides on its own day"
    assert [row.outcome for row in rows(office)] == [SupervisionOutcome.ACCEPTED]
    assert in_the_list(first, office)

    officer.goto(f"{office.url}/case?code=VA-1")
    drawn(officer)
    form = way(officer, "Propose to end supervision")
    expect(form.locator("[data-point=not_ok]").filter(has_text="Tasks of the committee settled")).to_be_visible()
    save(form)
    expect(form.locator("[data-problem=report]")).to_be_visible()
    typed(form, "Result report", "Báo cáo 12-BC/BNC")
    save(form)
    said(officer, "waits for its decision")
    first.goto(f"{office.url}/case?code=VA-1")
    drawn(first)
    form = way(first, "Record the decision")
    expect(form.locator("[data-point=not_ok]").first).to_be_visible()
    typed(form, "Document of the decision", "99-TB/BCĐ")
    save(form)
    said(first, "Not under supervision.")
    said(first, "Decided with open points")
    assert under_supervision(office) is None
    with asked(office.database_url) as session:
        file = case_file(session, SYSTEM, "VA-1", as_of=today())
    kinds = [event.kind for event in file.events]
    assert kinds.count(EventKind.SUPERVISION_ENDED) == kinds.count(EventKind.PLACED_UNDER_SUPERVISION) == 1
    assert file.verdict.stage is Stage.INVESTIGATION, "the case itself goes on"
    assert not in_the_list(first, office)


def in_the_list(page: Page, office: Server) -> bool:
    """Whether the list of open files shows the case."""
    page.goto(f"{office.url}/cases")
    drawn(page)
    return page.locator("[data-code='VA-1']").count() > 0
