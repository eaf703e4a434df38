"""The secretariat's workbench in a real browser: recorded once, never lost, corrected openly, nobody overwritten."""

import re
import subprocess
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from models.clock import today
from models.db import transaction
from models.enums import EventKind, Kind, Role
from models.queries.cases import CaseFile, case_file
from models.rules.access import SYSTEM
from models.text import translator
from tests import make
from tests.serving import LIEM, ROOT, Server, clean_environment, wait_until_healthy
from tests.visiting import PASSWORD, asked

t = translator("en")


@pytest.fixture
def office(sqlite_url, server) -> Server:
    """A running dashboard with two accounts of the secretariat, a case under investigation and an incident."""
    start = today() - timedelta(days=60)
    with asked(sqlite_url, transaction) as session:
        for login in ("thuky", "thuky2"):
            make.account(session, login=login, role=Role.SECRETARIAT, password=PASSWORD)
        make.case(
            session, code="VA-1", title="Vụ án thứ nhất", title_en="The first case",
            events=[("case_initiated", start, {"document": "Số 1/QĐ"})],
        )  # fmt: skip
        make.case(session, code="VV-1", kind=Kind.INCIDENT, title="Vụ việc", events=[("report_received", start)])
    return server(sqlite_url)


@contextmanager
def started_again(office: Server):
    """The dashboard at the same address, as a new process."""
    command = [str(LIEM), "serve", "--port", str(urlsplit(office.url).port), "--no-jobs"]
    with office.log.with_suffix(".again").open("wb") as output:
        environment = clean_environment(LIEM_DATABASE_URL=office.database_url)
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_until_healthy(replace(office, process=process))
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.fixture
def visit(office, browser) -> Callable[..., Page]:
    """`visit(path, login)`: a page of a fresh visitor who has signed in, in English."""

    def opened(path: str, login: str = "thuky", **screen: int) -> Page:
        page = browser.page(locale="en-GB", **screen)
        page.goto(f"{office.url}/language/en?next=/cases")
        page.fill("[name=username]", login)
        page.fill("[name=password]", PASSWORD)
        page.click("button[type=submit]")
        expect(page.locator(".liem-ready")).to_be_attached()
        page.goto(office.url + path)
        expect(page.locator(".liem-ready")).to_be_attached()
        return page

    return opened


def file_of(office: Server, code: str = "VA-1") -> CaseFile:
    with asked(office.database_url) as session:
        return case_file(session, SYSTEM, code, as_of=today())


def field(page: Page, name: str) -> Locator:
    return page.locator(".st-key-form").get_by_role("textbox", name=re.compile(f"^{re.escape(name)}"))


def typed(page: Page, name: str, text: str) -> None:
    field(page, name).fill(text)
    field(page, name).blur()


def kept(page: Page) -> None:
    expect(page.get_by_text(re.compile("Kept as your draft at"))).to_be_visible()


def pick(page: Page, event: str) -> None:
    page.locator(".st-key-form").get_by_text(event, exact=True).first.click()
    expect(field(page, "Document number")).to_be_visible()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def way(page: Page, label: str, name: str) -> None:
    """Follow `Correct`, `Retract` or `History` of the newest fact in the table `label`."""
    page.get_by_label(label, exact=True).get_by_role("link", name=name).first.click()
    expect(page.locator(".liem-ready")).to_be_attached()


def test_an_extension_shows_what_it_does_and_is_saved_once_by_a_double_click(office, visit):
    page = visit("/case?code=VA-1")
    before = file_of(office).verdict.due_on
    press(page, "Record an event")
    pick(page, "Investigation extended")
    effect = page.locator("[data-effect]")
    expect(effect).to_contain_text("days later")
    date_after = effect.locator("[data-due]").last
    with_usual_length = date_after.get_attribute("data-due")
    typed(page, "Length of the term", "2 tháng")
    typed(page, "Document number", "Số 15/QĐ-VKS")
    expect(date_after).not_to_have_attribute("data-due", with_usual_length)
    expect(effect).to_contain_text(t.date(before))
    told = date_after.get_attribute("data-due")
    page.get_by_role("button", name="Save the event").dblclick()
    expect(page.get_by_text(re.compile("Recorded: Investigation extended"))).to_be_visible()
    expect(page.locator(".st-key-form")).to_have_count(0)
    after = file_of(office)
    assert [event.kind for event in after.events].count(EventKind.INVESTIGATION_EXTENDED) == 1
    assert after.verdict.due_on.isoformat() == told != before.isoformat(), "what was shown is what holds"
    press(page, "Record an event")
    expect(page.get_by_text("What can follow now")).to_be_visible()
    expect(page.get_by_text(re.compile("Draft from"))).to_have_count(0), "what was saved is no draft any more"


