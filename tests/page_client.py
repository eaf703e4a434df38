"""A page of the dashboard without a browser: asks over the stream, as a program that skips the navigation would."""

import re
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

MEDIA = re.compile(rb"/media/[0-9a-f]{16,}[.a-z0-9]*")
LONGEST_WAIT = 60.0
EARLY = ForwardMsg.FINISHED_EARLY_FOR_RERUN  # another page follows at once


@dataclass
class Shown:
    """What one run of a page sent: every byte, and the addresses of files in it."""

    content: bytes = b""
    media: set[str] = field(default_factory=set)
    deferred: set[str] = field(default_factory=set)
    redirect: str = ""

    def says(self, text: str) -> bool:
        return text.encode() in self.content


class PageClient:
    """One person's connection: requests by HTTP, pages by the stream."""

    def __init__(self, url: str, token: str | None) -> None:
        self._socket: Any
        self.url, self._origin = url, url
        cookies = {"liem": token, "liem_lang": "en"} if token else {}
        self.http = httpx.Client(base_url=url, cookies=cookies, follow_redirects=False, timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        self._headers = {"Cookie": cookie, "Origin": url} if cookie else {"Origin": url}
        self._open, self._socket = ExitStack(), None
        self._session = ""

    def __enter__(self) -> "PageClient":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def raw(self, path: str) -> tuple[int, bytes]:
        """Status and content of exactly this address, nothing tidied up."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=60)
        with closing(connection):
            connection.request("GET", path, headers=self._headers)
            answer = connection.getresponse()
            return answer.status, answer.read()

    def open(self) -> None:
        """Connect the stream. Raises websockets' InvalidStatus or ConnectionClosed if it is refused."""
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        headers = {name: value for name, value in self._headers.items() if name != "Origin"}
        made = connect(
            address, additional_headers=headers, origin=self._origin, subprotocols=["streamlit"], max_size=None,
            compression=None, proxy=None,
        )  # fmt: skip
        self._socket = self._open.enter_context(made)

    def page(self, name: str, query: str = "") -> Shown:
        """Run the page at `/name?query` to its end and give back all it sent."""
        ask = BackMsg()
        ask.rerun_script.page_name = name
        ask.rerun_script.query_string = query
        ask.rerun_script.context_info.url = f"{self.url}/{name}" + (f"?{query}" if query else "")
        ask.rerun_script.context_info.timezone = "Asia/Ho_Chi_Minh"
        self._socket.send(ask.SerializeToString())
        return self._read("script_finished")

    def file(self, number: str) -> str:
        """The address of a file that is made only when somebody asks for it."""
        ask = BackMsg()
        ask.backend_operation_request.request_id = number
        ask.backend_operation_request.session_id = self._session
        ask.backend_operation_request.deferred_file.file_id = number
        self._socket.send(ask.SerializeToString())
        shown = self._read("backend_operation_response")
        return next(iter(shown.media), "")

    def close(self) -> None:
        """Leave the page and the site."""
        self._open.close()
        self.http.close()

    def _read(self, last: str) -> Shown:
        shown, end = Shown(), time.monotonic() + LONGEST_WAIT
        while True:
            received = self._socket.recv(timeout=max(0.1, end - time.monotonic()))
            message = ForwardMsg.FromString(received)
            shown.content += received
            shown.media |= {found.decode() for found in MEDIA.findall(received)}
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._session = message.new_session.initialize.session_id or self._session
            if kind == "delta" and message.delta.new_element.download_button.deferred_file_id:
                shown.deferred.add(message.delta.new_element.download_button.deferred_file_id)
            if kind == "auth_redirect":
                shown.redirect = message.auth_redirect.url
            if kind == last and not (kind == "script_finished" and message.script_finished == EARLY):
                return shown
