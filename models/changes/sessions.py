"""Sessions of the committee and meetings of its Standing members: planned, held, concluded; agenda and attendance.

Every change names the version of the session that the form showed; if a colleague was faster it raises StaleSession
and nothing is saved. A session counts as held only once somebody records that it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from models.changes import _session_versions as versions_of
from models.changes._audit import record
from models.changes._task_fields import Fields, file_id, refuse_words_of_secret
from models.enums import AgendaKind, Presence, SessionKind, SessionStatus
from models.errors import Forbidden
from models.queries.sessions import seen_point, unseen_tasks
from models.rules.access import Action, Viewer, may
from models.rules.bounds import FIRST_DAY
from models.rules.words import words
from models.tables import Agency, AgendaItem, Attendance, CommitteeSession, Task
from models.text import clean

LONGEST_AHEAD = timedelta(days=731)
TITLE_LENGTH, NOTE_LENGTH, FUNCTION_LENGTH = 500, 2000, 200
PLACE_LENGTH, NOTICE_LENGTH, CHAIR_LENGTH, TERM_LENGTH, REASON_LENGTH = 200, 200, 120, 20, 500
HIGHEST = 1000  # number of a session


@dataclass(frozen=True)
class SessionGiven:
    """What a form says of a session; `number` None takes the next one of the term; `chair` is a function."""

    kind: SessionKind
    term: str
    on: date | None
    number: int | None = None
    place: str = ""
    subject: str = ""
    chair: str = ""
    is_extraordinary: bool = False
    is_held: bool = False
    notice: str = ""
    notice_on: date | None = None


@dataclass(frozen=True)
class AgendaLine:
    """A point of the agenda. One about a file or a task needs no title: theirs is shown.

    `point`: which of the points it is that stand there already, None for a new one.
    """

    kind: AgendaKind
    title: str = ""
    note: str = ""
    case_code: str = ""
    task_code: str = ""
    point: int | None = None


@dataclass(frozen=True)
class AttendanceLine:
    """The holder of a function in a session; `agency` by code, `note` who stood in or why nobody came."""

    function: str
    presence: Presence = Presence.PRESENT
    agency: str = ""
    note: str = ""


def plan_session(
    session: Session, viewer: Viewer, given: SessionGiven, *, now: datetime, today: date
) -> CommitteeSession:
    """A new session, to be held or held already. Raises Forbidden, FieldErrors."""
    require(viewer)
    versions_of.lock_numbers(session)
    row = _checked(session, given, None, today)
    held = CommitteeSession(**row, recorded_at=now, version=1)
    session.add(held)
    session.flush()
    record(session, viewer, "session_planned", subject_of(held), now=now, after=row)
    return held


def change_session(
    session: Session,
    viewer: Viewer,
    session_id: int,
    version: int,
    given: SessionGiven,
    *,
    reason: str = "",
    now: datetime,
    today: date,
) -> CommitteeSession:
    """Say anew when, where and under whom it is or was held, and with which notice it was concluded.

    What was recorded of a session that is over is changed with a reason. Raises Forbidden, NotFound, StaleSession,
    FieldErrors.
    """
    require(viewer)
    held = versions_of.found(session, session_id)
    versions_of.lock_numbers(session)
    row = _checked(session, given, held, today)
    fields = Fields()
    needed = held.status is not SessionStatus.PLANNED and _contradicts(held, row)
    why = fields.text("reason", reason, REASON_LENGTH, needed=needed)
    if row["status"] is SessionStatus.PLANNED and _has_tasks(session, session_id):
        fields.refuse("is_held", words("Tasks were made of its conclusions: it was held."))
    fields.check()
    before = {name: getattr(held, name) for name in row}
    versions_of.replace(session, viewer, held, version, row, reason=why, now=now)
    after = row | ({"reason": why} if why else {})
    record(session, viewer, "session_changed", subject_of(held), now=now, before=before, after=after)
    return held


def write_agenda(
    session: Session,
    viewer: Viewer,
    session_id: int,
    version: int,
    lines: Sequence[AgendaLine],
    *,
    now: datetime,
) -> CommitteeSession:
    """The agenda in this order. A point that is not open to the viewer stays as it is, as near to its place as can be.

    Raises Forbidden, NotFound, StaleSession, FieldErrors (fields named "title", …).
    """
    require(viewer)
    held = versions_of.found(session, session_id)
    fields = Fields()
    rows = [_agenda_row(session, viewer, fields, line) for line in lines]
    fields.check()
    versions_of.raise_version(session, held, version)
    _name_points(session, session_id, rows)
    for hidden in _hidden_points(session, viewer, session_id):
        rows.insert(hidden.number - 1, {name: getattr(hidden, name) for name in POINT})
    rows = [{**row, "number": number} for number, row in enumerate(rows, start=1)]
    gone, new = versions_of.write_lines(session, viewer, AgendaItem, session_id, rows, now=now)
    after = {"agenda": [line.title or line.task_code or line.case_code for line in lines], "out": gone, "in": new}
    record(session, viewer, "agenda_written", subject_of(held), now=now, after=after)
    return held


def write_attendance(
    session: Session,
    viewer: Viewer,
    session_id: int,
    version: int,
    lines: Sequence[AttendanceLine],
    *,
    now: datetime,
) -> CommitteeSession:
    """Who attended, by function, in this order. Raises Forbidden, NotFound, StaleSession, FieldErrors."""
    require(viewer)
    held = versions_of.found(session, session_id)
    fields = Fields()
    rows = [_attendance_row(session, fields, number, line) for number, line in enumerate(lines, start=1)]
    functions = [row["function"].casefold() for row in rows]
    if twice := next((row["function"] for row in rows if functions.count(row["function"].casefold()) > 1), ""):
        fields.refuse("function", words("{function} stands in the list twice.", function=twice))
    fields.check()
    versions_of.raise_version(session, held, version)
    gone, new = versions_of.write_lines(session, viewer, Attendance, session_id, rows, now=now)
    counts = {state.value: sum(row["presence"] is state for row in rows) for state in Presence}
    record(session, viewer, "attendance_written", subject_of(held), now=now, after={**counts, "out": gone, "in": new})
    return held


def require(viewer: Viewer) -> None:
    """Refuse those who record nothing. Raises Forbidden."""
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("Only the secretariat may record sessions."))


def subject_of(held: CommitteeSession) -> str:
    """The session as the audit chain names it."""
    return f"session:{held.term}/{held.kind}/{held.number}"


# --- what a form says --------------------------------------------------------------------------------------------


def _checked(session: Session, given: SessionGiven, held: CommitteeSession | None, today: date) -> dict[str, Any]:
    fields = Fields()
    term = fields.text("term", given.term, TERM_LENGTH)
    on = fields.day("on", given.on, FIRST_DAY, today if given.is_held else today + LONGEST_AHEAD)
    notice = fields.text("notice", given.notice, NOTICE_LENGTH, needed=False)
    if notice and not given.is_held:
        fields.refuse("notice", words("Only a session that was held has a notice of conclusions."))
    notice_on = fields.day("notice_on", given.notice_on, on, today) if notice and given.notice_on else None
    row = {
        "term": term, "kind": given.kind, "held_on": on, "number": _number(session, fields, given, term, held),
        "place": fields.text("place", given.place, PLACE_LENGTH, needed=False),
        "subject": fields.text("subject", given.subject, TITLE_LENGTH, needed=False),
        "chair": fields.text("chair", given.chair, CHAIR_LENGTH, needed=False),
        "is_extraordinary": given.is_extraordinary, "notice": notice, "notice_on": notice_on,
        "status": _status(given.is_held, notice),
    }  # fmt: skip
    fields.check()
    return row


def _status(is_held: bool, notice: str) -> SessionStatus:
    if not is_held:
        return SessionStatus.PLANNED
    return SessionStatus.CONCLUDED if notice else SessionStatus.HELD


def _number(session: Session, fields: Fields, given: SessionGiven, term: str, held: CommitteeSession | None) -> int:
    number = given.number or (held.number if held else versions_of.next_number(session, term, given.kind))
    if not 1 <= number <= HIGHEST:
        fields.refuse("number", words("The number lies between 1 and {n}.", n=HIGHEST))
    same = select(CommitteeSession.id).where(
        CommitteeSession.term == term, CommitteeSession.kind == given.kind, CommitteeSession.number == number
    )
    taken = session.exec(same).first()
    if taken is not None and taken != (held.id if held else None):
        said = words("{kind} {number} of the term {term} is recorded already.", kind=given.kind, number=str(number),
                     term=term)  # fmt: skip
        fields.refuse("number", said)
    return number


def _contradicts(held: CommitteeSession, row: Mapping[str, Any]) -> bool:
    """Whether something that was said is said otherwise; what was blank may be filled in without a reason."""
    return any(
        getattr(held, name) not in (None, "", value) and name not in ("status", "is_extraordinary")
        for name, value in row.items()
    )


def _has_tasks(session: Session, session_id: int) -> bool:
    asked = select(Task.id).where(Task.session_id == session_id, col(Task.retracted_at).is_(None))
    return session.exec(asked.limit(1)).first() is not None


POINT = ("point", "kind", "task_code", "title", "note", "case_id")  # what is said of a point, beside its place


def _name_points(session: Session, session_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Every new point is named by the number after the last one that this agenda ever had."""
    last = session.exec(select(func.max(AgendaItem.point)).where(AgendaItem.session_id == session_id)).one() or 0
    new = (row for row in rows if row["point"] is None)
    for number, row in enumerate(new, start=last + 1):
        row["point"] = number


