"""The machine is lost: the steps of docs/backup.md, as an administrator follows them, on both databases."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import cli
from models import store
from models.db import engine
from models.settings import ROOT, settings

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


def test_the_documentation_names_the_commands_and_settings_there_are():
    text = (ROOT / "docs" / "backup.md").read_text()
    for name in ("liem restore", "--replace", "--passphrase", "--encrypt", "--rotate", "CREATEDB", "LIEM_BACKUP_KEEP"):
        assert name in text
