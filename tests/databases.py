"""Real databases for the tests: one migrated template per kind, copied for each test.

PostgreSQL is, in this order: the server of TEST_PG_URL (its user must be able to create databases); else a private
cluster made from the distribution's programs, reachable through a socket in a temporary folder only.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from seed.reference_data import prepare

FAST_NOT_SAFE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
AS_DELIVERED: tuple[str, ...] = ()  # whoever measures waits for the disk, as an office does
TMP = Path("/tmp")
ROOM = 4 * 2**30  # bytes
PREPARED_AT = datetime(2018, 1, 1, tzinfo=UTC)  # before anything the tests record


class NoPostgres(Exception):
    """There is neither TEST_PG_URL nor an installed PostgreSQL."""


def migrated_sqlite(folder: Path) -> Path:
    """A migrated SQLite file without its side files, ready to be copied."""
    path = folder / "template.db"
    prepare(f"sqlite:///{path}", now=PREPARED_AT)
    with_wal = path.with_name(path.name + "-wal")
    assert not with_wal.exists() or with_wal.stat().st_size == 0, "migrate() left an open connection"
    return path


class PostgresServer:
    """A server with a migrated template database, from which `database()` makes copies."""

    def __init__(self, url: str) -> None:
        """`url` names any database of the server, as SQLAlchemy writes it."""
        self.url = make_url(url).set(drivername="postgresql+psycopg")
        self.template = f"liem_template_{uuid4().hex[:8]}"
        self._copied = self._quickest_copy()
        self._run("CREATE DATABASE {}", self.template)
        prepare(self._address(self.template), now=PREPARED_AT)
        self._run("ALTER DATABASE {} ALLOW_CONNECTIONS false", self.template)

    @contextmanager
    def database(self) -> Iterator[str]:
        """Address of a fresh migrated database, dropped afterwards even if someone is still connected."""
        name = f"liem_test_{uuid4().hex[:12]}"
        self._run("CREATE DATABASE {} TEMPLATE {}" + self._copied, name, self.template)
        try:
            yield self._address(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Address of a fresh database without any table, for tests of the migrations themselves."""
        name = f"liem_empty_{uuid4().hex[:12]}"
        self._run("CREATE DATABASE {}", name)
        try:
            yield self._address(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    def close(self) -> None:
        """Leave the server as we found it."""
        self._run("DROP DATABASE {} WITH (FORCE)", self.template)

    def _quickest_copy(self) -> str:
        """How a template is copied: file by file where nothing waits for the disk, else as the server likes."""
        with psycopg.connect(self._plain_address(), autocommit=True) as connection:
            waits = connection.execute("SELECT current_setting('fsync')").fetchone() != ("off",)
            return "" if waits or connection.info.server_version < 150_000 else " STRATEGY = FILE_COPY"

    def _plain_address(self) -> str:
        return self.url.set(drivername="postgresql").render_as_string(hide_password=False)

    def _address(self, database: str) -> str:
        return self.url.set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._plain_address(), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def quick_place() -> Path:
    """In memory, where there is plenty: every test copies and removes some hundred files, slowly on a disk."""
    memory = Path("/dev/shm")
    is_roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if is_roomy else TMP


@contextmanager
def postgres_server(place: Path = TMP, options: Sequence[str] = FAST_NOT_SAFE) -> Iterator[PostgresServer]:
    """The server of TEST_PG_URL, else a private cluster in `place`. Raises NoPostgres if neither is possible."""
    given = os.environ.get("TEST_PG_URL")
    if given:
        server = PostgresServer(given)
        try:
            yield server
        finally:
            server.close()
        return
    with private_cluster(place, options) as url:
        yield PostgresServer(url)


@contextmanager
def private_cluster(place: Path = TMP, options: Sequence[str] = FAST_NOT_SAFE) -> Iterator[str]:
    """Address of a cluster of our own that lives as long as the block; it dies with us even if we are killed."""
    with cluster_folder(place) as folder, served(folder, options) as url:
        yield url


@contextmanager
def cluster_folder(place: Path = TMP) -> Iterator[Path]:
    """A folder with a cluster that is not running; `place` has a short path, for the socket's must be short."""
    folder = Path(tempfile.mkdtemp(prefix="liem-pg-", dir=place))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        init: list[str | Path] = [
            _programs() / "initdb",
            "-D",
            folder / "data",
            "-U",
            "liem",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        subprocess.run(_unprivileged(init), check=True, capture_output=True, cwd=folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def served(folder: Path, options: Sequence[str] = FAST_NOT_SAFE) -> Iterator[str]:
    """Within the block the cluster in the folder runs, reachable through a socket there; at the end it is cut off."""
    given = [part for option in options for part in ("-c", option)]
    serve: list[str | Path] = [
        _programs() / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", *given,
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(_unprivileged(serve), cwd=folder, stdout=log, stderr=log)
    try:
        _wait_until_ready(f"postgresql://liem@/postgres?host={folder}", process, folder / "log")
        yield f"postgresql+psycopg://liem@/postgres?host={folder}"
    finally:
        process.send_signal(signal.SIGINT)  # at once, whoever is connected
        process.wait(timeout=60)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise NoPostgres("no PostgreSQL here: set TEST_PG_URL or install the package postgresql")
    return found[-1].parent


def _unprivileged(command: list[str | Path]) -> list[str]:
    """PostgreSQL refuses to run as root; `--pdeathsig` takes the server down with a killed test run."""
    as_user = ["--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
    return ["setpriv", *as_user, "--pdeathsig=QUIT", "--", *map(str, command)]


def _wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            time.sleep(0.1)
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
