"""What one change of a fact was: who, when, before, after, why. Facts are versions, and a change lies between two."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from models.rules.words import Value, Words, words


class Subject(StrEnum):
    """Which kind of fact a change is about."""

    DETAIL = "detail"
    EVENT = "event"
    ACCUSED = "accused"
    MONEY = "money"
    TASK = "task"
    DIFFICULTY = "difficulty"
    SUPERVISION = "supervision"
    DOCUMENT = "document"
    REQUEST = "request"


class Deed(StrEnum):
    """What was done to a fact."""

    RECORDED = "recorded"
    REPLACED = "replaced"
    RETRACTED = "retracted"


DEEDS: dict[Deed, Words] = {
    Deed.RECORDED: words("recorded"),
    Deed.REPLACED: words("corrected"),
    Deed.RETRACTED: words("retracted"),
}


class FieldChange(NamedTuple):
    """One field: its name in the table, its label, and its value before and after (None: nothing)."""

    field: str
    label: Words
    before: Value
    after: Value


class Change(NamedTuple):
    """One change of one fact. `who` is a login, empty for the installation itself, and `name` what people call them;
    `fact_id` the row that holds after it (of a retraction: the row that held before); `told` the fact in a few words;
    `why` the reason given, if any.
    """

    at: datetime
    who: str
    subject: Subject
    deed: Deed
    fact_id: int
    told: Words
    fields: tuple[FieldChange, ...]
    why: Words | None
    name: str = ""
