"""Forms of tasks: a new one, its correction, progress, the agency's claim, the secretariat's verdict, cancellation."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, Rows, act_form, plainly, several, today_of, version_of
from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.context import PageContext
from models.changes import tasks
from models.changes.tasks import TaskGiven
from models.db import Session, read_session
from models.enums import N_, SessionKind, TaskOrigin
from models.queries.task_file import TaskFile, changes_since, task_choices, task_file
from models.queries.tasks import sessions
from models.text import Translator

ASKED = {
    "content": N_("Task"), "lead_agency": N_("Leading agency"), "cooperating": N_("Cooperating agencies"),
    "responsible": N_("Responsible official"), "assigned_on": N_("Given on"), "due_on": N_("Due"),
    "origin": N_("Origin"), "case_code": N_("File"), "session": N_("Session"),
}  # fmt: skip
REASON = {"reason": N_("Reason")}
ORIGINS = (TaskOrigin.DIRECTIVE, TaskOrigin.LETTER, TaskOrigin.PROGRAMME, TaskOrigin.OTHER, TaskOrigin.CONCLUSION)


def task_dialog(
    ctx: PageContext,
    case_code: str | None = None,
    session_id: int | None = None,
    item_no: int | None = None,
    *,
    on_dismiss: Any = "ignore",
) -> None:
    """Open the form of a new task, about this file or from this line of a session's conclusions."""
    act = new_task_act(case_code or "", session_id, item_no)
    subject = f"new task {case_code or ''} {session_id or ''} {item_no or ''}".strip()
    opened = st.dialog(ctx.t(act.title), width="large", on_dismiss=on_dismiss)
    opened(lambda: act_form(ctx, "task", subject, act))()


def new_task_act(case_code: str = "", session_id: int | None = None, item_no: int | None = None) -> Act:
    """The form of a new task with what is known already."""

    def start(ctx: PageContext) -> dict[str, Any]:
        origin = TaskOrigin.CONCLUSION if session_id else TaskOrigin.DIRECTIVE
        held = str(session_id) if session_id else None
        return {"assigned_on": plain_day(ctx.today), "case_code": case_code, "session": held, "origin": origin.value}

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        given = _given(form, item_no)
        made = tasks.new_task(session, ctx.viewer, given, now=now, today=today_of(now))
        return ctx.t("Task {code} is recorded.", code=made.code)

    return Act(N_("New task"), start, _draw_asked, save, N_("Record the task"), ASKED, shown=shown)


