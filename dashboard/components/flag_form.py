"""The form that notes that a flag was seen: why it may stand for now, and when it is looked at again."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, Rows, act_form, plainly, today_of
from dashboard.components.forms.fields import choice, text
from dashboard.components.forms.kinds import subject_of
from dashboard.components.forms.measures import day, plain_day
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form, close
from dashboard.context import PageContext
from models.changes.flags import LONGEST_DAYS, acknowledge
from models.db import Session, read_session
from models.enums import N_
from models.queries.cases import CaseFile, FlagRow, flag_rows
from models.queries.task_flags import task_flag_rows
from models.rules.access import Action, may
from models.rules.words import words

NAME = "acknowledge"  # of the form, and in the address
USUAL_DAYS = 14  # proposed until the flag is looked at again
LABELS = {"flag": N_("Flag"), "reason": N_("Why it may stand for now"), "look_again_on": N_("Look again on")}
Flags = Mapping[str, FlagRow]


def acknowledge_form(ctx: PageContext, file: CaseFile) -> None:
    """The form for the flags of a file, while the scan holds one open; an earlier day only shows."""

    shown = [(flag.rule, flag.subject, flag.since) for flag in file.flags]

    def open_ones(rows: Iterable[FlagRow]) -> Flags:
        """Those that the page shows, in its order, as the scan keeps them."""
        held = {(row.rule, row.subject, row.opened_on): row for row in rows if row.closed_on is None}
        return {str(held[key].id): held[key] for key in shown if key in held}

    def flags() -> Flags:
        with read_session() as session:
            return open_ones(flag_rows(session, ctx.viewer, code=file.code))

    if _may_set_aside(ctx) and open_ones(file.flag_history):
        _offer(ctx, subject_of(file.code), flags)


def acknowledge_task_flags(ctx: PageContext) -> None:
    """The same form for the open flags of tasks about no file."""

    def flags() -> Flags:
        with read_session() as session:
            return {str(row.id): row for row in task_flag_rows(session, ctx.viewer)}

    if _may_set_aside(ctx) and flags():
        _offer(ctx, "flags of tasks", flags)


def _may_set_aside(ctx: PageContext) -> bool:
    return may(ctx.viewer, Action.RECORD) and ctx.as_of == ctx.today


def _offer(ctx: PageContext, subject: str, flags: Callable[[], Flags]) -> None:
    """The button, and the form while the address names it: a refreshed page opens it again."""
    st.button(ctx.t("Acknowledge a flag"), icon=":material/visibility:", key=f"do_{NAME}", on_click=_open)
    if st.query_params.get("do") == NAME and "task" not in st.query_params:
        act = flag_act(flags)
        st.dialog(ctx.t(act.title), on_dismiss=close)(lambda: act_form(ctx, NAME, subject, act))()


def _open() -> None:
    close()
    st.query_params.pop("task", None)
    st.query_params["do"] = NAME


def flag_act(flags: Callable[[], Flags]) -> Act:
    """The form for one of these flags, as they are asked again."""

    def start(ctx: PageContext) -> dict[str, Any]:
        """`version`: for every flag offered, when it was acknowledged last, by whom and why."""
        offered = flags()
        again = plain_day(ctx.today + timedelta(days=USUAL_DAYS))
        return {"version": _versions(offered), "flag": next(iter(offered), None), "look_again_on": again}

    def draw(ctx: PageContext, form: Form) -> None:
        t, offered = ctx.t, flags()
        form.state["values"]["version"] = {**_versions(offered), **form.values["version"]}  # a flag opened meanwhile
        choice(ctx, form, "flag", t("Flag"), {id: _name(ctx, row) for id, row in offered.items()}, needed=True)
        text(ctx, form, "reason", t("Why it may stand for now"), needed=True)
        day(ctx, form, "look_again_on", t("Look again on (at most {n} days)", n=LONGEST_DAYS), needed=True)
        st.caption(t("The flag stays on the page and in all figures."))

    def theirs(ctx: PageContext, form: Form) -> tuple[str, Rows]:
        t, row = ctx.t, flags().get(form.text("flag"))
        if row is None:
            return t("This flag is not open any more."), []
        said = t(
            "{who} acknowledged this flag at {time}, while you had it open. Nothing of yours is saved yet.",
            who=row.acknowledged_by or t("system"), time=row.acknowledged_at,
        )  # fmt: skip
        _, *before = form.values["version"][form.text("flag")]
        now = _versions({"": row})[""][1:]
        names = (t("Why it may stand for now"), t("Look again on"))
        return said, [(name, was or "–", is_) for name, was, is_ in zip(names, before, now, strict=True)]

    def shown(ctx: PageContext, name: str, value: Any) -> str:
        row = flags().get(value) if name == "flag" else None
        return _name(ctx, row) if row else plainly(ctx, name, value)

    return Act(N_("Acknowledge a flag"), start, draw, _save, N_("Acknowledge"), LABELS, theirs, shown)


def _save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
    reading = Reading(form)
    reason, again = reading.text("reason"), reading.day("look_again_on")
    if not form.text("flag"):
        reading.wrong["flag"] = words("Choose a flag that is still open.")
    reading.done()
    at, *_ = form.values["version"][form.text("flag")]
    acknowledge(
        session, ctx.viewer, int(form.text("flag")), reason=reason, look_again_on=again,
        shown_at=datetime.fromisoformat(at) if at else None, now=now, today=today_of(now),
    )  # fmt: skip
    return ctx.t("The flag is acknowledged; look again on {day}.", day=again)


def _versions(flags: Flags) -> dict[str, list[str]]:
    """By flag: the instant of its last acknowledgement, the reason then, and the day to look again; blank for none."""
    return {
        id: [row.acknowledged_at.isoformat() if row.acknowledged_at else "", row.acknowledged_reason,
             plain_day(row.look_again_on)]
        for id, row in flags.items()
    }  # fmt: skip


def _name(ctx: PageContext, row: FlagRow) -> str:
    """The rule and its day; before them the task, for a flag of a task about no file."""
    said = f"{ctx.t.label(row.rule)} · {ctx.t('since {day}', day=row.opened_on)}"
    return said if row.case_code else f"{row.subject} · {said}"
