"""Addresses of our pages: filters in the query string, the day shown kept from page to page."""

from datetime import date
from typing import Protocol
from urllib.parse import urlencode

import streamlit as st


class Moment(Protocol):
    """The part of a page's context that an address needs."""

    @property
    def as_of(self) -> date: ...

    @property
    def today(self) -> date: ...


def address(ctx: Moment, path: str, **filters: str | int | None) -> str:
    """`path` with the filters that are set; with the day shown if it is not today."""
    given = {name: str(value) for name, value in filters.items() if value not in (None, "")}
    if ctx.as_of != ctx.today:
        given["as_of"] = ctx.as_of.isoformat()
    return f"{path}?{urlencode(given)}" if given else path


def here(ctx: Moment, path: str, **changes: str | int | None) -> str:
    """The present address of `path` with these filters changed; None takes one away."""
    kept = {name: value for name, value in st.query_params.to_dict().items() if name not in ("as_of", *changes)}
    return address(ctx, path, **kept, **changes)
