"""Files: a new one, a corrected description, an incident that becomes a case; merged, split, transferred."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.enums import Kind, Severity
from models.rules.access import Viewer
from models.rules.entry import EventEntry
from models.tables import Case, CaseDetail


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


def next_code(session: Session, viewer: Viewer, kind: Kind, *, today: date) -> str:
    """The code that the next file of this kind gets in the year of `today`: VA-2026-015, VV-2026-004."""
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError


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

    Raises Forbidden, CaseNotFound, StaleCase (of the incident), FieldErrors.
    """
    raise NotImplementedError


def merge_files(
    session: Session,
    viewer: Viewer,
    code: str,
    into: str,
    *,
    happened_on: date,
    document: str = "",
    body: str = "",
    detail: str = "",
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """File `code` is joined to `into`: the event on both, each naming the other. `revision` is that of `code`.

    Raises Forbidden, CaseNotFound, StaleCase, FieldErrors (`into`, `happened_on`, …).
    """
    raise NotImplementedError


def split_file(
    session: Session,
    viewer: Viewer,
    code: str,
    draft: FileDraft,
    *,
    new_code: str = "",
    happened_on: date,
    document: str = "",
    body: str = "",
    detail: str = "",
    revision: int,
    now: datetime,
    today: date,
) -> Case:
    """A new file split off from `code`: the event on both, each naming the other. Raises as `merge_files`."""
    raise NotImplementedError


def transfer_file(
    session: Session,
    viewer: Viewer,
    code: str,
    *,
    to: str,
    lead_agency: str = "",
    happened_on: date,
    document: str = "",
    body: str = "",
    detail: str = "",
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """Jurisdiction goes to `to`: the code of a file that goes on with it, or an agency's name.

    With a file's code the event stands on both, each naming the other; with an agency the description names it as lead
    from now on. Raises as `merge_files`.
    """
    raise NotImplementedError
