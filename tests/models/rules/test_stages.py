"""Where a file stands: every event's stage, what sends a file back, what pauses and ends it, and when it is open."""

from datetime import date

import pytest

from models.enums import AgencyKind, EventKind, Kind, Severity, Stage
from models.rules.stages import MOVES, OWNERS, RANK, is_open
from tests.models.rules.histories import course, day, file, judged

LATER = "2027-06-30"


def stage(*told: str, kind: Kind = Kind.CASE) -> tuple[Stage, int]:
    at = course(file(*told, kind=kind), LATER)
    return at.stage, at.round


def opened(*told: str, on: str = LATER, kind: Kind = Kind.CASE, supervised: bool = False, first_on: str = "") -> bool:
    facts = file(*told, kind=kind, supervised=supervised, first_on=first_on)
    return is_open(facts, course(facts, on), day(on))


def test_every_stage_has_a_rank_and_an_owner() -> None:
    assert set(RANK) == set(OWNERS) == set(Stage)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("report_received", Stage.VERIFICATION),
        ("verification_started", Stage.VERIFICATION),
        ("file_transferred_to_police", Stage.VERIFICATION),
        ("report_suspended", Stage.VERIFICATION),
        ("report_resumed", Stage.VERIFICATION),
        ("case_initiated", Stage.INVESTIGATION),
        ("accused_charged", Stage.INVESTIGATION),
        ("charge_changed", Stage.INVESTIGATION),
        ("detention_ordered", Stage.INVESTIGATION),
        ("wanted", Stage.INVESTIGATION),
        ("investigation_extended", Stage.INVESTIGATION),
        ("investigation_suspended", Stage.INVESTIGATION),
        ("investigation_resumed", Stage.INVESTIGATION),
        ("reinvestigation", Stage.INVESTIGATION),
        ("returned_vks", Stage.INVESTIGATION),
        ("returned_court", Stage.INVESTIGATION),
        ("investigation_concluded", Stage.PROSECUTION),
        ("file_to_procuracy", Stage.PROSECUTION),
        ("prosecution_extended", Stage.PROSECUTION),
        ("prosecution_decision", Stage.TRIAL_PREP),
        ("case_accepted", Stage.TRIAL_PREP),
        ("trial_prep_extended", Stage.TRIAL_PREP),
        ("trial_decision", Stage.TRIAL_PREP),
        ("hearing_postponed", Stage.TRIAL_PREP),
        ("first_instance_trial_opened", Stage.FIRST_INSTANCE),
        ("first_instance_judgment", Stage.FIRST_INSTANCE),
        ("appeal_filed", Stage.APPEAL),
        ("protest_filed", Stage.APPEAL),
        ("appeal_file_received", Stage.APPEAL),
        ("appellate_trial_opened", Stage.APPEAL),
        ("appellate_judgment", Stage.JUDGMENT_FINAL),
        ("judgment_final", Stage.JUDGMENT_FINAL),
        ("enforcement_decision", Stage.ENFORCEMENT),
        ("no_means", Stage.ENFORCEMENT),
        ("enforcement_completed", Stage.ENFORCEMENT),
        ("cassation_protest", Stage.CASSATION),
        ("cassation_decision", Stage.CASSATION),
        ("inspection_opened", Stage.INSPECTION),
        ("inspection_concluded", Stage.FOLLOW_UP),
        ("audit_concluded", Stage.FOLLOW_UP),
        ("party_discipline", Stage.DISCIPLINE),
        ("admin_discipline", Stage.DISCIPLINE),
        ("placed_under_supervision", Stage.UNKNOWN),
        ("progress_note", Stage.UNKNOWN),
        ("money_returned", Stage.UNKNOWN),
        ("expert_requested", Stage.UNKNOWN),
    ],
)
def test_a_single_event_says_in_which_stage_the_file_is(kind: str, expected: Stage) -> None:
    at = course(file(f"2026-03-02 {kind}"), LATER)
    assert at.stage is expected
    assert at.stage_since == (None if expected is Stage.UNKNOWN else date(2026, 3, 2))


@pytest.mark.parametrize("earlier", [kind for kind in MOVES if RANK[MOVES[kind][0]] < RANK[Stage.JUDGMENT_FINAL]])
def test_an_event_of_an_earlier_stage_recorded_for_a_later_day_does_not_send_the_file_back(earlier: str) -> None:
    assert stage("2026-03-02 enforcement_decision", f"2026-04-01 {earlier}") == (Stage.ENFORCEMENT, 1)


def test_a_return_by_the_procuracy_opens_the_second_round_of_investigation() -> None:
    assert stage("2026-03-02 file_to_procuracy", "2026-03-20 returned_vks") == (Stage.INVESTIGATION, 2)


