"""The only place that decides, in SQL, who sees which files."""

from sqlalchemy import ColumnElement, false, true
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from models.rules.access import Action, Viewer, may
from models.tables import Case

__all__ = ["visible_cases", "visible_ids"]


def sees(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Case: true if, and only if, `viewer` may see the file."""
    return true() if may(viewer, Action.READ_FILES) else false()


def visible_cases(viewer: Viewer) -> SelectOfScalar[Case]:
    """The files `viewer` may see, and no others."""
    return select(Case).where(sees(viewer))


def visible_ids(viewer: Viewer) -> SelectOfScalar[int | None]:
    """The ids of the files `viewer` may see, for `IN` conditions on their facts."""
    return select(col(Case.id)).where(sees(viewer))
