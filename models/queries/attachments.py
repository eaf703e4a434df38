"""The documents of a file."""

from datetime import date, datetime
from typing import NamedTuple

from sqlmodel import Session, col, select

from models.enums import Secrecy
from models.errors import NotFound
from models.queries._visible import sees, sees_document
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import Account, Attachment, Case, Person


class DocumentRow(NamedTuple):
    """One document; `size` in bytes, 0 when only its metadata is known here."""

    id: int
    number: str
    dated_on: date | None
    title: str
    body: str
    secrecy: Secrecy
    holder: str
    file_name: str
    size: int
    recorded_at: datetime
    recorded_by: str


def documents(session: Session, viewer: Viewer, code: str) -> list[DocumentRow]:
    """The documents of the file, newest first; none of a file that the viewer may not see."""
    asked = (
        select(Attachment, Person.display_name)
        .join(Case, col(Case.id) == Attachment.case_id)
        .outerjoin(Account, col(Account.id) == col(Attachment.recorded_by))
        .outerjoin(Person, col(Person.id) == col(Account.person_id))
        .where(Case.code == code, sees(viewer), sees_document(viewer), col(Attachment.retracted_at).is_(None))
        .order_by(col(Attachment.dated_on).desc().nulls_last(), col(Attachment.id).desc())
    )
    return [
        DocumentRow(
            row.id or 0, row.number, row.dated_on, row.title, row.body, row.secrecy, row.holder, row.file_name,
            row.size, row.recorded_at, name or "",
        )
        for row, name in session.exec(asked)
    ]  # fmt: skip


def attachment(session: Session, viewer: Viewer, attachment_id: int) -> tuple[Attachment, str]:
    """The document with this id and the code of its file. Raises NotFound for one the viewer may not see, too."""
    asked = (
        select(Attachment, Case.code)
        .join(Case, col(Case.id) == Attachment.case_id)
        .where(Attachment.id == attachment_id, sees(viewer), sees_document(viewer))
        .where(col(Attachment.retracted_at).is_(None))
    )
    found = session.exec(asked.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(words("There is no such document."))
    return found
