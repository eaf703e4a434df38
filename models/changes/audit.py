"""What is said in the chain about the chain: how records are sealed, that it was looked at, what was archived."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlmodel import Session, col, select

from models.chain_files import Piece
from models.changes._audit import carry_seals, hold_chain, record
from models.changes._touched import Touched, touched
from models.enums import Role
from models.errors import FieldErrors, Forbidden
from models.queries.audit import (
    ARCHIVED,
    LOOKED,
    REVIEWED,
    SEALED,
    SETTINGS,
    Found,
    about_archive,
    seals_to_carry,
    verify,
    verify_piece,
)
from models.queries.sealed import layout, layout_text
from models.rules.access import Action, Viewer, may
from models.rules.chain import canonical
from models.rules.words import words
from models.tables import AuditArchive, AuditEntry, AuditSeal
from models.text import clean

ENTRY: Any = AuditEntry.__table__  # type: ignore[attr-defined]
SEAL: Any = AuditSeal.__table__  # type: ignore[attr-defined]

NOTE_LENGTH = 500


def seal_records(session: Session, viewer: Viewer, *, now: datetime, before: dict[str, Any] | None = None) -> bool:
    """Seal every record by this version's layout, unless the chain says that they are; whether it was needed.

    With `before`, what a look at the chain had found just before, they are sealed anew in any case: it is kept, so that
    nobody seals over a change unseen.
    """
    own = layout_text(layout())
    asked = select(AuditEntry.after).where(AuditEntry.action == SEALED).order_by(col(AuditEntry.id).desc()).limit(1)
    last = session.exec(asked).first()
    after = {"layout": own, **({"before": before} if before else {})}
    if before is None and last and f'"layout":{canonical(own)}' in last:
        return False
    for parts in layout().values():
        for part in parts:
            touched(session.connection())[part.table] = Touched(unknown=True, sealed=True)
    _say(session, viewer, SEALED, after, now)
    return True


def record_look(session: Session, viewer: Viewer, found: Found, *, now: datetime) -> None:
    """Keep what a look at the chain has found. Raises Forbidden."""
    _require(viewer)
    _say(session, viewer, LOOKED, told(found), now)


def record_review(session: Session, viewer: Viewer, note: str, *, now: datetime) -> None:
    """The chain was read by a person, who signs it off. Raises Forbidden, FieldErrors."""
    _require(viewer)
    if viewer.role is Role.SYSTEM:
        raise Forbidden(words("The log is signed off by a person."))
    text = clean(note).strip()[:NOTE_LENGTH]
    if not text:
        raise FieldErrors({"note": words("Write what was looked at and what was found.")})
    _say(session, viewer, REVIEWED, {"note": text}, now)


def record_settings(session: Session, viewer: Viewer, effective: dict[str, str], *, now: datetime) -> bool:
    """Say which settings the service starts with, if they are not those of its last start; whether they were new.

    `effective`: names with hashes of their values; of a secret only that it is set.
    """
    asked = select(AuditEntry.after).where(AuditEntry.action == SETTINGS).order_by(col(AuditEntry.id).desc()).limit(1)
    last = session.exec(asked).first()
    if last == canonical(effective):
        return False
    before = json.loads(last) if last else {}
    changed = sorted(name for name in effective | before if effective.get(name) != before.get(name))
    _say(session, viewer, SETTINGS, effective, now, before={"changed": changed} if last else None)
    return True


def archive(session: Session, viewer: Viewer, piece: Piece, *, now: datetime) -> Found:
    """Let the rows of a piece leave the database, if the chain and the records are still proved; what was found.

    Everything is looked at once more, in the transaction that archives, and nothing is archived if anything is wrong.
    The seals of the piece are carried over as they were: what is changed behind the back meanwhile is found by the next
    look, for no record is read to be sealed. Raises Forbidden.
    """
    _require(viewer)
    if viewer.role is not Role.SYSTEM:
        raise Forbidden(words("Only the system operator archives the audit chain."))
    hold_chain(session)
    found = verify(session, viewer)
    verify_piece(session, viewer, found, piece)
    if not found.ok:
        return found
    session.add(AuditArchive(**vars(piece), written_at=now))
    session.flush()
    _say(session, viewer, ARCHIVED, about_archive(piece), now)
    _say(session, viewer, SEALED, {"layout": layout_text(layout()), "before": {"archived": piece.last}}, now)
    carry_seals(session, viewer, seals_to_carry(session, viewer, last=piece.last))
    session.connection().execute(SEAL.delete().where(SEAL.c.entry_id <= piece.last))
    session.connection().execute(ENTRY.delete().where(ENTRY.c.id <= piece.last))
    return found


def _say(
    session: Session, viewer: Viewer, action: str, after: dict[str, Any], now: datetime, *, before: Any = None
) -> None:
    """One row about the chain itself: no figure is another one by it."""
    changed = session.info.get("changed", False)
    record(session, viewer, action, "audit", now=now, before=before, after=after)
    session.info["changed"] = changed


def _require(viewer: Viewer) -> None:
    if not may(viewer, Action.READ_AUDIT):
        raise Forbidden(words("This account may not read the audit chain."))


def looked_at(session: Session, viewer: Viewer) -> dict[str, Any] | None:
    """What a look at the chain finds, to be kept in it; None in a database from before records were sealed.

    The database is looked at as it was sealed, also if that was by another version.
    """
    if not inspect(session.connection()).has_table("audit_seal"):
        return None
    return told(verify(session, viewer, as_sealed=True))


def told(found: Found) -> dict[str, Any]:
    """A look at the chain in figures."""
    return {
        "ok": found.ok,
        "rows": found.rows,
        "head": found.head,
        "records": found.records,
        "first_bad": found.first_bad,
        "bad_rows": found.bad_rows,
        "bad_records": found.bad_records,
    }
