"""The step to planned sessions keeps every session that was held, and on the way back makes none of a plan."""

from alembic import command
from sqlalchemy import text

from models.db import alembic_config, make_engine

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
