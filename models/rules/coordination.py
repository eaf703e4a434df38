"""The reply to a coordination request: by when it is due, and where the request stands.

The regulations that were published name no days. The day the request itself asks for decides; without one the
committee's own number of working days counts, from the receipt, or from the sending while no receipt is recorded.
Source: docs/sources.md#coordination-requests
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from models.enums import CoordinationState
from models.rules.lengths import Length
from models.rules.words import Refusal, Words, words
from models.rules.workdays import Calendar

RULE = "COORD"
_MOST_TOLD = 60  # days off told one by one
SETTLED = (CoordinationState.REPLIED, CoordinationState.CANCELLED)


class ReplyTerms(NamedTuple):
    """Working days for a reply, where the request names no day: the committee's own numbers, no law."""

    usual: int = 10
    urgent: int = 3


class RequestFacts(NamedTuple):
    """The dated facts of a request. `due_on`: the day it asks for; `partial`: the reply so far is not the whole one."""

    sent_on: date
    received_on: date | None = None
    due_on: date | None = None
    replied_on: date | None = None
    partial: bool = False
    escalated_on: date | None = None
    cancelled_on: date | None = None
    urgent: bool = False

    def known_on(self, day: date) -> "RequestFacts":
        """The facts that had happened by `day`."""
        return self._replace(
            received_on=_by(self.received_on, day),
            replied_on=_by(self.replied_on, day),
            escalated_on=_by(self.escalated_on, day),
            cancelled_on=_by(self.cancelled_on, day),
        )


@dataclass(frozen=True)
class ReplyClock:
    """The clock of a reply on a day. `due_on` is None when it cannot be told; `doubts` then says why.

    `days_late`: of a reply, how late it came; of a request that waits, how late it is; negative for days left. None
    without a last day and for a request that was withdrawn. `approximate`: counted from the sending.
    """

    facts: RequestFacts
    state: CoordinationState
    due_on: date | None
    stopped_on: date | None
    days_late: int | None
    approximate: bool
    doubts: tuple[Words, ...]
    terms: ReplyTerms
    calendar: Calendar = field(repr=False, compare=False)
    rule: str = RULE

    @property
    def start_on(self) -> date:
        """Day 0 of the count."""
        return self.facts.received_on or self.facts.sent_on

    @property
    def waits(self) -> bool:
        """Whether an answer, or the rest of it, is still awaited."""
        return self.state not in SETTLED

    @property
    def is_late(self) -> bool:
        """Whether the last day passed before the answer came."""
        return self.days_late is not None and self.days_late > 0

    @cached_property
    def trace(self) -> tuple[Words, ...]:
        """Why this date: one sentence per step; empty when there is no date."""
        return explain(self)


def reply_clock(facts: RequestFacts, today: date, calendar: Calendar, terms: ReplyTerms) -> ReplyClock:
    """Where the request stands on `today`. Never an exception: a year missing in the calendar is a doubt."""
    known = facts.known_on(today)
    doubts: tuple[Words, ...] = ()
    due: date | None = None
    try:
        due = last_day(known, calendar, terms)
    except Refusal as error:
        doubts = (error.words,)
    stopped = _stopped(known)
    state = _state(known, due, today)
    counted = None if due is None or known.cancelled_on else ((stopped or today) - due).days
    by_count = known.due_on is None
    return ReplyClock(known, state, due, stopped, counted, by_count and known.received_on is None, doubts, terms,
                      calendar)  # fmt: skip


def last_day(facts: RequestFacts, calendar: Calendar, terms: ReplyTerms) -> date:
    """The last day of the reply, until 24:00. Raises CalendarMissing."""
    if facts.due_on is not None:
        return facts.due_on
    return calendar.add_workdays(facts.received_on or facts.sent_on, _workdays(facts, terms))


def _workdays(facts: RequestFacts, terms: ReplyTerms) -> int:
    return terms.urgent if facts.urgent else terms.usual


def _stopped(facts: RequestFacts) -> date | None:
    """The day the whole answer came, or the request was withdrawn."""
    return facts.cancelled_on or (None if facts.partial else facts.replied_on)


def _state(facts: RequestFacts, due: date | None, today: date) -> CoordinationState:
    if facts.cancelled_on:
        return CoordinationState.CANCELLED
    if facts.replied_on and not facts.partial:
        return CoordinationState.REPLIED
    if facts.escalated_on:
        return CoordinationState.ESCALATED
    if due is not None and today > due:
        return CoordinationState.OVERDUE
    return CoordinationState.RECEIVED if facts.received_on else CoordinationState.SENT


def explain(clock: ReplyClock) -> tuple[Words, ...]:
    """The steps from the receipt to the last day."""
    facts, due = clock.facts, clock.due_on
    if due is None:
        return ()
    last = words("Last day: {day}, until 24:00.", day=due)
    if facts.due_on is not None:
        named = words("The request itself asks for the reply by {day}: that day decides.", day=due)
        return (named, last, *_partial(facts))
    length = Length(workdays=_workdays(facts, clock.terms))
    return (
        _start(facts),
        words("The request names no day for the reply."),
        _term(facts, length),
        *_days_off(clock.calendar, clock.start_on, due),
        words("Counting {length} from {start} gives {day}.", length=length.words(), start=clock.start_on, day=due),
        last,
        *_partial(facts),
    )


def _start(facts: RequestFacts) -> Words:
    if facts.received_on:
        return words("The request was received on {day}: that day is day 0.", day=facts.received_on)
    return words(
        "The receipt is not recorded: counted from the day the request was sent, {day}, which is day 0.",
        day=facts.sent_on,
    )


def _term(facts: RequestFacts, length: Length) -> Words:
    if facts.urgent:
        return words("Term of an urgent request: {length} (the committee's own number, no law).", length=length.words())
    return words("Term of a request: {length} (the committee's own number, no law).", length=length.words())


def _days_off(calendar: Calendar, start: date, last: date) -> list[Words]:
    days = min((last - start).days, _MOST_TOLD)
    reasons = (calendar.why_off(start + timedelta(days=n)) for n in range(1, days + 1))
    return [reason for reason in reasons if reason is not None]


def _partial(facts: RequestFacts) -> tuple[Words, ...]:
    if not (facts.partial and facts.replied_on):
        return ()
    return (words("The reply of {day} is partial: the rest is still awaited.", day=facts.replied_on),)


def _by(fact: date | None, day: date) -> date | None:
    return fact if fact and fact <= day else None
