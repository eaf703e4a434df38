"""The forms of documents: one is attached to a file, or taken off. What is typed is kept; the upload cannot be."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.file_box import file_box, is_on_its_way
from dashboard.components.forms.fields import choice, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.markup import el, show
from dashboard.context import PageContext
from models.changes.attachments import Document, attach, take_off
from models.db import Session, read_session
from models.enums import N_, Secrecy
from models.errors import FieldErrors
from models.queries.attachments import DocumentRow, documents
from models.queries.cases import CaseFile
from models.rules.versions import Subject
from models.rules.words import Refusal, words
from models.settings import settings

CONTENT = "content"
NOT_HERE_YET = N_("The document itself is still on its way. Wait a moment, then save again.")


def told(row: DocumentRow) -> str:
    """A document in a few words."""
    return " · ".join(filter(None, (row.number, row.title, row.file_name)))


def _start_attaching(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    return {"secrecy": Secrecy.NONE.value}


def _draw_attaching(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    left, right = st.columns(2)
    with left:
        text(ctx, form, "number", t("Number and symbol"))
        day(ctx, form, "dated_on", t("Dated"))
        text(ctx, form, "body", t("Issued by"))
    with right:
        text(ctx, form, "title", t("Title of the document"))
        levels = {level.value: t.label(level) for level in Secrecy}
        said = t("Of a document with a secrecy level only number, date, level and holder are kept.")
        choice(ctx, form, "secrecy", t("Secrecy level"), levels, help=said, needed=True)
        text(ctx, form, "holder", t("Which office keeps the paper"))
    label = t("Document itself, if it may be kept here (PDF, Word, Excel, picture)")
    chosen = file_box(t, label, key=form.key(CONTENT), limit_mb=settings().max_attachment_mb)
    if not chosen:
        st.caption(t("A draft keeps only what is typed: after a refresh choose the document itself again."))
    elif form.state["errors"].get(CONTENT) == t(NOT_HERE_YET):
        form.state["errors"].pop(CONTENT)
    if wrong := form.state["errors"].get(CONTENT):
        show(el("p", wrong, class_="problem", role="alert", data_problem=CONTENT))


def _save_attaching(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading, code = Reading(form), about(form)[0]
    on = reading.day("dated_on", needed=False)
    if not form.text("secrecy"):
        reading.wrong["secrecy"] = reading.missing()
    chosen = st.session_state.get(form.key(CONTENT))
    if not chosen and is_on_its_way():
        reading.wrong[CONTENT] = words(NOT_HERE_YET)
    reading.done()
    document = Document(
        reading.text("number"), on, reading.text("title"), reading.text("body"), Secrecy(form.text("secrecy")),
        reading.text("holder"), chosen.name if chosen else "", chosen.getvalue() if chosen else None,
    )  # fmt: skip
    attach(session, ctx.viewer, code, document, now=now, today=ctx.today)
    return Saved(ctx.t("The document is registered."))


def _document(ctx: PageContext, file: CaseFile | None, id: str) -> DocumentRow | None:
    if file is None:
        return None
    with read_session() as session:
        rows = documents(session, ctx.viewer, file.code)
    return next((row for row in rows if str(row.id) == id), None)


def _start_taking_off(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    return {"reason": ""} if _document(ctx, file, id) else None


def _draw_taking_off(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    if row := _document(ctx, file, about(form)[1]):
        st.text(told(row))
    text(ctx, form, "reason", ctx.t("Why it is taken off"), needed=True)


def _save_taking_off(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    try:
        take_off(session, ctx.viewer, int(about(form)[1]), reason=Reading(form).text("reason"), now=now)
    except Refusal as error:
        raise FieldErrors({"reason": error.words}) from error
    return Saved(ctx.t("The document is taken off."))


FORMS = {
    "document": FormKind(N_("Attach a document"), _start_attaching, _draw_attaching, _save_attaching, N_("Attach")),
    "take_off_document": FormKind(
        N_("Take a document off"), _start_taking_off, _draw_taking_off, _save_taking_off, N_("Take off"),
        settles=Subject.DOCUMENT,
        gone=N_("Your colleague took this document off already. Your text stays below until you drop it."),
        labels={"reason": N_("Why it is taken off")},
    ),
}  # fmt: skip
