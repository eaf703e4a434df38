"""Nobody gets anything without a sign-in that still holds."""

import asyncio
import re
import socket
from datetime import timedelta

import pytest
from sqlmodel import col, select
from starlette.websockets import WebSocketDisconnect

from dashboard.navigation import PAGES
from dashboard.web import bodies, handed, refusals
from models import clock
from models.db import transaction
from models.settings import settings
from models.tables import Account, SignIn
from tests.asgi import TestClient

PARTS = ["/_stcore/host-config", "/component/x/y.js", "/download/x/1"]
PERSONAL = ["/media/0a1b2c3d4e.docx", "/_stcore/upload_file/5d2c7a1e-session/77aa-file"]
OURS = {"Origin": "http://testserver"}


def account_id(login: str) -> int:
    with transaction() as session:
        return session.exec(select(Account).where(col(Account.login) == login)).one().id or 0


def age_sign_ins(**columns: timedelta) -> None:
    """Move the instants of all sign-ins into the past by so much."""
    with transaction() as session:
        for row in session.exec(select(SignIn)):
            for name, by in columns.items():
                setattr(row, name, getattr(row, name) - by)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_a_page_asked_for_without_sign_in_leads_to_the_form_and_back(visitor, entry):
    answer = visitor.get(f"/{entry.url}?q=x")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next=/{entry.url}%3Fq%3Dx"


def test_an_unknown_address_is_not_told_apart_from_a_page(visitor):
    assert visitor.get("/secret.txt").status_code == 303


@pytest.mark.parametrize("path", ["/quality", "/cases/VA-1", "/secret.txt", "/pages/cases.py", "/.git/config"])
def test_an_address_without_a_page_says_so_and_leads_home(visitor, path):
    visitor.sign_in("uyvien")
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert "Chưa có trang này" in answer.text and 'href="/"' in answer.text
    visitor.get("/language/en")
    assert "There is no such page" in visitor.get(path).text


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.key)
def test_every_page_of_the_table_is_served_to_somebody_signed_in(visitor, entry):
    visitor.sign_in("uyvien")
    assert visitor.get(f"/{entry.url}").status_code == 200


@pytest.mark.parametrize("path", PARTS)
def test_parts_of_pages_are_refused_without_sign_in_and_served_with_it(visitor, path):
    assert visitor.get(path).status_code == 401
    visitor.sign_in("uyvien")
    assert visitor.get(path).text == f"inside {path}"


@pytest.mark.parametrize("path", PERSONAL)
def test_what_was_handed_to_one_person_is_there_for_nobody_else(visitor, another, path):
    visitor.sign_in("uyvien")
    another.sign_in("thuky")
    assert visitor.get(path).status_code == 404
    handed.note(account_id("uyvien"), b"\x12\x03..." + path.encode() + b"\x1a\x00")
    assert visitor.get(path).text == f"inside {path}"
    assert another.get(path).status_code == 404
    assert visitor.get(path + "x").status_code == 404


def test_nothing_can_be_sent_without_sign_in(visitor):
    assert visitor.client.put(PERSONAL[1], content=b"x", headers=OURS).status_code == 401
    assert visitor.client.post("/cases", content=b"x", headers=OURS).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (OURS, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),  # no browser: every one of them says one of the two
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "http://testserver", "Host": "testserver:8501"}, 403),
        ({"Origin": "HTTP://TESTSERVER"}, 200),
    ],
)
def test_a_change_says_whose_page_it_comes_from(visitor, headers, status):
    visitor.sign_in("uyvien")
    handed.note(account_id("uyvien"), PERSONAL[1].encode())
    assert visitor.client.put(PERSONAL[1], content=b"x", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("fetch", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
    ],
)
def test_another_sites_page_may_lead_here_but_put_nothing_of_ours_into_itself(visitor, fetch, status):
    visitor.sign_in("uyvien")
    assert visitor.get("/cases", **fetch).status_code == status


