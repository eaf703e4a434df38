"""The limits that run on files now, with what they were computed from: for lists that name base and extensions."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from models.enums import Verified
from models.queries.facts import case_facts
from models.queries.judged import judged, reader, thresholds
from models.queries.reference import LimitVersion, current_limits
from models.rules.access import Viewer
from models.rules.deadlines import Due
from models.rules.judge import judge
from models.rules.lengths import BadLength, parse_length
from models.rules.limits import SUCCESSORS

AT_ONCE = 500  # codes of one question
SLACK = 60  # days more than any limit may move over days off


def running_limits(session: Session, viewer: Viewer, codes: Sequence[str], *, as_of: date) -> dict[str, Due]:
    """Per code of an open file, the date that decides about it; files without one are left out."""
    reads, limits = reader(session), thresholds()
    found: dict[str, Due] = {}
    for start in range(0, len(codes), AT_ONCE):
        asked = codes[start : start + AT_ONCE]
        for facts in case_facts(session, viewer, as_of=as_of, codes=asked):
            verdict = judge(facts, reads, as_of, limits)
            if verdict.due:
                found[verdict.code] = verdict.due
    return found


def running_rules(session: Session, viewer: Viewer, *, as_of: date) -> list[str]:
    """Codes of the rules whose clocks decide about a file open to the viewer."""
    files = judged(session, viewer, as_of=as_of)
    asked = select(files.c.rule).where(files.c.rule != "").distinct().order_by(files.c.rule)
    return list(session.connection().execute(asked).scalars())


def unproved_rules(session: Session) -> frozenset[str]:
    """Codes of the rules of which a version in the table waits for a lawyer."""
    return frozenset(row.code for row in current_limits(session) if row.verified is not Verified.YES)


def longest_days(session: Session, rules: Collection[str]) -> int:
    """An upper bound of the calendar days that these rules give, extensions and days off included."""
    return (
        max((_days(row) for row in current_limits(session) if row.code in _with_successors(rules)), default=0) + SLACK
    )


def _with_successors(rules: Collection[str]) -> set[str]:
    return {*rules, *(SUCCESSORS[rule] for rule in rules if rule in SUCCESSORS)}


def _days(row: LimitVersion) -> int:
    """The longest of what a row gives, generously counted."""
    return max(map(_generous, (row.base_limit, row.extension_length, row.max_total)))


def _generous(text: str) -> int:
    try:
        length = parse_length(text)
    except BadLength:
        return 0
    return length.years * 366 + length.months * 31 + length.days + length.workdays * 3 + length.hours
