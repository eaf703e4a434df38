"""One coordination request in a dialog: what was asked, what came of it, its history, and what can be recorded."""

import streamlit as st

from dashboard.components.acts import act_form
from dashboard.components.forms.saving import told
from dashboard.components.forms.state import close
from dashboard.components.markup import el, escape_markdown, show
from dashboard.components.request_form import ACTS, new_act
from dashboard.components.request_list import may_record, request_table
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.changes.coordination import may_reply
from models.db import read_session
from models.errors import NotFound
from models.queries.coordination import RequestRow, request_history, request_row
from models.rules.access import Action, may
from models.rules.versions import DEEDS, Change
from models.text import clean

LONGEST = 40
ANSWERS = ("reply", "partial", "receipt")  # what the agency that is asked records itself


def request_dialogs(ctx: PageContext) -> None:
    """The request or the form that the address names: a refreshed page opens it again."""
    if code := clean(st.query_params.get("request", "")[:LONGEST]):
        title = escape_markdown(ctx.t("Request {code}", code=code))
        st.dialog(title, width="large", on_dismiss=_leave)(lambda: _inside(ctx, code))()
    elif may_record(ctx) and st.query_params.get("do", "") == "new":
        about = clean(st.query_params.get("file", "")[:LONGEST])
        act = new_act(about)
        subject = f"new request {about}".strip()
        st.dialog(ctx.t(act.title), width="large", on_dismiss=_leave)(lambda: act_form(ctx, "request", subject, act))()


def open_new() -> None:
    """The address names the form of a new request."""
    close()
    st.query_params.pop("request", None)
    st.query_params["do"] = "new"


def _leave() -> None:
    close()
    st.query_params.pop("request", None)
    st.query_params.pop("file", None)


def _inside(ctx: PageContext, code: str) -> None:
    try:
        with read_session() as session:
            row = request_row(session, ctx.viewer, code, as_of=ctx.as_of)
            history = request_history(session, ctx.viewer, code)
    except NotFound as error:
        st.info(escape_markdown(ctx.t.words(error.words)), icon=":material/search_off:")
        return
    show(request_table(ctx, [row], linked=False))
    if ctx.as_of == ctx.today and (offered := _offered(ctx, row)):
        _acts(ctx, row, offered)
    if history:
        _history(ctx, history)
    show(el("span", class_="liem-request-shown", data_request_shown=code, data_version=row.version))


def _offered(ctx: PageContext, row: RequestRow) -> list[str]:
    """What this reader may record: the agency that is asked its receipt and its answer, the secretariat everything."""
    if may(ctx.viewer, Action.RECORD):
        return list(ACTS) if row.clock.waits else ["correct"]
    return list(ANSWERS) if row.clock.waits and may_reply(ctx.viewer, row.asked_id) else []


def _acts(ctx: PageContext, row: RequestRow, offered: list[str]) -> None:
    t = ctx.t
    opened = st.query_params.get("do", "")
    names = {name: t(ACTS[name][0]) for name in offered}
    st.session_state["request_act"] = opened if opened in offered else None
    st.segmented_control(
        t("What do you want to record?"), offered, format_func=names.__getitem__, key="request_act", on_change=_choose
    )
    if opened in offered:
        with st.container(border=True, key="request_form"):
            act_form(ctx, opened, f"request:{row.code}", ACTS[opened][1](row.code))


def _choose() -> None:
    chosen = st.session_state.get("request_act")
    close()
    if chosen:
        st.query_params["do"] = chosen


def _history(ctx: PageContext, history: tuple[Change, ...]) -> None:
    t = ctx.t
    with st.expander(t.n("History: {n} version", "History: {n} versions", len(history)), icon=":material/history:"):
        headings = (t("Who, when"), t("Field"), t("Before"), t("Now"), t("Why"))
        rows_table(headings, [row for change in history for row in _change(ctx, change)], key="request_versions")


def _change(ctx: PageContext, change: Change) -> list[tuple[Cell | str, ...]]:
    t = ctx.t
    who = f"{change.name or t('system')}, {t.time(change.at)}"
    why = t.words(change.why) if change.why else "–"
    if change.deed.value == "recorded" or not change.fields:
        return [(who, t.words(DEEDS[change.deed]), "–", "–", why)]
    return [
        (
            who, t.words(each.label), Cell(told(t, each, each.before), mark="long"),
            Cell(told(t, each, each.after), mark="long"), why,
        )
        for each in change.fields
    ]  # fmt: skip
