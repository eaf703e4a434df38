"""The ledger of the day, line by line, for every file: the money on the overview need not be summed again."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select
from sqlmodel import Session

from models.queries.money import lines_by_file
from models.rules.access import SYSTEM
from models.tables import Case, MoneyLine

CHUNK = 2000
MOST_OF = 0.25  # of the files: when more than that may have changed, one comparison of all is quicker
COLUMNS = ("case_id", "line", "high", "low")


def write(session: Session, ids: Collection[int], *, as_of: date) -> None:
    """Bring the stored lines of these files to what they are on `as_of`."""
    table = MoneyLine.__table__  # type: ignore[attr-defined]
    kept = select(*(table.c[name] for name in COLUMNS))
    files = session.connection().execute(select(func.count()).select_from(Case)).scalar() or 0
    if len(ids) > MOST_OF * files:
        _bring(session, kept, lines_by_file(SYSTEM, as_of=as_of))
        return
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        some = ordered[start : start + CHUNK]
        _bring(session, kept.where(table.c.case_id.in_(some)), lines_by_file(SYSTEM, as_of=as_of, ids=some))


def _bring(session: Session, kept: Any, day: Any) -> None:
    table, run = MoneyLine.__table__, session.connection()  # type: ignore[attr-defined]
    stood = {tuple(row) for row in run.execute(kept)}
    now = {tuple(row) for row in run.execute(day)}
    if gone := stood - now:
        lines = [{"file": row[0], "name": row[1]} for row in gone]
        run.execute(delete(table).where(table.c.case_id == bindparam("file"), table.c.line == bindparam("name")), lines)
    if new := sorted(now - stood):
        run.execute(insert(table), [dict(zip(COLUMNS, row, strict=True)) for row in new])
