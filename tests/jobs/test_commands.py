"""`liem scan` and `liem jobs` as other programs call them."""

import json
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from jobs import audit_commands
from jobs.commands import register
from models import clock
from models.changes._audit import record
from models.db import read_session, transaction
from models.enums import Bucket
from models.errors import BadUsage, Forbidden, LiemError, NotFound
from models.rules.access import SYSTEM
from models.settings import ROOT, settings
from models.tables import Flag, JobRun, OutboxMail
from seed.reference_data import load_reference
from tests import cast, make

KEYS = ["code", "kind", "bucket", "rule", "article", "due_on", "days_late", "owner", "approximate", "why", "flags"]


@pytest.fixture
def province(installation):
    """This process's installation, with the law and four files."""
    with transaction() as session:
        load_reference(session, now=datetime(2025, 7, 1, tzinfo=UTC))
        one = make.person(session, display_name="Officer", email="one@minhchau.example", language="en")
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")], responsible=one)
        make.case(session, code="VA-2", events=[("case_initiated", "2026-06-01")], responsible=one)
        make.case(session, code="VA-3", severity=None, events=[])
        make.case(session, code="VA-4", events=[("terminated", "2026-06-01")])
    return installation


def liem(*arguments: str):
    app = typer.Typer()
    register(app)
    audit_commands.register(app)
    return CliRunner().invoke(app, list(arguments))


def said(*arguments: str, exit_code: int = 0):
    result = liem(*arguments)
    assert result.exit_code == exit_code, result.output
    return json.loads(result.stdout)


def everything(engine) -> dict[str, list[Any]]:
    with read_session(engine) as session:
        return {table.__name__: list(session.exec(select(table))) for table in (Flag, JobRun, OutboxMail)}


# --- scan --------------------------------------------------------------------------------------------------------


def test_scan_json_is_the_contracts(province):
    got = said("scan", "--as-of", "2026-06-11", "--json")
    assert list(got) == ["as_of", "open", "buckets", "files"]
    assert got["as_of"] == "2026-06-11"
    assert list(got["buckets"]) == [bucket.value for bucket in Bucket]
    assert sum(got["buckets"].values()) == got["open"] == len(got["files"]) == 3
    assert [list(each) for each in got["files"]] == [KEYS] * 3
    assert [(each["code"], each["bucket"]) for each in got["files"]] == [
        ("VA-1", "overdue_1_30"),
        ("VA-2", "on_time"),
        ("VA-3", "cannot_tell"),
    ]


def test_scan_only_looks_unless_told_to_write(province):
    said("scan", "--as-of", "2026-06-11", "--json")
    assert everything(province) == {"Flag": [], "JobRun": [], "OutboxMail": []}
    said("scan", "--as-of", "2026-06-11", "--json", "--write")
    assert len(everything(province)["Flag"]) > 0


def test_scan_for_people_shows_the_sum_then_the_late_files(province):
    text = liem("scan", "--as-of", "2026-06-11").stdout
    assert "VA-1" in text and "VA-3" in text
    assert "VA-2" not in text, "on time: counted, not listed"
    assert "      3  " in text


def test_scan_acts_as_the_named_account(province):
    with transaction() as session:
        cast.accounts(session)
    assert said("scan", "--as-of", "2026-06-11", "--json", "--as", "uyvien")["open"] == 3
    assert said("scan", "--as-of", "2026-06-11", "--json", "--as", "quantri")["open"] == 0
    refused = liem("scan", "--write", "--as", "uyvien")
    assert isinstance(refused.exception, Forbidden)
    assert isinstance(liem("scan", "--as", "khongco").exception, NotFound)


@pytest.mark.parametrize("day", ["11/06/2026", "2026-02-30", "today"])
def test_a_day_that_is_none_is_wrong_usage(installation, day):
    refused = liem("scan", "--as-of", day).exception
    assert isinstance(refused, BadUsage) and refused.exit_code == 2
    assert day in str(refused)


def test_a_scan_of_an_earlier_day_is_shown_and_not_kept(province):
    said("scan", "--as-of", "2026-06-11", "--json", "--write")
    earlier = liem("scan", "--as-of", "2026-06-01", "--json", "--write")
    assert json.loads(earlier.stdout)["as_of"] == "2026-06-01"
    assert isinstance(earlier.exception, LiemError) and earlier.exception.exit_code == 1
    assert "2026-06-11" in str(earlier.exception)


