"""Which body had a file, from when to when, and how it left: the rows behind "carried + new = done + remaining".

Every holding that began is either still there or left in exactly one way, so the balance holds by construction.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from models.enums import AgencyKind, EventKind, Stage
from models.rules.facts import CaseFacts
from models.rules.stages import Course

HOLDERS = {
    Stage.INVESTIGATION: AgencyKind.POLICE,
    Stage.PROSECUTION: AgencyKind.PROCURACY,
    Stage.TRIAL_PREP: AgencyKind.COURT,
    Stage.FIRST_INSTANCE: AgencyKind.COURT,
    Stage.APPEAL: AgencyKind.COURT,
}


class Left(StrEnum):
    """How a file left a body."""

    DONE = "done"  # concluded, decided, judged, returned, or released from supervision
    TERMINATED = "terminated"
    SUSPENDED = "suspended"
    MERGED = "merged"  # held from then on as a part of the file that goes on


class Holding(NamedTuple):
    """One stay of a file with one body; `left_on` None: still there."""

    holder: AgencyKind
    entered_on: date
    left_on: date | None = None
    how: Left | None = None


def holdings(facts: CaseFacts, until: date) -> list[Holding]:
    """Every stay of the file with police (investigation), procuracy (prosecution) or court, up to `until`."""
    course = Course()
    stays: list[Holding] = []
    if facts.goes_on_in:
        return stays  # the case that the incident became is the one that is held
    for event in facts.events:
        if event.on > until:
            continue
        course.take(event)
        current = stays[-1] if stays and stays[-1].left_on is None else None
        if course.joined:
            if current:
                stays[-1] = current._replace(left_on=event.on, how=Left.MERGED)
            return stays
        holder = _holder(course)
        if current and holder is not current.holder:
            stays[-1] = current._replace(left_on=max(event.on, current.entered_on), how=_how(course))
            current = None
        if holder and current is None:
            stays.append(Holding(holder, event.on))
    return stays


def _holder(course: Course) -> AgencyKind | None:
    if course.case_end or course.paused or course.judged or course.released:
        return None
    return HOLDERS.get(course.stage)


def _how(course: Course) -> Left:
    if course.case_end and course.case_end.kind in (EventKind.TERMINATED, EventKind.NOT_INITIATED):
        return Left.TERMINATED
    return Left.SUSPENDED if course.paused else Left.DONE
