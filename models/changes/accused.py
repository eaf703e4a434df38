"""The accused of a file, by pseudonymous code: a name must not get in."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.changes._fields import WHOLE, Fields, reason_given, shown
from models.changes._opened import Opened, open_file
from models.changes._versions import add, recorded, retract
from models.enums import AccusedStatus
from models.errors import CaseNotFound, FieldErrors, NotFound
from models.queries._visible import sees
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import Accused, Case, CaseEvent

_CODE = re.compile(r"[A-ZĐ]{1,4}[-./ ]?[0-9]{1,4}[A-Z]?")
_OWN = re.compile(r"BC-([0-9]{1,4})")


@dataclass(frozen=True)
class AccusedEntry:
    """One accused as a form gives it. `code`: letters and a number, BC-01; `official_level`: level of office."""

    code: str
    status: AccusedStatus
    status_on: date
    official_level: str = ""
    article: str = ""
    paragraph: str = ""


FIELDS = tuple(AccusedEntry.__dataclass_fields__)


def next_accused(session: Session, viewer: Viewer, code: str) -> str:
    """The code that the next accused of the file gets: BC-03. Raises CaseNotFound."""
    case_id = session.exec(select(Case.id).where(Case.code == code, sees(viewer))).first()
    if case_id is None:
        raise CaseNotFound(code)
    codes = session.exec(select(Accused.code).where(Accused.case_id == case_id)).all()
    numbers = [int(found[1]) for each in codes if (found := _OWN.fullmatch(each.upper()))]
    return f"BC-{max(numbers, default=0) + 1:02d}"


def add_accused(
    session: Session, viewer: Viewer, code: str, entry: AccusedEntry, *, revision: int, now: datetime, today: date
) -> Accused:
    """A new accused of file `code`. Raises Forbidden, CaseNotFound, StaleCase, FieldErrors."""
    file = open_file(session, viewer, code, revision=revision, now=now)
    fields = Fields(Accused)
    values = _read(fields, entry, today=today)
    _refuse_taken(file, fields, values["code"])
    fields.refuse()
    accused = add(session, Accused(**values, **recorded(file)))
    file.note("accused_recorded", after=shown(values, FIELDS))
    return accused


def correct_accused(
    session: Session,
    viewer: Viewer,
    code: str,
    accused: str,
    entry: AccusedEntry,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> Accused:
    """A new version of the accused with code `accused` of file `code`. Raises as `add_accused`, and NotFound."""
    file = open_file(session, viewer, code, revision=revision, now=now)
    old = _current(file, accused)
    fields = Fields(Accused)
    why = fields.reason(reason)
    values = _read(fields, entry, today=today)
    if values["code"] != old.code.upper():
        _refuse_taken(file, fields, values["code"])
        if _is_named(file, old.code):
            fields.wrong("code", words("Events name {code}: the code can change no more.", code=old.code))
    elif all(getattr(old, name) == value for name, value in values.items()):
        fields.wrong(WHOLE, words("Nothing is different: there is nothing to correct."))
    fields.refuse()
    before = shown(old, FIELDS)
    retract(file, old, why)
    new = add(session, Accused(**values, **recorded(file, old)))
    file.note("accused_corrected", before=before, after={**shown(values, FIELDS), "reason": why})
    return new


def retract_accused(
    session: Session,
    viewer: Viewer,
    code: str,
    accused: str,
    *,
    reason: str,
    revision: int,
    now: datetime,
    today: date,
) -> None:
    """The accused was recorded by mistake. Raises as `correct_accused`; FieldErrors "" while events name them."""
    file = open_file(session, viewer, code, revision=revision, now=now)
    old = _current(file, accused)
    why = reason_given(reason)
    if _is_named(file, old.code):
        said = words("Events name {code}: retract or correct those events first.", code=old.code)
        raise FieldErrors({WHOLE: said})
    retract(file, old, why)
    file.note("accused_retracted", before=shown(old, FIELDS), after={"reason": why})


def _read(fields: Fields, entry: AccusedEntry, *, today: date) -> dict[str, Any]:
    code = fields.line("code", entry.code).upper()
    if not _CODE.fullmatch(code):
        said = words("Write a code of letters and a number, as BC-01. Names of accused are not kept here.")
        fields.errors["code"] = said
    article, paragraph = fields.article("article", entry.article), fields.paragraph("paragraph", entry.paragraph)
    if paragraph and not article:
        fields.wrong("article", words("Give the article to which the paragraph belongs."))
    return {
        "code": code,
        "official_level": fields.line("official_level", entry.official_level),
        "status": fields.one_of("status", entry.status, AccusedStatus),
        "status_on": fields.past("status_on", entry.status_on, today),
        "article": article,
        "paragraph": paragraph,
    }


def _of_file(file: Opened, code: str) -> Any:
    asked = select(Accused).where(Accused.case_id == file.id, func.upper(Accused.code) == code.strip().upper())
    return asked.execution_options(populate_existing=True)


def _current(file: Opened, code: str) -> Accused:
    found = file.session.exec(_of_file(file, code).where(col(Accused.retracted_at).is_(None))).first()
    if found is None:
        raise NotFound(words("No accused of this file has the code {code}.", code=code))
    return found  # type: ignore[no-any-return]


def _refuse_taken(file: Opened, fields: Fields, code: str) -> None:
    """One accused per code."""
    if file.session.exec(_of_file(file, code).where(col(Accused.retracted_at).is_(None))).first() is not None:
        fields.wrong("code", words("This file has an accused {code} already.", code=code))


def _is_named(file: Opened, code: str) -> bool:
    """Whether an event that holds names this accused, by any version."""
    own = select(Accused.id).where(Accused.case_id == file.id, func.upper(Accused.code) == code.upper())
    asked = select(CaseEvent.id).where(
        CaseEvent.case_id == file.id, col(CaseEvent.retracted_at).is_(None), col(CaseEvent.accused_id).in_(own)
    )
    return file.session.exec(asked).first() is not None