def test_a_form_survives_a_refresh_a_sign_out_and_another_browser(office, visit):
    page = visit("/case?code=VA-1&do=event")
    pick(page, "Investigation concluded")
    typed(page, "Document number", "Số 27/KLĐT – “bản chính”")
    kept(page)
    page.reload()
    expect(page.get_by_text(re.compile("Draft from"))).to_be_visible()
    expect(field(page, "Document number")).to_have_value("Số 27/KLĐT – “bản chính”")

    elsewhere = visit("/case?code=VA-1")
    expect(elsewhere.get_by_text(re.compile("Draft from .*Record an event"))).to_be_visible()
    elsewhere.get_by_role("button", name="Go on").click()
    expect(field(elsewhere, "Document number")).to_have_value("Số 27/KLĐT – “bản chính”")
    press(elsewhere, "Save the event")
    expect(elsewhere.get_by_text(re.compile("Recorded: Investigation concluded"))).to_be_visible()

    press(page, "Save the event")  # the first window still holds the form
    expect(page.get_by_text(re.compile("saved already at"))).to_be_visible()
    assert len(file_of(office).events) == 2

    theirs = visit("/case?code=VA-1", "thuky2")
    expect(theirs.get_by_text(re.compile("Draft from"))).to_have_count(0)


def test_a_form_survives_a_connection_that_dropped_and_a_server_that_was_started_again(office, visit):
    page = visit("/case?code=VA-1&do=event")
    pick(page, "Investigation concluded")
    typed(page, "Document number", "Số 27/KLĐT")
    kept(page)
    office.process.terminate()
    office.process.wait(timeout=60)
    with started_again(office):
        expect(page.get_by_text(re.compile("Draft from"))).to_be_visible()
        expect(field(page, "Document number")).to_have_value("Số 27/KLĐT")
        press(page, "Save the event")
        expect(page.get_by_text(re.compile("Recorded: Investigation concluded"))).to_be_visible()
    assert len(file_of(office).events) == 2


def test_a_draft_can_be_discarded(office, visit):
    page = visit("/case?code=VA-1&do=event")
    pick(page, "Investigation concluded")
    typed(page, "Document number", "wrong file")
    kept(page)
    page.goto(f"{office.url}/case?code=VA-1")
    expect(page.get_by_text(re.compile("Draft from"))).to_be_visible()
    press(page, "Discard")
    expect(page.get_by_text(re.compile("Draft from"))).to_have_count(0)
    assert len(file_of(office).events) == 1


def test_two_at_once_see_both_versions_and_choose_field_by_field(office, visit):
    event = file_of(office).events[0]
    path = f"/case?code=VA-1&do=correct_event&id={event.id}"
    mine, theirs = visit(path), visit(path, "thuky2")
    typed(theirs, "Document number", "Số 2/QĐ (thuky2)")
    typed(theirs, "Reason of the correction", "Nhầm số")
    press(theirs, "Save the correction")
    expect(theirs.get_by_text(re.compile("Corrected:"))).to_be_visible()

    typed(mine, "Document number", "Số 3/QĐ (thuky)")
    typed(mine, "Issued by", "Cơ quan Cảnh sát điều tra")
    typed(mine, "Reason of the correction", "Bổ sung nơi ban hành")
    press(mine, "Save the correction")
    expect(mine.get_by_text(re.compile("thuky2 changed file VA-1"))).to_be_visible()
    expect(mine.locator(".st-key-form_theirs")).to_contain_text("Số 2/QĐ (thuky2)")
    assert file_of(office).events[0].document == "Số 2/QĐ (thuky2)", "nothing is overwritten unseen"

    document = mine.get_by_role("radiogroup", name="Document number")
    document.get_by_text("Theirs").click()
    expect(document.get_by_text("Theirs")).to_be_visible()
    press(mine, "Save with these choices")
    expect(mine.get_by_text(re.compile("Corrected:"))).to_be_visible()
    saved = file_of(office).events
    assert [(each.document, each.body) for each in saved] == [("Số 2/QĐ (thuky2)", "Cơ quan Cảnh sát điều tra")]


