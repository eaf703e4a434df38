"""How a file is described: the fields read, a version written, and the event that its day of supervision means."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.changes._agency_names import AgencyNames
from models.changes._fields import WHOLE, Fields
from models.changes._import_facts import FROM_COLUMN
from models.changes._opened import Opened
from models.changes._versions import add, recorded, retract
from models.enums import EventKind, Kind, Precision, Severity
from models.errors import FieldErrors
from models.queries.workbook import DETAIL_FIELDS, agencies
from models.rules.access import Action, may
from models.rules.words import words
from models.tables import Agency, CaseDetail, CaseEvent, Person

LINES = ("title", "title_en", "locality", "sector", "level", "offence_articles", "lead_agency", "supervised_by")
TEXTS = ("source", "notes")
FLAGS = ("is_corruption", "is_waste", "is_negativity")


def read_details(session: Session, fields: Fields, given: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """The columns of CaseDetail that `given` states."""
    read: dict[str, Any] = {}
    for name, value in given.items():
        if name in LINES:
            read[name] = fields.line(name, value, needed=name == "title")
        elif name in TEXTS:
            read[name] = fields.text(name, value)
        elif name in FLAGS:
            read[name] = bool(value)
        elif name == "kind":
            read[name] = fields.one_of(name, value, Kind)
        elif name == "severity":
            read[name] = fields.one_of(name, value, Severity, needed=False)
        elif name == "accused_count":
            read[name] = fields.count(name, value)
        elif name == "supervised_from":
            read[name] = None if value is None else fields.past(name, value, today)
        elif name in ("lead_agency_id", "responsible_id"):
            read[name] = _chosen(session, fields, name, value)
        else:
            raise TypeError(f"{name} is no field of a file.")
    if read.get("lead_agency") and read.get("lead_agency_id") is None:
        read["lead_agency_id"] = AgencyNames(agencies(session), on=today).find(read["lead_agency"])
    elif read.get("lead_agency") == "" and "lead_agency_id" not in read:
        read["lead_agency_id"] = None
    return read


def _chosen(session: Session, fields: Fields, name: str, value: object) -> int | None:
    """The id of an agency or official of the list."""
    table: Any = Agency if name == "lead_agency_id" else Person
    if value is not None and (not isinstance(value, int) or session.get(table, value) is None):
        fields.wrong(name, words("Choose one of the list."))
        return None
    return value


def write_details(file: Opened, values: Mapping[str, Any], *, before: date | None = None, why: str = "") -> CaseDetail:
    """A version of the description; the event of its day of supervision, if that is another than `before`."""
    day = values.get("supervised_from")
    if day != before:
        if not may(file.viewer, Action.DECIDE):
            said = words("The lead of the secretariat decides on supervision: propose it, in the section Supervision.")
            raise FieldErrors({"supervised_from": said})
        supervise(file, day, before, why)
    return add(file.session, CaseDetail(**values, **recorded(file)))


def correct(file: Opened, old: CaseDetail, values: Mapping[str, Any], fields: Fields, *, why: str) -> CaseDetail:
    """The description with `values` in place of `old`. Raises FieldErrors when nothing is different."""
    if all(getattr(old, name) == value for name, value in values.items()):
        fields.wrong(WHOLE, words("Nothing is different: there is nothing to correct."))
    fields.refuse()
    kept = {name: getattr(old, name) for name in DETAIL_FIELDS}
    retract(file, old, why)
    return write_details(file, {**kept, **values}, before=old.supervised_from, why=why)


def current_detail(file: Opened) -> CaseDetail:
    """The version that holds."""
    asked = select(CaseDetail).where(CaseDetail.case_id == file.id, col(CaseDetail.retracted_at).is_(None))
    return file.session.exec(asked.execution_options(populate_existing=True)).one()


def supervise(file: Opened, day: date | None, before: date | None, why: str) -> None:
    """The event that the day of supervision means; the one that stood for the day `before` gives way to it.

    A file may have been supervised before: the events of other terms stay.
    """
    asked = select(CaseEvent).where(
        CaseEvent.case_id == file.id, CaseEvent.kind == EventKind.PLACED_UNDER_SUPERVISION,
        col(CaseEvent.retracted_at).is_(None),
    )  # fmt: skip
    placed = file.session.exec(asked).all()
    for event in placed:
        if event.source == FROM_COLUMN and not event.detail and event.happened_on == before:
            retract(file, event, why)
    if day is None or any(event.happened_on == day for event in placed):
        return
    event = CaseEvent(
        kind=EventKind.PLACED_UNDER_SUPERVISION, happened_on=day, precision=Precision.DAY, source=FROM_COLUMN,
        **recorded(file),
    )  # fmt: skip
    add(file.session, event)
