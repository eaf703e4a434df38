"""Does the audit chain hold? Every row's hash covers its content and the row before it."""

from contextlib import closing

from sqlmodel import Session, col, select

from models.changes._audit import GENESIS, hash_of
from models.tables import AuditEntry


def first_bad(session: Session) -> int | None:
    """The number of the first row that is altered, missing or out of order; None if the chain holds."""
    before = GENESIS
    asked = select(AuditEntry).order_by(col(AuditEntry.id)).execution_options(yield_per=1000)
    with closing(session.exec(asked)) as rows:
        for number, entry in enumerate(rows, start=1):
            if entry.id != number or entry.previous_hash != before or entry.hash != hash_of(entry):
                return number
            before = entry.hash
            session.expunge(entry)
    return None
