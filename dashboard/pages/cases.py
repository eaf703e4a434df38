"""The list of open files: searched, narrowed, sorted, fifty a page; a code leads to its file."""

from datetime import date

import streamlit as st

from dashboard.components.address import address
from dashboard.components.answers import GONE, PAGE_ROWS, files_of, narrowed_by_change, places_of, source_of
from dashboard.components.chooser import leave_empty_page, page_number, page_turner
from dashboard.components.file_table import file_table, news_until
from dashboard.components.filters import Choice, asked, filter_bar, filters_by_link, is_narrowed, used
from dashboard.components.list_button import list_button, narrowed_words
from dashboard.components.markup import el, link, ready, show
from dashboard.components.nothing_open import nothing_open
from dashboard.components.page_head import page_head
from dashboard.components.record.links import new_file_link
from dashboard.components.unusable import unusable_filters
from dashboard.context import PageContext
from exports.lists import files_list
from models import clock
from models.db import read_session
from models.queries.cases import Page
from models.queries.tasks import SessionRow, sessions
from models.rules.access import Action, may

COLUMNS = ("code", "title", "kind", "stage", "owner", "due", "days", "news")


def render(ctx: PageContext) -> None:
    """The filters, the count, the table."""
    with read_session() as session:
        source = source_of(session, ctx)
        since = _since(sessions(session, until=ctx.as_of) if may(ctx.viewer, Action.READ_COMMITTEE) else [])
    choice = asked()
    change = choice.change if since else ""
    found = files_of(source, choice.wanted, choice.sort, page_number(), change, since, ctx.viewer)
    leave_empty_page(found.rows, found.total)
    page_head(ctx, ctx.t("Cases and incidents"), "/cases")
    show(new_file_link(ctx))
    unusable_filters(ctx, "/cases", used(choice, since))
    filter_bar(ctx, places_of(source, ctx.viewer))
    filters_by_link(ctx, choice, since)
    gone_since = since.held_on if since and change in GONE else None
    if gone_since:
        show(el("p", ctx.t("As these files stood on {day}.", day=gone_since), class_="note"))
    if found.total:
        _table(ctx, found, gone_since or ctx.as_of)
        list_button(ctx, "files", lambda: _as_workbook(ctx, choice, since))
    else:
        _empty(ctx)
    ready()


def _as_workbook(ctx: PageContext, choice: Choice, since: SessionRow | None) -> bytes:
    """The files shown, on all pages of the list."""
    with read_session() as session:
        change = choice.change if since else ""
        wanted, day = narrowed_by_change(session, ctx.viewer, choice.wanted, change, since, ctx.as_of)
    about = narrowed_words(ctx, is_narrowed())
    return files_list(ctx.viewer, wanted, as_of=day, sort=choice.sort, about=about, t=ctx.t, now=clock.now())


def _since(held: list[SessionRow]) -> SessionRow | None:
    asked_for = st.query_params.get("since", "")
    return next((row for row in held if str(row.id) == asked_for), None)


def _table(ctx: PageContext, found: Page, day: date) -> None:
    t = ctx.t
    count = t.n("{n} file", "{n} files", found.total)
    show(el("p", el("b", count, data_figure="cases.total", data_value=found.total), class_="count"))
    own = {"news": news_until(day)}
    show(file_table(ctx, found.rows, COLUMNS, label=t("Cases and incidents"), own=own))
    page_turner(found.total, t, size=PAGE_ROWS)


def _empty(ctx: PageContext) -> None:
    t = ctx.t
    if not is_narrowed():
        show(nothing_open(ctx))
        return
    title, said = t("No open file meets these filters."), t("Choose fewer filters, or another day.")
    way = link(address(ctx, "/cases"), t("Show all files"))
    show(el("section", el("h2", title), el("p", said, " ", way), class_="empty"))
