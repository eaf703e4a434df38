"""Facts as a workbook states them, checked for form but not yet compared with what is known."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.enums import EntryKind, EventKind, Precision, Quantity
from models.rules.words import Words


@dataclass(frozen=True)
class Finding:
    """Something a reader of the workbook must look at: where it stands, what is written there, and why it is wrong.

    `sheet` is empty and `row` None when the whole file is meant; `index` is the column's number from 0.
    """

    sheet: str
    row: int | None
    column: str
    value: str
    reason: Words
    index: int | None = None


@dataclass(slots=True)
class Place:
    """The row of a sheet that states a fact; `headings` gives each field's heading and column number."""

    sheet: str
    row: int
    headings: dict[str, tuple[str, int]]

    def finding(self, field: str, value: str, reason: Words) -> Finding:
        """A finding about the cell of `field` in this row."""
        column, index = self.headings.get(field, ("", None))
        return Finding(self.sheet, self.row, column, value, reason, index)


@dataclass(slots=True)
class CaseDraft:
    """One row of the list: only what is stated. `given` holds fields of CaseDetail, `amounts` the money columns."""

    place: Place
    code: str
    given: dict[str, Any]
    amounts: dict[Quantity, int] = field(default_factory=dict)
    origin: str = ""  # code of the incident it grew from


@dataclass(slots=True)
class EventDraft:
    """One dated event."""

    place: Place
    code: str
    kind: EventKind
    happened_on: date
    precision: Precision
    detail: str = ""
    amount_vnd: int | None = None
    document: str = ""
    body: str = ""
    length: str = ""
    accused: str = ""
    source: str = ""
    name: str = ""  # the event as people call it, for findings


@dataclass(slots=True)
class EntryDraft:
    """One entry of the recovery ledger; a reading of the list without a date of its own has `happened_on` None."""

    place: Place
    code: str
    quantity: Quantity
    kind: EntryKind
    amount_vnd: int
    happened_on: date | None
    precision: Precision = Precision.DAY
    asset_kind: str = ""
    units: str = ""
    unit: str = ""
    document: str = ""
    source: str = ""


@dataclass(slots=True)
class TaskDraft:
    """One task: only what is stated. Agencies, people, sessions and files are still texts."""

    place: Place
    code: str
    given: dict[str, Any]


@dataclass(slots=True)
class RequestRowDraft:
    """One coordination request: only what is stated. Agencies and the file are still texts."""

    place: Place
    code: str
    given: dict[str, Any]


@dataclass(slots=True)
class SessionDraft:
    """One session of the committee: only what is stated; `key` is term, kind, number."""

    place: Place
    key: tuple[str, Any, int]
    given: dict[str, Any]


@dataclass(slots=True)
class OfficialDraft:
    """One official by function: no account, no address."""

    place: Place
    name: str
    function: str = ""
    agency_code: str = ""


@dataclass(slots=True)
class AccusedDraft:
    """One accused by code: only what is stated."""

    place: Place
    case_code: str
    code: str
    given: dict[str, Any]


@dataclass
class Drafts:
    """Everything one workbook states; `refused_codes` are codes of files whose own row was refused."""

    cases: list[CaseDraft] = field(default_factory=list)
    events: list[EventDraft] = field(default_factory=list)
    entries: list[EntryDraft] = field(default_factory=list)
    tasks: list[TaskDraft] = field(default_factory=list)
    requests: list[RequestRowDraft] = field(default_factory=list)
    officials: list[OfficialDraft] = field(default_factory=list)
    sessions: list[SessionDraft] = field(default_factory=list)
    accused: list[AccusedDraft] = field(default_factory=list)
    refused_codes: set[str] = field(default_factory=set)
    articles: list[tuple[Place, str]] = field(default_factory=list)  # offence article numbers, where they stand
