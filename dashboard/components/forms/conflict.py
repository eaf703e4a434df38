"""A colleague was faster: what they saved, what I typed, and the choice between the two, field by field."""

from typing import Any

import streamlit as st

from dashboard.components.forms.kinds import FormKind, about, subject_of
from dashboard.components.forms.state import ASKED, Form, begin, close, drop
from dashboard.components.markup import el, escape_markdown, show
from dashboard.components.rows_table import rows_table
from dashboard.context import PageContext
from models.changes.form_drafts import discard, rebase
from models.db import read_session, transaction
from models.queries.cases import CaseFile
from models.queries.history import history_of
from models.rules.versions import Deed

MINE, THEIRS = "mine", "theirs"


def conflict(ctx: PageContext, kind: FormKind, form: Form, file: CaseFile | None) -> None:
    """Both versions, and the ways on. `file` is as the colleague left it."""
    t, stale = ctx.t, form.state["stale"]
    st.subheader(t(kind.title), anchor=False)
    st.warning(escape_markdown(stale["said"]), icon=":material/group:")
    headings = (t("Who, when"), t("What"), t("Field"), t("Before"), t("Now"))
    rows_table(headings, stale["rows"], key="form_theirs")
    id = _id_now(ctx, kind, form)
    theirs = kind.start(ctx, file, id) if kind.follows and file else None
    if kind.follows and theirs is None:
        st.info(t(kind.gone), icon=":material/info:")
        _mine(ctx, kind, form)
        _drop_button(ctx, form)
        return
    chosen = _choose(ctx, kind, form, theirs) if theirs and kind.corrects else dict(form.state["values"])
    revision = file.revision if file else stale["revision"]
    with st.container(horizontal=True, key="form_buttons"):
        label = t("Save with these choices") if kind.corrects else t("Save mine as well")
        if st.button(label, type="primary", key="form_save_chosen"):
            form = _go_on(ctx, form, id, theirs, chosen, revision)
            st.session_state[ASKED] = form.token
            st.rerun()
        if st.button(t("Go on editing"), key="form_go_on"):
            _go_on(ctx, form, id, theirs, chosen, revision)
            st.rerun()
        _drop_button(ctx, form)


def _id_now(ctx: PageContext, kind: FormKind, form: Form) -> str:
    """The fact I was correcting, in its present version; "" if it was retracted."""
    code, id = about(form)
    if not kind.follows or not id.isdecimal():
        return id
    with read_session() as session:
        changes = history_of(session, ctx.viewer, code, kind.follows, fact_id=int(id))
    if not changes:
        return id
    return "" if changes[0].deed is Deed.RETRACTED else str(changes[0].fact_id)


def _choose(ctx: PageContext, kind: FormKind, form: Form, theirs: dict[str, Any]) -> dict[str, Any]:
    """The values that go on: for each field that differs, the one chosen; for the others mine, which is theirs too."""
    t, mine, before = ctx.t, form.values, form.start
    differing = [name for name in kind.labels if mine.get(name) != theirs.get(name)]
    if not differing:
        show(el("p", t("Your version says the same as your colleague's."), class_="note"))
    chosen = dict(mine)
    for name in differing:
        options = {
            MINE: t("Mine: {value}", value=_told(ctx, kind, name, mine)),
            THEIRS: t("Theirs: {value}", value=_told(ctx, kind, name, theirs)),
        }
        untouched = mine.get(name) == before.get(name)
        picked = st.radio(
            t(kind.labels[name]), list(options), index=1 if untouched else 0, key=f"{form.key(name)}_choice",
            format_func={key: escape_markdown(said) for key, said in options.items()}.__getitem__,
        )  # fmt: skip
        chosen[name] = mine.get(name) if picked == MINE else theirs.get(name)
    return chosen


def _told(ctx: PageContext, kind: FormKind, name: str, values: dict[str, Any]) -> str:
    value = values.get(name)
    if value in (None, "", []):
        return "–"
    return kind.shown(ctx, name, value) if kind.shown else str(value)


def _mine(ctx: PageContext, kind: FormKind, form: Form) -> None:
    rows = [(ctx.t(label), _told(ctx, kind, name, form.values)) for name, label in kind.labels.items()]
    rows_table((ctx.t("Field"), ctx.t("Mine")), rows, key="form_mine", narrow=True)


def _go_on(
    ctx: PageContext, form: Form, id: str, theirs: dict[str, Any] | None, chosen: dict[str, Any], revision: int
) -> Form:
    """The form with the choices, based on what the colleague saved."""
    code, was = about(form)
    if id == was and not theirs:
        with transaction() as session:
            rebase(session, ctx.viewer, form.token, revision=revision)
        form.state.update(revision=revision, stale=False)
        return form
    with transaction() as session:
        discard(session, ctx.viewer, form.token)
    st.query_params["id"] = id
    extra = {name: value for name, value in form.state["values"].items() if name not in (theirs or {})}
    return begin(ctx, form.name, subject_of(code, id), revision=revision, start=theirs or {}, values=chosen | extra)


def _drop_button(ctx: PageContext, form: Form) -> None:
    if st.button(ctx.t("Drop mine"), key="form_drop"):
        drop(ctx.viewer, form.token)
        close()
        st.rerun()
