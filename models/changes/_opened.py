"""A file opened for a change: asked for as somebody who may, locked, and as it was when the form was shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, select

from models.changes._audit import record
from models.changes._revision import raise_revisions
from models.errors import CaseNotFound, Forbidden, StaleCase
from models.queries._visible import sees
from models.queries.history import changes_since
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import Case, CaseDetail


@dataclass(frozen=True)
class Opened:
    """A file in the hands of one change. `revision` is the one before it."""

    session: Session
    viewer: Viewer
    id: int
    code: str
    revision: int
    now: datetime

    def note(self, action: str, *, before: Any = None, after: Any = None) -> None:
        """The change is made: raise the revision and append its one row to the audit chain. Once per change."""
        self.touch()
        record(self.session, self.viewer, action, f"case:{self.code}", now=self.now, before=before, after=after)

    def touch(self) -> None:
        """Raise the revision of a file whose change another file's row tells."""
        raise_revisions(self.session, {self.id})


def may_record(viewer: Viewer) -> None:
    """Raises Forbidden for somebody who may not record facts of files."""
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("Only the secretariat may record facts of a file."))


def open_file(session: Session, viewer: Viewer, code: str, *, revision: int | None, now: datetime) -> Opened:
    """The file for a change by somebody who was shown it at `revision` (None: it was not shown).

    On PostgreSQL its row stays locked to the end of the transaction; SQLite's writers take turns anyway.
    Raises Forbidden, CaseNotFound, StaleCase.
    """
    may_record(viewer)
    described = exists().where(col(CaseDetail.case_id) == col(Case.id), col(CaseDetail.retracted_at).is_(None))
    asked = select(Case.id, Case.revision).where(Case.code == code, sees(viewer), described).with_for_update(of=Case)
    found = session.exec(asked).first()
    if found is None or found[0] is None:
        raise CaseNotFound(code)
    present = found[1]
    if revision is not None and revision != present:
        raise StaleCase(code, present, changes_since(session, viewer, code, revision=revision))
    return Opened(session, viewer, found[0], code, present, now)


def file_of(session: Session, viewer: Viewer, case_id: int) -> str | None:
    """The code of the file with this id; None for one that the viewer may not see."""
    return session.exec(select(Case.code).where(Case.id == case_id, sees(viewer))).first()
