"""What a session brief says: what changed since the session before, on one page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from exports.figure import ReportFigure
from exports.paper import Paper
from models.rules.reasons import DateReason

NAMED = 3  # newly late files that are named with their limit; of the other lists only codes are printed
LISTS = ("new", "ended", "moved", "newly_late", "no_longer_late")


@dataclass(frozen=True)
class BriefReport:
    """The brief. `files`: (code, title) of the files of each list, counted by the figure `brief.<list>`.

    `reasons`: by code of a newly late file that is named, why its limit ended on that day.
    """

    paper: Paper
    since_on: date
    figures: Mapping[str, ReportFigure]
    files: Mapping[str, tuple[tuple[str, str], ...]]
    corrected: tuple[str, ...]
    reasons: Mapping[str, DateReason] = field(default_factory=dict)
