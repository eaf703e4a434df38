"""The clock table of the contract, row by row: what starts a clock, stands in for its start, extends and stops it."""

from datetime import date

import pytest

from models.enums import EventKind, Severity
from models.rules.clocks import NAMES, clocks_of, name_of
from models.rules.facts import CaseFacts
from models.rules.stages import MOVES
from tests.models.rules import lawbook
from tests.models.rules.histories import day, file, judged, reader

START = date(2026, 3, 2)  # a Monday

# rule, what was before, the event of 2 March 2026 that starts the clock, its last day for a serious offence
STARTS = """
VERIFY            -                                     report_received          2026-03-23
VERIFY_RESUME     report_suspended                      report_resumed           2026-04-02
INV               -                                     case_initiated           2026-06-02
INV               report_received                       case_initiated           2026-06-02
INV               appellate_judgment                    reinvestigation          2026-06-02
INV_RESUMED       case_initiated,investigation_suspended investigation_resumed   2026-05-04
INV_ADD_VKS       file_to_procuracy                     returned_vks             2026-05-04
INV_ADD_VKS       file_to_procuracy                     returned_for_additional_investigation 2026-05-04
INV_ADD_COURT     case_accepted                         returned_court           2026-04-02
INV_ADD_COURT     case_accepted                         returned_for_additional_investigation 2026-04-02
INV_ADD_COURT     first_instance_trial_opened           returned_for_additional_investigation 2026-04-02
INV_ADD_COURT     appellate_judgment                    returned_for_additional_investigation 2026-04-02
PROS              investigation_concluded               file_to_procuracy        2026-03-23
PROS              -                                     file_to_procuracy        2026-03-23
TRIAL_PREP        prosecution_decision                  case_accepted            2026-04-16
TRIAL_PREP        -                                     case_accepted            2026-04-16
TRIAL_PREP        returned_vks,prosecution_decision     case_accepted            2026-04-16
TRIAL_PREP_RET    returned_court,prosecution_decision   case_accepted            2026-03-17
TRIAL_PREP_RET    returned_court,returned_vks,prosecution_decision case_accepted 2026-03-17
TRIAL_PREP        returned_court,appellate_judgment     case_accepted            2026-04-16
TRIAL_OPEN        case_accepted                         trial_decision           2026-03-17
POSTPONE          trial_decision                        hearing_postponed        2026-04-01
POSTPONE          first_instance_trial_opened           hearing_postponed        2026-04-01
POSTPONE          appellate_trial_opened                hearing_postponed        2026-04-01
APPEAL_OPEN_SUP   appeal_filed                          appeal_file_received     2026-06-01
THADS_DEC         appellate_judgment                    judgment_final           2026-03-09
THADS_DEC         -                                     judgment_final           2026-03-09
"""

# rule, the earlier event that stands in for the start on 2 March 2026, the last day counted from it
STAND_INS = """
VERIFY            verification_started     2026-03-23
INV               accused_charged          2026-06-02
PROS              investigation_concluded  2026-03-23
TRIAL_PREP        prosecution_decision     2026-04-16
APPEAL_OPEN_SUP   appeal_filed             2026-06-01
APPEAL_OPEN_SUP   protest_filed            2026-06-01
THADS_DEC         appellate_judgment       2026-03-09
CASS_OPEN         cassation_protest        2026-07-02
"""

# rule, the event that starts it, every event that stops it
STOPS = """
VERIFY         report_received        case_initiated not_initiated report_suspended
VERIFY_RESUME  report_resumed         case_initiated not_initiated report_suspended
INV            case_initiated         investigation_concluded investigation_suspended terminated file_to_procuracy
INV_RESUMED    investigation_resumed  investigation_concluded investigation_suspended terminated
INV_ADD_VKS    returned_vks           investigation_concluded investigation_suspended terminated
INV_ADD_COURT  returned_court         investigation_concluded investigation_suspended terminated
PROS           file_to_procuracy      prosecution_decision returned_vks returned_for_additional_investigation \
investigation_suspended terminated case_accepted
TRIAL_PREP     case_accepted          trial_decision returned_court returned_for_additional_investigation \
investigation_suspended terminated first_instance_trial_opened
TRIAL_OPEN     trial_decision         first_instance_trial_opened hearing_postponed
POSTPONE       hearing_postponed      first_instance_trial_opened
APPEAL_OPEN    appeal_file_received   appellate_trial_opened appellate_judgment
THADS_DEC      judgment_final         enforcement_decision no_means enforcement_completed
CASS_OPEN      cassation_protest      cassation_decision
"""


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def history(before: str, start: str) -> CaseFacts:
    earlier = [] if before == "-" else before.split(",")
    told = [f"2026-01-{12 + number} {kind}" for number, kind in enumerate(earlier)]
    return file(*told, f"{START} {start}", level="provincial")


