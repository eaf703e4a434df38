"""What the viewer has typed into forms and not yet saved; nobody sees the drafts of another."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from models.queries._visible import visible_ids
from models.rules.access import Action, Viewer, may
from models.settings import settings
from models.tables import Case, FormDraft


class Draft(NamedTuple):
    """A form as it was left; `revision` is the file's when the form was first shown."""

    token: str
    form: str
    subject: str
    values: dict[str, Any]
    revision: int | None
    saved_at: datetime


def draft_of(session: Session, viewer: Viewer, form: str, subject: str, *, now: datetime) -> Draft | None:
    """The viewer's own unsent draft of this form, if there is one that may still be shown."""
    drafts = _unsent(session, viewer, now)
    return next((draft for draft in drafts if (draft.form, draft.subject) == (form, subject)), None)


def drafts_of_file(session: Session, viewer: Viewer, code: str, *, now: datetime) -> list[Draft]:
    """The viewer's own unsent drafts about a file, newest first."""
    return [draft for draft in _unsent(session, viewer, now) if code_of(draft.subject) == code]


def code_of(subject: str) -> str:
    """The file that `case:VA-1/12` is about; "" for a form about no file. A stroke in the code stands as `%2F`."""
    about = subject.partition("/")[0]
    return about.removeprefix("case:").replace("%2F", "/").replace("%25", "%") if about.startswith("case:") else ""


def _unsent(session: Session, viewer: Viewer, now: datetime) -> list[Draft]:
    """All drafts of the viewer that are not too old and about no file that is closed to them, newest first."""
    if viewer.account_id is None or not (may(viewer, Action.RECORD) or may(viewer, Action.ANSWER)):
        return []
    asked = (
        select(FormDraft)
        .where(FormDraft.account_id == viewer.account_id, col(FormDraft.submitted_at).is_(None))
        .where(FormDraft.saved_at >= now - timedelta(days=settings().draft_days))
        .order_by(col(FormDraft.saved_at).desc(), col(FormDraft.id).desc())
    )
    drafts = [
        Draft(row.token, row.form, row.subject, dict(row.values), row.revision, row.saved_at)
        for row in session.exec(asked)
    ]
    codes = {code for draft in drafts if (code := code_of(draft.subject))}
    seen = set(session.exec(select(Case.code).where(col(Case.code).in_(codes), col(Case.id).in_(visible_ids(viewer)))))
    return [draft for draft in drafts if not code_of(draft.subject) or code_of(draft.subject) in seen]
