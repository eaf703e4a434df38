"""Personal data of officials: taken out when they have left, and by age when its purpose has ended.

The chain of audit rows keeps the sign-in name, under which everything was done, and is never changed: so a sign-in name
is a function, not a person's name (docs/personal-data.md).
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlmodel import Session, col

from models.base import Base
from models.changes._audit import record
from models.changes._fields import reason_given
from models.errors import Forbidden
from models.queries.people import account_named
from models.rules.access import Action, Viewer, may
from models.rules.words import Refusal, words
from models.settings import settings
from models.tables import FormDraft, OutboxMail, Person, Reminder, SignIn

NO_PASSWORD = "!"  # a hash that no password has
KEPT_BY_ACCOUNT = ("sign_in", "second_factor", "recovery_code", "sign_in_step", "password_history", "form_draft")


def erase_person(session: Session, viewer: Viewer, login: str, *, reason: str, now: datetime) -> None:
    """Take out everything that says who stood behind a disabled account; the account stays, as a number and a function.

    Raises Forbidden, NotFound, FieldErrors, and Refusal for an account that is still open.
    """
    if not may(viewer, Action.MANAGE_PEOPLE):
        raise Forbidden(words("Only administrators manage accounts."))
    account = account_named(session, login)
    why = reason_given(reason)
    if account.disabled_at is None:
        raise Refusal(words("Disable the account first: its person has left when nobody can sign in with it."))
    person = session.get_one(Person, account.person_id)
    _erase_mails(session, person.email, f"erased-{person.id}")
    person.display_name, person.function, person.email = f"Cán bộ #{person.id}", "", ""
    account.password_hash, account.last_sign_in_at = NO_PASSWORD, None
    for name in KEPT_BY_ACCOUNT:
        table = Base.metadata.tables.get(name)
        if table is not None:
            session.connection().execute(delete(table).where(table.c.account_id == account.id))
    session.add_all([person, account])
    session.flush()
    record(session, viewer, "personal_data_erased", f"account:{account.login}", now=now, after={"reason": why})


def remove_old(session: Session, viewer: Viewer, *, now: datetime) -> dict[str, int]:
    """Take out what has outlived its purpose: how many sign-ins, drafts, and texts of mails that were sent.

    Twice is once. Raises Forbidden.
    """
    if not may(viewer, Action.MANAGE_PEOPLE):
        raise Forbidden(words("Only administrators manage accounts."))
    signed_in = now - timedelta(days=settings().sign_in_days)
    drafted = now - timedelta(days=settings().draft_days)
    mailed = now - timedelta(days=settings().mail_days)
    run = session.connection().execute
    did = {
        "sign_ins": run(delete(SignIn).where(col(SignIn.expires_at) < signed_in)).rowcount,
        "drafts": run(delete(FormDraft).where(col(FormDraft.saved_at) < drafted)).rowcount,
        "mails": run(
            update(OutboxMail).where(col(OutboxMail.sent_at) < mailed, col(OutboxMail.body) != "").values(body="")
        ).rowcount,
    }
    if any(did.values()):
        changed = session.info.get("changed", False)
        record(session, viewer, "old_data_removed", "accounts", now=now, after=did)
        session.info["changed"] = changed  # no figure depends on it
    return did


def _erase_mails(session: Session, email: str, pseudonym: str) -> None:
    """Reminders and mails stay as proof that somebody was reminded; to whom, is erased."""
    if not email:
        return
    run = session.connection().execute
    run(update(Reminder).where(col(Reminder.recipient) == email).values(recipient=pseudonym))
    gone = {"recipient": pseudonym, "body": "", "last_error": ""}
    run(update(OutboxMail).where(col(OutboxMail.recipient) == email).values(**gone))
