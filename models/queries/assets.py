"""Recovery file by file: what was damaged, must be recovered, is secured, was recovered and is outstanding."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, Select, String, and_, case, func, select, type_coerce
from sqlmodel import Session, col

from models.enums import Quantity
from models.queries.facts import known
from models.queries.money import SPLIT, lines_of_files
from models.rules.access import Viewer
from models.tables import Case, CaseDetail

SHOWN = (Quantity.DAMAGE, Quantity.MUST_RECOVER, Quantity.ELIGIBLE, Quantity.SECURED, Quantity.RECOVERED)


class RecoveryRow(NamedTuple):
    """The amounts of one file on a day, in whole dong; None where no figure is known, which is not zero."""

    code: str
    title: str
    title_en: str
    damage_vnd: int | None
    must_recover_vnd: int | None
    eligible_vnd: int | None
    secured_vnd: int | None
    recovered_vnd: int | None

    @property
    def outstanding_vnd(self) -> int | None:
        """What is still to be recovered; None if it is not known how much had to be."""
        return None if self.must_recover_vnd is None else self.must_recover_vnd - (self.recovered_vnd or 0)


class RecoveryPage(NamedTuple):
    """One page of the list, and how many files it has in all."""

    rows: tuple[RecoveryRow, ...]
    total: int


def recovery_page(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    page: int = 1,
    size: int | None = 50,
) -> RecoveryPage:
    """Files, open or ended, with any of these amounts: the most outstanding first, those without a debt last.

    `size` None gives every file.
    """
    per_file = _per_file(lines_of_files(session, viewer, as_of, known_at)).subquery("amounts")
    run = session.connection()
    total = run.execute(select(func.count()).select_from(per_file)).scalar_one()
    detail = and_(col(CaseDetail.case_id) == col(Case.id), known(CaseDetail, known_at))
    asked = (
        select(col(Case.code), col(CaseDetail.title), col(CaseDetail.title_en), *_pairs(per_file))
        .select_from(per_file)
        .join(Case, col(Case.id) == per_file.c.case_id)
        .outerjoin(CaseDetail, detail)
        .order_by(*_most_outstanding_first(per_file), col(Case.code))
    )
    if size:
        asked = asked.limit(size).offset((page - 1) * size)
    return RecoveryPage(tuple(_row(found) for found in run.execute(asked)), total)


def _per_file(lines: FromClause) -> Select[Any]:
    """One row per file; an amount stands in two columns (high * SPLIT + low), so that no sum runs over."""
    line = type_coerce(lines.c.line, String)
    columns = [
        func.max(case((line == quantity.value, lines.c[half]))).label(f"{quantity.value}_{half}")
        for quantity in SHOWN
        for half in ("high", "low")
    ]
    wanted = line.in_([quantity.value for quantity in SHOWN])
    return select(lines.c.case_id, *columns).where(wanted).group_by(lines.c.case_id)


def _pairs(per_file: Any) -> list[ColumnElement[Any]]:
    return [per_file.c[f"{quantity.value}_{half}"] for quantity in SHOWN for half in ("high", "low")]


def _most_outstanding_first(per_file: Any) -> tuple[ColumnElement[Any], ...]:
    must, got = Quantity.MUST_RECOVER.value, Quantity.RECOVERED.value
    high = per_file.c[f"{must}_high"] - func.coalesce(per_file.c[f"{got}_high"], 0)
    low = per_file.c[f"{must}_low"] - func.coalesce(per_file.c[f"{got}_low"], 0)
    return case((per_file.c[f"{must}_high"].is_(None), 1), else_=0), (high * SPLIT + low).desc()


def _row(found: Any) -> RecoveryRow:
    code, title, title_en, *halves = found
    amounts = [
        None if high is None else int(high) * SPLIT + int(low)
        for high, low in zip(halves[::2], halves[1::2], strict=True)
    ]
    return RecoveryRow(code, title or "", title_en or "", *amounts)
