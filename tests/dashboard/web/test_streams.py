"""The stream of an open page: who may open it, what may be said on it, and that it ends with the sign-in."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlmodel import col, select
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.web import handed, streams
from dashboard.web.routes import MIDDLEWARE, ROUTES
from models import clock
from models.db import transaction
from models.enums import Role
from models.tables import Account, SignIn
from tests.asgi import TestClient
from tests.dashboard.web.conftest import Visitor

OURS = {"Origin": "http://testserver"}
SESSION = "0b5c1d8e-5d83-4a4c-9a40-3f3a8b0f7a11"


async def _talk(socket: WebSocket) -> None:
    """Says its session's name and what it was asked to go on with, then repeats what arrives."""
    asked = socket.headers.get("sec-websocket-protocol", "")
    await socket.accept(subprotocol=asked.split(",")[0] or None)
    hello = ForwardMsg()
    hello.new_session.initialize.session_id = SESSION
    hello.new_session.main_script_path = "/srv/secret/dashboard/main.py"
    hello.new_session.initialize.environment_info.python_version = "3.11.7"
    hello.new_session.name = f"{len(asked.split(','))} parts; /media/0123456789abcdef.docx"
    await socket.send_bytes(hello.SerializeToString())
    with suppress(WebSocketDisconnect):
        while True:
            await socket.send_bytes(await socket.receive_bytes())


@pytest.fixture
def application(people) -> Starlette:
    talk = WebSocketRoute("/_stcore/stream", _talk)
    return Starlette(routes=[*ROUTES, talk, Route("/{path:path}", _nothing)], middleware=MIDDLEWARE)


async def _nothing(_request):  # pragma: no cover
    raise AssertionError


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(streams, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(streams, "TIME_TO_LEAVE", 0.1)


@pytest.fixture
def visitor(application) -> Iterator[Visitor]:
    with TestClient(application, follow_redirects=False) as client:
        yield Visitor(client)


def opened(visitor: Visitor, *protocols: str, **headers: str) -> WebSocketTestSession:
    return visitor.client.websocket_connect("/_stcore/stream", list(protocols) or None, headers=headers or OURS)


def account(login: str) -> Account:
    with transaction() as session:
        return session.exec(select(Account).where(col(Account.login) == login)).one()


def sent(**kind: bool) -> bytes:
    message = BackMsg()
    for name, value in kind.items():
        setattr(message, name, value)
    return message.SerializeToString()


@pytest.mark.parametrize(
    "origin", [None, "http://evil.example", "null", "http://testserver:81", "https://testserver.evil"]
)
def test_a_stream_that_does_not_come_from_a_page_of_ours_is_not_opened(visitor, origin):
    visitor.sign_in("uyvien")
    headers = {"Origin": origin} if origin else {"X-Nothing": "1"}
    with pytest.raises(WebSocketDisconnect) as closed, opened(visitor, **headers):
        pass
    assert closed.value.code == 4403


def test_a_stream_to_a_strange_name_is_not_opened(visitor):
    visitor.sign_in("uyvien")
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        opened(visitor, Origin="http://rebound.example", Host="rebound.example"),
    ):
        pass
    assert closed.value.code == 4403


def test_messages_of_streamlits_developers_are_for_nobody(visitor):
    visitor.sign_in("uyvien")
    with opened(visitor) as stream:
        stream.receive_bytes()
        for name in ("clear_cache", "set_run_on_save", "load_git_info", "debug_shutdown_runtime"):
            stream.send_bytes(sent(**{name: True}))
        message = BackMsg()
        message.backend_operation_request.install_skills.SetInParent()
        stream.send_bytes(message.SerializeToString())
        stream.send_bytes(sent(stop_script=True))
        assert BackMsg.FromString(stream.receive_bytes()).WhichOneof("type") == "stop_script"


