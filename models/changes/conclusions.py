"""What a session concluded, line by line, and the tasks made of the lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.changes import _session_versions as versions_of
from models.changes._audit import record
from models.changes._task_fields import (
    CONTENT_LENGTH,
    REASON_LENGTH,
    Fields,
    TaskGiven,
    file_id,
    refuse_words_of_secret,
)
from models.changes.sessions import require, subject_of
from models.changes.tasks import new_tasks
from models.enums import SessionStatus, TaskOrigin
from models.errors import FieldErrors
from models.queries._visible import sees_file
from models.rules.access import Viewer
from models.rules.bounds import LAST_DAY
from models.rules.words import Words, words
from models.tables import Agency, Case, CommitteeSession, Conclusion, Task


@dataclass(frozen=True)
class ConclusionLine:
    """One line of the conclusions; `item_no` None makes a new line at the end. Agency and file by code."""

    text: str
    item_no: int | None = None
    lead_agency: str = ""
    due_on: date | None = None
    case_code: str = ""


def write_conclusions(
    session: Session,
    viewer: Viewer,
    session_id: int,
    version: int,
    lines: Sequence[ConclusionLine],
    *,
    reason: str = "",
    now: datetime,
) -> CommitteeSession:
    """The conclusions; a line that is changed or left out is retracted with the reason. Tasks made of a line stay.

    A line about a file that is not open to the viewer stays as it is. Raises Forbidden, NotFound, StaleSession,
    FieldErrors.
    """
    require(viewer)
    held = versions_of.found(session, session_id)
    current = _current(session, viewer, session_id)
    fields = Fields()
    rows = _rows(session, viewer, fields, held, lines, _next_item(session, session_id))
    kept = {row["item_no"]: row for row in rows}
    left_out = [number for number in current if number not in kept]
    if tasks := _live_tasks(session, session_id, left_out):
        fields.refuse("", words("Line {n} is a task already. Cancel the task {code} first.", n=min(tasks),
                                code=tasks[min(tasks)]))  # fmt: skip
    changed = [number for number, line in current.items() if number in kept and _differs(line, kept[number])]
    why = fields.text("reason", reason, REASON_LENGTH, needed=bool(left_out or changed))
    fields.check()
    versions_of.raise_version(session, held, version)
    hidden = [_row_of(line) for line in _current(session, None, session_id).values() if line.item_no not in current]
    gone, new = versions_of.write_lines(
        session, viewer, Conclusion, session_id, [*rows, *hidden], now=now, retract_reason=why
    )
    after = {"lines": len(rows), "out": gone, "in": new} | ({"reason": why} if why else {})
    record(session, viewer, "conclusions_written", subject_of(held), now=now, after=after)
    return held


def turn_into_tasks(
    session: Session,
    viewer: Viewer,
    session_id: int,
    version: int,
    *,
    items: Sequence[int] | None = None,
    now: datetime,
    today: date,
) -> list[Task]:
    """A task of each of these lines, or of every line that is none yet; all or none.

    Raises Forbidden, NotFound, StaleSession, FieldErrors (fields are the numbers of the lines).
    """
    require(viewer)
    held = versions_of.found(session, session_id)
    lines = _current(session, viewer, session_id)
    tasks = _live_tasks(session, session_id, list(lines))
    wanted = [number for number in sorted(lines) if number not in tasks] if items is None else sorted(set(items))
    _check_lines(held, lines, tasks, wanted)
    versions_of.raise_version(session, held, version)
    codes = _codes(session, [lines[number] for number in wanted])
    wrong: dict[str, Words] = {}
    made: list[Task] = []
    for number in wanted:
        try:
            made += new_tasks(session, viewer, [_given(held, lines[number], codes)], now=now, today=today)
        except FieldErrors as refused:
            why = next(iter(refused.fields.values()))
            wrong[str(number)] = words("Line {n}: {why}", n=number, why=why)
    if wrong:
        raise FieldErrors(wrong)
    after = {"tasks": {str(task.item_no): task.code for task in made}}
    record(session, viewer, "tasks_given", subject_of(held), now=now, after=after)
    return made


def _next_item(session: Session, session_id: int) -> int:
    """The number after the last line that this session ever had."""
    numbers = [
        *session.exec(select(Conclusion.item_no).where(Conclusion.session_id == session_id)),
        *session.exec(select(Task.item_no).where(Task.session_id == session_id)),
    ]
    return max((number or 0 for number in numbers), default=0) + 1


def _check_lines(held: CommitteeSession, lines: Mapping[int, Conclusion], tasks: Mapping[int, str],
                 wanted: Sequence[int]) -> None:  # fmt: skip
    if held.status is SessionStatus.PLANNED:
        raise FieldErrors({"": words("Record first that the session was held.")})
    if not wanted:
        raise FieldErrors({"": words("Every line is a task already.")})
    for number in wanted:
        if number not in lines:
            raise FieldErrors({"": words("The conclusions have no line {n}.", n=number)})
        if number in tasks:
            raise FieldErrors({"": words("Line {n} is the task {code} already.", n=number, code=tasks[number])})


def _rows(
    session: Session, viewer: Viewer, fields: Fields, held: CommitteeSession, lines: Sequence[ConclusionLine], free: int
) -> list[dict[str, Any]]:
    rows = []
    for line in lines:
        number, free = (line.item_no, free) if line.item_no else (free, free + 1)
        due = None if line.due_on is None else fields.day("due_on", line.due_on, held.held_on, LAST_DAY)
        agency = session.exec(select(Agency.id).where(Agency.code == line.lead_agency)).first()
        if line.lead_agency and agency is None:
            fields.refuse("lead_agency", words("No agency has the code {code}.", code=line.lead_agency))
        row = {
            "item_no": number,
            "text": fields.text("text", line.text, CONTENT_LENGTH),
            "lead_agency_id": agency,
            "due_on": due,
            "case_id": file_id(session, viewer, fields, line.case_code),
        }
        refuse_words_of_secret(session, fields, "conclusion", row)
        rows.append(row)
    return rows


def _row_of(line: Conclusion) -> dict[str, Any]:
    return {name: getattr(line, name) for name in ("item_no", "text", "lead_agency_id", "due_on", "case_id")}


def _current(session: Session, viewer: Viewer | None, session_id: int) -> dict[int, Conclusion]:
    """The lines by their number: those that are open to the viewer, or all of them."""
    asked = select(Conclusion).where(Conclusion.session_id == session_id, col(Conclusion.retracted_at).is_(None))
    if viewer:
        asked = asked.where(sees_file(viewer, col(Conclusion.case_id)))
    return {line.item_no: line for line in session.exec(asked)}


def _live_tasks(session: Session, session_id: int, items: Sequence[int]) -> dict[int, str]:
    """Line → code of the first task made of it that was not cancelled."""
    asked = select(Task.item_no, Task.code).where(
        Task.session_id == session_id,
        col(Task.item_no).in_(items),
        col(Task.retracted_at).is_(None),
        col(Task.cancelled_on).is_(None),
    )
    found: dict[int, str] = {}
    for number, code in session.exec(asked.order_by(col(Task.code))):
        found.setdefault(number or 0, code)
    return found


def _differs(line: Conclusion, row: Mapping[str, Any]) -> bool:
    return any(getattr(line, name) != value for name, value in row.items())


def _codes(session: Session, rows: Sequence[Conclusion]) -> dict[str, dict[int | None, str]]:
    """Codes of the agencies and files that the lines name, by id."""
    agencies = select(Agency.id, Agency.code).where(col(Agency.id).in_([row.lead_agency_id for row in rows]))
    files = select(Case.id, Case.code).where(col(Case.id).in_([row.case_id for row in rows]))
    return {"agency": dict(iter(session.exec(agencies))), "file": dict(iter(session.exec(files)))}


def _given(held: CommitteeSession, line: Conclusion, codes: Mapping[str, Mapping[int | None, str]]) -> TaskGiven:
    return TaskGiven(
        content=line.text,
        assigned_on=held.held_on,
        origin=TaskOrigin.CONCLUSION,
        lead_agency=codes["agency"].get(line.lead_agency_id, ""),
        due_on=line.due_on,
        case_code=codes["file"].get(line.case_id, ""),
        session_id=held.id,
        item_no=line.item_no,
    )