def test_a_new_event_meets_a_colleagues_and_both_stay(office, visit):
    mine, theirs = visit("/case?code=VA-1&do=event"), visit("/case?code=VA-1&do=event", "thuky2")
    for page, document in ((theirs, "của thuky2"), (mine, "của thuky")):
        pick(page, "Expert assessment requested")
        typed(page, "Document number", document)
        typed(page, "Content", document)
        press(page, "Save the event")
    expect(mine.get_by_text(re.compile("thuky2 changed file VA-1"))).to_be_visible()
    press(mine, "Save mine as well")
    expect(mine.get_by_text(re.compile("Recorded: Expert assessment"))).to_be_visible()
    assert {event.document for event in file_of(office).events} == {"Số 1/QĐ", "của thuky", "của thuky2"}


def test_a_correction_with_its_reason_stands_in_the_history(office, visit):
    page = visit("/case?code=VA-1")
    way(page, "Events", "Correct")
    typed(page, "Document number", "Số 1A/QĐ-CSĐT")
    press(page, "Save the correction")
    expect(page.locator("[data-problem=reason]")).to_be_visible()
    typed(page, "Reason of the correction", "Ghi sai số quyết định")
    press(page, "Save the correction")
    expect(page.get_by_text(re.compile("Corrected:"))).to_be_visible()
    way(page, "Events", "History")
    told = page.locator(".st-key-fact_history")
    for said in ("thuky", "Số 1/QĐ", "Số 1A/QĐ-CSĐT", "Ghi sai số quyết định"):
        expect(told).to_contain_text(said)
    way(page, "Events", "Retract")
    typed(page, "Reason of the retraction", "Nhập nhầm vụ")
    press(page, "Retract")
    expect(page.get_by_text(re.compile("retracted"))).to_be_visible()
    assert file_of(office).events == ()


def test_a_new_incident_becomes_a_case_that_points_to_it(office, visit):
    page = visit("/cases")
    page.get_by_role("link", name="New case or incident").click()
    expect(page.locator(".st-key-form")).to_be_visible()
    page.get_by_role("combobox", name=re.compile("^Kind")).click()
    page.get_by_role("option", name="Incident").click()
    expect(field(page, "Code")).to_have_value(re.compile("VV-"))
    press(page, "Save the file")
    expect(page.locator("[data-problem=title]")).to_be_visible()
    typed(page, "Title", "Vụ việc mua sắm thiết bị y tế")
    press(page, "Save the file")
    expect(page.get_by_text(re.compile("File VV-.* is recorded"))).to_be_visible()
    incident = re.search(r"VV-\d{4}-\d{3}", page.locator("h1.case").inner_text())[0]

    press(page, "More")
    page.get_by_text("The incident becomes a case").click()
    expect(field(page, "Title").first).to_have_value("Vụ việc mua sắm thiết bị y tế")
    press(page, "Save the case")
    expect(page.get_by_text(re.compile("became the case VA-"))).to_be_visible()
    expect(page.locator(".facts")).to_contain_text(incident)
    code = re.search(r"VA-\d{4}-\d{3}", page.locator("h1.case").inner_text())[0]
    assert file_of(office, code).origin == incident
    assert file_of(office, incident).grew_into == (code,)


def test_keyboard_alone_is_enough(office, visit):
    page = visit("/case?code=VA-1")
    page.get_by_role("button", name="Record an event").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name=re.compile("^Event")).focus()
    page.keyboard.type("Case split")
    expect(page.get_by_role("option", name="Case split")).to_be_visible()
    page.keyboard.press("Enter")
    expect(field(page, "Date")).to_be_visible()
    field(page, "Date").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("3/2026")
    page.keyboard.press("Enter")  # Enter keeps what is typed and sends nothing
    kept(page)
    assert len(file_of(office).events) == 1
    reached = set()
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || document.activeElement.innerText).trim()"
            )
        )
    assert any(name.startswith("Document number") for name in reached), reached
    assert any("Save the event" in name for name in reached), reached
    page.get_by_role("button", name="Save the event").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("Recorded: Case split, 03/2026"))).to_be_visible()


