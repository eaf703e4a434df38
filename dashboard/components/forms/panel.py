"""An open form on its page: its fields, what came of it, and the buttons to save, to close and to discard it."""

import secrets
from datetime import datetime

import streamlit as st

from dashboard.components.forms.conflict import conflict
from dashboard.components.forms.kinds import FormKind
from dashboard.components.forms.state import ASKED, Form, close, current, drop, keep_form
from dashboard.components.guard import guarded
from dashboard.components.markup import el, escape_markdown, show
from dashboard.components.mentioned import protected_names
from dashboard.context import PageContext
from models.clock import local
from models.queries.cases import CaseFile


def draw_form(ctx: PageContext, kind: FormKind, form: Form, file: CaseFile | None) -> None:
    """The form, or, if a colleague was faster, both versions. Typing runs the form again and not its page."""
    with st.container(key="form", border=True):
        if form.state["stale"]:
            conflict(ctx, kind, form, file)
        else:
            st.fragment(_guarded_panel)(ctx, kind, file)


def _guarded_panel(ctx: PageContext, kind: FormKind, file: CaseFile | None) -> None:
    """Typing runs only this part, so it keeps its own guard."""
    with guarded(ctx.t, ctx.viewer.name):
        _panel(ctx, kind, file)


def _panel(ctx: PageContext, kind: FormKind, file: CaseFile | None) -> None:
    form = current()
    if form is None:  # closed or saved in the meantime
        st.rerun()
    t = ctx.t
    with st.container():  # whatever comes and goes in it, the buttons below stay the same, and so does their focus
        if file:  # without a file, the page has this title already
            st.subheader(t(kind.title), anchor=False)
        _restored(ctx, form)
        kind.draw(ctx, form, file)
        protected_names(ctx, form, besides=file.code if file else "")
        if said := form.state["errors"].get(""):
            st.error(escape_markdown(said), icon=":material/error:")
        elif form.state["errors"]:
            st.error(t("Nothing is saved yet: correct what is marked."), icon=":material/error:")
    _buttons(ctx, kind, form)
    _kept(ctx, form)


def _restored(ctx: PageContext, form: Form) -> None:
    """The quiet note that this is a draft, and the way to start over."""
    if not form.state["restored"]:
        return
    t = ctx.t
    at = local(datetime.fromisoformat(form.state["restored"]))
    day = at.strftime("%H:%M") if at.date() == ctx.today else at.strftime("%H:%M %d/%m/%Y")
    with st.container(horizontal=True, vertical_alignment="center"):
        show(el("p", t("Draft from {time}. Go on, or start over.", time=day), class_="note", role="status"))
        st.button(t("Discard the draft"), type="tertiary", key="form_discard", on_click=drop,
                  args=(ctx.viewer, form.token))  # fmt: skip


def _buttons(ctx: PageContext, kind: FormKind, form: Form) -> None:
    t = ctx.t
    with st.container(horizontal=True, key="form_buttons"):
        if st.button(t(kind.button or "Save"), type="primary", icon=":material/save:", key="form_save"):
            st.session_state[ASKED] = form.token
            st.rerun()
        if form.state["again"] and st.button(t("Save as one more"), key="form_again"):
            _one_more(ctx, form)
        if st.button(t("Close"), key="form_close", help=t("The draft stays and waits for you.")):
            close()
            st.rerun()


def _one_more(ctx: PageContext, form: Form) -> None:
    """The form was saved in another window, and this is meant as a further entry: it gets a draft of its own."""
    form.state["token"], form.state["again"] = secrets.token_urlsafe(24), False
    keep_form(ctx.viewer, form)
    st.session_state[ASKED] = form.token
    st.rerun()


def _kept(ctx: PageContext, form: Form) -> None:
    kept = form.state.get("kept")
    if kept:
        time = local(datetime.fromisoformat(kept)).strftime("%H:%M:%S")
        st.caption(ctx.t("Kept as your draft at {time}; nobody else sees it.", time=time))
    elif kept == "":
        said = ctx.t("The draft could not be kept just now. What you typed is still in this window.")
        st.warning(said, icon=":material/warning:")
