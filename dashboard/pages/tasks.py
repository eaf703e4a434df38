"""Tasks: what the committee asked whom to do by when, in which state they are, and how late."""

from typing import Any, NamedTuple

import streamlit as st

from dashboard.components.address import here
from dashboard.components.chooser import PAGE_ROWS, choose, chosen, leave_empty_page, page_number, page_turner
from dashboard.components.flag_form import acknowledge_task_flags
from dashboard.components.flash import show_flash
from dashboard.components.forms.state import close
from dashboard.components.list_button import list_button, narrowed_words
from dashboard.components.markup import el, link, ready, show
from dashboard.components.page_head import page_head
from dashboard.components.record.links import may_record
from dashboard.components.task_board import task_board
from dashboard.components.task_bulk import bulk_dialog
from dashboard.components.task_detail import task_detail
from dashboard.components.task_form import task_dialog
from dashboard.components.task_list import task_strip, task_table
from dashboard.components.unusable import unusable_filters
from dashboard.context import PageContext
from exports.lists import tasks_list
from models import clock
from models.db import Session, read_session
from models.enums import N_, SessionKind, TaskStatus
from models.queries.task_file import board
from models.queries.tasks import SessionRow, TaskRow, sessions, task_agencies, task_counts, task_rows
from models.rules.access import Action, may
from models.text import clean

VIEWS = {"agency": N_("Board by agency"), "status": N_("Board by state")}
CARDS = 8  # in a column of the board
LONGEST = 40  # characters of a code


class _Asked(NamedTuple):
    """What the address narrows the list to."""

    status: str
    agency: str
    session: str
    waiting: bool

    @property
    def any(self) -> bool:
        return bool(self.status or self.agency or self.session or self.waiting)


def render(ctx: PageContext) -> None:
    """The counts by state, the filters, and the tasks, the late ones first, as a list or as a board."""
    t = ctx.t
    with read_session() as session:
        reads = may(ctx.viewer, Action.READ_COMMITTEE)
        held = {str(row.id): row for row in sessions(session, until=ctx.as_of)} if reads else {}
        agencies = {
            code: en if ctx.language == "en" else vi
            for code, vi, en in task_agencies(session, ctx.viewer, as_of=ctx.as_of)
        }
        asked = _asked(held, agencies)
        number = int(asked.session) if asked.session else None
        counts = task_counts(session, ctx.viewer, as_of=ctx.as_of, session_id=number, agency=asked.agency or None)
        rows, total = _rows(session, ctx, asked)
        view = chosen("view", VIEWS)
        columns = board(
            session, ctx.viewer, as_of=ctx.as_of, by=view, cards=CARDS, session_id=number, agency=asked.agency or None
        ) if view else []  # fmt: skip
        _, waiting = task_rows(session, ctx.viewer, as_of=ctx.as_of, waiting=True, size=1)
    leave_empty_page(rows, total)
    page_head(ctx, t("Tasks"), "/tasks")
    show_flash()
    unusable_filters(ctx, "/tasks", {"status": asked.status, "agency": asked.agency, "session": asked.session})
    task_strip(ctx, counts, asked.status)
    _waiting(ctx, waiting, asked.waiting)
    _filters(ctx, held, agencies)
    _actions(ctx, rows, total)
    if not total:
        st.info(_nothing(ctx, asked.any), icon=":material/info:")
    elif view:
        task_board(ctx, columns, view)
    else:
        task_table(ctx, rows)
        page_turner(total, t)
    if total:
        list_button(ctx, "tasks", lambda: _as_workbook(ctx, asked))
    acknowledge_task_flags(ctx)
    _dialog(ctx, rows)
    ready()


def _asked(held: dict[str, SessionRow], agencies: dict[str, str]) -> _Asked:
    return _Asked(
        chosen("status", {state.value: state for state in TaskStatus}),
        chosen("agency", agencies),
        chosen("session", held),
        chosen("waiting", {"1": True}) == "1",
    )


