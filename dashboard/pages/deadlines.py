"""Time limits: every open file in exactly one bucket, and the files of the chosen one, agency by agency."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby

import streamlit as st

from dashboard.components.buckets import strip, sum_line
from dashboard.components.chooser import PAGE_ROWS, chosen, leave_empty_page, page_number, page_turner
from dashboard.components.figures import article
from dashboard.components.file_table import Cell, file_table
from dashboard.components.markup import NOTHING, el, join, ready, show
from dashboard.components.page_head import page_head
from dashboard.components.watch import Watch, judged_line, watch_note
from dashboard.context import PageContext
from models.db import read_session
from models.enums import N_, Bucket
from models.queries.cases import CaseFilter, FileRow, Page, case_page
from models.queries.figures import Figures, day_figures
from models.queries.judged import data_version, is_fresh, scan_state
from models.queries.limits import running_limits
from models.queries.runs import missing_or_failed
from models.rules.access import Viewer
from models.rules.deadlines import Due
from models.settings import settings

COLUMNS = ("file", "clock", "start", "limit", "extensions", "due", "days", "doubts")
UNDATED = ("file", "stage", "news", "doubts")
WORST_FIRST = (
    Bucket.OVERDUE_OVER_365, Bucket.OVERDUE_91_365, Bucket.OVERDUE_31_90, Bucket.OVERDUE_1_30, Bucket.DUE_SOON,
    Bucket.CANNOT_TELL, Bucket.ON_TIME, Bucket.PAUSED, Bucket.NO_LIMIT,
)  # fmt: skip


def render(ctx: PageContext) -> None:
    """The strip that adds up, then the files of the bucket."""
    with read_session() as session:
        version, scan = data_version(session), scan_state(session)
        problems = missing_or_failed(session, now=ctx.now)
        holds = is_fresh(session, ctx.as_of)
    asked = (settings().database_url, ctx.viewer.scope, version, ctx.as_of)
    figures = _figures(*asked, ctx.viewer)
    bucket = _bucket(figures)
    found = _files(*asked, bucket, page_number(), ctx.viewer)
    leave_empty_page(found.rows, found.total)
    limits = _limits(*asked, tuple(row.code for row in found.rows if row.due_on), ctx.viewer)
    page_head(ctx, ctx.t("Deadlines"), "/deadlines")
    watch = Watch(scan.as_of if scan else None, scan.written_at if scan else None, holds, problems)
    show(watch_note(ctx, watch), strip(ctx, figures, bucket))
    show(el("p", sum_line(ctx, figures), " ", judged_line(ctx, watch), class_="sum"))
    _table(ctx, bucket, found, limits)
    ready()


@st.cache_data(max_entries=64, show_spinner=False)
def _figures(database: str, scope: str, version: int, as_of: date, _viewer: Viewer) -> Figures:
    """The figures of the day, asked once for the same data."""
    with read_session() as session:
        return day_figures(session, _viewer, as_of=as_of)


@st.cache_data(max_entries=256, show_spinner=False)
def _files(
    database: str, scope: str, version: int, as_of: date, bucket: Bucket, page: int, _viewer: Viewer
) -> Page:
    """A page of the bucket's files, by agency and then by days late."""
    with read_session() as session:
        wanted = CaseFilter(bucket=bucket)
        return case_page(session, _viewer, wanted, as_of=as_of, sort="owner", page=page, size=PAGE_ROWS)


def _limits(
    database: str, scope: str, version: int, as_of: date, codes: tuple[str, ...], viewer: Viewer
) -> dict[str, Due]:
    with read_session() as session:
        return running_limits(session, viewer, codes, as_of=as_of)


def _bucket(figures: Figures) -> Bucket:
    """The bucket named in the address, else the worst one that holds a file."""
    asked = chosen("bucket", dict.fromkeys(Bucket))
    if asked:
        return Bucket(asked)
    return next((bucket for bucket in WORST_FIRST if figures.value(f"bucket.{bucket}")), Bucket.ON_TIME)


def _table(ctx: PageContext, bucket: Bucket, found: Page, limits: Mapping[str, Due]) -> None:
    t = ctx.t
    count = t.n("{n} file", "{n} files", found.total)
    show(el("h2", t.label(bucket), ": ", el("span", count, data_figure="deadlines.total", data_value=found.total)))
    if not found.total:
        show(el("p", t("No file is in this bucket."), class_="quiet"))
        return
    for owner, rows in groupby(found.rows, key=lambda row: row.owner):
        files = list(rows)
        columns = COLUMNS if any(row.due_on for row in files) else UNDATED
        show(
            el("h3", t.label(owner), class_="group"),
            file_table(ctx, files, columns, label=t.label(owner), own=_own(limits)),
        )
    page_turner(found.total, t)


def _own(limits: Mapping[str, Due]) -> dict[str, tuple[str, Cell]]:
    def limit(ctx: PageContext, row: FileRow) -> str:
        due = limits.get(row.code)
        return join([ctx.t.words(due.base.words()) if due else "–", el("small", article(ctx.t, row.article))])

    def extensions(ctx: PageContext, row: FileRow) -> str:
        due = limits.get(row.code)
        if due is None or not due.extensions:
            return "–"
        more = el("small", ctx.t("more than the article allows"), class_="late") if due.excess else NOTHING
        return join([" + ".join(ctx.t.words(length.words()) for length in due.extensions), more])

    return {"limit": (N_("Limit"), limit), "extensions": (N_("Extensions"), extensions)}
