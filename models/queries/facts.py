"""Facts of files for the rules: few columns, many files, read some thousand files at a time."""

from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, func, literal, not_, or_, type_coerce
from sqlalchemy import case as if_then
from sqlalchemy import select as sql
from sqlmodel import Session, col, select

from models.clock import local
from models.enums import AgencyKind, EventKind, Kind, Precision, Severity
from models.queries._rows import Days, plain_rows
from models.queries._visible import sees, sees_task
from models.queries.named import UNSEEN, veil
from models.rules.access import Action, Viewer, may
from models.rules.facts import AccusedFact, CaseFacts, Event, TaskFact, in_order, joined_code
from models.rules.limits import charge
from models.tables import Accused, Agency, Case, CaseDetail, CaseEvent, MoneyEntry, Task

SEVERITIES = {severity.value: severity for severity in Severity}
AGENCY_KINDS = {kind.value: kind for kind in AgencyKind}
KINDS = {kind.value: kind for kind in Kind}
MONTH = Precision.MONTH.value
AT_ONCE = 5000  # files read at a time: their events fit the memory, and the answer comes in order without a great sort
NAMED_AT_ONCE = 2000  # files named by their id in one question; SQLite takes 32,766 values in one
ONE_DAY = timedelta(days=1)
_new = tuple.__new__


def known(table: Any, known_at: datetime | None) -> ColumnElement[bool]:
    """Condition on a fact table: the row held at `known_at`, or holds now for None."""
    if known_at is None:
        return col(table.retracted_at).is_(None)
    still = or_(col(table.retracted_at).is_(None), col(table.retracted_at) > known_at)
    return and_(col(table.recorded_at) <= known_at, still)


class Part(NamedTuple):
    """The visible files with ids from `first` to `last`: `files` of them."""

    first: int
    last: int
    files: int


