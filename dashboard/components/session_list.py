"""Sessions and meetings as a list: when, about what, and what became of their tasks."""

from collections.abc import Sequence

from dashboard.components.address import address
from dashboard.components.rows_table import Cell, rows_table
from dashboard.context import PageContext
from models.enums import SessionKind, SessionStatus
from models.queries.sessions import SessionLine
from models.text import Translator

MARKS = {SessionStatus.PLANNED: "soft", SessionStatus.CONCLUDED: "good"}


def session_title(t: Translator, kind: SessionKind, number: int) -> str:
    """Session 4, or Standing meeting 11."""
    if kind is SessionKind.COMMITTEE:
        return t("Session {number}", number=number)
    return t("Standing meeting {number}", number=number)


def session_table(ctx: PageContext, rows: Sequence[SessionLine]) -> None:
    """One line for each session; the number leads to it, the tasks to their list."""
    t = ctx.t
    headings = (t("Session"), t("Day"), t("Main subject"), t("State"), t("Present"), t("Conclusions"), t("Tasks"))
    rows_table(headings, [_shown(ctx, row) for row in rows], key="session_rows", right=(4, 5))


def _shown(ctx: PageContext, row: SessionLine) -> tuple[Cell | str, ...]:
    t = ctx.t
    extra = t("extraordinary") if row.is_extraordinary else ""
    points = t.n("agenda: {n} point", "agenda: {n} points", row.agenda) if row.agenda else ""
    return (
        Cell(session_title(t, row.kind, row.number), href=address(ctx, "/sessions", session=row.id), note=extra),
        Cell(t.date(row.held_on), mark="line"),
        Cell(row.subject or "–", note=points),
        _state(ctx, row),
        f"{row.attended}/{row.invited}" if row.invited else "–",
        t.number(row.conclusions) if row.conclusions else "–",
        _tasks(ctx, row),
    )


def _state(ctx: PageContext, row: SessionLine) -> Cell:
    """A planned session whose day has passed is said to be so: it counts nowhere until somebody records it."""
    t = ctx.t
    if row.status is SessionStatus.PLANNED and row.held_on < ctx.today:
        return Cell(t("Planned"), mark="bad", note=t("the day has passed: was it held?"))
    return Cell(t.label(row.status), mark=MARKS.get(row.status, ""))


def _tasks(ctx: PageContext, row: SessionLine) -> Cell:
    t = ctx.t
    if not row.tasks:
        return Cell("–")
    said = t("{done} of {all} done", done=row.done, all=row.tasks)
    late = t("{n} late", n=row.late) if row.late else ""
    return Cell(said, href=address(ctx, "/tasks", session=row.id), note=late)
