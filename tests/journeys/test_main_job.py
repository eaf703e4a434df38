"""The main job on the public sample, end to end: list in, flags raised, dashboard seen, report out and proved."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import Page, expect

from models.clock import today
from models.db import make_engine, transaction
from models.enums import Role
from models.settings import ROOT
from models.text import translator
from tests import make
from tests.exports.reading import printed
from tests.office import docx_to_pdf, pdf_text
from tests.serving import Server, liem

PASSWORD = "Mật khẩu thử nghiệm 1"
SAMPLE = ROOT / "seed" / "public" / "danh_muc_vu_an.xlsx"


@pytest.fixture
def office(sqlite_url, server) -> Server:
    """A running dashboard with one account of the lead and nothing else."""
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        make.account(session, login="thuky", role=Role.LEAD, password=PASSWORD)
    engine.dispose()
    running: Server = server(sqlite_url)
    return running


def sign_in(page: Page, office: Server, path: str) -> None:
    page.goto(f"{office.url}/language/en?next={path}")
    page.fill("[name=username]", "thuky")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def figure(page: Page, name: str) -> int:
    shown = page.locator(f"a[data-figure='{name}']").first
    expect(shown).to_be_visible()
    assert translator("en").number(int(shown.get_attribute("data-value") or "")) == shown.inner_text()
    return int(shown.get_attribute("data-value") or "")


def figures(office: Server, *options: str) -> dict[str, dict[str, Any]]:
    told = liem("figures", *options, "--json", database_url=office.database_url)
    assert told.returncode == 0, told.stderr
    return {each["id"]: each for each in json.loads(told.stdout)["figures"]}


def test_list_in_flags_raised_dashboard_seen_report_out(office, browser, tmp_path):
    page = browser.page(locale="en-GB")
    sign_in(page, office, "/import")

    import_the_sample(page)
    scan = scan_as_the_morning_does(office)
    late = sum(count for bucket, count in scan["buckets"].items() if bucket.startswith("overdue"))

    page.goto(office.url)
    heading(page, "Overview")
    assert figure(page, "files.late") == late > 0
    assert figure(page, "bucket.due_soon") == scan["buckets"]["due_soon"]

    page.locator("a[data-figure='files.late']").first.click()
    heading(page, "Cases and incidents")
    expect(page.get_by_text(f"{late} files", exact=False).first).to_be_visible()
    open_the_worst(page, scan)

    paper = download_the_report(page, office, tmp_path)
    the_paper_says_what_the_figures_say(office, paper, tmp_path)


def import_the_sample(page: Page) -> None:
    heading(page, "Import")
    page.set_input_files("input[type=file]", SAMPLE)
    apply = page.get_by_role("button", name="Apply the import")
    expect(apply).to_be_visible()
    apply.click()
    expect(page.get_by_role("button", name="Import another file")).to_be_visible()


def scan_as_the_morning_does(office: Server) -> dict[str, Any]:
    ran = liem("jobs", "once", "scan", "--json", database_url=office.database_url)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["did"]["open"] == 50
    again = json.loads(liem("jobs", "once", "scan", "--json", database_url=office.database_url).stdout)
    assert again["ran"] is False
    scan = json.loads(liem("scan", "--json", database_url=office.database_url).stdout)
    assert sum(scan["buckets"].values()) == scan["open"] == len(scan["files"]) == 50
    return dict(scan)


def open_the_worst(page: Page, scan: dict[str, Any]) -> None:
    worst = max(scan["files"], key=lambda file: file["days_late"] or 0)
    due_on = date.fromisoformat(worst["due_on"])
    assert due_on == today() - timedelta(days=worst["days_late"])
    page.get_by_role("link", name=re.compile(worst["code"])).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(worst["code"])
    expect(page.get_by_text(translator("en").date(due_on)).first).to_be_visible()


def download_the_report(page: Page, office: Server, folder: Path) -> Path:
    page.goto(f"{office.url}/reports")
    heading(page, "Reports")
    page.get_by_role("button", name="Show the figures").click()
    page.get_by_role("button", name="Make the Word file").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the Word file").click()
    paper = folder / "report.docx"
    download.value.save_as(paper)
    return paper


def squeezed(text: str) -> str:
    """The text without its blanks: a narrow column may break a line where the paper has none."""
    return "".join(text.split())


def the_paper_says_what_the_figures_say(office: Server, paper: Path, folder: Path) -> None:
    expected = figures(office, "--period", str(today().year))
    document, text = docx.Document(str(paper)), squeezed(pdf_text(docx_to_pdf(paper, folder)))
    t = translator("vi")
    seen = 0
    for name, one in expected.items():
        for shown in printed(document, name):
            seen += 1
            assert squeezed(shown) in text, f"{name}: {shown} is not on the rendered page"
            if one["unit"] in ("files", "accused", "tasks", "sessions"):
                assert shown == t.number(one["value"]), name
    assert seen >= 40, "the report prints the figures it was asked for"
    for name in ("files.open", "files.late", "money.recovered", "pl3.police.total.cases", "accused.open"):
        assert printed(document, name), f"{name} is not printed"
    verified = liem("verify", paper, "--json", database_url=office.database_url)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert json.loads(verified.stdout)["intact"] is True
