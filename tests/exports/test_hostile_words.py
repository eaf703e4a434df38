"""Every Word exporter with every hostile text: the file opens, says the text as text, and nothing of it acts."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from docx.document import Document

from exports import word
from exports.issue import issue, order
from exports.verify import verify
from models.db import Engine, make_engine, read_session, transaction
from models.enums import DifficultyKind
from models.rules.access import SYSTEM
from models.tables import Difficulty
from tests import hostile, make
from tests.exports.reading import text_of
from tests.office import docx_to_pdf, pdf_text

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
ALL = " ".join(text for name, text in hostile.EVERYTHING.items() if name != "long")
ACTIVE = ("word/vbaProject", "embeddings/oleObject", "activeX", "attachedTemplate", "DDEAUTO", "INCLUDETEXT")

VERBS: dict[str, Callable[[Document, str], object]] = {
    "paragraph": lambda to, text: word.paragraph(to, text),
    "heading": lambda to, text: word.heading(to, 2, text),
    "title": lambda to, text: word.title(to, text, text),
    "header": lambda to, text: word.header_block(to, parent=text, issuing=[text], number=text, place_and_date=text),
    "paragraphs": lambda to, text: word.paragraphs(to, [("Body Text", text)]),
    "table": lambda to, text: word.rows_table(to, [word.Column(text, 50), word.Column("x", 50, group=text)],
                                              [[text, text]], numbered=True),
    "closing": lambda to, text: word.closing(to, recipients=[text], authority=text, function=text, name=text),
    "proof": lambda to, text: word.proof_line(to, text),
    "mark": lambda to, text: word.mark_on_top(to, text),
}  # fmt: skip


def blank(title: str = "x") -> Document:
    return word.document("vi", title=title, author=title, made_at=NOW)


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name).decode("utf-8", "replace") for name in package.namelist()}


def harmless(content: bytes) -> str:
    """The text of the file, after it was looked at: no sign that must not be there, nothing that acts or leads out."""
    said = text_of(docx.Document(io.BytesIO(content)))
    assert hostile.impurities(said) == set()
    held = parts(content)
    assert not [mark for mark in ACTIVE for name, text in held.items() if mark in name or f"{mark} " in text]
    outside = [text for name, text in held.items() if name.endswith(".rels") and 'TargetMode="External"' in text]
    assert outside == []
    return said


def saved(made: Document) -> bytes:
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("name", hostile.EVERYTHING)
def test_each_verb_writes_each_text_as_text(name):
    text = hostile.EVERYTHING[name]
    made = blank(text)
    for verb in VERBS.values():
        verb(made, text)
    said = harmless(saved(made))
    kept = word.clean(text)
    first = " ".join(kept.split())[:60]
    assert not first or " ".join(said.split()).count(first) >= len(VERBS) - 3, "titles are in capitals, a footer apart"


def test_a_paper_of_all_hostile_texts_is_printed_by_libreoffice(tmp_path: Path):
    made = blank(ALL)
    for verb in VERBS.values():
        verb(made, ALL)
    word.paragraph(made, hostile.LONG)
    path = tmp_path / "all.docx"
    path.write_bytes(saved(made))
    printed = pdf_text(docx_to_pdf(path, tmp_path))
    assert "<script>alert(1)</script>" in "".join(printed.split())
    assert printed.count("Dài") > 20_000, "the long text to its end"


@pytest.fixture
def province(sqlite_url: str):
    """Files, tasks and a session whose texts are hostile, as somebody wrote them past our changes."""
    engine = make_engine(sqlite_url)
    bad = f"{ALL} {hostile.LONG}".replace(hostile.SURROGATE, "")  # what a driver does not take never comes that far
    with transaction(engine) as session:
        police = make.agency(session, name_vi=ALL.replace(hostile.SURROGATE, ""))
        make.session_(session, number=1, held_on="2026-01-15", subject=bad, place=bad)
        held = make.session_(session, number=2, held_on="2026-04-15", subject=bad, place=bad)
        case = make.case(
            session, code="VA-1", title=bad, title_en=bad, locality=bad, source=bad, notes=bad, lead=police,
            lead_agency=bad, articles=bad, supervised_from=date(2026, 2, 1),
            events=[("case_initiated", "2026-02-02", {"detail": bad, "document": bad})],
            money=[("must_recover", "2026-02-10", 5_000_000, {"source": bad, "document": bad, "asset_kind": bad})],
        )  # fmt: skip
        make.task(session, code="NV-1", content=bad, case=case, lead=police, of=held, progress=bad, evidence=bad)
        session.add(Difficulty(case_id=case.id or 0, kind=DifficultyKind.DIFFICULTY, text=bad, raised_by=bad,
                               raised_on=date(2026, 3, 1), recorded_at=NOW))  # fmt: skip
    yield engine
    engine.dispose()


@pytest.mark.parametrize("kind", ["annual", "brief"])
def test_each_paper_takes_hostile_records_and_proves_itself(province: Engine, tmp_path: Path, kind: str):
    number = 2 if kind == "brief" else None
    for language in ("vi", "en"):
        wanted = order(kind, period="2026", session=number, as_of=None, known_at=NOW, language=language)
        paper = issue(SYSTEM, wanted, now=NOW, today=TODAY, engine=province)
        said = " ".join(harmless(paper.content).split())
        assert kind == "brief" or "<script>alert(1)</script>" in said, "the brief has no room for it"
        path = tmp_path / f"{language}.docx"
        path.write_bytes(paper.content)
        with read_session(province) as session:
            assert verify(session, SYSTEM, path, today=TODAY).intact
