"""Files: a new one, a corrected description, an incident that becomes a case; joined, split, transferred."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from models.changes._codes import next_free
from models.changes._details import correct, current_detail, read_details
from models.changes._fields import WHOLE, Fields
from models.changes._new_file import FileDraft, begin, row_of, told
from models.changes._opened import may_record, open_file
from models.changes.joins import merge_files, settle_merger, split_file, transfer_file
from models.enums import Kind
from models.errors import FieldErrors
from models.rules.access import Viewer
from models.rules.entry import EventEntry
from models.rules.words import words
from models.tables import Case, CaseDetail

__all__ = [
    "FileDraft", "become_case", "correct_details", "merge_files", "new_file", "next_code", "settle_merger",
    "split_file", "transfer_file",
]  # fmt: skip


def next_code(session: Session, viewer: Viewer, kind: Kind, *, today: date) -> str:
    """The code that the next file of this kind gets in the year of `today`: VA-2026-015, VV-2026-004."""
    may_record(viewer)
    return next_free(session, kind, today.year)


def new_file(
    session: Session,
    viewer: Viewer,
    draft: FileDraft,
    *,
    code: str = "",
    events: Sequence[EventEntry] = (),
    now: datetime,
    today: date,
) -> Case:
    """A new file with its first events; without a code it gets the next of its kind and year.

    Raises Forbidden, FieldErrors (`code` if another file has it; fields of events as `events.0.happened_on`).
    """
    may_record(viewer)
    file = begin(session, viewer, draft, code=code, events=events, now=now, today=today)
    file.note("file_opened", after=told(draft, events))
    return row_of(file)


def correct_details(
    session: Session,
    viewer: Viewer,
    code: str,
    changes: Mapping[str, object],
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> CaseDetail:
    """A new version of the description; the old one is retracted with the reason. `changes`: fields of FileDraft.

    Raises Forbidden, CaseNotFound, StaleCase, FieldErrors (also `reason`; and "" when nothing is different).
    """
    file = open_file(session, viewer, code, revision=revision, now=now)
    fields = Fields(CaseDetail)
    values = read_details(session, fields, changes, today=today)
    why = fields.reason(reason)
    old = current_detail(file)
    changed = {name: value for name, value in values.items() if getattr(old, name) != value}
    before = {name: getattr(old, name) for name in changed}
    detail = correct(file, old, changed, fields, why=why)
    file.note("details_corrected", before=before, after={**changed, "reason": why})
    return detail


def become_case(
    session: Session,
    viewer: Viewer,
    incident_code: str,
    draft: FileDraft,
    *,
    code: str = "",
    events: Sequence[EventEntry] = (),
    revision: int,
    now: datetime,
    today: date,
) -> Case:
    """The case that an incident turned into; it points to the incident, which keeps its own record.

    Raises Forbidden, CaseNotFound, StaleCase (of the incident), FieldErrors ("" when the file is no incident).
    """
    incident = open_file(session, viewer, incident_code, revision=revision, now=now)
    if current_detail(incident).kind is not Kind.INCIDENT:
        raise FieldErrors({WHOLE: words("File {code} is a case already.", code=incident_code)})
    case = replace(draft, kind=Kind.CASE)
    file = begin(session, viewer, case, code=code, events=events, origin_id=incident.id, now=now, today=today)
    incident.touch()
    file.note("file_opened", after={"origin": incident_code, **told(case, events)})
    return row_of(file)
