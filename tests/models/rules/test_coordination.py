"""The clock of a reply: the day the request names, else the committee's working days from the receipt."""

from datetime import date

import pytest

from models.enums import CoordinationState as State
from models.rules.coordination import ReplyClock, ReplyTerms, RequestFacts, reply_clock
from tests.models.rules import lawbook
from tests.models.rules.histories import day

TERMS = ReplyTerms()


def request(sent: str, **more: object) -> RequestFacts:
    """A request sent on this day; days as text."""
    days = {name: day(str(value)) for name, value in more.items() if name.endswith("_on")}
    rest = {name: value for name, value in more.items() if not name.endswith("_on")}
    return RequestFacts(day(sent), **days, **rest)  # type: ignore[arg-type]


def on(facts: RequestFacts, today: str, terms: ReplyTerms = TERMS) -> ReplyClock:
    return reply_clock(facts, day(today), lawbook.calendar(), terms)


def told(clock: ReplyClock) -> str:
    return " ".join(step.english() for step in (*clock.trace, *clock.doubts))


@pytest.mark.parametrize(
    ("facts", "last"),
    [
        (request("2026-11-02", received_on="2026-11-03"), "2026-11-17"),  # ten working days from a Tuesday
        (request("2026-11-02", received_on="2026-11-03", urgent=True), "2026-11-06"),
        (request("2026-11-02"), "2026-11-16"),  # no receipt: from the sending
        (request("2026-11-13", received_on="2026-11-16"), "2026-12-01"),  # 24 November is a holiday
        (request("2026-08-10", received_on="2026-08-19", urgent=True), "2026-08-22"),  # a worked Saturday counts
        (request("2026-11-02", received_on="2026-11-03", due_on="2026-11-08"), "2026-11-08"),  # named: also a Sunday
        (request("2026-11-02", received_on="2026-11-03", due_on="2026-11-08", urgent=True), "2026-11-08"),
    ],
)
def test_the_last_day_is_the_one_named_or_counted_and_a_request_is_overdue_from_the_day_after(
    facts: RequestFacts, last: str
) -> None:
    clock = on(facts, last)
    assert (clock.due_on, clock.days_late, clock.is_late) == (day(last), 0, False)
    assert clock.state is (State.RECEIVED if facts.received_on else State.SENT)
    after = date.fromordinal(day(last).toordinal() + 1).isoformat()
    late = on(facts, after)
    assert (late.state, late.days_late, late.waits) == (State.OVERDUE, 1, True)


def test_the_committees_own_numbers_come_from_its_settings() -> None:
    facts = request("2026-11-02", received_on="2026-11-03")
    assert on(facts, "2026-11-03", ReplyTerms(5, 1)).due_on == day("2026-11-10")
    assert on(facts._replace(urgent=True), "2026-11-03", ReplyTerms(5, 1)).due_on == day("2026-11-04")


def test_before_the_receipt_the_sending_stands_in_and_the_date_is_approximate() -> None:
    facts = request("2026-11-02", received_on="2026-11-05")
    before, after = on(facts, "2026-11-04"), on(facts, "2026-11-05")
    assert (before.due_on, before.approximate, before.state) == (day("2026-11-16"), True, State.SENT)
    assert (after.due_on, after.approximate, after.state) == (day("2026-11-19"), False, State.RECEIVED)
    assert not on(request("2026-11-02", due_on="2026-11-20"), "2026-11-04").approximate


@pytest.mark.parametrize(("replied", "late"), [("2026-11-17", 0), ("2026-11-18", 1), ("2026-11-05", -12)])
def test_a_reply_is_measured_by_its_own_day_however_late_it_is_recorded(replied: str, late: int) -> None:
    clock = on(request("2026-11-02", received_on="2026-11-03", replied_on=replied), "2027-01-08")
    assert (clock.state, clock.days_late, clock.is_late, clock.waits) == (State.REPLIED, late, late > 0, False)


def test_a_reply_that_is_still_to_come_does_not_count_yet() -> None:
    facts = request("2026-11-02", received_on="2026-11-03", replied_on="2026-11-20", escalated_on="2026-11-19")
    assert on(facts, "2026-11-18").state is State.OVERDUE
    assert on(facts, "2026-11-19").state is State.ESCALATED
    assert on(facts, "2026-11-20").state is State.REPLIED


def test_a_partial_reply_does_not_stop_the_clock() -> None:
    facts = request("2026-11-02", received_on="2026-11-03", replied_on="2026-11-10", partial=True)
    assert on(facts, "2026-11-17").state is State.RECEIVED
    clock = on(facts, "2026-11-18")
    assert (clock.state, clock.days_late, clock.waits) == (State.OVERDUE, 1, True)
    assert "The reply of 2026-11-10 is partial: the rest is still awaited." in told(clock)


def test_an_escalated_request_waits_on_and_its_days_go_on() -> None:
    facts = request("2026-11-02", received_on="2026-11-03", escalated_on="2026-11-20")
    clock = on(facts, "2026-11-27")
    assert (clock.state, clock.days_late, clock.waits) == (State.ESCALATED, 10, True)


def test_a_withdrawn_request_is_late_for_nobody() -> None:
    facts = request("2026-11-02", received_on="2026-11-03", cancelled_on="2026-12-20")
    assert on(facts, "2026-12-19").state is State.OVERDUE
    clock = on(facts, "2026-12-20")
    assert (clock.state, clock.days_late, clock.waits, clock.is_late) == (State.CANCELLED, None, False, False)


def test_a_year_without_calendar_cannot_be_told_and_raises_nothing() -> None:
    clock = on(request("2027-12-20", received_on="2027-12-22"), "2027-12-28")
    assert (clock.due_on, clock.days_late, clock.state) == (None, None, State.RECEIVED)
    assert clock.trace == ()
    assert "The calendar has no holidays for 2028" in told(clock)
    assert on(request("2027-12-20", due_on="2028-01-10"), "2028-01-11").state is State.OVERDUE


def test_the_trace_names_receipt_term_days_off_and_last_day() -> None:
    steps = told(on(request("2026-11-13", received_on="2026-11-20", urgent=True), "2026-11-20"))
    assert steps.startswith("The request was received on 2026-11-20: that day is day 0.")
    assert "Term of an urgent request: 3 working days (the committee's own number, no law)." in steps
    assert "2026-11-22 is a Sunday." in steps and "2026-11-24 is a day off" in steps
    assert steps.endswith("Counting 3 working days from 2026-11-20 gives 2026-11-26. "
                          "Last day: 2026-11-26, until 24:00.")  # fmt: skip
    named = told(on(request("2026-11-13", due_on="2026-11-20"), "2026-11-20"))
    assert named == "The request itself asks for the reply by 2026-11-20: that day decides. " + (
        "Last day: 2026-11-20, until 24:00."
    )
