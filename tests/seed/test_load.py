"""An import is all or nothing, and nothing twice: on SQLite and on PostgreSQL."""

import threading
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from models.changes._audit import hash_of
from models.db import read_session, transaction
from models.enums import EventKind, Kind, Precision, Quantity, Severity
from models.errors import BadUsage, Forbidden
from models.rules.access import Action, may
from models.tables import (
    AuditEntry,
    Case,
    CaseDetail,
    CaseEvent,
    DataVersion,
    ImportBatch,
    MoneyEntry,
    Task,
    TaskAgency,
)
from seed.load import annotate, import_file
from tests import cast, make
from tests.seed.books import NOW, SAMPLE, TODAY, Rows, book, load, one_case, one_event

WORKBOOK = SAMPLE / "danh_muc_vu_an.xlsx"
LATER = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def current(engine, table, **where):
    with read_session(engine) as session:
        asked = select(table).where(col(table.retracted_at).is_(None)).order_by(col(table.id))
        for name, value in where.items():
            asked = asked.where(getattr(table, name) == value)
        return list(session.exec(asked))


def everything(engine):
    """Every fact in the database, retracted ones too, and how often the data was raised."""
    with read_session(engine) as session:
        tables = (Case, CaseDetail, CaseEvent, MoneyEntry, Task, ImportBatch, AuditEntry, DataVersion)
        return [sorted(map(repr, session.exec(select(table)).all())) for table in tables]


# --- the public sample ---------------------------------------------------------------------------------------------


def test_the_public_sample_imports_whole(engine):
    result = load(engine, WORKBOOK)
    assert result.errors == ()
    assert result.applied
    assert result.counts == {
        "cases": {"new": 50, "changed": 0, "unchanged": 0},
        "events": {"new": 234, "unchanged": 0},
        "entries": {"new": 71, "unchanged": 0},
    }
    assert len(current(engine, CaseDetail)) == 50
    assert len(current(engine, CaseEvent)) == 234


def test_the_same_file_twice_changes_nothing(engine):
    load(engine, WORKBOOK)
    before = everything(engine)
    again = load(engine, WORKBOOK, now=LATER, today=date(2026, 11, 22))
    assert again.counts == {
        "cases": {"new": 0, "changed": 0, "unchanged": 50},
        "events": {"new": 0, "unchanged": 234},
        "entries": {"new": 0, "unchanged": 71},
    }
    assert again.errors == ()
    assert everything(engine) == before


def test_the_workbook_adds_nothing_to_the_csv_pair(engine):
    load(engine, SAMPLE)
    before = everything(engine)
    again = load(engine, WORKBOOK)
    assert again.counts["cases"] == {"new": 0, "changed": 0, "unchanged": 50}
    assert again.counts["events"] == {"new": 0, "unchanged": 234}
    assert everything(engine) == before


def test_a_trial_writes_nothing_and_counts_the_same(engine):
    before = everything(engine)
    trial = load(engine, WORKBOOK, dry_run=True)
    assert everything(engine) == before
    assert not trial.applied
    assert trial.counts == load(engine, WORKBOOK).counts


def test_the_warnings_of_the_sample_name_the_unknown_articles(engine):
    result = load(engine, SAMPLE)
    assert sorted(w.value for w in result.warnings if w.column == "offence_articles") == ["203", "211", "227", "305"]
    assert [w.column for w in result.warnings if w.column != "offence_articles"] == ["status_latest"]


def test_the_result_has_exactly_the_keys_callers_rely_on(engine):
    shape = load(engine, WORKBOOK).as_json()
    assert list(shape) == ["file", "sha256", "applied", "cases", "events", "entries", "errors", "warnings"]
    assert set(shape["warnings"][0]) == {"sheet", "row", "column", "value", "reason"}


