"""The accused of a file, by pseudonymous code: a name must not get in."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.enums import AccusedStatus
from models.rules.access import Viewer
from models.tables import Accused


@dataclass(frozen=True)
class AccusedEntry:
    """One accused as a form gives it. `code`: letters and a number, BC-01; `official_level`: level of office."""

    code: str
    status: AccusedStatus
    status_on: date
    official_level: str = ""
    article: str = ""
    paragraph: str = ""


def next_accused(session: Session, viewer: Viewer, code: str) -> str:
    """The code that the next accused of the file gets: BC-03."""
    raise NotImplementedError


def add_accused(
    session: Session, viewer: Viewer, code: str, entry: AccusedEntry, *, revision: int, now: datetime, today: date
) -> Accused:
    """A new accused of file `code`. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors."""
    raise NotImplementedError


def correct_accused(
    session: Session,
    viewer: Viewer,
    code: str,
    accused: str,
    entry: AccusedEntry,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> Accused:
    """A new version of the accused with code `accused` of file `code`. Raises as `add_accused`, and NotFound."""
    raise NotImplementedError


def retract_accused(
    session: Session,
    viewer: Viewer,
    code: str,
    accused: str,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """The accused was recorded by mistake. Raises as `correct_accused`; FieldErrors "" while events name them."""
    raise NotImplementedError
