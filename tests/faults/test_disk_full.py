"""No room left: what was begun is not kept, what was there stays, and it goes on when there is room again.

The disk is made full by a limit on the pages of a SQLite database, on the size of files that a process may write, and
by a small disk of memory.
"""

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event, func
from sqlmodel import select

from models import store
from models.backup.make import make
from models.backup.place import archives
from models.db import OperationalError, make_engine, read_session
from models.queries.audit import verify
from models.rules.access import SYSTEM
from models.settings import ROOT
from models.tables import Case
from seed.demo import fill
from seed.load import import_file
from tests.serving import LIEM, clean_environment

NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
TODAY = date(2026, 11, 21)
MEGABYTE = 2**20


def test_an_import_without_room_keeps_nothing_of_it(sqlite_url, tmp_path):
    rows = "\n".join(f"VA-{n},{'Vụ án vi phạm quy định về đấu thầu ' * 8}{n}" for n in range(2000))
    (tmp_path / "cases.csv").write_text(f"code,title\n{rows}\n", encoding="utf-8")
    engine, full = make_engine(sqlite_url), [True]

    def limit(connection, *_):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 40 if full[0] else 2**31 - 2}")

    event.listen(engine, "checkout", limit)
    with pytest.raises(OperationalError, match="full"):
        import_file(tmp_path, SYSTEM, now=NOW, today=TODAY, engine=engine)
    with read_session(engine) as session:
        assert session.exec(select(func.count()).select_from(Case)).one() == 0
        assert verify(session, SYSTEM).ok
    full[0] = False
    assert import_file(tmp_path, SYSTEM, now=NOW, today=TODAY, engine=engine).applied
    with read_session(engine) as session:
        assert session.exec(select(func.count()).select_from(Case)).one() == 2000
    engine.dispose()


def test_a_backup_without_room_for_the_database_says_so_and_leaves_nothing(database_url, tmp_path):
    without_room(database_url, tmp_path, largest=MEGABYTE // 8)


def test_a_backup_without_room_for_the_archive_says_so_and_leaves_nothing(sqlite_url, tmp_path):
    without_room(sqlite_url, tmp_path, largest=4 * MEGABYTE)


def without_room(url, folder, *, largest: int) -> None:
    """Back up 5 MB of documents while no file may be larger than `largest`, then again without a limit."""
    files, backups = folder / "files", folder / "backups"
    store.put(os.urandom(5 * MEGABYTE), into=files)
    own = {"LIEM_DATABASE_URL": url, "LIEM_FILES_DIR": str(files), "LIEM_LANGUAGE": "en", "TMPDIR": str(folder)}

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    refused = subprocess.run([LIEM, "backup", backups], env=clean_environment(**own), cwd=ROOT, capture_output=True,
                             text=True, preexec_fn=small)  # fmt: skip
    assert refused.returncode == 1 and refused.stdout == ""
    (line,) = refused.stderr.splitlines()
    assert line.startswith("liem: ") and "No backup was made" in line, line
    assert archives(backups) == [] and not list(folder.glob("**/.liem-backup-*"))
    made = make(backups, now=NOW, database_url=url, files=files)
    assert [found.file for found in archives(backups)] == [made.file]


OWN_MOUNTS = ["unshare", "--map-root-user", "--mount"]


def test_on_a_really_full_disk_every_command_says_so_and_leaves_what_was_there(sqlite_url, tmp_path):
    """A disk of memory, mounted for this test alone; where the system lets nobody mount one, the limits above stand."""
    may = subprocess.run([*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", tmp_path], capture_output=True, text=True)
    if may.returncode:
        pytest.skip(f"no mounts of one's own here: {may.stderr.strip()}")
    engine = make_engine(sqlite_url)
    fill(engine, today=TODAY, now=NOW)
    engine.dispose()
    disk = tmp_path / "disk"
    disk.mkdir()
    command = [*OWN_MOUNTS, sys.executable, "-m", "tests.faults.full_disk", str(engine.url.database), str(disk)]
    own = {"LIEM_DATABASE_URL": f"sqlite:///{disk}/liem.db", "LIEM_LANGUAGE": "en", "TMPDIR": str(disk)}
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=clean_environment(**own))
    assert ran.returncode == 0, ran.stderr
    full, again, looked = json.loads(ran.stdout)
    for name, (code, said) in full["told"].items():
        (line,) = said.splitlines()
        assert code in (1, 2) and line.startswith("liem: "), (name, said)
        assert "The disk has no room left" in line or "No space left on device" in line, (name, line)
    assert bytes.fromhex(full["kept"]) == b"what was there before"
    assert [name for name in full["added"] if not name.startswith("liem.db")] == []
    assert [code for code, _ in again["told"].values()] == [0, 0, 0, 0], again
    assert [name for name in again["added"] if not name.startswith("liem.db")] == ["empty.xlsx", "report.docx"]
    assert bytes.fromhex(again["kept"]).startswith(b"PK") and looked[0] == 0, looked
