"""Statutory dates from the shipped tables: every row with a number, each way a date moves, each refusal."""

import re
from datetime import date

import pytest

from models.enums import Severity, Verified
from models.rules.deadlines import (
    ExtensionRefused,
    NoFixedLimit,
    SeverityNeeded,
    due_date,
    due_on,
    earliest_and_latest,
)
from models.rules.lengths import Length, parse_length
from models.rules.limits import NotInForce, Rulebook, UnknownRule
from models.rules.workdays import Calendar, CalendarMissing
from tests.models.rules import lawbook

# rule, class of offence, start, extensions granted in full, last day. Reckoned with a calendar on paper and by a naive
# day-by-day script that shares no code with the product; 2 March 2026 is a Monday.
DATES = """
VERIFY - 2026-03-02 - = 2026-03-23
VERIFY - 2026-03-02 41d = 2026-05-04
VERIFY - 2026-03-02 41d 2m = 2026-07-02
VERIFY_SUSP_SEND - 2026-03-02 - = 2026-03-03
VERIFY_SUSP_CANCEL - 2026-03-02 - = 2026-04-02
VERIFY_RESUME - 2026-03-02 - = 2026-04-02
VERIFY_RESUME_SEND - 2026-03-02 - = 2026-03-05
CASE_SEND - 2026-03-02 - = 2026-03-03
INV less_serious 2026-03-02 - = 2026-05-04
INV less_serious 2026-03-02 2m = 2026-07-02
INV serious 2026-03-02 - = 2026-06-02
INV serious 2026-03-02 3m = 2026-09-03
INV serious 2026-03-02 3m 2m = 2026-11-02
INV very_serious 2026-03-02 - = 2026-07-02
INV very_serious 2026-03-02 4m = 2026-11-02
INV very_serious 2026-03-02 4m 4m = 2027-03-02
INV especially_serious 2026-03-02 - = 2026-07-02
INV especially_serious 2026-03-02 4m = 2026-11-02
INV especially_serious 2026-03-02 4m 4m = 2027-03-02
INV especially_serious 2026-03-02 4m 4m 4m = 2027-07-02
INV especially_serious 2026-03-02 4m 4m 4m 4m = 2027-11-02
DET less_serious 2026-03-02 - = 2026-05-01
DET serious 2026-03-02 - = 2026-05-31
DET very_serious 2026-03-02 - = 2026-06-30
DET especially_serious 2026-03-02 - = 2026-06-30
DET less_serious 2026-03-02 1m = 2026-05-31
DET serious 2026-03-02 2m = 2026-07-30
DET very_serious 2026-03-02 3m = 2026-09-28
DET especially_serious 2026-03-02 4m = 2026-10-28
DET especially_serious 2026-03-02 4m 4m = 2027-02-25
DET especially_serious 2026-03-02 4m 4m 4m = 2027-06-25
INV_RESUMED less_serious 2026-03-02 - = 2026-05-04
INV_RESUMED less_serious 2026-03-02 1m = 2026-06-02
INV_RESUMED serious 2026-03-02 - = 2026-05-04
INV_RESUMED serious 2026-03-02 2m = 2026-07-02
INV_RESUMED very_serious 2026-03-02 - = 2026-06-02
INV_RESUMED very_serious 2026-03-02 2m = 2026-08-03
INV_RESUMED especially_serious 2026-03-02 - = 2026-06-02
INV_RESUMED especially_serious 2026-03-02 3m = 2026-09-03
INV_ADD_VKS - 2026-03-02 - = 2026-05-04
INV_ADD_COURT - 2026-03-02 - = 2026-04-02
EXP_SEND - 2026-03-02 - = 2026-03-03
EXP_206_1 - 2026-03-02 - = 2026-06-02
EXP_206_3_6 - 2026-03-02 - = 2026-04-02
EXP_206_2_4_5 - 2026-03-02 - = 2026-03-11
EXP_ACT20 - 2025-03-03 - = 2025-06-03
EXP_ACT20 - 2025-03-03 1m = 2025-07-03
EXP_ACT20 - 2025-03-03 1m 2m = 2025-09-03
EXP_RESULT_SEND - 2026-03-02 - = 2026-03-03
EXP_NOTIFY - 2026-03-02 - = 2026-03-09
VAL_SEND - 2026-03-02 - = 2026-03-03
VAL_NOTIFY - 2026-03-02 - = 2026-03-09
SUSP_NOTIFY - 2026-03-02 - = 2026-03-04
TERM_REVIEW - 2026-03-02 - = 2026-03-17
CONCL_SEND - 2026-03-02 - = 2026-03-04
RESUME_NOTIFY - 2026-03-02 - = 2026-03-04
PROS less_serious 2026-03-02 - = 2026-03-23
PROS less_serious 2026-03-02 10d = 2026-04-01
PROS serious 2026-03-02 - = 2026-03-23
PROS serious 2026-03-02 10d = 2026-04-01
PROS very_serious 2026-03-02 - = 2026-04-01
PROS very_serious 2026-03-02 15d = 2026-04-16
PROS especially_serious 2026-03-02 - = 2026-04-01
PROS especially_serious 2026-03-02 30d = 2026-05-04
PROS_DELIVER - 2026-03-02 - = 2026-03-05
PROS_DELIVER - 2026-03-02 7d = 2026-03-12
TO_COURT - 2026-03-02 - = 2026-03-05
TO_COURT - 2026-03-02 7d = 2026-03-12
JUDGE - 2026-03-02 - = 2026-03-05
TRIAL_PREP less_serious 2026-03-02 - = 2026-04-01
TRIAL_PREP less_serious 2026-03-02 15d = 2026-04-16
TRIAL_PREP serious 2026-03-02 - = 2026-04-16
TRIAL_PREP serious 2026-03-02 15d = 2026-05-04
TRIAL_PREP very_serious 2026-03-02 - = 2026-05-04
TRIAL_PREP very_serious 2026-03-02 30d = 2026-06-01
TRIAL_PREP especially_serious 2026-03-02 - = 2026-06-02
TRIAL_PREP especially_serious 2026-03-02 30d = 2026-07-02
TRIAL_PREP_RET - 2026-03-02 - = 2026-03-17
TRIAL_OPEN - 2026-03-02 - = 2026-03-17
TRIAL_OPEN - 2026-03-02 15d = 2026-04-01
RETURN_SEND - 2026-03-02 - = 2026-03-05
POSTPONE - 2026-03-02 - = 2026-04-01
JUDG_SEND - 2026-03-02 - = 2026-03-12
APPEAL_RIGHT - 2026-03-02 - = 2026-03-17
APPEAL_RIGHT_DEC - 2026-03-02 - = 2026-03-09
PROTEST_SAME - 2026-03-02 - = 2026-03-17
PROTEST_UPPER - 2026-03-02 - = 2026-04-01
PROTEST_DEC_SAME - 2026-03-02 - = 2026-03-09
PROTEST_DEC_UPPER - 2026-03-02 - = 2026-03-17
APPEAL_FILE - 2026-03-02 - = 2026-03-09
APPEAL_OPEN_PROV - 2026-03-02 - = 2026-05-04
APPEAL_OPEN_SUP - 2026-03-02 - = 2026-06-01
APPEAL_DEC_PROV - 2026-03-02 - = 2026-04-16
APPEAL_DEC_SUP - 2026-03-02 - = 2026-05-18
APPEAL_OPEN - 2026-03-02 - = 2026-03-17
APPEAL_JUDG_SEND - 2026-03-02 - = 2026-03-12
APPEAL_DET - 2026-03-02 - = 2026-04-16
EXEC_PEN - 2026-03-02 - = 2026-03-09
EXEC_PEN_APPEAR - 2026-03-02 - = 2026-03-09
CASS_UNFAV - 2026-03-02 - = 2027-03-02
CASS_OPEN - 2026-03-02 - = 2026-07-02
REOPEN_UNFAV - 2026-03-02 - = 2027-03-02
LIMIT_PC27 less_serious 2021-03-02 - = 2026-03-02
LIMIT_PC27 serious 2016-03-02 - = 2026-03-02
LIMIT_PC27 very_serious 2011-03-02 - = 2026-03-02
LIMIT_PC27 especially_serious 2006-03-02 - = 2026-03-02
THADS_DEC - 2026-03-02 - = 2026-03-09
THADS_VOL - 2026-03-02 - = 2026-03-12
THADS_VERIFY - 2026-03-02 - = 2026-03-12
THADS_REVERIFY - 2026-03-02 - = 2026-09-03
THADS26_FILE - 2026-08-03 - = 2026-08-05
THADS26_AUTH_RE - 2026-08-03 - = 2026-09-03
THADS26_AUTH_RE - 2026-08-03 15d = 2026-09-17
THADS26_AUTH_OTHER - 2026-08-03 - = 2026-08-18
THADS26_REFUSE - 2026-08-03 - = 2026-08-06
THADS26_BUDGET - 2026-08-03 - = 2026-08-10
INSP_ASSIGN - 2026-03-02 - = 2026-03-09
INSP_CONCL - 2026-03-02 - = 2026-03-17
INSP_OPINION - 2026-03-02 - = 2026-04-01
INSP_DUR22_GI - 2024-03-04 30d = 2024-06-03
INSP_DUR22_PROV - 2024-03-04 30d = 2024-05-20
PCTN_SUSPEND - 2026-03-02 - = 2026-06-01
"""


