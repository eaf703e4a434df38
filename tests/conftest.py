"""Fixtures that every test may ask for: databases, a running dashboard, a browser, a mail server."""

import contextlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import hypothesis
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright
from sqlalchemy import Engine, event

from models.changes import _audit
from models.changes._touched import touched
from models.db import Session, make_engine, transaction
from models.db import engine as engine_of_installation
from models.rules.access import SYSTEM
from models.settings import settings
from tests import databases, mail
from tests.proof import times
from tests.serving import SECRET_KEY, Server, serving
from tests.visiting import PATIENCE

TESTS = Path(__file__).resolve().parent
BROWSERS = ("/usr/bin/chromium", "/usr/bin/google-chrome")
BROWSER_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

# A developer's own settings must not reach a test.
for _name in [name for name in os.environ if name.startswith("LIEM_")]:
    del os.environ[_name]
os.environ["LIEM_SECRET_KEY"] = SECRET_KEY

# The same examples in every run, however slow the machine is.
hypothesis.settings.register_profile(
    "liem", deadline=None, derandomize=True, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("liem")


# With `make test` on SQLite alone, on both kinds with `make prove`; the journey of a lost machine is always on both.
LONG = (
    "tests/exports/test_verify.py", "tests/jobs/test_drill.py", "tests/jobs/test_make_backup.py",
    "tests/models/backup/test_restore.py",
)  # fmt: skip


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All journeys run on one worker: one browser at a time is enough for a small machine. Long proofs run in part."""
    left_out = [item for item in items if item.nodeid.startswith(LONG) and "[postgresql" in item.nodeid]
    if left_out and not times(1, 0):
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("browser"))


# --- the audit chain -----------------------------------------------------------------------------------------------


@event.listens_for(Session, "before_commit", insert=True)
def _a_test_says_what_it_wrote(session: Session) -> None:
    """A test may write rows as it likes: the chain then says so. Our own code that says nothing is refused."""
    if not session.in_transaction() or session.info.get(_audit.WAITING) or not session.info.get("strict"):
        return
    session.flush()
    if any(note.sealed for note in touched(session.connection()).values()) and _in_a_test_s_transaction():
        changed = session.info.get("changed", False)
        _audit.record(session, SYSTEM, "test.wrote", "test", now=datetime(2018, 1, 1, tzinfo=UTC))
        session.info["changed"] = changed


def _in_a_test_s_transaction() -> bool:
    """Whether the block that ends here, `with transaction() as session:`, stands in a test."""
    frame: FrameType | None = sys._getframe()
    while frame and not (frame.f_code.co_name == "__exit__" and frame.f_code.co_filename == contextlib.__file__):
        frame = frame.f_back
    return bool(frame and frame.f_back and Path(frame.f_back.f_code.co_filename).is_relative_to(TESTS))


# --- databases -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.migrated_sqlite(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[databases.PostgresServer]:
    """A PostgreSQL server with a migrated template; skips, saying why, where there is none."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(databases.postgres_server(databases.quick_place()))
        except databases.NoPostgres as missing:
            pytest.skip(str(missing))
        yield server


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """Address of a fresh migrated SQLite file."""
    path = tmp_path / "liem.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: databases.PostgresServer) -> Iterator[str]:
    """Address of a fresh migrated PostgreSQL database."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a fresh migrated database; a test that asks for it runs on both kinds."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table, of both kinds: for the migrations themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server: databases.PostgresServer = request.getfixturevalue("postgres_server")
    with server.empty_database() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Engine of a fresh migrated database; a test that asks for it runs on SQLite and on PostgreSQL."""
    made = make_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def installation(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Both kinds again, but as this process's own installation: `read_session()` and `transaction()` reach it."""
    monkeypatch.setenv("LIEM_DATABASE_URL", database_url)
    settings.cache_clear()
    engine_of_installation.cache_clear()
    yield engine_of_installation()
    engine_of_installation().dispose()
    engine_of_installation.cache_clear()
    settings.cache_clear()


# --- the product as people meet it ---------------------------------------------------------------------------------


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """`server(database_url, *options, **settings)` starts `liem serve --no-jobs`; all are stopped after the test."""
    with ExitStack() as stack:
        started: list[Server] = []

        def start(database_url: str, *options: str, **settings: str) -> Server:
            log = tmp_path / f"serve-{len(started)}.log"
            started.append(stack.enter_context(serving(database_url, log, *options, **settings)))
            return started[-1]

        yield start


@pytest.fixture(scope="module")
def shared_server(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """`shared_server(fill)`: a dashboard for all tests of a module, on a SQLite file that `fill` filled."""
    with ExitStack() as stack:

        def start(fill: Callable[[Session], object]) -> Server:
            folder = tmp_path_factory.mktemp("shared")
            shutil.copyfile(_sqlite_template, folder / "liem.db")
            url = f"sqlite:///{folder / 'liem.db'}"
            made = make_engine(url)
            with transaction(made) as session:
                fill(session)
            made.dispose()
            return stack.enter_context(serving(url, folder / "serve.log"))

        yield start


@pytest.fixture
def smtp_sink() -> Iterator[mail.SmtpSink]:
    """A mail server that keeps what it is sent: `.url` for LIEM_SMTP_URL, `.messages`."""
    with mail.listening() as sink:
        yield sink


@pytest.fixture
def browser() -> Iterator["OurBrowser"]:
    """Chromium that fails the test if any page asked a host other than our own."""
    program = next((path for path in BROWSERS if Path(path).exists()), None)
    if program is None:
        pytest.skip("no Chromium here: `make test` installs it")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=BROWSER_OPTIONS)
        ours = OurBrowser(chromium)
        yield ours
        chromium.close()
    assert ours.strangers == [], "a page asked an outside host"


class OurBrowser:
    """A browser that remembers every address its pages asked for."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self.asked: list[str] = []

    def context(self, *, locale: str = "vi-VN", width: int = 1366, height: int = 900) -> BrowserContext:
        """A fresh visitor: no cookies, a laptop's screen, the province's time zone."""
        visitor = self._chromium.new_context(
            locale=locale,
            viewport={"width": width, "height": height},
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
        )
        visitor.set_default_timeout(PATIENCE)
        visitor.on("request", self._remember)
        visitor.on("page", _wait_while_it_is_drawn)
        return visitor

    def page(self, *, locale: str = "vi-VN", width: int = 1366, height: int = 900) -> Page:
        """A page of a fresh visitor."""
        return self.context(locale=locale, width=width, height=height).new_page()

    @property
    def strangers(self) -> list[str]:
        """Every address asked for that is not on this machine."""
        return [url for url in self.asked if not _is_ours(url)]

    def _remember(self, request: Request) -> None:
        self.asked.append(request.url)


def _wait_while_it_is_drawn(page: Page) -> None:
    """Whatever a test does there waits for the end of a drawing: half drawn, a page shows some parts twice."""
    page.add_locator_handler(page.locator("[data-testid=stApp][data-test-script-state=running]"), lambda: None)


def _is_ours(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about") or parts.hostname in ("127.0.0.1", "localhost")
