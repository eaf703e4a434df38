"""Coordination requests: sent, received, answered, escalated, withdrawn, corrected. Each change is a new version."""

from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import text, update
from sqlmodel import Session, col, func, select

from models.changes._audit import record
from models.changes._request_draft import RequestDraft, checked, stated_reason
from models.changes._revision import raise_revisions
from models.changes._secrecy import refuse_words
from models.errors import Forbidden, LiemError, NotFound, StaleCase
from models.queries._visible import sees_request
from models.rules.access import Action, Viewer, may
from models.rules.words import Refusal, words
from models.tables import Agency, Case, CoordinationRequest

__all__ = [
    "RequestDraft", "StaleRequest", "cancel", "correct", "draft_of", "escalate", "may_reply", "note_receipt",
    "note_reply", "send_request",
]  # fmt: skip
CODES_LOCK = 0x11E7  # transaction lock on PostgreSQL: two requests at once do not take one number


class StaleRequest(StaleCase):
    """Somebody else changed the request since it was shown."""

    def __init__(self, code: str, version: int) -> None:
        said = words(
            "Somebody else changed the request {code} meanwhile. Look at it again, then enter your change.", code=code
        )
        LiemError.__init__(self, said)
        self.code, self.revision, self.changes = code, version, ()


def send_request(
    session: Session, viewer: Viewer, draft: RequestDraft, *, now: datetime, today: date
) -> CoordinationRequest:
    """Record a request under the next code of its year. Raises Forbidden, FieldErrors."""
    _may(viewer)
    tidy, values = checked(session, viewer, draft, today)
    if values["case_id"]:
        raise_revisions(session, {values["case_id"]})
    made = _insert(session, viewer, {**values, "code": _next_code(session, draft.sent_on.year)}, now)
    record(session, viewer, "request_sent", _subject(made.code, tidy), now=now, after=_told(made.code, tidy))
    return made


def note_receipt(
    session: Session, viewer: Viewer, code: str, *, version: int, received_on: date, now: datetime, today: date
) -> CoordinationRequest:
    """The agency asked has the request since that day. Raises Forbidden, NotFound, StaleCase, FieldErrors, Refusal."""
    current, draft = _current(session, viewer, code, version, answers=True)
    after = replace(draft, received_on=received_on)
    return _replace(session, viewer, current, draft, after, "request_received", "receipt recorded", now, today)


def note_reply(
    session: Session,
    viewer: Viewer,
    code: str,
    *,
    version: int,
    replied_on: date,
    document: str = "",
    summary: str = "",
    partial: bool = False,
    now: datetime,
    today: date,
) -> CoordinationRequest:
    """The answer came on that day, or a part of it. Raises Forbidden, NotFound, StaleCase, FieldErrors, Refusal."""
    current, draft = _current(session, viewer, code, version, answers=True)
    _refuse_cancelled(draft)
    after = replace(draft, replied_on=replied_on, reply_document=document, reply_summary=summary, partial=partial)
    return _replace(session, viewer, current, draft, after, "request_replied", "reply recorded", now, today)


def escalate(
    session: Session, viewer: Viewer, code: str, *, version: int, escalated_on: date, now: datetime, today: date
) -> CoordinationRequest:
    """The matter was put to the superior of the agency asked.

    Raises Forbidden, NotFound, StaleCase, FieldErrors, Refusal.
    """
    current, draft = _current(session, viewer, code, version)
    _refuse_cancelled(draft)
    if draft.replied_on and not draft.partial:
        raise Refusal(words("The request {code} is answered already: there is nothing to escalate.", code=code))
    after = replace(draft, escalated_on=escalated_on)
    return _replace(session, viewer, current, draft, after, "request_escalated", "escalated", now, today)


def cancel(
    session: Session,
    viewer: Viewer,
    code: str,
    *,
    version: int,
    cancelled_on: date,
    reason: str,
    now: datetime,
    today: date,
) -> CoordinationRequest:
    """The request was withdrawn. Raises Forbidden, NotFound, StaleCase, FieldErrors, Refusal."""
    current, draft = _current(session, viewer, code, version)
    after = replace(draft, cancelled_on=cancelled_on)
    return _replace(session, viewer, current, draft, after, "request_cancelled", stated_reason(reason), now, today)


def correct(
    session: Session,
    viewer: Viewer,
    code: str,
    *,
    version: int,
    draft: RequestDraft,
    reason: str,
    now: datetime,
    today: date,
) -> CoordinationRequest:
    """What was recorded was wrong: the old version is retracted with the reason, `draft` takes its place.

    Raises Forbidden, NotFound, StaleCase, FieldErrors, Refusal.
    """
    current, before = _current(session, viewer, code, version)
    return _replace(session, viewer, current, before, draft, "request_corrected", stated_reason(reason), now, today)


