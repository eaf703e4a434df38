"""Hostile texts that are stored already, on every page that shows them: letters, and nothing else."""

from datetime import date

import pytest
from playwright.sync_api import Dialog, Page, expect

from models.changes import search
from models.db import make_engine, transaction
from models.enums import DifficultyKind, Role
from models.tables import Difficulty
from tests import make

PASSWORD = "Mật khẩu thử nghiệm 1"
EVIL = (
    "<img src=//evil.example/p onerror=alert(1)><script>alert(2)</script>![i](http://evil.example/q)"
    "[l](javascript:alert(3))<http://evil.example> :red[rot] :material/home: $$x^2$$ `c` **b** =1+1"
)
SHORT = "<b>x</b>[l](javascript:1):red[r]"
PAGES = ("", "cases", "case?code=VA-1", "deadlines", "tasks", "tasks?task=NV-1", "sessions", "assets", "coordination",
         "search?q=evil", "reports")  # fmt: skip
# What would be in the page if one of them had been understood rather than shown.
UNDERSTOOD = {
    "script": "[...document.scripts].filter(s => s.textContent.includes('alert(2)')).length",
    "picture": "document.querySelectorAll('img[src*=evil]').length",
    "link": "[...document.links].filter(a => /^javascript:|evil\\.example/.test(a.href)).length",
    "colour": "document.querySelectorAll('[class*=stMarkdownColored]').length",
    "formula": "document.querySelectorAll('.katex').length",
    "icon": "[...document.querySelectorAll('[data-testid=stIconMaterial]')].filter(i => i.innerText === 'home').length",
    "bold": "[...document.querySelectorAll('b, strong')].filter(b => /^[xb]$/.test(b.innerText)).length",
}


@pytest.fixture
def office(sqlite_url, server):
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        agency = make.agency(session, name_vi=EVIL[:200], name_en=EVIL[:200])
        person = make.person(session, display_name=SHORT, function=SHORT, agency=agency)
        make.account(session, login="thuky", role=Role.SECRETARIAT, password=PASSWORD, person=person)
        case = make.case(
            session, code="VA-1", title=EVIL, title_en=EVIL, locality=SHORT, sector=SHORT, notes=EVIL, source=EVIL,
            lead=agency, lead_agency=EVIL[:150], responsible=person, supervised_from=date(2026, 1, 5),
            events=[("case_initiated", "2026-01-05", {"detail": EVIL, "document": SHORT, "body": SHORT}),
                    ("placed_under_supervision", "2026-01-05")],
            money=[("must_recover", "2026-01-06", 5, {"source": EVIL, "asset_kind": SHORT, "document": SHORT})],
        )  # fmt: skip
        held = make.session_(session, number=3, held_on="2026-01-15", subject=EVIL, place=SHORT, chair=SHORT)
        make.task(session, code="NV-1", content=EVIL, case=case, lead=agency, of=held, responsible=person)
        make.request(session, code="PH-1", subject=EVIL, case=case, asks=agency, asked=agency, legal_basis=SHORT,
                     sent_on="2026-01-07")  # fmt: skip
        session.add(Difficulty(case_id=case.id or 0, kind=DifficultyKind.DIFFICULTY, text=EVIL, raised_by=SHORT,
                               raised_on=date(2026, 1, 7), recorded_at=case.created_at))  # fmt: skip
        search.rebuild(session)
    engine.dispose()
    return server(sqlite_url)


def test_what_was_stored_with_bad_intent_is_letters_on_every_page(office, browser):
    page: Page = browser.page(locale="en-GB")
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.goto(f"{office.url}/language/en?next=/cases")
    page.fill("[name=username]", "thuky")
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    faults, shown = [], 0
    for path in PAGES:
        page.goto(f"{office.url}/{path}")
        expect(page.locator(".liem-ready, [data-testid=stForm]").first).to_be_attached()
        shown += ":red[rot]" in page.locator("[data-testid=stMain]").inner_text()
        faults += [f"/{path}: {what}" for what, count in UNDERSTOOD.items() if page.evaluate(count)]
        assert "could not be shown" not in page.content(), path
    assert faults == []
    assert dialogs == []
    assert shown >= 4, "the texts are really on the pages"
