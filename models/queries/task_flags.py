"""The flags of tasks about no file, and what the rules must know of such tasks."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, true
from sqlmodel import Session, col, select

from models.enums import AgencyKind, FlagRule
from models.queries._versions import names_of_accounts
from models.queries._visible import sees_file, sees_task
from models.queries.cases import FlagRow
from models.queries.facts import known
from models.rules.access import Action, Viewer, may
from models.rules.facts import TaskFact
from models.rules.words import decode
from models.tables import Agency, Case, Flag, Task


def loose_tasks(session: Session, viewer: Viewer, *, as_of: date, codes: Collection[str] = ()) -> dict[str, TaskFact]:
    """By code: tasks about no file whose day was before `as_of` and that were not settled by it; and those of `codes`.

    A task of `codes` that is about a file by now, has no day, or is retracted is not there.
    """
    not_by_then = (or_(column.is_(None), column > as_of) for column in (col(Task.done_on), col(Task.cancelled_on)))
    late = and_(col(Task.due_on) < as_of, *not_by_then)
    asked = (
        select(Task, Agency.kind)
        .outerjoin(Agency, col(Agency.id) == Task.lead_agency_id)
        .where(
            known(Task, None), col(Task.case_id).is_(None), col(Task.due_on).is_not(None), sees_task(viewer),
            or_(late, col(Task.code).in_(codes)),
        )
        .order_by(col(Task.code))
    )  # fmt: skip
    return {
        task.code: TaskFact(task.code, task.origin, task.assigned_on, task.due_on, task.claimed_on, task.done_on,
                            task.cancelled_on, AgencyKind(kind) if kind else None)
        for task, kind in session.exec(asked)
        if task.due_on
    }  # fmt: skip


def open_task_flags(session: Session, viewer: Viewer) -> list[Flag]:
    """The open flags of tasks about no file."""
    asked = select(Flag).where(col(Flag.case_id).is_(None), col(Flag.closed_on).is_(None), _seen(viewer))
    return list(session.exec(asked.order_by(col(Flag.opened_on), col(Flag.subject))))


def task_flag_rows(session: Session, viewer: Viewer, *, open_only: bool = True) -> list[FlagRow]:
    """Flags of tasks about no file, the oldest first; `subject` is the code of the task, `case_code` is empty."""
    asked = (
        select(Flag)
        .where(col(Flag.case_id).is_(None), _seen(viewer))
        .order_by(col(Flag.opened_on), col(Flag.subject), col(Flag.id))
    )
    if open_only:
        asked = asked.where(col(Flag.closed_on).is_(None))
    who = names_of_accounts(session)
    return [
        FlagRow(
            case_code="", rule=flag.rule, opened_on=flag.opened_on, closed_on=flag.closed_on, article=flag.article,
            why=tuple(decode(each) for each in flag.why), id=flag.id or 0, subject=flag.subject, owner=flag.owner,
            acknowledged_at=flag.acknowledged_at, acknowledged_by=who.get(flag.acknowledged_by, ""),
            acknowledged_reason=flag.acknowledged_reason or "", look_again_on=flag.look_again_on,
        )
        for flag in session.exec(asked)
    ]  # fmt: skip


def flags_of_tasks(session: Session, viewer: Viewer, codes: Collection[str], *, as_of: date) -> dict[str, FlagRow]:
    """The flag S8 or S9 that stands on `as_of` for each of these tasks, about a file or about none, by their code."""
    asked = (
        select(Flag, Case.code)
        .join(Task, and_(col(Task.code) == Flag.subject, known(Task, None), _same_file()))
        .outerjoin(Case, col(Case.id) == Flag.case_id)
        .where(
            col(Flag.rule).in_((FlagRule.S8, FlagRule.S9)), col(Flag.subject).in_(codes), sees_task(viewer),
            sees_file(viewer, col(Flag.case_id)),
            col(Flag.opened_on) <= as_of, or_(col(Flag.closed_on).is_(None), col(Flag.closed_on) > as_of),
        )
    )  # fmt: skip
    return {
        flag.subject: FlagRow(code or "", flag.rule, flag.opened_on, flag.closed_on, flag.article,
                              tuple(decode(each) for each in flag.why), id=flag.id or 0, subject=flag.subject)
        for flag, code in session.exec(asked)
    }  # fmt: skip


def _same_file() -> ColumnElement[bool]:
    both = and_(col(Task.case_id).is_(None), col(Flag.case_id).is_(None))
    return or_(col(Task.case_id) == col(Flag.case_id), both)


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on a flag of a task about no file."""
    if may(viewer, Action.READ_ALL):
        return true()
    return col(Flag.subject).in_(select(Task.code).where(known(Task, None), sees_task(viewer)))