def test_what_is_pasted_or_wrong_is_cleaned_or_told_at_its_field(office, visit):
    page = visit("/case?code=VA-1&do=event")
    press(page, "Save the event")
    expect(page.locator("[data-problem=kind]")).to_be_visible()
    pick(page, "Investigation extended")
    typed(page, "Date", "31/02/2026")
    typed(page, "Length of the term", "vài tháng")
    press(page, "Save the event")
    expect(page.locator("[data-problem=happened_on]")).to_contain_text("no such day")
    expect(page.locator("[data-problem=length]")).to_contain_text("is not a length")
    typed(page, "Date", t.date(today() + timedelta(days=1)))
    typed(page, "Length of the term", "2 tháng")
    typed(page, "Document number", "x" * 201)
    press(page, "Save the event")
    expect(page.locator("[data-problem=happened_on]")).to_contain_text("after today")
    expect(page.locator("[data-problem=document]")).to_contain_text("201 characters")
    assert len(file_of(office).events) == 1, "nothing is half saved"
    typed(page, "Date", t.date(today()))
    typed(page, "Document number", "Số\u00a015/QĐ\u200b-VKS\t“gia hạn”")
    typed(page, "Content", "Vie\u0302\u0323n kie\u0302\u0309m sa\u0301t\u00a0gia hạn\u0007 <b>lần 1</b>")
    press(page, "Save the event")
    expect(page.get_by_text(re.compile("Recorded: Investigation extended"))).to_be_visible()
    event = file_of(office).events[0]
    assert event.document == "Số 15/QĐ-VKS “gia hạn”"
    assert event.detail == "Viện kiểm sát gia hạn <b>lần 1</b>"
    expect(page.get_by_label("Events", exact=True)).to_contain_text("<b>lần 1</b>")


def test_nothing_scrolls_sideways(office, visit):
    page = visit("/case?code=VV-1")
    for form in ("event", "accused", "money", "difficulty", "details", "become_case", "merge", "split", "transfer"):
        page.goto(f"{office.url}/case?code=VV-1&do={form}")
        expect(page.locator(".st-key-form .st-key-form_save")).to_be_visible()
        for width in (1280, 1024):
            page.set_viewport_size({"width": width, "height": 800})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{form} is {wide} wide"


def test_of_two_who_merge_split_and_transfer_at_once_neither_is_overwritten(office, visit):
    """The second sees what the first did to the file, and his own decision is kept with it."""
    with asked(office.database_url, transaction) as session:
        make.case(session, code="VA-2", title="Vụ án thứ hai", events=[("case_initiated", today())])
    mine, theirs = visit("/case?code=VA-1&do=merge"), visit("/case?code=VA-1&do=split", "thuky2")
    typed(mine, "Joined to the file with the code", "VA-2")
    which = mine.locator(".st-key-form").get_by_role("combobox", name=re.compile("^Which file goes on"))
    expect(which).to_be_visible()
    typed(mine, "Document number", "Số 7/QĐ-nhập")
    kept(mine)

    suggested = field(theirs, "Code").input_value()
    typed(theirs, "Title", "Vụ án tách ra")
    typed(theirs, "Document number", "Số 8/QĐ-tách")
    press(theirs, "Save")
    expect(theirs.get_by_text(re.compile(f"{suggested} is split off from VA-1"))).to_be_visible()

    press(mine, "Save")
    expect(mine.get_by_text(re.compile("thuky2 changed file VA-1"))).to_be_visible()
    expect(mine.locator(".st-key-form_theirs")).to_contain_text("Case split")
    assert len(file_of(office, "VA-2").events) == 1, "nothing is saved unseen, on neither file"
    press(mine, "Save mine as well")
    expect(mine.get_by_text(re.compile("is merged into"))).to_be_visible()
    kinds = {code: sorted(event.kind.value for event in file_of(office, code).events) for code in ("VA-1", "VA-2")}
    joined = {"merged_into", "merged_from"}
    assert {*kinds["VA-1"]} & joined and {*kinds["VA-2"]} & joined, kinds
    assert [len([kind for kind in of if kind in joined]) for of in kinds.values()] == [1, 1]
    assert kinds["VA-1"].count("split") == 1 and file_of(office, suggested).origin == "VA-1"

    for page in (mine, theirs):
        page.goto(f"{office.url}/case?code={suggested}&do=transfer")
        typed(page, "Goes to", "Tòa án nhân dân khu vực 1")
        kept(page)
    press(theirs, "Save")
    expect(theirs.get_by_text(re.compile(f"{suggested} is transferred to"))).to_be_visible()
    press(mine, "Save")
    expect(mine.get_by_text(re.compile(f"thuky2 changed file {suggested}"))).to_be_visible()
    press(mine, "Drop mine")
    expect(mine.get_by_text(re.compile("changed file"))).to_have_count(0)
    moved = [event for event in file_of(office, suggested).events if "transfer" in event.kind.value]
    assert len(moved) == 1
