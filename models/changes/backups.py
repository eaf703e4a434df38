"""What is kept about backups: that one was made or removed, what a drill found, that one was put back."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from models.changes._audit import record
from models.errors import Forbidden
from models.rules.access import Action, Viewer, may
from models.rules.words import Words, encode, words
from models.tables import Backup, DataVersion, RestoreDrill, SignIn


class Check(NamedTuple):
    """One thing that a drill looked at: whether it is right, and what was found in a sentence."""

    name: str
    ok: bool
    said: Words


def note_backup(session: Session, viewer: Viewer, backup: Backup, *, now: datetime) -> None:
    """Keep that this archive was made. Raises Forbidden."""
    require_backup(viewer)
    session.add(backup)
    after = {"file": backup.file_name, "sha256": backup.sha256, "size": backup.size, "sealed": backup.sealed,
             "audit_rows": backup.audit_rows, "audit_head": backup.audit_head}  # fmt: skip
    _record(session, viewer, "backup.made", f"backup:{backup.id}", after, now)


def note_gone(session: Session, viewer: Viewer, folder: str, there: Collection[str], *, now: datetime) -> None:
    """Keep which archives of the folder are gone: those kept as being there whose names are not `there` any more.

    So a removal that could not be noted, or was made by hand, is noted by the next backup. Raises Forbidden.
    """
    require_backup(viewer)
    kept = session.exec(select(Backup).where(Backup.folder == folder, col(Backup.removed_at).is_(None)))
    gone = [row for row in kept if row.file_name not in there]
    for row in gone:
        row.removed_at = now
    if gone:
        _record(session, viewer, "backup.removed", "backup:gone", {"files": sorted(row.file_name for row in gone)}, now)


def note_drill(
    session: Session,
    viewer: Viewer,
    *,
    file_name: str,
    backup_id: str,
    backup_made_at: datetime | None,
    checks: Sequence[Check],
    now: datetime,
) -> bool:
    """Keep what a drill found; whether it proved the backup. Raises Forbidden."""
    require_backup(viewer)
    proved = bool(checks) and all(check.ok for check in checks)
    kept = [{"name": check.name, "ok": check.ok, "said": encode(check.said)} for check in checks]
    drill = RestoreDrill(
        backup_id=backup_id, file_name=file_name[:200], backup_made_at=backup_made_at, drilled_at=now, proved=proved,
        checks=kept,
    )  # fmt: skip
    session.add(drill)
    session.flush()
    after = {"file": file_name, "proved": proved, "failed": [check.name for check in checks if not check.ok]}
    _record(session, viewer, "backup.drilled", f"drill:{drill.id}", after, now)
    return proved


def note_restore(
    session: Session, viewer: Viewer, *, backup_id: str, after: dict[str, Any], data_version: int, now: datetime
) -> int:
    """In a database that was just put back: end its sign-ins, make caches forget, say so; how many sign-ins ended.

    `data_version` is the number of the database that was there before. Raises Forbidden.
    """
    require_backup(viewer)
    ended = session.connection().execute(
        update(SignIn)
        .where(or_(col(SignIn.revoked_at).is_(None), col(SignIn.revoked_at) == now))
        .values(revoked_at=now)
    )
    version = session.get(DataVersion, 1)
    if version:
        version.n = max(version.n, data_version)
    record(session, viewer, "backup.restored", f"backup:{backup_id}", now=now, after=after)  # raises the version
    return int(ended.rowcount)


def require_backup(viewer: Viewer) -> None:
    """Refuse who may not deal with backups. Raises Forbidden."""
    if not may(viewer, Action.BACKUP):
        raise Forbidden(words("Only administrators may make, prove and put back backups."))


def _record(session: Session, viewer: Viewer, action: str, subject: str, after: dict[str, Any], now: datetime) -> None:
    """Append the audit row. A backup changes no figure, so it does not raise the data version by itself."""
    changed = session.info.get("changed", False)
    record(session, viewer, action, subject, now=now, after=after)
    session.info["changed"] = changed
