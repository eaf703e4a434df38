"""Plan coordination requests."""

from dataclasses import fields
from typing import Any

from sqlmodel import Session

from models.changes._agency_names import AgencyNames
from models.changes._import_files import UNKNOWN_AGENCY, UNKNOWN_FILE
from models.changes._import_plan import TAKEN, Plan, Row
from models.changes._request_draft import RequestDraft, problems_of
from models.changes.drafts import Drafts, RequestRowDraft
from models.enums import CoordinationKind
from models.queries.workbook import REQUEST_FIELDS, agencies, codes_taken, current_requests
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import CoordinationRequest

MISSING = words("This must not be blank.")
NEEDED = {"subject": "subject", "sent_on": "sent_on", "from_agency_id": "asks", "to_agency_id": "asked"}
COLUMNS = {"asks": "from_agency_id", "asked": "to_agency_id"}
_BLANK: Row = {
    "case_id": None, "kind": CoordinationKind.INFORMATION, "urgent": False, "document": "", "document_on": None,
    "legal_basis": "", "received_on": None, "due_on": None, "replied_on": None, "partial": False, "reply_document": "",
    "reply_summary": "", "escalated_on": None, "cancelled_on": None,
}  # fmt: skip


def plan_requests(session: Session, viewer: Viewer, plan: Plan, drafts: Drafts) -> None:
    """Every row becomes new, changed or unchanged; what a form refuses is refused here, cell by cell."""
    if not drafts.requests:
        return
    known, names = current_requests(session, viewer), AgencyNames(agencies(session), on=plan.imported_on)
    taken = codes_taken(session, viewer, {draft.code.upper() for draft in drafts.requests})
    for draft in drafts.requests:
        before = known.get(draft.code.upper())
        if draft.code.upper() in taken:
            plan.errors.append(draft.place.finding("code", draft.code, TAKEN))
            continue
        given = _given(draft, plan, names)
        kept = {name: before[name] for name in REQUEST_FIELDS} if before else {"code": draft.code, **_BLANK}
        row = {**kept, **given} if given is not None else None
        if row is None or not _is_sound(draft, plan, row):
            continue
        if before and all(before[name] == value for name, value in row.items()):
            plan.request_tally.unchanged += 1
            continue
        if before:
            plan.retract(CoordinationRequest, before["id"])
            plan.touch(before["case_id"])
            plan.request_tally.changed += 1
        else:
            plan.request_tally.new += 1
        plan.requests.append(row)
        plan.touch(row["case_id"])


def _given(draft: RequestRowDraft, plan: Plan, names: AgencyNames) -> Row | None:
    """The row's fields with ids for names; None, with errors, if something named is unknown."""
    known = len(plan.errors)
    given = dict(draft.given)
    if code := given.pop("case_code", ""):
        given["case_id"] = plan.file(code)
        if given["case_id"] is None and code.upper() not in plan.refused_codes:
            plan.errors.append(draft.place.finding("case_code", code, UNKNOWN_FILE))
    for field, column in COLUMNS.items():
        if name := given.pop(field, ""):
            given[column] = names.find(name)
            if given[column] is None:
                plan.errors.append(draft.place.finding(field, name, UNKNOWN_AGENCY))
    return given if len(plan.errors) == known else None


def _is_sound(draft: RequestRowDraft, plan: Plan, row: Row) -> bool:
    lacking = [field for column, field in NEEDED.items() if not row.get(column)]
    found: list[tuple[str, Any]] = [(field, MISSING) for field in lacking]
    if not lacking:
        own = {each.name: row[each.name] for each in fields(RequestDraft) if each.name in row}
        asks, asked = str(row["from_agency_id"]), str(row["to_agency_id"])
        found += problems_of(RequestDraft(**own, asks=asks, asked=asked), plan.imported_on)
    for field, reason in found:
        plan.errors.append(draft.place.finding(field, str(draft.given.get(field, "")), reason))
    return not found
