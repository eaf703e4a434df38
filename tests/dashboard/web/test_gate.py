"""Nobody gets anything without a sign-in that still holds."""

from datetime import timedelta

import pytest
from sqlmodel import col, select
from starlette.websockets import WebSocketDisconnect

from dashboard.navigation import PAGES
from models import clock
from models.db import transaction
from models.settings import settings
from models.tables import Account, SignIn

PARTS = ["/media/abc.docx", "/_stcore/host-config", "/_stcore/upload_file/x/y", "/component/x/y.js", "/download/x/1"]


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


@pytest.mark.parametrize("path", ["/audit", "/quality", "/cases/VA-1", "/secret.txt", "/pages/cases.py"])
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


def test_nothing_can_be_sent_without_sign_in(visitor):
    assert visitor.client.put("/_stcore/upload_file/x/y", content=b"x").status_code == 401
    assert visitor.client.post("/cases", content=b"x").status_code == 401


@pytest.mark.parametrize(
    "path", ["/login", "/healthz", "/readyz", "/_stcore/health", "/favicon.svg", "/static/js/x.js"]
)
def test_what_the_form_and_the_supervisor_need_is_open(visitor, path):
    assert visitor.get(path).status_code == 200


def test_the_stream_is_closed_without_sign_in_and_open_with_it(visitor):
    with pytest.raises(WebSocketDisconnect) as closed, visitor.client.websocket_connect("/_stcore/stream"):
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


@pytest.mark.parametrize("path", ["/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"])
def test_the_automation_interface_is_shut_for_everybody(visitor, path):
    assert visitor.get(path).status_code == 404
    visitor.sign_in("quantri")
    assert visitor.get(path).status_code == 404
    assert visitor.client.post(path, json={}).status_code == 404


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


def test_only_the_named_hosts_are_answered(visitor, monkeypatch):
    monkeypatch.setenv("LIEM_ALLOWED_HOSTS", "liem.minhchau.example, testserver")
    settings.cache_clear()
    assert visitor.get("/login").status_code == 200
    assert visitor.get("/login", host="liem.minhchau.example:8501").status_code == 200
    assert visitor.get("/login", host="rebound.example").status_code == 404
