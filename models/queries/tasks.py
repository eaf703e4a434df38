"""Tasks and sessions as of a day; a task's state follows from its dated facts."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Label, and_, case, exists, func, literal, or_
from sqlmodel import Session, col, select

from models.clock import PROVINCE
from models.enums import SessionKind, SessionStatus, TaskOrigin, TaskStatus, TaskStepKind
from models.queries._visible import sees_task
from models.queries.facts import known
from models.rules.access import Viewer
from models.tables import Agency, Case, CommitteeSession, Person, SessionVersion, Task, TaskStep

FINAL = (SessionStatus.HELD, SessionStatus.CONCLUDED)


class SessionRow(NamedTuple):
    """A session of the committee or meeting of its Standing members; `held_on` of a planned one is still to come."""

    id: int
    term: str
    kind: SessionKind
    number: int
    held_on: date
    subject: str
    notice: str
    status: SessionStatus = SessionStatus.HELD

    @property
    def is_held(self) -> bool:
        """Whether it took place; a planned one counts in no figure."""
        return self.status in FINAL


class TaskRow(NamedTuple):
    """A task as of a day. `days_late`: days after the due day, for a late or late-done task, else 0. None: no due day.

    A task reported done in time and then accepted was in time. `version` is what a form that changes it sends back;
    `returns`: how often a report of done was returned.
    """

    code: str
    content: str
    status: TaskStatus
    agency_code: str
    agency_vi: str
    agency_en: str
    responsible: str
    case_code: str
    session: str
    origin: TaskOrigin
    assigned_on: date
    due_on: date | None
    claimed_on: date | None
    done_on: date | None
    days_late: int | None
    progress: str
    evidence: str
    session_kind: SessionKind | None = None
    version: int = 0
    returns: int = 0
    session_id: int | None = None
    item_no: int | None = None
    responsible_id: int | None = None

    @property
    def waits(self) -> bool:
        """Whether the secretariat owes its verdict on a report of done."""
        return self.claimed_on is not None and self.status not in (TaskStatus.DONE, TaskStatus.CANCELLED)


class TaskCounts(NamedTuple):
    """How many tasks stand in each state; the first four add up to `all` without the cancelled."""

    open: int
    late: int
    claimed: int
    done: int
    cancelled: int
    done_late: int

    @property
    def all(self) -> int:
        """Tasks asked for and not withdrawn."""
        return self.open + self.late + self.claimed + self.done


def sessions(
    session: Session, *, until: date | None = None, known_at: datetime | None = None, planned: bool = False
) -> list[SessionRow]:
    """Sessions and meetings held up to `until`, newest first; with `planned` those that are still to be held too.

    With `known_at`: as they were recorded at that instant.
    """
    rows = _current_sessions(session) if known_at is None else _known_sessions(session, known_at)
    wanted = (row for row in rows if (planned or row.is_held) and (until is None or row.held_on <= until))
    return sorted(wanted, key=lambda row: (row.held_on, row.id), reverse=True)


def _current_sessions(session: Session) -> list[SessionRow]:
    return [_session_row(row, row) for row in session.exec(select(CommitteeSession))]


def _known_sessions(session: Session, known_at: datetime) -> list[SessionRow]:
    current = select(CommitteeSession).where(CommitteeSession.recorded_at <= known_at)
    earlier = (
        select(CommitteeSession, SessionVersion)
        .join(SessionVersion, col(SessionVersion.session_id) == CommitteeSession.id)
        .where(SessionVersion.recorded_at <= known_at, SessionVersion.retracted_at > known_at)
    )
    return [
        *(_session_row(row, row) for row in session.exec(current)),
        *(_session_row(row, version) for row, version in session.exec(earlier)),
    ]


def _session_row(held: CommitteeSession, said: CommitteeSession | SessionVersion) -> SessionRow:
    return SessionRow(
        held.id or 0, said.term, said.kind, said.number, said.held_on, said.subject, said.notice, said.status
    )


def committee_sessions(session: Session, *, until: date | None = None, planned: bool = False) -> list[SessionRow]:
    """Sessions of the whole committee, newest first; with `planned` those that are still to be held too."""
    found = sessions(session, until=until, planned=planned)
    return [row for row in found if row.kind is SessionKind.COMMITTEE]


def end_of(day: date) -> datetime:
    """The instant the province's `day` ends."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), PROVINCE)


