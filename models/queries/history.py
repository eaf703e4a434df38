"""Who changed what, when, before, after, why: told from the versions of the facts, not from the audit chain."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, select

from models.errors import CaseNotFound
from models.queries._versions import KEPT, Teller, Versions, before_each, instants, versions
from models.queries._visible import sees
from models.queries.named import veil
from models.rules.access import Viewer
from models.rules.versions import Change, Deed, FieldChange, Subject
from models.tables import Case

__all__ = ["Change", "Deed", "FieldChange", "Subject", "changes_since", "history_of"]


def history_of(
    session: Session, viewer: Viewer, code: str, subject: Subject, *, fact_id: int = 0, field: str = ""
) -> tuple[Change, ...]:
    """The changes of a fact, newest first: all of the kind, those of the fact with `fact_id` through all its versions,
    or those of one field. Raises CaseNotFound.
    """
    case_id, _ = _file(session, viewer, code)
    rows = versions(session, viewer, case_id, subject)
    if fact_id:
        rows = _line(rows, subject, fact_id)
    changes = _seen(session, viewer, _newest_first(Teller(session).changes(rows, subject)))
    if not field:
        return changes
    own = (change._replace(fields=tuple(each for each in change.fields if each.field == field)) for change in changes)
    return tuple(change for change in own if change.fields)


def changes_since(
    session: Session, viewer: Viewer, code: str, *, revision: int | None = None, at: datetime | None = None
) -> tuple[Change, ...]:
    """What changed in the file since it was shown at `revision`, or after the instant `at`, newest first.

    Every change raises the revision and has an instant of its own. Raises CaseNotFound.
    """
    case_id, present = _file(session, viewer, code)
    every = {subject: versions(session, viewer, case_id, subject) for subject in Subject}
    if at is None:
        missed = present - (revision or 0)
        when = instants(every.values())
        if missed <= 0 or not when:
            return ()
        since = when[min(missed, len(when)) - 1]
    teller = Teller(session)
    changes = [change for subject, rows in every.items() for change in teller.changes(rows, subject)]
    late = (change for change in changes if (change.at > at if at is not None else change.at >= since))
    return _seen(session, viewer, _newest_first(late))


def _file(session: Session, viewer: Viewer, code: str) -> tuple[int, int]:
    found = session.exec(select(Case.id, Case.revision).where(Case.code == code, sees(viewer))).first()
    if found is None or found[0] is None:
        raise CaseNotFound(code)
    return found[0], found[1]


def _seen(session: Session, viewer: Viewer, changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """The changes without the codes of files that the viewer may not see."""
    fields = [field for change in changes for field in change.fields]
    seen = veil(session, viewer, [text for field in fields for text in (field.before, field.after)])
    if not seen.hidden:
        return changes
    return tuple(
        change._replace(
            fields=tuple(
                field._replace(before=seen.value(field.before), after=seen.value(field.after))
                for field in change.fields
            )
        )
        for change in changes
    )


def _line(rows: Versions, subject: Subject, fact_id: int) -> Versions:
    """The versions of one fact: those before and those after the one with this id."""
    before = before_each(rows, KEPT[subject])
    after = {row.id: later for later, row in before.items()}
    line = {fact_id}
    at = fact_id
    while at in before:
        at = before[at].id
        line.add(at)
    at = fact_id
    while at in after:
        at = after[at]
        line.add(at)
    return [row for row in rows if row.id in line]


def _newest_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(changes, key=lambda change: (change.at, change.fact_id), reverse=True))