def cases() -> list[tuple[str, Severity | None, date, tuple[str, ...], date]]:
    found = []
    for line in DATES.strip().splitlines():
        given, _, end = line.partition(" = ")
        code, severity, start, *extensions = given.split()
        found.append(
            (
                code,
                None if severity == "-" else Severity(severity),
                date.fromisoformat(start),
                tuple(extension for extension in extensions if extension != "-"),
                date.fromisoformat(end),
            )
        )
    return found


CASES = cases()
EXTENDED = [case for case in CASES if case[3]]


def due(code, start, severity=None, extensions=(), **options):
    return due_on(
        lawbook.rulebook(),
        code,
        date.fromisoformat(start) if isinstance(start, str) else start,
        severity=Severity(severity) if severity else None,
        extensions=[parse_length(text) for text in extensions],
        **options,
    )


def sentences(found) -> list[str]:
    return [step.english() for step in found.trace]


@pytest.mark.parametrize(("code", "severity", "start", "extensions", "end"), CASES)
def test_each_limit_of_the_table_ends_on_its_day(code, severity, start, extensions, end):
    found = due(code, start, severity, extensions)
    assert (found.rule, found.due_on, found.excess) == (code, end, False)


@pytest.mark.parametrize(("code", "severity", "start", "extensions", "end"), EXTENDED)
def test_one_day_more_than_the_full_extension_is_refused(code, severity, start, extensions, end):
    *others, last = extensions
    longer = parse_length(last) + Length(days=1)
    with pytest.raises(ExtensionRefused) as refused:
        due(code, start, severity, [*others, str(longer)])
    assert refused.value.article
    assert "at most" in str(refused.value)