def draft_of(session: Session, viewer: Viewer, code: str) -> RequestDraft:
    """The current version as a form shows it. Raises Forbidden, NotFound."""
    return _draft(session, _found(session, viewer, code))


def _may(viewer: Viewer) -> None:
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("Only the secretariat may record coordination requests."))


def may_reply(viewer: Viewer, to_agency_id: int | None) -> bool:
    """Whether `viewer` may record that this agency received a request, and its answer."""
    return may(viewer, Action.RECORD) or (may(viewer, Action.ANSWER) and to_agency_id in viewer.agencies)


def _found(session: Session, viewer: Viewer, code: str, *, answers: bool = False) -> CoordinationRequest:
    """The request; `answers`: for a change that the agency asked may make itself."""
    if not (answers and may(viewer, Action.ANSWER)):
        _may(viewer)
    asked = select(CoordinationRequest).where(
        CoordinationRequest.code == code,
        col(CoordinationRequest.retracted_at).is_(None),
        sees_request(viewer),
    )
    found = session.exec(asked).first()
    if found is None:
        raise NotFound(words("There is no coordination request {code}.", code=repr(code)))
    if answers and not may_reply(viewer, found.to_agency_id):
        raise Forbidden(words("Only the agency that is asked, or the secretariat, records the answer."))
    return found


def _current(
    session: Session, viewer: Viewer, code: str, version: int, *, answers: bool = False
) -> tuple[CoordinationRequest, RequestDraft]:
    found = _found(session, viewer, code, answers=answers)
    if found.id != version:
        raise StaleRequest(code, found.id or 0)
    return found, _draft(session, found)


def _draft(session: Session, row: CoordinationRequest) -> RequestDraft:
    agencies = session.exec(
        select(Agency.id, Agency.code).where(col(Agency.id).in_([row.from_agency_id, row.to_agency_id]))
    )
    codes = dict(iter(agencies))
    file = session.get(Case, row.case_id) if row.case_id else None
    own = {
        each.name: getattr(row, each.name)
        for each in fields(RequestDraft)
        if each.name not in ("asks", "asked", "case_code")
    }
    return RequestDraft(
        **own, asks=codes[row.from_agency_id], asked=codes[row.to_agency_id], case_code=file.code if file else ""
    )


def _replace(
    session: Session,
    viewer: Viewer,
    current: CoordinationRequest,
    before: RequestDraft,
    after: RequestDraft,
    action: str,
    reason: str,
    now: datetime,
    today: date,
) -> CoordinationRequest:
    """Retract the version and put the next one in its place; whoever was faster wins."""
    tidy, values = checked(session, viewer, after, today)
    if values == {name: getattr(current, name) for name in values}:
        raise Refusal(words("Nothing would change: the request {code} says this already.", code=current.code))
    raise_revisions(session, {file for file in (current.case_id, values["case_id"]) if file})
    table = CoordinationRequest.__table__  # type: ignore[attr-defined]
    retracted = session.connection().execute(
        update(table)
        .where(table.c.id == current.id, table.c.retracted_at.is_(None))
        .values(retracted_at=now, retracted_by=viewer.account_id, retract_reason=reason)
    )
    if retracted.rowcount != 1:
        raise StaleRequest(current.code, current.id or 0)
    made = _insert(session, viewer, {**values, "code": current.code}, now)
    told = {**_told(current.code, tidy), "reason": reason}
    subject = _subject(current.code, tidy)
    record(session, viewer, action, subject, now=now, before=_told(current.code, before), after=told)
    return made


def _insert(session: Session, viewer: Viewer, values: dict[str, Any], now: datetime) -> CoordinationRequest:
    refuse_words(session, values["case_id"], "coordination_request", {}, whole="case_code")
    made = CoordinationRequest(**values, recorded_at=now, recorded_by=viewer.account_id)
    session.add(made)
    session.flush()
    return made


def _subject(code: str, draft: RequestDraft) -> str:
    return f"case:{draft.case_code}" if draft.case_code else f"coordination:{code}"


def _told(code: str, draft: RequestDraft) -> dict[str, Any]:
    return {"request": code, **{name: value for name, value in asdict(draft).items() if value not in ("", None, False)}}


def _next_code(session: Session, year: int) -> str:
    """PH-2026-014: the number after the highest one ever given in that year."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:k)"), {"k": CODES_LOCK})
    start, code = f"PH-{year}-", col(CoordinationRequest.code)
    latest = (
        select(CoordinationRequest.code).where(code.startswith(start)).order_by(func.length(code).desc(), code.desc())
    )
    number = (session.exec(latest.limit(1)).first() or "").removeprefix(start)
    return f"{start}{int(number) + 1 if number.isdecimal() else 1:03d}"


def _refuse_cancelled(draft: RequestDraft) -> None:
    if draft.cancelled_on:
        raise Refusal(words("The request was withdrawn on {day}: correct that first.", day=draft.cancelled_on))
