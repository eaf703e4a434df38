"""The daily look at the calendar: which years are needed within 90 days and not entered. It changes nothing."""

from datetime import date, datetime

from jobs.ledger import Result
from models.db import Session
from models.queries.reference import missing_years
from models.rules.access import Viewer


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> list[int]:
    """The missing years."""
    return missing_years(session, today=today)


def write(session: Session, viewer: Viewer, plan: list[int], today: date, now: datetime) -> Result:
    """`{missing: [year, …]}`; the overview says the same in a sentence until the year is there."""
    return Result({"missing": plan})
