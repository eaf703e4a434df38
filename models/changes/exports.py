"""Data that left the house."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from models.changes._audit import record
from models.errors import Forbidden
from models.queries.restrictions import guarded
from models.rules.access import Action, Viewer, may
from models.rules.words import words


def record_export(
    session: Session, viewer: Viewer, *, now: datetime, file: str, rows: dict[str, int], codes: Collection[str]
) -> None:
    """Write down that `viewer` exported this many rows per sheet; `codes` are on them. Raises Forbidden."""
    if not may(viewer, Action.EXPORT):
        raise Forbidden(words("This account may not export."))
    changed = session.info.get("changed", False)
    record(session, viewer, "export", f"export:{file}"[:120], now=now, after=rows)
    session.info["changed"] = changed  # no fact: what the scan found holds as before
    note_taken_out(session, viewer, codes, file=file, now=now)


def note_taken_out(session: Session, viewer: Viewer, codes: Collection[str], *, file: str, now: datetime) -> int:
    """Write down, at each restricted or secret file among these codes, that it stands in what was handed out; how many.

    So the log of such a file answers who has read it, whichever way. Of other files nothing is written.
    """
    changed = session.info.get("changed", False)
    on_it = sorted(guarded(session, viewer).intersection(codes))
    for code in on_it:
        record(session, viewer, "read_in_export", f"case:{code}", now=now, after={"file": file})
    session.info["changed"] = changed
    return len(on_it)
