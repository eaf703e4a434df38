"""Our routes and middleware around a stand-in for Streamlit, in this process.

On SQLite only: what these pages ask of a database is tried on both kinds in tests/models.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from httpx import Response
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from dashboard.web import bodies, handed, on_its_way
from dashboard.web.routes import MIDDLEWARE, ROUTES
from models.db import transaction
from models.passwords import password_hash
from tests import cast, make
from tests.asgi import TestClient

PASSWORD = "Mật khẩu thử nghiệm 1"


@dataclass(frozen=True)
class Visitor:
    """A browser without JavaScript that does not follow redirects by itself."""

    client: TestClient

    def get(self, address: str, **headers: str) -> Response:
        answer: Response = self.client.get(address, headers=headers)
        return answer

    def sign_in(self, name: str, password: str = PASSWORD, *, goal: str = "/", **headers: str) -> Response:
        """Open the form and send it, as a person would."""
        page: Response = self.client.get("/login", params={"next": goal})
        if page.status_code != 200:
            return page
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        fields |= {"username": name, "password": password}
        answer: Response = self.client.post("/login", data=fields, headers={"Origin": "http://testserver", **headers})
        if answer.headers.get("location", "").startswith("/login/code"):
            return self.enter(make.code(name), goal=goal)
        return answer

    def enter(self, code: str, *, goal: str = "/") -> Response:
        """Send the code of the app, as a person would after the password."""
        return self.send("/login/code", {"code": code}, page=f"/login/code?next={goal}")

    def send(self, address: str, fields: dict[str, str], *, page: str | None = None) -> Response:
        """Open the page of a form and send the form to `address`."""
        shown: Response = self.client.get(page or address)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
        answer: Response = self.client.post(address, data=hidden | fields, headers={"Origin": "http://testserver"})
        return answer

    @property
    def is_in(self) -> bool:
        """Whether a page is served to this browser."""
        return bool(self.client.get("/").status_code == 200)


async def _inner(request: Request) -> PlainTextResponse:
    async for _piece in request.stream():
        pass
    return PlainTextResponse(f"inside {request.url.path}")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("inside")
    await socket.close()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database is enough here."""
    return sqlite_url


@cache
def _hash() -> str:
    return password_hash(PASSWORD, login="")


@pytest.fixture
def people(installation: Engine) -> Engine:
    """The installation with a member, a secretary and an administrator who have the same password."""
    for memory in (handed, bodies, on_its_way):
        memory.forget()
    with transaction() as session:
        for viewer in (cast.MEMBER, cast.SECRETARIAT, cast.ADMINISTRATOR):
            make.account(session, login=viewer.name, role=viewer.role).password_hash = _hash()
    return installation


@pytest.fixture
def application(people: Engine) -> Starlette:
    """What `st.App` makes of our routes and middleware, with a stand-in for what is Streamlit's."""
    inner = [WebSocketRoute("/_stcore/stream", _stream), Route("/{path:path}", _inner, methods=["GET", "POST", "PUT"])]
    return Starlette(routes=[*ROUTES, *inner], middleware=MIDDLEWARE)


@pytest.fixture
def visitor(application: Starlette) -> Iterator[Visitor]:
    """One browser."""
    with TestClient(application, follow_redirects=False) as client:
        yield Visitor(client)


@pytest.fixture
def another(application: Starlette) -> Iterator[Visitor]:
    """Another browser."""
    with TestClient(application, follow_redirects=False) as client:
        yield Visitor(client)
