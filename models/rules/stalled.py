"""The stalled rules: verdicts with the day each became true. Source: docs/sources.md#stalled-rules"""

from datetime import date, timedelta
from typing import NamedTuple

from models.enums import FlagRule
from models.rules.clocks import name_of
from models.rules.judge import Thresholds, Verdict, day_after
from models.rules.words import Words, words


class FlagVerdict(NamedTuple):
    """A stalled rule that holds: `since` is the day it became true, `clears` what would end it.

    `subject` says of what exactly, so that the flag of one clock is not taken for that of the next.
    """

    rule: FlagRule
    subject: str
    since: date
    article: str
    why: Words
    clears: Words


def flags_of(verdict: Verdict, today: date, thresholds: Thresholds) -> tuple[FlagVerdict, ...]:
    """The rules that hold of an open file on `today`; none of a file that is not open."""
    if not verdict.is_open:
        return ()
    found = (limit_passed(verdict), extension_not_requested(verdict, today), no_news(verdict, today, thresholds))
    return tuple(flag for flag in found if flag)


def limit_passed(verdict: Verdict) -> FlagVerdict | None:
    """S1: a limit passed and nothing closed, suspended or extended it. True from the day after the last day."""
    if not verdict.is_late or verdict.due_on is None:
        return None
    return FlagVerdict(
        FlagRule.S1,
        _clock(verdict),
        day_after(verdict.due_on),
        verdict.article,
        verdict.why[0],
        words("Record the event that ended “{what}”, or the decision that extended it.", what=name_of(verdict.rule)),
    )


def extension_not_requested(verdict: Verdict, today: date) -> FlagVerdict | None:
    """S2: the last day to request an extension that the law still allows has passed, and the limit has not.

    A request must be made at least `lead_days` before expiry, so the rule is true from the day after that day.
    """
    if verdict.due_on is None or verdict.lead_days is None or not verdict.extendable:
        return None
    last_request = verdict.due_on - timedelta(days=verdict.lead_days)
    if not last_request < today <= verdict.due_on:
        return None
    why = words(
        "{what} ends on {day}; an extension had to be requested by {last} and none is recorded.",
        what=name_of(verdict.rule),
        day=verdict.due_on,
        last=last_request,
    )
    clears = words("Record the extension decision, or the event that ends “{what}”.", what=name_of(verdict.rule))
    return FlagVerdict(FlagRule.S2, _clock(verdict), day_after(last_request), verdict.article, why, clears)


def no_news(verdict: Verdict, today: date, thresholds: Thresholds) -> FlagVerdict | None:
    """S7: nothing new for more than `no_news_amber_days`. True from the first day beyond them."""
    silent = (today - verdict.last_event_on).days
    if silent <= thresholds.no_news_amber_days:
        return None
    return FlagVerdict(
        FlagRule.S7,
        verdict.last_event_on.isoformat(),
        verdict.last_event_on + timedelta(days=thresholds.no_news_amber_days + 1),
        "",
        words("No news since {day}, {days} days.", day=verdict.last_event_on, days=silent),
        words("Record what happened, or a progress note."),
    )


def _clock(verdict: Verdict) -> str:
    start = verdict.start_on.isoformat() if verdict.start_on else ""
    return f"{verdict.rule}:{start}"