def correct_act(code: str) -> Act:
    """Say anew what is asked; the reason is kept."""

    def start(ctx: PageContext) -> dict[str, Any]:
        file = _file(ctx, code)
        row = file.row
        return {
            "version": row.version, "content": row.content, "lead_agency": row.agency_code or None,
            "cooperating": [agency for agency, _, _ in file.cooperating],
            "responsible": str(row.responsible_id) if row.responsible_id else None,
            "assigned_on": plain_day(row.assigned_on), "due_on": plain_day(row.due_on), "origin": row.origin.value,
            "case_code": row.case_code, "session": str(row.session_id) if row.session_id else None,
            "item_no": row.item_no,
        }  # fmt: skip

    def draw(ctx: PageContext, form: Form) -> None:
        _draw_asked(ctx, form, _file(ctx, code))
        text(ctx, form, "reason", ctx.t("Reason of the correction"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        given = _given(form, form.values.get("item_no"))
        why = Reading(form).text("reason")
        tasks.correct_task(session, ctx.viewer, code, version_of(form), given, reason=why, now=now, today=today_of(now))
        return ctx.t("Task {code} is corrected.", code=code)

    return Act(N_("Correct the task"), start, draw, save, N_("Save the correction"), ASKED | REASON, theirs_of(code),
               shown)  # fmt: skip


def progress_act(code: str) -> Act:
    """How far the task is."""

    def draw(ctx: PageContext, form: Form) -> None:
        _day(ctx, form, ctx.t("Reported on"))
        long_text(ctx, form, "note", ctx.t("How far the task is"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        said, on = Reading(form).lines("note"), _read_day(form)
        version, today = version_of(form), today_of(now)
        tasks.report_progress(session, ctx.viewer, code, version, said=said, on=on, now=now, today=today)
        return ctx.t("The progress of {code} is recorded.", code=code)

    labels = {"on": N_("Reported on"), "note": N_("How far the task is")}
    return Act(N_("Report progress"), _today_and_version(code), draw, save, labels=labels, theirs=theirs_of(code))


def claim_act(code: str) -> Act:
    """The agency says it is done, and with which document."""

    def draw(ctx: PageContext, form: Form) -> None:
        st.caption(ctx.t("Recorded on behalf of the agency. The task counts as done only after the verdict."))
        _day(ctx, form, ctx.t("Reported done on"))
        text(ctx, form, "evidence", ctx.t("Document that shows it"), needed=True,
             placeholder=ctx.t("number, date, who issued it"))  # fmt: skip
        long_text(ctx, form, "note", ctx.t("What was done"))

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        reading = Reading(form)
        proof, said, on = reading.text("evidence"), reading.lines("note"), _read_day(form)
        tasks.claim_done(
            session, ctx.viewer, code, version_of(form), on=on, evidence=proof, said=said, now=now, today=today_of(now)
        )
        return ctx.t("{code} is reported done and waits for the verdict.", code=code)

    labels = {
        "on": N_("Reported done on"), "evidence": N_("Document that shows it"), "note": N_("What was done"),
    }  # fmt: skip
    return Act(N_("Reported done"), _today_and_version(code), draw, save, labels=labels, theirs=theirs_of(code))


def accept_act(code: str) -> Act:
    """The secretariat finds the task done."""

    def draw(ctx: PageContext, form: Form) -> None:
        _day(ctx, form, ctx.t("Day of the verdict"))
        long_text(ctx, form, "note", ctx.t("Remark"))

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        note, on = Reading(form).lines("note"), _read_day(form)
        tasks.accept_task(session, ctx.viewer, code, version_of(form), on=on, note=note, now=now, today=today_of(now))
        return ctx.t("{code} is accepted as done.", code=code)

    labels = {"on": N_("Day of the verdict"), "note": N_("Remark")}
    return Act(N_("Accept as done"), _today_and_version(code), draw, save, N_("Accept"), labels, theirs_of(code))


def return_act(code: str) -> Act:
    """The claim is returned: not done."""

    def draw(ctx: PageContext, form: Form) -> None:
        st.caption(ctx.t("The task goes on and counts as not done; the claim and this reason stay in its history."))
        _day(ctx, form, ctx.t("Day of the verdict"))
        long_text(ctx, form, "reason", ctx.t("Why it is not done"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        why, on = Reading(form).lines("reason"), _read_day(form)
        tasks.return_task(session, ctx.viewer, code, version_of(form), on=on, reason=why, now=now, today=today_of(now))
        return ctx.t("{code} is returned: not done.", code=code)

    labels = {"on": N_("Day of the verdict"), "reason": N_("Why it is not done")}
    return Act(N_("Return, not done"), _today_and_version(code), draw, save, N_("Return"), labels, theirs_of(code))


def cancel_act(code: str) -> Act:
    """The task is withdrawn."""

    def draw(ctx: PageContext, form: Form) -> None:
        _day(ctx, form, ctx.t("Withdrawn on"))
        long_text(ctx, form, "reason", ctx.t("Why it is withdrawn"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        why, on = Reading(form).lines("reason"), _read_day(form)
        tasks.cancel_task(session, ctx.viewer, code, version_of(form), on=on, reason=why, now=now, today=today_of(now))
        return ctx.t("{code} is cancelled.", code=code)

    labels = {"on": N_("Withdrawn on"), "reason": N_("Why it is withdrawn")}
    return Act(
        N_("Cancel the task"), _today_and_version(code), draw, save, N_("Cancel the task"), labels, theirs_of(code)
    )


def take_back_act(code: str) -> Act:
    """The last claim, verdict or cancellation was a mistake."""

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": _file(ctx, code).row.version}

    def draw(ctx: PageContext, form: Form) -> None:
        st.caption(ctx.t("Undoes the last claim, verdict or cancellation. It stays in the history with this reason."))
        text(ctx, form, "reason", ctx.t("What was wrong"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        tasks.take_back(session, ctx.viewer, code, version_of(form), reason=Reading(form).text("reason"), now=now)
        return ctx.t("The last step of {code} is taken back.", code=code)

    return Act(N_("Take back the last step"), start, draw, save, N_("Take it back"), REASON, theirs_of(code))


# --- what they share -------------------------------------------------------------------------------------------------


def plain_day(day: date | None) -> str:
    """dd/mm/yyyy, as it is typed."""
    return "" if day is None else day.strftime("%d/%m/%Y")


def agency_names(ctx: PageContext, choices: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Code → name in the reader's language."""
    return {code: en if ctx.language == "en" else vi for code, (vi, en) in choices.items()}


def session_name(t: Translator, kind: SessionKind, number: int, term: str) -> str:
    """Session 4 (2025-2030), or Standing meeting 9 (2025-2030)."""
    if kind is SessionKind.COMMITTEE:
        return t("Session {number} ({term})", number=number, term=term)
    return t("Standing meeting {number} ({term})", number=number, term=term)


def theirs_of(code: str) -> Any:
    """What a colleague changed in the task since the form was opened."""

    def theirs(ctx: PageContext, form: Form) -> tuple[str, Rows]:
        t = ctx.t
        with read_session() as session:
            found = changes_since(session, ctx.viewer, code, version_of(form))
        if found is None:
            return t("A colleague changed task {code} meanwhile.", code=code), []
        said = t(
            "{who} changed task {code} at {time}, while you had it open. Nothing of yours is saved yet.",
            who=found.who or t("system"), code=code, time=found.recorded_at,
        )  # fmt: skip
        rows: Rows = [
            (t.words(each.label), t("{value}", value=each.before), t("{value}", value=each.after))
            for each in found.fields
        ]
        return said, rows

    return theirs


def shown(ctx: PageContext, name: str, value: Any) -> str:
    """A field of a task for people."""
    if not value or name not in ("lead_agency", "cooperating", "responsible", "origin", "session"):
        return plainly(ctx, name, value)
    if name == "origin":
        return ctx.t.label(TaskOrigin(value))
    with read_session() as session:
        choices = task_choices(session, ctx.viewer, on=ctx.today)
        held = sessions(session, until=ctx.today)
    names = {
        "responsible": choices.officials,
        "session": {str(row.id): session_name(ctx.t, row.kind, row.number, row.term) for row in held},
    }.get(name, agency_names(ctx, choices.agencies))
    chosen: list[str] = value if isinstance(value, list) else [value]
    return ", ".join(names.get(each, each) for each in chosen)


def _draw_asked(ctx: PageContext, form: Form, file: TaskFile | None = None) -> None:
    """The fields; of a task that is corrected, agencies and officials that are there no more stay as they are."""
    t = ctx.t
    with read_session() as session:
        choices = task_choices(session, ctx.viewer, on=ctx.today)
        held = sessions(session, until=ctx.today)
    names, officials = agency_names(ctx, choices.agencies), dict(choices.officials)
    if file:
        own = [*file.cooperating, (file.row.agency_code, file.row.agency_vi, file.row.agency_en)]
        names = {**agency_names(ctx, {code: (vi, en) for code, vi, en in own if code}), **names}
        if file.row.responsible_id:
            officials.setdefault(str(file.row.responsible_id), file.row.responsible)
    long_text(ctx, form, "content", t("Task"), needed=True, help=t("What is to be done, as the document says it"))
    one, two = st.columns(2)
    with one:
        choice(ctx, form, "lead_agency", t("Leading agency"), names, needed=True)
        text(ctx, form, "assigned_on", t("Given on"), placeholder="dd/mm/yyyy", needed=True)
        choice(ctx, form, "origin", t("Origin"), {origin.value: t.label(origin) for origin in ORIGINS})
        text(ctx, form, "case_code", t("About the file"), placeholder="VA-2026-001")
    with two:
        several(ctx, form, "cooperating", t("Cooperating agencies"), names)
        text(ctx, form, "due_on", t("Due"), placeholder="dd/mm/yyyy")
        choice(ctx, form, "responsible", t("Responsible official"), officials)
        options = {str(row.id): session_name(t, row.kind, row.number, row.term) for row in held}
        choice(ctx, form, "session", t("From the session"), options)


def _given(form: Form, item_no: int | None) -> TaskGiven:
    reading = Reading(form)
    assigned, due = reading.day("assigned_on"), reading.day("due_on", needed=False)
    reading.done()
    held = form.text("session")
    return TaskGiven(
        content=reading.lines("content"),
        assigned_on=assigned,
        origin=TaskOrigin(form.text("origin") or TaskOrigin.OTHER.value),
        lead_agency=form.text("lead_agency"),
        cooperating=tuple(form.values.get("cooperating") or ()),
        responsible_id=int(form.text("responsible") or 0) or None,
        due_on=due,
        case_code=reading.text("case_code"),
        session_id=int(held) if held else None,
        item_no=item_no,
    )


def _file(ctx: PageContext, code: str) -> TaskFile:
    with read_session() as session:
        return task_file(session, ctx.viewer, code, as_of=ctx.as_of)


def _today_and_version(code: str) -> Any:
    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": _file(ctx, code).row.version, "on": plain_day(ctx.today)}

    return start


def _day(ctx: PageContext, form: Form, label: str) -> None:
    with st.columns([1, 2])[0]:
        text(ctx, form, "on", label, placeholder="dd/mm/yyyy", needed=True)


def _read_day(form: Form) -> date | None:
    reading = Reading(form)
    day = reading.day("on")
    reading.done()
    return day
