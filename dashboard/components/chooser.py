"""What is chosen on a list stands in its address: filters and the page of the list."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any

import streamlit as st

from models.text import Translator

PAGE_ROWS = 50
LAST_PAGE = 10**6


def chosen(name: str, offered: Mapping[str, Any]) -> str:
    """The value of `name` in the address; "" for none and for one that is not offered."""
    value = st.query_params.get(name, "")
    return value if value in offered else ""


def choose(label: str, name: str, options: Mapping[str, str], *, any_label: str) -> None:
    """A box that sets `name` in the address: value → words of each choice, `any_label` for none."""
    key = f"choose_{name}"
    st.session_state[key] = chosen(name, options)
    st.selectbox(
        label,
        ["", *options],
        format_func={"": any_label, **options}.__getitem__,
        key=key,
        on_change=_write,
        args=(name, key),
    )


def page_number() -> int:
    """The page of a list that the address asks for; the first for none and for what is no number."""
    asked = st.query_params.get("page", "1")
    return int(asked) if asked.isdecimal() and 0 < int(asked) <= LAST_PAGE else 1


def leave_empty_page(rows: Sequence[object], total: int) -> None:
    """An address that asks for a page behind the last one leads to the first; a list without rows stays."""
    if total and not rows:
        st.query_params.pop("page", None)
        st.rerun()


def page_turner(total: int, t: Translator, *, size: int = PAGE_ROWS) -> None:
    """Which rows are shown of how many, and the other pages if there are any."""
    pages = max(1, ceil(total / size))
    page = min(page_number(), pages)
    first = (page - 1) * size + 1 if total else 0
    st.caption(t("Rows {first} to {last} of {total}", first=first, last=min(page * size, total), total=total))
    if pages > 1:
        key = f"choose_page_{page}"  # another page is another widget, so that the address alone decides
        st.pagination(pages, default=page, key=key, on_change=_write, args=("page", key))


def _write(name: str, key: str) -> None:
    value = st.session_state[key]
    st.query_params.pop("page", None)
    if value in ("", 1):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = str(value)
