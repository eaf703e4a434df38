"""Every statutory date on paper leads to the reasons of that date, and they lead back; in Word and in the PDF."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from docx.document import Document
from docx.oxml.ns import qn
from sqlalchemy import Engine
from sqlmodel import select

from exports.annual.gather import gather
from exports.annual.render import render
from exports.verify import verify
from models.db import read_session, transaction
from models.rules.access import SYSTEM
from models.tables import Case
from models.text import LANGUAGES, translator
from tests import make, office
from tests.exports import sample
from tests.exports.reading import edit, open_bytes, text_of
from tests.exports.test_verify import NOW, TODAY, filled, issued, order, reasons


def links(paper: Document) -> list[tuple[str, str]]:
    """(text, place it leads to) of every link, in the order of the text."""
    found = paper.element.body.iter(qn("w:hyperlink"))
    return [("".join(t.text or "" for t in each.iter(qn("w:t"))), each.get(qn("w:anchor"))) for each in found]


def places(paper: Document) -> list[str]:
    return [each.get(qn("w:name")) for each in paper.element.body.iter(qn("w:bookmarkStart"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_printed_limit_leads_to_its_entry_and_the_entry_leads_back(language: str) -> None:
    made, show = render(sample.report(language, files=3), translator(language))
    days = [link for link in links(made) if link[0].startswith("12/11/2025")]
    assert [place for _, place in days] == ["why_1", "why_1", "why_2", "why_2", "why_3", "why_3", "why_4"]
    back = links(made)[len(days) :]
    assert [place for _, place in back] == ["due_1", "due_2", "due_3", "due_4"]
    assert len({text for text, _ in back}) == 1
    assert sorted(places(made)) == sorted(f"{word}_{n}" for word in ("due", "why") for n in range(1, 5))
    numbers = [each.get(qn("w:id")) for each in made.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(numbers)) == len(numbers) == len(list(made.element.body.iter(qn("w:bookmarkEnd"))))
    assert {"why.VA-2025-001", "why.VV-2025-001"} <= show.printed.keys()


def test_the_annex_tells_the_files_in_the_order_of_their_codes_once_each() -> None:
    made, _ = render(sample.report("en", files=3), translator("en"))
    heads = [line.text for line in made.paragraphs if line.style is not None and line.style.name == "Reason Head"]
    assert [re.sub(" –.*", "", head) for head in heads] == [
        "1. VA-2025-001", "2. VA-2025-002", "3. VA-2025-003", "4. VV-2025-001",
    ]  # fmt: skip
    assert "– Counting 8 months from 12/03/2025 gives 12/11/2025." in text_of(made)


def test_a_limit_that_nobody_confirmed_is_marked_in_the_list_and_in_the_annex() -> None:
    report = sample.report("en", files=2)
    unproved = {**report.reasons, "VA-2025-002": sample.reason("VA-2025-002", proved=False)}
    made, _ = render(replace(report, reasons=unproved), translator("en"))
    assert [text for text, place in links(made) if place == "why_1"] == ["12/11/2025", "12/11/2025"]
    assert [text for text, place in links(made) if place == "why_2"] == ["12/11/2025*", "12/11/2025*"]
    dates = [line.text for line in made.paragraphs if line.style is not None and line.style.name == "Reason Date"]
    assert dates[0] == "Investigation: last day 12/11/2025 (approximate)"
    assert dates[1] == "Investigation: last day 12/11/2025 (to be confirmed by a lawyer; approximate)"


def test_a_file_whose_date_is_not_printed_has_no_entry() -> None:
    report = sample.report("en", files=2)
    silent = replace(report.cases[1], due_on=None, difficulties=())
    made, show = render(replace(report, cases=(report.cases[0], silent)), translator("en"))
    assert "why.VA-2025-002" not in show.printed and "2. VA-2025-002" not in text_of(made)
    assert {place for _, place in links(made)} == {"why_1", "due_1", "why_3", "due_3"}


def test_records_cannot_pose_as_links() -> None:
    report = sample.report("en", files=1)
    hostile = replace(report.cases[0], title="\ue003why_9|due_9\ue004here\ue005")
    made, _ = render(replace(report, cases=(hostile,)), translator("en"))
    assert "why_9" not in {place for _, place in links(made)} and "due_9" not in places(made)


def test_libreoffice_keeps_the_links_in_the_pdf(tmp_path: Path) -> None:
    made, _ = render(sample.report("en", files=2), translator("en"))
    path = tmp_path / "report.docx"
    made.save(str(path))
    pdf = office.docx_to_pdf(path, tmp_path)
    content = pdf.read_bytes()
    wanted = len(links(made))
    assert content.count(b"/Subtype/Link") == wanted == 5 + 3, "five printed dates, three ways back"
    assert len(re.findall(rb"/Dest\[\d+ 0 R/XYZ|/A<</Type/Action/S/GoTo|/Dest/", content)) >= wanted


# --- from the records ------------------------------------------------------------------------------------------------


@pytest.fixture
def province(engine: Engine) -> Engine:
    return filled(engine)


def test_the_reasons_of_the_records_are_complete_and_cover_what_was_counted(province: Engine) -> None:
    with read_session(province) as session:
        report = gather(session, SYSTEM, replace(sample.paper("en"), as_of=TODAY, known_at=NOW))
    assert list(report.reasons) == ["VA-1", "VA-2"], "VA-3 has ended"
    reason = report.reasons["VA-2"]
    steps = [step.english() for step in reason.steps]
    assert steps[0] == "Event: Case initiated, 2026-02-02."
    assert steps[1] == "Rule INV: Investigation; the version in force from 2018-01-01."
    assert steps[2].startswith("What Article 172(1) says, in our words: the investigation ends within a term")
    assert f"Last day: {reason.due_on}, until 24:00." in steps
    assert steps[-1] == "The limit was read in the text of the law."
    assert report.figures["why.VA-2"].records == reason.facts
    assert {"INV", "2026-02-02", reason.due_on.isoformat(), "172(1)"} <= set(reason.facts)


def test_the_proof_covers_the_annex(province: Engine, tmp_path: Path) -> None:
    paper = issued(province, tmp_path)
    with read_session(province) as session:
        assert verify(session, SYSTEM, paper, today=TODAY).intact
        forged = edit(paper, "word/document.xml", lambda xml: xml.replace("is day 0: counting", "is day 1: counting"))
        assert "text" in reasons(verify(session, SYSTEM, forged, today=TODAY))


def test_a_paper_issued_before_a_rule_was_corrected_keeps_its_reasons(province: Engine, tmp_path: Path) -> None:
    paper = issued(province, tmp_path)
    with transaction(province) as session:
        late = session.exec(select(Case).where(Case.code == "VA-2")).one()
        make.event(
            session, case=late, kind="investigation_extended", on="2026-04-01", at=NOW + timedelta(hours=1), length="2m"
        )
    with read_session(province) as session:
        assert verify(session, SYSTEM, paper, today=TODAY).intact, "recomputed as known then"


def test_the_brief_names_the_limits_of_newly_late_files_with_their_reasons(province: Engine, tmp_path: Path) -> None:
    with transaction(province) as session:
        make.case(session, code="VA-4", severity="serious", events=[("case_initiated", "2025-12-05")])
    brief = issued(province, tmp_path, order("brief", session=2))
    made = open_bytes(brief)
    assert "VA-4" in text_of(made) and "limit 05/03/2026" in text_of(made)
    assert ("05/03/2026", "why_2") in links(made) and links(made)[-1][1] == "due_2"
    with read_session(province) as session:
        assert verify(session, SYSTEM, brief, today=TODAY).intact
