"""Who changed what, when, before, after, why: told from the versions of the facts, not from the audit chain."""

from datetime import datetime

from sqlmodel import Session

from models.rules.access import Viewer
from models.rules.versions import Change, Deed, FieldChange, Subject

__all__ = ["Change", "Deed", "FieldChange", "Subject", "changes_since", "history_of"]


def history_of(
    session: Session, viewer: Viewer, code: str, subject: Subject, *, fact_id: int = 0, field: str = ""
) -> tuple[Change, ...]:
    """The changes of a fact, newest first: all of the kind, those of the fact with `fact_id` through all its versions,
    or (details) those of one field. Raises CaseNotFound.
    """
    raise NotImplementedError


def changes_since(
    session: Session, viewer: Viewer, code: str, *, revision: int | None = None, at: datetime | None = None
) -> tuple[Change, ...]:
    """What changed in the file since it was shown at `revision`, or after the instant `at`, newest first.

    Raises CaseNotFound.
    """
    raise NotImplementedError
