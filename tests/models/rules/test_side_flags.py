"""The rules beside the procedural clock: from which day each holds, whose move it is, and what clears it."""

from datetime import timedelta

import pytest

from models.enums import AgencyKind, Bucket, FlagRule, Kind, Severity
from models.rules.facts import AccusedFact, CaseFacts
from models.rules.side_flags import FlagVerdict
from models.rules.thresholds import Thresholds
from tests.models.rules.histories import DEFAULTS, day, file, judged, said, task
from tests.models.rules.test_stalled import every

INVESTIGATION = "2026-03-02 case_initiated"  # serious: at most 8 months, until 2 November 2026


def held(facts: CaseFacts, today: str, rule: FlagRule, thresholds: Thresholds = DEFAULTS) -> list[FlagVerdict]:
    return [flag for flag in every(facts, today, thresholds).values() if flag.rule is rule]


def one(facts: CaseFacts, today: str, rule: FlagRule) -> FlagVerdict:
    (found,) = held(facts, today, rule)
    return found


def holds_from(facts: CaseFacts, rule: FlagRule, since: str) -> FlagVerdict:
    """That the rule is false the day before `since`, true on it and a year later with the same date."""
    assert held(facts, (day(since) - timedelta(days=1)).isoformat(), rule) == []
    flag = one(facts, since, rule)
    assert flag.since == day(since)
    assert one(facts, (day(since) + timedelta(days=365)).isoformat(), rule).since == day(since)
    return flag


# --- S3 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "since"),
    [
        (Severity.LESS_SERIOUS, "2026-07-03"),
        (Severity.SERIOUS, "2026-11-03"),
        (Severity.VERY_SERIOUS, "2027-03-03"),
        (Severity.ESPECIALLY_SERIOUS, "2027-11-03"),
        (None, "2027-11-03"),  # the class may be the gravest
    ],
)
def test_the_longest_time_of_article_172_ends_whatever_was_granted(severity: Severity | None, since: str) -> None:
    facts = file(INVESTIGATION, severity=severity)
    assert (day(since) - timedelta(days=1)).weekday() < 5
    before = (day(since) - timedelta(days=1)).isoformat()
    assert held(facts, before, FlagRule.S3) == []
    flag = one(facts, since, FlagRule.S3)
    assert (flag.since, flag.article, flag.owner) == (day(since), "172", AgencyKind.POLICE)


def test_changed_charges_and_merging_do_not_prolong_the_longest_time() -> None:
    told = [INVESTIGATION, "2026-06-01 charge_changed", "2026-07-01 merged", "2026-10-01 accused_charged"]
    holds_from(file(*told), FlagRule.S3, "2026-11-03")


def test_an_extension_longer_than_allowed_is_flagged_from_its_day() -> None:
    facts = file(INVESTIGATION, "2026-05-20 investigation_extended 3m", "2026-08-20 investigation_extended 5m")
    assert held(facts, "2026-08-19", FlagRule.S3) == []
    flag = one(facts, "2026-08-20", FlagRule.S3)
    assert flag.since == day("2026-08-20")
    assert {each.since for each in held(facts, "2026-11-03", FlagRule.S3)} == {day("2026-08-20"), day("2026-11-03")}


def test_an_extension_as_long_as_allowed_is_not_flagged() -> None:
    facts = file(INVESTIGATION, "2026-05-20 investigation_extended 3m", "2026-08-20 investigation_extended 2m")
    assert held(facts, "2026-11-02", FlagRule.S3) == []


def test_a_concluded_or_suspended_investigation_is_not_flagged_for_its_longest_time() -> None:
    for end in ("investigation_concluded", "investigation_suspended"):
        assert held(file(INVESTIGATION, f"2026-11-10 {end}"), "2026-11-10", FlagRule.S3) == []


def test_a_returned_file_is_not_measured_by_article_172() -> None:
    facts = file(INVESTIGATION, "2026-05-20 investigation_concluded", "2026-06-20 returned_vks")
    assert held(facts, "2027-06-01", FlagRule.S3) == []


