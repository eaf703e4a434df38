"""Which workbooks were applied, when and by whom."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from models.errors import Forbidden
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import Account, HeadingMap, ImportBatch, Person


class BatchRow(NamedTuple):
    """One applied import. `counts` as `liem import --json` gives them; `applied_by` is empty for the local operator.

    `undone_at` and `undo_reason` say when and why it was taken back, if it was.
    """

    id: int
    file_name: str
    sha256: str
    counts: dict[str, Any]
    applied_at: datetime
    applied_by: str
    undone_at: datetime | None = None
    undo_reason: str = ""


def import_batches(session: Session, viewer: Viewer, *, limit: int = 20) -> list[BatchRow]:
    """The latest imports that changed something, newest first. Raises Forbidden."""
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("This account may not record facts."))
    asked = (
        select(ImportBatch, Person.display_name)
        .outerjoin(Account, col(Account.id) == col(ImportBatch.applied_by))
        .outerjoin(Person, col(Person.id) == col(Account.person_id))
        .order_by(col(ImportBatch.id).desc())
        .limit(limit)
    )
    return [
        BatchRow(
            batch.id or 0,
            batch.file_name,
            batch.sha256,
            dict(batch.counts),
            batch.applied_at,
            name or "",
            batch.undone_at,
            batch.undo_reason or "",
        )  # fmt: skip
        for batch, name in session.exec(asked)
    ]


class HeadingsRow(NamedTuple):
    """Headings remembered under a name, as stored."""

    name: str
    sheets: dict[str, Any]
    fields: dict[str, Any]


def remembered_headings(session: Session, viewer: Viewer) -> list[HeadingsRow]:
    """The headings that are remembered, by name. Raises Forbidden."""
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("This account may not record facts."))
    asked = select(HeadingMap).where(col(HeadingMap.retracted_at).is_(None)).order_by(col(HeadingMap.name))
    return [HeadingsRow(row.name, dict(row.sheets), dict(row.fields)) for row in session.exec(asked)]
