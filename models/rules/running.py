"""The clocks that run on a file beside its deciding one, without those that have stopped: for many files at once."""

from collections.abc import Iterator
from datetime import date

from models.rules import beside
from models.rules.clocks import FileClock, Reader, file_clock
from models.rules.facts import CaseFacts
from models.rules.stages import Clock, course_of


def running_beside(facts: CaseFacts, reader: Reader, today: date, *, closed: bool = False) -> Iterator[FileClock]:
    """What `clocks_of` shows as running, but for the clock of the stage: requests, duties, detentions, windows.

    With `closed` also the windows whose last day has passed.
    """
    course = course_of(facts, today)
    for clock in course.requests:
        if clock.stopped is None:
            yield file_clock(clock, facts, reader, today)
    if course.case_end:
        return
    for clock in _aside(facts, today):
        if clock.stopped is None:
            yield file_clock(clock, facts, reader, today)
    for clock in beside.windows(facts, today):
        shown = file_clock(clock, facts, reader, today)
        if shown.due and (closed or today <= shown.due.due_on):
            yield shown


def _aside(facts: CaseFacts, today: date) -> Iterator[Clock]:
    yield from beside.duties(facts, today)
    yield from beside.detentions(facts, today)
    yield from beside.no_means(facts, today)
