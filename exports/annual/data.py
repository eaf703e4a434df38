"""What the annual report says: every figure with its unit, every row of its annexes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from exports.figure import ReportFigure
from exports.paper import Paper
from models.enums import Category, EventKind, Stage, TaskStatus
from models.rules.reasons import DateReason
from models.rules.words import Words

PROCEEDINGS = ("police", "procuracy", "court", "all")  # lines of annex PL3
FLOWS = ("carried", "new", "total", "done", "terminated", "suspended", "remaining")  # its columns
OUTFLOWS = ("done", "terminated", "suspended", "merged")  # ways to leave: total = these + remaining; the form has no
# column for files merged into another one: they stand in the check below the table
UNITS = ("cases", "accused")
AMOUNTS = ("damage", "appropriated", "secured", "voluntary", "must_recover", "eligible", "recovered", "outstanding")


@dataclass(frozen=True)
class FileRow:
    """One supervised file in PL1 (cases) or PL2 (incidents). The number of accused is the figure `pl1.CODE.accused`."""

    code: str
    title: str
    categories: tuple[Category, ...]
    articles: str
    lead_agency: str
    source: str
    started_on: date | None
    started_monthly: bool
    stage: Stage
    due_on: date | None
    approximate: bool
    last_event: EventKind | None
    last_event_on: date | None
    last_event_monthly: bool
    difficulties: tuple[Words, ...]
    next_steps: tuple[Words, ...]


@dataclass(frozen=True)
class Balance:
    """One line of PL3 checked: what of carried + new is in no way of leaving and not remaining, by unit; 0 balances."""

    agency: str
    gap_cases: int
    gap_accused: int


@dataclass(frozen=True)
class MoneyRow:
    """One file in PL4; its amounts are the figures `pl4.CODE.<amount>`."""

    code: str
    title: str


@dataclass(frozen=True)
class TaskLine:
    """One task in PL5. The days late are the figure `pl5.CODE.days_late` (None: not late)."""

    code: str
    content: str
    agency: str
    due_on: date | None
    status: TaskStatus
    case_code: str


@dataclass(frozen=True)
class AnnualReport:
    """The whole report. `events`: acts of the period that `events.<key>` counts; `stages`: those with open files.

    `reasons`: by code of the file, why the dates printed in the annexes are those.
    """

    paper: Paper
    figures: Mapping[str, ReportFigure]
    cases: tuple[FileRow, ...]
    incidents: tuple[FileRow, ...]
    balances: tuple[Balance, ...]
    money: tuple[MoneyRow, ...]
    tasks: tuple[TaskLine, ...]
    events: tuple[EventKind, ...]
    stages: tuple[Stage, ...]
    reasons: Mapping[str, DateReason] = field(default_factory=dict)
