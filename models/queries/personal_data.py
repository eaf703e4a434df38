"""Everything that is kept about one official, to be handed to that person."""

from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.errors import Forbidden
from models.queries.people import account_named
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import Agency, AuditEntry, OutboxMail, Person, SignIn


def data_of(session: Session, viewer: Viewer, login: str) -> dict[str, Any]:
    """What is kept about the person behind an account, as JSON values. Raises Forbidden, NotFound.

    Of what the person did, the number of audit rows: they are about files, and stay with them.
    """
    account = account_named(session, login)
    if not may(viewer, Action.MANAGE_PEOPLE) and viewer.account_id != account.id:
        raise Forbidden(words("Only administrators manage accounts."))
    person = session.get_one(Person, account.person_id)
    agency = session.get(Agency, person.agency_id) if person.agency_id else None
    sign_ins = session.exec(select(SignIn).where(col(SignIn.account_id) == account.id).order_by(col(SignIn.id)))
    done = select(func.count()).select_from(AuditEntry).where(col(AuditEntry.account_id) == account.id)
    mails = select(OutboxMail).where(col(OutboxMail.recipient) == person.email).order_by(col(OutboxMail.id))
    return {
        "login": account.login,
        "display_name": person.display_name,
        "function": person.function,
        "email": person.email,
        "language": person.language,
        "agency": agency.code if agency else "",
        "role": account.role.value,
        "created_at": account.created_at.isoformat(),
        "disabled_at": account.disabled_at.isoformat() if account.disabled_at else None,
        "sign_ins": [{"at": row.created_at.isoformat(), "address": row.address} for row in sign_ins],
        "mails": [{"at": row.created_at.isoformat(), "subject": row.subject} for row in session.exec(mails)]
        if person.email
        else [],
        "audit_rows": session.exec(done).one(),
    }
