"""Limits that a decision may prolong: of a verification, of the opening of a trial, of a delivery, of an inspection."""

from datetime import date, timedelta

import pytest

from models.enums import Bucket, EventKind, FlagRule, QualityKind, Severity, Stage
from models.rules.clocks import FileClock, clocks_of
from models.rules.deadlines import ExtensionRefused, due_on
from models.rules.facts import CaseFacts
from models.rules.lengths import parse_length
from models.rules.quality import points_of
from models.rules.stalled import flags_of
from tests.models.rules import lawbook
from tests.models.rules.histories import DEFAULTS, course, day, file, judged, reader

DAY = timedelta(days=1)
# rule, start, extension, the last day without it, and with it
PROLONGED = [
    ("VERIFY", "2026-03-02 report_received", "2026-03-16 verification_extended 41d", "2026-03-23", "2026-05-04"),
    ("TRIAL_OPEN", "2026-03-02 trial_decision", "2026-03-16 trial_opening_extended 15d", "2026-03-17", "2026-04-01"),
    ("TO_COURT", "2026-03-02 prosecution_decision", "2026-03-04 file_delivery_extended 7d", "2026-03-05", "2026-03-12"),
    ("INSP_DUR22_PROV", "2025-03-03 inspection_opened", "2025-04-10 inspection_extended 30d", "2025-04-17",
     "2025-05-19"),
]  # fmt: skip
ENDS = {
    "VERIFY": "case_initiated", "TRIAL_OPEN": "first_instance_trial_opened", "TO_COURT": "case_accepted",
    "INSP_DUR22_PROV": "inspection_concluded",
}  # fmt: skip
OF_THE_STAGE = [case for case in PROLONGED if case[0] in ("VERIFY", "TRIAL_OPEN")]


def clock(facts: CaseFacts, rule: str, today: date) -> FileClock:
    (one,) = [each for each in clocks_of(facts, reader(), today) if each.rule == rule]
    return one


def last_day(facts: CaseFacts, rule: str, today: date) -> date:
    due = clock(facts, rule, today).due
    assert due is not None
    return due.due_on


def rules(facts: CaseFacts, today: date) -> set[FlagRule]:
    return {flag.rule for flag in flags_of(judged(facts, today.isoformat()), today, DEFAULTS)}


def kinds(facts: CaseFacts, today: str = "2026-11-21") -> list[QualityKind]:
    return [point.kind for point in points_of(facts, reader(), day(today))]


@pytest.mark.parametrize(("rule", "start", "extension", "base", "prolonged"), PROLONGED)
def test_an_act_is_in_time_until_the_last_day_with_and_without_the_extension(
    rule: str, start: str, extension: str, base: str, prolonged: str
) -> None:
    for told, last in (((start,), day(base)), ((start, extension), day(prolonged))):
        for on, state in ((last, "met"), (last + DAY, "missed")):
            assert clock(file(*told, f"{on} {ENDS[rule]}"), rule, on).state == state


@pytest.mark.parametrize(("rule", "start", "extension", "base", "prolonged"), PROLONGED)
def test_an_extension_counts_from_its_own_day_and_taken_back_restores_the_earlier_date(
    rule: str, start: str, extension: str, base: str, prolonged: str
) -> None:
    decided = day(extension.split()[0])
    with_it = file(start, extension)
    assert last_day(with_it, rule, decided - DAY) == day(base)
    assert last_day(with_it, rule, decided) == day(prolonged)
    assert last_day(file(start), rule, decided) == day(base)


@pytest.mark.parametrize(("rule", "start", "extension", "base", "prolonged"), OF_THE_STAGE)
def test_the_scan_calls_a_file_late_after_the_extended_day_and_not_after_the_base_limit(
    rule: str, start: str, extension: str, base: str, prolonged: str
) -> None:
    for told, last in (((start,), day(base)), ((start, extension), day(prolonged))):
        for on, late in ((last, False), (last + DAY, True)):
            verdict = judged(file(*told), on.isoformat())
            assert (verdict.rule, verdict.due_on, verdict.is_late) == (rule, last, late)
            assert (FlagRule.S1 in rules(file(*told), on)) is late


