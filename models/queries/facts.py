"""Facts of files for the rules: few columns, many files, read in one sweep."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, String, and_, func, or_, type_coerce
from sqlmodel import Session, col, select

from models.clock import local
from models.enums import Kind, Precision, Severity
from models.queries._visible import sees
from models.rules.access import Viewer
from models.rules.facts import CaseFacts, Event, in_order
from models.tables import Case, CaseDetail, CaseEvent, MoneyEntry

SEVERITIES = {severity.value: severity for severity in Severity}
KINDS = {kind.value: kind for kind in Kind}


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
    for case_id, code, created_at, kind, severity, articles, level, since in _details(session, viewer, known_at, codes):
        while upcoming and upcoming[0] < case_id:
            upcoming = next(events, None)
        own: tuple[Event, ...] = ()
        if upcoming and upcoming[0] == case_id:
            own = in_order(
                Event(on, what, monthly == Precision.MONTH, length, accused is not None, event_id)
                for _, event_id, on, what, monthly, length, accused in upcoming[1]
            )
        firsts = [*(event.on for event in own), *(day for day in (since, money.get(case_id)) if day)]
        yield CaseFacts(
            code=code,
            kind=KINDS[kind],
            first_on=min(firsts) if firsts else local(created_at).date(),
            events=own,
            severity=SEVERITIES.get(severity),
            articles=articles,
            level=level,
            supervised=since is not None and since <= as_of,
            case_id=case_id,
        )


def _details(
    session: Session, viewer: Viewer, known_at: datetime | None, codes: Collection[str] | None
) -> list[tuple[Any, ...]]:
    asked = (
        select(
            Case.id,
            Case.code,
            Case.created_at,
            type_coerce(CaseDetail.kind, String),
            type_coerce(CaseDetail.severity, String),
            CaseDetail.offence_articles,
            CaseDetail.level,
            CaseDetail.supervised_from,
        )  # type: ignore[call-overload]
        .join(CaseDetail, col(CaseDetail.case_id) == Case.id)
        .where(known(CaseDetail, known_at), sees(viewer))
        .order_by(col(Case.id))
    )
    if codes is not None:
        asked = asked.where(col(Case.code).in_(codes))
    return [tuple(row) for row in session.exec(asked)]


def _events(
    session: Session, as_of: date, known_at: datetime | None, codes: Collection[str] | None
) -> Iterator[tuple[Any, ...]]:
    """(case id, id, day, kind, precision, length, accused) in the order of cases and days."""
    asked = (
        select(
            CaseEvent.case_id,
            CaseEvent.id,
            CaseEvent.happened_on,
            type_coerce(CaseEvent.kind, String),
            type_coerce(CaseEvent.precision, String),
            CaseEvent.length,
            CaseEvent.accused_id,
        )  # type: ignore[call-overload]
        .where(known(CaseEvent, known_at), CaseEvent.happened_on <= as_of)
        .order_by(col(CaseEvent.case_id), col(CaseEvent.happened_on))
    )
    if codes is not None:
        asked = asked.where(col(CaseEvent.case_id).in_(select(Case.id).where(col(Case.code).in_(codes))))
    return (tuple(row) for row in session.exec(asked))


def _first_money(session: Session, known_at: datetime | None) -> dict[int, date]:
    asked = (
        select(MoneyEntry.case_id, func.min(MoneyEntry.happened_on))
        .where(known(MoneyEntry, known_at))
        .group_by(col(MoneyEntry.case_id))
    )
    return {row[0]: row[1] for row in session.exec(asked)}
