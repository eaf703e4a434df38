"""A guard over every test of a change: who records a fact of a file raises the file's revision, or the test fails.

The scan judges afresh the files whose revision was raised and no others: a change that forgets it leaves a wrong date
on the page. Triggers in the test's SQLite file note which files get a fact and which are raised; before a commit the
two are compared.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

FACTS = ("accused", "case_detail", "case_event", "money_entry", "task")  # what verdicts and money lines are made of

PAST_THE_CHANGES = {"test_search"}  # writes facts by hand, for the search table to notice


def guard(engine: Engine) -> None:
    """Note facts and raised revisions in this database, and refuse a commit that forgot one."""
    with engine.begin() as connection:
        run = connection.exec_driver_sql
        run("CREATE TABLE test_touched (case_id INTEGER)")
        run("CREATE TABLE test_raised (case_id INTEGER)")
        run("CREATE TRIGGER test_new AFTER INSERT ON case_file BEGIN INSERT INTO test_raised VALUES (NEW.id); END")
        run(
            "CREATE TRIGGER test_revised AFTER UPDATE OF revision ON case_file WHEN NEW.revision > OLD.revision"
            " BEGIN INSERT INTO test_raised VALUES (NEW.id); END"
        )
        for table in FACTS:
            for what in ("INSERT", "UPDATE"):
                run(
                    f"CREATE TRIGGER test_{what}_{table} AFTER {what} ON {table} WHEN NEW.case_id IS NOT NULL"
                    " BEGIN INSERT INTO test_touched VALUES (NEW.case_id); END"
                )
            run(
                f"CREATE TRIGGER test_away_{table} AFTER UPDATE OF case_id ON {table} WHEN OLD.case_id IS NOT NULL"
                " BEGIN INSERT INTO test_touched VALUES (OLD.case_id); END"
            )
    event.listen(engine, "commit", nothing_forgotten)


def nothing_forgotten(connection: Connection) -> None:
    """Before a commit: every file that got a fact was raised."""
    cursor: Any = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
    forgotten = cursor.execute("SELECT case_id FROM test_touched EXCEPT SELECT case_id FROM test_raised").fetchall()
    if forgotten:
        cursor.execute("ROLLBACK")
        raise AssertionError(f"facts of the files {forgotten} change, and their revision was not raised")
    for table in ("test_touched", "test_raised"):
        cursor.execute(f"DELETE FROM {table}")


@pytest.fixture
def engine(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The database of the test, guarded where it is SQLite; the statements are the same on the other."""
    if engine.dialect.name == "sqlite" and request.module.__name__.rpartition(".")[2] not in PAST_THE_CHANGES:
        guard(engine)
    yield engine
