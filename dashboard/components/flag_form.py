"""The form that notes that a flag was seen: why it may stand for now, and when it is looked at again."""

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models.changes.flags import LONGEST_DAYS, REASON_LENGTH, acknowledge
from models.db import read_session, transaction
from models.errors import NotFound
from models.queries.cases import CaseFile, FlagRow
from models.queries.task_flags import task_flag_rows
from models.rules.access import Action, may
from models.rules.words import Refusal

USUAL_DAYS = 14  # proposed until the flag is looked at again


def acknowledge_form(ctx: PageContext, file: CaseFile) -> None:
    """The form for the flags of a file, while the scan holds one open; an earlier day only shows."""
    stored = {(row.rule, row.subject, row.opened_on): row for row in file.flag_history if row.closed_on is None}
    keys = [(flag.rule, flag.subject, flag.since) for flag in file.flags]
    if _may_set_aside(ctx):
        _form(ctx, {stored[key].id: stored[key] for key in keys if key in stored})


def acknowledge_task_flags(ctx: PageContext) -> None:
    """The same form for the open flags of tasks about no file."""
    if _may_set_aside(ctx):
        with read_session() as session:
            rows = task_flag_rows(session, ctx.viewer)
        _form(ctx, {row.id: row for row in rows})


def _may_set_aside(ctx: PageContext) -> bool:
    return may(ctx.viewer, Action.RECORD) and ctx.as_of == ctx.today


def _form(ctx: PageContext, flags: Mapping[int, FlagRow]) -> None:
    t = ctx.t
    if not flags:
        return
    with (
        st.expander(t("Acknowledge a flag"), icon=":material/visibility:"),
        st.form("acknowledge", enter_to_submit=False),
    ):
        names = {id: _name(ctx, row) for id, row in flags.items()}
        wanted = st.selectbox(t("Flag"), list(names), format_func=names.__getitem__, key="acknowledge_flag")
        reason = st.text_input(t("Why it may stand for now"), max_chars=REASON_LENGTH, key="acknowledge_reason")
        day = st.date_input(
            t("Look again on (at most {n} days)", n=LONGEST_DAYS),
            value=ctx.today + timedelta(days=USUAL_DAYS),
            min_value=ctx.today + timedelta(days=1),
            max_value=ctx.today + timedelta(days=LONGEST_DAYS),
            format="DD/MM/YYYY",
            key="acknowledge_day",
        )
        st.caption(t("The flag stays on the page and in all figures."))
        if not st.form_submit_button(t("Acknowledge"), type="primary"):
            return
    try:
        with transaction() as session:
            acknowledge(session, ctx.viewer, wanted, reason=reason, look_again_on=day, now=ctx.now, today=ctx.today)
    except (Refusal, NotFound) as error:
        st.error(escape_markdown(t.words(error.words)), icon=":material/error:")
        return
    flash(t("The flag is acknowledged; look again on {day}.", day=day))
    st.rerun()


def _name(ctx: PageContext, row: FlagRow) -> str:
    """The rule and its day; before them the task, for a flag of a task about no file."""
    said = f"{ctx.t.label(row.rule)} · {ctx.t('since {day}', day=row.opened_on)}"
    return said if row.case_code else f"{row.subject} · {said}"
