"""The state of affairs at a glance: figures of the day, what changed since a session, whose move, the worst files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import FromClause, and_, func, or_, select
from sqlmodel import Session, col

from models.enums import LATE_BUCKETS, AgencyKind, Bucket, Quantity, Stage
from models.queries import money
from models.queries.cases import FileRow, file_rows
from models.queries.figures import Figures, day_figures
from models.queries.judged import is_fresh, judged, scan_state
from models.queries.tasks import SessionRow, end_of, task_counts
from models.rules.access import Viewer
from models.tables import Case

HEADLINES = ("files.open", "files.late", "money.must_recover", "money.recovered")
MONTH_DAYS = 30.4375
WORST = 10


class OwnerLoad(NamedTuple):
    """Whose move it is: files of one body by urgency."""

    owner: AgencyKind
    late: int
    due_soon: int
    other: int


class StageLoad(NamedTuple):
    """Open files in one stage."""

    stage: Stage
    files: int
    late: int


class Ageing(NamedTuple):
    """Open files by whole months in their stage; `median_months` over all of them, None without files."""

    months: dict[int, int]
    median_months: float | None


@dataclass(frozen=True)
class Changes:
    """What changed between two days: codes of files, money, tasks of the session, figures corrected since."""

    new: tuple[str, ...]
    ended: tuple[str, ...]
    moved: tuple[str, ...]
    newly_late: tuple[str, ...]
    no_longer_late: tuple[str, ...]
    recovered_vnd: int
    tasks_done: int
    tasks_total: int
    corrected: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """Everything the overview shows for `as_of`, with the same figures on the day of the session `since`."""

    as_of: date
    figures: Figures
    then: Figures | None
    since: SessionRow | None
    changes: Changes | None
    owners: tuple[OwnerLoad, ...]
    stages: tuple[StageLoad, ...]
    ageing: Ageing
    worst: tuple[FileRow, ...]
    scanned_on: date | None
    scanned_at: datetime | None
    scan_holds: bool  # the figures are those the scan wrote

    def delta(self, name: str) -> int | None:
        """How much a figure rose since the session; None without a session."""
        return None if self.then is None else self.figures.value(name) - self.then.value(name)


def overview(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    since: SessionRow | None = None,
    known_at: datetime | None = None,
) -> Overview:
    """The overview of one day against a session (None: no comparison)."""
    files = judged(session, viewer, as_of=as_of, known_at=known_at)
    state = scan_state(session)
    then = day_figures(session, viewer, as_of=since.held_on, known_at=known_at) if since else None
    return Overview(
        as_of=as_of,
        figures=day_figures(session, viewer, as_of=as_of, known_at=known_at),
        then=then,
        since=since,
        changes=changes_since(session, viewer, since=since, as_of=as_of, known_at=known_at) if since else None,
        owners=tuple(_owners(session, files)),
        stages=tuple(_stages(session, files)),
        ageing=_ageing(session, files, as_of),
        worst=worst_files(session, viewer, as_of=as_of, known_at=known_at),
        scanned_on=state.as_of if state else None,
        scanned_at=state.written_at if state else None,
        scan_holds=known_at is None and is_fresh(session, as_of),
    )


def _owners(session: Session, files: FromClause) -> Iterator[OwnerLoad]:
    counts: dict[AgencyKind, dict[Bucket, int]] = {}
    asked = select(files.c.owner, files.c.bucket, func.count()).group_by(files.c.owner, files.c.bucket)
    for owner, bucket, count in session.connection().execute(asked):
        counts.setdefault(owner, {})[bucket] = count
    loads = [
        OwnerLoad(
            owner,
            sum(buckets.get(bucket, 0) for bucket in LATE_BUCKETS),
            buckets.get(Bucket.DUE_SOON, 0),
            sum(n for bucket, n in buckets.items() if bucket not in LATE_BUCKETS and bucket is not Bucket.DUE_SOON),
        )
        for owner, buckets in counts.items()
    ]
    yield from sorted(loads, key=lambda load: (-load.late, -load.due_soon, -load.other, load.owner))


def _stages(session: Session, files: FromClause) -> Iterator[StageLoad]:
    counts = dict.fromkeys(Stage, 0)
    late = dict.fromkeys(Stage, 0)
    asked = select(files.c.stage, files.c.bucket, func.count()).group_by(files.c.stage, files.c.bucket)
    for stage, bucket, count in session.connection().execute(asked):
        counts[stage] += count
        late[stage] += count if bucket in LATE_BUCKETS else 0
    yield from (StageLoad(stage, counts[stage], late[stage]) for stage in Stage)


def _ageing(session: Session, files: FromClause, as_of: date) -> Ageing:
    asked = select(files.c.stage_since, func.count()).where(files.c.stage_since.is_not(None))
    rows = session.connection().execute(asked.group_by(files.c.stage_since))
    days = sorted(((as_of - since).days, count) for since, count in rows)
    months: dict[int, int] = {}
    for age, count in days:
        months[int(age / MONTH_DAYS)] = months.get(int(age / MONTH_DAYS), 0) + count
    return Ageing(months, _median(days))


def _median(days: list[tuple[int, int]]) -> float | None:
    total = sum(count for _, count in days)
    if not total:
        return None
    low, high = _nth(days, (total - 1) // 2), _nth(days, total // 2)
    return (low + high) / 2 / MONTH_DAYS


def _nth(days: list[tuple[int, int]], n: int) -> int:
    for age, count in days:
        if n < count:
            return age
        n -= count
    raise IndexError(n)


def worst_files(
    session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None
) -> tuple[FileRow, ...]:
    """The ten files that most need a decision: the latest first, then those whose limit is nearest."""
    files = judged(session, viewer, as_of=as_of, known_at=known_at)
    urgent = or_(files.c.bucket.in_(LATE_BUCKETS), files.c.bucket == Bucket.DUE_SOON)
    asked = select(files.c.case_id).where(urgent).order_by(files.c.due_on, files.c.case_id).limit(WORST)
    ids = list(session.connection().execute(asked).scalars())
    return tuple(file_rows(session, viewer, files, ids, as_of=as_of, known_at=known_at))


def changes_since(
    session: Session, viewer: Viewer, *, since: SessionRow, as_of: date, known_at: datetime | None = None
) -> Changes:
    """What changed after the day of the session `since`, up to `as_of`."""
    now = judged(session, viewer, as_of=as_of, known_at=known_at)
    then = judged(session, viewer, as_of=since.held_on, known_at=known_at).alias("before")  # may be the same table
    late_now, late_then = now.c.bucket.in_(LATE_BUCKETS), then.c.bucket.in_(LATE_BUCKETS)
    both = now.join(then, now.c.case_id == then.c.case_id)
    since_then = now.outerjoin(then, now.c.case_id == then.c.case_id)
    until_now = then.outerjoin(now, now.c.case_id == then.c.case_id)
    absent_then, absent_now = then.c.case_id.is_(None), now.c.case_id.is_(None)
    tasks = task_counts(session, viewer, as_of=as_of, known_at=known_at, session_id=since.id)
    return Changes(
        new=_codes(session, since_then, now.c.case_id, absent_then),
        ended=_codes(session, until_now, then.c.case_id, absent_now),
        moved=_codes(session, both, now.c.case_id, or_(now.c.stage != then.c.stage, now.c.round != then.c.round)),
        newly_late=_codes(session, since_then, now.c.case_id, and_(late_now, or_(absent_then, ~late_then))),
        no_longer_late=_codes(session, until_now, then.c.case_id, and_(late_then, or_(absent_now, ~late_now))),
        recovered_vnd=_recovered_between(session, viewer, since.held_on, as_of, known_at),
        tasks_done=tasks.done,
        tasks_total=tasks.all,
        corrected=_corrected(session, viewer, since, known_at),
    )


def _codes(session: Session, joined: Any, case_id: Any, condition: Any) -> tuple[str, ...]:
    ids = select(case_id).select_from(joined).where(condition)
    asked = select(col(Case.code)).where(col(Case.id).in_(ids)).order_by(col(Case.code))
    return tuple(session.connection().execute(asked).scalars())


def _recovered_between(session: Session, viewer: Viewer, first: date, last: date, known_at: datetime | None) -> int:
    def on(day: date) -> int:
        return money.ledger_sums(session, viewer, as_of=day, known_at=known_at).lines[Quantity.RECOVERED].amount_vnd

    return on(last) - on(first)


def _corrected(session: Session, viewer: Viewer, since: SessionRow, known_at: datetime | None) -> tuple[str, ...]:
    """Headline figures of the session's day that are known otherwise now than at the end of that day."""
    then = day_figures(session, viewer, as_of=since.held_on, known_at=end_of(since.held_on))
    if not then.value("files.open"):
        return ()  # nothing was recorded yet: nothing was reported
    now = day_figures(session, viewer, as_of=since.held_on, known_at=known_at)
    return tuple(name for name in HEADLINES if then.value(name) != now.value(name))
