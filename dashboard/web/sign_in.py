"""/login, /logout, /password, /language: our own small pages; they need no JavaScript."""

import asyncio
import re
import secrets
from contextlib import suppress
from datetime import datetime, timedelta
from html import escape
from urllib.parse import parse_qs, quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.web import throttle
from dashboard.web.gate import address_of
from dashboard.web.page import down_page, language_links, language_of, plain_page
from dashboard.web.session import COOKIE, LANGUAGE_COOKIE, signed_in_with
from models import clock
from models.changes.people import change_own_password, choose_language, sign_in, sign_out, unknown_sign_in
from models.db import DBAPIError, read_session, transaction
from models.enums import N_
from models.passwords import password_fits
from models.queries.people import Credentials, SignedIn, credentials_of
from models.rules.words import Refusal
from models.settings import settings
from models.text import LANGUAGES, Translator, translator

FORM_COOKIE = "liem_form"
LARGEST_FORM = 16_384  # bytes
YEAR = 365 * 24 * 3600
CHECKS_AT_ONCE = asyncio.Semaphore(2)  # each takes 64 MiB for about 0.1 s
LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x1f\x7f]{0,500}")

FAILED = N_(
    "Sign-in did not succeed. Please check the name and the password. After 5 failed attempts an account is locked "
    "for 15 minutes, then for longer."
)
TOO_MANY = N_("Too many failed attempts from this address. Please wait 15 minutes, then try again.")
STALE = N_("This page had been open for too long. Please sign in again.")
ENDED = N_("You have been signed out, or this browser was quiet for too long. Please sign in again.")


async def login(request: Request) -> Response:
    """Show the form, or check what was filled in."""
    if request.method == "POST":
        return await _guarded(request, _check)
    return await _guarded(request, _show)


async def logout(request: Request) -> Response:
    """End this browser's sign-in and go to the form; a person whose sign-in had run out comes back to the same page.

    A link or picture on another site's page signs nobody out (header Sec-Fetch-Site).
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return RedirectResponse("/", 303)
    token = request.cookies.get(COOKIE)
    try:
        ended = await run_in_threadpool(_end, token, address_of(request.scope))
    except DBAPIError:
        return down_page(translator(language_of(request)))
    back = "" if ended else _where_from(request)
    answer = RedirectResponse(f"/login?ended=1&next={quote(back, safe='/')}" if back else "/login", 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


async def language(request: Request) -> Response:
    """Remember the language for this browser and, if somebody is signed in, for that person; then back."""
    chosen = request.path_params["language"]
    answer = RedirectResponse(local_path(request.query_params.get("next")), 303)
    if chosen not in LANGUAGES:
        return answer
    _remember_language(answer, chosen)
    with suppress(DBAPIError):  # the cookie is enough for now
        await run_in_threadpool(_store_language, request.cookies.get(COOKIE), chosen)
    return answer


async def password(request: Request) -> Response:
    """The form for one's own new password; the gate lets only signed-in people come here."""
    if request.method == "POST":
        return await _guarded(request, _change_password)
    return await _guarded(request, _show_password)


def local_path(asked: str | None) -> str:
    """`asked` if it is an address on this site, else the start page: never a way to another host."""
    return asked if asked and LOCAL.fullmatch(asked) and not asked.startswith(("/login", "/logout", "/auth")) else "/"


# --- the sign-in form ----------------------------------------------------------------------------------------------


async def _show(request: Request, t: Translator) -> Response:
    goal = local_path(request.query_params.get("next"))
    await run_in_threadpool(_reach_database)
    if await run_in_threadpool(signed_in_with, request.cookies.get(COOKIE), now=clock.now(), active=False):
        return RedirectResponse(goal, 303)
    notice = t(ENDED) if request.query_params.get("ended") else ""
    return _form(request, t, goal, notice=notice)


