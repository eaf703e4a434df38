"""Alive and ready, and what people see while the database is away."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.websockets import WebSocketDisconnect

from dashboard.web.routes import MIDDLEWARE, ROUTES
from models.db import engine, migrate
from models.settings import settings
from tests.asgi import TestClient


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation whose database cannot be opened: a folder stands where the file should be."""
    path = tmp_path / "liem.db"
    path.mkdir()
    monkeypatch.setenv("LIEM_DATABASE_URL", f"sqlite:///{path}")
    settings.cache_clear()
    engine.cache_clear()
    yield path
    engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=ROUTES, middleware=MIDDLEWARE), follow_redirects=False) as client:
        yield client


def test_with_a_database_of_this_version_it_is_alive_and_ready(visitor):
    assert visitor.get("/healthz").json() == {"status": "ok", "database": "ok"}
    assert (visitor.get("/readyz").status_code, visitor.get("/readyz").json()["database"]) == (200, "ok")


def test_without_its_database_it_is_alive_but_not_ready(nowhere, client):
    assert (client.get("/healthz").status_code, client.get("/healthz").json()["database"]) == (200, "down")
    assert (client.get("/readyz").status_code, client.get("/readyz").json()["database"]) == (503, "down")


def test_an_empty_database_is_not_ready(nowhere, client):
    nowhere.rmdir()
    assert (client.get("/readyz").status_code, client.get("/readyz").json()["database"]) == (503, "empty")


def test_while_the_database_is_away_people_read_one_calm_sentence(nowhere, client):
    form, stranger = client.post("/login", data={"username": "x"}), client.get("/login")
    client.cookies.set("liem", "a" * 43)
    for answer in (client.get("/cases"), client.get("/login"), stranger):
        assert answer.status_code == 503
        assert 'http-equiv="refresh"' in answer.text  # it asks again by itself
        assert "Traceback" not in answer.text and "sqlite" not in answer.text.lower()
    assert form.status_code in (400, 503)
    assert client.get("/media/x").status_code == 503
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_stcore/stream"):
        pass


def test_once_the_database_is_back_everything_works_without_a_restart(nowhere, client):
    client.cookies.set("liem", "a" * 43)
    assert client.get("/login").status_code == 503
    nowhere.rmdir()
    migrate(settings().database_url)
    assert client.get("/login").status_code == 200
    assert client.get("/cases").status_code == 303
    assert client.get("/readyz").status_code == 200
