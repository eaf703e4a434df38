"""What is shown of records that contradict the law or each other: each is kept, judged, and named; nothing raises."""

from datetime import date

import pytest
from hypothesis import given, settings

from models.enums import QualityKind, Severity
from models.rules.facts import CaseFacts
from models.rules.quality import QualityPoint, points_of
from models.rules.words import decode, encode
from tests.models.rules.histories import day, file, reader
from tests.models.rules.test_judge import DAYS, files
from tests.models.rules.test_stalled import ALL_RULES

INVESTIGATION = "2026-03-02 case_initiated"


def points(facts: CaseFacts, today: str = "2026-11-21") -> list[QualityPoint]:
    return list(points_of(facts, reader(), day(today)))


def kinds(facts: CaseFacts, today: str = "2026-11-21") -> set[QualityKind]:
    return {point.kind for point in points(facts, today)}


def test_a_file_in_order_has_no_points() -> None:
    told = [INVESTIGATION, "2026-05-20 investigation_extended 3m", "2026-08-20 investigation_concluded",
            "2026-08-21 file_to_procuracy", "2026-09-01 prosecution_decision"]  # fmt: skip
    assert points(file(*told)) == []


@pytest.mark.parametrize(("length", "found"), [("3m", False), ("4m", True)])
def test_an_extension_longer_than_allowed_is_named_and_counted_as_recorded(length: str, found: bool) -> None:
    facts = file(INVESTIGATION, f"2026-05-20 investigation_extended {length}")
    assert (QualityKind.EXTENSION_TOO_LONG in kinds(facts)) == found
    if found:
        (point,) = points(facts)
        assert point.event_id == 2
        assert point.why.english().startswith("Investigation extended of 2026-05-20 makes “Investigation” longer")


@pytest.mark.parametrize(("on", "found"), [("2026-06-02", False), ("2026-06-03", True)])
def test_an_extension_decided_after_the_last_day_is_named(on: str, found: bool) -> None:
    facts = file(INVESTIGATION, f"{on} investigation_extended 3m")
    assert (QualityKind.EXTENSION_TOO_LATE in kinds(facts)) == found
    again = file(
        INVESTIGATION, "2026-05-20 investigation_extended 3m", f"{on[:5]}09-{on[8:]} investigation_extended 2m"
    )
    assert QualityKind.EXTENSION_TOO_LATE not in kinds(again)  # by the first one the limit ended on 3 September


def test_with_the_class_unknown_an_extension_is_too_long_only_if_no_class_allows_it() -> None:
    told = [INVESTIGATION, "2026-05-20 investigation_extended 4m"]
    assert QualityKind.EXTENSION_TOO_LONG not in kinds(file(*told, severity=None))
    too_long = [INVESTIGATION, "2026-05-20 investigation_extended 5m"]
    assert QualityKind.EXTENSION_TOO_LONG in kinds(file(*too_long, severity=None))


def test_an_extension_of_a_detention_is_compared_with_article_173() -> None:
    told = [INVESTIGATION, "2026-03-02 detention_ordered @7"]  # serious: 2 months
    assert kinds(file(*told, "2026-05-20 detention_extended 2m @7")) == set()
    assert kinds(file(*told, "2026-05-20 detention_extended 3m @7")) == {QualityKind.EXTENSION_TOO_LONG}


@pytest.mark.parametrize(("on", "found"), [("2026-03-01", True), ("2026-03-02", False), ("2026-03", False)])
def test_an_event_before_its_predecessor_is_named(on: str, found: bool) -> None:
    facts = file("2026-03-02 case_accepted", f"{on} trial_decision")
    assert (QualityKind.BEFORE_PREDECESSOR in kinds(facts)) == found


def test_a_start_told_twice_is_named_with_the_one_that_counts() -> None:
    (point,) = points(file(INVESTIGATION, "2026-04-01 case_initiated"))
    assert (point.kind, point.event_id) == (QualityKind.TWO_STARTS, 2)
    assert point.why.english() == "Case initiated is recorded for 2026-04-01 and already for 2026-03-02: " + (
        "counted from the first."
    )


