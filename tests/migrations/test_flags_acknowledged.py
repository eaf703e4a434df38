"""The step to flags that can be acknowledged keeps every flag, there and back; the verdicts are made anew."""

from datetime import date

import pytest
from alembic import command
from sqlalchemy import text

from models.db import alembic_config, make_engine, migrate
from models.enums import FlagRule

CASE = "INSERT INTO case_file (id, code, revision, created_at) VALUES (1, 'VA-1', 1, '2026-01-05 01:00:00+00:00')"
FLAG = """INSERT INTO flag (id, case_id, rule, subject, opened_on, closed_on, article, why, recorded_at)
    VALUES (:id, 1, 'S1', 'INV:2026-03-02', '2026-06-03', :closed, '172(1)', '[]', '2026-06-03 01:00:00+00:00')"""
VERDICT = """INSERT INTO judgement
    (case_id, kind, judged_on, bucket, stage, round, owner, rule, article, days_late, approximate, why)
    VALUES (1, 'case', '2026-06-03', 'overdue_1_30', 'investigation', 1, 'police', 'INV', '172(1)', 1, :no, '[]')"""
STATE = "INSERT INTO scan_state VALUES (1, '2026-06-03', 1, 1, '2026-06-03 01:00:00+00:00')"


@pytest.fixture
def before(empty_database_url):
    """A database of the step before, with an open flag, a closed one, and a verdict."""
    command.upgrade(alembic_config(empty_database_url), "0001")
    made = make_engine(empty_database_url)
    with made.begin() as connection:
        connection.execute(text(CASE))
        for number, closed in ((1, "2026-05-04"), (2, None)):
            connection.execute(text(FLAG), {"id": number, "closed": closed})
        connection.execute(text(VERDICT), {"no": False})
        connection.execute(text(STATE))
    yield made
    made.dispose()


def rows(engine, asked):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


def test_every_flag_is_kept_and_the_verdicts_are_left_to_the_next_scan(before, empty_database_url):
    migrate(empty_database_url)
    kept = rows(before, "SELECT id, rule, subject, owner, look_again_on FROM flag ORDER BY id")
    assert kept == [(1, FlagRule.S1, "INV:2026-03-02", None, None), (2, FlagRule.S1, "INV:2026-03-02", None, None)]
    assert rows(before, "SELECT * FROM judgement") == rows(before, "SELECT * FROM scan_state") == []


def test_the_way_back_keeps_the_flags_and_the_rule_of_one_open_flag(before, empty_database_url):
    migrate(empty_database_url)
    command.downgrade(alembic_config(empty_database_url), "0001")
    assert [row[0] for row in rows(before, "SELECT id FROM flag ORDER BY id")] == [1, 2]
    with pytest.raises(Exception, match=r"(?i)unique"), before.begin() as connection:
        connection.execute(text(FLAG), {"id": 3, "closed": None})
    with before.begin() as connection:
        connection.execute(text(VERDICT), {"no": False})


def test_a_flag_takes_only_the_owners_there_are(before, empty_database_url):
    migrate(empty_database_url)
    with pytest.raises(Exception, match=r"(?i)check"), before.begin() as connection:
        connection.execute(text("UPDATE flag SET owner = 'nobody'"))
    with before.begin() as connection:
        connection.execute(text("UPDATE flag SET owner = 'police', look_again_on = :day"), {"day": date(2026, 7, 1)})
