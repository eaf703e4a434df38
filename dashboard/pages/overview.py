"""The state of affairs at a glance: what is late, whose move it is, what changed; no file is lost."""

from datetime import timedelta

import streamlit as st

from dashboard.components.answers import overview_of, source_of
from dashboard.components.buckets import sum_line
from dashboard.components.cards import cards
from dashboard.components.file_table import file_table
from dashboard.components.markup import Html, el, ready, show
from dashboard.components.moves import changes, whose_move
from dashboard.components.nothing_open import nothing_open
from dashboard.components.overview_charts import overview_charts
from dashboard.components.page_head import compared_head, session_words
from dashboard.components.unusable import unusable_filters
from dashboard.components.watch import judged_line, proved_line, watch_note, watch_of
from dashboard.context import PageContext
from models.db import read_session
from models.queries.judged import thresholds
from models.queries.overview import Overview
from models.queries.tasks import SessionRow, committee_sessions
from models.rules.access import Action, may


def render(ctx: PageContext) -> None:
    """Figures, moves and changes, the ten worst, charts, the sum."""
    with read_session() as session:
        source = source_of(session, ctx)
        reads = may(ctx.viewer, Action.READ_COMMITTEE)  # an agency compares with no session
        sessions = committee_sessions(session, until=ctx.as_of - timedelta(days=1)) if reads else []
        watch = watch_of(session, ctx)
    since = _chosen(sessions)
    state = overview_of(source, since, ctx.viewer)
    compared_head(ctx, ctx.t("Overview"), sessions, since)
    unusable_filters(ctx, "/", {"since": since and str(since.id) == st.query_params.get("since")})
    show(watch_note(ctx, watch))
    if state.figures.value("files.open"):
        show(cards(ctx, state, silent_days=thresholds().no_news_red_days))
        show(_moves(ctx, state), _worst(ctx, state))
        overview_charts(ctx, state)
        show(el("p", sum_line(ctx, state.figures), " ", judged_line(ctx, watch), proved_line(ctx, watch), class_="sum"))
    else:
        show(nothing_open(ctx))
    ready()


def _chosen(sessions: list[SessionRow]) -> SessionRow | None:
    """The session named in the address, else the latest one."""
    asked = st.query_params.get("since", "")
    return next((row for row in sessions if str(row.id) == asked), sessions[0] if sessions else None)


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
    if state.worst:
        body = file_table(ctx, state.worst, ("file", "reason", "owner", "days"), label=title)
    else:
        body = el("p", ctx.t("No limit has passed and none ends soon."), class_="quiet")
    return el("section", el("h2", title), body, class_="panel")
