"""The search table follows every way in which facts are written, in the same transaction."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import insert, text, update
from sqlmodel import col, select

from models.changes.attachments import Document, attach, take_off
from models.changes.conclusions import ConclusionLine, write_conclusions
from models.changes.import_undo import undo_import
from models.changes.search import ENTRY, fill_if_empty, out_of_step, rebuild
from models.db import read_session, transaction
from models.enums import Secrecy
from models.queries.search import search
from models.rules.access import SYSTEM
from models.tables import Agency, Attachment, CaseDetail, CaseEvent, CommitteeSession, ImportBatch, Task, TaskAgency
from seed.demo import fill
from seed.load import import_file
from tests import cast, make
from tests.seed.books import book

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)


@pytest.fixture
def office(engine):
    with transaction(engine) as session:
        agency = make.agency(session, code="VKS")
        file = make.case(
            session, code="VA-1", title="Vụ án qqone", events=[("progress_note", "2026-01-05", {"detail": "qqtwo"})],
            lead=agency,
        )  # fmt: skip
        make.task(session, code="NV-1", content="qqthree", case=file)
        make.session_(session, number=3, subject="qqfour")
    return engine


def codes(engine, question):
    with read_session(engine) as session:
        assert out_of_step(session) == []
        found = search(session, cast.MEMBER, question)
        return [hit.code for hit in (*found.exact, *(hit for group in found.groups for hit in group.hits))]


@pytest.mark.parametrize(
    ("word", "code"), [("qqone", "VA-1"), ("qqtwo", "VA-1"), ("qqthree", "NV-1"), ("qqfour", "3/2025-2030")]
)
def test_what_is_recorded_is_found_at_once(office, word, code):
    assert codes(office, word) == [code]


def test_a_retracted_fact_vanishes(office):
    with transaction(office) as session:
        event = session.exec(select(CaseEvent)).one()
        event.retracted_at = NOW
        session.add(event)
    assert codes(office, "qqtwo") == [] and codes(office, "qqone") == ["VA-1"]


def test_a_file_without_a_description_that_holds_vanishes(office):
    with transaction(office) as session:
        session.connection().execute(update(CaseDetail).values(retracted_at=NOW))
    assert codes(office, "qqone") == [] and codes(office, "qqtwo") == []


def test_a_replaced_description_and_a_new_version_of_a_task_are_found_by_the_new_words_only(office):
    with transaction(office) as session:
        old = session.exec(select(CaseDetail)).one()
        task = session.exec(select(Task)).one()
        old.retracted_at = task.retracted_at = NOW
        session.flush()
        kept = {"case_id": old.case_id, "kind": old.kind, "recorded_at": NOW}
        session.add(CaseDetail(**kept, title="Vụ án qqnew"))
        session.add(Task(**{**task.model_dump(exclude={"id"}), "retracted_at": None, "content": "qqtask"}))
    assert codes(office, "qqone") == codes(office, "qqthree") == []
    assert codes(office, "qqnew") == ["VA-1"] and codes(office, "qqtask") == ["NV-1"]


def test_what_is_written_in_sets_past_the_objects_is_noticed(office):
    event = {"kind": "progress_note", "happened_on": TODAY, "precision": "day", "recorded_at": NOW}
    with transaction(office) as session:
        case_id = session.exec(select(CaseDetail.case_id)).one()
        run = session.connection()
        run.execute(insert(CaseEvent), [{**event, "case_id": case_id, "detail": f"qqset{n}"} for n in range(3)])
        run.execute(insert(CaseEvent).values(**event, case_id=case_id, detail="qqalone"))
        run.execute(update(Task).where(col(Task.code) == "NV-1").values(content="qqset1"))
    assert codes(office, "qqset1") == ["VA-1", "NV-1"] and codes(office, "qqalone") == ["VA-1"]
    with transaction(office) as session:
        session.connection().execute(CaseEvent.__table__.delete().where(col(CaseEvent.detail) == "qqset1"))
    assert codes(office, "qqset1") == ["NV-1"]


def test_an_agency_renamed_renames_what_it_leads(office):
    with transaction(office) as session:
        agency = session.exec(select(Agency).where(Agency.code == "VKS")).one()
        agency.name_vi = "Cơ quan qqnew"
        session.add(agency)
    assert codes(office, "qqnew") == ["VA-1", "VKS"]


def test_an_agency_that_cooperates_is_found_with_the_task(office):
    with transaction(office) as session:
        task, agency = session.exec(select(Task)).one(), make.agency(session, code="QQHELP", name_vi="Sở")
        session.add(TaskAgency(task_id=task.id, agency_id=agency.id))
    assert codes(office, "qqhelp") == ["QQHELP", "NV-1"]


def test_what_is_rolled_back_was_never_found(office):
    with pytest.raises(RuntimeError), transaction(office) as session:
        make.case(session, code="VA-2", title="Vụ án qqgone")
        raise RuntimeError
    assert codes(office, "qqgone") == []
    with transaction(office) as session:
        make.case(session, code="VA-3", title="Vụ án qqlater")
    assert codes(office, "qqlater") == ["VA-3"]


def test_imports_and_their_undoing_are_followed(office, tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        cases=[["Mã vụ", "Tên vụ án"], ["VA-1", "Vụ án qqnew"], ["VA-2", "Vụ án qqsecond"]],
        events=[["Mã vụ", "Ngày", "Sự kiện", "Nội dung"], ["VA-2", "02/03/2026", "Khởi tố vụ án", "qqevent"]],
        tasks=[["Mã nhiệm vụ", "Nội dung", "Ngày giao"], ["NV-9", "qqjob", "02/03/2026"]],
    )
    assert import_file(path, SYSTEM, now=NOW, today=TODAY, engine=office).applied
    assert codes(office, "qqone") == [] and codes(office, "qqnew") == ["VA-1"]
    assert codes(office, "qqevent") == ["VA-2"] and codes(office, "qqjob") == ["NV-9"]
    with transaction(office) as session:
        batch = session.exec(select(ImportBatch.id)).one()
        undo_import(session, SYSTEM, batch, reason="Nhầm tệp", now=NOW)
    assert codes(office, "qqnew") == codes(office, "qqevent") == codes(office, "qqjob") == []
    assert codes(office, "qqone") == ["VA-1"]


def test_the_demo_province_is_in_step_and_rebuilding_it_changes_nothing(engine):
    fill(engine, today=TODAY, now=NOW)
    with read_session(engine) as session:
        assert out_of_step(session) == []
        before = session.connection().execute(ENTRY.select().order_by(ENTRY.c.id)).all()
    assert len(before) > 100
    with transaction(engine) as session:
        assert rebuild(session) == len(before)
    with read_session(engine) as session:
        assert session.connection().execute(ENTRY.select().order_by(ENTRY.c.id)).all() == before


def test_a_table_out_of_step_says_which_entries(office):
    with transaction(office) as session:
        session.connection().execute(text("DELETE FROM search_entry WHERE code = 'VA-1'"))
        session.connection().execute(
            text("UPDATE task SET content = 'behind the back', retracted_at = NULL WHERE code = 'NV-1'")
        )
    with read_session(office) as session:
        assert out_of_step(session) == ["file:VA-1", "task:NV-1"]
    with transaction(office) as session:
        assert fill_if_empty(session) == 0, "it is not empty"
        rebuild(session)
    assert codes(office, "behind") == ["NV-1"]


def test_an_empty_table_is_filled(office):
    with transaction(office) as session:
        session.connection().execute(text("DELETE FROM search_entry"))
    with transaction(office) as session:
        assert fill_if_empty(session) > 30
    assert codes(office, "qqone") == ["VA-1"]


def test_documents_and_conclusions_are_found_and_vanish_when_they_hold_no_more(office):
    """A document with a level is not found, nor a conclusion about a file: not everybody who searches may see them."""
    at = {"now": NOW, "today": NOW.date()}
    with transaction(office) as session:
        attach(session, SYSTEM, "VA-1", Document(number="qqnumber/QĐ", title="Báo cáo qqtitle"), **at)
        secret = Document(number="qqsecret", secrecy=Secrecy.SECRET, holder="qqholder")
        attach(session, SYSTEM, "VA-1", secret, **at)
        held = session.exec(select(CommitteeSession)).one()
        lines = [ConclusionLine("Làm rõ qqline"), ConclusionLine("Về vụ qqfile", case_code="VA-1")]
        write_conclusions(session, SYSTEM, held.id, held.version, lines, now=NOW)
    assert [codes(office, word) for word in ("qqnumber", "qqtitle")] == [["VA-1"]] * 2
    assert codes(office, "qqsecret") == codes(office, "qqholder") == codes(office, "qqfile") == []
    assert codes(office, "qqline") == ["3/2025-2030"]
    with transaction(office) as session:
        document = session.exec(select(Attachment).where(Attachment.number == "qqnumber/QĐ")).one()
        take_off(session, SYSTEM, document.id, reason="Nhầm", now=NOW)
        held = session.exec(select(CommitteeSession)).one()
        write_conclusions(
            session, SYSTEM, held.id, held.version, [ConclusionLine("Sửa qqother", 1)], reason="Sửa", now=NOW
        )
    assert codes(office, "qqtitle") == codes(office, "qqline") == []
    assert codes(office, "qqother") == ["3/2025-2030"]
    with read_session(office) as session:
        assert out_of_step(session) == []
