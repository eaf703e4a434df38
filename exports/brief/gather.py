"""The brief's data: the changes that the overview shows too, and the figures of the day."""

from collections.abc import Iterator

from exports.annual.gather import of
from exports.brief.data import LISTS, NAMED, BriefReport
from exports.figure import ReportFigure
from exports.paper import Paper
from exports.reasons import why_figures
from models.db import Session
from models.errors import NotFound
from models.queries.figures import day_figures
from models.queries.overview import Changes, changes_since
from models.queries.reasons import date_reasons
from models.queries.reports import titles
from models.queries.tasks import SessionRow, committee_sessions
from models.rules.access import Viewer
from models.rules.words import words

OF_THE_DAY = (
    "files.open", "files.late", "bucket.due_soon", "tasks.late", "money.recovered", "money.must_recover",
    "money.recovered.against_must_recover", "rate.strict",
)  # fmt: skip


def gather(session: Session, viewer: Viewer, paper: Paper) -> BriefReport:
    """What changed between the session before and the brief's day. Raises NotFound if that session is gone."""
    since = _session(session, paper)
    changes = changes_since(session, viewer, since=since, as_of=paper.as_of, known_at=paper.known_at)
    day = day_figures(session, viewer, as_of=paper.as_of, known_at=paper.known_at, records=True)
    figures = {name: of(day[name]) for name in OF_THE_DAY}
    figures |= {figure.id: figure for figure in _of_changes(changes)}
    late = changes.newly_late[:NAMED]
    reasons = date_reasons(session, viewer, late, as_of=paper.as_of, known_at=paper.known_at)
    figures |= {figure.id: figure for figure in why_figures(reasons)}
    names = titles(session, viewer, known_at=paper.known_at)
    return BriefReport(
        paper=paper,
        since_on=since.held_on,
        figures=figures,
        files={
            name: tuple((code, _title(names.get(code), paper)) for code in getattr(changes, name)) for name in LISTS
        },
        corrected=tuple(changes.corrected),
        reasons=reasons,
    )


def _session(session: Session, paper: Paper) -> SessionRow:
    for row in committee_sessions(session):
        if (row.term, row.number) == (paper.term, paper.since):
            return row
    raise NotFound(
        words("Session {number} of the term {term} is no longer recorded.", number=str(paper.since), term=paper.term)
    )


def _of_changes(changes: Changes) -> Iterator[ReportFigure]:
    for name in LISTS:
        codes = getattr(changes, name)
        yield ReportFigure(f"brief.{name}", len(codes), "files", records=codes)
    yield ReportFigure("brief.recovered", changes.recovered_vnd, "vnd")
    yield ReportFigure("brief.tasks_done", changes.tasks_done, "tasks")
    yield ReportFigure("brief.tasks_total", changes.tasks_total, "tasks")
    yield ReportFigure("brief.corrected", len(changes.corrected), "figures", records=changes.corrected)


def _title(names: tuple[str, str] | None, paper: Paper) -> str:
    title, title_en = names or ("", "")
    return title_en if paper.language == "en" and title_en else title
