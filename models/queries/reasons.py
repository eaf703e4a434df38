"""Why the limits of files end when they do, for papers that print the dates of many files."""

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import Session

from models.queries.facts import case_facts
from models.queries.judged import reader, thresholds
from models.rules.access import Viewer
from models.rules.clocks import clocks_of
from models.rules.judge import judge
from models.rules.reasons import DateReason, date_reason, deciding_clock

AT_ONCE = 500  # codes of one question


def date_reasons(
    session: Session, viewer: Viewer, codes: Collection[str], *, as_of: date, known_at: datetime | None = None
) -> dict[str, DateReason]:
    """Per code of an open file whose limit has a date, why it is that date; by code."""
    reads, limits = reader(session, known_at=known_at), thresholds()
    asked = sorted(codes)
    found: dict[str, DateReason] = {}
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        for facts in case_facts(session, viewer, as_of=as_of, known_at=known_at, codes=some):
            verdict = judge(facts, reads, as_of, limits)
            clock = deciding_clock(clocks_of(facts, reads, as_of), verdict)
            if clock and (reason := date_reason(clock, verdict)):
                found[verdict.code] = reason
    return dict(sorted(found.items()))
