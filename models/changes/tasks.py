"""What the committee asks of agencies, what they answer, and the secretariat's verdict.

Every change replaces the version that the form showed; if a colleague was faster it raises StaleTask, nothing is saved.
The secretariat records what an agency reports (Action.RECORD), or the agency's focal point does so for the tasks that
his agency leads (Action.ANSWER). A verdict stays with the secretariat.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.changes import _task_versions as versions_of
from models.changes._audit import record
from models.changes._revision import raise_revisions
from models.changes._task_fields import (
    CONTENT_LENGTH,
    EVIDENCE_LENGTH,
    REASON_LENGTH,
    Fields,
    TaskGiven,
    agency_id,
    checked,
    reason_of,
    settled,
)
from models.enums import TaskStepKind
from models.errors import FieldErrors, Forbidden
from models.rules.access import Action, Viewer, may
from models.rules.bounds import LAST_DAY
from models.rules.words import words
from models.tables import Task

__all__ = ["CONTENT_LENGTH", "EVIDENCE_LENGTH", "REASON_LENGTH", "TaskGiven"]

SETTLED = words("This task is done or cancelled already. Take that back first.")


def may_answer(viewer: Viewer, lead_agency_id: int | None) -> bool:
    """Whether `viewer` may report progress and a claim of done for a task that this agency leads."""
    return may(viewer, Action.RECORD) or (may(viewer, Action.ANSWER) and lead_agency_id in viewer.agencies)


def new_task(session: Session, viewer: Viewer, given: TaskGiven, *, now: datetime, today: date) -> Task:
    """A new task with the next code of the year in which it was given. Raises Forbidden, FieldErrors."""
    (task,) = new_tasks(session, viewer, [given], now=now, today=today)
    record(session, viewer, "task_given", f"task:{task.code}", now=now, after=versions_of.facts(task))
    return task


def new_tasks(
    session: Session, viewer: Viewer, given: Sequence[TaskGiven], *, now: datetime, today: date
) -> list[Task]:
    """New tasks as part of a larger change, whose audit row the caller appends. Raises Forbidden, FieldErrors."""
    _require(viewer)
    rows = [checked(session, viewer, each, today=today) for each in given]
    made = []
    for row, helpers in rows:
        (code,) = versions_of.next_codes(session, row["assigned_on"].year)
        task = Task(code=code, **row, recorded_at=now, recorded_by=viewer.account_id)
        versions_of.write(session, task, helpers)
        made.append(task)
    raise_revisions(session, {task.case_id for task in made if task.case_id})
    return made


def correct_task(
    session: Session,
    viewer: Viewer,
    code: str,
    version: int,
    given: TaskGiven,
    *,
    reason: str,
    now: datetime,
    today: date,
) -> Task:
    """Say anew what is asked of whom until when; what was answered stays.

    Raises Forbidden, NotFound, StaleTask, FieldErrors.
    """
    _require(viewer)
    (task,) = versions_of.shown(session, viewer, {code: version})
    why = reason_of(reason)
    row, helpers = checked(session, viewer, given, today=today)
    answered = min((day for day in (task.claimed_on, task.done_on, task.cancelled_on) if day), default=None)
    if answered and row["assigned_on"] > answered:
        raise FieldErrors({"assigned_on": words("This day must not lie after {last}.", last=answered)})
    return _change(session, viewer, task, "task_corrected", row, why, now, cooperating=helpers)


def report_progress(
    session: Session, viewer: Viewer, code: str, version: int, *, said: str, on: date | None, now: datetime, today: date
) -> Task:
    """Note how far the task is. Raises Forbidden, NotFound, StaleTask, FieldErrors."""
    task = _answered(session, viewer, code, version)
    fields = Fields()
    note = fields.text("note", said, CONTENT_LENGTH)
    day = fields.day("on", on, task.assigned_on, today)
    fields.check()
    versions_of.step(session, viewer, task, TaskStepKind.PROGRESS, day, now=now, note=note)
    return _change(session, viewer, task, "task_progress", {"progress": note}, "", now)


def claim_done(
    session: Session,
    viewer: Viewer,
    code: str,
    version: int,
    *,
    on: date | None,
    evidence: str,
    said: str = "",
    now: datetime,
    today: date,
) -> Task:
    """The agency reports the task done on that day, with the document that shows it; the verdict is still to come.

    Raises Forbidden, NotFound, StaleTask, FieldErrors.
    """
    task = _answered(session, viewer, code, version)
    fields = Fields()
    if task.claimed_on:
        fields.refuse("", words("The task is reported done already; the secretariat's verdict is next."))
    day = fields.day("on", on, task.assigned_on, today)
    proof = fields.text("evidence", evidence, EVIDENCE_LENGTH)
    note = fields.text("note", said, CONTENT_LENGTH, needed=False)
    fields.check()
    kept = {"note": note, "evidence": proof, "claimed_on": day}
    versions_of.step(session, viewer, task, TaskStepKind.CLAIMED, day, now=now, **kept)
    changes = {"claimed_on": day, "evidence": proof, "progress": note or task.progress}
    return _change(session, viewer, task, "task_claimed", changes, "", now)


def accept_task(
    session: Session,
    viewer: Viewer,
    code: str,
    version: int,
    *,
    on: date | None,
    note: str = "",
    now: datetime,
    today: date,
) -> Task:
    """The secretariat finds the task done. Raises Forbidden, NotFound, StaleTask, FieldErrors."""
    (task,) = accept_tasks(session, viewer, {code: version}, on=on, note=note, now=now, today=today)
    return task


def return_task(
    session: Session,
    viewer: Viewer,
    code: str,
    version: int,
    *,
    on: date | None,
    reason: str,
    now: datetime,
    today: date,
) -> Task:
    """The secretariat finds the task not done: the claim is returned with the reason and the task goes on.

    Raises Forbidden, NotFound, StaleTask, FieldErrors.
    """
    (task,) = return_tasks(session, viewer, {code: version}, on=on, reason=reason, now=now, today=today)
    return task


def cancel_task(
    session: Session,
    viewer: Viewer,
    code: str,
    version: int,
    *,
    on: date | None,
    reason: str,
    now: datetime,
    today: date,
) -> Task:
    """The task is withdrawn on that day: it counts in no figure from then on.

    Raises Forbidden, NotFound, StaleTask, FieldErrors.
    """
    _require(viewer)
    (task,) = versions_of.shown(session, viewer, {code: version})
    fields = Fields()
    if settled([task]):
        fields.refuse("", SETTLED)
    day = fields.day("on", on, task.assigned_on, today)
    why = fields.text("reason", reason, REASON_LENGTH)
    fields.check()
    versions_of.step(session, viewer, task, TaskStepKind.CANCELLED, day, now=now, note=why)
    return _change(session, viewer, task, "task_cancelled", {"cancelled_on": day}, why, now)


def take_back(session: Session, viewer: Viewer, code: str, version: int, *, reason: str, now: datetime) -> Task:
    """Undo the last claim, verdict or cancellation, which was recorded by mistake; it stays in the history.

    Raises Forbidden, NotFound, StaleTask, FieldErrors.
    """
    _require(viewer)
    (task,) = versions_of.shown(session, viewer, {code: version})
    why = reason_of(reason)
    kind, changes = _last(session, task)
    step = versions_of.last_step(session, code, kind)
    if step is not None:  # a workbook brings the dates without the steps
        step.retracted_at, step.retracted_by, step.retract_reason = now, viewer.account_id, why
        session.add(step)
    return _change(session, viewer, task, "task_taken_back", changes, why, now)


def _last(session: Session, task: Task) -> tuple[TaskStepKind, dict[str, Any]]:
    """What was recorded last, and the columns as they were before it. Raises FieldErrors if there is nothing."""
    if task.cancelled_on:
        return TaskStepKind.CANCELLED, {"cancelled_on": None}
    if task.done_on:
        return TaskStepKind.ACCEPTED, {"done_on": None}
    if task.claimed_on:
        return TaskStepKind.CLAIMED, {"claimed_on": None, "evidence": ""}
    returned = versions_of.last_step(session, task.code, TaskStepKind.RETURNED)
    if returned is None:
        raise FieldErrors({"": words("There is no claim, verdict or cancellation to take back.")})
    return TaskStepKind.RETURNED, {"claimed_on": returned.claimed_on, "evidence": returned.evidence}


# --- many at once ----------------------------------------------------------------------------------------------------


def move_due(
    session: Session,
    viewer: Viewer,
    versions: Mapping[str, int],
    *,
    due_on: date | None,
    reason: str,
    now: datetime,
) -> list[Task]:
    """Another due day for all these tasks (code → version shown), or none of them.

    Raises Forbidden, NotFound, StaleTask, FieldErrors.
    """
    _require(viewer)
    tasks = _open(session, viewer, versions)
    fields = Fields()
    day = fields.day("due_on", due_on, max(task.assigned_on for task in tasks), LAST_DAY)
    why = fields.text("reason", reason, REASON_LENGTH)
    fields.check()
    return _change_many(session, viewer, tasks, "task_due_moved", {"due_on": day}, why, now)


def give_to(
    session: Session,
    viewer: Viewer,
    versions: Mapping[str, int],
    *,
    lead_agency: str,
    reason: str,
    now: datetime,
) -> list[Task]:
    """Another lead agency for all these tasks, or none of them. Raises as `move_due`."""
    _require(viewer)
    tasks = _open(session, viewer, versions)
    lead = agency_id(session, lead_agency)
    return _change_many(session, viewer, tasks, "task_given_to", {"lead_agency_id": lead}, reason_of(reason), now)


def accept_tasks(
    session: Session,
    viewer: Viewer,
    versions: Mapping[str, int],
    *,
    on: date | None,
    note: str = "",
    now: datetime,
    today: date,
) -> list[Task]:
    """All these tasks are found done on that day, or none of them. Raises as `move_due`."""
    _require(viewer)
    tasks = _open(session, viewer, versions)
    fields = Fields()
    day = fields.day("on", on, max(task.claimed_on or task.assigned_on for task in tasks), today)
    said = fields.text("note", note, REASON_LENGTH, needed=False)
    fields.check()
    for task in tasks:
        kept = {"claimed_on": task.claimed_on, "note": said, "evidence": task.evidence}
        versions_of.step(session, viewer, task, TaskStepKind.ACCEPTED, day, now=now, **kept)
    return _change_many(session, viewer, tasks, "task_accepted", {"done_on": day}, said, now)


def return_tasks(
    session: Session,
    viewer: Viewer,
    versions: Mapping[str, int],
    *,
    on: date | None,
    reason: str,
    now: datetime,
    today: date,
) -> list[Task]:
    """The claims of all these tasks are returned with one reason, or none of them. Raises as `move_due`."""
    _require(viewer)
    tasks = _open(session, viewer, versions)
    if unclaimed := [task.code for task in tasks if task.claimed_on is None]:
        raise FieldErrors({"": words("Not reported done, so nothing to return: {codes}.", codes=", ".join(unclaimed))})
    fields = Fields()
    day = fields.day("on", on, max(task.claimed_on or task.assigned_on for task in tasks), today)
    why = fields.text("reason", reason, REASON_LENGTH)
    fields.check()
    for task in tasks:
        kept = {"claimed_on": task.claimed_on, "note": why, "evidence": task.evidence}
        versions_of.step(session, viewer, task, TaskStepKind.RETURNED, day, now=now, **kept)
    return _change_many(session, viewer, tasks, "task_returned", {"claimed_on": None, "evidence": ""}, why, now)


# --- what they share -------------------------------------------------------------------------------------------------


def _require(viewer: Viewer) -> None:
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("Only the secretariat may record tasks."))


def _answered(session: Session, viewer: Viewer, code: str, version: int) -> Task:
    """The task that an answer is recorded of, still under way. Raises Forbidden, NotFound, StaleTask, FieldErrors."""
    if not (may(viewer, Action.RECORD) or may(viewer, Action.ANSWER)):
        raise Forbidden(words("Only the secretariat may record tasks."))
    (task,) = versions_of.shown(session, viewer, {code: version})
    if not may_answer(viewer, task.lead_agency_id):
        raise Forbidden(words("Only the agency that leads the task, or the secretariat, reports on it."))
    if settled([task]):
        raise FieldErrors({"": SETTLED})
    return task


def _open(session: Session, viewer: Viewer, versions: Mapping[str, int]) -> list[Task]:
    """These tasks, all still under way. Raises NotFound, StaleTask, FieldErrors."""
    if not versions:
        raise FieldErrors({"": words("Choose at least one task.")})
    tasks = versions_of.shown(session, viewer, versions)
    if codes := settled(tasks):
        raise FieldErrors({"": words("Done or cancelled already: {codes}.", codes=", ".join(codes))})
    return tasks


def _change(
    session: Session,
    viewer: Viewer,
    task: Task,
    action: str,
    changes: Mapping[str, Any],
    reason: str,
    now: datetime,
    *,
    cooperating: set[int] | None = None,
) -> Task:
    before = versions_of.facts(task)
    new = versions_of.replace(session, viewer, task, changes, reason=reason, now=now, cooperating=cooperating)
    after = versions_of.facts(new) | ({"reason": reason} if reason else {})
    record(session, viewer, action, f"task:{new.code}", now=now, before=before, after=after)
    return new


def _change_many(
    session: Session,
    viewer: Viewer,
    tasks: Sequence[Task],
    action: str,
    changes: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> list[Task]:
    """The same change of each task, one audit row in all."""
    if len(tasks) == 1:
        return [_change(session, viewer, tasks[0], action, changes, reason, now)]
    before = {task.code: {name: getattr(task, name) for name in changes} for task in tasks}
    made = [versions_of.replace(session, viewer, task, changes, reason=reason, now=now) for task in tasks]
    after = {"tasks": sorted(before), **changes, "reason": reason}
    record(session, viewer, action, "tasks", now=now, before=before, after=after)
    return made
