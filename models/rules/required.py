"""What a complete record has: one table for the forms, which ask for it, and for the data-quality score.

Nothing here is forced: a record that lacks a field is kept, and it is asked for. Source: docs/sources.md#required
"""

from collections.abc import Mapping
from typing import NamedTuple

from models.enums import EventKind, Stage
from models.rules.words import Words, words

DOCUMENT, BODY, LENGTH, AMOUNT, ACCUSED, DETAIL = "document", "body", "length", "amount_vnd", "accused", "detail"
CATEGORIES = "categories"  # any of is_corruption, is_waste, is_negativity
CHARGE = "charge"  # the articles charged, or the class of offence

_PAPER = (DOCUMENT,)
_ABOUT_ONE = (DOCUMENT, ACCUSED)
_GRANTED = (DOCUMENT, BODY, LENGTH)
# event → the fields of EventEntry it needs; an event that is not named needs none
REQUIRED_OF_EVENT: dict[str, tuple[str, ...]] = {
    EventKind.VERIFICATION_EXTENDED: _GRANTED,
    EventKind.REPORT_SUSPENDED: _PAPER,
    EventKind.REPORT_RESUMED: _PAPER,
    EventKind.NOT_INITIATED: _PAPER,
    EventKind.CASE_INITIATED: (DOCUMENT, BODY),
    EventKind.ACCUSED_CHARGED: _PAPER,
    EventKind.CHARGE_CHANGED: _PAPER,
    EventKind.DETENTION_ORDERED: (DOCUMENT, LENGTH, ACCUSED),
    EventKind.DETENTION_EXTENDED: (DOCUMENT, LENGTH, ACCUSED),
    EventKind.DETENTION_ENDED: _ABOUT_ONE,
    EventKind.WANTED: _ABOUT_ONE,
    EventKind.INVESTIGATION_EXTENDED: _GRANTED,
    EventKind.PROSECUTION_EXTENDED: _GRANTED,
    EventKind.FILE_DELIVERY_EXTENDED: _GRANTED,
    EventKind.TRIAL_PREP_EXTENDED: _GRANTED,
    EventKind.TRIAL_OPENING_EXTENDED: _GRANTED,
    EventKind.INVESTIGATION_SUSPENDED: (DOCUMENT, DETAIL),
    EventKind.INVESTIGATION_RESUMED: _PAPER,
    EventKind.INVESTIGATION_CONCLUDED: _PAPER,
    EventKind.REINVESTIGATION: _PAPER,
    EventKind.RETURNED_VKS: (DOCUMENT, DETAIL),
    EventKind.RETURNED_COURT: (DOCUMENT, DETAIL),
    EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION: (DOCUMENT, BODY, DETAIL),
    EventKind.PROSECUTION_DECISION: _PAPER,
    EventKind.TRIAL_DECISION: _PAPER,
    EventKind.FIRST_INSTANCE_JUDGMENT: _PAPER,
    EventKind.APPELLATE_JUDGMENT: _PAPER,
    EventKind.CASSATION_PROTEST: _PAPER,
    EventKind.CASSATION_DECISION: (DOCUMENT, DETAIL),
    EventKind.TERMINATED: (DOCUMENT, DETAIL),
    EventKind.MERGED: (DOCUMENT, DETAIL),
    EventKind.MERGED_INTO: (DOCUMENT, DETAIL),
    EventKind.MERGED_FROM: (DOCUMENT, DETAIL),
    EventKind.SPLIT: (DOCUMENT, DETAIL),
    EventKind.TRANSFERRED: (DOCUMENT, DETAIL),
    EventKind.EXPERT_REQUESTED: (DOCUMENT, BODY, LENGTH),
    EventKind.EXPERT_RESULT: _PAPER,
    EventKind.VALUATION_REQUESTED: (DOCUMENT, BODY, LENGTH),
    EventKind.VALUATION_RESULT: _PAPER,
    EventKind.ASSETS_SEIZED: (DOCUMENT, AMOUNT),
    EventKind.ASSETS_RELEASED: (DOCUMENT, AMOUNT),
    EventKind.MONEY_RETURNED: (AMOUNT,),
    EventKind.ENFORCEMENT_DECISION: _PAPER,
    EventKind.INSPECTION_OPENED: (DOCUMENT, BODY),
    EventKind.INSPECTION_EXTENDED: _GRANTED,
    EventKind.INSPECTION_CONCLUDED: (DOCUMENT, BODY),
    EventKind.AUDIT_CONCLUDED: (DOCUMENT, BODY),
    EventKind.FILE_TRANSFERRED_TO_POLICE: _PAPER,
    EventKind.PARTY_DISCIPLINE: (DOCUMENT, DETAIL),
    EventKind.ADMIN_DISCIPLINE: (DOCUMENT, DETAIL),
    EventKind.SUPERVISION_ENDED: _PAPER,
    EventKind.PROGRESS_NOTE: (DETAIL,),
}

