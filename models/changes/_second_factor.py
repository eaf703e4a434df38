"""Whether a code proves that somebody holds the second factor of an account; each proof counts once."""

import logging
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from models import second_factor
from models.sealing import CannotUnseal, unseal
from models.tables import RecoveryCode, SecondFactor

log = logging.getLogger(__name__)


class Proof(StrEnum):
    """By what somebody was recognised after the password."""

    TOTP = "totp"
    RECOVERY_CODE = "recovery_code"


def about(account_id: int) -> str:
    """To whom a sealed secret belongs: it opens for nobody else."""
    return f"account:{account_id}"


def prove(session: Session, account_id: int, code: str, *, now: datetime) -> Proof | None:
    """What `code` is, now used up; None if it proves nothing. The caller holds the account's row."""
    if second_factor.looks_like_recovery_code(code):
        return _spend(session, account_id, code, now)
    factor = session.get(SecondFactor, account_id, with_for_update=True)
    if factor is None or factor.confirmed_at is None:
        return None
    try:
        secret = unseal(factor.secret, about=about(account_id))
    except CannotUnseal as error:
        log.error("The second factor of account %d cannot be read: %s", account_id, error)
        return None
    step = second_factor.matching_step(secret, code, now=now, after=factor.last_step)
    if step is None:
        return None
    factor.last_step = step
    return Proof.TOTP


def _spend(session: Session, account_id: int, code: str, now: datetime) -> Proof | None:
    hashed = second_factor.hash_of_recovery_code(code)
    asked = select(RecoveryCode).where(col(RecoveryCode.account_id) == account_id)
    row = session.exec(
        asked.where(col(RecoveryCode.code_sha256) == hashed, col(RecoveryCode.used_at).is_(None))
    ).first()
    if row is None:
        return None
    row.used_at = now
    return Proof.RECOVERY_CODE