def test_an_extension_that_is_recorded_ends_the_call_for_one_until_the_next_may_be_asked_for() -> None:
    told = ["2026-03-02 report_received", "2026-03-20 verification_extended 41d"]
    assert FlagRule.S2 in rules(file(told[0]), day("2026-03-20"))  # the limit ends on the 23rd: five days before it
    assert FlagRule.S2 not in rules(file(*told), day("2026-03-20"))
    assert FlagRule.S2 not in rules(file(*told), day("2026-04-29"))
    assert FlagRule.S2 in rules(file(*told), day("2026-04-30"))
    twice = file(*told, "2026-04-24 verification_extended 2m")
    assert judged(twice, "2026-04-30").due_on == day("2026-07-02")
    assert FlagRule.S2 not in rules(twice, day("2026-07-01"))  # nothing is left to ask for


@pytest.mark.parametrize(
    ("start", "extension", "most", "over"),
    [
        ("2026-03-02 report_received", "2026-03-16 verification_extended", "41d", "42d"),
        ("2026-03-02 report_received", "2026-03-16 verification_extended 41d", "", ""),
        ("2026-03-02 trial_decision", "2026-03-16 trial_opening_extended", "15d", "16d"),
        ("2026-03-02 prosecution_decision", "2026-03-04 file_delivery_extended", "7d", "8d"),
        ("2025-03-03 inspection_opened", "2025-04-10 inspection_extended", "30d", "31d"),
    ],
)
def test_an_extension_longer_than_the_article_leaves_is_named(start: str, extension: str, most: str, over: str) -> None:
    assert kinds(file(start, f"{extension} {most}".strip())) == []
    if over:
        assert kinds(file(start, f"{extension} {over}")) == [QualityKind.EXTENSION_TOO_LONG]


@pytest.mark.parametrize(
    ("start", "extension", "most", "over"),
    [
        ("2026-03-02 report_received", "2026-03-16 verification_extended", "41d", "2m"),
        ("2026-03-02 trial_decision", "2026-03-16 trial_opening_extended", "15d", "30d"),
        ("2026-03-02 report_resumed", "2026-03-16 verification_extended", "", "10d"),
    ],
)
def test_it_is_counted_as_recorded_and_flagged(start: str, extension: str, most: str, over: str) -> None:
    if most:
        assert FlagRule.S3 not in rules(file(start, f"{extension} {most}"), day("2026-03-16"))
    too_long = file(start, f"{extension} {over}")
    assert FlagRule.S3 not in rules(too_long, day("2026-03-15"))
    assert FlagRule.S3 in rules(too_long, day("2026-03-16"))
    assert "more than the article allows" in " ".join(each.english() for each in judged(too_long, "2026-03-16").why)


@pytest.mark.parametrize(("rule", "start", "extension", "base", "prolonged"), PROLONGED)
def test_an_extension_after_the_last_day_or_before_its_start_is_named(
    rule: str, start: str, extension: str, base: str, prolonged: str
) -> None:
    _, kind, length = extension.split()
    begun = day(start.split()[0])
    assert kinds(file(start, f"{base} {kind} {length}")) == []
    assert kinds(file(start, f"{day(base) + DAY} {kind} {length}")) == [QualityKind.EXTENSION_TOO_LATE]
    assert kinds(file(start, f"{begun} {kind} {length}")) == []
    before = kinds(file(start, f"{begun - DAY} {kind} {length}"))
    assert QualityKind.BEFORE_PREDECESSOR in before or QualityKind.STOP_WITHOUT_START in before
    assert QualityKind.STOP_WITHOUT_START in kinds(file(f"{begun} {kind} {length}"))


@pytest.mark.parametrize(("rule", "start", "extension", "base", "prolonged"), OF_THE_STAGE)
def test_an_extension_without_its_length_is_none_and_the_most_allowed(
    rule: str, start: str, extension: str, base: str, prolonged: str
) -> None:
    facts = file(start, extension.rsplit(" ", 1)[0])
    on_time, between, allowed, late = (
        judged(facts, on.isoformat()) for on in (day(base), day(base) + DAY, day(prolonged), day(prolonged) + DAY)
    )
    assert (on_time.due_on, on_time.is_late) == (day(base), False)
    assert between.bucket is allowed.bucket is Bucket.CANNOT_TELL
    assert (late.due_on, late.days_late) == (day(prolonged), 1)
    assert QualityKind.EXTENSION_WITHOUT_LENGTH in kinds(facts)


