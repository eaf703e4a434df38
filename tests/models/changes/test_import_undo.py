"""An import can be taken back whole: its facts no longer hold, what it had replaced holds again, nothing is deleted."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, func, select

from models.changes.import_undo import Undone, undo_import
from models.db import read_session, transaction
from models.errors import Forbidden, NotFound
from models.queries.facts import case_facts
from models.queries.judged import verdicts
from models.rules.access import SYSTEM
from models.rules.words import Refusal
from models.tables import Accused, AuditEntry, Case, CaseDetail, CaseEvent, ImportBatch, MoneyEntry, Task, TaskAgency
from tests import cast, make
from tests.seed.books import NOW, SAMPLE, TODAY, load
from tests.seed.books import book as written

LATER = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
AFTER = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CASE_HEADS, EVENT_HEADS = ("Mã vụ", "Tên vụ án"), ("Mã vụ", "Ngày", "Sự kiện")
TASK = {"Mã nhiệm vụ": "NV-1", "Mã vụ": "VA-1", "Nội dung nhiệm vụ": "Đẩy nhanh tiến độ", "Ngày giao": date(2026, 9, 1)}


def book(folder, **sheets):
    """A workbook whose sheets are lists of rows by heading."""
    rows = {name: [list(rows[0]), *(list(row.values()) for row in rows)] for name, rows in sheets.items()}
    return written(folder / "book.xlsx", **rows)


def one_case(code="VA-1", *, title="Vụ án A"):
    return dict(zip(CASE_HEADS, (code, title), strict=True))


def one_event(event="Khởi tố vụ án", day=date(2026, 3, 2), *, code="VA-1"):
    return dict(zip(EVENT_HEADS, (code, day, event), strict=True))


def undo(engine, batch, *, now=LATER, reason="Nhập nhầm tệp", viewer=SYSTEM):
    with transaction(engine) as session:
        return undo_import(session, viewer, batch, reason=reason, now=now)


def holds(engine, table):
    with read_session(engine) as session:
        return session.exec(select(func.count()).select_from(table).where(col(table.retracted_at).is_(None))).one()


def open_files(engine):
    with read_session(engine) as session:
        return {verdict.code: verdict.due_on for verdict in verdicts(session, SYSTEM, as_of=TODAY)}


def title_of(engine, code):
    with read_session(engine) as session:
        asked = select(CaseDetail.title).join(Case, col(Case.id) == CaseDetail.case_id)
        return session.exec(asked.where(Case.code == code, col(CaseDetail.retracted_at).is_(None))).first()


def test_a_whole_import_is_taken_back_and_may_come_again(engine):
    first = load(engine, SAMPLE)
    judged = open_files(engine)
    undone = undo(engine, first.batch_id)
    assert undone == Undone(retracted=50 + 234 + 71, restored=0, files=50)
    assert [holds(engine, table) for table in (CaseDetail, CaseEvent, MoneyEntry)] == [0, 0, 0]
    assert open_files(engine) == {}
    again = load(engine, SAMPLE, now=AFTER)
    assert again.counts == first.counts
    assert open_files(engine) == judged


def test_what_the_import_replaced_holds_again_with_its_dates(engine, tmp_path):
    load(engine, book(tmp_path, cases=[one_case(title="Tên cũ")], events=[one_event()]))
    before = open_files(engine)
    second = load(
        engine,
        book(tmp_path, cases=[one_case(title="Tên mới")], events=[one_event(), one_event("Kết luận điều tra", TODAY)]),
    )
    assert title_of(engine, "VA-1") == "Tên mới" and open_files(engine) != before
    assert undo(engine, second.batch_id) == Undone(retracted=2, restored=1, files=0)
    assert title_of(engine, "VA-1") == "Tên cũ"
    assert open_files(engine) == before


def test_what_was_known_at_an_instant_stays_known(engine, tmp_path):
    batch = load(engine, book(tmp_path, cases=[one_case()], events=[one_event()])).batch_id
    undo(engine, batch)
    with read_session(engine) as session:
        then = list(case_facts(session, SYSTEM, as_of=TODAY, known_at=NOW))
        assert [(facts.code, len(facts.events)) for facts in then] == [("VA-1", 1)]
        assert list(case_facts(session, SYSTEM, as_of=TODAY, known_at=LATER)) == []


def test_a_file_with_later_facts_is_not_taken_away(engine, tmp_path):
    batch = load(engine, book(tmp_path, cases=[one_case("VA-1"), one_case("VA-2")], events=[one_event()])).batch_id
    load(engine, book(tmp_path, events=[one_event("Cập nhật tiến độ", TODAY, code="VA-2")]), now=LATER)
    with pytest.raises(Refusal) as refused:
        undo(engine, batch, now=AFTER)
    assert "VA-2" in refused.value.words.english() and "VA-1" not in refused.value.words.english()
    assert len(open_files(engine)) == 2 and holds(engine, CaseDetail) == 2


def test_a_later_correction_stays(engine, tmp_path):
    load(engine, book(tmp_path, cases=[one_case(title="Một")]))
    second = load(engine, book(tmp_path, cases=[one_case(title="Hai")]), now=LATER).batch_id
    third = load(engine, book(tmp_path, cases=[one_case(title="Ba")]), now=AFTER).batch_id
    assert undo(engine, second, now=AFTER) == Undone(retracted=0, restored=0, files=0)
    assert title_of(engine, "VA-1") == "Ba"
    undo(engine, third, now=AFTER)
    assert title_of(engine, "VA-1") == "Một"  # not what the import taken back had said


def test_tasks_come_back_with_the_agencies_that_cooperate(engine, tmp_path):
    with transaction(engine) as session:
        make.agency(session, code="VKS", name_vi="Viện kiểm sát nhân dân tỉnh", name_en="Procuracy")
    load(engine, book(tmp_path, cases=[one_case()], tasks=[{**TASK, "Cơ quan phối hợp": "VKS"}]))
    batch = load(engine, book(tmp_path, tasks=[{**TASK, "Nội dung nhiệm vụ": "Khác"}]), now=LATER).batch_id
    undo(engine, batch, now=AFTER)
    with read_session(engine) as session:
        task = session.exec(select(Task).where(col(Task.retracted_at).is_(None))).one()
        helpers = session.exec(select(TaskAgency).where(TaskAgency.task_id == task.id)).all()
    assert task.content == "Đẩy nhanh tiến độ" and len(helpers) == 1


def test_accused_of_the_import_go_with_it(engine, tmp_path):
    load(engine, book(tmp_path, cases=[one_case()]))
    accused = {"Mã vụ": "VA-1", "Mã bị can": "BC-01", "Ngày tình trạng": date(2026, 3, 2)}
    batch = load(engine, book(tmp_path, **{"Bị can": [accused]}), now=LATER).batch_id
    assert holds(engine, Accused) == 1
    undo(engine, batch, now=AFTER)
    assert holds(engine, Accused) == 0


def test_an_undo_raises_the_revision_and_leaves_one_audit_row(engine, tmp_path):
    batch = load(engine, book(tmp_path, cases=[one_case()])).batch_id
    undo(engine, batch)
    with read_session(engine) as session:
        assert session.exec(select(Case.revision)).one() == 2
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        kept = session.get_one(ImportBatch, batch)
    assert (entry.action, entry.subject) == ("import_undone", f"import:{batch}")
    assert "Nhập nhầm tệp" in entry.after
    assert (kept.undone_at, kept.undo_reason) == (LATER, "Nhập nhầm tệp")


def test_twice_without_reason_or_unknown_is_refused(engine, tmp_path):
    batch = load(engine, book(tmp_path, cases=[one_case()])).batch_id
    with pytest.raises(Refusal, match="why"):
        undo(engine, batch, reason=" \u200b ")
    with pytest.raises(NotFound):
        undo(engine, batch + 1)
    undo(engine, batch)
    with pytest.raises(Refusal, match="already"):
        undo(engine, batch)


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.ADMINISTRATOR], ids=lambda viewer: viewer.name)
def test_only_who_records_may_take_back(engine, tmp_path, viewer):
    batch = load(engine, book(tmp_path, cases=[one_case()])).batch_id
    with pytest.raises(Forbidden):
        undo(engine, batch, viewer=viewer)
    assert holds(engine, CaseDetail) == 1


def test_an_event_on_a_file_that_was_taken_back_is_refused_by_name(engine, tmp_path):
    batch = load(engine, book(tmp_path, cases=[one_case()])).batch_id
    undo(engine, batch)
    result = load(engine, book(tmp_path, events=[one_event()]), now=AFTER)
    assert not result.applied and [error.value for error in result.errors] == ["VA-1"]
    result = load(engine, book(tmp_path, cases=[one_case()], events=[one_event()]), now=AFTER)
    assert result.applied and result.counts["cases"]["new"] == 1
