"""The revision of a file: raised by every change of its facts, so that nobody overwrites a colleague unseen."""

from collections.abc import Iterable

from sqlmodel import Session

from models.queries.workbook import chunks
from models.tables import Case


def raise_revisions(session: Session, case_ids: Iterable[int]) -> None:
    """The facts of these files change in this transaction: whoever shows the old revision is behind now."""
    table = Case.__table__  # type: ignore[attr-defined]
    for part in chunks(sorted(set(case_ids))):
        session.connection().execute(table.update().where(table.c.id.in_(part)).values(revision=table.c.revision + 1))
