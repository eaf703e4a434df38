"""Import and reports as a person meets them: real uploads, impatient double clicks, words of one's own."""

from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from models.db import make_engine, read_session, transaction
from models.enums import Role
from models.queries.imports import import_batches
from models.queries.reports import issued_reports
from models.queries.workbook import known_files
from models.rules.access import SYSTEM
from tests import make
from tests.seed.books import book
from tests.serving import Server

PASSWORD = "Mật khẩu thử nghiệm 1"
CASES = [["Mã vụ", "Tên vụ án", "Số bị can"], ["VA-1", "Vụ án thứ nhất", 3]]
EVENTS = [["Mã vụ", "Ngày", "Sự kiện"], ["VA-1", "02/03/2020", "Khởi tố vụ án"]]


@pytest.fixture
def office(sqlite_url, server) -> Server:
    """A running dashboard with one account of the secretariat and nothing else."""
    with asked(sqlite_url, transaction) as session:
        make.account(session, login="thuky", role=Role.LEAD, password=PASSWORD)
    return server(sqlite_url)


@contextmanager
def asked(url: str, how=read_session):
    engine = make_engine(url)
    try:
        with how(engine) as session:
            yield session
    finally:
        engine.dispose()


def recorded(office: Server) -> tuple[list[str], int]:
    """Codes of the files, and how many imports were applied."""
    with asked(office.database_url) as session:
        codes = sorted(file.code for file in known_files(session, SYSTEM).values())
        return codes, len(import_batches(session, SYSTEM))


def opened(browser, office: Server, path: str) -> Page:
    page = browser.page(locale="en-GB")
    page.goto(f"{office.url}/language/en?next={path}")
    page.fill("[name=username]", "thuky")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    expect(page.locator(".liem-ready")).to_be_attached()
    return page


def drop(page: Page, path: Path) -> None:
    page.locator("input[type=file]").first.set_input_files(path)


def test_a_broken_workbook_then_a_good_one_applied_once(office, browser, tmp_path):
    bad = book(tmp_path / "bad.xlsx", cases=[CASES[0], ["VA-1", "Vụ án thứ nhất", -3]], events=EVENTS)
    good = book(tmp_path / "good.xlsx", cases=CASES, events=EVENTS)
    page = opened(browser, office, "/import")

    drop(page, bad)
    refused = page.locator(".st-key-import_errors .bad")
    expect(refused).to_have_text("-3")
    expect(page.get_by_role("button", name="Apply the import")).to_have_count(0)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the workbook with the refused cells in red").click()
    waiting.value.save_as(tmp_path / "annotated.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "annotated.xlsx")["Danh mục"]["C2"]
    assert marked.value == -3 and marked.comment and marked.fill.fgColor.rgb.endswith("FFC7CE")
    assert recorded(office) == ([], 0)

    page.reload()
    expect(page.get_by_role("heading", name="1. Choose the file")).to_be_visible()
    drop(page, good)
    apply = page.get_by_role("button", name="Apply the import")
    expect(apply).to_be_visible()
    assert recorded(office) == ([], 0), "a trial writes nothing"
    apply.dblclick()
    expect(page.get_by_text("Import 1 is applied")).to_be_visible()
    expect(page.get_by_text("1 of 1 open files are late")).to_be_visible()
    assert recorded(office) == (["VA-1"], 1)

    page.get_by_role("button", name="Import another file").click()
    expect(page.get_by_role("heading", name="1. Choose the file")).to_be_visible()
    drop(page, good)
    expect(page.get_by_text("Nothing new")).to_be_visible()
    assert recorded(office) == (["VA-1"], 1)


def test_the_empty_workbook_and_the_export_are_offered(office, browser, tmp_path):
    page = opened(browser, office, "/import")
    for name in ("Empty workbook to fill in", "Everything recorded, as a workbook"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=name).click()
        waiting.value.save_as(tmp_path / "file.xlsx")
        assert "Danh mục" in openpyxl.load_workbook(tmp_path / "file.xlsx").sheetnames


def test_a_report_of_a_period_of_ones_own_is_made_once(office, browser, tmp_path):
    page = opened(browser, office, "/reports")
    period = page.get_by_role("combobox", name="Period")
    for text, answer in (("2026-Q5", "is not a period"), ("2026-Q1", "quarter 1 of 2026")):
        period.click()
        period.fill(text)
        period.press("Enter")
        page.get_by_role("button", name="Show the figures").click()
        expect(page.get_by_text(answer).last).to_be_visible()
    page.get_by_role("button", name="Make the Word file").dblclick()
    download = page.get_by_role("button", name="Download the Word file")
    expect(download).to_be_visible()
    with page.expect_download() as waiting:
        download.click()
    assert waiting.value.suggested_filename == "liem-annual-2026-Q1.docx"
    with asked(office.database_url) as session:
        assert [paper.period for paper in issued_reports(session, SYSTEM)] == ["2026-Q1"]
