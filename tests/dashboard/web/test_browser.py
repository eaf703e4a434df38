"""The real server in a real browser: sign in, refresh, another tab, languages, sign out; nothing leaves the host."""

import re
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from playwright.sync_api import Page, expect
from psycopg import sql
from sqlalchemy import make_url
from sqlmodel import select

from models import clock
from models.db import make_engine, transaction
from models.enums import Role
from models.tables import SignIn
from tests import make
from tests.serving import Server

PASSWORD = "Mật khẩu thử nghiệm 1"


@pytest.fixture
def serving(sqlite_url, server):
    """The dashboard, with an administrator and a member."""
    add_people(sqlite_url)
    return server(sqlite_url)


def add_people(url: str) -> None:
    engine = make_engine(url)
    with transaction(engine) as session:
        make.account(session, login="quantri", role=Role.ADMINISTRATOR, password=PASSWORD)
        make.account(session, login="uyvien", role=Role.MEMBER, password=PASSWORD)
    engine.dispose()


@contextmanager
def unreachable(url: str) -> Iterator[None]:
    """Within the block the PostgreSQL database accepts nobody and everybody who was connected is cut off."""
    address = make_url(url).set(drivername="postgresql")
    name = str(address.database)
    other = address.set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(other, autocommit=True) as connection:
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            connection.execute(allow.format(sql.Identifier(name), sql.SQL("true")))


def sign_in(page: Page, server: Server, name: str = "quantri", path: str = "/people") -> None:
    url, database_url = server.url, server.database_url
    page.goto(url + path)
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    if name == "quantri":
        page.fill("[name=code]", make.code(name, database_url))
        page.click("button[type=submit]")


def open_menu(page: Page) -> None:
    page.locator(".st-key-person button").first.click()


