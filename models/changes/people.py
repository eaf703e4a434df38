"""Accounts: adding, shutting, opening, passwords, ending sign-ins. Each leaves one audit row."""

import re
from datetime import datetime

from sqlmodel import Session, col, select

from models.changes._audit import record
from models.changes.sign_in import count_address, note, revoke, unlock
from models.enums import Role, Secrecy
from models.errors import Forbidden, NotFound
from models.passwords import password_fits, password_hash
from models.queries.people import SignedIn, account_named, has_second_factor, login_of
from models.rules.access import Action, Viewer, may
from models.rules.accounts import KEPT_PASSWORDS, network_of
from models.rules.words import Refusal, words
from models.tables import Account, Agency, PasswordHistory, Person
from models.text import clean

LOGIN = re.compile(r"[\w.@-]{2,60}")


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
        password_changed_at=now,
    )
    session.add(account)
    session.flush()
    session.add(PasswordHistory(account_id=account.id or 0, password_hash=account.password_hash, set_at=now))
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
    ended = revoke(session, account, now)
    record(session, viewer, "account_disabled", _subject(account), now=now, after={"sign_ins_ended": ended})


def enable_account(session: Session, viewer: Viewer, name: str, *, now: datetime) -> None:
    """Open a disabled account again. Raises Forbidden, NotFound."""
    account = _managed(session, viewer, name)
    if account.disabled_at is None:
        return
    account.disabled_at, account.disabled_because, account.enabled_at = None, None, now
    unlock(account)
    record(session, viewer, "account_enabled", _subject(account), now=now)


def unlock_account(session: Session, viewer: Viewer, name: str, *, now: datetime) -> None:
    """Let somebody who failed too often try again at once. Raises Forbidden, NotFound."""
    account = _managed(session, viewer, name)
    if not account.failures and account.locked_until is None:
        return
    before = {"failures": account.failures, "locked_until": account.locked_until}
    unlock(account)
    record(session, viewer, "account_unlocked", _subject(account), now=now, before=before)


def reset_password(
    session: Session, viewer: Viewer, name: str, password: str, *, now: datetime, must_change: bool = False
) -> None:
    """Give the account a new password, unlock it, sign it out everywhere. Raises Forbidden, NotFound, Refusal."""
    account = _managed(session, viewer, name)
    _set_password(session, account, password, now)
    account.must_change = must_change
    unlock(account)
    ended = revoke(session, account, now)
    record(session, viewer, "password_reset", _subject(account), now=now, after={"sign_ins_ended": ended})


def change_own_password(session: Session, me: SignedIn, password: str, *, now: datetime) -> None:
    """A person's own new password; the old one was checked by the caller. Raises Refusal."""
    account = session.get_one(Account, me.viewer.account_id)
    _set_password(session, account, password, now)
    account.must_change = False
    ended = revoke(session, account, now, but=me.sign_in_id)
    record(session, me.viewer, "password_changed", _subject(account), now=now, after={"sign_ins_ended": ended})


def note_wrong_password(session: Session, me: SignedIn, *, now: datetime) -> None:
    """Somebody signed in typed a wrong present password: it counts against the address, not against the account."""
    note(session, me.viewer, "password_not_confirmed", f"account:{me.viewer.name}", now, None)
    count_address(session, network_of(me.viewer.address), now=now)


def end_sign_ins(session: Session, viewer: Viewer, name: str | None = None, *, now: datetime) -> int:
    """Sign out every browser of the account `name`, or of everybody; how many. Raises Forbidden, NotFound."""
    _require(viewer)
    account = None if name is None else account_named(session, name)
    ended = revoke(session, account, now)
    subject = "account:*" if account is None else _subject(account)
    record(session, viewer, "sign_ins_ended", subject, now=now, after={"sign_ins_ended": ended})
    return ended


def choose_language(session: Session, me: SignedIn, language: str, *, now: datetime) -> None:
    """The language in which this person reads pages and mails."""
    person = session.get_one(Person, session.get_one(Account, me.viewer.account_id).person_id)
    if person.language == language:
        return
    before, person.language = person.language, language
    note(session, me.viewer, "language_chosen", f"account:{me.viewer.name}", now, {"from": before, "to": language})


def _set_password(session: Session, account: Account, password: str, now: datetime) -> None:
    """Store the hash and keep it in the account's history. Raises Refusal."""
    owner = account.id or 0
    made = password_hash(password, login=account.login, second_factor=has_second_factor(session, owner))
    asked = select(PasswordHistory).where(col(PasswordHistory.account_id) == owner)
    kept = session.exec(asked.order_by(col(PasswordHistory.id).desc())).all()
    last = {account.password_hash, *(row.password_hash for row in kept[:KEPT_PASSWORDS])}
    if account.role is Role.ADMINISTRATOR and any(password_fits(password, stored) for stored in last):
        raise Refusal(words("This is one of the last {n} passwords of the account.", n=KEPT_PASSWORDS))
    for row in kept[KEPT_PASSWORDS - 1 :]:
        session.delete(row)
    session.add(PasswordHistory(account_id=owner, password_hash=made, set_at=now))
    account.password_hash, account.password_changed_at = made, now


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
