"""A word typed into the field on any page leads to what is found, and from there to the file."""

from playwright.sync_api import expect

from models.db import make_engine, transaction
from models.enums import Role
from tests import make

PASSWORD = "Mật khẩu thử nghiệm 1"
SLOW = 60_000


def test_from_the_field_to_the_file(sqlite_url, server, browser):
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        make.account(session, login="uyvien", role=Role.MEMBER, password=PASSWORD)
        make.case(session, code="VA-2025-014", title="Vụ án tại Hoà Bình", events=[("case_initiated", "2026-02-02")])
    engine.dispose()
    office = server(sqlite_url)
    page = browser.page(locale="en-GB")
    page.goto(f"{office.url}/language/en?next=/tasks")
    page.fill("[name=username]", "uyvien")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    field = page.get_by_role("searchbox")
    expect(field).to_be_visible(timeout=SLOW)
    field.fill("hòa binh")
    field.press("Enter")
    hit = page.locator("[data-hit='VA-2025-014']")
    expect(hit.locator("mark").first).to_have_text("Hoà", timeout=SLOW)
    expect(page.get_by_role("searchbox")).to_have_value("hòa binh")
    hit.get_by_role("link").first.click()
    expect(page.locator("h1.case")).to_contain_text("Vụ án tại Hoà Bình", timeout=SLOW)
