"""The stream of an open page: what a browser may say on it, what it is handed, and its end with the sign-in."""

import asyncio
import logging
from dataclasses import replace

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.web import handed, on_its_way
from dashboard.web.session import signed_in_with
from models import clock
from models.db import DBAPIError
from models.errors import LiemError
from models.queries.people import SignedIn

SAYS = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat"})
FETCHES = frozenset({"deferred_file", "dataframe_chunk"})  # what a page asks for besides being drawn
LARGEST_MESSAGE = 8 * 1024 * 1024  # bytes a browser may say at once; a table that is filled in has far less
LOOK_EVERY = 10.0  # seconds until a page that is open notices that its sign-in has ended
TIME_TO_LEAVE = 3.0  # seconds a browser gets to follow us to the form before the stream closes
SIGN_OUT, START = "/auth/logout", "/"
SCRIPT = b"main.py"
PROTOCOL = b"sec-websocket-protocol"

log = logging.getLogger(__name__)


class Stream:
    """One open page. `token` is the cookie's value, looked up again and again while the page is open."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, who: SignedIn, token: str) -> None:
        self._app, self._receive, self._send = app, receive, send
        self._who, self._token = who, token
        self._account = who.viewer.account_id or 0
        self._scope = {**scope, "headers": _without_strange_session(scope, self._account)}
        self._closed = False

    async def run(self) -> None:
        """Carry the stream to its end."""
        watch = asyncio.create_task(self._watch())
        try:
            await self._app(self._scope, self._said, self._hand)
        except TypeError:  # a text message: none of our pages sends one
            log.warning("A stream was closed: it did not speak our protocol.")
        finally:
            watch.cancel()

    async def _said(self) -> Message:
        """The next message that a page of ours can have sent."""
        while True:
            message = await self._receive()
            content = message.get("bytes")
            if message["type"] != "websocket.receive" or content is None:
                return message
            if len(content) > LARGEST_MESSAGE:
                await self._close(1009)
            elif _is_ours(content):
                return message

    async def _hand(self, message: Message) -> None:
        """Pass on what the page is sent."""
        if self._closed:
            return
        if content := message.get("bytes"):
            handed.note(self._account, content)
            on_its_way.note(content)
            if SCRIPT in content:
                message = {**message, "bytes": self._introduced(content)}
        self._closed = message["type"] == "websocket.close"
        await self._send(message)

    def _introduced(self, content: bytes) -> bytes:
        """The message with which each run of a page begins, without where we are installed and with what."""
        message = ForwardMsg.FromString(content)
        if message.WhichOneof("type") != "new_session":
            return content
        begin = message.new_session.initialize
        handed.note_session(self._account, begin.session_id)
        message.new_session.main_script_path = "main.py"
        begin.environment_info.Clear()
        return bytes(message.SerializeToString())

    async def _watch(self) -> None:
        """An open page ends with the sign-in, and starts anew when its reader may see something else."""
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                now = await run_in_threadpool(signed_in_with, self._token, now=clock.now(), active=False)
            except (DBAPIError, LiemError):
                continue  # the database does not answer; what is shown stays until it does
            if now is None:
                return await self._leave(SIGN_OUT)
            if now.owes or replace(now.viewer, address="") != replace(self._who.viewer, address=""):
                return await self._leave(START)

    async def _leave(self, goal: str) -> None:
        """Take the browser away from what it shows, then close."""
        message = ForwardMsg()
        message.auth_redirect.url = goal
        if not self._closed:
            await self._send({"type": "websocket.send", "bytes": message.SerializeToString()})
            await asyncio.sleep(TIME_TO_LEAVE)
        await self._close(4401)

    async def _close(self, code: int) -> None:
        if not self._closed:
            self._closed = True
            await self._send({"type": "websocket.close", "code": code})


def _is_ours(content: bytes) -> bool:
    """Whether a page sends such a message; Streamlit's own developers' messages are for nobody here."""
    try:
        message = BackMsg.FromString(content)
        kind = message.WhichOneof("type")
        if kind == "backend_operation_request":
            return message.backend_operation_request.WhichOneof("payload") in FETCHES
        return kind in SAYS
    except DecodeError:
        return True  # Streamlit closes the stream by itself


def _without_strange_session(scope: Scope, account_id: int) -> list[tuple[bytes, bytes]]:
    """The headers; a browser that asks to go on with a session which is not its reader's gets a new one."""
    return [(name, _protocol(value, account_id) if name == PROTOCOL else value) for name, value in scope["headers"]]


def _protocol(value: bytes, account_id: int) -> bytes:
    parts = value.decode("latin-1").split(",")
    if len(parts) < 3 or handed.has_session(account_id, parts[2].strip()):
        return value
    return ",".join(parts[:2]).encode("latin-1")
