"""The stalled rules: from which day they hold, until when, and that a missed night loses nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.enums import FlagRule, Kind
from models.rules.facts import CaseFacts, Event, TaskFact
from models.rules.judge import Thresholds, judge
from models.rules.stalled import FlagVerdict, flags_of
from tests.models.rules.histories import DEFAULTS, day, file, judged, reader
from tests.models.rules.test_judge import CLOCKED, files

ALL_RULES = st.builds(
    Event,
    on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    kind=st.sampled_from([
        "case_initiated", "returned_vks", "returned_court", "file_to_procuracy", "first_instance_trial_opened",
        "investigation_extended", "investigation_suspended", "detention_ordered", "detention_extended", "no_means",
        "inspection_concluded", "judgment_final", "expert_requested", "valuation_requested", "progress_note",
        "report_received", "verification_extended", "trial_decision", "trial_opening_extended",
        "prosecution_decision", "file_delivery_extended", "inspection_opened", "inspection_extended",
    ]),
    length=st.sampled_from(["", "1m", "4m", "30d", "12m"]),
    partial=st.booleans(),
    accused=st.integers(0, 2),
)  # fmt: skip

TASKS = st.lists(
    st.builds(
        TaskFact,
        code=st.sampled_from(["NV-1", "NV-2"]),
        origin=st.sampled_from(["conclusion", "programme"]),
        assigned_on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
        due_on=st.dates(date(2025, 1, 1), date(2027, 2, 1)),
        claimed_on=st.none() | st.dates(date(2025, 1, 1), date(2027, 2, 1)),
        done_on=st.none() | st.dates(date(2025, 1, 1), date(2027, 2, 1)),
    ),
    max_size=2,
    unique_by=lambda task: task.code,
)

INVESTIGATION = "2026-03-02 case_initiated"  # serious: until 2 June 2026; a request by 23 May


def every(facts: CaseFacts, today: str | date, thresholds: Thresholds = DEFAULTS) -> dict[tuple[str, ...], FlagVerdict]:
    """The flags by rule and subject, which no two share."""
    on = day(today) if isinstance(today, str) else today
    found = flags_of(judge(facts, reader(), on, thresholds), on, thresholds)
    by_subject: dict[tuple[str, ...], FlagVerdict] = {(flag.rule, flag.subject): flag for flag in found}
    assert len(by_subject) == len(found)
    return by_subject


def flags(facts: CaseFacts, today: str | date, thresholds: Thresholds = DEFAULTS) -> dict[FlagRule, FlagVerdict]:
    """The flags by rule, of a file that has at most one of each."""
    found = every(facts, today, thresholds).values()
    by_rule = {flag.rule: flag for flag in found}
    assert len(by_rule) == len(found)
    return by_rule


def since(facts: CaseFacts, today: str, rule: FlagRule) -> date | None:
    found = flags(facts, today).get(rule)
    return found.since if found else None


# --- S1: the limit passed ------------------------------------------------------------------------------------------


def test_a_passed_limit_is_flagged_from_the_day_after_its_last_day() -> None:
    assert since(file(INVESTIGATION), "2026-06-02", FlagRule.S1) is None
    assert since(file(INVESTIGATION), "2026-06-03", FlagRule.S1) == day("2026-06-03")


def test_the_flag_keeps_the_day_it_became_true_whenever_the_job_runs() -> None:
    file_ = file(INVESTIGATION)
    assert {since(file_, on, FlagRule.S1) for on in ("2026-06-03", "2026-06-30", "2028-01-03")} == {day("2026-06-03")}


def test_a_file_already_overdue_when_first_seen_is_flagged() -> None:
    assert since(file("2019-03-04 case_initiated"), "2026-11-21", FlagRule.S1) == day("2019-06-05")


@pytest.mark.parametrize(
    "ended_by",
    [
        "2026-06-10 investigation_concluded",
        "2026-06-10 investigation_suspended",
        "2026-06-10 terminated",
        "2026-06-10 investigation_extended 3m",
    ],
)
def test_a_closing_suspending_or_extending_event_clears_it(ended_by: str) -> None:
    facts = file(INVESTIGATION, ended_by)
    assert since(facts, "2026-06-09", FlagRule.S1) == day("2026-06-03")
    assert since(facts, "2026-06-10", FlagRule.S1) is None


def test_a_suspension_is_not_a_flag() -> None:
    facts = file(INVESTIGATION, "2026-04-01 investigation_suspended")
    assert set(flags(facts, "2026-05-01")) == set()
    assert FlagRule.S1 not in flags(facts, "2029-05-01")


def test_the_next_clock_has_a_flag_of_its_own() -> None:
    facts = file(INVESTIGATION, "2026-06-10 investigation_concluded")
    before, after = flags(facts, "2026-06-09")[FlagRule.S1], flags(facts, "2026-07-20")[FlagRule.S1]
    assert (before.subject, after.subject) == ("INV:2026-03-02", "PROS:2026-06-10")
    assert (before.article, after.article) == ("172(1)", "240(1)")


def test_a_flag_says_what_would_clear_it() -> None:
    flag = flags(file(INVESTIGATION), "2026-06-03")[FlagRule.S1]
    assert flag.why.english() == "Investigation: the limit ended on 2026-06-02 (Article 172(1))."
    assert "“Investigation”" in flag.clears.english()


def test_without_the_class_of_offence_a_limit_is_passed_when_every_class_has_passed() -> None:
    facts = file(INVESTIGATION, severity=None)
    assert since(facts, "2026-07-02", FlagRule.S1) is None
    assert since(facts, "2026-07-03", FlagRule.S1) == day("2026-07-03")


# --- S2: no extension requested in time ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"),
    [("2026-05-23", None), ("2026-05-24", "2026-05-24"), ("2026-06-02", "2026-05-24"), ("2026-06-03", None)],
)
def test_an_extension_not_requested_ten_days_before_expiry_is_flagged_until_the_limit_passes(
    today: str, expected: str | None
) -> None:
    assert since(file(INVESTIGATION), today, FlagRule.S2) == (day(expected) if expected else None)


def test_a_request_on_a_report_is_due_five_days_before() -> None:
    facts = file("2026-03-02 report_received")  # until 23 March
    assert since(facts, "2026-03-18", FlagRule.S2) is None
    assert since(facts, "2026-03-19", FlagRule.S2) == day("2026-03-19")


def test_an_extension_clears_it_and_the_next_last_day_to_request_comes_later() -> None:
    facts = file(INVESTIGATION, "2026-05-25 investigation_extended 3m")  # until 3 September
    assert since(facts, "2026-05-24", FlagRule.S2) == day("2026-05-24")
    assert since(facts, "2026-05-25", FlagRule.S2) is None
    assert since(facts, "2026-08-25", FlagRule.S2) == day("2026-08-25")


def test_what_the_law_does_not_allow_to_extend_is_not_asked_for() -> None:
    told = [INVESTIGATION, "2026-05-20 investigation_extended 3m", "2026-08-20 investigation_extended 2m"]
    assert since(file(*told), "2026-11-01", FlagRule.S2) is None
    assert since(file("2026-03-02 returned_vks"), "2026-05-03", FlagRule.S2) is None


def test_a_limit_without_a_lead_time_in_law_asks_for_no_request() -> None:
    assert since(file("2026-03-02 file_to_procuracy"), "2026-03-22", FlagRule.S2) is None


# --- S7: no news ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected"), [("2026-04-01", None), ("2026-04-02", "2026-04-02"), ("2026-12-01", "2026-04-02")]
)
def test_a_file_without_news_for_more_than_thirty_days_is_flagged(today: str, expected: str | None) -> None:
    assert since(file("2026-03-02 enforcement_decision"), today, FlagRule.S7) == (day(expected) if expected else None)


def test_any_event_is_news() -> None:
    facts = file("2026-03-02 enforcement_decision", "2026-04-02 progress_note")
    assert since(facts, "2026-05-02", FlagRule.S7) is None
    assert since(facts, "2026-05-03", FlagRule.S7) == day("2026-05-03")


def test_a_file_without_any_event_is_flagged_from_its_recording() -> None:
    assert since(file(first_on="2026-03-02"), "2026-04-02", FlagRule.S7) == day("2026-04-02")


def test_the_committee_chooses_how_long_silence_may_last() -> None:
    own = Thresholds(no_news_amber_days=7)
    assert FlagRule.S7 not in flags(file("2026-03-02 enforcement_decision"), "2026-03-09", own)
    assert flags(file("2026-03-02 enforcement_decision"), "2026-03-10", own)[FlagRule.S7].since == day("2026-03-10")


# --- every rule ----------------------------------------------------------------------------------------------------


def test_a_file_that_is_closed_has_no_flags() -> None:
    told = [INVESTIGATION, "2026-04-01 placed_under_supervision", "2026-09-01 supervision_ended"]
    assert set(flags(file(*told), "2026-08-31")) == {FlagRule.S1, FlagRule.S7}
    assert flags(file(*told), "2026-12-01") == {}


def test_an_incident_without_a_limit_can_still_be_silent() -> None:
    facts = file("2026-03-02 inspection_concluded", kind=Kind.INCIDENT)
    assert set(flags(facts, "2026-06-01")) == {FlagRule.S7}


def test_judging_again_on_the_same_day_finds_the_same() -> None:
    verdict = judged(file(INVESTIGATION), "2026-06-03")
    found = flags_of(verdict, day("2026-06-03"), DEFAULTS)
    assert found == flags_of(judged(file(INVESTIGATION), "2026-06-03"), day("2026-06-03"), DEFAULTS)


@settings(max_examples=300)
@given(files(CLOCKED, most=5))
def test_a_flag_holds_from_its_day_on_and_not_before(facts: CaseFacts) -> None:
    last = max((event.on for event in facts.events), default=facts.first_on)
    today = last + timedelta(days=500)
    for key, flag in every(facts, today).items():
        assert flag.since <= today
        if flag.since > last:
            assert every(facts, flag.since)[key]._replace(owner=flag.owner) == flag
            assert every(facts, flag.since - timedelta(days=1)).get(key) is None


@settings(max_examples=40)
@given(files(ALL_RULES, most=5), TASKS)
def test_judged_every_night_or_once_after_a_missed_month_the_open_flags_are_the_same(
    file_: CaseFacts, tasks: list[TaskFact]
) -> None:
    facts, first = file_._replace(tasks=tuple(tasks)), file_.first_on
    end = max((event.on for event in facts.events), default=first) + timedelta(days=45)
    opened: dict[tuple[FlagRule, str, date], date] = {}
    for night in range(60, -1, -1):
        on = end - timedelta(days=night)
        held = {(flag.rule, flag.subject, flag.since) for flag in every(facts, on).values()}
        opened = {key: opened.get(key, on) for key in held}
    assert set(opened) == {(flag.rule, flag.subject, flag.since) for flag in every(facts, end).values()}
    news = {event.on for event in facts.events} | {end - timedelta(days=60)} | {task.assigned_on for task in tasks}
    for (_, _, became_true), seen in opened.items():
        assert seen == became_true or (seen > became_true and seen in news)
