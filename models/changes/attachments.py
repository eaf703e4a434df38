"""Attach a document to a file, or take it off: its metadata always, its content only where it may be kept."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePath
from typing import Any

from sqlmodel import Session

from models import store
from models.changes._audit import record
from models.changes._opened import may_record, open_file
from models.changes._secrecy import refuse_words
from models.enums import Secrecy
from models.errors import FieldErrors, NotFound
from models.queries.attachments import attachment
from models.rules.access import Action, Viewer, may
from models.rules.documents import media_type_of
from models.rules.words import Refusal, Words, words
from models.settings import settings
from models.tables import Attachment
from models.text import clean

MEGABYTE = 2**20
EARLIEST = date(1990, 1, 1)
LENGTHS = {"number": 200, "title": 500, "body": 200, "holder": 200}
REASON_LENGTH = 500


@dataclass(frozen=True)
class Document:
    """What is said of a document; `content` None: only its metadata is known here."""

    number: str = ""
    dated_on: date | None = None
    title: str = ""
    body: str = ""
    secrecy: Secrecy = Secrecy.NONE
    holder: str = ""
    file_name: str = ""
    content: bytes | None = None


def attach(
    session: Session,
    viewer: Viewer,
    code: str,
    document: Document,
    *,
    now: datetime,
    today: date,
    folder: Path | None = None,
) -> Attachment:
    """Register `document` with the file `code` and keep its content in the store.

    The content is on disk before the row is written: a row never names a content that is not there. Raises Forbidden,
    CaseNotFound, FieldErrors.
    """
    may_record(viewer)
    said = {name: clean(getattr(document, name)) for name in LENGTHS}
    kind = _checked(document, said, today)
    opened = open_file(session, viewer, code, revision=None, now=now)
    content = document.content
    if not viewer.is_cleared(document.secrecy):
        raise FieldErrors({"secrecy": words("Your own clearance does not reach this level.")})
    said_of_it = {**said, "file_name": document.file_name if content else "", "sha256": "content" if content else ""}
    refuse_words(session, opened.id, "attachment", said_of_it)
    row = Attachment(
        case_id=opened.id,
        number=said["number"],
        title=said["title"],
        body=said["body"],
        holder=said["holder"],
        dated_on=document.dated_on,
        secrecy=document.secrecy,
        file_name=_plain_name(document.file_name) if content else "",
        media_type=kind,
        size=len(content) if content else 0,
        sha256=store.put(content, into=folder) if content else "",
        recorded_at=now,
        recorded_by=viewer.account_id,
    )
    session.add(row)
    session.flush()
    opened.note("document_attached", after=_content(row))
    return row


def take_off(session: Session, viewer: Viewer, attachment_id: int, *, reason: str, now: datetime) -> None:
    """The document was attached wrongly: it is retracted; its content stays in the store for the proof.

    Raises Forbidden, NotFound, Refusal.
    """
    may_record(viewer)
    why = clean(reason)
    if not why:
        raise Refusal(words("Say why the document is taken off."))
    if len(why) > REASON_LENGTH:
        raise Refusal(words("The reason has more than {n} characters.", n=REASON_LENGTH))
    row, code = attachment(session, viewer, attachment_id)
    opened = open_file(session, viewer, code, revision=None, now=now)
    row, _ = attachment(session, viewer, attachment_id)  # the file is locked now: it may just have been taken off
    row.retracted_at, row.retracted_by, row.retract_reason = now, viewer.account_id, why
    session.add(row)
    opened.note("document_taken_off", before=_content(row), after={"reason": why})


def note_download(session: Session, viewer: Viewer, attachment_id: int, *, now: datetime) -> Attachment:
    """The document for a viewer who may read its file, with a row on the audit chain. Raises NotFound."""
    if not may(viewer, Action.READ_FILES):
        raise NotFound(words("There is no such document."))
    row, code = attachment(session, viewer, attachment_id)
    if not row.sha256:
        raise NotFound(words("There is no such document."))
    changed = session.info.get("changed", False)
    record(session, viewer, "document_read", f"case:{code}", now=now, after={"document": row.id, "sha256": row.sha256})
    session.info["changed"] = changed  # reading changes no fact
    return row


def _checked(document: Document, said: dict[str, str], today: date) -> str:
    """The media type of the content, "" without one. Raises FieldErrors with what is wrong at each field."""
    wrong: dict[str, Words] = {}
    for name, longest in LENGTHS.items():
        if len(said[name]) > longest:
            wrong[name] = words("At most {n} characters.", n=longest)
    if not said["number"] and not said["title"]:
        wrong["number"] = words("Give the document's number or its title.")
    if document.dated_on and not EARLIEST <= document.dated_on <= today:
        wrong["dated_on"] = words("The day must lie between {first} and today, {last}.", first=EARLIEST, last=today)
    kind = _content_type(document, wrong)
    if document.secrecy is not Secrecy.NONE:
        _check_secret(document, said, wrong)
    if wrong:
        raise FieldErrors(wrong)
    return kind


def _content_type(document: Document, wrong: dict[str, Words]) -> str:
    content = document.content
    if content is None:
        return ""
    limit = settings().max_attachment_mb
    kind = media_type_of(document.file_name, content)
    if len(content) > limit * MEGABYTE:
        wrong["content"] = words("The document is larger than {n} MB.", n=limit)
    elif kind is None:
        wrong["content"] = words(
            "Only PDF, Word (.docx), Excel (.xlsx) without macros, PNG and JPEG can be attached, and the name must say "
            "what the document is."
        )
    return kind or ""


def _check_secret(document: Document, said: dict[str, str], wrong: dict[str, Words]) -> None:
    """Of a secret only number, date, level and holder are kept."""
    if document.content is not None:
        wrong["content"] = words("A document with a secrecy level is never attached; keep the paper with its holder.")
    for name in ("title", "body"):
        if said[name]:
            wrong[name] = words("Of a document with a secrecy level only number, date, level and holder are kept.")
    if not said["holder"]:
        wrong["holder"] = words("Say which office keeps the document.")
    if not said["number"]:
        wrong["number"] = words("Give the document's number.")


def _plain_name(name: str) -> str:
    """The file's own name, without folders of any system."""
    plain = clean(PurePath(name.replace("\\", "/")).name)
    return plain[-200:]


def _content(row: Attachment) -> dict[str, Any]:
    return {"document": row.id, **{name: getattr(row, name) for name in (*LENGTHS, "dated_on", "secrecy", "sha256")}}
