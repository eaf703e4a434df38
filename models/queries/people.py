"""Accounts and sign-ins: who somebody is. Asked before there is a viewer, except for the list of accounts."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.clock import local
from models.enums import Role
from models.errors import Forbidden, NotFound
from models.rules.access import Action, Viewer, may
from models.rules.accounts import is_password_due, needs_second_factor
from models.rules.words import words
from models.settings import settings
from models.tables import Account, Agency, IssuedReport, Person, Restriction, RestrictionReader, SecondFactor, SignIn

IDLE = "idle"  # why the review of accounts disables
BY_PROVIDER = "oidc"  # the method of a sign-in for which no password of ours was typed


@dataclass(frozen=True)
class SignedIn:
    """A browser that is signed in, and the person in front of it."""

    sign_in_id: int
    viewer: Viewer
    display_name: str
    language: str
    must_change: bool
    last_seen_at: datetime
    must_enrol: bool = False

    @property
    def owes(self) -> str:
        """What this person has to do before anything else: password, second_factor, or nothing."""
        return "password" if self.must_change else "second_factor" if self.must_enrol else ""


@dataclass(frozen=True)
class Credentials:
    """What checking a password needs."""

    account_id: int
    password_hash: str
    has_second_factor: bool = False


@dataclass(frozen=True)
class Ended:
    """A sign-in that ended by itself: after so long a silence, or so long a time altogether."""

    after: timedelta
    by_silence: bool


@dataclass(frozen=True)
class AccountRow:
    """One account as administrators see it."""

    login: str
    display_name: str
    function: str
    role: Role
    agency: str
    email: str
    last_sign_in_at: datetime | None
    locked_until: datetime | None
    disabled_at: datetime | None
    sign_ins: int
    has_second_factor: bool
    is_disabled_as_idle: bool


def login_of(name: str) -> str:
    """`name` as sign-in names are stored and compared: composed, trimmed, lower case."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def account_named(session: Session, name: str) -> Account:
    """The account with the sign-in name `name`. Raises NotFound."""
    found = session.exec(select(Account).where(col(Account.login) == login_of(name))).first()
    if found is None:
        raise NotFound(words("No account is named {name}. See them with: liem user list", name=repr(name)))
    return found


def viewer_named(session: Session, name: str) -> Viewer:
    """The viewer for `--as NAME`. Raises NotFound for an unknown name, Forbidden for a disabled account."""
    account = account_named(session, name)
    if account.disabled_at is not None:
        raise Forbidden(words("The account {name} is disabled.", name=repr(account.login)))
    return viewer_of(session, account, session.get_one(Person, account.person_id), "")


def issuer(session: Session, viewer: Viewer, report_id: str) -> Viewer | None:
    """Who issued the paper, with what that account may see; None for the system operator. Raises Forbidden."""
    if not may(viewer, Action.REPORT):
        raise Forbidden(words("This account may not make or read reports."))
    report = session.get(IssuedReport, report_id)
    account = session.get(Account, report.created_by) if report and report.created_by else None
    return viewer_of(session, account, session.get_one(Person, account.person_id), "") if account else None


def credentials_of(session: Session, name: str) -> Credentials | None:
    """The account behind a sign-in name, disabled and locked ones too; None for an unknown name."""
    account = session.exec(select(Account).where(col(Account.login) == login_of(name))).first()
    if account is None:
        return None
    return Credentials(_id(account.id), account.password_hash, has_second_factor(session, _id(account.id)))


def has_second_factor(session: Session, account_id: int) -> bool:
    """Whether an authenticator app was confirmed for the account."""
    found = session.get(SecondFactor, account_id)
    return found is not None and found.confirmed_at is not None


def viewer_of_token(
    session: Session,
    token_sha256: str,
    *,
    now: datetime,
    idle: timedelta,
    admin_idle: timedelta | None = None,
    address: str = "",
) -> SignedIn | None:
    """Who is signed in with the cookie whose hash is `token_sha256`; None once that has ended for any reason.

    `idle`: how long a browser may be silent; `admin_idle`: an administrator's.
    """
    asked = (
        select(SignIn, Account, Person, col(SecondFactor.confirmed_at))
        .join(Account, col(SignIn.account_id) == col(Account.id))
        .join(Person, col(Account.person_id) == col(Person.id))
        .outerjoin(SecondFactor, col(SecondFactor.account_id) == col(Account.id))
        .where(col(SignIn.token_sha256) == token_sha256, col(SignIn.revoked_at).is_(None))
        .where(col(SignIn.expires_at) > now, col(Account.disabled_at).is_(None))
    )
    found = session.exec(asked).first()
    if found is None or not _serves(found[2], now):
        return None
    sign_in, account, person, confirmed_at = found
    if sign_in.last_seen_at <= now - _idle_of(account, idle, admin_idle):
        return None
    return SignedIn(
        sign_in_id=_id(sign_in.id),
        viewer=viewer_of(session, account, person, address or sign_in.address),
        display_name=person.display_name,
        language=person.language,
        must_change=sign_in.method != BY_PROVIDER and (account.must_change or is_due(account, now=now)),
        last_seen_at=sign_in.last_seen_at,
        must_enrol=needs_second_factor(account.role, of=settings().second_factor) and confirmed_at is None,
    )