def test_an_applied_import_leaves_one_batch_one_audit_row_and_a_higher_data_version(engine):
    with read_session(engine) as session:
        before = session.get_one(DataVersion, 1).n
        audited = len(session.exec(select(AuditEntry)).all())
    result = load(engine, WORKBOOK)
    with read_session(engine) as session:
        (batch,) = session.exec(select(ImportBatch)).all()
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        assert session.get_one(DataVersion, 1).n == before + 1
        assert (batch.id, batch.sha256, batch.file_name) == (result.batch_id, result.sha256, WORKBOOK.name)
        assert len(entries) == audited + 1
        assert (entries[-1].action, entries[-1].subject) == ("import", f"import:{batch.id}")
        assert entries[-1].hash == hash_of(entries[-1])
    assert {row.batch_id for row in current(engine, CaseEvent)} == {result.batch_id}


# --- who may -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_only_who_may_record_may_import(engine, viewer, tmp_path):
    path = one_event(tmp_path / "a.xlsx")
    if may(viewer, Action.RECORD):
        assert import_file(path, viewer, now=NOW, today=TODAY, engine=engine).applied
    else:
        before = everything(engine)
        for dry_run in (True, False):
            with pytest.raises(Forbidden):
                load(engine, path, viewer=viewer, dry_run=dry_run)
        assert everything(engine) == before


def test_facts_carry_who_recorded_them(engine, tmp_path):
    with transaction(engine) as session:
        secretariat = cast.accounts(session).secretariat
    load(engine, one_event(tmp_path / "a.xlsx"), viewer=secretariat)
    assert {row.recorded_by for row in current(engine, CaseEvent)} == {secretariat.account_id}


# --- refusals ------------------------------------------------------------------------------------------------------


def test_one_bad_cell_and_nothing_is_written(engine, tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        cases=[["Mã vụ", "Tên vụ án", "Số bị can"], ["VA-1", "A", 3], ["VA-2", "B", -3]],
        events=[["Mã vụ", "Ngày", "Sự kiện"], ["VA-1", "02/03/2026", "Khởi tố vụ án"], ["VA-9", "x", "y"]],
    )
    before = everything(engine)
    result = load(engine, path)
    assert everything(engine) == before
    assert not result.applied
    assert [(f.row, f.column) for f in result.errors] == [(3, "Số bị can"), (2 + 1, "Ngày"), (3, "Sự kiện")]


def test_an_event_for_an_unknown_code_is_an_error_and_for_a_known_one_is_not(engine, tmp_path):
    events = [["Mã vụ", "Ngày", "Sự kiện"], ["VA-1", "02/03/2026", "Khởi tố vụ án"]]
    path = book(tmp_path / "a.xlsx", events=events)
    assert [(f.sheet, f.row, f.column, f.value) for f in load(engine, path).errors] == [
        ("Diễn biến", 2, "Mã vụ", "VA-1")
    ]
    with transaction(engine) as session:
        make.case(session, code="VA-1")
    assert load(engine, path).counts["events"] == {"new": 1, "unchanged": 0}


def test_an_event_of_a_refused_row_is_not_refused_again(engine, tmp_path):
    path = book(
        tmp_path / "a.xlsx",
        cases=[["Mã vụ", "Tên vụ án", "Số bị can"], ["VA-1", "A", -3]],
        events=[["Mã vụ", "Ngày", "Sự kiện"], ["VA-1", "02/03/2026", "Khởi tố vụ án"]],
    )
    assert [f.column for f in load(engine, path).errors] == ["Số bị can"]


def test_a_new_file_needs_a_title(engine, tmp_path):
    path = book(tmp_path / "a.xlsx", cases=[["Mã vụ", "Tên vụ án"], ["VA-1", None]])
    assert [(f.row, f.column) for f in load(engine, path).errors] == [(2, "Tên vụ án")]


def test_a_missing_file_is_wrong_usage(engine, tmp_path):
    with pytest.raises(BadUsage):
        load(engine, tmp_path / "none.xlsx")
    with pytest.raises(BadUsage):
        load(engine, tmp_path)  # a folder without tables


