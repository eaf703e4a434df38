"""/account, /password, /second-factor: one's own account; plain pages that need no JavaScript."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dashboard.web.forms import STALE, code_field, fits, form_page, guarded, is_our_form, password_field, small_form
from dashboard.web.page import plain_page
from dashboard.web.refusals import address_of
from dashboard.web.session import idle_time
from dashboard.web.sign_in import too_many, waiting
from models import clock
from models.changes import second_factor as changes
from models.changes.people import change_own_password, note_wrong_password
from models.changes.sign_in import end_own_sign_ins
from models.db import read_session, transaction
from models.queries.people import SignedIn, credentials_of
from models.queries.sign_in import OwnAccount, OwnSignIn, own_account
from models.rules.words import Refusal
from models.second_factor import address_of_secret
from models.text import Translator

ISSUER = "Liêm"


async def account(request: Request) -> Response:
    """What belongs to one's own account: password, second factor, browsers that are signed in."""
    return await guarded(request, _show)


async def sign_ins(request: Request) -> Response:
    """End one of one's own sign-ins, or all the others."""
    return await guarded(request, _end)


async def password(request: Request) -> Response:
    """The form for one's own new password; the gate lets only signed-in people come here."""
    return await guarded(request, _change_password if request.method == "POST" else _show_password)


async def second_factor(request: Request) -> Response:
    """Set up the authenticator app, or another one in its place."""
    return await guarded(request, _confirm_secret if request.method == "POST" else _show_secret)


async def codes(request: Request) -> Response:
    """New recovery codes in place of the old ones."""
    return await guarded(request, _renew)


async def remove(request: Request) -> Response:
    """Sign in with the password alone from now on."""
    return await guarded(request, _remove)


# --- the page of the account ---------------------------------------------------------------------------------------


async def _show(request: Request, t: Translator) -> Response:
    return await _account_page(request, t)


async def _end(request: Request, t: Translator) -> Response:
    form = await small_form(request)
    if not is_our_form(request, form):
        return await _account_page(request, t, error=t(STALE), status=400)
    if wrong := await _unless_right(request, t, form, clock.now()):
        return await _account_page(request, t, error=wrong[0], status=wrong[1])
    which = form.get("which", "")
    if which != "others" and not (which.isascii() and which.isdecimal() and len(which) < 10):
        return RedirectResponse("/account", 303)
    await run_in_threadpool(_write, end_own_sign_ins, _who(request), None if which == "others" else int(which))
    return RedirectResponse("/account", 303)


async def _account_page(request: Request, t: Translator, *, error: str = "", status: int = 200) -> Response:
    who = _who(request)
    own = await run_in_threadpool(_own, who)

    def body(hidden: str) -> str:
        return "\n".join((_password_part(t, own), _factor_part(t, own), _browsers_part(t, own, hidden), _home(t)))

    title = t("My account")
    return form_page(request, t, title, body, path="/account", error=error, status=status, notice=_named(t, who))


def _named(t: Translator, who: SignedIn) -> str:
    return f"{who.display_name} · {who.viewer.name} · {t.label(who.viewer.role)}"


def _password_part(t: Translator, own: OwnAccount) -> str:
    changed = t("Chosen on {day}.", day=clock.local(own.password_changed_at).date())
    due = " " + t("To be changed by {day}.", day=own.password_due_on) if own.password_due_on else ""
    return _part(t("Password"), escape(changed + due), _link("/password", t("Change password")))


def _factor_part(t: Translator, own: OwnAccount) -> str:
    if not own.has_second_factor:
        said = t("Not set up. With it, somebody who learns your password still cannot sign in.")
        return _part(t("Second factor"), escape(said), _link("/second-factor", t("Set up an authenticator app")))
    left = t.n("{n} recovery code is left.", "{n} recovery codes are left.", own.recovery_codes)
    return _part(
        t("Second factor"),
        escape(t("An authenticator app is set up.") + " " + left),
        _link("/second-factor", t("Another telephone, new recovery codes")),
    )