@pytest.mark.parametrize(
    ("told", "stage", "rule"),
    [
        (["2026-03-02 report_received", "2026-03-10 verification_extended 10d"], Stage.VERIFICATION, "VERIFY"),
        (["2026-03-02 trial_decision", "2026-03-10 trial_opening_extended 5d"], Stage.TRIAL_PREP, "TRIAL_OPEN"),
        (["2026-03-02 prosecution_decision", "2026-03-04 file_delivery_extended 7d"], Stage.TRIAL_PREP, "TRIAL_PREP"),
        (["2026-03-02 case_initiated", "2026-03-10 verification_extended 10d"], Stage.INVESTIGATION, "INV"),
        (["2026-03-02 case_initiated", "2026-03-10 inspection_extended 10d"], Stage.INVESTIGATION, "INV"),
        (["2026-03-02 case_accepted", "2026-03-10 trial_opening_extended 5d"], Stage.TRIAL_PREP, "TRIAL_PREP"),
        (["2026-03-02 report_received", "2026-03-10 investigation_extended 2m"], Stage.VERIFICATION, "VERIFY"),
        (["2026-03-02 report_resumed", "2026-03-10 investigation_extended 2m"], Stage.VERIFICATION, "VERIFY_RESUME"),
    ],
)
def test_an_extension_leaves_the_file_where_it_is(told: list[str], stage: Stage, rule: str) -> None:
    found = course(file(*told), "2026-03-16")
    assert (found.stage, found.clock.rule if found.clock else "") == (stage, rule)
    assert found.stage_since == day(told[0].split()[0])


@pytest.mark.parametrize(
    ("kind", "stage"),
    [
        ("verification_extended", Stage.VERIFICATION),
        ("file_delivery_extended", Stage.TRIAL_PREP),
        ("trial_opening_extended", Stage.TRIAL_PREP),
        ("inspection_extended", Stage.INSPECTION),
    ],
)
def test_alone_it_says_in_which_stage_the_file_is(kind: str, stage: Stage) -> None:
    assert course(file(f"2026-03-02 {kind} 10d"), "2026-03-16").stage is stage


def test_an_extended_investigation_leaves_a_report_its_limit_and_is_named() -> None:
    told = ["2026-03-02 report_received", "2026-03-10 investigation_extended 2m"]
    for today in ("2026-03-23", "2026-03-24"):
        with_it, without = judged(file(*told), today), judged(file(told[0]), today)
        assert (with_it.bucket, with_it.due_on) == (without.bucket, day("2026-03-23"))
    (point,) = points_of(file(*told), reader(), day("2026-03-24"))
    assert (point.kind, point.event_id) == (QualityKind.STOP_WITHOUT_START, 2)
    paused = file("2026-03-02 report_received", "2026-03-05 report_suspended", "2026-03-10 investigation_extended 2m")
    assert judged(paused, "2026-03-24").bucket is Bucket.PAUSED


def test_a_second_inspection_has_its_own_extension() -> None:
    told = ["2025-01-06 inspection_opened", "2025-03-03 inspection_opened", "2025-03-10 inspection_extended 30d"]
    found = [each.due for each in clocks_of(file(*told), reader(), day("2025-03-10")) if each.rule == "INSP_DUR22_PROV"]
    assert [due.due_on for due in found if due] == [day("2025-02-20"), day("2025-05-19")]


def test_under_the_law_of_2025_an_extended_inspection_has_no_date_either() -> None:
    told = ["2026-03-02 inspection_opened", "2026-03-10 inspection_extended 30d"]
    (one,) = [each for each in clocks_of(file(*told), reader(), day("2026-03-10")) if each.name.text == "Inspection"]
    assert one.due is None
    assert kinds(file(*told)) == []


def test_the_refusal_says_how_many_days_are_left_up_to_the_total() -> None:
    def refused(*given: str) -> str:
        with pytest.raises(ExtensionRefused) as raised:
            due_on(
                lawbook.rulebook(), "VERIFY", day("2026-03-02"),
                severity=None, extensions=[parse_length(each) for each in given],
            )  # fmt: skip
        return raised.value.words.english()

    assert "2 months in all, until 2026-05-02: an extension may add 41 days at most, and 2 months is longer" in refused(
        "2m"
    )
    assert "42 days is longer" in refused("42d")
    due = due_on(
        lawbook.rulebook(), "VERIFY", day("2026-03-02"),
        severity=None, extensions=[parse_length("41d"), parse_length("2m")],
    )  # fmt: skip
    assert (due.due_on, due.excess) == (day("2026-07-02"), False)