def test_what_is_no_workbook_is_one_error_for_the_whole_file(engine, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"hello")
    result = load(engine, tmp_path / "a.xlsx")
    assert not result.applied
    assert [(f.sheet, f.row) for f in result.errors] == [("", None)]


def test_reasons_are_whole_sentences(engine, tmp_path):
    result = load(engine, one_case(tmp_path / "a.xlsx", "Số bị can", -1))
    (error,) = result.as_json()["errors"]
    assert error["reason"].endswith(".")
    assert "{" not in error["reason"]


def test_two_imports_at_once_are_one_after_the_other(engine):
    results = []

    def work():
        results.append(load(engine, WORKBOOK).counts["cases"])

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results, key=lambda tally: tally["new"]) == [
        {"new": 0, "changed": 0, "unchanged": 50},
        {"new": 50, "changed": 0, "unchanged": 0},
    ]
    assert len(current(engine, CaseEvent)) == 234


# --- files ---------------------------------------------------------------------------------------------------------


def test_a_row_becomes_a_file(engine, tmp_path):
    head = ["Mã vụ", "Tên vụ án, vụ việc", "Loại", "Tính chất", "Loại tội phạm", "Số bị can", "Điều luật"]
    row = ["VV-1", "Vụ việc A", "Vụ việc", "Lãng phí", "Nghiêm trọng", 3, "353; 354"]
    load(engine, book(tmp_path / "a.xlsx", cases=[head, row]))
    (detail,) = current(engine, CaseDetail)
    assert (detail.kind, detail.title, detail.severity) == (Kind.INCIDENT, "Vụ việc A", Severity.SERIOUS)
    assert (detail.is_corruption, detail.is_waste, detail.is_negativity) == (False, True, False)
    assert (detail.accused_count, detail.offence_articles) == (3, "353; 354")


def test_a_changed_row_replaces_the_description_and_raises_the_revision(engine, tmp_path):
    load(engine, one_case(tmp_path / "a.xlsx", "Số bị can", 3))
    result = load(engine, one_case(tmp_path / "b.xlsx", "Số bị can", 4), now=LATER)
    assert result.counts["cases"] == {"new": 0, "changed": 1, "unchanged": 0}
    (change,) = result.changes
    assert [(field.field.text, field.before, field.after) for field in change.fields] == [("Number of accused", 3, 4)]
    with read_session(engine) as session:
        old, new = session.exec(select(CaseDetail).order_by(col(CaseDetail.id))).all()
        assert (old.accused_count, old.retracted_at) == (3, LATER)
        assert (new.accused_count, new.retracted_at, new.recorded_at) == (4, None, LATER)
        assert session.exec(select(Case)).one().revision == 2


def test_a_blank_cell_keeps_what_is_known(engine, tmp_path):
    load(engine, one_case(tmp_path / "a.xlsx", "Số bị can", 3))
    result = load(engine, one_case(tmp_path / "b.xlsx", "Số bị can", None))
    assert result.counts["cases"] == {"new": 0, "changed": 0, "unchanged": 1}
    assert current(engine, CaseDetail)[0].accused_count == 3


def test_the_same_name_decomposed_is_no_change(engine, tmp_path):
    composed = "Vụ án tham ô tại xã Đông Sơn"
    for number, title in enumerate((composed, unicodedata.normalize("NFD", composed))):
        assert number == 0 or title != composed
        result = load(engine, book(tmp_path / f"{number}.xlsx", cases=[["Mã vụ", "Tên vụ án"], ["VA-1", title]]))
    assert result.counts["cases"]["unchanged"] == 1


def test_a_code_in_other_letters_is_the_same_file(engine, tmp_path):
    load(engine, one_case(tmp_path / "a.xlsx", "Số bị can", 3))
    path = book(tmp_path / "b.xlsx", cases=[["Mã vụ", "Tên vụ án"], ["va-1", "Vụ án A"]])
    assert load(engine, path).counts["cases"] == {"new": 0, "changed": 0, "unchanged": 1}


