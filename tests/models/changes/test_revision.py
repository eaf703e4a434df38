"""Who records a fact of a file raises its revision: the guard over the tests of changes is on watch itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.base import Base
from models.changes._revision import raise_revisions
from models.db import make_engine, transaction
from models.queries import facts, money
from models.tables import Case, CaseEvent, Task
from tests import make
from tests.models.changes.conftest import FACTS, guard


@pytest.fixture
def guarded(sqlite_url: str) -> Engine:
    engine = make_engine(sqlite_url)
    guard(engine)
    with transaction(engine) as session:
        for code in ("VA-1", "VA-2"):
            make.case(session, code=code, events=[("case_initiated", "2026-03-02")])
        file = session.exec(select(Case)).first()
        make.task(session, code="NV-1", case=file)
    return engine


def test_a_fact_without_a_raised_revision_is_refused(guarded: Engine) -> None:
    with pytest.raises(AssertionError, match="not raised"), transaction(guarded) as session:
        session.exec(select(CaseEvent)).first().retracted_at = datetime(2026, 4, 1, tzinfo=UTC)  # type: ignore[union-attr]
    with transaction(guarded) as session:
        event = session.exec(select(CaseEvent)).first()
        assert event
        event.retracted_at = datetime(2026, 4, 1, tzinfo=UTC)
        raise_revisions(session, [event.case_id])


def test_a_task_that_goes_to_another_file_concerns_both(guarded: Engine) -> None:
    with pytest.raises(AssertionError, match="not raised"), transaction(guarded) as session:
        task = session.exec(select(Task)).one()
        task.case_id = 2
        raise_revisions(session, [2])
    with transaction(guarded) as session:
        session.exec(select(Task)).one().case_id = 2
        raise_revisions(session, [1, 2])


def test_every_table_that_verdicts_and_money_lines_are_made_of_is_guarded() -> None:
    read = {
        table.__tablename__
        for module in (facts, money)
        for table in vars(module).values()
        if isinstance(table, type) and issubclass(table, Base) and "case_id" in table.__table__.c  # type: ignore[attr-defined]
    }
    assert read - {"money_line"} == set(FACTS)
