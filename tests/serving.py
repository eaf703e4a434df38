"""The real product as a process, for the journeys: `liem serve` on a free port, until the test is over."""

import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIEM = Path(sys.executable).with_name("liem")
SECONDS_TO_START = 90
UNPROVED = ssl._create_unverified_context()  # a certificate made by the test; what it is worth the test looks at itself
SECRET_KEY = "RmljdGlvbmFsa2V5Zm9ydGhldGVzdHNvZkxpZW0tMDE="  # one for every process of a test


@dataclass(frozen=True)
class Server:
    """A running dashboard: its address without a trailing slash, its database, the file its output goes to."""

    url: str
    database_url: str
    log: Path
    process: subprocess.Popen[bytes]


def clean_environment(**settings: str) -> dict[str, str]:
    """This process's environment without any LIEM_ setting of the developer, plus `settings`."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LIEM_")}
    return {**ours, "LIEM_SECRET_KEY": SECRET_KEY, **settings}


def liem(
    *arguments: str | Path, database_url: str, stdin: str | None = None, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run one `liem` command to its end against `database_url`; exit code, stdout and stderr as text."""
    environment = clean_environment(LIEM_DATABASE_URL=database_url, **settings)
    command = [str(LIEM), *map(str, arguments)]
    return subprocess.run(command, env=environment, input=stdin, capture_output=True, text=True, timeout=600)


def free_port() -> int:
    """A port nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(database_url: str, log: Path, *options: str, **settings: str) -> Iterator[Server]:
    """`liem serve --no-jobs` (plus `options`) that answers /healthz, stopped at the end of the block."""
    port = free_port()
    environment = clean_environment(LIEM_DATABASE_URL=database_url, PYTHONUNBUFFERED="1", **settings)
    command = [str(LIEM), "serve", "--port", str(port), "--no-jobs", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    scheme = "https" if "--tls-cert" in options else "http"
    server = Server(f"{scheme}://127.0.0.1:{port}", database_url, log, process)
    try:
        wait_until_healthy(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_healthy(server: Server) -> None:
    """Return once /healthz answers 200; raises RuntimeError with the end of the log if it never does."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=60, context=UNPROVED) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    raise RuntimeError(f"liem serve did not become healthy:\n{server.log.read_text()[-4000:]}")
