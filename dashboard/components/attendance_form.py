"""The form of who attended a session, by function."""

from datetime import datetime
from typing import Any

import streamlit as st

from dashboard.components.acts import Act, several, version_of
from dashboard.components.forms.fields import long_text
from dashboard.components.forms.reading import Reading
from dashboard.components.forms.state import Form
from dashboard.components.session_acts import theirs_of
from dashboard.context import PageContext
from models.changes import sessions
from models.changes.sessions import AttendanceLine
from models.db import Session, read_session
from models.enums import N_, Presence
from models.queries.sessions import (
    AttendanceRow,
    session_file,
    usual_attendance,
)


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
    return Act(N_("Attendance"), start, draw, save, labels=labels, theirs=theirs_of(start, labels))


def _who(rows: tuple[AttendanceRow, ...], presence: Presence) -> list[str]:
    return [row.function for row in rows if row.presence is presence]


def _functions(form: Form) -> list[str]:
    lines = (" ".join(line.split()) for line in Reading(form).lines("functions").splitlines())
    return list(dict.fromkeys(line for line in lines if line))
