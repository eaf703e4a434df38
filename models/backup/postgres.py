"""A PostgreSQL database dumped as of one moment and put back in one transaction, by PostgreSQL's own programs.

Passwords reach the programs through their environment, never their arguments.
"""

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, NamedTuple

import psycopg
from psycopg import conninfo, sql
from sqlalchemy import URL, Connection, text

from models.backup.errors import CannotBackUp, CannotRestore, DamagedBackup
from models.errors import LiemError
from models.rules.words import words

PART = "liem.dump"
DEBIAN = Path("/usr/lib/postgresql")
WAIT_FOR_LOCKS = "20s"
SCRATCH = "liem_drill_"
LEFT_BEHIND = timedelta(days=1)  # a scratch database that old belongs to a drill that was killed


class NoTools(LiemError):
    """The programs of PostgreSQL are missing or too old."""


class Tools(NamedTuple):
    """PostgreSQL's programs of one version."""

    major: int
    folder: Path


def tools(server_major: int) -> Tools:
    """The oldest installed programs that fit the server: of its version or newer. Raises NoTools."""
    found = sorted({tool for folder in _folders() if (tool := _tools_in(folder))})
    fitting = [each for each in found if each.major >= server_major]
    if not fitting:
        raise NoTools(
            words(
                "Backups of PostgreSQL {server} need its programs pg_dump, pg_restore and psql of that version or "
                "newer. Install the package postgresql-client-{server}.",
                server=str(server_major),
            )
        )
    return fitting[0]


def _folders() -> Iterator[Path]:
    on_path = shutil.which("pg_dump")
    if on_path:
        yield Path(on_path).parent
    yield from (path.parent for path in DEBIAN.glob("*/bin/pg_dump"))


def _tools_in(folder: Path) -> Tools | None:
    if not all((folder / name).is_file() for name in ("pg_dump", "pg_restore", "psql")):
        return None
    with suppress(OSError, subprocess.SubprocessError):
        said = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, timeout=30).stdout
        major = re.search(r"(\d+)(?:\.|beta|rc|devel)", said)
        return Tools(int(major[1]), folder) if major else None
    return None


def server_major(version: str) -> int:
    """The major version of `SHOW server_version`."""
    return int(re.match(r"\d+", version)[0])  # type: ignore[index]


# --- out -----------------------------------------------------------------------------------------------------------


def dump(url: URL, connection: Connection, to: Path, *, version: str) -> None:
    """Dump the database as `connection`, a REPEATABLE READ transaction, sees it. Raises NoTools, CannotBackUp."""
    tool = tools(server_major(version))
    snapshot = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())
    command: list[str | Path] = [
        tool.folder / "pg_dump",
        "--format=custom",
        f"--snapshot={snapshot}",
        f"--file={to}",
        "--no-password",
    ]
    _run([*command, f"--dbname={_address(url)}"], url, failing=_no_dump)


def _no_dump(why: str) -> CannotBackUp:
    return CannotBackUp(words("pg_dump failed: {why}. No backup was made.", why=why))


# --- back ----------------------------------------------------------------------------------------------------------


