"""The order of events: by day, within a day as proceedings go, and a month's event where proceedings put it."""

import pytest

from models.enums import EventKind
from models.rules.facts import ORDER, in_order
from tests.models.rules.histories import event


def kinds(*told: str) -> list[str]:
    return [each.kind for each in in_order(event(one, number) for number, one in enumerate(told))]


def test_every_kind_of_event_has_its_place() -> None:
    assert set(ORDER) == {kind.value for kind in EventKind}
    assert len(set(ORDER.values())) >= len(ORDER) - 1  # the two returns by a court share theirs


def test_events_come_in_the_order_of_their_days_whatever_the_order_they_were_recorded_in() -> None:
    assert kinds("2026-05-04 investigation_concluded", "2026-03-02 case_initiated") == [
        "case_initiated",
        "investigation_concluded",
    ]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("case_initiated", "accused_charged"),
        ("investigation_resumed", "investigation_concluded"),
        ("investigation_concluded", "file_to_procuracy"),
        ("file_to_procuracy", "returned_vks"),
        ("case_accepted", "returned_court"),
        ("first_instance_trial_opened", "returned_court"),
        ("first_instance_trial_opened", "returned_for_additional_investigation"),
        ("first_instance_trial_opened", "hearing_postponed"),
        ("appellate_trial_opened", "hearing_postponed"),
        ("appellate_judgment", "reinvestigation"),
        ("cassation_decision", "reinvestigation"),
        ("inspection_concluded", "file_transferred_to_police"),
        ("placed_under_supervision", "supervision_ended"),
    ],
)
def test_events_of_one_day_are_taken_as_proceedings_go(first: str, then: str) -> None:
    assert kinds(f"2026-03-02 {then}", f"2026-03-02 {first}") == [first, then]


def test_two_equal_events_of_one_day_stay_in_the_order_they_were_recorded_in() -> None:
    told = [event("2026-03-02 investigation_extended 1m", 2), event("2026-03-02 investigation_extended 2m", 1)]
    assert [each.length for each in in_order(told)] == ["2m", "1m"]


def test_an_event_known_by_month_stands_behind_what_precedes_it_in_proceedings() -> None:
    assert kinds("2026-03 investigation_concluded", "2026-03-20 accused_charged", "2026-03-31 case_accepted") == [
        "accused_charged",
        "investigation_concluded",
        "case_accepted",
    ]


def test_a_postponement_known_by_month_comes_before_the_hearing_of_that_month() -> None:
    assert kinds("2026-03 hearing_postponed", "2026-03-20 first_instance_trial_opened") == [
        "hearing_postponed",
        "first_instance_trial_opened",
    ]


def test_an_event_known_by_month_never_leaves_its_month() -> None:
    assert kinds("2026-03 case_initiated", "2026-02-27 terminated", "2026-04-01 report_received") == [
        "terminated",
        "case_initiated",
        "report_received",
    ]


def test_several_events_known_by_month_stand_among_themselves_as_proceedings_go() -> None:
    assert kinds("2026-03 accused_charged", "2026-03 case_initiated", "2026-03-09 wanted") == [
        "case_initiated",
        "accused_charged",
        "wanted",
    ]
