"""The gate in front of everything: no page, file, upload or stream without a sign-in that still holds."""

import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.navigation import PAGES
from dashboard.web.page import down_page, missing_page
from dashboard.web.session import COOKIE, LANGUAGE_COOKIE, signed_in_with
from models import clock
from models.db import DBAPIError
from models.enums import Role
from models.queries.people import SignedIn
from models.settings import settings
from models.text import LANGUAGES, Translator, translator

OPEN = frozenset(
    {"/login", "/logout", "/auth/logout", "/healthz", "/readyz", "/_stcore/health", "/favicon.svg", "/favicon.png"}
)
OPEN_FOLDERS = ("/static/", "/language/")  # Streamlit's own scripts and styles; the switch of language
PARTS = ("/_stcore/", "/media/", "/component/", "/app/static/", "/download/")  # asked for by pages, not by people
NEVER = ("/_stcore/agent", "/auth/login", "/oauth2callback")  # doors of Streamlit that stay shut
CHANGE_PASSWORD = "/password"
FOR_PEOPLE = frozenset({CHANGE_PASSWORD, *(f"/{entry.url}" for entry in PAGES)})
DOCUMENT = re.compile(r"/attachment/[0-9]{1,9}")
READS = ("GET", "HEAD", "OPTIONS")


class SessionGate:
    """ASGI middleware: refuses, redirects, or passes on with `scope["signed_in"]`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Judge one request or one stream."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        refusal = await _refusal(scope)
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4401 if refusal.status_code == 401 else 4403})
        else:
            await refusal(scope, receive, send)


async def _refusal(scope: Scope) -> Response | None:
    """The answer in place of what was asked for; None to pass."""
    headers, path = Headers(scope=scope), str(scope["path"])
    if not _is_our_host(headers.get("host", "")) or path.startswith(NEVER):
        return PlainTextResponse("Not found", 404)
    if _is_foreign(scope, headers):
        return PlainTextResponse("This request came from another site and was refused.", 403)
    if path in OPEN or path.startswith(OPEN_FOLDERS):
        return None
    cookies = cookies_of(headers)
    try:
        who = await run_in_threadpool(
            signed_in_with, cookies.get(COOKIE), now=clock.now(), active=_is_page(scope), address=address_of(scope)
        )
    except DBAPIError:
        return _down(scope, cookies)
    scope["signed_in"] = who
    return _unless_allowed(who, scope) or _unless_known(scope, cookies)


def _unless_allowed(who: SignedIn | None, scope: Scope) -> Response | None:
    path = str(scope["path"])
    if who is None:
        if _is_page(scope):
            return RedirectResponse(f"/login?next={quote(_address(scope), safe='/')}", 303)
        return PlainTextResponse("Please sign in.", 401)
    if who.must_change and path != CHANGE_PASSWORD:
        return RedirectResponse(CHANGE_PASSWORD, 303) if _is_page(scope) else PlainTextResponse("Please sign in.", 401)
    if path.startswith("/_stcore/metrics") and who.viewer.role is not Role.ADMINISTRATOR:
        return PlainTextResponse("Not found", 404)
    return None


def _unless_known(scope: Scope, cookies: dict[str, str]) -> Response | None:
    """Calmly says that a page does not exist: Streamlit would open the start page at any address."""
    path = str(scope["path"]).rstrip("/") or "/"
    if not _is_page(scope) or path in FOR_PEOPLE or DOCUMENT.fullmatch(path):
        return None
    return missing_page(_words(cookies))


def _is_page(scope: Scope) -> bool:
    """Whether a person asked for a page, rather than a page for one of its parts."""
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and not str(scope["path"]).startswith(PARTS)


def _is_foreign(scope: Scope, headers: Headers) -> bool:
    """Whether another site's page sent this: only streams and requests that change something are asked."""
    if scope["type"] == "http" and scope["method"] in READS:
        return False
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _is_our_host(host: str) -> bool:
    """Whether the site answers to this Host header (setting LIEM_ALLOWED_HOSTS; empty: to any)."""
    allowed = {name.strip().lower() for name in settings().allowed_hosts.split(",") if name.strip()}
    return not allowed or (urlsplit(f"//{host}").hostname or "") in allowed


def _down(scope: Scope, cookies: dict[str, str]) -> Response:
    return down_page(_words(cookies)) if _is_page(scope) else PlainTextResponse("The database does not answer.", 503)


def _words(cookies: dict[str, str]) -> Translator:
    language = cookies.get(LANGUAGE_COOKIE, "")
    return translator(language if language in LANGUAGES else settings().language)


def _address(scope: Scope) -> str:
    """Path and query of what was asked for."""
    query = scope["query_string"].decode("latin-1")
    return str(scope["path"]) + (f"?{query}" if query else "")


def address_of(scope: Scope) -> str:
    """The client's address, for the audit chain and for slowing down guessers."""
    client = scope.get("client")
    return str(client[0])[:60] if client else ""


def cookies_of(headers: Headers) -> dict[str, str]:
    """The cookies of a request; none if they cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