@pytest.mark.parametrize(("rule", "before", "start", "last"), rows(STARTS))
def test_a_clock_starts_with_its_event(rule: str, before: str, start: str, last: str) -> None:
    verdict = judged(history(before, start), "2026-03-03")
    assert (verdict.rule, verdict.start_on, verdict.due_on) == (rule, START, day(last))
    assert not verdict.approximate


@pytest.mark.parametrize(("rule", "start", "last"), rows(STAND_INS))
def test_an_earlier_event_that_proves_the_stage_stands_in_for_a_missing_start(rule: str, start: str, last: str) -> None:
    verdict = judged(history("-", start), "2026-03-03")
    assert (verdict.rule, verdict.start_on, verdict.due_on) == (rule, START, day(last))
    assert verdict.approximate
    assert "The clock's own start is not recorded" in " ".join(why.english() for why in verdict.why)


@pytest.mark.parametrize(("rule", "start", "stop"), [(row[0], row[1], stop) for row in rows(STOPS) for stop in row[2:]])
def test_a_clock_runs_until_its_event_stops_it(rule: str, start: str, stop: str) -> None:
    facts = file(f"{START} {start}", f"2026-03-20 {stop}")
    clocks = {clock.rule: clock for clock in clocks_of(facts, reader(), day("2026-03-19"))}
    running = next(clock for code, clock in clocks.items() if code.startswith(rule))
    assert running.state == "running"
    stopped = next(clock for clock in clocks_of(facts, reader(), day("2026-03-20")) if clock.rule == running.rule)
    assert stopped.stopped and (stopped.stopped.kind, stopped.stopped.on) == (stop, day("2026-03-20"))
    assert stopped.state != "running"


@pytest.mark.parametrize("start", [kind for kind, move in MOVES.items() if move[1] and move[2]])
def test_a_start_told_twice_counts_from_the_first_telling(start: str) -> None:
    twice = judged(file(f"{START} {start}", f"2026-03-16 {start}"), "2026-03-17")
    assert twice.start_on == START


@pytest.mark.parametrize(
    ("stand_in", "rule", "last"),
    [("investigation_concluded", "PROS", "2026-06-10"), ("prosecution_decision", "TRIAL_PREP", "2026-07-06")],
)  # 21 May 2026 + 20 days = 10 June; + 45 days = Sunday 5 July
def test_the_nearest_conclusion_or_indictment_stands_in_and_not_one_from_before_a_return_that_is_not_recorded(
    stand_in: str, rule: str, last: str
) -> None:
    verdict = judged(file(f"{START} {stand_in}", f"2026-05-21 {stand_in}"), "2026-05-22")
    assert (verdict.rule, verdict.due_on, verdict.approximate) == (rule, day(last), True)
    earlier = judged(file(f"{START} {stand_in}", f"2026-05-21 {stand_in}"), "2026-05-20")
    assert earlier.start_on == START


@pytest.mark.parametrize(
    "told",
    [
        ["2026-03-02 investigation_concluded", "2026-05-21 investigation_concluded *"],  # for one accused
        ["2026-03-02 investigation_concluded", "2026-03 investigation_concluded"],  # the same, by its month
        ["2026-03-02 file_to_procuracy", "2026-05-21 investigation_concluded"],  # the receipt itself is recorded
    ],
)
def test_what_is_told_again_does_not_move_the_procuracys_days(told: list[str]) -> None:
    assert judged(file(*told), "2026-05-22").start_on == START