def _browsers_part(t: Translator, own: OwnAccount, hidden: str) -> str:
    """The browsers; with others than this one, a choice of them and the present password, which ends them."""
    here = "".join(
        f"<p>{_since(t, row)} <strong>({escape(t('this browser'))})</strong></p>" for row in own.sign_ins if row.is_this
    )
    others = [row for row in own.sign_ins if not row.is_this]
    if not others:
        return _part(t("Where you are signed in"), here, "")
    all_others = _choice("others", escape(t("All other browsers")), chosen=True)
    form = f"""<form method="post" action="/account/sign-ins" class="browsers">{hidden}
{all_others}{"".join(_choice(str(row.sign_in_id), _since(t, row)) for row in others)}
{password_field("password", t("Present password"))}
<button type="submit" class="plain">{escape(t("Sign out the chosen browsers"))}</button></form>"""
    return _part(t("Where you are signed in"), here, form)


def _since(t: Translator, row: OwnSignIn) -> str:
    return escape(t("{address} · since {at}, last active {seen}", address=row.address, at=row.created_at,
                    seen=row.last_seen_at))  # fmt: skip


def _choice(value: str, html: str, *, chosen: bool = False) -> str:
    mark = " checked" if chosen else ""
    return f'<label class="choice"><input type="radio" name="which" value="{value}"{mark}> {html}</label>'


# --- one's own password --------------------------------------------------------------------------------------------


async def _show_password(request: Request, t: Translator) -> Response:
    return await _password_form(request, t)


async def _change_password(request: Request, t: Translator) -> Response:
    form = await small_form(request)
    if not is_our_form(request, form):
        return await _password_form(request, t, error=t(STALE), status=400)
    now = clock.now()
    if wrong := await _unless_right(request, t, form, now):
        return await _password_form(request, t, error=wrong[0], status=wrong[1])
    new = form.get("new", "")
    if new != form.get("again", ""):
        return await _password_form(request, t, error=t("The two new passwords differ."), status=400)
    if new == form.get("password"):
        return await _password_form(request, t, error=t("The new password is the old one."), status=400)
    try:
        await run_in_threadpool(_write, change_own_password, _who(request), new)
    except Refusal as refusal:
        return await _password_form(request, t, error=t.words(refusal.words), status=400)
    return RedirectResponse("/" if _who(request).must_change else "/account", 303)


async def _password_form(request: Request, t: Translator, *, error: str = "", status: int = 200) -> Response:
    who = _who(request)
    own = await run_in_threadpool(_own, who)
    first = t("Please choose your own new password now: the present one was given to you by somebody else, is too old, "
              "or no longer strong enough.") if who.must_change else ""  # fmt: skip
    rule = (
        t("At least 8 characters; a sentence is easy to remember. Spaces and every letter are welcome.")
        if own.has_second_factor
        else t(
            "At least 14 characters, with capital and small letters, digits and other signs; a sentence is easy to "
            "remember, and spaces count. With a second factor, 8 characters are enough."
        )
    )
    fields = (
        password_field("password", t("Present password"), focus=True)
        + password_field("new", t("New password"), "new-password")
        + password_field("again", t("New password, once more"), "new-password")
    )

    def body(hidden: str) -> str:
        return f"""<form method="post" action="/password">{hidden}{fields}
<p class="hint above">{escape(rule)}</p>
<button type="submit">{escape(t("Save"))}</button></form>
{_leave(t) if who.must_change else _back(t)}"""

    return form_page(request, t, t("New password"), body, path="/password", error=error, notice=first, status=status)


# --- the second factor ---------------------------------------------------------------------------------------------


async def _show_secret(request: Request, t: Translator) -> Response:
    return await _secret_form(request, t)


