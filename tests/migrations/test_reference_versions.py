"""The step to versions of the reference data keeps every rule and every day, there and back."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import text
from sqlmodel import select

from models.changes.calendar import DayDraft, add_day
from models.db import alembic_config, make_engine, migrate, read_session, transaction
from models.enums import DayKind, Origin
from models.queries.reference import current_limits, days_of, rulebook
from models.tables import StatutoryLimit
from tests import cast

KNOWN, LATER = datetime(2026, 1, 5, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
FIRST, SECOND = "2026-01-05 01:00:00+00:00", "2026-02-01 00:00:00+00:00"
LIMITS = """INSERT INTO statutory_limit
    (id, code, stage, severity, base_limit, extension_no, extension_length, max_total, article, law, notes, verified,
     valid_from, valid_to, recorded_at, retracted_at)
    VALUES (:id, 'PROS', 'prosecution_decision', 'any', :length, 0, '', :length, '240(1)', 'CPC', '', 'yes',
     '2018-01-01', NULL, :recorded, :retracted)"""
DAYS = """INSERT INTO special_day (day, kind, name_vi, name_en, name_fr, source, verified)
    VALUES (:day, 'holiday', 'Quốc khánh', 'National Day', '', 'TB', 'partial')"""


@pytest.fixture
def before(empty_database_url):
    """A database of the step before, with two versions of a limit and two holidays."""
    command.upgrade(alembic_config(empty_database_url), "0002")
    made = make_engine(empty_database_url)
    with made.begin() as connection:
        connection.execute(text("INSERT INTO data_version (id, n) VALUES (1, 1)"))
        for id_, length, recorded, retracted in ((3, "15d", FIRST, SECOND), (7, "20d", SECOND, None)):
            values = {"id": id_, "length": length, "recorded": recorded, "retracted": retracted}
            connection.execute(text(LIMITS), values)
        for day in ("2026-09-02", "2026-09-01"):
            connection.execute(text(DAYS), {"day": day})
    yield made
    made.dispose()


def test_rules_and_days_keep_what_they_say_and_are_known_since_the_first_load(before, empty_database_url):
    migrate(empty_database_url)
    with read_session(before) as session:
        old = session.get_one(StatutoryLimit, 3)
        assert (old.base_limit, old.origin, old.retracted_by) == ("15d", Origin.SHIPPED, Origin.SHIPPED)
        [limit] = current_limits(session)
        assert (limit.id, limit.base_limit, limit.recorded_at, limit.retracted_by) == (7, "20d", LATER, None)
        days = days_of(session, 2026)
        assert [(day.day, day.name_vi, day.origin) for day in days] == [
            (date(2026, 9, 1), "Quốc khánh", Origin.SHIPPED),
            (date(2026, 9, 2), "Quốc khánh", Origin.SHIPPED),
        ]
        assert {day.recorded_at for day in days} == {KNOWN}
        assert str(rulebook(session, known_at=KNOWN).limit("PROS", None, date(2026, 3, 2)).base) == "15d"


def test_new_versions_get_new_ids_and_the_way_back_keeps_what_holds(before, empty_database_url):
    migrate(empty_database_url)
    with transaction(before) as session:
        draft = DayDraft(date(2026, 9, 3), DayKind.HOLIDAY, "Nghỉ thêm")
        add_day(session, cast.ADMINISTRATOR, draft, source="TB", reason="thử", now=KNOWN)
    command.downgrade(alembic_config(empty_database_url), "0002")
    with before.connect() as connection:
        days = connection.execute(text("SELECT day FROM special_day ORDER BY day")).scalars().all()
        limits = connection.execute(text("SELECT id, base_limit FROM statutory_limit ORDER BY id")).all()
    assert [str(day) for day in days] == ["2026-09-01", "2026-09-02", "2026-09-03"]
    assert [tuple(row) for row in limits] == [(3, "15d"), (7, "20d")]
    migrate(empty_database_url)
    with read_session(before) as session:
        assert len(session.exec(select(StatutoryLimit)).all()) == 2
