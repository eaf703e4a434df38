"""The calendar, a year at a time: its days, entering and removing one, the yearly notice, and what was changed."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import streamlit as st

from dashboard.components.chooser import choose, chosen
from dashboard.components.file_box import file_box
from dashboard.components.findings import findings_table
from dashboard.components.reference_change import propose
from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.rule_words import proof
from dashboard.context import PageContext
from models.changes.calendar import DayDraft
from models.db import read_session
from models.enums import N_, DayKind
from models.queries.reference import (
    DayVersion,
    YearState,
    calendar_problem,
    day_history,
    days_of,
    differing_years,
    years,
)
from models.rules.access import Action, may
from models.rules.words import Names, words
from models.text import Translator
from seed.notice import Notice, read_notice, write_notice_form
from seed.reference_files import special_day_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip


def calendar(ctx: PageContext) -> None:
    """The year named in the address, else this one."""
    t = ctx.t
    with read_session() as session:
        table = years(session, today=ctx.today)
        problem = calendar_problem(session, today=ctx.today)
        year = int(chosen("year", {str(state.year): state for state in table}) or ctx.today.year)
        days, history = days_of(session, year), day_history(session, year)
        last = days_of(session, year - 1)
        differing = differing_years(session, special_day_rows())
    if problem:
        st.error(t.words(problem), icon=":material/event_busy:")
    _choose_year(t, table)
    _days(ctx, year, days)
    manages = may(ctx.viewer, Action.MANAGE_REFERENCE)
    if manages and year in differing:
        _differing(ctx, year)
    title = t("Change the calendar of {year}", year=str(year))
    with st.expander(title if manages else t("Try a change of the calendar"), icon=":material/edit_calendar:"):
        one, two = st.columns(2, gap="large")
        with one:
            _add(ctx, year)
        with two:
            _remove(ctx, days)
        _notice(ctx, year, last)
    _history(ctx, history)


def _choose_year(t: Translator, table: Sequence[YearState]) -> None:
    said = {
        str(state.year): t("{year}: {n} days", year=str(state.year), n=state.days)
        if state.maintained
        else t("{year}: not maintained", year=str(state.year))
        for state in table
    }
    with st.columns([1, 2])[0]:
        choose(t("Year"), "year", said, any_label=t("This year"))


def _days(ctx: PageContext, year: int, days: Sequence[DayVersion]) -> None:
    t = ctx.t
    st.subheader(t("Days off and worked days of {year}", year=str(year)), anchor=False)
    if not days:
        st.warning(
            t("No day of this year is entered: no limit that ends in it can be told."), icon=":material/warning:"
        )
        return
    headings = (t("Day"), t("Weekday"), t("Kind"), t("Name of the day"), t("Source"), t("Proof"))
    rows_table(headings, [_day(t, day) for day in days], key="days")


def _day(t: Translator, day: DayVersion) -> tuple[Cell | str, ...]:
    return (
        t.date(day.day),
        t(WEEKDAYS[day.day.weekday()]),
        Cell(t.label(day.kind), mark="good" if day.kind is DayKind.SWAP_WORK else ""),
        t("{name}", name=Names(day.name_vi, day.name_en)),
        Cell(day.source, note=t.label(day.origin)),
        proof(t, day.verified),
    )


# --- one day -------------------------------------------------------------------------------------------------------


def _add(ctx: PageContext, year: int) -> None:
    t = ctx.t
    with st.form("day_add"):
        st.markdown(f"**{t('Enter a day')}**")
        day = st.date_input(
            t("Day"), date(year, 1, 2), format="DD/MM/YYYY", min_value=date(year, 1, 1), max_value=date(year, 12, 31),
            key=f"day_on_{year}",
        )  # fmt: skip
        kinds = {each: t.label(each) for each in DayKind}
        kind = st.selectbox(t("Kind"), list(kinds), format_func=kinds.__getitem__, key="day_kind")
        name_vi = st.text_input(t("Name in Vietnamese"), max_chars=200, key="day_vi")
        name_en = st.text_input(t("Name in English"), max_chars=200, key="day_en")
        note = st.text_input(t("Why no worked day stands beside a swapped day off"), max_chars=200, key="day_note")
        source, reason = _why(t, "day_add")
        if not st.form_submit_button(t("Preview the change"), icon=":material/visibility:"):
            return
    draft = {"day": day, "kind": kind, "name_vi": name_vi, "name_en": name_en, "note": note}
    said = words("Calendar: {day} is entered, {kind}, {name}", day=day, kind=kind, name=name_vi)
    propose(ctx, said, "add_day", draft=draft, source=source, reason=reason)


def _remove(ctx: PageContext, days: Sequence[DayVersion]) -> None:
    t = ctx.t
    names = {each.day: f"{t.date(each.day)} · {t.label(each.kind)} · {each.name_vi}" for each in days}
    with st.form("day_remove"):
        st.markdown(f"**{t('Remove a day')}**")
        day = st.selectbox(t("Day"), list(names), format_func=names.__getitem__, key="day_gone")
        reason = st.text_input(t("Reason"), max_chars=500, key="day_gone_reason")
        if not st.form_submit_button(t("Preview the change"), icon=":material/visibility:") or day is None:
            return
    said = words("Calendar: {day} is removed ({reason})", day=day, reason=reason)
    propose(ctx, said, "remove_day", day=day, reason=reason)


def _why(t: Translator, key: str) -> tuple[str, str]:
    source = st.text_input(t("Notice or law, with number and date"), max_chars=200, key=f"{key}_source")
    return source, st.text_input(t("Reason"), max_chars=500, key=f"{key}_reason")


# --- the yearly notice ---------------------------------------------------------------------------------------------


def _notice(ctx: PageContext, year: int, last: Sequence[DayVersion]) -> None:
    t = ctx.t
    st.markdown(f"**{t('The yearly notice of {year}', year=str(year))}**")
    st.caption(
        t(
            "A workbook or CSV table with the columns Ngày, Loại, Tên ngày (date, kind, name_vi). It replaces the days "
            "of the year: all of it, or nothing."
        )
    )
    st.download_button(
        t("Form with the holidays of fixed date"),
        data=lambda: _blank(year, last),
        file_name=f"liem-calendar-{year}.xlsx",
        mime=XLSX,
        icon=":material/download:",
        on_click="ignore",
        key="notice_form",
    )
    chosen_files = file_box(t, t("The notice as a table (.xlsx or .csv)"), key=f"notice_{year}")
    if not chosen_files:
        return
    notice = _read(chosen_files[0].name, chosen_files[0].getvalue(), year)
    if notice.errors:
        st.error(t("The list cannot be used. Correct it and choose the file again."), icon=":material/error:")
        findings_table(t, notice.errors, key="notice_errors", mark="bad")
        return
    st.caption(t("{n} days are read.", n=len(notice.days)))
    with st.form("notice"):
        source, reason = _why(t, "notice")
        if not st.form_submit_button(t("Preview the change"), type="primary", icon=":material/visibility:"):
            return
    drafts = [_plain(each) for each in notice.days]
    said = words("Calendar of {year}, {n} days: {source}", year=str(year), source=source, n=len(drafts))
    propose(ctx, said, "replace_year", year=year, drafts=drafts, source=source, reason=reason)


def _plain(draft: DayDraft) -> dict[str, Any]:
    return dict(vars(draft))


def _read(name: str, content: bytes, year: int) -> Notice:
    """The notice in an uploaded file; on disk only while it is read."""
    with TemporaryDirectory(prefix="liem-notice-") as folder:
        path = Path(folder, "notice.csv" if name.lower().endswith(".csv") else "notice.xlsx")
        path.write_bytes(content)
        return read_notice(path, year=year)


def _blank(year: int, last: Sequence[DayVersion]) -> bytes:
    known = [DayDraft(day.day, day.kind, day.name_vi, day.name_en, day.name_fr) for day in last]
    with TemporaryDirectory(prefix="liem-notice-") as folder:
        path = Path(folder, "form.xlsx")
        write_notice_form(path, year, known)
        return path.read_bytes()


# --- what was changed ----------------------------------------------------------------------------------------------


def _differing(ctx: PageContext, year: int) -> None:
    t = ctx.t
    st.info(
        t("The calendar of {year} that came with the program differs from the one entered here.", year=str(year)),
        icon=":material/difference:",
    )
    if st.button(t("Take the calendar of the program"), key="take_year"):
        rows = [dict(row) for row in special_day_rows() if row["day"].year == year]
        said = words("Calendar of {year}: the days of the program again", year=str(year))
        propose(ctx, said, "take_shipped_year", year=year, rows=rows)


def _history(ctx: PageContext, history: Sequence[DayVersion]) -> None:
    t = ctx.t
    if not history:
        return
    st.subheader(t("What was changed"), anchor=False)
    headings = (t("Day"), t("Kind"), t("Name of the day"), t("Entered"), t("Reason"), t("Retracted"))
    rows_table(headings, [_past(t, day) for day in history], key="day_history")


def _past(t: Translator, day: DayVersion) -> tuple[Cell | str, ...]:
    retracted = t.time(day.retracted_at) if day.retracted_at else t("in force")
    return (
        t.date(day.day),
        t.label(day.kind),
        t("{name}", name=Names(day.name_vi, day.name_en)),
        Cell(t.time(day.recorded_at), note=t.label(day.origin)),
        day.reason or "–",
        Cell(retracted, note=day.retracted_reason),
    )
