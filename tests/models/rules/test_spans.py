"""The stages a file has been through, as a timeline draws them."""

from datetime import date

from models.enums import Kind, Stage
from models.rules.facts import CaseFacts, Event
from models.rules.spans import spans_of

TODAY = date(2026, 11, 20)


def spans(*events, stage=Stage.UNKNOWN, since=None, today=TODAY):
    made = tuple(Event(date.fromisoformat(day), kind) for day, kind in events)
    facts = CaseFacts("VA-1", Kind.CASE, made[0].on if made else today, made)
    return [(span.stage, span.round, span.first, span.last, span.paused)
            for span in spans_of(facts, today, stage, since)]  # fmt: skip


def test_a_stage_ends_where_the_next_begins_and_the_last_one_is_open():
    assert spans(("2026-01-05", "case_initiated"), ("2026-05-29", "investigation_concluded"),
                 stage=Stage.PROSECUTION, since=date(2026, 5, 29)) == [
        (Stage.INVESTIGATION, 1, date(2026, 1, 5), date(2026, 5, 29), False),
        (Stage.PROSECUTION, 1, date(2026, 5, 29), None, False),
    ]  # fmt: skip


def test_a_suspension_is_a_span_of_its_own():
    events = [
        ("2026-01-05", "case_initiated"),
        ("2026-03-02", "investigation_suspended"),
        ("2026-06-01", "investigation_resumed"),
    ]
    found = spans(*events, stage=Stage.INVESTIGATION, since=date(2026, 6, 1))
    assert [(first, paused) for _, _, first, _, paused in found] == [
        (date(2026, 1, 5), False), (date(2026, 3, 2), True), (date(2026, 6, 1), False),
    ]  # fmt: skip


def test_a_return_begins_a_new_round():
    found = spans(("2026-01-05", "case_initiated"), ("2026-05-29", "investigation_concluded"),
                  ("2026-06-15", "returned_vks"), stage=Stage.INVESTIGATION, since=date(2026, 6, 15))  # fmt: skip
    assert [(stage, number) for stage, number, *_ in found] == [
        (Stage.INVESTIGATION, 1), (Stage.PROSECUTION, 1), (Stage.INVESTIGATION, 2),
    ]  # fmt: skip


def test_the_end_of_the_case_closes_the_last_stage():
    found = spans(("2026-01-05", "case_initiated"), ("2026-03-02", "terminated"))
    assert found == [(Stage.INVESTIGATION, 1, date(2026, 1, 5), date(2026, 3, 2), False)]


def test_a_stage_that_follows_without_an_event_is_added():
    found = spans(("2026-01-05", "case_initiated"), ("2026-06-01", "first_instance_judgment"),
                  stage=Stage.JUDGMENT_FINAL, since=date(2026, 7, 1))  # fmt: skip
    assert found[-1] == (Stage.JUDGMENT_FINAL, found[-1][1], date(2026, 7, 1), None, False)
    assert found[-2][3] == date(2026, 7, 1)


def test_what_happens_after_the_day_is_not_there():
    found = spans(("2026-01-05", "case_initiated"), ("2026-05-29", "investigation_concluded"), today=date(2026, 5, 28),
                  stage=Stage.INVESTIGATION, since=date(2026, 1, 5))  # fmt: skip
    assert len(found) == 1


def test_a_file_without_any_stage_has_no_span():
    assert spans(("2026-01-05", "progress_note")) == []
