"""The stalled rules: verdicts with the day each became true. Source: docs/sources.md#stalled-rules"""

from datetime import date, timedelta
from functools import lru_cache

from models.enums import AgencyKind, FlagRule
from models.rules.clocks import name_of
from models.rules.judge import Verdict
from models.rules.limits import article_words
from models.rules.side_flags import FlagVerdict, after
from models.rules.thresholds import Thresholds
from models.rules.words import words

__all__ = ["FlagVerdict", "flags_of"]

SHARED = 10_000  # flags kept to be given again: many files have the same limit of the same day


def flags_of(verdict: Verdict, today: date, thresholds: Thresholds) -> tuple[FlagVerdict, ...]:
    """The rules that hold of an open file on `today`; none of a file that is not open."""
    if not verdict.is_open:
        return ()
    found = (
        limit_passed(verdict),
        extension_not_requested(verdict, today),
        no_news(verdict, today, thresholds),
        not_enforced(verdict),
    )
    return (*(flag for flag in found if flag), *verdict.beside)


def limit_passed(verdict: Verdict) -> FlagVerdict | None:
    """S1: a limit passed and nothing closed, suspended or extended it. True from the day after the last day."""
    if not verdict.is_late or verdict.due_on is None:
        return None
    return _passed(verdict.rule, verdict.start_on, verdict.due_on, verdict.article, verdict.owner)


@lru_cache(maxsize=SHARED)
def _passed(rule: str, start_on: date | None, due_on: date, article: str, owner: AgencyKind) -> FlagVerdict:
    why = words(
        "{what}: the limit ended on {day} ({article}).",
        what=name_of(rule),
        day=due_on,
        article=article_words(article),
    )
    clears = words("Record the event that ended “{what}”, or the decision that extended it.", what=name_of(rule))
    return FlagVerdict(FlagRule.S1, _clock(rule, start_on), after(due_on), article, why, clears, owner)


def not_enforced(verdict: Verdict) -> FlagVerdict | None:
    """S11: a judgment in force under the law until 30 June 2026, and no enforcement decision in its working days."""
    if verdict.due is None or verdict.due.rule != "THADS_DEC" or not verdict.is_late:
        return None
    why = words("No enforcement decision was recorded by {day}.", day=verdict.due.due_on)
    clears = words("Record the enforcement decision.")
    since = after(verdict.due.due_on)
    return FlagVerdict(
        FlagRule.S11,
        _clock(verdict.rule, verdict.start_on),
        since,
        verdict.article,
        why,
        clears,
        AgencyKind.ENFORCEMENT,
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
    return FlagVerdict(
        FlagRule.S2,
        _clock(verdict.rule, verdict.start_on),
        after(last_request),
        verdict.article,
        why,
        clears,
        verdict.owner,
    )


def no_news(verdict: Verdict, today: date, thresholds: Thresholds) -> FlagVerdict | None:
    """S7: nothing new for more than `no_news_amber_days`. True from the first day beyond them."""
    since = verdict.last_event_on + timedelta(days=thresholds.no_news_amber_days + 1)
    return None if today < since else _silent(verdict.last_event_on, since, verdict.owner)


@lru_cache(maxsize=SHARED)
def _silent(last_event_on: date, since: date, owner: AgencyKind) -> FlagVerdict:
    why = words("No news since {day}.", day=last_event_on)
    clears = words("Record what happened, or a progress note.")
    return FlagVerdict(FlagRule.S7, last_event_on.isoformat(), since, "", why, clears, owner)


def _clock(rule: str, start_on: date | None) -> str:
    return f"{rule}:{start_on.isoformat() if start_on else ''}"