def test_an_extension_granted_before_a_further_conclusion_does_not_prolong_the_time_after_it() -> None:
    told = ["2026-03-02 investigation_concluded", "2026-03-20 prosecution_extended 10d"]
    assert judged(file(*told), "2026-03-21").due_on == day("2026-04-01")
    assert judged(file(*told, "2026-05-21 investigation_concluded"), "2026-05-22").due_on == day("2026-06-10")


def test_a_stage_known_from_another_event_starts_its_clock_later() -> None:
    told = ["2026-01-05 report_received", "2026-02-02 detention_ordered", "2026-03-02 accused_charged"]
    assert judged(file(*told), "2026-03-01").due_on is None
    assert (judged(file(*told), "2026-03-02").rule, judged(file(*told), "2026-03-02").start_on) == ("INV", START)


def test_the_first_accused_charged_stands_in_for_the_start_of_the_investigation() -> None:
    verdict = judged(file("2026-03-02 accused_charged *", "2026-05-04 accused_charged *"), "2026-05-05")
    assert (verdict.rule, verdict.start_on) == ("INV", START)


@pytest.mark.parametrize(
    ("stand_in", "start"),
    [
        ("verification_started", "report_received"),
        ("accused_charged", "case_initiated"),
        ("investigation_concluded", "file_to_procuracy"),
        ("prosecution_decision", "case_accepted"),
        ("appeal_filed", "appeal_file_received"),
        ("appellate_judgment", "judgment_final"),
    ],
)
def test_the_clock_counts_from_its_own_start_once_that_is_recorded(stand_in: str, start: str) -> None:
    facts = file(f"2026-02-23 {stand_in}", f"{START} {start}", level="provincial")
    before, after = judged(facts, "2026-03-01"), judged(facts, "2026-03-02")
    assert (before.start_on, before.approximate) == (day("2026-02-23"), True)
    assert (after.start_on, after.approximate) == (START, False)


def test_a_term_never_starts_from_today_because_its_start_is_missing() -> None:
    facts = file("2026-03-02 file_transferred_to_police")
    assert {judged(facts, on).due_on for on in ("2026-03-02", "2026-06-01", "2027-03-02")} == {None}


# --- the court's view of appeals -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "rule", "last"),
    [
        ("district", "APPEAL_OPEN_PROV", "2026-05-04"),
        ("regional", "APPEAL_OPEN_PROV", "2026-05-04"),
        ("Khu vực", "APPEAL_OPEN_PROV", "2026-05-04"),
        ("cấp huyện", "APPEAL_OPEN_PROV", "2026-05-04"),
        ("provincial", "APPEAL_OPEN_SUP", "2026-06-01"),
        ("Cấp tỉnh", "APPEAL_OPEN_SUP", "2026-06-01"),
        ("central", "APPEAL_OPEN_SUP", "2026-06-01"),
    ],
)
def test_the_level_of_the_first_court_decides_which_court_hears_the_appeal(level: str, rule: str, last: str) -> None:
    verdict = judged(file("2026-03-02 appeal_file_received", level=level), "2026-03-03")
    assert (verdict.rule, verdict.due_on) == (rule, day(last))
    assert not verdict.approximate


@pytest.mark.parametrize(
    ("today", "due"), [("2026-05-04", "2026-05-04"), ("2026-05-05", None), ("2026-06-02", "2026-06-01")]
)
def test_without_the_level_the_shorter_and_the_longer_limit_decide(today: str, due: str | None) -> None:
    verdict = judged(file("2026-03-02 appeal_file_received"), today)
    assert verdict.due_on == (day(due) if due else None)
    assert verdict.approximate


# --- the window after a judgment, and civil enforcement ------------------------------------------------------------


def test_the_judgment_is_in_force_after_the_longest_window() -> None:
    facts = file("2026-03-02 first_instance_judgment")
    open_window, closed = judged(facts, "2026-04-01"), judged(facts, "2026-04-02")
    assert (open_window.rule, open_window.due_on) == ("", None)
    assert (closed.rule, closed.start_on, closed.due_on) == ("THADS_DEC", day("2026-04-01"), day("2026-04-08"))
    assert closed.approximate


