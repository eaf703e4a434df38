"""Plan tasks and sessions."""

from typing import Any

from sqlmodel import Session

from models.changes._agency_names import AgencyNames
from models.changes._import_files import UNKNOWN_AGENCY, UNKNOWN_FILE
from models.changes._import_people import responsible
from models.changes._import_plan import TAKEN, Plan, Row
from models.changes.drafts import Drafts, SessionDraft, TaskDraft
from models.enums import TaskOrigin
from models.queries.workbook import TASK_FIELDS, agencies, codes_taken, committee_sessions, current_tasks
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import Task

MISSING = words("This must not be blank.")

_BLANK: Row = {
    "case_id": None, "session_id": None, "item_no": None, "lead_agency_id": None, "responsible_id": None,
    "due_on": None, "claimed_on": None, "done_on": None, "cancelled_on": None, "progress": "", "evidence": "",
    "cooperating": frozenset(),
}  # fmt: skip


def plan_sessions(session: Session, plan: Plan, drafts: Drafts) -> None:
    """Sessions that are not there yet; what is recorded of a session stays as it is."""
    if not drafts.sessions:
        return
    known = {(row["term"], row["kind"], row["number"]): row for row in committee_sessions(session)}
    for draft in drafts.sessions:
        before = known.get(draft.key)
        if before is None:
            _plan_new_session(draft, plan)
        elif any(before[name] != value for name, value in draft.given.items()):
            reason = words("This session is recorded already and stays as it is.")
            plan.warnings.append(draft.place.finding("number", str(draft.key[2]), reason))


def _plan_new_session(draft: SessionDraft, plan: Plan) -> None:
    if "held_on" not in draft.given:
        plan.errors.append(draft.place.finding("held_on", "", MISSING))
        return
    term, kind, number = draft.key
    blank = {"place": "", "subject": "", "notice": ""}
    plan.sessions.append({"term": term, "kind": kind, "number": number, **blank, **draft.given})


def plan_tasks(session: Session, viewer: Viewer, plan: Plan, drafts: Drafts) -> None:
    """Every task row becomes new, changed or unchanged."""
    if not drafts.tasks:
        return
    known = current_tasks(session, viewer)
    taken = codes_taken(session, viewer, {draft.code.upper() for draft in drafts.tasks})
    finder = _Finder(session, plan, drafts)
    for draft in drafts.tasks:
        if (given := finder.given(draft)) is None:
            continue
        before = known.get(draft.code.upper())
        if draft.code.upper() in taken:
            plan.errors.append(draft.place.finding("code", draft.code, TAKEN))
        elif before is None:
            _plan_new_task(draft, given, plan)
        elif all(before[name] == value for name, value in given.items()):
            plan.task_tally.unchanged += 1
        else:
            plan.retract(Task, before["id"])
            kept = {name: before[name] for name in (*TASK_FIELDS, "cooperating")}
            plan.touch(before["case_id"])  # the task may go to another file
            _add(plan, draft, {**kept, **given})
            plan.task_tally.changed += 1


def _plan_new_task(draft: TaskDraft, given: Row, plan: Plan) -> None:
    lacking = [name for name in ("content", "assigned_on") if not given.get(name)]
    for name in lacking:
        plan.errors.append(draft.place.finding(name, "", MISSING))
    if not lacking:
        origin = TaskOrigin.CONCLUSION if given.get("session_id") else TaskOrigin.OTHER
        _add(plan, draft, {"code": draft.code, "origin": origin, **_BLANK, **given})
        plan.task_tally.new += 1


def _add(plan: Plan, draft: TaskDraft, row: Row) -> None:
    plan.refuse_words(draft.place, "task", row)
    plan.tasks.append(row)
    plan.touch(row["case_id"])


class _Finder:
    """Finds what a task row names: file, session, agencies, official."""

    def __init__(self, session: Session, plan: Plan, drafts: Drafts) -> None:
        self._plan = plan
        self._names = AgencyNames(agencies(session), on=plan.imported_on)
        self._sessions: dict[Any, Any] = {
            (row["term"], row["kind"], row["number"]): row["id"] for row in committee_sessions(session)
        }
        for planned in plan.sessions:
            key = (planned["term"], planned["kind"], planned["number"])
            self._sessions.setdefault(key, key)  # its id is known only once it is written

    def given(self, draft: TaskDraft) -> Row | None:
        """The row's fields with ids for names; None, with errors, if something named is unknown."""
        before = len(self._plan.errors)
        given = dict(draft.given)
        self._file(draft, given)
        self._session(draft, given)
        self._agencies(draft, given)
        self._official(draft, given)
        return given if len(self._plan.errors) == before else None

    def _refuse(self, draft: TaskDraft, field: str, value: str, reason: Any) -> None:
        self._plan.errors.append(draft.place.finding(field, value, reason))

    def _file(self, draft: TaskDraft, given: Row) -> None:
        if code := given.pop("case_code", ""):
            given["case_id"] = self._plan.file(code)
            if given["case_id"] is None and code.upper() not in self._plan.refused_codes:
                self._refuse(draft, "case_code", code, UNKNOWN_FILE)

    def _session(self, draft: TaskDraft, given: Row) -> None:
        if key := given.pop("session", None):
            given["session_id"] = self._sessions.get(key)
            if given["session_id"] is None:
                reason = words("No such session is recorded. Add a row to the sheet “Phiên họp”.")
                self._refuse(draft, "session_number", str(key[2]), reason)

    def _agencies(self, draft: TaskDraft, given: Row) -> None:
        if name := given.pop("lead_agency", ""):
            given["lead_agency_id"] = self._agency(draft, "lead_agency", name)
        if names := given.pop("cooperating", ""):
            parts = [part.strip() for part in names.split(";") if part.strip()]
            found = {self._agency(draft, "cooperating", part) for part in parts}
            given["cooperating"] = frozenset(id for id in found if id)

    def _agency(self, draft: TaskDraft, field: str, name: str) -> int | None:
        found = self._names.find(name)
        if found is None:
            self._refuse(draft, field, name, UNKNOWN_AGENCY)
        return found

    def _official(self, draft: TaskDraft, given: Row) -> None:
        if (name := given.pop("responsible", "")) and (found := responsible(self._plan, draft.place, name)):
            given["responsible_id"] = found
