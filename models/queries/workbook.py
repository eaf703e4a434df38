"""The current facts of files as a workbook states them: what an import compares with and an export writes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, exists, func
from sqlmodel import Session, col, select

from models.base import Base
from models.clock import local
from models.enums import EventKind, SessionStatus
from models.queries._visible import sees, sees_request, sees_task
from models.rules.access import Viewer
from models.tables import (
    Accused,
    Agency,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    CoordinationRequest,
    ImportBatch,
    MoneyEntry,
    Offence,
    Person,
    Task,
    TaskAgency,
)

MONEY_EVENTS = (EventKind.MONEY_RETURNED, EventKind.ASSETS_SEIZED, EventKind.ASSETS_RELEASED)
CHUNK = 1_000  # values of one IN list

Facts = dict[str, Any]  # one row by column

DETAIL_FIELDS = (
    "kind", "title", "title_en", "is_corruption", "is_waste", "is_negativity", "locality", "sector", "level",
    "offence_articles", "severity", "accused_count", "lead_agency", "lead_agency_id", "supervised_by",
    "supervised_from", "responsible_id", "source", "notes",
)  # fmt: skip
EVENT_FIELDS = (
    "case_id", "kind", "happened_on", "precision", "detail", "amount_vnd", "document", "body", "length", "accused_id",
    "source",
)  # fmt: skip
ENTRY_FIELDS = (
    "case_id", "quantity", "kind", "amount_vnd", "happened_on", "precision", "asset_kind", "units", "unit", "document",
    "source",
)  # fmt: skip
TASK_FIELDS = (
    "code", "case_id", "session_id", "item_no", "origin", "content", "lead_agency_id", "responsible_id", "assigned_on",
    "due_on", "claimed_on", "done_on", "cancelled_on", "progress", "evidence",
)  # fmt: skip
REQUEST_FIELDS = (
    "code", "case_id", "subject", "kind", "from_agency_id", "to_agency_id", "urgent", "document", "document_on",
    "legal_basis", "sent_on", "received_on", "due_on", "replied_on", "partial", "reply_document", "reply_summary",
    "escalated_on", "cancelled_on",
)  # fmt: skip
SESSION_FIELDS = ("id", "term", "kind", "number", "held_on", "place", "subject", "notice")
ACCUSED_FIELDS = ("case_id", "code", "official_level", "status", "status_on", "article", "paragraph")


class KnownFile(NamedTuple):
    """A file that has this code. `described`: it is listed; an import that was taken back leaves only the code."""

    id: int
    code: str
    origin_id: int | None
    described: bool


def codes_taken(session: Session, viewer: Viewer, codes: Iterable[str]) -> frozenset[str]:
    """Which of these codes, in capitals, something has that the viewer may not see: they cannot be given again."""
    found: set[str] = set()
    tables: tuple[tuple[Any, Any], ...] = (
        (Case, ~sees(viewer)),
        (Task, and_(~sees_task(viewer), col(Task.retracted_at).is_(None))),
        (CoordinationRequest, and_(~sees_request(viewer), col(CoordinationRequest.retracted_at).is_(None))),
    )
    for table, unseen in tables:
        for part in chunks(codes):
            asked = select(col(table.code)).where(func.upper(col(table.code)).in_(part), unseen)
            found.update(code.upper() for code in session.exec(asked))
    return frozenset(found)


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterator[list[Any]]:
    """`values` in lists of at most `size`."""
    rest = iter(values)
    while part := list(islice(rest, size)):
        yield part


def known_files(session: Session, viewer: Viewer) -> dict[str, KnownFile]:
    """Every file the viewer may see, by its code in capitals: codes are compared without case."""
    listed = exists().where(col(CaseDetail.case_id) == col(Case.id), col(CaseDetail.retracted_at).is_(None))
    asked = select(col(Case.id), col(Case.code), col(Case.origin_id), listed).where(sees(viewer))
    return {row[1].upper(): KnownFile(*row) for row in session.execute(asked.order_by(col(Case.code)))}


def current(session: Session, table: type[Base], fields: Sequence[str], ids: Iterable[int]) -> Iterator[Row[Any]]:
    """Rows (id, *fields) of the facts of these files that are not retracted, in the order of their ids."""
    columns = table.__table__.c  # type: ignore[attr-defined]
    wanted = [columns[name] for name in ("id", *fields)]
    for part in chunks(sorted(ids)):
        asked = select(*wanted).where(columns.case_id.in_(part), columns.retracted_at.is_(None)).order_by(columns.id)
        yield from session.execute(asked)


def current_details(session: Session, ids: Iterable[int]) -> dict[int, Facts]:
    """How these files are described now, by file; each with the version's own `id`."""
    return {
        row.case_id: dict(zip(("id", "case_id", *DETAIL_FIELDS), row, strict=True))
        for row in current(session, CaseDetail, ("case_id", *DETAIL_FIELDS), ids)
    }


def current_events(session: Session, ids: Iterable[int]) -> Iterator[Row[Any]]:
    """The events of these files: rows of id and EVENT_FIELDS."""
    return current(session, CaseEvent, EVENT_FIELDS, ids)


