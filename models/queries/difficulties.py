"""What stands in the way of a file, and what was proposed about it: open ones first, newest first."""

from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from models.enums import DifficultyKind
from models.queries._visible import sees
from models.queries.facts import known
from models.rules.access import Viewer
from models.tables import Case
from models.tables.difficulty import Difficulty


class DifficultyRow(NamedTuple):
    """One difficulty or proposal as it is known; `settled_on` None: still open."""

    id: int
    kind: DifficultyKind
    text: str
    raised_on: date
    raised_by: str
    addressed_to: str
    answer: str
    settled_on: date | None


def difficulties(session: Session, viewer: Viewer, code: str, *, as_of: date) -> list[DifficultyRow]:
    """Those of the file raised up to `as_of`; one settled later counts as open then."""
    asked = (
        select(Difficulty)
        .join(Case, col(Case.id) == Difficulty.case_id)
        .where(Case.code == code, sees(viewer), known(Difficulty, None), Difficulty.raised_on <= as_of)
        .order_by(col(Difficulty.raised_on).desc(), col(Difficulty.id).desc())
    )
    rows = [
        DifficultyRow(
            row.id or 0, row.kind, row.text, row.raised_on, row.raised_by, row.addressed_to, row.answer,
            row.settled_on if row.settled_on and row.settled_on <= as_of else None,
        )
        for row in session.exec(asked)
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.settled_on is not None)
