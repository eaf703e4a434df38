"""A change of the rules or the calendar on its way: proposed, previewed on the open files, then applied or dropped."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard.components.address import address
from dashboard.components.flash import flash
from dashboard.components.markup import el, escape_markdown, show
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models import clock
from models.changes import calendar, rules
from models.changes.calendar import DayDraft
from models.db import read_session, transaction
from models.queries.judged import data_version
from models.queries.preview import MovedDate, Preview, preview
from models.rules.access import Action, may
from models.rules.clocks import name_of
from models.rules.words import Refusal, Words, decode, encode
from models.settings import settings

KEY = "reference_change"
SHOWN = 200  # files of a preview that are listed; the rest is counted

Proposal = Mapping[str, Any]

MAKERS: dict[str, Callable[..., object]] = {
    function.__name__: function
    for function in (
        rules.change_limit,
        rules.add_limit,
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
    _show_preview(ctx, seen)
    with st.container(horizontal=True):
        if may(ctx.viewer, Action.MANAGE_REFERENCE):
            _apply_button(ctx, proposal)
        _drop_button(ctx)
    if not may(ctx.viewer, Action.MANAGE_REFERENCE):
        st.caption(t("This is a trial: an administrator applies changes of the rules and of the calendar."))


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
    del st.session_state[KEY]
    flash(escape_markdown(t("Applied: {change}", change=decode(proposal["said"]))))
    st.rerun()


def _drop_button(ctx: PageContext) -> None:
    if st.button(ctx.t("Drop the change"), icon=":material/close:", key="reference_drop"):
        del st.session_state[KEY]
        st.rerun()


# --- the preview ---------------------------------------------------------------------------------------------------


def _show_preview(ctx: PageContext, seen: Preview) -> None:
    t = ctx.t
    if not seen.files:
        st.info(t("No date of the {n} open files moves.", n=seen.open), icon=":material/info:")
        return
    said = t(
        "{moved} of {open} open files move: {late} become late, {not_late} are no longer late.",
        moved=seen.files,
        open=seen.open,
        late=seen.become_late,
        not_late=seen.no_longer_late,
    )
    show(el("p", el("b", said), data_preview=seen.files))
    if seen.moved:
        _moved_files(ctx, seen.moved)
    else:
        _counts(ctx, seen)


def _moved_files(ctx: PageContext, moved: Sequence[MovedDate]) -> None:
    t = ctx.t
    headings = (t("File"), t("Clock"), t("Due now"), t("Due then"), t("Moves by"), t("What becomes of it"))
    rows_table(headings, [_moved(ctx, move) for move in moved[:SHOWN]], key="moved_files", right=(4,))
    if len(moved) > SHOWN:
        st.caption(t("The first {n} of {total} files.", n=SHOWN, total=len(moved)))


def _moved(ctx: PageContext, move: MovedDate) -> tuple[Cell | str, ...]:
    t = ctx.t
    title = move.title_en if ctx.language == "en" and move.title_en else move.title
    return (
        Cell(move.code, href=address(ctx, "/case", code=move.code), note=title),
        t.words(name_of(move.rule)) if move.rule else "–",
        t.date(move.old_due),
        t.date(move.new_due),
        _by(ctx, move.days),
        _fate(ctx, move),
    )


def _by(ctx: PageContext, days: int | None) -> str:
    if days is None:
        return "–"
    said = ctx.t.n("{n} day", "{n} days", abs(days))
    return f"+{said}" if days > 0 else f"−{said}" if days < 0 else said


def _fate(ctx: PageContext, move: MovedDate) -> Cell:
    t = ctx.t
    if move.becomes_late is not None:
        return Cell(t("becomes late"), mark="bad") if move.becomes_late else Cell(t("no longer late"), mark="good")
    if move.old_bucket is move.new_bucket:
        return Cell(t.label(move.new_bucket))
    return Cell(t("{before} → {after}", before=move.old_bucket, after=move.new_bucket))


def _counts(ctx: PageContext, seen: Preview) -> None:
    t = ctx.t
    headings = (t("Clock"), t("Now"), t("Then"), t("Files"))
    rows = [
        (
            t.words(name_of(count.rule)) if count.rule else "–",
            t.label(count.old_bucket),
            t.label(count.new_bucket),
            t.number(count.files),
        )
        for count in seen.counts
    ]
    rows_table(headings, rows, key="moved_counts", right=(3,), narrow=True)
    st.caption(t("Your role reads no files: only their number is shown."))
