"""The drill: a backup is put back into a scratch database, and everything that it must prove is looked at there.

A backup that nobody ever put back is a hope. The drill reads the archive to its last byte, restores it, counts the
rows, walks the audit chain, compares the documents, and computes the last issued report again from what was restored.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

from jobs.ledger import Result
from jobs.make_backup import passphrase_setting
from models.backup.archive import Manifest
from models.backup.chain import bring_up
from models.backup.place import Found as FoundFile
from models.backup.place import archives
from models.backup.restore import Ask, Unpacked, in_scratch, unpacked
from models.changes.backups import Check, note_drill, require_backup
from models.db import Engine, Session, read_session
from models.errors import LiemError, NotFound
from models.queries.audit import Found
from models.queries.backups import recorded_sums
from models.queries.people import issuer
from models.queries.reports import issued_reports
from models.rules.access import SYSTEM, Viewer
from models.rules.words import words
from models.settings import settings

Known = Callable[[str], str]  # id of a backup → the SHA-256 it had when it was made, "" if that is not known


@dataclass(frozen=True)
class Drilled:
    """What a drill found. `manifest` is None if the archive could not be read so far."""

    file: Path
    checks: tuple[Check, ...]
    manifest: Manifest | None = None

    @property
    def proved(self) -> bool:
        """Everything was right."""
        return bool(self.checks) and all(check.ok for check in self.checks)


class Plan(NamedTuple):
    """The archive that the weekly drill takes, the sums of those made here, and, once done, what was found."""

    file: Path | None
    known: dict[str, str]
    drilled: Drilled | None = None


def drill(path: Path, ask: Ask, *, known: Known, now: datetime, today: date, database_url: str = "") -> Drilled:
    """Put the archive at `path` back into a scratch database and look at everything there. Never raises LiemError."""
    checks: list[Check] = []
    manifest = None
    url = database_url or settings().database_url
    try:
        with unpacked(path, ask, database_url=url) as backup:
            manifest = backup.manifest
            checks.append(_archive(backup, known(manifest.id)))
            with in_scratch(backup, database_url=url, now=now) as engine:
                checks += _restored(engine, manifest, now=now, today=today)
    except LiemError as error:
        checks.append(Check("archive" if manifest is None else "restore", False, error.words))
    return Drilled(path, tuple(checks), manifest)


def _archive(backup: Unpacked, recorded: str) -> Check:
    if recorded and recorded != backup.read.sha256:
        return Check("archive", False, words("The archive is whole, but not the one that was written here."))
    return Check(
        "archive", True, words("The archive is whole: {n} parts, every byte proved.", n=len(backup.manifest.parts))
    )


def _restored(engine: Engine, manifest: Manifest, *, now: datetime, today: date) -> Iterator[Check]:
    rows = sum(manifest.rows.values())
    yield Check("restore", True, words("The database was put back: {n} rows, as many as were saved.", n=rows))
    yield _chain(bring_up(engine), manifest)
    with read_session(engine) as session:
        yield _documents(manifest)
        yield _report(session, now=now, today=today)


def _chain(found: Found, manifest: Manifest) -> Check:
    if found.first_bad is not None:
        return Check("chain", False, words("The audit chain is broken at row {n}.", n=found.first_bad))
    if not found.ok:
        why = words("Records that are not what the audit chain says they were: {n}.", n=found.bad_records)
        return Check("chain", False, why)
    return Check("chain", True, words("The audit chain holds: {n} rows.", n=manifest.audit_rows))


def _documents(manifest: Manifest) -> Check:
    lost = len(manifest.missing) + len(manifest.damaged)
    if lost:
        return Check("documents", False, words("Documents that are missing or not what was stored: {n}.", n=lost))
    n = sum(name.startswith("files/") for name in manifest.parts)
    return Check("documents", True, words("Documents, each as it was stored: {n}.", n=n))


def _report(session: Session, *, now: datetime, today: date) -> Check:
    """Compute the last issued report again from what was put back, as its records were known when it was issued."""
    from exports.issued import named, standing

    last = next(iter(issued_reports(session, SYSTEM, limit=1)), None)
    if last is None:
        return Check("report", True, words("No report has been issued yet; there is none to recompute."))
    by = issuer(session, SYSTEM, last.id)  # who sees less counted less
    found = standing(session, by or SYSTEM, last, now=now, today=today)
    if by and not found.intact:  # or could see more then than today
        found = standing(session, SYSTEM, last, now=now, today=today)
    if not found.intact:
        return Check(
            "report",
            False,
            words(
                "The report {report} gives other figures than it was issued with: {names}.",
                report=last.id,
                names=named(found.broken),
            ),
        )
    return Check(
        "report",
        True,
        words("The last report, {report}, was recomputed: {n} figures, all the same.", report=last.id, n=found.figures),
    )


def newest(folder: Path) -> FoundFile:
    """The newest archive of the folder. Raises NotFound."""
    found = archives(folder)
    if not found:
        raise NotFound(words("There is no backup in {folder}.", folder=str(folder)))
    return found[-1]


def note(session: Session, viewer: Viewer, drilled: Drilled, *, now: datetime) -> bool:
    """Keep what the drill found; whether it proved the backup."""
    manifest = drilled.manifest
    return note_drill(
        session,
        viewer,
        file_name=drilled.file.name,
        backup_id=manifest.id if manifest else "",
        backup_made_at=manifest.made_at if manifest else None,
        checks=drilled.checks,
        now=now,
    )


# --- the weekly job ------------------------------------------------------------------------------------------------


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> Plan:
    """The newest archive of LIEM_BACKUP_DIR; none where that is not set."""
    require_backup(viewer)
    folder = settings().backup_dir
    if not folder:
        return Plan(None, {})
    file = newest(Path(folder)).file
    return Plan(file, recorded_sums(session, viewer))


def act(viewer: Viewer, plan: Plan, today: date, now: datetime) -> Plan:
    """Run the drill."""
    if plan.file is None:
        return plan
    drilled = drill(
        plan.file, lambda: passphrase_setting() or "", known=lambda id_: plan.known.get(id_, ""), now=now, today=today
    )
    return plan._replace(drilled=drilled)


def write(session: Session, viewer: Viewer, plan: Plan, today: date, now: datetime) -> Result:
    """Keep what was found; what was wrong stands in `failed`."""
    if plan.drilled is None:
        return Result({"drills": 0})
    proved = note(session, viewer, plan.drilled, now=now)
    failed = [{"subject": f"drill:{check.name}", "reason": check.said.english()}
              for check in plan.drilled.checks if not check.ok]  # fmt: skip
    return Result({"drills": 1, "proved": int(proved), "file": plan.drilled.file.name}, failed)