@pytest.mark.parametrize(("code", "severity", "start", "extensions", "end"), EXTENDED)
def test_a_shorter_extension_than_the_maximum_is_allowed(code, severity, start, extensions, end):
    *others, _ = extensions
    assert due(code, start, severity, [*others, "1d"]).excess is False


@pytest.mark.parametrize(("code", "severity", "start", "extensions", "end"), CASES)
def test_one_extension_more_than_the_article_has_is_refused(code, severity, start, extensions, end):
    steps = lawbook.rulebook().limit(code, severity, start).extensions
    if len(steps) == len(extensions):
        with pytest.raises(ExtensionRefused, match="at most|allows"):
            due(code, start, severity, [*extensions, "1d"])


def test_every_row_with_a_number_stands_in_the_table_of_dates():
    number = re.compile(r"(\d+(wd|[dmyh])\+?)+")
    classes = set(Severity)
    beyond_the_calendar = {"THADS26_NOMEANS"}  # two years from July 2026 at the earliest
    expected = {
        (row.code, row.severity if row.severity in classes else "-", row.extension_no)
        for row in lawbook.limit_rows()
        if number.fullmatch(row.base_limit) and row.code not in beyond_the_calendar
    }
    tried = {(code, severity or "-", len(extensions)) for code, severity, _, extensions, _ in CASES}
    assert tried == expected