async def _check(request: Request, t: Translator) -> Response:
    form = await _small_form(request)
    goal, name = local_path(form.get("next")), form.get("username", "")
    if not _is_our_form(request, form):
        return _form(request, t, goal, error=t(STALE), status=400, name=name)
    now, address = clock.now(), address_of(request.scope)
    if throttle.is_waiting(address, now=now):
        return _form(request, t, goal, error=t(TOO_MANY), status=429, name=name)
    found = await run_in_threadpool(_credentials, name)
    fits = await _fits(form.get("password", ""), found)
    token = await run_in_threadpool(_settle, found, fits, now, address)
    if token is None:
        throttle.note_failure(address, now=now)
        return _form(request, t, goal, error=t(FAILED), status=401, name=name)
    return await _welcome(request, token, goal)


async def _welcome(request: Request, token: str, goal: str) -> Response:
    """The answer that carries the new cookie; an older sign-in of this browser ends."""
    await run_in_threadpool(_end, request.cookies.get(COOKIE), address_of(request.scope))
    who = await run_in_threadpool(signed_in_with, token, now=clock.now(), active=False)
    answer = RedirectResponse(goal, 303)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_hours * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_secure(request),
    )
    if who and request.cookies.get(LANGUAGE_COOKIE) not in LANGUAGES:
        _remember_language(answer, who.language)
    answer.delete_cookie(FORM_COOKIE, path="/login")
    return answer


def _form(
    request: Request, t: Translator, goal: str, *, error: str = "", notice: str = "", status: int = 200, name: str = ""
) -> Response:
    token = secrets.token_urlsafe(24)
    said = _said(error, notice)
    title, name_label, password_label = t("Sign in"), t("Sign-in name"), t("Password")
    hint = t("Accounts and forgotten passwords: the secretariat's administrator.")
    body = f"""<h1>{escape(title)}</h1>
{said}
<form method="post" action="/login" autocomplete="on">
<input type="hidden" name="form" value="{token}"><input type="hidden" name="next" value="{escape(goal)}">
<label for="username">{escape(name_label)}</label>
<input id="username" name="username" value="{escape(name[:60])}" autocomplete="username"
 autocapitalize="none" spellcheck="false" maxlength="60" required{"" if name else " autofocus"}>
<label for="password">{escape(password_label)}</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 maxlength="200" required{" autofocus" if name else ""}>
<button type="submit">{escape(title)}</button>
</form>
<p class="hint">{escape(hint)}</p>"""
    top = language_links(t.language, "/login" + (f"?next={quote(goal, safe='/')}" if goal != "/" else ""))
    answer = plain_page(t, title, body, status=status, top=top)
    _remember_form(answer, request, token, "/login")
    if request.query_params.get("lang") in LANGUAGES:
        _remember_language(answer, t.language)
    if status == 429:
        answer.headers["Retry-After"] = "900"
    return answer


# --- one's own password --------------------------------------------------------------------------------------------


async def _show_password(request: Request, t: Translator) -> Response:
    return _password_form(request, t)


async def _change_password(request: Request, t: Translator) -> Response:
    form = await _small_form(request)
    if not _is_our_form(request, form):
        return _password_form(request, t, error=t(STALE), status=400)
    who: SignedIn = request.scope["signed_in"]
    now, address = clock.now(), address_of(request.scope)
    if throttle.is_waiting(address, now=now):
        return _password_form(request, t, error=t(TOO_MANY), status=429)
    found = await run_in_threadpool(_credentials, who.viewer.name)
    if not await _fits(form.get("password", ""), found):
        throttle.note_failure(address, now=now)
        return _password_form(request, t, error=t("The present password is not right."), status=401)
    return await _store_password(request, t, who, form, now)


async def _store_password(
    request: Request, t: Translator, who: SignedIn, form: dict[str, str], now: datetime
) -> Response:
    new = form.get("new", "")
    if new != form.get("again", ""):
        return _password_form(request, t, error=t("The two new passwords differ."), status=400)
    if new == form.get("password"):
        return _password_form(request, t, error=t("The new password is the old one."), status=400)
    try:
        await run_in_threadpool(_write_password, who, new, now)
    except Refusal as refusal:
        return _password_form(request, t, error=t.words(refusal.words), status=400)
    return RedirectResponse("/", 303)


