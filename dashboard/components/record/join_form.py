"""Files that come together or part: merged, split, transferred."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.record.file_fields import code_of_form, draft_of_fields, draw_main, start_of_file
from dashboard.components.record.whereto import body_or_file_field, file_field
from dashboard.context import PageContext
from models.changes.files import merge_files, next_code, settle_merger, split_file, transfer_file
from models.db import Session, read_session
from models.enums import N_, EventKind
from models.queries.cases import CaseFile, EventRow
from models.queries.choices import goes_on
from models.rules.facts import joined_code
from models.rules.versions import Subject


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
    _which_goes_on(ctx, form)
    _decision(ctx, form)


def _which_goes_on(ctx: PageContext, form: Form) -> None:
    """The other file, and which of the two goes on: mostly the one under supervision, else the older."""
    t, code = ctx.t, about(form)[0]
    file_field(ctx, form, "into", t("Joined to the file with the code"), code=code)
    other = " ".join(form.text("into").split()).upper()
    if not other or other == code.upper():
        return
    with read_session() as session:
        usual = goes_on(session, ctx.viewer, (code, other), today=ctx.today)
    if not usual:  # no file is called so yet
        return
    if form.values.get("goes_on") not in (code, other) or form.start.get("goes_on") != usual:
        form.state["start"]["goes_on"] = usual
        form.state["values"].pop("goes_on", None)
        form.fill_anew("goes_on")
    said = t("The other file keeps its facts and its place on the list, and has no limit of its own from that day.")
    choice(
        ctx, form, "goes_on", t("Which file goes on"), {each: each for each in (code, other)}, help=said, needed=True
    )
    st.caption(said)


def _start_settling(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    event = _merger(file, id)
    return {"into": joined_code(event.detail)} if event else None


def _merger(file: CaseFile | None, id: str) -> EventRow | None:
    events = file.events if file else ()
    return next((each for each in events if str(each.id) == id and each.kind is EventKind.MERGED), None)


def _draw_settling(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    event = _merger(file, about(form)[1])
    if event:
        told = (ctx.t.date(event.happened_on, monthly=event.monthly), event.document, event.detail)
        st.text(" · ".join(part for part in told if part))
    _which_goes_on(ctx, form)


def _draw_split(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    st.caption(ctx.t("The new file, and the decision to split it off:"))
    one, _ = st.columns([1, 2])
    with one:
        text(ctx, form, "new_code", ctx.t("Code"), help=ctx.t("The next free one; another may be typed"))
    draw_main(ctx, form)
    _decision(ctx, form)


def _draw_transfer(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    said = t("Goes to: an agency, or the code of the file that goes on with it")
    body_or_file_field(ctx, form, "to", said, code=about(form)[0])
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
    on = form.text("goes_on") or into
    merge_files(session, ctx.viewer, code, into, **told, goes_on=on, now=now, today=ctx.today)
    return Saved(_merged(ctx, code, into, on))


def _merged(ctx: PageContext, code: str, other: str, on: str) -> str:
    away = other if on == code else code
    return ctx.t("{code} is merged into {into}, which goes on.", code=away, into=on)


def _save_settling(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading, (code, id) = Reading(form), about(form)
    into = _needed(reading, "into").upper()
    reading.done()
    on = form.text("goes_on") or into
    settle_merger(
        session, ctx.viewer, code, int(id), into, goes_on=on, revision=form.revision, now=now, today=ctx.today
    )
    return Saved(_merged(ctx, code, into, on))


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
    "settle_merger": FormKind(
        N_("Say which file goes on"), _start_settling, _draw_settling, _save_settling, settles=Subject.EVENT
    ),
    "split": FormKind(N_("Split off a file"), _start_split, _draw_split, _save_split),
    "transfer": FormKind(N_("Transfer jurisdiction"), _start, _draw_transfer, _save_transfer),
}
