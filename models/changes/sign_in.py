"""Signing in and out. Every outcome is on the audit chain; none of them changes a figure."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.changes._audit import record
from models.changes._second_factor import Proof, prove
from models.enums import Role
from models.queries.people import BY_PROVIDER, SignedIn, has_second_factor
from models.queries.sign_in import code_step, locked_why
from models.rules.access import Viewer
from models.rules.accounts import lock_of, network_of, wait_of
from models.settings import settings
from models.tables import Account, AddressFailure, SignIn, SignInStep

TOUCH_EVERY = timedelta(minutes=1)
STEP_LASTS = timedelta(minutes=5)  # between the password and the code
FORGET_AFTER = timedelta(hours=1)  # failures of an address


@dataclass(frozen=True)
class Entry:
    """The way in: the token of a sign-in, or of the step before it (`needs_code`)."""

    token: str
    needs_code: bool = False


def hash_of_token(token: str) -> str:
    """What is stored of a cookie's token."""
    return sha256(token.encode()).hexdigest()


def sign_in(
    session: Session,
    account_id: int,
    *,
    fits: bool,
    now: datetime,
    lasts: timedelta,
    address: str,
    is_weak: bool = False,
    method: str | None = None,
) -> Entry | None:
    """The way in, or None if refused; `fits` says whether the password was right, `is_weak` that it is against policy.

    The caller has checked the password before, outside the transaction. Five failures lock the account for a while;
    a locked or disabled account is refused whatever the password.
    """
    account = session.get_one(Account, account_id, with_for_update=True)
    visitor = _visitor(account, address)
    if why := locked_why(account, now=now):
        _refuse(session, visitor, account, why, now)
        return None
    if not fits:
        _fail(session, visitor, account, "sign_in_failed", now)
        return None
    if is_weak and not account.must_change:
        account.must_change = True
        note(session, visitor, "password_too_weak", _subject(account), now, None)
    if has_second_factor(session, account_id):
        return _half_way(session, visitor, account, method, now)
    return _admit(session, visitor, account, now, lasts, method, None)


def enter_code(
    session: Session, step_token: str, code: str, *, now: datetime, lasts: timedelta, address: str
) -> Entry | None:
    """The way in with the code of the app, or a recovery code, after the password; None if refused.

    Wrong codes count like wrong passwords; once they lock the account, the step is over.
    """
    step = code_step(session, hash_of_token(step_token), now=now)
    if step is None or step.account_id is None:
        return None
    account = session.get_one(Account, step.account_id, with_for_update=True)
    session.refresh(step)
    visitor = _visitor(account, address)
    why = "used" if step.used_at else locked_why(account, now=now)
    if why:
        step.used_at = step.used_at or now
        _refuse(session, visitor, account, why, now)
        return None
    proof = prove(session, step.account_id, code, now=now)
    if proof is None:
        _fail(session, visitor, account, "second_factor_failed", now)
        step.used_at = now if account.locked_until is not None else None
        return None
    step.used_at = now
    if proof is Proof.RECOVERY_CODE:
        note(session, visitor, "recovery_code_used", _subject(account), now, None)
    return _admit(session, visitor, account, now, lasts, step.method, proof)


def begin_at_provider(
    session: Session, state: str, sealed: str, *, now: datetime, lasts: timedelta, address: str
) -> None:
    """The browser leaves for the identity provider; `sealed` is what is needed when it comes back with `state`."""
    step = SignInStep(
        token_sha256=hash_of_token(state),
        kind="oidc",
        sealed=sealed,
        address=address[:60],
        created_at=now,
        expires_at=now + lasts,
    )
    session.add(step)


def come_back(session: Session, state: str, *, now: datetime) -> str | None:
    """What was sealed when the browser left with `state`, once and in time; None otherwise."""
    fresh = (col(SignInStep.used_at).is_(None), col(SignInStep.expires_at) > now, col(SignInStep.kind) == "oidc")
    taken = update(SignInStep).where(col(SignInStep.token_sha256) == hash_of_token(state), *fresh)
    if session.connection().execute(taken.values(used_at=now)).rowcount != 1:
        return None
    return session.exec(select(SignInStep.sealed).where(col(SignInStep.token_sha256) == hash_of_token(state))).one()


def unknown_sign_in(session: Session, *, now: datetime, address: str, why: str | None = None) -> None:
    """Note a sign-in with a name we do not have, or one that was not looked at (`why`).

    The name is not kept: people type passwords there.
    """
    visitor = Viewer(name="?", role=Role.MEMBER, address=address)
    note(session, visitor, "sign_in_refused" if why else "sign_in_failed", "account:?", now, why and {"why": why})
    if not why:
        count_address(session, network_of(address), now=now)


def sign_out(session: Session, me: SignedIn, *, now: datetime) -> str | None:
    """End this browser's sign-in, in all its tabs; by what it had come (`method` of the sign-in)."""
    row = session.get_one(SignIn, me.sign_in_id)
    row.revoked_at = row.revoked_at or now
    note(session, me.viewer, "signed_out", f"account:{me.viewer.name}", now, None)
    return row.method


