"""What a form says of a task, checked field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.changes._secrecy import level_of_file
from models.enums import TaskOrigin
from models.errors import FieldErrors
from models.queries._visible import visible_ids
from models.rules.access import Viewer
from models.rules.bounds import FIRST_DAY, LAST_DAY
from models.rules.secrecy import faults
from models.rules.words import Words, words
from models.tables import Agency, Case, CommitteeSession, Person, Task
from models.text import clean

CONTENT_LENGTH = 2000
EVIDENCE_LENGTH = 500
REASON_LENGTH = 500
MISSING = words("This must not be blank.")


@dataclass(frozen=True)
class TaskGiven:
    """What is asked of whom until when. Agencies by code, the file by its code, the responsible official by id."""

    content: str
    assigned_on: date | None
    origin: TaskOrigin = TaskOrigin.OTHER
    lead_agency: str = ""
    cooperating: tuple[str, ...] = ()
    responsible_id: int | None = None
    due_on: date | None = None
    case_code: str = ""
    session_id: int | None = None
    item_no: int | None = None


class Fields:
    """Collects what is wrong, so that a form says everything at once."""

    def __init__(self) -> None:
        self.wrong: dict[str, Words] = {}

    def refuse(self, name: str, reason: Words) -> None:
        """The field cannot stay so; its first fault counts."""
        self.wrong.setdefault(name, reason)

    def text(self, name: str, given: str, longest: int, *, needed: bool = True) -> str:
        """`given` as it may be stored."""
        said = clean(given)
        if needed and not said:
            self.refuse(name, MISSING)
        if len(said) > longest:
            self.refuse(
                name, words("The text has {n} characters; {longest} are possible.", n=len(said), longest=longest)
            )
        return said

    def day(self, name: str, given: date | None, first: date, last: date) -> date:
        """`given` if it lies between these days; else `first`, and the field is wrong."""
        if given is None:
            self.refuse(name, MISSING)
        elif given < first:
            self.refuse(name, words("This day must not lie before {first}.", first=first))
        elif given > last:
            self.refuse(name, words("This day must not lie after {last}.", last=last))
        else:
            return given
        return first

    def check(self) -> None:
        """Raises FieldErrors if anything was wrong."""
        if self.wrong:
            raise FieldErrors(self.wrong)


def reason_of(reason: str, field: str = "reason") -> str:
    """The reason as it may be stored. Raises FieldErrors."""
    fields = Fields()
    said = fields.text(field, reason, REASON_LENGTH)
    fields.check()
    return said


def checked(session: Session, viewer: Viewer, given: TaskGiven, *, today: date) -> tuple[dict[str, Any], set[int]]:
    """Columns of the task and the ids of the cooperating agencies. Raises FieldErrors naming every wrong field."""
    fields = Fields()
    content = fields.text("content", given.content, CONTENT_LENGTH)
    assigned_on = fields.day("assigned_on", given.assigned_on, FIRST_DAY, today)
    due_on = None if given.due_on is None else fields.day("due_on", given.due_on, assigned_on, LAST_DAY)
    lead = _agency(session, fields, "lead_agency", given.lead_agency)
    helpers = {_agency(session, fields, "cooperating", code) for code in given.cooperating} - {lead, None}
    held_id = _session(session, fields, given)
    row = {
        "content": content, "assigned_on": assigned_on, "due_on": due_on, "lead_agency_id": lead,
        "responsible_id": _responsible(session, fields, given.responsible_id),
        "case_id": file_id(session, viewer, fields, given.case_code), "session_id": held_id,
        "item_no": given.item_no if held_id else None,
        "origin": TaskOrigin.CONCLUSION if held_id else given.origin,
    }  # fmt: skip
    fields.check()
    return row, {helper for helper in helpers if helper}


def agency_id(session: Session, code: str, field: str = "lead_agency") -> int:
    """The id of the agency. Raises FieldErrors for none and for an unknown one."""
    fields = Fields()
    found = _agency(session, fields, field, code)
    fields.check()
    assert found is not None
    return found


def file_id(session: Session, viewer: Viewer, fields: Fields, code: str) -> int | None:
    """The id of the file with this code, None for no code; the field `case_code` is wrong if nobody can see it."""
    wanted = clean(code)
    if not wanted:
        return None
    asked = select(Case.id).where(col(Case.code).in_({wanted, wanted.upper()}), col(Case.id).in_(visible_ids(viewer)))
    found = session.exec(asked).first()
    if found is None:
        fields.refuse("case_code", words("No file has the code {code}.", code=wanted))
    return found


def refuse_words_of_secret(session: Session, fields: Fields, kind: str, row: Mapping[str, Any]) -> None:
    """Note what may not be kept of a file with a level of secrecy; `case_code` for the record as a whole."""
    for name, said in faults(level_of_file(session, row["case_id"]), kind, row).items():
        fields.refuse(name or "case_code", said)


def settled(tasks: Iterable[Task]) -> list[str]:
    """The codes of those that are done or cancelled."""
    return [task.code for task in tasks if task.done_on or task.cancelled_on]


def _agency(session: Session, fields: Fields, name: str, code: str) -> int | None:
    if not code:
        fields.refuse(name, words("Choose an agency."))
        return None
    found = session.exec(select(Agency.id).where(Agency.code == code)).first()
    if found is None:
        fields.refuse(name, words("No agency has the code {code}.", code=code))
    return found


def _responsible(session: Session, fields: Fields, id: int | None) -> int | None:
    if id is not None and session.get(Person, id) is None:
        fields.refuse("responsible", words("This official is not recorded any more."))
    return id


def _session(session: Session, fields: Fields, given: TaskGiven) -> int | None:
    if given.session_id is None:
        return None
    held = session.get(CommitteeSession, given.session_id)
    if held is None:
        fields.refuse("session", words("This session is not recorded."))
    return given.session_id