def test_a_link_on_another_sites_page_changes_nothing(visitor):
    visitor.sign_in("uyvien")
    led = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for path in ("/logout", "/auth/logout", "/language/en"):
        answer = visitor.get(path, **led)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), path
    assert visitor.is_in
    assert '<html lang="vi">' in visitor.get("/").text


@pytest.mark.parametrize(
    ("path", "most"), [("/login", bodies.LARGEST_FORM), (PERSONAL[1], 20 * 1024 * 1024 + bodies.FRAMING)]
)
def test_more_than_is_taken_is_refused_by_what_is_announced_and_by_what_comes(visitor, path, most):
    visitor.sign_in("uyvien")
    handed.note(account_id("uyvien"), path.encode())
    send = visitor.client.put if path != "/login" else visitor.client.post
    assert send(path, content=b"x" * (most + 1), headers=OURS).status_code == 413
    assert send(path, content=iter([b"x" * most, b"x"]), headers=OURS).status_code == 413  # without a length
    assert send(path, content=iter([b"x" * most]), headers=OURS).status_code in (200, 400)


def test_one_person_cannot_fill_the_memory_with_files(visitor, another, monkeypatch):
    monkeypatch.setattr(bodies, "FILES_IN_WINDOW", 2)
    for person, name in ((visitor, "uyvien"), (another, "thuky")):
        person.sign_in(name)
        handed.note(account_id(name), PERSONAL[1].encode())
    largest = b"x" * (20 * 1024 * 1024)
    answers = [visitor.client.put(PERSONAL[1], content=largest, headers=OURS).status_code for _ in range(3)]
    assert answers == [200, 200, 413]
    assert another.client.put(PERSONAL[1], content=largest, headers=OURS).status_code == 200


def test_what_is_announced_and_does_not_come_is_not_waited_for_for_ever(visitor, monkeypatch):
    monkeypatch.setattr(bodies, "SECONDS_FOR_FORM", 1.0)

    pieces = iter([b"username="])

    async def trickle():
        for piece in pieces:
            return {"type": "http.request", "body": piece, "more_body": True}
        await asyncio.sleep(60)

    async def slow() -> None:
        scope = {"type": "http", "method": "POST", "path": "/login"}
        receive = bodies.measured(scope, trickle)
        await receive()
        with pytest.raises(bodies.TooSlow):
            await receive()

    asyncio.run(slow())


def test_a_failure_of_ours_says_a_number_and_nothing_of_our_insides(application, monkeypatch, caplog):
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("secret detail of the program")

    monkeypatch.setattr("dashboard.web.gate.signed_in_with", broken)
    with TestClient(application, follow_redirects=False, raise_server_exceptions=False) as client:
        answer = client.get("/cases")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text and "Traceback" not in answer.text and "RuntimeError" not in answer.text
    reference = re.search(r"\b[0-9A-F]{6}\b", answer.text)
    assert reference and reference[0] in caplog.text and "secret detail" in caplog.text
    assert answer.headers["content-security-policy"] and answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/login", "/healthz", "/readyz", "/_stcore/health", "/favicon.svg", "/static/js/x.js"]
)
def test_what_the_form_and_the_supervisor_need_is_open(visitor, path):
    assert visitor.get(path).status_code == 200


def test_the_stream_is_closed_without_sign_in_and_open_with_it(visitor):
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        visitor.client.websocket_connect("/_stcore/stream", headers=OURS),
    ):
        pass
    assert closed.value.code == 4401
    visitor.sign_in("uyvien")
    with visitor.client.websocket_connect("/_stcore/stream", headers={"Origin": "http://testserver"}) as stream:
        assert stream.receive_text() == "inside"


def test_a_stream_from_another_sites_page_is_closed_even_with_the_cookie(visitor):
    visitor.sign_in("uyvien")
    from_elsewhere = {"Origin": "http://localhost:9000"}
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        visitor.client.websocket_connect("/_stcore/stream", headers=from_elsewhere),
    ):
        pass
    assert closed.value.code == 4403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://testserver.evil.example", "http://testserver:81"]
)
def test_a_change_sent_by_another_sites_page_is_refused(visitor, origin):
    visitor.sign_in("uyvien")
    answer = visitor.client.put("/_stcore/upload_file/x/y", content=b"x", headers={"Origin": origin})
    assert answer.status_code == 403


