"""The state of affairs at a glance: what is late, whose move it is, what changed, and the proof that no file is lost."""

from datetime import date, timedelta

import streamlit as st

from dashboard.charts.ageing import step_of
from dashboard.charts.pipeline import StageBar
from dashboard.components import chart
from dashboard.components.address import address
from dashboard.components.buckets import sum_line
from dashboard.components.cards import cards
from dashboard.components.file_table import file_table
from dashboard.components.markup import Html, el, ready, show, use_style
from dashboard.components.moves import changes, whose_move
from dashboard.components.page_head import past_note, pick_day, pick_session, session_words
from dashboard.components.search_box import search_box
from dashboard.components.watch import Watch, judged_line, watch_note
from dashboard.context import PageContext
from models.db import read_session
from models.queries.judged import data_version, is_fresh, scan_state, thresholds
from models.queries.overview import Overview, overview
from models.queries.runs import missing_or_failed
from models.queries.tasks import SessionRow, committee_sessions
from models.rules.access import Viewer
from models.settings import settings


def render(ctx: PageContext) -> None:
    """Figures, moves and changes, the ten worst, charts, the sum."""
    with read_session() as session:
        sessions = committee_sessions(session, until=ctx.as_of - timedelta(days=1))
        since = _chosen(sessions)
        version, scan = data_version(session), scan_state(session)
        watch = Watch(
            scan.as_of if scan else None,
            scan.written_at if scan else None,
            is_fresh(session, ctx.as_of),
            missing_or_failed(session, now=ctx.now),
        )
    state = _overview(settings().database_url, ctx.viewer.scope, version, ctx.as_of, since, ctx.viewer)
    _head(ctx, sessions, since)
    show(watch_note(ctx, watch))
    if not state.figures.value("files.open"):
        _empty(ctx)
    else:
        show(cards(ctx, state, silent_days=thresholds().no_news_red_days))
        show(_moves(ctx, state), _worst(ctx, state))
        _charts(ctx, state)
        show(el("p", sum_line(ctx, state.figures), " ", judged_line(ctx, watch), class_="sum"))
    ready()


@st.cache_data(max_entries=64, show_spinner=False)
def _overview(
    database: str, scope: str, version: int, as_of: date, since: SessionRow | None, _viewer: Viewer
) -> Overview:
    """The overview, asked once for the same data; `database`, `scope` and `version` say which data that is."""
    with read_session() as session:
        return overview(session, _viewer, as_of=as_of, since=since)


def _chosen(sessions: list[SessionRow]) -> SessionRow | None:
    """The session named in the address, else the latest one."""
    asked = st.query_params.get("since", "")
    return next((row for row in sessions if str(row.id) == asked), sessions[0] if sessions else None)


def _head(ctx: PageContext, sessions: list[SessionRow], since: SessionRow | None) -> None:
    use_style()
    with st.container(key="page_head", horizontal=True, vertical_alignment="bottom"):
        st.title(ctx.t("Overview"), anchor=False)
        pick_day(ctx)
        pick_session(ctx, sessions, since)
        search_box(ctx)
    past_note(ctx, "/")


def _empty(ctx: PageContext) -> None:
    show(
        el(
            "section",
            el("h2", ctx.t("No file is open on this day.")),
            el("p", ctx.t("Bring in the list of cases and incidents with the page Import; the overview fills itself.")),
            class_="empty",
        )
    )


def _moves(ctx: PageContext, state: Overview) -> Html:
    since = session_words(ctx, state.since) if state.since else ""
    title = ctx.t("What changed since: {session}", session=since) if since else ctx.t("What changed")
    return el(
        "div",
        el("section", el("h2", ctx.t("Whose move it is")), whose_move(ctx, state.owners), class_="panel"),
        el("section", el("h2", title), changes(ctx, state), class_="panel"),
        class_="two",
    )


def _worst(ctx: PageContext, state: Overview) -> Html:
    title = ctx.t("What most needs a decision")
    if not state.worst:
        body = el("p", ctx.t("No limit has passed and none ends soon."), class_="quiet")
    else:
        body = file_table(ctx, state.worst, ("file", "reason", "owner", "days"), label=title)
    return el("section", el("h2", title), body, class_="panel")


def _charts(ctx: PageContext, state: Overview) -> None:
    t = ctx.t
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        show(el("h2", t("Files per stage"), el("small", t("dark: late")), class_="chart"))
        bars = [
            StageBar(t.label(load.stage), load.files, load.late, address(ctx, "/cases", stage=load.stage))
            for load in state.stages
            if load.files
        ]
        said = "; ".join(f"{bar.stage}: {bar.files}" for bar in bars)
        chart.draw(chart.pipeline(bars, ctx.language), said=said, key="pipeline")
    with right, st.container(border=True):
        show(el("h2", t("How long in the present stage"), class_="chart"))
        months = state.ageing.months
        step = step_of(months)
        links = {
            first: address(ctx, "/cases", months=f"{first}-{first + step}")
            for first in {month - month % step for month in months}
        }
        said = t("Median: {months} months", months=t.number(state.ageing.median_months or 0, 1))
        chart.draw(chart.ageing(months, state.ageing.median_months, links, ctx.language), said=said, key="ageing")
