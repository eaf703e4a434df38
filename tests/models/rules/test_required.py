"""One table says what a complete record has; the forms ask for it and the score counts by it."""

import pytest

from models.enums import EventKind, Stage
from models.rules import required
from models.rules.entry import EventEntry
from models.rules.quality import EXTENSIONS
from models.rules.required import LABELS, missing_of_event, missing_of_file, required_of_event, required_of_file
from tests.models.rules.histories import day

DESCRIBED = {"title": "Vụ án", "is_waste": True, "locality": "An Phú", "lead_agency": "Công an", "responsible_id": 1}


def test_every_field_that_is_asked_for_exists_and_has_a_name() -> None:
    fields = {name for names in required.REQUIRED_OF_EVENT.values() for name in names}
    assert fields <= set(EventEntry.__dataclass_fields__)
    assert fields | set(required.REQUIRED_OF_FILE) == set(LABELS)
    assert set(required.REQUIRED_OF_EVENT) <= set(EventKind)


@pytest.mark.parametrize("kind", [*sorted(EXTENSIONS), EventKind.EXPERT_REQUESTED, EventKind.VALUATION_REQUESTED])
def test_what_grants_or_sets_a_term_needs_its_length(kind: EventKind) -> None:
    assert "length" in required_of_event(kind)


def test_the_blank_fields_of_an_event_are_named() -> None:
    entry = EventEntry(EventKind.INVESTIGATION_EXTENDED, day("2026-11-20"), document="1/QĐ")
    assert missing_of_event(entry) == ("body", "length")
    assert missing_of_event(EventEntry(EventKind.MONEY_RETURNED, day("2026-11-20"), amount_vnd=0)) == ()
    assert missing_of_event(EventEntry(EventKind.WANTED, day("2026-11-20"))) == ("document", "accused")
    assert missing_of_event(EventEntry(EventKind.CASE_ACCEPTED, day("2026-11-20"))) == ()


def test_what_a_file_needs_grows_with_its_stage() -> None:
    early, late = (required_of_file(stage) for stage in (Stage.VERIFICATION, Stage.APPEAL))
    assert set(early) < set(late)
    assert set(late) - set(early) == {"charge", "accused_count", "level"}


def test_the_blank_fields_of_a_file_are_named() -> None:
    assert missing_of_file(DESCRIBED, Stage.VERIFICATION) == ()
    assert missing_of_file({**DESCRIBED, "is_waste": False}, Stage.VERIFICATION) == ("categories",)
    assert missing_of_file(DESCRIBED, Stage.INVESTIGATION) == ("charge", "accused_count")
    charged = {**DESCRIBED, "severity": "serious", "accused_count": 0}
    assert missing_of_file(charged, Stage.INVESTIGATION) == ()