@pytest.mark.parametrize(
    ("code", "severity", "start", "extensions", "end", "last"),
    [
        ("PROS", "serious", "2026-10-01", (), "2026-10-21", "2026-10-21"),  # a Wednesday: no roll
        ("VERIFY_RESUME", None, "2026-01-31", (), "2026-02-28", "2026-03-02"),  # no 31 February; Saturday → Monday
        ("INV", "less_serious", "2023-12-31", (), "2024-02-29", "2024-02-29"),  # leap year
        ("INV", "less_serious", "2023-12-29", (), "2024-02-29", "2024-02-29"),
        ("CASS_UNFAV", None, "2024-02-29", (), "2025-02-28", "2025-02-28"),
        ("INV", "serious", "2025-11-30", (), "2026-02-28", "2026-03-02"),
        ("INV", "very_serious", "2025-10-14", (), "2026-02-14", "2026-02-23"),  # Saturday, then Tết
        ("INV", "very_serious", "2025-10-13", (), "2026-02-13", "2026-02-13"),  # the last Friday before Tết
        ("INV", "less_serious", "2026-09-24", (), "2026-11-24", "2026-11-25"),  # Culture Day
        ("INV", "less_serious", "2025-09-24", (), "2025-11-24", "2025-11-24"),  # a working day until 2025
        ("PROS", "serious", "2026-08-02", (), "2026-08-22", "2026-08-22"),  # a worked Saturday
        ("PROS", "serious", "2026-08-09", (), "2026-08-29", "2026-09-03"),  # Saturday before 31/8 swapped off and 1-2/9
        ("PROS", "serious", "2025-12-13", (), "2026-01-02", "2026-01-05"),  # 2 January swapped off
        ("PROS", "serious", "2025-12-21", (), "2026-01-10", "2026-01-10"),  # … for this Saturday
        ("TRIAL_PREP", "very_serious", "2026-01-31", ("30d",), "2026-04-30", "2026-05-04"),
        ("TRIAL_PREP", "very_serious", "2025-12-31", ("30d",), "2026-03-30", "2026-03-30"),  # clamped, then 30 days
        ("INV", "serious", "2026-01-31", ("3m", "2m"), "2026-09-30", "2026-09-30"),  # summed once, not step by step
        ("DET", "serious", "2026-01-05", ("2m",), "2026-06-04", "2026-06-04"),  # 150 days
        ("DET", "less_serious", "2025-12-17", (), "2026-02-15", "2026-02-15"),  # a Sunday before Tết: no roll
        ("THADS_DEC", None, "2026-02-11", (), "2026-02-25", "2026-02-25"),  # five working days around Tết
        ("THADS_DEC", None, "2026-01-05", (), "2026-01-10", "2026-01-10"),  # the fifth is a worked Saturday
        (
            "THADS26_REFUSE",
            None,
            "2026-08-20",
            (),
            "2026-08-24",
            "2026-08-24",
        ),  # Friday 21, worked Saturday 22, Monday 24
        ("CASE_SEND", None, "2026-11-20", (), "2026-11-21", "2026-11-23"),  # a Friday: 24 hours end on Saturday
        ("PROS", "less_serious", "2027-12-11", (), "2027-12-31", "2027-12-31"),  # the calendar's last day, worked
    ],
)
def test_dates_reckoned_by_hand(code, severity, start, extensions, end, last):
    found = due(code, start, severity, extensions)
    assert (found.end.isoformat(), found.due_on.isoformat()) == (end, last)
    assert found.rolled is (end != last)


