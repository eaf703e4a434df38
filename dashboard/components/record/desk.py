"""The workbench on a file's page: what can be recorded, the form that is open, drafts that wait, a fact's history."""

import streamlit as st

from dashboard.components import document_forms, level_forms, restriction_forms, supervision_forms
from dashboard.components.forms.kinds import FormKind, subject_of
from dashboard.components.forms.panel import draw_form
from dashboard.components.forms.saving import note_gone, save_asked
from dashboard.components.forms.state import Form, close, drop, open_form
from dashboard.components.markup import escape_markdown
from dashboard.components.record import accused_form, difficulty_form, event_form, file_form, join_form, money_form
from dashboard.components.record.fact_history import fact_history
from dashboard.components.record.links import may_record
from dashboard.components.task_form import task_dialog
from dashboard.context import PageContext
from models import clock
from models.clock import local
from models.db import read_session
from models.enums import N_, Kind
from models.queries.cases import CaseFile
from models.queries.form_drafts import drafts_of_file
from models.rules.access import Action, may

FORMS: dict[str, FormKind] = {
    **event_form.FORMS, **accused_form.FORMS, **money_form.FORMS, **difficulty_form.FORMS, **file_form.FORMS,
    **join_form.FORMS, **supervision_forms.FORMS, **document_forms.FORMS,
    **restriction_forms.FORMS, **level_forms.FORMS,
}  # fmt: skip
MORE = {
    "details": N_("Correct the description"),
    "accused": N_("Add an accused"),
    "money": N_("Record an amount"),
    "difficulty": N_("Record a difficulty or proposal"),
    "become_case": N_("The incident becomes a case"),
    "merge": N_("Join to another file"),
    "split": N_("Split off a file"),
    "transfer": N_("Transfer jurisdiction"),
}
FOR_LEADS = {
    "restrict": N_("Restrict the file"),
    "lift_restriction": N_("Lift the restriction"),
    "level": N_("Give a secrecy level"),
}
SHOWN_DRAFTS = 3


def save_what_was_asked(ctx: PageContext) -> None:
    """Save the form whose button was pressed, before the page is read."""
    if may_record(ctx):
        save_asked(ctx, FORMS)


def actions(ctx: PageContext, file: CaseFile) -> None:
    """The primary actions at the top right; none for who only reads."""
    if not may_record(ctx):
        return
    t = ctx.t
    with st.container(key="case_actions", horizontal=True, horizontal_alignment="right", width="content"):
        st.button(t("Record an event"), type="primary", icon=":material/add:", key="do_event", on_click=_open,
                  args=("event",))  # fmt: skip
        if st.button(t("Add a task"), icon=":material/add_task:", key="do_task"):
            task_dialog(ctx, file.code)
        more = MORE | FOR_LEADS if may(ctx.viewer, Action.RESTRICT) else MORE
        offered = [name for name in more if name != "become_case" or file.detail.kind is Kind.INCIDENT]
        st.menu_button(
            t("More"),
            offered,
            format_func={name: t(more[name]) for name in offered}.__getitem__,
            key="do_more",
            on_click=_open_more,
        )


def _open(name: str, id: str = "") -> None:
    close()
    st.query_params["do"] = name
    if id:
        st.query_params["id"] = id


def _open_more() -> None:
    if chosen := st.session_state.get("do_more"):
        _open(chosen)


def desk(ctx: PageContext, file: CaseFile) -> None:
    """The form or history that the address names; else the drafts that wait."""
    asked, id = st.query_params.get("do", ""), st.query_params.get("id", "")[:40]
    if asked == "history" and may(ctx.viewer, Action.READ_COMMITTEE):
        fact_history(ctx, file)
    elif may_record(ctx) and asked in FORMS and asked != "new" and _fits(ctx, asked):
        _form(ctx, file, asked, id)
    elif may_record(ctx):
        _waiting(ctx, file)


def _fits(ctx: PageContext, form: str) -> bool:
    """Whether the form is one of this reader's: some are the lead's only."""
    needs = Action.RESTRICT if form in FOR_LEADS else Action.DECIDE if form == "decide_supervision" else Action.RECORD
    return may(ctx.viewer, needs)


def new_file(ctx: PageContext, kind: str) -> None:
    """The form of a new case or incident."""
    made = FORMS["new"]
    form = open_form(ctx, "new", subject_of(""), revision=None, start=lambda: made.start(ctx, None, kind) or {})
    draw_form(ctx, made, form, None)


def _form(ctx: PageContext, file: CaseFile, name: str, id: str) -> None:
    kind = FORMS[name]
    start = kind.start(ctx, file, id)
    form = open_form(ctx, name, subject_of(file.code, id), revision=file.revision, start=lambda: start or {})
    if start is None and not form.state["values"]:
        close()
        st.info(ctx.t("This fact does not hold any more: it was corrected or retracted."), icon=":material/info:")
        return
    if start is None and not form.state["stale"]:
        note_gone(ctx, form)
    draw_form(ctx, kind, form, file)


def _waiting(ctx: PageContext, file: CaseFile) -> None:
    """A quiet line for each form of this file that was begun and not saved."""
    with read_session() as session:
        drafts = drafts_of_file(session, ctx.viewer, file.code, now=clock.now())
    for draft in [draft for draft in drafts if draft.form in FORMS][:SHOWN_DRAFTS]:
        t, at = ctx.t, local(draft.saved_at)
        time = at.strftime("%H:%M") if at.date() == ctx.today else at.strftime("%H:%M %d/%m/%Y")
        with st.container(horizontal=True, vertical_alignment="center", key=f"draft_{draft.form}_{draft.token[:6]}"):
            said = t("Draft from {time}: {form}", time=time, form=t(FORMS[draft.form].title))
            st.markdown(escape_markdown(said), width="content")
            id = draft.subject.partition("/")[2]
            st.button(t("Go on"), key=f"go_on_{draft.token}", on_click=_open, args=(draft.form, id), type="tertiary")
            st.button(t("Discard"), key=f"discard_{draft.token}", on_click=drop, args=(ctx.viewer, draft.token),
                      type="tertiary")  # fmt: skip


__all__ = ["FORMS", "Form", "actions", "desk", "new_file", "save_what_was_asked"]
