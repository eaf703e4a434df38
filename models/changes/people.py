"""Accounts and sign-ins: adding, locking, signing in and out. Each leaves one audit row."""

import re
import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.changes._audit import record
from models.enums import Role, Secrecy
from models.errors import Forbidden, NotFound
from models.passwords import password_hash
from models.queries.people import SignedIn, account_named, login_of
from models.rules.access import Action, Viewer, may
from models.rules.words import Refusal, words
from models.tables import Account, Agency, Person, SignIn
from models.text import clean

FAILURES_TO_LOCK = 5  # TCVN 14423 level 3, point 5: locked after five failures
FIRST_LOCK = timedelta(minutes=15)  # doubled by each further failure
LONGEST_LOCK = timedelta(hours=4)
TOUCH_EVERY = timedelta(minutes=1)
LOGIN = re.compile(r"[\w.@-]{2,60}")


def hash_of_token(token: str) -> str:
    """What is stored of a cookie's token."""
    return sha256(token.encode()).hexdigest()


# --- accounts ------------------------------------------------------------------------------------------------------


def add_account(
    session: Session,
    viewer: Viewer,
    *,
    login: str,
    password: str,
    role: Role,
    now: datetime,
    display_name: str = "",
    function: str = "",
    agency: str = "",
    email: str = "",
    language: str = "vi",
    clearance: Secrecy = Secrecy.NONE,
    must_change: bool = False,
) -> Account:
    """A new named account and its person; `agency` is an agency's code. Raises Forbidden, NotFound, Refusal."""
    _require(viewer)
    name = _new_login(session, login)
    if role is Role.SYSTEM:
        raise Refusal(words("The system is not a person: choose another role."))
    if role is Role.AGENCY and not agency:
        raise Refusal(words("A focal point acts for an agency: say which."))
    person = Person(
        display_name=clean(display_name)[:120] or name,
        function=clean(function)[:120],
        agency_id=_agency_id(session, agency),
        email=clean(email)[:200],
        language=language,
    )
    session.add(person)
    session.flush()
    account = Account(
        person_id=person.id or 0,
        login=name,
        role=role,
        clearance=clearance,
        password_hash=password_hash(password, login=name),
        must_change=must_change,
        created_at=now,
    )
    session.add(account)
    session.flush()
    after = {"role": role, "agency": agency, "clearance": clearance}
    record(session, viewer, "account_added", _subject(account), now=now, after=after)
    return account


def disable_account(session: Session, viewer: Viewer, name: str, *, now: datetime) -> None:
    """Shut the account and sign it out everywhere; twice is once. Raises Forbidden, NotFound, Refusal."""
    account = _managed(session, viewer, name)
    if account.id == viewer.account_id:
        raise Refusal(words("You cannot disable your own account."))
    if account.disabled_at is not None:
        return
    account.disabled_at = now
    ended = _revoke(session, account, now)
    record(session, viewer, "account_disabled", _subject(account), now=now, after={"sign_ins_ended": ended})


def enable_account(session: Session, viewer: Viewer, name: str, *, now: datetime) -> None:
    """Open a disabled account again. Raises Forbidden, NotFound."""
    account = _managed(session, viewer, name)
    if account.disabled_at is None:
        return
    account.disabled_at = None
    _unlock(account)
    record(session, viewer, "account_enabled", _subject(account), now=now)


def reset_password(
    session: Session, viewer: Viewer, name: str, password: str, *, now: datetime, must_change: bool = False
) -> None:
    """Give the account a new password, unlock it, sign it out everywhere. Raises Forbidden, NotFound, Refusal."""
    account = _managed(session, viewer, name)
    account.password_hash = password_hash(password, login=account.login)
    account.must_change = must_change
    _unlock(account)
    ended = _revoke(session, account, now)
    record(session, viewer, "password_reset", _subject(account), now=now, after={"sign_ins_ended": ended})


def change_own_password(session: Session, me: SignedIn, password: str, *, now: datetime) -> None:
    """A person's own new password; the old one was checked by the caller. Raises Refusal."""
    account = session.get_one(Account, me.viewer.account_id)
    account.password_hash = password_hash(password, login=account.login)
    account.must_change = False
    ended = _revoke(session, account, now, but=me.sign_in_id)
    record(session, me.viewer, "password_changed", _subject(account), now=now, after={"sign_ins_ended": ended})


def end_sign_ins(session: Session, viewer: Viewer, name: str | None = None, *, now: datetime) -> int:
    """Sign out every browser of the account `name`, or of everybody; how many. Raises Forbidden, NotFound."""
    _require(viewer)
    account = None if name is None else account_named(session, name)
    ended = _revoke(session, account, now)
    subject = "account:*" if account is None else _subject(account)
    record(session, viewer, "sign_ins_ended", subject, now=now, after={"sign_ins_ended": ended})
    return ended


