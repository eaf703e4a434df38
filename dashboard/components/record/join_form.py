"""Files that come together or part: merged, split, transferred."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import long_text, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.record.file_fields import code_of_form, draft_of_fields, draw_main, start_of_file
from dashboard.context import PageContext
from models.changes.files import merge_files, next_code, split_file, transfer_file
from models.db import Session, read_session
from models.enums import N_
from models.queries.cases import CaseFile


def _start(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    return {"happened_on": plain_day(ctx.today)}


def _start_split(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    if file is None:
        return None
    with read_session() as session:
        code = next_code(session, ctx.viewer, file.detail.kind, today=ctx.today)
    return start_of_file(file) | {"new_code": code, "happened_on": plain_day(ctx.today), "title": "", "notes": ""}


def _decision(ctx: PageContext, form: Form) -> None:
    """Date, document and body of the decision, and what it says."""
    t = ctx.t
    one, two, three = st.columns([2, 3, 4])
    with one:
        day(ctx, form, "happened_on", t("Date"), needed=True)
    with two:
        text(ctx, form, "document", t("Document number"))
    with three:
        text(ctx, form, "body", t("Issued by"))
    long_text(ctx, form, "detail", t("Content"))


def _draw_merge(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    one, _ = st.columns([1, 2])
    with one:
        text(ctx, form, "into", ctx.t("Joined to the file with the code"), placeholder="VA-2026-001", needed=True)
    _decision(ctx, form)


def _draw_split(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    st.caption(ctx.t("The new file, and the decision to split it off:"))
    one, _ = st.columns([1, 2])
    with one:
        text(ctx, form, "new_code", ctx.t("Code"), help=ctx.t("The next free one; another may be typed"))
    draw_main(ctx, form)
    _decision(ctx, form)


def _draw_transfer(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    text(ctx, form, "to", t("Goes to: an agency, or the code of the file that goes on with it"), needed=True)
    _decision(ctx, form)


def _told(reading: Reading) -> dict[str, Any]:
    """What every decision says."""
    day = reading.day("happened_on")
    names = {"document": reading.text("document"), "body": reading.text("body"), "detail": reading.lines("detail")}
    return {"happened_on": day, **names, "revision": reading.form.revision}


def _needed(reading: Reading, name: str) -> str:
    given = reading.text(name)
    if not given:
        reading.wrong[name] = reading.missing()
    return given


def _save_merge(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading, code = Reading(form), about(form)[0]
    into, told = _needed(reading, "into").upper(), _told(reading)
    reading.done()
    merge_files(session, ctx.viewer, code, into, **told, now=now, today=ctx.today)
    return Saved(ctx.t("{code} is joined to {into}.", code=code, into=into))


def _save_split(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading, code = Reading(form), about(form)[0]
    draft, told = draft_of_fields(ctx, reading), _told(reading)
    reading.done()
    made = split_file(
        session, ctx.viewer, code, draft, new_code=code_of_form(reading, "new_code"), **told, now=now, today=ctx.today
    )
    return Saved(ctx.t("{code} is split off from {origin}.", code=made.code, origin=code), made.code)


def _save_transfer(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading, code = Reading(form), about(form)[0]
    to, told = _needed(reading, "to"), _told(reading)
    reading.done()
    transfer_file(session, ctx.viewer, code, to=to, **told, now=now, today=ctx.today)
    return Saved(ctx.t("{code} is transferred to {to}.", code=code, to=to))


FORMS = {
    "merge": FormKind(N_("Join to another file"), _start, _draw_merge, _save_merge),
    "split": FormKind(N_("Split off a file"), _start_split, _draw_split, _save_split),
    "transfer": FormKind(N_("Transfer jurisdiction"), _start, _draw_transfer, _save_transfer),
}
