"""Data that left the house."""

from datetime import datetime

from sqlmodel import Session

from models.changes._audit import record
from models.errors import Forbidden
from models.rules.access import Action, Viewer, may
from models.rules.words import words


def record_export(session: Session, viewer: Viewer, *, now: datetime, file: str, rows: dict[str, int]) -> None:
    """Write down that `viewer` exported this many rows per sheet. Raises Forbidden."""
    if not may(viewer, Action.EXPORT):
        raise Forbidden(words("This account may not export."))
    changed = session.info.get("changed", False)
    record(session, viewer, "export", f"export:{file}"[:120], now=now, after=rows)
    session.info["changed"] = changed  # no fact: what the scan found holds as before