def _hidden_points(session: Session, viewer: Viewer, session_id: int) -> list[AgendaItem]:
    """The points that are not open to the viewer, in their order."""
    held = select(AgendaItem).where(AgendaItem.session_id == session_id, col(AgendaItem.retracted_at).is_(None))
    seen = select(AgendaItem.id).where(AgendaItem.session_id == session_id, seen_point(viewer))
    return list(session.exec(held.where(col(AgendaItem.id).not_in(seen)).order_by(col(AgendaItem.number))))


def _agenda_row(session: Session, viewer: Viewer, fields: Fields, line: AgendaLine) -> dict[str, Any]:
    task_code = clean(line.task_code)
    seen = select(Task.id).where(Task.code == task_code, col(Task.code).not_in(unseen_tasks(viewer)))
    if task_code and session.exec(seen).first() is None:
        fields.refuse("task_code", words("No task has the code {code}.", code=task_code))
    needed = not (task_code or clean(line.case_code))
    row = {
        "point": line.point, "kind": line.kind, "task_code": task_code,
        "title": fields.text("title", line.title, TITLE_LENGTH, needed=needed),
        "note": fields.text("note", line.note, NOTE_LENGTH, needed=False),
        "case_id": file_id(session, viewer, fields, line.case_code),
    }  # fmt: skip
    refuse_words_of_secret(session, fields, "agenda_point", row)
    return row


def _attendance_row(session: Session, fields: Fields, number: int, line: AttendanceLine) -> dict[str, Any]:
    agency = session.exec(select(Agency.id).where(Agency.code == line.agency)).first() if line.agency else None
    if line.agency and agency is None:
        fields.refuse("agency", words("No agency has the code {code}.", code=line.agency))
    return {
        "number": number, "function": fields.text("function", line.function, FUNCTION_LENGTH), "agency_id": agency,
        "presence": line.presence, "note": fields.text("note", line.note, TITLE_LENGTH, needed=False),
    }  # fmt: skip
