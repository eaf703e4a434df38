"""What a session brief says: what changed since the session before, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from exports.figure import ReportFigure
from exports.paper import Paper

LISTS = ("new", "ended", "moved", "newly_late", "no_longer_late")


@dataclass(frozen=True)
class BriefReport:
    """The brief. `files`: (code, title) of the files of each list, counted by the figure `brief.<list>`."""

    paper: Paper
    since_on: date
    figures: Mapping[str, ReportFigure]
    files: Mapping[str, tuple[tuple[str, str], ...]]
    corrected: tuple[str, ...]
