"""/login, /login/code, /logout, /language: our own small pages; they need no JavaScript."""

from contextlib import suppress
from datetime import datetime, timedelta
from html import escape
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.web import provider
from dashboard.web.forms import (
    FORM_COOKIE,
    STALE,
    code_field,
    fits,
    form_page,
    guarded,
    is_our_form,
    local_path,
    secure,
    small_form,
)
from dashboard.web.page import down_page, language_links, language_of
from dashboard.web.refusals import address_of
from dashboard.web.session import COOKIE, LANGUAGE_COOKIE, ended_after, signed_in_with
from models import clock
from models.changes.people import choose_language
from models.changes.sign_in import (
    STEP_LASTS,
    Entry,
    enter_code,
    hash_of_token,
    sign_in,
    sign_out,
    unknown_sign_in,
)
from models.db import DBAPIError, read_session, transaction
from models.enums import N_
from models.passwords import weakness
from models.queries.people import BY_PROVIDER, Credentials, credentials_of
from models.queries.sign_in import code_step, waits_until
from models.settings import settings
from models.text import LANGUAGES, Translator, translator

STEP_COOKIE = "liem_step"  # between the password and the code; it opens nothing
YEAR = 365 * 24 * 3600

FAILED = N_(
    "Sign-in did not succeed. Please check the name and the password. After 5 failed attempts an account is locked "
    "for 15 minutes, then for longer."
)
TOO_MANY = N_("Too many failed attempts from this address. Please wait, then try again: {wait}.")
ENDED = N_("You have been signed out. Please sign in again.")
CODE_ENDED = N_("The sign-in was not finished in time, or failed too often. Please begin again.")


async def login(request: Request) -> Response:
    """Show the form, or check what was filled in."""
    return await guarded(request, _check if request.method == "POST" else _show)


async def code(request: Request) -> Response:
    """The second step: the code of the authenticator app, or a recovery code."""
    return await guarded(request, _check_code if request.method == "POST" else _show_code)


async def logout(request: Request) -> Response:
    """End this browser's sign-in and go to the form; a person whose sign-in had run out comes back to the same page.

    Who came through the identity provider is signed out there too: else the next person at this machine would need no
    password. A link or picture on another site's page signs nobody out (header Sec-Fetch-Site).
    """
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return RedirectResponse("/", 303)
    token = request.cookies.get(COOKIE)
    try:
        ended, by = await run_in_threadpool(_end, token, address_of(request.scope))
    except DBAPIError:
        return down_page(translator(language_of(request)))
    back = "" if ended else _where_from(request)
    if not back:
        there = await run_in_threadpool(_farewell, request) if by == BY_PROVIDER else ""
        answer = RedirectResponse(there or "/login", 303)
        answer.delete_cookie(COOKIE, path="/")
    else:
        answer = RedirectResponse(f"/login?ended=1&next={quote(back, safe='/')}", 303)
    answer.headers["Clear-Site-Data"] = '"storage"'  # whatever a page left in the browser
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


