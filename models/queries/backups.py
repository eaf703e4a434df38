"""Which backups there are, and which of them were proved by putting them back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func
from sqlmodel import Session, col, select

from models import clock
from models.errors import Forbidden
from models.rules.access import Action, Viewer, may
from models.rules.words import Words, decode, words
from models.settings import settings
from models.tables import Backup, RestoreDrill


class BackupRow(NamedTuple):
    """One archive; `proved_at`: the last drill that put it back and found everything right."""

    id: str
    file_name: str
    folder: str
    made_at: datetime
    size: int
    sealed: bool
    removed_at: datetime | None
    proved_at: datetime | None


class DrillRow(NamedTuple):
    """One drill. `failed`: what was wrong, a sentence each."""

    file_name: str
    backup_made_at: datetime | None
    drilled_at: datetime
    proved: bool
    failed: tuple[Words, ...]


class BackupState(NamedTuple):
    """What is known of the backups. `is_set`: nightly ones are made at all."""

    is_set: bool
    newest: BackupRow | None
    proved: DrillRow | None
    drilled: DrillRow | None


def backup_state(session: Session, viewer: Viewer) -> BackupState | None:
    """The newest backup, the last drill and the last that proved one; None for who may not see the runs."""
    if not _may(viewer):
        return None
    return BackupState(
        bool(settings().backup_dir),
        next(iter(last_backups(session, viewer, limit=1)), None),
        last_drill(session, viewer, proved=True),
        last_drill(session, viewer),
    )


def backup_faults(state: BackupState, viewer: Viewer, *, now: datetime) -> list[Words]:
    """What is wrong with the backups, a sentence each; that none are made is said to those who can change it."""
    found = []
    if not state.is_set:
        able = may(viewer, Action.BACKUP) or may(viewer, Action.DECIDE)
        return [words("No backups are made: LIEM_BACKUP_DIR is not set.")] if able else []
    if state.drilled and not state.drilled.proved:
        why = state.drilled.failed[0] if state.drilled.failed else words("–")
        day = clock.local(state.drilled.drilled_at).date()
        found.append(words("The restore drill of {day} failed: {why}", day=day, why=why))
    if state.proved is None:
        found.append(words("No backup has been proved by putting it back yet."))
    else:
        age = now - state.proved.drilled_at
        if age > timedelta(days=settings().drill_days):
            day = clock.local(state.proved.drilled_at).date()
            found.append(words("No backup has been proved by putting it back for {n} days, since {day}.",
                               n=age.days, day=day))  # fmt: skip
    return found


def last_backups(session: Session, viewer: Viewer, *, limit: int = 10) -> list[BackupRow]:
    """The newest backups first. Raises Forbidden."""
    _may_read(viewer)
    proved = (
        select(RestoreDrill.backup_id, func.max(RestoreDrill.drilled_at).label("at"))
        .where(RestoreDrill.proved)
        .group_by(col(RestoreDrill.backup_id))
        .subquery()
    )
    asked = (
        select(Backup, proved.c.at)
        .outerjoin(proved, proved.c.backup_id == Backup.id)
        .order_by(col(Backup.made_at).desc(), col(Backup.id))
        .limit(limit)
    )
    return [
        BackupRow(row.id, row.file_name, row.folder, row.made_at, row.size, row.sealed, row.removed_at, at)
        for row, at in session.exec(asked)
    ]


def last_drill(session: Session, viewer: Viewer, *, proved: bool = False) -> DrillRow | None:
    """The newest drill, or the newest that proved its backup. Raises Forbidden."""
    _may_read(viewer)
    asked = select(RestoreDrill).order_by(col(RestoreDrill.id).desc()).limit(1)
    if proved:
        asked = asked.where(RestoreDrill.proved)
    row = session.exec(asked).first()
    if row is None:
        return None
    failed = tuple(decode(check["said"]) for check in row.checks if not check["ok"])
    return DrillRow(row.file_name, row.backup_made_at, row.drilled_at, row.proved, failed)


def recorded_sums(session: Session, viewer: Viewer) -> dict[str, str]:
    """Id of each backup that was made here → the SHA-256 its archive had then. Raises Forbidden."""
    _may_read(viewer)
    return dict(iter(session.exec(select(Backup.id, Backup.sha256).where(col(Backup.removed_at).is_(None)))))


def last_proved_names(session: Session, viewer: Viewer) -> Sequence[str]:
    """The file name of the archive that was proved last, if any was. Raises Forbidden."""
    drill = last_drill(session, viewer, proved=True)
    return [drill.file_name] if drill else []


def _may(viewer: Viewer) -> bool:
    return may(viewer, Action.READ_RUNS) or may(viewer, Action.BACKUP)


def _may_read(viewer: Viewer) -> None:
    if not _may(viewer):
        raise Forbidden(words("Only the secretariat and administrators may see the backups."))
