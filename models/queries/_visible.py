"""The only place that decides, in SQL, who sees which files, tasks and coordination requests.

models.rules.access.may_see says of a file the same in plain Python. The lists of hidden files are short and name no
outer row: a database reads them once per question.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, true, union_all
from sqlalchemy import select as sql
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.enums import FlagRule, Secrecy
from models.rules.access import Action, Viewer, may
from models.tables import (
    Attachment,
    Case,
    CaseDetail,
    CoordinationRequest,
    FileSecrecy,
    Flag,
    Restriction,
    RestrictionReader,
    Task,
    TaskAgency,
)

__all__ = ["visible_cases", "visible_ids"]


def sees(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Case: true if, and only if, `viewer` may see the file."""
    if not may(viewer, Action.READ_FILES):
        return false()
    if viewer.sees_everything:
        return true()
    shown = col(Case.id).not_in(_hidden(viewer))
    return shown if may(viewer, Action.READ_ALL) else and_(col(Case.id).in_(_concerned(viewer)), shown)


def sees_file(viewer: Viewer, case_id: Any) -> ColumnElement[bool]:
    """Condition on a row that may be about a file, by the column with its id: about none, or one that is seen."""
    if not may(viewer, Action.READ_FILES):
        return false()
    if viewer.sees_everything:
        return true()
    if may(viewer, Action.READ_ALL):
        return or_(case_id.is_(None), case_id.not_in(_hidden(viewer)))
    return or_(case_id.is_(None), case_id.in_(visible_ids(viewer)))


def sees_task(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Task: an agency sees the tasks that it leads or cooperates in, others all; not of hidden files."""
    shown = sees_file(viewer, col(Task.case_id))
    return shown if may(viewer, Action.READ_ALL) else and_(shown, _of_agencies(viewer))


def sees_flag(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Flag, of a file that is seen: one about a task is seen by who sees the task."""
    if may(viewer, Action.READ_ALL):
        return true()
    own = sql(col(Task.code)).where(col(Task.retracted_at).is_(None), sees_task(viewer))
    return or_(col(Flag.rule).not_in((FlagRule.S8, FlagRule.S9)), col(Flag.subject).in_(own))


def sees_request(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on CoordinationRequest: an agency sees those from and to it, others all; not of hidden files."""
    shown = sees_file(viewer, col(CoordinationRequest.case_id))
    return shown if may(viewer, Action.READ_ALL) else and_(shown, _between(viewer))


def sees_document(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Attachment, of a file that is seen: the viewer is cleared for its level."""
    return true() if viewer.sees_everything else col(Attachment.secrecy).in_(_cleared(viewer))


def visible_cases(viewer: Viewer) -> SelectOfScalar[Case]:
    """The files `viewer` may see, and no others."""
    return select(Case).where(sees(viewer))


def visible_ids(viewer: Viewer) -> SelectOfScalar[int | None]:
    """The ids of the files `viewer` may see, for `IN` conditions on their facts."""
    return select(col(Case.id)).where(sees(viewer))


def hides_some(session: Session, viewer: Viewer) -> bool:
    """Whether there is any file, or any document of a file, that `viewer` may not see."""
    if not may(viewer, Action.READ_ALL):
        return True
    if viewer.sees_everything:
        return False
    if session.connection().execute(_hidden(viewer).limit(1)).first() is not None:
        return True
    secret = sql(col(Attachment.id)).where(col(Attachment.retracted_at).is_(None), ~sees_document(viewer))
    return session.connection().execute(secret.limit(1)).first() is not None


def _hidden(viewer: Viewer) -> Any:
    """SELECT of the files that are restricted to others, and of those whose level is above the viewer's clearance."""
    restricted = sql(col(Restriction.case_id)).where(col(Restriction.retracted_at).is_(None))
    if viewer.listed:
        own = sql(col(RestrictionReader.restriction_id)).where(
            col(RestrictionReader.account_id) == viewer.account_id, col(RestrictionReader.retracted_at).is_(None)
        )
        restricted = restricted.where(col(Restriction.id).not_in(own))
    above = sql(col(FileSecrecy.case_id)).where(
        col(FileSecrecy.retracted_at).is_(None), col(FileSecrecy.level).not_in(_cleared(viewer))
    )
    return union_all(restricted, above)


def _cleared(viewer: Viewer) -> list[Secrecy]:
    return [level for level in Secrecy if viewer.is_cleared(level)]


def _concerned(viewer: Viewer) -> Any:
    """SELECT of the files that concern one of the viewer's agencies."""
    led = sql(col(CaseDetail.case_id)).where(
        col(CaseDetail.retracted_at).is_(None), col(CaseDetail.lead_agency_id).in_(viewer.agencies)
    )
    task = _about_file(Task, _of_agencies(viewer))
    return union_all(led, task, _about_file(CoordinationRequest, _between(viewer)))


def _about_file(table: Any, condition: ColumnElement[bool]) -> Select[Any]:
    return sql(col(table.case_id)).where(col(table.retracted_at).is_(None), col(table.case_id).is_not(None), condition)


def _of_agencies(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Task: one of the viewer's agencies leads or cooperates."""
    helped = sql(col(TaskAgency.task_id)).where(col(TaskAgency.agency_id).in_(viewer.agencies))
    return or_(col(Task.lead_agency_id).in_(viewer.agencies), col(Task.id).in_(helped))


def _between(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on CoordinationRequest: one of the viewer's agencies asks or is asked."""
    asks, asked = col(CoordinationRequest.from_agency_id), col(CoordinationRequest.to_agency_id)
    return or_(asks.in_(viewer.agencies), asked.in_(viewer.agencies))