def test_each_return_is_a_further_round() -> None:
    told = ["2026-03-02 file_to_procuracy", "2026-03-20 returned_vks", "2026-05-04 investigation_concluded"]
    told += ["2026-05-05 file_to_procuracy", "2026-05-20 returned_vks"]
    assert stage(*told) == (Stage.INVESTIGATION, 3)


def test_one_return_told_by_two_sources_is_one_round() -> None:
    told = ["2026-03-02 case_accepted", "2026-03-20 returned_court", "2026-03-20 returned_for_additional_investigation"]
    at = course(file(*told, "2026-03 returned_court"), LATER)
    assert at.round == 2
    assert at.clock and (at.clock.rule, at.clock.start.on) == ("INV_ADD_COURT", date(2026, 3, 20))


def test_a_judgment_cancelled_for_reinvestigation_on_its_own_day_sends_the_file_back() -> None:
    told = ["2026-03-02 appellate_trial_opened", "2026-03-04 reinvestigation", "2026-03-04 appellate_judgment"]
    assert stage(*told) == (Stage.INVESTIGATION, 2)


def test_a_judgment_cancelled_for_retrial_goes_back_to_the_first_court() -> None:
    assert stage("2026-03-02 appellate_judgment", "2026-04-01 case_accepted") == (Stage.TRIAL_PREP, 2)


def test_after_the_cassation_decision_the_case_goes_where_it_sends_it() -> None:
    cassation = ["2026-03-02 judgment_final", "2026-03-20 cassation_protest", "2026-06-01 cassation_decision"]
    assert stage(*cassation) == (Stage.CASSATION, 1)
    assert stage(*cassation, "2026-07-01 reinvestigation") == (Stage.INVESTIGATION, 2)
    assert stage(*cassation, "2026-07-01 case_accepted") == (Stage.TRIAL_PREP, 2)
    assert stage(*cassation, "2026-07-01 appeal_file_received") == (Stage.APPEAL, 1)
    assert stage(*cassation, "2026-07-01 enforcement_decision") == (Stage.ENFORCEMENT, 1)


def test_money_is_enforced_while_the_cassation_court_has_the_file_and_its_clock_goes_on() -> None:
    told = ["2026-03-02 judgment_final", "2026-03-20 cassation_protest", "2026-04-01 enforcement_decision"]
    at = course(file(*told), LATER)
    assert at.stage is Stage.CASSATION
    assert at.clock and at.clock.rule == "CASS_OPEN"


def test_the_stage_is_that_of_the_day_asked() -> None:
    facts = file("2026-03-02 case_initiated", "2026-05-04 investigation_concluded")
    assert course(facts, "2026-03-01").stage is Stage.UNKNOWN
    assert course(facts, "2026-05-03").stage is Stage.INVESTIGATION
    assert course(facts, "2026-05-04").stage is Stage.PROSECUTION


def test_a_hearing_postponed_after_the_first_judgment_proves_an_appeal() -> None:
    assert stage("2026-03-02 first_instance_judgment", "2026-04-20 hearing_postponed") == (Stage.APPEAL, 1)


def test_a_hearing_postponed_after_the_judgment_is_in_force_changes_nothing() -> None:
    assert stage("2026-03-02 judgment_final", "2026-04-20 hearing_postponed") == (Stage.JUDGMENT_FINAL, 1)


# --- pauses --------------------------------------------------------------------------------------------------------


def test_a_suspension_of_one_accused_does_not_pause_the_case() -> None:
    assert course(file("2026-03-02 case_initiated", "2026-04-01 investigation_suspended *"), LATER).paused is None
    assert course(file("2026-03-02 case_initiated", "2026-04-01 investigation_suspended"), LATER).paused is not None


def test_a_resumption_for_one_accused_does_not_resume_the_case() -> None:
    told = ["2026-03-02 case_initiated", "2026-04-01 investigation_suspended"]
    assert course(file(*told, "2026-05-04 investigation_resumed *"), LATER).paused is not None
    assert course(file(*told, "2026-05-04 investigation_resumed"), LATER).paused is None


def test_the_event_of_a_later_stage_ends_a_pause() -> None:
    told = ["2026-03-02 case_initiated", "2026-04-01 investigation_suspended", "2026-06-01 investigation_concluded"]
    assert course(file(*told), LATER).paused is None


def test_charging_one_more_accused_does_not_end_a_pause() -> None:
    told = ["2026-03-02 case_initiated", "2026-04-01 investigation_suspended", "2026-06-01 accused_charged"]
    assert course(file(*told), LATER).paused is not None


def test_a_suspended_investigation_proves_that_there_was_one() -> None:
    assert stage("2026-03-02 report_received", "2026-04-01 investigation_suspended") == (Stage.INVESTIGATION, 1)


