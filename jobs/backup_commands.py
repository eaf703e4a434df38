"""`liem backup`, `liem restore` and `liem drill`."""

import getpass
import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from jobs.drill import Drilled, drill, newest, note
from jobs.make_backup import keep_setting, lost_documents, passphrase_setting, remove_old
from jobs.make_backup import note as note_backup
from models import clock
from models.backup.make import Made, make
from models.backup.restore import Restored, restore
from models.changes.backups import require_backup
from models.db import Schema, engine, read_session, schema_of, transaction
from models.errors import BadUsage, LiemError
from models.queries.backups import last_proved_names, recorded_sums
from models.queries.people import viewer_named
from models.rules.access import SYSTEM, Viewer
from models.rules.words import words
from models.settings import settings
from models.text import Translator, translator

As = Annotated[str, typer.Option("--as", metavar="NAME", help="Act as this account; default: the system operator.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output, nothing else.")]
AskPassphrase = Annotated[
    bool,
    typer.Option(
        "--passphrase", help="Take the passphrase from standard input, also if LIEM_BACKUP_PASSPHRASE_FILE is set."
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command("backup")(backup)
    app.command("restore")(restore_)
    app.command("drill")(drill_)


def backup(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="Where to; default: LIEM_BACKUP_DIR.")] = None,
    encrypt: Annotated[
        bool,
        typer.Option("--encrypt", help="Seal it with a passphrase, asked for or read from standard input."),
    ] = False,
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Then remove what LIEM_BACKUP_KEEP does not keep in that folder.")
    ] = False,
    as_json: Json = False,
    name: As = "",
) -> None:
    """Back up the database and its documents, also while the service runs; the archive is read back."""
    target = _folder(folder)
    keep = keep_setting() if rotate else None
    current = schema_of(engine()) is Schema.CURRENT  # an older database is backed up too, before `liem migrate`
    viewer = _allowed(name)
    passphrase = _new_passphrase() if encrypt else passphrase_setting()
    made = make(target, now=clock.now(), passphrase=passphrase)
    removed: list[str] = []
    if keep:
        with read_session() as session:
            proved = tuple(last_proved_names(session, viewer)) if current else ()
        removed = remove_old(made.file.parent, made.manifest, keep, proved)
    if current:
        with transaction() as session:
            note_backup(session, viewer, made, now=clock.now())
    _tell_backup(made, removed, as_json)


def restore_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of what is there, after a safety backup of that.")
    ] = False,
    passphrase: AskPassphrase = False,
    as_json: Json = False,
) -> None:
    """Put a backup back: the whole of it in one transaction, or nothing. It is proved before anything is touched."""
    given: list[str] = []
    done = restore(
        file,
        lambda: _remembered(given, ask=passphrase),
        now=clock.now(),
        replace=replace,
        passphrase=lambda: next(iter(given), None) or passphrase_setting(),
    )
    _tell_restore(done, as_json)
    if done.found.first_bad is not None:
        raise LiemError(
            words(
                "The backup was put back as it was made; its audit chain is broken at row {n}. Find out why before "
                "anybody relies on it.",
                n=done.found.first_bad,
            )
        )
    if not done.found.ok:
        raise LiemError(
            words(
                "The backup was put back as it was made; records that are not what its audit chain says they were: "
                "{n}. Run liem audit verify, and find out why before anybody relies on them.",
                n=done.found.bad_records,
            )
        )


def drill_(
    path: Annotated[
        Path | None,
        typer.Argument(metavar="FILE|DIR", help="A backup, or a folder: its newest; default: LIEM_BACKUP_DIR."),
    ] = None,
    passphrase: AskPassphrase = False,
    as_json: Json = False,
    name: As = "",
) -> None:
    """Put a backup back into a scratch database and prove it: rows, audit chain, documents, the last issued report."""
    where = _folder(path)
    file = newest(where).file if where.is_dir() else where
    if not file.is_file():
        raise BadUsage(words("There is no file {file}.", file=repr(str(file))))
    current = schema_of(engine()) is Schema.CURRENT
    viewer = _allowed(name)
    sums: dict[str, str] = {}
    if current:
        with read_session() as session:
            sums = recorded_sums(session, viewer)
    given: list[str] = []
    found = drill(
        file,
        lambda: _remembered(given, ask=passphrase),
        known=lambda id_: sums.get(id_, ""),
        now=clock.now(),
        today=clock.today(),
    )
    if current:
        with transaction() as session:
            note(session, viewer, found, now=clock.now())
    _tell_drill(found, as_json)
    if not found.proved:
        raise typer.Exit(1)


