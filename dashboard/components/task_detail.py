"""One task in a dialog: what is asked, what was answered, every version, and what the secretariat can record."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from dashboard.components import task_form as forms
from dashboard.components.acts import Act, act_form
from dashboard.components.address import address
from dashboard.components.forms.state import close
from dashboard.components.markup import NOTHING, Html, el, escape_markdown, join, link, show
from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.task_list import session_words, when
from dashboard.context import PageContext
from models.changes.tasks import may_answer
from models.db import read_session
from models.enums import N_, TaskStatus, TaskStepKind
from models.errors import NotFound
from models.queries.task_file import StepRow, TaskFile, VersionRow, task_file
from models.rules.access import Action, may

STYLE = Path(__file__).with_name("task_detail.css")
ACTS: dict[str, tuple[str, Callable[[str], Act]]] = {
    "progress": (N_("Report progress"), forms.progress_act),
    "claim": (N_("Reported done"), forms.claim_act),
    "accept": (N_("Accept as done"), forms.accept_act),
    "return": (N_("Return, not done"), forms.return_act),
    "correct": (N_("Correct"), forms.correct_act),
    "cancel": (N_("Cancel the task"), forms.cancel_act),
    "take_back": (N_("Take back the last step"), forms.take_back_act),
}
STEP_MARKS = {TaskStepKind.RETURNED: "bad", TaskStepKind.ACCEPTED: "good", TaskStepKind.CANCELLED: "soft"}


def task_detail(ctx: PageContext, code: str) -> None:
    """Open the dialog of the task that the address names; a sentence if there is none."""
    title = escape_markdown(ctx.t("Task {code}", code=code))
    st.dialog(title, width="large", on_dismiss=leave)(lambda: _inside(ctx, code))()


def leave() -> None:
    """The address names no task any more; what was typed stays as a draft."""
    close()
    st.query_params.pop("task", None)


def _inside(ctx: PageContext, code: str) -> None:
    try:
        with read_session() as session:
            file = task_file(session, ctx.viewer, code, as_of=ctx.as_of)
    except NotFound as error:
        st.info(escape_markdown(ctx.t.words(error.words)), icon=":material/search_off:")
        return
    _facts(ctx, file)
    if ctx.as_of == ctx.today and (offered := _offered(ctx, file)):
        _acts(ctx, file, offered)
    _steps(ctx, file.steps)
    _versions(ctx, file.versions)
    show(el("span", class_="liem-task-shown", data_task=code, data_version=file.row.version))


def _facts(ctx: PageContext, file: TaskFile) -> None:
    st.html(STYLE)
    t, row = ctx.t, file.row
    english = ctx.language == "en"
    helpers = ", ".join(en if english else vi for _, vi, en in file.cooperating)
    about = link(address(ctx, "/case", code=row.case_code), row.case_code) if row.case_code else NOTHING
    state = el("b", t.label(row.status), class_="late" if row.status is TaskStatus.LATE else None)
    returned = t.n("returned {n} time", "returned {n} times", row.returns) if row.returns else ""
    stands = join((part for part in (state, when(ctx, row), returned) if part), " · ")
    lines: tuple[tuple[str, str], ...] = (
        (t("State"), stands),
        (t("Leading agency"), (row.agency_en if english else row.agency_vi) or "–"),
        (t("Cooperating agencies"), helpers),
        (t("Responsible official"), row.responsible),
        (t("Given on"), t.date(row.assigned_on)),
        (t("Due"), t.date(row.due_on)),
        (t("From"), session_words(ctx, row)),
        (t("File"), about),
        (t("Progress"), row.progress),
        (t("Evidence"), row.evidence),
    )
    told = [el("dt", name) + el("dd", value) for name, value in lines if value]
    show(el("div", el("p", row.content, class_="task-content"), el("dl", *map(Html, told)), class_="facts task-facts"))


def _offered(ctx: PageContext, file: TaskFile) -> list[str]:
    """What this reader may record of the task as it stands."""
    row = file.row
    if not may(ctx.viewer, Action.RECORD):
        answers = may_answer(ctx.viewer, file.lead_agency_id)
        under_way = row.status not in (TaskStatus.DONE, TaskStatus.CANCELLED)
        return [*([] if row.claimed_on else ["claim"]), "progress"] if answers and under_way else []
    back = ["take_back"] if row.claimed_on or row.done_on or row.returns or row.status is TaskStatus.CANCELLED else []
    if row.status in (TaskStatus.DONE, TaskStatus.CANCELLED):
        return ["correct", *back]
    verdict = ["accept", "return"] if row.claimed_on else ["claim", "accept"]
    return [*verdict, "progress", "correct", "cancel", *back]


def _acts(ctx: PageContext, file: TaskFile, offered: list[str]) -> None:
    t, code = ctx.t, file.row.code
    opened = st.query_params.get("do", "")
    names = {name: t(ACTS[name][0]) for name in offered}
    st.session_state["task_act"] = opened if opened in offered else None
    st.segmented_control(
        t("What do you want to record?"), offered, format_func=names.__getitem__, key="task_act", on_change=_choose
    )
    if opened in offered:
        with st.container(border=True, key="task_form"):
            act_form(ctx, opened, f"task:{code}", ACTS[opened][1](code))


def _choose() -> None:
    chosen = st.session_state.get("task_act")
    close()
    if chosen:
        st.query_params["do"] = chosen


def _steps(ctx: PageContext, steps: Sequence[StepRow]) -> None:
    t = ctx.t
    if not steps:
        return
    st.markdown(f"**{t('Claims and verdicts')}**")
    headings = (t("Day"), t("What"), t("Words"), t("Recorded"))
    rows_table(headings, [_step(ctx, step) for step in steps], key="task_steps")


def _step(ctx: PageContext, step: StepRow) -> tuple[Cell | str, ...]:
    t = ctx.t
    said = [part for part in (step.note, step.evidence) if part]
    answers = t("claim of {day}", day=step.claimed_on) if step.kind in STEP_MARKS and step.claimed_on else ""
    back = t("Taken back: {why}", why=step.taken_back) if step.taken_back_at else ""
    return (
        t.date(step.happened_on),
        Cell(t.label(step.kind), mark="soft" if back else STEP_MARKS.get(step.kind, ""), note=answers),
        Cell(" · ".join(said) or "–", mark="long", note=back),
        Cell(t.time(step.recorded_at), note=step.who or t("system")),
    )


def _versions(ctx: PageContext, versions: Sequence[VersionRow]) -> None:
    t = ctx.t
    with st.expander(t.n("History: {n} version", "History: {n} versions", len(versions)), icon=":material/history:"):
        headings = (t("Who, when"), t("Field"), t("Before"), t("Now"), t("Why"))
        rows_table(headings, [row for version in versions for row in _version(ctx, version)], key="task_versions")


def _version(ctx: PageContext, version: VersionRow) -> list[tuple[Cell | str, ...]]:
    t = ctx.t
    who = f"{version.who or t('system')}, {t.time(version.recorded_at)}"
    if not version.fields:
        return [(who, t("recorded"), "–", "–", version.why or "–")]
    return [
        (
            who,
            t.words(each.label),
            Cell(t("{value}", value=each.before), mark="long"),
            Cell(t("{value}", value=each.after), mark="long"),
            version.why or "–",
        )
        for each in version.fields
    ]
