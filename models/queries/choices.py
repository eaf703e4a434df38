"""What a form offers to choose from: agencies that exist, officials who follow files."""

from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, or_, select

from models.rules.access import Action, Viewer, may
from models.tables import Agency, Person


class Choice(NamedTuple):
    """One row to choose, by its id; `name_en` is the same as `name` where there is no other."""

    id: int
    name: str
    name_en: str


def agencies(session: Session, viewer: Viewer, *, today: date) -> list[Choice]:
    """Agencies that exist on `today`, by name; none for who may not read files."""
    if not may(viewer, Action.READ_FILES):
        return []
    asked = (
        select(Agency.id, Agency.name_vi, Agency.name_en)
        .where(or_(col(Agency.valid_from).is_(None), col(Agency.valid_from) <= today))
        .where(or_(col(Agency.valid_to).is_(None), col(Agency.valid_to) >= today))
        .order_by(Agency.name_vi)
    )
    return [Choice(id or 0, vi, en or vi) for id, vi, en in session.exec(asked)]


def officials(session: Session, viewer: Viewer, *, today: date) -> list[Choice]:
    """Officials in function on `today`, by name and function; none for who may not read files."""
    if not may(viewer, Action.READ_FILES):
        return []
    asked = (
        select(Person.id, Person.display_name, Person.function)
        .where(or_(col(Person.valid_to).is_(None), col(Person.valid_to) >= today))
        .order_by(Person.display_name)
    )
    told = (
        (id or 0, f"{name} · {function}" if function not in ("", name) else name)
        for id, name, function in session.exec(asked)
    )
    return [Choice(id, said, said) for id, said in told]
