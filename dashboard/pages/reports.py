"""Reports: choose one, look at its figures, make the Word file; below, the papers issued so far with their proof."""

from datetime import date

import streamlit as st

from dashboard.components.figures_table import figures_by_group
from dashboard.components.issued_papers import check_paper, issued_table
from dashboard.components.markup import escape_markdown, ready, use_style
from dashboard.components.report_order import Wanted, order_form, period_title, wanted
from dashboard.components.report_paper import word_file
from dashboard.components.session_changes import session_changes
from dashboard.context import PageContext
from models.db import read_session
from models.errors import Forbidden
from models.queries.figures import Figures
from models.queries.judged import data_version
from models.queries.period_figures import report_figures
from models.queries.reports import issued_reports
from models.queries.tasks import committee_sessions
from models.rules.access import Action, may
from models.rules.periods import parse_period
from models.rules.words import Refusal
from models.settings import settings

LISTED = 50


def render(ctx: PageContext) -> None:
    """The order, its preview and its paper; then the register."""
    if not may(ctx.viewer, Action.REPORT):
        raise Forbidden("reports")
    t = ctx.t
    with read_session() as session:
        held = [row for row in committee_sessions(session, planned=True) if row.term == settings().term]
        papers = issued_reports(session, ctx.viewer, limit=LISTED)
        version = data_version(session)
    use_style()
    st.title(t("Reports"), anchor=False)
    order_form(ctx, held)
    try:
        found = wanted(ctx, held)
    except Refusal as refusal:
        st.error(escape_markdown(t.words(refusal.words)), icon=":material/error:")
    else:
        if found:
            _head(ctx, found)
            word_file(ctx, found)
            _preview(ctx, found, version)
    st.subheader(t("Papers issued"), anchor=False)
    if papers:
        issued_table(ctx, papers, version)
    else:
        st.caption(t("No paper was issued yet. Choose a report above and make its Word file."))
    with st.expander(t("Check a Word file"), icon=":material/policy:"):
        check_paper(ctx)
    ready()


def _head(ctx: PageContext, found: Wanted) -> None:
    t = ctx.t
    st.subheader(t("{kind}: {period}", kind=found.kind, period=period_title(found)), anchor=False)
    st.caption(t("Figures as of {day}, as known now. Each can be traced to its records.", day=found.as_of))


def _preview(ctx: PageContext, found: Wanted, version: int) -> None:
    t = ctx.t
    with st.spinner(t("Counting …")):
        figures = _figures(ctx.viewer.scope, version, found.period.text, found.as_of, _ctx=ctx)
        if found.since:
            session_changes(ctx, found.since, found.as_of)
    with_zeros = st.toggle(t("Also show figures that are zero"), key="report_zeros")
    figures_by_group(figures, t, with_zeros=with_zeros)


@st.cache_data(max_entries=32, ttl=1800, show_spinner=False)
def _figures(scope: str, version: int, period: str, as_of: date, *, _ctx: PageContext) -> Figures:
    with read_session() as session:
        return report_figures(session, _ctx.viewer, period=parse_period(period), as_of=as_of)
