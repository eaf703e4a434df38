"""What a coordination request says, and what of it is refused, field by field."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, func, select

from models.enums import CoordinationKind
from models.errors import FieldErrors
from models.queries._visible import sees
from models.rules.access import Viewer
from models.rules.words import Refusal, Words, words
from models.tables import Agency, Case
from models.text import clean

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)
TEXTS = {"document": 200, "subject": 2000, "legal_basis": 500, "reply_document": 200, "reply_summary": 2000}
REASON_LENGTH = 500


@dataclass(frozen=True, kw_only=True)
class RequestDraft:
    """What a request says. `case_code` is empty for one about no file; agencies are codes."""

    asks: str
    asked: str
    kind: CoordinationKind
    subject: str
    sent_on: date
    document: str = ""
    document_on: date | None = None
    case_code: str = ""
    legal_basis: str = ""
    urgent: bool = False
    received_on: date | None = None
    due_on: date | None = None
    replied_on: date | None = None
    reply_document: str = ""
    reply_summary: str = ""
    partial: bool = False
    escalated_on: date | None = None
    cancelled_on: date | None = None


def checked(session: Session, viewer: Viewer, draft: RequestDraft, today: date) -> tuple[RequestDraft, dict[str, Any]]:
    """The draft with its texts cleaned, and the columns of its row. Raises FieldErrors: a sentence per wrong field."""
    texts: dict[str, Any] = {name: clean(getattr(draft, name)) for name in (*TEXTS, "case_code")}
    tidy = replace(draft, **texts)
    problems = dict(problems_of(tidy, today))
    links: dict[str, Any] = {"case_id": None}
    for name, column in (("asks", "from_agency_id"), ("asked", "to_agency_id")):
        code = getattr(tidy, name)
        links[column] = session.exec(select(Agency.id).where(Agency.code == code)).first()
        if links[column] is None:
            problems[name] = _no_agency(name, code)
    if tidy.case_code:
        if file := _file(session, viewer, tidy.case_code):
            links["case_id"], tidy = file[0], replace(tidy, case_code=file[1])
        else:
            problems["case_code"] = words("File: none open to you has the code {code}.", code=tidy.case_code)
    if problems:
        raise FieldErrors(problems)
    own = {name: value for name, value in asdict(tidy).items() if name not in ("asks", "asked", "case_code")}
    return tidy, {**own, **links}


def _no_agency(name: str, code: str) -> Words:
    if code:
        return words("Agency: there is none with the code {code}.", code=repr(code))
    if name == "asks":
        return words("Agency: choose the one that asks.")
    return words("Agency: choose the one whose answer is awaited.")


def _file(session: Session, viewer: Viewer, code: str) -> tuple[int | None, str] | None:
    """Id and code of the file, however its code is typed."""
    asked = select(Case.id, Case.code).where(sees(viewer))
    exactly = session.exec(asked.where(Case.code == code)).first()
    return exactly or session.exec(asked.where(func.upper(Case.code) == code.upper())).first()


def problems_of(draft: RequestDraft, today: date) -> Iterator[tuple[str, Words]]:
    """Field and sentence."""
    if not draft.subject:
        yield "subject", words("Subject: say what is asked for.")
    for name, most in TEXTS.items():
        if len(getattr(draft, name)) > most:
            yield name, words("{field}: more than {n} characters.", field=_NAMES[name], n=most)
    if draft.asks and draft.asks == draft.asked:
        yield "asked", words("Agency: an agency does not ask itself. Choose another one to answer.")
    if draft.replied_on is None and (draft.reply_document or draft.reply_summary or draft.partial):
        yield "replied_on", words("{field}: enter the day on which the reply came.", field=_NAMES["replied_on"])
    for name in ("document_on", "sent_on", "received_on", "due_on", "replied_on", "escalated_on", "cancelled_on"):
        day = getattr(draft, name)
        if day is not None and (problem := _wrong_day(draft, name, day, today)):
            yield name, problem


def _wrong_day(draft: RequestDraft, name: str, day: date, today: date) -> Words | None:
    """A day lies between 1990 and today, and not before the request was sent; the paper's own not after it."""
    field, sent = _NAMES[name], draft.sent_on
    if not FIRST_DAY <= day <= (LAST_DAY if name == "due_on" else today):
        last = LAST_DAY if name == "due_on" else today
        return words("{field}: {day} does not lie between {first} and {last}.",
                     field=field, day=day, first=FIRST_DAY, last=last)  # fmt: skip
    if name == "document_on":
        after = words("{field}: {day} is after the request was sent on {sent}.", field=field, day=day, sent=sent)
        return after if day > sent else None
    before = words("{field}: {day} is before the request was sent on {sent}.", field=field, day=day, sent=sent)
    return before if day < sent else None


_NAMES: dict[str, Words] = {
    "document": words("Number and symbol"),
    "subject": words("Subject"),
    "legal_basis": words("Legal basis"),
    "reply_document": words("Document of the reply"),
    "reply_summary": words("Summary of the reply"),
    "document_on": words("Date of the document"),
    "sent_on": words("Sent on"),
    "received_on": words("Received on"),
    "due_on": words("Reply asked for by"),
    "replied_on": words("Reply received on"),
    "escalated_on": words("Escalated on"),
    "cancelled_on": words("Withdrawn on"),
}


def stated_reason(given: str) -> str:
    why = clean(given)
    if not why:
        raise Refusal(words("Reason: say why."))
    if len(why) > REASON_LENGTH:
        raise Refusal(words("{field}: more than {n} characters.", field=words("Reason"), n=REASON_LENGTH))
    return why
