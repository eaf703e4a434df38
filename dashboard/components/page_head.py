"""The head of a page: its title, the day it shows, and the session it compares with."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.address import here
from dashboard.components.markup import el, link, show, use_style
from dashboard.components.unusable import unusable_day
from dashboard.context import LONGEST_PAST, PageContext
from models.queries.tasks import SessionRow


def page_head(ctx: PageContext, title: str, path: str) -> None:
    """Title on the left, the day shown on the right."""
    use_style()
    with st.container(key="page_head", horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(title, anchor=False)
        pick_day(ctx)
    past_note(ctx, path)


def compared_head(ctx: PageContext, title: str, sessions: Sequence[SessionRow], chosen: SessionRow | None) -> None:
    """Title, the day shown, the session it is compared with."""
    use_style()
    with st.container(key="page_head", horizontal=True, vertical_alignment="bottom"):
        st.title(title, anchor=False)
        pick_day(ctx)
        pick_session(ctx, sessions, chosen)
    past_note(ctx, "/")


def pick_day(ctx: PageContext) -> None:
    """Choose the day whose state is shown; it stands in the address as `as_of`."""
    st.date_input(
        ctx.t("As of"),
        value=ctx.as_of,
        min_value=ctx.today - LONGEST_PAST,
        max_value=ctx.today,
        format="DD/MM/YYYY",
        key="day",
        on_change=_show_day,
        args=(ctx.today.isoformat(),),
        width=150,
    )


def pick_session(ctx: PageContext, sessions: Sequence[SessionRow], chosen: SessionRow | None) -> None:
    """Choose the session the figures are compared with; it stands in the address as `since`."""
    if chosen is None:
        return
    st.selectbox(
        ctx.t("Compared with"),
        [row.id for row in sessions],
        index=list(sessions).index(chosen),
        format_func={row.id: session_words(ctx, row) for row in sessions}.__getitem__,
        key="session",
        on_change=_show_session,
        width=230,
    )


def session_words(ctx: PageContext, row: SessionRow) -> str:
    """Session 14, 10/10/2026."""
    return ctx.t("Session {number}, {day}", number=row.number, day=row.held_on)


def past_note(ctx: PageContext, path: str) -> None:
    """Says that an earlier day is shown, and leads back to today; or that the day asked for cannot be shown."""
    unusable_day(ctx)
    if ctx.as_of == ctx.today:
        return
    said = ctx.t("State of affairs on {day}, as known today.", day=ctx.as_of)
    today = here(ctx, path).replace(f"as_of={ctx.as_of.isoformat()}", "").rstrip("?&").replace("?&", "?")
    show(el("p", said, " ", link(today, ctx.t("Back to today")), class_="note", role="status"))


def _show_day(today: str) -> None:
    day = st.session_state["day"]
    if day is None or day.isoformat() == today:
        st.query_params.pop("as_of", None)
    else:
        st.query_params["as_of"] = day.isoformat()
    st.query_params.pop("page", None)


def _show_session() -> None:
    st.query_params["since"] = str(st.session_state["session"])
