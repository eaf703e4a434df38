"""The stages a file has been through, each with its days: what a timeline draws."""

from datetime import date
from typing import NamedTuple

from models.enums import Stage
from models.rules.facts import CaseFacts
from models.rules.stages import course_of


class Span(NamedTuple):
    """One stage in one round from its first day; `last` is the first day of what follows, None while it lasts."""

    stage: Stage
    round: int
    first: date
    last: date | None
    paused: bool


def spans_of(facts: CaseFacts, today: date, stage: Stage, stage_since: date | None) -> tuple[Span, ...]:
    """The stages of the file up to `today`, oldest first; the last one is `stage`, as judged on that day.

    A stage entered and left on one day leaves no span.
    """
    found: list[Span] = []
    for day in sorted({event.on for event in facts.events if event.on <= today}):
        course = course_of(facts, day)
        if course.case_end:
            _close(found, day)
            return tuple(found)
        _enter(found, Span(course.stage, course.round, day, None, course.paused is not None))
    if found and stage_since and found[-1].stage is not stage and stage_since >= found[-1].first:
        _enter(found, Span(stage, found[-1].round, stage_since, None, False))
    return tuple(found)


def _enter(found: list[Span], span: Span) -> None:
    if span.stage is Stage.UNKNOWN:
        return
    if found and found[-1][:2] == span[:2] and found[-1].paused == span.paused:
        return
    _close(found, span.first)
    found.append(span)


def _close(found: list[Span], day: date) -> None:
    if found:
        found[-1] = found[-1]._replace(last=day)
        if found[-1].first == day:
            found.pop()