@pytest.mark.parametrize(
    ("start", "first", "most", "last"),
    [
        ("2026-01-05", "39d", "2026-03-05", "2026-05-05"),
        ("2025-12-31", "39d", "2026-03-02", "2026-05-04"),  # 28 February, a Saturday; 30 April, a holiday
        ("2026-01-05", "38d", "2026-03-04", "2026-05-04"),  # a day less: the sum of two months and 58 days
    ],
)
def test_two_months_more_are_counted_from_the_two_months_in_all(start: str, first: str, most: str, last: str) -> None:
    told = [f"{start} report_received", f"{day(start) + 9 * DAY} verification_extended {first}"]
    assert last_day(file(*told), "VERIFY", day("2026-02-20")) == day(most)
    told.append("2026-02-20 verification_extended 2m")
    assert last_day(file(*told), "VERIFY", day("2026-02-20")) == day(last)
    assert kinds(file(*told)) == []
    due = clock(file(*told), "VERIFY", day("2026-02-20")).due
    said = " ".join(each.english() for each in due.trace) if due else ""
    assert ("39 days, which makes 2 months in all (Article 147(2)). Extension 2: 2 months" in said) is (first == "39d")
    assert ("Counting 4 months from" in said) is (first == "39d")


# --- the class of offence ------------------------------------------------------------------------------------------

CASE = "2026-03-02 case_initiated"


@pytest.mark.parametrize(
    ("recorded", "articles", "said"),
    [
        (Severity.SERIOUS, "353(1)", None),
        (Severity.SERIOUS, "353(2)", "Article 353(2) is “Very serious”"),
        (Severity.VERY_SERIOUS, "353(1)", "Article 353(1), is at most “Serious”"),
        (Severity.VERY_SERIOUS, "353(1); 353(2)", None),
        (Severity.SERIOUS, "353(1); 353(2)", "Article 353(2) is “Very serious”"),
        (Severity.SERIOUS, "353", None),
        (Severity.LESS_SERIOUS, "353", "Article 353 is at least “Serious”"),
        (Severity.ESPECIALLY_SERIOUS, "353(1); 999", None),
        (Severity.SERIOUS, "353(2); 999", "Article 353(2) is “Very serious”"),
        (Severity.SERIOUS, "999", None),
        (Severity.SERIOUS, "", None),
        (None, "353(2)", None),
    ],
)
def test_a_class_that_the_charges_do_not_allow_is_named_with_the_paragraph(
    recorded: Severity | None, articles: str, said: str | None
) -> None:
    facts = file(CASE, severity=recorded, articles=articles)
    found = [
        point for point in points_of(facts, reader(), day("2026-03-03")) if point.kind is QualityKind.SEVERITY_DIFFERS
    ]
    assert len(found) == (said is not None)
    if said:
        assert said in found[0].why.english()
        assert judged(facts, "2026-03-03").due_on == judged(file(CASE, severity=recorded), "2026-03-03").due_on


def test_the_paragraph_of_an_accused_counts_too() -> None:
    facts = file(CASE, severity=Severity.SERIOUS, articles="353")._replace(charged="353(3)")
    assert kinds(facts, "2026-03-03") == [QualityKind.SEVERITY_DIFFERS]
    assert kinds(facts._replace(charged="353(1)"), "2026-03-03") == []


def test_every_new_kind_stands_where_proceedings_have_it() -> None:
    order = list(EventKind)
    for before, kind in (
        (EventKind.VERIFICATION_STARTED, EventKind.VERIFICATION_EXTENDED),
        (EventKind.PROSECUTION_DECISION, EventKind.FILE_DELIVERY_EXTENDED),
        (EventKind.TRIAL_DECISION, EventKind.TRIAL_OPENING_EXTENDED),
        (EventKind.INSPECTION_OPENED, EventKind.INSPECTION_EXTENDED),
    ):
        assert order.index(kind) == order.index(before) + 1
