"""The demo province: the same for a seed and a day, something in every bucket, nobody named."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from argon2 import PasswordHasher
from sqlalchemy import Engine, func
from sqlmodel import col, select
from typer.testing import CliRunner

from models.base import metadata
from models.changes.demo import NotEmpty, Province, write_province
from models.clock import local
from models.db import engine as engine_of_installation
from models.db import make_engine, read_session, transaction
from models.enums import (
    Bucket,
    CoordinationState,
    EventKind,
    Kind,
    Quantity,
    SessionKind,
    SessionStatus,
    Stage,
    TaskStatus,
)
from models.errors import BadUsage, Forbidden, SchemaAhead
from models.queries import figures
from models.queries.coordination import coordination_page
from models.queries.facts import case_facts
from models.queries.period_figures import report_figures
from models.queries.reference import rulebook
from models.queries.sessions import open_matters, session_file, session_lines
from models.queries.tasks import sessions
from models.rules.access import SYSTEM, Viewer
from models.rules.clocks import Reader
from models.rules.judge import Thresholds, Verdict, judge
from models.rules.periods import parse_period
from models.settings import settings
from models.tables import (
    Account,
    Accused,
    AuditEntry,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    MoneyEntry,
    Person,
    Task,
    TaskStep,
)
from seed import demo, reference_data
from tests import cast

HELD = col(CommitteeSession.status) != SessionStatus.PLANNED
CURRENT = col(CaseDetail.retracted_at).is_(None)
TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)
# ordinary days, the eve of Tết, New Year, a Saturday, and the last year of the calendar
DAYS = (TODAY, date(2026, 2, 13), date(2027, 1, 2), date(2026, 4, 30), date(2027, 8, 16))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The province on TODAY; tests only read it."""
    made = empty(tmp_path_factory.mktemp("demo") / "liem.db")
    demo.fill(made, today=TODAY, now=NOW)
    yield made
    made.dispose()


def empty(path: Path) -> Engine:
    """A ready database without files."""
    url = f"sqlite:///{path}"
    reference_data.prepare(url, now=NOW)
    return make_engine(url)


def verdicts(engine: Engine, today: date) -> list[Verdict]:
    """The verdicts on the open files."""
    with read_session(engine) as session:
        reader = Reader(rulebook(session))
        judged = [judge(facts, reader, today, Thresholds()) for facts in case_facts(session, SYSTEM, as_of=today)]
    return [verdict for verdict in judged if verdict.is_open]


