"""The recovery ledger summed: what is known of each quantity on a day (asset_recovery: security is never recovery).

Quantities come in lines: a total and its parts. On a day, a line of a file is worth the latest reading of its total and
the movements of the line after that reading; without a reading of the total, its parts are taken each by the same rule
and added. An event that carries an amount (money returned, assets seized or released) is a movement of its line.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CTE, String, and_, case, func, literal, or_, select, type_coerce, union_all
from sqlmodel import Session, col

from models.enums import EntryKind, EventKind, Quantity
from models.queries._visible import visible_ids
from models.queries.facts import known
from models.rules.access import Viewer
from models.tables import Case, CaseEvent, MoneyEntry

SPLIT = 10**9

# part → the total it belongs to; every other quantity is a line of its own
LINES: dict[Quantity, Quantity] = {
    Quantity.VOLUNTARY: Quantity.RECOVERED,
    Quantity.RECOVERED_ADMIN: Quantity.RECOVERED,
    Quantity.RECOVERED_JUDICIAL: Quantity.RECOVERED,
    Quantity.FROZEN: Quantity.SECURED,
    Quantity.ATTACHED: Quantity.SECURED,
}
EVENT_MOVEMENTS: dict[EventKind, tuple[Quantity, int]] = {
    EventKind.MONEY_RETURNED: (Quantity.VOLUNTARY, 1),
    EventKind.ASSETS_SEIZED: (Quantity.SECURED, 1),
    EventKind.ASSETS_RELEASED: (Quantity.SECURED, -1),
}


class LineSum(NamedTuple):
    """One line over all files: the sum in whole dong, and how many files have any figure of it."""

    amount_vnd: int
    files: int


def _movements_of_events(viewer: Viewer, as_of: date, known_at: datetime | None, code: str | None) -> Any:
    kind = type_coerce(CaseEvent.kind, String)
    quantity = case(*((kind == each.value, literal(line.value)) for each, (line, _) in EVENT_MOVEMENTS.items()))
    sign = case((kind == EventKind.ASSETS_RELEASED.value, -1), else_=1)
    return select(
        col(CaseEvent.case_id),
        quantity.label("quantity"),
        literal(EntryKind.MOVEMENT.value).label("kind"),
        (col(CaseEvent.amount_vnd) * sign).label("amount"),
        col(CaseEvent.happened_on),
        col(CaseEvent.id),
    ).where(
        kind.in_([each.value for each in EVENT_MOVEMENTS]),
        col(CaseEvent.amount_vnd).is_not(None),
        col(CaseEvent.happened_on) <= as_of,
        known(CaseEvent, known_at),
        *_only(viewer, CaseEvent.case_id, code),
    )


def _entries(viewer: Viewer, as_of: date, known_at: datetime | None, code: str | None) -> Any:
    return select(
        col(MoneyEntry.case_id),
        type_coerce(MoneyEntry.quantity, String).label("quantity"),
        type_coerce(MoneyEntry.kind, String).label("kind"),
        col(MoneyEntry.amount_vnd).label("amount"),
        col(MoneyEntry.happened_on),
        col(MoneyEntry.id),
    ).where(
        col(MoneyEntry.happened_on) <= as_of,
        col(MoneyEntry.asset_kind) == "",
        known(MoneyEntry, known_at),
        *_only(viewer, MoneyEntry.case_id, code),
    )


def _only(viewer: Viewer, case_id: Any, code: str | None) -> list[Any]:
    found = [] if viewer.scope == "files" else [col(case_id).in_(visible_ids(viewer))]
    if code is not None:
        found.append(col(case_id).in_(select(col(Case.id)).where(col(Case.code) == code)))
    return found


def _ledger(viewer: Viewer, as_of: date, known_at: datetime | None, code: str | None) -> CTE:
    rows = union_all(
        _entries(viewer, as_of, known_at, code), _movements_of_events(viewer, as_of, known_at, code)
    ).subquery("rows")
    line = case(
        *((rows.c.quantity == part.value, literal(total.value)) for part, total in LINES.items()),
        else_=rows.c.quantity,
    )
    return select(rows, line.label("line")).cte("ledger")


def lines_by_file(viewer: Viewer, *, as_of: date, known_at: datetime | None = None, code: str | None = None) -> Any:
    """SELECT of (case_id, line, high, low): one row per file and line that has any figure, worth high * SPLIT + low."""
    ledger = _ledger(viewer, as_of, known_at, code)
    place = func.row_number().over(
        partition_by=(ledger.c.case_id, ledger.c.quantity), order_by=(ledger.c.happened_on.desc(), ledger.c.id.desc())
    )
    readings = (
        select(
            ledger.c.case_id, ledger.c.line, ledger.c.quantity, ledger.c.amount, ledger.c.happened_on, place.label("p")
        )
        .where(ledger.c.kind == EntryKind.READING.value)
        .cte("readings")
    )
    latest = select(readings).where(readings.c.p == 1).cte("latest")
    total = latest.alias("total")
    part = latest.alias("part")
    of_line = and_(total.c.case_id == ledger.c.case_id, total.c.quantity == ledger.c.line)
    base = (
        select(latest.c.case_id, latest.c.line, latest.c.amount)
        .outerjoin(total, and_(total.c.case_id == latest.c.case_id, total.c.quantity == latest.c.line))
        .where(or_(latest.c.quantity == latest.c.line, total.c.case_id.is_(None)))
    )
    moved = (
        select(ledger.c.case_id, ledger.c.line, ledger.c.amount)
        .outerjoin(total, of_line)
        .outerjoin(part, and_(part.c.case_id == ledger.c.case_id, part.c.quantity == ledger.c.quantity))
        .where(
            ledger.c.kind == EntryKind.MOVEMENT.value,
            or_(
                ledger.c.happened_on > total.c.happened_on,
                and_(
                    total.c.case_id.is_(None),
                    or_(part.c.case_id.is_(None), ledger.c.happened_on > part.c.happened_on),
                ),
            ),
        )
    )
    both = union_all(base, moved).subquery("both")
    parts = (func.sum(both.c.amount // SPLIT).label("high"), func.sum(both.c.amount % SPLIT).label("low"))
    return select(both.c.case_id, both.c.line, *parts).group_by(both.c.case_id, both.c.line)


def _whole(high: Any, low: Any) -> int:
    """A sum that was taken in two parts, so that no database's integer can run over."""
    return int(high or 0) * SPLIT + int(low or 0)


