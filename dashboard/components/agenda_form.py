"""Forms of a session's agenda: a point, what is still open, a point taken off."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, plainly, ticks, version_of
from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.session_acts import file_of, session_act, theirs_of
from dashboard.context import PageContext
from models.changes import sessions
from models.changes.sessions import AgendaLine
from models.db import Session, read_session
from models.enums import N_, AgendaKind, SupervisionStep
from models.errors import NotFound
from models.queries.sessions import (
    open_matters,
    session_file,
)
from models.rules.words import words

POINT = {
    "kind": N_("Kind"), "title": N_("Matter"), "case_code": N_("File"), "task_code": N_("Task"), "note": N_("Note"),
}  # fmt: skip


def point_act(session_id: int, point: int | None) -> Act:
    """A new point of the agenda, or another wording of one, wherever a colleague may have put it meanwhile."""

    def start(ctx: PageContext) -> dict[str, Any]:
        file = file_of(ctx, session_id)
        row = next((row for row in file.agenda if row.point == point), None)
        if row is None:
            return {"version": file.version, "kind": AgendaKind.REPORT.value}
        codes = {"case_code": row.case_code, "task_code": row.task_code}
        return {"version": file.version, "kind": row.kind.value, "title": row.title, "note": row.note, **codes}

    def draw(ctx: PageContext, form: Form) -> None:
        t = ctx.t
        one, two, three = st.columns([2, 1, 1])
        with one:
            kinds = {kind.value: t.label(kind) for kind in AgendaKind}
            choice(ctx, form, "kind", t("Kind"), kinds, needed=True)
        with two:
            text(ctx, form, "case_code", t("File"), placeholder="VA-2026-001")
        with three:
            text(ctx, form, "task_code", t("Task"), placeholder="NV-2026-001")
        text(ctx, form, "title", t("Matter"), help=t("May stay blank for a file or a task: its own title is shown"))
        long_text(ctx, form, "note", t("Note"))

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        old = _agenda_with(session, ctx, session_id, point)
        reading = Reading(form)
        line = AgendaLine(
            AgendaKind(form.text("kind") or AgendaKind.OTHER.value), reading.text("title"), reading.lines("note"),
            reading.text("case_code"), reading.text("task_code"), point,
        )  # fmt: skip
        lines = [*old, line] if point is None else [line if each.point == point else each for each in old]
        sessions.write_agenda(session, ctx.viewer, session_id, version_of(form), lines, now=now)
        return ctx.t("The agenda is changed.")

    title = N_("New point of the agenda") if point is None else N_("Change the point of the agenda")
    return session_act(title, start, draw, save, POINT, _shown_point)


def carry_over_act(session_id: int) -> Act:
    """Puts on the agenda what is still open; each matter can be left out."""

    def matters(ctx: PageContext) -> dict[str, dict[str, str]]:
        with read_session() as session:
            found = open_matters(session, ctx.viewer, session_id, as_of=ctx.as_of)
        english = ctx.language == "en"

        def named(row: Any) -> str:
            return f"{row.code} · {row.title_en if english and row.title_en else row.title}"

        return {
            "proposals": {
                f"{row.case_code}/{row.step}": f"{row.case_code} · {ctx.t.label(row.step)} · {row.title}"
                for row in found.proposals
            },
            "tasks": {row.code: f"{row.code} · {row.content[:140]}" for row in found.tasks},
            "late": {row.code: named(row) for row in found.late},
            "placed": {row.code: named(row) for row in found.placed},
        }

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": file_of(ctx, session_id).version, **{name: list(of) for name, of in matters(ctx).items()}}

    def draw(ctx: PageContext, form: Form) -> None:
        found = matters(ctx)
        if not any(found.values()):
            st.info(ctx.t("Nothing is open that is not on the agenda already."), icon=":material/info:")
        for name, label in CARRIED.items():
            if found[name]:
                ticks(ctx, form, name, ctx.t(label), found[name])

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        lines = _agenda_with(session, ctx, session_id)
        new = [_proposed(ctx, key) for key in form.values.get("proposals") or []]
        new += [AgendaLine(AgendaKind.TASK, task_code=code) for code in form.values.get("tasks") or []]
        files = dict.fromkeys([*(form.values.get("late") or []), *(form.values.get("placed") or [])])
        new += [AgendaLine(AgendaKind.FILE, case_code=code) for code in files]
        sessions.write_agenda(session, ctx.viewer, session_id, version_of(form), [*lines, *new], now=now)
        return ctx.t.n("{n} point is on the agenda now.", "{n} points are on the agenda now.", len(lines) + len(new))

    title = N_("What is still open")
    return Act(title, start, draw, save, N_("Put them on the agenda"), CARRIED, theirs_of(start, {}),
               _shown_carried)  # fmt: skip


CARRIED = {
    "proposals": N_("Proposals that wait for a decision"),
    "tasks": N_("Unfinished tasks of earlier conclusions"),
    "late": N_("Files past a limit, the latest first"),
    "placed": N_("Files newly placed under supervision"),
}


def _proposed(ctx: PageContext, key: str) -> AgendaLine:
    """The point of the agenda for a proposal, by file and step."""
    code, _, step = key.rpartition("/")
    return AgendaLine(AgendaKind.PROPOSAL, ctx.t.label(SupervisionStep(step)), case_code=code)


def take_off_act(session_id: int, point: int) -> Act:
    """Takes a point off the agenda."""

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": file_of(ctx, session_id).version}

    def draw(ctx: PageContext, form: Form) -> None:
        row = next((row for row in file_of(ctx, session_id).agenda if row.point == point), None)
        if row:
            st.text(row.title or row.task_content or row.case_title)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        kept = [line for line in _agenda_with(session, ctx, session_id, point) if line.point != point]
        sessions.write_agenda(session, ctx.viewer, session_id, version_of(form), kept, now=now)
        return ctx.t("The point is taken off the agenda.")

    return Act(N_("Take the point off the agenda"), start, draw, save, N_("Take it off"), {}, theirs_of(start, {}))


def _agenda_with(session: Session, ctx: PageContext, session_id: int, point: int | None = None) -> list[AgendaLine]:
    """The agenda, this point in it. Raises NotFound for a point that a colleague has taken off meanwhile."""
    rows = session_file(session, ctx.viewer, session_id, as_of=ctx.as_of).agenda
    if point is not None and point not in {row.point for row in rows}:
        raise NotFound(words("This point is not on the agenda any more."))
    return [AgendaLine(row.kind, row.title, row.note, row.case_code, row.task_code, row.point) for row in rows]


def _shown_point(ctx: PageContext, name: str, value: Any) -> str:
    return ctx.t.label(AgendaKind(value)) if name == "kind" and value else plainly(ctx, name, value)


def _shown_carried(ctx: PageContext, name: str, value: Any) -> str:
    if name != "proposals":
        return plainly(ctx, name, value)
    keys = (key.rpartition("/") for key in value or [])
    return plainly(ctx, name, [f"{code} · {ctx.t.label(SupervisionStep(step))}" for code, _, step in keys])
