"""Codes of files: the next of its kind and year, or one that is given; no two files share one."""

import re
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.changes._fields import TOO_LONG, Fields
from models.changes._once import insert_or_ignore
from models.changes._opened import Opened
from models.enums import Kind
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import Case, CaseDetail
from models.text import clean

PREFIXES = {Kind.CASE: "VA", Kind.INCIDENT: "VV"}
DIGITS = 3
TRIES = 50
_SOUND = re.compile(r"[A-ZĐ0-9][A-ZĐ0-9./-]*")


def next_free(session: Session, kind: Kind, year: int) -> str:
    """The code after the highest of this kind and year; a number is never given twice."""
    prefix = f"{PREFIXES[kind]}-{year}-"
    code = col(Case.code)
    longest_first = (
        select(Case.code)
        .where(code.startswith(prefix, autoescape=True))
        .order_by(func.length(code).desc(), code.desc())
    )
    numbers = (found[len(prefix) :] for found in session.exec(longest_first.limit(TRIES)))
    highest = next((int(number) for number in numbers if number.isascii() and number.isdigit()), 0)
    return f"{prefix}{highest + 1:0{DIGITS}d}"


def claim(
    session: Session, viewer: Viewer, fields: Fields, kind: Kind, code: str, *, now: datetime, year: int
) -> Opened:
    """A row for a new file with this code, or the next one for "". Raises FieldErrors at `code` (and what was wrong).

    Of two that take the same number at once, the second waits for the first and takes the next.
    """
    given = read_code(fields, code) if code.strip() else ""
    fields.refuse()
    if given:
        return _given(session, viewer, fields, given, now)
    for _ in range(TRIES):
        if opened := _insert(session, viewer, next_free(session, kind, year), now):
            return opened
    raise RuntimeError("No free code was found.")


def read_code(fields: Fields, code: str) -> str:
    """A code as it is kept: capitals, no blanks."""
    text = " ".join(clean(code).split()).upper()
    longest = Case.__table__.c.code.type.length  # type: ignore[attr-defined]
    if len(text) > longest:
        fields.wrong("code", words(TOO_LONG, length=len(text), longest=longest))
    if "code" not in fields.errors and not _SOUND.fullmatch(text):
        fields.wrong("code", words("A code has letters, digits, hyphens, dots and strokes only: VA-2026-015."))
    return text


def _given(session: Session, viewer: Viewer, fields: Fields, code: str, now: datetime) -> Opened:
    """The row with a code that was given; one that an import took back and left without a description is used again."""
    found = session.exec(select(Case.id, Case.code, Case.revision).where(func.upper(Case.code) == code)).first()
    opened = None if found else _insert(session, viewer, code, now)
    if found and found[0] and not _is_described(session, found[0]):
        opened = Opened(session, viewer, found[0], found[1], found[2], now)
    if opened is None:
        fields.wrong("code", words("Another file has the code {code}.", code=code))
        fields.refuse()
        raise AssertionError
    return opened


def _is_described(session: Session, case_id: int) -> bool:
    asked = select(CaseDetail.id).where(CaseDetail.case_id == case_id, col(CaseDetail.retracted_at).is_(None))
    return session.exec(asked).first() is not None


def _insert(session: Session, viewer: Viewer, code: str, now: datetime) -> Opened | None:
    row = {"code": code, "revision": 0, "created_at": now}  # raised to 1 with the first facts
    insert = insert_or_ignore(session, Case).values(**row).returning(col(Case.id))
    case_id = session.connection().execute(insert).scalar()
    return None if case_id is None else Opened(session, viewer, case_id, code, 0, now)
