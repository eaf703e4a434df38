"""The verdict on a file: one bucket, on both sides of every line, whatever the file's history."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.enums import LATE_BUCKETS, AgencyKind, Bucket, EventKind, Kind, Severity, Stage
from models.rules.clocks import Reader, clocks_of
from models.rules.facts import CaseFacts, Event, in_order
from models.rules.judge import Thresholds, Verdict, judge
from models.rules.limits import Rulebook
from models.rules.stages import OWNERS
from models.rules.workdays import Calendar
from tests.models.rules import lawbook
from tests.models.rules.histories import DEFAULTS, day, file, judged, reader, said

INVESTIGATION = "2026-03-02 case_initiated"  # serious: until 2 June 2026


def bucket(facts: CaseFacts, today: str) -> tuple[Bucket, int | None]:
    verdict = judged(facts, today)
    return verdict.bucket, verdict.days_late


# --- buckets -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "expected", "days_late"),
    [
        ("2026-03-02", Bucket.ON_TIME, -92),
        ("2026-05-22", Bucket.ON_TIME, -11),
        ("2026-05-23", Bucket.DUE_SOON, -10),
        ("2026-06-02", Bucket.DUE_SOON, 0),  # the last day ends at 24:00
        ("2026-06-03", Bucket.OVERDUE_1_30, 1),
        ("2026-07-02", Bucket.OVERDUE_1_30, 30),
        ("2026-07-03", Bucket.OVERDUE_31_90, 31),
        ("2026-08-31", Bucket.OVERDUE_31_90, 90),
        ("2026-09-01", Bucket.OVERDUE_91_365, 91),
        ("2027-06-02", Bucket.OVERDUE_91_365, 365),
        ("2027-06-03", Bucket.OVERDUE_OVER_365, 366),
        ("2036-06-02", Bucket.OVERDUE_OVER_365, 3653),
    ],
)
def test_the_bucket_follows_from_the_days_to_the_limit(today: str, expected: Bucket, days_late: int) -> None:
    assert bucket(file(INVESTIGATION), today) == (expected, days_late)


@pytest.mark.parametrize(
    ("start", "first_soon"),
    [
        ("report_received", "2026-03-18"),  # 5 days before 23 March: a request is due 5 days before expiry
        ("case_initiated", "2026-05-23"),  # 10 days before 2 June
        ("file_to_procuracy", "2026-03-13"),  # the law names no lead time: 10 days before 23 March
    ],
)
def test_due_soon_begins_with_the_lead_time_of_a_request_else_ten_days_before(start: str, first_soon: str) -> None:
    facts, soon = file(f"2026-03-02 {start}"), day(first_soon)
    before = judge(facts, reader(), soon - timedelta(days=1), DEFAULTS)
    assert (before.bucket, judge(facts, reader(), soon, DEFAULTS).bucket) == (Bucket.ON_TIME, Bucket.DUE_SOON)


def test_the_committee_may_choose_its_own_due_soon_where_the_law_names_no_lead_time() -> None:
    own = Thresholds(due_soon_days=3)
    procuracy = file("2026-03-02 file_to_procuracy")
    assert judged(procuracy, "2026-03-19", own).bucket is Bucket.ON_TIME
    assert judged(procuracy, "2026-03-20", own).bucket is Bucket.DUE_SOON
    assert judged(file(INVESTIGATION), "2026-05-23", own).bucket is Bucket.DUE_SOON


def test_a_suspended_case_is_paused_and_has_no_date() -> None:
    facts = file(INVESTIGATION, "2026-07-01 investigation_suspended")
    assert bucket(facts, "2026-06-30") == (Bucket.OVERDUE_1_30, 28)
    assert bucket(facts, "2026-07-01") == (Bucket.PAUSED, None)
    assert "2026-07-01" in said(judged(facts, "2027-07-01"))


def test_a_report_suspended_is_paused_until_it_is_resumed() -> None:
    facts = file("2026-03-02 report_received", "2026-03-10 report_suspended", "2026-06-01 report_resumed")
    assert bucket(facts, "2026-05-31") == (Bucket.PAUSED, None)
    assert bucket(facts, "2026-06-01") == (Bucket.ON_TIME, -30)


def test_a_case_with_one_accused_suspended_and_one_terminated_keeps_its_limit() -> None:
    facts = file(INVESTIGATION, "2026-03-16 investigation_suspended *", "2026-04-01 terminated *")
    assert bucket(facts, "2026-06-03") == (Bucket.OVERDUE_1_30, 1)


@pytest.mark.parametrize(
    "told",
    [
        ["2026-03-02 first_instance_trial_opened"],
        ["2026-03-02 appellate_trial_opened"],
        ["2026-03-02 inspection_opened"],
        ["2026-03-02 inspection_concluded"],
        ["2026-03-02 party_discipline"],
        ["2026-03-02 enforcement_decision"],
        ["2026-03-02 no_means"],
        ["2026-03-02 cassation_decision"],
        ["2026-03-02 first_instance_judgment"],
    ],
)
def test_what_the_law_gives_no_limit_has_none(told: list[str]) -> None:
    assert bucket(file(*told), "2026-03-20") == (Bucket.NO_LIMIT, None)


def test_a_hearing_that_was_opened_and_postponed_on_one_day_has_a_limit_again() -> None:
    facts = file("2026-03-02 hearing_postponed", "2026-03-02 first_instance_trial_opened")
    assert (judged(facts, "2026-03-03").rule, bucket(facts, "2026-04-02")) == ("POSTPONE", (Bucket.OVERDUE_1_30, 1))


def test_a_supervised_case_that_ended_has_no_limit_and_says_why_it_is_still_here() -> None:
    facts = file("2026-03-02 case_initiated", "2026-04-01 terminated", supervised=True)
    assert bucket(facts, "2026-12-01") == (Bucket.NO_LIMIT, None)
    assert "supervision has not been ended" in said(judged(facts, "2026-12-01"))


def test_a_file_that_is_closed_has_no_limit_and_says_when_it_ended() -> None:
    over = file("2026-03-02 case_initiated", "2026-04-01 terminated")
    assert bucket(over, "2026-12-01") == (Bucket.NO_LIMIT, None)
    assert said(judged(over, "2026-12-01")) == "The case ended on 2026-04-01 (Terminated)."
    let_go = file("2026-03-02 case_initiated", "2026-03-03 placed_under_supervision", "2026-04-01 supervision_ended")
    assert bucket(let_go, "2026-12-01") == (Bucket.NO_LIMIT, None)
    assert said(judged(let_go, "2026-12-01")) == "Supervision of the file ended on 2026-04-01."


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ([], "No event says"),
        (["2026-03-02 progress_note"], "No event says"),
        (["2026-03-02 file_transferred_to_police"], "Verification"),
        (["2026-03-02 detention_ordered"], "Investigation"),
        (["2026-03-02 prosecution_extended 10d"], "Decision on prosecution|Prosecution"),
        (["2026-03-02 expert_requested"], "without its term"),
        (["2026-07-01 judgment_final"], "Decision to enforce the judgment: the table of limits gives no length"),
        (["2027-12-13 file_to_procuracy"], "2028"),
        (["2027-12-20 first_instance_judgment"], "2028"),
    ],
)
def test_a_missing_fact_is_named_and_not_guessed(told: list[str], names: str) -> None:
    facts = file(*told, first_on="2026-03-01")
    verdict = judged(facts, "2027-12-24")
    assert (verdict.bucket, verdict.due_on, verdict.is_open) == (Bucket.CANNOT_TELL, None, True)
    assert any(name in said(verdict) for name in names.split("|"))


def test_a_year_missing_from_the_calendar_is_an_error_and_never_a_year_without_holidays() -> None:
    shipped = lawbook.days()
    gap = Calendar.build(special for special in shipped if special.on.year != 2026)
    broken = Reader(Rulebook.build(lawbook.limit_rows(), gap, lawbook.offence_rows()))
    verdict = judge(file(INVESTIGATION), broken, day("2026-06-03"), DEFAULTS)
    assert verdict.bucket is Bucket.CANNOT_TELL
    assert "2026" in said(verdict)


def test_the_file_that_has_a_broken_rule_is_in_cannot_tell_with_the_reason() -> None:
    facts = CaseFacts("VA-1", Kind.CASE, day("2026-03-02"), (Event(day("2026-03-02"), "case_initiated"),))
    verdict = judge(facts, Reader(Rulebook.build([], lawbook.calendar())), day("2026-03-03"), DEFAULTS)
    assert verdict.bucket is Bucket.CANNOT_TELL
    assert "INV" in said(verdict)


# --- the class of offence is not known -----------------------------------------------------------------------------

# Investigation from 2 March 2026: less serious until 4 May, serious until 2 June, the two gravest until 2 July.


@pytest.mark.parametrize(
    ("today", "expected", "due"),
    [
        ("2026-03-03", Bucket.ON_TIME, "2026-05-04"),
        ("2026-05-04", Bucket.DUE_SOON, "2026-05-04"),
        ("2026-05-05", Bucket.CANNOT_TELL, None),
        ("2026-06-03", Bucket.CANNOT_TELL, None),
        ("2026-07-02", Bucket.CANNOT_TELL, None),
        ("2026-07-03", Bucket.OVERDUE_1_30, "2026-07-02"),
    ],
)
def test_without_the_class_the_earliest_then_nothing_then_the_latest_date_decides(
    today: str, expected: Bucket, due: str | None
) -> None:
    verdict = judged(file(INVESTIGATION, severity=None), today)
    assert (verdict.bucket, verdict.due_on) == (expected, day(due) if due else None)
    assert verdict.approximate
    assert "class of offence is not recorded" in said(verdict)


def test_in_between_both_dates_are_said() -> None:
    verdict = judged(file(INVESTIGATION, severity=None), "2026-06-01")
    assert "2026-05-04" in said(verdict)
    assert "2026-07-02" in said(verdict)
    assert (verdict.rule, verdict.article) == ("INV", "172(1)")


def test_a_limit_that_does_not_depend_on_the_class_is_sure_without_it() -> None:
    verdict = judged(file("2026-03-02 report_received", severity=None), "2026-03-03")
    assert (verdict.due_on, verdict.approximate) == (day("2026-03-23"), False)


def test_without_the_class_a_recorded_extension_is_added_to_every_class() -> None:
    facts = file(INVESTIGATION, "2026-04-01 investigation_extended 1m", severity=None)
    assert judged(facts, "2026-04-02").due_on == day("2026-06-02")
    assert judged(facts, "2026-08-04").due_on == day("2026-08-03")  # 2 August is a Sunday


def test_an_article_without_its_paragraph_does_not_say_the_class() -> None:
    assert judged(file(INVESTIGATION, severity=None, articles="353"), "2026-06-01").bucket is Bucket.CANNOT_TELL
    assert judged(file(INVESTIGATION, severity=None, articles="353(1)"), "2026-06-01").due_on == day("2026-06-02")


# --- approximate ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "approximate"),
    [
        ("2026-03-02 case_initiated", False),
        ("2026-03 case_initiated", True),  # known by month only
        ("2026-03-02 accused_charged", True),  # stands in for the start
        ("2018-01-01 case_initiated", False),
        ("2017-12-29 case_initiated", True),  # before the Code came into force
        ("2009-06-01 case_initiated", True),  # before the calendar as well
    ],
)
def test_a_date_that_rests_on_less_than_the_facts_is_marked(told: str, approximate: bool) -> None:
    verdict = judged(file(told), "2026-03-02")
    assert verdict.due_on is not None
    assert verdict.approximate is approximate


def test_a_start_known_by_month_counts_from_the_first_of_the_month() -> None:
    verdict = judged(file("2026-03 case_initiated"), "2026-03-20")
    assert (verdict.start_on, verdict.due_on) == (day("2026-03-01"), day("2026-06-01"))
    assert "the day of the event is not known" in said(verdict)


@pytest.mark.parametrize("year", [1, 1900, 1945, 1989, 2000, 2014, 2017])
def test_no_date_is_too_old_to_be_judged(year: int) -> None:
    verdict = judge(file(f"{year:04}-03-02 case_initiated"), reader(), day("2026-03-02"), DEFAULTS)
    assert verdict.bucket is Bucket.OVERDUE_OVER_365
    assert verdict.approximate


# --- whose move it is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "owner"),
    [
        ("report_received", AgencyKind.POLICE),
        ("case_initiated", AgencyKind.POLICE),
        ("returned_court", AgencyKind.POLICE),
        ("file_to_procuracy", AgencyKind.PROCURACY),
        ("case_accepted", AgencyKind.COURT),
        ("appeal_filed", AgencyKind.COURT),
        ("judgment_final", AgencyKind.ENFORCEMENT),
        ("inspection_opened", AgencyKind.INSPECTORATE),
        ("expert_requested", AgencyKind.VALUATION),
        ("progress_note", AgencyKind.INTERNAL_AFFAIRS),
    ],
)
def test_the_owner_is_who_must_move(told: str, owner: AgencyKind) -> None:
    assert judged(file(f"2026-03-02 {told}"), "2026-03-03").owner is owner


def test_a_stage_without_an_owner_does_not_exist() -> None:
    assert set(OWNERS) == set(Stage)


# --- what the verdict tells ----------------------------------------------------------------------------------------


def test_a_verdict_names_rule_article_law_and_reason() -> None:
    verdict = judged(file(INVESTIGATION), "2026-06-11")
    assert (verdict.rule, verdict.article) == ("INV", "172(1)")
    assert verdict.law.startswith("CPC 101/2015/QH13")
    assert said(verdict) == "Investigation: the limit ended on 2026-06-02, 9 days ago (Article 172(1))."
    assert verdict.due is not None
    assert verdict.due.trace


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2026-05-31", "the limit ends on 2026-06-02, in 2 days"),
        ("2026-06-01", "the limit ends tomorrow, 2026-06-02"),
        ("2026-06-02", "today, 2026-06-02, is the last day"),
        ("2026-06-03", "the limit ended yesterday, 2026-06-02"),
        ("2026-06-04", "the limit ended on 2026-06-02, 2 days ago"),
    ],
)
def test_the_reason_fits_the_day(today: str, expected: str) -> None:
    assert expected in said(judged(file(INVESTIGATION), today))


def test_the_last_news_is_the_latest_event_known_on_the_day() -> None:
    facts = file(INVESTIGATION, "2026-04-01 progress_note")
    assert judged(facts, "2026-03-31").last_event_on == day("2026-03-02")
    assert judged(facts, "2026-04-01").last_event_on == day("2026-04-01")
    assert judged(file(first_on="2026-03-09"), "2026-05-04").last_event_on == day("2026-03-09")


def test_tomorrows_events_do_not_change_todays_verdict() -> None:
    known = file(INVESTIGATION)
    later = file(INVESTIGATION, "2026-06-04 investigation_concluded", "2026-06-05 terminated")
    assert judged(known, "2026-06-03") == judged(later, "2026-06-03")


# --- defects of other systems, which we do not have ----------------------------------------------------------------


def test_a_file_overdue_by_more_than_a_year_still_appears() -> None:
    verdict = judged(file("2019-03-04 case_initiated"), "2026-11-21")
    assert (verdict.is_open, verdict.bucket) == (True, Bucket.OVERDUE_OVER_365)


def test_a_file_already_overdue_when_first_seen_is_late_on_that_day() -> None:
    assert bucket(file("2025-03-03 case_initiated"), "2026-11-21") == (Bucket.OVERDUE_OVER_365, 536)


def test_an_act_on_the_last_day_is_in_time_whenever_it_is_recorded() -> None:
    told = ["2026-03-02 case_initiated", "2026-06-02 investigation_concluded"]
    state = [clock.state for clock in clocks_of(file(*told), reader(), day("2026-09-30")) if clock.rule == "INV"]
    assert state == ["met"]


def test_a_suspension_moves_the_date() -> None:
    told = [INVESTIGATION, "2026-04-01 investigation_suspended", "2026-09-01 investigation_resumed"]
    assert judged(file(*told), "2026-09-02").due_on == day("2026-11-02")  # 1 November is a Sunday


# --- any history ---------------------------------------------------------------------------------------------------

LENGTHS = st.sampled_from(
    ["", "1m", "2 tháng", "30d", "5wd", "1y", "90000d", "0d", "soon", "٣m", "-1m", "2m+", "9" * 30]
)
EVENTS = st.builds(
    Event,
    on=st.dates(date(2015, 1, 1), date(2028, 12, 31)),
    kind=st.sampled_from([kind.value for kind in EventKind]),
    monthly=st.booleans(),
    length=LENGTHS,
    partial=st.booleans(),
    id=st.integers(1, 50),
)
CLOCKED = st.builds(
    Event,
    on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    kind=st.sampled_from(["case_initiated", "file_to_procuracy", "case_accepted", "report_received", "returned_vks",
                          "investigation_extended", "first_instance_judgment", "appeal_filed", "expert_requested",
                          "verification_extended", "trial_decision", "trial_opening_extended"]),
    monthly=st.booleans(),
    length=LENGTHS,
)  # fmt: skip


def _month(event: Event) -> Event:
    return event._replace(on=event.on.replace(day=1)) if event.monthly else event


@st.composite
def files(draw: st.DrawFn, events: st.SearchStrategy[Event] = EVENTS, most: int = 9) -> CaseFacts:
    told = in_order(map(_month, draw(st.lists(events, max_size=most))))
    return CaseFacts(
        code="VA-1",
        kind=draw(st.sampled_from(Kind)),
        first_on=min((event.on for event in told), default=date(2026, 1, 5)),
        events=told,
        severity=draw(st.none() | st.sampled_from(Severity)),
        articles=draw(st.sampled_from(["", "353", "354(4)", "garbage", "Điều 999"])),
        level=draw(st.sampled_from(["", "provincial", "district", "?"])),
        supervised=draw(st.booleans()),
    )


DAYS = st.dates(date(2015, 1, 1), date(2029, 12, 31))


def consistent(verdict: Verdict, today: date) -> None:
    """What holds of every verdict, whatever the file."""
    assert "rules failed" not in said(verdict)
    assert (verdict.due_on is None) == (verdict.days_late is None)
    assert verdict.why or verdict.bucket is Bucket.ON_TIME
    if verdict.due_on is None or verdict.days_late is None:
        assert verdict.bucket in (Bucket.PAUSED, Bucket.NO_LIMIT, Bucket.CANNOT_TELL)
        return
    assert verdict.days_late == (today - verdict.due_on).days
    assert verdict.is_late == (verdict.bucket in LATE_BUCKETS) == (verdict.days_late > 0)
    assert verdict.rule
    assert verdict.start_on is not None
    assert verdict.start_on <= min(today, verdict.due_on)


@settings(max_examples=400)
@given(files(), DAYS)
def test_any_history_gets_exactly_one_bucket_and_never_an_error(facts: CaseFacts, today: date) -> None:
    verdict = judge(facts, reader(), today, DEFAULTS)
    consistent(verdict, today)
    assert verdict.is_open or facts.first_on > today or any(event.on <= today for event in facts.events)
    clocks_of(facts, reader(), today)


@settings(max_examples=400)
@given(files(CLOCKED, most=5), DAYS)
def test_any_history_with_clocks_gets_exactly_one_bucket_and_never_an_error(facts: CaseFacts, today: date) -> None:
    consistent(judge(facts, reader(), today, DEFAULTS), today)


@settings(max_examples=300)
@given(files(CLOCKED, most=5), st.integers(0, 400), st.integers(1, 400))
def test_without_news_a_file_never_gets_less_late(facts: CaseFacts, wait: int, more: int) -> None:
    last = max((event.on for event in facts.events), default=facts.first_on)
    today = last + timedelta(days=wait)
    later = today + timedelta(days=more)
    before, after = (judge(facts, reader(), on, DEFAULTS) for on in (today, later))
    if before.is_late:
        assert after.is_late
        assert after.days_late is not None
        assert before.days_late is not None
        assert after.days_late >= before.days_late + more
    if before.bucket is Bucket.DUE_SOON:
        assert after.bucket is not Bucket.ON_TIME
    if before.bucket is Bucket.CANNOT_TELL:
        assert after.bucket in (Bucket.CANNOT_TELL, *LATE_BUCKETS)


@settings(max_examples=200)
@given(files(), DAYS)
def test_what_happens_later_never_changes_what_is_judged_today(facts: CaseFacts, today: date) -> None:
    known = facts._replace(events=tuple(event for event in facts.events if event.on <= today))
    assert judge(known, reader(), today, DEFAULTS) == judge(facts, reader(), today, DEFAULTS)


@settings(max_examples=100)
@given(st.lists(files(), max_size=12), DAYS)
def test_the_buckets_add_up_to_the_open_files(many: list[CaseFacts], today: date) -> None:
    open_files = [verdict for verdict in (judge(facts, reader(), today, DEFAULTS) for facts in many) if verdict.is_open]
    counts = {bucket: sum(verdict.bucket is bucket for verdict in open_files) for bucket in Bucket}
    assert sum(counts.values()) == len(open_files)
