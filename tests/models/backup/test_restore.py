"""A backup comes back whole, in one step, or nothing is touched; on both databases."""

import io
import random
import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import insert, text
from sqlalchemy.engine import make_url
from sqlmodel import select

from models import store
from models.backup import archive, postgres, sqlite
from models.backup.errors import (
    Busy,
    CannotRestore,
    DamagedBackup,
    NewerBackup,
    NotOurBackup,
    OtherDatabase,
    WrongPassphrase,
)
from models.backup.make import make
from models.backup.place import archives, locked
from models.backup.postgres import NoTools
from models.backup.restore import in_scratch, restore, unpacked
from models.backup.state import state_of
from models.base import metadata
from models.changes._audit import hash_of
from models.changes.audit import seal_records
from models.db import alembic_config, make_engine, read_session, transaction
from models.errors import BadUsage, DatabaseDown
from models.queries.audit import verify
from models.rules.access import SYSTEM
from models.rules.chain import GENESIS
from models.tables import AuditEntry, DataVersion, SignIn
from tests.models.backup.conftest import NOW, PAPER, notes, record_note

WORDS = "mật khẩu rất dài"


def never() -> str:
    raise AssertionError("no passphrase is needed")


@contextmanager
def opened(url: str):
    engine = make_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def state(url: str):
    with opened(url) as engine, engine.connect() as connection:
        return state_of(connection)


@pytest.fixture
def saved(office, database_url, files, tmp_path):
    """A backup of the office."""
    return make(tmp_path / "backups", now=NOW, database_url=database_url, files=files)


def rewritten(made, to: Path, tmp_path: Path, **changes) -> Path:
    """The same archive with another manifest, its sums right: what a forger, or another version, would write."""
    folder = tmp_path / f"parts-{to.name}"
    folder.mkdir()
    read = archive.read(made.file, never, into=folder)
    parts = [archive.part(name, folder / name) for name in read.manifest.parts]
    with to.open("wb") as out:
        archive.write(out, replace(read.manifest, **changes), parts, None)
    return to


# --- the way there and back ----------------------------------------------------------------------------------------


