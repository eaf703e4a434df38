"""Who changed what, when, before, after, why: told from the versions of the facts, not from the audit chain."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlmodel import Session

from models.rules.access import Viewer
from models.rules.words import Value, Words


class Subject(StrEnum):
    """Which kind of fact a change is about."""

    DETAIL = "detail"
    EVENT = "event"
    ACCUSED = "accused"
    MONEY = "money"
    TASK = "task"
    DIFFICULTY = "difficulty"


class Deed(StrEnum):
    """What was done to a fact."""

    RECORDED = "recorded"
    REPLACED = "replaced"
    RETRACTED = "retracted"


class FieldChange(NamedTuple):
    """One field: its name in the table, its label, and its value before and after (None: nothing)."""

    field: str
    label: Words
    before: Value
    after: Value


class Change(NamedTuple):
    """One change of one fact. `who` is a login, empty for the installation itself; `fact_id` the row that holds after
    it (for a retraction: that held before); `told` the fact in a few words; `why` as written, empty for a first record.
    """

    at: datetime
    who: str
    subject: Subject
    deed: Deed
    fact_id: int
    told: Words
    fields: tuple[FieldChange, ...]
    why: str


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
