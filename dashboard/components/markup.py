"""The one way to HTML and Markdown: every text is escaped here, every link stays inside the product."""

import json
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

import streamlit as st

STYLE = Path(__file__).with_name("pages.css")


class Html(str):
    """Text that is HTML already; everything else is escaped before it becomes a part of a page."""

    __slots__ = ()


NOTHING = Html("")


def el(tag: str, /, *children: str, **attributes: str | int | None) -> Html:
    """`<tag …>children</tag>`. Attributes: `class_` for class, `data_figure` for data-figure; None leaves one out."""
    return Html(f"<{tag}{_attributes(attributes)}>{''.join(safe(child) for child in children)}</{tag}>")


def safe(text: str) -> Html:
    """`text` as HTML that shows it letter by letter; HTML stays itself."""
    return text if isinstance(text, Html) else Html(escape(text))


def join(parts: Iterable[str], between: str = "") -> Html:
    """The parts side by side."""
    return Html(safe(between).join(safe(part) for part in parts))


def link(href: str, /, *children: str, **attributes: str | int | None) -> Html:
    """A link to a page of ours, in the same tab. Raises ValueError for an address that leads elsewhere."""
    if not href.startswith("/") or href.startswith(("//", "/\\")):
        raise ValueError(href)
    return el("a", *children, href=href, **attributes)


def escape_markdown(text: str) -> str:
    """`text` as a label that shows it letter by letter, whatever signs it holds."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!~|<>:$&])", r"\\\1", text)


def says(selector: str, text: str) -> str:
    """CSS that shows `text` in place of what stands in the element."""
    content = json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
    return f"{selector} {{ font-size: 0 }} {selector}::after {{ content: {content}; font-size: .95rem }}"


def show(*parts: str) -> None:
    """Draw the parts on the page; without any, nothing."""
    if drawn := join(parts):
        st.html(drawn)


def use_style() -> None:
    """Give the page the look of these components."""
    st.html(STYLE)


def ready() -> None:
    """Mark the page as drawn to its end: what a browser test waits for."""
    show(el("span", class_="liem-ready"))


def _attributes(attributes: dict[str, str | int | None]) -> str:
    return "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
