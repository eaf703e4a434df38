"""Records that contradict the law or each other: kept as facts, judged by the law, named; never a guess."""

from datetime import date
from itertools import permutations

import pytest

from models.enums import Bucket, FlagRule, QualityKind, Severity
from models.rules.quality import points_of
from models.rules.stalled import flags_of
from tests.models.rules.histories import DEFAULTS, day, file, judged, reader

TODAY = "2026-11-20"
Q = QualityKind

# what is wrong; what is recorded of a serious case; rule, last day, bucket, whether approximate; the points shown
BAD = {
    "an extension longer than allowed": (  # 3 months and 4 as recorded (3 are allowed): 2 October, a Friday
        ["2026-03-02 case_initiated", "2026-05-20 investigation_extended 4m"],
        ("INV", date(2026, 10, 2), Bucket.OVERDUE_31_90, False), {Q.EXTENSION_TOO_LONG},
    ),
    "one extension more than the article has": (  # 3 + 3 + 2 are all that Art. 172(2)(b) has; 9 months end 2 December
        ["2026-03-02 case_initiated", "2026-05-20 investigation_extended 3m", "2026-08-20 investigation_extended 2m",
         "2026-10-20 investigation_extended 1m"],
        ("INV", date(2026, 12, 2), Bucket.ON_TIME, False), {Q.EXTENSION_TOO_LONG},
    ),
    "an extension decided after the end": (  # the limit ended on 2 June; counted as recorded: 6 months, to Thursday
        ["2026-03-02 case_initiated", "2026-06-03 investigation_extended 3m"],
        ("INV", date(2026, 9, 3), Bucket.OVERDUE_31_90, False), {Q.EXTENSION_TOO_LATE},
    ),
    "an extension before its start": (  # not counted: 3 months end on 2 June
        ["2026-02-02 investigation_extended 2m", "2026-03-02 case_initiated"],
        ("INV", date(2026, 6, 2), Bucket.OVERDUE_91_365, False), {Q.BEFORE_PREDECESSOR, Q.STOP_WITHOUT_START},
    ),
    "an event before its predecessor": (  # 4 May + 20 days is a Sunday; the initiation of June sends nothing back
        ["2026-05-04 investigation_concluded", "2026-06-01 case_initiated"],
        ("PROS", date(2026, 5, 25), Bucket.OVERDUE_91_365, True), {Q.BEFORE_PREDECESSOR, Q.STOP_WITHOUT_START},
    ),
    "a judgment before the case began": (  # 4 May + 30 days, then five working days: 3 June, 10 June
        ["2026-05-04 first_instance_judgment", "2026-06-01 case_initiated"],
        ("THADS_DEC", date(2026, 6, 10), Bucket.OVERDUE_91_365, True), {Q.BEFORE_PREDECESSOR},
    ),
    "two starts": (  # from the first: 3 months from 2 March
        ["2026-03-02 case_initiated", "2026-09-01 case_initiated"],
        ("INV", date(2026, 6, 2), Bucket.OVERDUE_91_365, False), {Q.TWO_STARTS},
    ),
    "a resumption without a suspension": (  # 1 September + 2 months is a Sunday
        ["2026-08-03 case_initiated", "2026-09-01 investigation_resumed"],
        ("INV_RESUMED", date(2026, 11, 2), Bucket.OVERDUE_1_30, False), {Q.STOP_WITHOUT_START},
    ),
    "an answer to no request": (  # the investigation goes on: 5 October + 3 months
        ["2026-10-05 case_initiated", "2026-10-20 expert_result"],
        ("INV", date(2027, 1, 5), Bucket.ON_TIME, False), {Q.STOP_WITHOUT_START},
    ),
    "a date before the law": (  # by the same limit: 29 December 2017 + 3 months, a Thursday
        ["2017-12-29 case_initiated"],
        ("INV", date(2018, 3, 29), Bucket.OVERDUE_OVER_365, True), {Q.BEFORE_THE_LAW},
    ),
    "a date before the calendar": (  # only weekends count: 3 June 2013 + 3 months, a holiday's neighbour that is worked
        ["2013-06-03 case_initiated"],
        ("INV", date(2013, 9, 3), Bucket.OVERDUE_OVER_365, True), {Q.BEFORE_THE_LAW},
    ),
    "a month without its day": (  # from 1 August: 1 November is a Sunday
        ["2026-08 case_initiated"],
        ("INV", date(2026, 11, 2), Bucket.OVERDUE_1_30, True), {Q.MONTH_ONLY},
    ),
    "an extension without its length": (  # between 2 June (none) and 2 September, to Thursday 3 (3 months): both passed
        ["2026-03-02 case_initiated", "2026-05-20 investigation_extended"],
        ("INV", date(2026, 9, 3), Bucket.OVERDUE_31_90, True), {Q.EXTENSION_WITHOUT_LENGTH},
    ),
    "a length that is none": (
        ["2026-03-02 case_initiated", "2026-05-20 investigation_extended lâu"],
        ("INV", None, Bucket.CANNOT_TELL, False), {Q.LENGTH_UNREADABLE},
    ),
    "a request without its term": (
        ["2026-03-02 expert_requested"],
        ("EXP", None, Bucket.CANNOT_TELL, False), {Q.REQUEST_WITHOUT_TERM},
    ),
}  # fmt: skip


