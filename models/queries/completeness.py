"""How complete the records of a file are, by the one table of required fields."""

from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from models.queries.effect import file_facts
from models.queries.facts import known
from models.queries.workbook import DETAIL_FIELDS
from models.rules.access import Viewer
from models.rules.required import LABELS, Score, missing_of_event, missing_of_file, required_of_event, required_of_file
from models.rules.stages import course_of
from models.rules.words import Words
from models.tables import CaseDetail, CaseEvent


class Missing(NamedTuple):
    """A required field that is blank: of which event (0: of the description of the file), and its name."""

    event_id: int
    field: str
    label: Words


class Completeness(NamedTuple):
    """The score of a file, and what it lacks: the description first, then the events, oldest first."""

    score: Score
    missing: tuple[Missing, ...]


def completeness(session: Session, viewer: Viewer, code: str, *, today: date) -> Completeness:
    """How complete file `code` is on `today`. Raises CaseNotFound."""
    facts = file_facts(session, viewer, code, today=today)
    stage = course_of(facts, today).stage
    detail = session.exec(select(CaseDetail).where(CaseDetail.case_id == facts.case_id, known(CaseDetail, None))).one()
    described = {name: getattr(detail, name) for name in DETAIL_FIELDS}
    missing = [Missing(0, name, LABELS[name]) for name in missing_of_file(described, stage)]
    needed = len(required_of_file(stage))
    for event in _events(session, facts.case_id, today):
        needed += len(required_of_event(event.kind))
        missing += [Missing(event.id or 0, name, LABELS[name]) for name in missing_of_event(_Seen(event))]
    return Completeness(Score(needed - len(missing), needed), tuple(missing))


class _Seen:
    """An event with its fields by the names of a form: the accused is named or not."""

    def __init__(self, event: CaseEvent) -> None:
        self.kind, self.document, self.body, self.length = event.kind, event.document, event.body, event.length
        self.amount_vnd, self.detail, self.accused = event.amount_vnd, event.detail, event.accused_id


def _events(session: Session, case_id: int, today: date) -> list[CaseEvent]:
    asked = select(CaseEvent).where(
        CaseEvent.case_id == case_id, known(CaseEvent, None), CaseEvent.happened_on <= today
    )
    return list(session.exec(asked.order_by(col(CaseEvent.happened_on), col(CaseEvent.id))))