def status_on(as_of: date, known_at: datetime | None = None) -> Label[str]:
    """SQL: the state of a task on `as_of`. Done is what the secretariat accepted; a claim is not yet done."""
    due = col(Task.due_on)
    in_time, late = (or_(*conditions) for conditions in zip(*_claims(as_of, known_at), strict=True))
    return case(
        (col(Task.cancelled_on) <= as_of, literal(TaskStatus.CANCELLED.value)),
        (col(Task.done_on) <= as_of, literal(TaskStatus.DONE.value)),
        (in_time, literal(TaskStatus.CLAIMED.value)),
        (due < as_of, literal(TaskStatus.LATE.value)),
        (late, literal(TaskStatus.CLAIMED.value)),
        else_=literal(TaskStatus.OPEN.value),
    ).label("status")


def _claims(as_of: date, known_at: datetime | None) -> list[tuple[ColumnElement[bool], ColumnElement[bool]]]:
    """Reported done by `as_of` without a verdict by then: conditions "in time" and "at all".

    First by the claim that stands, then by a claim that was returned after that day.
    """
    due, claimed = col(Task.due_on), col(Task.claimed_on)
    returned = and_(
        col(TaskStep.code) == col(Task.code),
        col(TaskStep.kind) == TaskStepKind.RETURNED,
        col(TaskStep.claimed_on) <= as_of,
        col(TaskStep.happened_on) > as_of,
        known(TaskStep, known_at),
    )
    in_time = or_(due.is_(None), col(TaskStep.claimed_on) <= due)
    return [
        (and_(claimed <= as_of, or_(due.is_(None), claimed <= due)), claimed <= as_of),
        (exists().where(returned, in_time), exists().where(returned)),
    ]


def _returns(as_of: date, known_at: datetime | None) -> Label[int]:
    counted = select(func.count()).where(
        TaskStep.code == Task.code,
        TaskStep.kind == TaskStepKind.RETURNED,
        TaskStep.happened_on <= as_of,
        known(TaskStep, known_at),
    )
    return counted.correlate(Task).scalar_subquery().label("returns")


