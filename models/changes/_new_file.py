"""A new file: how it is described, its code, its first events."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session, col, update

from models.changes._codes import claim, read_code
from models.changes._details import read_details, write_details
from models.changes._fields import Fields, shown
from models.changes._opened import Opened
from models.changes.events import FIELDS, add_event, read_event
from models.enums import Kind, Severity
from models.rules.access import Viewer
from models.rules.entry import EventEntry
from models.tables import Case, CaseDetail, CaseEvent


@dataclass(frozen=True)
class FileDraft:
    """How a file is described, as a form gives it, before it is checked: the fields of CaseDetail.

    `lead_agency_id` None with `lead_agency` given: the agency is found by its name, as in an import.
    """

    title: str
    kind: Kind = Kind.CASE
    title_en: str = ""
    is_corruption: bool = False
    is_waste: bool = False
    is_negativity: bool = False
    locality: str = ""
    sector: str = ""
    level: str = ""
    offence_articles: str = ""
    severity: Severity | None = None
    accused_count: int | None = None
    lead_agency: str = ""
    lead_agency_id: int | None = None
    supervised_by: str = ""
    supervised_from: date | None = None
    responsible_id: int | None = None
    source: str = ""
    notes: str = ""


def begin(
    session: Session,
    viewer: Viewer,
    draft: FileDraft,
    *,
    code: str,
    events: Sequence[EventEntry],
    origin_id: int | None = None,
    now: datetime,
    today: date,
) -> Opened:
    """The rows of a new file, all read before the first is written. Raises FieldErrors."""
    fields = Fields(CaseDetail)
    values = read_details(session, fields, asdict(draft), today=today)
    for number, entry in enumerate(events):
        own = Fields(CaseEvent)
        read_event(own, entry, today=today)
        for name, said in own.errors.items():
            fields.wrong(f"events.{number}.{name}", said)
    if code.strip():
        read_code(fields, code)
    file = claim(session, viewer, fields, draft.kind, code, now=now, year=today.year)
    if origin_id is not None:
        session.connection().execute(update(Case).where(col(Case.id) == file.id).values(origin_id=origin_id))
    for entry in events:
        add_event(file, entry, today=today)
    write_details(file, values)
    return file


def row_of(file: Opened) -> Case:
    """The row of the file as it is now."""
    return file.session.get_one(Case, file.id, populate_existing=True)


def told(draft: FileDraft, events: Sequence[EventEntry]) -> dict[str, object]:
    """The new file for the audit row."""
    said = shown(asdict(draft), FileDraft.__dataclass_fields__)
    return {**said, "events": [shown(asdict(entry), FIELDS) for entry in events]} if events else said