def test_everything_comes_back_in_an_empty_place(saved, database_url, elsewhere, tmp_path):
    before = state(database_url)
    done = restore(saved.file, never, now=NOW, database_url=elsewhere, files=tmp_path / "documents")
    assert (done.safety, done.aside, done.migrated, done.found.ok) == (None, None, False, True)
    assert (done.sign_ins_ended, done.documents) == (1, 1)
    after = state(elsewhere)
    assert without_seals(after.rows) == without_seals({**before.rows, "audit_entry": before.audit_rows + 1})
    assert store.get(store.put(PAPER, into=tmp_path / "other"), of=tmp_path / "documents") == PAPER
    with opened(elsewhere) as engine:
        assert notes(engine) == ["đầu tiên"]
        with read_session(engine) as session:
            assert verify(session, SYSTEM).ok
            assert session.exec(select(SignIn.revoked_at)).one() == NOW, "who stole the backup is not signed in"
            last = session.exec(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
            assert (last.action, last.subject) == ("backup.restored", f"backup:{saved.manifest.id}")
            assert saved.manifest.audit_head in last.after


def test_a_sealed_backup_comes_back_with_its_passphrase_only(office, database_url, files, elsewhere, tmp_path):
    made = make(tmp_path / "b", now=NOW, passphrase=WORDS, database_url=database_url, files=files)
    assert made.sealed and made.file.name.endswith(".tar.sealed")
    assert b"manifest.json" not in made.file.read_bytes()
    with pytest.raises(WrongPassphrase):
        restore(made.file, lambda: WORDS + "!", now=NOW, database_url=elsewhere, files=files)
    restore(made.file, lambda: WORDS, now=NOW, database_url=elsewhere, files=files)
    with opened(elsewhere) as engine:
        assert notes(engine) == ["đầu tiên"]


def test_a_passphrase_that_is_too_short_is_refused(office, database_url, files, tmp_path):
    with pytest.raises(BadUsage, match="at least 12"):
        make(tmp_path / "b", now=NOW, passphrase="x" * 11, database_url=database_url, files=files)
    assert archives(tmp_path / "b") == []
    assert make(tmp_path / "b", now=NOW, passphrase="x" * 12, database_url=database_url, files=files).sealed


def test_the_archive_is_its_owners_and_says_what_it_is(saved, database_url):
    kind = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    assert saved.file.name == f"liem-20261121T050000Z-{kind}-{saved.manifest.installation[:8]}.tar"
    assert saved.file.stat().st_mode & 0o777 == 0o600
    assert [found.file for found in archives(saved.file.parent)] == [saved.file]
    assert saved.documents == 1 and (saved.manifest.missing, saved.manifest.damaged) == ([], [])


def test_two_of_one_second_have_two_names(saved, database_url, files):
    again = make(saved.file.parent, now=NOW, database_url=database_url, files=files)
    assert again.file.name.startswith("liem-20261121T050000Z-2-") and saved.file.exists()


def test_documents_that_are_lost_or_changed_are_named(office, database_url, files, tmp_path):
    kept = next(files.glob("*/*"))
    kept.write_bytes(PAPER + b"!")
    made = make(tmp_path / "b", now=NOW, database_url=database_url, files=files)
    assert (made.manifest.missing, made.manifest.damaged) == ([], [kept.name])
    kept.unlink()
    made = make(tmp_path / "b", now=NOW, database_url=database_url, files=files)
    assert (made.manifest.missing, made.manifest.damaged) == ([kept.name], [])


def test_a_backup_made_while_people_write_is_of_one_moment(office, database_url, files, elsewhere, tmp_path):
    """Every note has its audit row: a copy that tears them apart would have more of one than of the other."""
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            record_note(office, f"{n}")
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = [make(tmp_path / "b", now=NOW, database_url=database_url, files=files) for _ in range(4)]
    finally:
        stop.set()
        writer.join()
    assert len({each.manifest.audit_head for each in made}) > 1, "somebody was writing"
    restore(made[-1].file, never, now=NOW, database_url=elsewhere, files=files)
    with opened(elsewhere) as engine, read_session(engine) as session:
        recorded = session.exec(select(AuditEntry).where(AuditEntry.action.like("event%"))).all()
        assert len(recorded) == len(notes(engine)) > 1
        assert verify(session, SYSTEM).ok


# --- what is refused -----------------------------------------------------------------------------------------------


def test_a_database_that_holds_cases_is_kept_unless_one_insists(saved, office, database_url, files):
    record_note(office, "sau đó")
    with pytest.raises(CannotRestore, match="--replace"):
        restore(saved.file, never, now=NOW, database_url=database_url, files=files)
    assert notes(office) == ["đầu tiên", "sau đó"]
    with transaction(office) as session:
        session.get(DataVersion, 1).n = 50
    done = restore(saved.file, never, now=NOW, replace=True, database_url=database_url, files=files)
    assert notes(office) == ["đầu tiên"], "also through connections that were open"
    with read_session(office) as session:
        assert session.get(DataVersion, 1).n > 50, "caches of a running service are told"
    assert done.safety.name.endswith("-before-restore.tar")
    restore(done.safety, never, now=NOW, replace=True, database_url=database_url, files=files)
    assert notes(office) == ["đầu tiên", "sau đó"]


def test_a_changed_or_cut_archive_is_refused_and_nothing_is_touched(saved, database_url, files, office, tmp_path):
    record_note(office, "sau đó")
    before, chance, bad = state(database_url), random.Random(7), tmp_path / "bad.tar"
    whole = saved.file.read_bytes()
    for place in [chance.randrange(512, len(whole)) for _ in range(25)]:
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        bad.write_bytes(changed)
        with pytest.raises(DamagedBackup):
            restore(bad, never, now=NOW, replace=True, database_url=database_url, files=files)
    for length in (len(whole) - 1, len(whole) - 512, len(whole) // 2, 513):
        bad.write_bytes(whole[:length])
        with pytest.raises(DamagedBackup):
            restore(bad, never, now=NOW, replace=True, database_url=database_url, files=files)
    for foreign in (b"", b"PK\3\4", whole[1:]):
        bad.write_bytes(foreign)
        with pytest.raises(NotOurBackup):
            restore(bad, never, now=NOW, replace=True, database_url=database_url, files=files)
    assert state(database_url) == before
    assert not list(tmp_path.glob("**/.liem-backup-*")), "nothing unpacked is left"


def test_a_backup_of_a_newer_version_is_refused(saved, elsewhere, files, tmp_path):
    for name, changes in (("schema", {"migration": "9999"}), ("format", {"format": 2}), ("none", {"migration": ""})):
        newer = rewritten(saved, tmp_path / name, tmp_path, **changes)
        with pytest.raises(NewerBackup):
            restore(newer, never, now=NOW, database_url=elsewhere, files=files)


def test_a_backup_of_the_other_database_is_refused_with_what_to_do(saved, elsewhere, files, tmp_path):
    other = "postgresql" if elsewhere.startswith("sqlite") else "sqlite"
    foreign = rewritten(saved, tmp_path / "foreign", tmp_path, database=other)
    with pytest.raises(OtherDatabase, match="LIEM_DATABASE_URL"):
        restore(foreign, never, now=NOW, database_url=elsewhere, files=files)


def test_a_database_that_is_not_what_the_manifest_counts_is_refused(saved, database_url, office, files, tmp_path):
    record_note(office, "sau đó")
    lying = rewritten(saved, tmp_path / "lying", tmp_path, rows={**saved.manifest.rows, "case_event": 99})
    with pytest.raises(DamagedBackup, match="case_event"):
        restore(lying, never, now=NOW, replace=True, database_url=database_url, files=files)
    assert notes(office) == ["đầu tiên", "sau đó"]


def test_no_part_can_be_laid_outside_the_folder(saved, tmp_path):
    evil = tmp_path / "evil.tar"
    part = archive.part("../../evil", saved.file)
    manifest = replace(saved.manifest, parts={part.name: [part.sha256, part.size]})
    with evil.open("wb") as out:
        archive.write(out, manifest, [part], None)
    with pytest.raises(DamagedBackup):
        archive.read(evil, never, into=tmp_path / "into")
    assert not (tmp_path.parent / "evil").exists()


def test_a_backup_of_an_older_version_is_brought_to_this_one(office, database_url, files, elsewhere, tmp_path):
    with transaction(office) as session:
        session.connection().execute(text("DELETE FROM job_run"))
    office.dispose()
    command.downgrade(alembic_config(database_url), "0009")
    with opened(database_url) as engine, engine.begin() as connection:
        never_sealed(connection)
    made = make(tmp_path / "b", now=NOW, database_url=database_url, files=files)
    assert made.manifest.migration == "0009" and "backup" not in made.manifest.rows
    done = restore(made.file, never, now=NOW, database_url=elsewhere, files=files)
    assert done.migrated and done.found.ok, "its records were never sealed: its chain is looked at"
    with opened(elsewhere) as engine:
        assert notes(engine) == ["đầu tiên"]


def never_sealed(connection):
    """The chain as a version before 0030 has written it."""
    row = {"id": 1, "at": NOW, "account_id": None, "actor": "liem", "address": "", "action": "event.recorded",
           "subject": "case:VA-1", "before": "", "after": "", "previous_hash": GENESIS}  # fmt: skip
    entry = AuditEntry(**row, before_hash=None, after_hash=None, seals=None, hash="")
    connection.execute(text("DELETE FROM audit_entry"))
    old = metadata.tables["audit_entry"]
    connection.execute(insert(old).values(**row, hash=hash_of(entry)))


def test_a_record_changed_before_an_older_backup_is_found(office, database_url, files, elsewhere, tmp_path):
    """The migration seals every record anew: what it would seal over is looked at before, as it was sealed."""
    changed = "UPDATE case_event SET detail = 'đổi'"
    office.dispose()
    command.downgrade(alembic_config(database_url), "0030")
    with opened(database_url) as engine, transaction(engine) as session:
        seal_records(session, SYSTEM, now=NOW)
    for statement, bad in (("", 0), (changed, 1)):
        with opened(database_url) as engine, engine.begin() as connection:
            connection.exec_driver_sql(statement or "SELECT 1")
        made = make(tmp_path / "b", now=NOW, database_url=database_url, files=files)
        assert made.manifest.migration == "0030"
        done = restore(made.file, never, now=NOW, replace=bool(bad), database_url=elsewhere, files=files)
        assert (done.migrated, done.found.first_bad, done.found.bad_records) == (True, None, bad), done.found.faults


def test_only_one_works_in_a_folder_at_a_time(office, database_url, files, tmp_path):
    outcome = []

    def other() -> None:
        try:
            make(tmp_path / "b", now=NOW, database_url=database_url, files=files)
        except Busy as busy:
            outcome.append(busy)

    with locked(tmp_path / "b"):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(outcome) == 1 and archives(tmp_path / "b") == []


def test_a_missing_file_and_a_missing_database_are_said(elsewhere, tmp_path, sqlite_url):
    with pytest.raises(BadUsage, match="no file"):
        restore(tmp_path / "nowhere.tar", never, now=NOW, database_url=elsewhere)
    with pytest.raises(DatabaseDown):
        make(tmp_path, now=NOW, database_url="postgresql://liem@127.0.0.1:9/liem")


# --- each kind by itself -------------------------------------------------------------------------------------------


def test_a_damaged_sqlite_file_is_moved_aside_with_its_journals(sqlite_url, tmp_path):
    folder = tmp_path / "b"
    made = make(folder, now=NOW, database_url=sqlite_url, files=tmp_path / "files")
    database = Path(make_url(sqlite_url).database)
    database.write_bytes(b"no database at all" * 1000)
    Path(f"{database}-wal").write_bytes(b"left")
    with pytest.raises(CannotRestore, match="--replace"):
        restore(made.file, never, now=NOW, database_url=sqlite_url, files=tmp_path / "files")
    done = restore(made.file, never, now=NOW, replace=True, database_url=sqlite_url, files=tmp_path / "files")
    assert done.aside.read_bytes().startswith(b"no database") and done.safety is None
    there = state(sqlite_url).rows
    assert without_seals(there) == without_seals({**made.manifest.rows, "audit_entry": made.manifest.audit_rows + 1})
    assert sqlite.fault(database) is None


def test_a_damaged_sqlite_database_is_not_backed_up_as_if_it_were_good(sqlite_url, tmp_path):
    database = Path(make_url(sqlite_url).database)
    data = bytearray(database.read_bytes())
    for page in range(20, 60):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    database.write_bytes(data)
    with pytest.raises(Exception, match="No backup was made") as refused:
        make(tmp_path / "b", now=NOW, database_url=sqlite_url, files=tmp_path / "files")
    assert type(refused.value).__name__ == "CannotBackUp" and archives(tmp_path / "b") == []


def test_a_postgresql_database_in_use_is_left_alone(postgres_url, tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "WAIT_FOR_LOCKS", "200ms")
    made = make(tmp_path / "b", now=NOW, database_url=postgres_url, files=tmp_path / "files")
    with opened(postgres_url) as engine:
        with engine.connect() as reading:
            reading.execute(text("SELECT count(*) FROM case_file"))
            with pytest.raises(CannotRestore, match="in use"):
                restore(made.file, never, now=NOW, replace=True, database_url=postgres_url, files=tmp_path / "files")
        assert state(postgres_url).rows == made.manifest.rows
    restore(made.file, never, now=NOW, replace=True, database_url=postgres_url, files=tmp_path / "files")


def test_passwords_never_reach_the_arguments_of_a_program():
    url = make_url("postgresql+psycopg://liem:geheim%40@db.example:5433/liem?sslmode=require&sslpassword=geheim2")
    assert "geheim" not in postgres._address(url) and "sslmode=require" in postgres._address(url)
    assert postgres._environment(url)["PGPASSWORD"] == "geheim@"


def test_missing_programs_are_named_with_their_package(monkeypatch, tmp_path):
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoTools, match="postgresql-client-16"):
        postgres.tools(16)


def test_the_oldest_programs_that_fit_the_server_are_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "/bin")
    monkeypatch.setattr(postgres, "DEBIAN", tmp_path)
    for major in (13, 15, 17):
        folder = tmp_path / str(major) / "bin"
        folder.mkdir(parents=True)
        for name in ("pg_dump", "pg_restore", "psql"):
            (folder / name).write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {major}.3'\n")
            (folder / name).chmod(0o755)
    assert [postgres.tools(server).major for server in (12, 13, 14, 17)] == [13, 13, 15, 17]
    with pytest.raises(NoTools):
        postgres.tools(18)
    shutil.rmtree(tmp_path / "13")
    assert postgres.tools(13).major == 15


def test_a_role_that_may_not_create_databases_is_told_what_to_do(postgres_server, postgres_url, tmp_path):
    made = make(tmp_path / "b", now=NOW, database_url=postgres_url, files=tmp_path / "files")
    postgres_server._run("CREATE ROLE {} LOGIN", "liem_small")
    try:
        small = make_url(postgres_url).set(username="liem_small").render_as_string(hide_password=False)
        with (
            unpacked(made.file, never, database_url=small) as backup,
            pytest.raises(CannotRestore, match="ALTER ROLE liem_small CREATEDB"),
            in_scratch(backup, database_url=small, now=NOW),
        ):
            pass
    finally:
        postgres_server._run("DROP ROLE {}", "liem_small")


def test_an_archive_without_a_passphrase_opens_with_any_tar(saved):
    import tarfile

    with tarfile.open(fileobj=io.BytesIO(saved.file.read_bytes())) as tar:
        assert tar.getnames()[0] == "manifest.json" and len(tar.getnames()) == 3


def without_seals(rows):
    """What was put back is sealed where the restore itself has written: as many seals as sign-ins were ended."""
    return {name: n for name, n in rows.items() if name != "audit_seal"}