def why_ended(
    session: Session, token_sha256: str, *, now: datetime, idle: timedelta, admin_idle: timedelta
) -> Ended | None:
    """How the sign-in of this cookie ended by itself; None for any other end."""
    asked = select(SignIn, Account).where(col(SignIn.account_id) == col(Account.id))
    found = session.exec(asked.where(col(SignIn.token_sha256) == token_sha256)).first()
    if found is None or found[0].revoked_at is not None or found[1].disabled_at is not None:
        return None
    sign_in, account = found
    longest = _idle_of(account, idle, admin_idle)
    if min(now, sign_in.expires_at) - sign_in.last_seen_at >= longest:
        return Ended(longest, by_silence=True)
    return Ended(sign_in.expires_at - sign_in.created_at, by_silence=False) if now >= sign_in.expires_at else None


def is_due(account: Account, *, now: datetime) -> bool:
    """Whether the account's password is too old (administrators; setting LIEM_ADMIN_PASSWORD_DAYS)."""
    changed_at = account.password_changed_at or account.created_at
    return is_password_due(account.role, changed_at, now=now, days=settings().admin_password_days)


def _idle_of(account: Account, idle: timedelta, admin_idle: timedelta | None) -> timedelta:
    return admin_idle if admin_idle is not None and account.role is Role.ADMINISTRATOR else idle


def account_rows(session: Session, viewer: Viewer, *, now: datetime) -> tuple[AccountRow, ...]:
    """Every account by sign-in name, with the number of browsers signed in. Raises Forbidden."""
    if not may(viewer, Action.MANAGE_PEOPLE):
        raise Forbidden(words("Only administrators see the accounts."))
    signed_in = (
        select(func.count(col(SignIn.id)))
        .where(col(SignIn.account_id) == col(Account.id), col(SignIn.revoked_at).is_(None))
        .where(col(SignIn.expires_at) > now)
        .scalar_subquery()
    )
    asked = (
        select(Account, Person, Agency.name_vi, signed_in)
        .join(Person, col(Account.person_id) == col(Person.id))
        .outerjoin(Agency, col(Person.agency_id) == col(Agency.id))
        .order_by(col(Account.login))
    )
    confirmed = select(SecondFactor.account_id).where(col(SecondFactor.confirmed_at).is_not(None))
    enrolled = set(session.exec(confirmed))
    return tuple(_row(*found, enrolled) for found in session.exec(asked))


def another_lead(session: Session, viewer: Viewer) -> bool:
    """Whether an open account of a lead other than the viewer's own could decide in his place."""
    asked = select(Account.id).where(
        Account.role == Role.LEAD, col(Account.disabled_at).is_(None), Account.id != viewer.account_id
    )
    return session.exec(asked.limit(1)).first() is not None


def _row(account: Account, person: Person, agency: str | None, sign_ins: int, enrolled: set[int]) -> AccountRow:
    return AccountRow(
        login=account.login,
        display_name=person.display_name,
        function=person.function,
        role=account.role,
        agency=agency or "",
        email=person.email,
        last_sign_in_at=account.last_sign_in_at,
        locked_until=account.locked_until,
        disabled_at=account.disabled_at,
        sign_ins=sign_ins,
        has_second_factor=account.id in enrolled,
        is_disabled_as_idle=account.disabled_because == IDLE,
    )


def viewer_of(session: Session, account: Account, person: Person, address: str = "") -> Viewer:
    """What this account of this person may see and do."""
    acts_for = person.agency_id if account.role is Role.AGENCY else None
    return Viewer(
        name=account.login,
        role=account.role,
        account_id=account.id,
        agency_id=person.agency_id,
        address=address,
        clearance=account.clearance,
        carries_on=_predecessors(session, acts_for) if acts_for else frozenset(),
        listed=_is_listed(session, account.id),
    )


def _predecessors(session: Session, agency_id: int) -> frozenset[int]:
    """The agencies whose work this one carries on, directly or through others."""
    found: set[int] = set()
    newest = {agency_id}
    while newest:
        asked = select(Agency.id).where(col(Agency.successor_id).in_(newest))
        newest = {id for id in session.exec(asked) if id} - found
        found |= newest
    return frozenset(found)


def _is_listed(session: Session, account_id: int | None) -> bool:
    """Whether the account is on the list of readers of a file that is restricted now."""
    asked = (
        select(RestrictionReader.id)
        .join(Restriction, col(Restriction.id) == RestrictionReader.restriction_id)
        .where(RestrictionReader.account_id == account_id, col(RestrictionReader.retracted_at).is_(None))
        .where(col(Restriction.retracted_at).is_(None))
    )
    return session.exec(asked.limit(1)).first() is not None


def _serves(person: Person, now: datetime) -> bool:
    """Whether `person` holds the function on the province's day of `now`."""
    day = local(now).date()
    return (person.valid_from is None or person.valid_from <= day) and (
        person.valid_to is None or day <= person.valid_to
    )


def _id(key: int | None) -> int:
    assert key is not None
    return key
