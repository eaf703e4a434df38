"""The forms of supervision: a proposal, the decision about it, its withdrawal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.context import PageContext
from models.changes.supervision import GROUNDS, DecisionEntry, ProposalEntry, decide, propose, withdraw
from models.db import Session, transaction
from models.enums import N_, SessionKind, SupervisionGround, SupervisionOutcome, SupervisionStep
from models.errors import FieldErrors, NotFound, StaleCase
from models.queries.cases import CaseFile
from models.queries.supervision import ProposalRow
from models.queries.tasks import SessionRow

LABELS = {
    "ground": N_("Ground"), "reason": N_("Reason"), "proposed_on": N_("Proposed on"), "proposed_by": N_("Proposed by"),
    "document": N_("Document of the proposal"), "report": N_("Result report"), "outcome": N_("Decision"),
    "decided_on": N_("Decided on"), "session_id": N_("Session"), "decision": N_("Document of the decision"),
    "note": N_("Note"),
}  # fmt: skip
DECISIONS = (SupervisionOutcome.ACCEPTED, SupervisionOutcome.REFUSED, SupervisionOutcome.DEFERRED)
SHOWN = "supervision_shown"  # code → the revision that this browser was shown last
USUAL_BODY = "Ban Nội chính Tỉnh ủy"


def proposal_form(ctx: PageContext, file: CaseFile, step: SupervisionStep) -> None:
    """A new proposal of this kind."""
    t, named = ctx.t, _named(ctx)
    with st.form("propose_supervision", enter_to_submit=False):
        one, two = st.columns(2)
        grounds = {each.value: t.label(each) for each in GROUNDS[step]}
        ground = one.selectbox(named["ground"], list(grounds), format_func=grounds.__getitem__, key="proposal_ground")
        by = two.text_input(named["proposed_by"], value=USUAL_BODY, max_chars=200, key="proposal_by")
        one, two = st.columns(2)
        on = one.date_input(named["proposed_on"], value=ctx.today, max_value=ctx.today, format="DD/MM/YYYY",
                            key="proposal_on")  # fmt: skip
        document = two.text_input(named["document"], max_chars=200, key="proposal_document")
        report = ""
        if step is SupervisionStep.END:
            report = st.text_input(f"{named['report']} \\*", max_chars=200, key="proposal_report",
                                   placeholder=t("Number and date of the report"))  # fmt: skip
        reason = st.text_area(named["reason"], max_chars=2000, height=80, key="proposal_reason")
        if not st.form_submit_button(t("Propose"), type="primary"):
            return
    entry = ProposalEntry(step, SupervisionGround(ground), on, by, reason, document, report)
    said = t("The proposal is recorded and waits for its decision.")
    _save(ctx, said, lambda session, at: propose(session, ctx.viewer, file.code, entry, revision=_shown(file), **at))


def decision_form(ctx: PageContext, file: CaseFile, row: ProposalRow, held: Sequence[SessionRow]) -> None:
    """What was decided, by which session or document."""
    t, named = ctx.t, _named(ctx)
    days = {session.id: _session(ctx, session) for session in held if session.held_on >= row.proposed_on}
    with st.form("decide_supervision", enter_to_submit=False):
        one, two = st.columns(2)
        answers = {each.value: t.label(each) for each in DECISIONS}
        outcome = one.selectbox(named["outcome"], list(answers), format_func=answers.__getitem__,
                                key="decision_outcome")  # fmt: skip
        on = two.date_input(named["decided_on"], value=ctx.today, min_value=row.proposed_on, max_value=ctx.today,
                            format="DD/MM/YYYY", key="decision_on")  # fmt: skip
        one, two = st.columns(2)
        number = one.selectbox(named["session_id"], list(days), index=None, placeholder=t("None"),
                               format_func=days.__getitem__, key="decision_session")  # fmt: skip
        document = two.text_input(named["decision"], max_chars=200, key="decision_document")
        note = st.text_area(t("Note (why refused or deferred)"), max_chars=2000, height=80, key="decision_note")
        if not st.form_submit_button(t("Record the decision"), type="primary"):
            return
    entry = DecisionEntry(SupervisionOutcome(outcome), on, number, document, note)
    _save(
        ctx, t("The decision is recorded."),
        lambda session, at: decide(session, ctx.viewer, row.id, entry, revision=_shown(file), **at),
    )  # fmt: skip


def withdrawal_form(ctx: PageContext, file: CaseFile, row: ProposalRow) -> None:
    """The proposal is taken back."""
    t = ctx.t
    with st.form("withdraw_supervision", enter_to_submit=False, border=False):
        reason = st.text_input(t("Why it is withdrawn"), max_chars=500, key="withdrawal_reason")
        if not st.form_submit_button(t("Withdraw the proposal")):
            return
    _save(
        ctx, t("The proposal is withdrawn."),
        lambda session, at: withdraw(session, ctx.viewer, row.id, reason=reason, revision=_shown(file), **at),
    )  # fmt: skip


def remember_shown(file: CaseFile) -> None:
    """What this browser shows now: a form sent from here is about this revision."""
    st.session_state[SHOWN] = {file.code: file.revision}


def _shown(file: CaseFile) -> int:
    """The revision that was on the screen when the form was filled in."""
    shown: Mapping[str, int] = st.session_state.get(SHOWN, {})
    return shown.get(file.code, file.revision)


def _named(ctx: PageContext) -> dict[str, str]:
    """The fields by the names that people read."""
    return {name: ctx.t(label) for name, label in LABELS.items()}


def _session(ctx: PageContext, row: SessionRow) -> str:
    if row.kind is SessionKind.COMMITTEE:
        return ctx.t("Session {number} ({term}), {day}", number=row.number, term=row.term, day=row.held_on)
    return ctx.t("Standing meeting {number} ({term}), {day}", number=row.number, term=row.term, day=row.held_on)


def _save(ctx: PageContext, said: str, change: Callable[[Session, dict[str, Any]], object]) -> None:
    """Save, and say so; or say what is wrong, with what was typed still there."""
    t = ctx.t
    try:
        with transaction() as session:
            change(session, {"now": ctx.now, "today": ctx.today})
    except FieldErrors as error:
        for name, wrong in error.fields.items():
            label = f"**{t(LABELS[name])}**: " if name in LABELS else ""
            st.error(label + escape_markdown(t.words(wrong)), icon=":material/error:")
    except StaleCase:
        st.error(t("A colleague changed this file meanwhile. Reload the page, look at the change, then decide."),
                 icon=":material/group:")  # fmt: skip
    except NotFound as error:
        st.error(escape_markdown(t.words(error.words)), icon=":material/error:")
    else:
        flash(said)
        st.rerun()
