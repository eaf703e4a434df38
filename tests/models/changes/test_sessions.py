"""Sessions on screen: planned, held, concluded; agenda, attendance, conclusions line by line, and their tasks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, func, select

from models.changes import conclusions, sessions, tasks
from models.changes.conclusions import ConclusionLine
from models.changes.restrictions import restrict
from models.changes.sessions import AgendaLine, AttendanceLine, SessionGiven
from models.changes.supervision import ProposalEntry, propose
from models.db import read_session, transaction
from models.enums import (
    AgendaKind,
    Presence,
    SessionKind,
    SessionStatus,
    SupervisionGround,
    SupervisionStep,
    TaskStatus,
)
from models.errors import FieldErrors, Forbidden, NotFound, StaleSession
from models.queries import tasks as task_queries
from models.queries.figures import Figures
from models.queries.people import viewer_named
from models.queries.period_figures import report_figures
from models.queries.sessions import open_matters, session_file, session_lines, usual_attendance
from models.rules.periods import parse_period
from models.tables import AgendaItem, AuditEntry, CommitteeSession, Conclusion, Task
from tests import cast, make

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 3, tzinfo=UTC)
TERM = "2025-2030"
HELD = SessionGiven(kind=SessionKind.COMMITTEE, term=TERM, on=date(2026, 11, 20), is_held=True)
COMING = SessionGiven(kind=SessionKind.COMMITTEE, term=TERM, on=date(2026, 12, 5))


@pytest.fixture
def office(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-1", title="Vụ án thứ nhất", events=[("case_initiated", "2026-02-02")])
        people = cast.accounts(session)
    return engine, people


def changed(engine, change, *arguments, **more):
    more.setdefault("now", NOW)
    with transaction(engine) as session:
        return change(session, *arguments, **more)


def planned(engine, people, given=COMING):
    return changed(engine, sessions.plan_session, people.secretariat, given, today=TODAY)


def shown(engine, session_id):
    with read_session(engine) as session:
        return session_file(session, cast.MEMBER, session_id, as_of=TODAY)


def figures(engine, *, as_of=TODAY, known_at=None) -> Figures:
    with read_session(engine) as session:
        period = parse_period("2026")
        return report_figures(session, cast.MEMBER, period=period, as_of=as_of, known_at=known_at)


def agenda(engine, session_id) -> list[AgendaLine]:
    """The points as a form sends them back."""
    rows = shown(engine, session_id).agenda
    return [AgendaLine(row.kind, row.title, row.note, row.case_code, row.task_code, row.point) for row in rows]


def lines(*texts, **more) -> list[ConclusionLine]:
    return [ConclusionLine(text, lead_agency="CQDT", due_on=date(2026, 12, 31), **more) for text in texts]


def written(engine, people, held, given, **more):
    version = shown(engine, held.id).version
    return changed(engine, conclusions.write_conclusions, people.secretariat, held.id, version, given, **more)


def into_tasks(engine, people, held, **more) -> list[str]:
    version = shown(engine, held.id).version
    made = changed(engine, conclusions.turn_into_tasks, people.secretariat, held.id, version, today=TODAY, **more)
    return [task.code for task in made]


# --- planned and held ------------------------------------------------------------------------------------------------


def test_numbers_follow_each_other_in_each_term_and_kind(office):
    engine, people = office
    standing = replace(COMING, kind=SessionKind.STANDING)
    other = replace(COMING, term="2030-2035")
    numbers = [planned(engine, people, given).number for given in (COMING, COMING, standing, other)]
    assert numbers == [1, 2, 1, 1]
    with pytest.raises(FieldErrors) as refused:
        planned(engine, people, replace(COMING, number=2))
    assert set(refused.value.fields) == {"number"}
    assert planned(engine, people, replace(COMING, number=14, is_extraordinary=True)).number == 14


def test_a_planned_session_counts_in_no_figure_until_it_is_held(office):
    engine, people = office
    held = planned(engine, people, replace(COMING, on=date(2026, 11, 20)))
    assert figures(engine).value("sessions.committee") == 0
    with read_session(engine) as session:
        assert task_queries.sessions(session, until=TODAY) == []
        assert task_queries.committee_sessions(session) == []
        assert [row.id for row in task_queries.committee_sessions(session, planned=True)] == [held.id]
    later = NOW + timedelta(hours=1)
    changed(engine, sessions.change_session, people.secretariat, held.id, 1, HELD, now=later, today=TODAY)
    assert figures(engine).value("sessions.committee") == 1
    assert figures(engine, known_at=NOW).value("sessions.committee") == 0, "as it was known before"
    assert figures(engine, known_at=later).value("sessions.committee") == 1
    assert figures(engine, as_of=date(2026, 11, 19)).value("sessions.committee") == 0
    with read_session(engine) as session:
        assert [row.id for row in task_queries.sessions(session, until=date(2026, 11, 20))] == [held.id]
        assert task_queries.sessions(session, until=date(2026, 11, 19)) == []


def test_a_session_entered_late_leaves_an_earlier_report_as_it_was(office):
    engine, people = office
    planned(engine, people, HELD)
    assert figures(engine, known_at=NOW - timedelta(seconds=1)).value("sessions.committee") == 0
    assert figures(engine, known_at=NOW).value("sessions.committee") == 1


def test_a_session_can_be_held_today_and_not_tomorrow(office):
    engine, people = office
    planned(engine, people, replace(HELD, on=TODAY))
    with pytest.raises(FieldErrors) as refused:
        planned(engine, people, replace(HELD, on=TODAY + timedelta(days=1)))
    assert set(refused.value.fields) == {"on"}


def test_what_was_said_of_a_session_that_is_over_is_changed_with_a_reason_and_kept(office):
    engine, people = office
    held = planned(engine, people, HELD)
    concluded = replace(HELD, notice="Số 65-TB/BCĐ", notice_on=date(2026, 11, 21))
    changed(engine, sessions.change_session, people.secretariat, held.id, 1, concluded, today=TODAY)
    assert shown(engine, held.id).status is SessionStatus.CONCLUDED
    moved = replace(concluded, on=date(2026, 11, 19))
    with pytest.raises(FieldErrors) as refused:
        changed(engine, sessions.change_session, people.secretariat, held.id, 2, moved, today=TODAY)
    assert set(refused.value.fields) == {"reason"}
    more = {"reason": "Ghi nhầm ngày", "today": TODAY}
    changed(engine, sessions.change_session, people.secretariat, held.id, 2, moved, **more)
    file = shown(engine, held.id)
    assert (file.held_on, file.version) == (date(2026, 11, 19), 3)
    assert [(row.held_on, row.status, row.why) for row in file.earlier] == [
        (date(2026, 11, 20), SessionStatus.CONCLUDED, "Ghi nhầm ngày"),
        (date(2026, 11, 20), SessionStatus.HELD, ""),
    ]


def test_what_a_session_was_called_before_is_kept_and_told_as_it_was_known(office):
    engine, people = office
    held = planned(engine, people, replace(HELD, number=7))
    later = NOW + timedelta(hours=1)
    said = replace(HELD, kind=SessionKind.STANDING, term="2020-2025", number=8)
    more = {"reason": "Nhầm loại phiên", "now": later, "today": TODAY}
    changed(engine, sessions.change_session, people.secretariat, held.id, 1, said, **more)
    (before,) = shown(engine, held.id).earlier
    assert (before.term, before.kind, before.number) == (HELD.term, SessionKind.COMMITTEE, 7)
    assert figures(engine, known_at=NOW)["sessions.committee"].records == (f"7/{HELD.term}",)
    assert figures(engine, known_at=later)["sessions.standing"].records == ("8/2020-2025",)
    assert figures(engine, known_at=later).value("sessions.committee") == 0


def test_only_a_session_that_was_held_has_a_notice(office):
    engine, people = office
    with pytest.raises(FieldErrors) as refused:
        planned(engine, people, replace(COMING, notice="Số 1-TB/BCĐ"))
    assert set(refused.value.fields) == {"notice"}


def test_of_two_changes_of_one_session_the_second_is_told(office):
    engine, people = office
    held = planned(engine, people)
    items = [AgendaLine(AgendaKind.REPORT, "Báo cáo quý")]
    changed(engine, sessions.write_agenda, people.secretariat, held.id, 1, items)
    for change, given in (
        (sessions.write_agenda, [AgendaLine(AgendaKind.OTHER, "Việc khác")]),
        (sessions.write_attendance, [AttendanceLine("Trưởng ban")]),
        (conclusions.write_conclusions, lines("Một")),
    ):
        with pytest.raises(StaleSession):
            changed(engine, change, people.secretariat, held.id, 1, given)
    with pytest.raises(StaleSession):
        changed(engine, sessions.change_session, people.secretariat, held.id, 1, COMING, today=TODAY)
    file = shown(engine, held.id)
    assert [row.title for row in file.agenda] == ["Báo cáo quý"]
    assert file.attendance == () and file.conclusions == () and file.version == 2


@pytest.mark.parametrize("name", ["member", "administrator", "stranger"])
def test_only_the_secretariat_records_sessions(office, name):
    engine, people = office
    held, viewer = planned(engine, people), getattr(people, name)
    for change, arguments, more in (
        (sessions.plan_session, (COMING,), {"today": TODAY}),
        (sessions.change_session, (held.id, 1, COMING), {"today": TODAY}),
        (sessions.write_agenda, (held.id, 1, []), {}),
        (sessions.write_attendance, (held.id, 1, []), {}),
        (conclusions.write_conclusions, (held.id, 1, []), {}),
        (conclusions.turn_into_tasks, (held.id, 1), {"today": TODAY}),
    ):
        with pytest.raises(Forbidden):
            changed(engine, change, viewer, *arguments, **more)
    assert shown(engine, held.id).version == 1


def test_who_reads_no_files_sees_no_session(office):
    engine, people = office
    held = planned(engine, people)
    for viewer in cast.OUTSIDERS:
        with read_session(engine) as session:
            assert session_lines(session, viewer, as_of=TODAY, today=TODAY) == []
            with pytest.raises(NotFound):
                session_file(session, viewer, held.id, as_of=TODAY)


def test_every_change_leaves_one_row_on_the_chain(office):
    engine, people = office
    held = planned(engine, people, HELD)
    written(engine, people, held, lines("Một", "Hai"))
    into_tasks(engine, people, held)
    with read_session(engine) as session:
        asked = select(AuditEntry.action).where(AuditEntry.subject == f"session:{TERM}/committee/1")
        actions = list(session.exec(asked.order_by(col(AuditEntry.id))))
    assert actions == ["session_planned", "conclusions_written", "tasks_given"]


# --- agenda and attendance -------------------------------------------------------------------------------------------


def test_an_agenda_keeps_its_order_and_what_did_not_change(office):
    engine, people = office
    held = planned(engine, people)
    first = [AgendaLine(AgendaKind.REPORT, "Báo cáo"), AgendaLine(AgendaKind.FILE, case_code="VA-1", note="Kéo dài")]
    changed(engine, sessions.write_agenda, people.secretariat, held.id, 1, first)
    more = [*agenda(engine, held.id), AgendaLine(AgendaKind.OTHER, "Việc khác")]
    changed(engine, sessions.write_agenda, people.secretariat, held.id, 2, more)
    rows = shown(engine, held.id).agenda
    assert [(row.point, row.title, row.case_title) for row in rows] == [
        (1, "Báo cáo", ""), (2, "", "Vụ án thứ nhất"), (3, "Việc khác", "")]  # fmt: skip
    with read_session(engine) as session:
        assert session.exec(select(func.count()).select_from(AgendaItem)).one() == 3, "what stays is not written again"
    kept = agenda(engine, held.id)
    changed(engine, sessions.write_agenda, people.secretariat, held.id, 3, [kept[2], kept[0]])
    assert [(row.point, row.title) for row in shown(engine, held.id).agenda] == [(3, "Việc khác"), (1, "Báo cáo")]
    changed(engine, sessions.write_agenda, people.secretariat, held.id, 4, [])
    assert shown(engine, held.id).agenda == ()
    changed(engine, sessions.write_agenda, people.secretariat, held.id, 5, first[:1])
    assert [row.point for row in shown(engine, held.id).agenda] == [4], "the name of a point is given once"


def test_points_and_lines_about_a_file_that_is_not_open_to_the_officer_stay_and_become_no_task(office):
    engine, people = office
    held = planned(engine, people, HELD)
    points = [AgendaLine(AgendaKind.REPORT, "Một"), AgendaLine(AgendaKind.FILE, "Kín", case_code="VA-1"),
              AgendaLine(AgendaKind.OTHER, "Ba")]  # fmt: skip
    changed(engine, sessions.write_agenda, people.lead, held.id, 1, points)
    written(engine, people, held, [*lines("Việc một"), *lines("Việc kín", case_code="VA-1")])
    changed(engine, restrict, people.lead, "VA-1", [people.lead.name], reason="Cần giữ kín", revision=None)

    def seen(viewer):
        with read_session(engine) as session:
            file = session_file(session, viewer_named(session, viewer.name), held.id, as_of=TODAY)
        return [row.title for row in file.agenda], [line.text for line in file.conclusions], file

    assert seen(people.secretariat)[:2] == (["Một", "Ba"], ["Việc một"])
    own = [AgendaLine(row.kind, row.title, point=row.point) for row in seen(people.secretariat)[2].agenda]
    added = [own[1], own[0], AgendaLine(AgendaKind.OTHER, "Bốn")]
    changed(engine, sessions.write_agenda, people.secretariat, held.id, 3, added)
    said = [ConclusionLine("Việc một", 1, "CQDT", date(2026, 12, 31)), *lines("Việc ba")]
    changed(engine, conclusions.write_conclusions, people.secretariat, held.id, 4, said)
    tasks_made = changed(engine, conclusions.turn_into_tasks, people.secretariat, held.id, 5, today=TODAY)
    assert {task.content for task in tasks_made} == {"Việc một", "Việc ba"}
    titles, texts, file = seen(people.lead)
    assert titles == ["Ba", "Kín", "Một", "Bốn"] and texts == ["Việc một", "Việc kín", "Việc ba"]
    assert [line.is_task for line in file.conclusions] == [True, False, True]


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (AgendaLine(AgendaKind.OTHER, " "), "title"),
        (AgendaLine(AgendaKind.OTHER, "x" * 501), "title"),
        (AgendaLine(AgendaKind.FILE, case_code="VA-9"), "case_code"),
        (AgendaLine(AgendaKind.TASK, task_code="NV-1"), "task_code"),
        (AgendaLine(AgendaKind.OTHER, "Việc", note="x" * 2001), "note"),
    ],
)
def test_a_point_that_cannot_stand_names_its_field(office, line, field):
    engine, people = office
    held = planned(engine, people)
    with pytest.raises(FieldErrors) as refused:
        changed(engine, sessions.write_agenda, people.secretariat, held.id, 1, [line])
    assert set(refused.value.fields) == {field}
    assert shown(engine, held.id).version == 1


def test_a_task_that_is_not_open_to_the_officer_has_no_code_for_his_agenda(office):
    engine, people = office
    held = planned(engine, people)
    with transaction(engine) as session:
        make.task(session, code="NV-7", case=make.case(session, code="VA-7", events=[("case_initiated", "2026-02-02")]))
    point = [AgendaLine(AgendaKind.TASK, task_code="NV-7")]
    changed(engine, restrict, people.lead, "VA-7", [people.lead.name], reason="Cần giữ kín", revision=None)
    with pytest.raises(FieldErrors) as refused:
        changed(engine, sessions.write_agenda, people.secretariat, held.id, 1, point)
    with pytest.raises(FieldErrors) as missing:
        changed(engine, sessions.write_agenda, people.secretariat, held.id, 1, [replace(point[0], task_code="NV-8")])
    told, same = refused.value.fields["task_code"], missing.value.fields["task_code"]
    assert told.text == same.text and shown(engine, held.id).version == 1
    with read_session(engine) as session:
        listed = viewer_named(session, people.lead.name)
    changed(engine, sessions.write_agenda, listed, held.id, 1, point)


def test_the_people_of_the_last_session_are_proposed_for_the_next(office):
    engine, people = office
    held, coming = planned(engine, people, HELD), planned(engine, people)
    listed = [AttendanceLine("Trưởng ban", agency="BCD"), AttendanceLine("Giám đốc Công an tỉnh", Presence.REPRESENTED,
              note="Phó Giám đốc")]  # fmt: skip
    changed(engine, sessions.write_attendance, people.secretariat, held.id, 1, listed)
    with read_session(engine) as session:
        assert [row.function for row in usual_attendance(session, people.secretariat, coming.id)] == [
            "Trưởng ban", "Giám đốc Công an tỉnh"]  # fmt: skip
        (line,) = [row for row in session_lines(session, people.member, as_of=TODAY, today=TODAY) if row.id == held.id]
    assert (line.attended, line.invited) == (2, 2)
    with pytest.raises(FieldErrors) as refused:
        changed(engine, sessions.write_attendance, people.secretariat, held.id, 2, [*listed,
                AttendanceLine("trưởng ban")])  # fmt: skip
    assert set(refused.value.fields) == {"function"}


# --- conclusions and their tasks -------------------------------------------------------------------------------------


def test_each_line_becomes_a_task_alone_or_all_together(office):
    engine, people = office
    held = planned(engine, people, HELD)
    written(engine, people, held, [*lines("Việc một"), *lines("Việc hai", case_code="VA-1"), *lines("Việc ba")])
    assert into_tasks(engine, people, held, items=[2]) == ["NV-2026-001"]
    assert into_tasks(engine, people, held) == ["NV-2026-002", "NV-2026-003"]
    rows = shown(engine, held.id).conclusions
    assert [(row.item_no, row.tasks[0].code) for row in rows] == [
        (1, "NV-2026-002"), (2, "NV-2026-001"), (3, "NV-2026-003")]  # fmt: skip
    task = rows[1].tasks[0]
    assert (task.content, task.case_code, task.agency_code, task.due_on, task.assigned_on) == (
        "Việc hai", "VA-1", "CQDT", date(2026, 12, 31), date(2026, 11, 20))  # fmt: skip
    for items in (None, [2], [9]):
        with pytest.raises(FieldErrors):
            into_tasks(engine, people, held, items=items)


def test_lines_without_an_agency_are_named_and_no_task_is_made(office):
    engine, people = office
    held = planned(engine, people, HELD)
    written(engine, people, held, [*lines("Việc một"), ConclusionLine("Việc hai"), ConclusionLine("Việc ba")])
    with pytest.raises(FieldErrors) as refused:
        into_tasks(engine, people, held)
    assert set(refused.value.fields) == {"2", "3"}
    with read_session(engine) as session:
        assert session.exec(select(Task)).all() == []


def test_a_planned_session_makes_no_task(office):
    engine, people = office
    held = planned(engine, people)
    written(engine, people, held, lines("Dự thảo"))
    with pytest.raises(FieldErrors):
        into_tasks(engine, people, held)


def test_a_session_with_tasks_cannot_become_planned_again(office):
    engine, people = office
    held = planned(engine, people, HELD)
    written(engine, people, held, lines("Việc một"))
    into_tasks(engine, people, held)
    back = replace(HELD, is_held=False)
    with pytest.raises(FieldErrors) as refused:
        changed(engine, sessions.change_session, people.secretariat, held.id, 3, back, reason="Nhầm", today=TODAY)
    assert set(refused.value.fields) == {"is_held"}


def test_a_line_that_is_a_task_stays_until_the_task_is_cancelled(office):
    engine, people = office
    held = planned(engine, people, HELD)
    written(engine, people, held, lines("Một", "Hai"))
    (code,) = into_tasks(engine, people, held, items=[1])
    rest = [ConclusionLine("Hai", item_no=2, lead_agency="CQDT", due_on=date(2026, 12, 31))]
    with pytest.raises(FieldErrors) as refused:
        written(engine, people, held, rest, reason="Bỏ")
    assert code in refused.value.fields[""].english()
    task = shown(engine, held.id).conclusions[0].tasks[0]
    more = {"reason": "Bỏ", "on": TODAY, "today": TODAY}
    changed(engine, tasks.cancel_task, people.secretariat, code, task.version, **more)
    assert not shown(engine, held.id).conclusions[0].is_task
    written(engine, people, held, rest, reason="Bỏ")
    assert [row.item_no for row in shown(engine, held.id).conclusions] == [2]
    written(engine, people, held, [*rest, *lines("Ba")])
    assert [row.item_no for row in shown(engine, held.id).conclusions] == [2, 3], "a number is never given again"


def test_a_changed_line_needs_a_reason_and_keeps_what_it_said(office):
    engine, people = office
    held = planned(engine, people, HELD)
    written(engine, people, held, lines("Một"))
    new = [ConclusionLine("Một, sửa", item_no=1, lead_agency="CQDT", due_on=date(2026, 12, 31))]
    with pytest.raises(FieldErrors) as refused:
        written(engine, people, held, new)
    assert set(refused.value.fields) == {"reason"}
    written(engine, people, held, new, reason="Sai chính tả")
    with read_session(engine) as session:
        rows = session.exec(select(Conclusion).order_by(col(Conclusion.id))).all()
    assert [(row.text, row.retract_reason) for row in rows] == [("Một", "Sai chính tả"), ("Một, sửa", "")]


def test_what_is_still_open_is_proposed_for_the_next_agenda(office):
    engine, people = office
    held, coming = planned(engine, people, HELD), planned(engine, people)
    written(engine, people, held, lines("Một", "Hai", "Ba"))
    first, second, _ = into_tasks(engine, people, held)
    rows = {row.tasks[0].code: row.tasks[0] for row in shown(engine, held.id).conclusions}
    done = {"on": TODAY, "today": TODAY}
    changed(engine, tasks.accept_task, people.secretariat, first, rows[first].version, **done)
    changed(engine, tasks.claim_done, people.secretariat, second, rows[second].version, evidence="BC 1", **done)
    with transaction(engine) as session:
        make.case(session, code="VA-2", supervised_from=TODAY, events=[("placed_under_supervision", TODAY)])
        make.task(session, code="NV-2026-900", assigned_on="2026-11-01")  # not of a session
    with read_session(engine) as session:
        found = open_matters(session, people.secretariat, coming.id, as_of=TODAY)
        own = open_matters(session, people.secretariat, held.id, as_of=TODAY)
    assert {row.code: row.status for row in found.tasks} == {
        "NV-2026-002": TaskStatus.CLAIMED, "NV-2026-003": TaskStatus.OPEN}  # fmt: skip
    assert [row.code for row in found.late] == ["VA-1"] and found.late_total == 1
    assert [row.code for row in found.placed] == ["VA-2"]
    assert own.tasks == (), "its own conclusions are not carried over to itself"
    items = [AgendaLine(AgendaKind.TASK, task_code="NV-2026-002"), AgendaLine(AgendaKind.FILE, case_code="VA-1")]
    changed(engine, sessions.write_agenda, people.secretariat, coming.id, 1, items)
    with read_session(engine) as session:
        again = open_matters(session, people.secretariat, coming.id, as_of=TODAY)
    assert [row.code for row in again.tasks] == ["NV-2026-003"] and again.late == ()


def test_a_proposal_that_waits_is_offered_until_it_stands_on_the_agenda(office):
    engine, people = office
    coming = planned(engine, people)
    entry = ProposalEntry(SupervisionStep.PLACE, SupervisionGround.PUBLIC_CONCERN, TODAY, "Ban Nội chính")
    changed(engine, propose, people.secretariat, "VA-1", entry, revision=1, today=TODAY)
    with read_session(engine) as session:
        found = open_matters(session, people.secretariat, coming.id, as_of=TODAY)
    assert [(row.case_code, row.step) for row in found.proposals] == [("VA-1", SupervisionStep.PLACE)]
    point = [AgendaLine(AgendaKind.PROPOSAL, "Đưa vào diện theo dõi", case_code="VA-1")]
    changed(engine, sessions.write_agenda, people.secretariat, coming.id, 1, point)
    with read_session(engine) as session:
        assert open_matters(session, people.secretariat, coming.id, as_of=TODAY).proposals == ()


def test_lines_pasted_from_word_and_hostile_words_are_kept_as_text(office):
    engine, people = office
    held = planned(engine, people, HELD)
    written(engine, people, held, lines("“Khẩn trương”\u00a0– kết thúc\u200b", "<script>alert(1)</script>"))
    assert [row.text for row in shown(engine, held.id).conclusions] == [
        "“Khẩn trương”\u00a0– kết thúc", "<script>alert(1)</script>"]  # fmt: skip
    with pytest.raises(FieldErrors) as refused:
        written(engine, people, held, [*lines("x" * 2001)], reason="x")
    assert set(refused.value.fields) == {"text"}


def test_the_sessions_of_before_stay_held(office):
    engine, _ = office
    with transaction(engine) as session:
        row = make.session_(session, number=3)
    with read_session(engine) as session:
        assert session.get(CommitteeSession, row.id).status is SessionStatus.HELD
