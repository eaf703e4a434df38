"""The review of accounts and rights: unused accounts are shut by rule, and an administrator signs for the rest."""

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from models.changes._audit import canonical, record
from models.changes.sign_in import revoke
from models.queries.people import IDLE, account_rows
from models.queries.sign_in import Dormant, dormant_accounts
from models.rules.access import Viewer
from models.settings import settings
from models.tables import Account, AccountReview, AddressFailure, SignInStep
from models.text import clean

KEPT = timedelta(days=1)  # what is left of sign-ins that came to nothing


def sign_review(session: Session, viewer: Viewer, *, now: datetime, note: str = "") -> AccountReview:
    """Every account and its rights were looked at, as they are now. Raises Forbidden."""
    rows = account_rows(session, viewer, now=now)
    listed = [
        {"login": row.login, "role": row.role, "agency": row.agency, "disabled": row.disabled_at is not None}
        for row in rows
    ]
    review = AccountReview(
        signed_at=now,
        signed_by=viewer.account_id,
        accounts=len(listed),
        list_sha256=hashlib.sha256(canonical(listed).encode()).hexdigest(),
        note=clean(note)[:500],
    )
    session.add(review)
    record(session, viewer, "accounts_reviewed", "account:*", now=now, after={"accounts": listed, "note": review.note})
    return review


def disable_dormant(session: Session, viewer: Viewer, *, today: date, now: datetime) -> list[Dormant]:
    """Shut what was not used for so many days, and sign it out; every idle account, the kept one too. Raises Forbidden.

    Twice a day is once. An administrator opens an account again, and its days are counted anew.
    """
    found = dormant_accounts(session, viewer, today=today)
    for idle in found:
        if not idle.is_kept:
            _shut(session, viewer, idle, now)
    for old in (
        delete(SignInStep).where(col(SignInStep.expires_at) < now - KEPT),
        delete(AddressFailure).where(col(AddressFailure.last_at) < now - KEPT),
    ):
        session.execute(old)
    return found


def _shut(session: Session, viewer: Viewer, idle: Dormant, now: datetime) -> None:
    account = session.get_one(Account, idle.account_id, with_for_update=True)
    account.disabled_at, account.disabled_because = now, IDLE
    after: dict[str, Any] = {
        "why": IDLE,
        "used_on": idle.used_on,
        "due_on": idle.used_on + timedelta(days=settings().dormant_days),
        "sign_ins_ended": revoke(session, account, now),
    }
    record(session, viewer, "account_disabled", f"account:{account.login}", now=now, after=after)
