"""The search over everything, on every page."""

import streamlit as st

from dashboard.components.markup import Html, el
from dashboard.context import PageContext

LONGEST = 200  # characters of a question


def search_box(ctx: PageContext) -> None:
    """A field that leads to what is found; works by address, so it can be sent as a link."""
    t = ctx.t
    day = ctx.as_of.isoformat() if ctx.as_of != ctx.today else None
    asked = st.query_params.get("q", "")[:LONGEST] if _is_answer() else None
    said = t("Search: code, title, place, agency, document, task")
    st.html(
        el(
            "form",
            el("input", name="q", type="search", value=asked, placeholder=said, aria_label=said, maxlength=LONGEST),
            el("input", type="hidden", name="as_of", value=day) if day else Html(""),
            el("button", t("Search"), type="submit"),
            action="/search", method="get", role="search", class_="search",
        ),
        width="content",
    )  # fmt: skip


def _is_answer() -> bool:
    """Whether this is the page of answers, where the question stays in its field."""
    return (st.context.url or "").partition("?")[0].endswith("/search")
