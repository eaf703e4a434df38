"""Sessions as their page shows them: a list, one session line by line, and what is still open for the next one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from models.enums import AgendaKind, EventKind, Presence, SessionKind, SessionStatus, TaskStatus
from models.errors import NotFound
from models.queries._versions import names_of_accounts
from models.queries._visible import sees_file, sees_task, visible_ids
from models.queries.cases import CaseFilter, FileRow, case_page
from models.queries.facts import known
from models.queries.supervision import ProposalRow, proposals
from models.queries.tasks import FINAL, SessionRow, TaskRow, seen, status_on, task_rows
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import (
    Agency,
    AgendaItem,
    Attendance,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    Conclusion,
    SessionVersion,
    Task,
)

MOST_FILES, MOST_TASKS = 20, 100  # that are proposed for an agenda


class SessionLine(NamedTuple):
    """A session in the list: what stands on record of it, and what became of its tasks."""

    id: int
    term: str
    kind: SessionKind
    number: int
    held_on: date
    subject: str
    status: SessionStatus
    is_extraordinary: bool
    agenda: int
    attended: int
    invited: int
    conclusions: int
    tasks: int
    done: int
    late: int


class AgendaRow(NamedTuple):
    """A point of the agenda; `point` names it, wherever it stands.

    `case_code` and `case_title` stay blank for a file that is closed to the viewer.
    """

    point: int
    kind: AgendaKind
    title: str
    note: str
    case_code: str
    case_title: str
    case_title_en: str
    task_code: str
    task_content: str


class AttendanceRow(NamedTuple):
    """The holder of a function."""

    function: str
    presence: Presence
    agency_code: str
    agency_vi: str
    agency_en: str
    note: str


class ConclusionRow(NamedTuple):
    """A line of the conclusions and the tasks made of it."""

    item_no: int
    text: str
    agency_code: str
    agency_vi: str
    agency_en: str
    due_on: date | None
    case_code: str
    tasks: tuple[TaskRow, ...]

    @property
    def is_task(self) -> bool:
        """Whether a task stands for the line; a cancelled one does not."""
        return any(task.status is not TaskStatus.CANCELLED for task in self.tasks)


class EarlierRow(NamedTuple):
    """What the record said before it was changed."""

    term: str
    kind: SessionKind
    number: int
    held_on: date
    subject: str
    status: SessionStatus
    changed_at: datetime
    who: str
    why: str


@dataclass(frozen=True)
class SessionFile:
    """One session with everything recorded of it; `version` is what a form that changes it sends back.

    `other_tasks`: how many tasks name the session and none of its lines.
    """

    id: int
    version: int
    term: str
    kind: SessionKind
    number: int
    held_on: date
    place: str
    subject: str
    chair: str
    is_extraordinary: bool
    status: SessionStatus
    notice: str
    notice_on: date | None
    agenda: tuple[AgendaRow, ...]
    attendance: tuple[AttendanceRow, ...]
    conclusions: tuple[ConclusionRow, ...]
    earlier: tuple[EarlierRow, ...]
    other_tasks: int

    @property
    def is_held(self) -> bool:
        """Whether it took place."""
        return self.status in FINAL


class OpenMatters(NamedTuple):
    """What a coming session may want on its agenda; `late_total`: how many late files there are in all."""

    tasks: tuple[TaskRow, ...]
    late: tuple[FileRow, ...]
    late_total: int
    placed: tuple[FileRow, ...]
    proposals: tuple[ProposalRow, ...]
    since: SessionRow | None


def session_lines(session: Session, viewer: Viewer, *, as_of: date, today: date) -> list[SessionLine]:
    """Every session, the newest first; on an earlier day those held by then. None for who may not read them."""
    if not may(viewer, Action.READ_COMMITTEE):
        return []
    asked = select(CommitteeSession).order_by(col(CommitteeSession.held_on).desc(), col(CommitteeSession.id).desc())
    if as_of < today:
        asked = asked.where(CommitteeSession.held_on <= as_of, col(CommitteeSession.status).in_(FINAL))
    agenda = _counted(session, AgendaItem, seen_point(viewer))
    lines = _counted(session, Conclusion, sees_file(viewer, col(Conclusion.case_id)))
    people = {state: _counted(session, Attendance, presence=state) for state in Presence}
    tasks = _task_counts(session, viewer, as_of)
    return [
        SessionLine(
            held.id or 0, held.term, held.kind, held.number, held.held_on, held.subject, held.status,
            held.is_extraordinary, agenda.get(held.id, 0),
            sum(people[state].get(held.id, 0) for state in (Presence.PRESENT, Presence.REPRESENTED)),
            sum(counts.get(held.id, 0) for counts in people.values()), lines.get(held.id, 0),
            *_summed(tasks.get(held.id, {})),
        )
        for held in session.exec(asked)
    ]  # fmt: skip


def session_file(session: Session, viewer: Viewer, session_id: int, *, as_of: date) -> SessionFile:
    """The session with this id. Raises NotFound for none, and for who may not read files."""
    held = session.get(CommitteeSession, session_id) if may(viewer, Action.READ_COMMITTEE) else None
    if held is None:
        raise NotFound(words("This session is not recorded."))
    tasks, total = task_rows(session, viewer, as_of=as_of, session_id=session_id)
    lines = tuple(_conclusions(session, viewer, session_id, tasks))
    return SessionFile(
        session_id, held.version, held.term, held.kind, held.number, held.held_on, held.place, held.subject, held.chair,
        held.is_extraordinary, held.status, held.notice, held.notice_on, tuple(_agenda(session, viewer, session_id)),
        tuple(_attendance(session, session_id)), lines, tuple(_earlier(session, session_id)),
        total - sum(len(line.tasks) for line in lines),
    )  # fmt: skip


def session_id_of(session: Session, viewer: Viewer, given: str) -> int | None:
    """The id that an address names; None for none of ours."""
    number = int(given) if given.isdecimal() and len(given) < 10 else 0
    if not number or not may(viewer, Action.READ_COMMITTEE):
        return None
    return session.exec(select(CommitteeSession.id).where(CommitteeSession.id == number)).first()


def next_numbers(session: Session, viewer: Viewer, term: str) -> dict[SessionKind, int]:
    """The number that the next session of each kind will have in the term."""
    asked = select(CommitteeSession.kind, func.max(CommitteeSession.number)).where(CommitteeSession.term == term)
    found = (
        dict(iter(session.exec(asked.group_by(CommitteeSession.kind)))) if may(viewer, Action.READ_COMMITTEE) else {}
    )
    return {kind: int(found.get(kind) or 0) + 1 for kind in SessionKind}


def usual_attendance(session: Session, viewer: Viewer, session_id: int) -> tuple[AttendanceRow, ...]:
    """Who was listed at the latest earlier session of the same kind that has a list: the same people come again."""
    held = session.get(CommitteeSession, session_id)
    if held is None or not may(viewer, Action.READ_COMMITTEE):
        return ()
    listed = select(Attendance.session_id).where(col(Attendance.retracted_at).is_(None))
    asked = select(CommitteeSession.id).where(
        CommitteeSession.kind == held.kind,
        CommitteeSession.held_on < held.held_on,
        col(CommitteeSession.id).in_(listed),
    )
    last = session.exec(asked.order_by(col(CommitteeSession.held_on).desc()).limit(1)).first()
    return tuple(_attendance(session, last)) if last else ()


def open_matters(session: Session, viewer: Viewer, session_id: int, *, as_of: date) -> OpenMatters:
    """What is still open for this session.

    Unfinished tasks of earlier conclusions, proposals that wait for a decision, late files, files newly placed.
    """
    file = session_file(session, viewer, session_id, as_of=as_of)
    on_it = {row.task_code for row in file.agenda} | {row.case_code for row in file.agenda}
    before = _before(session, file)
    rows: list[TaskRow] = []
    for state in (TaskStatus.LATE, TaskStatus.CLAIMED, TaskStatus.OPEN):
        rows += task_rows(session, viewer, as_of=as_of, status=state, size=5 * MOST_TASKS)[0]
    unfinished = [row for row in rows if row.session_id not in (None, session_id) and row.code not in on_it]
    late = case_page(session, viewer, CaseFilter(late=True), as_of=as_of, sort="urgency", size=MOST_FILES)
    placed: list[FileRow] = []
    if codes := _placed(session, viewer, before.held_on if before else None, as_of):
        placed = case_page(session, viewer, CaseFilter(codes=codes), as_of=as_of, sort="code", size=MOST_FILES).rows
    fresh = [row for row in late.rows if row.code not in on_it]
    shown = {row.code for row in fresh} | on_it
    proposed = {row.case_code for row in file.agenda if row.kind is AgendaKind.PROPOSAL}
    waiting = [row for row in proposals(session, viewer, waiting=True) if row.case_code not in proposed]
    return OpenMatters(
        tuple(unfinished[:MOST_TASKS]), tuple(fresh), late.total,
        tuple(row for row in placed if row.code not in shown), tuple(waiting), before,
    )  # fmt: skip


def _before(session: Session, file: SessionFile) -> SessionRow | None:
    """The last session of the same kind that was held before this one."""
    asked = select(CommitteeSession).where(
        CommitteeSession.kind == file.kind,
        CommitteeSession.held_on < file.held_on,
        CommitteeSession.id != file.id,
        col(CommitteeSession.status).in_(FINAL),
    )
    row = session.exec(asked.order_by(col(CommitteeSession.held_on).desc()).limit(1)).first()
    if row is None:
        return None
    return SessionRow(row.id or 0, row.term, row.kind, row.number, row.held_on, row.subject, row.notice, row.status)


def _placed(session: Session, viewer: Viewer, since: date | None, as_of: date) -> tuple[str, ...]:
    """Codes of the files placed under supervision after that day."""
    if since is None:
        return ()
    by_event = select(CaseEvent.case_id).where(
        CaseEvent.kind == EventKind.PLACED_UNDER_SUPERVISION,
        CaseEvent.happened_on > since,
        CaseEvent.happened_on <= as_of,
        known(CaseEvent, None),
    )
    by_list = select(CaseDetail.case_id).where(
        col(CaseDetail.supervised_from) > since, col(CaseDetail.supervised_from) <= as_of, known(CaseDetail, None)
    )
    either = or_(col(Case.id).in_(by_event), col(Case.id).in_(by_list))
    asked = select(Case.code).where(either, col(Case.id).in_(visible_ids(viewer))).order_by(col(Case.code))
    return tuple(session.exec(asked.limit(10 * MOST_FILES)))


# --- lines ---------------------------------------------------------------------------------------------------------


def _agenda(session: Session, viewer: Viewer, session_id: int) -> Iterator[AgendaRow]:
    items = session.exec(
        select(AgendaItem)
        .where(AgendaItem.session_id == session_id, col(AgendaItem.retracted_at).is_(None), seen_point(viewer))
        .order_by(col(AgendaItem.number))
    ).all()
    files = _files(session, viewer, (item.case_id for item in items))
    contents = _contents(session, viewer, (item.task_code for item in items))
    for item in items:
        code, title, title_en = files.get(item.case_id, ("", "", ""))
        content = contents.get(item.task_code, "")
        task_code = item.task_code if content else ""
        yield AgendaRow(item.point, item.kind, item.title, item.note, code, title, title_en, task_code, content)


def _files(session: Session, viewer: Viewer, ids: Iterable[int | None]) -> dict[int | None, tuple[str, str, str]]:
    asked = (
        select(Case.id, Case.code, CaseDetail.title, CaseDetail.title_en)
        .join(CaseDetail, col(CaseDetail.case_id) == Case.id)
        .where(col(Case.id).in_({id for id in ids if id}), known(CaseDetail, None))
        .where(col(Case.id).in_(visible_ids(viewer)))
    )
    return {id: (code, title, title_en) for id, code, title, title_en in session.exec(asked)}


def _contents(session: Session, viewer: Viewer, codes: Iterable[str]) -> dict[str, str]:
    wanted = {code for code in codes if code}
    asked = select(Task.code, Task.content).where(col(Task.code).in_(wanted), known(Task, None), seen(viewer))
    return dict(iter(session.exec(asked)))


def _attendance(session: Session, session_id: int) -> Iterator[AttendanceRow]:
    asked = (
        select(Attendance, Agency)
        .outerjoin(Agency, col(Agency.id) == Attendance.agency_id)
        .where(Attendance.session_id == session_id, col(Attendance.retracted_at).is_(None))
        .order_by(col(Attendance.number))
    )
    for row, agency in session.exec(asked):
        yield AttendanceRow(row.function, row.presence, *_names(agency), row.note)


def _conclusions(
    session: Session, viewer: Viewer, session_id: int, tasks: Iterable[TaskRow]
) -> Iterator[ConclusionRow]:
    asked = (
        select(Conclusion, Agency)
        .outerjoin(Agency, col(Agency.id) == Conclusion.lead_agency_id)
        .where(Conclusion.session_id == session_id, col(Conclusion.retracted_at).is_(None))
        .where(sees_file(viewer, col(Conclusion.case_id)))
        .order_by(col(Conclusion.item_no))
    )
    found = session.exec(asked).all()
    files = _files(session, viewer, (line.case_id for line, _ in found))
    made: dict[int | None, list[TaskRow]] = {}
    for task in tasks:
        made.setdefault(task.item_no, []).append(task)
    for line, agency in found:
        code, _, _ = files.get(line.case_id, ("", "", ""))
        own = tuple(made.get(line.item_no, ()))
        yield ConclusionRow(line.item_no, line.text, *_names(agency), line.due_on, code, own)


def _names(agency: Agency | None) -> tuple[str, str, str]:
    return (agency.code, agency.name_vi, agency.name_en) if agency else ("", "", "")


def _earlier(session: Session, session_id: int) -> Iterator[EarlierRow]:
    who = names_of_accounts(session)
    asked = select(SessionVersion).where(SessionVersion.session_id == session_id)
    for row in session.exec(asked.order_by(col(SessionVersion.version).desc())):
        by = who.get(row.retracted_by, "") if row.retracted_by else ""
        called = row.term, row.kind, row.number
        yield EarlierRow(*called, row.held_on, row.subject, row.status, row.retracted_at, by, row.retract_reason)


# --- counts --------------------------------------------------------------------------------------------------------


def seen_point(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on AgendaItem: the file and the task that it is about are seen; a point about neither is."""
    return and_(sees_file(viewer, col(AgendaItem.case_id)), col(AgendaItem.task_code).not_in(unseen_tasks(viewer)))


