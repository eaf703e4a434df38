"""One file for `liem case`: facts, clocks with their reasons, money, tasks; as JSON and as lines of text."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from models.enums import N_, AccusedStatus
from models.queries.cases import AccusedRow, CaseFile, EntryRow, EventRow
from models.queries.coordination import RequestRow
from models.queries.tasks import TaskRow
from models.rules.clocks import FileClock
from models.rules.lengths import parse_length
from models.rules.limits import article_words
from models.rules.reasons import why_clock
from models.rules.stalled import FlagVerdict
from models.rules.words import Refusal
from models.text import Translator

CLOCK_STATES = {
    "running": N_("Running"),
    "met": N_("Kept"),
    "missed": N_("Missed"),
    "stopped": N_("Stopped by a suspension"),
    "unknown": N_("Cannot tell"),
}


def case_json(file: CaseFile, t: Translator, *, as_of: date, requests: Sequence[RequestRow] = ()) -> dict[str, Any]:
    """Everything known of the file; days as ISO text, money in whole đồng, stored values as they are stored."""
    verdict, detail = file.verdict, file.detail
    return {
        "code": file.code,
        "as_of": as_of.isoformat(),
        "kind": detail.kind,
        "title": detail.title,
        "title_en": detail.title_en,
        "categories": list(file.categories),
        "severity": detail.severity,
        "offence_articles": detail.offence_articles,
        "accused_count": detail.accused_count,
        "lead_agency": file.lead_agency,
        "responsible": file.responsible,
        "supervised_from": _iso(detail.supervised_from),
        "origin": file.origin or None,
        "grew_into": list(file.grew_into),
        "open": verdict.is_open,
        "stage": verdict.stage,
        "stage_since": _iso(verdict.stage_since),
        "round": verdict.round,
        "bucket": verdict.bucket,
        "rule": verdict.rule,
        "article": verdict.article,
        "law": verdict.law,
        "start_on": _iso(verdict.start_on),
        "due_on": _iso(verdict.due_on),
        "days_late": verdict.days_late,
        "owner": verdict.owner,
        "approximate": verdict.approximate,
        "why": [t.words(sentence) for sentence in verdict.why],
        "flags": [_flag_json(flag, t) for flag in file.flags],
        "facts": [_event_json(event) for event in file.events],
        "clocks": [_clock_json(clock, t) for clock in file.clocks],
        "accused": [_accused_json(accused) for accused in file.accused],
        "money": {quantity.value: amount for quantity, amount in file.money.items()},
        "entries": [_entry_json(entry) for entry in file.entries],
        "tasks": [_task_json(task) for task in file.tasks],
        "requests": [_request_json(row, t) for row in requests],
    }


def _flag_json(flag: FlagVerdict, t: Translator) -> dict[str, Any]:
    return {
        "rule": flag.rule,
        "since": flag.since.isoformat(),
        "article": flag.article,
        "why": t.words(flag.why),
        "clears": t.words(flag.clears),
    }


def _event_json(event: EventRow) -> dict[str, Any]:
    return {
        "date": event.happened_on.isoformat(),
        "monthly": event.monthly,
        "event": event.kind,
        "detail": event.detail,
        "amount_vnd": event.amount_vnd,
        "document": event.document,
        "length": event.length,
        "accused": event.accused,
    }


def _clock_json(clock: FileClock, t: Translator) -> dict[str, Any]:
    due = clock.due
    return {
        "rule": clock.rule,
        "name": t.words(clock.name),
        "start_on": clock.start.on.isoformat(),
        "start_event": clock.start.kind,
        "stand_in": clock.stand_in,
        "state": clock.state,
        "stopped_on": _iso(clock.stopped.on if clock.stopped else None),
        "stopped_by": clock.stopped.kind if clock.stopped else None,
        "due_on": _iso(due.due_on if due else None),
        "extensions": [str(length) for length in due.extensions] if due else [],
        "article": due.article if due else "",
        "law": due.law if due else "",
        "approximate": due is None or due.approximate or clock.stand_in,
        "doubts": [t.words(doubt) for doubt in clock.doubts],
        "trace": [t.words(step) for step in due.trace] if due else [],
    }


def _accused_json(accused: AccusedRow) -> dict[str, Any]:
    return {**accused._asdict(), "status_on": accused.status_on.isoformat()}


def _entry_json(entry: EntryRow) -> dict[str, Any]:
    return {
        "date": entry.happened_on.isoformat(),
        "monthly": entry.monthly,
        "quantity": entry.quantity,
        "kind": entry.kind,
        "amount_vnd": entry.amount_vnd,
        "document": entry.document,
    }


def _task_json(task: TaskRow) -> dict[str, Any]:
    return {
        "code": task.code,
        "content": task.content,
        "status": task.status,
        "agency": task.agency_code,
        "assigned_on": task.assigned_on.isoformat(),
        "due_on": _iso(task.due_on),
        "claimed_on": _iso(task.claimed_on),
        "done_on": _iso(task.done_on),
        "days_late": task.days_late,
    }


def _request_json(row: RequestRow, t: Translator) -> dict[str, Any]:
    clock, facts = row.clock, row.facts
    return {
        "code": row.code,
        "kind": row.kind,
        "subject": row.subject,
        "asks": row.asks.code,
        "asked": row.asked.code,
        "urgent": row.urgent,
        "sent_on": facts.sent_on.isoformat(),
        "received_on": _iso(facts.received_on),
        "rule": clock.rule,
        "state": clock.state,
        "due_on": _iso(clock.due_on),
        "days_late": clock.days_late,
        "approximate": clock.approximate,
        "replied_on": _iso(facts.replied_on),
        "partial": facts.partial,
        "doubts": [t.words(doubt) for doubt in clock.doubts],
        "trace": [t.words(step) for step in clock.trace],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def case_lines(file: CaseFile, t: Translator, requests: Sequence[RequestRow] = ()) -> Iterator[str]:
    """The file as text: state, what is wrong, facts, clocks with their reasons, accused, money, tasks, requests."""
    yield from _head(file, t)
    for title, lines in (
        (t("What is wrong"), [_flag_line(flag, t) for flag in file.flags]),
        (t("Facts"), [_event_line(event, t) for event in file.events]),
        (t("Clocks"), [line for clock in file.clocks for line in _clock_lines(clock, t)]),
        (t("Accused"), [_accused_line(accused, t) for accused in file.accused]),
        (t("Money"), [f"{t.label(quantity)}: {t.exact(amount)}" for quantity, amount in file.money.items()]),
        (t("Tasks"), [_task_line(task, t) for task in file.tasks]),
        (t("Coordination requests"), [line for row in requests for line in _request_lines(row, t)]),
    ):
        if lines:
            yield ""
            yield title
            yield from (f"  {line}" for line in lines)


def _head(file: CaseFile, t: Translator) -> Iterator[str]:
    verdict = file.verdict
    yield f"{file.code}  {file.detail.title}"
    state = t("open") if verdict.is_open else t("closed")
    yield f"{t.label(file.detail.kind)}, {state} · {', '.join(t.label(each) for each in file.categories)}"
    since = f" ({t('since {day}', day=verdict.stage_since)})" if verdict.stage_since else ""
    again = f", {t('round {n}', n=verdict.round)}" if verdict.round > 1 else ""
    yield f"{t.label(verdict.stage)}{again}{since} · {t.label(verdict.bucket)} · {t.label(verdict.owner)}"
    for sentence in verdict.why:
        yield t.words(sentence)
    if verdict.approximate and verdict.due_on:
        yield t("This date is approximate.")


def _flag_line(flag: FlagVerdict, t: Translator) -> str:
    return f"{flag.rule} ({t('since {day}', day=flag.since)}): {t.words(flag.why)} {t.words(flag.clears)}"


def _event_line(event: EventRow, t: Translator) -> str:
    more = (event.detail, _length(event.length, t), event.document, event.accused, t.exact(event.amount_vnd))
    told = [t.label(event.kind), *(part for part in more if part and part != "–")]
    return f"{t.date(event.happened_on, monthly=event.monthly):>10}  {' · '.join(told)}"


def _length(text: str, t: Translator) -> str:
    try:
        return t.words(parse_length(text).words()) if text else ""
    except Refusal:
        return text


def _clock_lines(clock: FileClock, t: Translator) -> Iterator[str]:
    due = clock.due
    day = f"{t.date(due.due_on)} ({t.words(article_words(due.article))})" if due else "–"
    yield f"{t.words(clock.name)}: {day} · {t(CLOCK_STATES[clock.state])}"
    for sentence in why_clock(clock):
        yield f"    {t.words(sentence)}"


def _accused_line(accused: AccusedRow, t: Translator) -> str:
    return f"{accused.code}: {t.label(AccusedStatus(accused.status))} ({t.date(accused.status_on)})"


def _task_line(task: TaskRow, t: Translator) -> str:
    return f"{task.code} · {t.label(task.status)} · {t.date(task.due_on)} · {task.content}"


def _request_lines(row: RequestRow, t: Translator) -> Iterator[str]:
    clock = row.clock
    asked = row.asked.en if t.language == "en" else row.asked.vi
    yield f"{row.code} · {t.label(clock.state)} · {t.date(clock.due_on)} · {asked} · {row.subject}"
    for sentence in (*clock.trace, *clock.doubts):
        yield f"    {t.words(sentence)}"