# --- reading the words of a command --------------------------------------------------------------------------------


def _folder(given: Path | None) -> Path:
    if given:
        return given
    if settings().backup_dir:
        return Path(settings().backup_dir).expanduser()
    raise BadUsage(words("Name the folder of the backups, or set LIEM_BACKUP_DIR."))


def _allowed(name: str) -> Viewer:
    """Who acts, if they may. Raises NotFound, Forbidden."""
    if not name:
        return SYSTEM
    with read_session() as session:
        viewer = viewer_named(session, name)
    require_backup(viewer)
    return viewer


def _remembered(given: list[str], *, ask: bool) -> str:
    """The passphrase of an archive: from the file of the setting, else from standard input. Asked once."""
    if not given:
        given.append((None if ask else passphrase_setting()) or _passphrase())
    return given[0]


def _passphrase() -> str:
    if sys.stdin.isatty():
        return getpass.getpass(translator(settings().language)("Passphrase of the backup: "))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise BadUsage(words("The backup is sealed: give its passphrase on the first line of standard input."))
    return given


def _new_passphrase() -> str:
    """A passphrase for a new backup; from a keyboard asked for twice."""
    t = translator(settings().language)
    if not sys.stdin.isatty():
        return _passphrase()
    first = getpass.getpass(t("New passphrase: "))
    if getpass.getpass(t("Once more: ")) != first:
        raise BadUsage(words("The two passphrases differ; nothing was done."))
    return first


# --- saying --------------------------------------------------------------------------------------------------------


def _tell_backup(made: Made, removed: list[str], as_json: bool) -> None:
    lost = lost_documents(made.manifest)
    if as_json:
        _print_json(
            {
                "file": str(made.file),
                "size": made.size,
                "sha256": made.sha256,
                "encrypted": made.sealed,
                "database": made.manifest.database,
                "made_at": made.manifest.made_at.isoformat(),
                "rows": sum(made.manifest.rows.values()),
                "documents": made.documents,
                "audit": {"rows": made.manifest.audit_rows, "head": made.manifest.audit_head},
                "removed": removed,
                "lost": lost,
            }
        )
    else:
        t = _t()
        print(t("Backup: {file}", file=str(made.file)))
        print(t("  {size} bytes, {rows} rows, {n} documents, sealed: {sealed}", size=made.size,
                rows=sum(made.manifest.rows.values()), n=made.documents,
                sealed=t("yes") if made.sealed else t("no")))  # fmt: skip
        print(f"  SHA-256 {made.sha256}")
        for each in removed:
            print(t("  removed: {file}", file=each))
        for item in lost:
            print(f"  {item['subject']}: {item['reason']}", file=sys.stderr)
    if lost:
        raise typer.Exit(1)


def _tell_restore(done: Restored, as_json: bool) -> None:
    manifest = done.manifest
    if as_json:
        return _print_json(
            {
                "made_at": manifest.made_at.isoformat(),
                "rows": sum(manifest.rows.values()),
                "documents": done.documents,
                "audit": {
                    "rows": manifest.audit_rows,
                    "head": manifest.audit_head,
                    "first_bad": done.found.first_bad,
                    "bad_records": done.found.bad_records,
                },
                "migrated": done.migrated,
                "sign_ins_ended": done.sign_ins_ended,
                "safety": done.safety and str(done.safety),
                "moved_aside": done.aside and str(done.aside),
            }
        )
    t = _t()
    print(t("Restored the state of {at}: {rows} rows, {n} documents laid back.", at=manifest.made_at,
            rows=sum(manifest.rows.values()), n=done.documents))  # fmt: skip
    if done.migrated:
        print(t("It was of an older version and was brought to this one."))
    print(t("Everybody must sign in again."))
    if done.safety:
        print(t("What was there before: {file}", file=str(done.safety)))
    if done.aside:
        print(t("The damaged database was moved to {file}; start the service again.", file=str(done.aside)))


def _tell_drill(found: Drilled, as_json: bool) -> None:
    t = _t()
    if as_json:
        return _print_json(
            {
                "file": str(found.file),
                "made_at": found.manifest and found.manifest.made_at.isoformat(),
                "proved": found.proved,
                "checks": [{"name": check.name, "ok": check.ok, "said": t.words(check.said)} for check in found.checks],
            }
        )
    for check in found.checks:
        print(f"{'✓' if check.ok else '✗'} {t.words(check.said)}")
    print(t("The backup {file} is proved: it can be put back.", file=found.file.name) if found.proved
          else t("The backup {file} is NOT proved.", file=found.file.name))  # fmt: skip


def _t() -> Translator:
    return translator(settings().language)


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False))