@pytest.mark.parametrize("name", ["CQDT", "cơ quan cảnh sát điều tra công an tỉnh", "CA tỉnh", "CQĐT"])
def test_the_lead_agency_is_recognised_by_code_name_and_short_form(engine, tmp_path, name):
    load(engine, one_case(tmp_path / "a.xlsx", "Cơ quan thụ lý", "Cơ quan lạ"))
    assert current(engine, CaseDetail)[0].lead_agency_id is None
    load(engine, one_case(tmp_path / "b.xlsx", "Cơ quan thụ lý", name))
    (detail,) = current(engine, CaseDetail)
    assert detail.lead_agency == name
    assert detail.lead_agency_id is not None


def test_a_file_names_the_incident_it_grew_from(engine, tmp_path):
    head = ["Mã vụ", "Tên vụ án", "Vụ việc gốc"]
    path = book(tmp_path / "a.xlsx", cases=[head, ["VA-1", "A", "VV-1"], ["VV-1", "B", None]])
    load(engine, path)
    with read_session(engine) as session:
        files = {case.code: case for case in session.exec(select(Case))}
        assert files["VA-1"].origin_id == files["VV-1"].id
    bad = book(tmp_path / "b.xlsx", cases=[head, ["VA-1", "A", "VV-9"]])
    assert [f.value for f in load(engine, bad).errors] == ["VV-9"]


# --- events --------------------------------------------------------------------------------------------------------


def test_equal_events_are_one_fact_in_one_file(engine, tmp_path):
    row: list[Any] = ["VA-1", "02/03/2026", "Khởi tố vụ án", "a", 5]
    events: Rows = [["Mã vụ", "Ngày", "Sự kiện", "Nội dung", "Số tiền"], row, row, [*row[:3], "b", 5], [*row[:4], 6]]
    result = load(engine, book(tmp_path / "a.xlsx", cases=[["Mã vụ", "Tên vụ"], ["VA-1", "A"]], events=events))
    assert result.counts["events"] == {"new": 3, "unchanged": 0}
    assert [(w.row, w.value) for w in result.warnings] == [(3, "Khởi tố vụ án")]


def test_equal_events_are_one_fact_in_a_later_file(engine, tmp_path):
    load(engine, one_event(tmp_path / "a.xlsx", value="x"))
    result = load(engine, one_event(tmp_path / "b.xlsx", heading="Chi tiết", value="x"))
    assert result.counts["events"] == {"new": 0, "unchanged": 1}
    assert [w.row for w in result.warnings] == [2]
    assert len(current(engine, CaseEvent)) == 1


def test_an_event_that_came_again_with_more_says_what_was_not_taken_over(engine, tmp_path):
    load(engine, one_event(tmp_path / "a.xlsx"))
    result = load(engine, one_event(tmp_path / "b.xlsx", "Số văn bản", "12/QĐ"))
    assert "recorded fact stays" in result.warnings[0].reason.text
    assert current(engine, CaseEvent)[0].document == ""


def test_a_month_is_kept_as_a_month(engine, tmp_path):
    load(engine, one_event(tmp_path / "a.xlsx", day="03/2026"))
    (event,) = current(engine, CaseEvent)
    assert (event.happened_on, event.precision) == (date(2026, 3, 1), Precision.MONTH)


def test_the_day_on_the_list_is_also_an_event(engine, tmp_path):
    path = one_case(tmp_path / "a.xlsx", "Ngày đưa vào diện", "05/06/2026")
    assert load(engine, path).counts["events"] == {"new": 1, "unchanged": 0}
    before = everything(engine)
    assert load(engine, path, now=LATER).warnings == ()
    assert everything(engine) == before
    (event,) = current(engine, CaseEvent)
    assert (event.kind, event.happened_on) == (EventKind.PLACED_UNDER_SUPERVISION, date(2026, 6, 5))
    assert current(engine, CaseDetail)[0].supervised_from == date(2026, 6, 5)


