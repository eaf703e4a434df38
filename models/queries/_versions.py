"""The versions of a file's facts, and what lies between two of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import true
from sqlmodel import Session, col, select

from models.base import Base
from models.enums import Precision
from models.queries._visible import sees, sees_document
from models.rules.access import Action, Viewer, may
from models.rules.versions import Change, Deed, FieldChange, Subject
from models.rules.words import Value, Words, words
from models.tables import (
    Account,
    Accused,
    Agency,
    Attachment,
    Case,
    CaseDetail,
    CaseEvent,
    CommitteeSession,
    CoordinationRequest,
    Difficulty,
    MoneyEntry,
    Person,
    SupervisionProposal,
    Task,
)

Versions = Sequence[Any]


class Kept(NamedTuple):
    """How one kind of fact is kept: its fields with their labels, what two versions share, and what it is in words."""

    table: type[Base]
    fields: dict[str, Words]
    key: tuple[str, ...]  # what versions of one fact share when no version names the one it replaces; () for nothing
    told: Callable[[Any], Words]


def _day(day: date, precision: Precision = Precision.DAY) -> Value:
    return day.strftime("%m/%Y") if precision is Precision.MONTH else day


def _event(row: Any) -> Words:
    return words("{event}, {day}", event=row.kind, day=_day(row.happened_on, row.precision))


def _money(row: Any) -> Words:
    return words("{quantity}, {day}", quantity=row.quantity, day=_day(row.happened_on, row.precision))


KEPT: dict[Subject, Kept] = {
    Subject.DETAIL: Kept(
        CaseDetail,
        {
            "kind": words("Kind"), "title": words("Title"), "title_en": words("Title in English"),
            "is_corruption": words("Corruption"), "is_waste": words("Wastefulness"),
            "is_negativity": words("Negative phenomena"), "locality": words("Locality"), "sector": words("Sector"),
            "level": words("Level"), "offence_articles": words("Offences"), "severity": words("Severity"),
            "accused_count": words("Number of accused"), "lead_agency": words("Lead agency"),
            "lead_agency_id": words("Lead agency in the list of agencies"), "supervised_by": words("Supervised by"),
            "supervised_from": words("Supervised from"), "responsible_id": words("Responsible official"),
            "source": words("Source"), "notes": words("Notes"),
        },
        ("case_id",),
        lambda row: words("Description of the file"),
    ),
    Subject.EVENT: Kept(
        CaseEvent,
        {
            "kind": words("Event"), "happened_on": words("Date"), "precision": words("Precision"),
            "detail": words("Detail"), "amount_vnd": words("Amount"), "document": words("Document"),
            "body": words("Issued by"), "length": words("Length"), "accused_id": words("Accused"),
            "source": words("Source"),
        },
        (),
        _event,
    ),
    Subject.ACCUSED: Kept(
        Accused,
        {
            "code": words("Code"), "official_level": words("Level of office"), "status": words("Status"),
            "status_on": words("Status since"), "article": words("Article"), "paragraph": words("Paragraph"),
        },
        ("code",),
        lambda row: words("Accused {code}", code=row.code),
    ),
    Subject.MONEY: Kept(
        MoneyEntry,
        {
            "quantity": words("Quantity"), "kind": words("Kind of entry"), "amount_vnd": words("Amount"),
            "happened_on": words("Date"), "precision": words("Precision"), "asset_kind": words("Asset"),
            "units": words("Units"), "unit": words("Unit"), "document": words("Document"), "source": words("Source"),
        },
        (),
        _money,
    ),
    Subject.TASK: Kept(
        Task,
        {
            "content": words("Content"), "origin": words("Origin"), "session_id": words("Session"),
            "item_no": words("Line of the conclusions"), "lead_agency_id": words("Lead agency"),
            "responsible_id": words("Responsible official"), "assigned_on": words("Assigned on"),
            "due_on": words("Due on"), "claimed_on": words("Reported done on"), "done_on": words("Accepted on"),
            "cancelled_on": words("Withdrawn on"), "progress": words("Progress"), "evidence": words("Evidence"),
        },
        ("code",),
        lambda row: words("Task {code}", code=row.code),
    ),
    Subject.DIFFICULTY: Kept(
        Difficulty,
        {
            "kind": words("Kind"), "text": words("Content"), "raised_on": words("Raised on"),
            "raised_by": words("Raised by"), "addressed_to": words("Addressed to"),
            "addressed_to_id": words("Addressed to, in the list of agencies"), "answer": words("Answer"),
            "settled_on": words("Settled on"),
        },
        (),
        lambda row: words("{kind}, {day}", kind=row.kind, day=row.raised_on),
    ),
    Subject.SUPERVISION: Kept(
        SupervisionProposal,
        {
            "ground": words("Ground"), "reason": words("Reason"), "proposed_on": words("Proposed on"),
            "proposed_by": words("Proposed by"), "document": words("Document of the proposal"),
            "report": words("Result report"), "outcome": words("Decision"), "decided_on": words("Decided on"),
            "session_id": words("Session"), "decision": words("Document of the decision"), "note": words("Note"),
        },
        (),
        lambda row: words("{step}, proposed on {day}", step=row.step, day=row.proposed_on),
    ),
    Subject.DOCUMENT: Kept(
        Attachment,
        {
            "number": words("Number and symbol"), "dated_on": words("Dated"), "title": words("Title of the document"),
            "body": words("Issued by"), "secrecy": words("Secrecy level"),
            "holder": words("Which office keeps the paper"), "file_name": words("Document itself"),
        },
        (),
        lambda row: words("Document {number}", number=row.number or row.title),
    ),
    Subject.REQUEST: Kept(
        CoordinationRequest,
        {
            "document": words("Number and symbol"), "document_on": words("Date of the document"),
            "kind": words("Kind"), "subject": words("Subject"), "from_agency_id": words("Who asks"),
            "to_agency_id": words("Whose answer is awaited"), "case_id": words("File"), "urgent": words("Urgent"),
            "legal_basis": words("Legal basis"), "sent_on": words("Sent on"),
            "received_on": words("Received on"), "due_on": words("Reply asked for by"),
            "replied_on": words("Reply received on"), "partial": words("The reply is partial"),
            "reply_document": words("Document of the reply"), "reply_summary": words("Summary of the reply"),
            "escalated_on": words("Escalated on"), "cancelled_on": words("Withdrawn on"),
        },
        ("code",),
        lambda row: words("Request {code}", code=row.code),
    ),
}  # fmt: skip


def versions(session: Session, viewer: Viewer, case_id: int, subject: Subject) -> Versions:
    """Every version of a file's facts of this kind, retracted ones too, as they were recorded; of the documents those
    that the viewer is cleared for. None for one who is told of present facts only.
    """
    if not may(viewer, Action.READ_COMMITTEE):
        return []
    table: Any = KEPT[subject].table
    cleared = sees_document(viewer) if subject is Subject.DOCUMENT else true()
    return session.exec(
        select(table)
        .join(Case, col(Case.id) == table.case_id)
        .where(table.case_id == case_id, sees(viewer), cleared)
        .order_by(col(table.recorded_at), col(table.id))
    ).all()


def before_each(rows: Versions, kept: Kept) -> dict[int, Any]:
    """The version that each version took the place of, by the id of the later: retracted as the later was recorded."""
    by_id = {row.id: row for row in rows}
    retracted: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        if row.retracted_at is not None and kept.key:
            retracted.setdefault(_place(row, kept, row.retracted_at), []).append(row)
    found: dict[int, Any] = {}
    for row in rows:
        named = by_id.get(getattr(row, "replaces_id", None))
        if named is not None and named.retracted_at == row.recorded_at:
            found[row.id] = named
        elif kept.key and (earlier := retracted.get(_place(row, kept, row.recorded_at))):
            candidates = [each for each in earlier if each.id != row.id and each.recorded_at < row.recorded_at]
            if candidates:
                found[row.id] = candidates[-1]
    return found


def _place(row: Any, kept: Kept, at: datetime) -> tuple[Any, ...]:
    return (*(getattr(row, name) for name in kept.key), at)


def names_of_accounts(session: Session) -> dict[int | None, str]:
    """By account, the name that people know its holder by."""
    return dict(iter(session.exec(select(Account.id, Person.display_name).join(Person))))


class Teller:
    """Makes changes of versions; knows the names behind their ids."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._names: dict[tuple[Any, int], str] = {}
        self._people: dict[int | None, str] | None = None

    def changes(self, rows: Versions, subject: Subject) -> Iterator[Change]:
        """What lies between the versions: a record, a replacement, a retraction each."""
        kept = KEPT[subject]
        earlier = before_each(rows, kept)
        replaced = {row.id for row in earlier.values()}
        for row in rows:
            before = earlier.get(row.id)
            deed = Deed.RECORDED if before is None else Deed.REPLACED
            why = _said(before.retract_reason) if before is not None else None
            who = self._name(Account, row.recorded_by)
            fields = tuple(self._fields(kept, before, row))
            name = self._person(row.recorded_by)
            yield Change(row.recorded_at, who, subject, deed, row.id, kept.told(row), fields, why, name)
            if row.retracted_at is not None and row.id not in replaced:
                who, fields = self._name(Account, row.retracted_by), tuple(self._fields(kept, row, None))
                why = _said(row.retract_reason)
                name = self._person(row.retracted_by)
                yield Change(row.retracted_at, who, subject, Deed.RETRACTED, row.id, kept.told(row), fields, why, name)

    def _fields(self, kept: Kept, before: Any, after: Any) -> Iterator[FieldChange]:
        for name, label in kept.fields.items():
            was, is_ = self._value(name, before), self._value(name, after)
            if was != is_:
                yield FieldChange(name, label, was, is_)

    def _value(self, name: str, row: Any) -> Value:
        value = None if row is None else getattr(row, name)
        if value in (None, "") or value is False:
            return None
        if name == "happened_on":
            return _day(value, row.precision)
        if name in _NAMED:
            return self._name(_NAMED[name], value)
        return value  # type: ignore[no-any-return]

    def _person(self, account: int | None) -> str:
        if account is not None and self._people is None:
            self._people = names_of_accounts(self._session)
        return (self._people or {}).get(account, "")

    def _name(self, table: Any, id_: int | None) -> str:
        if id_ is None:
            return ""
        if (table, id_) not in self._names:
            row: Any = self._session.get(table, id_)
            self._names[table, id_] = "" if row is None else _NAMES[table](row)
        return self._names[table, id_]


_NAMED: dict[str, Any] = {
    "lead_agency_id": Agency, "addressed_to_id": Agency, "responsible_id": Person, "accused_id": Accused,
    "session_id": CommitteeSession, "from_agency_id": Agency, "to_agency_id": Agency, "case_id": Case,
}  # fmt: skip
_NAMES: dict[Any, Callable[[Any], str]] = {
    Account: lambda row: row.login,
    Agency: lambda row: row.name_vi,
    Person: lambda row: row.display_name,
    Accused: lambda row: row.code,
    Case: lambda row: row.code,
    CommitteeSession: lambda row: f"{row.number} ({row.term})",
}
_IMPORTED = "Replaced by import "


def _said(reason: str) -> Words | None:
    """A reason as it was written; that of an import in words that can be translated."""
    if not reason:
        return None
    if reason.startswith(_IMPORTED):
        return words("Replaced by import {number}", number=reason.removeprefix(_IMPORTED))
    return Words(reason.replace("{", "{{").replace("}", "}}"))


def instants(every: Iterable[Versions]) -> list[datetime]:
    """When the facts changed, latest first: one instant for one change."""
    found = {at for rows in every for row in rows for at in (row.recorded_at, row.retracted_at) if at is not None}
    return sorted(found, reverse=True)
