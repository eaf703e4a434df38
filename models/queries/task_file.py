"""One task with its claims, verdicts and versions; what changed since a form showed it; the board of tasks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Label, and_, func, or_
from sqlmodel import Session, col, select

from models.enums import TaskStatus, TaskStepKind
from models.errors import NotFound
from models.queries._versions import names_of_accounts
from models.queries._visible import visible_ids
from models.queries.facts import known
from models.queries.tasks import TaskRow, in_order_of_urgency, seen, status_on, task_rows
from models.rules.access import Action, Viewer, may
from models.rules.versions import FieldChange
from models.rules.words import Names, Value, Words, words
from models.tables import Agency, Case, CommitteeSession, Person, Task, TaskAgency, TaskStep

LABELS: dict[str, Words] = {
    "content": words("Task"), "lead_agency_id": words("Leading agency"), "cooperating": words("Cooperating agencies"),
    "responsible_id": words("Responsible official"), "assigned_on": words("Given on"), "due_on": words("Due"),
    "origin": words("Origin"), "case_id": words("File"), "session_id": words("Session"), "item_no": words("Line"),
    "claimed_on": words("Reported done"), "done_on": words("Done"), "cancelled_on": words("Cancelled"),
    "progress": words("Progress"), "evidence": words("Evidence"),
}  # fmt: skip


class StepRow(NamedTuple):
    """A claim, verdict, report of progress or cancellation; `taken_back` is the reason if it was a mistake."""

    kind: TaskStepKind
    happened_on: date
    claimed_on: date | None
    note: str
    evidence: str
    recorded_at: datetime
    who: str
    taken_back_at: datetime | None
    taken_back: str


class VersionRow(NamedTuple):
    """A version of a task: who recorded it, when, why, and what it changed; the first one changed nothing."""

    version: int
    recorded_at: datetime
    who: str
    why: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class TaskFile:
    """A task with its agencies, its steps and its versions, the newest first."""

    row: TaskRow
    cooperating: tuple[tuple[str, str, str], ...]  # code, Vietnamese and English name
    session_number: int | None
    lead_agency_id: int | None
    steps: tuple[StepRow, ...]
    versions: tuple[VersionRow, ...]


class Choices(NamedTuple):
    """What a form of a task offers: agencies that exist on the day (code → names), officials in office (id → name)."""

    agencies: dict[str, tuple[str, str]]
    officials: dict[str, str]


class BoardColumn(NamedTuple):
    """A column of the board: how many tasks stand in it, how many of them are late, and the most urgent ones."""

    key: str
    name_vi: str
    name_en: str
    total: int
    late: int
    rows: tuple[TaskRow, ...]


def task_file(session: Session, viewer: Viewer, code: str, *, as_of: date) -> TaskFile:
    """The task with this code. Raises NotFound for one that does not exist or that the viewer may not see."""
    rows, _ = task_rows(session, viewer, as_of=as_of, codes=[code])
    if not rows:
        raise NotFound(words("No task has the code {code}.", code=code))
    number = session.get(CommitteeSession, rows[0].session_id) if rows[0].session_id else None
    return TaskFile(
        rows[0],
        tuple(_cooperating(session, rows[0].version)),
        number.number if number else None,
        session.exec(select(Task.lead_agency_id).where(Task.id == rows[0].version)).first(),
        tuple(_steps(session, code)),
        tuple(_versions(session, viewer, code)),
    )


def task_choices(session: Session, viewer: Viewer, *, on: date) -> Choices:
    """The agencies and officials that can be given a task on that day; none for who may not read files."""
    if not may(viewer, Action.READ_FILES):
        return Choices({}, {})

    def serves(table: Any) -> ColumnElement[bool]:
        begun = or_(col(table.valid_from).is_(None), col(table.valid_from) <= on)
        return and_(begun, or_(col(table.valid_to).is_(None), col(table.valid_to) >= on))

    agencies = select(Agency.code, Agency.name_vi, Agency.name_en).where(serves(Agency)).order_by(Agency.name_vi)
    people = select(Person.id, Person.display_name).where(serves(Person)).order_by(Person.display_name)
    return Choices(
        {code: (vi, en) for code, vi, en in session.exec(agencies)},
        {str(id): name for id, name in session.exec(people)},
    )


def changes_since(session: Session, viewer: Viewer, code: str, version: int) -> VersionRow | None:
    """What was changed in the task after the version that a form showed, taken together; None if nothing was."""
    found = list(_told(session, viewer, code))
    shown = next((values for task, _, values in found if task.id == version), None)
    task, who, now = found[-1] if found else (None, "", {})
    if shown is None or task is None or task.id == version:
        return None
    why = next((each.retract_reason for each, _, _ in found if each.id == version), "")
    return VersionRow(task.id or 0, task.recorded_at, who, why, tuple(_differences(shown, now)))


def board(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    by: str,
    cards: int,
    session_id: int | None = None,
    agency: str | None = None,
) -> list[BoardColumn]:
    """Tasks in columns by "agency" (those under way) or by "status", the most urgent `cards` of each."""
    state = status_on(as_of)
    key: Label[str] = func.coalesce(Agency.code, "").label("key") if by == "agency" else state
    place = func.row_number().over(partition_by=key, order_by=in_order_of_urgency(state)).label("place")
    asked: Any = (
        select(col(Task.code).label("code"), key.label("key"), state, place)
        .outerjoin(Agency, col(Agency.id) == Task.lead_agency_id)
        .where(known(Task, None), col(Task.assigned_on) <= as_of, seen(viewer))
    )
    if by == "agency":
        asked = asked.where(state.element.not_in((TaskStatus.DONE.value, TaskStatus.CANCELLED.value)))
    if session_id is not None:
        asked = asked.where(Task.session_id == session_id)
    if agency:
        asked = asked.where(Agency.code == agency)
    ranked = asked.subquery()
    counted = select(ranked.c.key, ranked.c.status, func.count()).group_by(ranked.c.key, ranked.c.status)
    counts: dict[str, dict[str, int]] = {}
    for name, status, count in session.exec(counted):
        counts.setdefault(name, {})[status] = count
    top = list(session.exec(select(ranked.c.code, ranked.c.key).where(ranked.c.place <= cards)))
    rows, _ = task_rows(session, viewer, as_of=as_of, codes=[code for code, _ in top])
    return list(_columns(session, by, counts, dict(iter(top)), rows))


def _columns(
    session: Session, by: str, counts: dict[str, dict[str, int]], keys: dict[str, str], rows: list[TaskRow]
) -> Iterator[BoardColumn]:
    names = {code: (vi, en) for code, vi, en in session.exec(select(Agency.code, Agency.name_vi, Agency.name_en))}

    def column(key: str) -> BoardColumn:
        found = counts.get(key, {})
        vi, en = names.get(key, ("", "")) if by == "agency" else ("", "")
        own = tuple(row for row in rows if keys[row.code] == key)
        return BoardColumn(key, vi, en, sum(found.values()), found.get(TaskStatus.LATE.value, 0), own)

    if by == "status":
        order = (TaskStatus.LATE, TaskStatus.OPEN, TaskStatus.CLAIMED, TaskStatus.DONE)
        yield from (column(state.value) for state in order)
    else:
        yield from sorted(map(column, counts), key=lambda each: (-each.late, -each.total, each.key))


def _cooperating(session: Session, version: int) -> Iterator[tuple[str, str, str]]:
    asked = (
        select(Agency.code, Agency.name_vi, Agency.name_en)
        .join(TaskAgency, col(TaskAgency.agency_id) == col(Agency.id))
        .where(TaskAgency.task_id == version)
        .order_by(col(Agency.code))
    )
    yield from session.exec(asked)


def _steps(session: Session, code: str) -> Iterator[StepRow]:
    who = names_of_accounts(session)
    asked = select(TaskStep).where(TaskStep.code == code).order_by(col(TaskStep.id).desc())
    for step in session.exec(asked):
        yield StepRow(
            step.kind, step.happened_on, step.claimed_on, step.note, step.evidence, step.recorded_at,
            who.get(step.recorded_by, ""), step.retracted_at, step.retract_reason,
        )  # fmt: skip


def _versions(session: Session, viewer: Viewer, code: str) -> list[VersionRow]:
    rows: list[VersionRow] = []
    before: dict[str, Value] | None = None
    why = ""
    for task, who, values in _told(session, viewer, code):
        fields = () if before is None else tuple(_differences(before, values))
        rows.append(VersionRow(task.id or 0, task.recorded_at, who, why, fields))
        before, why = values, task.retract_reason
    return rows[::-1]


def _told(session: Session, viewer: Viewer, code: str) -> Iterator[tuple[Task, str, dict[str, Value]]]:
    """Every version, the oldest first, with who recorded it and its values in words."""
    who = names_of_accounts(session)
    tasks = session.exec(select(Task).where(Task.code == code, seen(viewer)).order_by(col(Task.id)))
    for task in tasks:
        yield task, who.get(task.recorded_by, ""), _values(session, viewer, task)


def _values(session: Session, viewer: Viewer, task: Task) -> dict[str, Value]:
    lead = session.get(Agency, task.lead_agency_id) if task.lead_agency_id else None
    official = session.get(Person, task.responsible_id) if task.responsible_id else None
    file = session.exec(select(Case.code).where(Case.id == task.case_id, col(Case.id).in_(visible_ids(viewer)))).first()
    held = session.get(CommitteeSession, task.session_id) if task.session_id else None
    named: dict[str, Value] = {
        "lead_agency_id": Names(lead.name_vi, lead.name_en) if lead else None,
        "responsible_id": official.display_name if official else None,
        "case_id": file,
        "session_id": f"{held.number}/{held.term}" if held else None,
        "cooperating": ", ".join(code for code, _, _ in _cooperating(session, task.id or 0)) or None,
    }
    return {name: named.get(name, getattr(task, name, None)) for name in LABELS}


def _differences(before: dict[str, Value], after: dict[str, Value]) -> Iterator[FieldChange]:
    for name, label in LABELS.items():
        if before[name] != after[name]:
            yield FieldChange(name, label, before[name] or None, after[name] or None)