def _password_form(request: Request, t: Translator, *, error: str = "", status: int = 200) -> Response:
    token = secrets.token_urlsafe(24)
    title, save, leave = t("New password"), t("Save"), t("Sign out")
    who: SignedIn = request.scope["signed_in"]
    first = t("This password was given to you by somebody else. Please choose your own now.") if who.must_change else ""
    fields = "".join(
        f'<label for="{key}">{escape(text)}</label><input id="{key}" name="{key}" type="password" '
        f'autocomplete="{kind}" maxlength="200" required>'
        for key, text, kind in (
            ("password", t("Present password"), "current-password"),
            ("new", t("New password"), "new-password"),
            ("again", t("New password, once more"), "new-password"),
        )
    )
    body = f"""<h1>{escape(title)}</h1>
{_said(error, first)}
<form method="post" action="/password"><input type="hidden" name="form" value="{token}">{fields}
<button type="submit">{escape(save)}</button></form>
<p class="hint"><a href="/logout">{escape(leave)}</a></p>"""
    answer = plain_page(t, title, body, status=status)
    _remember_form(answer, request, token, "/password")
    return answer


# --- what both forms share -----------------------------------------------------------------------------------------


async def _guarded(request: Request, do) -> Response:  # type: ignore[no-untyped-def]
    t = translator(language_of(request))
    try:
        return await do(request, t)  # type: ignore[no-any-return]
    except DBAPIError:
        return down_page(t)


async def _small_form(request: Request) -> dict[str, str]:
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


def _is_our_form(request: Request, form: dict[str, str]) -> bool:
    """Whether the form's token is the one this browser was given (the Origin header is the gate's affair)."""
    given, sent = request.cookies.get(FORM_COOKIE, ""), form.get("form", "")
    return bool(given) and secrets.compare_digest(given.encode(), sent.encode())


def _remember_form(answer: Response, request: Request, token: str, path: str) -> None:
    answer.set_cookie(
        FORM_COOKIE, token, max_age=3600, path=path, httponly=True, samesite="strict", secure=_secure(request)
    )


def _remember_language(answer: Response, chosen: str) -> None:
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, path="/", httponly=True, samesite="lax")


def _said(error: str, notice: str) -> str:
    if error:
        return f'<p class="notice error" role="alert">{escape(error)}</p>'
    return f'<p class="notice" role="status">{escape(notice)}</p>' if notice else ""


def _secure(request: Request) -> bool:
    return settings().secure_cookie or request.url.scheme == "https"


def _where_from(request: Request) -> str:
    """The page of ours that sent the visitor here; empty for none."""
    sent = urlsplit(request.headers.get("referer", ""))
    if sent.netloc != request.headers.get("host"):
        return ""
    goal = local_path(sent.path + (f"?{sent.query}" if sent.query else ""))
    return goal if goal != "/" else ""


async def _fits(given: str, found: Credentials | None) -> bool:
    async with CHECKS_AT_ONCE:
        return await run_in_threadpool(password_fits, given, found.password_hash if found else None)


def _reach_database() -> None:
    """Raises DBAPIError if the database does not answer: then a form would only disappoint."""
    with read_session() as session:
        session.connection()


def _credentials(name: str) -> Credentials | None:
    with read_session() as session:
        return credentials_of(session, name)


def _settle(found: Credentials | None, fits: bool, now: datetime, address: str) -> str | None:
    """Write the outcome down; the token of a sign-in that succeeded."""
    with transaction() as session:
        if found is None:
            unknown_sign_in(session, now=now, address=address)
            return None
        lasts = timedelta(hours=settings().session_hours)
        return sign_in(session, found.account_id, fits=fits, now=now, lasts=lasts, address=address)


def _end(token: str | None, address: str) -> bool:
    now = clock.now()
    who = signed_in_with(token, now=now, active=False, address=address)
    if who is None:
        return False
    with transaction() as session:
        sign_out(session, who, now=now)
    return True


def _store_language(token: str | None, chosen: str) -> None:
    now = clock.now()
    who = signed_in_with(token, now=now)
    if who:
        with transaction() as session:
            choose_language(session, who, chosen, now=now)


def _write_password(who: SignedIn, new: str, now: datetime) -> None:
    with transaction() as session:
        change_own_password(session, who, new, now=now)