def test_the_explanation_names_every_step_and_each_day_off():
    assert sentences(due("INV", "2025-10-16", "very_serious")) == [
        "The event of 2025-10-16 is day 0: counting begins on the next day.",
        "Base limit: 4 months for the class Very serious (Article 172(1), CPC 101/2015/QH13 (cons. with Law 02/2021)).",
        "Counting 4 months from 2025-10-16 gives 2026-02-16.",
        "2026-02-16 is a day off: Lunar New Year's Eve.",
        "2026-02-17 is a day off: Lunar New Year.",
        "2026-02-18 is a day off: Second Day of Lunar New Year.",
        "2026-02-19 is a day off: Third Day of Lunar New Year.",
        "2026-02-20 is a day off: Fourth Day of Lunar New Year.",
        "2026-02-21 is a Saturday.",
        "2026-02-22 is a Sunday.",
        "The end moves to the next working day, 2026-02-23.",
        "Last day: 2026-02-23, until 24:00.",
    ]


def test_the_explanation_of_detention_says_that_nothing_rolls():
    assert sentences(due("DET", "2025-12-17", "less_serious"))[2:] == [
        "Counting 2 months from 2025-12-17, each month of detention being 30 days, gives 2026-02-15.",
        "Detention ends on its date: it does not move to a working day (Article 134).",
        "Last day: 2026-02-15, until 24:00.",
    ]


def test_months_and_days_are_explained_apart_with_the_clamped_month():
    assert sentences(due("TRIAL_PREP", "2025-12-31", "very_serious", ["30d"]))[2:-1] == [
        "Extension 1: 30 days (Article 277(1)).",
        "Counting 2 months from 2025-12-31 gives 2026-02-28.",
        "That month has no such date: its last day is taken (Article 134).",
        "Counting 30 days from 2026-02-28 gives 2026-03-30.",
    ]


def test_working_days_are_explained_with_the_days_left_out():
    assert sentences(due("THADS_DEC", "2026-06-30"))[2:-1] == [
        "2026-07-04 is a Saturday.",
        "2026-07-05 is a Sunday.",
        "Counting 5 working days from 2026-06-30 gives 2026-07-07.",
    ]


def test_hours_are_counted_as_one_day_and_said_so():
    assert "Hours are counted as whole days: the hour of the event is not recorded." in sentences(
        due("CASE_SEND", "2026-11-17")
    )
    assert due("CASE_SEND", "2026-11-17").due_on == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("code", "start", "verified", "said"),
    [
        ("APPEAL_OPEN_PROV", "2026-03-02", Verified.YES, False),
        ("APPEAL_OPEN_SUP", "2026-03-02", Verified.PARTIAL, True),
        ("INSP_DUR22_PROV", "2024-03-04", Verified.NO, True),
    ],
)
def test_a_limit_that_was_not_read_in_the_law_is_to_be_confirmed_by_a_lawyer(code, start, verified, said):
    found = due(code, start)
    assert found.verified is verified
    assert any("lawyer" in sentence for sentence in sentences(found)) is said


# --- extensions ----------------------------------------------------------------------------------------------------


def test_a_refused_extension_names_the_article_and_the_maximum():
    with pytest.raises(ExtensionRefused) as refused:
        due("INV", "2026-01-05", "serious", ["3m", "3m"])
    assert refused.value.article == "172(2)(b)"
    assert refused.value.maximum == Length(months=8)
    assert str(refused.value) == (
        "Article 172(2)(b) allows the rule INV an extension number 2 of at most 2 months (8 months in all), "
        "until 2026-09-05: 3 months is longer."
    )


