"""The list of open files: searched, narrowed, sorted, fifty a page; a code leads to its file."""

from dataclasses import replace
from datetime import date

import streamlit as st

from dashboard.components.address import address
from dashboard.components.chooser import PAGE_ROWS, leave_empty_page, page_number, page_turner
from dashboard.components.file_table import file_table
from dashboard.components.filters import Choice, asked, filter_bar, filters_by_link, is_narrowed
from dashboard.components.markup import el, link, ready, show
from dashboard.components.page_head import page_head
from dashboard.context import PageContext
from models.db import read_session
from models.queries.cases import Page, case_page, localities
from models.queries.judged import data_version
from models.queries.overview import changes_since
from models.queries.tasks import SessionRow, sessions
from models.rules.access import Viewer
from models.settings import settings

COLUMNS = ("code", "title", "kind", "stage", "owner", "due", "days", "news")
GONE = ("ended", "no_longer_late")  # changes whose files are shown as they stood on the day of the session


def render(ctx: PageContext) -> None:
    """The filters, the count, the table."""
    choice = asked()
    with read_session() as session:
        places = localities(session, ctx.viewer)
        version = data_version(session)
        held = sessions(session, until=ctx.as_of)
    since = next((row for row in held if str(row.id) == st.query_params.get("since")), None)
    if choice.change and since is None:
        choice = choice._replace(change="")
    found = _page(
        settings().database_url, ctx.viewer.scope, version, ctx.as_of, choice, since, page_number(), ctx.viewer
    )
    leave_empty_page(found.rows, found.total)
    page_head(ctx, ctx.t("Cases and incidents"), "/cases")
    filter_bar(ctx, places)
    filters_by_link(ctx, choice, since)
    if choice.change in GONE and since:
        show(el("p", ctx.t("As these files stood on {day}.", day=since.held_on), class_="note"))
    _table(ctx, found)
    ready()


@st.cache_data(max_entries=256, show_spinner=False)
def _page(
    database: str,
    scope: str,
    version: int,
    as_of: date,
    choice: Choice,
    since: SessionRow | None,
    page: int,
    _viewer: Viewer,
) -> Page:
    """One page of the list, asked once for the same data; `database`, `scope` and `version` say which data that is."""
    with read_session() as session:
        wanted, day = choice.wanted, as_of
        if choice.change and since:
            changed = changes_since(session, _viewer, since=since, as_of=as_of)
            wanted = replace(wanted, codes=getattr(changed, choice.change))
            day = since.held_on if choice.change in GONE else as_of
        return case_page(session, _viewer, wanted, as_of=day, sort=choice.sort, page=page, size=PAGE_ROWS)


def _table(ctx: PageContext, found: Page) -> None:
    t = ctx.t
    if not found.total:
        _empty(ctx)
        return
    count = t.n("{n} file", "{n} files", found.total)
    show(el("p", el("b", count, data_figure="cases.total", data_value=found.total), class_="count"))
    show(file_table(ctx, found.rows, COLUMNS, label=t("Cases and incidents")))
    page_turner(found.total, t)


def _empty(ctx: PageContext) -> None:
    t = ctx.t
    if is_narrowed():
        title, said = t("No open file meets these filters."), t("Choose fewer filters, or another day.")
        way = link(address(ctx, "/cases"), t("Show all files"))
    else:
        title = t("No file is open on this day.")
        said = t("Bring in the list of cases and incidents with the page Import.")
        way = link("/import", t("Import"))
    show(el("section", el("h2", title), el("p", said, " ", way), class_="empty"))
