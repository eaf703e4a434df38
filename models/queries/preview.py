"""What a change of the rules or of the calendar would do to the open files, before it is made."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from models.enums import Bucket
from models.errors import Forbidden
from models.queries._visible import sees
from models.queries.facts import case_facts, known
from models.queries.judged import thresholds
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.clocks import Reader
from models.rules.judge import Verdict, judge
from models.rules.limits import Rulebook
from models.tables import Case, CaseDetail


@dataclass(frozen=True)
class MovedDate:
    """A file whose verdict changes: `days` is how much later it becomes due (negative: earlier), None without both.

    `becomes_late` True: late only by the new rules; False: late only by the old ones; None: no change there.
    """

    code: str
    title: str
    title_en: str
    rule: str
    old_due: date | None
    new_due: date | None
    days: int | None
    old_bucket: Bucket
    new_bucket: Bucket
    becomes_late: bool | None


@dataclass(frozen=True)
class MovedCount:
    """How many files a rule moves from one bucket to another (or within it)."""

    rule: str
    old_bucket: Bucket
    new_bucket: Bucket
    files: int


@dataclass(frozen=True)
class Preview:
    """What would move of the `open` files. `moved` is empty for a viewer who may not read files; `counts` never is."""

    open: int
    moved: tuple[MovedDate, ...]
    counts: tuple[MovedCount, ...]
    become_late: int
    no_longer_late: int

    @property
    def files(self) -> int:
        """How many files move."""
        return sum(count.files for count in self.counts)


Pair = tuple[Verdict, Verdict]


def preview(
    session: Session, viewer: Viewer, rulebook_before: Rulebook, rulebook_after: Rulebook, *, as_of: date
) -> Preview:
    """The open files whose date or bucket the new rulebook changes, the earliest new date first.

    A viewer who maintains the rules but may not read files gets numbers only. Raises Forbidden.
    """
    reads = may(viewer, Action.READ_FILES)
    if not reads and not may(viewer, Action.MANAGE_REFERENCE):
        raise Forbidden("preview")
    total, pairs = _judged_twice(session, viewer if reads else SYSTEM, rulebook_before, rulebook_after, as_of)
    counted = Counter((_rule(pair), pair[0].bucket, pair[1].bucket) for pair in pairs)
    order = list(Bucket)
    counts = [MovedCount(*key, files) for key, files in counted.items()]
    counts.sort(key=lambda count: (count.rule, order.index(count.old_bucket), order.index(count.new_bucket)))
    late = [_becomes_late(pair) for pair in pairs]
    moved = _moves(session, viewer, pairs) if reads else []
    return Preview(total, tuple(moved), tuple(counts), late.count(True), late.count(False))


def _judged_twice(
    session: Session, viewer: Viewer, before: Rulebook, after: Rulebook, as_of: date
) -> tuple[int, list[Pair]]:
    """How many files are open, and both verdicts of those that differ."""
    old, new, limits = Reader(before), Reader(after), thresholds()
    total, pairs = 0, []
    for facts in case_facts(session, viewer, as_of=as_of):
        was = judge(facts, old, as_of, limits)
        if not was.is_open:
            continue
        total += 1
        will = judge(facts, new, as_of, limits)
        if (was.due_on, was.bucket, was.rule) != (will.due_on, will.bucket, will.rule):
            pairs.append((was, will))
    return total, pairs


def _moves(session: Session, viewer: Viewer, pairs: list[Pair]) -> list[MovedDate]:
    titles = _titles(session, viewer, [was.code for was, _ in pairs])
    moved = [
        MovedDate(
            code=was.code,
            title=titles[was.code][0],
            title_en=titles[was.code][1],
            rule=_rule((was, will)),
            old_due=was.due_on,
            new_due=will.due_on,
            days=(will.due_on - was.due_on).days if was.due_on and will.due_on else None,
            old_bucket=was.bucket,
            new_bucket=will.bucket,
            becomes_late=_becomes_late((was, will)),
        )
        for was, will in pairs
    ]
    return sorted(moved, key=lambda move: (move.new_due or date.max, move.code))


def _rule(pair: Pair) -> str:
    return pair[1].rule or pair[0].rule


def _becomes_late(pair: Pair) -> bool | None:
    was, will = pair
    return will.is_late if was.is_late != will.is_late else None


def _titles(session: Session, viewer: Viewer, codes: list[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for at in range(0, len(codes), 500):
        asked = (
            select(Case.code, CaseDetail.title, CaseDetail.title_en)
            .join(CaseDetail, col(CaseDetail.case_id) == Case.id)
            .where(known(CaseDetail, None), sees(viewer), col(Case.code).in_(codes[at : at + 500]))
        )
        found.update({code: (title, title_en) for code, title, title_en in session.exec(asked)})
    return found
