"""Does the audit chain hold? Every row's hash covers its content and the row before it."""

from sqlmodel import Session

from models.queries.audit import Found, verify_chain


def first_bad(session: Session) -> int | None:
    """The number of the first row that is altered, missing or out of order; None if the chain holds."""
    found = Found()
    verify_chain(session.connection(), found)
    return found.first_bad