def too_many(t: Translator, until: datetime, now: datetime) -> str:
    """How long this address has to wait."""
    minutes = max(1, -(-int((until - now).total_seconds()) // 60))
    return t(TOO_MANY, wait=t.n("{n} minute", "{n} minutes", minutes))


async def welcome(request: Request, entry: Entry, goal: str) -> Response:
    """The answer that carries the new cookie, or leads on to the code; an older sign-in of this browser ends."""
    if entry.needs_code:
        answer = RedirectResponse("/login/code" + _next(goal), 303)
        lasts = int(STEP_LASTS.total_seconds())
        answer.set_cookie(
            STEP_COOKIE,
            entry.token,
            max_age=lasts,
            path="/login",
            httponly=True,
            samesite="lax",
            secure=secure(request),
        )
        return answer
    await run_in_threadpool(_end, request.cookies.get(COOKIE), address_of(request.scope))
    who = await run_in_threadpool(signed_in_with, entry.token, now=clock.now(), active=False)
    answer = RedirectResponse(goal, 303)
    answer.set_cookie(
        COOKIE,
        entry.token,
        max_age=settings().session_hours * 3600,
        path="/",
        httponly=True,
        samesite="lax",
        secure=secure(request),
    )
    if who and request.cookies.get(LANGUAGE_COOKIE) not in LANGUAGES:
        _remember_language(answer, who.language)
    for name in {FORM_COOKIE, *({STEP_COOKIE} & set(request.cookies))}:
        answer.delete_cookie(name, path="/login")
    return answer


# --- name and password ---------------------------------------------------------------------------------------------


async def _show(request: Request, t: Translator) -> Response:
    goal = local_path(request.query_params.get("next"))
    await run_in_threadpool(_reach_database)
    token = request.cookies.get(COOKIE)
    if await run_in_threadpool(signed_in_with, token, now=clock.now(), active=False):
        return RedirectResponse(goal, 303)
    return form(request, t, goal, notice=await run_in_threadpool(_why_here, request, t))


async def _check(request: Request, t: Translator) -> Response:
    sent = await small_form(request)
    goal, name, given = local_path(sent.get("next")), sent.get("username", ""), sent.get("password", "")
    if not is_our_form(request, sent):
        return form(request, t, goal, error=t(STALE), status=400, name=name)
    now, address = clock.now(), address_of(request.scope)
    if until := await run_in_threadpool(waiting, address, now):
        return form(request, t, goal, error=too_many(t, until, now), status=429, name=name, until=until)
    found = await run_in_threadpool(_credentials, name)
    right = await fits(given, found)
    weak = right and weakness(given, login=name, second_factor=bool(found and found.has_second_factor)) is not None
    entry = await run_in_threadpool(_settle, found, right, weak, now, address)
    if entry is None:
        return form(request, t, goal, error=t(FAILED), status=401, name=name)
    return await welcome(request, entry, goal)


def form(
    request: Request,
    t: Translator,
    goal: str,
    *,
    error: str = "",
    notice: str = "",
    status: int = 200,
    name: str = "",
    until: datetime | None = None,
) -> Response:
    """The sign-in form, with what is to be said above it."""
    title, name_label, password_label = t("Sign in"), t("Sign-in name"), t("Password")
    hint = t("Accounts and forgotten passwords: the secretariat's administrator.")

    def body(hidden: str) -> str:
        return f"""<form method="post" action="/login" autocomplete="on">
{hidden}<input type="hidden" name="next" value="{escape(goal)}">
<label for="username">{escape(name_label)}</label>
<input id="username" name="username" value="{escape(name[:60])}" autocomplete="username"
 autocapitalize="none" spellcheck="false" maxlength="60" required{"" if name else " autofocus"}>
<label for="password">{escape(password_label)}</label>
<input id="password" name="password" type="password" autocomplete="current-password"
 maxlength="200" required{" autofocus" if name else ""}>
<button type="submit">{escape(title)}</button>
</form>
{_other_door(t, goal)}<p class="hint">{escape(hint)}</p>"""

    top = language_links(t.language, "/login" + _next(goal))
    answer = form_page(request, t, title, body, path="/login", error=error, notice=notice, status=status, top=top)
    if request.query_params.get("lang") in LANGUAGES:
        _remember_language(answer, t.language)
    if until:
        answer.headers["Retry-After"] = str(max(1, int((until - clock.now()).total_seconds()) + 1))
    return answer


def _other_door(t: Translator, goal: str) -> str:
    """The link to the identity provider, where there is one."""
    if not provider.is_configured():
        return ""
    text = t("Sign in with {name}", name=settings().oidc_title or t("the common sign-in"))
    return f'<p class="door"><a href="/login/oidc{escape(_next(goal))}">{escape(text)}</a></p>\n'


def _why_here(request: Request, t: Translator) -> str:
    """What brought somebody back to the form who was signed in before."""
    if request.query_params.get("ended") == "code":
        return t(CODE_ENDED)
    if not request.query_params.get("ended"):
        return ""
    ended = ended_after(request.cookies.get(COOKIE), now=clock.now())
    if ended is None:
        return t(ENDED)
    if ended.by_silence:
        minutes = int(ended.after.total_seconds()) // 60
        return t(
            "You were signed out after {time} without activity. What you had begun is kept; please sign in again.",
            time=t.n("{n} minute", "{n} minutes", minutes),
        )
    hours = int(ended.after.total_seconds()) // 3600
    return t(
        "A sign-in ends after {time}. What you had begun is kept; please sign in again.",
        time=t.n("{n} hour", "{n} hours", hours),
    )


# --- the code ------------------------------------------------------------------------------------------------------


async def _show_code(request: Request, t: Translator) -> Response:
    goal = local_path(request.query_params.get("next"))
    if not await run_in_threadpool(_is_open, request.cookies.get(STEP_COOKIE)):
        return RedirectResponse("/login" + _next(goal, ended="code"), 303)
    return _code_form(request, t, goal)


async def _check_code(request: Request, t: Translator) -> Response:
    sent = await small_form(request)
    goal, token = local_path(sent.get("next")), request.cookies.get(STEP_COOKIE)
    if not is_our_form(request, sent):
        return _code_form(request, t, goal, error=t(STALE), status=400)
    now, address = clock.now(), address_of(request.scope)
    if until := await run_in_threadpool(waiting, address, now):
        return _code_form(request, t, goal, error=too_many(t, until, now), status=429)
    entry = await run_in_threadpool(_enter, token or "", sent.get("code", ""), now, address)
    if entry is not None:
        return await welcome(request, entry, goal)
    if not await run_in_threadpool(_is_open, token):
        return RedirectResponse("/login" + _next(goal, ended="code"), 303)
    wrong = t("The code does not fit, or was used already. Please type the next one that the app shows.")
    return _code_form(request, t, goal, error=wrong, status=401)


def _code_form(request: Request, t: Translator, goal: str, *, error: str = "", status: int = 200) -> Response:
    title = t("Second step")
    label, go, back = t("Code of the authenticator app"), t("Sign in"), t("Back to name and password")
    hint = t("Without the telephone: type one of your recovery codes. Each is good once.")

    def body(hidden: str) -> str:
        return f"""<form method="post" action="/login/code" autocomplete="off">
{hidden}<input type="hidden" name="next" value="{escape(goal)}">
{code_field(label, longest=40)}
<button type="submit">{escape(go)}</button>
</form>
<p class="hint">{escape(hint)}</p>
<p class="hint"><a href="/login{escape(_next(goal))}">{escape(back)}</a></p>"""

    top = language_links(t.language, "/login/code" + _next(goal))
    return form_page(request, t, title, body, path="/login", error=error, status=status, top=top)


# --- what the steps share ------------------------------------------------------------------------------------------


def waiting(address: str, now: datetime) -> datetime | None:
    """Until when this address has to wait; the try is noted. None if it may try."""
    with read_session() as session:
        until = waits_until(session, address, now=now)
    if until:
        with transaction() as session:
            unknown_sign_in(session, now=now, address=address, why="address waits")
    return until


def _next(goal: str, *, ended: str = "") -> str:
    """The query that leads back to `goal`."""
    parts = [f"ended={ended}"] if ended else []
    parts += [f"next={quote(goal, safe='/')}"] if goal != "/" else []
    return "?" + "&".join(parts) if parts else ""


def _remember_language(answer: Response, chosen: str) -> None:
    answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=YEAR, path="/", httponly=True, samesite="lax")


def _where_from(request: Request) -> str:
    """The page of ours that sent the visitor here; empty for none."""
    sent = urlsplit(request.headers.get("referer", ""))
    if sent.netloc != request.headers.get("host"):
        return ""
    goal = local_path(sent.path + (f"?{sent.query}" if sent.query else ""))
    return goal if goal != "/" else ""


def _reach_database() -> None:
    """Raises DBAPIError if the database does not answer: then a form would only disappoint."""
    with read_session() as session:
        session.connection()


def _credentials(name: str) -> Credentials | None:
    with read_session() as session:
        return credentials_of(session, name)


def _lasts() -> timedelta:
    return timedelta(hours=settings().session_hours)


def _settle(found: Credentials | None, right: bool, weak: bool, now: datetime, address: str) -> Entry | None:
    """Write the outcome down; the way in of a sign-in that succeeded."""
    with transaction() as session:
        if found is None:
            unknown_sign_in(session, now=now, address=address)
            return None
        return sign_in(session, found.account_id, fits=right, is_weak=weak, now=now, lasts=_lasts(), address=address)


def _enter(token: str, given: str, now: datetime, address: str) -> Entry | None:
    with transaction() as session:
        return enter_code(session, token, given[:100], now=now, lasts=_lasts(), address=address)


def _is_open(token: str | None) -> bool:
    """Whether the sign-in under this cookie still waits for its code."""
    with read_session() as session:
        return bool(token) and code_step(session, hash_of_token(token or ""), now=clock.now()) is not None


def _end(token: str | None, address: str) -> tuple[bool, str | None]:
    """Whether there was a sign-in to end, and by what it had come."""
    now = clock.now()
    who = signed_in_with(token, now=now, active=False, address=address)
    if who is None:
        return False, None
    with transaction() as session:
        return True, sign_out(session, who, now=now)


def _farewell(request: Request) -> str:
    """Where the identity provider ends its own sign-in, "" for nowhere."""
    if not provider.is_configured():
        return ""
    scheme = "https" if secure(request) else "http"
    return provider.farewell(f"{scheme}://{request.headers.get('host', '')}/login", now=clock.now())


def _store_language(token: str | None, chosen: str) -> None:
    now = clock.now()
    who = signed_in_with(token, now=now)
    if who:
        with transaction() as session:
            choose_language(session, who, chosen, now=now)
