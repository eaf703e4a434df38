"""Everything that falls due in a month: deciding limits, clocks beside them, tasks, replies to coordination requests.

Clocks beside the deciding one are not stored. Only files that recorded an event which starts one are judged again, and
of the duties and windows only those whose start lies no further back than the longest term that the rules give.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, or_, select
from sqlmodel import Session, col

from models.enums import AgencyKind, Stage, TaskStatus
from models.queries.cases import CaseFilter, FileRow, case_page
from models.queries.coordination import RequestRow, coordination_due
from models.queries.facts import case_facts, known
from models.queries.judged import judged, reader
from models.queries.limits import longest_days, unproved_rules
from models.queries.reports import titles_of
from models.queries.tasks import TaskRow, task_rows
from models.rules.access import Action, Viewer, may
from models.rules.beside import DUTIES, WINDOWS
from models.rules.clocks import RULE_OWNERS, FileClock, Reader, name_of
from models.rules.facts import CaseFacts
from models.rules.reasons import is_proved
from models.rules.running import running_beside
from models.rules.stages import OWNERS, REQUESTS
from models.rules.words import Words, words
from models.tables import Agency, Case, CaseEvent, Task

TASK, REPLY = "TASK", "COORD"  # what is no rule of the law: a task of the committee, a reply to a request
NAMES = {TASK: words("Task of the committee"), REPLY: words("Reply to a coordination request")}
SIDE_RULES = (
    "EXP", "VAL", "DET", "CONCL_SEND", "TO_COURT", "EXEC_PEN", "APPEAL_RIGHT", "PROTEST_SAME", "PROTEST_UPPER",
    "CASS_UNFAV", "THADS_REVERIFY", "THADS26_NOMEANS", "INSP_DUR22_PROV", "INSP_DUR25",
)  # fmt: skip
OF_ANY_LENGTH = ("detention_ordered", "no_means", *REQUESTS)  # terms written in papers, extended, or begun again
WAITING = (TaskStatus.LATE, TaskStatus.OPEN, TaskStatus.CLAIMED)
AT_ONCE = 500  # codes of one question
ALL_AT_ONCE = 2  # from one file in so many on, reading all files is faster than asking for each


class DueItem(NamedTuple):
    """One thing that falls due on a day. `code` is the file's ("" for none), `subject` says of what in it.

    `decides`: it is the limit that decides about the file. `proved` False: a lawyer has to confirm the limit.
    """

    due_on: date
    code: str
    title: str
    title_en: str
    rule: str
    name: Words
    start_on: date | None
    owner: AgencyKind | None
    article: str
    days_late: int
    approximate: bool
    proved: bool
    subject: str
    decides: bool


def due_name(rule: str) -> Words:
    """What a clock limits, for people; tasks and replies too."""
    return NAMES.get(rule) or name_of(rule)


def due_items(
    session: Session, viewer: Viewer, wanted: CaseFilter, *, as_of: date, first: date, last: date
) -> tuple[DueItem, ...]:
    """What falls due from `first` to `last`, by day and file; `wanted` may narrow it to a clock and to whose move."""
    if not may(viewer, Action.READ_FILES):
        return ()
    every = replace(wanted, owner=None, rule="", due_from=None, due_until=None, bucket=None, late=False)
    found = [*_deciding(session, viewer, every, as_of, first, last)]
    if wanted.rule in ("", *SIDE_RULES):
        decided = {(item.code, item.rule, item.due_on, item.start_on) for item in found}
        beside = _beside(session, viewer, every, as_of, first, last)
        found += (item for item in beside if (item.code, item.rule, item.due_on, item.start_on) not in decided)
    if wanted.rule in ("", TASK):
        found += _tasks(session, viewer, as_of, first, last)
    if wanted.rule in ("", REPLY):
        found += _replies(session, viewer, as_of, first, last)
    shown = (
        item
        for item in found
        if wanted.rule in ("", item.rule) and (wanted.owner is None or wanted.owner is item.owner)
    )
    return tuple(sorted(shown, key=lambda item: (item.due_on, item.code, not item.decides, item.rule, item.subject)))


# --- the limit that decides ------------------------------------------------------------------------------------------


def _deciding(
    session: Session, viewer: Viewer, every: CaseFilter, as_of: date, first: date, last: date
) -> Iterator[DueItem]:
    unproved = unproved_rules(session)
    rows = case_page(session, viewer, replace(every, due_from=first, due_until=last), as_of=as_of, size=None).rows
    for row in rows:
        if row.due_on:
            yield _of_file(row, row.due_on, proved=row.rule not in unproved)


def _of_file(row: FileRow, due_on: date, *, proved: bool) -> DueItem:
    return DueItem(
        due_on, row.code, row.title, row.title_en, row.rule, name_of(row.rule), row.start_on, row.owner, row.article,
        row.days_late or 0, row.approximate, proved, "", True,
    )  # fmt: skip


# --- clocks beside it ------------------------------------------------------------------------------------------------


def _beside(
    session: Session, viewer: Viewer, every: CaseFilter, as_of: date, first: date, last: date
) -> Iterator[DueItem]:
    files = judged(session, viewer, as_of=as_of)
    stages = _candidates(session, files, first, as_of)
    reads = reader(session)
    total = case_page(session, viewer, every, as_of=as_of, size=1).total
    codes = list(stages)
    found: list[tuple[CaseFacts, FileClock]] = []
    for some in _portions(codes, total):
        for facts in case_facts(session, viewer, as_of=as_of, codes=some):
            if facts.code in stages:
                found += [(facts, clock) for clock in _running(facts, reads, as_of, first, last)]
    names = titles_of(session, viewer, {facts.code for facts, _ in found})
    for facts, clock in found:
        yield _of_clock(facts, clock, stages[facts.code], names[facts.code], as_of)


def _portions(codes: Sequence[str], total: int) -> Iterator[Sequence[str] | None]:
    """The codes in questions of a bearable size; one question for all files when so many of them are asked for."""
    if len(codes) * ALL_AT_ONCE > total and len(codes) > AT_ONCE:
        yield None
        return
    for start in range(0, len(codes), AT_ONCE):
        yield codes[start : start + AT_ONCE]


def _candidates(session: Session, files: object, first: date, as_of: date) -> dict[str, Stage]:
    """Code → stage of the open files that may have such a clock running into the days from `first` on."""
    table = files
    event = CaseEvent.__table__  # type: ignore[attr-defined]
    asked = (
        select(col(Case.code), table.c.stage)  # type: ignore[attr-defined]
        .join(table, table.c.case_id == col(Case.id))  # type: ignore[attr-defined, arg-type]
        .where(
            col(Case.id).in_(
                select(event.c.case_id).where(
                    known(CaseEvent, None), event.c.happened_on <= as_of, or_(*_starts(session, event, first))
                )
            )
        )
    )
    return {code: Stage(stage) for code, stage in session.connection().execute(asked)}


def _starts(session: Session, event: object, first: date) -> Iterator[ColumnElement[bool]]:
    kinds = event.c.kind  # type: ignore[attr-defined]
    yield kinds.in_(OF_ANY_LENGTH)
    started = {kind: (duty[0],) for kind, duty in DUTIES.items()} | WINDOWS
    for kind, rules in started.items():
        since = first - timedelta(days=longest_days(session, rules))
        yield and_(kinds == kind, event.c.happened_on >= since)  # type: ignore[attr-defined]


def _running(facts: CaseFacts, reads: Reader, as_of: date, first: date, last: date) -> Iterator[FileClock]:
    for clock in running_beside(facts, reads, as_of):
        if clock.due and first <= clock.due.due_on <= last:
            yield clock


def _of_clock(facts: CaseFacts, clock: FileClock, stage: Stage, title: tuple[str, str], as_of: date) -> DueItem:
    due = clock.due
    assert due is not None, "only clocks with a date are asked for"
    return DueItem(
        due.due_on, facts.code, *title, clock.rule, clock.name, clock.start.on,
        RULE_OWNERS.get(clock.rule, OWNERS[stage]), due.article, (as_of - due.due_on).days,
        due.approximate or clock.stand_in, is_proved(due), clock.start.body, False,
    )  # fmt: skip


# --- tasks, replies --------------------------------------------------------------------------------------------------


def _tasks(session: Session, viewer: Viewer, as_of: date, first: date, last: date) -> Iterator[DueItem]:
    kinds = _agency_kinds(session)
    asked = select(col(Task.code)).where(known(Task, None), col(Task.due_on).between(first, last), _not_done(as_of))
    codes = list(session.connection().execute(asked.distinct()).scalars())
    for start in range(0, len(codes), AT_ONCE):
        rows, _ = task_rows(session, viewer, as_of=as_of, codes=codes[start : start + AT_ONCE])
        for row in rows:
            if row.due_on and row.status in WAITING:
                yield _of_task(row, row.due_on, kinds.get(row.agency_code), as_of)


def _not_done(as_of: date) -> ColumnElement[bool]:
    return or_(col(Task.done_on).is_(None), col(Task.done_on) > as_of)


def _of_task(row: TaskRow, due_on: date, owner: AgencyKind | None, as_of: date) -> DueItem:
    mover = AgencyKind.INTERNAL_AFFAIRS if row.waits else owner
    return DueItem(
        due_on, row.case_code, row.content, "", TASK, NAMES[TASK], row.assigned_on, mover, "",
        (as_of - due_on).days, False, True, row.code, False,
    )  # fmt: skip


def _replies(session: Session, viewer: Viewer, as_of: date, first: date, last: date) -> Iterator[DueItem]:
    kinds = _agency_kinds(session)
    for row in coordination_due(session, viewer, as_of=as_of, until=last):
        due_on = row.clock.due_on
        if due_on and first <= due_on:
            yield _of_request(row, due_on, kinds.get(row.asked.code), as_of)


def _of_request(row: RequestRow, due_on: date, owner: AgencyKind | None, as_of: date) -> DueItem:
    return DueItem(
        due_on, row.case_code, row.subject, "", REPLY, NAMES[REPLY], row.facts.sent_on, owner, "",
        (as_of - due_on).days, row.clock.approximate, True, row.code, False,
    )  # fmt: skip


def _agency_kinds(session: Session) -> dict[str, AgencyKind]:
    rows = session.connection().execute(select(col(Agency.code), col(Agency.kind))).all()
    return {row.code: row.kind for row in rows}


def rules_due(items: Collection[DueItem]) -> list[str]:
    """The clocks that these items are about, by code."""
    return sorted({item.rule for item in items})