def test_a_limit_without_extension_refuses_one_and_names_its_length():
    with pytest.raises(ExtensionRefused, match=r"Article 297\(2\) allows no extension .* at most 30 days"):
        due("POSTPONE", "2026-01-05", None, ["1d"])


def test_sixty_days_may_be_more_than_two_months_and_may_be_less():
    with pytest.raises(ExtensionRefused, match="until 2026-04-01"):
        due("VERIFY", "2026-02-01", None, ["40d"])  # 20 + 40 days end on 2 April
    assert due("VERIFY", "2026-02-01", None, ["39d"]).end == date(2026, 4, 1)
    assert due("VERIFY", "2026-07-01", None, ["42d"]).end == date(2026, 9, 1)
    with pytest.raises(ExtensionRefused, match="until 2026-09-01"):
        due("VERIFY", "2026-07-01", None, ["43d"])


def test_a_recorded_extension_beyond_the_law_is_kept_and_marked():
    found = due("INV", "2025-10-16", "very_serious", ["4m", "5m", "1m"], strict=False)
    assert (found.due_on, found.excess) == (date(2026, 12, 16), True)
    assert sentences(found)[2:5] == [
        "Extension 1: 4 months (Article 172(2)(c)).",
        "Extension 2: 5 months, as recorded; more than Article 172(2)(c) allows (12 months in all).",
        "Extension 3: 1 month, as recorded; the law allows no such extension.",
    ]


def test_removing_an_extension_restores_the_earlier_date_exactly():
    before = due("INV", "2026-01-31", "serious")
    due("INV", "2026-01-31", "serious", ["3m"])
    assert due("INV", "2026-01-31", "serious", []) == before


# --- which limit ---------------------------------------------------------------------------------------------------


def test_a_start_before_2018_is_judged_by_the_same_limit_and_marked_approximate():
    before, after = due("INV", "2017-12-31", "serious"), due("INV", "2018-01-01", "serious")
    assert (before.due_on, before.approximate) == (date(2018, 4, 2), True)  # 31 March 2018 is a Saturday
    assert (after.due_on, after.approximate) == (date(2018, 4, 2), False)  # 1 April 2018 is a Sunday
    assert "Approximate: the event is before 2018-01-01" in " ".join(sentences(before))


def test_an_event_known_by_month_is_marked_approximate():
    found = due("PROS", "2026-10-01", "serious", monthly=True)
    assert (found.due_on, found.approximate) == (date(2026, 10, 21), True)
    assert "only by its month" in sentences(found)[0]


def test_before_the_calendar_only_weekends_count_and_the_date_is_approximate():
    found = due("PROS", "2014-08-13", "serious")  # ends on 2 September 2014, not in the calendar
    assert (found.due_on, found.approximate) == (date(2014, 9, 2), True)
    assert "Approximate: the calendar begins in 2015" in " ".join(sentences(found))


@pytest.mark.parametrize(
    ("code", "start", "severity", "extensions"),
    [
        ("PROS", "2027-12-12", "less_serious", ()),  # ends on 1 January 2028
        ("INV", "2027-10-01", "serious", ()),
        ("THADS26_FILE", "2027-12-30", None, ()),  # the second working day after it lies in 2028
        ("THADS26_NOMEANS", "2026-07-01", None, ()),
        ("LIMIT_PC27", "2010-01-01", "especially_serious", ()),
    ],
)
def test_a_date_beyond_the_calendar_is_refused_with_the_missing_year(code, start, severity, extensions):
    with pytest.raises(CalendarMissing, match="2028|2030") as missing:
        due(code, start, severity, extensions)
    assert missing.value.year >= 2028


def test_detention_needs_no_calendar():
    assert due("DET", "2028-01-03", "serious").due_on == date(2028, 4, 2)


def test_an_empty_calendar_is_an_error_never_a_year_without_holidays():
    rulebook = Rulebook.build(lawbook.limit_rows(), Calendar.build([]))
    with pytest.raises(CalendarMissing, match="2026"):
        due_on(rulebook, "PROS", date(2026, 3, 2), severity=Severity.SERIOUS)