async def _confirm_secret(request: Request, t: Translator) -> Response:
    form = await small_form(request)
    if not is_our_form(request, form):
        return await _secret_form(request, t, error=t(STALE), status=400)
    who, now = _who(request), clock.now()
    if not who.must_enrol and (wrong := await _unless_both_right(request, t, form, now)):
        return await _secret_form(request, t, error=wrong[0], status=wrong[1])
    try:
        shown = await run_in_threadpool(_write, changes.confirm_secret, who, form.get("code", "")[:100])
    except Refusal as refusal:
        return await _secret_form(request, t, error=t.words(refusal.words), status=400)
    if shown is None:
        wrong_code = t("The code does not fit. Is the clock of the telephone right? Please type the next code.")
        return await _secret_form(request, t, error=wrong_code, status=401)
    return _codes_page(t, shown)


async def _renew(request: Request, t: Translator) -> Response:
    return await _with_password(request, t, changes.renew_recovery_codes, lambda shown: _codes_page(t, shown))


async def _remove(request: Request, t: Translator) -> Response:
    return await _with_password(
        request, t, changes.remove_second_factor, lambda _nothing: RedirectResponse("/account", 303)
    )


async def _with_password(
    request: Request, t: Translator, change: Callable[..., Any], then: Callable[[Any], Response]
) -> Response:
    """Do `change` once password and code were typed; what is refused is said on the page of the second factor."""
    form = await small_form(request)
    if not is_our_form(request, form):
        return await _secret_form(request, t, error=t(STALE), status=400)
    if wrong := await _unless_both_right(request, t, form, clock.now()):
        return await _secret_form(request, t, error=wrong[0], status=wrong[1])
    try:
        return then(await run_in_threadpool(_write, change, _who(request)))
    except Refusal as refusal:
        return await _secret_form(request, t, error=t.words(refusal.words), status=400)


async def _secret_form(request: Request, t: Translator, *, error: str = "", status: int = 200) -> Response:
    who = _who(request)
    own = await run_in_threadpool(_own, who)
    secret = await run_in_threadpool(_write, changes.offer_secret, who)
    notice = t("Your account signs in with a second factor. Please set it up now; it takes two minutes.")

    def body(hidden: str) -> str:
        parts = [_set_up_part(t, who, own, secret, hidden)]
        if own.has_second_factor:
            parts += [_renew_part(t, own, hidden), _remove_part(t, own, hidden)]
        return "\n".join((*parts, _leave(t) if who.must_enrol else _back(t)))

    title = t("Second factor")
    said = notice if who.must_enrol else ""
    return form_page(request, t, title, body, path="/second-factor", error=error, notice=said, status=status)


def _set_up_part(t: Translator, who: SignedIn, own: OwnAccount, secret: str, hidden: str) -> str:
    address = address_of_secret(secret, login=who.viewer.name, issuer=ISSUER)
    picture = segno.make(address, error="m").svg_inline(scale=5, border=3, dark="#1f2328", light="#fff")
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    first = t("Open an authenticator app on your telephone (FreeOTP, Aegis, Microsoft or Google Authenticator), choose "
              "“add”, and read this picture. The telephone needs no network.")  # fmt: skip
    typed = t("Cannot read it? Type this key into the app:")
    again = "" if who.must_enrol else _present(t, own, "new")
    shown = t("Code that the new telephone shows now") if own.has_second_factor else t("Code that the app shows now")
    return f"""<ol class="steps"><li>{escape(first)}
<div class="picture" role="img" aria-label="{escape(t("Picture with the key for the app"))}">{picture}</div>
<p class="hint">{escape(typed)}<br><code id="secret">{grouped}</code></p></li>
<li><form method="post" action="/second-factor" autocomplete="off">{hidden}{again}
{code_field(shown, focus=False)}
<button type="submit">{escape(t("Confirm"))}</button></form></li></ol>"""


def _renew_part(t: Translator, own: OwnAccount, hidden: str) -> str:
    left = t.n("{n} recovery code is left.", "{n} recovery codes are left.", own.recovery_codes)
    form = f"""<form method="post" action="/second-factor/codes">{hidden}{_present(t, own, "codes")}
<button type="submit">{escape(t("Make ten new codes"))}</button></form>"""
    return _part(t("Recovery codes"), escape(left), form)


