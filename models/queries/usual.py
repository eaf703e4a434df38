"""What an entry about a file mostly says, with the names that the rules do not know."""

from datetime import date

from sqlmodel import Session, col, or_, select

from models.enums import AgencyKind, AgencyLevel, EventKind
from models.queries.effect import file_facts
from models.queries.judged import reader
from models.rules.access import Viewer
from models.rules.entry import EventEntry, defaults, issued_by
from models.rules.facts import CaseFacts
from models.tables import Agency


def usual_entry(session: Session, viewer: Viewer, code: str, kind: EventKind, *, today: date) -> EventEntry:
    """The entry that a form shows first for an event of this kind. Raises CaseNotFound."""
    facts = file_facts(session, viewer, code, today=today)
    usual = defaults(kind, facts, reader(session), today)
    return EventEntry(**{**vars(usual), "body": _body(session, facts, kind, today)})


def _body(session: Session, facts: CaseFacts, kind: EventKind, today: date) -> str:
    """The body that issued the last such paper of this file, else the province's agency of that kind; else blank."""
    wanted = issued_by(kind, facts, today)
    for event in reversed(facts.events):
        if event.body and (event.kind == kind or issued_by(EventKind(event.kind), facts, event.on) is wanted):
            return event.body
    return _provincial(session, wanted, today)


def _provincial(session: Session, kind: AgencyKind, today: date) -> str:
    asked = select(Agency.name_vi).where(
        Agency.kind == kind, Agency.level == AgencyLevel.PROVINCE,
        or_(col(Agency.valid_from).is_(None), col(Agency.valid_from) <= today),
        or_(col(Agency.valid_to).is_(None), col(Agency.valid_to) >= today),
    )  # fmt: skip
    names = session.exec(asked.limit(2)).all()
    return names[0] if len(names) == 1 else ""
