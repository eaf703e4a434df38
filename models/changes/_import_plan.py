"""What an import would change: filled step by step, shown to people, then written."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from models.base import Base
from models.changes.drafts import Finding, Place
from models.enums import Secrecy
from models.queries.workbook import KnownFile
from models.rules.secrecy import faults
from models.rules.words import Words, words

TAKEN = words("This code cannot be given: choose another one.")  # of what the viewer may not see

Row = dict[str, Any]  # a row to insert; `case_id` is an id, or the code in capitals of a file that is new
FileRef = int | str


@dataclass(frozen=True)
class FieldChange:
    """One field of a file's description that the workbook states differently."""

    field: Words
    before: Any
    after: Any


@dataclass
class CaseChange:
    """What happens to one file: its row of the list is new, changed, unchanged, or not in the workbook (empty)."""

    code: str
    title: str
    state: str = ""
    fields: tuple[FieldChange, ...] = ()
    new_events: int = 0
    new_entries: int = 0


@dataclass
class Tally:
    """How many rows are new, changed and unchanged."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Plan:
    """The rows to retract and to write, the counts, and the findings."""

    imported_on: date
    known: dict[str, KnownFile]
    new_codes: list[str] = field(default_factory=list)
    refused_codes: set[str] = field(default_factory=set)
    details: list[Row] = field(default_factory=list)
    origins: list[tuple[FileRef, FileRef]] = field(default_factory=list)
    accused: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    tasks: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    sessions: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    officials: dict[str, FileRef] = field(default_factory=dict)  # id by name in small letters; the name again if new
    retracted: dict[type[Base], list[int]] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    changes: dict[str, CaseChange] = field(default_factory=dict)
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    cases: Tally = field(default_factory=Tally)
    event_tally: Tally = field(default_factory=Tally)
    entry_tally: Tally = field(default_factory=Tally)
    task_tally: Tally = field(default_factory=Tally)
    request_tally: Tally = field(default_factory=Tally)
    accused_known: set[tuple[FileRef, str]] = field(default_factory=set)
    levels: dict[int, Secrecy] = field(default_factory=dict)  # of the files that have one

    def __post_init__(self) -> None:
        self._new: set[str] = set()

    def add_new(self, code: str) -> None:
        """A file that is not listed yet; its code may be left from an import that was taken back."""
        if code.upper() not in self.known:
            self.new_codes.append(code)
        self._new.add(code.upper())

    def file(self, code: str) -> FileRef | None:
        """The file of this code: its id, its code in capitals if it is new, None if nobody knows it."""
        upper = code.upper()
        known = self.known.get(upper)
        if known and (known.described or upper in self._new):
            return known.id
        return upper if upper in self._new else None

    def change_of(self, code: str) -> CaseChange:
        """What happens to the file of this code, to be added to."""
        upper = code.upper()
        if upper not in self.changes:
            known = self.known.get(upper)
            self.changes[upper] = CaseChange(known.code if known else code, "")
        return self.changes[upper]

    def touch(self, file: FileRef | None) -> None:
        """Something of this file changes."""
        if isinstance(file, int):
            self.touched.add(file)

    def refuse_words(self, place: Place, kind: str, row: Row) -> None:
        """An error for each cell that gives words or content to a file with a level of secrecy."""
        level = self.levels.get(row["case_id"], Secrecy.NONE)
        for name, said in faults(level, kind, row).items():
            given = row.get(name)
            self.errors.append(place.finding(name or "code", "" if given is None else str(given), said))

    def retract(self, table: type[Base], id: int) -> None:
        """The fact with this id is replaced."""
        self.retracted.setdefault(table, []).append(id)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """New, changed and unchanged per kind of fact; tasks and requests only where the workbook has some."""
        found = {
            "cases": vars(self.cases),
            "events": {"new": self.event_tally.new, "unchanged": self.event_tally.unchanged},
            "entries": {"new": self.entry_tally.new, "unchanged": self.entry_tally.unchanged},
        }
        if any(vars(self.task_tally).values()):
            found["tasks"] = vars(self.task_tally)
        if any(vars(self.request_tally).values()):
            found["requests"] = vars(self.request_tally)
        return {kind: dict(tally) for kind, tally in found.items()}

    @property
    def rows_to_write(self) -> int:
        """How many rows will be inserted."""
        facts = (self.details, self.accused, self.events, self.entries, self.tasks, self.requests)
        written = (*facts, self.sessions, self.people)
        return len(self.new_codes) + sum(len(rows) for rows in written)

    @property
    def changes_something(self) -> bool:
        """Whether anything would be written or retracted."""
        return self.rows_to_write > 0 or bool(self.retracted) or bool(self.origins)
