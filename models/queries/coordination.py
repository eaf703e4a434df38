"""Coordination requests as of a day: their state follows from their dated facts and the calendar."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal
from sqlalchemy import select as sql
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from models.enums import CoordinationKind, CoordinationState
from models.errors import NotFound
from models.queries._versions import Teller
from models.queries._visible import sees_request
from models.queries.facts import known
from models.queries.judged import reader
from models.rules.access import Action, Viewer, may
from models.rules.coordination import SETTLED, ReplyClock, ReplyTerms, RequestFacts, reply_clock
from models.rules.versions import Change, Subject
from models.rules.words import words
from models.settings import settings
from models.tables import Account, Agency, Case, CoordinationRequest

FACTS = RequestFacts._fields
CHUNK = 500
WAITS = "waits"


class AgencyName(NamedTuple):
    """An agency by code and names."""

    code: str
    vi: str
    en: str


class RequestRow(NamedTuple):
    """A request as of a day. `version` is what a form sends back, so that a colleague's change is not overwritten."""

    version: int
    code: str
    document: str
    document_on: date | None
    case_code: str
    asks: AgencyName
    asked: AgencyName
    kind: CoordinationKind
    subject: str
    legal_basis: str
    urgent: bool
    clock: ReplyClock
    reply_document: str
    reply_summary: str
    recorded_at: datetime
    recorded_by: str
    asked_id: int = 0  # the agency whose answer is awaited

    @property
    def facts(self) -> RequestFacts:
        """The dated facts, up to the day shown."""
        return self.clock.facts


@dataclass(frozen=True)
class RequestPage:
    """One page of requests, how many meet the filters, and how many stand in each state without the state's filter."""

    rows: list[RequestRow]
    total: int
    counts: dict[CoordinationState, int]


class _Judged(NamedTuple):
    """One request, judged, before its texts are read."""

    id: int
    code: str
    clock: ReplyClock


def terms() -> ReplyTerms:
    """The committee's own numbers of working days, from the settings."""
    own = settings()
    return ReplyTerms(own.coordination_reply_workdays, own.coordination_urgent_workdays)


def coordination_page(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    state: CoordinationState | None = None,
    agency: str | None = None,
    case_code: str | None = None,
    page: int = 1,
    size: int | None = None,
) -> RequestPage:
    """Requests sent by `as_of`: those that wait first, the latest on top; then the settled ones, the newest on top.

    `agency` is the code of the agency whose answer is asked for; `size` None gives every row.
    """
    wanted = [*_known(viewer, as_of, known_at), *_wanted(agency, case_code)]
    waiting = _judged(session, as_of, known_at, [*wanted, _ended(as_of) == WAITS])
    ended = _ended_counts(session, as_of, wanted)
    first = sorted((each for each in waiting if state in (None, each.clock.state)), key=_place)
    behind = [each for each in SETTLED if state in (None, each)]
    start = (page - 1) * size if size else 0
    shown = first[start : start + size] if size else first
    if behind and (size is None or len(shown) < size):
        rest = None if size is None else size - len(shown)
        settled = [*wanted, _ended(as_of).in_(each.value for each in behind)]
        shown = shown + _judged(session, as_of, known_at, settled, page=(max(0, start - len(first)), rest))
    counts = Counter(each.clock.state for each in waiting) + Counter(ended)
    total = len(first) + sum(ended[each] for each in behind)
    return RequestPage(_rows(session, shown), total, {each: counts[each] for each in CoordinationState})


def coordination_due(session: Session, viewer: Viewer, *, as_of: date, until: date) -> list[RequestRow]:
    """Requests that wait for an answer and whose last day is not after `until`, the oldest day first."""
    found = _judged(session, as_of, None, [*_known(viewer, as_of, None), _ended(as_of) == WAITS])
    due = [each for each in found if each.clock.due_on and each.clock.due_on <= until]
    return _rows(session, sorted(due, key=lambda each: (each.clock.due_on or until, each.code)))


def request_row(session: Session, viewer: Viewer, code: str, *, as_of: date) -> RequestRow:
    """The request with this code. Raises NotFound for one that does not exist or that the viewer may not see."""
    wanted = [*_known(viewer, as_of, None), col(CoordinationRequest.code) == code]
    rows = _rows(session, _judged(session, as_of, None, wanted))
    if not rows:
        raise NotFound(words("There is no coordination request {code}.", code=repr(code)))
    return rows[0]


def request_history(session: Session, viewer: Viewer, code: str) -> tuple[Change, ...]:
    """Every change of a request that the viewer may see now, the newest first."""
    if not may(viewer, Action.READ_COMMITTEE):
        return ()
    asked = select(CoordinationRequest).where(CoordinationRequest.code == code, sees_request(viewer))
    rows = session.exec(asked.order_by(col(CoordinationRequest.id))).all()
    if not any(row.retracted_at is None for row in rows):
        return ()
    changes = Teller(session).changes(rows, Subject.REQUEST)
    return tuple(sorted(changes, key=lambda change: (change.at, change.fact_id), reverse=True))


def asked_agencies(session: Session, viewer: Viewer, *, as_of: date) -> list[AgencyName]:
    """The agencies that a request of that day asks, by code."""
    asked = (
        select(Agency.code, Agency.name_vi, Agency.name_en)
        .where(col(Agency.id).in_(select(CoordinationRequest.to_agency_id).where(*_known(viewer, as_of, None))))
        .order_by(col(Agency.code))
    )
    return [AgencyName(*row) for row in session.exec(asked)]