def test_the_old_enforcement_law_rules_until_30_june_2026_and_the_new_one_has_no_number_yet():
    assert due("THADS_DEC", "2026-06-30").due_on == date(2026, 7, 7)
    with pytest.raises(NoFixedLimit, match="THADS26_DEC.*Article 33, Law 106/2025/QH15"):
        due("THADS_DEC", "2026-07-01")


def test_a_rule_that_ended_without_a_successor_is_refused():
    assert due("THADS_VERIFY", "2026-06-30").due_on == date(2026, 7, 10)
    with pytest.raises(NotInForce, match="THADS_VERIFY ended on 2026-06-30"):
        due("THADS_VERIFY", "2026-07-01")


def test_the_class_of_offence_must_be_given_where_the_limit_depends_on_it():
    with pytest.raises(SeverityNeeded, match="less_serious, serious, very_serious, especially_serious"):
        due("INV", "2026-03-02")
    assert due("VERIFY", "2026-03-02", "serious").due_on == due("VERIFY", "2026-03-02").due_on


def test_an_unknown_rule_is_refused_with_its_nearest_names():
    with pytest.raises(UnknownRule, match="TRIAL_PREP"):
        due("TRIAL_PREPP", "2026-03-02", "serious")


@pytest.mark.parametrize("code", ["EXP_OTHER", "VAL", "INV_REQ", "INV_NS", "REP_YEAR", "THADS26_PAY_EXT"])
def test_a_row_without_a_number_gives_no_date(code):
    with pytest.raises(NoFixedLimit, match=code):
        due(code, "2026-08-03")


def test_renewed_investigation_has_the_limits_of_investigation():
    found = due("INV_AGAIN", "2026-03-02", "serious", ["3m", "2m"])
    assert found.due_on == due("INV", "2026-03-02", "serious", ["3m", "2m"]).due_on
    assert found.article == "174(3), 172(1)"
    with pytest.raises(ExtensionRefused):
        due("INV_AGAIN", "2026-03-02", "serious", ["4m"])


@pytest.mark.parametrize(
    ("code", "lead"),
    [
        ("VERIFY", 5),
        ("INV", 10),
        ("INV_RESUMED", 10),
        ("DET", 10),
        ("PROS", None),
        ("TRIAL_PREP", None),
        ("VAL_SEND", None),
    ],
)
def test_an_extension_is_requested_the_days_before_that_the_law_names(code, lead):
    assert due(code, "2026-03-02", "serious").lead_days == lead


# --- unknown class -------------------------------------------------------------------------------------------------


def test_an_unknown_class_gives_the_earliest_and_the_latest_of_four_dates():
    earliest, latest = earliest_and_latest(lawbook.rulebook(), "INV", date(2026, 1, 5))
    assert (earliest.due_on, latest.due_on) == (date(2026, 3, 5), date(2026, 5, 5))
    assert earliest.severity is Severity.LESS_SERIOUS


def test_an_unknown_class_keeps_recorded_extensions_as_facts():
    earliest, latest = earliest_and_latest(lawbook.rulebook(), "INV", date(2026, 1, 5), [Length(months=4)])
    assert (earliest.due_on, earliest.excess) == (date(2026, 7, 6), True)  # 5 July is a Sunday
    assert (latest.due_on, latest.excess) == (date(2026, 9, 7), False)  # 5 September is a Saturday


def test_a_limit_for_every_class_has_one_date():
    earliest, latest = earliest_and_latest(lawbook.rulebook(), "VERIFY", date(2026, 3, 2))
    assert earliest == latest


def test_the_date_alone_is_the_date_of_the_explanation():
    book = lawbook.rulebook()
    for code, severity, start, extensions, end in CASES:
        lengths = tuple(parse_length(text) for text in extensions)
        assert due_date(book.limit(code, severity, start), start, lengths, book.calendar) == end
