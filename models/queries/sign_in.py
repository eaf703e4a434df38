"""What signing in asks before anybody is known, and what people see of their own account."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from models.clock import local
from models.enums import Role
from models.errors import Forbidden
from models.queries.people import SignedIn
from models.rules.access import Action, Viewer, may
from models.rules.accounts import is_dormant, needs_second_factor, network_of, review_due_on
from models.rules.words import words
from models.settings import settings
from models.tables import Account, AccountReview, AddressFailure, RecoveryCode, SecondFactor, SignIn, SignInStep


@dataclass(frozen=True)
class OwnSignIn:
    """One browser in which this person is signed in."""

    sign_in_id: int
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_this: bool


@dataclass(frozen=True)
class OwnAccount:
    """What the page of one's own account shows."""

    password_changed_at: datetime
    password_due_on: date | None
    has_second_factor: bool
    must_have_second_factor: bool
    recovery_codes: int
    sign_ins: tuple[OwnSignIn, ...]


@dataclass(frozen=True)
class Review:
    """When accounts and rights were last reviewed, by whom, and by when they have to be again."""

    signed_at: datetime | None
    signed_by: str
    due_on: date
    is_late: bool


@dataclass(frozen=True)
class Dormant:
    """An account that was used too long ago."""

    account_id: int
    login: str
    used_on: date
    is_kept: bool  # the last administrator: shut, nobody could open it again


def locked_why(account: Account, *, now: datetime) -> str | None:
    """Why this account cannot sign in now, for the audit chain; None if it can."""
    if account.disabled_at is not None:
        return "disabled"
    return "locked" if account.locked_until is not None and now < account.locked_until else None


def code_step(session: Session, token_sha256: str, *, now: datetime) -> SignInStep | None:
    """The sign-in that waits for a code under this token; None once it is used or over."""
    asked = select(SignInStep).where(col(SignInStep.token_sha256) == token_sha256, col(SignInStep.kind) == "code")
    return session.exec(asked.where(col(SignInStep.used_at).is_(None), col(SignInStep.expires_at) > now)).first()


def waits_until(session: Session, address: str, *, now: datetime) -> datetime | None:
    """Until when this address may not try to sign in; None if it may."""
    row = session.get(AddressFailure, network_of(address))
    return row.waits_until if row and row.waits_until and row.waits_until > now else None


def own_account(session: Session, me: SignedIn, *, now: datetime, idle: timedelta) -> OwnAccount:
    """The account of who is signed in. `idle`: browsers silent for longer are signed out and not shown."""
    account = session.get_one(Account, me.viewer.account_id)
    factor = session.get(SecondFactor, account.id)
    codes = select(func.count(col(RecoveryCode.id))).where(col(RecoveryCode.account_id) == account.id)
    changed_at = account.password_changed_at or account.created_at
    ages = account.role is Role.ADMINISTRATOR
    return OwnAccount(
        password_changed_at=changed_at,
        password_due_on=local(changed_at + timedelta(days=settings().admin_password_days)).date() if ages else None,
        has_second_factor=factor is not None and factor.confirmed_at is not None,
        must_have_second_factor=needs_second_factor(account.role, of=settings().second_factor),
        recovery_codes=session.exec(codes.where(col(RecoveryCode.used_at).is_(None))).one(),
        sign_ins=_sign_ins(session, me, now, idle),
    )


def review_state(session: Session, viewer: Viewer, *, today: date) -> Review:
    """The last review of accounts and the next; before any, counted from the first account. Raises Forbidden."""
    if not may(viewer, Action.MANAGE_PEOPLE):
        raise Forbidden(words("Only administrators see the accounts."))
    asked = select(AccountReview, Account.login).outerjoin(Account, col(AccountReview.signed_by) == col(Account.id))
    last = session.exec(asked.order_by(col(AccountReview.id).desc())).first()
    first = session.exec(select(func.min(col(Account.created_at)))).one()
    since = local(last[0].signed_at).date() if last else local(first).date() if first else today
    due_on = review_due_on(since, months=settings().account_review_months)
    return Review(last[0].signed_at if last else None, (last[1] or "") if last else "", due_on, today > due_on)


def dormant_accounts(session: Session, viewer: Viewer, *, today: date) -> list[Dormant]:
    """The enabled accounts that were last used, made or opened too long ago, by sign-in name. Raises Forbidden.

    One administrator is kept whatever happens: of those who are all idle, the one seen last.
    """
    if not (may(viewer, Action.MANAGE_PEOPLE) or may(viewer, Action.RUN_JOBS)):
        raise Forbidden(words("Only administrators see the accounts."))
    enabled = session.exec(select(Account).where(col(Account.disabled_at).is_(None)).order_by(col(Account.login))).all()
    idle = {row.id for row in enabled if is_dormant(_used_on(row), today=today, days=settings().dormant_days)}
    administrators = [row for row in enabled if row.role is Role.ADMINISTRATOR]
    kept = None
    if administrators and all(row.id in idle for row in administrators):
        kept = max(administrators, key=lambda row: (_used_on(row), -(row.id or 0))).id
    return [Dormant(row.id or 0, row.login, _used_on(row), row.id == kept) for row in enabled if row.id in idle]


def _used_on(account: Account) -> date:
    """The province's day from which idleness is counted: last signed in, else made or opened again."""
    return local(max(at for at in (account.created_at, account.enabled_at, account.last_sign_in_at) if at)).date()


def _sign_ins(session: Session, me: SignedIn, now: datetime, idle: timedelta) -> tuple[OwnSignIn, ...]:
    asked = select(SignIn).where(col(SignIn.account_id) == me.viewer.account_id, col(SignIn.revoked_at).is_(None))
    open_ones = asked.where(col(SignIn.expires_at) > now, col(SignIn.last_seen_at) > now - idle)
    rows = session.exec(open_ones.order_by(col(SignIn.last_seen_at).desc(), col(SignIn.id).desc()))
    return tuple(
        OwnSignIn(row.id or 0, row.address, row.created_at, row.last_seen_at, row.id == me.sign_in_id) for row in rows
    )
