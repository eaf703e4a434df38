"""`liem serve`: brings the database to this version, then runs the web server and, beside it, the scheduled jobs."""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from urllib.parse import urlsplit

from dashboard.tls import require_usable, speak_good_suites_only
from models import clock
from models.changes.audit import record_settings
from models.db import DBAPIError, Schema, engine, read_session, schema_of, transaction
from models.errors import DatabaseDown, LiemError, SchemaAhead, SchemaBehind, os_answer
from models.log import keep_log
from models.outside import ways_out_of_here
from models.passwords import password_fits
from models.queries.people import credentials_of
from models.queries.restrictions import secrets_registered
from models.rules.access import SYSTEM
from models.rules.words import words
from models.settings import ROOT, effective, settings
from seed.reference_data import prepare

JOBS = [sys.executable, "-c", "from cli import main; main()", "jobs", "run"]
FIRST_WAIT, LONGEST_WAIT, STEADY = 1.0, 60.0, 60.0  # seconds: back-off of a dying job process; lived long enough
SECONDS_TO_END = 10
HERE = ("127.0.0.1", "::1", "localhost")
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)

log = logging.getLogger(__name__)


class CannotServe(LiemError):
    """Serving cannot start; the text says what to do."""


def prepare_database() -> None:
    """Bring the database to this version, with its reference data. Raises LiemError with the command to run."""
    state = schema_of(engine())
    if state is Schema.AHEAD:
        raise SchemaAhead(
            words("The database was made by a newer version of Liêm. Install that version, or restore an older backup.")
        )
    try:
        prepare(settings().database_url, now=clock.now())
        keep_settings()
    except (DBAPIError, DatabaseDown, SchemaBehind) as error:
        schema_of(engine())  # if it is away by now, that is what is said
        raise SchemaBehind(
            words(
                "The database is half migrated and cannot be brought to this version by itself. Put back the last "
                "backup, then run: liem migrate"
            )
        ) from error


def warn_of_ways_out() -> None:
    """Log a warning when secrets are registered and this machine's routes lead outside. Asks nobody outside."""
    ways = ways_out_of_here()
    with read_session() as session:
        if ways and secrets_registered(session):
            log.warning(
                "Records with a secrecy level are registered here, and this machine has routes outside: %s. "
                "Secrets may be kept on an independent network or a machine without connection only.",
                ", ".join(ways),
            )


def warn_of_clear_text(host: str) -> None:
    """Log a warning when people, or we the database, pass a network and nothing says that it is over TLS."""
    if host not in HERE and not settings().behind_tls:
        log.warning(
            "The site listens on %s without TLS: passwords and files pass the network in clear. Use --tls-cert and "
            "--tls-key, or a proxy with TLS and LIEM_SECURE_COOKIE=true.",
            host,
        )
    database = urlsplit(settings().database_url)
    if database.hostname and database.hostname not in HERE and "sslmode=" not in database.query:
        log.warning(
            "The database is on %s and its address does not ask for TLS: add ?sslmode=verify-full to "
            "LIEM_DATABASE_URL.",
            database.hostname,
        )


def keep_settings() -> None:
    """Say in the audit chain which settings the service starts with, if they are new."""
    with transaction() as session:
        record_settings(session, SYSTEM, effective(), now=clock.now())


def require_free_port(host: str, port: int) -> None:
    """Raises CannotServe if nobody can listen there, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CannotServe(
                words(
                    "Cannot listen on {host} port {port}: {why}. Choose another with --port.",
                    host=host,
                    port=str(port),
                    why=os_answer(error) if isinstance(error, OSError) else str(error),
                )
            ) from error


def use_certificate(certificate: str, key: str) -> bool:
    """Speak TLS with these files, or with those of the settings; whether there are any. Raises BadCertificate."""
    if certificate or key:
        os.environ |= {"LIEM_TLS_CERT": certificate, "LIEM_TLS_KEY": key}
        settings.cache_clear()
    if settings().tls_cert or settings().tls_key:
        require_usable(settings().tls_cert, settings().tls_key)
    return bool(settings().tls_cert)


def serve_web(host: str, port: int) -> None:
    """Serve the pages until SIGTERM or SIGINT; the settings come from .streamlit/config.toml beside the application."""
    from streamlit.web.cli import main_run

    keep_log()
    logging.getLogger("alembic").setLevel(logging.WARNING)
    options = {
        "server.address": host,
        "server.port": str(port),
        "server.maxUploadSize": str(settings().max_upload_mb),
        "logger.hideWelcomeMessage": "true",
    }
    if settings().tls_cert:
        options |= {"server.sslCertFile": settings().tls_cert, "server.sslKeyFile": settings().tls_key}
        speak_good_suites_only()
    os.environ["FORWARDED_ALLOW_IPS"] = settings().trusted_proxies  # else anybody on this machine is believed
    flags = [f"--{name}={value}" for name, value in options.items()]
    main_run.main([str(ROOT / "streamlit_app.py"), *flags], prog_name="liem", standalone_mode=False)


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Within the block SIGTERM and SIGINT end the program by SystemExit, so that every `finally` runs."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(0)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def jobs_beside(command: list[str] = JOBS) -> Iterator[None]:
    """Within the block the scheduled jobs run in a process of their own; it is started again if it dies."""
    ending = threading.Event()
    running: list[subprocess.Popen[bytes]] = []
    keeper = threading.Thread(target=_keep_running, args=(command, ending, running), name="jobs", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        for process in running:
            _end(process)
        keeper.join(SECONDS_TO_END)


def _keep_running(command: list[str], ending: threading.Event, running: list[subprocess.Popen[bytes]]) -> None:
    wait = FIRST_WAIT
    while not ending.is_set():
        started = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)
        running[:] = [process]
        if ending.is_set():
            _end(process)
        code = process.wait()
        if ending.is_set():
            return
        wait = FIRST_WAIT if time.monotonic() - started > STEADY else wait
        log.warning("The scheduled jobs ended with code %s; starting them again in %.0f s.", code, wait)
        ending.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _die_with_parent() -> None:
    """In the child: a server that is killed outright takes its jobs with it, and Ctrl-C reaches the server alone."""
    os.setpgrp()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGTERM)


def fill_demo() -> tuple[tuple[str, str, str], ...]:
    """Fill an empty database with the demo province; login, password and role of each demo account there is.

    A database that holds files stays as it is: its demo accounts are named only while their well-known passwords fit.
    """
    from seed.demo import ACCOUNTS, NotEmpty, fill

    with suppress(NotEmpty):
        fill(engine(), today=clock.today(), now=clock.now())
    with read_session() as session:
        kept = {login.login: credentials_of(session, login.login) for login in ACCOUNTS}
    return tuple(
        (login.login, login.password, login.role.value)
        for login in ACCOUNTS
        if password_fits(login.password, getattr(kept[login.login], "password_hash", None))
    )
