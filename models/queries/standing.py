"""What a scan finds: how many files have a stored verdict that stands, and the others judged afresh."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlmodel import Session

from models.enums import Bucket
from models.queries._visible import sees
from models.queries.facts import case_facts
from models.queries.judged import data_version, reader, stale, stamp, stands, thresholds
from models.rules.access import Viewer
from models.rules.judge import Verdict
from models.rules.lasting import judge_until
from models.tables import Case, JudgedFile, Judgement

NIGHTS = 7  # every file is judged afresh on one of so many nights, although its stored verdict stands
MOST_OF = 0.25  # of the files: when more than that are to be judged, reading all in one sweep is quicker


class Judged(NamedTuple):
    """A file judged afresh: its verdict, the last day on which it holds, and the file's revision before it was read."""

    verdict: Verdict
    until: date
    revision: int


@dataclass
class Findings:
    """What a scan of `as_of` found.

    `standing`: open files whose stored verdict stands, by bucket. `judged`: the files judged afresh, in the order of
    their ids, those that are not open too. `asked`: the ids of all that were to be judged; one that is not in `judged`
    has no description any more. `checked`: those of them whose stored verdict stands. `data_version`: of the data read.
    """

    as_of: date
    data_version: int
    stamp: str
    standing: Counter[Bucket]
    open_standing: int
    asked: frozenset[int]
    checked: frozenset[int]
    judged: list[Judged] = field(default_factory=list)

    @property
    def afresh(self) -> Iterator[Verdict]:
        """The verdicts on the open files that were judged afresh."""
        return (each.verdict for each in self.judged if each.verdict.is_open)


def find(session: Session, viewer: Viewer, *, as_of: date, full: bool = False, check: bool = False) -> Findings:
    """What is so on `as_of`: the files that must be are judged afresh, with `full` every file.

    `check`: a seventh of the others too, another one every night, so that a stored verdict that is wrong is found.
    """
    version = data_version(session)  # before anything is read: what is saved meanwhile makes it an older one
    revisions = _revisions(session, viewer) if full else stale(session, viewer, as_of)
    checked: frozenset[int] = frozenset()
    turn = as_of.toordinal() % NIGHTS if check and not full else None
    if turn is not None:
        others = {id_: number for id_, number in _revisions(session, viewer, turn).items() if id_ not in revisions}
        checked, revisions = frozenset(others), revisions | others
    standing, open_ = (Counter[Bucket](), 0) if full else _standing(session, viewer, as_of, turn)
    found = Findings(as_of, version, stamp(session), standing, open_, frozenset(revisions), checked)
    found.judged.extend(_judge(session, viewer, revisions, as_of))
    return found


def _revisions(session: Session, viewer: Viewer, turn: int | None = None) -> dict[int, int]:
    """The visible files (of one night's turn), each with its revision."""
    file = Case.__table__  # type: ignore[attr-defined]
    asked = select(file.c.id, file.c.revision).where(sees(viewer)).order_by(file.c.id)
    if turn is not None:
        asked = asked.where(file.c.id % NIGHTS == turn)
    return {row[0]: row[1] for row in session.connection().execute(asked)}


def _judge(session: Session, viewer: Viewer, revisions: dict[int, int], as_of: date) -> Iterator[Judged]:
    files = session.connection().execute(select(func.count()).select_from(Case)).scalar() or 0
    ids = None if len(revisions) > MOST_OF * files else list(revisions)
    reads, limits = reader(session), thresholds()
    for facts in case_facts(session, viewer, as_of=as_of, ids=ids, ahead=True):
        if facts.case_id in revisions:
            verdict, _, until = judge_until(facts, reads, as_of, limits)
            yield Judged(verdict, until, revisions[facts.case_id])


def _standing(session: Session, viewer: Viewer, as_of: date, turn: int | None) -> tuple[Counter[Bucket], int]:
    """The open files whose stored verdict stands, by bucket, and how many there should be; without those checked.

    Files whose verdict got lost stand nowhere: they are judged afresh.
    """
    file, kept = Case.__table__, JudgedFile.__table__  # type: ignore[attr-defined]
    verdict = Judgement.__table__  # type: ignore[attr-defined]
    run = session.connection()
    holds = [stands(session, as_of), sees(viewer), kept.c.is_open]
    both = kept.join(file, file.c.id == kept.c.case_id)
    told = both.join(verdict, verdict.c.case_id == kept.c.case_id)
    if turn is not None:
        holds.append(file.c.id % NIGHTS != turn)
    buckets = Counter[Bucket]()
    asked = select(verdict.c.bucket, func.count()).select_from(told).where(*holds).group_by(verdict.c.bucket)
    for bucket, files in run.execute(asked):
        buckets[bucket] = files
    every = run.execute(select(func.count()).select_from(both).where(*holds)).scalar() or 0
    kept_only = both.outerjoin(verdict, verdict.c.case_id == kept.c.case_id)
    lost = select(func.count()).select_from(kept_only).where(*holds, verdict.c.case_id.is_(None))
    return buckets, every - (run.execute(lost).scalar() or 0)
