"""The annual report on paper: outline I to V with the four pillars, then the annexes. No arithmetic, no queries."""

from collections.abc import Callable

from docx.document import Document

from exports import charts, paper, word
from exports.annual import annexes
from exports.annual.data import AnnualReport
from exports.figure import Printer
from models.enums import LATE_BUCKETS, Bucket, Stage
from models.text import BILLION, Translator

MONEY_BARS = ("money.damage", "money.must_recover", "money.secured", "money.recovered")


def render(report: AnnualReport, t: Translator) -> tuple[Document, Printer]:
    """The document, and the printer that knows which figures stand in it."""
    show = Printer(report.figures, t)
    made = paper.begin(report.paper, _abstract(report, t), t)
    for part in (_situation, _results, _evaluation, _directions, _proposals):
        part(made, report, show, t)
    paper.end(made, report.paper)
    annexes.render(made, report, show, t)
    return made, show


def _abstract(report: AnnualReport, t: Translator) -> str:
    of = report.paper
    return t(
        "on the work of the Steering Committee for preventing and combating corruption, wastefulness and negative "
        "phenomena of {province}, {period}; directions and key tasks for {next_period}",
        province=paper.province_name(of, t),
        period=t.words(of.period.label()),
        next_period=paper.next_period_name(of, t),
    )


def _say(made: Document, *texts: str) -> None:
    paper.notes(made, texts)


def _nothing(made: Document, t: Translator) -> None:
    _say(made, t("(No figures recorded in the period.)"))


# --- I ---------------------------------------------------------------------------------------------------------------