def _remove_part(t: Translator, own: OwnAccount, hidden: str) -> str:
    if own.must_have_second_factor:
        return ""
    form = f"""<form method="post" action="/second-factor/remove">{hidden}{_present(t, own, "remove")}
<button type="submit" class="plain">{escape(t("Sign in without a second factor"))}</button></form>"""
    said = t("A password of fewer than 14 characters then has to be changed at the next sign-in.")
    return _part(t("Do without"), escape(said), form)


def _present(t: Translator, own: OwnAccount, place: str) -> str:
    """The fields that prove who it is once more: the password, and the code of an app that is set up already."""
    fields = password_field("password", t("Present password"), place=place)
    if not own.has_second_factor:
        return fields
    return fields + code_field(
        t("Code of the present app, or a recovery code"), longest=40, focus=False, name="proof", place=place
    )


def _codes_page(t: Translator, shown: list[str]) -> Response:
    """The recovery codes, this once."""
    title = t("Your recovery codes")
    said = t("Print or write down these ten codes and keep them away from the telephone. They are shown this once. "
             "Each lets you sign in once when the app is not at hand.")  # fmt: skip
    rows = "".join(f"<li><code>{code}</code></li>" for code in shown)
    on = escape(t("I have kept them"))
    body = (
        f'<h1>{escape(title)}</h1><p class="notice" role="status">{escape(said)}</p>'
        f'<ol class="codes">{rows}</ol><p class="hint"><a href="/">{on}</a></p>'
    )
    return plain_page(t, title, body)


# --- what they share -----------------------------------------------------------------------------------------------


async def _unless_right(request: Request, t: Translator, form: dict[str, str], now: datetime) -> tuple[str, int] | None:
    """What is wrong with the present password that was typed, and the status; None if it is right."""
    address = address_of(request.scope)
    if until := await run_in_threadpool(waiting, address, now):
        return too_many(t, until, now), 429
    found = await run_in_threadpool(_credentials, _who(request))
    if await fits(form.get("password", ""), found):
        return None
    await run_in_threadpool(_write, note_wrong_password, _who(request))
    return t("The present password is not right."), 401


async def _unless_both_right(
    request: Request, t: Translator, form: dict[str, str], now: datetime
) -> tuple[str, int] | None:
    """The same with the code of the present app, or a recovery code, where there is a second factor."""
    if wrong := await _unless_right(request, t, form, now):
        return wrong
    own = await run_in_threadpool(_own, _who(request))
    if not own.has_second_factor:
        return None
    if await run_in_threadpool(_write, changes.show_second_factor, _who(request), form.get("proof", "")[:100]):
        return None
    return t("The code does not fit, or was used already. Please type the next one that the app shows."), 401


def _who(request: Request) -> SignedIn:
    who: SignedIn = request.scope["signed_in"]
    return who


def _own(who: SignedIn) -> OwnAccount:
    with read_session() as session:
        return own_account(session, who, now=clock.now(), idle=idle_time())


def _credentials(who: SignedIn) -> Any:
    with read_session() as session:
        return credentials_of(session, who.viewer.name)


def _write(change: Callable[..., Any], *arguments: Any) -> Any:
    with transaction() as session:
        return change(session, *arguments, now=clock.now())


def _part(heading: str, html: str, act: str) -> str:
    return f"<section><h2>{escape(heading)}</h2><div>{html}</div>{act}</section>"


def _link(address: str, text: str) -> str:
    return f'<p><a href="{address}">{escape(text)}</a></p>'


def _home(t: Translator) -> str:
    return f'<p class="hint"><a href="/">{escape(t("To the start page"))}</a></p>'


def _back(t: Translator) -> str:
    return f'<p class="hint"><a href="/account">{escape(t("My account"))}</a></p>'


def _leave(t: Translator) -> str:
    return f'<p class="hint"><a href="/logout">{escape(t("Sign out"))}</a></p>'