def _wanted(asked: _Asked) -> dict[str, Any]:
    return {
        "status": TaskStatus(asked.status) if asked.status else None,
        "agency": asked.agency or None,
        "session_id": int(asked.session) if asked.session else None,
        "waiting": asked.waiting,
    }


def _rows(session: Session, ctx: PageContext, asked: _Asked) -> tuple[list[TaskRow], int]:
    return task_rows(session, ctx.viewer, as_of=ctx.as_of, page=page_number(), size=PAGE_ROWS, **_wanted(asked))


def _as_workbook(ctx: PageContext, asked: _Asked) -> bytes:
    """The tasks shown, on all pages of the list."""
    about = narrowed_words(ctx, asked.any)
    return tasks_list(ctx.viewer, as_of=ctx.as_of, about=about, t=ctx.t, now=clock.now(), **_wanted(asked))


def _waiting(ctx: PageContext, waiting: int, chosen: bool) -> None:
    """How many claims wait for a verdict, late ones too: the secretariat's own homework."""
    t = ctx.t
    if chosen:
        said, way = t("Only tasks that wait for the secretariat's verdict."), t("All tasks")
        show(el("p", said, " ", link(here(ctx, "/tasks", waiting=None, page=None), way), class_="note"))
    elif waiting:
        said = t.n("{n} report of done waits for a verdict", "{n} reports of done wait for a verdict", waiting)
        show(el("p", link(here(ctx, "/tasks", waiting="1", status=None, page=None), said), class_="note"))


def _filters(ctx: PageContext, held: dict[str, SessionRow], agencies: dict[str, str]) -> None:
    t = ctx.t
    left, middle, right = st.columns(3)
    with left:
        choose(t("Agency"), "agency", agencies, any_label=t("Any agency"))
    with middle:
        if names := {number: _session_name(ctx, row) for number, row in held.items()}:
            choose(t("Session"), "session", names, any_label=t("Any session"))
    with right:
        choose(t("Shown as"), "view", {view: t(said) for view, said in VIEWS.items()}, any_label=t("List"))


def _actions(ctx: PageContext, rows: list[TaskRow], total: int) -> None:
    """New task, several at once; for those who record, on the present day."""
    if not may_record(ctx):
        return
    t = ctx.t
    with st.container(horizontal=True, key="task_actions"):
        st.button(
            t("New task"), type="primary", icon=":material/add_task:", key="new_task", on_click=_open, args=("new",)
        )
        if total:
            st.button(t("Change several tasks"), icon=":material/checklist:", key="many_tasks", on_click=_open,
                      args=("many",))  # fmt: skip


def _open(form: str) -> None:
    close()
    st.query_params["do"] = form
    st.query_params.pop("task", None)


def _dialog(ctx: PageContext, rows: list[TaskRow]) -> None:
    """The task or the form that the address names: a refreshed page opens it again."""
    asked = st.query_params.get("do", "")
    if code := clean(st.query_params.get("task", "")[:LONGEST]):
        task_detail(ctx, code)
    elif may_record(ctx) and asked == "new":
        task_dialog(ctx, on_dismiss=close)
    elif may_record(ctx) and asked == "many":
        bulk_dialog(ctx, rows)


def _session_name(ctx: PageContext, row: SessionRow) -> str:
    t = ctx.t
    if row.kind is SessionKind.COMMITTEE:
        return t("Session {number} ({term}), {day}", number=row.number, term=row.term, day=row.held_on)
    return t("Standing meeting {number} ({term}), {day}", number=row.number, term=row.term, day=row.held_on)


def _nothing(ctx: PageContext, filtered: bool) -> str:
    if filtered:
        return ctx.t("No task fits these filters. Choose “All tasks” or another agency or session.")
    return ctx.t(
        "No tasks are recorded yet. Record one here, or import them with the sheet “Nhiệm vụ” of the workbook."
    )