def choose_language(session: Session, me: SignedIn, language: str, *, now: datetime) -> None:
    """The language in which this person reads pages and mails."""
    person = session.get_one(Person, session.get_one(Account, me.viewer.account_id).person_id)
    if person.language == language:
        return
    before, person.language = person.language, language
    _note(session, me.viewer, "language_chosen", f"account:{me.viewer.name}", now, {"from": before, "to": language})


# --- signing in and out --------------------------------------------------------------------------------------------


def sign_in(
    session: Session, account_id: int, *, fits: bool, now: datetime, lasts: timedelta, address: str
) -> str | None:
    """The token of a new sign-in, or None if refused; `fits` says whether the password was right.

    The caller has checked the password before, outside the transaction. Five failures lock the account for a while;
    a locked or disabled account is refused whatever the password. Every outcome is on the audit chain.
    """
    account = session.get_one(Account, account_id, with_for_update=True)
    visitor = Viewer(name=account.login, role=account.role, account_id=account.id, address=address)
    if account.disabled_at is not None or (account.locked_until is not None and now < account.locked_until):
        why = "disabled" if account.disabled_at is not None else "locked"
        _note(session, visitor, "sign_in_refused", _subject(account), now, {"why": why})
        return None
    if not fits:
        _count_failure(account, now)
        _note(session, visitor, "sign_in_failed", _subject(account), now, {"failures": account.failures})
        return None
    _unlock(account)
    account.last_sign_in_at = now
    token = secrets.token_urlsafe(32)
    row = SignIn(
        token_sha256=hash_of_token(token),
        account_id=account_id,
        address=address[:60],
        created_at=now,
        last_seen_at=now,
        expires_at=now + lasts,
    )
    session.add(row)
    _note(session, visitor, "signed_in", _subject(account), now, None)
    return token


def unknown_sign_in(session: Session, *, now: datetime, address: str) -> None:
    """Note a sign-in with a name we do not have. The name is not kept: people type passwords there."""
    visitor = Viewer(name="?", role=Role.MEMBER, address=address)
    _note(session, visitor, "sign_in_failed", "account:?", now, None)


def sign_out(session: Session, me: SignedIn, *, now: datetime) -> None:
    """End this browser's sign-in, in all its tabs."""
    row = session.get_one(SignIn, me.sign_in_id)
    row.revoked_at = row.revoked_at or now
    _note(session, me.viewer, "signed_out", f"account:{me.viewer.name}", now, None)


def touch(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Remember that this browser was active; asked at most once a minute (see TOUCH_EVERY), so it is cheap."""
    seen = update(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.last_seen_at) < now)
    session.execute(seen.values(last_seen_at=now))


def _count_failure(account: Account, now: datetime) -> None:
    account.failures += 1
    if account.failures >= FAILURES_TO_LOCK:
        doublings = min(account.failures - FAILURES_TO_LOCK, 10)
        account.locked_until = now + min(FIRST_LOCK * 2**doublings, LONGEST_LOCK)


def _unlock(account: Account) -> None:
    account.failures, account.locked_until = 0, None


def _revoke(session: Session, account: Account | None, now: datetime, *, but: int | None = None) -> int:
    """End the open sign-ins of `account` (None: of all), except the row `but`; how many."""
    asked = select(SignIn).where(col(SignIn.revoked_at).is_(None), col(SignIn.expires_at) > now)
    if account is not None:
        asked = asked.where(col(SignIn.account_id) == account.id)
    rows = [row for row in session.exec(asked) if row.id != but]
    for row in rows:
        row.revoked_at = now
    return len(rows)


def _note(session: Session, viewer: Viewer, action: str, subject: str, now: datetime, after: object) -> None:
    """An audit row for something that changes no figure: the caches of figures stay valid."""
    changed = session.info.get("changed", False)
    record(session, viewer, action, subject, now=now, after=after)
    session.info["changed"] = changed


def _require(viewer: Viewer) -> None:
    if not may(viewer, Action.MANAGE_PEOPLE):
        raise Forbidden(words("Only administrators manage accounts."))


def _managed(session: Session, viewer: Viewer, name: str) -> Account:
    _require(viewer)
    return account_named(session, name)


def _new_login(session: Session, login: str) -> str:
    name = login_of(login)
    if not LOGIN.fullmatch(name):
        raise Refusal(words("A sign-in name has 2 to 60 letters, digits, dots, hyphens or @, and no spaces."))
    if session.exec(select(Account).where(col(Account.login) == name)).first() is not None:
        raise Refusal(words("The sign-in name {name} is taken.", name=name))
    return name


def _agency_id(session: Session, code: str) -> int | None:
    if not code:
        return None
    found = session.exec(select(Agency).where(col(Agency.code) == code)).first()
    if found is None:
        raise NotFound(words("No agency has the code {code}.", code=repr(code)))
    return found.id


def _subject(account: Account) -> str:
    return f"account:{account.login}"
