"""What our plain forms share: a token against foreign senders, a small body, sentences on top, fields."""

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable
from html import escape
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dashboard.web.cookies import is_tls
from dashboard.web.page import down_page, language_of, plain_page
from models.db import DBAPIError
from models.enums import N_
from models.passwords import password_fits
from models.queries.people import Credentials
from models.text import Translator, translator

FORM_COOKIE = "liem_form"
LARGEST_FORM = 16_384  # bytes
CHECKS_AT_ONCE = asyncio.Semaphore(2)  # each takes 64 MiB for about 0.1 s
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]{0,500}")
STALE = N_("This page had been open for too long. Please sign in again.")

Answer = Callable[[Request, Translator], Awaitable[Response]]


async def guarded(request: Request, do: Answer) -> Response:
    """The answer of `do` in the visitor's language; a calm page while the database is away."""
    t = translator(language_of(request))
    try:
        return await do(request, t)
    except DBAPIError:
        return down_page(t)


async def small_form(request: Request) -> dict[str, str]:
    """The fields of a posted form; empty if it is larger than any form of ours or unreadable."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def is_our_form(request: Request, form: dict[str, str]) -> bool:
    """Whether the form's token is the one this browser was given (the Origin header is the gate's affair)."""
    given, sent = request.cookies.get(FORM_COOKIE, ""), form.get("form", "")
    return bool(given) and secrets.compare_digest(given.encode(), sent.encode())


def form_page(
    request: Request,
    t: Translator,
    title: str,
    body: Callable[[str], str],
    *,
    path: str,
    error: str = "",
    notice: str = "",
    status: int = 200,
    top: str = "",
) -> Response:
    """A page with forms for addresses under `path`; `body` makes its HTML from the hidden field they must carry."""
    token = secrets.token_urlsafe(24)
    hidden = f'<input type="hidden" name="form" value="{token}">'
    html = f"<h1>{escape(title)}</h1>\n{said(error, notice)}\n{body(hidden)}"
    answer = plain_page(t, title, html, status=status, top=top)
    answer.set_cookie(
        FORM_COOKIE, token, max_age=3600, path=path, httponly=True, samesite="strict", secure=secure(request)
    )
    return answer


def password_field(
    key: str, label: str, kind: str = "current-password", *, focus: bool = False, place: str = ""
) -> str:
    """A labelled field that shows dots; `place` tells one of several forms of a page from the others."""
    return (
        f'<label for="{key}{place}">{escape(label)}</label><input id="{key}{place}" name="{key}" type="password" '
        f'autocomplete="{kind}" maxlength="200" required{" autofocus" if focus else ""}>'
    )


def code_field(label: str, *, longest: int = 7, focus: bool = True, name: str = "code", place: str = "") -> str:
    """A labelled field for the code of the app; with room for a recovery code if so long."""
    keys = 'inputmode="numeric"' if longest < 10 else 'autocapitalize="characters"'
    return (
        f'<label for="{name}{place}">{escape(label)}</label>'
        f'<input id="{name}{place}" name="{name}" {keys} autocomplete="one-time-code" '
        f'spellcheck="false" maxlength="{longest}" required{" autofocus" if focus else ""}>'
    )


def said(error: str, notice: str) -> str:
    """The sentence on top of a form."""
    if error:
        return f'<p class="notice error" role="alert">{escape(error)}</p>'
    return f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""


def secure(request: Request) -> bool:
    """Whether cookies may travel over TLS only."""
    return is_tls(request.scope)


def local_path(asked: str | None) -> str:
    """`asked` if it is an address on this site, else the start page: never a way to another host."""
    return asked if asked and LOCAL.fullmatch(asked) and not asked.startswith(("/login", "/logout", "/auth")) else "/"


async def fits(given: str, found: Credentials | None) -> bool:
    """Whether the password is right; takes as long when there is no such account."""
    async with CHECKS_AT_ONCE:
        return await run_in_threadpool(password_fits, given, found.password_hash if found else None)