def test_a_day_at_the_dashboard(serving, browser):
    context = browser.context()
    page = context.new_page()
    messages = []
    page.on("console", lambda message: messages.append(message.text))
    sign_in(page, serving)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url == f"{serving.url}/people"
    assert page.evaluate("document.documentElement.lang") == "vi"
    assert page.evaluate("document.cookie").count("liem") == 0

    page.reload()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert page.url == f"{serving.url}/people"

    open_menu(page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Accounts", level=1)).to_be_visible()
    assert page.url == f"{serving.url}/people"
    assert page.evaluate("document.documentElement.lang") == "en"

    second = context.new_page()
    second.goto(f"{serving.url}/people")
    expect(second.get_by_role("heading", name="Accounts", level=1)).to_be_visible()
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert not any(text in kept for text in ("quantri", "uyvien", "liem", "administrator")), kept

    open_menu(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{serving.url}/login")
    second.get_by_role("button", name="End all sign-ins").click()  # whatever it tries next
    second.wait_for_url(re.compile("/login"))
    refused = [text for text in messages if "Content Security Policy" in text]
    assert refused == []


def test_going_back_after_signing_out_leads_to_the_form(serving, browser):
    page = browser.page()
    sign_in(page, serving)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    open_menu(page)
    page.get_by_role("button", name="Đăng xuất").click()
    page.wait_for_url(f"{serving.url}/login")
    page.go_back()
    page.wait_for_url(re.compile("/login"))
    expect(page.locator("[name=password]")).to_be_visible()


def test_an_address_without_a_page_says_so_in_the_browser(serving, browser):
    page = browser.page()
    sign_in(page, serving)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.goto(f"{serving.url}/quality")
    expect(page.get_by_role("heading", name="Chưa có trang này")).to_be_visible()
    page.get_by_role("link", name="Về trang đầu").click()
    page.wait_for_url(f"{serving.url}/runs")


def test_a_page_left_open_goes_to_the_form_when_its_sign_in_is_ended_elsewhere(serving, browser):
    left_open = browser.page()
    sign_in(left_open, serving, name="uyvien", path="/language/en?next=/cases")
    expect(left_open.get_by_text("Cases and incidents").first).to_be_visible()
    engine = make_engine(serving.database_url)
    with transaction(engine) as session:
        session.exec(select(SignIn)).one().revoked_at = clock.now()
    engine.dispose()
    left_open.wait_for_url(re.compile("/login.*next=/cases"))  # nobody touched it
    expect(left_open.locator("[name=password]")).to_be_visible()
    assert left_open.get_by_test_id("stApp").count() == 0


def test_pages_outside_the_role_are_neither_offered_nor_served(serving, browser):
    page = browser.page(locale="en-GB")
    sign_in(page, serving, path="/language/en?next=/cases")
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    offered = page.get_by_test_id("stTopNavLink")
    expect(offered).to_have_count(4)  # scheduled runs, rules and calendar, audit log, accounts
    page.goto(serving.url)  # an administrator's start page is not the overview
    page.wait_for_url(f"{serving.url}/runs")


def test_the_form_works_without_javascript_on_a_small_screen(serving, browser):
    visitor = browser._chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = visitor.new_page()
    page.goto(f"{serving.url}/login?next=/healthz")
    assert page.locator("html").get_attribute("lang") == "vi"
    wide = page.locator("main").bounding_box()
    assert wide is not None and wide["width"] <= 390
    page.fill("[name=username]", "uyvien")
    page.fill("[name=password]", "sai")
    page.click("button[type=submit]")
    assert page.locator("[role=alert]").is_visible()
    assert page.input_value("[name=username]") == "uyvien"
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit]")
    assert page.url == f"{serving.url}/healthz"
    visitor.close()


LOGIN = "POST /login HTTP/1.1\r\nHost: localhost\r\n"
NEXT = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# Where a request ends: what would be a second request for one reader only is none. Request → status of each answer.
FRAMED = {
    f"{LOGIN}Content-Length: 0\r\n\r\n{NEXT}": [400, 200],
    f"{LOGIN}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{NEXT}": [400, 200],  # chunked it is
    f"{LOGIN}Content-Length: 4\r\nContent-Length: 0\r\n\r\n{NEXT}": [400],
    f"{LOGIN}Content-Length: +4\r\n\r\nname{NEXT}": [400],
    f"{LOGIN}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{NEXT}": [400],
    f"{LOGIN}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{NEXT}": [400],
}


def statuses(server: Server, sent: str) -> list[int]:
    """The status of each answer to these bytes."""
    with socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])), timeout=60) as raw:
        raw.sendall(sent.encode("latin-1"))
        answered = b"".join(iter(lambda: raw.recv(65_536), b""))
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answered)]


def test_the_real_server_refuses_stream_agent_and_media_and_stops_while_somebody_looks(serving, browser):
    with urllib.request.urlopen(f"{serving.url}/static/", timeout=60) as answer:
        assert answer.url.startswith(f"{serving.url}/login"), "no folder is listed"
    for path, status in {"/_stcore/agent/openapi.json": 404, "/media/x": 401, "/_stcore/stream": 401}.items():
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(serving.url + path, timeout=60)
        assert refused.value.code == status, path
        refused.value.close()
    for framed, answers in FRAMED.items():
        assert statuses(serving, framed) == answers, framed
    page = browser.page()
    sign_in(page, serving)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    serving.process.send_signal(signal.SIGTERM)
    began = time.monotonic()
    serving.process.wait(timeout=60)
    assert serving.process.returncode == 0, time.monotonic() - began


def test_a_database_that_goes_away_is_said_calmly_and_its_return_needs_nobody(postgres_url, server, browser):
    add_people(postgres_url)
    serving = server(postgres_url)
    page = browser.page()
    sign_in(page, serving, path="/language/en?next=/people")
    button = page.get_by_role("button", name="End all sign-ins")
    expect(button).to_be_visible()
    visitor = browser.page()
    with unreachable(postgres_url):
        button.click()
        expect(page.get_by_text("will work again by itself")).to_be_visible()
        assert visitor.goto(f"{serving.url}/login").status == 503
        assert visitor.locator("[role=status]").is_visible()
        with urllib.request.urlopen(f"{serving.url}/healthz", timeout=60) as answer:
            assert b'"down"' in answer.read()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(visitor.locator("[name=username]")).to_be_visible()
    assert "Traceback" not in page.content()
