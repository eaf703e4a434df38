"""Coordination requests: who asked whom for what, by when the answer is due, and what is overdue."""

from typing import Any

import streamlit as st

from dashboard.components.chooser import PAGE_ROWS, choose, chosen, leave_empty_page, page_number, page_turner
from dashboard.components.flash import show_flash
from dashboard.components.list_button import list_button, narrowed_words
from dashboard.components.markup import ready, show
from dashboard.components.page_head import page_head
from dashboard.components.request_detail import open_new, request_dialogs
from dashboard.components.request_list import may_record, request_strip, request_table
from dashboard.components.unusable import unusable_filters
from dashboard.context import PageContext
from exports.lists import requests_list
from models import clock
from models.db import read_session
from models.enums import CoordinationState
from models.queries.coordination import asked_agencies, coordination_page


def render(ctx: PageContext) -> None:
    """The counts by state, the agency asked, the requests, and for the secretariat the forms."""
    t = ctx.t
    with read_session() as session:
        agencies = {
            each.code: each.en if ctx.language == "en" else each.vi
            for each in asked_agencies(session, ctx.viewer, as_of=ctx.as_of)
        }
        state, agency = chosen("state", {each.value: each for each in CoordinationState}), chosen("agency", agencies)
        wanted: dict[str, Any] = {"state": CoordinationState(state) if state else None, "agency": agency or None}
        found = coordination_page(session, ctx.viewer, as_of=ctx.as_of, page=page_number(), size=PAGE_ROWS, **wanted)
    leave_empty_page(found.rows, found.total)
    page_head(ctx, t("Coordination"), "/coordination")
    show_flash()
    unusable_filters(ctx, "/coordination", {"state": state, "agency": agency})
    request_strip(ctx, found.counts, state)
    choose(t("Whose answer is awaited"), "agency", agencies, any_label=t("Any agency"))
    if may_record(ctx):
        st.button(
            t("Record a request"), type="primary", icon=":material/outgoing_mail:", key="new_request", on_click=open_new
        )
    if found.total:
        show(request_table(ctx, found.rows))
        page_turner(found.total, t)
        list_button(ctx, "coordination", lambda: _as_workbook(ctx, wanted))
    else:
        st.info(_nothing(ctx, bool(state or agency)), icon=":material/info:")
    request_dialogs(ctx)
    ready()


def _as_workbook(ctx: PageContext, wanted: dict[str, Any]) -> bytes:
    """The requests shown, on all pages of the list."""
    about = narrowed_words(ctx, any(wanted.values()))
    return requests_list(ctx.viewer, as_of=ctx.as_of, about=about, t=ctx.t, now=clock.now(), **wanted)


def _nothing(ctx: PageContext, filtered: bool) -> str:
    if filtered:
        return ctx.t("No request fits these filters. Choose “All requests” or another agency.")
    return ctx.t("No coordination request is recorded yet. The secretariat records them on this page.")
