"""Record what happened to a file, or correct what was recorded: only the fields that the event needs."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import amount, day, length, plain_amount, plain_day, plain_length
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form, current, set_value
from dashboard.components.markup import el, show
from dashboard.components.record.effect import show_effect
from dashboard.context import PageContext
from models.changes.events import DECIDED, EventEntry, record_event, replace_event, retract_event
from models.db import Session, read_session
from models.enums import N_, EventKind, Precision
from models.errors import CaseNotFound
from models.queries.cases import CaseFile, EventRow
from models.queries.effect import effect_of, file_facts
from models.queries.usual import usual_entry
from models.queries.workbook import MONEY_EVENTS
from models.rules.access import Action, Viewer, may
from models.rules.entry import missing_of_event, next_events, required_of_event
from models.rules.facts import CaseFacts
from models.rules.quality import EXTENSIONS
from models.rules.versions import Subject

LIKELY = 6  # events offered as one click
WITH_LENGTH = EXTENSIONS | {
    EventKind.DETENTION_ORDERED, EventKind.EXPERT_REQUESTED, EventKind.VALUATION_REQUESTED, EventKind.MLA_REQUESTED,
    EventKind.HEARING_POSTPONED,
}  # fmt: skip
WITH_ACCUSED = frozenset(
    {
        EventKind.ACCUSED_CHARGED, EventKind.CHARGE_CHANGED, EventKind.DETENTION_ORDERED, EventKind.DETENTION_EXTENDED,
        EventKind.DETENTION_ENDED, EventKind.WANTED, EventKind.INVESTIGATION_SUSPENDED,
        EventKind.INVESTIGATION_RESUMED, EventKind.TERMINATED, EventKind.APPEAL_FILED, EventKind.PROTEST_FILED,
        EventKind.PARTY_DISCIPLINE, EventKind.ADMIN_DISCIPLINE,
    }
)  # fmt: skip
LABELS = {
    "kind": N_("Event"),
    "happened_on": N_("Date"),
    "document": N_("Document number"),
    "body": N_("Issued by"),
    "length": N_("Length of the term"),
    "accused": N_("Accused"),
    "amount_vnd": N_("Amount (đồng)"),
    "detail": N_("Content"),
}


# --- what the fields begin with ------------------------------------------------------------------------------------


def _start_new(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    return {"kind": None, "happened_on": plain_day(ctx.today)}


def _start_of(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    """The recorded event `id`, as it would be typed; None if it does not hold any more."""
    event = _event(file, id)
    if event is None:
        return None
    return {
        "kind": event.kind.value, "happened_on": plain_day(event.happened_on, monthly=event.monthly),
        "document": event.document, "body": event.body, "length": plain_length(ctx, event.length),
        "accused": event.accused, "amount_vnd": plain_amount(event.amount_vnd), "detail": event.detail,
        "source": event.source,
    }  # fmt: skip


def _event(file: CaseFile | None, id: str) -> EventRow | None:
    return next((event for event in file.events if str(event.id) == id), None) if file else None


# --- the fields ----------------------------------------------------------------------------------------------------


def _draw_new(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    assert file is not None, "an event is recorded in a file"
    with read_session() as session:
        facts = file_facts(session, ctx.viewer, file.code, today=ctx.today)
    _kind_boxes(ctx, form, facts)
    if form.text("kind"):
        _fields(ctx, form, file)
        _effect(ctx, form, file.code)


def _draw_correction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    assert file is not None, "an event is corrected in a file"
    t = ctx.t
    choice(ctx, form, "kind", t("Event"), {kind.value: t.label(kind) for kind in EventKind}, needed=True)
    _fields(ctx, form, file)
    text(ctx, form, "reason", t("Reason of the correction"), needed=True)
    _effect(ctx, form, file.code, retracts=int(about(form)[1]))


def _draw_retraction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    assert file is not None, "an event is retracted in a file"
    event = _event(file, about(form)[1])
    if event:
        st.text(
            f"{ctx.t.date(event.happened_on, monthly=event.monthly)} · {ctx.t.label(event.kind)} · {event.document}"
        )
    st.caption(ctx.t("The event stays in the history and counts no more from now on."))
    text(ctx, form, "reason", ctx.t("Reason of the retraction"), needed=True)
    with read_session() as session:
        show_effect(ctx, effect_of(session, ctx.viewer, file.code, None, retracts=int(about(form)[1]), today=ctx.today))


def _kind_boxes(ctx: PageContext, form: Form, facts: CaseFacts) -> None:
    """The events that can follow, one click each; all others in a list that is searched by typing."""
    t = ctx.t
    offered = next_events(facts, ctx.today)
    left_out = set() if may(ctx.viewer, Action.DECIDE) else {*DECIDED} - {form.text("kind")}
    following = [kind for kind in offered.likely if kind not in left_out]
    others = [kind for kind in offered.others if kind not in left_out]
    likely = {kind.value: t.label(kind) for kind in following[:LIKELY]}
    every = {kind.value: t.label(kind) for kind in (*following, *others)}
    asked = (about(form)[0], ctx)
    if likely:
        if form.key("likely") not in st.session_state:
            st.session_state[form.key("likely")] = form.text("kind") if form.text("kind") in likely else None
        st.pills(t("What can follow now"), list(likely), format_func=likely.__getitem__, key=form.key("likely"),
                 on_change=_kind_changed, args=(ctx.viewer, "likely", *asked))  # fmt: skip
    choice(ctx, form, "kind", t("Event"), every, needed=True, placeholder=t("All events: type a part of the name"),
           on_change=_kind_changed, args=("kind", *asked))  # fmt: skip


def _kind_changed(viewer: Viewer, box: str, code: str, ctx: PageContext) -> None:
    """Another event: both boxes show it, and what nobody has typed is filled in as it mostly is."""
    form = current()
    if form is None:
        return
    chosen = st.session_state.get(form.key(box))
    other = "kind" if box == "likely" else "likely"
    set_value(viewer, form, "kind", chosen)
    form.fill_anew(other)
    if not chosen:
        return
    usual: EventEntry | None = None
    with suppress(CaseNotFound), read_session() as session:
        usual = usual_entry(session, viewer, code, EventKind(chosen), today=ctx.today)
    if usual:
        form.state["start"] |= {"body": usual.body, "length": plain_length(ctx, usual.length), "accused": usual.accused}
        for name in ("body", "length", "accused"):
            if name not in form.state["values"]:
                form.fill_anew(name)


def _fields(ctx: PageContext, form: Form, file: CaseFile) -> None:
    t = ctx.t
    kind = EventKind(form.text("kind")) if form.text("kind") else EventKind.PROGRESS_NOTE
    needed = set(required_of_event(kind))
    one, two, three = st.columns([2, 3, 4])
    with one:
        day(ctx, form, "happened_on", t("Date"), needed=True, monthly=True)
    with two:
        text(ctx, form, "document", t("Document number"))
    with three:
        text(ctx, form, "body", t("Issued by"))
    _own_fields(ctx, form, file, kind, needed)
    long_text(ctx, form, "detail", t("Content"))


def _own_fields(ctx: PageContext, form: Form, file: CaseFile, kind: EventKind, needed: set[str]) -> None:
    """Length, accused and amount, as far as the event has them or they are filled in already."""
    t = ctx.t
    codes = {row.code: f"{row.code} · {row.official_level}" if row.official_level else row.code for row in file.accused}
    shown = [
        name
        for name, kinds in (("length", WITH_LENGTH), ("accused", WITH_ACCUSED), ("amount_vnd", MONEY_EVENTS))
        if kind in kinds or name in needed or form.text(name)
    ]
    if not shown:
        return
    for name, column in zip(shown, st.columns(3), strict=False):
        with column:
            if name == "length":
                length(ctx, form, name, t("Length of the term"))
            elif name == "accused" and codes:
                choice(ctx, form, name, t("Accused"), {"": t("The whole file"), **codes})
            elif name == "amount_vnd":
                amount(ctx, form, name, t("Amount (đồng)"))


# --- effect and saving ---------------------------------------------------------------------------------------------


def _effect(ctx: PageContext, form: Form, code: str, *, retracts: int = 0) -> None:
    """Shown as soon as the entry can be read."""
    reading = Reading(form)
    entry = entry_of(reading)
    if entry is None or reading.wrong:
        return
    with read_session() as session:
        show_effect(ctx, effect_of(session, ctx.viewer, code, entry, retracts=retracts, today=ctx.today))
    if missing := [ctx.t(LABELS[name]) for name in missing_of_event(entry) if name in LABELS]:
        said = ctx.t(
            "Still missing for a complete record: {fields}. It can be saved all the same.", fields=", ".join(missing)
        )
        show(el("p", said, class_="note"))


def entry_of(reading: Reading) -> EventEntry | None:
    """The entry as typed; None while it has no event or no day that can be read."""
    form = reading.form
    if not form.text("kind"):
        reading.wrong["kind"] = reading.missing()
    on, precision = reading.day_or_month("happened_on")
    term, worth = reading.length("length"), reading.amount("amount_vnd")
    if on is None or not form.text("kind"):
        return None
    return EventEntry(
        EventKind(form.text("kind")), on, precision, reading.lines("detail"), worth, reading.text("document"),
        reading.text("body"), term, reading.text("accused"), form.text("source"),
    )  # fmt: skip


def _save_new(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry = _entry_to_save(form)
    record_event(session, ctx.viewer, about(form)[0], entry, revision=form.revision, now=now, today=ctx.today)
    return Saved(ctx.t("Recorded: {event}, {day}.", event=entry.kind, day=_day(ctx, entry)))


def _save_correction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry, reason = _entry_to_save(form), Reading(form).text("reason")
    replace_event(session, ctx.viewer, int(about(form)[1]), entry, reason=reason, revision=form.revision, now=now,
                  today=ctx.today)  # fmt: skip
    return Saved(ctx.t("Corrected: {event}, {day}.", event=entry.kind, day=_day(ctx, entry)))


def _save_retraction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reason = Reading(form).text("reason")
    retract_event(
        session, ctx.viewer, int(about(form)[1]), reason=reason, revision=form.revision, now=now, today=ctx.today
    )
    return Saved(ctx.t("The event is retracted; it stays in the history."))


def _entry_to_save(form: Form) -> EventEntry:
    reading = Reading(form)
    entry = entry_of(reading)
    reading.done()
    assert entry is not None, "what is missing was told above"
    return entry


def _day(ctx: PageContext, entry: EventEntry) -> str:
    return ctx.t.date(entry.happened_on, monthly=entry.precision is Precision.MONTH)


def _shown(ctx: PageContext, name: str, value: Any) -> str:
    return ctx.t.label(EventKind(value)) if name == "kind" else str(value)


def _start_retraction(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    return {"reason": ""} if _event(file, id) else None


FORMS = {
    "event": FormKind(N_("Record an event"), _start_new, _draw_new, _save_new, N_("Save the event")),
    "correct_event": FormKind(
        N_("Correct an event"), _start_of, _draw_correction, _save_correction, N_("Save the correction"),
        Subject.EVENT, LABELS, _shown,
    ),
    "retract_event": FormKind(
        N_("Retract an event"), _start_retraction, _draw_retraction, _save_retraction, N_("Retract"), Subject.EVENT,
    ),
}  # fmt: skip
