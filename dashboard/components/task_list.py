"""Tasks as people read them: the counts by state, and a line for each task."""

from collections.abc import Sequence

import streamlit as st

from dashboard.components.address import address, here
from dashboard.components.count_strip import Count, count_strip
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.db import read_session
from models.enums import SessionKind, TaskStatus
from models.queries.cases import FlagRow
from models.queries.task_flags import flags_of_tasks
from models.queries.tasks import TaskCounts, TaskRow

MARKS = {TaskStatus.LATE: "bad", TaskStatus.DONE: "good", TaskStatus.CANCELLED: "soft"}


def task_strip(ctx: PageContext, counts: TaskCounts, status: str) -> None:
    """How many tasks stand in each state, each a link to them, and the sum written out."""
    count_strip(_counts(ctx, counts, status), key="task_counts")
    st.caption(_sum(ctx, counts))


def _counts(ctx: PageContext, counts: TaskCounts, status: str) -> list[Count]:
    t = ctx.t
    of_state = {
        TaskStatus.LATE: counts.late,
        TaskStatus.OPEN: counts.open,
        TaskStatus.CLAIMED: counts.claimed,
        TaskStatus.DONE: counts.done,
        TaskStatus.CANCELLED: counts.cancelled,
    }
    strip = [
        Count(t("All tasks"), t.number(counts.all), here(ctx, "/tasks", status=None, page=None), chosen=not status)
    ]
    for state, count in of_state.items():
        tone = "bad" if state is TaskStatus.LATE and count else ""
        link = here(ctx, "/tasks", status=state.value, page=None)
        strip.append(Count(t.label(state), t.number(count), link, tone=tone, chosen=status == state.value))
    return strip


def _sum(ctx: PageContext, counts: TaskCounts) -> str:
    return ctx.t(
        "{late} late + {open} in progress + {claimed} reported done + {done} done = {all}. Of the done, {late_done} "
        "were done late. Cancelled tasks are not counted; done means that the secretariat accepted the result.",
        late=counts.late,
        open=counts.open,
        claimed=counts.claimed,
        done=counts.done,
        all=counts.all,
        late_done=counts.done_late,
    )


def task_table(ctx: PageContext, rows: Sequence[TaskRow]) -> None:
    """What, who, until when, in which state, from which session, about which file."""
    t = ctx.t
    headings = (t("Code"), t("Task"), t("Agency"), t("Due"), t("State"), t("Session"), t("File"))
    with read_session() as session:
        flags = flags_of_tasks(session, ctx.viewer, [row.code for row in rows], as_of=ctx.as_of)
    rows_table(headings, [_shown(ctx, row, flags.get(row.code)) for row in rows], key="task_rows")


def _shown(ctx: PageContext, row: TaskRow, flag: FlagRow | None) -> tuple[Cell | str, ...]:
    t = ctx.t
    agency = row.agency_en if ctx.language == "en" else row.agency_vi
    return (
        Cell(row.code, href=here(ctx, "/tasks", task=row.code)),
        Cell(row.content, note=_note(ctx, row)),
        Cell(agency or "–", note=row.responsible),
        Cell(t.date(row.due_on), note=when(ctx, row)),
        Cell(t.label(row.status), mark=MARKS.get(row.status, ""), note=_waits(ctx, row, flag)),
        _session(ctx, row),
        Cell(row.case_code, href=address(ctx, "/case", code=row.case_code)) if row.case_code else "–",
    )


def _session(ctx: PageContext, row: TaskRow) -> Cell:
    """Sessions and meetings of the Standing members are numbered apart; without either, where the task comes from."""
    if row.session_kind is None:
        return Cell(ctx.t.label(row.origin))
    note = ctx.t.label(row.session_kind) if row.session_kind is SessionKind.STANDING else ""
    return Cell(row.session, mark="line", note=note)


def session_words(ctx: PageContext, row: TaskRow) -> str:
    """Session 4/2025-2030, line 3; or where else the task comes from."""
    t = ctx.t
    if row.session_kind is None:
        return t.label(row.origin)
    held = f"{t.label(row.session_kind)} {row.session}"
    return t("{session}, line {n}", session=held, n=row.item_no) if row.item_no else held


def _waits(ctx: PageContext, row: TaskRow, flag: FlagRow | None) -> str:
    """Since when the task is flagged, what the secretariat still owes, and how often a claim was returned."""
    t = ctx.t
    flagged = t("flagged since {day}", day=flag.opened_on) if flag else ""
    late_claim = row.waits and row.status is TaskStatus.LATE
    waits = t("reported done on {day}, awaits the verdict", day=row.claimed_on) if late_claim else ""
    returned = t.n("returned {n} time", "returned {n} times", row.returns) if row.returns else ""
    return " · ".join(part for part in (flagged, waits, returned) if part)


def _note(ctx: PageContext, row: TaskRow) -> str:
    assigned = ctx.t("given on {day}", day=row.assigned_on)
    return f"{assigned} · {row.progress}" if row.progress else assigned


def when(ctx: PageContext, row: TaskRow) -> str:
    """How far from the due day: late, done late, or how many days are left."""
    t = ctx.t
    if row.due_on is None:
        return t("no due day")
    match row.status:
        case TaskStatus.LATE:
            return t.n("{n} day late", "{n} days late", row.days_late or 0)
        case TaskStatus.DONE:
            done = t("done on {day}", day=row.done_on)
            late = t.n("{n} day late", "{n} days late", row.days_late) if row.days_late else ""
            return f"{done}, {late}" if late else done
        case TaskStatus.CLAIMED:
            return t("reported done on {day}", day=row.claimed_on)
        case TaskStatus.CANCELLED:
            return ""
        case TaskStatus.OPEN:
            left = (row.due_on - ctx.as_of).days
            return t.n("{n} day left", "{n} days left", left) if left else t("due today")
