"""Counts side by side that each lead to what they count; the chosen one is marked."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.components.markup import Html, el, link, show

STYLE = Path(__file__).with_name("count_strip.css")


class Count(NamedTuple):
    """One count: what, how many, the address of the records. `tone` "bad" for what needs attention."""

    title: str
    value: str
    href: str
    tone: str = ""
    chosen: bool = False


def count_strip(counts: Iterable[Count], *, key: str) -> None:
    """Draw the strip; it breaks where the screen ends."""
    with st.container(key=key):
        st.html(STYLE)
        show(el("nav", *map(_one, counts), class_="count-strip"))


def _one(count: Count) -> Html:
    current = "true" if count.chosen else None
    return link(count.href, el("strong", count.value), count.title, class_=count.tone or None, aria_current=current)
