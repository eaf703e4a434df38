"""Facts of files for the rules: few columns, many files, read in one sweep."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, or_, type_coerce
from sqlalchemy import select as sql
from sqlmodel import Session, col, select

from models.clock import local
from models.enums import AgencyKind, EventKind, Kind, Precision, Severity
from models.queries._visible import sees
from models.rules.access import Viewer
from models.rules.facts import AccusedFact, CaseFacts, Event, TaskFact, in_order
from models.tables import Accused, Agency, Case, CaseDetail, CaseEvent, MoneyEntry, Task

SEVERITIES = {severity.value: severity for severity in Severity}
AGENCY_KINDS = {kind.value: kind for kind in AgencyKind}
KINDS = {kind.value: kind for kind in Kind}
EVENTS: dict[str, str] = {kind.value: kind.value for kind in EventKind}  # one string per kind, for a million events
MONTH = Precision.MONTH.value
FETCHED = 5000
_new = tuple.__new__


def known(table: Any, known_at: datetime | None) -> ColumnElement[bool]:
    """Condition on a fact table: the row held at `known_at`, or holds now for None."""
    if known_at is None:
        return col(table.retracted_at).is_(None)
    still = or_(col(table.retracted_at).is_(None), col(table.retracted_at) > known_at)
    return and_(col(table.recorded_at) <= known_at, still)


def case_facts(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    codes: Collection[str] | None = None,
) -> Iterator[CaseFacts]:
    """The facts, up to `as_of`, of every file the viewer may see (or of `codes` only), in the order of their ids."""
    events = groupby(_events(session, as_of, known_at, codes), itemgetter(0))
    upcoming = next(events, None)
    money = _first_money(session, known_at)
    tasks, accused = _late_tasks(session, as_of, known_at, codes), _accused(session, known_at, codes)
    days = _Days()
    for case_id, code, created_at, kind, severity, articles, level, since in _details(session, viewer, known_at, codes):
        while upcoming and upcoming[0] < case_id:
            upcoming = next(events, None)
        own: tuple[Event, ...] = ()
        if upcoming and upcoming[0] == case_id:
            own = in_order(
                [
                    _new(Event, (days[on], EVENTS[what], month == MONTH, length, who is not None, id_, who or 0, body))
                    for _, on, what, month, length, who, id_, body in upcoming[1]
                ]
            )
        firsts = [event.on for event in own]
        firsts += [day for day in (since, money.get(case_id)) if day]
        yield CaseFacts(
            code,
            KINDS[kind],
            min(firsts) if firsts else local(created_at).date(),
            own,
            SEVERITIES.get(severity),
            articles,
            level,
            since is not None and since <= as_of,
            case_id,
            tuple(tasks.get(case_id, ())),
            tuple(accused.get(case_id, ())),
        )


class _Days(dict[Any, date]):
    """Days as the driver gives them (a text on SQLite) → dates, each read once: many events share a day."""

    def __missing__(self, given: Any) -> date:
        self[given] = day = date.fromisoformat(given) if isinstance(given, str) else given
        return day


def _details(
    session: Session, viewer: Viewer, known_at: datetime | None, codes: Collection[str] | None
) -> Iterable[Any]:
    case, detail = Case.__table__, CaseDetail.__table__  # type: ignore[attr-defined]
    asked: Select[Any] = (
        sql(
            case.c.id, case.c.code, case.c.created_at, type_coerce(detail.c.kind, String),
            type_coerce(detail.c.severity, String), detail.c.offence_articles, detail.c.level, detail.c.supervised_from,
        )
        .select_from(case.join(detail, detail.c.case_id == case.c.id))
        .where(known(CaseDetail, known_at), sees(viewer))
        .order_by(case.c.id)
    )  # fmt: skip
    if codes is not None:
        asked = asked.where(case.c.code.in_(codes))
    return _rows(session, asked)


def _events(session: Session, as_of: date, known_at: datetime | None, codes: Collection[str] | None) -> Iterable[Any]:
    """(case id, day, kind, precision, length, accused, id, body) in the order of cases and days."""
    event = CaseEvent.__table__  # type: ignore[attr-defined]
    asked: Select[Any] = (
        sql(
            event.c.case_id, event.c.happened_on, type_coerce(event.c.kind, String),
            type_coerce(event.c.precision, String), event.c.length, event.c.accused_id, event.c.id, event.c.body,
        )
        .where(known(CaseEvent, known_at), event.c.happened_on <= as_of)
        .order_by(event.c.case_id, event.c.happened_on)
    )  # fmt: skip
    if codes is not None:
        asked = asked.where(event.c.case_id.in_(select(Case.id).where(col(Case.code).in_(codes))))
    return _raw_rows(session, asked)


def _rows(session: Session, asked: Select[Any]) -> Iterable[Any]:
    """The rows, fetched some thousands at a time."""
    found = session.connection().execute(asked, execution_options={"yield_per": FETCHED})
    return chain.from_iterable(found.partitions())


def _raw_rows(session: Session, asked: Select[Any]) -> Iterator[Any]:
    """The rows as the driver gives them, for a million of them; nothing but days needs reading."""
    found = session.connection().execute(asked)
    cursor: Any = found.cursor
    while rows := cursor.fetchmany(FETCHED):
        yield from rows
    found.close()


def _late_tasks(
    session: Session, as_of: date, known_at: datetime | None, codes: Collection[str] | None
) -> dict[int, list[TaskFact]]:
    """Per file, its tasks whose day was before `as_of` and that were not accepted by it."""
    not_by_then = (
        or_(column.is_(None), column > col(Task.due_on)) for column in (col(Task.done_on), col(Task.cancelled_on))
    )
    task, agency = Task.__table__, Agency.__table__  # type: ignore[attr-defined]
    facts = (task.c[name] for name in ("case_id", "code", "assigned_on", "due_on", "claimed_on", "done_on"))
    asked: Select[Any] = (
        sql(*facts, task.c.cancelled_on, type_coerce(task.c.origin, String), type_coerce(agency.c.kind, String))
        .select_from(task.outerjoin(agency, agency.c.id == task.c.lead_agency_id))
        .where(known(Task, known_at), col(Task.case_id).is_not(None), col(Task.due_on) < as_of, *not_by_then)
        .order_by(col(Task.code))
    )
    if codes is not None:
        asked = asked.where(col(Task.case_id).in_(select(Case.id).where(col(Case.code).in_(codes))))
    found: dict[int, list[TaskFact]] = {}
    for case_id, code, assigned, due, claimed, done, cancelled, origin, kind in session.connection().execute(asked):
        fact = TaskFact(code, origin, assigned, due, claimed, done, cancelled, AGENCY_KINDS.get(kind))
        found.setdefault(case_id, []).append(fact)
    return found


def _accused(
    session: Session, known_at: datetime | None, codes: Collection[str] | None
) -> dict[int, list[AccusedFact]]:
    """Per file, the accused that its events name."""
    named = select(CaseEvent.accused_id).where(col(CaseEvent.accused_id).is_not(None), known(CaseEvent, known_at))
    asked = (
        select(Accused.case_id, Accused.id, Accused.code, Accused.article, Accused.paragraph)  # type: ignore[call-overload]
        .where(col(Accused.id).in_(named))
        .order_by(Accused.code)
    )
    if codes is not None:
        asked = asked.where(col(Accused.case_id).in_(select(Case.id).where(col(Case.code).in_(codes))))
    found: dict[int, list[AccusedFact]] = {}
    for case_id, *fact in session.exec(asked):
        found.setdefault(case_id, []).append(AccusedFact(*fact))
    return found


def _first_money(session: Session, known_at: datetime | None) -> dict[int, date]:
    asked = (
        select(MoneyEntry.case_id, func.min(MoneyEntry.happened_on))
        .where(known(MoneyEntry, known_at))
        .group_by(col(MoneyEntry.case_id))
    )
    return {row[0]: row[1] for row in session.exec(asked)}
