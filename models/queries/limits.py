"""The limits that run on files now, with what they were computed from: for lists that name base and extensions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from models.queries.facts import case_facts
from models.queries.judged import judged, reader, thresholds
from models.rules.access import Viewer
from models.rules.deadlines import Due
from models.rules.judge import judge

AT_ONCE = 500  # codes of one question


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
