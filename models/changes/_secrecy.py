"""The one gate before facts about a file with a level of secrecy: asked for every fact that is about to be stored."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, col, select

from models.enums import Secrecy
from models.errors import FieldErrors
from models.rules.secrecy import faults
from models.tables import FileSecrecy


def level_of_file(session: Session, case_id: int | None) -> Secrecy:
    """The level that the file has now."""
    asked = select(FileSecrecy.level).where(FileSecrecy.case_id == case_id, col(FileSecrecy.retracted_at).is_(None))
    found = session.exec(asked).first() if case_id is not None else None
    return Secrecy(found) if found else Secrecy.NONE


def refuse_words(
    session: Session, case_id: int | None, kind: str, values: Mapping[str, Any], *, whole: str = ""
) -> None:
    """Raises FieldErrors if a file with a level would get words or content; `whole`: the field that names the file."""
    found = faults(level_of_file(session, case_id), kind, values)
    if found:
        raise FieldErrors({name or whole: said for name, said in found.items()})