def content(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table but what is made by chance (hashes) or by the clock (the audit chain)."""
    leave_out = {"password_hash", "created_at"}
    with engine.connect() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(*(column for column in table.columns if column.name not in leave_out)).order_by(
                        *table.primary_key.columns
                    )
                )
            ]
            for table in metadata.sorted_tables
            if table.name not in ("audit_entry", "audit_seal", "statutory_limit")
        }


def test_the_same_seed_and_day_give_the_same_province_whatever_the_hour(tmp_path: Path, filled: Engine) -> None:
    other = empty(tmp_path / "other.db")
    demo.fill(other, today=TODAY, now=NOW - timedelta(hours=14))
    assert content(other) == content(filled)
    other.dispose()


def test_another_seed_gives_other_sums(tmp_path: Path, filled: Engine) -> None:
    other = empty(tmp_path / "other.db")
    demo.fill(other, today=TODAY, now=NOW, seed=2)
    assert content(other)["money_entry"] != content(filled)["money_entry"]
    assert Counter(v.bucket for v in verdicts(other, TODAY)) == Counter(v.bucket for v in verdicts(filled, TODAY))
    other.dispose()


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_every_bucket_and_stage_has_files_on_any_day(tmp_path: Path, today: date) -> None:
    made = empty(tmp_path / "liem.db")
    summary = demo.fill(made, today=today, now=NOW)
    assert (summary.as_of, summary.counts["cases"], summary.counts["tasks"]) == (today, 85, 44)
    open_files = verdicts(made, today)
    buckets = Counter(verdict.bucket for verdict in open_files)
    assert len(open_files) == 64
    assert set(buckets) == set(Bucket)
    assert {verdict.stage for verdict in open_files} == set(Stage) - {Stage.UNKNOWN}
    assert 7 <= sum(verdict.is_late for verdict in open_files) <= 10
    assert 4 <= buckets[Bucket.DUE_SOON] <= 8
    assert 3 <= sum((today - verdict.last_event_on).days > 90 for verdict in open_files) <= 5
    made.dispose()


def test_there_are_sixty_cases_and_twenty_five_incidents_with_codes_of_their_kind(filled: Engine) -> None:
    with read_session(filled) as session:
        kinds = session.exec(select(CaseDetail.kind, Case.code).join(Case).where(CURRENT)).all()
    assert Counter(kind for kind, _ in kinds) == {Kind.CASE: 60, Kind.INCIDENT: 25}
    assert all(code.startswith("VA-" if kind is Kind.CASE else "VV-") for kind, code in kinds)


def test_every_file_names_the_agency_that_has_it_and_not_every_file_an_officer(filled: Engine) -> None:
    with read_session(filled) as session:
        details = session.exec(select(CaseDetail).where(CURRENT)).all()
    assert all(detail.lead_agency and detail.lead_agency_id for detail in details)
    without = [detail for detail in details if detail.responsible_id is None]
    assert 5 <= len(without) <= 15


def test_no_fact_lies_after_the_day_or_was_known_before_it_happened(filled: Engine) -> None:
    with read_session(filled) as session:
        rows = [
            *session.exec(select(col(CaseEvent.happened_on), CaseEvent.recorded_at)),
            *session.exec(select(col(MoneyEntry.happened_on), MoneyEntry.recorded_at)),
            *session.exec(select(col(Accused.status_on), Accused.recorded_at)),
            *session.exec(select(col(CommitteeSession.held_on), CommitteeSession.recorded_at).where(HELD)),
            *session.exec(select(col(TaskStep.happened_on), TaskStep.recorded_at)),
            *session.exec(select(col(Task.assigned_on), Task.recorded_at)),
        ]
    assert len(rows) > 1500
    assert all(on < local(at).date() < TODAY for on, at in rows)


def test_facts_happen_on_working_days(filled: Engine) -> None:
    with read_session(filled) as session:
        calendar = rulebook(session).calendar
        days = session.exec(select(col(CaseEvent.happened_on)).where(CaseEvent.precision == "day")).all()
    assert [day for day in days if not calendar.is_workday(day)] == []


def test_an_incident_became_a_case_and_is_linked_to_it(filled: Engine) -> None:
    with read_session(filled) as session:
        case = session.exec(select(Case).where(col(Case.origin_id).is_not(None))).one()
        first = func.min(CaseEvent.happened_on)
        initiated = session.exec(
            select(first).where(CaseEvent.case_id == case.id, CaseEvent.kind == EventKind.CASE_INITIATED)
        ).one()
        transferred = session.exec(
            select(first).where(
                CaseEvent.case_id == case.origin_id, CaseEvent.kind == EventKind.FILE_TRANSFERRED_TO_POLICE
            )
        ).one()
    assert transferred < initiated


def test_one_file_was_returned_twice_and_some_dates_are_known_by_month(filled: Engine) -> None:
    with read_session(filled) as session:
        returned = session.exec(select(CaseEvent.case_id).where(CaseEvent.kind == EventKind.RETURNED_VKS)).all()
        monthly = session.exec(
            select(col(CaseEvent.kind), col(CaseEvent.happened_on)).where(CaseEvent.precision == "month")
        ).all()
    assert Counter(returned).most_common(1)[0][1] == 2
    assert {EventKind.CASE_INITIATED, EventKind.REPORT_RECEIVED} <= {kind for kind, _ in monthly}
    assert all(day.day == 1 for _, day in monthly)


def test_files_ended_in_this_and_in_last_year(filled: Engine) -> None:
    with read_session(filled) as session:
        ended = session.exec(
            select(col(CaseEvent.happened_on)).where(CaseEvent.kind == EventKind.SUPERVISION_ENDED)
        ).all()
    assert len(ended) == 21
    assert {day.year for day in ended} == {2025, 2026}


def test_the_money_is_in_proportion_and_in_every_state(filled: Engine) -> None:
    with read_session(filled) as session:
        day = figures.day_figures(session, SYSTEM, as_of=TODAY)
        quantities = set(session.exec(select(MoneyEntry.quantity).distinct()))
        units = set(session.exec(select(MoneyEntry.unit).distinct()))
    must, recovered = day.value("money.must_recover"), day.value("money.recovered")
    assert 0.25 <= recovered / must <= 0.40
    assert recovered < day.value("money.eligible") < must < day.value("money.damage")
    assert quantities >= {
        Quantity.APPROPRIATED, Quantity.NOT_ELIGIBLE, Quantity.FROZEN, Quantity.ATTACHED, Quantity.RECOVERED,
        Quantity.RECOVERED_JUDICIAL, Quantity.RECOVERED_ADMIN, Quantity.TO_BUDGET, Quantity.TO_VICTIM,
    }  # fmt: skip
    assert units == {"", "m²", "USD"}


def test_one_sum_reported_before_the_last_session_was_corrected_after_it(filled: Engine) -> None:
    with read_session(filled) as session:
        last = session.exec(
            select(func.max(CommitteeSession.held_on)).where(CommitteeSession.kind == SessionKind.COMMITTEE, HELD)
        ).one()
        wrong = session.exec(select(MoneyEntry).where(col(MoneyEntry.retracted_at).is_not(None))).one()
        right = session.exec(
            select(MoneyEntry).where(
                MoneyEntry.case_id == wrong.case_id,
                MoneyEntry.quantity == wrong.quantity,
                MoneyEntry.happened_on == wrong.happened_on,
                col(MoneyEntry.retracted_at).is_(None),
            )
        ).one()
    assert wrong.retracted_at is not None
    assert wrong.recorded_at.date() < last < wrong.retracted_at.date()
    assert (right.recorded_at, right.amount_vnd < wrong.amount_vnd) == (wrong.retracted_at, True)


def test_four_sessions_and_the_standing_meetings_are_numbered_in_order(filled: Engine) -> None:
    with read_session(filled) as session:
        held = session.exec(select(CommitteeSession).where(HELD).order_by(col(CommitteeSession.held_on))).all()
    for kind, count in ((SessionKind.COMMITTEE, 4), (SessionKind.STANDING, 11)):
        assert [one.number for one in held if one.kind is kind] == list(range(1, count + 1))
    last = [one.held_on for one in held if one.kind is SessionKind.COMMITTEE][-1]
    assert 35 <= (TODAY - last).days <= 49
    assert {one.term for one in held} == {settings().term}


def test_one_session_is_still_to_come_and_counts_nowhere(filled: Engine) -> None:
    with read_session(filled) as session:
        (coming,) = session.exec(select(CommitteeSession).where(~HELD)).all()
        assert coming.number == 5 and coming.held_on > TODAY
        counted = report_figures(session, SYSTEM, period=parse_period(str(TODAY.year)), as_of=TODAY)
        assert coming.id not in {row.id for row in sessions(session)}
        open_for_it = open_matters(session, SYSTEM, coming.id or 0, as_of=TODAY)
    assert counted.value("sessions.committee") <= 4
    assert open_for_it.tasks and open_for_it.late_total


def test_every_held_session_has_an_agenda_attendance_and_a_line_for_each_of_its_tasks(filled: Engine) -> None:
    with read_session(filled) as session:
        for line in session_lines(session, SYSTEM, as_of=TODAY, today=TODAY):
            file = session_file(session, SYSTEM, line.id, as_of=TODAY)
            assert file.agenda and bool(file.attendance) == file.is_held
            assert all(row.is_task or row.tasks for row in file.conclusions) and file.other_tasks == 0


def test_tasks_are_in_every_state(filled: Engine) -> None:
    with read_session(filled) as session:
        tasks = session.exec(select(Task)).all()
    states = Counter(_state(task) for task in tasks)
    assert set(states) == set(TaskStatus)
    assert 7 <= states[TaskStatus.LATE] <= 12
    done = [(task.claimed_on, task.due_on) for task in tasks if task.done_on]
    late = sum(claimed is not None and due is not None and claimed > due for claimed, due in done)
    assert 0 < late < len(done)
    for task in tasks:
        dates = [day for day in (task.claimed_on, task.done_on, task.cancelled_on) if day]
        assert task.due_on and task.due_on >= task.assigned_on
        assert all(task.assigned_on <= day < TODAY for day in dates)


def _state(task: Task) -> TaskStatus:
    if task.cancelled_on:
        return TaskStatus.CANCELLED
    if task.done_on:
        return TaskStatus.DONE
    if task.claimed_on:
        return TaskStatus.CLAIMED
    return TaskStatus.LATE if task.due_on and task.due_on < TODAY else TaskStatus.OPEN


def test_nobody_is_named_people_are_functions_and_accused_are_codes(filled: Engine) -> None:
    with read_session(filled) as session:
        people = session.exec(select(Person)).all()
        codes = set(session.exec(select(Accused.code)))
    assert all(person.display_name == person.function for person in people)
    assert all(person.email.endswith("@minhchau.example") for person in people)
    assert all(code.startswith("BC-") and code[3:].isdigit() for code in codes)


def test_each_case_has_as_many_accused_as_it_says(filled: Engine) -> None:
    with read_session(filled) as session:
        said = dict(iter(session.exec(select(CaseDetail.case_id, CaseDetail.accused_count).where(CURRENT))))
        rows = Counter(session.exec(select(Accused.case_id)))
    assert {case_id: count for case_id, count in said.items() if count} == rows


def test_the_demo_accounts_open_with_the_passwords_that_are_printed(filled: Engine) -> None:
    with read_session(filled) as session:
        hashes = dict(iter(session.exec(select(Account.login, Account.password_hash))))
        roles = dict(iter(session.exec(select(Account.login, Account.role))))
    assert (
        set(hashes)
        == {login.login for login in demo.ACCOUNTS}
        == {*("uyvien", "truongban", "thuky", "daumoi.csdt", "kiemtra", "quantri")}
    )
    for login in demo.ACCOUNTS:
        assert PasswordHasher().verify(hashes[login.login], login.password)
        assert roles[login.login] is login.role
        classes = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        assert len(login.password) >= 14 and all(any(map(kind, login.password)) for kind in classes)


def test_a_database_that_holds_files_is_refused_and_left_as_it_is(filled: Engine) -> None:
    before = content(filled)
    with pytest.raises(NotEmpty):
        demo.fill(filled, today=TODAY, now=NOW)
    assert content(filled) == before


def test_filling_leaves_one_audit_row_that_says_how_much(filled: Engine) -> None:
    with read_session(filled) as session:
        entries = session.exec(select(AuditEntry).where(AuditEntry.action == "demo")).all()
    assert len(entries) == 1
    assert '"cases":85' in entries[0].after


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.SECRETARIAT, cast.ADMINISTRATOR, cast.STRANGER])
def test_only_the_system_operator_may_fill_a_database(engine: Engine, viewer: Viewer) -> None:
    nothing = Province(*([] for _ in fields(Province)))
    with transaction(engine) as session, pytest.raises(Forbidden):
        write_province(session, viewer, nothing, [], seed=1, now=NOW)


def test_the_province_is_the_same_on_postgresql(postgres_url: str, filled: Engine) -> None:
    made = make_engine(postgres_url)
    reference_data.ensure_ready(made, now=NOW)
    demo.fill(made, today=TODAY, now=NOW)
    ours, theirs = content(filled), content(made)
    assert ours["case_event"] == theirs["case_event"]
    assert Counter(v.bucket for v in verdicts(made, TODAY)) == Counter(v.bucket for v in verdicts(filled, TODAY))
    with transaction(made) as session:
        session.add(Case(code="VA-2026-999", created_at=NOW))  # ids go on after those of the demo
    made.dispose()


def test_the_demo_command_fills_once_and_prints_the_accounts(installation: Engine) -> None:
    run = CliRunner()
    app = typer.Typer()
    demo.register(app)
    first = run.invoke(app, ["demo", "--as-of", "2026-11-21"])
    assert first.exit_code == 0
    assert [line.split()[:2] for line in first.stdout.splitlines()] == [
        [login.login, login.password] for login in demo.ACCOUNTS
    ]
    assert len(verdicts(installation, TODAY)) == 64
    again = run.invoke(app, ["demo"])
    assert isinstance(again.exception, NotEmpty) and again.exception.exit_code == 1


def test_the_demo_command_refuses_a_day_that_is_none_and_writes_nothing(installation: Engine) -> None:
    app = typer.Typer()
    demo.register(app)
    refused = CliRunner().invoke(app, ["demo", "--as-of", "21/11/2026"])
    assert isinstance(refused.exception, BadUsage) and refused.exception.exit_code == 2
    assert verdicts(installation, TODAY) == []


def test_the_migrate_command_brings_the_reference_data_along(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIEM_DATABASE_URL", empty_database_url)
    settings.cache_clear()
    engine_of_installation.cache_clear()
    app = typer.Typer()
    demo.register(app)
    try:
        assert CliRunner().invoke(app, ["migrate"]).exit_code == 0
        with read_session() as session:
            assert "INV" in rulebook(session).codes
        with transaction() as session:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        assert isinstance(CliRunner().invoke(app, ["migrate"]).exception, SchemaAhead)
    finally:
        engine_of_installation().dispose()
        engine_of_installation.cache_clear()
        settings.cache_clear()


def test_the_requests_of_the_demo_stand_in_every_state_and_some_are_urgent_or_partly_answered(filled: Engine) -> None:
    with read_session(filled) as session:
        found = coordination_page(session, SYSTEM, as_of=TODAY)
    assert all(found.counts.values()), found.counts
    assert {row.urgent for row in found.rows} == {True, False}
    assert [row.facts.partial for row in found.rows].count(True) == 1
    assert {bool(row.case_code) for row in found.rows} == {True, False}
    assert any(row.clock.state is CoordinationState.REPLIED and row.clock.is_late for row in found.rows)