def test_a_report_cannot_be_suspended_after_the_case_was_initiated() -> None:
    assert course(file("2026-03-02 case_initiated", "2026-04-01 report_suspended"), LATER).paused is None


@pytest.mark.parametrize(
    ("before", "expected", "rule"),
    [
        ("case_initiated", Stage.INVESTIGATION, "INV_RESUMED"),
        ("file_to_procuracy", Stage.PROSECUTION, "PROS"),
        ("case_accepted", Stage.TRIAL_PREP, "TRIAL_PREP"),
        ("first_instance_trial_opened", Stage.TRIAL_PREP, "TRIAL_PREP"),
        ("appeal_file_received", Stage.APPEAL, "APPEAL_OPEN"),
    ],
)
def test_a_case_resumes_in_the_stage_it_was_suspended_in(before: str, expected: Stage, rule: str) -> None:
    told = [f"2026-03-02 {before}", "2026-03-20 investigation_suspended", "2026-06-01 investigation_resumed"]
    at = course(file(*told), LATER)
    assert at.stage is expected
    assert at.clock and (at.clock.rule, at.clock.start.on) == (rule, date(2026, 6, 1))


def test_suspended_enforcement_resumes_as_enforcement() -> None:
    told = ["2026-03-02 enforcement_decision", "2026-03-20 investigation_suspended"]
    assert course(file(*told), LATER).paused is not None
    resumed = course(file(*told, "2026-06-01 investigation_resumed"), LATER)
    assert (resumed.stage, resumed.paused, resumed.clock) == (Stage.ENFORCEMENT, None, None)


# --- open and closed -----------------------------------------------------------------------------------------------


def test_a_file_is_open_from_the_day_of_its_first_fact() -> None:
    assert not opened("2026-03-02 case_initiated", on="2026-03-01")
    assert opened("2026-03-02 case_initiated", on="2026-03-02")


def test_a_file_known_by_month_is_open_from_the_first_of_that_month() -> None:
    assert not opened("2026-03 case_initiated", on="2026-02-28")
    assert opened("2026-03 case_initiated", on="2026-03-01")


def test_a_file_without_events_is_open_from_its_recording() -> None:
    assert not opened(first_on="2026-03-02", on="2026-03-01")
    assert opened(first_on="2026-03-02", on="2026-03-02")


@pytest.mark.parametrize("end", ["terminated", "not_initiated", "enforcement_completed", "conclusion_carried_out"])
def test_a_file_that_nobody_supervises_ends_with_its_case(end: str) -> None:
    told = ["2026-03-02 inspection_opened", f"2026-04-01 {end}"]
    assert opened(*told, on="2026-03-31", kind=Kind.INCIDENT)
    assert not opened(*told, on="2026-04-01", kind=Kind.INCIDENT)


@pytest.mark.parametrize("end", ["terminated", "not_initiated", "enforcement_completed", "conclusion_carried_out"])
def test_a_supervised_file_stays_open_when_its_case_ends(end: str) -> None:
    told = ["2026-03-02 inspection_opened", "2026-03-09 placed_under_supervision", f"2026-04-01 {end}"]
    assert opened(*told, kind=Kind.INCIDENT)
    assert opened("2026-03-02 inspection_opened", f"2026-04-01 {end}", kind=Kind.INCIDENT, supervised=True)


def test_a_supervised_file_ends_when_supervision_ends_whatever_the_case_does() -> None:
    told = ["2026-03-02 case_initiated", "2026-03-09 placed_under_supervision", "2026-06-01 supervision_ended"]
    assert opened(*told, on="2026-05-31")
    assert not opened(*told, on="2026-06-01")
    assert not opened(*told, "2026-07-01 investigation_concluded")


def test_a_file_placed_under_supervision_again_is_open_again() -> None:
    told = [
        "2026-03-09 placed_under_supervision",
        "2026-06-01 supervision_ended",
        "2026-09-01 placed_under_supervision",
    ]
    assert not opened(*told, on="2026-08-31")
    assert opened(*told, on="2026-09-01")


def test_a_terminated_case_that_is_resumed_is_open_again() -> None:
    told = ["2026-03-02 case_initiated", "2026-04-01 terminated", "2026-06-01 investigation_resumed"]
    assert not opened(*told, on="2026-05-31")
    assert opened(*told, on="2026-06-01")


def test_a_refused_report_that_becomes_a_case_is_open_again() -> None:
    assert opened("2026-03-02 report_received", "2026-03-20 not_initiated", "2026-06-01 case_initiated")


def test_the_event_of_a_later_stage_proves_that_the_case_did_not_end() -> None:
    assert opened("2026-03-02 case_initiated", "2026-04-01 terminated", "2026-06-01 prosecution_decision")