def load(
    url: URL,
    dump_file: Path,
    *,
    server: str,
    dumped_from: str,
    drop: Iterable[str],
    rows: Mapping[str, int],
    data_version: int,
    now: datetime,
) -> None:
    """Put the dump into the database in one transaction: all of it, with these rows in its tables, or nothing.

    `drop` names the tables that go first. Sign-ins are ended, and caches that know the data by a number up to
    `data_version` are told that it is other data. Raises NoTools, CannotRestore, DamagedBackup.
    """
    if server_major(server) < server_major(dumped_from):
        raise CannotRestore(
            words("The backup was made on PostgreSQL {made}; this server is {here}, which is older.",
                  made=str(server_major(dumped_from)), here=str(server_major(server)))
        )  # fmt: skip
    tool = tools(server_major(server))
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as also:
        psql = subprocess.Popen(
            [tool.folder / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "--no-password", f"--dbname={_address(url)}"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=_environment(url),
        )  # fmt: skip
        assert psql.stdin
        try:
            with suppress(BrokenPipeError):
                psql.stdin.write(_before(drop).encode())
                psql.stdin.flush()
            unpacked = subprocess.run(
                [tool.folder / "pg_restore", "--no-owner", "--no-privileges", "--file=-", dump_file],
                stdin=subprocess.DEVNULL, stdout=psql.stdin, stderr=also, check=False,
            )  # fmt: skip
            if unpacked.returncode == 0:
                with suppress(BrokenPipeError):  # without these lines nothing of it is kept
                    psql.stdin.write(_after(rows, data_version, now).encode())
                    psql.stdin.flush()
            with suppress(BrokenPipeError):
                psql.stdin.close()
            psql.wait()
        finally:
            psql.kill()
            psql.wait()
        if psql.returncode:
            raise _not_loaded(_last_words(said))
        if unpacked.returncode:
            raise DamagedBackup(words("pg_restore says: {why}.", why=_last_words(also)))


def _before(drop: Iterable[str]) -> str:
    tables = sql.SQL(", ").join(sql.Identifier(name) for name in sorted(drop))
    return "\n".join(
        (
            "BEGIN;",
            "SET LOCAL client_min_messages = warning;",
            f"SET LOCAL lock_timeout = '{WAIT_FOR_LOCKS}';",
            sql.SQL("DROP TABLE IF EXISTS {} CASCADE;").format(tables).as_string(None),
            "DO $$ DECLARE one regprocedure; BEGIN"
            " FOR one IN SELECT p.oid FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
            " AND p.proowner = (SELECT oid FROM pg_roles WHERE rolname = current_user)"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
            " LOOP EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', one); END LOOP; END $$;",
            "",
        )
    )


def _after(rows: Mapping[str, int], data_version: int, now: datetime) -> str:
    counted = sql.SQL("\n").join(
        sql.SQL(
            "DO $$ BEGIN IF (SELECT count(*) FROM public.{name}) <> {n} THEN RAISE EXCEPTION {said}; END IF; END $$;"
        ).format(name=sql.Identifier(name), n=sql.Literal(n), said=sql.Literal(f"{name} has not {n} rows"))
        for name, n in sorted(rows.items())
    )
    settled = sql.SQL(
        "UPDATE public.sign_in SET revoked_at = {now} WHERE revoked_at IS NULL;"
        " UPDATE public.data_version SET n = GREATEST(n, {n}) + 1;"
    ).format(now=sql.Literal(now.isoformat()), n=sql.Literal(data_version))
    return f"\n{counted.as_string(None)}\n{settled.as_string(None)}\nCOMMIT;\n"


def _not_loaded(why: str) -> LiemError:
    if "lock timeout" in why:
        return CannotRestore(
            words(
                "The database is in use and could not be replaced. It is as it was; stop the service, then try again."
            )
        )
    if "has not" in why and "rows" in why:
        return DamagedBackup(words("{why}.", why=why))
    return CannotRestore(words("PostgreSQL refused the backup: {why}. The database is as it was.", why=why))


@contextmanager
def scratch_database(url: URL, *, now: datetime) -> Iterator[URL]:
    """An empty database on the same server, dropped at the end; those of killed drills are dropped first.

    Raises CannotRestore if the role may not create one.
    """
    name = f"{SCRATCH}{now:%Y%m%d%H%M%S}_{secrets.token_hex(4)}"
    try:
        with psycopg.connect(_address(url), password=url.password, autocommit=True) as server:
            _drop_left_behind(server, now)
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotRestore(
            words(
                "The drill needs a scratch database, and the role {role} may not create one. As the server's "
                "administrator run: ALTER ROLE {role} CREATEDB",
                role=url.username or "",
            )
        ) from error
    except psycopg.Error as error:
        raise CannotRestore(words("No scratch database could be made: {why}.", why=_first_line(str(error)))) from error
    try:
        yield url.set(database=name)
    finally:
        with suppress(psycopg.Error), psycopg.connect(_address(url), password=url.password, autocommit=True) as server:
            _drop(server, name)


def _drop_left_behind(server: "psycopg.Connection[tuple[str, ...]]", now: datetime) -> None:
    asked = "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND pg_has_role(datdba, 'MEMBER')"
    for (name,) in server.execute(asked, (SCRATCH,)).fetchall():
        with suppress(ValueError, psycopg.Error):
            made = datetime.strptime(name[len(SCRATCH) :].partition("_")[0], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            if made < now - LEFT_BEHIND:
                _drop(server, name)


def _drop(server: "psycopg.Connection[tuple[str, ...]]", name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


# --- programs ------------------------------------------------------------------------------------------------------


def _address(url: URL) -> str:
    """The database's address as PostgreSQL's programs take it, without the password."""
    more = {name: value for name, value in url.query.items() if isinstance(value, str) and "password" not in name}
    parts = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database, **more}
    return conninfo.make_conninfo("", **{name: value for name, value in parts.items() if value})


def _environment(url: URL) -> dict[str, str]:
    password = {"PGPASSWORD": url.password} if url.password else {}
    return {**os.environ, **password, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10"}


def _run(command: list[str | Path], url: URL, *, failing: Callable[[str], LiemError]) -> None:
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
            env=_environment(url),
            check=False,
        )
        if done.returncode:
            raise failing(_last_words(said))


def _last_words(said: IO[bytes]) -> str:
    """The first error in what a program said, without its name."""
    said.seek(0)
    lines = said.read().decode(errors="replace").splitlines()
    wrong = [line for line in lines if "error:" in line.lower()] or lines
    return _first_line(re.sub(r"^.*?error:\s*", "", wrong[0], flags=re.I) if wrong else "")


def _first_line(said: str) -> str:
    return next(iter(said.strip().splitlines()), "").strip().rstrip(".")
