"""Forms of a session's conclusions: line by line, or pasted as a whole."""

import re
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, version_of
from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.session_acts import file_of, session_act, theirs_of
from dashboard.components.task_form import agency_names, plain_day
from dashboard.components.task_form import shown as shown_of_task
from dashboard.context import PageContext
from models.changes import conclusions
from models.changes.conclusions import ConclusionLine
from models.db import Session, read_session
from models.enums import N_
from models.errors import NotFound
from models.queries.sessions import (
    ConclusionRow,
    session_file,
)
from models.queries.task_file import task_choices
from models.rules.words import words

LINE = {
    "text": N_("Conclusion"), "lead_agency": N_("Leading agency"), "due_on": N_("Due"), "case_code": N_("File"),
    "reason": N_("Reason"),
}  # fmt: skip
NUMBERED = re.compile(r"^\s*(?:[-–•*+]|\(?\d{1,2}(?:\.\d{1,2})*[.):/]|[a-zđ][.)])\s+", re.IGNORECASE)


def line_act(session_id: int, item_no: int | None) -> Act:
    """A new line of the conclusions, or another wording of one."""

    def start(ctx: PageContext) -> dict[str, Any]:
        file = file_of(ctx, session_id)
        row = next((row for row in file.conclusions if row.item_no == item_no), None)
        if row is None:
            return {"version": file.version}
        return {
            "version": file.version, "text": row.text, "lead_agency": row.agency_code or None,
            "due_on": plain_day(row.due_on), "case_code": row.case_code,
        }  # fmt: skip

    def draw(ctx: PageContext, form: Form) -> None:
        t = ctx.t
        long_text(ctx, form, "text", t("Conclusion"), needed=True)
        with read_session() as session:
            choices = task_choices(session, ctx.viewer, on=ctx.today)
        row = next((row for row in file_of(ctx, session_id).conclusions if row.item_no == item_no), None)
        own = {row.agency_code: (row.agency_vi, row.agency_en)} if row and row.agency_code else {}
        one, two, three = st.columns([2, 1, 1])
        with one:
            choice(ctx, form, "lead_agency", t("Leading agency"), agency_names(ctx, {**own, **choices.agencies}))
        with two:
            text(ctx, form, "due_on", t("Due"), placeholder="dd/mm/yyyy")
        with three:
            text(ctx, form, "case_code", t("File"), placeholder="VA-2026-001")
        if item_no is not None:
            text(ctx, form, "reason", t("Reason of the correction"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        reading = Reading(form)
        due = reading.day("due_on", needed=False)
        reading.done()
        said = reading.lines("text"), item_no, form.text("lead_agency"), due, reading.text("case_code")
        line = ConclusionLine(*said)
        old = _lines(session, ctx, session_id) if item_no is None else _lines_with(session, ctx, session_id, item_no)
        lines = [*old, line] if item_no is None else [line if each.item_no == item_no else each for each in old]
        why = reading.text("reason")
        conclusions.write_conclusions(session, ctx.viewer, session_id, version_of(form), lines, reason=why, now=now)
        return ctx.t("The conclusions are recorded.")

    title = N_("New line of the conclusions") if item_no is None else N_("Correct the line")
    return session_act(title, start, draw, save, LINE, shown_of_task)


def paste_act(session_id: int) -> Act:
    """All lines of a notice at once, pasted from a document: one paragraph is one line."""

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": file_of(ctx, session_id).version}

    def draw(ctx: PageContext, form: Form) -> None:
        t = ctx.t
        st.caption(
            t("Each paragraph becomes a line; its own number or dash is left away. Give agency and day after that.")
        )
        long_text(ctx, form, "text", t("Conclusions"), needed=True)
        if found := pasted(Reading(form).lines("text")):
            st.caption(t.n("{n} line", "{n} lines", len(found)))

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        found = pasted(Reading(form).lines("text"))
        new = [ConclusionLine(line) for line in found] or [ConclusionLine("")]
        lines = [*_lines(session, ctx, session_id), *new]
        conclusions.write_conclusions(session, ctx.viewer, session_id, version_of(form), lines, now=now)
        return ctx.t.n("{n} line is recorded.", "{n} lines are recorded.", len(new))

    labels = {"text": N_("Conclusions")}
    return Act(N_("Paste the conclusions"), start, draw, save, labels=labels, theirs=theirs_of(start, labels))


def remove_line_act(session_id: int, item_no: int) -> Act:
    """The line was recorded by mistake."""

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": file_of(ctx, session_id).version}

    def draw(ctx: PageContext, form: Form) -> None:
        row = next((row for row in file_of(ctx, session_id).conclusions if row.item_no == item_no), None)
        if row:
            st.text(row.text)
        text(ctx, form, "reason", ctx.t("Reason of the retraction"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        lines = [line for line in _lines_with(session, ctx, session_id, item_no) if line.item_no != item_no]
        why = Reading(form).text("reason")
        conclusions.write_conclusions(session, ctx.viewer, session_id, version_of(form), lines, reason=why, now=now)
        return ctx.t("Line {n} is retracted; it stays in the history.", n=item_no)

    labels = {"reason": N_("Reason of the retraction")}
    return Act(N_("Retract the line"), start, draw, save, N_("Retract"), labels, theirs_of(start, labels))


def pasted(given: str) -> list[str]:
    """The paragraphs of a pasted text without their numbers and dashes."""
    lines = (NUMBERED.sub("", " ".join(line.split())).strip() for line in given.splitlines())
    return [line for line in lines if line]


def _lines(session: Session, ctx: PageContext, session_id: int) -> list[ConclusionLine]:
    rows = session_file(session, ctx.viewer, session_id, as_of=ctx.as_of).conclusions
    return [_line(row) for row in rows]


def _lines_with(session: Session, ctx: PageContext, session_id: int, item_no: int) -> list[ConclusionLine]:
    """The lines, this one among them. Raises NotFound for one that a colleague has retracted meanwhile."""
    lines = _lines(session, ctx, session_id)
    if item_no not in {line.item_no for line in lines}:
        raise NotFound(words("The conclusions have no line {n}.", n=item_no))
    return lines


def _line(row: ConclusionRow) -> ConclusionLine:
    return ConclusionLine(row.text, row.item_no, row.agency_code, row.due_on, row.case_code)