# --- S4 ------------------------------------------------------------------------------------------------------------


def test_an_expert_late_by_a_day_is_flagged_with_the_days_and_the_requesting_body() -> None:
    facts = file(INVESTIGATION, "2026-04-01 expert_requested 30d")  # until Friday 1 May, a holiday: 4 May
    asked = facts.events[1]._replace(body="Cơ quan điều tra tỉnh")
    flag = holds_from(facts._replace(events=(facts.events[0], asked)), FlagRule.S4, "2026-05-05")
    assert (flag.owner, flag.article) == (AgencyKind.VALUATION, "208(2)")
    assert flag.why.english() == (
        "The expert conclusion asked for by Cơ quan điều tra tỉnh on 2026-04-01 was due within 30 days, by 2026-05-04."
    )


def test_a_result_or_the_end_of_the_investigation_clears_it() -> None:
    for end in ("valuation_result", "investigation_concluded"):
        facts = file(INVESTIGATION, "2026-04-01 valuation_requested 30d", f"2026-05-10 {end}")
        assert len(held(facts, "2026-05-09", FlagRule.S4)) == 1
        assert held(facts, "2026-05-10", FlagRule.S4) == []


def test_two_requests_of_one_day_are_two_flags_and_one_without_a_term_is_none() -> None:
    told = [INVESTIGATION, *(f"2026-04-01 expert_requested {term}" for term in ("30d", "20d", "soon", ""))]
    assert len(held(file(*told), "2026-06-01", FlagRule.S4)) == 2


# --- S5 ------------------------------------------------------------------------------------------------------------


def test_a_suspension_not_reviewed_for_more_than_ninety_days_is_flagged() -> None:
    flag = holds_from(file(INVESTIGATION, "2026-04-01 investigation_suspended"), FlagRule.S5, "2026-07-01")
    assert flag.article == ""


def test_a_note_is_a_review_and_resumption_ends_it() -> None:
    told = [INVESTIGATION, "2026-04-01 investigation_suspended", "2026-06-30 progress_note"]
    holds_from(file(*told), FlagRule.S5, "2026-09-29")
    assert held(file(*told, "2026-10-05 investigation_resumed"), "2026-10-05", FlagRule.S5) == []


# --- S6 ------------------------------------------------------------------------------------------------------------


def test_the_second_return_by_the_procuracy_is_flagged_and_the_first_is_not() -> None:
    told = ["2026-01-05 case_initiated", "2026-03-02 returned_vks", "2026-04-01 investigation_concluded"]
    assert held(file(*told), "2026-04-01", FlagRule.S6) == []
    again = file(*told, "2026-05-04 returned_vks")
    assert one(again, "2026-05-04", FlagRule.S6).since == day("2026-05-04")
    assert one(again, "2027-05-04", FlagRule.S6).since == day("2026-05-04")


def test_a_return_by_the_presiding_judge_is_lawful_and_one_by_the_panel_is_flagged() -> None:
    told = ["2026-01-05 case_initiated", "2026-03-02 case_accepted"]
    assert held(file(*told, "2026-04-01 returned_court"), "2026-05-01", FlagRule.S6) == []
    panel = file(*told, "2026-03-20 first_instance_trial_opened", "2026-04-01 returned_court")
    assert one(panel, "2026-04-01", FlagRule.S6).since == day("2026-04-01")


def test_a_courts_second_return_is_the_panels() -> None:
    told = ["2026-03-02 case_accepted", "2026-04-01 returned_court", "2026-05-04 case_accepted"]
    assert one(file(*told, "2026-06-01 returned_court"), "2026-06-01", FlagRule.S6).since == day("2026-06-01")


def test_the_judgment_clears_the_returns() -> None:
    told = ["2026-03-02 returned_vks", "2026-04-01 investigation_concluded", "2026-05-04 returned_vks"]
    assert held(file(*told, "2026-09-01 first_instance_judgment"), "2026-09-01", FlagRule.S6) == []


