"""The board of tasks: columns by agency or by state, the late ones first, each column with its count."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboard.components.address import here
from dashboard.components.markup import Html, el, link, show
from dashboard.components.task_list import when
from dashboard.context import PageContext
from models.enums import TaskStatus
from models.queries.task_file import BoardColumn
from models.queries.tasks import TaskRow

STYLE = Path(__file__).with_name("task_board.css")
LONGEST = 160  # characters of a task on its card


def task_board(ctx: PageContext, columns: Sequence[BoardColumn], by: str) -> None:
    """Draw the columns; they break where the screen ends. Each card opens its task."""
    with st.container(key="task_board"):
        st.html(STYLE)
        show(el("div", *(_column(ctx, column, by) for column in columns), class_=f"board by-{by}"))


def _column(ctx: PageContext, column: BoardColumn, by: str) -> Html:
    t = ctx.t
    changes = {"agency": column.key} if by == "agency" else {"status": column.key}
    href = here(ctx, "/tasks", view=None, page=None, **changes)
    head = el("h3", link(href, _name(ctx, column, by)) if column.key else _name(ctx, column, by))
    late = el("b", t("{n} late", n=column.late), class_="late") if column.late and by == "agency" else ""
    total = t.n("{n} task", "{n} tasks", column.total)
    counts = el("p", total, " · " if late else "", late, class_="counts")
    more = column.total - len(column.rows)
    rest = el("p", link(href, t("and {n} more", n=more)), class_="more") if more > 0 and column.key else ""
    cards = [_card(ctx, row, by) for row in column.rows]
    return el("section", head, counts, *cards, rest, class_="column", data_column=column.key, data_total=column.total)


def _name(ctx: PageContext, column: BoardColumn, by: str) -> str:
    if by == "status":
        return ctx.t.label(TaskStatus(column.key))
    return (column.name_en if ctx.language == "en" else column.name_vi) or ctx.t("No agency named")


def _card(ctx: PageContext, row: TaskRow, by: str) -> Html:
    content = row.content if len(row.content) <= LONGEST else f"{row.content[:LONGEST].rstrip()}…"
    agency = row.agency_en if ctx.language == "en" else row.agency_vi
    state = agency if by == "status" else ctx.t.label(row.status)
    late = "late" if row.status is TaskStatus.LATE else None
    return el(
        "article",
        link(here(ctx, "/tasks", task=row.code), row.code),
        el("p", content),
        el("small", " · ".join(part for part in (state, when(ctx, row)) if part), class_=late),
        class_="card-task",
        data_code=row.code,
    )
