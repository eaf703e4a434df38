"""An issued paper is proved: untouched it is intact; a changed digit, word, chart or record is named."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlmodel import select

from exports import issue, proof
from exports.verify import Verification, verify
from models.db import make_engine, read_session, transaction
from models.enums import EventKind
from models.errors import BadUsage, Forbidden
from models.queries.tasks import committee_sessions
from models.rules.access import SYSTEM
from models.tables import AuditEntry, CaseEvent
from models.text import translator
from tests import cast, make, office
from tests.exports import sample
from tests.exports.reading import edit, open_bytes, printed
from tests.tampering import unguarded

TODAY = date(2026, 5, 20)
NOW = datetime(2026, 5, 20, 3, tzinfo=UTC)
DOCUMENT = "word/document.xml"


@pytest.fixture
def province(engine: Engine) -> Engine:
    """Three files with events and money, two sessions, a task."""
    return filled(engine)


@pytest.fixture
def printed_province(sqlite_url: str) -> Iterator[Engine]:
    """The same in SQLite only, for tests in which LibreOffice takes its time."""
    made = make_engine(sqlite_url)
    yield filled(made)
    made.dispose()


def filled(engine: Engine) -> Engine:
    with transaction(engine) as session:
        make.session_(session, number=1, held_on="2026-01-15")
        make.session_(session, number=2, held_on="2026-04-15")
        first = make.case(
            session, code="VA-1", accused_count=3,
            events=[("case_initiated", "2025-11-03"), ("investigation_concluded", "2026-03-02")],
            money=[("must_recover", "2026-01-10", 5_000_000_000), ("recovered", "2026-02-10", 1_250_000_000)],
        )  # fmt: skip
        make.case(session, code="VA-2", accused_count=1, events=[("case_initiated", "2026-02-02")])
        make.case(
            session,
            code="VA-3",
            accused_count=2,
            events=[("case_initiated", "2026-02-20"), ("terminated", "2026-03-20")],
        )
        make.task(session, case=first)
    return engine


def order(kind: str = "annual", *, language: str = "en", **more: object) -> issue.Order:
    said: dict[str, object] = {"period": "2026" if kind == "annual" else "", "session": None, "as_of": None}
    return issue.order(kind, known_at=NOW, language=language, **said | more)  # type: ignore[arg-type]


@pytest.fixture
def paper(province: Engine, tmp_path: Path) -> Path:
    """The annual report of 2026, issued on the twentieth of May."""
    return issued(province, tmp_path)


def issued(engine: Engine, folder: Path, wanted: issue.Order | None = None) -> Path:
    made = issue.issue(SYSTEM, wanted or order(), now=NOW, today=TODAY, engine=engine)
    path = folder / made.file_name
    path.write_bytes(made.content)
    return path


def check(engine: Engine, path: Path) -> Verification:
    with read_session(engine) as session:
        return verify(session, SYSTEM, path, today=TODAY)


def reasons(found: Verification) -> dict[str, str]:
    return {change["id"]: " ".join(change["why"]) for change in found.as_json(translator("en"))["changed"]}


def retitled(xml: str) -> str:
    return xml.replace("I- SITUATION OF", "I- SITUATIONS OF")


def test_an_untouched_paper_is_intact(province: Engine, paper: Path) -> None:
    found = check(province, paper)
    assert found.intact and found.audit_head_known
    assert all(figure.same and figure.printed == figure.recomputed for figure in found.figures)
    said = found.as_json(translator("en"))
    assert set(said) == {"report", "kind", "as_of", "known_at", "intact", "figures", "changed", "audit_head_known"}
    assert {"id": "files.open", "printed": "2", "recomputed": "2", "same": True} in said["figures"]


def test_every_figure_on_the_paper_is_in_its_proof(paper: Path) -> None:
    kept = {facts.id for facts in proof.read(paper).proof.figures}
    assert {"files.open", "money.recovered", "rate.strict", "pl4.VA-1.must_recover", "pl3.court.new.cases"} <= kept
    assert printed(open_bytes(paper), "pl4.VA-1.must_recover") == ["5,000"]


def test_a_digit_changed_in_a_figure_is_named_with_what_was_issued(province: Engine, paper: Path) -> None:
    forged = edit(paper, DOCUMENT, lambda xml: xml.replace(">5 billion đồng<", ">6 billion đồng<"))
    found = check(province, forged)
    assert not found.intact
    assert reasons(found)["money.must_recover"] == "The paper shows 6 billion đồng; it was issued with 5 billion đồng."
    assert "text" in reasons(found)


def test_a_word_changed_outside_the_figures_is_noticed_and_its_place_shown(province: Engine, paper: Path) -> None:
    found = check(province, edit(paper, DOCUMENT, retitled))
    assert reasons(found) == {
        "text": "The text was changed here: “I- SITUATIONS OF CORRUPTION, WASTEFULNESS AND NEGATIVE PHENOMENA”."
    }
    assert all(figure.same for figure in found.figures)


def test_a_digit_changed_in_plain_text_is_noticed(province: Engine, paper: Path) -> None:
    found = check(province, edit(paper, DOCUMENT, lambda xml: xml.replace("As of 20/05/2026", "As of 21/05/2026", 1)))
    assert "As of 21/05/2026" in reasons(found)["text"]


def test_a_paragraph_taken_out_is_noticed(province: Engine, paper: Path) -> None:
    def without_legend(xml: str) -> str:
        return re.sub(r"<w:p>(?:(?!</w:p>).)*Recovered in the period(?:(?!</w:p>).)*</w:p>", "", xml, count=1)

    found = check(province, edit(paper, DOCUMENT, without_legend))
    assert "paragraphs are missing after" in reasons(found)["text"]
    assert reasons(found)["money.recovered.period"].startswith(
        "The figure stands 1 times on the paper; it was issued with 2."
    )


def test_a_changed_page_foot_is_noticed(province: Engine, paper: Path) -> None:
    import zipfile

    names = [name for name in zipfile.ZipFile(paper).namelist() if "footer" in name and name.endswith(".xml")]
    found = check(province, edit(paper, names[0], lambda xml: xml.replace("audit chain", "audit chains")))
    assert reasons(found) == {"text": "Text in the head or foot of the pages was changed."}


def test_a_changed_chart_is_noticed(province: Engine, paper: Path) -> None:
    found = check(
        province, edit(paper, "word/charts/chart1.xml", lambda xml: re.sub(r"<c:v>1</c:v>", "<c:v>7</c:v>", xml))
    )
    assert reasons(found) == {"charts": "A chart shows other values than it was issued with."}


def test_a_forged_figure_with_a_forged_proof_still_differs_from_the_records(province: Engine, paper: Path) -> None:
    forged = edit(
        paper,
        "customXml/item1.xml",
        lambda xml: xml.replace('id="files.open" unit="files" value="2"', 'id="files.open" unit="files" value="9"'),
    )
    found = reasons(check(province, forged))
    assert {"files.open", "proof"} <= found.keys()
    assert "The records now give 2; it was issued with 9." in found["files.open"]


def test_a_whole_proof_made_again_is_not_the_registered_one(province: Engine, paper: Path) -> None:
    made, _ = sample_of(paper)
    assert "register" in reasons(check(province, made))


def sample_of(paper: Path) -> tuple[Path, str]:
    """The paper with another word in it and a proof that fits it."""
    forged = edit(paper, DOCUMENT, retitled)
    now = proof.read(forged)
    again = edit(forged, "customXml/item1.xml", lambda xml: xml.replace(now.proof.text_sha256, now.text_sha256))
    return again, now.text_sha256


def test_a_record_changed_behind_the_paper_s_back_is_named(province: Engine, paper: Path) -> None:
    with transaction(province) as session:
        session.connection().execute(
            text("UPDATE money_entry SET amount_vnd = 2000000000 WHERE quantity = 'recovered'")
        )
    found = reasons(check(province, paper))
    assert found["money.recovered"] == "The records now give 2,000; it was issued with 1,250."
    assert "pl4.VA-1.recovered" in found and "text" not in found


def test_a_line_of_an_annex_whose_facts_changed_is_named(province: Engine, paper: Path) -> None:
    with transaction(province) as session:
        session.connection().execute(text("UPDATE task SET due_on = '2026-04-01' WHERE code = 'NV-2026-001'"))
    found = reasons(check(province, paper))
    assert found["pl5.NV-2026-001"] == "The facts of this line have changed: now 2026-04-01; before 2026-03-31."


def test_a_file_that_vanished_is_named(province: Engine, paper: Path) -> None:
    with transaction(province) as session:
        session.connection().execute(
            text("UPDATE case_event SET kind = 'supervision_ended' WHERE kind = 'investigation_concluded'")
        )
    assert "no longer VA-1" in reasons(check(province, paper))["files.open"]


def test_other_words_in_a_later_version_do_not_touch_an_issued_paper(province: Engine, tmp_path: Path) -> None:
    """A paper in a language whose words have changed since: the proof keeps how each figure was written."""
    path = issued(province, tmp_path, order(language="en"))
    reworded = edit(path, "customXml/item1.xml", lambda xml: xml.replace('language="en"', 'language="vi"'))
    found = check(province, reworded)
    assert reasons(found) == {}
    assert all(figure.printed == figure.recomputed for figure in found.figures)


def test_facts_recorded_later_do_not_touch_an_issued_paper(province: Engine, paper: Path) -> None:
    later = datetime(2026, 5, 21, 3, tzinfo=UTC)
    with transaction(province) as session:
        made = make.case(session, code="VA-9", at=later, events=[("case_initiated", "2026-05-02")])
        make.entry(session, case=made, quantity="must_recover", on="2026-05-03", amount_vnd=10**9, at=later)
    assert check(province, paper).intact


def test_a_fact_retracted_later_does_not_touch_an_issued_paper(province: Engine, paper: Path) -> None:
    with transaction(province) as session:
        (event,) = session.exec(select(CaseEvent).where(CaseEvent.kind == EventKind.TERMINATED))
        event.retracted_at = datetime(2026, 5, 21, 3, tzinfo=UTC)
    assert check(province, paper).intact


def test_a_chain_that_lost_the_printed_row_is_said(province: Engine, tmp_path: Path) -> None:
    issued(province, tmp_path)  # the chain has a row now, and the next paper prints it
    second = issued(province, tmp_path, order(language="vi"))
    row = int(proof.read(second).proof.about["head_row"])
    with transaction(province) as session:
        unguarded(session.connection())
        session.get_one(AuditEntry, row).hash = "f" * 64
    found = check(province, second)
    assert not found.audit_head_known and not found.intact
    assert reasons(found) == {"audit": "The audit chain does not hold the row printed on the paper."}


def test_another_database_does_not_know_the_paper(province: Engine, tmp_path: Path, paper: Path) -> None:
    with transaction(province) as session:
        unguarded(session.connection())
        session.connection().execute(text("DELETE FROM audit_seal"))
        session.connection().execute(text("DELETE FROM audit_entry"))
        session.connection().execute(text("DELETE FROM issued_report"))
    assert "register" in reasons(check(province, paper))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_paper_saved_again_by_libreoffice_is_still_intact(
    printed_province: Engine, tmp_path: Path, language: str
) -> None:
    path = issued(printed_province, tmp_path, order(language=language))
    saved = office.docx_saved_again(path, tmp_path / "saved")
    found = check(printed_province, saved)
    assert reasons(found) == {}


def test_a_brief_compares_two_sessions_and_is_proved_the_same_way(printed_province: Engine, tmp_path: Path) -> None:
    path = issued(printed_province, tmp_path, order("brief", session=2))
    found = check(printed_province, path)
    assert found.intact
    assert printed(open_bytes(path), "brief.new") == ["1"]
    pages = office.pdf_text(office.docx_to_pdf(path, tmp_path)).split("\f")[:-1]
    assert len(pages) == 2 and "ANNEX" in pages[1], "one page, and why the limits named in it ended then"


NOT_OURS = {
    "no zip": b"nothing of the kind",
    "empty": b"",
    "another zip": b"PK\x05\x06" + b"\0" * 18,
}


@pytest.mark.parametrize("content", NOT_OURS.values(), ids=NOT_OURS)
def test_a_file_that_is_no_report_of_ours_is_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.docx"
    path.write_bytes(content)
    with pytest.raises(proof.NotOurReport, match="other.docx is not a Word report issued by this program"):
        proof.read(path)


def test_a_paper_that_points_at_a_file_of_the_machine_gets_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("canary")
    outside = f'<!DOCTYPE x [<!ENTITY out SYSTEM "file://{tmp_path}/secret.txt"><!ENTITY in "inner">]>'
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = f'{outside}<w:document xmlns:w="{word}"><w:p><w:r><w:t>a&out;b&in;c</w:t></w:r></w:p></w:document>'
    path = tmp_path / "other.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "customXml/item1.xml", f'{outside}<report xmlns="{proof.NAMESPACE}" text_sha256="">&out;</report>'
        )
        package.writestr("word/document.xml", body)
    assert "canary" not in repr(proof.read(path)) and "inner" not in repr(proof.read(path))


def test_a_word_file_without_our_proof_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    kept = io.BytesIO()
    from docx import Document

    Document().save(kept)
    path.write_bytes(kept.getvalue())
    with pytest.raises(proof.NotOurReport, match="carries no proof"):
        proof.read(path)


def test_nobody_without_the_right_makes_or_reads_papers(province: Engine, paper: Path) -> None:
    for viewer in cast.OUTSIDERS:
        with pytest.raises(Forbidden):
            issue.issue(viewer, order(), now=NOW, today=TODAY, engine=province)
        with read_session(province) as session, pytest.raises(Forbidden):
            verify(session, viewer, paper, today=TODAY)


WRONG_ORDERS: Iterator[tuple[dict[str, object], str]] = iter(
    [
        ({"kind": "poem"}, "There is no report 'poem'. There are: annual, brief."),
        ({"kind": "pack"}, "does not print the report 'pack' yet. It prints: annual, brief."),
        ({"language": "fr"}, "There is no language 'fr' for reports. There are: vi, en."),
        ({"period": ""}, "An annual report needs its period"),
        ({"kind": "brief"}, "A session brief needs the number of its session"),
    ]
)


@pytest.mark.parametrize(("wrong", "sentence"), list(WRONG_ORDERS))
def test_a_wrong_order_is_refused_with_what_there_is(wrong: dict[str, object], sentence: str) -> None:
    said = {
        "kind": "annual",
        "period": "2026",
        "session": None,
        "as_of": None,
        "known_at": NOW,
        "language": "vi",
    } | wrong
    with pytest.raises(BadUsage, match=re.escape(sentence)):
        issue.order(**said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(9, "There is no session 9 in the term 2025-2030. Sessions: 1, 2."), (1, "Session 1 is the first of the term")],
)
def test_a_brief_needs_a_session_with_one_before_it(province: Engine, number: int, sentence: str) -> None:
    with pytest.raises(BadUsage, match=re.escape(sentence)):
        issue.issue(SYSTEM, order("brief", session=number), now=NOW, today=TODAY, engine=province)


def test_a_day_before_the_period_is_refused(province: Engine) -> None:
    with pytest.raises(BadUsage, match="lies before the period 2026 begins"):
        issue.issue(SYSTEM, order(as_of=date(2025, 12, 31)), now=NOW, today=TODAY, engine=province)


@pytest.mark.parametrize("kind", [{}, {"kind": "brief", "session": 2}])
def test_a_day_that_has_not_come_is_refused_and_today_is_not(province: Engine, kind: dict[str, Any]) -> None:
    tomorrow = order(**kind, as_of=TODAY + timedelta(days=1))
    with pytest.raises(BadUsage, match="has not come yet"):
        issue.issue(SYSTEM, tomorrow, now=NOW, today=TODAY, engine=province)
    assert issue.issue(SYSTEM, order(as_of=TODAY), now=NOW, today=TODAY, engine=province).figures


def test_a_brief_is_of_its_session_s_day_or_of_a_day_before_it(province: Engine) -> None:
    with read_session(province) as session:
        held = max(row.held_on for row in committee_sessions(session))
    later = order("brief", session=2, as_of=held + timedelta(days=1))
    with pytest.raises(BadUsage, match="counts up to the day of its session"):
        issue.issue(SYSTEM, later, now=NOW, today=max(TODAY, held + timedelta(days=1)), engine=province)
    on_the_day = order("brief", session=2, as_of=held)
    assert issue.issue(SYSTEM, on_the_day, now=NOW, today=max(TODAY, held), engine=province).figures


def test_a_brief_prints_the_rate_with_what_it_divides(province: Engine) -> None:
    made = issue.issue(SYSTEM, order("brief", session=2), now=NOW, today=TODAY, engine=province)
    rate = made.figures["rate.strict"]
    assert rate.denominator
    assert rate.numerator == made.figures["money.recovered.against_must_recover"].value
    assert rate.denominator == made.figures["money.must_recover"].value
    assert made.numbers == len([figure for figure in made.figures.values() if figure.unit != "row"])


def test_a_past_period_is_counted_to_its_last_day_and_a_running_one_to_today() -> None:
    from models.rules.periods import parse_period

    assert issue.default_as_of(parse_period("2025"), TODAY) == date(2025, 12, 31)
    assert issue.default_as_of(parse_period("2026"), TODAY) == TODAY


def test_the_sample_is_what_the_gathering_gives(province: Engine) -> None:
    """The figures of the hand-written report are real ones, so that the layout is tested on real ids."""
    from exports.annual.gather import gather

    with read_session(province) as session:
        real = gather(session, SYSTEM, sample.paper("en"))
    fixed = {name for name in sample.report().figures if not name.startswith(("pl1.", "pl2.", "pl4.", "pl5.", "why."))}
    assert fixed <= real.figures.keys()
