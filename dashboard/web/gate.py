"""The gate in front of everything: no page, file, upload or stream without a sign-in that still holds."""

import re
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.navigation import PAGES
from dashboard.web import bodies, handed, on_its_way
from dashboard.web.page import down_page, missing_page
from dashboard.web.refusals import address_of, note_refusal
from dashboard.web.senders import came_by_another_site, is_foreign, is_our_host
from dashboard.web.session import COOKIE, LANGUAGE_COOKIE, signed_in_with
from dashboard.web.streams import Stream
from models import clock
from models.db import DBAPIError
from models.enums import Role
from models.queries.people import SignedIn
from models.settings import settings
from models.text import LANGUAGES, Translator, translator

OPEN = frozenset(
    {
        "/login",
        "/login/code",
        "/login/oidc",
        "/login/oidc/callback",
        "/logout",
        "/auth/logout",
        "/healthz",
        "/readyz",
        "/_stcore/health",
        "/favicon.svg",
        "/favicon.png",
    }
)
OPEN_FOLDERS = ("/static/", "/language/")  # Streamlit's own scripts and styles; the switch of language
PARTS = ("/_stcore/", "/media/", "/component/", "/app/static/", "/download/")  # asked for by pages, not by people
NEVER = ("/_stcore/agent", "/auth/login", "/oauth2callback")  # doors of Streamlit that stay shut
OWED = {"password": "/password", "second_factor": "/second-factor"}  # to be done before anything else
FOR_PEOPLE = frozenset({"/account", *OWED.values(), *(f"/{entry.url}" for entry in PAGES)})
DOCUMENT = re.compile(r"/attachment/[0-9]{1,9}")
PERSONAL = ("/media/", bodies.UPLOAD)  # given to one person's page, and to be used by that person only
CHANGED_BY_LINK = ("/logout", "/auth/logout", "/language/")


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
        if scope["type"] == "websocket":
            await self._stream(scope, receive, send, refusal)
        elif refusal is not None:
            on_its_way.ended(str(scope["path"]), came=False)
            await refusal(scope, receive, send)
        else:
            await self._request(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send, refusal: Response | None) -> None:
        who: SignedIn | None = scope.get("signed_in")
        if refusal is not None or who is None:
            known = refusal is not None and refusal.status_code != 401
            await send({"type": "websocket.close", "code": 4403 if known else 4401})
            return
        token = cookies_of(Headers(scope=scope)).get(COOKIE, "")
        await Stream(self.app, scope, receive, send, who, token).run()

    async def _request(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A request whose body is measured while it comes in."""
        who: SignedIn | None = scope.get("signed_in")
        begun = came = False
        path, is_file = str(scope["path"]), scope["method"] == "PUT" and bodies.is_upload(str(scope["path"]))
        if is_file:
            on_its_way.begins(path)

        async def note_begin(message: Message) -> None:
            nonlocal begun, came
            begun = begun or message["type"] == "http.response.start"
            came = came or message.get("status", 500) < 300
            await send(message)

        try:
            measured = bodies.measured(scope, receive, who.viewer.account_id if who else None)
            await self.app(scope, measured, note_begin)
        except (bodies.TooLarge, bodies.TooSlow) as error:
            note_refusal(scope, type(error).__name__)
            if not begun:
                await (_too_large() if isinstance(error, bodies.TooLarge) else _too_slow())(scope, receive, send)
        finally:
            if bodies.is_upload(path):
                on_its_way.ended(path, came=is_file and came)


async def _refusal(scope: Scope) -> Response | None:
    """The answer in place of what was asked for; None to pass."""
    headers, path = Headers(scope=scope), str(scope["path"])
    if not is_our_host(headers.get("host", "")):
        return PlainTextResponse("The site does not answer to this name (setting LIEM_ALLOWED_HOSTS).", 421)
    if path.startswith(NEVER):
        return PlainTextResponse("Not found", 404)
    if is_foreign(scope, headers):
        note_refusal(scope, "another site's page")
        return PlainTextResponse("This request came from another site and was refused.", 403)
    if path.startswith(CHANGED_BY_LINK) and came_by_another_site(headers):
        return RedirectResponse("/", 303)
    if bodies.announced_too_large(scope, headers.get("content-length")):
        note_refusal(scope, "too large")
        return _too_large()
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
            ended = "ended=1&" if cookies_of(Headers(scope=scope)).get(COOKIE) else ""
            return RedirectResponse(f"/login?{ended}next={quote(_address(scope), safe='/')}", 303)
        return PlainTextResponse("Please sign in.", 401)
    if who.owes and path != OWED[who.owes]:
        return RedirectResponse(OWED[who.owes], 303) if _is_page(scope) else PlainTextResponse("Please sign in.", 401)
    another_role = path.startswith("/_stcore/metrics") and who.viewer.role is not Role.ADMINISTRATOR
    personal = path.startswith(PERSONAL) and scope["method"] != "OPTIONS"
    if another_role or (personal and not handed.was_handed(who.viewer.account_id or 0, path)):
        note_refusal(scope, f"not handed to {who.viewer.name}" if personal else f"not for {who.viewer.name}")
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


def _too_large() -> Response:
    return PlainTextResponse("That is more than is taken here.", 413, {"Connection": "close"})


def _too_slow() -> Response:
    return PlainTextResponse("What was announced did not come in time.", 408, {"Connection": "close"})


def _down(scope: Scope, cookies: dict[str, str]) -> Response:
    return down_page(_words(cookies)) if _is_page(scope) else PlainTextResponse("The database does not answer.", 503)


def _words(cookies: dict[str, str]) -> Translator:
    language = cookies.get(LANGUAGE_COOKIE, "")
    return translator(language if language in LANGUAGES else settings().language)


def _address(scope: Scope) -> str:
    """Path and query of what was asked for."""
    query = scope["query_string"].decode("latin-1")
    return str(scope["path"]) + (f"?{query}" if query else "")


def cookies_of(headers: Headers) -> dict[str, str]:
    """The cookies of a request; none if they cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}