_PROCEEDINGS = (
    Stage.INVESTIGATION, Stage.PROSECUTION, Stage.TRIAL_PREP, Stage.FIRST_INSTANCE, Stage.APPEAL,
    Stage.JUDGMENT_FINAL, Stage.ENFORCEMENT, Stage.CASSATION,
)  # fmt: skip
# field of the description → the stages in which a file needs it; None: in every stage
REQUIRED_OF_FILE: dict[str, tuple[Stage, ...] | None] = {
    "title": None,
    CATEGORIES: None,
    "locality": None,
    "lead_agency": None,
    "responsible_id": None,
    CHARGE: _PROCEEDINGS,
    "accused_count": _PROCEEDINGS,
    "level": (Stage.APPEAL,),  # the court that tried the case first, and so the court that hears the appeal
}

LABELS: dict[str, Words] = {
    "title": words("Title"), CATEGORIES: words("Categories"), "locality": words("Locality"),
    "lead_agency": words("Lead agency"), "responsible_id": words("Responsible official"),
    CHARGE: words("Offences or class of offence"), "accused_count": words("Number of accused"),
    "level": words("Level"), DOCUMENT: words("Document"), BODY: words("Issued by"), LENGTH: words("Length"),
    AMOUNT: words("Amount"), ACCUSED: words("Accused"), DETAIL: words("Detail"),
}  # fmt: skip


class Score(NamedTuple):
    """How complete records are: of `needed` fields `filled` say something."""

    filled: int
    needed: int


def has_length(kind: str) -> bool:
    """Whether an event of this kind grants or sets a length."""
    return LENGTH in REQUIRED_OF_EVENT.get(kind, ())


def required_of_event(kind: EventKind) -> tuple[str, ...]:
    """Fields of EventEntry that this event needs to be complete; without them it is recorded and asked for."""
    return REQUIRED_OF_EVENT.get(kind, ())


def required_of_file(stage: Stage) -> tuple[str, ...]:
    """Fields of a file's description that it needs in this stage, CATEGORIES and CHARGE among them."""
    return tuple(name for name, stages in REQUIRED_OF_FILE.items() if stages is None or stage in stages)


def missing_of_event(event: object) -> tuple[str, ...]:
    """The required fields of an event (EventEntry or a row of the same fields) that are blank."""
    needed = required_of_event(event.kind)  # type: ignore[attr-defined]
    return tuple(name for name in needed if getattr(event, name) in (None, ""))


def missing_of_file(described: Mapping[str, object], stage: Stage) -> tuple[str, ...]:
    """The required fields of a description that are blank."""
    return tuple(name for name in required_of_file(stage) if not _is_said(described, name))


def _is_said(described: Mapping[str, object], name: str) -> bool:
    if name == CATEGORIES:
        return any(described.get(each) for each in ("is_corruption", "is_waste", "is_negativity"))
    if name == CHARGE:
        return bool(described.get("offence_articles") or described.get("severity"))
    return described.get(name) not in (None, "")
