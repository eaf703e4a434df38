"""/login/oidc and /login/oidc/callback: through the identity provider to the same sign-in as with a password.

The browser goes there by a link and comes back by a redirect, so the content policy needs no other host. The provider
says who somebody is; that an account exists, is enabled, and what it may do is ours to say.
"""

import json
import secrets
from datetime import datetime, timedelta
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.web import provider
from dashboard.web.forms import guarded, local_path, secure
from dashboard.web.page import missing_page
from dashboard.web.refusals import address_of
from dashboard.web.senders import came_by_another_site
from dashboard.web.sign_in import STEP_COOKIE, form, too_many, waiting, welcome
from models import clock
from models.changes.sign_in import Entry, begin_at_provider, come_back, sign_in, unknown_sign_in
from models.db import read_session, transaction
from models.enums import N_
from models.queries.people import BY_PROVIDER, credentials_of
from models.sealing import CannotUnseal, seal, unseal
from models.settings import settings
from models.text import Translator

CALLBACK = "/login/oidc/callback"
FAILED = N_("The sign-in there did not lead to an account here. Please try again, or ask the administrator.")
LASTS = timedelta(minutes=10)


async def leave(request: Request) -> Response:
    """Send the browser to the provider."""
    return await guarded(request, _leave)


async def callback(request: Request) -> Response:
    """The browser comes back with a code, for which the provider tells us who it is."""
    return await guarded(request, _callback)


async def _leave(request: Request, t: Translator) -> Response:
    if not provider.is_configured():
        return missing_page(t)
    goal, state = local_path(request.query_params.get("next")), secrets.token_urlsafe(32)
    if came_by_another_site(request.headers):  # nobody is signed in by another site's link: a person presses ours
        return RedirectResponse(f"/login?next={quote(goal, safe='/')}", 303)
    now, address = clock.now(), address_of(request.scope)
    try:
        departure = await run_in_threadpool(provider.depart, state, _redirect_uri(request), now=now)
    except provider.ProviderFault as fault:
        return await _refused(request, t, goal, fault.why)
    kept = json.dumps({"nonce": departure.nonce, "verifier": departure.verifier, "goal": goal})
    await run_in_threadpool(_remember, state, kept, address, now)
    answer = RedirectResponse(departure.address, 303)
    answer.set_cookie(
        STEP_COOKIE,
        state,
        max_age=int(LASTS.total_seconds()),
        path="/login",
        httponly=True,
        samesite="lax",
        secure=secure(request),
    )
    return answer


async def _callback(request: Request, t: Translator) -> Response:
    if not provider.is_configured():
        return missing_page(t)
    now, address = clock.now(), address_of(request.scope)
    if until := await run_in_threadpool(waiting, address, now):
        return form(request, t, "/", error=too_many(t, until, now), status=429, until=until)
    state, code = request.query_params.get("state", ""), request.query_params.get("code", "")
    mine = request.cookies.get(STEP_COOKIE, "")
    if not state or not secrets.compare_digest(state.encode(), mine.encode()):
        return await _refused(request, t, "/", "state")
    kept = await run_in_threadpool(_recall, state, now)
    if kept is None:
        return await _refused(request, t, "/", "state")
    try:
        name = await run_in_threadpool(
            provider.name_of,
            code,
            _redirect_uri(request),
            nonce=kept["nonce"],
            verifier=kept["verifier"],
            now=clock.now(),
        )
    except provider.ProviderFault as fault:
        return await _refused(request, t, kept["goal"], fault.why)
    entry = await run_in_threadpool(_settle, name, now, address)
    if entry is None:
        return form(request, t, kept["goal"], error=t(FAILED), status=401)
    return await welcome(request, entry, local_path(kept["goal"]))


async def _refused(request: Request, t: Translator, goal: str, why: str) -> Response:
    await run_in_threadpool(_note_refusal, f"provider: {why}", address_of(request.scope))
    return form(request, t, local_path(goal), error=t(FAILED), status=401)


def _redirect_uri(request: Request) -> str:
    """Where the provider sends the browser back; it only does so to addresses registered with it."""
    scheme = "https" if secure(request) else "http"
    return f"{scheme}://{request.headers.get('host', '')}{CALLBACK}"


def _remember(state: str, kept: str, address: str, now: datetime) -> None:
    with transaction() as session:
        begin_at_provider(session, state, seal(kept, about="provider"), now=now, lasts=LASTS, address=address)


def _recall(state: str, now: datetime) -> dict[str, str] | None:
    """What was remembered for this state, once."""
    with transaction() as session:
        sealed = come_back(session, state, now=now)
    try:
        return dict(json.loads(unseal(sealed, about="provider"))) if sealed else None
    except CannotUnseal:
        return None


def _settle(name: str, now: datetime, address: str) -> Entry | None:
    lasts = timedelta(hours=settings().session_hours)
    with read_session() as session:
        found = credentials_of(session, name)
    with transaction() as session:
        if found is None:
            unknown_sign_in(session, now=now, address=address)
            return None
        return sign_in(session, found.account_id, fits=True, now=now, lasts=lasts, address=address, method=BY_PROVIDER)


def _note_refusal(why: str, address: str) -> None:
    with transaction() as session:
        unknown_sign_in(session, now=clock.now(), address=address, why=why)
