"""A change of the rules or the calendar on its way: proposed, previewed on the open files, then applied or dropped."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from math import ceil
from typing import Any, TypeVar

import streamlit as st

from dashboard.components.address import address
from dashboard.components.figures import days
from dashboard.components.flash import flash
from dashboard.components.markup import el, escape_markdown, show
from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.scan import judge_again
from dashboard.context import PageContext
from models import clock
from models.changes import calendar, rules
from models.changes.calendar import DayDraft
from models.changes.new_rule import add_rule
from models.db import read_session, transaction
from models.enums import Bucket
from models.queries.judged import data_version
from models.queries.preview import MovedDate, MovedFlag, Preview, preview
from models.rules.access import SYSTEM, Action, may
from models.rules.clocks import name_of
from models.rules.words import Refusal, Words, decode, encode
from models.settings import settings
from models.text import Translator

log = logging.getLogger(__name__)
Row = TypeVar("Row", MovedDate, MovedFlag)

KEY = "reference_change"
FIELDS = ("rule_", "more_", "day_")  # how the keys of the fields begin in which a change is typed
SHOWN = 50  # rows of a preview on one page
DECIDING, BESIDE, FLAGS = "deciding", "beside", "flags"  # the tables of a preview

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
    _show_preview(ctx, seen)
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


# --- the preview ---------------------------------------------------------------------------------------------------


def _show_preview(ctx: PageContext, seen: Preview) -> None:
    """What would move, in three tables: limits that decide, clocks beside them, stalled rules."""
    t = ctx.t
    if not (seen.files or seen.beside_count or seen.flag_counts):
        st.info(t("No date of the {n} open files moves.", n=seen.open), icon=":material/info:")
        return
    show(el("p", el("b", _summary(t, seen)), data_preview=seen.files, data_beside=seen.beside_count))
    parts = {
        DECIDING: (t("Deciding limits"), seen.files),
        BESIDE: (t("Clocks beside them"), seen.beside_count),
        FLAGS: (t("Stalled rules"), sum(sum(count[1:]) for count in seen.flag_counts)),
    }
    names = {key: f"{name} ({t.number(count)})" for key, (name, count) in parts.items()}
    first = next(key for key, (_, count) in parts.items() if count)
    chosen = st.segmented_control(
        t("Shown"), list(names), default=first, format_func=names.__getitem__, key="preview_part",
        label_visibility="collapsed",
    ) or first  # fmt: skip
    if chosen == FLAGS:
        _flags(ctx, seen)
    elif seen.moved or seen.beside:
        _moved_files(ctx, seen.moved if chosen == DECIDING else seen.beside, chosen)
    elif chosen == DECIDING:
        _counts(ctx, seen)
    else:
        st.caption(t("Your role reads no files: only their number is shown."))


def _summary(t: Translator, seen: Preview) -> str:
    said = t(
        "{moved} of {open} open files move: {late} become late, {not_late} are no longer late.",
        moved=seen.files,
        open=seen.open,
        late=seen.become_late,
        not_late=seen.no_longer_late,
    )
    if not seen.beside_count:
        return said
    beside = t(
        "Beside the deciding limits {n} clocks move: {late} become late, {not_late} are no longer late.",
        n=seen.beside_count,
        late=seen.beside_become_late,
        not_late=seen.beside_no_longer_late,
    )
    return f"{said} {beside}"


def _moved_files(ctx: PageContext, moved: Sequence[MovedDate], part: str) -> None:
    t = ctx.t
    headings = (t("File"), t("Clock"), t("Due now"), t("Due then"), t("Moves by"), t("What becomes of it"))
    some = _page_of(ctx, moved, part)
    rows_table(headings, [_moved(ctx, move) for move in some], key="moved_files", right=(4,))


def _page_of(ctx: PageContext, rows: Sequence[Row], part: str) -> Sequence[Row]:
    """The rows of the page chosen below the table; a short table has no pages."""
    pages = ceil(len(rows) / SHOWN)
    if pages <= 1:
        return rows
    page = st.pagination(pages, key=f"preview_page_{part}") or 1
    start = (page - 1) * SHOWN
    said = ctx.t(
        "Rows {first} to {last} of {total}", first=start + 1, last=min(start + SHOWN, len(rows)), total=len(rows)
    )
    st.caption(said)
    return rows[start : start + SHOWN]


def _moved(ctx: PageContext, move: MovedDate) -> tuple[Cell | str, ...]:
    t = ctx.t
    return (
        _file(ctx, move.code, move.title, move.title_en),
        t.words(move.name) if move.rule else "–",
        t.date(move.old_due),
        t.date(move.new_due),
        _by(ctx, move.days),
        _fate(ctx, move),
    )


def _file(ctx: PageContext, code: str, title: str, title_en: str) -> Cell:
    said = title_en if ctx.language == "en" and title_en else title
    return Cell(code or "–", href=address(ctx, "/case", code=code) if code else "", note=said)


def _by(ctx: PageContext, days: int | None) -> str:
    if days is None:
        return "–"
    said = ctx.t.n("{n} day", "{n} days", abs(days))
    return f"+{said}" if days > 0 else f"−{said}" if days < 0 else said


def _fate(ctx: PageContext, move: MovedDate) -> Cell:
    t = ctx.t
    if move.becomes_late is not None:
        return Cell(t("becomes late"), mark="bad") if move.becomes_late else Cell(t("no longer late"), mark="good")
    if move.old_bucket is None or move.new_bucket is None:
        return Cell(_standing(ctx, move.new_due))
    if move.old_bucket is move.new_bucket:
        return Cell(t.label(move.new_bucket))
    return Cell(t("{before} → {after}", before=move.old_bucket, after=move.new_bucket))


def _standing(ctx: PageContext, due_on: date | None) -> str:
    """Where a clock beside the deciding limit would stand."""
    return days(ctx.t, (ctx.today - due_on).days if due_on else None, Bucket.CANNOT_TELL)


def _flags(ctx: PageContext, seen: Preview) -> None:
    """The flags that would open, close or begin otherwise: file by file, or their numbers."""
    t = ctx.t
    if seen.flags:
        headings = (t("File"), t("Stalled rule"), t("Since now"), t("Since then"), t("What becomes of it"))
        rows_table(headings, [_flag(ctx, flag) for flag in _page_of(ctx, seen.flags, FLAGS)], key="moved_flags")
        return
    numbers = (t("Stalled rule"), t("Opens"), t("Closes"), t("Other day"))
    rows = [
        (t.label(count.rule), t.number(count.opens), t.number(count.closes), t.number(count.moves))
        for count in seen.flag_counts
    ]
    rows_table(numbers, rows, key="moved_flag_counts", right=(1, 2, 3), narrow=True)
    if seen.flag_counts:
        st.caption(t("Your role reads no files: only their number is shown."))


def _flag(ctx: PageContext, flag: MovedFlag) -> tuple[Cell | str, ...]:
    t = ctx.t
    if flag.old_since is None:
        fate = Cell(t("opens"), mark="bad")
    elif flag.new_since is None:
        fate = Cell(t("closes"), mark="good")
    else:
        fate = Cell(t("begins on another day"))
    name = Cell(t.label(flag.rule), note=flag.rule.value)
    return (
        _file(ctx, flag.code, flag.title, flag.title_en),
        name,
        t.date(flag.old_since),
        t.date(flag.new_since),
        fate,
    )


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
