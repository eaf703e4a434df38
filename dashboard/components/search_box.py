"""A search over all files, on any page."""

import streamlit as st

from dashboard.components.markup import el
from dashboard.context import PageContext


def search_box(ctx: PageContext) -> None:
    """A field that leads to the list of files with what was typed; works by address, so it can be sent as a link."""
    t = ctx.t
    day = ctx.as_of.isoformat() if ctx.as_of != ctx.today else None
    st.html(
        el(
            "form",
            el("label", t("Search"), for_="search"),
            el("input", id="search", name="q", type="search", placeholder=t("Code, title, place"), maxlength=100),
            el("input", type="hidden", name="as_of", value=day) if day else "",
            action="/cases", method="get", role="search", class_="search",
        ),
        width="content",
    )  # fmt: skip
