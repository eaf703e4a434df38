"""The forms of supervision: a proposal, the decision about it, its withdrawal."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form, current, set_value
from dashboard.components.markup import show
from dashboard.components.supervision_checklist import closing_checklist
from dashboard.components.task_form import session_name
from dashboard.components.task_form import shown as shown_of_task
from dashboard.context import PageContext
from models.changes.supervision import GROUNDS, DecisionEntry, ProposalEntry, decide, propose, withdraw
from models.db import Session, read_session
from models.enums import N_, SupervisionGround, SupervisionOutcome, SupervisionStep
from models.queries.cases import CaseFile
from models.queries.supervision import ProposalRow, proposals
from models.queries.tasks import sessions
from models.rules.access import Viewer
from models.rules.versions import Subject

PROPOSED = {
    "ground": N_("Ground"), "reason": N_("Reason"), "proposed_on": N_("Proposed on"), "proposed_by": N_("Proposed by"),
    "document": N_("Document of the proposal"), "report": N_("Result report"),
}  # fmt: skip
DECIDED = {
    "outcome": N_("Decision"), "decided_on": N_("Decided on"), "session_id": N_("Session"),
    "decision": N_("Document of the decision"), "note": N_("Note (why refused or deferred)"),
}  # fmt: skip
DECISIONS = (SupervisionOutcome.ACCEPTED, SupervisionOutcome.REFUSED, SupervisionOutcome.DEFERRED)
NAMED_AS = {"session_id": "session"}
USUAL_BODY = "Ban Nội chính Tỉnh ủy"
GONE = N_("Your colleague has settled this proposal already. Your text stays below until you drop it.")


def form_of(step: SupervisionStep) -> str:
    """The name of the form that proposes this."""
    return f"propose_{step.value}"


# --- a proposal ----------------------------------------------------------------------------------------------------


def _proposing(step: SupervisionStep, title: str) -> FormKind:
    def start(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
        ground = GROUNDS[step][0].value
        return {"ground": ground, "proposed_by": USUAL_BODY, "proposed_on": plain_day(ctx.today)}

    def draw(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
        t = ctx.t
        if file and step is SupervisionStep.END:
            show(closing_checklist(ctx, file.code))
        one, two = st.columns(2)
        with one:
            choice(ctx, form, "ground", t("Ground"), {each.value: t.label(each) for each in GROUNDS[step]}, needed=True)
            day(ctx, form, "proposed_on", t("Proposed on"), needed=True)
        with two:
            text(ctx, form, "proposed_by", t("Proposed by"), needed=True)
            text(ctx, form, "document", t("Document of the proposal"))
        if step is SupervisionStep.END:
            hint = t("Number and date of the report")
            text(ctx, form, "report", t("Result report"), needed=True, placeholder=hint)
        long_text(ctx, form, "reason", t("Reason"))

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
        entry = _proposal(form, step)
        propose(session, ctx.viewer, about(form)[0], entry, revision=form.revision, now=now, today=ctx.today)
        return Saved(ctx.t("The proposal is recorded and waits for its decision."))

    return FormKind(title, start, draw, save, N_("Propose"), labels=PROPOSED, shown=_shown)


def _proposal(form: Form, step: SupervisionStep) -> ProposalEntry:
    reading = Reading(form)
    on = reading.day("proposed_on")
    _needed(reading, "ground", "proposed_by", *(("report",) if step is SupervisionStep.END else ()))
    reading.done()
    assert on is not None, "told above"
    return ProposalEntry(
        step, SupervisionGround(form.text("ground")), on, reading.text("proposed_by"), reading.lines("reason"),
        reading.text("document"), reading.text("report"),
    )  # fmt: skip


# --- its decision --------------------------------------------------------------------------------------------------


def _start_decision(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    if _waiting(ctx, file, id) is None:
        return None
    return {"outcome": SupervisionOutcome.ACCEPTED.value, "decided_on": plain_day(ctx.today), "session_id": ""}


def _draw_decision(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t, row = ctx.t, _waiting(ctx, file, about(form)[1])
    if row is None:
        return
    if row.step is SupervisionStep.END:
        show(closing_checklist(ctx, row.case_code))
    said = t("Proposed on {day} by {body}", day=row.proposed_on, body=row.proposed_by)
    st.text(f"{t.label(row.step)}: {t.label(row.ground)} · {said}")
    with read_session() as session:
        held = [each for each in sessions(session, until=ctx.today) if each.held_on >= row.proposed_on]
    days = {str(each.id): plain_day(each.held_on) for each in held}
    named = {str(each.id): session_name(t, each.kind, each.number, each.term) for each in held}
    options = {"": t("None")} | {number: f"{name}, {days[number]}" for number, name in named.items()}
    one, two = st.columns(2)
    with one:
        choice(ctx, form, "outcome", t("Decision"), {each.value: t.label(each) for each in DECISIONS}, needed=True)
        day(ctx, form, "decided_on", t("Decided on"), needed=True)
    with two:
        choice(
            ctx, form, "session_id", t("Session"), options, on_change=_session_chosen, args=("session_id", days),
            help=t("A decision needs its session, its document, or both."),
        )  # fmt: skip
        text(ctx, form, "decision", t("Document of the decision"))
    long_text(ctx, form, "note", t("Note (why refused or deferred)"))


def _session_chosen(viewer: Viewer, name: str, days: Mapping[str, str]) -> None:
    """A session decides on its own day, unless somebody has typed another."""
    form = current()
    if form is None:
        return
    chosen = st.session_state.get(form.key(name)) or ""
    if chosen in days and "decided_on" not in form.state["values"]:
        form.state["start"]["decided_on"] = days[chosen]
        form.fill_anew("decided_on")
    set_value(viewer, form, name, chosen)


def _save_decision(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading = Reading(form)
    on = reading.day("decided_on")
    _needed(reading, "outcome")
    reading.done()
    assert on is not None, "told above"
    held = form.text("session_id")
    entry = DecisionEntry(
        SupervisionOutcome(form.text("outcome")), on, int(held) if held else None, reading.text("decision"),
        reading.lines("note"),
    )  # fmt: skip
    id = int(about(form)[1])
    decide(session, ctx.viewer, id, entry, revision=form.revision, now=now, today=ctx.today)
    return Saved(ctx.t("The decision is recorded."))


# --- its withdrawal ------------------------------------------------------------------------------------------------


def _start_withdrawal(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    return {"reason": ""} if _waiting(ctx, file, id) else None


def _draw_withdrawal(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t, row = ctx.t, _waiting(ctx, file, about(form)[1])
    if row:
        said = t("Proposed on {day} by {body}", day=row.proposed_on, body=row.proposed_by)
        st.text(f"{t.label(row.step)}: {t.label(row.ground)} · {said}")
    text(ctx, form, "reason", t("Why it is withdrawn"), needed=True)


def _save_withdrawal(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reason, id = Reading(form).text("reason"), int(about(form)[1])
    withdraw(session, ctx.viewer, id, reason=reason, revision=form.revision, now=now, today=ctx.today)
    return Saved(ctx.t("The proposal is withdrawn."))


# --- what they share -----------------------------------------------------------------------------------------------


def _waiting(ctx: PageContext, file: CaseFile | None, id: str) -> ProposalRow | None:
    """The proposal of the file with this id, as long as it waits for its decision."""
    if file is None:
        return None
    with read_session() as session:
        rows = proposals(session, ctx.viewer, code=file.code, waiting=True)
    return next((row for row in rows if str(row.id) == id), None)


def _needed(reading: Reading, *names: str) -> None:
    for name in names:
        if not reading.text(name):
            reading.wrong[name] = reading.missing()


def _shown(ctx: PageContext, name: str, value: Any) -> str:
    if name == "session_id":
        with read_session() as session:
            held = {str(each.id): each for each in sessions(session, until=ctx.today)}
        row = held.get(str(value))
        return session_name(ctx.t, row.kind, row.number, row.term) if row else "–"
    kinds: dict[str, Any] = {"ground": SupervisionGround, "outcome": SupervisionOutcome}
    return ctx.t.label(kinds[name](value)) if name in kinds else shown_of_task(ctx, NAMED_AS.get(name, name), value)


FORMS = {
    form_of(SupervisionStep.PLACE): _proposing(SupervisionStep.PLACE, N_("Propose to place under supervision")),
    form_of(SupervisionStep.END): _proposing(SupervisionStep.END, N_("Propose to end supervision")),
    "decide_supervision": FormKind(
        N_("Record the decision"), _start_decision, _draw_decision, _save_decision, N_("Record the decision"),
        labels=DECIDED, shown=_shown, settles=Subject.SUPERVISION, gone=GONE,
    ),
    "withdraw_supervision": FormKind(
        N_("Withdraw the proposal"), _start_withdrawal, _draw_withdrawal, _save_withdrawal,
        N_("Withdraw the proposal"), labels={"reason": N_("Why it is withdrawn")}, settles=Subject.SUPERVISION,
        gone=GONE,
    ),
}  # fmt: skip
