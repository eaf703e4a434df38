"""The annual report's data, asked once: the figures, the rows of the annexes, and what follows from both."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from exports.annual.data import (
    AMOUNTS,
    OUTFLOWS,
    PROCEEDINGS,
    UNITS,
    AnnualReport,
    Balance,
    FileRow,
    MoneyRow,
    TaskLine,
)
from exports.figure import ReportFigure
from exports.paper import Paper
from exports.reasons import why_figures
from models.db import Session
from models.enums import LATE_BUCKETS, Bucket, EventKind, Kind, Quantity, Stage, TaskStatus
from models.queries.figures import Figure
from models.queries.money import money_by_file
from models.queries.period_figures import report_figures
from models.queries.reasons import date_reasons
from models.queries.reports import AnnexFile, annex_files, titles, voluntary_by_file
from models.queries.tasks import TaskRow, task_rows
from models.rules.access import Viewer
from models.rules.words import Words, words

EXPLAINED = (*LATE_BUCKETS, Bucket.DUE_SOON, Bucket.PAUSED, Bucket.CANNOT_TELL)
TOLD = (  # acts that the narrative counts; the rest stand in the files
    EventKind.CASE_INITIATED,
    EventKind.ACCUSED_CHARGED,
    EventKind.INVESTIGATION_EXTENDED,
    EventKind.INVESTIGATION_SUSPENDED,
    EventKind.INVESTIGATION_CONCLUDED,
    EventKind.RETURNED_VKS,
    EventKind.RETURNED_COURT,
    EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION,
    EventKind.PROSECUTION_DECISION,
    EventKind.FIRST_INSTANCE_JUDGMENT,
    EventKind.APPELLATE_JUDGMENT,
    EventKind.JUDGMENT_FINAL,
    EventKind.TERMINATED,
    EventKind.ENFORCEMENT_COMPLETED,
    EventKind.INSPECTION_CONCLUDED,
    EventKind.AUDIT_CONCLUDED,
    EventKind.FILE_TRANSFERRED_TO_POLICE,
    EventKind.PARTY_DISCIPLINE,
    EventKind.ADMIN_DISCIPLINE,
)

Amounts = dict[str, dict[str, int]]  # file code → amount name → dong


def gather(session: Session, viewer: Viewer, paper: Paper) -> AnnualReport:
    """Everything the report says, for the period, day and instant of `paper`."""
    as_of, known_at = paper.as_of, paper.known_at
    asked = report_figures(session, viewer, period=paper.period, as_of=as_of, known_at=known_at, records=True)
    figures = {name: of(figure) for name, figure in asked.items()}
    files = annex_files(session, viewer, as_of=as_of, known_at=known_at)
    amounts = _amounts(session, viewer, as_of, known_at)
    tasks = _tasks(session, viewer, as_of, known_at)
    reasons = date_reasons(session, viewer, _dated(files), as_of=as_of, known_at=known_at)
    for figure in (*why_figures(reasons), *_rates(amounts), *_of_files(files), *_of_money(amounts), *_of_tasks(tasks)):
        figures[figure.id] = figure
    names = titles(session, viewer, known_at=known_at)
    return AnnualReport(
        paper=paper,
        figures=figures,
        cases=tuple(_row(file, paper) for file in files if file.kind is Kind.CASE),
        incidents=tuple(_row(file, paper) for file in files if file.kind is Kind.INCIDENT),
        balances=tuple(_balance(agency, figures) for agency in PROCEEDINGS),
        money=tuple(MoneyRow(code, _title(*names.get(code, ("", "")), paper)) for code in amounts),
        tasks=tuple(_line(task, paper) for task in tasks),
        events=_events(figures),
        reasons=reasons,
        stages=tuple(stage for stage in Stage if figures[f"stage.{stage.value}"].value),
    )


def of(figure: Figure) -> ReportFigure:
    """A figure of figures.py as papers carry it; an amount that no record speaks of is unknown, not zero."""
    unknown = figure.unit == "vnd" and not figure.value and not figure.records
    return ReportFigure(
        figure.id,
        None if unknown else figure.value,
        figure.unit,
        figure.numerator,
        figure.denominator,
        tuple(figure.records),
    )


def _events(figures: Mapping[str, ReportFigure]) -> tuple[EventKind, ...]:
    """What happened in the period, in the order of proceedings."""
    return tuple(kind for kind in TOLD if figures[f"events.{kind.value}"].value)


# --- annexes 1 and 2 -------------------------------------------------------------------------------------------------


def _row(file: AnnexFile, paper: Paper) -> FileRow:
    return FileRow(
        code=file.code,
        title=_title(file.title, file.title_en, paper),
        categories=file.categories,
        articles=file.articles,
        lead_agency=file.lead_agency_en if paper.language == "en" else file.lead_agency,
        source=file.source,
        started_on=file.started_on,
        started_monthly=file.started_monthly,
        stage=file.stage,
        due_on=file.due_on,
        approximate=file.approximate,
        last_event=file.last_event,
        last_event_on=file.last_event_on,
        last_event_monthly=file.last_event_monthly,
        difficulties=file.why[:1] if file.bucket in EXPLAINED else (),
        next_steps=(_next_step(file),),
    )


def _dated(files: Iterable[AnnexFile]) -> list[str]:
    """Codes of the files whose last day is printed: in the list of cases, or in the reason of an incident."""
    return [file.code for file in files if file.due_on and (file.kind is Kind.CASE or file.bucket in EXPLAINED)]


def _next_step(file: AnnexFile) -> Words:
    if file.bucket in LATE_BUCKETS:
        return words("{owner}: settle without delay, report the reason", owner=file.owner)
    if file.bucket is Bucket.DUE_SOON:
        return words("{owner}: settle before the limit", owner=file.owner)
    if file.bucket is Bucket.CANNOT_TELL:
        return words("{owner}: supply the missing data", owner=file.owner)
    return words("{owner}: continue", owner=file.owner)


def _title(title: str, title_en: str, paper: Paper) -> str:
    return title_en if paper.language == "en" and title_en else title


def _of_files(files: Iterable[AnnexFile]) -> Iterator[ReportFigure]:
    """The number of accused of each case, and each line as it is printed."""
    for file in files:
        annex = "pl1" if file.kind is Kind.CASE else "pl2"
        if file.kind is Kind.CASE:
            yield ReportFigure(f"pl1.{file.code}.accused", file.accused_count, "accused", records=(file.code,))
        due = f"~{file.due_on}" if file.approximate else file.due_on
        shown = (
            file.title, file.articles, file.lead_agency, file.source, *file.categories, file.stage, file.bucket, due,
            file.started_on, file.last_event, file.last_event_on,
        )  # fmt: skip
        yield ReportFigure(f"{annex}.{file.code}", None, "row", records=_facts(shown))


def _facts(shown: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(fact) for fact in shown if fact)


# --- annex 3 ---------------------------------------------------------------------------------------------------------


def _balance(agency: str, figures: Mapping[str, ReportFigure]) -> Balance:
    def gap(unit: str) -> int:
        def of(*names: str) -> int:
            return sum(figures[f"pl3.{agency}.{name}.{unit}"].value or 0 for name in names)

        return of("carried", "new") - of(*OUTFLOWS, "remaining")

    return Balance(agency, *(gap(unit) for unit in UNITS))


# --- annex 4 ---------------------------------------------------------------------------------------------------------


def _amounts(session: Session, viewer: Viewer, as_of: date, known_at: datetime) -> Amounts:
    """Per file with any amount of annex 4: the amounts known, the outstanding where something is to be recovered."""
    known = money_by_file(session, viewer, as_of=as_of, known_at=known_at)
    voluntary = voluntary_by_file(session, viewer, as_of=as_of, known_at=known_at)
    found: Amounts = {}
    for code in sorted(known.keys() | voluntary.keys()):
        amounts = {quantity.value: amount for quantity, amount in known.get(code, {}).items()}
        if code in voluntary:
            amounts[Quantity.VOLUNTARY.value] = voluntary[code]
        if (must := amounts.get(Quantity.MUST_RECOVER.value)) is not None:
            amounts["outstanding"] = must - amounts.get(Quantity.RECOVERED.value, 0)
        if amounts.keys() & set(AMOUNTS):
            found[code] = amounts
    return found


def _of_money(amounts: Amounts) -> Iterator[ReportFigure]:
    for code, known in amounts.items():
        for name in AMOUNTS:
            yield ReportFigure(f"pl4.{code}.{name}", known.get(name), "vnd", records=(code,))
        recovered, must = known.get(Quantity.RECOVERED.value, 0), known.get(Quantity.MUST_RECOVER.value, 0)
        yield ReportFigure(f"pl4.{code}.rate", None, "percent", recovered, must, (code,))


def _rates(amounts: Amounts) -> Iterator[ReportFigure]:
    """What secures the damage; the part returned voluntarily."""
    damaged = {code: known for code, known in amounts.items() if Quantity.DAMAGE.value in known}
    secured = sum(known.get(Quantity.SECURED.value, 0) for known in damaged.values())
    damage = sum(known[Quantity.DAMAGE.value] for known in damaged.values())
    yield ReportFigure("rate.secured", None, "percent", secured, damage, tuple(damaged))
    returned = {code: known[Quantity.VOLUNTARY.value] for code, known in amounts.items() if Quantity.VOLUNTARY in known}
    yield ReportFigure("money.voluntary", sum(returned.values()), "vnd", records=tuple(returned))


# --- annex 5 ---------------------------------------------------------------------------------------------------------


def _tasks(session: Session, viewer: Viewer, as_of: date, known_at: datetime) -> list[TaskRow]:
    """Tasks of the annex: all that were not withdrawn, the late ones first."""
    rows, _ = task_rows(session, viewer, as_of=as_of, known_at=known_at)
    return [row for row in rows if row.status is not TaskStatus.CANCELLED]


def _line(task: TaskRow, paper: Paper) -> TaskLine:
    agency = task.agency_en if paper.language == "en" else task.agency_vi
    return TaskLine(task.code, task.content, agency, task.due_on, task.status, task.case_code)


def _of_tasks(tasks: Iterable[TaskRow]) -> Iterator[ReportFigure]:
    for task in tasks:
        late = task.days_late if task.status is TaskStatus.LATE else None
        yield ReportFigure(f"pl5.{task.code}.days_late", late, "days", records=(task.code,))
        shown = (task.content, task.agency_vi, task.case_code, task.due_on, task.status)
        yield ReportFigure(f"pl5.{task.code}", None, "row", records=_facts(shown))
