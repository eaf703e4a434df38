"""Difficulties of a file and proposals made because of them, until they are settled."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.enums import DifficultyKind
from models.rules.access import Viewer
from models.tables.difficulty import Difficulty


@dataclass(frozen=True)
class DifficultyEntry:
    """One difficulty or proposal as a form gives it. `addressed_to`: the agency that is to answer, as written."""

    kind: DifficultyKind
    text: str
    raised_on: date
    raised_by: str = ""
    addressed_to: str = ""
    addressed_to_id: int | None = None
    answer: str = ""
    settled_on: date | None = None


def record_difficulty(
    session: Session, viewer: Viewer, code: str, entry: DifficultyEntry, *, revision: int, now: datetime, today: date
) -> Difficulty:
    """A new difficulty of the file. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors (""
    for one known already)."""
    raise NotImplementedError


def replace_difficulty(
    session: Session,
    viewer: Viewer,
    difficulty_id: int,
    entry: DifficultyEntry,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> Difficulty:
    """A corrected or answered difficulty in place of the one with this id.

    Raises Forbidden, NotFound, StaleCase, FieldErrors.
    """
    raise NotImplementedError


def settle_difficulty(
    session: Session,
    viewer: Viewer,
    difficulty_id: int,
    *,
    answer: str,
    settled_on: date,
    revision: int,
    now: datetime,
    today: date,
) -> Difficulty:
    """The difficulty with its answer, settled on this day. Raises as `replace_difficulty`."""
    raise NotImplementedError


def retract_difficulty(
    session: Session,
    viewer: Viewer,
    difficulty_id: int,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """The difficulty was recorded by mistake. Raises as `replace_difficulty`."""
    raise NotImplementedError