# --- S8, S9 --------------------------------------------------------------------------------------------------------


def test_a_task_is_overdue_the_day_after_its_day_until_it_is_accepted() -> None:
    late = task("NV-1", "2026-03-02", "2026-05-04", done_on="2026-06-01", agency=AgencyKind.COURT)
    facts = file(INVESTIGATION, tasks=[late])
    assert held(facts, "2026-05-04", FlagRule.S8) == []
    flag = one(facts, "2026-05-05", FlagRule.S8)
    assert (flag.since, flag.subject, flag.owner) == (day("2026-05-05"), "NV-1", AgencyKind.COURT)
    assert len(held(facts, "2026-05-31", FlagRule.S8)) == 1
    assert held(facts, "2026-06-01", FlagRule.S8) == []


def test_a_task_reported_as_done_waits_for_the_secretariat() -> None:
    late = task("NV-1", "2026-03-02", "2026-05-04", claimed_on="2026-05-10", agency=AgencyKind.COURT)
    facts = file(INVESTIGATION, tasks=[late])
    assert one(facts, "2026-05-09", FlagRule.S8).owner is AgencyKind.COURT
    assert one(facts, "2026-05-10", FlagRule.S8).owner is AgencyKind.INTERNAL_AFFAIRS


def test_a_cancelled_task_is_not_overdue() -> None:
    facts = file(INVESTIGATION, tasks=[task("NV-1", "2026-03-02", "2026-05-04", cancelled_on="2026-05-20")])
    assert len(held(facts, "2026-05-19", FlagRule.S8)) == 1
    assert held(facts, "2026-05-20", FlagRule.S8) == []


def test_a_target_of_the_programme_is_a_rule_of_its_own() -> None:
    facts = file(INVESTIGATION, tasks=[task("NV-1", "2026-03-02", "2026-12-31", origin="programme")])
    assert {flag.rule for flag in every(facts, "2026-12-31").values()} & {FlagRule.S8, FlagRule.S9} == set()
    assert one(facts, "2027-01-01", FlagRule.S9).since == day("2027-01-01")
    assert held(facts, "2027-01-01", FlagRule.S8) == []


# --- S10 -----------------------------------------------------------------------------------------------------------


def test_a_detention_is_flagged_ten_days_before_it_ends_in_months_of_thirty_days_without_a_roll() -> None:
    facts = file(INVESTIGATION, "2026-03-02 detention_ordered 2m @7", accused=[AccusedFact(7, "BC-01")])
    flag = one(facts, "2026-04-21", FlagRule.S10)  # ends 1 May, a holiday, after 60 days
    assert held(facts, "2026-04-20", FlagRule.S10) == []
    assert flag.why.english() == "The detention of BC-01, ordered on 2026-03-02, ends on 2026-05-01."
    assert len(held(facts, "2026-05-20", FlagRule.S10)) == 1  # it ended and nothing says how it went on


def test_an_order_without_its_term_runs_as_article_173_says_for_what_this_accused_is_charged_with() -> None:
    told = [INVESTIGATION, "2026-03-02 detention_ordered @7"]
    own = file(*told, accused=[AccusedFact(7, "BC-01", "353", "2")])  # very serious: 120 days, until 30 June
    assert held(own, "2026-06-19", FlagRule.S10) == []
    assert one(own, "2026-06-20", FlagRule.S10).since == day("2026-06-20")
    whole = file(*told)  # the file's class, serious: 90 days, until 31 May
    assert one(whole, "2026-05-21", FlagRule.S10).since == day("2026-05-21")