def test_a_corrected_day_on_the_list_replaces_its_event(engine, tmp_path):
    load(engine, one_case(tmp_path / "a.xlsx", "Ngày đưa vào diện", "05/06/2026"))
    load(engine, one_case(tmp_path / "b.xlsx", "Ngày đưa vào diện", "06/06/2026"))
    assert [event.happened_on for event in current(engine, CaseEvent)] == [date(2026, 6, 6)]


def test_the_events_sheet_knows_better_than_the_list(engine, tmp_path):
    events = [["Mã vụ", "Ngày", "Sự kiện"], ["VA-1", "07/06/2026", "Đưa vào diện theo dõi, chỉ đạo"]]
    load(engine, one_case(tmp_path / "a.xlsx", "Ngày đưa vào diện", "05/06/2026", events=events))
    assert [event.happened_on for event in current(engine, CaseEvent)] == [date(2026, 6, 7)]


MONEY_HEAD = ["Mã vụ", "Ngày", "Loại số liệu", "Cách ghi", "Số tiền", "Số văn bản"]

# --- money ---------------------------------------------------------------------------------------------------------


def recovered(engine):
    return [(entry.happened_on, entry.amount_vnd) for entry in current(engine, MoneyEntry, quantity=Quantity.RECOVERED)]


def events_of(*days):
    return [["Mã vụ", "Ngày", "Sự kiện"], *(["VA-1", day, "Cập nhật tiến độ"] for day in days)]


def test_a_money_column_holds_from_the_latest_event_of_the_workbook(engine, tmp_path):
    events = events_of("02/03/2026", "05/2026", "04/04/2026")
    load(engine, one_case(tmp_path / "a.xlsx", "Đã thu hồi (triệu đồng)", 5, events=events))
    (entry,) = current(engine, MoneyEntry)
    assert (entry.happened_on, entry.precision, entry.amount_vnd) == (date(2026, 5, 1), Precision.MONTH, 5_000_000)


def test_a_money_column_without_events_holds_from_the_first_import_of_the_file(engine, tmp_path):
    path = one_case(tmp_path / "a.xlsx", "Đã thu hồi", 5)
    load(engine, path)
    load(engine, path, now=LATER, today=date(2026, 11, 22))
    assert recovered(engine) == [(TODAY, 5)]


def test_a_changed_amount_on_a_new_day_is_a_new_reading(engine, tmp_path):
    load(engine, one_case(tmp_path / "a.xlsx", "Đã thu hồi", 5, events=events_of("02/03/2026")))
    path = one_case(tmp_path / "b.xlsx", "Đã thu hồi", 7, events=events_of("02/03/2026", "02/04/2026"))
    assert load(engine, path).counts["entries"] == {"new": 1, "unchanged": 0}
    assert recovered(engine) == [(date(2026, 3, 2), 5), (date(2026, 4, 2), 7)]


def test_the_same_amount_on_a_new_day_is_nothing_new(engine, tmp_path):
    load(engine, one_case(tmp_path / "a.xlsx", "Đã thu hồi", 5, events=events_of("02/03/2026")))
    path = one_case(tmp_path / "b.xlsx", "Đã thu hồi", 5, events=events_of("02/03/2026", "02/04/2026"))
    assert load(engine, path).counts["entries"] == {"new": 0, "unchanged": 1}


def test_the_same_amount_after_money_moved_is_a_new_reading(engine, tmp_path):
    load(engine, one_case(tmp_path / "a.xlsx", "Đã thu hồi", 5, events=events_of("02/03/2026")))
    events: Rows = [
        ["Mã vụ", "Ngày", "Sự kiện", "Số tiền"],
        ["VA-1", "02/03/2026", "Cập nhật tiến độ", None],
        ["VA-1", "03/03/2026", "Nộp lại tiền", 2],
    ]
    load(engine, book(tmp_path / "b.xlsx", events=events))
    path = one_case(tmp_path / "c.xlsx", "Đã thu hồi", 5, events=events_of("02/04/2026"))
    assert load(engine, path).counts["entries"] == {"new": 1, "unchanged": 0}


