"""Cookies: what they say of themselves, and behind TLS the names that bind them to this host."""

import pytest

from dashboard.web.cookies import received, sent
from models.settings import settings
from tests.asgi import TestClient
from tests.dashboard.web.conftest import Visitor


@pytest.fixture
def over_tls(application):
    with TestClient(application, base_url="https://testserver", follow_redirects=False) as client:
        yield Visitor(client)


def attributes(header: str) -> set[str]:
    return {part.strip().lower() for part in header.split(";")[1:]}


def test_no_script_reads_our_cookies_and_no_other_site_sends_them(visitor):
    form = visitor.get("/login").headers.get_list("set-cookie")
    signed_in = visitor.sign_in("uyvien").headers.get_list("set-cookie")
    ours = {header.split("=")[0]: attributes(header) for header in signed_in + form if header.startswith("liem")}
    assert set(ours) == {"liem", "liem_form", "liem_lang"}
    for name, said in ours.items():
        assert "httponly" in said, name
        assert said & {"samesite=lax", "samesite=strict"}, name
        assert not any(part.startswith("domain") for part in said), name


def test_over_tls_cookies_are_secure_and_bound_to_this_host(over_tls):
    headers = over_tls.sign_in("uyvien", Origin="https://testserver").headers
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    for header in headers.get_list("set-cookie"):
        assert "secure" in attributes(header), header
        assert header.startswith(("__Host-liem=", "__Host-liem_lang=", "__Secure-liem_form=")), header
    assert over_tls.is_in
    over_tls.get("/logout")
    assert not over_tls.is_in


def test_over_tls_a_cookie_without_the_name_is_not_ours(over_tls):
    over_tls.sign_in("uyvien", Origin="https://testserver")
    token = over_tls.client.cookies["__Host-liem"]
    over_tls.client.cookies.clear()
    assert over_tls.client.get("/", headers={"Cookie": f"liem={token}"}).status_code == 303
    assert over_tls.client.get("/", headers={"Cookie": f"liem=x; __Host-liem={token}"}).status_code == 200


def test_over_tls_a_page_that_was_served_in_clear_sends_nothing(over_tls):
    assert over_tls.sign_in("uyvien", Origin="http://testserver").status_code == 403


def test_an_installation_that_says_it_is_behind_tls_is_believed(visitor, monkeypatch):
    monkeypatch.setenv("LIEM_SECURE_COOKIE", "true")
    settings.cache_clear()
    page = visitor.get("/login")
    assert page.headers["set-cookie"].startswith("__Secure-liem_form=")
    assert page.headers["strict-transport-security"]


@pytest.mark.parametrize(
    ("cookie", "name"),
    [
        ("liem=x; Path=/; HttpOnly", "__Host-liem=x"),
        ("liem_form=x; Path=/login", "__Secure-liem_form=x"),
        ("_streamlit_xsrf=x; Path=/", "_streamlit_xsrf=x"),  # read by Streamlit's own script under this name
    ],
)
def test_names_go_out_and_come_back(cookie, name):
    assert sent(cookie).startswith(name) and "; Secure" in sent(cookie)
    back = received({"type": "http", "scheme": "https", "headers": [(b"cookie", name.encode())]})
    assert back["headers"] == [(b"cookie", cookie.split(";")[0].encode())]
