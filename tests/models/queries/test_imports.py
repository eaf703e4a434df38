"""The imports so far, for those who may import."""

from datetime import UTC, datetime

import pytest

from models.db import read_session, transaction
from models.errors import Forbidden
from models.queries.imports import import_batches
from models.tables import ImportBatch
from tests import cast

NOON = datetime(2026, 11, 21, 5, tzinfo=UTC)


def applied(session, name: str, by: int | None = None) -> None:
    session.add(
        ImportBatch(file_name=name, sha256="0" * 64, counts={"cases": {"new": 3}}, applied_at=NOON, applied_by=by)
    )
    session.flush()


def test_the_latest_import_stands_first_with_who_applied_it(engine):
    with transaction(engine) as session:
        people = cast.accounts(session)
        applied(session, "a.xlsx")
        applied(session, "b.xlsx", people.secretariat.account_id)
        found = import_batches(session, people.secretariat)
    assert [(row.file_name, row.applied_by) for row in found] == [("b.xlsx", "Người dùng thuky"), ("a.xlsx", "")]
    assert found[0].counts == {"cases": {"new": 3}} and found[0].applied_at == NOON


def test_only_the_latest_are_asked_for(engine):
    with transaction(engine) as session:
        for number in range(3):
            applied(session, f"{number}.xlsx")
        assert [row.file_name for row in import_batches(session, cast.SECRETARIAT, limit=2)] == ["2.xlsx", "1.xlsx"]


@pytest.mark.parametrize("viewer", [cast.MEMBER, *cast.OUTSIDERS], ids=lambda viewer: viewer.name)
def test_who_may_not_import_is_refused(engine, viewer):
    with read_session(engine) as session, pytest.raises(Forbidden):
        import_batches(session, viewer)
