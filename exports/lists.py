"""The lists of the screen as workbooks: files, tasks, money; the rows and order of the page, all pages of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from exports.listing import Column, Sheet, list_file
from models.db import Engine, Session
from models.queries.assets import RecoveryRow, recovery_page
from models.queries.cases import CaseFilter, FileRow, case_page
from models.queries.coordination import RequestRow, coordination_page
from models.queries.tasks import TaskRow, task_rows
from models.rules.access import Viewer
from models.rules.clocks import name_of
from models.text import Translator

MONEY = "#,##0"


def files_list(
    viewer: Viewer,
    wanted: CaseFilter,
    *,
    as_of: date,
    sort: str,
    about: Sequence[str],
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
) -> bytes:
    """The open files of the filter on `as_of`, in the order `sort`. Raises Forbidden."""

    def asked(session: Session) -> Sheet:
        found = case_page(session, viewer, wanted, as_of=as_of, sort=sort, size=None)
        said = (t("As of {day}", day=as_of), *about, t.n("{n} file", "{n} files", found.total))
        return Sheet(t("Cases and incidents"), _file_columns(t), _file_rows(t, found.rows), said)

    return list_file(viewer, _name("files", as_of), "files", asked, t=t, now=now, engine=engine)


def _file_columns(t: Translator) -> list[Column]:
    return [
        Column(t("Code"), 14), Column(t("Title"), 44), Column(t("Kind"), 14), Column(t("Category"), 24),
        Column(t("Stage"), 20), Column(t("Round"), 8), Column(t("Whose move"), 20), Column(t("Lead agency"), 26),
        Column(t("Locality"), 20), Column(t("Number of accused"), 10), Column(t("State of the limit"), 20),
        Column(t("Limit of"), 26), Column(t("Last day"), 12), Column(t("Days late (minus: days left)"), 12),
        Column(t("Last news"), 12),
    ]  # fmt: skip


def _file_rows(t: Translator, rows: Iterable[FileRow]) -> Iterator[list[Any]]:
    for row in rows:
        yield [
            row.code, _title(t, row), t.label(row.kind), "; ".join(t.label(each) for each in row.categories),
            t.label(row.stage), row.round, t.label(row.owner), row.lead_agency, row.locality, row.accused_count,
            t.label(row.bucket), t.words(name_of(row.rule)) if row.rule else "", row.due_on, row.days_late,
            row.last_event_on,
        ]  # fmt: skip


def tasks_list(
    viewer: Viewer,
    *,
    as_of: date,
    about: Sequence[str],
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
    **wanted: Any,
) -> bytes:
    """The tasks of the filter (`wanted`: as task_rows takes it) on `as_of`, the late ones first. Raises Forbidden."""

    def asked(session: Session) -> Sheet:
        rows, total = task_rows(session, viewer, as_of=as_of, **wanted)
        said = (t("As of {day}", day=as_of), *about, t.n("{n} task", "{n} tasks", total))
        return Sheet(t("Tasks"), _task_columns(t), (_task_row(t, row) for row in rows), said)

    return list_file(viewer, _name("tasks", as_of), "tasks", asked, t=t, now=now, engine=engine)


def _task_columns(t: Translator) -> list[Column]:
    return [
        Column(t("Code"), 14), Column(t("Task"), 50), Column(t("State"), 18), Column(t("Agency"), 28),
        Column(t("Responsible official"), 22), Column(t("File"), 14), Column(t("Session"), 22), Column(t("Origin"), 22),
        Column(t("Given on"), 12), Column(t("Due on"), 12), Column(t("Reported done on"), 12),
        Column(t("Accepted on"), 12), Column(t("Days late"), 10), Column(t("Progress"), 40), Column(t("Evidence"), 30),
    ]  # fmt: skip


def _task_row(t: Translator, row: TaskRow) -> list[Any]:
    agency = row.agency_en if t.language == "en" else row.agency_vi
    return [
        row.code, row.content, t.label(row.status), agency, row.responsible, row.case_code, row.session,
        t.label(row.origin), row.assigned_on, row.due_on, row.claimed_on, row.done_on, row.days_late, row.progress,
        row.evidence,
    ]  # fmt: skip


def requests_list(
    viewer: Viewer,
    *,
    as_of: date,
    about: Sequence[str],
    t: Translator,
    now: datetime,
    engine: Engine | None = None,
    **wanted: Any,
) -> bytes:
    """The requests of the filter (`wanted`: as coordination_page takes it), as listed. Raises Forbidden."""

    def asked(session: Session) -> Sheet:
        found = coordination_page(session, viewer, as_of=as_of, **wanted)
        said = (t("As of {day}", day=as_of), *about, t.n("{n} request", "{n} requests", found.total))
        return Sheet(t("Coordination"), _request_columns(t), (_request_row(t, row) for row in found.rows), said)

    return list_file(viewer, _name("coordination", as_of), "coordination", asked, t=t, now=now, engine=engine)


def _request_columns(t: Translator) -> list[Column]:
    return [
        Column(t("Code"), 14), Column(t("Subject"), 50), Column(t("Kind"), 18), Column(t("Document"), 20),
        Column(t("Who asks"), 28), Column(t("Whose answer is awaited"), 28), Column(t("File"), 14),
        Column(t("Sent"), 12), Column(t("Received"), 12), Column(t("Reply due"), 12), Column(t("State"), 20),
        Column(t("Days late (minus: days left)"), 12), Column(t("Replied on"), 12), Column(t("Reply"), 40),
    ]  # fmt: skip


def _request_row(t: Translator, row: RequestRow) -> list[Any]:
    asks, asked = ((each.en if t.language == "en" else each.vi) for each in (row.asks, row.asked))
    reply = " · ".join(part for part in (row.reply_document, row.reply_summary) if part)
    facts, clock = row.facts, row.clock
    return [
        row.code, row.subject, t.label(row.kind), row.document, asks, asked, row.case_code, facts.sent_on,
        facts.received_on, clock.due_on, t.label(clock.state), clock.days_late, facts.replied_on, reply,
    ]  # fmt: skip


def money_list(viewer: Viewer, *, as_of: date, t: Translator, now: datetime, engine: Engine | None = None) -> bytes:
    """Every file with an amount on `as_of`, whole đồng; a blank is an amount nobody knows. Raises Forbidden."""

    def asked(session: Session) -> Sheet:
        found = recovery_page(session, viewer, as_of=as_of, size=None)
        about = t("Whole đồng. A blank cell is an amount that is not known, which is not zero.")
        said = (t("As of {day}", day=as_of), about, t.n("{n} file", "{n} files", found.total))
        return Sheet(t("Asset recovery"), _money_columns(t), (_money_row(t, row) for row in found.rows), said)

    return list_file(viewer, _name("assets", as_of), "assets", asked, t=t, now=now, engine=engine)


def _money_columns(t: Translator) -> list[Column]:
    amounts = (t("Damage"), t("To be recovered"), t("Eligible to enforce"), t("Secured"), t("Recovered"),
               t("Outstanding"))  # fmt: skip
    return [
        Column(t("Code"), 14), Column(t("Title"), 44), *(Column(name, 20, MONEY) for name in amounts),
        Column(t("Recovered / to be recovered"), 14, "0.0%"),
    ]  # fmt: skip


def _money_row(t: Translator, row: RecoveryRow) -> list[Any]:
    rate = (row.recovered_vnd or 0) / row.must_recover_vnd if row.must_recover_vnd else None
    return [
        row.code, _title(t, row), row.damage_vnd, row.must_recover_vnd, row.eligible_vnd, row.secured_vnd,
        row.recovered_vnd, row.outstanding_vnd, rate,
    ]  # fmt: skip


def _title(t: Translator, row: FileRow | RecoveryRow) -> str:
    return row.title_en if t.language == "en" and row.title_en else row.title


def _name(what: str, as_of: date) -> str:
    return f"liem-{what}-{as_of.isoformat()}.xlsx"