def test_an_extension_moves_the_end_for_its_own_accused_only() -> None:
    told = [
        "2026-03-02 detention_ordered 2m @7",
        "2026-03-02 detention_ordered 2m @8",
        "2026-04-25 detention_extended 1m @8",
    ]
    facts = file(INVESTIGATION, *told)
    assert len(held(facts, "2026-04-24", FlagRule.S10)) == 2
    (left,) = held(facts, "2026-04-25", FlagRule.S10)
    assert left.subject == "DET:2026-03-02:7"
    assert len(held(facts, "2026-05-21", FlagRule.S10)) == 2


@pytest.mark.parametrize(
    "end",
    ["detention_ordered 1m @7", "detention_ended @7", "detention_ended", "terminated @7", "investigation_suspended",
     "first_instance_judgment", "terminated"],
)  # fmt: skip
def test_a_new_order_or_an_end_for_that_accused_stops_a_detention(end: str) -> None:
    facts = file(INVESTIGATION, "2026-03-02 detention_ordered 2m @7", f"2026-04-25 {end}")
    assert len(held(facts, "2026-04-24", FlagRule.S10)) == 1
    assert held(facts, "2026-04-25", FlagRule.S10) == []


@pytest.mark.parametrize("end", ["terminated @8", "detention_ended @8"])
def test_what_happens_to_another_accused_does_not_stop_a_detention(end: str) -> None:
    facts = file(INVESTIGATION, "2026-03-02 detention_ordered 2m @7", f"2026-04-25 {end}")
    assert len(held(facts, "2026-04-25", FlagRule.S10)) == 1


def test_a_release_that_names_nobody_ends_every_detention_and_a_new_order_begins_another() -> None:
    told = ["2026-03-02 detention_ordered 2m @7", "2026-03-02 detention_ordered 2m @8", "2026-04-25 detention_ended"]
    assert len(held(file(INVESTIGATION, *told), "2026-04-24", FlagRule.S10)) == 2
    assert held(file(INVESTIGATION, *told), "2026-04-25", FlagRule.S10) == []
    again = file(INVESTIGATION, *told, "2026-04-27 detention_ordered 20d @7")
    assert held(again, "2026-05-06", FlagRule.S10) == []
    assert one(again, "2026-05-07", FlagRule.S10).subject == "DET:2026-04-27:7"


def test_a_detention_for_the_investigation_ends_with_it_unless_the_order_has_its_own_term() -> None:
    concluded = "2026-04-25 investigation_concluded"
    assert held(file(INVESTIGATION, "2026-03-02 detention_ordered @7", concluded), "2026-05-30", FlagRule.S10) == []
    assert held(file(INVESTIGATION, "2026-03-02 detention_ordered 2m @7", concluded), "2026-05-30", FlagRule.S10)


# --- S11 -----------------------------------------------------------------------------------------------------------


def test_five_working_days_after_a_judgment_in_force_the_old_law_wants_an_enforcement_decision() -> None:
    flag = holds_from(file("2026-03-02 judgment_final"), FlagRule.S11, "2026-03-10")
    assert (flag.owner, flag.article) == (AgencyKind.ENFORCEMENT, "36")
    told = ["2026-03-02 judgment_final", "2026-03-20 enforcement_decision"]
    assert held(file(*told), "2026-03-20", FlagRule.S11) == []


def test_the_new_law_gives_no_number_and_so_no_flag() -> None:
    assert held(file("2026-07-01 judgment_final"), "2027-07-01", FlagRule.S11) == []
    assert len(held(file("2026-06-30 judgment_final"), "2026-07-08", FlagRule.S11)) == 1


# --- S12 -----------------------------------------------------------------------------------------------------------


def test_without_means_the_old_law_wants_a_re_verification_every_six_months() -> None:
    facts = file("2026-01-05 enforcement_decision", "2026-02-02 no_means")  # until 2 August, a Sunday
    flag = holds_from(facts, FlagRule.S12, "2026-08-04")
    assert (flag.owner, flag.article) == (AgencyKind.ENFORCEMENT, "44")
    noted = file("2026-02-02 no_means", "2026-06-30 progress_note")
    assert held(noted, "2026-12-30", FlagRule.S12) == []
    assert one(noted, "2026-12-31", FlagRule.S12).since == day("2026-12-31")