def test_a_database_of_another_version_is_refused_with_the_command_to_run(installation):
    with transaction() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    for arguments in (["scan"], ["jobs", "list"], ["jobs", "once", "scan"]):
        refused = liem(*arguments).exception
        assert isinstance(refused, LiemError) and refused.exit_code == 1
        assert "\n" not in str(refused)


def test_an_empty_database_is_made_ready(tmp_path):
    settings_of = {"LIEM_DATABASE_URL": f"sqlite:///{tmp_path / 'new' / 'liem.db'}", "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", "from cli import main; main()", "scan", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=settings_of, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["open"] == 0


# --- jobs --------------------------------------------------------------------------------------------------------


def test_once_runs_a_slot_once(province):
    first = said("jobs", "once", "scan", "--as-of", "2026-06-11", "--json")
    assert list(first) == ["job", "slot", "ran", "did", "failed"]
    assert (first["job"], first["slot"], first["ran"], first["failed"]) == ("scan", "2026-06-11", True, [])
    assert first["did"]["open"] == 3
    again = said("jobs", "once", "scan", "--as-of", "2026-06-11", "--json")
    assert again == {"job": "scan", "slot": "2026-06-11", "ran": False, "did": {}, "failed": []}


def test_a_dry_run_says_what_and_changes_nothing(province):
    before = everything(province)
    got = said("jobs", "once", "digest", "--as-of", "2026-06-11", "--dry-run", "--json")
    assert got["did"] == {"mails": 1, "obligations": 1, "already": 0}
    assert (got["ran"], got["dry_run"]) == (False, True)
    assert everything(province) == before
    assert said("jobs", "once", "digest", "--as-of", "2026-06-11", "--json")["ran"]


def test_a_rehearsed_look_at_the_chain_leaves_nothing_behind(province, tmp_path):
    looked = "SELECT count(*) FROM audit_entry WHERE action = 'audit_verified'"

    def rows(asked: str) -> int:
        with read_session() as session:
            return int(session.connection().exec_driver_sql(asked).scalar_one())

    said("jobs", "list", "--json")  # makes the database ready: every record is sealed
    before = rows("SELECT count(*) FROM audit_entry")
    got = said("jobs", "once", "audit", "--dry-run", "--json")
    assert got["did"]["bad"] == 0 and got["did"]["archived"] > 0, "rows of 2018 stand in the chain of a test"
    assert (got["ran"], rows("SELECT count(*) FROM audit_entry")) == (False, before)
    assert not (tmp_path / "audit").exists() and everything(province)["JobRun"] == []
    assert said("jobs", "once", "audit", "--json")["did"]["archived"] == got["did"]["archived"]
    assert [path.suffix for path in (tmp_path / "audit").iterdir()] == [".gz"]
    assert rows(looked) == 1


def test_old_rows_are_archived_by_the_command_once_and_the_piece_is_proved_alone(province, tmp_path, monkeypatch):
    monkeypatch.setenv("LIEM_LANGUAGE", "en")
    settings.cache_clear()
    with transaction() as session:  # the newest row always stays: one of today
        record(session, SYSTEM, "test.said", "test", now=clock.now())
    first = liem("audit", "archive")
    (piece,) = (tmp_path / "audit").iterdir()
    assert (first.exit_code, first.stdout.strip()) == (0, f"Archived: {piece}")
    looked = said("audit", "verify", "--archive", str(piece), "--json")
    assert looked["ok"] and looked["first_row"] == 1 and looked["rows"] == looked["last_row"]
    chain = said("audit", "verify", "--json")
    assert (chain["ok"], chain["first_row"]) == (True, looked["last_row"] + 1)

    again = liem("audit", "archive")
    assert (again.exit_code, again.stdout.strip()) == (0, "No row is old enough to be archived.")
    assert said("audit", "archive", "--json")["did"]["bad"] == 0 and list((tmp_path / "audit").iterdir()) == [piece]

    piece.write_bytes(piece.read_bytes()[:-9])
    cut = liem("audit", "verify", "--archive", str(piece))
    assert cut.exit_code == 1 and "The piece is whole." not in cut.stdout


def test_a_chain_with_a_fault_is_not_archived_by_the_command(province, tmp_path):
    said("jobs", "list", "--json")  # makes the database ready: every record is sealed
    with province.begin() as connection:
        connection.exec_driver_sql("UPDATE case_detail SET title = 'x'")
    refused = liem("audit", "archive")
    assert refused.exit_code == 1 and "VA-1" in refused.stderr and not (tmp_path / "audit").exists()
    assert said("audit", "archive", "--json", exit_code=1)["did"]["bad"] == 4


def test_a_record_changed_behind_the_back_is_named_by_the_look(province):
    with province.begin() as connection:
        connection.exec_driver_sql("UPDATE case_detail SET title = 'x'")
    got = said("jobs", "once", "audit", "--json", exit_code=1)
    assert {each["subject"] for each in got["failed"]} == {"File VA-1", "File VA-2", "File VA-3", "File VA-4"}
    assert got["did"]["bad"] == 4 and "archived" not in got["did"]


def test_the_digest_is_sent_and_a_second_call_sends_nothing(province, smtp_sink, monkeypatch):
    monkeypatch.setenv("LIEM_SMTP_URL", smtp_sink.url)
    settings.cache_clear()
    first = said("jobs", "once", "digest", "--as-of", "2026-06-11", "--json")
    assert first["did"]["mails_sent"] == 1
    assert not said("jobs", "once", "digest", "--as-of", "2026-06-11", "--json")["ran"]
    assert [mail["To"] for mail in smtp_sink.messages] == ["one@minhchau.example"]


def test_a_mail_server_that_is_down_is_exit_1_and_the_next_call_sends(province, smtp_sink, monkeypatch):
    monkeypatch.setenv("LIEM_SMTP_URL", "smtp://thuky:bi-mat@127.0.0.1:1")
    settings.cache_clear()
    down = said("jobs", "once", "digest", "--as-of", "2026-06-11", "--json", exit_code=1)
    assert down["ran"] and down["failed"][0]["subject"] == "mail"
    assert "bi-mat" not in json.dumps(down)
    monkeypatch.setenv("LIEM_SMTP_URL", smtp_sink.url)
    settings.cache_clear()
    up = said("jobs", "once", "digest", "--as-of", "2026-06-11", "--json")
    assert (up["ran"], up["did"]) == (False, {"mails_sent": 1, "mails_waiting": 0})
    assert len(smtp_sink.messages) == 1


def test_names_of_jobs_that_are_not_there_are_wrong_usage(installation):
    for name in ("remind", "nothing"):
        refused = liem("jobs", "once", name).exception
        assert isinstance(refused, BadUsage) and refused.exit_code == 2
        assert name in str(refused) and "\n" not in str(refused)


def test_only_the_secretariat_runs_a_job(province):
    with transaction() as session:
        cast.accounts(session)
    for arguments in (["--as", "uyvien"], ["--as", "quantri"], ["--as", "uyvien", "--dry-run"]):
        assert isinstance(liem("jobs", "once", "scan", *arguments).exception, Forbidden)
    assert everything(province)["JobRun"] == []
    assert said("jobs", "once", "scan", "--as-of", "2026-06-11", "--json", "--as", "thuky")["ran"]


def test_the_list_names_what_is_there_and_how_it_went(province):
    said("jobs", "once", "scan", "--as-of", "2026-06-11", "--json")
    rows = {row["name"]: row for row in said("jobs", "list", "--json")["jobs"]}
    at = {name: row["at"] for name, row in rows.items()}
    assert (at["backup"], at["drill"], at["audit"], at["scan"]) == ("01:00", "02:00", "04:00", "05:30")
    assert (at["calendar"], at["digest"], at["accounts"]) == ("06:00", "07:00", "08:00")
    assert (rows["scan"]["last"]["slot"], rows["scan"]["last"]["state"]) == ("2026-06-11", "done")
    assert rows["digest"]["last"] is None
    text = liem("jobs", "list").stdout
    assert "scan" in text and "digest" in text


def test_jobs_run_catches_up_at_once_and_ends_when_told(tmp_path):
    url = f"sqlite:///{tmp_path / 'liem.db'}"
    environment = {"LIEM_DATABASE_URL": url, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", "from cli import main; main()", "jobs", "run"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            log = ""
            while "digest" not in log or "done" not in log.rpartition("digest")[2]:
                line = process.stderr.readline()
                assert line, log
                log += line
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) == 0
        finally:
            process.kill()
    assert "Traceback" not in log
    said = (
        sqlite3.connect(tmp_path / "liem.db")
        .execute("SELECT after FROM audit_entry WHERE action = 'settings'")
        .fetchall()
    )
    assert len(said) == 1 and "LIEM_SCAN_HOUR" in said[0][0], "which settings it started with stands in the chain"
