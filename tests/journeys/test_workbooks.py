"""Workbooks both ways in a real browser: a sender's own headings, taken in, taken back, taken in again; a list out;
two officers with one workbook at once."""

import re
from datetime import timedelta

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from models.clock import today
from models.db import Session, make_engine, read_session
from models.enums import Role
from models.queries.imports import import_batches
from models.queries.workbook import known_files
from models.rules.access import SYSTEM
from tests import make
from tests.seed.books import book
from tests.serving import Server
from tests.visiting import PASSWORD, drawn, opened, said

HEADINGS = ["Số hồ sơ", "Trích yếu"]


def fill(session: Session) -> None:
    """Two officers, and a file that was there before."""
    for login in ("thuky", "thuky2"):
        make.account(session, login=login, role=Role.SECRETARIAT, password=PASSWORD)
    start = today() - timedelta(days=400)
    case = make.case(session, code="VA-1", title="=1+1 Vụ án cũ", events=[("case_initiated", start)])
    make.task(session, code="NV-1", content="Kết thúc điều tra", case=case, due_on=today() - timedelta(days=3))
    make.task(session, code="NV-2", content="Báo cáo", done_on=today())


@pytest.fixture(scope="module")
def office(shared_server) -> Server:
    return shared_server(fill)


def press(page: Page, name: str, *, double: bool = False) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    expect(button).to_be_visible()
    button.dblclick() if double else button.click()


def pick(page: Page, label: str, option: str) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)  # an answer draws the rest anew
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
    expect(page.get_by_role("button", name="Import another file")).to_have_count(0)


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

    say_why(page, "Nhập nhầm tệp")
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


def say_why(page: Page, reason: str) -> None:
    """Open the form that takes the newest import back, give the reason and confirm."""
    page.get_by_text("Take an import back").click()
    field = page.get_by_role("textbox", name="Why it is taken back")
    field.fill(reason)
    field.blur()
    page.get_by_text("Yes, take the whole import back").click()


def test_of_two_officers_with_one_workbook_one_writes_and_one_takes_back_and_lists_show_it(office, browser, tmp_path):
    known = ["Mã vụ", "Tên vụ án"]
    first = book(tmp_path / "trước.xlsx", **{"Danh mục": [known, ["VA-20", "Vụ án thứ hai mươi"]]})
    rows = [["VA-21", "Vụ án thứ hai mươi mốt"], ["VA-22", "Vụ án thứ hai mươi hai"]]
    shared = book(tmp_path / "tháng 12.xlsx", **{"Danh mục": [known, *rows]})
    mine, theirs = opened(browser, office, "/import"), opened(browser, office, "/import", "thuky2")
    mine.set_input_files("input[type=file]", first)
    apply(mine)
    before = len(batches(office))

    for page in (mine, theirs):  # both look at what it would change, before either applies it
        page.set_input_files("input[type=file]", shared)
        expect(page.get_by_role("button", name="Apply the import")).to_be_visible()
    press(theirs, "Apply the import", double=True)
    said(theirs, f"Import {before + 1} is applied: tháng 12.xlsx.")
    press(mine, "Apply the import", double=True)
    said(mine, "Nothing new: everything in this file is recorded already.")
    assert len(batches(office)) == before + 1, "one of them wrote it, once"

    for page, reason in ((mine, "Tệp của tháng trước"), (theirs, "Gửi nhầm")):
        say_why(page, reason)
    press(theirs, "Take back", double=True)
    said(theirs, f"Import {before + 1} is taken back")
    press(mine, "Take back")
    said(mine, "The list of imports has changed meanwhile. Nothing was taken back")
    assert [batch.undone_at is None for batch in batches(office)][:2] == [False, True], "mine touched no other import"
    listing = opened(browser, office, "/cases")
    taken = {row[0] for row in downloaded(listing, office, "/cases", tmp_path)}
    assert "VA-20" in taken and not {"VA-21", "VA-22"} & taken

    press(theirs, "Import another file")
    expect(theirs.get_by_role("button", name="Import another file")).to_have_count(0)
    theirs.set_input_files("input[type=file]", shared)
    apply(theirs)
    assert {"VA-20", "VA-21", "VA-22"} <= {row[0] for row in downloaded(listing, office, "/cases", tmp_path)}


def downloaded(page: Page, office: Server, path: str, folder) -> list[tuple]:
    """The rows of the list at `path` taken away as a workbook, below their headings; the frozen head is looked at."""
    page.goto(office.url + path)
    drawn(page)
    with page.expect_download() as download:
        press(page, "This list as a workbook")
    target = folder / "list.xlsx"
    download.value.save_as(target)
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert sheet.auto_filter.ref and sheet.freeze_panes
    head = int("".join(sign for sign in sheet.freeze_panes if sign.isdecimal()))
    found = sheet.iter_rows(min_row=head)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [tuple(cell.value for cell in row) for row in found]
