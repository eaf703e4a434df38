"""Every row of the limits that has a number: its last good day, the first bad one, and each way a date moves.

The days expected come from `reckoning`, which is held against the dates written out in test_deadlines.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import pytest

from models.enums import DayKind, FlagRule, Severity
from models.rules.clocks import FileClock, clocks_of
from models.rules.deadlines import Due, NoFixedLimit, due_on
from models.rules.facts import CaseFacts
from models.rules.lengths import parse_length
from models.rules.limits import LimitRow, NotInForce, Rulebook
from models.rules.stalled import flags_of
from models.rules.workdays import Calendar, CalendarDay
from tests.models.rules import lawbook, reckoning
from tests.models.rules.histories import DEFAULTS, file, judged, reader
from tests.models.rules.reckoning import DAY, every_day
from tests.models.rules.test_deadlines import CASES
from tests.models.rules.test_sources import sections

NUMBER = re.compile(r"(\d+(wd|[dmyh])\+?)+")
CUSTODY = ("DET", "APPEAL_DET")
CLASSES = {severity.value for severity in Severity}
ROWS = [row for row in lawbook.limit_rows() if NUMBER.fullmatch(row.base_limit)]
TRIED_UNTIL = date(2027, 11, 30)  # the calendar's last year


def named(row: LimitRow) -> str:
    return f"{row.code}-{row.severity}-{row.extension_no}"


def custody(row: LimitRow) -> bool:
    return row.code in CUSTODY


def in_workdays(row: LimitRow) -> bool:
    return row.base_limit.endswith("wd")


def parts(row: LimitRow, start: date) -> list[reckoning.Amount]:
    return reckoning.in_full(row.code, row.severity, row.extension_no, start)


def total(row: LimitRow, start: date) -> reckoning.Amount:
    return reckoning.total(row.code, row.severity, row.extension_no, start)


def unmoved(row: LimitRow, start: date) -> date:
    return reckoning.end_of(start, total(row, start), custody=custody(row))


def expected(row: LimitRow, start: date) -> date:
    return reckoning.last_day(start, total(row, start), custody=custody(row))


def found(row: LimitRow, start: date, rulebook: Rulebook | None = None) -> Due:
    return due_on(
        rulebook or lawbook.rulebook(), row.code, start,
        severity=Severity(row.severity) if row.severity in CLASSES else None,
        extensions=[parse_length(reckoning.as_length(part)) for part in parts(row, start)[1:]],
    )  # fmt: skip


@cache
def starts(row: LimitRow) -> list[date]:
    """The days on which the row is in force and whose end the calendar knows; for terms of years, older days too."""
    months, _, _ = total(row, date(2024, 3, 4))
    first = max(row.valid_from or date(2018, 1, 1), date(2024, 1, 1))
    first = min(first, reckoning.months_later(date(2025, 1, 1), -months))
    last = min(row.valid_to or TRIED_UNTIL, TRIED_UNTIL)
    days = every_day(first, min(last, reckoning.months_later(TRIED_UNTIL, -months)))
    return [day for day in days if unmoved(row, day) <= TRIED_UNTIL]


def swapped(day: date) -> bool:
    return day in reckoning.special("swap_off")


def holiday(day: date) -> bool:
    return day in reckoning.special("holiday") and day.isoweekday() < 6


ENDS: dict[str, Callable[[date], bool]] = {
    "a working day": lambda day: not reckoning.is_off(day) and day.isoweekday() < 6,
    "a Saturday": lambda day: reckoning.is_off(day) and day.isoweekday() == 6,
    "a Sunday": lambda day: reckoning.is_off(day) and day.isoweekday() == 7,
    "a holiday in the week": holiday,
    "a day swapped off": swapped,
    "a worked Saturday": lambda day: day in reckoning.special("swap_work"),
}


def test_the_clerks_reckoning_agrees_with_every_date_written_out():
    for code, severity, start, extensions, last in CASES:
        granted = [reckoning.amount(text) for text in extensions]
        own = [row for row in ROWS if row.code == code and (row.severity == severity or row.severity not in CLASSES)]
        whole = reckoning.sum_of([reckoning.amount(own[0].base_limit), *granted])
        assert reckoning.last_day(start, whole, custody=custody(own[0])) == last, (code, severity, start, extensions)


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_the_last_day_moves_from_a_day_off_and_from_nothing_else(row: LimitRow):
    wanted = {"a working day", "a worked Saturday"} if in_workdays(row) else set(ENDS)
    for how in wanted:
        chosen = [start for start in starts(row) if ENDS[how](unmoved(row, start))][:3]
        assert chosen, f"no start found whose limit ends on {how}"
        for start in chosen:
            due = found(row, start)
            assert (due.end, due.due_on) == (unmoved(row, start), expected(row, start)), (how, start)
            moves = how not in ("a working day", "a worked Saturday") and not custody(row)
            assert due.rolled is moves, (how, start)


@pytest.mark.parametrize("row", [row for row in ROWS if in_workdays(row)], ids=named)
def test_working_days_leave_out_weekends_holidays_and_swapped_days_and_count_worked_saturdays(row: LimitRow):
    for what in ("a Saturday", "a holiday in the week", "a day swapped off", "a worked Saturday"):
        chosen = [
            start
            for start in starts(row)
            if any(ENDS[what](day) for day in every_day(start + DAY, expected(row, start)))
        ][:3]
        assert chosen, what
        for start in chosen:
            assert found(row, start).due_on == expected(row, start), (what, start)


@pytest.mark.parametrize("row", [row for row in ROWS if total(row, date(2024, 3, 4))[0]], ids=named)
def test_a_date_that_the_later_month_does_not_have_becomes_its_last_day_and_custody_counts_thirty_days(row: LimitRow):
    months, days, _ = total(row, date(2024, 3, 4))
    short = [start for start in starts(row) if reckoning.months_later(start, months).day < start.day][:4]
    # twelve months, or twenty, clamp the 29th of February alone: there may be none in the years of the law
    assert short or months % 12 == 0, "no start found"
    for start in short:
        due = found(row, start)
        if custody(row):
            assert due.end == due.due_on == start + timedelta(days=30 * months + days)
        else:
            assert (due.end, due.due_on) == (unmoved(row, start), expected(row, start))
            if not days:
                assert (due.end + DAY).day == 1, "the month's last day"


def test_twelve_months_from_the_twenty_ninth_of_february_end_on_the_twenty_eighth():
    whole_years = [row for row in ROWS if total(row, date(2024, 3, 4))[0] % 12 == 0]
    tried = 0
    for row in whole_years:
        months, days, workdays = total(row, date(2024, 3, 4))
        leap = date(2024, 2, 29)
        if not months or days or workdays or custody(row) or months > 36:
            continue
        if row.valid_from and row.valid_from > leap:  # judged by the same limit, before its law
            assert found(row, leap).approximate
        assert found(row, leap).end == reckoning.months_later(leap, months)
        assert found(row, leap).end.day == 28
        tried += 1
    assert tried >= 4


# --- both sides of the days on which a law begins and ends -----------------------------------------------------------

# the later law's number was not found
NO_LATER_NUMBER = {"THADS_DEC", "THADS_VOL", "EXP_ACT20", "INSP_DUR22_GI", "INSP_DUR22_PROV"}


@pytest.mark.parametrize("row", [row for row in ROWS if row.valid_from], ids=named)
def test_a_limit_is_sure_from_its_laws_first_day_and_approximate_the_day_before(row: LimitRow):
    assert row.valid_from
    rulebook = lawbook.rulebook()
    severity = Severity(row.severity) if row.severity in CLASSES else None
    on_the_day = rulebook.limit(row.code, severity, row.valid_from)
    before = rulebook.limit(row.code, severity, row.valid_from - DAY)
    assert (on_the_day.code, on_the_day.approximate) == (row.code, False)
    assert (before.code, before.approximate) == (row.code, True)
    assert str(before.base) == str(on_the_day.base)
    assert before.extensions == on_the_day.extensions


@pytest.mark.parametrize("row", [row for row in ROWS if row.valid_to], ids=named)
def test_a_start_on_a_laws_last_day_has_its_limit_and_one_on_the_next_has_not(row: LimitRow):
    assert row.valid_to
    due = found(row, row.valid_to)
    assert (due.rule, due.due_on) == (row.code, expected(row, row.valid_to))
    refusal = NoFixedLimit if row.code in NO_LATER_NUMBER else NotInForce
    with pytest.raises(refusal):
        found(row, row.valid_to + DAY)


# --- what a file meets: in time on the last day, late on the next ----------------------------------------------------

# rule, what came two days before its start, its start, what ends it
CLOCKS = """
VERIFY           -               report_received          case_initiated
VERIFY_RESUME    -               report_resumed           case_initiated
INV              -               case_initiated           investigation_concluded
INV_RESUMED      -               investigation_resumed    investigation_concluded
INV_ADD_VKS      -               returned_vks             investigation_concluded
INV_ADD_COURT    -               returned_court           investigation_concluded
PROS             -               file_to_procuracy        prosecution_decision
TRIAL_PREP       -               case_accepted            trial_decision
TRIAL_PREP_RET   returned_court  case_accepted            trial_decision
TRIAL_OPEN       -               trial_decision           first_instance_trial_opened
POSTPONE         -               hearing_postponed        first_instance_trial_opened
APPEAL_OPEN_PROV -               appeal_file_received     appellate_trial_opened
APPEAL_OPEN_SUP  -               appeal_file_received     appellate_trial_opened
THADS_DEC        -               judgment_final           enforcement_decision
CASS_OPEN        -               cassation_protest        cassation_decision
"""
BESIDE = """
DET              -               detention_ordered        detention_ended
CONCL_SEND       -               investigation_concluded  file_to_procuracy
TO_COURT         -               prosecution_decision     case_accepted
EXEC_PEN         -               judgment_final           enforcement_decision
INSP_DUR22_PROV  -               inspection_opened        inspection_concluded
"""
WINDOWS = {
    "APPEAL_RIGHT": "first_instance_judgment",
    "PROTEST_SAME": "first_instance_judgment",
    "PROTEST_UPPER": "first_instance_judgment",
    "CASS_UNFAV": "judgment_final",
}
WITHOUT_MEANS = {"THADS_REVERIFY", "THADS26_NOMEANS"}
EXTENDED_BY = {
    "VERIFY": "verification_extended",
    "INV": "investigation_extended",
    "INV_RESUMED": "investigation_extended",
    "PROS": "prosecution_extended",
    "TRIAL_PREP": "trial_prep_extended",
    "TRIAL_OPEN": "trial_opening_extended",
    "TO_COURT": "file_delivery_extended",
    "INSP_DUR22_PROV": "inspection_extended",
    "DET": "detention_extended",
}
LEVELS = {"APPEAL_OPEN_PROV": "district", "APPEAL_OPEN_SUP": "provincial"}


def told(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.strip().splitlines()}


ACTS = told(CLOCKS) | told(BESIDE)
MET = [row for row in ROWS if row.code in ACTS]


def history(row: LimitRow, start: date, end: date | None = None) -> CaseFacts:
    """A file whose clock starts on `start`, is extended in full the next day, and is ended on `end`."""
    before, begins, ends = ACTS[row.code]
    events = [f"{start - 2 * DAY} {before}"] if before != "-" else []
    events.append(f"{start} {begins}")
    events += [f"{start + DAY} {EXTENDED_BY[row.code]} {reckoning.as_length(part)}" for part in parts(row, start)[1:]]
    events += [f"{end} {ends}"] if end else []
    severity = Severity(row.severity) if row.severity in CLASSES else Severity.SERIOUS
    return file(*events, severity=severity, level=LEVELS.get(row.code, ""))


def clock(row: LimitRow, facts: CaseFacts, today: date, start: date) -> FileClock:
    (one,) = [each for each in clocks_of(facts, reader(), today) if each.rule == row.code and each.start.on == start]
    return one


def some_starts(row: LimitRow) -> list[date]:
    """A start for each way the limit may end, as the table of ends tells them."""
    days = [start for start in starts(row) if start >= (row.valid_from or date.min)]
    return [day for day in (next((d for d in days if lies(unmoved(row, d))), None) for lies in ENDS.values()) if day]


@pytest.mark.parametrize("row", MET, ids=named)
def test_an_act_on_the_last_day_is_in_time_and_on_the_next_day_late(row: LimitRow):
    chosen = some_starts(row)
    assert len(chosen) >= 2
    for start in chosen:
        last = expected(row, start)
        assert clock(row, history(row, start, last), last, start).state == "met", start
        assert clock(row, history(row, start, last + DAY), last + DAY, start).state == "missed", start


@pytest.mark.parametrize("row", [row for row in MET if row.code in told(CLOCKS)], ids=named)
def test_the_scan_calls_a_file_late_from_the_day_after_the_last_day(row: LimitRow):
    for start in some_starts(row):
        last = expected(row, start)
        in_time, late = (judged(history(row, start), day.isoformat()) for day in (last, last + DAY))
        assert (in_time.rule, in_time.due_on, in_time.days_late, in_time.is_late) == (row.code, last, 0, False), start
        assert (late.rule, late.due_on, late.days_late, late.is_late) == (row.code, last, 1, True), start
        assert FlagRule.S1 not in {flag.rule for flag in flags_of(in_time, last, DEFAULTS)}
        (flag,) = [flag for flag in flags_of(late, last + DAY, DEFAULTS) if flag.rule is FlagRule.S1]
        assert flag.since == last + DAY


@pytest.mark.parametrize("row", [row for row in ROWS if row.code == "DET"], ids=named)
def test_a_detention_is_flagged_from_ten_days_before_its_end(row: LimitRow):
    for start in some_starts(row):
        last = expected(row, start)
        facts = history(row, start)
        for day, flagged in ((last - 11 * DAY, False), (last - 10 * DAY, True), (last, True), (last + DAY, True)):
            rules = {flag.rule for flag in flags_of(judged(facts, day.isoformat()), day, DEFAULTS)}
            assert (FlagRule.S10 in rules) is flagged, (start, day)


@pytest.mark.parametrize("row", [row for row in ROWS if row.code in WINDOWS], ids=named)
def test_a_window_is_open_until_its_last_day_and_closed_on_the_next(row: LimitRow):
    for start in some_starts(row):
        last = expected(row, start)
        facts = file(f"{start} {WINDOWS[row.code]}")
        assert row.code in {each.rule for each in clocks_of(facts, reader(), last)}, start
        assert row.code not in {each.rule for each in clocks_of(facts, reader(), last + DAY)}, start
        if row.code == "PROTEST_UPPER":
            assert judged(facts, last.isoformat()).due_on is None
            assert judged(facts, (last + DAY).isoformat()).start_on == last


@pytest.mark.parametrize("row", [row for row in ROWS if row.code in WITHOUT_MEANS], ids=named)
def test_a_finding_of_no_means_is_flagged_from_the_day_after_its_term(row: LimitRow):
    days = [start for start in starts(row) if start <= date(2025, 10, 31)]
    chosen = [next(day for day in days if lies(unmoved(row, day))) for lies in ENDS.values()]
    for start in chosen:
        last = expected(row, start)
        facts = file(f"{start} no_means", *([] if row.code == "THADS_REVERIFY" else [f"{last - DAY} no_means"]))
        for day, flagged in ((last, False), (last + DAY, True)):
            flags = [
                flag for flag in flags_of(judged(facts, day.isoformat()), day, DEFAULTS) if flag.rule is FlagRule.S12
            ]
            subjects = {flag.subject.split(":")[0] for flag in flags}
            assert (row.code in subjects) is flagged, (start, day)


@pytest.mark.parametrize(
    ("code", "days"), [("VERIFY_REQ", 5), ("INV_REQ", 10), ("INV_RESUMED", 10)]
)  # 147(2), 172(2), 174(1)
def test_a_lead_time_makes_the_file_due_soon_and_asks_for_the_request_the_day_after_it(code: str, days: int):
    rule = code.removesuffix("_REQ")
    for row in [row for row in MET if row.code == rule and row.extension_no == 0]:
        for start in some_starts(row):
            facts, last = history(row, start), expected(row, start)
            request_by = last - days * DAY
            buckets = [judged(facts, day.isoformat()).bucket.value for day in (request_by - DAY, request_by)]
            assert buckets == ["on_time", "due_soon"], start
            for day, flagged in ((request_by, False), (request_by + DAY, True), (last, True), (last + DAY, False)):
                rules = {flag.rule for flag in flags_of(judged(facts, day.isoformat()), day, DEFAULTS)}
                assert (FlagRule.S2 in rules) is flagged, (start, day)


def test_no_tracked_clock_window_or_lead_time_is_without_its_test():
    """docs/sources.md says which rules are tracked; each of those with a number, and each lead time, is tried above."""
    tracked = {code for name in ("Clocks", "Clocks beside") for code in sections()[name]}
    serving = set(sections()["Lead times and windows that serve a clock"])
    numbered = {row.code for row in ROWS}
    assert tracked & numbered == set(ACTS) | WITHOUT_MEANS
    assert serving & numbered == set(WINDOWS)
    assert serving - numbered == {"VERIFY_REQ", "INV_REQ", "DET_REQ"}
    assert tracked - numbered == {
        "THADS26_DEC",
        "INSP_DUR25",
        "EXP_OTHER",
        "VAL",
    }  # no number: test_clocks, test_beside


def test_a_number_beyond_the_calendar_is_counted_once_the_calendar_has_its_year():
    """Two years from 3 July 2026 end on Monday 3 July 2028."""
    more = [*lawbook.days(), CalendarDay(date(2028, 1, 1), DayKind.HOLIDAY, "Tết Dương lịch", "New Year's Day")]
    rulebook = Rulebook.build(lawbook.limit_rows(), Calendar.build(more))
    (row,) = [row for row in ROWS if row.code == "THADS26_NOMEANS"]
    assert found(row, date(2026, 7, 3), rulebook).due_on == date(2028, 7, 3)
    assert found(row, date(2026, 7, 1), rulebook).due_on == date(2028, 7, 3)  # 1 July 2028 is a Saturday
