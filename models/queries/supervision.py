"""Proposals to place files under supervision or to end it, and what is still open in a file."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select

from models.base import Base
from models.enums import (
    EventKind,
    Quantity,
    SessionKind,
    SupervisionGround,
    SupervisionOutcome,
    SupervisionStep,
)
from models.queries._visible import sees
from models.queries.money import money_by_file
from models.rules.access import Action, Viewer, may
from models.rules.closing import Closing
from models.rules.stages import CASE_ENDS
from models.rules.words import Words, decode
from models.tables import (
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    CoordinationRequest,
    Difficulty,
    Flag,
    SupervisionProposal,
    Task,
)

STEPS = (EventKind.PLACED_UNDER_SUPERVISION, EventKind.SUPERVISION_ENDED)


class ProposalRow(NamedTuple):
    """A proposal as it stands now. `session`: kind, number and term of the session that decided, if one did."""

    id: int
    case_code: str
    title: str
    step: SupervisionStep
    ground: SupervisionGround
    reason: str
    proposed_on: date
    proposed_by: str
    document: str
    report: str
    outcome: SupervisionOutcome | None
    decided_on: date | None
    session: tuple[SessionKind, int, str] | None
    decision: str
    note: str
    open_points: tuple[Words, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether it still waits for its decision."""
        return self.outcome in (None, SupervisionOutcome.DEFERRED)


def proposals(session: Session, viewer: Viewer, *, code: str = "", waiting: bool = False) -> list[ProposalRow]:
    """Proposals about files the viewer may see, the newest first; of one file, or only those that wait."""
    if not may(viewer, Action.READ_COMMITTEE):
        return []
    wanted: list[ColumnElement[bool]] = [sees(viewer), col(SupervisionProposal.retracted_at).is_(None)]
    if code:
        wanted.append(col(Case.code) == code)
    if waiting:
        outcome = col(SupervisionProposal.outcome)
        wanted.append(or_(outcome.is_(None), outcome == SupervisionOutcome.DEFERRED))
    asked = (
        select(SupervisionProposal, col(Case.code), col(CaseDetail.title), CommitteeSession)
        .join(Case, col(Case.id) == SupervisionProposal.case_id)
        .join(CaseDetail, (col(CaseDetail.case_id) == Case.id) & col(CaseDetail.retracted_at).is_(None))
        .outerjoin(CommitteeSession, col(CommitteeSession.id) == SupervisionProposal.session_id)
        .where(*wanted)
        .order_by(col(SupervisionProposal.proposed_on).desc(), col(SupervisionProposal.id).desc())
    )
    return [
        ProposalRow(
            row.id or 0, file, title, row.step, row.ground, row.reason, row.proposed_on, row.proposed_by, row.document,
            row.report, row.outcome, row.decided_on, (held.kind, held.number, held.term) if held else None,
            row.decision, row.note, tuple(map(decode, row.open_points)),
        )
        for row, file, title, held in session.exec(asked)
    ]  # fmt: skip


def supervised_since(session: Session, case_id: int) -> date | None:
    """The day from which the file is under supervision now; None if it is not, or not any more."""
    asked = select(col(CaseEvent.kind), col(CaseEvent.happened_on)).where(
        CaseEvent.case_id == case_id, col(CaseEvent.kind).in_(STEPS), col(CaseEvent.retracted_at).is_(None)
    )
    last = session.exec(asked.order_by(col(CaseEvent.happened_on).desc(), col(CaseEvent.id).desc())).first()
    return last[1] if last and last[0] is EventKind.PLACED_UNDER_SUPERVISION else None


def supervised_on(session: Session, viewer: Viewer, code: str) -> date | None:
    """`supervised_since` of the file with this code, which the viewer may see."""
    found = session.exec(select(Case.id).where(Case.code == code, sees(viewer))).first()
    return supervised_since(session, found) if found else None


def closing(session: Session, viewer: Viewer, code: str, *, as_of: date) -> Closing:
    """What the checklist asks of the file, which the viewer may see."""
    found = session.exec(
        select(CaseDetail).join(Case, col(Case.id) == CaseDetail.case_id).where(
            Case.code == code, sees(viewer), col(CaseDetail.retracted_at).is_(None)
        )
    ).one()  # fmt: skip
    of_the_case = or_(col(CaseEvent.accused_id).is_(None), col(CaseEvent.kind).not_in(CASE_ENDS))  # not of one accused
    events = select(col(CaseEvent.kind)).where(
        CaseEvent.case_id == found.case_id, CaseEvent.happened_on <= as_of, col(CaseEvent.retracted_at).is_(None),
        of_the_case,
    )  # fmt: skip
    amounts = money_by_file(session, viewer, as_of=as_of, code=code).get(code, {})
    to_recover = amounts.get(Quantity.MUST_RECOVER)
    return Closing(
        kind=found.kind,
        events=frozenset(session.exec(events)),
        open_tasks=_left(session, Task, found.case_id, col(Task.done_on).is_(None), col(Task.cancelled_on).is_(None)),
        open_difficulties=_left(session, Difficulty, found.case_id, col(Difficulty.settled_on).is_(None)),
        open_requests=_left(
            session, CoordinationRequest, found.case_id, col(CoordinationRequest.cancelled_on).is_(None),
            or_(col(CoordinationRequest.replied_on).is_(None), col(CoordinationRequest.partial)),
        ),
        open_flags=_count(session, Flag, col(Flag.case_id) == found.case_id, col(Flag.closed_on).is_(None)),
        outstanding_vnd=None if to_recover is None else to_recover - amounts.get(Quantity.RECOVERED, 0),
    )  # fmt: skip


def _left(session: Session, table: type[Base], case_id: int, *still: ColumnElement[bool]) -> int:
    columns = table.__table__.c  # type: ignore[attr-defined]
    return _count(session, table, columns.case_id == case_id, columns.retracted_at.is_(None), *still)


def _count(session: Session, table: type[Base], *conditions: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(table).where(*conditions)).one()
