"""The recovery ledger summed: what is known of each quantity on a day (asset_recovery: security is never recovery).

Quantities come in lines: a total and its parts. On a day, a line of a file is worth the latest reading of its total and
the movements of the line after that reading; without a reading of the total, its parts are taken each by the same rule
and added. An event that carries an amount (money returned, assets seized or released) is a movement of its line.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlmodel import Session, col

from models.enums import EntryKind, EventKind, Quantity
from models.queries._visible import sees_file
from models.queries.facts import known
from models.queries.judged import is_fresh, scan_state, stale
from models.rules.access import Viewer
from models.tables import Case, CaseEvent, MoneyEntry, MoneyLine

SPLIT = 10**9
SUMMED_HERE = 5000  # files whose stored lines do not stand; when there are more, all are summed anew
Only = str | Collection[int] | None  # the code of a file, the ids of some, or None for all

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


# what a recovery rate may be divided by
DENOMINATORS = (Quantity.MUST_RECOVER, Quantity.ELIGIBLE)


class LineSum(NamedTuple):
    """One line over all files: the sum in whole dong, and how many files have any figure of it."""

    amount_vnd: int
    files: int


class LedgerSums(NamedTuple):
    """Every line (a line without any figure is 0 over 0 files), and the numerators of the rates.

    `against[q]`: what was recovered in the files that have a figure of `q`, the numerator that belongs to it.
    """

    lines: dict[Quantity, LineSum]
    against: dict[Quantity, int]


def _movements_of_events(viewer: Viewer, as_of: date, known_at: datetime | None, only: Only) -> Any:
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
        *_only(viewer, CaseEvent.case_id, only),
    )


def _entries(viewer: Viewer, as_of: date, known_at: datetime | None, only: Only) -> Any:
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
        *_only(viewer, MoneyEntry.case_id, only),
    )


def _only(viewer: Viewer, case_id: Any, only: Only) -> list[Any]:
    found = [] if viewer.sees_everything else [sees_file(viewer, col(case_id))]
    if isinstance(only, str):
        found.append(col(case_id).in_(select(col(Case.id)).where(col(Case.code) == only)))
    elif only is not None:
        found.append(col(case_id).in_(only))
    return found


def _counted(viewer: Viewer, as_of: date, known_at: datetime | None, only: Only) -> Subquery:
    """The rows of the ledger that count on the day, each with its line, read in one pass."""
    rows = union_all(
        _entries(viewer, as_of, known_at, only), _movements_of_events(viewer, as_of, known_at, only)
    ).subquery("rows")
    line = case(
        *((rows.c.quantity == part.value, literal(total.value)) for part, total in LINES.items()),
        else_=rows.c.quantity,
    )
    is_reading = rows.c.kind == EntryKind.READING.value
    newest = func.row_number().over(
        partition_by=(rows.c.case_id, rows.c.quantity, rows.c.kind),
        order_by=(rows.c.happened_on.desc(), rows.c.id.desc()),
    )
    reading_on = func.max(case((is_reading, rows.c.happened_on))).over(partition_by=(rows.c.case_id, rows.c.quantity))
    total_on = func.max(case((and_(is_reading, rows.c.quantity == line), rows.c.happened_on))).over(
        partition_by=(rows.c.case_id, line)
    )
    placed = select(
        rows,
        line.label("line"),
        newest.label("newest"),
        reading_on.label("reading_on"),
        total_on.label("total_on"),
    ).subquery("placed")
    no_total = placed.c.total_on.is_(None)
    reading_counts = and_(
        placed.c.kind == EntryKind.READING.value,
        placed.c.newest == 1,
        or_(placed.c.quantity == placed.c.line, no_total),
    )
    later_than_part = or_(placed.c.reading_on.is_(None), placed.c.happened_on > placed.c.reading_on)
    movement_counts = and_(
        placed.c.kind == EntryKind.MOVEMENT.value,
        or_(placed.c.happened_on > placed.c.total_on, and_(no_total, later_than_part)),
    )
    return select(placed).where(or_(reading_counts, movement_counts)).subquery("counted")


def _whole(high: Any, low: Any) -> int:
    """A sum taken in two parts, so that no database's integer can run over."""
    return int(high or 0) * SPLIT + int(low or 0)