def test_what_is_refused_at_the_door_is_in_the_log_and_does_not_fill_it(visitor, another, caplog):
    refusals.forget()
    visitor.sign_in("uyvien")
    another.sign_in("thuky")
    handed.note(account_id("uyvien"), PERSONAL[0].encode())
    assert another.get(PERSONAL[0]).status_code == 404
    assert f"Refused from testclient: GET '{PERSONAL[0]}': not handed to thuky" in caplog.text
    assert another.get("/_stcore/metrics").status_code == 404 and "not for thuky" in caplog.text
    caplog.clear()
    for _ in range(refusals.TOLD + 5):
        visitor.client.put("/_stcore/upload_file/x/y", content=b"x", headers={"Origin": "http://evil.example"})
    assert caplog.text.count("another site's page") == refusals.TOLD and "further ones are not told" in caplog.text


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"])
def test_the_automation_interface_is_shut_for_everybody(visitor, path):
    assert visitor.get(path).status_code == 404
    visitor.sign_in("quantri")
    assert visitor.get(path).status_code == 404
    assert visitor.client.post(path, json={}).status_code == 404


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DELETE", "PROPFIND"])
def test_a_method_that_no_page_uses_is_not_answered(visitor, method):
    visitor.sign_in("uyvien")
    for path in ("/", "/login", "/account", "/attachment/1", "/favicon.svg"):
        answer = visitor.client.request(method, path, headers={**OURS, "X-Secret": "echo"})
        assert answer.status_code == 405 and "echo" not in answer.text, path


def test_metrics_are_for_administrators(visitor, another):
    visitor.sign_in("thuky")
    assert visitor.get("/_stcore/metrics").status_code == 404
    another.sign_in("quantri")
    assert another.get("/_stcore/metrics").status_code == 200


def test_a_made_up_cookie_is_worth_nothing(visitor):
    for value in ("x", "a" * 43, "a" * 5000, '"; DROP', "é"):
        answer = visitor.client.get("/", headers={b"Cookie": b"liem=" + value.encode("latin-1")})
        assert answer.status_code == 303, value


def test_a_browser_silent_too_long_is_signed_out(visitor):
    visitor.sign_in("uyvien")
    idle = timedelta(minutes=settings().session_idle_minutes)
    age_sign_ins(last_seen_at=idle - timedelta(seconds=20))
    assert visitor.is_in
    age_sign_ins(last_seen_at=idle + timedelta(seconds=20))
    assert not visitor.is_in


def test_an_administrators_browser_waits_five_minutes_only(visitor):
    visitor.sign_in("quantri")
    age_sign_ins(last_seen_at=timedelta(minutes=5, seconds=-20))
    assert visitor.is_in
    age_sign_ins(last_seen_at=timedelta(minutes=5, seconds=20))
    answer = visitor.get("/people")
    assert answer.headers["location"] == "/login?ended=1&next=/people"
    assert "sau 5 phút không thao tác" in visitor.get("/login?ended=1&next=/people").text


def test_who_comes_back_after_a_silence_is_told_so_and_lands_where_it_was(visitor):
    visitor.sign_in("uyvien")
    age_sign_ins(last_seen_at=timedelta(minutes=16))
    form = visitor.get("/cases?late=1").headers["location"]
    assert form == "/login?ended=1&next=/cases%3Flate%3D1"
    shown = visitor.get(form).text
    assert "sau 15 phút không thao tác" in shown and 'value="/cases?late=1"' in shown
    with transaction() as session:
        row = session.exec(select(SignIn)).one()
        row.last_seen_at = clock.now()
        row.created_at, row.expires_at = clock.now() - timedelta(hours=8), clock.now()
    assert "sau 8 giờ" in visitor.get(form).text
    with transaction() as session:
        session.exec(select(SignIn)).one().revoked_at = clock.now()
    assert "phút không thao tác" not in visitor.get(form).text


