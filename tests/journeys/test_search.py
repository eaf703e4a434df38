"""A word typed into the field on any page leads to what is found, and from there to the file; each finds his own."""

import re
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Page, expect

from models.db import Session
from models.enums import Role
from tests import make
from tests.serving import Server
from tests.visiting import PASSWORD, opened


def fill(session: Session) -> None:
    """Files, one of them the court's, a task of the court, and somebody of each kind who searches."""
    court = make.agency(session, code="TAND", name_vi="Tòa án nhân dân tỉnh", name_en="Provincial court")
    initiated = ("case_initiated", "2026-02-02", {"body": "Viện kiểm sát nhân dân tỉnh"})
    make.case(session, code="VA-2025-014", title="Vụ án tại Hoà Bình", events=[initiated])
    make.case(session, code="VA-2026-001", title="Đấu thầu, xem VA-2025-014", events=[("progress_note", "2026-03")])
    make.case(session, code="VA-2026-002", title="Nhà đất công", lead=court, events=[("case_initiated", "2026-04-01")])
    roles = {"uyvien": Role.MEMBER, "thuky": Role.SECRETARIAT, "thuky2": Role.SECRETARIAT, "truongban": Role.LEAD}
    for login, role in roles.items():
        make.account(session, login=login, role=role, password=PASSWORD)
    judge = make.person(session, display_name="Đầu mối tòa án", agency=court)
    make.account(session, login="toaan", role=Role.AGENCY, person=judge, password=PASSWORD)


@pytest.fixture(scope="module")
def office(shared_server) -> Server:
    return shared_server(fill)


def finds(page: Page, question: str, *expected: str) -> None:
    """Ask on a page that is loaded anew, and wait until it shows these codes, or that there is nothing."""
    page.goto(page.url.partition("?")[0].rpartition("/")[0] + f"/search?q={quote(question)}")
    if not expected:
        expect(page.get_by_text(f"Nothing was found for “{question}”.")).to_be_visible()
    for code in expected:
        expect(page.locator(f"[data-hit='{code}']")).to_be_visible()
    expect(page.locator(".liem-ready")).to_be_attached()
    expect(page.locator("[data-hit]")).to_have_count(len(expected))


def ask(page: Page, question: str) -> list[str]:
    """Type the question into the field at the top; the codes found, from the top of the page."""
    field = page.get_by_role("searchbox")
    expect(field).to_be_visible()
    field.fill(question)
    field.press("Enter")
    expect(page).to_have_url(re.compile(rf"/search\?q={re.escape(quote_plus(question))}$"))
    expect(page.get_by_role("searchbox")).to_have_value(question)
    expect(page.locator(".liem-ready")).to_be_attached()
    return [hit.get_attribute("data-hit") or "" for hit in page.locator("[data-hit]").all()]


def test_from_the_field_to_the_file(office, browser):
    page = opened(browser, office, "/tasks", "uyvien")

    for question in ("hoa binh", "hoà bình", "hòa bình", "hòa binh"):
        assert ask(page, question) == ["VA-2025-014"], question
    assert ask(page, "dau thau") == ["VA-2026-001"], "đ is d"
    assert "VA-2025-014" in ask(page, "VKS"), "an abbreviation is its words"
    assert ask(page, "va-2025-014")[0] == "VA-2025-014", "the exact code stands on top, newer files that name it below"
    expect(page.locator("[data-group=exact]")).to_contain_text("VA-2025-014")
    expect(page.locator("[data-hit='VA-2026-001']")).to_be_visible()

    ask(page, "hòa binh")
    hit = page.locator("[data-hit='VA-2025-014']")
    expect(hit.locator("mark").first).to_have_text("Hoà")
    hit.get_by_role("link").first.click()
    expect(page.locator("h1.case")).to_contain_text("Vụ án tại Hoà Bình")


def test_what_one_records_the_other_finds_at_once_and_nobody_finds_what_he_may_not_see(office, browser):
    colleague, judge = opened(browser, office, "/search", "thuky2"), opened(browser, office, "/search", "toaan")
    finds(colleague, "ky son")
    finds(judge, "nha dat", "VA-2026-002")

    officer = opened(browser, office, "/case?code=VA-2025-014&do=event", "thuky")
    form = officer.locator(".st-key-form")
    event = form.get_by_role("combobox", name=re.compile("^Event"))
    event.click()
    event.press_sequentially("Progress note")
    officer.get_by_role("option", name="Progress note").first.click()
    content = form.get_by_role("textbox", name=re.compile("^Content"))
    content.fill("Kê biên nhà đất tại Kỳ Sơn")
    content.blur()
    officer.get_by_role("button", name="Save the event").click()
    expect(officer.get_by_text(re.compile("Recorded: Progress note"))).to_be_visible()
    finds(colleague, "nha dat ky son", "VA-2025-014")
    finds(judge, "ky son")
    finds(judge, "nha dat", "VA-2026-002")  # the court finds its own file, and not the other one with the word

    lead = opened(browser, office, "/case?code=VA-2025-014&do=restrict", "truongban")
    reason = lead.locator(".st-key-form").get_by_role("textbox", name=re.compile("^Reason"))
    reason.fill("Cần giữ kín")
    reason.blur()
    lead.locator(".st-key-form_save button").click()
    expect(lead.get_by_text("Only the accounts on the list may read the file from now on.")).to_be_visible()
    finds(lead, "ky son", "VA-2025-014")
    finds(colleague, "ky son")
    colleague.goto(f"{office.url}/case?code=VA-2025-014")
    expect(colleague.get_by_text("No file open to you has the code VA-2025-014.")).to_be_visible()
