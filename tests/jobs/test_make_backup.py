"""The nightly backup and the weekly drill as jobs and commands; on SQLite, for nothing here asks the database."""

import json
import os
from datetime import timedelta

import pytest
from sqlmodel import select

from jobs.ledger import rehearse, run
from jobs.schedule import job_named
from models.backup.place import archives
from models.db import read_session, transaction
from models.enums import RunState
from models.errors import BadUsage, Forbidden
from models.queries.backups import backup_state, last_backups
from models.rules.access import SYSTEM
from models.settings import settings
from models.tables import Backup, JobRun
from tests import cast
from tests.jobs.offices import NOW, TODAY, WORDS, checks, faults, furnish, liem, once


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation, tmp_path, monkeypatch):
    """An office with an issued report."""
    furnish(installation, tmp_path, monkeypatch)
    return installation


def test_the_overview_turns_amber_after_the_days_of_the_setting(office):
    once("backup")
    once("drill")
    limit = timedelta(days=settings().drill_days)
    assert faults(NOW + limit) == []
    (said,) = faults(NOW + limit + timedelta(seconds=1))
    assert said == "No backup has been proved by putting it back for 8 days, since 2026-05-20."


def test_where_no_folder_is_set_nothing_is_made_and_those_who_can_change_it_are_told(office, monkeypatch):
    monkeypatch.delenv("LIEM_BACKUP_DIR")
    settings.cache_clear()
    assert once("backup").did == {"backups": 0} and once("drill").did == {"drills": 0}
    assert faults() == ["No backups are made: LIEM_BACKUP_DIR is not set."]
    assert faults(viewer=cast.SECRETARIAT) == []
    with read_session() as session:
        assert backup_state(session, cast.MEMBER) is None


def test_a_rehearsal_makes_no_backup(office, tmp_path):
    assert rehearse(job_named("backup"), TODAY, SYSTEM).did == {"backups": 0}
    assert archives(tmp_path / "backups") == []


def test_old_backups_go_and_the_proved_one_stays(office, tmp_path, monkeypatch):
    monkeypatch.setenv("LIEM_BACKUP_KEEP", "2/0/0")
    settings.cache_clear()
    job, names = job_named("backup"), []
    for n in range(5):
        at = NOW + timedelta(days=n)
        names.append(run(job, TODAY + timedelta(days=n), SYSTEM, clock=lambda session, at=at: at).did["file"])
        if n == 1:
            once("drill")
    there = [found.file.name for found in archives(tmp_path / "backups")]
    assert there == [names[1], names[3], names[4]]
    with read_session() as session:
        assert [row.file_name for row in last_backups(session, SYSTEM) if row.removed_at is None] == there[::-1]
    os.unlink(tmp_path / "backups" / names[3])
    run(job, TODAY + timedelta(days=9), SYSTEM, clock=lambda session: NOW + timedelta(days=9))
    with read_session() as session:
        assert session.exec(select(Backup.removed_at).where(Backup.file_name == names[3])).one()


def test_the_backups_of_another_installation_are_left_alone(office, tmp_path, monkeypatch):
    monkeypatch.setenv("LIEM_BACKUP_KEEP", "1/0/0")
    settings.cache_clear()
    once("backup")
    own = archives(tmp_path / "backups")[0].file
    other = own.with_name(own.name.replace(own.name[-12:-4], "0" * 8).replace("20260520", "20260101"))
    other.write_bytes(own.read_bytes())
    keepsake = own.with_name(own.name.replace(".tar", "-before-restore.tar"))
    keepsake.write_bytes(own.read_bytes())
    run(job_named("backup"), TODAY + timedelta(days=1), SYSTEM, clock=lambda session: NOW + timedelta(days=1))
    assert other.exists() and keepsake.exists() and not own.exists()


def test_a_sealed_backup_is_made_and_proved_with_the_passphrase_of_the_file(office, tmp_path, monkeypatch):
    secret = tmp_path / "passphrase"
    secret.write_text(f"{WORDS}\n")
    secret.chmod(0o644)
    monkeypatch.setenv("LIEM_BACKUP_PASSPHRASE_FILE", str(secret))
    settings.cache_clear()
    assert "Anybody may read" in once("backup").failed[0]["reason"]
    secret.chmod(0o640)
    assert once("backup").failed == []
    assert archives(tmp_path / "backups")[0].sealed
    assert once("drill").did["proved"] == 1
    secret.write_text("another passphrase\n")
    failed = once("drill", TODAY + timedelta(days=7)).failed
    assert failed == [{"subject": "drill:archive",
                       "reason": "The passphrase does not open this backup. Nothing was changed."}]  # fmt: skip


def test_a_backup_that_cannot_be_made_fails_in_one_sentence_and_is_tried_again(office, tmp_path, monkeypatch):
    (tmp_path / "a file").touch()
    monkeypatch.setenv("LIEM_BACKUP_DIR", str(tmp_path / "a file"))
    settings.cache_clear()
    assert "cannot be written" in once("backup").failed[0]["reason"]
    with read_session() as session:
        assert session.get_one(JobRun, ("backup", TODAY.isoformat())).state is RunState.FAILED


def test_only_those_who_may_deal_with_backups_do(office, tmp_path):
    outcome = run(job_named("backup"), TODAY, cast.SECRETARIAT, clock=lambda session: NOW)
    assert "Only administrators" in outcome.failed[0]["reason"] and archives(tmp_path / "backups") == []
    with read_session() as session, pytest.raises(Forbidden):
        last_backups(session, cast.MEMBER)


def test_a_damaged_archive_is_not_proved(office, tmp_path):
    once("backup")
    file = archives(tmp_path / "backups")[0].file
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert once("drill").did["proved"] == 0
    assert checks() == {"archive": False}
    assert faults()[0].startswith("The restore drill of 2026-05-20 failed: The backup is damaged")


def test_an_archive_put_in_the_place_of_the_one_that_was_made_is_not_proved(office, tmp_path):
    once("backup")
    with transaction() as session:
        session.exec(select(Backup)).one().sha256 = "0" * 64  # what was written then was another file
    assert once("drill").did["proved"] == 0
    assert not checks()["archive"]


def test_rotation_by_hand_only_if_asked(office, tmp_path, monkeypatch):
    monkeypatch.setenv("LIEM_BACKUP_KEEP", "1/0/0")
    settings.cache_clear()
    for _ in range(2):
        liem("backup", str(tmp_path / "hand"))
    assert len(archives(tmp_path / "hand")) == 2
    done = liem("backup", str(tmp_path / "hand"), "--rotate", "--json")
    assert len(json.loads(done.stdout)["removed"]) == 2 and len(archives(tmp_path / "hand")) == 1


@pytest.mark.parametrize("arguments", [("backup",), ("drill",)])
def test_without_a_folder_the_commands_say_how_to_name_one(office, monkeypatch, arguments):
    monkeypatch.delenv("LIEM_BACKUP_DIR")
    settings.cache_clear()
    refused = liem(*arguments).exception
    assert isinstance(refused, BadUsage) and "LIEM_BACKUP_DIR" in str(refused)


def test_a_setting_of_the_rotation_that_cannot_be_read_stops_the_backup(office, monkeypatch, tmp_path):
    monkeypatch.setenv("LIEM_BACKUP_KEEP", "all")
    settings.cache_clear()
    assert "LIEM_BACKUP_KEEP" in once("backup").failed[0]["reason"]
    assert archives(tmp_path / "backups") == []