def test_opening_a_page_counts_as_activity_and_its_parts_do_not(visitor):
    visitor.sign_in("uyvien")
    age_sign_ins(last_seen_at=timedelta(minutes=10))
    assert visitor.get("/_stcore/host-config").status_code == 200
    with transaction() as session:
        assert clock.now() - session.exec(select(SignIn)).one().last_seen_at > timedelta(minutes=9)
    assert visitor.is_in
    with transaction() as session:
        assert clock.now() - session.exec(select(SignIn)).one().last_seen_at < timedelta(minutes=1)


def test_a_sign_in_ends_after_its_longest_time_however_active(visitor):
    visitor.sign_in("uyvien")
    longest = timedelta(hours=settings().session_hours)
    age_sign_ins(created_at=longest, expires_at=longest - timedelta(seconds=30))
    assert visitor.is_in
    age_sign_ins(created_at=timedelta(minutes=1), expires_at=timedelta(minutes=1))
    assert not visitor.is_in


def test_disabling_an_account_shuts_its_open_pages_at_once(visitor):
    visitor.sign_in("uyvien")
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "uyvien")).one()
        account.disabled_at = clock.now()
    assert not visitor.is_in
    assert visitor.get("/media/x").status_code == 401


def test_a_given_password_must_be_replaced_before_anything_else(visitor):
    with transaction() as session:
        session.exec(select(Account).where(col(Account.login) == "uyvien")).one().must_change = True
    visitor.sign_in("uyvien")
    assert visitor.get("/").headers["location"] == "/password"
    assert visitor.get("/media/x").status_code == 401
    assert visitor.get("/password").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("testserver", 200),
        ("localhost:8501", 200),
        ("127.0.0.1:8501", 200),
        ("[::1]:8501", 200),
        ("10.1.2.3:8501", 200),
        (socket.gethostname(), 200),
        ("rebound.example", 421),
        ("127.0.0.1.rebound.example", 421),
        ("localhost.rebound.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_a_name_that_somebody_else_points_at_this_machine_is_not_answered(visitor, host, status):
    assert visitor.get("/login", host=host).status_code == status


def test_an_administrators_password_of_sixty_days_has_to_be_replaced_too(visitor):
    visitor.sign_in("quantri")
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "quantri")).one()
        account.password_changed_at = clock.now() - timedelta(days=60, minutes=-1)
    assert visitor.is_in
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "quantri")).one()
        account.password_changed_at = clock.now() - timedelta(days=60)
    assert visitor.get("/people").headers["location"] == "/password"


def test_only_the_named_hosts_are_answered(visitor, monkeypatch):
    monkeypatch.setenv("LIEM_ALLOWED_HOSTS", "liem.minhchau.example, testserver")
    settings.cache_clear()
    assert visitor.get("/login").status_code == 200
    assert visitor.get("/login", host="liem.minhchau.example:8501").status_code == 200
    assert visitor.get("/healthz", host="127.0.0.1:8501").status_code == 200  # the supervisor on this machine
    assert visitor.get("/login", host="rebound.example").status_code == 421
    assert visitor.get("/login", host="10.1.2.3").status_code == 421
    monkeypatch.setenv("LIEM_ALLOWED_HOSTS", "*")
    settings.cache_clear()
    assert visitor.get("/login", host="rebound.example").status_code == 200


@pytest.mark.parametrize("length", [40, 140])
@pytest.mark.parametrize("after", [b"", b"2\x05liem-", b"B/x", b"\x1a\x00"])
def test_an_address_ends_where_its_text_ends_whatever_follows_it_in_the_message(length, after):
    path = b"/media/" + b"a" * (length - 12) + b".docx"
    told = bytes([length]) if length < 128 else bytes([0x80 | length & 0x7F, length >> 7])
    handed.note(7, b"\x0a\x03liem\x1a" + told + path + after)
    assert handed.was_handed(7, path.decode())
