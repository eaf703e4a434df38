"""The step to requests, releases and flags of tasks keeps every fact and flag, there and back."""

import pytest
from alembic import command
from sqlalchemy import text

from models.db import alembic_config, make_engine

CASE = "INSERT INTO case_file (id, code, revision, created_at) VALUES (1, 'VA-1', 1, '2026-01-05 01:00:00+00:00')"
EVENT = """INSERT INTO case_event
    (id, case_id, kind, happened_on, precision, detail, document, body, length, source, recorded_at, retract_reason)
    VALUES (:id, 1, :kind, '2026-03-02', :precision, '', '', '', '', '', '2026-03-03 01:00:00+00:00', '')"""
FLAG = """INSERT INTO flag (id, case_id, rule, subject, opened_on, closed_on, article, why, recorded_at, owner)
    VALUES (:id, :file, :rule, 'NV-1', '2026-06-03', :closed, '', '[]', '2026-06-03 01:00:00+00:00', :owner)"""


def event(engine, **given):
    with engine.begin() as connection:
        connection.execute(text(EVENT), {"precision": "day", **given})


def flag(engine, **given):
    with engine.begin() as connection:
        connection.execute(text(FLAG), {"rule": "S8", "closed": None, "owner": "police", "file": None, **given})


def rows(engine, asked):
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(asked))]


@pytest.fixture
def before(empty_database_url):
    """A database of the step before, with an event, an open flag and a closed one."""
    command.upgrade(alembic_config(empty_database_url), "0004")
    made = make_engine(empty_database_url)
    with made.begin() as connection:
        connection.execute(text(CASE))
    event(made, id=1, kind="detention_ordered")
    flag(made, id=1, file=1)
    flag(made, id=2, file=1, closed="2026-06-05")
    yield made
    made.dispose()


@pytest.fixture
def after(before, empty_database_url):
    command.upgrade(alembic_config(empty_database_url), "0005")
    return before


def refused(word: str):
    return pytest.raises(Exception, match=rf"(?i){word}")


NEW = ("detention_ended", "verification_extended", "file_delivery_extended", "trial_opening_extended",
       "inspection_extended")  # fmt: skip


@pytest.mark.parametrize("kind", NEW)
def test_a_kind_of_its_own_is_refused_before_taken_after_and_a_note_on_the_way_back(before, empty_database_url, kind):
    with refused("check"):
        event(before, id=2, kind=kind)
    command.upgrade(alembic_config(empty_database_url), "0005")
    event(before, id=2, kind=kind)
    assert rows(before, "SELECT kind FROM case_event WHERE id = 2") == [(kind,)]
    command.downgrade(alembic_config(empty_database_url), "0004")
    assert rows(before, "SELECT kind FROM case_event ORDER BY id") == [("detention_ordered",), ("progress_note",)]
    with refused("check"):
        event(before, id=3, kind=kind)


def test_before_it_no_detention_ends_by_release_and_no_flag_stands_without_a_file(before):
    with refused("check"):
        event(before, id=2, kind="detention_ended")
    with refused("null"):
        flag(before, id=3)


def test_after_it_both_are_taken_and_what_was_there_is_there(after):
    event(after, id=2, kind="detention_ended")
    flag(after, id=3)
    assert rows(after, "SELECT id, kind FROM case_event ORDER BY id") == [
        (1, "detention_ordered"), (2, "detention_ended"),
    ]  # fmt: skip
    assert rows(after, "SELECT id, case_id, owner FROM flag ORDER BY id") == [
        (1, 1, "police"), (2, 1, "police"), (3, None, "police"),
    ]  # fmt: skip


def test_the_lists_are_checked_as_before_and_of_one_task_one_flag_is_open(after):
    for wrong, word in (
        ({"id": 9, "kind": "nonsense"}, "check"),
        ({"id": 9, "kind": "wanted", "precision": "year"}, "check"),
    ):
        with refused(word):
            event(after, **wrong)
    flag(after, id=3)
    flag(after, id=4, rule="S9")
    flag(after, id=5, closed="2026-06-09")
    for flagged, word in (
        ({"id": 9, "rule": "S99"}, "check"),
        ({"id": 9, "rule": "S1", "owner": "nobody"}, "check"),
        ({"id": 9}, "unique"),
        ({"id": 9, "file": 1}, "unique"),
    ):
        with refused(word):
            flag(after, **flagged)


def test_the_way_back_keeps_the_flags_of_files_and_tells_a_release_as_a_note(after, empty_database_url):
    event(after, id=2, kind="detention_ended")
    flag(after, id=3)
    command.downgrade(alembic_config(empty_database_url), "0004")
    assert rows(after, "SELECT id, kind FROM case_event ORDER BY id") == [
        (1, "detention_ordered"), (2, "progress_note"),
    ]  # fmt: skip
    assert rows(after, "SELECT id, owner FROM flag ORDER BY id") == [(1, "police"), (2, "police")]
    with refused("check"):
        flag(after, id=9, file=1, rule="S1", owner="nobody")
    with refused("null"):
        flag(after, id=9, rule="S1")
    command.upgrade(alembic_config(empty_database_url), "0005")
    assert rows(after, "SELECT count(*) FROM coordination_request") == [(0,)]
