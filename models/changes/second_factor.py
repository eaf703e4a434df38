"""Setting up, replacing and taking away the second factor of an account. Each leaves one audit row."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Session, col

from models.changes._audit import record
from models.changes._second_factor import Proof, about, prove
from models.changes.sign_in import count_address, note, revoke, unlock
from models.errors import Forbidden
from models.queries.people import SignedIn, account_named
from models.rules.access import Action, Viewer, may
from models.rules.accounts import needs_second_factor, network_of
from models.rules.words import Refusal, words
from models.sealing import CannotUnseal, seal, unseal
from models.second_factor import hash_of_recovery_code, matching_step, new_recovery_codes, new_secret
from models.settings import settings
from models.tables import Account, RecoveryCode, SecondFactor

OFFER_LASTS = timedelta(minutes=30)


def offer_secret(session: Session, me: SignedIn, *, now: datetime) -> str:
    """The secret for this person's app, not yet in force; the same one while the page stays open or is read again."""
    account_id = me.viewer.account_id or 0
    factor = session.get(SecondFactor, account_id) or SecondFactor(account_id=account_id)
    if factor.next_at is not None and now - factor.next_at < OFFER_LASTS:
        try:
            return unseal(factor.next_secret, about=about(account_id))
        except CannotUnseal:
            pass  # the key was replaced meanwhile: another secret is offered
    secret = new_secret()
    factor.next_secret, factor.next_at = seal(secret, about=about(account_id)), now
    session.add(factor)
    note(session, me.viewer, "second_factor_offered", _subject(me.viewer.name), now, None)
    return secret


def show_second_factor(session: Session, me: SignedIn, code: str, *, now: datetime) -> Proof | None:
    """Whether the present app, or a recovery code, is at hand before anything about it is changed; each counts once.

    A code that does not fit counts against the address, like a wrong present password.
    """
    account = session.get_one(Account, me.viewer.account_id, with_for_update=True)
    proof = prove(session, account.id or 0, code, now=now)
    if proof is None:
        note(session, me.viewer, "second_factor_failed", _subject(me.viewer.name), now, {"while": "changing it"})
        count_address(session, network_of(me.viewer.address), now=now)
    elif proof is Proof.RECOVERY_CODE:
        note(session, me.viewer, "recovery_code_used", _subject(me.viewer.name), now, None)
    return proof


def confirm_secret(session: Session, me: SignedIn, code: str, *, now: datetime) -> list[str] | None:
    """Put the offered secret in force if its first code fits: the new recovery codes, to be shown once; else None.

    Other browsers of this person are signed out. Raises Refusal if nothing is on offer any more.
    """
    account_id = me.viewer.account_id or 0
    factor = session.get(SecondFactor, account_id, with_for_update=True)
    if factor is None or factor.next_at is None or now - factor.next_at >= OFFER_LASTS:
        raise Refusal(words("This page had been open for too long. Please begin again."))
    secret = unseal(factor.next_secret, about=about(account_id))
    step = matching_step(secret, code, now=now, after=0)
    if step is None:
        note(session, me.viewer, "second_factor_failed", _subject(me.viewer.name), now, {"while": "setting up"})
        return None
    action = "second_factor_set_up" if factor.confirmed_at is None else "second_factor_replaced"
    factor.secret, factor.confirmed_at, factor.last_step = seal(secret, about=about(account_id)), now, step
    factor.next_secret, factor.next_at = "", None
    codes = _new_codes(session, account_id, now)
    ended = revoke(session, session.get_one(Account, account_id), now, but=me.sign_in_id)
    record(session, me.viewer, action, _subject(me.viewer.name), now=now, after={"sign_ins_ended": ended})
    return codes


def renew_recovery_codes(session: Session, me: SignedIn, *, now: datetime) -> list[str]:
    """Ten new recovery codes, to be shown once; the old ones are worth nothing any more. Raises Refusal."""
    account_id = me.viewer.account_id or 0
    factor = session.get(SecondFactor, account_id)
    if factor is None or factor.confirmed_at is None:
        raise Refusal(words("There is no second factor to recover."))
    codes = _new_codes(session, account_id, now)
    record(session, me.viewer, "recovery_codes_renewed", _subject(me.viewer.name), now=now)
    return codes


def remove_second_factor(session: Session, me: SignedIn, *, now: datetime) -> None:
    """Sign in with the password alone from now on; not for administrators. Raises Refusal."""
    if needs_second_factor(me.viewer.role, of=settings().second_factor):
        raise Refusal(words("This account signs in with a second factor only."))
    account = session.get_one(Account, me.viewer.account_id)
    if _forget(session, account.id or 0):
        after = {"sign_ins_ended": revoke(session, account, now, but=me.sign_in_id)}
        record(session, me.viewer, "second_factor_removed", _subject(me.viewer.name), now=now, after=after)


def reset_second_factor(session: Session, viewer: Viewer, name: str, *, now: datetime) -> None:
    """For somebody who lost telephone and recovery codes: both are forgotten, the account is signed out everywhere.

    Raises Forbidden, NotFound.
    """
    if not may(viewer, Action.MANAGE_PEOPLE):
        raise Forbidden(words("Only administrators manage accounts."))
    account = account_named(session, name)
    if not _forget(session, account.id or 0):
        return
    unlock(account)
    ended = revoke(session, account, now)
    after = {"sign_ins_ended": ended}
    record(session, viewer, "second_factor_reset", _subject(account.login), now=now, after=after)


def _new_codes(session: Session, account_id: int, now: datetime) -> list[str]:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = new_recovery_codes()
    session.add_all(
        RecoveryCode(account_id=account_id, code_sha256=hash_of_recovery_code(code), created_at=now) for code in codes
    )
    return codes


def _forget(session: Session, account_id: int) -> bool:
    session.execute(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    factor = session.get(SecondFactor, account_id)
    if factor is None:
        return False
    had = factor.confirmed_at is not None
    session.delete(factor)
    return had


def _subject(login: str) -> str:
    return f"account:{login}"
