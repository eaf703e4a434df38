"""A paper about a file in a real browser: attached once it has come, read by a member, kept from the administrator."""

import re

from playwright.sync_api import Page, Route, expect

from models.clock import today
from models.db import make_engine, read_session, transaction
from models.enums import Role
from models.queries.attachments import documents
from models.rules.access import SYSTEM
from tests import make
from tests.serving import Server

PASSWORD = "Mật khẩu thử nghiệm 1"
PAPER = b"%PDF-1.7\n% b\xc3\xa1o c\xc3\xa1o\n%%EOF\n"


def opened(browser, office: Server, login: str, path: str, *, ready: bool = True) -> Page:
    page = browser.page(locale="en-GB")
    page.goto(f"{office.url}/language/en?next=/")
    page.fill("[name=username]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    if login == "quantri":
        page.fill("[name=code]", make.code(login, office.database_url))
        page.click("button[type=submit]")
    page.wait_for_url(re.compile(f"^{office.url}/(?!login|language)"))
    if ready:
        page.goto(office.url + path)
        expect(page.locator(".liem-ready")).to_be_attached()
    return page


def test_attached_once_read_by_a_member_refused_to_the_administrator(sqlite_url, server, browser, tmp_path):
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        make.case(session, code="VA-1", title="Vụ án thứ nhất", events=[("case_initiated", today())])
        for login, role in (("thuky", Role.SECRETARIAT), ("uyvien", Role.MEMBER), ("quantri", Role.ADMINISTRATOR)):
            make.account(session, login=login, role=role, password=PASSWORD)
    office = server(sqlite_url)
    paper = tmp_path / "kết luận.pdf"
    paper.write_bytes(PAPER)

    page = opened(browser, office, "thuky", "/case?code=VA-1")
    page.get_by_text("Documents", exact=True).click()
    page.get_by_role("link", name="Attach a document").click()
    form = page.locator(".st-key-form")
    number = form.get_by_role("textbox", name="Number and symbol")
    number.fill("12/KLĐT")
    number.blur()
    expect(form.get_by_text(re.compile("Kept as your draft at"))).to_be_visible()
    page.set_input_files("input[type=file]", paper)
    expect(page.get_by_text("after a refresh choose the document itself again")).to_have_count(0)
    page.reload()
    number = page.locator(".st-key-form").get_by_role("textbox", name="Number and symbol")
    expect(number).to_have_value("12/KLĐT")
    expect(page.get_by_text("after a refresh choose the document itself again")).to_be_visible()
    held: list[Route] = []
    page.route(
        "**/_stcore/upload_file/**", lambda route: held.append(route)
    )  # a slow line: the document is chosen and does not come
    page.set_input_files("input[type=file]", paper)
    expect(form.get_by_text("kết luận.pdf")).to_be_visible()
    page.locator(".st-key-form_save button").dblclick()
    expect(page.get_by_text("The document itself is still on its way.")).to_be_visible()
    held.pop().continue_()
    expect(page.get_by_text("after a refresh choose the document itself again")).to_have_count(0)
    expect(page.get_by_text("The document itself is still on its way.")).to_have_count(0)
    page.locator(".st-key-form_save button").dblclick()
    expect(page.get_by_text("The document is registered.")).to_be_visible()
    with read_session(engine) as session:
        (row,) = documents(session, SYSTEM, "VA-1")
    engine.dispose()
    assert (row.number, row.file_name, row.size) == ("12/KLĐT", "kết luận.pdf", len(PAPER))

    member = opened(browser, office, "uyvien", "/case?code=VA-1")
    member.get_by_text("Documents", exact=True).click()
    with member.expect_download() as download:
        member.get_by_role("link", name=re.compile("kết luận.pdf")).click()
    assert download.value.path().read_bytes() == PAPER
    expect(member.get_by_role("link", name="Take off")).to_have_count(0)

    administrator = opened(browser, office, "quantri", "/", ready=False)
    answer = administrator.request.get(f"{office.url}/attachment/{row.id}")
    assert answer.status in (403, 404) and PAPER not in answer.body()
    stranger = browser.page(locale="en-GB").request.get(f"{office.url}/attachment/{row.id}", max_redirects=0)
    assert stranger.status in (303, 401) and PAPER not in stranger.body()
