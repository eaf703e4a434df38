"""What the search found: exact codes on top, then kind by kind, the newest first, with the words that were met."""

import streamlit as st

from dashboard.components.address import address
from dashboard.components.chooser import chosen, page_number
from dashboard.components.markup import el, link, ready, show, use_style
from dashboard.components.search_box import LONGEST
from dashboard.components.search_hits import group_of, hit_list
from dashboard.context import PageContext
from models.db import read_session
from models.enums import SearchKind
from models.queries.search import Found, search

PAGE_HITS = 20
LAST_PAGE = 50  # who reads on so far asks a better question


def render(ctx: PageContext) -> None:
    """The hits for `q`; with `kind` those of one kind, page by page."""
    t = ctx.t
    question = " ".join(st.query_params.get("q", "")[:LONGEST].split())
    kind = chosen("kind", {each.value: each for each in SearchKind})
    page = min(page_number(), LAST_PAGE)
    with read_session() as session:
        found = search(
            session, ctx.viewer, question, kind=SearchKind(kind) if kind else None, limit=PAGE_HITS, page=page
        )
    use_style()
    st.title(t("Search"), anchor=False)
    if not question:
        show(el("p", t("Type a code, a word of a title, a place, an agency, a document's number."), class_="note"))
    elif found == Found():
        _nothing(ctx, question)
    else:
        _hits(ctx, question, found, kind, page)
    ready()


def _hits(ctx: PageContext, question: str, found: Found, kind: str, page: int) -> None:
    t = ctx.t
    if kind:
        back = link(address(ctx, "/search", q=question), t("All kinds"))
        show(el("p", el("b", t.label(SearchKind(kind)), class_="chip"), " ", back))
    if found.exact and page == 1:
        show(hit_list(ctx, t("The code you typed"), found.exact))
    for group in found.groups:
        more = {} if kind else {"more": address(ctx, "/search", q=question, kind=group.kind.value)}
        show(group_of(ctx, group, **more))
    if kind and found.groups:
        _turn(ctx, question, kind, page, found.groups[0].total, found.groups[0].is_more)


def _turn(ctx: PageContext, question: str, kind: str, page: int, total: int, is_more: bool) -> None:
    t = ctx.t
    ways = []
    if page > 1:
        ways.append(link(address(ctx, "/search", q=question, kind=kind, page=page - 1), t("Newer hits")))
    if page < LAST_PAGE and (is_more or total > page * PAGE_HITS):
        ways.append(link(address(ctx, "/search", q=question, kind=kind, page=page + 1), t("Older hits")))
    if ways:
        show(el("p", *(each for way in ways for each in (way, "  ")), class_="turn"))


def _nothing(ctx: PageContext, question: str) -> None:
    t = ctx.t
    title = t("Nothing was found for “{question}”.", question=question)
    said = t("Every word must be met. Try fewer words, or only their beginnings; diacritics do not matter.")
    show(el("section", el("h2", title), el("p", said), link(address(ctx, "/cases"), t("Cases and incidents")),
            class_="empty"))  # fmt: skip
