"""What the forms of a session share: the session as it stands, and what a colleague changed in it meanwhile."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from dashboard.components.acts import Act, Rows, plainly
from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.db import Session, read_session
from models.queries.sessions import SessionFile, session_file

Shown = Callable[[PageContext, str, Any], str]  # a field's value for people


def file_of(ctx: PageContext, session_id: int) -> SessionFile:
    """The session as it stands now."""
    with read_session() as session:
        return session_file(session, ctx.viewer, session_id, as_of=ctx.as_of)


def session_act(
    title: str,
    start: Callable[[PageContext], dict[str, Any]],
    draw: Callable[[PageContext, Form], None],
    save: Callable[[PageContext, Session, Form, datetime], str],
    labels: dict[str, str],
    shown: Shown,
) -> Act:
    """A form that changes something of a session, and shows what a colleague changed of it meanwhile."""
    return Act(title, start, draw, save, labels=labels, theirs=theirs_of(start, labels, shown), shown=shown)


def theirs_of(start: Callable[[PageContext], dict[str, Any]], labels: dict[str, str], shown: Shown = plainly) -> Any:
    """What the form would begin with now, against what it began with."""

    def theirs(ctx: PageContext, form: Form) -> tuple[str, Rows]:
        t, now = ctx.t, start(ctx)
        rows: Rows = [
            (t(label), shown(ctx, name, form.start.get(name)), shown(ctx, name, now.get(name)))
            for name, label in labels.items()
            if (form.start.get(name) or None) != (now.get(name) or None)
        ]
        return t("A colleague changed this session while you had it open. Nothing of yours is saved yet."), rows

    return theirs
