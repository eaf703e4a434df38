"""`liem serve`: what it does before it serves, and how it keeps and ends the scheduled jobs."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlmodel import select

from dashboard import serve
from models.db import Schema, engine, make_engine, schema_of, transaction
from models.errors import LiemError
from models.settings import settings
from models.tables import Account
from tests.serving import liem

ALIVE = "import time, os, sys; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(600)"


def started(note: Path, times: int) -> list[int]:
    """The process ids of the jobs that were started, once there are so many."""
    for _ in range(300):
        lines = note.read_text().splitlines() if note.exists() else []
        if len(lines) >= times:
            return [int(line) for line in lines]
        time.sleep(0.1)
    raise AssertionError(f"the jobs were started {len(lines)} times, not {times}")


def is_running(process: int) -> bool:
    """Whether there is such a process that has not ended."""
    stat = Path(f"/proc/{process}/stat")
    return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] not in ("Z", "X")


def ends(process: int) -> bool:
    """Whether the process ends within a while."""
    for _ in range(100):
        if not is_running(process):
            return True
        time.sleep(0.1)
    return False


def test_jobs_that_die_are_started_again_and_end_with_the_server(tmp_path):
    note = tmp_path / "note"
    with serve.jobs_beside([sys.executable, "-c", ALIVE, str(note)]):
        first = started(note, 1)[0]
        os.kill(first, signal.SIGKILL)
        second = started(note, 2)[1]
        assert is_running(second)
    assert not is_running(second)


def test_jobs_that_will_not_end_are_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "SECONDS_TO_END", 1)
    note = tmp_path / "note"
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {ALIVE}"
    with serve.jobs_beside([sys.executable, "-c", stubborn, str(note)]):
        process = started(note, 1)[0]
    assert not is_running(process)


def test_a_server_that_is_killed_outright_leaves_no_jobs_behind(tmp_path):
    note = tmp_path / "note"
    program = (
        "import sys, time; from dashboard.serve import jobs_beside\n"
        f"with jobs_beside([sys.executable, '-c', {ALIVE!r}, sys.argv[1]]): time.sleep(600)"
    )
    server = subprocess.Popen([sys.executable, "-c", program, str(note)])
    process = started(note, 1)[0]
    server.kill()
    server.wait()
    assert ends(process)


def test_a_stop_signal_ends_the_block_in_order():
    done = []
    with pytest.raises(SystemExit), serve.ending_on_signals():
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            done.append("cleaned up")
    assert done == ["cleaned up"]
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_port_in_use_is_named_before_anything_starts():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(serve.CannotServe, match=f"127.0.0.1 port {port}.*--port"):
            serve.require_free_port("127.0.0.1", port)
    serve.require_free_port("127.0.0.1", port)


@pytest.fixture
def own(empty_database_url, monkeypatch):
    """A database without any table as this process's installation."""
    monkeypatch.setenv("LIEM_DATABASE_URL", empty_database_url)
    settings.cache_clear()
    engine.cache_clear()
    yield empty_database_url
    engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


def test_an_empty_database_is_made_ready_and_has_no_account(own):
    serve.prepare_database()
    assert schema_of(engine()) is Schema.CURRENT
    with transaction() as session:
        assert session.exec(select(Account)).all() == []


def test_a_newer_database_is_refused(own):
    serve.prepare_database()
    _write(own, "UPDATE alembic_version SET version_num = 'from_the_future'")
    with pytest.raises(LiemError, match="newer version"):
        serve.prepare_database()


def test_a_half_migrated_database_is_refused_with_the_command_to_run(own):
    serve.prepare_database()
    _write(own, "DELETE FROM alembic_version")
    with pytest.raises(LiemError, match="liem migrate"):
        serve.prepare_database()


def test_serve_refuses_it_in_one_line_and_exit_code_1(own):
    serve.prepare_database()
    _write(own, "DELETE FROM alembic_version")
    done = liem("serve", "--no-jobs", "--port", "1", database_url=own)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_the_demo_fills_an_empty_database_once_and_names_its_accounts_again(installation):
    from seed.demo import ACCOUNTS

    first = serve.fill_demo()
    assert [(login, password) for login, password, _ in first] == [(a.login, a.password) for a in ACCOUNTS]
    assert serve.fill_demo() == first


def test_demo_accounts_with_a_password_of_their_own_are_not_named(installation):
    from models import clock
    from models.changes.people import reset_password
    from models.rules.access import SYSTEM

    first = serve.fill_demo()
    with transaction() as session:
        reset_password(session, SYSTEM, first[0][0], "Một mật khẩu riêng 1", now=clock.now())
    assert serve.fill_demo() == first[1:]


def _write(url: str, statement: str) -> None:
    on = make_engine(url)
    with on.begin() as connection:
        connection.exec_driver_sql(statement)
    on.dispose()


@pytest.mark.parametrize(
    ("host", "secure", "warned"),
    [("127.0.0.1", "", False), ("0.0.0.0", "", True), ("10.1.2.3", "", True), ("0.0.0.0", "true", False)],
)
def test_who_serves_other_machines_in_clear_is_warned(monkeypatch, caplog, host, secure, warned):
    if secure:
        monkeypatch.setenv("LIEM_SECURE_COOKIE", secure)
    settings.cache_clear()
    serve.warn_of_clear_text(host)
    assert ("in clear" in caplog.text) == warned
    for address, is_open in {"db.example/liem": True, "db.example/liem?sslmode=require": False, "/liem": False}.items():
        caplog.clear()
        monkeypatch.setenv("LIEM_DATABASE_URL", f"postgresql://liem:mat-khau@{address}")
        settings.cache_clear()
        serve.warn_of_clear_text("127.0.0.1")
        assert ("sslmode=verify-full" in caplog.text) == is_open and "mat-khau" not in caplog.text, address
    monkeypatch.undo()
    settings.cache_clear()