def test_a_window_that_ends_on_a_day_off_stays_open_until_the_next_working_day() -> None:
    facts = file("2026-04-01 first_instance_judgment")  # 30 days later is 1 May, a holiday before a weekend
    assert judged(facts, "2026-05-04").rule == ""
    assert judged(facts, "2026-05-05").start_on == day("2026-05-04")


@pytest.mark.parametrize("appeal", ["appeal_filed", "protest_filed"])
def test_an_appeal_or_protest_in_the_window_keeps_the_judgment_out_of_force(appeal: str) -> None:
    facts = file("2026-03-02 first_instance_judgment", f"2026-04-01 {appeal}", level="provincial")
    assert judged(facts, "2026-04-02").rule == "APPEAL_OPEN_SUP"


@pytest.mark.parametrize(
    ("final", "rule", "due"), [("2026-06-30", "THADS_DEC", "2026-07-07"), ("2026-07-01", "THADS26_DEC", None)]
)
def test_enforcement_is_judged_by_the_law_in_force_on_the_start_day(final: str, rule: str, due: str | None) -> None:
    verdict = judged(file(f"{final} judgment_final"), "2026-07-06")
    assert (verdict.rule, verdict.due_on) == (rule, day(due) if due else None)


def test_the_case_page_shows_the_clock_that_runs_after_the_window() -> None:
    clocks = clocks_of(file("2026-03-02 first_instance_judgment"), reader(), day("2026-04-02"))
    assert [(clock.rule, clock.state, clock.stand_in) for clock in clocks] == [("THADS_DEC", "running", True)]


# --- extensions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "extension", "length", "last"),
    [
        ("case_initiated", "investigation_extended", "3m", "2026-09-03"),
        ("investigation_resumed", "investigation_extended", "2 tháng", "2026-07-02"),
        ("returned_vks", "investigation_extended", "1m", "2026-06-02"),
        ("returned_court", "investigation_extended", "1m", "2026-05-04"),
        ("file_to_procuracy", "prosecution_extended", "10d", "2026-04-01"),
        ("case_accepted", "trial_prep_extended", "15 ngày", "2026-05-04"),
    ],
)
def test_a_recorded_extension_moves_the_date_from_its_own_day_on(
    start: str, extension: str, length: str, last: str
) -> None:
    facts = file(f"{START} {start}", f"2026-03-20 {extension} {length}")
    without = file(f"{START} {start}")
    assert judged(facts, "2026-03-19").due_on == judged(without, "2026-03-19").due_on
    assert judged(facts, "2026-03-20").due_on == day(last)


@pytest.mark.parametrize("extension", ["prosecution_extended", "trial_prep_extended"])
def test_an_extension_of_another_stage_does_not_extend_this_clock(extension: str) -> None:
    told = ["2026-03-02 file_to_procuracy", f"2026-03-10 {extension} 10d"]
    seen = {clock.rule: clock for clock in clocks_of(file(*told), reader(), day("2026-03-11"))}
    assert len(seen["PROS"].due.extensions if seen["PROS"].due else ()) == (extension == "prosecution_extended")


def test_extensions_add_up_and_the_end_rolls_once() -> None:
    told = ["2026-03-02 case_initiated", "2026-05-20 investigation_extended 3m", "2026-08-20 investigation_extended 2m"]
    assert judged(file(*told), "2026-08-21").due_on == day("2026-11-02")


def test_removing_an_extension_restores_the_earlier_date_exactly() -> None:
    told = ["2026-03-02 case_initiated", "2026-05-20 investigation_extended 3m"]
    assert judged(file(*told), "2026-05-21").due_on == day("2026-09-03")
    assert judged(file(told[0]), "2026-05-21").due_on == day("2026-06-02")


def test_an_extension_beyond_what_the_article_allows_is_kept_and_said() -> None:
    verdict = judged(file("2026-03-02 case_initiated", "2026-05-20 investigation_extended 4m"), "2026-05-21")
    assert verdict.due_on == day("2026-07-02").replace(month=10)
    assert "more than the article allows" in " ".join(why.english() for why in verdict.why)


