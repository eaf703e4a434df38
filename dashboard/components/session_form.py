"""Forms of sessions: a session itself, points of its agenda, who attended, and its conclusions line by line."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, Rows, plainly, several, ticks, today_of, version_of
from dashboard.components.forms.fields import choice, long_text, text
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form, changed, current, set_value
from dashboard.components.task_form import agency_names, plain_day
from dashboard.components.task_form import shown as shown_of_task
from dashboard.context import PageContext
from models.changes import conclusions, sessions
from models.changes.conclusions import ConclusionLine
from models.changes.sessions import AgendaLine, AttendanceLine, SessionGiven
from models.db import Session, read_session
from models.enums import N_, AgendaKind, Presence, SessionKind, SupervisionStep
from models.errors import NotFound
from models.queries.sessions import (
    AttendanceRow,
    ConclusionRow,
    SessionFile,
    next_numbers,
    open_matters,
    session_file,
    usual_attendance,
)
from models.queries.task_file import task_choices
from models.rules.words import words
from models.settings import settings

SESSION = {
    "kind": N_("Kind"), "term": N_("Term"), "number": N_("Number"), "on": N_("Day"), "place": N_("Held at"),
    "subject": N_("Main subject"), "chair": N_("Chaired by"), "is_extraordinary": N_("Extraordinary"),
    "is_held": N_("State"), "notice": N_("Notice of conclusions"), "notice_on": N_("Date of the notice"),
}  # fmt: skip
POINT = {
    "kind": N_("Kind"), "title": N_("Matter"), "case_code": N_("File"), "task_code": N_("Task"), "note": N_("Note"),
}  # fmt: skip
LINE = {
    "text": N_("Conclusion"), "lead_agency": N_("Leading agency"), "due_on": N_("Due"), "case_code": N_("File"),
    "reason": N_("Reason"),
}  # fmt: skip
YES, NO = "yes", "no"
NUMBERED = re.compile(r"^\s*(?:[-–•*+]|\(?\d{1,2}(?:\.\d{1,2})*[.):/]|[a-zđ][.)])\s+", re.IGNORECASE)


# --- the session itself ----------------------------------------------------------------------------------------------


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
        file = _file(ctx, session_id)
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
    return _act(title, start, draw, save, labels, _shown_session)


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


# --- agenda ----------------------------------------------------------------------------------------------------------


def point_act(session_id: int, point: int | None) -> Act:
    """A new point of the agenda, or another wording of one, wherever a colleague may have put it meanwhile."""

    def start(ctx: PageContext) -> dict[str, Any]:
        file = _file(ctx, session_id)
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
    return _act(title, start, draw, save, POINT, _shown_point)


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
        return {"version": _file(ctx, session_id).version, **{name: list(of) for name, of in matters(ctx).items()}}

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
    return Act(title, start, draw, save, N_("Put them on the agenda"), CARRIED, _theirs(start, {}),
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
        return {"version": _file(ctx, session_id).version}

    def draw(ctx: PageContext, form: Form) -> None:
        row = next((row for row in _file(ctx, session_id).agenda if row.point == point), None)
        if row:
            st.text(row.title or row.task_content or row.case_title)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        kept = [line for line in _agenda_with(session, ctx, session_id, point) if line.point != point]
        sessions.write_agenda(session, ctx.viewer, session_id, version_of(form), kept, now=now)
        return ctx.t("The point is taken off the agenda.")

    return Act(N_("Take the point off the agenda"), start, draw, save, N_("Take it off"), {}, _theirs(start, {}))


def _agenda_with(session: Session, ctx: PageContext, session_id: int, point: int | None = None) -> list[AgendaLine]:
    """The agenda, this point in it. Raises NotFound for a point that a colleague has taken off meanwhile."""
    rows = session_file(session, ctx.viewer, session_id, as_of=ctx.as_of).agenda
    if point is not None and point not in {row.point for row in rows}:
        raise NotFound(words("This point is not on the agenda any more."))
    return [AgendaLine(row.kind, row.title, row.note, row.case_code, row.task_code, row.point) for row in rows]


# --- attendance ------------------------------------------------------------------------------------------------------


def attendance_act(session_id: int) -> Act:
    """Everybody who was expected, in one form: one function per line, then who was absent or represented."""

    def start(ctx: PageContext) -> dict[str, Any]:
        with read_session() as session:
            file = session_file(session, ctx.viewer, session_id, as_of=ctx.as_of)
            rows = file.attendance or usual_attendance(session, ctx.viewer, session_id)
        fresh = not file.attendance
        return {
            "version": file.version, "functions": "\n".join(row.function for row in rows),
            "absent": [] if fresh else _who(rows, Presence.ABSENT),
            "represented": [] if fresh else _who(rows, Presence.REPRESENTED),
        }  # fmt: skip

    def draw(ctx: PageContext, form: Form) -> None:
        t = ctx.t
        st.caption(t("One function on each line. People are named by their function only."))
        long_text(ctx, form, "functions", t("Who was expected"), needed=True)
        listed = {name: name for name in _functions(form)}
        several(ctx, form, "represented", t("Represented by a deputy"), listed)
        several(ctx, form, "absent", t("Absent"), listed)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        known = {row.function: row for row in session_file(session, ctx.viewer, session_id, as_of=ctx.as_of).attendance}
        absent, stood_in = form.values.get("absent") or [], form.values.get("represented") or []
        lines = [
            AttendanceLine(
                name,
                Presence.ABSENT if name in absent else Presence.REPRESENTED if name in stood_in else Presence.PRESENT,
                known[name].agency_code if name in known else "",
                known[name].note if name in known else "",
            )
            for name in _functions(form)
        ]
        sessions.write_attendance(session, ctx.viewer, session_id, version_of(form), lines, now=now)
        return ctx.t("The attendance is recorded.")

    labels = {"functions": N_("Who was expected"), "represented": N_("Represented by a deputy"), "absent": N_("Absent")}
    return Act(N_("Attendance"), start, draw, save, labels=labels, theirs=_theirs(start, labels))


def _who(rows: tuple[AttendanceRow, ...], presence: Presence) -> list[str]:
    return [row.function for row in rows if row.presence is presence]


def _functions(form: Form) -> list[str]:
    lines = (" ".join(line.split()) for line in Reading(form).lines("functions").splitlines())
    return list(dict.fromkeys(line for line in lines if line))


# --- conclusions -----------------------------------------------------------------------------------------------------


def line_act(session_id: int, item_no: int | None) -> Act:
    """A new line of the conclusions, or another wording of one."""

    def start(ctx: PageContext) -> dict[str, Any]:
        file = _file(ctx, session_id)
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
        row = next((row for row in _file(ctx, session_id).conclusions if row.item_no == item_no), None)
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
    return _act(title, start, draw, save, LINE, shown_of_task)


def paste_act(session_id: int) -> Act:
    """All lines of a notice at once, pasted from a document: one paragraph is one line."""

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": _file(ctx, session_id).version}

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
    return Act(N_("Paste the conclusions"), start, draw, save, labels=labels, theirs=_theirs(start, labels))


def remove_line_act(session_id: int, item_no: int) -> Act:
    """The line was recorded by mistake."""

    def start(ctx: PageContext) -> dict[str, Any]:
        return {"version": _file(ctx, session_id).version}

    def draw(ctx: PageContext, form: Form) -> None:
        row = next((row for row in _file(ctx, session_id).conclusions if row.item_no == item_no), None)
        if row:
            st.text(row.text)
        text(ctx, form, "reason", ctx.t("Reason of the retraction"), needed=True)

    def save(ctx: PageContext, session: Session, form: Form, now: datetime) -> str:
        lines = [line for line in _lines_with(session, ctx, session_id, item_no) if line.item_no != item_no]
        why = Reading(form).text("reason")
        conclusions.write_conclusions(session, ctx.viewer, session_id, version_of(form), lines, reason=why, now=now)
        return ctx.t("Line {n} is retracted; it stays in the history.", n=item_no)

    labels = {"reason": N_("Reason of the retraction")}
    return Act(N_("Retract the line"), start, draw, save, N_("Retract"), labels, _theirs(start, labels))


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


# --- what they share -------------------------------------------------------------------------------------------------


def _file(ctx: PageContext, session_id: int) -> SessionFile:
    with read_session() as session:
        return session_file(session, ctx.viewer, session_id, as_of=ctx.as_of)


Shown = Callable[[PageContext, str, Any], str]


def _act(
    title: str,
    start: Callable[[PageContext], dict[str, Any]],
    draw: Callable[[PageContext, Form], None],
    save: Callable[[PageContext, Session, Form, datetime], str],
    labels: dict[str, str],
    shown: Shown,
) -> Act:
    return Act(title, start, draw, save, labels=labels, theirs=_theirs(start, labels, shown), shown=shown)


def _theirs(start: Callable[[PageContext], dict[str, Any]], labels: dict[str, str], shown: Shown = plainly) -> Any:
    """What the form would begin with now, against what it began with."""

    def theirs(ctx: PageContext, form: Form) -> tuple[str, Rows]:
        t, now = ctx.t, start(ctx)
        rows: Rows = [
            (t(label), shown(ctx, name, form.start.get(name)), shown(ctx, name, now.get(name)))
            for name, label in labels.items()
            if (form.start.get(name) or None) != (now.get(name) or None)
        ]
        return t("A colleague changed this session while you had it open. Nothing of yours is saved yet."), rows

    return theirs


def _shown_session(ctx: PageContext, name: str, value: Any) -> str:
    if name == "kind" and value:
        return ctx.t.label(SessionKind(value))
    if name == "is_held" and value:
        return ctx.t("Held") if value == YES else ctx.t("Planned")
    if name == "is_extraordinary" and value:
        return ctx.t("yes") if value == YES else ctx.t("no")
    return plainly(ctx, name, value)


def _shown_point(ctx: PageContext, name: str, value: Any) -> str:
    return ctx.t.label(AgendaKind(value)) if name == "kind" and value else plainly(ctx, name, value)


def _shown_carried(ctx: PageContext, name: str, value: Any) -> str:
    if name != "proposals":
        return plainly(ctx, name, value)
    keys = (key.rpartition("/") for key in value or [])
    return plainly(ctx, name, [f"{code} · {ctx.t.label(SupervisionStep(step))}" for code, _, step in keys])
