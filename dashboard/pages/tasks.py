"""Tasks: what the committee asked whom to do by when, in which state they are, and how late."""

import streamlit as st

from dashboard.components.chooser import PAGE_ROWS, choose, chosen, leave_empty_page, page_number, page_turner
from dashboard.components.markup import ready
from dashboard.components.page_head import page_head
from dashboard.components.task_list import task_strip, task_table
from dashboard.components.unusable import unusable_filters
from dashboard.context import PageContext
from models.db import read_session
from models.enums import SessionKind, TaskStatus
from models.queries.tasks import (
    SessionRow,
    sessions,
    task_agencies,
    task_counts,
    task_rows,
)


def render(ctx: PageContext) -> None:
    """The counts by state, the filters, and the tasks, the late ones first."""
    t = ctx.t
    with read_session() as session:
        held = {str(row.id): row for row in sessions(session, until=ctx.as_of)}
        agencies = {
            code: en if ctx.language == "en" else vi
            for code, vi, en in task_agencies(session, ctx.viewer, as_of=ctx.as_of)
        }
        status = chosen("status", {state.value: state for state in TaskStatus})
        agency, of = chosen("agency", agencies), chosen("session", held)
        number = int(of) if of else None
        counts = task_counts(session, ctx.viewer, as_of=ctx.as_of, session_id=number, agency=agency or None)
        rows, total = task_rows(
            session,
            ctx.viewer,
            as_of=ctx.as_of,
            status=TaskStatus(status) if status else None,
            agency=agency or None,
            session_id=number,
            page=page_number(),
            size=PAGE_ROWS,
        )
    leave_empty_page(rows, total)
    page_head(ctx, t("Tasks"), "/tasks")
    unusable_filters(ctx, "/tasks", {"status": status, "agency": agency, "session": of})
    task_strip(ctx, counts, status)
    _filters(ctx, held, agencies)
    if not total:
        st.info(_nothing(ctx, bool(status or agency or of)), icon=":material/info:")
    else:
        task_table(ctx, rows)
        page_turner(total, t)
    ready()


def _filters(ctx: PageContext, held: dict[str, SessionRow], agencies: dict[str, str]) -> None:
    t = ctx.t
    left, right = st.columns(2)
    with left:
        choose(t("Agency"), "agency", agencies, any_label=t("Any agency"))
    with right:
        names = {number: _session_name(ctx, row) for number, row in held.items()}
        choose(t("Session"), "session", names, any_label=t("Any session"))


def _session_name(ctx: PageContext, row: SessionRow) -> str:
    t = ctx.t
    if row.kind is SessionKind.COMMITTEE:
        return t("Session {number} ({term}), {day}", number=row.number, term=row.term, day=row.held_on)
    return t("Standing meeting {number} ({term}), {day}", number=row.number, term=row.term, day=row.held_on)


def _nothing(ctx: PageContext, filtered: bool) -> str:
    if filtered:
        return ctx.t("No task fits these filters. Choose “All tasks” or another agency or session.")
    return ctx.t("No tasks are recorded yet. They come in with the sheet “Nhiệm vụ” of the import workbook.")
