"""Documents of a file: checked by what they are, kept once, read by who may, and nothing of a secret but its number."""

import io
import zipfile
from contextlib import suppress
from datetime import UTC, date, datetime
from threading import Barrier, Thread

import pytest
from sqlmodel import col, select

from models import store
from models.changes.attachments import Document, attach, note_download, take_off
from models.db import read_session, transaction
from models.enums import Secrecy
from models.errors import CaseNotFound, FieldErrors, Forbidden, NotFound
from models.queries.attachments import attachment, documents
from models.rules.access import SYSTEM
from models.rules.documents import DOCX, JPEG, PDF, PNG, XLSX, media_type_of
from models.rules.words import Refusal
from models.settings import settings
from models.tables import Attachment, AuditEntry, Case
from tests import cast, make

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
PAPER = b"%PDF-1.7\n1 0 obj\n"


def package(*names):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return made.getvalue()


@pytest.fixture
def filled(engine, tmp_path):
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-09-01")])
    return engine


@pytest.fixture
def kept(filled, tmp_path):
    """`kept(document)` attaches it to VA-1, with the store in a folder of the test."""

    def attached(document, viewer=SYSTEM, code="VA-1"):
        with transaction(filled) as session:
            return attach(session, viewer, code, document, now=NOW, today=TODAY, folder=tmp_path / "files").id

    return attached


def wrong(kept, document):
    with pytest.raises(FieldErrors) as refused:
        kept(document)
    return set(refused.value.fields)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PAPER, PDF),
        ("Á.PDF", PAPER, PDF),
        ("a.docx", package("word/document.xml"), DOCX),
        ("a.xlsx", package("xl/workbook.xml"), XLSX),
        ("a.png", b"\x89PNG\r\n\x1a\n...", PNG),
        ("a.jpeg", b"\xff\xd8\xff\xe0", JPEG),
        ("a.docx", PAPER, None),  # not what its name says
        ("a.pdf.exe", PAPER, None),
        ("a.html", b"<html>", None),
        ("a.svg", b"<svg onload=alert(1)>", None),
        ("a.docx", package("word/document.xml", "word/vbaProject.bin"), None),
        ("a.zip", package("x"), None),
        ("a.xlsx", b"PK\x03\x04 damaged", None),
        ("a.pdf", b"", None),
    ],
)
def test_a_document_is_known_by_what_it_is(name, content, kind):
    assert media_type_of(name, content) == kind


def test_a_document_is_registered_kept_and_read_back(filled, kept, tmp_path):
    number = kept(
        Document("12/KLĐT", date(2026, 11, 1), "Kết luận điều tra", "CQĐT", file_name="kl.pdf", content=PAPER)
    )
    with read_session(filled) as session:
        (row,) = documents(session, cast.MEMBER, "VA-1")
        assert (row.id, row.number, row.title, row.size) == (number, "12/KLĐT", "Kết luận điều tra", len(PAPER))
        assert session.exec(select(Case.revision)).one() == 2
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        assert (entry.action, entry.subject) == ("document_attached", "case:VA-1")
    with transaction(filled) as session:
        kept_row = note_download(session, cast.MEMBER, number, now=NOW)
        assert store.get(kept_row.sha256, of=tmp_path / "files") == PAPER
    with read_session(filled) as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        assert (entry.action, entry.actor) == ("document_read", "uyvien")


def test_the_same_content_is_kept_once(kept, tmp_path):
    kept(Document("1", file_name="a.pdf", content=PAPER))
    kept(Document("2", file_name="b.pdf", content=PAPER))
    assert len([path for path in (tmp_path / "files").rglob("*") if path.is_file()]) == 1


def test_a_content_that_was_changed_or_lost_is_not_handed_out(tmp_path):
    name = store.put(PAPER, into=tmp_path)
    (path,) = (each for each in tmp_path.rglob("*") if each.is_file())
    path.write_bytes(PAPER + b"x")
    with pytest.raises(store.ContentLost, match="changed behind"):
        store.get(name, of=tmp_path)
    path.unlink()
    with pytest.raises(store.ContentLost, match="not in the store"):
        store.get(name, of=tmp_path)
    with pytest.raises(ValueError):
        store.get("../../etc/passwd", of=tmp_path)


@pytest.mark.parametrize("level", [Secrecy.CONFIDENTIAL, Secrecy.SECRET, Secrecy.TOP_SECRET])
def test_of_a_secret_only_number_date_level_and_holder_are_kept(filled, kept, level, tmp_path):
    assert wrong(kept, Document("1", secrecy=level, holder="Văn thư", file_name="a.pdf", content=PAPER)) == {"content"}
    assert wrong(kept, Document("1", title="Nội dung", secrecy=level, holder="Văn thư")) == {"title"}
    assert wrong(kept, Document("1", secrecy=level)) == {"holder"}
    assert not (tmp_path / "files").exists()
    assert kept(Document("1", date(2026, 11, 1), secrecy=level, holder="Văn thư"))


