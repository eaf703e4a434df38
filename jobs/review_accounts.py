"""The daily review of accounts: what was not used for 45 days is disabled; the last administrator never.

What is kept of people and has outlived its purpose is taken out in the same run.
"""

from datetime import date, datetime

from jobs.ledger import Result
from models.changes.account_review import disable_dormant
from models.changes.personal_data import remove_old
from models.db import Session
from models.queries.sign_in import Dormant, dormant_accounts
from models.rules.access import Viewer


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> list[Dormant]:
    """The accounts used too long ago."""
    return dormant_accounts(session, viewer, today=today)


def write(session: Session, viewer: Viewer, plan: list[Dormant], today: date, now: datetime) -> Result:
    """`{disabled: [name, …], kept: [name, …]}`; it is asked again: who signed in since the reading is left alone.

    `removed: {sign_ins, drafts, mails}` if anything was old enough.
    """
    removed = remove_old(session, viewer, now=now)
    found = disable_dormant(session, viewer, today=today, now=now) if plan else []
    return Result(
        {
            "disabled": [idle.login for idle in found if not idle.is_kept],
            "kept": [idle.login for idle in found if idle.is_kept],
            **({"removed": removed} if any(removed.values()) else {}),
        }
    )
