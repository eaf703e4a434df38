"""What a change of the rules or the calendar would move: deciding limits, clocks beside them, stalled rules."""

from collections.abc import Sequence
from datetime import date
from math import ceil
from typing import TypeVar

import streamlit as st

from dashboard.components.address import address
from dashboard.components.figures import days
from dashboard.components.markup import el, show
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.enums import Bucket
from models.queries.preview import MovedDate, MovedFlag, Preview
from models.rules.clocks import name_of
from models.text import Translator

Row = TypeVar("Row", MovedDate, MovedFlag)

SHOWN = 50  # rows of a preview on one page
DECIDING, BESIDE, FLAGS = "deciding", "beside", "flags"  # the tables of a preview


def show_preview(ctx: PageContext, seen: Preview) -> None:
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
