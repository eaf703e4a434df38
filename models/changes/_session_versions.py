"""The record of a session: changed only by who saw its present version; what it said before is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, text, update
from sqlmodel import Session, func, select

from models.base import Base
from models.enums import SessionKind
from models.errors import NotFound, StaleSession
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import CommitteeSession, SessionVersion

NUMBER_LOCK = 0x11E9  # transaction lock on PostgreSQL: two sessions never get one number; SQLite's writers take turns
SAID = (
    "term",
    "kind",
    "number",
    "held_on",
    "place",
    "subject",
    "notice",
    "notice_on",
    "chair",
    "is_extraordinary",
    "status",
)


def found(session: Session, session_id: int) -> CommitteeSession:
    """The session with this id. Raises NotFound."""
    held = session.get(CommitteeSession, session_id)
    if held is None:
        raise NotFound(words("This session is not recorded."))
    return held


def lock_numbers(session: Session) -> None:
    """Only one transaction at a time gives numbers to sessions."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": NUMBER_LOCK})


def next_number(session: Session, term: str, kind: SessionKind) -> int:
    """The number after the last one of the term."""
    asked = select(func.max(CommitteeSession.number)).where(
        CommitteeSession.term == term, CommitteeSession.kind == kind
    )
    return int(session.exec(asked).one() or 0) + 1


def raise_version(
    session: Session, held: CommitteeSession, version: int, changes: Mapping[str, Any] | None = None
) -> None:
    """The session changes in this transaction. Raises StaleSession if `version` is not its present one any more."""
    table = CommitteeSession.__table__  # type: ignore[attr-defined]
    same = update(table).where(table.c.id == held.id, table.c.version == version)
    if not session.connection().execute(same.values(version=version + 1, **(changes or {}))).rowcount:
        raise StaleSession
    session.expire(held)


def replace(
    session: Session,
    viewer: Viewer,
    held: CommitteeSession,
    version: int,
    changes: Mapping[str, Any],
    *,
    reason: str,
    now: datetime,
) -> None:
    """The record of the session says `changes` from now on; what it said is kept. Raises StaleSession."""
    before = {name: getattr(held, name) for name in (*SAID, "recorded_at")}
    ended: dict[str, Any] = {"retracted_at": now, "retracted_by": viewer.account_id, "retract_reason": reason}
    raise_version(session, held, version, {**changes, "recorded_at": now})
    session.add(SessionVersion(session_id=held.id or 0, version=version, **before, **ended))
    session.flush()


def write_lines(
    session: Session,
    viewer: Viewer,
    table: type[Base],
    session_id: int,
    rows: Sequence[Mapping[str, Any]],
    *,
    now: datetime,
    **retracted: Any,
) -> tuple[int, int]:
    """Bring the current lines of the session to `rows`: how many were retracted, how many inserted.

    A line that says the same stays as it is.
    """
    columns = table.__table__.c  # type: ignore[attr-defined]
    names = list(rows[0]) if rows else []
    asked = columns.retracted_at.is_(None), columns.session_id == session_id
    current = {row.id: row._mapping for row in session.connection().execute(table.__table__.select().where(*asked))}  # type: ignore[attr-defined]
    kept = {id for id, row in current.items() if any(all(row[name] == new[name] for name in names) for new in rows)}
    said = [tuple(current[id][name] for name in names) for id in kept]
    gone = [id for id in current if id not in kept]
    new = [row for row in rows if tuple(row[name] for name in names) not in said]
    if gone:
        ended = {"retracted_at": now, "retracted_by": viewer.account_id, **retracted}
        session.connection().execute(update(table).where(columns.id.in_(gone)).values(**ended))
    if new:
        made = {"session_id": session_id, "recorded_at": now, "recorded_by": viewer.account_id}
        blank = {"retract_reason": ""} if "retract_reason" in columns else {}
        session.connection().execute(insert(table), [{**row, **made, **blank} for row in new])
    session.expire_all()
    return len(gone), len(new)
