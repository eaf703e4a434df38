"""Several tasks changed at once: another due day or agency, or one verdict on all of them; all together or none."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, Rows, act_form, several, today_of
from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form, close
from dashboard.components.task_form import agency_names, plain_day, shown
from dashboard.context import PageContext
from models.changes import tasks
from models.db import Session, read_session
from models.enums import N_
from models.queries.task_file import task_choices
from models.queries.tasks import TaskRow, task_rows

WAYS = {
    "due": N_("Another due day"),
    "agency": N_("Another leading agency"),
    "accept": N_("Accept as done"),
    "return": N_("Return, not done"),
}
LABELS = {
    "tasks": N_("Tasks"), "way": N_("What becomes of them"), "due_on": N_("Due"), "lead_agency": N_("Leading agency"),
    "on": N_("Day of the verdict"), "reason": N_("Reason"),
}  # fmt: skip
LONGEST = 70  # characters of a task in the box


def bulk_dialog(ctx: PageContext, rows: Sequence[TaskRow]) -> None:
    """Open the form for the tasks of this page of the list."""
    act = _act([row.code for row in rows])
    st.dialog(ctx.t(act.title), width="large", on_dismiss=close)(lambda: act_form(ctx, "many", "tasks", act))()


def _act(codes: list[str]) -> Act:
    def start(ctx: PageContext) -> dict[str, Any]:
        """`version` holds the version of every task offered, as code:version."""
        rows = _rows(ctx, codes)
        return {
            "version": [f"{row.code}:{row.version}" for row in rows],
            "tasks": [],
            "way": "due",
            "on": plain_day(ctx.today),
        }

    def draw(ctx: PageContext, form: Form) -> None:
        t = ctx.t
        rows = _rows(ctx, list(dict.fromkeys([*codes, *(form.values.get("tasks") or [])])))
        _remember(form, rows)
        names = {row.code: f"{row.code} · {_short(row.content)}" for row in rows}
        several(ctx, form, "tasks", t("Tasks"), names)
        choice(ctx, form, "way", t("What becomes of them"), {way: t(said) for way, said in WAYS.items()})
        way = form.text("way")
        with st.columns([1, 1])[0]:
            if way == "due":
                text(ctx, form, "due_on", t("Due"), placeholder="dd/mm/yyyy", needed=True)
            elif way == "agency":
                with read_session() as session:
                    choices = task_choices(session, ctx.viewer, on=ctx.today)
                choice(ctx, form, "lead_agency", t("Leading agency"), agency_names(ctx, choices.agencies), needed=True)
            else:
                text(ctx, form, "on", t("Day of the verdict"), placeholder="dd/mm/yyyy", needed=True)
        long_text(ctx, form, "reason", t("Remark") if way == "accept" else t("Reason"), needed=way != "accept")

    return Act(N_("Change several tasks"), start, draw, _save, N_("Change them all"), LABELS, _theirs, _told)


def _save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
    reading, versions = Reading(form), _chosen(form)
    reason, today, viewer = reading.lines("reason"), today_of(now), ctx.viewer
    match form.text("way"):
        case "due":
            made = tasks.move_due(session, viewer, versions, due_on=_day(reading, "due_on"), reason=reason, now=now)
        case "agency":
            agency = form.text("lead_agency")
            made = tasks.give_to(session, viewer, versions, lead_agency=agency, reason=reason, now=now)
        case "accept":
            on = _day(reading, "on")
            made = tasks.accept_tasks(session, viewer, versions, on=on, note=reason, now=now, today=today)
        case _:
            on = _day(reading, "on")
            made = tasks.return_tasks(session, viewer, versions, on=on, reason=reason, now=now, today=today)
    return ctx.t.n("{n} task is changed.", "{n} tasks are changed.", len(made))


def _day(reading: Reading, name: str) -> date | None:
    day = reading.day(name)
    reading.done()
    return day


def _remember(form: Form, rows: Sequence[TaskRow]) -> None:
    """A draft may have been begun on another page of the list: what is offered now is chosen as it stands now."""
    known = _shown(form)
    if new := [f"{row.code}:{row.version}" for row in rows if row.code not in known]:
        form.state["values"]["version"] = [*(form.values.get("version") or []), *new]


def _shown(form: Form) -> dict[str, int]:
    """Code → version shown first, of every task that was offered."""
    pairs = (pair.rsplit(":", 1) for pair in form.values.get("version") or [])
    return {code: int(version) for code, version in pairs}


def _chosen(form: Form) -> dict[str, int]:
    """Code → version shown, of the tasks that were chosen."""
    shown = _shown(form)
    return {code: shown[code] for code in form.values.get("tasks") or [] if code in shown}


def _told(ctx: PageContext, name: str, value: Any) -> str:
    """A field of this form for people."""
    return ctx.t(WAYS[value]) if name == "way" and value in WAYS else shown(ctx, name, value)


def _theirs(ctx: PageContext, form: Form) -> tuple[str, Rows]:
    chosen = _chosen(form)
    now = {row.code: row for row in _rows(ctx, list(chosen))}
    changed = [code for code, version in chosen.items() if code not in now or now[code].version != version]
    said = ctx.t(
        "Changed by a colleague while you had them open: {codes}. Nothing is saved yet.", codes=", ".join(changed)
    )
    rows: Rows = [
        (code, "–", f"{ctx.t.label(now[code].status)} · {ctx.t.date(now[code].due_on)}")
        for code in changed
        if code in now
    ]
    return said, rows


def _rows(ctx: PageContext, codes: list[str]) -> list[TaskRow]:
    with read_session() as session:
        return task_rows(session, ctx.viewer, as_of=ctx.as_of, codes=codes)[0]


def _short(content: str) -> str:
    return content if len(content) <= LONGEST else f"{content[:LONGEST].rstrip()}…"
