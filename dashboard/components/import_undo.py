"""The form that takes a whole import back."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.components.scan import judge_again
from dashboard.context import PageContext
from models.changes.import_undo import REASON_LENGTH, Undone, UndoneAlready, undo_import
from models.db import transaction
from models.errors import NotFound
from models.queries.imports import BatchRow
from models.rules.words import Refusal

SHOWN = "take_back_shown"  # the imports that this browser was offered last


def take_back(ctx: PageContext, batches: Sequence[BatchRow]) -> None:
    """Choose an import, say why, confirm; nothing is shown when there is none to take back."""
    t = ctx.t
    names = {batch.id: _name(ctx, batch) for batch in batches if batch.undone_at is None}
    if not names:
        return
    # Another list of imports has another form: a click meant for one import never reaches another one.
    key = "take_back_" + "_".join(map(str, names))
    if st.session_state.get(SHOWN, key) != key:
        st.info(t("The list of imports has changed meanwhile. Nothing was taken back; please choose again."),
                icon=":material/info:")  # fmt: skip
    st.session_state[SHOWN] = key
    with (
        st.expander(t("Take an import back"), icon=":material/undo:"),
        st.form(key, enter_to_submit=False),
    ):
        st.caption(
            t(
                "Every fact of the import is retracted and what it had replaced holds again. Nothing is deleted: "
                "papers issued meanwhile can still be proved. Corrections made since then stay."
            )
        )
        wanted = st.selectbox(t("Import"), list(names), format_func=names.__getitem__, key=f"{key}_import")
        reason = st.text_input(t("Why it is taken back"), max_chars=REASON_LENGTH, key=f"{key}_reason")
        sure = st.checkbox(t("Yes, take the whole import back"), key=f"{key}_sure")
        if not st.form_submit_button(t("Take back"), type="primary"):
            return
    if not sure:
        st.error(t("Tick the box to confirm."), icon=":material/error:")
        return
    try:
        with transaction() as session:
            undone = undo_import(session, ctx.viewer, wanted, reason=reason, now=ctx.now)
    except UndoneAlready as error:
        st.session_state.pop(SHOWN)
        flash(escape_markdown(t.words(error.words)), "info")
        st.rerun()
    except (Refusal, NotFound) as error:
        st.error(escape_markdown(t.words(error.words)), icon=":material/error:")
        return
    st.session_state.pop(SHOWN)
    judge_again(ctx.viewer, today=ctx.today, now=ctx.now)
    flash(_said(ctx, wanted, undone))
    st.rerun()


def _said(ctx: PageContext, number: int, undone: Undone) -> str:
    return ctx.t(
        "Import {number} is taken back: {retracted} facts retracted, {restored} hold again, {files} files gone.",
        number=number,
        retracted=undone.retracted,
        restored=undone.restored,
        files=undone.files,
    )


def _name(ctx: PageContext, batch: BatchRow) -> str:
    return f"{batch.id} · {batch.file_name} · {ctx.t.time(batch.applied_at)}"
