"""The backup and the drill on both databases: what they prove, and what they refuse to call proved."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from models.db import read_session
from models.queries.audit import verify
from models.queries.backups import last_backups, last_drill
from models.rules.access import SYSTEM
from models.settings import settings
from models.tables import AuditEntry
from tests import cast
from tests.jobs.offices import NOW, TODAY, WORDS, altered, checks, faults, furnish, liem, once


@pytest.fixture
def office(installation, tmp_path, monkeypatch):
    """An office with an issued report."""
    furnish(installation, tmp_path, monkeypatch)
    return installation


def test_the_night_makes_a_backup_and_the_sunday_proves_it(office):
    made = once("backup")
    assert (made.ran, made.failed, made.did["backups"]) == (True, [], 1)
    assert faults() == ["No backup has been proved by putting it back yet."]
    found = once("drill")
    assert (found.did["proved"], found.failed) == (1, [])
    assert checks() == dict.fromkeys(("archive", "restore", "chain", "documents", "report"), True)
    assert faults() == []
    with read_session() as session:
        (row,) = last_backups(session, cast.SECRETARIAT)
        assert (row.file_name, row.proved_at, row.sealed) == (made.did["file"], NOW, False)
        assert {"backup.made", "backup.drilled"} <= set(session.exec(select(AuditEntry.action)))
    assert not list(Path(settings().backup_dir).parent.glob("**/.liem-backup-*")), "no scratch data is left"


def test_a_chain_altered_before_the_backup_is_found(office):
    altered(office, "UPDATE audit_entry SET actor = 'ai đó' WHERE id = 1")
    once("backup")
    found = once("drill")
    assert found.failed == [{"subject": "drill:chain", "reason": "The audit chain is broken at row 1."}]
    assert [name for name, ok in checks().items() if not ok] == ["chain"]


def test_a_figure_changed_behind_the_application_is_found(office):
    altered(office, "UPDATE money_entry SET amount_vnd = amount_vnd + 1 WHERE quantity = 'recovered'")
    once("backup")
    found = once("drill")
    chain, report = found.failed
    assert chain["subject"] == "drill:chain" and "Records that are not what" in chain["reason"]
    assert report["subject"] == "drill:report" and "money" in report["reason"]
    with read_session() as session:
        assert last_drill(session, SYSTEM, proved=True) is None
    altered(office, "UPDATE money_entry SET amount_vnd = amount_vnd - 1 WHERE quantity = 'recovered'")
    once("backup", TODAY + timedelta(days=1))
    assert once("drill", TODAY + timedelta(days=7)).did["proved"] == 1


def test_backup_drill_and_restore_by_hand(office, tmp_path):
    done = liem("backup", str(tmp_path / "hand"), "--encrypt", "--json", words=f"{WORDS}\n")
    said = json.loads(done.stdout)
    assert (done.exit_code, said["encrypted"], said["lost"], said["removed"]) == (0, True, [], [])
    assert Path(said["file"]).stat().st_size == said["size"]
    proved = liem("drill", str(tmp_path / "hand"), "--json", words=f"{WORDS}\n")
    assert (proved.exit_code, json.loads(proved.stdout)["proved"]) == (0, True)
    wrong = liem("drill", said["file"], words="not it\n")
    assert wrong.exit_code == 1 and "✗" in wrong.stdout
    refused = liem("restore", said["file"], words=f"{WORDS}\n")
    assert "--replace" in str(refused.exception)
    back = liem("restore", said["file"], "--replace", "--json", words=f"{WORDS}\n")
    told = json.loads(back.stdout)
    assert (back.exit_code, told["audit"]["first_bad"], told["migrated"]) == (0, None, False)
    assert Path(told["safety"]).name.endswith("-before-restore.tar.sealed"), "sealed as the backup was"


def test_a_backup_with_a_record_changed_behind_the_back_comes_back_and_says_so(office, tmp_path):
    altered(office, "UPDATE agency SET name_en = 'x' WHERE code = 'CQDT'")
    file = json.loads(liem("backup", str(tmp_path / "hand"), "--json").stdout)["file"]
    drilled = json.loads(liem("drill", file, "--json").stdout)
    assert [check["name"] for check in drilled["checks"] if not check["ok"]] == ["chain"], "no figure shows it"
    back = liem("restore", file, "--replace", "--json")
    told = json.loads(back.stdout)["audit"]
    assert (told["first_bad"], told["bad_records"]) == (None, 1)
    assert "says they were: 1." in str(back.exception)
    with read_session() as session:
        assert not verify(session, SYSTEM).ok, "it is not sealed over by putting it back"


def test_a_backup_whose_chain_is_broken_comes_back_and_says_so(office, tmp_path):
    altered(office, "UPDATE audit_entry SET actor = 'ai đó' WHERE id = 1")
    file = json.loads(liem("backup", str(tmp_path / "hand"), "--json").stdout)["file"]
    back = liem("restore", file, "--replace")
    assert "broken at row 1" in str(back.exception)
    with read_session() as session:
        assert session.exec(select(AuditEntry.actor).where(AuditEntry.id == 1)).one() == "ai đó"
