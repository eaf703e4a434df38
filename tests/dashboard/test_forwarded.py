"""Who is believed about a client's address and TLS: the proxies that are named, and nobody else."""

import asyncio
import os

import pytest
import uvicorn
from streamlit.web.cli import main_run

from dashboard import serve
from models.errors import BadUsage
from models.settings import settings


@pytest.fixture(autouse=True)
def own_settings(monkeypatch):
    monkeypatch.setattr(main_run, "main", lambda *_arguments, **_named: None)
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # whatever the machine says
    yield
    settings.cache_clear()


def seen(monkeypatch, proxies: str, peer: str) -> tuple[str, str]:
    """Address and scheme that the application sees of a request that says it was forwarded, from `peer`."""
    monkeypatch.setenv("LIEM_TRUSTED_PROXIES", proxies)
    settings.cache_clear()
    serve.serve_web("127.0.0.1", 8501)
    found = []

    async def application(scope, _receive, _send):
        found.append((scope["client"][0], scope["scheme"]))

    config = uvicorn.Config(application, log_config=None)
    config.load()
    headers = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "client": (peer, 5), "scheme": "http", "headers": headers}
    asyncio.run(config.loaded_app(scope, None, None))
    return found[0]


@pytest.mark.parametrize(
    ("proxies", "peer", "expected"),
    [
        ("", "127.0.0.1", ("127.0.0.1", "http")),
        ("", "::1", ("::1", "http")),
        ("127.0.0.1", "127.0.0.1", ("203.0.113.9", "https")),
        ("127.0.0.1", "10.0.0.5", ("10.0.0.5", "http")),
        ("10.0.0.0/24, ::1", "10.0.0.5", ("203.0.113.9", "https")),
        ("10.0.0.0/24, ::1", "10.0.1.5", ("10.0.1.5", "http")),
    ],
)
def test_only_the_named_proxies_are_believed(monkeypatch, proxies, peer, expected):
    assert seen(monkeypatch, proxies, peer) == expected
    assert os.environ["FORWARDED_ALLOW_IPS"] == proxies


@pytest.mark.parametrize("wrong", ["everybody", "*", "10.0.0.0/33", "127.0.0.1,"])
def test_a_proxy_that_is_no_address_stops_the_start(monkeypatch, wrong):
    monkeypatch.setenv("LIEM_TRUSTED_PROXIES", wrong)
    settings.cache_clear()
    with pytest.raises(BadUsage, match="LIEM_TRUSTED_PROXIES"):
        settings()
