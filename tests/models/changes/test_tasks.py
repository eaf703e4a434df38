"""Tasks on screen: given, corrected, reported, judged; nobody overwrites a colleague; nothing is half saved."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlmodel import col, select

from models.changes import tasks
from models.changes.tasks import TaskGiven
from models.db import read_session, transaction
from models.enums import TaskOrigin, TaskStatus, TaskStepKind
from models.errors import FieldErrors, Forbidden, NotFound, StaleTask
from models.queries.task_file import board, changes_since, task_file
from models.queries.tasks import task_counts, task_rows
from models.tables import AuditEntry, Case, Task, TaskStep
from tests import cast, make

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.fixture
def office(engine):
    with transaction(engine) as session:
        make.agency(session)
        make.agency(session, code="VKS", name_vi="Viện kiểm sát", name_en="Procuracy")
        make.case(session, code="VA-1", events=[("case_initiated", "2026-02-02")])
        people = cast.accounts(session)
    return engine, people


def given(**more) -> TaskGiven:
    usual = {"content": "Kết thúc điều tra", "assigned_on": date(2026, 10, 1), "lead_agency": "CQDT"}
    return TaskGiven(**{**usual, "due_on": date(2026, 11, 10), **more})


def give(engine, viewer, **more) -> Task:
    with transaction(engine) as session:
        return tasks.new_task(session, viewer, given(**more), now=NOW, today=TODAY)


def changed(engine, change, *arguments, **more):
    more.setdefault("now", NOW)
    with transaction(engine) as session:
        return change(session, *arguments, **more)


def claim(engine, viewer, task, on=date(2026, 11, 5)):
    said = {"on": on, "evidence": "Báo cáo 12/BC", "today": TODAY}
    return changed(engine, tasks.claim_done, viewer, task.code, task.id, **said)


def row(engine, code, as_of=TODAY, known_at=None):
    with read_session(engine) as session:
        rows, _ = task_rows(session, cast.MEMBER, as_of=as_of, known_at=known_at, codes=[code])
        return rows[0]


def audited(engine) -> list[str]:
    with read_session(engine) as session:
        asked = select(AuditEntry.action).where(col(AuditEntry.action).like("task%"))
        return list(session.exec(asked.order_by(col(AuditEntry.id))))


def test_codes_are_counted_per_year_and_never_given_twice(office):
    engine, people = office
    first = give(engine, people.secretariat)
    old = give(engine, people.secretariat, assigned_on=date(2025, 12, 31), due_on=None)
    second = give(engine, people.secretariat)
    assert [first.code, old.code, second.code] == ["NV-2026-001", "NV-2025-001", "NV-2026-002"]


def test_a_code_of_a_retracted_task_and_of_a_workbook_is_not_given_again(office):
    engine, people = office
    with transaction(engine) as session:
        make.task(session, code="NV-2026-041", retracted_at=NOW)
        make.task(session, code="NV-2026-7b")
    assert give(engine, people.secretariat).code == "NV-2026-042"


def test_many_at_once_get_different_codes(office):
    engine, people = office
    start, codes = Barrier(4), []

    def work():
        start.wait()
        codes.append(give(engine, people.secretariat).code)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [f"NV-2026-00{n}" for n in range(1, 5)]


def test_a_task_about_a_file_raises_its_revision_with_every_change(office):
    engine, people = office

    def revision():
        with read_session(engine) as session:
            return session.exec(select(Case.revision).where(Case.code == "VA-1")).one()

    task = give(engine, people.secretariat, case_code="VA-1")
    assert revision() == 2
    task = claim(engine, people.secretariat, task)
    assert revision() == 3
    moved = given(content="Việc khác", case_code="")
    more = {"reason": "Nhầm hồ sơ", "today": TODAY}
    changed(engine, tasks.correct_task, people.secretariat, task.code, task.id, moved, **more)
    assert revision() == 4, "the file it was about is judged again"


@pytest.mark.parametrize("name", ["member", "administrator", "stranger"])
def test_only_the_secretariat_records_tasks(office, name):
    engine, people = office
    task = give(engine, people.secretariat)
    viewer, one = getattr(people, name), {"NV-2026-001": task.id}
    day, why = {"on": TODAY, "today": TODAY}, {"reason": "Lý do"}
    attempts = [
        (tasks.new_task, (given(),), {"today": TODAY}),
        (tasks.new_tasks, ([given()],), {"today": TODAY}),
        (tasks.correct_task, (task.code, task.id, given()), {**why, "today": TODAY}),
        (tasks.report_progress, (task.code, task.id), {**day, "said": "Đang làm"}),
        (tasks.claim_done, (task.code, task.id), {**day, "evidence": "BC 1"}),
        (tasks.accept_task, (task.code, task.id), day),
        (tasks.return_task, (task.code, task.id), {**day, **why}),
        (tasks.cancel_task, (task.code, task.id), {**day, **why}),
        (tasks.take_back, (task.code, task.id), why),
        (tasks.move_due, (one,), {**why, "due_on": TODAY}),
        (tasks.give_to, (one,), {**why, "lead_agency": "VKS"}),
        (tasks.accept_tasks, (one,), day),
        (tasks.return_tasks, (one,), {**day, **why}),
    ]
    for change, arguments, more in attempts:
        with pytest.raises(Forbidden):
            changed(engine, change, viewer, *arguments, **more)
    assert row(engine, task.code).version == task.id
    assert audited(engine) == ["task_given"]


def test_every_wrong_field_is_named_at_once_and_nothing_is_saved(office):
    engine, people = office
    wrong = {"content": " \u200b\t", "assigned_on": date(2026, 11, 22), "lead_agency": "", "case_code": "VA-9"}
    with pytest.raises(FieldErrors) as refused:
        give(engine, people.secretariat, **wrong)
    assert set(refused.value.fields) == {"content", "assigned_on", "lead_agency", "case_code"}
    with read_session(engine) as session:
        assert session.exec(select(Task)).all() == []


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("content", "x" * 2000, "x" * 2001),
        ("assigned_on", TODAY, TODAY + timedelta(days=1)),
        ("due_on", date(2026, 10, 1), date(2026, 9, 30)),
        ("due_on", date(2100, 12, 31), date(2101, 1, 1)),
        ("lead_agency", "VKS", "KHONGCO"),
    ],
)
def test_both_sides_of_each_bound(office, field, good, bad):
    engine, people = office
    more = {"due_on": None} if field == "assigned_on" else {}
    give(engine, people.secretariat, **more, **{field: good})
    with pytest.raises(FieldErrors) as refused:
        give(engine, people.secretariat, **more, **{field: bad})
    assert set(refused.value.fields) == {field}


def test_words_pasted_from_word_are_kept_without_their_invisible_signs(office):
    engine, people = office
    task = give(engine, people.secretariat, content="  “Đẩy nhanh”\u00a0tiến độ \u2013 kết thúc\u200b điều tra\x07\n")
    assert row(engine, task.code).content == "“Đẩy nhanh”\u00a0tiến độ \u2013 kết thúc điều tra"


def test_a_claim_returned_counts_as_not_done_and_stays_in_the_history(office):
    engine, people = office
    task = give(engine, people.secretariat)
    claimed = claim(engine, people.secretariat, task, on=date(2026, 11, 5))
    assert row(engine, task.code).status is TaskStatus.CLAIMED
    why = {"reason": "Chưa có kết luận điều tra", "on": date(2026, 11, 12), "today": TODAY}
    returned = changed(engine, tasks.return_task, people.secretariat, task.code, claimed.id, **why)
    late = row(engine, task.code)
    assert (late.status, late.days_late, late.returns, late.claimed_on) == (TaskStatus.LATE, 11, 1, None)
    again = claim(engine, people.secretariat, returned, on=date(2026, 11, 18))
    done = changed(
        engine, tasks.accept_task, people.secretariat, task.code, again.id, on=date(2026, 11, 20), today=TODAY
    )
    found = row(engine, task.code)
    assert (found.status, found.done_on, found.days_late) == (TaskStatus.DONE, date(2026, 11, 20), 8)
    with read_session(engine) as session:
        file = task_file(session, people.member, task.code, as_of=TODAY)
    kinds = [step.kind for step in file.steps]
    assert kinds == [TaskStepKind.ACCEPTED, TaskStepKind.CLAIMED, TaskStepKind.RETURNED, TaskStepKind.CLAIMED]
    assert file.steps[2].note == "Chưa có kết luận điều tra" and file.steps[2].evidence == "Báo cáo 12/BC"
    assert len(file.versions) == 5 and file.versions[0].version == done.id
    assert {each.field for each in file.versions[0].fields} == {"done_on"}


def test_an_earlier_day_shows_the_claim_that_was_returned_later(office):
    engine, people = office
    task = give(engine, people.secretariat)
    claimed = claim(engine, people.secretariat, task, on=date(2026, 11, 5))
    why = {"reason": "Thiếu tài liệu", "on": date(2026, 11, 12), "today": TODAY}
    returned = changed(engine, tasks.return_task, people.secretariat, task.code, claimed.id, **why)
    claim(engine, people.secretariat, returned, on=date(2026, 11, 20))
    days = {4: TaskStatus.OPEN, 5: TaskStatus.CLAIMED, 11: TaskStatus.CLAIMED, 12: TaskStatus.LATE}
    for day, status in days.items():
        assert row(engine, task.code, as_of=date(2026, 11, day)).status is status, day
    assert row(engine, task.code, as_of=date(2026, 11, 11)).returns == 0
    with read_session(engine) as session:
        assert task_counts(session, people.member, as_of=date(2026, 11, 11)).claimed == 1
        assert task_counts(session, people.member, as_of=date(2026, 11, 12)).claimed == 0


@pytest.mark.parametrize(("claimed_on", "late", "days"), [(date(2026, 11, 10), 0, 0), (date(2026, 11, 11), 1, 1)])
def test_reported_on_the_last_day_and_accepted_later_is_in_time(office, claimed_on, late, days):
    engine, people = office
    claimed = claim(engine, people.secretariat, give(engine, people.secretariat), on=claimed_on)
    changed(engine, tasks.accept_task, people.secretariat, claimed.code, claimed.id, on=TODAY, today=TODAY)
    assert row(engine, claimed.code).days_late == days
    with read_session(engine) as session:
        assert task_counts(session, people.member, as_of=TODAY).done_late == late


def test_who_reported_in_time_and_what_was_withdrawn_is_no_day_late_after_the_due_day(office):
    engine, people = office
    in_time = claim(engine, people.secretariat, give(engine, people.secretariat), on=date(2026, 11, 10))
    gone = give(engine, people.secretariat)
    more = {"on": date(2026, 11, 9), "reason": "Trùng", "today": TODAY}
    changed(engine, tasks.cancel_task, people.secretariat, gone.code, gone.id, **more)
    late = claim(engine, people.secretariat, give(engine, people.secretariat), on=date(2026, 11, 11))
    found = [row(engine, task.code) for task in (in_time, gone, late)]
    days = [(TaskStatus.CLAIMED, 0), (TaskStatus.CANCELLED, 0), (TaskStatus.LATE, (TODAY - date(2026, 11, 10)).days)]
    assert [(each.status, each.days_late) for each in found] == days


def test_what_was_recorded_by_mistake_is_taken_back_step_by_step(office):
    engine, people = office
    task = claim(engine, people.secretariat, give(engine, people.secretariat))
    task = changed(engine, tasks.accept_task, people.secretariat, task.code, task.id, on=TODAY, today=TODAY)

    def back(task):
        return changed(engine, tasks.take_back, people.secretariat, task.code, task.id, reason="Ghi nhầm")

    task = back(task)
    assert row(engine, task.code).status is TaskStatus.CLAIMED
    why = {"reason": "Thiếu", "on": TODAY, "today": TODAY}
    task = changed(engine, tasks.return_task, people.secretariat, task.code, task.id, **why)
    assert row(engine, task.code).returns == 1
    task = back(task)
    found = row(engine, task.code)
    assert (found.returns, found.claimed_on, found.evidence) == (0, date(2026, 11, 5), "Báo cáo 12/BC")
    task = back(task)
    assert row(engine, task.code).claimed_on is None
    task = changed(engine, tasks.cancel_task, people.secretariat, task.code, task.id, **why)
    assert row(engine, task.code).status is TaskStatus.CANCELLED
    task = back(task)
    assert row(engine, task.code).status is TaskStatus.LATE
    with pytest.raises(FieldErrors):
        back(task)
    with read_session(engine) as session:
        steps = task_file(session, people.member, task.code, as_of=TODAY).steps
    assert {step.taken_back for step in steps} == {"Ghi nhầm"}


def test_a_day_before_the_claim_is_no_day_for_its_verdict(office):
    engine, people = office
    task = claim(engine, people.secretariat, give(engine, people.secretariat), on=date(2026, 11, 5))
    for change in (tasks.accept_task, tasks.return_task):
        more = {"reason": "Lý do"} if change is tasks.return_task else {}
        for day in (date(2026, 11, 4), date(2026, 11, 22), None):
            with pytest.raises(FieldErrors) as refused:
                changed(engine, change, people.secretariat, task.code, task.id, on=day, today=TODAY, **more)
            assert set(refused.value.fields) == {"on"}
    changed(engine, tasks.accept_task, people.secretariat, task.code, task.id, on=date(2026, 11, 5), today=TODAY)


def test_what_is_settled_takes_no_answer_until_it_is_taken_back(office):
    engine, people = office
    task = give(engine, people.secretariat)
    task = changed(engine, tasks.accept_task, people.secretariat, task.code, task.id, on=TODAY, today=TODAY)
    for attempt in (
        lambda: claim(engine, people.secretariat, task),
        lambda: changed(
            engine, tasks.report_progress, people.secretariat, task.code, task.id, said="x", on=TODAY, today=TODAY
        ),
        lambda: changed(
            engine, tasks.cancel_task, people.secretariat, task.code, task.id, reason="x", on=TODAY, today=TODAY
        ),
    ):
        with pytest.raises(FieldErrors) as refused:
            attempt()
        assert "" in refused.value.fields
    with read_session(engine) as session:
        assert [step.kind for step in session.exec(select(TaskStep))] == [TaskStepKind.ACCEPTED]


def test_a_claim_can_be_returned_once_and_only_if_there_is_one(office):
    engine, people = office
    task = give(engine, people.secretariat)
    why = {"reason": "Thiếu", "on": TODAY, "today": TODAY}
    with pytest.raises(FieldErrors):
        changed(engine, tasks.return_task, people.secretariat, task.code, task.id, **why)
    task = claim(engine, people.secretariat, task)
    with pytest.raises(FieldErrors):
        claim(engine, people.secretariat, task)


def test_a_colleagues_change_in_between_is_not_lost(office):
    engine, people = office
    task = give(engine, people.secretariat)
    claim(engine, people.secretariat, task)
    with pytest.raises(StaleTask) as stale:
        moved = given(due_on=date(2026, 12, 1))
        more = {"reason": "Gia hạn", "today": TODAY}
        changed(engine, tasks.correct_task, people.secretariat, task.code, task.id, moved, **more)
    assert stale.value.codes == ("NV-2026-001",)
    assert row(engine, task.code).due_on == date(2026, 11, 10)
    with read_session(engine) as session:
        theirs = changes_since(session, people.secretariat, task.code, task.id)
    assert theirs.who == "Người dùng thuky"
    assert {each.field for each in theirs.fields} == {"claimed_on", "evidence"}


def test_of_two_verdicts_at_once_one_is_told_of_the_other(office):
    engine, people = office
    task = claim(engine, people.secretariat, give(engine, people.secretariat))
    start, ends = Barrier(2), []

    def judge(change, **more):
        start.wait()
        try:
            changed(engine, change, people.secretariat, task.code, task.id, on=TODAY, today=TODAY, **more)
            ends.append("saved")
        except StaleTask:
            ends.append("stale")

    threads = [Thread(target=judge, args=(tasks.accept_task,)), Thread(target=judge, args=(tasks.return_task,),
               kwargs={"reason": "Thiếu"})]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["saved", "stale"]
    with read_session(engine) as session:
        steps = [step.kind for step in session.exec(select(TaskStep).order_by(col(TaskStep.id)))]
    assert len(steps) == 2 and steps[0] is TaskStepKind.CLAIMED


def test_many_are_changed_together_or_not_at_all(office):
    engine, people = office
    made = [give(engine, people.secretariat) for _ in range(3)]
    shown = {task.code: task.id for task in made}
    claim(engine, people.secretariat, made[1])
    with pytest.raises(StaleTask) as stale:
        changed(engine, tasks.move_due, people.secretariat, shown, due_on=date(2026, 12, 1), reason="Gia hạn")
    assert stale.value.codes == ("NV-2026-002",)
    assert {row(engine, code).due_on for code in shown} == {date(2026, 11, 10)}
    shown = {code: row(engine, code).version for code in shown}
    before = len(audited(engine))
    changed(engine, tasks.move_due, people.secretariat, shown, due_on=date(2026, 12, 1), reason="Gia hạn")
    assert {row(engine, code).due_on for code in shown} == {date(2026, 12, 1)}
    assert audited(engine)[before:] == ["task_due_moved"]
    shown = {code: row(engine, code).version for code in shown}
    changed(engine, tasks.give_to, people.secretariat, shown, lead_agency="VKS", reason="Đổi đầu mối")
    assert {row(engine, code).agency_code for code in shown} == {"VKS"}


def test_verdicts_on_many_are_given_together_or_not_at_all(office):
    engine, people = office
    made = [give(engine, people.secretariat) for _ in range(2)]
    first = claim(engine, people.secretariat, made[0])
    why = {"reason": "Thiếu tài liệu", "on": TODAY, "today": TODAY}
    with pytest.raises(FieldErrors, match="NV-2026-002"):
        both = {first.code: first.id, made[1].code: made[1].id}
        changed(engine, tasks.return_tasks, people.secretariat, both, **why)
    assert row(engine, first.code).waits
    second = claim(engine, people.secretariat, made[1])
    both = {first.code: first.id, second.code: second.id}
    changed(engine, tasks.return_tasks, people.secretariat, both, **why)
    assert {row(engine, code).returns for code in both} == {1}
    both = {code: row(engine, code).version for code in both}
    changed(engine, tasks.accept_tasks, people.secretariat, both, on=TODAY, today=TODAY)
    assert {row(engine, code).status for code in both} == {TaskStatus.DONE}
    with pytest.raises(FieldErrors, match="NV-2026-001"):
        changed(engine, tasks.accept_tasks, people.secretariat, both | {
            code: row(engine, code).version for code in both}, on=TODAY, today=TODAY)  # fmt: skip
    with pytest.raises(FieldErrors):
        changed(engine, tasks.move_due, people.secretariat, {}, due_on=TODAY, reason="x")


def test_a_task_nobody_knows_is_not_found(office):
    engine, people = office
    with pytest.raises(NotFound):
        changed(engine, tasks.accept_task, people.secretariat, "NV-1999-001", 1, on=TODAY, today=TODAY)
    for viewer in cast.OUTSIDERS:
        give(engine, people.secretariat)
        with read_session(engine) as session, pytest.raises(NotFound):
            task_file(session, viewer, "NV-2026-001", as_of=TODAY)


def test_cooperating_agencies_are_kept_by_every_version(office):
    engine, people = office
    task = give(engine, people.secretariat, cooperating=("VKS", "CQDT"), origin=TaskOrigin.LETTER)
    claim(engine, people.secretariat, task)
    with read_session(engine) as session:
        file = task_file(session, people.member, task.code, as_of=TODAY)
    assert [code for code, _, _ in file.cooperating] == ["VKS"], "the lead agency does not cooperate with itself"
    assert file.row.origin is TaskOrigin.LETTER


def test_the_board_counts_all_and_shows_the_most_urgent(office):
    engine, people = office
    for day in (1, 5, 9):
        give(engine, people.secretariat, due_on=date(2026, 11, day))
    give(engine, people.secretariat, due_on=date(2026, 12, 9), lead_agency="VKS")
    with read_session(engine) as session:
        by_agency = board(session, people.member, as_of=TODAY, by="agency", cards=2)
        by_status = board(session, people.member, as_of=TODAY, by="status", cards=2)
        nobody = board(session, people.administrator, as_of=TODAY, by="agency", cards=2)
    assert [(column.key, column.total, column.late, len(column.rows)) for column in by_agency] == [
        ("CQDT", 3, 3, 2), ("VKS", 1, 0, 1)]  # fmt: skip
    assert [row.due_on.day for row in by_agency[0].rows] == [1, 5]
    assert [(column.key, column.total) for column in by_status] == [
        ("late", 3), ("open", 1), ("claimed", 0), ("done", 0)]  # fmt: skip
    assert nobody == []


def test_a_correction_gives_no_task_after_its_answer(office):
    engine, people = office
    task = claim(engine, people.secretariat, give(engine, people.secretariat))
    more = {"reason": "Nhầm ngày giao", "today": TODAY}
    late, right = given(assigned_on=date(2026, 11, 6)), given(assigned_on=date(2026, 11, 5))
    with pytest.raises(FieldErrors) as refused:
        changed(engine, tasks.correct_task, people.secretariat, task.code, task.id, late, **more)
    assert set(refused.value.fields) == {"assigned_on"}
    new = changed(engine, tasks.correct_task, people.secretariat, task.code, task.id, right, **more)
    assert (new.assigned_on, new.claimed_on) == (date(2026, 11, 5), date(2026, 11, 5))