def ledger_sums(session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None) -> LedgerSums:
    """Every line summed over the visible files, open or ended, and what was recovered where a denominator is known."""
    known_lines = lines_of_files(session, viewer, as_of, known_at)
    has = {
        of: func.max(case((type_coerce(known_lines.c.line, String) == of.value, 1), else_=0)).over(
            partition_by=known_lines.c.case_id
        )
        for of in DENOMINATORS
    }
    rows = select(
        type_coerce(known_lines.c.line, String).label("line"),
        known_lines.c.high,
        known_lines.c.low,
        *(flag.label(f"has_{of}") for of, flag in has.items()),
    ).subquery("rows")
    parts_of = (
        case((rows.c[f"has_{of}"] == 1, part), else_=0) for of in DENOMINATORS for part in (rows.c.high, rows.c.low)
    )
    asked = select(
        rows.c.line, func.count(), func.sum(rows.c.high), func.sum(rows.c.low), *(func.sum(part) for part in parts_of)
    ).group_by(rows.c.line)
    lines = {line: LineSum(0, 0) for line in Quantity if line not in LINES}
    against = dict.fromkeys(DENOMINATORS, 0)
    for line, files, high, low, *parts in session.connection().execute(asked):
        lines[Quantity(line)] = LineSum(_whole(high, low), files)
        if line == Quantity.RECOVERED:
            against = {of: _whole(*parts[2 * n : 2 * n + 2]) for n, of in enumerate(DENOMINATORS)}
    return LedgerSums(lines, against)


def lines_by_file(
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    code: str | None = None,
    ids: Collection[int] | None = None,
) -> Select[Any]:
    """SELECT of (case_id, line, high, low): one row per file and line with a figure, worth high * SPLIT + low.

    Of the file `code` or of the files `ids` only.
    """
    rows = _counted(viewer, as_of, known_at, code if ids is None else ids)
    high, low = func.sum(rows.c.amount // SPLIT), func.sum(rows.c.amount % SPLIT)
    return select(rows.c.case_id, rows.c.line, high.label("high"), low.label("low")).group_by(
        rows.c.case_id, rows.c.line
    )


def lines_of_files(session: Session, viewer: Viewer, as_of: date, known_at: datetime | None) -> FromClause:
    """The lines of every visible file: those the scan wrote where they stand, else summed here."""
    old: dict[int, int] | None = {} if known_at is None and is_fresh(session, as_of) else None
    if known_at is None and old is None and scan_state(session):
        old = stale(session, viewer, as_of)
    if old is None or len(old) > SUMMED_HERE:
        return lines_by_file(viewer, as_of=as_of, known_at=known_at).subquery("lines")
    line = type_coerce(MoneyLine.line, String).label("line")
    stored = select(col(MoneyLine.case_id), line, col(MoneyLine.high), col(MoneyLine.low))
    stored = stored.where(*_only(viewer, MoneyLine.case_id, None))
    if not old:
        return stored.subquery("lines")
    ids = list(old)
    summed = lines_by_file(viewer, as_of=as_of, ids=ids)
    return union_all(stored.where(col(MoneyLine.case_id).not_in(ids)), summed).subquery("lines")


def money_by_file(
    session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None, code: str | None = None
) -> dict[str, dict[Quantity, int]]:
    """Per file code (or of one), every line that has a figure, in whole dong."""
    lines = lines_by_file(viewer, as_of=as_of, known_at=known_at, code=code).subquery("lines")
    asked = (
        select(col(Case.code), lines.c.line, lines.c.high, lines.c.low)
        .join(lines, lines.c.case_id == col(Case.id))
        .order_by(col(Case.code))
    )
    found: dict[str, dict[Quantity, int]] = {}
    for own, line, high, low in session.connection().execute(asked):
        found.setdefault(own, {})[Quantity(line)] = _whole(high, low)
    return found