@pytest.mark.parametrize(
    ("today", "due"), [("2026-06-02", "2026-06-02"), ("2026-06-03", None), ("2026-09-04", "2026-09-03")]
)
def test_an_extension_without_its_length_is_counted_as_none_and_as_the_most_allowed(
    today: str, due: str | None
) -> None:
    verdict = judged(file("2026-03-02 case_initiated", "2026-05-20 investigation_extended"), today)
    assert verdict.due_on == (day(due) if due else None)
    assert verdict.approximate
    assert "extension is recorded without its length" in " ".join(why.english() for why in verdict.why)


def test_an_extension_without_its_length_beyond_the_last_one_allowed_adds_nothing() -> None:
    told = ["2026-03-02 case_initiated", "2026-05-20 investigation_extended 3m", "2026-08-20 investigation_extended 2m"]
    assert judged(file(*told, "2026-10-20 investigation_extended"), "2026-10-21").due_on == day("2026-11-02")
    assert judged(file("2026-03-02 returned_vks", "2026-04-20 investigation_extended"), "2026-04-21").due_on == day(
        "2026-05-04"
    )


def test_an_extension_whose_length_is_no_length_names_it() -> None:
    verdict = judged(file("2026-03-02 case_initiated", "2026-05-20 investigation_extended vài tháng"), "2026-05-21")
    assert verdict.due_on is None
    assert "vài tháng" in " ".join(why.english() for why in verdict.why)


# --- suspension ----------------------------------------------------------------------------------------------------


def test_a_resumed_investigation_gets_a_new_limit_and_not_the_rest_of_the_old_one() -> None:
    told = ["2025-12-01 case_initiated", "2026-02-27 investigation_suspended", "2026-03-02 investigation_resumed"]
    assert judged(file(*told), "2026-03-03").due_on == day("2026-05-04")


def test_an_investigation_again_counts_article_172_from_its_own_day() -> None:
    told = ["2024-03-04 case_initiated", "2026-02-26 appellate_judgment", "2026-03-02 reinvestigation"]
    assert (judged(file(*told), "2026-03-03").rule, judged(file(*told), "2026-03-03").due_on) == (
        "INV",
        day("2026-06-02"),
    )


# --- expert and valuation requests ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "answer", "rule"),
    [("expert_requested", "expert_result", "EXP"), ("valuation_requested", "valuation_result", "VAL")],
)
def test_an_expert_or_valuation_term_is_the_one_in_the_request(request_: str, answer: str, rule: str) -> None:
    facts = file(f"2026-03-02 {request_} 30d", f"2026-05-04 {answer}")
    waiting = judged(facts, "2026-05-03")
    assert (waiting.rule, waiting.due_on, waiting.days_late) == (rule, day("2026-04-01"), 32)
    assert judged(facts, "2026-05-04").rule == ""
    states = {clock.rule: clock.state for clock in clocks_of(facts, reader(), day("2026-05-04"))}
    assert states == {rule: "missed"}


def test_a_term_in_a_request_moves_from_a_day_off_to_the_next_working_day() -> None:
    assert judged(file("2026-03-02 expert_requested 2 tháng"), "2026-03-03").due_on == day("2026-05-04")


def test_a_request_without_its_term_cannot_be_judged_and_says_which() -> None:
    verdict = judged(file("2026-03-02 valuation_requested"), "2026-03-03")
    assert (verdict.rule, verdict.due_on) == ("VAL", None)
    assert "2026-03-02" in " ".join(why.english() for why in verdict.why)


def test_the_clock_of_the_stage_comes_before_a_request() -> None:
    assert judged(file("2026-03-02 case_initiated", "2026-03-03 expert_requested 5d"), "2026-04-01").rule == "INV"


def test_of_several_requests_the_latest_answer_is_asked_for() -> None:
    told = ["2026-03-02 expert_requested", "2026-03-02 valuation_requested 30d"]
    assert judged(file(*told), "2026-04-01").rule == "EXP"
    assert judged(file(*told), "2026-04-02").rule == "VAL"


def test_nobody_waits_for_an_answer_after_the_investigation_was_concluded() -> None:
    told = ["2026-03-02 expert_requested 30d", "2026-03-09 investigation_concluded", "2026-04-01 enforcement_decision"]
    assert judged(file(*told), "2027-03-02").rule == ""