def test_two_years_without_means_are_flagged_under_the_new_law_too() -> None:
    facts = file("2026-07-06 no_means")
    assert held(facts, "2027-12-31", FlagRule.S12) == []


def test_two_years_after_the_first_finding_whatever_was_verified_since() -> None:
    facts = file("2024-02-05 no_means", "2026-01-30 no_means")
    assert held(facts, "2026-02-05", FlagRule.S12) == []
    flag = one(facts, "2026-02-06", FlagRule.S12)
    assert (flag.since, flag.article) == (day("2026-02-06"), "22")
    assert held(file("2024-02-05 no_means", "2026-02-20 enforcement_decision"), "2026-02-20", FlagRule.S12) == []


# --- S13 -----------------------------------------------------------------------------------------------------------


def test_a_conclusion_is_to_be_carried_out_by_the_term_in_it() -> None:
    facts = file("2026-03-02 inspection_concluded 30d", kind=Kind.INCIDENT)  # until 1 April
    holds_from(facts, FlagRule.S13, "2026-04-02")
    done = file("2026-03-02 inspection_concluded 30d", "2026-05-04 conclusion_carried_out", supervised=True)
    assert len(held(done, "2026-05-03", FlagRule.S13)) == 1
    assert held(done, "2026-05-04", FlagRule.S13) == []


def test_without_a_term_the_day_of_a_task_given_after_the_conclusion_counts() -> None:
    told, before = "2026-03-02 audit_concluded", task("NV-1", "2026-02-02", "2026-04-01")
    assert held(file(told, tasks=[before]), "2026-06-01", FlagRule.S13) == []
    given = task("NV-2", "2026-03-09", "2026-05-04", agency=AgencyKind.PEOPLES_COMMITTEE)
    flag = holds_from(file(told, tasks=[before, given]), FlagRule.S13, "2026-05-05")
    assert flag.owner is AgencyKind.PEOPLES_COMMITTEE


def test_a_conclusion_without_term_and_task_is_not_late() -> None:
    assert held(file("2026-03-02 inspection_concluded"), "2027-06-01", FlagRule.S13) == []


# --- all -----------------------------------------------------------------------------------------------------------


def test_thresholds_are_the_committees() -> None:
    own = Thresholds(suspended_review_days=10, procuracy_returns=1, detention_days=30)
    suspended = file(INVESTIGATION, "2026-04-01 investigation_suspended")
    assert held(suspended, "2026-04-11", FlagRule.S5, own) == []
    assert len(held(suspended, "2026-04-12", FlagRule.S5, own)) == 1
    assert len(held(file(INVESTIGATION, "2026-04-01 returned_vks"), "2026-04-01", FlagRule.S6, own)) == 1
    detained = file(INVESTIGATION, "2026-03-02 detention_ordered 60d")
    assert held(detained, "2026-03-31", FlagRule.S10, own) == []
    assert len(held(detained, "2026-04-01", FlagRule.S10, own)) == 1


def test_a_rule_that_fails_on_one_file_makes_it_one_that_cannot_be_told_with_the_reason() -> None:
    broken = task("NV-1", "2026-03-02", "2026-05-04")._replace(due_on=None)  # type: ignore[arg-type]
    verdict = judged(file(INVESTIGATION, tasks=[broken]), "2026-06-01")
    assert (verdict.is_open, verdict.bucket, verdict.due_on) == (True, Bucket.CANNOT_TELL, None)
    assert "The rules failed on this file" in said(verdict)


def test_a_file_that_is_not_open_has_none_of_them() -> None:
    late = task("NV-1", "2026-03-02", "2026-05-04")
    facts = file(INVESTIGATION, "2026-03-02 detention_ordered 2m", "2026-06-01 terminated", tasks=[late])
    assert every(facts, "2026-06-01") == {}