def totals(
    session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None
) -> dict[Quantity, LineSum]:
    """Every line summed over the visible files, open or ended; a line without any figure is 0 over 0 files."""
    per_file = lines_by_file(viewer, as_of=as_of, known_at=known_at).subquery("per_file")
    asked = select(per_file.c.line, func.sum(per_file.c.high), func.sum(per_file.c.low), func.count()).group_by(
        per_file.c.line
    )
    rows = session.connection().execute(asked)
    found = {Quantity(line): LineSum(_whole(high, low), files) for line, high, low, files in rows}
    return {line: found.get(line, LineSum(0, 0)) for line in Quantity if line not in LINES}


def recovered_against(
    session: Session, viewer: Viewer, of: Quantity, *, as_of: date, known_at: datetime | None = None
) -> int:
    """What was recovered in the files that have a figure of `of`: the numerator that belongs to that denominator."""
    per_file = lines_by_file(viewer, as_of=as_of, known_at=known_at).subquery("per_file")
    base, got = per_file.alias("base"), per_file.alias("got")
    pair = and_(got.c.case_id == base.c.case_id, base.c.line == of.value, got.c.line == Quantity.RECOVERED.value)
    asked = select(func.sum(got.c.high), func.sum(got.c.low)).join_from(base, got, pair)
    return _whole(*session.connection().execute(asked).one())


def money_by_file(
    session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None, code: str | None = None
) -> dict[str, dict[Quantity, int]]:
    """Per file code (or of one), every line that has a figure, in whole dong."""
    per_file = lines_by_file(viewer, as_of=as_of, known_at=known_at, code=code).subquery("per_file")
    asked = (
        select(col(Case.code), per_file.c.line, per_file.c.high, per_file.c.low)
        .join(per_file, per_file.c.case_id == col(Case.id))
        .order_by(col(Case.code))
    )
    found: dict[str, dict[Quantity, int]] = {}
    for code, line, high, low in session.connection().execute(asked):
        found.setdefault(code, {})[Quantity(line)] = _whole(high, low)
    return found
