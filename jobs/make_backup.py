"""The nightly backup into LIEM_BACKUP_DIR, and the removal of old ones there; a backup by hand does the same."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from jobs.ledger import Result
from models.backup.archive import Manifest
from models.backup.make import Made, make
from models.backup.place import archives, locked
from models.changes.backups import note_backup, note_gone, require_backup
from models.clock import local
from models.db import Session
from models.errors import BadUsage, os_answer
from models.queries.backups import last_proved_names
from models.rules.access import Viewer
from models.rules.rotation import Keep, parse_keep, superfluous
from models.rules.words import words
from models.settings import settings
from models.tables import Backup

NAMED = 20  # documents that a report names


@dataclass(frozen=True)
class Plan:
    """What the backup of the night shall do, and, once done, what it did. No folder: nothing."""

    folder: Path | None
    keep: Keep
    passphrase: Callable[[], str | None]
    proved: tuple[str, ...]
    made: Made | None = None
    removed: tuple[str, ...] = ()


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> Plan:
    """Where to, sealed with what, and which archive must be kept because it was proved."""
    require_backup(viewer)
    folder = settings().backup_dir
    proved = tuple(last_proved_names(session, viewer))
    return Plan(Path(folder) if folder else None, keep_setting(), passphrase_setting, proved)


def act(viewer: Viewer, plan: Plan, today: date, now: datetime) -> Plan:
    """Make the archive, then remove those that are not kept."""
    if plan.folder is None:
        return plan
    made = make(plan.folder, now=now, passphrase=plan.passphrase())
    removed = remove_old(plan.folder, made.manifest, plan.keep, plan.proved)
    return Plan(plan.folder, plan.keep, plan.passphrase, plan.proved, made, tuple(removed))


def write(session: Session, viewer: Viewer, plan: Plan, today: date, now: datetime) -> Result:
    """Keep that it was made. Without LIEM_BACKUP_DIR: `{backups: 0}`, and the overview warns."""
    if plan.made is None:
        return Result({"backups": 0})
    note(session, viewer, plan.made, now=now)
    did = {"backups": 1, "file": plan.made.file.name, "size": plan.made.size, "removed": len(plan.removed)}
    return Result(did, lost_documents(plan.made.manifest))


def note(session: Session, viewer: Viewer, made: Made, *, now: datetime) -> None:
    """Keep that this archive was made, and which others of its folder are gone."""
    manifest = made.manifest
    row = Backup(
        id=manifest.id,
        file_name=made.file.name,
        folder=str(made.file.parent),
        made_at=manifest.made_at,
        size=made.size,
        sha256=made.sha256,
        sealed=made.sealed,
        audit_rows=manifest.audit_rows,
        audit_head=manifest.audit_head,
    )
    note_backup(session, viewer, row, now=now)
    there = {found.file.name for found in archives(made.file.parent)}
    note_gone(session, viewer, str(made.file.parent), there, now=now)


def remove_old(folder: Path, manifest: Manifest, keep: Keep, proved: tuple[str, ...]) -> list[str]:
    """Remove the archives of this installation that are not kept; their names. One that cannot go stays for later."""
    with locked(folder):
        own = {
            found.file.name: local(found.made_at).date()
            for found in archives(folder)
            if found.installation == manifest.installation[:8] and found.database == manifest.database
        }
        gone = []
        for name in superfluous(own, keep, always=proved):
            with suppress(OSError):
                os.unlink(folder / name)
                gone.append(name)
        return gone


def lost_documents(manifest: Manifest) -> list[dict[str, str]]:
    """What is wrong with the documents, as the ledger keeps it."""
    lost = [("is not in the store", name) for name in manifest.missing]
    lost += [("is not what was stored", name) for name in manifest.damaged]
    return [{"subject": f"document:{name[:12]}", "reason": f"The document {why}."} for why, name in lost[:NAMED]]


def keep_setting() -> Keep:
    """LIEM_BACKUP_KEEP. Raises BadUsage."""
    keep = parse_keep(settings().backup_keep)
    if keep is None:
        raise BadUsage(words("LIEM_BACKUP_KEEP cannot be read. Write days/weeks/months, as 7/4/12."))
    return keep


def passphrase_setting() -> str | None:
    """The first line of LIEM_BACKUP_PASSPHRASE_FILE; None where it is not set. Raises BadUsage."""
    if not settings().backup_passphrase_file:
        return None
    file = Path(settings().backup_passphrase_file).expanduser()
    try:
        open_to_all = file.stat().st_mode & 0o007
        given = file.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = os_answer(error) if isinstance(error, OSError) else words("it is no text")
        raise BadUsage(words("The passphrase file {file} cannot be read: {why}.", file=str(file), why=why)) from error
    if open_to_all:
        raise BadUsage(words("Anybody may read the passphrase file {file}. Run: chmod 600 {file}", file=str(file)))
    if not given:
        raise BadUsage(words("The passphrase file {file} is empty.", file=str(file)))
    return given
