"""A table people can read to the end: words wrap, numbers stand right, a refused value is marked; all is escaped."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from dashboard.components.markup import Html, el, link, show

STYLE = Path(__file__).with_name("rows_table.css")


class Cell(NamedTuple):
    """One cell. `href` makes a link within the site, `hint` shows on hover, `note` stands small below the text.

    `mark`: "bad", "good" or "soft" colours the text or its ground; the text itself must say the same.
    """

    text: str
    href: str = ""
    hint: str = ""
    note: str = ""
    mark: str = ""


def rows_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[Cell | str]],
    *,
    key: str,
    right: Iterable[int] = (),
    narrow: bool = False,
) -> None:
    """Draw the rows under their headings; columns `right` (numbers from 0) hold numbers. `key` names the place.

    A `narrow` table of a few numbers does not take the whole width.
    """
    numbers = frozenset(right)
    head = el("tr", *(el("th", text, scope="col", class_=_side(at, numbers)) for at, text in enumerate(headings)))
    body = (el("tr", *(_cell(each, _side(at, numbers)) for at, each in enumerate(row))) for row in rows)
    with st.container(key=key):
        st.html(STYLE)
        show(
            el(
                "div",
                el("table", el("thead", head), el("tbody", *body)),
                class_="rows-table narrow" if narrow else "rows-table",
            )
        )


def _side(at: int, numbers: frozenset[int]) -> str | None:
    return "number" if at in numbers else None


def _cell(given: Cell | str, side: str | None) -> Html:
    cell = given if isinstance(given, Cell) else Cell(given)
    text: str = link(cell.href, cell.text) if cell.href else cell.text
    if cell.mark or cell.hint:
        text = el("span", text, class_=cell.mark or None, title=cell.hint or None)
    return el("td", text, *([el("small", cell.note)] if cell.note else []), class_=side)