@pytest.mark.parametrize("wrong", BAD)
def test_it_is_judged_as_the_law_reads_it_and_never_from_today(wrong: str) -> None:
    told, (rule, last, bucket, approximate), _ = BAD[wrong]
    verdict = judged(file(*told), TODAY)
    assert (verdict.rule, verdict.due_on, verdict.bucket, verdict.approximate) == (rule, last, bucket, approximate)
    assert "failed" not in " ".join(sentence.english() for sentence in verdict.why)


@pytest.mark.parametrize("wrong", BAD)
def test_it_is_named_with_what_to_do(wrong: str) -> None:
    told, _, kinds = BAD[wrong]
    found = points_of(file(*told), reader(), day(TODAY))
    assert {point.kind for point in found} == kinds
    assert all(point.why.english() and point.fix.english() for point in found)


@pytest.mark.parametrize("wrong", BAD)
def test_in_whatever_order_it_was_recorded_it_is_judged_and_named_alike(wrong: str) -> None:
    told, expected, kinds = BAD[wrong]
    for order in permutations(told):
        facts = file(*order)
        verdict = judged(facts, TODAY)
        assert (verdict.rule, verdict.due_on, verdict.bucket, verdict.approximate) == expected
        assert {point.kind for point in points_of(facts, reader(), day(TODAY))} == kinds


@pytest.mark.parametrize("wrong", ["an extension longer than allowed", "one extension more than the article has"])
def test_what_exceeds_the_article_is_flagged_from_the_day_of_the_decision(wrong: str) -> None:
    told, _, _ = BAD[wrong]
    flags = flags_of(judged(file(*told), TODAY), day(TODAY), DEFAULTS)
    since = {flag.since for flag in flags if flag.rule is FlagRule.S3}
    assert day(told[-1].split()[0]) in since


def test_a_typing_error_in_one_date_is_one_point_and_not_one_for_every_event_it_passes() -> None:
    told = ["2026-03-02 investigation_concluded", "2026-03-20 prosecution_decision", "2026-04-01 case_accepted",
            "2026-05-04 trial_decision"]  # fmt: skip
    found = points_of(file("2026-09-01 case_initiated", *told), reader(), day(TODAY))
    assert [point.kind for point in found].count(Q.BEFORE_PREDECESSOR) == 1


def test_a_later_round_may_be_all_that_is_recorded_of_an_act() -> None:
    """An indictment, its return, and only then a conclusion: the first one is missing, no date is wrong."""
    told = ["2026-03-02 prosecution_decision", "2026-04-01 returned_court", "2026-05-04 investigation_concluded"]
    assert Q.BEFORE_PREDECESSOR not in {point.kind for point in points_of(file(*told), reader(), day(TODAY))}


def test_a_changed_charge_does_not_move_the_longest_time_of_article_172() -> None:
    """Especially serious: 20 months from 2 March 2024 at most, Monday 3 November 2025, whatever was charged later."""
    told = ["2024-03-02 case_initiated", "2025-09-01 charge_changed", "2025-10-01 merged"]
    facts = file(*told, severity=Severity.ESPECIALLY_SERIOUS)
    for today, flagged in (("2025-11-03", False), ("2025-11-04", True)):
        rules = {flag.rule for flag in flags_of(judged(facts, today), day(today), DEFAULTS)}
        assert (FlagRule.S3 in rules) is flagged
