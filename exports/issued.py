"""Papers issued before, compared with the records: as they were known then, and as they are known now."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from exports.figure import ReportFigure
from exports.issue import figures_again, paper_of
from exports.paper import Paper
from models.db import Session
from models.errors import NotFound
from models.queries.reports import GENESIS, Issued
from models.queries.tasks import committee_sessions
from models.rules.access import Viewer
from models.rules.periods import parse_period
from models.settings import settings
from models.text import Translator

SHOWN_NAMES = 6  # figures named in a sentence


@dataclass(frozen=True)
class Standing:
    """How an issued paper stands. Both tuples name figures by id.

    `broken`: figures the records, as known when it was issued, no longer give; there should be none.
    `outdated`: figures that corrections recorded since have changed.
    """

    figures: int
    broken: tuple[str, ...]
    outdated: tuple[str, ...]

    @property
    def intact(self) -> bool:
        """Whether the records still give every figure as it was printed."""
        return not self.broken


def standing(session: Session, viewer: Viewer, issued: Issued, *, now: datetime, today: date) -> Standing:
    """Compute every figure of an issued paper again, twice. Raises Forbidden."""
    paper = _paper(session, issued, today=today)
    then = _different(session, viewer, paper, issued)
    later = _different(session, viewer, replace(paper, known_at=now), issued)
    numbers = sum(kept["unit"] != "row" for kept in issued.figures)
    return Standing(numbers, then, tuple(name for name in later if name not in then))


def since_words(found: Standing, t: Translator) -> str:
    """What corrections recorded since the issue have changed; that the records of today say the same, if nothing."""
    if not found.outdated:
        return t("the records of today say the same")
    return t.n(
        "{n} figure has been corrected since: {names}",
        "{n} figures have been corrected since: {names}",
        len(found.outdated),
        names=named(found.outdated),
    )


def named(ids: tuple[str, ...]) -> str:
    """The first of these figures, by id."""
    return ", ".join(ids[:SHOWN_NAMES]) + (" …" if len(ids) > SHOWN_NAMES else "")


def _paper(session: Session, issued: Issued, *, today: date) -> Paper:
    said = {
        "report": issued.id,
        "kind": issued.kind.value,
        "period": issued.period,
        "as_of": issued.as_of.isoformat(),
        "known_at": issued.known_at.isoformat(),
        "language": issued.language,
        "version": "",
        "head_row": "0",
        "head_hash": GENESIS,
    }
    if issued.session is not None:
        first = parse_period(issued.period).first
        before = next((row for row in committee_sessions(session) if row.held_on == first), None)
        said |= {"session": str(issued.session), "term": before.term if before else settings().term}
        said |= {"since": str(before.number)} if before else {}
    return paper_of(said, today=today)


def _different(session: Session, viewer: Viewer, paper: Paper, issued: Issued) -> tuple[str, ...]:
    try:
        again = figures_again(session, viewer, paper)
    except NotFound:  # the session it compares with is gone: no figure can be given again
        return tuple(str(kept["id"]) for kept in issued.figures)
    return tuple(str(kept["id"]) for kept in issued.figures if not _same(kept, again.get(str(kept["id"]))))


def _same(kept: dict[str, Any], now: ReportFigure | None) -> bool:
    if now is None:
        return False
    amounts = (kept.get("value"), kept.get("numerator"), kept.get("denominator"))
    return amounts == (now.value, now.numerator, now.denominator) and now.records == tuple(kept.get("records") or ())
