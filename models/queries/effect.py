"""What an entry does to the deadline of a file, before it is saved: judged in memory, nothing is written."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models.enums import Bucket, FlagRule, Stage
from models.rules.access import Viewer
from models.rules.entry import EventEntry
from models.rules.words import Words


@dataclass(frozen=True)
class Standing:
    """Where a file stands: as Verdict. `days_late` negative: days left; None without a date."""

    is_open: bool
    stage: Stage
    bucket: Bucket
    rule: str
    what: Words  # the clock by name; of no use without a rule
    article: str
    due_on: date | None
    days_late: int | None
    approximate: bool
    why: tuple[Words, ...]


@dataclass(frozen=True)
class Effect:
    """A file before and after an entry. `opened`, `closed`: flags it raises or clears; `warnings`: what to look at."""

    before: Standing
    after: Standing
    opened: tuple[FlagRule, ...] = ()
    closed: tuple[FlagRule, ...] = ()
    warnings: tuple[Words, ...] = ()

    @property
    def moves(self) -> int | None:
        """By how many days the date moves (negative: earlier); None unless there is one before and after."""
        if self.before.due_on is None or self.after.due_on is None:
            return None
        return (self.after.due_on - self.before.due_on).days


def effect_of(
    session: Session,
    viewer: Viewer,
    code: str,
    entry: EventEntry | None,
    *,
    retracts: int = 0,
    today: date,
) -> Effect:
    """The file on `today` without and with `entry`, and without event `retracts` if an id is given.

    A correction gives both, a retraction only the id. Raises CaseNotFound; an entry that cannot be saved (a day to
    come) has no effect.
    """
    raise NotImplementedError
