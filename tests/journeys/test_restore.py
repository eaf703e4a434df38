"""The machine is lost: the steps of docs/backup.md, as an administrator follows them, on both databases."""

import json
import secrets
import shutil
from datetime import timedelta

import httpx
import pytest
from typer.testing import CliRunner

import cli
from models import clock, store
from models.changes.sign_in import hash_of_token
from models.db import engine, make_engine, read_session, transaction
from models.queries.audit import verify
from models.rules.access import SYSTEM
from models.settings import ROOT, settings
from models.tables import SignIn
from tests import make
from tests.page_client import PageClient
from tests.serving import liem as command
from tests.serving import serving

WORDS = "mật khẩu rất dài\n"


@pytest.fixture
def new_place(database_url, request, tmp_path):
    """The address of the new machine's database, on which nothing is yet."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'new' / 'liem.db'}"
        return
    with request.getfixturevalue("postgres_server").empty_database() as url:
        yield url


def test_a_lost_machine_comes_back_by_the_steps_of_the_documentation(database_url, new_place, tmp_path, monkeypatch):
    files, backups, secret = tmp_path / "files", tmp_path / "mnt", tmp_path / "passphrase"
    secret.write_text(WORDS)
    secret.chmod(0o600)
    own = {"LIEM_FILES_DIR": str(files), "LIEM_BACKUP_DIR": str(backups), "LIEM_LANGUAGE": "en",
           "LIEM_BACKUP_PASSPHRASE_FILE": str(secret)}  # fmt: skip

    for setting, value in own.items():
        monkeypatch.setenv(setting, value)

    def liem(*arguments, url=database_url):
        monkeypatch.setenv("LIEM_DATABASE_URL", url)
        settings.cache_clear()
        engine.cache_clear()
        try:
            return CliRunner().invoke(cli.build(), [str(each) for each in arguments])
        finally:
            engine().dispose()

    def run(*arguments, url=database_url):
        done = liem(*arguments, url=url)
        assert done.exit_code == 0, done.exception or done.stderr
        return done.stdout

    run("demo", "--as-of", "2026-11-21")
    paper = tmp_path / "report.docx"
    run("report", "annual", "--period", "2026", "--as-of", "2026-11-21", "--out", paper)
    name = store.put(b"%PDF-1.7\n", into=files)
    before = json.loads(run("scan", "--as-of", "2026-11-21", "--json"))
    assert json.loads(run("jobs", "once", "backup", "--json"))["did"]["backups"] == 1
    assert json.loads(run("jobs", "once", "drill", "--json"))["did"]["proved"] == 1

    shutil.rmtree(files)
    (archive,) = backups.glob("liem-*.tar.sealed")
    said = json.loads(run("restore", archive, "--json", url=new_place))
    assert (said["migrated"], said["documents"], said["audit"]["first_bad"]) == (False, 1, None)
    assert store.get(name, of=files) == b"%PDF-1.7\n"
    assert json.loads(run("scan", "--as-of", "2026-11-21", "--json", url=new_place)) == before
    assert json.loads(run("verify", paper, "--json", url=new_place))["intact"]
    assert "--replace" in str(liem("restore", archive, url=new_place).exception)
    settings.cache_clear()
    engine.cache_clear()


def test_a_running_service_shows_what_was_put_back_and_takes_new_work(database_url, tmp_path):
    """`liem restore --replace` beside `liem serve`: who was signed in is not, and what was shown is not shown again."""
    own = {"LIEM_FILES_DIR": str(tmp_path / "files"), "LIEM_BACKUP_DIR": str(tmp_path / "mnt"), "LIEM_LANGUAGE": "en"}
    on = make_engine(database_url)
    with transaction(on) as session:
        account = make.account(session, login="thuky")
        make.case(session, code="VA-1", title="Trước", events=[("case_initiated", "2026-03-02")])
    with serving(database_url, tmp_path / "serve.log", **own) as server:
        made = json.loads(command("backup", "--json", database_url=database_url, **own).stdout)["file"]
        with transaction(on) as session:
            make.case(session, code="VA-2", title="Sau", events=[("case_initiated", "2026-03-02")])
        token = signed_in(on, account.id)
        with PageClient(server.url, token) as person:
            person.open()
            shown = person.page("cases")
            assert shown.says("VA-1") and shown.says("VA-2")
            back = command("restore", made, "--replace", "--json", database_url=database_url, **own)
            assert back.returncode == 0, back.stderr
            assert json.loads(back.stdout)["audit"]["bad_records"] == 0
            answer = person.http.get("/cases")
            assert (answer.status_code, answer.headers["location"][:6]) == (303, "/login"), "who was signed in is not"
        with PageClient(server.url, signed_in(on, account.id)) as person:
            person.open()
            shown = person.page("cases")
            assert shown.says("VA-1") and not shown.says("VA-2"), "no cache tells what is gone"
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        with transaction(on) as session:
            make.case(session, code="VA-3", title="Mới", events=[("case_initiated", "2026-03-02")])
        with PageClient(server.url, signed_in(on, account.id)) as person:
            person.open()
            assert person.page("cases").says("VA-3")
    with read_session(on) as session:
        assert verify(session, SYSTEM).ok
    on.dispose()
    assert "Traceback" not in (tmp_path / "serve.log").read_text()


def signed_in(on, account_id) -> str:
    """The cookie of a new sign-in."""
    token, now = secrets.token_urlsafe(32), clock.now()
    with transaction(on) as session:
        session.add(SignIn(token_sha256=hash_of_token(token), account_id=account_id, created_at=now, last_seen_at=now,
                           expires_at=now + timedelta(hours=8)))  # fmt: skip
    return token


def test_the_documentation_names_the_commands_and_settings_there_are():
    text = (ROOT / "docs" / "backup.md").read_text()
    for name in ("liem restore", "--replace", "--passphrase", "--encrypt", "--rotate", "CREATEDB", "LIEM_BACKUP_KEEP"):
        assert name in text