def _situation(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    word.heading(made, 1, t("I- SITUATION OF CORRUPTION, WASTEFULNESS AND NEGATIVE PHENOMENA"))
    of = report.paper
    if not show.value("files.open") and not show.value("files.new") and not show.value("files.ended"):
        _say(made, t("(No file under monitoring and direction was recorded up to {as_of}.)", as_of=of.as_of))
        return
    _say(
        made,
        t(
            "As of {as_of}, the Steering Committee monitors and directs {open}, of which {cases} and {incidents}, with "
            "{accused}. By nature: corruption {corruption}; wastefulness {waste}; negative phenomena {negativity} (one "
            "file may be counted under several).",
            as_of=of.as_of,
            open=_files(show, t, "files.open"),
            cases=_cases(show, t, "files.open.cases"),
            incidents=_incidents(show, t, "files.open.incidents"),
            accused=_accused(show, t, "accused.open"),
            corruption=_files(show, t, "files.corruption"),
            waste=_files(show, t, "files.waste"),
            negativity=_files(show, t, "files.negativity"),
        ),
        t(
            "In the period from {first} to {last}: {carried} carried over, {new} newly placed under monitoring and "
            "direction, {ended} ended, {remaining} remaining.",
            first=of.period.first,
            last=of.counted_to,
            carried=_files(show, t, "files.carried"),
            new=_files(show, t, "files.new"),
            ended=_files(show, t, "files.ended"),
            remaining=_files(show, t, "files.remaining"),
        ),
        t("(Assessment of fields, causes and new signs: no data recorded in the period.)"),
    )


# --- II --------------------------------------------------------------------------------------------------------------


def _results(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    word.heading(made, 1, t("II- RESULTS OF THE WORK"))
    sections: tuple[tuple[str, Callable[[Document, AnnualReport, Printer, Translator], None]], ...] = (
        (t("1- Leadership and direction; work of the Steering Committee and its Standing members"), _leadership),
        (t("2- Perfecting institutions and prevention (pillar “cannot”)"), _no_records),
        (t("3- Detection and handling (pillar “dare not”)"), _handling),
        (t("4- Asset recovery"), _recovery),
        (t("5- Information and integrity education (pillar “want not”)"), _no_records),
        (t("6- Pay, policies and salary reform (pillar “need not”)"), _no_records),
        (
            t("7- Coordination between agencies; supervision by elected bodies, the Front, the press and the people"),
            _no_records,
        ),
        (t("8- Cases and incidents under monitoring and direction"), _files_section),
    )  # fmt: skip
    for title, part in sections:
        word.heading(made, 2, title)
        part(made, report, show, t)


def _no_records(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    _nothing(made, t)


def _leadership(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    if show.value("sessions.committee") or show.value("sessions.standing"):
        _say(
            made,
            t(
                "In the period, the Steering Committee held {sessions} and its Standing members {meetings}.",
                sessions=_sessions(show, t, "sessions.committee"),
                meetings=_meetings(show, t, "sessions.standing"),
            ),
        )
    else:
        _say(made, t("(No session of the Steering Committee or of its Standing members was recorded in the period.)"))
    if not show.value("tasks.assigned"):
        _say(made, t("(No task assigned by the Steering Committee was recorded.)"))
        return
    _say(
        made,
        t(
            "The Steering Committee assigned {assigned} in the period, and {done} were completed. Counted up to "
            "{as_of}, of "
            "{all} assigned: {all_done} completed, {claimed} reported done and awaiting the verdict, {open} in "
            "progress, {late} "
            "past the date set (Annex 5).",
            as_of=report.paper.as_of,
            assigned=_tasks(show, t, "tasks.assigned.period"),
            done=_tasks(show, t, "tasks.done.period"),
            all=_tasks(show, t, "tasks.assigned"),
            all_done=_tasks(show, t, "tasks.done"),
            claimed=_tasks(show, t, "tasks.claimed"),
            open=_tasks(show, t, "tasks.open"),
            late=_tasks(show, t, "tasks.late"),
        ),
    )


def _handling(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    if report.events:
        listed = "; ".join(f"{_lower(t.label(kind))}: {show(f'events.{kind.value}')}" for kind in report.events)
        _say(
            made,
            t(
                "Acts recorded in the period on files under monitoring and direction, by number of files: {list}.",
                list=listed,
            ),
        )
    else:
        _say(made, t("(No act of the proceedings was recorded in the period.)"))
    if show.value("pl3.all.total.cases"):
        _say(
            made,
            t(
                "In all, {carried} carried over and {new} new make {total}; {done} concluded, {terminated} terminated, "
                "{remaining} remaining; by agency see Annex 3.",
                carried=_files_accused(show, t, "carried"),
                new=_files_accused(show, t, "new"),
                total=_files_accused(show, t, "total"),
                done=_files_accused(show, t, "done"),
                terminated=_files_accused(show, t, "terminated"),
                remaining=_files_accused(show, t, "remaining"),
            ),
        )
    if report.stages:
        _stage_chart(made, report, show, t)


def _stage_chart(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    names = tuple(t.label(stage) for stage in report.stages)
    values = tuple(show.value(_stage_id(stage)) for stage in report.stages)
    for stage in report.stages:
        show.keep(_stage_id(stage))
    title = t("Chart 1. Open files by stage on {as_of} (files)", as_of=report.paper.as_of)
    said = "; ".join(f"{name}: {t.number(value)}" for name, value in zip(names, values, strict=True))
    height = 14 + 7 * len(names)
    charts.chart(
        made,
        charts.BarChart(title, t("Open files"), names, values, f"{title}. {said}.", height=height, language=t.language),
    )


def _recovery(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    if not report.money:
        _say(
            made, t("(No amount of damage, recovery or security was recorded up to {as_of}.)", as_of=report.paper.as_of)
        )
        return
    of = report.paper
    _say(
        made,
        t(
            "Counted up to {as_of} on the files under monitoring and direction, ended ones included: damage "
            "{damage}, of which appropriated "
            "{appropriated}; to be recovered {must}, of which eligible for enforcement {eligible}; recovered "
            "{recovered}; "
            "outstanding {outstanding}.",
            as_of=of.as_of,
            damage=show("money.damage", "prose"),
            appropriated=show("money.appropriated", "prose"),
            must=show("money.must_recover", "prose"),
            eligible=show("money.eligible", "prose"),
            recovered=_recovered(show, t),
            outstanding=show("money.outstanding", "prose"),
        ),
        t(
            "Recovered in the period from {first} to {last}: {amount}.",
            first=of.period.first,
            last=of.counted_to,
            amount=show("money.recovered.period", "prose"),
        ),
        t(
            "Seized, frozen or attached, and not counted as recovered: {secured}; in the files with recorded damage "
            "{rate} of it.",
            secured=show("money.secured", "prose"),
            rate=show("rate.secured", "prose"),
        ),
        t(
            "Rates, cumulative up to {as_of}: recovered to the amount to be recovered {strict}; recovered to the "
            "amount "
            "eligible for enforcement {official} (Annex 4).",
            as_of=of.as_of,
            strict=_rate(show, t, "rate.strict", "must_recover"),
            official=_rate(show, t, "rate.official", "eligible"),
        ),
    )
    _money_chart(made, report, show, t)


def _recovered(show: Printer, t: Translator) -> str:
    """What was recovered in all, and the part of it that the outstanding amount and the rate are reckoned with."""
    if not show.value("money.must_recover"):
        return show("money.recovered", "prose")
    return t(
        "{recovered} (of which {part} in the files with an amount to be recovered)",
        recovered=show("money.recovered", "prose"),
        part=show("money.recovered.against_must_recover", "prose"),
    )


def _rate(show: Printer, t: Translator, rate: str, base: str) -> str:
    """A rate with what it divides."""
    if not show.value(f"money.{base}"):
        return show(rate, "prose")
    return t(
        "{rate} ({part} of {base})",
        rate=show(rate, "prose"),
        part=show(f"money.recovered.against_{base}", "prose"),
        base=show(f"money.{base}", "prose"),
    )


def _money_chart(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    names = (t("Damage"), t("To be recovered"), t("Seized, frozen or attached"), t("Recovered"))
    amounts = [show.value(figure) for figure in MONEY_BARS]
    title = t(
        "Chart 2. Damage, to be recovered, secured, recovered in all files, on {as_of} (billion đồng)",
        as_of=report.paper.as_of,
    )
    said = "; ".join(f"{name}: {t.money(amount)}" for name, amount in zip(names, amounts, strict=True))
    values = tuple(amount / BILLION for amount in amounts)
    charts.chart(
        made,
        charts.BarChart(
            title,
            t("Billion đồng"),
            names,
            values,
            f"{title}. {said}.",
            horizontal=False,
            decimals=1,
            colour="1F4E79",
            language=t.language,
        ),
    )


def _files_section(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    if not show.value("files.open"):
        _nothing(made, t)
        return
    late = "; ".join(f"{_lower(t.label(bucket))}: {show(_bucket_id(bucket))}" for bucket in LATE_BUCKETS)
    rest = (Bucket.ON_TIME, Bucket.DUE_SOON, Bucket.PAUSED, Bucket.NO_LIMIT, Bucket.CANNOT_TELL)
    others = "; ".join(f"{_lower(t.label(bucket))}: {show(_bucket_id(bucket))}" for bucket in rest)
    _say(
        made,
        t(
            "Against the statutory limits, of {open}: {late} past a limit ({bands}). The others: {others}.",
            open=_files(show, t, "files.open"),
            late=_files(show, t, "files.late"),
            bands=late,
            others=others,
        ),
        t("Without news for a long time: {n}.", n=_files(show, t, "files.no_news"))
        if show.value("files.no_news")
        else "",
        t("The lists stand in Annex 1 (cases) and Annex 2 (incidents)."),
    )


# --- III, IV, V ------------------------------------------------------------------------------------------------------


def _evaluation(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    word.heading(made, 1, t("III- GENERAL ASSESSMENT"))
    word.heading(made, 2, t("1- Strengths"))
    _nothing(made, t)
    word.heading(made, 2, t("2- Limits, difficulties and obstacles"))
    if show.value("files.late") or show.value("tasks.late"):
        _say(
            made,
            t(
                "Past a statutory limit: {files}; past the date set by the Steering Committee: {tasks}. The reasons "
                "recorded for each file stand in Annexes 1 and 2.",
                files=_files(show, t, "files.late"),
                tasks=_tasks(show, t, "tasks.late"),
            ),
        )
    else:
        _nothing(made, t)
    word.heading(made, 2, t("3- Causes"))
    _nothing(made, t)


def _directions(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    name = paper.next_period_name(report.paper, t).upper()
    word.heading(made, 1, t("IV- DIRECTIONS AND KEY TASKS FOR {period}", period=name))
    word.heading(made, 2, t("1- Directions and key tasks"))
    _nothing(made, t)
    word.heading(made, 2, t("2- Plan for each file"))
    if not show.value("files.open"):
        _nothing(made, t)
        return
    _say(
        made,
        t(
            "To urge the competent agencies to settle {late} past a statutory limit and {soon} due soon, and to "
            "complete "
            "{late_tasks} past the date set and {tasks} in progress; what is to follow for each file stands in "
            "Annexes 1 and 2.",
            late=_files(show, t, "files.late"),
            soon=_files(show, t, "bucket.due_soon"),
            late_tasks=_tasks(show, t, "tasks.late"),
            tasks=_tasks(show, t, "tasks.open"),
        ),
    )


def _proposals(made: Document, report: AnnualReport, show: Printer, t: Translator) -> None:
    word.heading(made, 1, t("V- PROPOSALS AND RECOMMENDATIONS"))
    _nothing(made, t)


# --- words around figures --------------------------------------------------------------------------------------------


def _files(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{files} file", "{files} files", show.value(figure), files=show(figure))


def _tasks(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{tasks} task", "{tasks} tasks", show.value(figure), tasks=show(figure))


def _cases(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{cases} criminal case", "{cases} criminal cases", show.value(figure), cases=show(figure))


def _incidents(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{incidents} incident", "{incidents} incidents", show.value(figure), incidents=show(figure))


def _accused(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{accused} accused", "{accused} accused", show.value(figure), accused=show(figure))


def _sessions(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{sessions} session", "{sessions} sessions", show.value(figure), sessions=show(figure))


def _meetings(show: Printer, t: Translator, figure: str) -> str:
    return t.n("{meetings} meeting", "{meetings} meetings", show.value(figure), meetings=show(figure))


def _files_accused(show: Printer, t: Translator, flow: str) -> str:
    files, accused = f"pl3.all.{flow}.cases", f"pl3.all.{flow}.accused"
    return f"{_files(show, t, files)}/{_accused(show, t, accused)}"


def _lower(label: str) -> str:
    return label[:1].lower() + label[1:]


def _stage_id(stage: Stage) -> str:
    return f"stage.{stage.value}"


def _bucket_id(bucket: Bucket) -> str:
    return f"bucket.{bucket.value}"
