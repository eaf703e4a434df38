"""Forms that somebody has begun: kept at every change, taken once when they are saved.

A draft is no fact. It leaves no row on the audit chain and does not raise the data version.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlmodel import Session, col, select

from models.changes._once import insert_or_ignore
from models.enums import Role
from models.errors import AlreadySaved, Forbidden
from models.queries.form_drafts import code_of
from models.rules.access import GRANTS, Action, Viewer, may
from models.rules.words import words
from models.settings import settings
from models.tables import Account, Case, FileSecrecy, FormDraft

UNSENT = col(FormDraft.submitted_at).is_(None)
LONGEST_VALUE = 20_000  # characters of one field that are kept


def keep(
    session: Session,
    viewer: Viewer,
    token: str,
    *,
    form: str,
    subject: str,
    values: dict[str, Any],
    revision: int | None,
    now: datetime,
) -> str:
    """Keep what is typed; the token under which it is kept, which is that of a draft begun in another window.

    A form that was submitted before keeps nothing, nor one about a file with a level of secrecy. Raises Forbidden.
    """
    _may(viewer)
    if viewer.account_id is None:
        return token
    kept = {"values": _short(values), "saved_at": now}
    if _is_submitted(session, token) or _secret(session, files_of(subject, values)):
        return token
    own = {"account_id": viewer.account_id, "form": form, "subject": subject}
    unsent = and_(*(col(getattr(FormDraft, name)) == value for name, value in own.items()), UNSENT)
    if _rows(session, update(FormDraft).where(unsent).values(**kept)):
        return session.exec(select(FormDraft.token).where(unsent)).one()
    forget_old(session, viewer, now=now)
    _insert(session, {**own, **kept, "token": token, "revision": revision})
    return token


def take(session: Session, viewer: Viewer, token: str, *, form: str, subject: str, now: datetime) -> None:
    """Use the form up in the transaction that saves it; what was typed is forgotten. Raises AlreadySaved, Forbidden.

    Of two submissions at once the second waits for the first and then finds it done.
    """
    _may(viewer)
    if viewer.account_id is None:
        return
    forget_old(session, viewer, now=now)
    used = {"values": {}, "saved_at": now, "submitted_at": now}
    if _rows(session, update(FormDraft).where(_mine(viewer, token)).values(**used)):
        return
    if _insert(session, {"account_id": viewer.account_id, "form": form, "subject": subject, "token": token, **used}):
        return
    at = session.exec(select(FormDraft.submitted_at).where(FormDraft.token == token)).first()
    raise AlreadySaved(words("This form was saved already at {time}.", time=at))


def rebase(session: Session, viewer: Viewer, token: str, *, revision: int) -> None:
    """The viewer has seen what a colleague saved: the draft goes on from that revision of the file."""
    _may(viewer)
    _rows(session, update(FormDraft).where(_mine(viewer, token)).values(revision=revision))


def discard(session: Session, viewer: Viewer, token: str) -> None:
    """Forget an unsent draft of the viewer; one that is not there is forgotten already."""
    _may(viewer)
    _rows(session, delete(FormDraft).where(_mine(viewer, token)))


def forget_about(session: Session, viewer: Viewer, code: str, others: Collection[str]) -> int:
    """Forget what anybody has begun to write about this file, or about its tasks and requests (their subjects are
    `others`), in forms that were not saved; how many. `viewer` is the lead who gives the file its level.
    """
    unsent = session.exec(select(FormDraft.id, FormDraft.subject, FormDraft.values).where(UNSENT))
    gone = [
        id
        for id, subject, values in unsent
        if code.upper() in files_of(subject, values) or subject.partition("/")[0] in others
    ]
    return _rows(session, delete(FormDraft).where(col(FormDraft.id).in_(gone))) if gone else 0


def files_of(subject: str, values: Mapping[str, Any]) -> set[str]:
    """The codes, in capitals, of the files that a form may be about: by its subject, or named alone in a field."""
    named = {" ".join(value.split()).upper() for value in values.values() if isinstance(value, str)}
    return {code for code in (code_of(subject).upper(), *named) if code}


def _secret(session: Session, codes: Collection[str]) -> bool:
    """Whether one of the files with these codes has a level of secrecy."""
    held = select(FileSecrecy.id).join(Case, col(Case.id) == FileSecrecy.case_id)
    return (
        session.exec(held.where(col(Case.code).in_(codes), col(FileSecrecy.retracted_at).is_(None))).first() is not None
    )


def forget_old(session: Session, viewer: Viewer, *, now: datetime) -> None:
    """Delete the drafts that are too old, and those of people who may record no more."""
    recorders = [role for role in Role if GRANTS[role] & {Action.RECORD, Action.ANSWER}]
    gone = select(Account.id).where(or_(col(Account.disabled_at).is_not(None), col(Account.role).not_in(recorders)))
    old = col(FormDraft.saved_at) < now - timedelta(days=settings().draft_days)
    _rows(session, delete(FormDraft).where(or_(old, col(FormDraft.account_id).in_(gone))))


def _may(viewer: Viewer) -> None:
    if not (may(viewer, Action.RECORD) or may(viewer, Action.ANSWER)):
        raise Forbidden(words("Only the secretariat may record facts of a file."))


def _mine(viewer: Viewer, token: str) -> ColumnElement[bool]:
    """The unsent draft of the viewer that has this token."""
    return and_(col(FormDraft.token) == token, col(FormDraft.account_id) == viewer.account_id, UNSENT)


def _is_submitted(session: Session, token: str) -> bool:
    submitted = select(FormDraft.id).where(FormDraft.token == token, col(FormDraft.submitted_at).is_not(None))
    return session.exec(submitted).first() is not None


def _insert(session: Session, row: dict[str, Any]) -> bool:
    """Whether the row was new."""
    statement = insert_or_ignore(session, FormDraft).values(**row).returning(col(FormDraft.id))
    return session.connection().execute(statement).first() is not None


def _rows(session: Session, statement: Any) -> int:
    """How many rows the statement changed."""
    return int(session.connection().execute(statement).rowcount)


def _short(value: Any) -> Any:
    """The same with no text longer than can be of use."""
    if isinstance(value, dict):
        return {name: _short(each) for name, each in value.items()}
    return value[:LONGEST_VALUE] if isinstance(value, str) else value
