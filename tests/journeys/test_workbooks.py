"""Workbooks both ways in a real browser: a sender's own headings, taken in, taken back, taken in again; a list out."""

import re
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from models.clock import today
from models.db import make_engine, read_session, transaction
from models.enums import Role
from models.queries.imports import import_batches
from models.queries.workbook import known_files
from models.rules.access import SYSTEM
from tests import make
from tests.seed.books import book
from tests.serving import Server

PASSWORD = "Mật khẩu thử nghiệm 1"
SLOW = 60_000
HEADINGS = ["Số hồ sơ", "Trích yếu"]


@pytest.fixture
def office(sqlite_url, server) -> Server:
    """A running dashboard with one officer, and a file that was there before."""
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        make.account(session, login="thuky", role=Role.SECRETARIAT, password=PASSWORD)
        start = today() - timedelta(days=400)
        case = make.case(session, code="VA-1", title="=1+1 Vụ án cũ", events=[("case_initiated", start)])
        make.task(session, code="NV-1", content="Kết thúc điều tra", case=case, due_on=today() - timedelta(days=3))
        make.task(session, code="NV-2", content="Báo cáo", done_on=today())
    engine.dispose()
    return server(sqlite_url)


def opened(browser, office: Server, path: str) -> Page:
    page = browser.page(locale="en-GB")
    page.goto(f"{office.url}/language/en?next={path}")
    page.fill("[name=username]", "thuky")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    drawn(page)
    return page


def drawn(page: Page) -> None:
    expect(page.locator(".liem-ready")).to_be_attached(timeout=SLOW)


def said(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=SLOW)


def press(page: Page, name: str, *, double: bool = False) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible(timeout=SLOW)
    button.dblclick() if double else button.click()


def pick(page: Page, label: str, option: str) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=SLOW)  # an answer draws the rest anew
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.press_sequentially(option)
    page.get_by_role("option", name=re.compile(f"^{option}")).first.click()


def listed(office: Server) -> set[str]:
    """The files that are described, and so stand in the list."""
    engine = make_engine(office.database_url)
    with read_session(engine) as session:
        found = {file.code for file in known_files(session, SYSTEM).values() if file.described}
    engine.dispose()
    return found


def batches(office: Server):
    engine = make_engine(office.database_url)
    with read_session(engine) as session:
        found = import_batches(session, SYSTEM)
    engine.dispose()
    return found


def apply(page: Page) -> None:
    press(page, "Apply the import", double=True)
    press(page, "Import another file")
    expect(page.get_by_role("button", name="Import another file")).to_have_count(0, timeout=SLOW)


def test_a_sheet_with_strange_headings_is_taught_once_taken_back_and_taken_in_again(office, browser, tmp_path):
    page = opened(browser, office, "/import")
    sent = book(tmp_path / "tháng 10.xlsx", **{"Báo cáo": [HEADINGS, ["VA-8", "Vụ án thứ tám"]]})
    page.set_input_files("input[type=file]", sent)
    said(page, "No sheet has a known name")
    said(page, "Headings that differ from ours")  # it stands open: nothing could be read
    pick(page, "Sheet “Báo cáo” holds", "Danh mục")
    pick(page, "Số hồ sơ", "Mã vụ")
    pick(page, "Trích yếu", "Tên vụ án")
    name = page.get_by_role("textbox", name="Remember these headings as")
    name.fill("Công an tỉnh")
    name.blur()
    press(page, "Read with these headings")
    apply(page)
    assert listed(office) == {"VA-1", "VA-8"}

    later = book(tmp_path / "tháng 11.xlsx", **{"Báo cáo": [HEADINGS, ["VA-9", "Vụ án thứ chín"]]})
    page.set_input_files("input[type=file]", later)
    said(page, "Read with the headings remembered as “Công an tỉnh”.")
    apply(page)
    assert listed(office) == {"VA-1", "VA-8", "VA-9"}

    page.get_by_text("Take an import back").click()
    reason = page.get_by_role("textbox", name="Why it is taken back")
    reason.fill("Nhập nhầm tệp")
    reason.blur()
    page.get_by_text("Yes, take the whole import back").click()
    press(page, "Take back", double=True)
    said(page, "Import 2 is taken back")
    said(page, "Nhập nhầm tệp")
    assert listed(office) == {"VA-1", "VA-8"}
    assert [batch.undone_at is None for batch in batches(office)] == [False, True], "the other import stays"

    page.set_input_files("input[type=file]", later)
    apply(page)
    assert listed(office) == {"VA-1", "VA-8", "VA-9"} and len(batches(office)) == 3

    rows = downloaded(page, office, "/cases", tmp_path)
    shown = [each.get_attribute("data-code") for each in page.locator("[data-code]").all()]
    assert [row[0] for row in rows] == shown and set(shown) == {"VA-1", "VA-8", "VA-9"}
    assert "=1+1 Vụ án cũ" in [cell for row in rows for cell in row], "no formula comes of a title"
    rows = downloaded(page, office, "/tasks?status=late", tmp_path)
    assert [row[0] for row in rows] == ["NV-1"], "only what the list shows"


def downloaded(page: Page, office: Server, path: str, folder) -> list[tuple]:
    """The rows of the list at `path` taken away as a workbook, below their headings; the frozen head is looked at."""
    page.goto(office.url + path)
    drawn(page)
    with page.expect_download(timeout=SLOW) as download:
        press(page, "This list as a workbook")
    target = folder / "list.xlsx"
    download.value.save_as(target)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert sheet.auto_filter.ref and sheet.freeze_panes
    head = int("".join(sign for sign in sheet.freeze_panes if sign.isdecimal()))
    found = sheet.iter_rows(min_row=head)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [tuple(cell.value for cell in row) for row in found]
