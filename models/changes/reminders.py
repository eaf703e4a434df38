"""The outbox: what is put to whom, once a day, and what became of each mail."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from models.changes._audit import record
from models.changes._once import insert_or_ignore
from models.errors import Forbidden
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import OutboxMail, Reminder

CHUNK = 500  # rows per INSERT: below every database's limit of parameters

Compose = Callable[[str, frozenset[str]], tuple[str, str]]  # recipient, obligations → subject, body


def queue(
    session: Session,
    viewer: Viewer,
    due: Mapping[str, Sequence[str]],
    compose: Compose,
    *,
    job: str,
    slot: str,
    day: date,
    now: datetime,
) -> dict[str, int]:
    """Put one mail per recipient into the outbox with the obligations that were not put to them on `day` before.

    `due`: recipient → keys of obligations. Returns how many `mails` and `obligations` were queued, and how many were
    `already` put that day; a recipient with nothing new gets no mail. Raises Forbidden.
    """
    _may_send(viewer)
    counts = {"mails": 0, "obligations": 0, "already": 0}
    for recipient, keys in due.items():
        new = _claim(session, recipient, keys, day)
        counts["already"] += len(set(keys)) - len(new)
        if not new:
            continue
        subject, body = compose(recipient, new)
        mail = OutboxMail(job=job, slot=slot, recipient=recipient, subject=subject, body=body, created_at=now)
        session.add(mail)
        session.flush()
        _link(session, recipient, day, mail.id)
        counts["mails"] += 1
        counts["obligations"] += len(new)
    if counts["mails"]:
        _record(session, viewer, "reminders.queued", f"job:{job}:{slot}", counts, now)
    return counts


def take(session: Session, viewer: Viewer, mail_id: int, *, tries: int, now: datetime) -> bool:
    """Begin a try to send a mail that was seen after `tries` tries; False if somebody else was faster.

    Commit before sending: the row then says that a try is under way. Raises Forbidden.
    """
    _may_send(viewer)
    return _change(session, mail_id, col(OutboxMail.tries) == tries, tries=tries + 1, tried_at=now, last_error="")


def mark_sent(session: Session, viewer: Viewer, mail_id: int, *, now: datetime) -> None:
    """The mail server has accepted the mail. Raises Forbidden."""
    _may_send(viewer)
    if _change(session, mail_id, sent_at=now, last_error=""):
        _record(session, viewer, "mail.sent", f"mail:{mail_id}", None, now)


def mark_not_sent(session: Session, viewer: Viewer, mail_id: int, *, reason: str) -> None:
    """The try failed, for `reason` (which holds no secret); the mail stays and is tried again. Raises Forbidden."""
    _may_send(viewer)
    _change(session, mail_id, last_error=reason[:500] or "?")


def _may_send(viewer: Viewer) -> None:
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only the secretariat may send reminders."))


def _claim(session: Session, recipient: str, keys: Sequence[str], day: date) -> frozenset[str]:
    """The obligations among `keys` that nobody had put to `recipient` on `day`; from now on they are."""
    claimed: set[str] = set()
    for part in _chunks(sorted(set(keys))):
        rows = [{"obligation": key, "recipient": recipient, "day": day} for key in part]
        insert = insert_or_ignore(session, Reminder).values(rows).returning(col(Reminder.obligation))
        claimed.update(session.connection().execute(insert).scalars())
    return frozenset(claimed)


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _link(session: Session, recipient: str, day: date, mail_id: int | None) -> None:
    session.connection().execute(
        update(Reminder)
        .where(col(Reminder.recipient) == recipient, col(Reminder.day) == day, col(Reminder.mail_id).is_(None))
        .values(mail_id=mail_id)
    )


def _change(session: Session, mail_id: int, *conditions: Any, **values: Any) -> bool:
    changed = session.connection().execute(
        update(OutboxMail)
        .where(col(OutboxMail.id) == mail_id, col(OutboxMail.sent_at).is_(None), *conditions)
        .values(**values)
    )
    return bool(changed.rowcount)


def _record(
    session: Session, viewer: Viewer, action: str, subject: str, after: dict[str, int] | None, now: datetime
) -> None:
    """Append the audit row. A mail changes no figure, so the data version stays."""
    changed = session.info.get("changed", False)
    record(session, viewer, action, subject, now=now, after=after)
    session.info["changed"] = changed
