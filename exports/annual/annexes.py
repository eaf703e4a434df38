"""The annexes of the annual report on pages turned on their side: the tables PL1 to PL5, the reasons in PL6."""

from collections.abc import Iterator, Mapping, Sequence

from docx.document import Document

from exports import reasons, word
from exports.annual.data import (
    AMOUNTS,
    FLOWS,
    OUTFLOWS,
    PROCEEDINGS,
    UNITS,
    AnnualReport,
    Balance,
    FileRow,
    TaskLine,
)
from exports.figure import Printer, unmarked
from exports.reasons import Dates
from exports.word import Column
from models.enums import AgencyKind, Category, TaskStatus
from models.rules.words import Words
from models.text import Translator

AGENCIES = {"police": AgencyKind.POLICE, "procuracy": AgencyKind.PROCURACY, "court": AgencyKind.COURT}


def render(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    """All annexes, each on a page of its own."""
    dates = Dates(report.reasons, t)
    word.landscape(made)
    _cases(made, report, show, dates, t)
    _incidents(made, report, show, dates, t)
    _statistics(made, report, show, t)
    _money(made, report, show, t)
    _tasks(made, report, show, t)
    _reasons(made, report, show, dates, t)


def _title(made: Document, number: int, name: str, note: str, t: Translator) -> None:
    head = word.paragraph(made, t("ANNEX {number}", number=number), "Annex Number")
    head.paragraph_format.page_break_before = number > 1
    word.paragraph(made, name, "Annex Title")
    word.paragraph(made, note, "Annex Note")


def _named(text: str, code: str) -> str:
    return f"{unmarked(text)}\n({code})"


def _none(made: Document, t: Translator) -> None:
    word.paragraph(made, t("(No figures recorded in the period.)"), "Annex Note")


# --- PL1, PL2 --------------------------------------------------------------------------------------------------------


def _cases(made: Document, report: AnnualReport, show: Printer, dates: Dates, t: Translator) -> None:
    _title(made, 1, t("LIST OF CRIMINAL CASES UNDER MONITORING AND DIRECTION"), _list_note(report, t), t)
    if not report.cases:
        _none(made, t)
        return
    columns = (
        Column(t("No."), 11, "Table Centre"),
        Column(t("Name of the case"), 37),
        Column(t("Group"), 14, "Table Centre"),
        Column(t("Articles"), 15, "Table Centre"),
        Column(t("Agency in charge"), 24),
        Column(t("Initiated on"), 20, "Table Centre"),
        Column(t("Accused"), 16, "Table Centre"),
        Column(t("Stage"), 22),
        Column(t("Statutory limit"), 20, "Table Centre"),
        Column(t("Result"), 23),
        Column(t("Difficulties"), 32),
        Column(t("What is to follow"), 23),
    )
    word.rows_table(made, columns, (_case(n, row, show, dates, t) for n, row in enumerate(report.cases, start=1)))


def _case(number: int, row: FileRow, show: Printer, dates: Dates, t: Translator) -> tuple[str, ...]:
    show.keep(f"pl1.{row.code}")
    return (
        str(number),
        _named(row.title, row.code),
        _group(row.categories, t),
        unmarked(t.articles(row.articles)),
        unmarked(row.lead_agency),
        t.date(row.started_on, monthly=row.started_monthly),
        show(f"pl1.{row.code}.accused"),
        t.label(row.stage),
        dates.linked(row.code, _due(row, t)),
        _last(row, t),
        dates.linked(row.code, _sentences(row.difficulties, t)),
        _sentences(row.next_steps, t),
    )


def _incidents(made: Document, report: AnnualReport, show: Printer, dates: Dates, t: Translator) -> None:
    _title(made, 2, t("LIST OF INCIDENTS UNDER MONITORING AND DIRECTION"), _list_note(report, t), t)
    if not report.incidents:
        _none(made, t)
        return
    columns = (
        Column(t("No."), 11, "Table Centre"),
        Column(t("Content"), 56),
        Column(t("Group"), 14, "Table Centre"),
        Column(t("Source"), 30),
        Column(t("Agency in charge"), 32),
        Column(t("Form of handling"), 24),
        Column(t("Date"), 21, "Table Centre"),
        Column(t("Result"), 27),
        Column(t("What is to follow"), 42),
    )
    word.rows_table(
        made, columns, (_incident(n, row, show, dates, t) for n, row in enumerate(report.incidents, start=1))
    )


def _incident(number: int, row: FileRow, show: Printer, dates: Dates, t: Translator) -> tuple[str, ...]:
    show.keep(f"pl2.{row.code}")
    return (
        str(number),
        _named(row.title, row.code),
        _group(row.categories, t),
        unmarked(row.source),
        unmarked(row.lead_agency),
        t.label(row.stage),
        t.date(row.started_on, monthly=row.started_monthly),
        _last(row, t),
        dates.linked(row.code, _sentences((*row.difficulties, *row.next_steps), t)),
    )


def _group(categories: Sequence[Category], t: Translator) -> str:
    short = {Category.CORRUPTION: t("Cor."), Category.WASTE: t("Was."), Category.NEGATIVITY: t("Neg.")}
    return ", ".join(short[category] for category in categories) or "–"


def _legend(t: Translator) -> str:
    return t(
        "Groups: Cor. – corruption; Was. – wastefulness; Neg. – negative phenomena. ~: counted from an inexact date; "
        "{mark}: limit to be confirmed by a lawyer. Each date leads to its reason in Annex 6.",
        mark=reasons.UNPROVED,
    )


def _due(row: FileRow, t: Translator) -> str:
    return f"~ {t.date(row.due_on)}" if row.due_on and row.approximate else t.date(row.due_on)


def _last(row: FileRow, t: Translator) -> str:
    if not row.last_event:
        return "–"
    return f"{t.label(row.last_event)} ({t.date(row.last_event_on, monthly=row.last_event_monthly)})"


def _sentences(sentences: Sequence[Words], t: Translator) -> str:
    return " ".join(unmarked(t.words(sentence)) for sentence in sentences)


def _list_note(report: AnnualReport, t: Translator) -> str:
    return f"{_as_of(report, t)}\n{_legend(t)}"


def _as_of(report: AnnualReport, t: Translator) -> str:
    return t("(Counted up to {as_of})", as_of=report.paper.as_of)


# --- PL3 -------------------------------------------------------------------------------------------------------------


def _statistics(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    period = report.paper.period
    note = t("(Period from {first} to {last})", first=period.first, last=report.paper.counted_to)
    _title(made, 3, t("STATISTICS OF PROSECUTION, INVESTIGATION, INDICTMENT AND TRIAL"), note, t)
    if not any(show.value(f"pl3.all.{flow}.{unit}") for flow in FLOWS for unit in UNITS):
        _none(made, t)
    headings = {
        "carried": t("Carried over"),
        "new": t("New"),
        "total": t("Total"),
        "done": t("Concluded"),
        "terminated": t("Terminated"),
        "suspended": t("Suspended"),
        "remaining": t("Remaining"),
    }
    units = {"cases": t("Cases"), "accused": t("Accused")}
    columns = [Column(t("Agency"), 33)]
    columns += [Column(units[unit], 16, "Table Centre", headings[flow]) for flow in FLOWS for unit in UNITS]
    rows = [
        (_agency(agency, t), *(show(f"pl3.{agency}.{flow}.{unit}") for flow in FLOWS for unit in UNITS))
        for agency in PROCEEDINGS
    ]
    word.rows_table(made, columns, rows, bold_rows=frozenset({len(rows) - 1}), numbered=True)
    word.paragraph(
        made,
        t(
            "Check: carried over + new = concluded + terminated + suspended + merged into another file + remaining. "
            "A file that comes back to an agency is counted there again; “All files” are cases and incidents under "
            "monitoring and direction, where a file merged into another one remains until its supervision is ended."
        ),
        "Annex Text",
    )
    for balance in report.balances:
        word.paragraph(made, _check(balance, show, t), "Annex Text")


def _agency(key: str, t: Translator) -> str:
    return t.label(AGENCIES[key]) if key in AGENCIES else t("All files")


def _check(balance: Balance, show: Printer, t: Translator) -> str:
    return "- " + t(
        "{agency}: cases {cases}; accused {accused}.",
        agency=_agency(balance.agency, t),
        cases=_equation(balance.agency, "cases", balance.gap_cases, show, t),
        accused=_equation(balance.agency, "accused", balance.gap_accused, show, t),
    )


def _equation(agency: str, unit: str, gap: int, show: Printer, t: Translator) -> str:
    def side(flows: Sequence[str]) -> str:
        return " + ".join(show(f"pl3.{agency}.{flow}.{unit}") for flow in flows)

    came, went = side(("carried", "new")), side((*OUTFLOWS, "remaining"))
    if not gap:
        return t("{came} = {went} (balances)", came=came, went=went)
    return t("{came} ≠ {went} (does not balance: gap {gap})", came=came, went=went, gap=gap)


# --- PL4 -------------------------------------------------------------------------------------------------------------


def _money(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    note = t("(Unit: million đồng; cumulative up to {as_of})", as_of=report.paper.as_of)
    _title(made, 4, t("ASSET RECOVERY"), note, t)
    if not report.money:
        _none(made, t)
        return
    headings = {
        "damage": t("Damage"),
        "appropriated": t("Appropriated"),
        "secured": t("Seized, frozen, attached"),
        "voluntary": t("Voluntarily returned"),
        "must_recover": t("To be recovered"),
        "eligible": t("Eligible to enforce"),
        "recovered": t("Recovered"),
        "outstanding": t("Outstanding"),
    }
    columns = [Column(t("No."), 10, "Table Centre"), Column(t("Case, incident"), 47)]
    columns += [Column(headings[amount], 23.5, "Table Number") for amount in AMOUNTS]
    columns.append(Column(t("Rate"), 12, "Table Number"))
    digits = _decimals(report, show)
    rows = [
        (str(number), _named(row.title, row.code), *_amounts(f"pl4.{row.code}", digits, show))
        for number, row in enumerate(report.money, start=1)
    ]
    rows.append(("", t("Total"), *_totals(digits, show)))
    word.rows_table(made, columns, rows, bold_rows=frozenset({len(rows) - 1}), numbered=True)
    for line in _rates(report, show, t):
        word.paragraph(made, line, "Annex Text")


def _decimals(report: AnnualReport, show: Printer) -> dict[str, int]:
    """Per column, the decimals that its amounts and their sum need: numbers below each other have the same."""
    return {
        amount: show.decimals([f"money.{amount}", *(f"pl4.{row.code}.{amount}" for row in report.money)])
        for amount in AMOUNTS
    }


def _amounts(prefix: str, digits: Mapping[str, int], show: Printer) -> tuple[str, ...]:
    written = (show(f"{prefix}.{amount}", "millions", digits[amount]) for amount in AMOUNTS)
    return (*written, show(f"{prefix}.rate"))


def _totals(digits: Mapping[str, int], show: Printer) -> tuple[str, ...]:
    return (*(show(f"money.{amount}", "millions", digits[amount]) for amount in AMOUNTS), show("rate.strict"))


def _rates(report: AnnualReport, show: Printer, t: Translator) -> tuple[str, ...]:
    of = report.paper
    return (
        t(
            "Rate of a file = recovered ÷ to be recovered; files ended are included. A dash: nothing recorded, which "
            "is not zero. Seized, frozen or "
            "attached assets are security and are not part of what is recovered."
        ),
        t(
            "Recovered in the files with an amount to be recovered ÷ to be recovered, cumulative up to {as_of}: "
            "{recovered} ÷ {base} = {rate}.",
            as_of=of.as_of,
            recovered=show("money.recovered.against_must_recover", "exact"),
            base=show("money.must_recover", "exact"),
            rate=show("rate.strict"),
        ),
        *_outstanding(show, t),
        t(
            "Recovered in the files with an eligible amount ÷ eligible for enforcement, cumulative up to {as_of}: "
            "{recovered} ÷ {base} = {rate}.",
            as_of=of.as_of,
            recovered=show("money.recovered.against_eligible", "exact"),
            base=show("money.eligible", "exact"),
            rate=show("rate.official"),
        ),
        t(
            "Recovered in the period from {first} to {last}: {amount}.",
            first=of.period.first,
            last=of.counted_to,
            amount=show("money.recovered.period", "exact"),
        ),
    )


def _outstanding(show: Printer, t: Translator) -> Iterator[str]:
    """Why the totals of the table do not subtract: a file without an amount to be recovered has nothing outstanding."""
    if show.value("money.outstanding"):
        yield t(
            "Recovered in all files {total}, of which {recovered} in the files with an amount to be recovered; "
            "outstanding in the same files: {base} − {recovered} = {outstanding}.",
            total=show("money.recovered", "exact"),
            recovered=show("money.recovered.against_must_recover", "exact"),
            base=show("money.must_recover", "exact"),
            outstanding=show("money.outstanding", "exact"),
        )


# --- PL5 -------------------------------------------------------------------------------------------------------------


def _tasks(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    _title(made, 5, t("TASKS ASSIGNED BY THE STEERING COMMITTEE"), _as_of(report, t), t)
    if not report.tasks:
        _none(made, t)
        return
    word.paragraph(
        made,
        t(
            "Tasks assigned: {assigned} = completed {done} + reported done, awaiting verdict {claimed} + in progress "
            "{open} + late "
            "{late}.",
            assigned=show("tasks.assigned"),
            done=show("tasks.done"),
            claimed=show("tasks.claimed"),
            open=show("tasks.open"),
            late=show("tasks.late"),
        ),
        "Annex Text",
    )
    columns = (
        Column(t("No."), 11, "Table Centre"),
        Column(t("Task"), 106),
        Column(t("Case, incident"), 30, "Table Centre"),
        Column(t("Agency"), 40),
        Column(t("Due on"), 22, "Table Centre"),
        Column(t("State"), 30),
        Column(t("Days late"), 18, "Table Centre"),
    )
    rows = (_task(number, row, show, t) for number, row in enumerate(report.tasks, start=1))
    word.rows_table(made, columns, rows)


def _task(number: int, row: TaskLine, show: Printer, t: Translator) -> tuple[str, ...]:
    show.keep(f"pl5.{row.code}")
    return (
        str(number),
        _named(row.content, row.code),
        row.case_code or "–",
        unmarked(row.agency) or "–",
        t.date(row.due_on),
        t.label(row.status),
        show(f"pl5.{row.code}.days_late") if row.status is TaskStatus.LATE else "–",
    )


# --- PL6 -------------------------------------------------------------------------------------------------------------


def _reasons(made: Document, report: AnnualReport, show: Printer, dates: Dates, t: Translator) -> None:
    if not report.reasons:
        return
    _title(made, 6, reasons.title(t), reasons.note(t), t)
    word.two_columns(made)
    reasons.draw(made, dates, {row.code: row.title for row in (*report.cases, *report.incidents)}, show)
