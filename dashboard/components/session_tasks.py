"""The one click that makes a task of a line of the conclusions, or of all of them."""

import streamlit as st

from dashboard.components.acts import today_of
from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models import clock
from models.changes.conclusions import turn_into_tasks
from models.db import read_session, transaction
from models.errors import FieldErrors, NotFound, StaleSession
from models.queries.sessions import session_file

ASKED = "session_tasks"  # what the button that was pressed asks the next run of the page to do


def ask_for_tasks(session_id: int, version: int, item_no: int | None) -> None:
    """What the button calls; the page does it after it has made sure who is looking."""
    st.session_state[ASKED] = [session_id, version, item_no]


def make_asked_tasks(ctx: PageContext) -> None:
    """Make the tasks that were asked for, once."""
    asked = st.session_state.pop(ASKED, None)
    if asked is None:
        return
    session_id, version, item_no = asked
    items, now, t = None if item_no is None else [item_no], clock.now(), ctx.t
    try:
        with transaction() as session:
            made = turn_into_tasks(session, ctx.viewer, session_id, version, items=items, now=now, today=today_of(now))
    except StaleSession as stale:
        if not _are_tasks(ctx, session_id, item_no):  # a double click finds its own work done
            flash(escape_markdown(t.words(stale.words)), "warning")
    except FieldErrors as refused:
        if not (set(refused.fields) == {""} and _are_tasks(ctx, session_id, item_no)):
            flash(escape_markdown(" ".join(t.words(said) for said in refused.fields.values())), "error")
    except NotFound as error:
        flash(escape_markdown(t.words(error.words)), "error")
    else:
        codes = ", ".join(task.code for task in made)
        said = t.n("{n} task is recorded: {codes}.", "{n} tasks are recorded: {codes}.", len(made), codes=codes)
        flash(escape_markdown(said))


def _are_tasks(ctx: PageContext, session_id: int, item_no: int | None) -> bool:
    with read_session() as session:
        lines = session_file(session, ctx.viewer, session_id, as_of=ctx.today).conclusions
    wanted = [line for line in lines if item_no in (None, line.item_no)]
    return bool(wanted) and all(line.is_task for line in wanted)