def end_own_sign_ins(session: Session, me: SignedIn, sign_in_id: int | None = None, *, now: datetime) -> int:
    """End one sign-in of this person, or all but the present one; how many."""
    account = session.get_one(Account, me.viewer.account_id)
    ended = revoke(session, account, now, only=sign_in_id, but=None if sign_in_id else me.sign_in_id)
    note(session, me.viewer, "sign_ins_ended", _subject(account), now, {"sign_ins_ended": ended})
    return ended


def touch(session: Session, sign_in_id: int, *, now: datetime) -> None:
    """Remember that this browser was active; asked at most once a minute (see TOUCH_EVERY), so it is cheap."""
    seen = update(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.last_seen_at) < now)
    session.execute(seen.values(last_seen_at=now))


def count_address(session: Session, address: str, *, now: datetime) -> None:
    """One more failure of an address: beyond the limit it has to wait, each time longer.

    Called after the audit row is written, whose lock keeps two from writing the first failure at once.
    """
    row = session.get(AddressFailure, address, with_for_update=True)
    if row is None:
        row = AddressFailure(address=address, last_at=now)
        session.add(row)
    rested = now - max(row.last_at, row.waits_until or row.last_at) >= FORGET_AFTER
    row.failures = 1 if rested else row.failures + 1
    row.last_at = now
    wait = wait_of(row.failures, limit=settings().address_failures)
    row.waits_until = now + wait if wait else None


def forgive_address(session: Session, address: str) -> None:
    """Somebody came in from there: the count starts afresh."""
    if row := session.get(AddressFailure, address):
        session.delete(row)


def unlock(account: Account) -> None:
    """Failures are forgotten."""
    account.failures, account.locked_until = 0, None


def revoke(
    session: Session, account: Account | None, now: datetime, *, but: int | None = None, only: int | None = None
) -> int:
    """End the open sign-ins of `account` (None: of all), except the row `but`, or the row `only`; how many."""
    asked = select(SignIn).where(col(SignIn.revoked_at).is_(None), col(SignIn.expires_at) > now)
    steps = update(SignInStep).where(col(SignInStep.used_at).is_(None))
    if account is not None:
        asked = asked.where(col(SignIn.account_id) == account.id)
        steps = steps.where(col(SignInStep.account_id) == account.id)
    if only is None:
        session.execute(steps.values(used_at=now))
    rows = [row for row in session.exec(asked) if row.id != but and only in (None, row.id)]
    for row in rows:
        row.revoked_at = now
    return len(rows)


def note(session: Session, viewer: Viewer, action: str, subject: str, now: datetime, after: object) -> None:
    """An audit row for something that changes no figure: the caches of figures stay valid."""
    changed = session.info.get("changed", False)
    record(session, viewer, action, subject, now=now, after=after)
    session.info["changed"] = changed


def _half_way(session: Session, visitor: Viewer, account: Account, method: str | None, now: datetime) -> Entry:
    """The password was right; the code is still to come. Failures are not forgotten before it did."""
    token = secrets.token_urlsafe(32)
    step = SignInStep(
        token_sha256=hash_of_token(token),
        kind="code",
        account_id=account.id,
        method=method,
        address=visitor.address[:60],
        created_at=now,
        expires_at=now + STEP_LASTS,
    )
    session.add(step)
    note(session, visitor, "first_factor_accepted", _subject(account), now, {"by": method or "password"})
    return Entry(token, needs_code=True)


def _admit(
    session: Session,
    visitor: Viewer,
    account: Account,
    now: datetime,
    lasts: timedelta,
    method: str | None,
    proof: Proof | None,
) -> Entry:
    unlock(account)
    account.last_sign_in_at = now
    token = secrets.token_urlsafe(32)
    row = SignIn(
        token_sha256=hash_of_token(token),
        account_id=account.id or 0,
        address=visitor.address[:60],
        created_at=now,
        last_seen_at=now,
        expires_at=now + lasts,
        method=method,
    )
    session.add(row)
    by = [BY_PROVIDER if method == BY_PROVIDER else "password", *([proof.value] if proof else [])]
    note(session, visitor, "signed_in", _subject(account), now, {"by": by})
    forgive_address(session, network_of(visitor.address))
    return Entry(token)


def _refuse(session: Session, visitor: Viewer, account: Account, why: str, now: datetime) -> None:
    note(session, visitor, "sign_in_refused", _subject(account), now, {"why": why})
    count_address(session, network_of(visitor.address), now=now)


def _fail(session: Session, visitor: Viewer, account: Account, action: str, now: datetime) -> None:
    account.failures += 1
    lock = lock_of(account.failures)
    account.locked_until = now + lock if lock else account.locked_until
    note(session, visitor, action, _subject(account), now, {"failures": account.failures})
    if lock:
        note(session, visitor, "account_locked", _subject(account), now, {"until": account.locked_until})
    count_address(session, network_of(visitor.address), now=now)


def _visitor(account: Account, address: str) -> Viewer:
    return Viewer(name=account.login, role=account.role, account_id=account.id, address=address)


def _subject(account: Account) -> str:
    return f"account:{account.login}"
