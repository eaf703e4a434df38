"""The limits that run on files now, with what they were computed from: for lists that name base and extensions."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from models.queries.facts import case_facts
from models.queries.judged import reader, thresholds
from models.rules.access import Viewer
from models.rules.deadlines import Due
from models.rules.judge import judge


def running_limits(session: Session, viewer: Viewer, codes: Sequence[str], *, as_of: date) -> dict[str, Due]:
    """Per code of an open file, the date that decides about it; files without one are left out."""
    if not codes:
        return {}
    reads, limits = reader(session), thresholds()
    verdicts = (judge(facts, reads, as_of, limits) for facts in case_facts(session, viewer, as_of=as_of, codes=codes))
    return {verdict.code: verdict.due for verdict in verdicts if verdict.due}
