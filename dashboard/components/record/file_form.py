"""A new case or incident, a corrected description, an incident that becomes a case."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.record.file_fields import (
    LABELS,
    code_of_form,
    draft_of_fields,
    draw_main,
    draw_more,
    shown,
    start_of_file,
)
from dashboard.context import PageContext
from models.changes.files import become_case, correct_details, new_file, next_code
from models.db import Session, read_session
from models.enums import N_, EventKind, Kind, Precision
from models.errors import FieldErrors
from models.queries.cases import CaseFile
from models.rules.entry import EventEntry
from models.rules.versions import Subject

FIRST = {
    Kind.CASE: EventKind.CASE_INITIATED,
    Kind.INCIDENT: EventKind.REPORT_RECEIVED,
}  # what a file of this kind mostly begins with
BEGINNINGS = (
    EventKind.REPORT_RECEIVED, EventKind.VERIFICATION_STARTED, EventKind.CASE_INITIATED, EventKind.INSPECTION_OPENED,
    EventKind.INSPECTION_CONCLUDED, EventKind.AUDIT_CONCLUDED, EventKind.FILE_TRANSFERRED_TO_POLICE,
    EventKind.PLACED_UNDER_SUPERVISION, EventKind.PROGRESS_NOTE,
)  # fmt: skip
EVENT_FIELDS = {"happened_on": "happened_on", "document": "document", "body": "body", "kind": "event"}


def _start_new(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    kind = Kind.INCIDENT if id == Kind.INCIDENT else Kind.CASE
    return {"kind": kind.value, "code": _next(ctx, kind), "categories": [], "event": FIRST[kind].value,
            "happened_on": plain_day(ctx.today)}  # fmt: skip


def _start_case(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    """The case begins with the description of the incident, and with the decision to initiate it."""
    if file is None:
        return None
    own = {"kind": Kind.CASE.value, "code": _next(ctx, Kind.CASE), "event": EventKind.CASE_INITIATED.value}
    return start_of_file(file) | own | {"happened_on": plain_day(ctx.today), "notes": "", "title_en": ""}


def _start_details(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    return start_of_file(file) if file else None


def _next(ctx: PageContext, kind: Kind) -> str:
    with read_session() as session:
        return next_code(session, ctx.viewer, kind, today=ctx.today)


def _draw_new(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    one, two = st.columns([2, 1])
    with one:
        said = {Kind.CASE.value: t("Criminal case"), Kind.INCIDENT.value: t.label(Kind.INCIDENT)}
        kind = choice(ctx, form, "kind", t("Kind"), said, needed=True)
        _follow_kind(ctx, form, Kind(kind or Kind.CASE))
    with two:
        text(ctx, form, "code", t("Code"), help=t("The next free one; another may be typed"))
    draw_main(ctx, form)
    _first_event(ctx, form)
    with st.expander(t("More about the file"), expanded=any(form.errors_in(_MORE))):
        draw_more(ctx, form)


_MORE = ("level", "accused_count", "title_en", "supervised_by", "supervised_from", "source", "notes")


def _follow_kind(ctx: PageContext, form: Form, kind: Kind) -> None:
    """The code and the first event are those of the kind, until somebody types others."""
    if form.start["kind"] == kind.value:
        return
    form.state["start"] |= {"kind": kind.value, "code": _next(ctx, kind), "event": FIRST[kind].value}
    for name in ("code", "event"):
        if name not in form.state["values"]:
            form.fill_anew(name)


def _first_event(ctx: PageContext, form: Form) -> None:
    t = ctx.t
    one, two, three, four = st.columns([4, 2, 3, 3])
    with one:
        options = {"": t("No event yet"), **{kind.value: t.label(kind) for kind in BEGINNINGS}}
        event = choice(ctx, form, "event", t("It begins with"), options)
    if event:
        with two:
            day(ctx, form, "happened_on", t("Date"), needed=True)
        with three:
            text(ctx, form, "document", t("Document number"))
        with four:
            text(ctx, form, "body", t("Issued by"))


def _draw_case(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    st.caption(ctx.t("The incident keeps its own record; the case points to it."))
    one, _ = st.columns([1, 2])
    with one:
        text(ctx, form, "code", ctx.t("Code"), help=ctx.t("The next free one; another may be typed"))
    draw_main(ctx, form)
    _first_event(ctx, form)


def _draw_details(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    one, _ = st.columns([1, 2])
    with one:
        choice(
            ctx,
            form,
            "kind",
            t("Kind"),
            {Kind.CASE.value: t("Criminal case"), Kind.INCIDENT.value: t.label(Kind.INCIDENT)},
        )
    draw_main(ctx, form)
    draw_more(ctx, form)
    text(ctx, form, "reason", t("Reason of the correction"), needed=True)


def _events(reading: Reading) -> list[EventEntry]:
    kind = reading.form.text("event")
    if not kind:
        return []
    day, precision = reading.day_or_month("happened_on")
    if day is None:
        return []
    return [
        EventEntry(
            EventKind(kind),
            day,
            precision or Precision.DAY,
            document=reading.text("document"),
            body=reading.text("body"),
        )
    ]


def _save_new(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading = Reading(form)
    draft, events = draft_of_fields(ctx, reading), _events(reading)
    reading.done()
    with _fields_of_events():
        made = new_file(session, ctx.viewer, draft, code=code_of_form(reading), events=events, now=now, today=ctx.today)
    return Saved(ctx.t("File {code} is recorded.", code=made.code), made.code)


def _save_case(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading = Reading(form)
    draft, events = draft_of_fields(ctx, reading), _events(reading)
    reading.done()
    with _fields_of_events():
        made = become_case(
            session, ctx.viewer, about(form)[0], draft, code=code_of_form(reading), events=events,
            revision=form.revision, now=now, today=ctx.today,
        )  # fmt: skip
    return Saved(
        ctx.t("The incident {incident} became the case {code}.", incident=about(form)[0], code=made.code), made.code
    )


def _save_details(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    """Only what differs from the description that was shown is a change."""
    reading = Reading(form)
    draft = asdict(draft_of_fields(ctx, reading))
    reading.done()
    touched = {name for name in LABELS if form.values.get(name) != form.start.get(name)}
    if "categories" in touched:
        touched |= {"is_corruption", "is_waste", "is_negativity"}
    changes = {name: value for name, value in draft.items() if name in touched}
    if "lead_agency" in changes:
        changes["lead_agency_id"] = None
    code = about(form)[0]
    correct_details(
        session,
        ctx.viewer,
        code,
        changes,
        reason=reading.text("reason"),
        revision=form.revision,
        now=now,
        today=ctx.today,
    )
    return Saved(ctx.t("The description of {code} is corrected.", code=code))


class _fields_of_events:
    """Names the fields of the first event as the form does."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, FieldErrors):
            prefix = "events.0."
            named = {
                EVENT_FIELDS.get(name.removeprefix(prefix), "") if name.startswith(prefix) else name: said
                for name, said in error.fields.items()
            }
            raise FieldErrors(named) from error


FORMS = {
    "new": FormKind(N_("New case or incident"), _start_new, _draw_new, _save_new, N_("Save the file")),
    "details": FormKind(
        N_("Correct the description"), _start_details, _draw_details, _save_details, N_("Save the correction"),
        Subject.DETAIL, LABELS, shown,
    ),
    "become_case": FormKind(
        N_("The incident becomes a case"), _start_case, _draw_case, _save_case, N_("Save the case"),
    ),
}  # fmt: skip
