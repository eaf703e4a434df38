"""The documents of a file: a list with downloads, and for the secretariat the form that attaches one."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.file_box import file_box
from dashboard.components.flash import flash
from dashboard.components.markup import escape_markdown
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.changes.attachments import EARLIEST, REASON_LENGTH, Document, attach, take_off
from models.db import read_session, transaction
from models.enums import Secrecy
from models.errors import FieldErrors, LiemError
from models.queries.attachments import DocumentRow, documents
from models.rules.access import Action, may
from models.rules.words import Refusal, Words
from models.settings import settings

ROUND = "document_round"  # raised by every document attached, so that the form is empty again
ERRORS = "document_errors"


def documents_section(ctx: PageContext, code: str) -> None:
    """The section; nothing is asked of the database before it is opened."""
    t = ctx.t
    section = st.expander(t("Documents"), icon=":material/attach_file:", key=f"documents_{code}", on_change="rerun")
    if not section.open:
        return
    with section:
        with read_session() as session:
            rows = documents(session, ctx.viewer, code)
        if rows:
            _list(ctx, rows)
        else:
            st.caption(t("No document is registered with this file."))
        if may(ctx.viewer, Action.RECORD) and ctx.as_of == ctx.today:
            _attach_form(ctx, code)
            if rows:
                _take_off_form(ctx, rows)


def _list(ctx: PageContext, rows: Sequence[DocumentRow]) -> None:
    t = ctx.t
    headings = (t("Number"), t("Date"), t("Document"), t("Issued by"), t("Kept where"))
    rows_table(headings, [_row(ctx, row) for row in rows], key="documents_list")


def _row(ctx: PageContext, row: DocumentRow) -> tuple[Cell | str, ...]:
    t = ctx.t
    secret = row.secrecy is not Secrecy.NONE
    name = t.label(row.secrecy) if secret else row.title or row.file_name or "–"
    by = t("recorded by {who}, {time}", who=row.recorded_by or t("system operator"), time=t.time(row.recorded_at))
    kept: Cell | str = row.holder or t("only registered here")
    if row.size:
        size = t("{name} · {n} kB", name=row.file_name, n=max(1, row.size // 1024))
        kept = Cell(size, href=f"/attachment/{row.id}", note=row.holder)
    return (
        row.number or "–",
        t.date(row.dated_on) if row.dated_on else "–",
        Cell(name, note=by, mark="bad" if secret else ""),
        row.body or "–",
        kept,
    )


def _attach_form(ctx: PageContext, code: str) -> None:
    t = ctx.t
    key = f"document_{st.session_state.setdefault(ROUND, 0)}"
    wrong: dict[str, Words] = st.session_state.pop(ERRORS, {})
    with st.form(key, enter_to_submit=False, border=True):
        st.markdown(f"**{escape_markdown(t('Attach a document'))}**")
        left, right = st.columns(2)
        with left:
            number = st.text_input(t("Number and symbol"), max_chars=200, key=f"{key}_number")
            _said(ctx, wrong, "number")
            day = st.date_input(
                t("Dated"), value=None, min_value=EARLIEST, max_value=ctx.today, format="DD/MM/YYYY", key=f"{key}_day"
            )
            _said(ctx, wrong, "dated_on")
            body = st.text_input(t("Issued by"), max_chars=200, key=f"{key}_body")
        with right:
            title = st.text_input(t("Title of the document"), max_chars=500, key=f"{key}_title")
            _said(ctx, wrong, "title")
            names = {level: t.label(level) for level in Secrecy}
            secrecy = st.selectbox(
                t("Secrecy level"), list(names), format_func=names.__getitem__, key=f"{key}_secrecy",
                help=t("Of a document with a secrecy level only number, date, level and holder are kept."),
            )  # fmt: skip
            holder = st.text_input(t("Which office keeps the paper"), max_chars=200, key=f"{key}_holder")
            _said(ctx, wrong, "holder")
        label = t("Document itself, if it may be kept here (PDF, Word, Excel, picture)")
        chosen = file_box(t, label, key=f"{key}_content", limit_mb=settings().max_attachment_mb)
        _said(ctx, wrong, "content")
        if not st.form_submit_button(t("Attach"), type="primary"):
            return
    content = chosen[0].getvalue() if chosen else None
    file_name = chosen[0].name if chosen else ""
    _save(ctx, code, Document(number, day, title, body, secrecy, holder, file_name, content))


def _said(ctx: PageContext, wrong: dict[str, Words], field: str) -> None:
    if field in wrong:
        st.error(escape_markdown(ctx.t.words(wrong[field])), icon=":material/error:")


def _save(ctx: PageContext, code: str, document: Document) -> None:
    try:
        with transaction() as session:
            attach(session, ctx.viewer, code, document, now=ctx.now, today=ctx.today)
    except FieldErrors as error:
        st.session_state[ERRORS] = error.fields
    else:
        st.session_state[ROUND] += 1
        flash(ctx.t("The document is registered."))
    st.rerun()


def _take_off_form(ctx: PageContext, rows: Sequence[DocumentRow]) -> None:
    t = ctx.t
    names = {row.id: " · ".join(filter(None, (row.number, row.title, row.file_name))) for row in rows}
    with st.form("take_off", enter_to_submit=False, border=True):
        st.markdown(f"**{escape_markdown(t('Take a document off'))}**")
        wanted = st.selectbox(t("Document"), list(names), format_func=names.__getitem__, key="take_off_document")
        reason = st.text_input(t("Why it is taken off"), max_chars=REASON_LENGTH, key="take_off_reason")
        if not st.form_submit_button(t("Take off")):
            return
    try:
        with transaction() as session:
            take_off(session, ctx.viewer, wanted, reason=reason, now=ctx.now)
    except (LiemError, Refusal) as error:
        st.error(escape_markdown(t.words(error.words)), icon=":material/error:")
        return
    flash(t("The document is taken off."))
    st.rerun()
