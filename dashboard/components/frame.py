"""What surrounds every page: the pages on offer, the committee's name, who is signed in."""

from collections.abc import Callable
from html import escape
from importlib import import_module
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from dashboard.components.guard import guarded
from dashboard.components.markup import escape_markdown, says
from dashboard.components.outside import warn_of_ways_out
from dashboard.components.reviews import warn_of_review
from dashboard.components.search_box import search_box
from dashboard.context import PageContext
from dashboard.navigation import PageEntry, pages_for, sections
from dashboard.web.page import committee_name
from models.errors import Forbidden
from models.rules.access import Action, may
from models.text import LANGUAGES

LONGEST_NAME = 40  # characters of a name in the header bar
STYLE = Path(__file__).with_name("frame.css")
NOTHING_MET = "[role=listbox][data-empty=true] [role=option] > span"  # Streamlit's own words, in English only


def navigate(ctx: PageContext) -> Page:
    """The page asked for in the address. Pages outside the viewer's role are not listed, and refuse by themselves."""
    offered = pages_for(ctx.viewer)
    pages = {
        ctx.t(heading) if heading else "": [_page(ctx, entry, offered) for entry in entries]
        for heading, entries in sections(offered).items()
    }
    return st.navigation(pages, position="top")


def draw_frame(ctx: PageContext) -> None:
    """What stands around every page: the committee's name and the search above it, the person's menu in the header."""
    st.html(STYLE)
    st.html(f"<style>{says(NOTHING_MET, ctx.t('There is none like this in the list.'))}</style>")
    _person_menu(ctx)
    with st.container(key="above", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(committee_name(ctx.t))
        if may(ctx.viewer, Action.READ_FILES):
            search_box(ctx)
    warn_of_ways_out(ctx)


def sign_in_again() -> None:
    """Send the browser to the sign-in form; the address it came from is kept."""
    st.logout()


def _page(ctx: PageContext, entry: PageEntry, offered: tuple[PageEntry, ...]) -> Page:
    seen = entry in offered and not entry.hidden
    return st.Page(
        _runner(ctx, entry, offered),
        title=ctx.t(entry.title),
        icon=entry.icon,
        url_path=entry.url or None,
        default=not entry.url,
        visibility="visible" if seen else "hidden",
    )


def _runner(ctx: PageContext, entry: PageEntry, offered: tuple[PageEntry, ...]) -> Callable[[], None]:
    def run() -> None:
        with guarded(ctx.t, ctx.viewer.name):
            if entry in offered:
                warn_of_review(ctx, entry.key)
                import_module(f"dashboard.pages.{entry.key}").render(ctx)
            elif not entry.url and offered:
                st.switch_page(_page(ctx, offered[0], offered))  # the start page of a role without the overview
            else:
                raise Forbidden(entry.key)

    run.__name__ = entry.key
    return run


def _person_menu(ctx: PageContext) -> None:
    name = ctx.display_name or ctx.viewer.name
    own = ctx.t("My account")
    shown = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    with (
        st.container(key="person"),
        st.popover(escape_markdown(shown), icon=":material/account_circle:", key="person_menu"),
    ):
        st.text(name)
        st.caption(ctx.t.label(ctx.viewer.role))
        st.html(_language_switch(ctx))
        st.html(f'<a href="/account" target="_self">{escape(own)}</a>')
        if st.button(ctx.t("Sign out"), icon=":material/logout:", key="sign_out", width="stretch"):
            st.logout()


def _language_switch(ctx: PageContext) -> str:
    """Links to the other languages that lead back to this page with its filters."""
    here = quote(_address_of_page(), safe="/")
    return " · ".join(
        f"<strong>{name}</strong>"
        if code == ctx.language
        else f'<a href="/language/{code}?next={here}" target="_self" lang="{code}">{name}</a>'
        for code, name in LANGUAGES.items()
    )


def _address_of_page() -> str:
    path = urlsplit(st.context.url or "/").path or "/"
    query = urlencode([(name, value) for name in st.query_params for value in st.query_params.get_all(name)])
    return f"{path}?{query}" if query else path