def agencies_to_name(session: Session, viewer: Viewer) -> list[AgencyName]:
    """The agencies that still exist, for a form, by name; none for who may not record."""
    if not may(viewer, Action.RECORD):
        return []
    asked = select(Agency.code, Agency.name_vi, Agency.name_en).where(col(Agency.valid_to).is_(None))
    return [AgencyName(*row) for row in session.exec(asked.order_by(col(Agency.name_vi), col(Agency.code)))]


def _place(each: _Judged) -> tuple[int, int, str]:
    """Of those that wait: the latest first, a date that cannot be told behind those that can; then the newest."""
    due, sent = each.clock.due_on, each.clock.facts.sent_on
    return due.toordinal() if due else date.max.toordinal(), -sent.toordinal(), each.code


def _ended(as_of: date) -> ColumnElement[str]:
    """SQL: whether the request was withdrawn or wholly answered by `as_of`, or waits."""
    replied = and_(col(CoordinationRequest.replied_on) <= as_of, col(CoordinationRequest.partial).is_(False))
    return case(
        (col(CoordinationRequest.cancelled_on) <= as_of, literal(CoordinationState.CANCELLED.value)),
        (replied, literal(CoordinationState.REPLIED.value)),
        else_=literal(WAITS),
    )


def _ended_counts(session: Session, as_of: date, wanted: list[ColumnElement[bool]]) -> dict[CoordinationState, int]:
    """How many requests were answered, and how many withdrawn."""
    ended = _ended(as_of)
    asked = sql(ended, func.count()).select_from(CoordinationRequest).where(*wanted).group_by(ended)
    found = {row[0]: row[1] for row in session.connection().execute(asked)}
    return {each: found.get(each.value, 0) for each in SETTLED}


def _wanted(agency: str | None, case_code: str | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if agency:
        wanted.append(col(CoordinationRequest.to_agency_id).in_(select(Agency.id).where(Agency.code == agency)))
    if case_code:
        wanted.append(col(CoordinationRequest.case_id).in_(select(Case.id).where(Case.code == case_code)))
    return wanted


def _known(viewer: Viewer, as_of: date, known_at: datetime | None) -> list[ColumnElement[bool]]:
    """The versions that held, of requests sent by that day that the viewer may see."""
    return [known(CoordinationRequest, known_at), col(CoordinationRequest.sent_on) <= as_of, sees_request(viewer)]


def _judged(
    session: Session,
    as_of: date,
    known_at: datetime | None,
    wanted: Iterable[ColumnElement[bool]],
    *,
    page: tuple[int, int | None] | None = None,
) -> list[_Judged]:
    """The requests as judged; with `page` (rows to leave out, rows to give) the newest first."""
    table = CoordinationRequest.__table__  # type: ignore[attr-defined]
    asked = sql(table.c.id, table.c.code, *(table.c[name] for name in FACTS)).where(*wanted)
    if page:
        asked = asked.order_by(table.c.sent_on.desc(), table.c.code).offset(page[0]).limit(page[1])
    calendar, own = reader(session, known_at=known_at).rulebook.calendar, terms()
    return [
        _Judged(id_, code, reply_clock(RequestFacts(*facts), as_of, calendar, own))
        for id_, code, *facts in session.connection().execute(asked)
    ]


def _rows(session: Session, judged: list[_Judged]) -> list[RequestRow]:
    """The requests with their texts, in this order."""
    asks, asked = aliased(Agency), aliased(Agency)
    read = (
        select(CoordinationRequest, asks, asked, Case.code, Account.login)  # type: ignore[call-overload]
        .join(asks, col(asks.id) == CoordinationRequest.from_agency_id)
        .join(asked, col(asked.id) == CoordinationRequest.to_agency_id)
        .outerjoin(Case, col(Case.id) == CoordinationRequest.case_id)
        .outerjoin(Account, col(Account.id) == CoordinationRequest.recorded_by)
    )
    clocks = {each.id: each.clock for each in judged}
    ids, found = list(clocks), {}
    for start in range(0, len(ids), CHUNK):
        for row in session.exec(read.where(col(CoordinationRequest.id).in_(ids[start : start + CHUNK]))):
            found[row[0].id] = _row(clocks[row[0].id], *row)
    return [found[id_] for id_ in ids]


def _row(
    clock: ReplyClock, request: CoordinationRequest, asks: Agency, asked: Agency, file: Any, by: Any
) -> RequestRow:
    answered = clock.facts.replied_on is not None
    return RequestRow(
        version=request.id or 0,
        code=request.code,
        document=request.document,
        document_on=request.document_on,
        case_code=file or "",
        asks=AgencyName(asks.code, asks.name_vi, asks.name_en),
        asked=AgencyName(asked.code, asked.name_vi, asked.name_en),
        kind=request.kind,
        subject=request.subject,
        legal_basis=request.legal_basis,
        urgent=request.urgent,
        clock=clock,
        reply_document=request.reply_document if answered else "",
        reply_summary=request.reply_summary if answered else "",
        recorded_at=request.recorded_at,
        recorded_by=by or "",
        asked_id=request.to_agency_id,
    )
