"""Time limits: every open file in exactly one bucket, the files of a bucket, agency or clock, and what is due when."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from dashboard.components.answers import (
    PAGE_ROWS,
    Source,
    days_due_of,
    due_items_of,
    figures_of,
    files_of,
    limits_of,
    rules_of,
    source_of,
)
from dashboard.components.board import Board, asked_board, board_bar, narrowed_line, used
from dashboard.components.buckets import strip, sum_line
from dashboard.components.chooser import leave_empty_page, page_number, page_turner
from dashboard.components.due_items import counted, days_shown, items_table
from dashboard.components.file_table import file_table
from dashboard.components.limit_columns import limit_columns
from dashboard.components.markup import el, ready, show
from dashboard.components.month_calendar import calendar_note, files_shown, late_above, month_head, month_table
from dashboard.components.page_head import page_head
from dashboard.components.unusable import unusable_filters
from dashboard.components.watch import judged_line, watch_note, watch_of
from dashboard.context import PageContext
from models.db import read_session
from models.queries.cases import FileRow, Page
from models.queries.reference import calendar
from models.rules.clocks import name_of

DATED = ("file", "clock", "start", "limit", "extensions", "last_day", "days", "doubts")
UNDATED = ("file", "stage", "news", "doubts")
LATE_NAMED = 8  # late files named above the calendar


def render(ctx: PageContext) -> None:
    """List or calendar, the boxes that narrow them, and what they show."""
    with read_session() as session:
        source = source_of(session, ctx)
        watch = watch_of(session, ctx)
    figures, rules = figures_of(source, ctx.viewer), rules_of(source, ctx.viewer)
    board = asked_board(ctx, figures, rules)
    page_head(ctx, ctx.t("Deadlines"), "/deadlines")
    unusable_filters(ctx, "/deadlines", used(rules))
    show(watch_note(ctx, watch))
    if board.view == "list" and not board.of_all:
        line = el("p", sum_line(ctx, figures), " ", judged_line(ctx, watch), class_="sum")
        show(strip(ctx, figures, board.wanted.bucket), line)
    board_bar(ctx, board, rules)
    narrowed_line(ctx, board)
    if board.of_all:
        _everything(ctx, source, board)
    elif board.view == "month":
        _month(ctx, source, board)
    else:
        _list(ctx, source, board)
    ready()


def _list(ctx: PageContext, source: Source, board: Board) -> None:
    found = files_of(source, board.listed, board.sort, page_number(), "", None, ctx.viewer)
    leave_empty_page(found.rows, found.total)
    t, bucket = ctx.t, board.wanted.bucket
    number = el(
        "span",
        t.n("{n} file", "{n} files", found.total),
        data_figure="deadlines.total",
        data_value=found.total,
    )
    name = t.label(bucket) if bucket else t("Open files")
    show(el("h2", name, ": ", number, class_="bucket"))
    if not found.total:
        nothing = t("No file is in this bucket.") if bucket else t("No open file meets these filters.")
        show(el("p", nothing, class_="quiet"))
        return
    columns = _columns(board) if any(row.due_on for row in found.rows) else UNDATED
    own = limit_columns(limits_of(source, found, ctx.viewer))
    show(file_table(ctx, found.rows, columns, label=name, own=own, group=_group(ctx, board)))
    page_turner(found.total, t, size=PAGE_ROWS)


def _columns(board: Board) -> tuple[str, ...]:
    """The columns of files with a limit; whose move it is and the clock, unless they stand above the rows."""
    if board.sort == "rule":
        return tuple("owner" if name == "clock" else name for name in DATED)
    shows_owner = board.sort == "bucket" and not board.wanted.owner
    return ("file", "owner", *DATED[1:]) if shows_owner else DATED


def _group(ctx: PageContext, board: Board) -> Callable[[FileRow], str]:
    """The name of the part of the list that a file belongs to."""
    t = ctx.t
    if board.sort == "owner":
        return lambda row: t.label(row.owner)
    if board.sort == "rule":
        return lambda row: t.words(name_of(row.rule)) if row.rule else t("No limit runs")
    return lambda row: t.label(row.bucket)


def _month(ctx: PageContext, source: Source, board: Board) -> None:
    due = days_due_of(source, board.listed, ctx.viewer)
    late: Page = files_of(source, replace(board.wanted, late=True), "due", 1, "", None, ctx.viewer)
    with read_session() as session:
        known = calendar(session)
    show(
        late_above(ctx, late, LATE_NAMED),
        month_head(ctx, board.month, sum(page.total for page in due.values())),
        calendar_note(ctx, board.month, known),
        month_table(ctx, board.month, files_shown(ctx, due), known),
        el("p", ctx.t("A file stands on the last day of the limit that decides about it."), class_="quiet"),
    )


def _everything(ctx: PageContext, source: Source, board: Board) -> None:
    """All clocks, tasks and replies of a month, as a calendar or as a list; of one day, when the address names one."""
    first, last = board.days
    with st.spinner(ctx.t("Reading every clock of the month …")):
        found = due_items_of(source, board.wanted, first, last, ctx.viewer)
    show(month_head(ctx, board.month, len(found), of_all=True), counted(ctx, found))
    if board.view == "list":
        leave_empty_page(found[(page_number() - 1) * PAGE_ROWS :], len(found))
        if found:
            items_table(ctx, found, page_number())
            page_turner(len(found), ctx.t, size=PAGE_ROWS)
        return
    with read_session() as session:
        known = calendar(session)
    show(calendar_note(ctx, board.month, known), month_table(ctx, board.month, days_shown(ctx, found), known))
    show(el("p", ctx.t("Dotted line: a clock beside the deciding limit, a task, or a reply."), class_="quiet"))