def money_events(session: Session, ids: Iterable[int]) -> Iterator[tuple[int, date]]:
    """File and day of each event that moved a known amount of money."""
    for part in chunks(sorted(ids)):
        asked = select(col(CaseEvent.case_id), col(CaseEvent.happened_on)).where(
            col(CaseEvent.case_id).in_(part),
            col(CaseEvent.retracted_at).is_(None),
            col(CaseEvent.kind).in_(MONEY_EVENTS),
            col(CaseEvent.amount_vnd).is_not(None),
        )
        yield from ((row[0], row[1]) for row in session.execute(asked))


def current_entries(session: Session, ids: Iterable[int]) -> Iterator[Row[Any]]:
    """The money of these files: rows of id and ENTRY_FIELDS."""
    return current(session, MoneyEntry, ENTRY_FIELDS, ids)


def current_accused(session: Session, ids: Iterable[int]) -> Iterator[Row[Any]]:
    """The accused of these files: rows of id and ACCUSED_FIELDS."""
    return current(session, Accused, ACCUSED_FIELDS, ids)


def current_tasks(session: Session, viewer: Viewer) -> dict[str, Facts]:
    """Every task the viewer may see, by code in capitals; with the version's `id`; `cooperating`: ids of agencies."""
    columns = Task.__table__.c  # type: ignore[attr-defined]
    asked = select(*(columns[name] for name in ("id", *TASK_FIELDS))).where(
        columns.retracted_at.is_(None), sees_task(viewer)
    )
    found = {row.code.upper(): dict(row._mapping) for row in session.execute(asked.order_by(columns.code))}
    helpers: dict[int, set[int]] = {}
    for task_id, agency_id in session.execute(select(col(TaskAgency.task_id), col(TaskAgency.agency_id))):
        helpers.setdefault(task_id, set()).add(agency_id)
    for task in found.values():
        task["cooperating"] = frozenset(helpers.get(task["id"], ()))
    return found


def current_requests(session: Session, viewer: Viewer) -> dict[str, Facts]:
    """Every coordination request the viewer may see, by code in capitals; each with the version's `id`."""
    columns = CoordinationRequest.__table__.c  # type: ignore[attr-defined]
    asked = select(*(columns[name] for name in ("id", *REQUEST_FIELDS))).where(
        columns.retracted_at.is_(None), sees_request(viewer)
    )
    return {row.code.upper(): dict(row._mapping) for row in session.execute(asked.order_by(columns.code))}


def committee_sessions(session: Session, *, planned: bool = True) -> list[Facts]:
    """The sessions, by term, kind and number; without the `planned` ones those that a workbook may tell of."""
    columns = CommitteeSession.__table__.c  # type: ignore[attr-defined]
    asked = select(*(columns[name] for name in SESSION_FIELDS)).order_by(columns.term, columns.kind, columns.number)
    if not planned:
        asked = asked.where(columns.status != SessionStatus.PLANNED)
    return [dict(row._mapping) for row in session.execute(asked)]


def agencies(session: Session) -> list[Agency]:
    """Every agency, closed ones too."""
    return list(session.exec(select(Agency).order_by(col(Agency.id))))


def people(session: Session) -> list[Person]:
    """Every official."""
    return list(session.exec(select(Person).order_by(col(Person.id))))


def offence_articles(session: Session) -> frozenset[str]:
    """The article numbers that the offences table knows."""
    return frozenset(session.exec(select(Offence.article).distinct()))


def first_import(session: Session, sha256: str) -> date | None:
    """The province's day on which this very file was first applied and not taken back; None if it never was."""
    asked = select(ImportBatch.applied_at).where(ImportBatch.sha256 == sha256, col(ImportBatch.undone_at).is_(None))
    at = session.exec(asked.order_by("applied_at")).first()
    return local(at).date() if at else None


class AgencyLabels:
    """What to write for an agency, so that it is found again."""

    def __init__(self, every: list[Agency]) -> None:
        names = [agency.name_vi for agency in every]
        self._codes = {agency.id: agency.code for agency in every}
        self._names = {a.id: a.name_vi if names.count(a.name_vi) == 1 else a.code for a in every}

    def code(self, id: int | None) -> str:
        """The agency's code; empty for none."""
        return self._codes.get(id, "")

    def name(self, id: int | None) -> str:
        """The agency's name if no other has it, else its code; empty for none."""
        return self._names.get(id, "")


def agency_labels(session: Session) -> AgencyLabels:
    """What to write for each agency."""
    return AgencyLabels(agencies(session))


class Official(NamedTuple):
    """What to write of an official: never an address."""

    name: str
    function: str
    agency_id: int | None


def officials(session: Session) -> dict[int | None, Official]:
    """Every official, by id."""
    return {p.id: Official(p.display_name, p.function, p.agency_id) for p in people(session)}


NOBODY = Official("", "", None)


def accused_codes(session: Session) -> dict[int, str]:
    """The code of every accused, of replaced rows too: events may point to them."""
    return {row[0]: row[1] for row in session.execute(select(col(Accused.id), col(Accused.code)))}
