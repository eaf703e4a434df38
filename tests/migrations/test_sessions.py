"""The step to planned sessions keeps every session that was held, and on the way back makes none of a plan."""

from alembic import command
from sqlalchemy import text

from models.db import alembic_config, make_engine
from tests.migrations.test_roles import ACCOUNT, PERSON

HELD = """INSERT INTO committee_session (id, term, kind, number, held_on, place, subject, notice, recorded_at)
    VALUES (1, '2025-2030', 'committee', 1, '2026-01-15', '', '', '', '2026-01-15 01:00:00+00:00')"""
PLANNED = """INSERT INTO committee_session
    (id, term, kind, number, held_on, place, subject, notice, recorded_at, status)
    VALUES (:id, '2025-2030', 'committee', :id, '2026-12-15', '', '', '', '2026-11-15 01:00:00+00:00', 'planned')"""
TASK = """INSERT INTO task
    (id, code, origin, content, session_id, assigned_on, progress, evidence, recorded_at, retract_reason)
    VALUES (1, 'NV-1', 'conclusion', 'x', 3, '2026-11-16', '', '', '2026-11-16 01:00:00+00:00', '')"""


def test_a_session_that_is_only_planned_is_held_by_no_step_back(empty_database_url: str) -> None:
    steps = alembic_config(empty_database_url)
    command.upgrade(steps, "0007")
    engine = make_engine(empty_database_url)

    def run(statement: str, **given: int) -> list[tuple[object, ...]]:
        with engine.begin() as connection:
            done = connection.execute(text(statement), given)
            return [tuple(row) for row in done] if done.returns_rows else []

    run(HELD)
    command.upgrade(steps, "0008")
    assert run("SELECT status FROM committee_session") == [("held",)]
    run(PLANNED, id=2)
    run(PLANNED, id=3)
    run(TASK)
    command.downgrade(steps, "0007")
    assert run("SELECT id FROM committee_session ORDER BY id") == [(1,), (3,)]  # a task names the third: it stays
    engine.dispose()


VERSION = """INSERT INTO session_version
    (session_id, version, held_on, place, subject, notice, chair, is_extraordinary, status, recorded_at, retracted_at,
     retract_reason)
    VALUES (1, :version, '2026-01-15', '', '', '', '', false, 'held', '2026-01-15 01:00:00+00:00', :at, '')"""
SAID = """INSERT INTO audit_entry (id, at, actor, address, action, subject, before, after, previous_hash, hash)
    VALUES (:id, :at, 'thuky', '', 'session_changed', :subject, :before, '', :hash, :hash)"""
POINT = """INSERT INTO agenda_item (id, session_id, number, kind, title, note, task_code, recorded_at, retracted_at)
    VALUES (:id, 1, :number, 'report', '', '', '', '2026-01-15 01:00:00+00:00', :gone)"""

DRAFT = """INSERT INTO form_draft (id, account_id, form, subject, token, "values", saved_at)
    VALUES (:id, 1, 'session_point', :subject, :token, '{}', '2026-02-01 01:00:00+00:00')"""


def test_earlier_records_of_a_session_take_their_names_from_the_chain_and_points_one(
    empty_database_url: str,
) -> None:
    """The session was number 7, then 8 (told by the chain), then 9 (its row is archived), and is number 1 now."""
    steps = alembic_config(empty_database_url)
    command.upgrade(steps, "0031")
    engine = make_engine(empty_database_url)
    times = [f"2026-02-0{day} 01:00:00+00:00" for day in (1, 2, 3)]

    def run(statement: str, **given: object) -> list[tuple[object, ...]]:
        with engine.begin() as connection:
            done = connection.execute(text(statement), given)
            return [tuple(row) for row in done] if done.returns_rows else []

    def drafts() -> list[object]:
        return [subject for (subject,) in run("SELECT subject FROM form_draft ORDER BY id")]

    run(HELD)
    for version, at in enumerate(times, start=1):
        run(VERSION, version=version, at=at)
    for id, (at, after, before) in enumerate(zip(times, (8, 1), (7, 8), strict=False), start=1):
        told = f'{{"kind":"standing","number":{before},"term":"2020-2025"}}'
        subject = f"session:2020-2025/standing/{after}" if after == 8 else "session:2025-2030/committee/1"
        run(SAID, id=id, at=at, subject=subject, before=told, hash=str(id))
    for id, number, gone in ((4, 1, None), (5, 2, None), (6, 2, times[0])):
        run(POINT, id=id, number=number, gone=gone)
    run(PERSON, id=1)
    run(ACCOUNT, id=1, login="thuky", role="secretariat", clearance="none", no=False)
    for place in (1, 2, 9):
        run(DRAFT, id=place, subject=f"session:1/{place}", token=str(place))
    command.upgrade(steps, "0032")
    assert drafts() == ["session:1/4", "session:1/5", "session:1/9"]
    named = run("SELECT version, term, kind, number FROM session_version ORDER BY version")
    assert named == [(1, "2020-2025", "standing", 7), (2, "2020-2025", "standing", 8), (3, "2025-2030", "committee", 1)]
    assert run("SELECT id, point FROM agenda_item ORDER BY id") == [(4, 4), (5, 5), (6, 6)]
    command.downgrade(steps, "0031")
    assert drafts() == ["session:1/1", "session:1/2", "session:1/9"]
    assert len(run("SELECT version, held_on FROM session_version")) == 3 and len(run("SELECT id FROM agenda_item")) == 3
    engine.dispose()
