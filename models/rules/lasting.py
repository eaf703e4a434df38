"""How long a verdict lasts: the day until which it and all its flags stay the same if nothing more is recorded."""

from collections.abc import Iterable
from datetime import date, timedelta
from sys import getrefcount
from typing import NamedTuple

from models.rules.clocks import Reader
from models.rules.facts import CaseFacts
from models.rules.judge import Verdict, judge
from models.rules.stalled import FlagVerdict, flags_of
from models.rules.thresholds import Thresholds
from models.rules.watched import WatchedDay
from models.rules.words import Words


def _unheld() -> int:
    """How many references to a day are counted while only its variable holds it: Pythons differ."""
    day = object()
    return getrefcount(day)


UNHELD = _unheld()


class Lasting(NamedTuple):
    """A verdict with its flags and the last day on which both are still the same; the days counted apart."""

    verdict: Verdict
    flags: tuple[FlagVerdict, ...]
    until: date


def judge_until(facts: CaseFacts, reader: Reader, today: date, thresholds: Thresholds) -> Lasting:
    """Judge `facts` on `today`, and tell until when the same would be said. Rather too early a day than too late."""
    day = WatchedDay.of(today)
    verdict = judge(facts, reader, day, thresholds)
    flags = flags_of(verdict, day, thresholds)
    if getrefcount(day) > UNHELD and _tells_today(verdict, flags):
        return Lasting(verdict, flags, today)
    if facts.changes_on:
        return Lasting(verdict, flags, max(today, min(day.until, facts.changes_on - timedelta(days=1))))
    return Lasting(verdict, flags, max(today, day.until))


def _tells_today(verdict: Verdict, flags: Iterable[FlagVerdict]) -> bool:
    """Whether the day of judgement itself stands in what is said: then tomorrow another one does."""
    days = (verdict.stage_since, verdict.start_on, verdict.due_on, verdict.last_event_on)
    told = (*verdict.notes, *(sentence for flag in flags for sentence in (flag.why, flag.clears)))
    return (
        any(type(day) is WatchedDay for day in days)
        or any(type(flag.since) is WatchedDay for flag in flags)
        or any(_names_today(sentence) for sentence in told)
    )


def _names_today(sentence: Words) -> bool:
    return any(
        type(value) is WatchedDay or (isinstance(value, Words) and _names_today(value)) for _, value in sentence.values
    )
