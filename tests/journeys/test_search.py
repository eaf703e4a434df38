"""A word typed into the field on any page leads to what is found, and from there to the file."""

import re

from playwright.sync_api import Page, expect

from models.db import make_engine, transaction
from models.enums import Role
from tests import make

PASSWORD = "Mật khẩu thử nghiệm 1"
SLOW = 60_000


def ask(page: Page, question: str) -> list[str]:
    """Type the question into the field at the top; the codes found, from the top of the page."""
    field = page.get_by_role("searchbox")
    expect(field).to_be_visible(timeout=SLOW)
    field.fill(question)
    field.press("Enter")
    expect(page).to_have_url(re.compile(r"/search\?"), timeout=SLOW)
    expect(page.get_by_role("searchbox")).to_have_value(question, timeout=SLOW)
    expect(page.locator(".liem-ready")).to_be_attached(timeout=SLOW)
    return [hit.get_attribute("data-hit") or "" for hit in page.locator("[data-hit]").all()]


def test_from_the_field_to_the_file(sqlite_url, server, browser):
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        make.account(session, login="uyvien", role=Role.MEMBER, password=PASSWORD)
        initiated = ("case_initiated", "2026-02-02", {"body": "Viện kiểm sát nhân dân tỉnh"})
        make.case(session, code="VA-2025-014", title="Vụ án tại Hoà Bình", events=[initiated])
        make.case(session, code="VA-2026-001", title="Đấu thầu, xem VA-2025-014", events=[("progress_note", "2026-03")])
    engine.dispose()
    office = server(sqlite_url)
    page = browser.page(locale="en-GB")
    page.goto(f"{office.url}/language/en?next=/tasks")
    page.fill("[name=username]", "uyvien")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")

    for question in ("hoa binh", "hoà bình", "hòa bình", "hòa binh"):
        assert ask(page, question) == ["VA-2025-014"], question
    assert ask(page, "dau thau") == ["VA-2026-001"], "đ is d"
    assert "VA-2025-014" in ask(page, "VKS"), "an abbreviation is its words"
    assert ask(page, "va-2025-014")[0] == "VA-2025-014", "the exact code stands on top, newer files that name it below"
    expect(page.locator("[data-group=exact]")).to_contain_text("VA-2025-014")
    expect(page.locator("[data-hit='VA-2026-001']")).to_be_visible()

    ask(page, "hòa binh")
    hit = page.locator("[data-hit='VA-2025-014']")
    expect(hit.locator("mark").first).to_have_text("Hoà", timeout=SLOW)
    hit.get_by_role("link").first.click()
    expect(page.locator("h1.case")).to_contain_text("Vụ án tại Hoà Bình", timeout=SLOW)
