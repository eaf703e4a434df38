"""Sessions of the committee and meetings of its Standing members: what stands on the agenda, what was concluded."""

import streamlit as st

from dashboard.components.acts import act_form
from dashboard.components.address import address
from dashboard.components.chooser import choose, chosen
from dashboard.components.flash import show_flash
from dashboard.components.forms.state import close
from dashboard.components.markup import el, link, ready, show
from dashboard.components.page_head import page_head
from dashboard.components.record.links import may_record
from dashboard.components.session_form import new_session_act
from dashboard.components.session_list import session_table, session_title
from dashboard.components.session_tasks import make_asked_tasks
from dashboard.components.session_view import session_dialog, session_view
from dashboard.components.supervision import waiting_proposals
from dashboard.components.unusable import unusable_filters
from dashboard.context import PageContext
from models.db import read_session
from models.enums import SessionKind
from models.queries.sessions import SessionFile, SessionLine, session_file, session_id_of, session_lines


def render(ctx: PageContext) -> None:
    """The session named in the address, else the list of all."""
    if may_record(ctx):
        make_asked_tasks(ctx)
    asked = st.query_params.get("session", "")
    with read_session() as session:
        number = session_id_of(session, ctx.viewer, asked)
        file = session_file(session, ctx.viewer, number, as_of=ctx.as_of) if number else None
        lines = [] if file else session_lines(session, ctx.viewer, as_of=ctx.as_of, today=ctx.today)
    if file is None:
        _list(ctx, lines, asked)
    else:
        _one(ctx, file)
    ready()


def _one(ctx: PageContext, file: SessionFile) -> None:
    page_head(ctx, session_title(ctx.t, file.kind, file.number), "/sessions")
    show(el("p", link(address(ctx, "/sessions"), ctx.t("All sessions and meetings")), class_="back"))
    show_flash()
    session_view(ctx, file)
    session_dialog(ctx, file)


def _list(ctx: PageContext, lines: list[SessionLine], asked: str) -> None:
    t = ctx.t
    terms = {line.term: line.term for line in lines}
    kinds = {kind.value: kind for kind in SessionKind}
    term, kind = chosen("term", terms), chosen("kind", kinds)
    page_head(ctx, t("Sessions"), "/sessions")
    show_flash()
    waiting_proposals(ctx)
    unusable_filters(ctx, "/sessions", {"term": term, "kind": kind, "session": "" if asked else "-"})
    one, two = st.columns(2)
    with one:
        choose(t("Term"), "term", terms, any_label=t("All terms"))
    with two:
        choose(t("Kind"), "kind", {name: t.label(each) for name, each in kinds.items()}, any_label=t("All"))
    if may_record(ctx):
        st.button(t("New session or meeting"), type="primary", icon=":material/add:", key="new_session", on_click=_open)
    shown = [line for line in lines if (not term or line.term == term) and (not kind or line.kind == kind)]
    if shown:
        session_table(ctx, shown)
    else:
        st.info(t("No session is recorded yet. Record one here, or import them with the sheet “Phiên họp”."),
                icon=":material/info:")  # fmt: skip
    if may_record(ctx) and st.query_params.get("do") == "new":
        act = new_session_act()
        opened = st.dialog(t(act.title), width="large", on_dismiss=close)
        opened(lambda: act_form(ctx, "session_new", "new session", act))()


def _open() -> None:
    close()
    st.query_params["do"] = "new"
