"""Versions of facts: a new one is added, an old one retracted; none is edited or deleted."""

from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from models.base import Base
from models.changes._opened import Opened, may_record, open_file
from models.changes._secrecy import refuse_words
from models.errors import NotFound
from models.queries._visible import sees
from models.rules.access import Viewer
from models.rules.words import Words
from models.tables import Case

F = TypeVar("F", bound=Base)


def add(session: Session, fact: F) -> F:
    """The fact, stored with its id. Raises FieldErrors for words about a file with a level of secrecy."""
    told = fact.model_dump()
    if "case_id" in told:
        refuse_words(session, told["case_id"], str(fact.__tablename__), told)
    session.add(fact)
    session.flush()
    return fact


def retract(file: Opened, fact: Any, why: str) -> None:
    """The fact does not hold from now on."""
    fact.retracted_at, fact.retracted_by, fact.retract_reason = file.now, file.viewer.account_id, why
    file.session.add(fact)
    file.session.flush()


def recorded(file: Opened, replaces: Any = None) -> dict[str, Any]:
    """What every fact says of its recording; `replaces` is the version that it corrects."""
    said = {"case_id": file.id, "recorded_at": file.now, "recorded_by": file.viewer.account_id}
    return said if replaces is None else {**said, "replaces_id": replaces.id}


def open_fact(
    session: Session, viewer: Viewer, table: type[F], fact_id: int, *, revision: int, now: datetime, missing: Words
) -> tuple[Opened, F]:
    """The file of a fact, opened for a change, and the fact, which holds now.

    Raises Forbidden, StaleCase, and NotFound(missing) for a fact that does not hold or that the viewer may not see.
    """
    may_record(viewer)
    columns: Any = table
    asked = select(Case.code).join(table, columns.case_id == col(Case.id)).where(columns.id == fact_id, sees(viewer))
    code = session.exec(asked).first()
    if code is None:
        raise NotFound(missing)
    file = open_file(session, viewer, code, revision=revision, now=now)
    fact: Any = session.get(table, fact_id, populate_existing=True)
    if fact is None or fact.retracted_at is not None:
        raise NotFound(missing)
    return file, fact
