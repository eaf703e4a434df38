"""A level of secrecy keeps words and content of a file out, whichever way they come, and takes out what is there."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx import Document as Document_
from openpyxl import load_workbook
from sqlmodel import col, select

from exports.issue import issue, order
from exports.lists import files_list
from models.changes.accused import AccusedEntry, add_accused
from models.changes.attachments import Document, attach, take_off
from models.changes.conclusions import ConclusionLine, write_conclusions
from models.changes.coordination import RequestDraft, send_request
from models.changes.difficulties import DifficultyEntry, record_difficulty
from models.changes.drafts import CaseDraft, Drafts, EventDraft, Place
from models.changes.events import EventEntry, record_event
from models.changes.files import correct_details
from models.changes.form_drafts import keep
from models.changes.imports import plan_import
from models.changes.money import LedgerEntry, record_entry
from models.changes.secrecy import LevelEntry, set_level, words_in
from models.changes.sessions import AgendaLine, write_agenda
from models.changes.tasks import TaskGiven, new_task
from models.db import read_session, transaction
from models.enums import (
    AccusedStatus,
    AgendaKind,
    CoordinationKind,
    DifficultyKind,
    EntryKind,
    EventKind,
    Precision,
    Quantity,
    Role,
    Secrecy,
    TaskOrigin,
)
from models.errors import CaseNotFound, FieldErrors, Forbidden
from models.queries.attachments import documents
from models.queries.cases import CaseFilter, case_file
from models.queries.people import viewer_named
from models.queries.restrictions import secrets_registered
from models.queries.search import search
from models.rules.secrecy import TITLE
from models.tables import Case, CaseEvent, FormDraft, Task
from models.text import translator
from seed.export import export_file
from tests import cast, make

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
AT = {"now": NOW, "today": TODAY}
CLEARED = {"thuky": Role.SECRETARIAT, "truongban": Role.LEAD}
SECRET = LevelEntry(Secrecy.SECRET, "5-QĐ/TU", date(2026, 11, 3), "Văn thư cơ mật")
EVENT = EventEntry(EventKind.PROGRESS_NOTE, date(2026, 11, 4), document="12/KLĐT")


@pytest.fixture
def office(engine):
    with transaction(engine) as session:
        for login, role in CLEARED.items():
            make.account(session, login=login, role=role, clearance=Secrecy.SECRET)
        make.account(session, login="uyvien", role=Role.MEMBER)
        make.agency(session, code="CQDT")
        make.agency(session, code="TAND", name_vi="Tòa án", name_en="Court")
        file = make.case(session, code="VA-1", title="Vụ án Sông Xanh", events=[("case_initiated", "2026-03-02")],
                         notes="Ghi chú")  # fmt: skip
        make.task(session, code="NV-1", case=file, content="Xác minh")
    return engine


def revision(session):
    return session.exec(select(Case.revision).where(Case.code == "VA-1")).one()


def level(engine, entry=SECRET, *, name="truongban", **more):
    with transaction(engine) as session:
        set_level(session, viewer_named(session, name), "VA-1", entry, revision=revision(session), **more, **AT)


def officer(engine):
    with read_session(engine) as session:
        return viewer_named(session, "thuky")


def test_words_that_a_file_has_go_by_a_confirmed_step_only(office):
    with pytest.raises(FieldErrors) as refused:
        level(office)
    assert set(refused.value.fields) == {"confirmed"}
    with read_session(office) as session:
        assert words_in(session, viewer_named(session, "truongban"), "VA-1") == {"case_detail": 1, "task": 1}
        assert case_file(session, cast.MEMBER, "VA-1", as_of=TODAY).detail.title == "Vụ án Sông Xanh"
    level(office, confirmed=True)
    with read_session(office) as session:
        file = case_file(session, officer(office), "VA-1", as_of=TODAY)
        assert (file.detail.title, file.detail.notes, file.tasks) == (TITLE, "", ())
        assert [event.kind for event in file.events] == [EventKind.CASE_INITIATED]
        assert search(session, officer(office), "song xanh").groups == ()
        with pytest.raises(CaseNotFound):
            case_file(session, viewer_named(session, "uyvien"), "VA-1", as_of=TODAY)
        kept = session.exec(select(Task).where(Task.code == "NV-1", col(Task.retracted_at).is_not(None))).one()
        assert kept.retract_reason


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (LevelEntry(Secrecy.TOP_SECRET, "1", TODAY, "VP"), {"level"}),  # above the lead's own clearance
        (LevelEntry(Secrecy.SECRET, "", TODAY, ""), {"document", "holder"}),
        (LevelEntry(Secrecy.SECRET, "1", date(2026, 11, 21), "VP"), {"decided_on"}),
    ],
)
def test_a_level_needs_its_paper_its_holder_and_a_cleared_lead(office, entry, fields):
    with pytest.raises(FieldErrors) as refused:
        level(office, entry, confirmed=True)
    assert set(refused.value.fields) == fields
    with pytest.raises(Forbidden):
        level(office, name="thuky", confirmed=True)


def test_what_anybody_was_writing_about_the_file_is_forgotten_with_its_level(office):
    typed = {"detail": "Lời khai kín", "content": "Nội dung kín"}
    begun = {"of the file": "case:VA-1", "of an event": "case:VA-1/12", "of its task": "task:NV-1"}
    others = {"of another file": "case:VA-10", "of no file": "task:NV-10"}
    with transaction(office) as session:
        agency = make.account(session, login="daumoi", role=Role.AGENCY, agency=make.agency(session))
        for who in (viewer_named(session, "thuky"), viewer_named(session, "daumoi")):
            for token, subject in {**begun, **others, "for the file": "task:new"}.items():
                own = {**typed, "case": " va-1 "} if token == "for the file" else typed
                keep(session, who, f"{token} {who.name}", form="x", subject=subject, values=own, revision=1, now=NOW)
    assert agency.id and drafts(office) == 2 * (len(begun) + len(others) + 1)
    with pytest.raises(FieldErrors):
        level(office)
    assert drafts(office) == 2 * (len(begun) + len(others) + 1), "a level that is refused takes nothing"
    level(office, confirmed=True)
    assert drafts(office) == 2 * len(others)
    with transaction(office) as session:
        who = viewer_named(session, "thuky")
        for subject, own in (("case:VA-1", typed), ("task:new", {**typed, "case": "VA-1"})):
            assert keep(session, who, "late", form="y", subject=subject, values=own, revision=1, now=NOW) == "late"
    assert drafts(office) == 2 * len(others), "a page left open keeps nothing more"
    level(office, LevelEntry(Secrecy.NONE, "9-QĐ/TU", TODAY, ""))
    with transaction(office) as session:
        keep(session, who, "again", form="y", subject="case:VA-1", values=typed, revision=1, now=NOW)
    assert drafts(office) == 2 * len(others) + 1


def drafts(engine) -> int:
    with read_session(engine) as session:
        return len(session.exec(select(FormDraft)).all())


def test_a_level_is_lifted_and_words_are_kept_again(office):
    level(office, confirmed=True)
    level(office, LevelEntry(Secrecy.NONE, "9-QĐ/TU", TODAY, ""))
    with transaction(office) as session:
        note = EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="Đã giải mật")
        record_event(session, officer(office), "VA-1", note, revision=revision(session), **AT)


WORDS = {
    "event": (record_event, EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="Nội dung"), "detail"),
    "amount": (record_event, EventEntry(EventKind.MONEY_RETURNED, TODAY, amount_vnd=5), "amount_vnd"),
    "accused": (add_accused, AccusedEntry("BC-01", AccusedStatus.CHARGED, TODAY), ""),
    "money": (record_entry, LedgerEntry(Quantity.RECOVERED, EntryKind.READING, 5, TODAY), ""),
    "difficulty": (record_difficulty, DifficultyEntry(DifficultyKind.DIFFICULTY, "Vướng", TODAY), ""),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_and_amounts_are_refused_at_their_field(office, name):
    level(office, confirmed=True)
    change, entry, field = WORDS[name]
    with pytest.raises(FieldErrors) as refused, transaction(office) as session:
        change(session, officer(office), "VA-1", entry, revision=revision(session), **AT)
    assert set(refused.value.fields) == {field}


def test_descriptions_tasks_requests_and_documents_are_refused_and_an_event_by_number_is_kept(office):
    level(office, confirmed=True)
    me = officer(office)
    request = RequestDraft(asks="CQDT", asked="TAND", kind=CoordinationKind.OPINION, subject="s", sent_on=TODAY,
                           case_code="VA-1")  # fmt: skip
    task = TaskGiven("Xác minh", TODAY, TaskOrigin.DIRECTIVE, "CQDT", due_on=TODAY, case_code="VA-1")
    changed = {"notes": "Ghi chú", "title": "Vụ A"}
    with pytest.raises(FieldErrors) as told, transaction(office) as session:
        correct_details(session, me, "VA-1", changed, reason="x", revision=revision(session), **AT)
    assert set(told.value.fields) == {"notes", "title"}
    for change, given in ((send_request, request), (new_task, task)):
        with pytest.raises(FieldErrors) as told, transaction(office) as session:
            change(session, me, given, **AT)
        assert set(told.value.fields) == {"case_code"}
    for document, fields in (
        (Document(number="1", title="Kết luận"), {"title"}),
        (Document(number="1", file_name="a.pdf", content=b"%PDF-1.7\n%%EOF"), {"file_name", "content"}),
        (Document(number="1", secrecy=Secrecy.TOP_SECRET, holder="VP"), {"secrecy"}),
        (Document(number="1", body="VKS", secrecy=Secrecy.SECRET, holder="VP"), {"body"}),
    ):
        with pytest.raises(FieldErrors) as told, transaction(office) as session:
            attach(session, me, "VA-1", document, **AT)
        assert set(told.value.fields) == fields
    with transaction(office) as session:
        record_event(session, me, "VA-1", EVENT, revision=revision(session), **AT)
        attach(session, me, "VA-1", Document(number="1", secrecy=Secrecy.SECRET, holder="VP"), **AT)


def test_a_document_above_ones_clearance_does_not_exist(office):
    with read_session(office) as session:
        assert not secrets_registered(session)
    with transaction(office) as session:
        me = viewer_named(session, "thuky")
        attach(session, me, "VA-1", Document(number="77/M", secrecy=Secrecy.SECRET, holder="VP"), **AT)
    with read_session(office) as session:
        assert secrets_registered(session)
        member = viewer_named(session, "uyvien")
        assert [row.number for row in documents(session, me, "VA-1")] == ["77/M"]
        assert documents(session, member, "VA-1") == []
        assert search(session, member, "77/M").groups == ()
        assert "77/M" not in repr(case_file(session, member, "VA-1", as_of=TODAY).history)
        assert session.exec(select(CaseEvent.id)).first()


def test_a_list_with_an_open_file_that_has_a_secret_document_is_marked_for_who_may_know_it(office, tmp_path):
    with transaction(office) as session:
        make.case(session, code="VA-2", events=[("case_initiated", "2026-03-02")])
        paper = Document(number="77/M", secrecy=Secrecy.SECRET, holder="VP")
        kept = attach(session, viewer_named(session, "thuky"), "VA-1", paper, **AT)
    with read_session(office) as session:
        cleared, member = viewer_named(session, "thuky"), viewer_named(session, "uyvien")
        other = CaseFilter(codes=("VA-2",))
    line = "TÀI LIỆU MẬT – không soạn trên máy nối mạng. Mức cao nhất: Tối mật"
    wanted = {"as_of": TODAY, "sort": "code", "about": (), "t": translator("vi"), "now": NOW, "engine": office}
    for who, asked, marked in ((cleared, CaseFilter(), True), (cleared, other, False), (member, CaseFilter(), False)):
        book = load_workbook(BytesIO(files_list(who, asked, **wanted)))
        assert (line in (book.worksheets[0].oddHeader.center.text or "")) == marked, (who.name, asked)
    export_file(tmp_path / "x.xlsx", cleared, now=NOW, today=TODAY, engine=office)
    export_file(tmp_path / "y.xlsx", member, now=NOW, today=TODAY, engine=office)
    heads = [load_workbook(tmp_path / name).worksheets[0].oddHeader.center.text or "" for name in ("x.xlsx", "y.xlsx")]
    assert [line in head for head in heads] == [True, False]
    with transaction(office) as session:
        take_off(session, cleared, kept.id, reason="Nhầm", now=NOW)
    book = load_workbook(BytesIO(files_list(cleared, CaseFilter(), **wanted)))
    assert line not in (book.worksheets[0].oddHeader.center.text or "")


def test_an_import_is_refused_cell_by_cell(office):
    level(office, confirmed=True)
    place = Place("Diễn biến", 3, {"detail": ("Nội dung", 4)})
    event = EventDraft(place, "VA-1", EventKind.PROGRESS_NOTE, TODAY, Precision.DAY, detail="Nội dung")
    plain = EventDraft(place, "VA-1", EventKind.INVESTIGATION_CONCLUDED, TODAY, Precision.DAY, document="9/KL")
    with read_session(office) as session:
        refused = plan_import(session, officer(office), Drafts(events=[event]), sha256="a", today=TODAY)
        kept = plan_import(session, officer(office), Drafts(events=[plain]), sha256="b", today=TODAY)
    assert [(error.row, error.column, error.value) for error in refused.errors] == [(3, "Nội dung", "Nội dung")]
    assert kept.errors == [] and len(kept.events) == 1


def test_an_import_for_a_file_that_is_hidden_learns_no_more_than_that_the_code_is_taken(office):
    level(office, confirmed=True)
    with transaction(office) as session:
        other = make.account(session, login="thuky2", role=Role.SECRETARIAT).login
    place = Place("Danh mục", 2, {})
    draft = CaseDraft(place, "VA-1", {"title": "Vụ khác"})
    with read_session(office) as session:
        plan = plan_import(session, viewer_named(session, other), Drafts(cases=[draft]), sha256="a", today=TODAY)
    assert [error.reason.english() for error in plan.errors] == ["This code cannot be given: choose another one."]
    assert not plan.changes


def test_what_is_printed_of_a_secret_file_says_so_and_nothing_else_does(office, tmp_path):
    with transaction(office) as session:
        make.case(session, code="VA-2", events=[("case_initiated", "2026-03-02")])
    line = "TÀI LIỆU MẬT – không soạn trên máy nối mạng. Mức cao nhất: Tối mật"
    for is_secret in (False, True):
        if is_secret:
            level(office, confirmed=True)
        me, lead = officer(office), replace(cast.LEAD, clearance=Secrecy.SECRET)
        for wanted, here in ((CaseFilter(), True), (CaseFilter(codes=("VA-2",)), False)):
            content = files_list(
                me, wanted, as_of=TODAY, sort="code", about=(), t=translator("vi"), now=NOW, engine=office
            )
            book = load_workbook(BytesIO(content))
            header = book.worksheets[0].oddHeader.center.text or ""
            assert (line in header) is (line == book.worksheets[1]["A1"].value) is (is_secret and here)
        export_file(tmp_path / "all.xlsx", me, today=TODAY, now=NOW, engine=office)
        assert (line in (load_workbook(tmp_path / "all.xlsx").worksheets[0].oddHeader.center.text or "")) is is_secret
        asked = order("annual", period="2026", session=None, as_of=None, known_at=NOW, language="vi")
        paper = issue(lead, asked, now=NOW, today=TODAY, engine=office)
        assert (Document_(BytesIO(paper.content)).paragraphs[0].text == line) is is_secret


def test_a_session_keeps_no_words_about_a_secret_file(office):
    level(office, confirmed=True)
    with transaction(office) as session:
        me = viewer_named(session, "thuky")
        held = make.session_(session, number=3, held_on=TODAY)
        number, version = held.id, held.version
        make.case(session, code="VA-2", events=[("case_initiated", "2026-03-02")])
    words_ = AgendaLine(AgendaKind.FILE, title="Nội dung", case_code="VA-1")
    with pytest.raises(FieldErrors) as refused, transaction(office) as session:
        write_agenda(session, me, number, version, [words_], now=NOW)
    assert set(refused.value.fields) == {"title"}
    line = ConclusionLine("Đẩy nhanh tiến độ", case_code="VA-1")
    with pytest.raises(FieldErrors) as refused, transaction(office) as session:
        write_conclusions(session, me, number, version, [line], now=NOW)
    assert set(refused.value.fields) == {"case_code"}
    with transaction(office) as session:
        kept = write_agenda(session, me, number, version, [replace(words_, title="")], now=NOW)
        write_conclusions(session, me, number, kept.version, [replace(line, case_code="VA-2")], now=NOW)