@pytest.mark.parametrize(
    ("news", "money"),
    [
        (["VA-1", "02/04/2026", "Nộp lại tiền", 2], []),
        (["VA-1", "02/04/2026", "Cập nhật tiến độ", None], [["VA-1", "15/03/2026", "Đã thu hồi", "Số dư", 7, None]]),
        (
            ["VA-1", "02/04/2026", "Cập nhật tiến độ", None],
            [["VA-1", "15/03/2026", "Đã thu hồi", "Phát sinh", 7, None]],
        ),
    ],
)
def test_what_moved_in_the_same_workbook_counts_the_first_time(engine, tmp_path, news, money):
    load(engine, one_case(tmp_path / "a.xlsx", "Đã thu hồi", 5, events=events_of("02/03/2026")))
    head = ["Mã vụ", "Ngày", "Sự kiện", "Số tiền"]
    path = one_case(tmp_path / "b.xlsx", "Đã thu hồi", 5, events=[head, news], money=[MONEY_HEAD, *money])
    assert load(engine, path).counts["entries"] == {"new": 1 + len(money), "unchanged": 0}
    before = everything(engine)
    assert load(engine, path).counts["entries"] == {"new": 0, "unchanged": 1 + len(money)}
    assert everything(engine) == before


def test_a_corrected_amount_on_the_same_day_replaces_the_reading(engine, tmp_path):
    for number, amount in enumerate((5, 6)):
        path = one_case(tmp_path / f"{number}.xlsx", "Đã thu hồi", amount, events=events_of("02/03/2026"))
        load(engine, path, now=LATER)
    assert recovered(engine) == [(date(2026, 3, 2), 6)]
    with read_session(engine) as session:
        assert len(session.exec(select(MoneyEntry)).all()) == 2


def test_the_money_sheet_is_imported_once(engine, tmp_path):
    rows = [
        ["VA-1", "02/03/2026", "Phải thu hồi", "Số dư", 10**9, None],
        ["VA-1", "05/03/2026", "Đã thu hồi", "Phát sinh", 5, "1/BL"],
        ["VA-1", "05/03/2026", "Đã thu hồi", "Phát sinh", 5, "2/BL"],
    ]
    path = book(tmp_path / "a.xlsx", cases=[["Mã vụ", "Tên vụ"], ["VA-1", "A"]], money=[MONEY_HEAD, *rows])
    assert load(engine, path).counts["entries"] == {"new": 3, "unchanged": 0}
    assert load(engine, path).counts["entries"] == {"new": 0, "unchanged": 3}


def test_two_amounts_for_one_day_are_an_error(engine, tmp_path):
    rows = [["VA-1", "02/03/2026", "Đã thu hồi", None, amount, None] for amount in (5, 6)]
    path = book(tmp_path / "a.xlsx", cases=[["Mã vụ", "Tên vụ"], ["VA-1", "A"]], money=[MONEY_HEAD, *rows])
    assert [(f.sheet, f.row, f.column, f.value) for f in load(engine, path).errors] == [("Tài sản", 3, "Số tiền", "6")]


def test_the_largest_amount_is_kept_to_the_dong(engine, tmp_path):
    path = one_case(tmp_path / "a.xlsx", "Thiệt hại", "999.999.999.999.999.999", events=events_of("02/03/2026"))
    load(engine, path)
    assert current(engine, MoneyEntry)[0].amount_vnd == 999_999_999_999_999_999


# --- tasks ---------------------------------------------------------------------------------------------------------

TASK_HEAD = ["Mã nhiệm vụ", "Mã vụ", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Ngày giao",
             "Hạn hoàn thành", "Phiên họp"]  # fmt: skip
TASK = ["NV-1", "VA-1", "Đẩy nhanh tiến độ", "CA tỉnh", "VKSND tỉnh; TAND tỉnh", "01/02/2026", "01/12/2026", 14]


