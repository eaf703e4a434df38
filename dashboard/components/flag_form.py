"""The form that notes that a flag was seen: why it may stand for now, and when it is looked at again."""

from datetime import timedelta

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models.changes.flags import LONGEST_DAYS, REASON_LENGTH, acknowledge
from models.db import transaction
from models.errors import NotFound
from models.queries.cases import CaseFile, FlagRow
from models.rules.access import Action, may
from models.rules.words import Refusal

USUAL_DAYS = 14  # proposed until the flag is looked at again


def acknowledge_form(ctx: PageContext, file: CaseFile) -> None:
    """The form, for those who record facts, while the scan holds a flag open; an earlier day only shows."""
    t = ctx.t
    stored = {(row.rule, row.subject, row.opened_on): row for row in file.flag_history if row.closed_on is None}
    keys = [(flag.rule, flag.subject, flag.since) for flag in file.flags]
    flags = {stored[key].id: stored[key] for key in keys if key in stored}
    if not flags or not may(ctx.viewer, Action.RECORD) or ctx.as_of != ctx.today:
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
    return f"{ctx.t.label(row.rule)} · {ctx.t('since {day}', day=row.opened_on)}"