def test_a_message_that_no_page_sends_closes_the_stream(visitor, monkeypatch):
    monkeypatch.setattr(streams, "LARGEST_MESSAGE", 1000)
    visitor.sign_in("uyvien")
    message = BackMsg()
    message.rerun_script.query_string = "q" * 900
    with opened(visitor) as stream:
        stream.receive_bytes()
        stream.send_bytes(message.SerializeToString())
        assert stream.receive_bytes() == message.SerializeToString()
        message.rerun_script.query_string = "q" * 1001
        stream.send_bytes(message.SerializeToString())
        with pytest.raises(WebSocketDisconnect) as closed:
            stream.receive_bytes()
    assert closed.value.code == 1009


def test_a_page_hands_its_reader_addresses_that_are_good_for_nobody_else(visitor):
    visitor.sign_in("uyvien")
    with opened(visitor) as stream:
        stream.receive_bytes()
    member, secretary = account("uyvien").id or 0, account("thuky").id or 0
    assert handed.was_handed(member, "/media/0123456789abcdef.docx")
    assert not handed.was_handed(secretary, "/media/0123456789abcdef.docx")


def test_a_page_does_not_say_where_and_with_what_we_run(visitor):
    visitor.sign_in("uyvien")
    with opened(visitor) as stream:
        hello = stream.receive_bytes()
    assert b"/srv/secret" not in hello and b"3.11.7" not in hello
    assert ForwardMsg.FromString(hello).new_session.initialize.session_id == SESSION


def test_only_its_own_reader_goes_on_with_a_page_after_a_short_interruption(visitor, another):
    for person, login, parts in ((visitor, "uyvien", 2), (visitor, "uyvien", 3), (another, "thuky", 2)):
        if not person.client.cookies.get("liem"):
            person.sign_in(login)
        with opened(person, "streamlit", "token", SESSION) as stream:
            heard = ForwardMsg.FromString(stream.receive_bytes())
            assert heard.new_session.name.startswith(f"{parts} parts"), login


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("end", ["signed out", "disabled", "silent", "run out"])
def test_an_open_page_is_taken_to_the_form_when_its_sign_in_has_ended(visitor, end):
    visitor.sign_in("uyvien")
    with opened(visitor) as stream:
        stream.receive_bytes()
        with transaction() as session:
            row = session.exec(select(SignIn)).one()
            if end == "signed out":
                row.revoked_at = clock.now()
            elif end == "disabled":
                session.exec(select(Account).where(col(Account.login) == "uyvien")).one().disabled_at = clock.now()
            elif end == "silent":
                row.last_seen_at -= timedelta(days=1)
            else:
                row.created_at -= timedelta(days=1)
                row.expires_at -= timedelta(days=1)
        assert ForwardMsg.FromString(stream.receive_bytes()).auth_redirect.url == "/auth/logout"
        with pytest.raises(WebSocketDisconnect) as closed:
            stream.receive_bytes()
    assert closed.value.code == 4401


@pytest.mark.usefixtures("impatient")
def test_an_open_page_starts_anew_when_its_reader_may_see_something_else(visitor):
    visitor.sign_in("uyvien")
    with opened(visitor) as stream:
        stream.receive_bytes()
        with transaction() as session:
            session.exec(select(Account).where(col(Account.login) == "uyvien")).one().role = Role.ADMINISTRATOR
        assert ForwardMsg.FromString(stream.receive_bytes()).auth_redirect.url == "/"


@pytest.mark.usefixtures("impatient")
def test_an_open_page_does_not_keep_its_own_sign_in_awake_and_lasts_as_long_as_it(visitor):
    visitor.sign_in("uyvien")
    with transaction() as session:
        session.exec(select(SignIn)).one().last_seen_at -= timedelta(minutes=5)
    with opened(visitor) as stream:
        stream.receive_bytes()
        for _ in range(5):
            stream.send_bytes(sent(app_heartbeat=True))
            assert BackMsg.FromString(stream.receive_bytes()).WhichOneof("type") == "app_heartbeat"
    with transaction() as session:
        assert clock.now() - session.exec(select(SignIn)).one().last_seen_at > timedelta(minutes=4)