def test_each_field_that_is_wrong_is_named(kept):
    assert wrong(kept, Document()) == {"number"}
    assert wrong(kept, Document("1", date(2026, 11, 22))) == {"dated_on"}
    assert wrong(kept, Document("1", date(1989, 12, 31))) == {"dated_on"}
    assert wrong(kept, Document("1", file_name="a.exe", content=b"MZ")) == {"content"}
    assert wrong(kept, Document("x" * 201)) == {"number"}
    assert kept(Document("1", TODAY)) and kept(Document("2", date(1990, 1, 1)))


def test_the_largest_document_is_taken_and_one_byte_more_is_not(kept, monkeypatch):
    monkeypatch.setenv("LIEM_MAX_ATTACHMENT_MB", "1")
    settings.cache_clear()
    try:
        most = PAPER + b" " * (2**20 - len(PAPER))
        assert wrong(kept, Document("1", file_name="a.pdf", content=most + b" ")) == {"content"}
        assert kept(Document("1", file_name="a.pdf", content=most))
    finally:
        settings.cache_clear()


def test_folders_in_a_name_are_left_away(filled, kept):
    kept(Document("1", file_name="C:\\Users\\x\\..\\kl.pdf", content=PAPER))
    kept(Document("2", file_name="/etc/../kl2.pdf", content=PAPER))
    with read_session(filled) as session:
        assert sorted(row.file_name for row in documents(session, SYSTEM, "VA-1")) == ["kl.pdf", "kl2.pdf"]


def test_what_is_taken_off_is_no_longer_listed_or_read(filled, kept):
    number = kept(Document("1", file_name="a.pdf", content=PAPER))
    with transaction(filled) as session, pytest.raises(Refusal):
        take_off(session, SYSTEM, number, reason=" ", now=NOW)
    with transaction(filled) as session:
        take_off(session, SYSTEM, number, reason="Đính kèm nhầm", now=NOW)
    with transaction(filled) as session:
        assert documents(session, SYSTEM, "VA-1") == []
        with pytest.raises(NotFound):
            note_download(session, SYSTEM, number, now=NOW)
        with pytest.raises(NotFound):
            take_off(session, SYSTEM, number, reason="nữa", now=NOW)
        assert session.exec(select(Attachment.retract_reason)).one() == "Đính kèm nhầm"


@pytest.mark.parametrize("viewer", [cast.MEMBER, *cast.OUTSIDERS], ids=lambda viewer: viewer.name)
def test_only_the_secretariat_attaches_and_takes_off(filled, kept, viewer):
    number = kept(Document("1"))
    with pytest.raises(Forbidden):
        kept(Document("2"), viewer=viewer)
    with transaction(filled) as session, pytest.raises(Forbidden):
        take_off(session, viewer, number, reason="x", now=NOW)


@pytest.mark.parametrize("viewer", cast.OUTSIDERS, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_finds_no_document(filled, kept, viewer):
    number = kept(Document("1", file_name="a.pdf", content=PAPER))
    with transaction(filled) as session:
        assert documents(session, viewer, "VA-1") == []
        with pytest.raises(NotFound):
            note_download(session, viewer, number, now=NOW)


def test_a_document_without_content_is_not_downloaded_and_an_unknown_file_has_none(filled, kept):
    number = kept(Document("1"))
    with transaction(filled) as session, pytest.raises(NotFound):
        note_download(session, SYSTEM, number, now=NOW)
    with pytest.raises(CaseNotFound):
        kept(Document("1"), code="VA-9")


def test_of_two_who_take_a_document_off_at_once_one_does(filled, kept):
    number, gone = kept(Document(number="12/QĐ")), []
    both = Barrier(2)

    def off(reason):
        with transaction(filled) as session, suppress(NotFound):
            attachment(session, SYSTEM, number)
            both.wait(timeout=60) if filled.dialect.name == "postgresql" else None
            take_off(session, SYSTEM, number, reason=reason, now=NOW)
            gone.append(reason)

    people = [Thread(target=off, args=(reason,)) for reason in ("một", "hai")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with read_session(filled) as session:
        told = [entry for entry in session.exec(select(AuditEntry)) if entry.action == "document_taken_off"]
        assert [session.exec(select(Attachment)).one().retract_reason] == gone and len(told) == 1