def test_an_answer_ends_the_oldest_open_request() -> None:
    told = ["2026-03-02 expert_requested 30d", "2026-03-09 expert_requested 30d", "2026-03-20 expert_result"]
    assert judged(file(*told), "2026-03-23").start_on == day("2026-03-09")


# --- what a clock is called, and how it ended ----------------------------------------------------------------------


def test_every_rule_that_a_file_can_run_has_a_name() -> None:
    started = {move[1] for move in MOVES.values() if move[1]} - {"APPEAL_OPEN"}
    assert started <= set(NAMES)
    assert set(NAMES) - {"EXP"} <= set(lawbook.rulebook().codes)
    assert name_of("PROS_DELIVER").english() == "Rule PROS_DELIVER"


@pytest.mark.parametrize(
    ("stop", "state"),
    [
        ("2026-06-02 investigation_concluded", "met"),
        ("2026-06-03 investigation_concluded", "missed"),
        ("2026-06-02 terminated", "met"),
        ("2026-06-02 investigation_suspended", "stopped"),
        ("2026-06-03 investigation_suspended", "missed"),
    ],
)
def test_a_clock_was_met_on_its_last_day_and_missed_on_the_next(stop: str, state: str) -> None:
    clocks = clocks_of(file("2026-03-02 case_initiated", stop), reader(), day("2026-07-01"))
    assert clocks[0].state == state


def test_how_a_clock_ended_is_unknown_while_the_class_of_offence_decides_it() -> None:
    told = ["2026-03-02 case_initiated", "2026-06-01 investigation_concluded"]
    assert clocks_of(file(*told, severity=None), reader(), day("2026-07-01"))[0].state == "unknown"
    assert clocks_of(file(*told, severity=Severity.LESS_SERIOUS), reader(), day("2026-07-01"))[0].state == "missed"


def test_clocks_come_oldest_first_with_their_dates() -> None:
    told = ["2026-03-02 case_initiated", "2026-05-04 investigation_concluded", "2026-05-05 file_to_procuracy"]
    clocks = clocks_of(file(*told), reader(), day("2026-05-06"))
    assert [(clock.rule, clock.due.due_on if clock.due else None) for clock in clocks] == [
        ("INV", day("2026-06-02")),
        ("CONCL_SEND", day("2026-05-06")),
        ("PROS", day("2026-05-25")),
    ]


def test_a_clock_that_cannot_be_told_says_why() -> None:
    clocks = clocks_of(file("2027-11-29 case_initiated"), reader(), day("2027-12-01"))
    assert clocks[0].due is None
    assert "2028" in clocks[0].doubts[0].english()


def test_the_class_of_offence_is_that_of_the_gravest_paragraph_charged() -> None:
    facts = file("2026-03-02 case_initiated", severity=None, articles="353(1); 354 khoản 2")
    assert reader().severity(facts) is Severity.VERY_SERIOUS
    assert judged(facts, "2026-03-03").due_on == day("2026-07-02")


def test_the_gravest_paragraph_of_several_accused_decides_where_the_file_names_none() -> None:
    told = "2026-03-02 case_initiated"
    unknown = file(told, severity=None, articles="353")
    assert judged(unknown, "2026-06-30").due_on is None  # between 2 months and 4
    several = unknown._replace(charged="353(1); 353(2); 364(1)")
    verdict = judged(several, "2026-06-30")
    assert (verdict.due_on, verdict.approximate) == (day("2026-07-02"), False)  # very serious: 4 months
    gentler = unknown._replace(charged="353(1); 364(1)")
    assert judged(gentler, "2026-06-30").due_on == day("2026-06-02")  # the gravest left is serious: 3 months


def test_a_recorded_class_of_offence_comes_before_the_articles() -> None:
    facts = file("2026-03-02 case_initiated", severity=Severity.LESS_SERIOUS, articles="354(4)")
    assert reader().severity(facts) is Severity.LESS_SERIOUS


def test_every_event_kind_is_taken_by_the_clocks_without_error() -> None:
    for kind in EventKind:
        clocks_of(file(f"2026-03-02 {kind}"), reader(), day("2027-03-02"))