@pytest.mark.parametrize(
    ("end", "begun"),
    [
        ("investigation_resumed", "investigation_suspended"),
        ("expert_result", "expert_requested 30d"),
        ("detention_extended 1m", "detention_ordered 3m"),
        ("assets_released", "assets_seized"),
        ("detention_ended @7", "detention_ordered 3m @7"),
        ("detention_ended", "detention_ordered 3m @7"),
    ],
)
def test_an_end_without_a_beginning_is_named(end: str, begun: str) -> None:
    assert QualityKind.STOP_WITHOUT_START in kinds(file(INVESTIGATION, f"2026-05-04 {end}"))
    assert QualityKind.STOP_WITHOUT_START not in kinds(file(INVESTIGATION, f"2026-04-01 {begun}", f"2026-05-04 {end}"))


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (["2026-04-01 detention_ordered 3m @7", "2026-05-04 detention_ended @8"], True),
        (["2026-04-01 detention_ordered 3m", "2026-05-04 detention_ended @8"], True),
        (["2026-04-01 detention_ordered 3m @7", "2026-05-04 detention_ended", "2026-05-05 detention_ended @7"], True),
        (["2026-04-01 detention_ordered 3m @7", "2026-05-04 detention_ended @7", "2026-05-05 detention_ended"], True),
        (["2026-04-01 detention_ordered 3m @7", "2026-04-01 detention_ordered 3m @8", "2026-05-04 detention_ended @7",
          "2026-05-05 detention_ended"], False),
        (["2026-04-01 detention_ordered 3m @7", "2026-05-04 detention_ended", "2026-05-06 detention_ordered 1m @7",
          "2026-05-20 detention_ended @7"], False),
    ],
)  # fmt: skip
def test_a_release_needs_a_detention_of_that_accused_that_still_stands(told: list[str], found: bool) -> None:
    points_found = points(file(INVESTIGATION, *told))
    assert ([point.kind for point in points_found] == [QualityKind.STOP_WITHOUT_START]) == found
    if found:
        assert points_found[0].fix.english().startswith("Record the order of detention, or name the accused")


@pytest.mark.parametrize(
    ("between", "found"),
    [([], True), (["2026-05-04 returned_vks"], False), (["2026-05-04 accused_charged"], False)],
)
def test_a_further_conclusion_without_the_return_before_it_is_named(between: list[str], found: bool) -> None:
    facts = file(INVESTIGATION, "2026-04-01 investigation_concluded", *between, "2026-06-01 investigation_concluded")
    assert (QualityKind.STOP_WITHOUT_START in kinds(facts)) == found
    one = file(INVESTIGATION, "2026-04-01 investigation_concluded *", "2026-06-01 investigation_concluded")
    assert QualityKind.STOP_WITHOUT_START not in kinds(one)


@pytest.mark.parametrize(("on", "found"), [("2017-12-31", True), ("2018-01-01", False)])
def test_a_date_before_the_law_is_named(on: str, found: bool) -> None:
    assert (QualityKind.BEFORE_THE_LAW in kinds(file(f"{on} case_initiated"))) == found


def test_a_note_before_the_law_is_no_proceeding() -> None:
    assert points(file("2015-03-02 progress_note")) == []


def test_missing_days_lengths_terms_and_classes_are_named_with_what_to_do() -> None:
    told = ["2026-03 case_initiated", "2026-05-20 investigation_extended", "2026-05-21 expert_requested"]
    found = points(file(*told, severity=None, articles="353; 999(9)"))
    assert {point.kind for point in found} == {
        QualityKind.MONTH_ONLY, QualityKind.EXTENSION_WITHOUT_LENGTH, QualityKind.SEVERITY_MISSING,
        QualityKind.REQUEST_WITHOUT_TERM, QualityKind.UNKNOWN_ARTICLE,
    }  # fmt: skip
    assert all(point.fix.english() for point in found)
    (article,) = (point for point in found if point.kind is QualityKind.UNKNOWN_ARTICLE)
    assert "999(9)" in article.why.english()


def test_the_class_is_asked_for_only_where_a_limit_depends_on_it() -> None:
    assert points(file("2026-03-02 report_received", severity=None)) == []
    assert kinds(file(INVESTIGATION, severity=None)) == {QualityKind.SEVERITY_MISSING}
    assert kinds(file(INVESTIGATION, severity=Severity.SERIOUS)) == set()


def test_a_length_that_cannot_be_read_is_named_with_its_text() -> None:
    (point,) = points(file(INVESTIGATION, "2026-05-20 investigation_extended soon"))
    assert point.kind is QualityKind.LENGTH_UNREADABLE
    assert "soon" in point.why.english()


def test_what_is_recorded_for_a_later_day_is_not_named_yet() -> None:
    facts = file(INVESTIGATION, "2026-05-20 investigation_extended")
    assert kinds(facts, "2026-05-19") == set()
    assert kinds(facts, "2026-05-20") == {QualityKind.EXTENSION_WITHOUT_LENGTH}


def sound(facts: CaseFacts, today: date) -> None:
    for point in points_of(facts, reader(), today):
        for sentence in (point.why, point.fix):
            assert sentence.english()
            assert decode(encode(sentence)) == sentence


@settings(max_examples=300)
@given(files(), DAYS)
def test_no_history_makes_the_points_fail(facts: CaseFacts, today: date) -> None:
    sound(facts, today)


@settings(max_examples=200)
@given(files(ALL_RULES), DAYS)
def test_no_history_with_clocks_makes_the_points_fail(facts: CaseFacts, today: date) -> None:
    sound(facts, today)
