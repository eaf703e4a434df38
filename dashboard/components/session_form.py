"""Forms of a session itself: planned, changed, held, concluded."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, plainly, today_of, version_of
from dashboard.components.forms.fields import choice, text
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form, changed, current, set_value
from dashboard.components.session_acts import file_of, session_act
from dashboard.components.task_form import plain_day
from dashboard.context import PageContext
from models.changes import sessions
from models.changes.sessions import SessionGiven
from models.db import Session, read_session
from models.enums import N_, SessionKind
from models.queries.sessions import (
    next_numbers,
)
from models.settings import settings

SESSION = {
    "kind": N_("Kind"), "term": N_("Term"), "number": N_("Number"), "on": N_("Day"), "place": N_("Held at"),
    "subject": N_("Main subject"), "chair": N_("Chaired by"), "is_extraordinary": N_("Extraordinary"),
    "is_held": N_("State"), "notice": N_("Notice of conclusions"), "notice_on": N_("Date of the notice"),
}  # fmt: skip
YES, NO = "yes", "no"


def new_session_act() -> Act:
    """A session to come, or one that was held already."""

    def start(ctx: PageContext) -> dict[str, Any]:
        term = settings().term
        with read_session() as session:
            number = next_numbers(session, ctx.viewer, term)[SessionKind.COMMITTEE]
        usual = {"is_held": NO, "is_extraordinary": NO}
        return {"kind": SessionKind.COMMITTEE.value, "term": term, "number": str(number), **usual}

    def draw(ctx: PageContext, form: Form) -> None:
        _draw_session(ctx, form, _number_follows)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        held = sessions.plan_session(session, ctx.viewer, _session_given(form), now=now, today=today_of(now))
        return ctx.t("{kind} {number} is recorded.", kind=held.kind, number=held.number)

    return Act(N_("New session or meeting"), start, draw, save, N_("Record the session"), SESSION, shown=_shown_session)


def change_session_act(session_id: int, *, was_held: bool = False) -> Act:
    """When, where, under whom; that it was held; with which notice it was concluded. `was_held` fills that in."""

    def start(ctx: PageContext) -> dict[str, Any]:
        file = file_of(ctx, session_id)
        return {
            "version": file.version, "kind": file.kind.value, "term": file.term, "number": str(file.number),
            "on": plain_day(file.held_on), "place": file.place, "subject": file.subject, "chair": file.chair,
            "is_extraordinary": YES if file.is_extraordinary else NO,
            "is_held": YES if file.is_held or was_held else NO,
            "notice": file.notice, "notice_on": plain_day(file.notice_on), "was_held": YES if file.is_held else NO,
        }  # fmt: skip

    def draw(ctx: PageContext, form: Form) -> None:
        _draw_session(ctx, form)
        t = ctx.t
        if form.text("is_held") == YES:
            one, two = st.columns(2)
            with one:
                text(ctx, form, "notice", t("Notice of conclusions"), placeholder="Số 65-TB/BCĐ")
            with two:
                text(ctx, form, "notice_on", t("Date of the notice"), placeholder="dd/mm/yyyy")
        if form.start.get("was_held") == YES:
            text(ctx, form, "reason", t("Reason of the correction"),
                 help=t("Needed when something that is recorded is said otherwise"))  # fmt: skip

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        given, why = _session_given(form), Reading(form).text("reason")
        sessions.change_session(
            session, ctx.viewer, session_id, version_of(form), given, reason=why, now=now, today=today_of(now)
        )
        return ctx.t("The session is changed.")

    labels = SESSION | {"reason": N_("Reason of the correction")}
    title = N_("The session was held") if was_held else N_("Change the session")
    return session_act(title, start, draw, save, labels, _shown_session)


def _draw_session(ctx: PageContext, form: Form, on_kind: Callable[..., None] = changed) -> None:
    t = ctx.t
    one, two, three = st.columns([2, 1, 1])
    with one:
        kinds = {kind.value: t.label(kind) for kind in SessionKind}
        choice(ctx, form, "kind", t("Kind"), kinds, needed=True, on_change=on_kind)
    with two:
        text(ctx, form, "term", t("Term"), needed=True)
    with three:
        text(ctx, form, "number", t("Number"), needed=True)
    one, two, three = st.columns([1, 1, 2])
    with one:
        text(ctx, form, "on", t("Day"), placeholder="dd/mm/yyyy", needed=True)
    with two:
        choice(ctx, form, "is_held", t("State"), {NO: t("Planned"), YES: t("Held")}, needed=True)
    with three:
        text(ctx, form, "place", t("Held at"))
    text(ctx, form, "subject", t("Main subject"))
    one, two = st.columns(2)
    with one:
        text(ctx, form, "chair", t("Chaired by"), help=t("The function, not a name"), placeholder="Trưởng ban")
    with two:
        choice(ctx, form, "is_extraordinary", t("Extraordinary"), {NO: t("no"), YES: t("yes")})


def _number_follows(viewer: Any, name: str) -> None:
    """Another kind of session has another next number."""
    changed(viewer, name)
    form = current()
    if form is None or not form.text("kind"):
        return
    with read_session() as session:
        number = next_numbers(session, viewer, form.text("term"))[SessionKind(form.text("kind"))]
    set_value(viewer, form, "number", str(number))
    form.fill_anew("number")


def _session_given(form: Form) -> SessionGiven:
    reading = Reading(form)
    on, notice_on, number = reading.day("on"), reading.day("notice_on", needed=False), reading.count("number")
    reading.done()
    return SessionGiven(
        kind=SessionKind(form.text("kind") or SessionKind.COMMITTEE.value),
        term=reading.text("term"),
        on=on,
        number=number,
        place=reading.text("place"),
        subject=reading.text("subject"),
        chair=reading.text("chair"),
        is_extraordinary=form.text("is_extraordinary") == YES,
        is_held=form.text("is_held") == YES,
        notice=reading.text("notice") if form.text("is_held") == YES else "",
        notice_on=notice_on if form.text("is_held") == YES else None,
    )


def _shown_session(ctx: PageContext, name: str, value: Any) -> str:
    if name == "kind" and value:
        return ctx.t.label(SessionKind(value))
    if name == "is_held" and value:
        return ctx.t("Held") if value == YES else ctx.t("Planned")
    if name == "is_extraordinary" and value:
        return ctx.t("yes") if value == YES else ctx.t("no")
    return plainly(ctx, name, value)