@pytest.mark.parametrize("after", ["party_discipline", "admin_discipline", "money_returned", "progress_note"])
def test_what_follows_an_end_does_not_open_the_file_again(after: str) -> None:
    told = ["2026-03-02 inspection_concluded", "2026-04-01 conclusion_carried_out", f"2026-06-01 {after}"]
    assert not opened(*told, kind=Kind.INCIDENT)


@pytest.mark.parametrize("after", ["no_means", "enforcement_completed"])
def test_a_second_word_on_a_finished_enforcement_does_not_open_the_case_again(after: str) -> None:
    assert not opened("2026-03-02 enforcement_completed", f"2026-04-01 {after}")


@pytest.mark.parametrize("after", ["accused_charged", "charge_changed", "hearing_postponed", "investigation_suspended"])
def test_an_ended_case_is_not_opened_by_an_act_of_the_stage_it_ended_in(after: str) -> None:
    told = ["2026-03-02 case_initiated", "2026-04-01 terminated", f"2026-06-01 {after}"]
    assert not opened(*told)
    assert course(file(*told), LATER).clock is None


def test_a_new_inspection_opens_an_incident_again() -> None:
    told = ["2026-03-02 inspection_concluded", "2026-04-01 conclusion_carried_out", "2026-06-01 inspection_opened"]
    assert opened(*told, kind=Kind.INCIDENT)


@pytest.mark.parametrize("end", ["terminated", "not_initiated", "enforcement_completed"])
def test_the_end_for_one_accused_is_not_the_end_of_the_case(end: str) -> None:
    assert opened("2026-03-02 case_initiated", f"2026-04-01 {end} *")


def test_enforcement_completed_ends_the_case_also_after_a_cassation() -> None:
    told = ["2026-03-02 judgment_final", "2026-03-20 cassation_protest", "2026-06-01 cassation_decision"]
    assert opened(*told)
    assert not opened(*told, "2026-07-01 enforcement_completed")


# --- incidents -----------------------------------------------------------------------------------------------------


def test_an_incident_goes_from_inspection_to_the_police_and_becomes_a_case() -> None:
    told = ["2026-01-05 inspection_opened", "2026-03-02 inspection_concluded", "2026-03-09 party_discipline"]
    told += ["2026-03-16 file_transferred_to_police", "2026-04-01 case_initiated"]
    facts = file(*told, kind=Kind.INCIDENT, severity=Severity.SERIOUS)
    seen = [(judged(facts, on).stage, judged(facts, on).owner) for on in ("2026-02-01", "2026-03-02", "2026-03-09")]
    assert seen == [
        (Stage.INSPECTION, AgencyKind.INSPECTORATE),
        (Stage.FOLLOW_UP, AgencyKind.INTERNAL_AFFAIRS),
        (Stage.DISCIPLINE, AgencyKind.PARTY_INSPECTION),
    ]
    assert (judged(facts, "2026-03-16").stage, judged(facts, "2026-03-16").owner) == (
        Stage.VERIFICATION,
        AgencyKind.POLICE,
    )
    assert judged(facts, "2026-04-01").rule == "INV"


def test_discipline_does_not_take_a_file_back_from_the_police() -> None:
    assert stage("2026-03-02 report_received", "2026-03-20 party_discipline") == (Stage.VERIFICATION, 1)


def test_an_incident_ends_when_its_conclusions_are_carried_out_and_a_case_does_not() -> None:
    told = ["2026-03-02 report_received", "2026-03-20 conclusion_carried_out"]
    assert not opened(*told, kind=Kind.INCIDENT)
    assert opened(*told, kind=Kind.CASE)


@pytest.mark.parametrize("kind", ["detention_ended", "detention_ended @7"])
def test_a_release_moves_no_file_and_opens_none_again(kind: str) -> None:
    told = ["2026-03-02 case_initiated", "2026-05-04 investigation_concluded"]
    assert course(file(*told, f"2026-05-06 {kind}"), LATER).stage == course(file(*told), LATER).stage
    assert not opened(*told, "2026-06-01 terminated", f"2026-06-02 {kind}")


# --- odd histories -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(EventKind))
def test_an_event_told_twice_leaves_the_stage_where_it_was(kind: EventKind) -> None:
    once = course(file(f"2026-03-02 {kind}"), LATER)
    twice = course(file(f"2026-03-02 {kind}", f"2026-03-02 {kind}"), LATER)
    assert (twice.stage, twice.stage_since) == (once.stage, once.stage_since)


def test_a_stop_without_a_start_is_no_clock() -> None:
    at = course(file("2026-03-02 expert_result", "2026-03-02 supervision_ended"), LATER)
    assert (at.stage, at.clock, at.past, at.requests) == (Stage.UNKNOWN, None, [], [])
