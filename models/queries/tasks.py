"""Tasks and sessions as of a day; a task's state follows from its dated facts."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Label, and_, case, func, literal, or_
from sqlmodel import Session, col, select

from models.clock import PROVINCE
from models.enums import SessionKind, TaskOrigin, TaskStatus
from models.queries._visible import visible_ids
from models.queries.facts import known
from models.rules.access import Action, Viewer, may
from models.tables import Agency, Case, CommitteeSession, Person, Task


class SessionRow(NamedTuple):
    """A session of the committee or meeting of its Standing members."""

    id: int
    term: str
    kind: SessionKind
    number: int
    held_on: date
    subject: str
    notice: str


class TaskRow(NamedTuple):
    """A task as of a day. `days_late`: days after the due day, for a late or late-done task; None without a due day."""

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


def sessions(session: Session, *, until: date | None = None) -> list[SessionRow]:
    """Sessions and meetings held up to `until`, newest first."""
    asked = select(CommitteeSession).order_by(col(CommitteeSession.held_on).desc(), col(CommitteeSession.id).desc())
    if until:
        asked = asked.where(CommitteeSession.held_on <= until)
    return [
        SessionRow(row.id or 0, row.term, row.kind, row.number, row.held_on, row.subject, row.notice)
        for row in session.exec(asked)
    ]


def committee_sessions(session: Session, *, until: date | None = None) -> list[SessionRow]:
    """Sessions of the whole committee, newest first."""
    return [row for row in sessions(session, until=until) if row.kind is SessionKind.COMMITTEE]


def end_of(day: date) -> datetime:
    """The instant the province's `day` ends."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), PROVINCE)


def status_on(as_of: date) -> Label[str]:
    """SQL: the state of a task on `as_of`. Done is what the secretariat accepted; a claim is not yet done."""
    due, done, claimed = col(Task.due_on), col(Task.done_on), col(Task.claimed_on)
    return case(
        (col(Task.cancelled_on) <= as_of, literal(TaskStatus.CANCELLED.value)),
        (done <= as_of, literal(TaskStatus.DONE.value)),
        (and_(claimed <= as_of, or_(due.is_(None), claimed <= due)), literal(TaskStatus.CLAIMED.value)),
        (due < as_of, literal(TaskStatus.LATE.value)),
        (claimed <= as_of, literal(TaskStatus.CLAIMED.value)),
        else_=literal(TaskStatus.OPEN.value),
    ).label("status")


def seen(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Task: the viewer may see files, and the task's own file if it has one."""
    if viewer.scope == "files":
        return literal(True)
    if not may(viewer, Action.READ_FILES):
        return literal(False)
    return or_(col(Task.case_id).is_(None), col(Task.case_id).in_(visible_ids(viewer)))


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
    status = status_on(as_of)
    late_done = func.sum(case((col(Task.done_on) > col(Task.due_on), 1), else_=0))
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
    page: int = 1,
    size: int | None = None,
) -> tuple[list[TaskRow], int]:
    """Tasks as of a day, and how many there are in all: the late, those under way, the done, the cancelled; by due day.

    `size` None gives every row. `agency` is an agency code; `assigned` a first and last day.
    """
    state = status_on(as_of)
    wanted: list[Any] = [_asked_by(as_of, known_at, viewer)]
    if status:
        wanted.append(state.element == status.value)
    if agency:
        wanted.append(Agency.code == agency)
    if session_id is not None:
        wanted.append(Task.session_id == session_id)
    if case_code:
        wanted.append(Case.code == case_code)
    if assigned:
        wanted.append(col(Task.assigned_on).between(*assigned))
    joined = (
        select(Task, state, Agency, Person, Case, CommitteeSession)  # type: ignore[call-overload]
        .outerjoin(Agency, col(Agency.id) == Task.lead_agency_id)
        .outerjoin(Person, col(Person.id) == Task.responsible_id)
        .outerjoin(Case, col(Case.id) == Task.case_id)
        .outerjoin(CommitteeSession, col(CommitteeSession.id) == Task.session_id)
        .where(*wanted)
    )
    total = session.exec(select(func.count()).select_from(joined.subquery())).one()
    places = {TaskStatus.LATE: 0, TaskStatus.DONE: 2, TaskStatus.CANCELLED: 3}
    order = case(*((state.element == each.value, place) for each, place in places.items()), else_=1)
    joined = joined.order_by(order, col(Task.due_on).is_(None), col(Task.due_on), col(Task.code))
    if size:
        joined = joined.limit(size).offset((page - 1) * size)
    return [_task_row(row, as_of) for row in session.exec(joined)], total


def _task_row(found: Any, as_of: date) -> TaskRow:
    task, status, agency, person, file, held = found
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
    )


def _until(day: date | None, as_of: date) -> date | None:
    return day if day and day <= as_of else None


def _days_late(task: Task, status: TaskStatus, as_of: date) -> int | None:
    if task.due_on is None:
        return None
    end = task.done_on if status is TaskStatus.DONE and task.done_on else as_of
    return max(0, (end - task.due_on).days)
