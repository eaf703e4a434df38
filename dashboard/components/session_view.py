"""One session: its head, agenda, attendance and conclusions; each line becomes a task with one click."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

from dashboard.components.acts import Act, act_form
from dashboard.components.address import address
from dashboard.components.agenda_form import carry_over_act, point_act, take_off_act
from dashboard.components.attendance_form import attendance_act
from dashboard.components.conclusions_form import line_act, paste_act, remove_line_act
from dashboard.components.forms.state import close
from dashboard.components.markup import NOTHING, Html, el, join, link, show
from dashboard.components.record.links import may_record
from dashboard.components.rows_table import Cell, rows_table
from dashboard.components.session_form import change_session_act
from dashboard.components.session_tasks import ask_for_tasks
from dashboard.components.task_form import session_name
from dashboard.components.task_list import MARKS, when
from dashboard.context import PageContext
from models.enums import AgendaKind, Presence, SessionStatus
from models.queries.sessions import AgendaRow, AttendanceRow, ConclusionRow, EarlierRow, SessionFile
from models.queries.tasks import TaskRow

STYLE = Path(__file__).with_name("session_view.css")
PRESENCE_MARKS = {Presence.ABSENT: "bad", Presence.PRESENT: "good"}

# what the address names (`do`, and `n` for a line) → the form
ACTS: dict[str, Callable[[int, int | None], Act]] = {
    "change": lambda id, n: change_session_act(id),
    "held": lambda id, n: change_session_act(id, was_held=True),
    "point": point_act,
    "off": lambda id, n: take_off_act(id, n or 0),
    "open": lambda id, n: carry_over_act(id),
    "attendance": lambda id, n: attendance_act(id),
    "line": line_act,
    "paste": lambda id, n: paste_act(id),
    "retract": lambda id, n: remove_line_act(id, n or 0),
}


def session_view(ctx: PageContext, file: SessionFile) -> None:
    """Everything recorded of the session, and the ways to record more."""
    st.html(STYLE)
    _head(ctx, file)
    _agenda(ctx, file)
    _conclusions(ctx, file)
    _attendance(ctx, file)
    _earlier(ctx, file.earlier)


def session_dialog(ctx: PageContext, file: SessionFile) -> None:
    """The form that the address names: a refreshed page opens it again with what was typed."""
    name, line = st.query_params.get("do", ""), st.query_params.get("n", "")
    if name not in ACTS or not may_record(ctx):
        return
    number = int(line) if line.isdecimal() and len(line) < 6 else None
    act = ACTS[name](file.id, number)
    subject = f"session:{file.id}/{number or ''}"
    opened = st.dialog(ctx.t(act.title), width="large", on_dismiss=_close)
    opened(lambda: act_form(ctx, f"session_{name}", subject, act))()


def _open(name: str) -> None:
    _close()
    st.query_params["do"] = name


def _close() -> None:
    close()
    st.query_params.pop("n", None)


def _button(ctx: PageContext, label: str, name: str, icon: str, *, primary: bool = False) -> None:
    kind = "primary" if primary else "secondary"
    st.button(label, type=kind, icon=f":material/{icon}:", key=f"session_{name}", on_click=_open, args=(name,))  # type: ignore[arg-type]


def _ways(ctx: PageContext, file: SessionFile, number: int, *ways: tuple[str, str]) -> Html:
    """Links to the forms of one line."""
    if not may_record(ctx):
        return NOTHING
    links = (link(address(ctx, "/sessions", session=file.id, do=name, n=number), said) for name, said in ways)
    return el("small", join(links, " · "), class_="ways")


# --- head ----------------------------------------------------------------------------------------------------------


def _head(ctx: PageContext, file: SessionFile) -> None:
    t = ctx.t
    notice = file.notice and (
        t("{notice} of {day}", notice=file.notice, day=file.notice_on) if file.notice_on else file.notice
    )
    state = t.label(file.status)
    if file.status is SessionStatus.PLANNED and file.held_on < ctx.today:
        state = t("Planned; the day has passed: was it held? Until then it counts in no figure.")
    lines = (
        (t("Term"), file.term),
        (t("Day"), t.date(file.held_on)),
        (t("State"), state),
        (t("Kind"), t("extraordinary") if file.is_extraordinary else ""),
        (t("Main subject"), file.subject),
        (t("Held at"), file.place),
        (t("Chaired by"), file.chair),
        (t("Notice of conclusions"), notice),
    )
    told = [Html(el("dt", name) + el("dd", value)) for name, value in lines if value]
    show(el("div", el("dl", *told), class_="facts session-facts"))
    if may_record(ctx):
        with st.container(horizontal=True):
            if not file.is_held and file.held_on <= ctx.today:
                _button(ctx, t("The session was held"), "held", "event_available", primary=True)
            _button(ctx, t("Change the session"), "change", "edit")


# --- agenda --------------------------------------------------------------------------------------------------------


def _agenda(ctx: PageContext, file: SessionFile) -> None:
    t = ctx.t
    st.subheader(t("Agenda"), anchor=False)
    if not file.agenda:
        st.caption(t("No agenda is recorded yet."))
    else:
        items = (_point(ctx, file, row) for row in file.agenda)
        show(el("ol", *items, class_="agenda"))
    if may_record(ctx):
        with st.container(horizontal=True):
            if file.status is SessionStatus.PLANNED:
                _button(ctx, t("Add what is still open"), "open", "playlist_add", primary=True)
            _button(ctx, t("New point of the agenda"), "point", "add")


def _point(ctx: PageContext, file: SessionFile, row: AgendaRow) -> Html:
    t = ctx.t
    title = row.case_title_en if ctx.language == "en" and row.case_title_en else row.case_title
    said = row.title or row.task_content or title or t("A file that is not open to you")
    if row.kind is AgendaKind.PROPOSAL and row.title and title:
        said = f"{row.title}: {title}"
    about = []
    if row.case_code:
        about.append(link(address(ctx, "/case", code=row.case_code), row.case_code))
    if row.task_code:
        about.append(link(address(ctx, "/tasks", task=row.task_code), row.task_code))
    ways = _ways(ctx, file, row.point, ("point", t("Change")), ("off", t("Take off")))
    note = el("small", row.note) if row.note else NOTHING
    kind = el("span", t.label(row.kind), class_="tag")
    return el("li", el("div", kind, " ", el("b", said), " ", join(about, " "), note), ways, data_point=row.point)


# --- attendance ----------------------------------------------------------------------------------------------------


def _attendance(ctx: PageContext, file: SessionFile) -> None:
    t = ctx.t
    st.subheader(t("Attendance"), anchor=False)
    if file.attendance:
        counts = {state: sum(row.presence is state for row in file.attendance) for state in Presence}
        st.caption(
            t(
                "{all} expected: {present} present + {represented} represented + {absent} absent",
                all=len(file.attendance),
                present=counts[Presence.PRESENT],
                represented=counts[Presence.REPRESENTED],
                absent=counts[Presence.ABSENT],
            )  # fmt: skip
        )
        rows_table((t("Function"), t("Attendance"), t("Note")), [_person(ctx, row) for row in file.attendance],
                   key="attendance_rows", narrow=True)  # fmt: skip
    else:
        st.caption(t("No attendance is recorded yet."))
    if may_record(ctx):
        _button(ctx, t("Record the attendance"), "attendance", "groups")


def _person(ctx: PageContext, row: AttendanceRow) -> tuple[Cell | str, ...]:
    agency = row.agency_en if ctx.language == "en" else row.agency_vi
    state = Cell(ctx.t.label(row.presence), mark=PRESENCE_MARKS.get(row.presence, ""))
    return Cell(row.function, note=agency), state, row.note or "–"


# --- conclusions ---------------------------------------------------------------------------------------------------


def _conclusions(ctx: PageContext, file: SessionFile) -> None:
    t = ctx.t
    st.subheader(t("Conclusions"), anchor=False)
    if not file.conclusions:
        st.caption(t("No conclusions are recorded yet."))
    for row in file.conclusions:
        _line(ctx, file, row)
    if file.other_tasks:
        said = t.n("{n} more task of this session", "{n} more tasks of this session", file.other_tasks)
        show(el("p", link(address(ctx, "/tasks", session=file.id), said), class_="back"))
    if not may_record(ctx):
        return
    open_lines = [row.item_no for row in file.conclusions if not row.is_task]
    with st.container(horizontal=True):
        if open_lines and file.is_held:
            said = t.n("Make a task of {n} line", "Make tasks of {n} lines", len(open_lines))
            st.button(said, type="primary", icon=":material/add_task:", key=f"all_tasks_{file.version}",
                      on_click=ask_for_tasks, args=(file.id, file.version, None))  # fmt: skip
        _button(ctx, t("New line of the conclusions"), "line", "add")
        _button(ctx, t("Paste the conclusions"), "paste", "content_paste")


def _line(ctx: PageContext, file: SessionFile, row: ConclusionRow) -> None:
    t = ctx.t
    agency = row.agency_en if ctx.language == "en" else row.agency_vi
    due = t("until {day}", day=row.due_on) if row.due_on else ""
    about = [part for part in (agency or t("no agency named"), due) if part]
    file_link = link(address(ctx, "/case", code=row.case_code), row.case_code) if row.case_code else NOTHING
    made = [_task(ctx, task) for task in row.tasks]
    ways = _ways(ctx, file, row.item_no, ("line", t("Correct")), ("retract", t("Retract")))
    body = el(
        "div", el("b", f"{row.item_no}.", class_="no"), el("div", el("p", row.text), el("small", join(about, " · "),
        " ", file_link), *made, ways), class_="conclusion", data_line=row.item_no,
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", key=f"line_{row.item_no}"):
        st.html(str(body), width="stretch")
        if may_record(ctx) and file.is_held and not row.is_task:
            st.button(t("Make it a task"), icon=":material/add_task:", key=f"task_of_{row.item_no}_{file.version}",
                      on_click=ask_for_tasks, args=(file.id, file.version, row.item_no))  # fmt: skip


def _task(ctx: PageContext, row: TaskRow) -> Html:
    state = el("span", ctx.t.label(row.status), class_=MARKS.get(row.status) or None)
    tail = when(ctx, row)
    return el("p", link(address(ctx, "/tasks", task=row.code), row.code), " ", state, f" · {tail}" if tail else "",
              class_="made", data_task=row.code)  # fmt: skip


# --- history -------------------------------------------------------------------------------------------------------


def _earlier(ctx: PageContext, earlier: Sequence[EarlierRow]) -> None:
    t = ctx.t
    if not earlier:
        return
    with st.expander(t("What was recorded before"), icon=":material/history:"):
        headings = (t("Until"), t("Who"), t("Session"), t("Day"), t("State"), t("Main subject"), t("Why"))
        rows = [
            (t.time(row.changed_at), row.who or t("system"), session_name(t, row.kind, row.number, row.term),
             t.date(row.held_on), t.label(row.status), row.subject or "–", row.why or "–")
            for row in earlier
        ]  # fmt: skip
        rows_table(headings, rows, key="session_earlier")
