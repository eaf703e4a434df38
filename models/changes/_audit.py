"""The audit chain: who did what, when, from where, before and after. Each row's hash covers the one before it."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.rules.access import Viewer
from models.tables.audit import AuditEntry

GENESIS = "0" * 64
CHAIN_LOCK = 0x11E5  # transaction lock on PostgreSQL; SQLite's writers already take turns


def record(
    session: Session,
    viewer: Viewer,
    action: str,
    subject: str,
    *,
    now: datetime,
    before: Any = None,
    after: Any = None,
) -> AuditEntry:
    """Append one audit row in the caller's transaction and mark the transaction as changing data."""
    session.info["changed"] = True
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": CHAIN_LOCK})
    last = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(1)).first()
    entry = AuditEntry(
        id=(last.id if last else 0) + 1,
        at=now,
        account_id=viewer.account_id,
        actor=viewer.name,
        address=viewer.address,
        action=action,
        subject=subject,
        before=canonical(before),
        after=canonical(after),
        previous_hash=last.hash if last else GENESIS,
        hash="",
    )
    entry.hash = hash_of(entry)
    session.add(entry)
    session.flush()
    return entry


def canonical(value: Any) -> str:
    """`value` as JSON that is the same for the same content; empty for None."""
    return (
        ""
        if value is None
        else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str, separators=(",", ":"))
    )


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the row's content and the hash before it."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [
        entry.id,
        at,
        entry.account_id,
        entry.actor,
        entry.address,
        entry.action,
        entry.subject,
        entry.before,
        entry.after,
    ]
    return hashlib.sha256(canonical([entry.previous_hash, *fields]).encode()).hexdigest()
