"""Difficulties and proposals of a file: recorded, corrected, answered and settled, retracted."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.kinds import FormKind, Saved, about
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.changes.difficulties import (
    DifficultyEntry,
    record_difficulty,
    replace_difficulty,
    retract_difficulty,
    settle_difficulty,
)
from models.db import Session, read_session
from models.enums import N_, DifficultyKind
from models.queries.cases import CaseFile
from models.queries.difficulties import DifficultyRow, difficulties
from models.rules.versions import Subject

LABELS = {
    "kind": N_("Kind"),
    "text": N_("Content"),
    "raised_on": N_("Raised on"),
    "raised_by": N_("Raised by"),
    "addressed_to": N_("Addressed to"),
    "answer": N_("Answer"),
    "settled_on": N_("Settled on"),
}


def _start_new(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any]:
    return {"kind": DifficultyKind.DIFFICULTY.value, "raised_on": plain_day(ctx.today)}


def _row(ctx: PageContext, file: CaseFile | None, id: str) -> DifficultyRow | None:
    if file is None:
        return None
    with read_session() as session:
        rows = difficulties(session, ctx.viewer, file.code, as_of=ctx.today)
    return next((row for row in rows if str(row.id) == id), None)


def _start_of(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    row = _row(ctx, file, id)
    if row is None:
        return None
    days = {"raised_on": plain_day(row.raised_on), "settled_on": plain_day(row.settled_on)}
    texts = {"raised_by": row.raised_by, "addressed_to": row.addressed_to, "answer": row.answer}
    return {"kind": row.kind.value, "text": row.text, **days, **texts}


def _start_settling(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    row = _row(ctx, file, id)
    return {"answer": row.answer, "settled_on": plain_day(ctx.today)} if row else None


def _start_retraction(ctx: PageContext, file: CaseFile | None, id: str) -> dict[str, Any] | None:
    return {"reason": ""} if _row(ctx, file, id) else None


def _draw(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    t = ctx.t
    one, two, three, four = st.columns([3, 3, 4, 4])
    with one:
        choice(ctx, form, "kind", t("Kind"), {each.value: t.label(each) for each in DifficultyKind}, needed=True)
    with two:
        day(ctx, form, "raised_on", t("Raised on"), needed=True)
    with three:
        text(ctx, form, "raised_by", t("Raised by"))
    with four:
        text(ctx, form, "addressed_to", t("Addressed to"), help=t("The agency that is to answer"))
    long_text(ctx, form, "text", t("Content"), needed=True)


def _draw_correction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    _draw(ctx, form, file)
    _answer(ctx, form, needed=False)
    text(ctx, form, "reason", ctx.t("Reason of the correction"), needed=True)


def _draw_settling(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    row = _row(ctx, file, about(form)[1])
    if row:
        st.text(row.text)
    _answer(ctx, form, needed=True)


def _answer(ctx: PageContext, form: Form, *, needed: bool) -> None:
    long_text(ctx, form, "answer", ctx.t("Answer"), needed=needed)
    one, _ = st.columns([1, 3])
    with one:
        day(ctx, form, "settled_on", ctx.t("Settled on"), needed=needed)


def _draw_retraction(ctx: PageContext, form: Form, file: CaseFile | None) -> None:
    row = _row(ctx, file, about(form)[1])
    if row:
        st.text(row.text)
    text(ctx, form, "reason", ctx.t("Reason of the retraction"), needed=True)


def _entry(form: Form) -> DifficultyEntry:
    reading = Reading(form)
    raised, settled = reading.day("raised_on"), reading.day("settled_on", needed=False)
    if not form.text("kind"):
        reading.wrong["kind"] = reading.missing()
    reading.done()
    assert raised is not None, "told above"
    return DifficultyEntry(
        DifficultyKind(form.text("kind")), reading.lines("text"), raised, reading.text("raised_by"),
        reading.text("addressed_to"), None, reading.lines("answer"), settled,
    )  # fmt: skip


def _save_new(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry = _entry(form)
    record_difficulty(session, ctx.viewer, about(form)[0], entry, revision=form.revision, now=now, today=ctx.today)
    return Saved(ctx.t("Recorded: {kind}.", kind=entry.kind))


def _save_correction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    entry = _entry(form)
    replace_difficulty(
        session, ctx.viewer, int(about(form)[1]), entry, reason=Reading(form).text("reason"), revision=form.revision,
        now=now, today=ctx.today,
    )  # fmt: skip
    return Saved(ctx.t("Corrected: {kind}.", kind=entry.kind))


def _save_settling(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reading = Reading(form)
    day = reading.day("settled_on")
    reading.done()
    assert day is not None, "told above"
    settle_difficulty(
        session, ctx.viewer, int(about(form)[1]), answer=reading.lines("answer"), settled_on=day,
        revision=form.revision, now=now, today=ctx.today,
    )  # fmt: skip
    return Saved(ctx.t("Settled on {day}.", day=day))


def _save_retraction(ctx: PageContext, session: Session, form: Form, now: datetime) -> Saved:
    reason = Reading(form).text("reason")
    retract_difficulty(
        session, ctx.viewer, int(about(form)[1]), reason=reason, revision=form.revision, now=now, today=ctx.today
    )
    return Saved(ctx.t("Retracted; it stays in the history."))


def _shown(ctx: PageContext, name: str, value: Any) -> str:
    return ctx.t.label(DifficultyKind(value)) if name == "kind" else str(value)


FORMS = {
    "difficulty": FormKind(N_("Record a difficulty or proposal"), _start_new, _draw, _save_new),
    "correct_difficulty": FormKind(
        N_("Correct a difficulty or proposal"), _start_of, _draw_correction, _save_correction,
        N_("Save the correction"), Subject.DIFFICULTY, LABELS, _shown,
    ),
    "settle_difficulty": FormKind(
        N_("Answer and settle"), _start_settling, _draw_settling, _save_settling, N_("Save"), Subject.DIFFICULTY,
        {"answer": N_("Answer"), "settled_on": N_("Settled on")},
    ),
    "retract_difficulty": FormKind(
        N_("Retract a difficulty or proposal"), _start_retraction, _draw_retraction, _save_retraction, N_("Retract"),
        Subject.DIFFICULTY,
    ),
}  # fmt: skip
