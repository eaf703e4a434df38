"""Remember how a sender heads its sheets, under a name; a changed map is a new version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.changes._audit import record
from models.errors import Forbidden, NotFound
from models.rules.access import Action, Viewer, may
from models.rules.words import Refusal, words
from models.tables import HeadingMap
from models.text import clean

NAME_LENGTH = 120


def remember_headings(
    session: Session,
    viewer: Viewer,
    name: str,
    *,
    sheets: Mapping[str, Any],
    fields: Mapping[str, Any],
    now: datetime,
) -> HeadingMap:
    """Keep the map under `name`, in the place of what was kept under it. Raises Forbidden, Refusal."""
    _may(viewer)
    called = clean(name)
    if not called or len(called) > NAME_LENGTH:
        raise Refusal(words("Give the headings a name of at most {n} characters.", n=NAME_LENGTH))
    before = _current(session, called)
    if before:
        _retract(session, viewer, before, now)
    kept = HeadingMap(
        name=called, sheets=dict(sheets), fields=dict(fields), recorded_at=now, recorded_by=viewer.account_id
    )
    session.add(kept)
    session.flush()
    after = {"sheets": kept.sheets, "fields": kept.fields}
    _recorded(session, viewer, "headings_remembered", called, now, before=_content(before), after=after)
    return kept


def forget_headings(session: Session, viewer: Viewer, name: str, *, now: datetime) -> None:
    """Use the map no more. Raises Forbidden, NotFound."""
    _may(viewer)
    before = _current(session, name)
    if before is None:
        raise NotFound(words("No headings are remembered under the name {name}.", name=name))
    _retract(session, viewer, before, now)
    _recorded(session, viewer, "headings_forgotten", name, now, before=_content(before), after=None)


def _may(viewer: Viewer) -> None:
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("This account may not record facts."))


def _current(session: Session, name: str) -> HeadingMap | None:
    asked = select(HeadingMap).where(HeadingMap.name == name, col(HeadingMap.retracted_at).is_(None))
    return session.exec(asked.with_for_update()).first()


def _retract(session: Session, viewer: Viewer, row: HeadingMap, now: datetime) -> None:
    row.retracted_at, row.retracted_by = now, viewer.account_id
    session.add(row)
    session.flush()


def _content(row: HeadingMap | None) -> dict[str, Any] | None:
    return {"sheets": row.sheets, "fields": row.fields} if row else None


def _recorded(
    session: Session, viewer: Viewer, action: str, name: str, now: datetime, *, before: Any, after: Any
) -> None:
    """The audit row; headings are no facts: what the scan found holds as before."""
    changed = session.info.get("changed", False)
    record(session, viewer, action, f"headings:{name[:100]}", now=now, before=before, after=after)
    session.info["changed"] = changed