def seen(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Task: the viewer may see it, and its file if it has one."""
    return sees_task(viewer)


def _asked_by(as_of: date, known_at: datetime | None, viewer: Viewer) -> ColumnElement[bool]:
    return and_(known(Task, known_at), col(Task.assigned_on) <= as_of, seen(viewer))


def task_counts(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    session_id: int | None = None,
    agency: str | None = None,
) -> TaskCounts:
    """Tasks per state as of a day, of all, of one session or of one lead agency (by its code)."""
    status = status_on(as_of, known_at)
    reported = func.coalesce(col(Task.claimed_on), col(Task.done_on))
    late_done = func.sum(case((reported > col(Task.due_on), 1), else_=0))
    asked = select(status, func.count(), late_done).where(_asked_by(as_of, known_at, viewer)).group_by(status)
    if session_id is not None:
        asked = asked.where(Task.session_id == session_id)
    if agency:
        asked = asked.where(col(Task.lead_agency_id).in_(select(Agency.id).where(Agency.code == agency)))
    found = {name: (count, late) for name, count, late in session.exec(asked)}

    def count(state: TaskStatus) -> int:
        return int(found.get(state.value, (0, 0))[0])

    return TaskCounts(
        count(TaskStatus.OPEN),
        count(TaskStatus.LATE),
        count(TaskStatus.CLAIMED),
        count(TaskStatus.DONE),
        count(TaskStatus.CANCELLED),
        int(found.get(TaskStatus.DONE.value, (0, 0))[1] or 0),
    )


def task_agencies(
    session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None
) -> list[tuple[str, str, str]]:
    """The agencies that lead a task of that day: code, Vietnamese and English name, by code."""
    asked = (
        select(Agency.code, Agency.name_vi, Agency.name_en)
        .join(Task, col(Task.lead_agency_id) == col(Agency.id))
        .where(_asked_by(as_of, known_at, viewer))
        .distinct()
        .order_by(col(Agency.code))
    )
    return list(session.exec(asked))


def task_rows(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    status: TaskStatus | None = None,
    agency: str | None = None,
    session_id: int | None = None,
    case_code: str | None = None,
    assigned: tuple[date, date] | None = None,
    codes: Collection[str] | None = None,
    waiting: bool = False,
    page: int = 1,
    size: int | None = None,
) -> tuple[list[TaskRow], int]:
    """Tasks as of a day, and how many there are in all: the late, those under way, the done, the cancelled; by due day.

    `size` None gives every row. `agency` is an agency code; `assigned` a first and last day; `waiting`: reported done
    and without a verdict, in time or late.
    """
    state = status_on(as_of, known_at)
    wanted: list[Any] = [_asked_by(as_of, known_at, viewer)]
    if status:
        wanted.append(state.element == status.value)
    if waiting:
        settled = (TaskStatus.DONE.value, TaskStatus.CANCELLED.value)
        wanted += [col(Task.claimed_on) <= as_of, state.element.not_in(settled)]
    if agency:
        wanted.append(Agency.code == agency)
    if session_id is not None:
        wanted.append(Task.session_id == session_id)
    if case_code:
        wanted.append(Case.code == case_code)
    if assigned:
        wanted.append(col(Task.assigned_on).between(*assigned))
    if codes is not None:
        wanted.append(col(Task.code).in_(codes))
    joined = _joined(select(Task, state, _returns(as_of, known_at), Agency, Person, Case, CommitteeSession), wanted)  # type: ignore[call-overload]
    total = session.exec(_joined(select(func.count(col(Task.id))), wanted)).one()
    joined = joined.order_by(*in_order_of_urgency(state))
    if size:
        joined = joined.limit(size).offset((page - 1) * size)
    return [_task_row(row, as_of) for row in session.exec(joined)], total


def _joined(asked: Any, wanted: list[Any]) -> Any:
    return (
        asked.select_from(Task)
        .outerjoin(Agency, col(Agency.id) == Task.lead_agency_id)
        .outerjoin(Person, col(Person.id) == Task.responsible_id)
        .outerjoin(Case, col(Case.id) == Task.case_id)
        .outerjoin(CommitteeSession, col(CommitteeSession.id) == Task.session_id)
        .where(*wanted)
    )


def in_order_of_urgency(state: Label[str]) -> tuple[Any, ...]:
    """ORDER BY of tasks: the late, those under way, the done, the cancelled; in each by due day."""
    places = {TaskStatus.LATE: 0, TaskStatus.DONE: 2, TaskStatus.CANCELLED: 3}
    order = case(*((state.element == each.value, place) for each, place in places.items()), else_=1)
    return (order, col(Task.due_on).is_(None), col(Task.due_on), col(Task.code))


def _task_row(found: Any, as_of: date) -> TaskRow:
    task, status, returns, agency, person, file, held = found
    return TaskRow(
        code=task.code,
        content=task.content,
        status=TaskStatus(status),
        agency_code=agency.code if agency else "",
        agency_vi=agency.name_vi if agency else "",
        agency_en=agency.name_en if agency else "",
        responsible=person.display_name if person else "",
        case_code=file.code if file else "",
        session=f"{held.number}/{held.term}" if held else "",
        origin=task.origin,
        assigned_on=task.assigned_on,
        due_on=task.due_on,
        claimed_on=_until(task.claimed_on, as_of),
        done_on=_until(task.done_on, as_of),
        days_late=_days_late(task, TaskStatus(status), as_of),
        progress=task.progress,
        evidence=task.evidence,
        session_kind=held.kind if held else None,
        version=task.id,
        returns=returns,
        session_id=task.session_id,
        item_no=task.item_no,
        responsible_id=task.responsible_id,
    )


def _until(day: date | None, as_of: date) -> date | None:
    return day if day and day <= as_of else None


def _days_late(task: Task, status: TaskStatus, as_of: date) -> int | None:
    if task.due_on is None:
        return None
    if status not in (TaskStatus.LATE, TaskStatus.DONE):
        return 0
    end = (task.claimed_on or task.done_on or as_of) if status is TaskStatus.DONE else as_of
    return max(0, (end - task.due_on).days)