def unseen_tasks(viewer: Viewer) -> Any:
    """The codes of the tasks that the viewer does not see."""
    return select(Task.code).where(known(Task, None), ~sees_task(viewer))


def _counted(session: Session, table: Any, *seen_by: ColumnElement[bool], **only: Any) -> dict[int | None, int]:
    asked = select(table.session_id, func.count()).where(col(table.retracted_at).is_(None), *seen_by)
    for name, value in only.items():
        asked = asked.where(getattr(table, name) == value)
    return dict(iter(session.exec(asked.group_by(table.session_id))))


def _task_counts(session: Session, viewer: Viewer, as_of: date) -> dict[int | None, dict[str, int]]:
    state = status_on(as_of)
    asked: Any = select(Task.session_id, state, func.count()).where(
        known(Task, None), col(Task.session_id).is_not(None), col(Task.assigned_on) <= as_of, seen(viewer)
    )
    found: dict[int | None, dict[str, int]] = {}
    for held, status, count in session.exec(asked.group_by(Task.session_id, state)):
        found.setdefault(held, {})[status] = count
    return found


def _summed(counts: Mapping[str, int]) -> tuple[int, int, int]:
    """Tasks in all without the cancelled, done, late."""
    total = sum(count for state, count in counts.items() if state != TaskStatus.CANCELLED.value)
    return total, counts.get(TaskStatus.DONE.value, 0), counts.get(TaskStatus.LATE.value, 0)