def parts(session: Session, viewer: Viewer) -> list[Part]:
    """All files the viewer may see, in parts of some thousand, in the order of their ids."""
    ids = [row[0] for row in plain_rows(session, sql(Case.id).where(sees(viewer)).order_by(col(Case.id)))]  # type: ignore[call-overload]
    some = (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
    return [Part(each[0], each[-1], len(each)) for each in some]


def joined(some: Sequence[Part], together: int = 4) -> list[Part]:
    """The same files in fewer parts, for what needs little of each."""
    groups = (some[start : start + together] for start in range(0, len(some), together))
    return [Part(each[0].first, each[-1].last, sum(part.files for part in each)) for each in groups]


class _Asked(NamedTuple):
    """Which facts are asked for: as of a day, as known at an instant, of which files; `ahead`: of later days too, to
    tell when they begin to count."""

    as_of: date
    known_at: datetime | None = None
    codes: Collection[str] | None = None
    ids: Sequence[int] | None = None
    part: Part | None = None
    ahead: bool = False

    def of(self, case_id: Any) -> list[ColumnElement[bool]]:
        """Conditions on the column with the file's id."""
        if self.part is not None:
            return [case_id.between(self.part.first, self.part.last)]
        if self.ids is not None:
            return [case_id.in_(self.ids)]
        if self.codes is not None:
            return [case_id.in_(select(Case.id).where(col(Case.code).in_(self.codes)))]
        return []


def case_facts(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    codes: Collection[str] | None = None,
    ids: Sequence[int] | None = None,
    part: Part | None = None,
    ahead: bool = False,
) -> Iterator[CaseFacts]:
    """The facts, up to `as_of`, of every file the viewer may see, in the order of ids: or of `codes`, `ids` or a `part`
    only.

    With `ahead` each says in `changes_on` when more of what is recorded begins to count.
    """
    asked = _Asked(as_of, known_at, codes, None, part, ahead)
    if codes is not None or part is not None:
        yield from _facts(session, viewer, asked)
    elif ids is not None:
        ordered = sorted(ids)
        for start in range(0, len(ordered), NAMED_AT_ONCE):
            yield from _facts(session, viewer, asked._replace(ids=ordered[start : start + NAMED_AT_ONCE]))
    else:
        for each in parts(session, viewer):
            yield from _facts(session, viewer, asked._replace(part=each))


def _facts(session: Session, viewer: Viewer, asked: _Asked) -> Iterator[CaseFacts]:
    as_of = asked.as_of
    days = Days()
    events = groupby(_events(session, asked), itemgetter(0))
    upcoming = next(events, None)
    money, later_money = _first_money(session, asked, days)
    tasks, later_tasks = _late_tasks(session, viewer, asked)
    (accused, same), charged = _accused(session, asked), _charged(session, asked)
    became, merged = _became(session, viewer, asked), _joined_to(session, viewer, asked)
    for case_id, code, created_at, kind, severity, articles, level, placed in _details(session, viewer, asked):
        since = placed and days[placed]
        while upcoming and upcoming[0] < case_id:
            upcoming = next(events, None)
        own: tuple[Event, ...] = ()
        firsts = [day for day in (since, money.get(case_id)) if day]
        later: list[date] = []
        if upcoming and upcoming[0] == case_id:
            told = [
                _new(
                    Event,
                    (
                        days[on],
                        what,
                        month == MONTH,
                        length,
                        who is not None,
                        id_,
                        0 if who is None else same.get(who, who),
                        body,
                    ),
                )
                for _, on, what, month, length, who, id_, body in upcoming[1]
            ]
            if told[-1].on > as_of:
                later = [event.on for event in told if event.on > as_of][:1]
                told = [event for event in told if event.on <= as_of]
            if told:
                firsts.append(told[0].on)
                own = in_order(told)
        if asked.ahead:
            later += [day for day in (later_tasks.get(case_id), later_money.get(case_id)) if day]
            later += [since] if since is not None and since > as_of else []
        goes_on_in, from_on = became.get(case_id, ("", as_of)) if kind == Kind.INCIDENT.value else ("", as_of)
        if from_on > as_of:
            later += [from_on] if asked.ahead else []
            goes_on_in = ""
        yield CaseFacts(
            code,
            KINDS[kind],
            min(firsts) if firsts else local(_instant(created_at)).date(),
            own,
            SEVERITIES.get(severity),
            articles,
            level,
            since is not None and since <= as_of,
            case_id,
            tuple(tasks.get(case_id, ())),
            tuple(accused.get(case_id, ())),
            changes_on=min(later) if later else None,
            charged=charged.get(case_id, ""),
            goes_on_in=goes_on_in,
            joined_to=merged.get(case_id, ""),
        )


def _instant(given: Any) -> datetime:
    """An instant as the driver gives it, which is UTC in a text on SQLite."""
    return datetime.fromisoformat(given).replace(tzinfo=UTC) if isinstance(given, str) else given


def _details(session: Session, viewer: Viewer, asked: _Asked) -> list[Any]:
    case, detail = Case.__table__, CaseDetail.__table__  # type: ignore[attr-defined]
    found: Select[Any] = (
        sql(
            case.c.id, case.c.code, case.c.created_at, detail.c.kind, detail.c.severity, detail.c.offence_articles,
            detail.c.level, detail.c.supervised_from,
        )
        .select_from(case.join(detail, detail.c.case_id == case.c.id))
        .where(known(CaseDetail, asked.known_at), sees(viewer), *asked.of(case.c.id))
        .order_by(case.c.id)
    )  # fmt: skip
    return plain_rows(session, found)


def _events(session: Session, asked: _Asked) -> list[Any]:
    """(case id, day, kind, precision, length, accused, id, body) in the order of cases and days."""
    event = CaseEvent.__table__  # type: ignore[attr-defined]
    found: Select[Any] = (
        sql(
            event.c.case_id, event.c.happened_on, event.c.kind, event.c.precision, event.c.length, event.c.accused_id,
            event.c.id, event.c.body,
        )
        .where(known(CaseEvent, asked.known_at), *asked.of(event.c.case_id))
        .order_by(event.c.case_id, event.c.happened_on)
    )  # fmt: skip
    if not asked.ahead:
        found = found.where(event.c.happened_on <= asked.as_of)
    return plain_rows(session, found)


def _late_tasks(session: Session, viewer: Viewer, asked: _Asked) -> tuple[dict[int, list[TaskFact]], dict[int, date]]:
    """Per file, its tasks whose day was before `as_of` and that were not accepted by it; and the first day after
    `as_of` on which a further one is late."""
    not_by_then = (
        or_(column.is_(None), column > col(Task.due_on)) for column in (col(Task.done_on), col(Task.cancelled_on))
    )
    task, agency = Task.__table__, Agency.__table__  # type: ignore[attr-defined]
    facts = (task.c[name] for name in ("case_id", "code", "assigned_on", "due_on", "claimed_on", "done_on"))
    rows: Select[Any] = (
        sql(*facts, task.c.cancelled_on, type_coerce(task.c.origin, String), type_coerce(agency.c.kind, String))
        .select_from(task.outerjoin(agency, agency.c.id == task.c.lead_agency_id))
        .where(known(Task, asked.known_at), task.c.case_id.is_not(None), task.c.due_on.is_not(None), *not_by_then)
        .where(*asked.of(task.c.case_id))
        .order_by(task.c.code)
    )
    if not asked.ahead:
        rows = rows.where(task.c.due_on < asked.as_of)
    if not may(viewer, Action.READ_ALL):
        rows = rows.where(sees_task(viewer))
    late: dict[int, list[TaskFact]] = {}
    later: dict[int, date] = {}
    for case_id, code, assigned, due, claimed, done, cancelled, origin, kind in session.connection().execute(rows):
        if due < asked.as_of:
            fact = TaskFact(code, origin, assigned, due, claimed, done, cancelled, AGENCY_KINDS.get(kind))
            late.setdefault(case_id, []).append(fact)
        else:
            later[case_id] = min(later.get(case_id, date.max), due + ONE_DAY)
    return late, later


def _accused(session: Session, asked: _Asked) -> tuple[dict[int, list[AccusedFact]], dict[int, int]]:
    """Per file, the accused that its events name; and which of them an older version's id means.

    An accused that was corrected is a new row, and its events go on naming the old one: all versions are one accused,
    charged as its present version says.
    """
    named = select(CaseEvent.accused_id).where(
        col(CaseEvent.accused_id).is_not(None), known(CaseEvent, asked.known_at), *asked.of(col(CaseEvent.case_id))
    )
    versions: dict[tuple[int, str], list[int]] = {}
    latest: dict[tuple[int, str], AccusedFact] = {}
    for case_id, *fact in session.exec(_accused_rows(asked).where(col(Accused.id).in_(named))):
        key = (case_id, fact[1].upper())
        versions.setdefault(key, []).append(fact[0])
        latest[key] = AccusedFact(*fact)
    replaced = select(Accused.case_id).where(col(Accused.id).in_(named), not_(known(Accused, asked.known_at)))
    current = _accused_rows(asked).where(known(Accused, asked.known_at), col(Accused.case_id).in_(replaced))
    for case_id, *fact in session.exec(current):
        if (case_id, fact[1].upper()) in latest:
            latest[case_id, fact[1].upper()] = AccusedFact(*fact)
    found: dict[int, list[AccusedFact]] = {}
    for (case_id, _), accused in latest.items():
        found.setdefault(case_id, []).append(accused)
    same = {old: latest[key].id for key, ids in versions.items() for old in ids if old != latest[key].id}
    return found, same


def _accused_rows(asked: _Asked) -> Any:
    return (
        select(Accused.case_id, Accused.id, Accused.code, Accused.article, Accused.paragraph)  # type: ignore[call-overload]
        .where(*asked.of(col(Accused.case_id)))
        .order_by(Accused.code, Accused.id)
    )


def _charged(session: Session, asked: _Asked) -> dict[int, str]:
    """Per file, what its accused are charged with, whether or not an event names them: `353(2); 364`."""
    rows = (
        select(Accused.case_id, Accused.article, Accused.paragraph)
        .where(known(Accused, asked.known_at), col(Accused.article) != "", *asked.of(col(Accused.case_id)))
        .distinct()
        .order_by(col(Accused.article), col(Accused.paragraph))
    )
    found: dict[int, str] = {}
    for case_id, article, paragraph in session.exec(rows):
        own = charge(article, paragraph)
        found[case_id] = f"{found[case_id]}; {own}" if case_id in found else own
    return found


def _became(session: Session, viewer: Viewer, asked: _Asked) -> dict[int, tuple[str, date]]:
    """Per incident that became a case: the code of the case, and the day from which it is a file of its own here.

    A case that the viewer may not see has no code for him.
    """
    case, detail = Case.__table__, CaseDetail.__table__  # type: ignore[attr-defined]
    code = case.c.code if viewer.sees_everything else if_then((sees(viewer), case.c.code), else_=literal(UNSEEN))
    found = (
        sql(case.c.origin_id, func.min(code), func.min(case.c.created_at))
        .select_from(case.join(detail, detail.c.case_id == case.c.id))
        .where(case.c.origin_id.is_not(None), known(CaseDetail, asked.known_at), detail.c.kind == Kind.CASE)
        .where(*asked.of(case.c.origin_id))
        .group_by(case.c.origin_id)
    )
    if asked.known_at is not None:
        found = found.where(case.c.created_at <= asked.known_at)
    return {origin: (code, local(at).date()) for origin, code, at in session.connection().execute(found)}


def _joined_to(session: Session, viewer: Viewer, asked: _Asked) -> dict[int, str]:
    """Per file merged into another one up to the day, the code of that one: the event's detail begins with it.

    One that the viewer may not see has no code for him.
    """
    event = CaseEvent.__table__  # type: ignore[attr-defined]
    merged_into = literal(EventKind.MERGED_INTO.value, literal_execute=True)  # written out, for the index of these
    rows = (
        sql(event.c.case_id, event.c.detail)
        .where(type_coerce(event.c.kind, String) == merged_into, known(CaseEvent, asked.known_at))
        .where(event.c.happened_on <= asked.as_of, *asked.of(event.c.case_id))
        .order_by(event.c.happened_on)
    )
    joined = {case_id: joined_code(detail) for case_id, detail in session.connection().execute(rows)}
    seen = veil(session, viewer, joined.values())
    return {case_id: seen.text(code) for case_id, code in joined.items()}


def _first_money(session: Session, asked: _Asked, days: Days) -> tuple[dict[int, date], dict[int, date]]:
    """Per file, the first day of its money; and the first one after `as_of`."""
    entry = MoneyEntry.__table__  # type: ignore[attr-defined]
    rows: Select[Any] = (
        sql(entry.c.case_id, func.min(entry.c.happened_on), func.max(entry.c.happened_on))
        .where(known(MoneyEntry, asked.known_at), *asked.of(entry.c.case_id))
        .group_by(entry.c.case_id)
    )
    first: dict[int, date] = {}
    later: dict[int, date] = {}
    for case_id, earliest, latest in plain_rows(session, rows):
        first[case_id] = days[earliest]
        if days[latest] > asked.as_of:  # rarely any, so the very day is not asked for: tomorrow is rather too early
            later[case_id] = max(first[case_id], asked.as_of + ONE_DAY)
    return first, later
