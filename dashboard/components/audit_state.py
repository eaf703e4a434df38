"""Whether the audit chain is whole, as of the last look; looked at now; signed off by a person twice a year."""

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.components.watch import broken_words
from dashboard.context import PageContext
from models.changes.audit import NOTE_LENGTH, record_look, record_review
from models.db import read_session, transaction
from models.errors import FieldErrors
from models.queries.audit import name_of, verify
from models.queries.audit_log import Look, Review

FAULTS = "audit_faults"  # what this person's last look found, named
MOST_AT_ONCE = 50_000  # rows and records that are looked at while somebody waits


def state_of_the_chain(ctx: PageContext, look: Look | None, signed: Review) -> None:
    """The last look in a sentence, the button for another one, the review."""
    t = ctx.t
    if look is None:
        st.info(t("The chain was not looked at yet; it is every night."), icon=":material/info:")
    elif look.ok:
        said = t("The chain is whole: {rows} rows, {records} records compared, {at}.", rows=t.number(look.rows),
                 records=t.number(look.records), at=look.at)  # fmt: skip
        st.success(said, icon=":material/verified:")
    else:
        st.error(broken_words(ctx, look), icon=":material/gpp_bad:")
        for said in st.session_state.get(FAULTS, ()):
            st.error(escape_markdown(said))
    is_small = look is None or look.rows + look.records <= MOST_AT_ONCE
    if is_small and st.button(t("Look at the chain now"), icon=":material/fact_check:", key="look_now"):
        _look_now(ctx)
    _review(ctx, signed)


def _look_now(ctx: PageContext) -> None:
    t = ctx.t
    with st.spinner(t("Looking at every row and every record …")):
        with read_session() as session:
            found = verify(session, ctx.viewer)
            bad = [(name_of(session, ctx.viewer, fault), fault.why) for fault in found.faults]
        with transaction() as session:
            record_look(session, ctx.viewer, found, now=ctx.now)
    st.session_state[FAULTS] = [f"{t.words(name)}: {t.words(why)}" if name else t.words(why) for name, why in bad]
    st.rerun()


def _review(ctx: PageContext, signed: Review) -> None:
    t = ctx.t
    if signed.at:
        last = t("Signed off last by {who}, {at}: {note}", who=signed.who, at=signed.at, note=signed.note)
    else:
        last = t("Nobody has signed the log off yet.")
    if signed.is_due:
        said = t("The log is to be read and signed off since {day}. {last}", day=signed.due_on, last=last)
        st.warning(escape_markdown(said), icon=":material/edit_note:")
    else:
        st.caption(escape_markdown(t("{last} Next by {day}.", last=last, day=signed.due_on)))
    with st.expander(t("Sign the log off"), icon=":material/edit_note:"), st.form("log_review", enter_to_submit=False):
        note = st.text_area(t("What was looked at and what was found"), max_chars=NOTE_LENGTH, key="log_review_note")
        if not st.form_submit_button(t("Sign off"), type="primary"):
            return
    try:
        with transaction() as session:
            record_review(session, ctx.viewer, note, now=ctx.now)
    except FieldErrors as error:
        st.error(escape_markdown(" ".join(t.words(why) for why in error.fields.values())), icon=":material/error:")
        return
    flash(t("The log is signed off."))
    st.rerun()
