"""A change of the rules or the calendar on its way: proposed, previewed on the open files, then applied or dropped."""

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import el, escape_markdown, show
from dashboard.components.reference_preview import show_preview
from dashboard.components.scan import judge_again
from dashboard.context import PageContext
from models import clock
from models.changes import calendar, rules
from models.changes.calendar import DayDraft
from models.changes.new_rule import add_rule
from models.db import read_session, transaction
from models.queries.judged import data_version
from models.queries.preview import Preview, preview
from models.rules.access import SYSTEM, Action, may
from models.rules.words import Refusal, Words, decode, encode
from models.settings import settings

log = logging.getLogger(__name__)

KEY = "reference_change"
FIELDS = ("rule_", "more_", "day_")  # how the keys of the fields begin in which a change is typed

Proposal = Mapping[str, Any]

MAKERS: dict[str, Callable[..., object]] = {
    function.__name__: function
    for function in (
        rules.change_limit,
        rules.add_limit,
        add_rule,
        rules.take_shipped_limit,
        calendar.add_day,
        calendar.remove_day,
        calendar.replace_year,
        calendar.take_shipped_year,
    )
}


def propose(ctx: PageContext, said: Words, kind: str, **arguments: Any) -> None:
    """Keep a change, named by the function that makes it, to be shown with its preview; a refused one is said here."""
    proposal = {"said": encode(said), "kind": kind, "arguments": arguments}
    try:
        with transaction() as session:
            rules.tried(session, ctx.viewer, _change(proposal, clock.now()))
    except Refusal as refusal:
        st.error(ctx.t.words(refusal.words), icon=":material/error:")
        return
    st.session_state[KEY] = proposal
    st.rerun()


def _change(proposal: Proposal, now: datetime) -> rules.Change:
    """The change as something to be called in a transaction."""
    kind, given = proposal["kind"], dict(proposal["arguments"])

    if "draft" in given:
        given["draft"] = _day(given["draft"])
    if "drafts" in given:
        given["drafts"] = [_day(each) for each in given["drafts"]]
    make = MAKERS[kind]
    return lambda session, viewer: make(session, viewer, now=now, **given)


def _day(values: Mapping[str, Any]) -> DayDraft:
    return DayDraft(**values)


# --- before it is applied ------------------------------------------------------------------------------------------


def proposed() -> bool:
    """Whether a change waits for its decision."""
    return KEY in st.session_state


def show_proposal(ctx: PageContext) -> None:
    """The change in words, the files it moves, and the decision."""
    t, proposal = ctx.t, st.session_state[KEY]
    for field in _typed():  # what is not drawn is forgotten, and who drops the change finds the form as it was
        st.session_state[field] = st.session_state[field]
    st.subheader(t("Before it is applied"), anchor=False)
    show(el("p", t.words(decode(proposal["said"]))))
    with read_session() as session:
        version = data_version(session)
    try:
        with st.spinner(t("Judging every open file by the old and the new rules …")):
            seen = _previewed(
                settings().database_url, ctx.viewer.scope, version, ctx.today, repr(proposal), _ctx=ctx, _of=proposal
            )
    except Refusal as refusal:
        st.error(t.words(refusal.words), icon=":material/error:")
        _drop_button(ctx)
        return
    show_preview(ctx, seen)
    with st.container(horizontal=True):
        if may(ctx.viewer, Action.MANAGE_REFERENCE):
            _apply_button(ctx, proposal)
        _drop_button(ctx)
    if not may(ctx.viewer, Action.MANAGE_REFERENCE):
        st.caption(t("This is a trial: an administrator applies changes of the rules and of the calendar."))


def _typed() -> list[str]:
    """The keys of the fields that were filled in for the change."""
    return [key for key in map(str, st.session_state) if key.startswith(FIELDS)]


@st.cache_data(max_entries=4, ttl=1800, show_spinner=False)
def _previewed(
    database: str, scope: str, version: int, today: date, proposal: str, *, _ctx: PageContext, _of: Proposal
) -> Preview:
    """What the proposal would move, asked once for the data as it is; nothing is kept."""
    with transaction() as session:
        before, after = rules.tried(session, _ctx.viewer, _change(_of, clock.now()))
    with read_session() as session:
        return preview(session, _ctx.viewer, before, after, as_of=today)


def _apply_button(ctx: PageContext, proposal: Proposal) -> None:
    t = ctx.t
    if not st.button(t("Apply the change"), type="primary", icon=":material/task_alt:", key="reference_apply"):
        return
    try:
        with transaction() as session:
            _change(proposal, clock.now())(session, ctx.viewer)
    except Refusal as refusal:
        st.error(t.words(refusal.words), icon=":material/error:")
        return
    for key in (KEY, *_typed()):
        del st.session_state[key]
    applied = t("Applied: {change}", change=decode(proposal["said"]))
    with st.spinner(t("Judging every open file …")):
        flash(escape_markdown(f"{applied}. {_judged(ctx)}"))
    st.rerun()


def _judged(ctx: PageContext) -> str:
    """The files are judged by the new rules at once, as the scheduled scan does it; in words what that came to."""
    try:
        done = judge_again(SYSTEM, today=ctx.today, now=clock.now())
    except Exception:
        log.exception("The change was applied, but the scan after it failed.")
        return ctx.t("The change holds; the files will be judged by the next scan.")
    return ctx.t(
        "Judged by the new rules: {open} open files, {late} of them late; {changed} moved.",
        open=done.open, late=done.late, changed=done.changed,
    )  # fmt: skip


def _drop_button(ctx: PageContext) -> None:
    if st.button(ctx.t("Drop the change"), icon=":material/close:", key="reference_drop"):
        del st.session_state[KEY]
        st.rerun()
