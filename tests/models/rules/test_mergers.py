"""A file that was merged into another: from that day it has no limit of its own, and is held no more."""

import pytest

from models.enums import AgencyKind, Bucket, EventKind, QualityKind
from models.rules.clocks import clocks_of
from models.rules.entry import EventEntry, next_events, warnings_of
from models.rules.holdings import Left, holdings
from models.rules.quality import points_of
from tests.models.rules.histories import day, file, judged, reader

MERGED = "2026-03-16 merged_into"
# what runs on the day before, by its rule; from the day itself nothing does
RUNNING = [
    ("VERIFY", "2026-03-02 report_received"),
    ("INV", "2026-01-05 case_initiated"),
    ("PROS", "2026-03-02 file_to_procuracy"),
    ("TRIAL_PREP", "2026-03-02 case_accepted"),
    ("INV_ADD_VKS", "2026-01-05 case_initiated; 2026-02-02 file_to_procuracy; 2026-03-02 returned_vks"),
    ("EXP", "2026-03-02 expert_requested"),
]


@pytest.mark.parametrize(("rule", "told"), RUNNING, ids=[rule for rule, _ in RUNNING])
def test_its_limit_runs_to_the_day_before_and_not_on_the_day(rule: str, told: str) -> None:
    facts = file(*told.split("; "), MERGED)
    assert judged(facts, "2026-03-15").rule == rule
    for today in ("2026-03-16", "2026-03-17", "2028-03-16"):
        verdict = judged(facts, today)
        assert (verdict.bucket, verdict.rule, verdict.due_on, verdict.is_open) == (Bucket.NO_LIMIT, "", None, True)


def test_a_suspension_of_it_is_one_of_the_file_that_goes_on() -> None:
    facts = file("2026-01-05 case_initiated", "2026-02-02 investigation_suspended", MERGED)
    assert judged(facts, "2026-03-15").bucket is Bucket.PAUSED
    assert judged(facts, "2026-03-16").bucket is Bucket.NO_LIMIT


def test_what_is_recorded_with_it_later_starts_no_limit() -> None:
    facts = file("2026-01-05 case_initiated", MERGED, "2026-03-20 file_to_procuracy")
    assert judged(facts, "2026-03-20").bucket is Bucket.NO_LIMIT


@pytest.mark.parametrize("told", ["2026-03-13 prosecution_decision", "2026-03-13 judgment_final"])
def test_duties_and_windows_end_with_it(told: str) -> None:
    facts = file(told, MERGED)
    running = {clock.rule for clock in clocks_of(facts, reader(), day("2026-03-15")) if clock.state == "running"}
    assert running & {"TO_COURT", "EXEC_PEN"}
    after = {clock.rule for clock in clocks_of(facts, reader(), day("2026-03-16")) if clock.state == "running"}
    assert not after & {"TO_COURT", "EXEC_PEN", "CASS_UNFAV", "TRIAL_PREP", "THADS_DEC"}


def test_the_file_that_goes_on_and_one_merged_without_a_word_keep_their_limits() -> None:
    for kind in ("merged_from", "merged"):
        facts = file("2026-01-05 case_initiated", f"2026-03-16 {kind}")
        assert judged(facts, "2026-03-16").rule == "INV", kind


def test_only_a_merger_without_a_word_is_asked_about() -> None:
    found = {}
    for kind in ("merged", "merged_into", "merged_from"):
        points = points_of(file("2026-01-05 case_initiated", f"2026-03-16 {kind}"), reader(), day("2026-03-16"))
        found[kind] = QualityKind.MERGE_UNCLEAR in {point.kind for point in points}
    assert found == {"merged": True, "merged_into": False, "merged_from": False}


def test_what_a_body_had_done_with_it_stays_counted_and_what_it_held_leaves_it_by_the_merger() -> None:
    facts = file("2026-01-05 case_initiated", "2026-02-02 investigation_concluded", MERGED)
    assert [stay.holder for stay in holdings(facts, day("2026-03-15"))] == [AgencyKind.POLICE, AgencyKind.PROCURACY]
    for today in ("2026-03-16", "2028-03-16"):
        assert [(stay.holder, stay.left_on, stay.how) for stay in holdings(facts, day(today))] == [
            (AgencyKind.POLICE, day("2026-02-02"), Left.DONE),
            (AgencyKind.PROCURACY, day("2026-03-16"), Left.MERGED),
        ]


@pytest.mark.parametrize(
    "told", ["2026-01-05 report_received", "2026-01-05 case_initiated; 2026-02-02 investigation_suspended"]
)
def test_what_no_body_holds_leaves_none_by_the_merger(told: str) -> None:
    facts = file(*told.split("; "), MERGED, "2026-03-20 file_to_procuracy")
    assert all(stay.how is Left.SUSPENDED for stay in holdings(facts, day("2026-03-31")))


def test_the_form_offers_the_end_of_supervision_and_says_where_the_rest_belongs() -> None:
    facts = file("2026-01-05 case_initiated", "2026-02-02 placed_under_supervision", MERGED)
    assert next_events(facts, day("2026-03-16")).likely[0] is EventKind.SUPERVISION_ENDED
    assert EventKind.INVESTIGATION_EXTENDED not in next_events(facts, day("2026-03-16")).likely
    entry = EventEntry(EventKind.INVESTIGATION_EXTENDED, day("2026-03-16"), length="2m")
    said = [words.english() for words in warnings_of(facts, entry, reader(), day("2026-03-16"))]
    assert any("merged into another one" in each for each in said)