def tasks_book(path, row, **more):
    return book(path, cases=[["Mã vụ", "Tên vụ"], ["VA-1", "A"]], tasks=[TASK_HEAD, row], **more)


def test_a_task_is_imported_changed_and_left_alone(engine, tmp_path):
    with transaction(engine) as session:
        make.session_(session, term="2025-2030", number=14, held_on="2026-01-30")
    assert load(engine, tasks_book(tmp_path / "a.xlsx", TASK)).counts["tasks"]["new"] == 1
    again = load(engine, tasks_book(tmp_path / "b.xlsx", TASK))
    assert (again.counts["tasks"], again.batch_id) == ({"new": 0, "changed": 0, "unchanged": 1}, None)
    changed = load(engine, tasks_book(tmp_path / "c.xlsx", [*TASK[:6], "01/01/2027", 14]))
    assert changed.counts["tasks"] == {"new": 0, "changed": 1, "unchanged": 0}
    (task,) = current(engine, Task)
    assert task.due_on == date(2027, 1, 1)
    assert task.session_id is not None
    with read_session(engine) as session:
        assert len(session.exec(select(TaskAgency).where(TaskAgency.task_id == task.id)).all()) == 2


def test_a_task_names_only_what_is_known(engine, tmp_path):
    row = ["NV-1", "VA-9", "Nội dung", "Cơ quan lạ", "Cũng lạ", "01/02/2026", "01/12/2026", 99]
    result = load(engine, tasks_book(tmp_path / "a.xlsx", row))
    assert sorted(f.value for f in result.errors) == ["99", "Cũng lạ", "Cơ quan lạ", "VA-9"]


def test_a_new_task_needs_content_and_the_day_it_was_given(engine, tmp_path):
    row = ["NV-1", None, None, None, None, None, "01/12/2026", None]
    assert [f.column for f in load(engine, tasks_book(tmp_path / "a.xlsx", row)).errors] == [
        "Nội dung nhiệm vụ",
        "Ngày giao",
    ]


def test_a_session_of_the_workbook_may_be_named_by_its_tasks(engine, tmp_path):
    held = [["Số phiên họp", "Ngày họp"], [14, "30/01/2026"]]
    path = tasks_book(tmp_path / "a.xlsx", TASK, **{"Phiên họp": held})
    assert load(engine, path).errors == ()
    assert current(engine, Task)[0].session_id is not None


# --- the marked copy -----------------------------------------------------------------------------------------------


def test_the_marked_copy_shows_refused_cells_in_red_with_the_reason(engine, tmp_path):
    import openpyxl

    path = one_case(tmp_path / "a.xlsx", "Số bị can", -1)
    annotate(path, load(engine, path), tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    cell = marked["Danh mục"]["C2"]
    assert cell.value == -1
    assert cell.fill.start_color.rgb == "00FFC7CE"
    assert cell.comment is not None
    assert [row[2] for row in marked.worksheets[0].iter_rows(values_only=True)][1:] == ["Số bị can"]
    assert marked["Danh mục"]["B2"].comment is None


def test_a_marked_copy_can_be_corrected_and_imported(engine, tmp_path):
    import openpyxl

    path = one_case(tmp_path / "a.xlsx", "Số bị can", -1)
    annotate(path, load(engine, path), tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    marked["Danh mục"]["C2"] = 1
    marked.save(tmp_path / "marked.xlsx")
    result = load(engine, tmp_path / "marked.xlsx")
    assert (result.applied, result.warnings) == (True, ())


def test_what_cannot_be_marked_is_listed(engine, tmp_path):
    import openpyxl

    (tmp_path / "cases.csv").write_text("case_code,title,defendants_count\nVA-1,=1+1,-1\n", encoding="utf-8")
    annotate(tmp_path, load(engine, tmp_path), tmp_path / "list.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "list.xlsx").active.iter_rows(values_only=True))
    assert rows[1][:4] == ("cases.csv", "2", "defendants_count", "-1")
