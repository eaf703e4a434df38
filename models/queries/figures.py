"""Every number the committee reads of one day, defined once; screens and reports both come here.

A Figure carries its definition and, where asked for, the codes of the records it counts.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import FromClause, case, func, select
from sqlmodel import Session, col

from models.enums import LATE_BUCKETS, Bucket, Category, Kind, Quantity, Stage, TaskStatus
from models.enums import label as label_of
from models.queries import money
from models.queries.facts import known
from models.queries.judged import judged, thresholds
from models.queries.tasks import task_counts, task_rows
from models.rules.access import Viewer
from models.rules.words import Words, words
from models.tables import Case, CaseDetail

CATEGORY_COLUMNS = {
    Category.CORRUPTION: "is_corruption",
    Category.WASTE: "is_waste",
    Category.NEGATIVITY: "is_negativity",
}
RATES: dict[str, tuple[Quantity, Words]] = {
    "rate.strict": (Quantity.MUST_RECOVER, words("of the amount to be recovered")),
    "rate.official": (Quantity.ELIGIBLE, words("of the amount eligible to enforce")),
}


@dataclass(frozen=True)
class Figure:
    """One number. `unit`: files, accused, tasks, sessions, events, vnd or percent.

    A rate has no `value` but a numerator and a denominator, with the denominator's name. `records` are the codes of the
    files or tasks it counts; empty when they were not asked for.
    """

    id: str
    title: Words
    definition: Words
    value: int | None
    unit: str
    numerator: int | None = None
    denominator: int | None = None
    denominator_name: Words | None = None
    records: tuple[str, ...] = ()


class Figures(Mapping[str, Figure]):
    """Figures by id, in the order they were defined."""

    def __init__(self, figures: Iterable[Figure]) -> None:
        self._by_id = {figure.id: figure for figure in figures}

    def __getitem__(self, name: str) -> Figure:
        return self._by_id[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)

    def value(self, name: str) -> int:
        """The number itself; 0 for a rate."""
        return self._by_id[name].value or 0

    def __or__(self, other: "Figures") -> "Figures":
        return Figures([*self.values(), *other.values()])


@dataclass(frozen=True)
class _Day:
    """What every question of one call shares."""

    session: Session
    viewer: Viewer
    as_of: date
    known_at: datetime | None
    records: bool
    files: FromClause

    def codes(self, *conditions: Any) -> tuple[str, ...]:
        """Codes of the open files that meet the conditions, if records were asked for."""
        if not self.records:
            return ()
        asked = select(col(Case.code)).join(self.files, self.files.c.case_id == col(Case.id))
        asked = asked.where(*conditions).order_by(col(Case.code))
        return tuple(self.session.connection().execute(asked).scalars())

    def rows(self, asked: Any) -> list[Any]:
        return list(self.session.connection().execute(asked))


def day_figures(
    session: Session,
    viewer: Viewer,
    *,
    as_of: date,
    known_at: datetime | None = None,
    records: bool = False,
) -> Figures:
    """The figures of one day: files by bucket, stage and category, money, tasks. `records`: with the codes counted."""
    files = judged(session, viewer, as_of=as_of, known_at=known_at)
    day = _Day(session, viewer, as_of, known_at, records, files)
    return Figures([*_files(day), *_stages(day), *_categories(day), *_money(day), *_tasks(day)])


def _files(day: _Day) -> Iterator[Figure]:
    files = day.files
    counts: dict[Bucket, int] = dict.fromkeys(Bucket, 0)
    by_kind: dict[Kind, int] = dict.fromkeys(Kind, 0)
    for bucket, kind, count in day.rows(
        select(files.c.bucket, files.c.kind, func.count()).group_by(files.c.bucket, files.c.kind)
    ):
        counts[bucket] += count
        by_kind[kind] += count
    yield Figure(
        "files.open",
        words("Open files"),
        words("Cases and incidents whose first fact lies on or before the day and whose end does not."),
        sum(counts.values()),
        "files",
        records=day.codes(),
    )
    for kind in Kind:
        title = words("Open criminal cases") if kind is Kind.CASE else words("Open incidents")
        name = "cases" if kind is Kind.CASE else "incidents"
        definition = words("Open files of the kind “{kind}”.", kind=kind)
        yield Figure(
            f"files.open.{name}", title, definition, by_kind[kind], "files", records=day.codes(files.c.kind == kind)
        )
    for bucket in Bucket:
        definition = words("Open files in the bucket “{bucket}”; every open file is in exactly one.", bucket=bucket)
        title = Words(label_of(bucket))
        yield Figure(
            f"bucket.{bucket}", title, definition, counts[bucket], "files", records=day.codes(files.c.bucket == bucket)
        )
    yield Figure(
        "files.late",
        words("Late files"),
        words("Open files whose statutory limit has passed."),
        sum(counts[bucket] for bucket in LATE_BUCKETS),
        "files",
        records=day.codes(files.c.bucket.in_(LATE_BUCKETS)),
    )
    yield _no_news(day)


def _no_news(day: _Day) -> Figure:
    days = thresholds().no_news_red_days
    silent_since = date.fromordinal(day.as_of.toordinal() - days)
    condition = day.files.c.last_event_on < silent_since
    count = day.rows(select(func.count()).select_from(day.files).where(condition))[0][0]
    return Figure(
        "files.no_news",
        words("Files without news"),
        words("Open files whose last event is more than {days} days old.", days=days),
        count,
        "files",
        records=day.codes(condition),
    )


def _stages(day: _Day) -> Iterator[Figure]:
    stage = day.files.c.stage
    counts = {row[0]: row[1] for row in day.rows(select(stage, func.count()).group_by(stage))}
    for each in Stage:
        definition = words("Open files in the stage “{stage}”.", stage=each)
        yield Figure(
            f"stage.{each}", Words(label_of(each)), definition, counts.get(each, 0), "files",
            records=day.codes(stage == each),
        )  # fmt: skip


def _categories(day: _Day) -> Iterator[Figure]:
    detail = (
        select(CaseDetail.__table__)  # type: ignore[attr-defined]
        .where(known(CaseDetail, day.known_at))
        .subquery("detail")
    )
    joined = day.files.join(detail, detail.c.case_id == day.files.c.case_id)
    accused = func.coalesce(func.sum(detail.c.accused_count), 0)
    sums = [func.coalesce(func.sum(case((detail.c[name], 1), else_=0)), 0) for name in CATEGORY_COLUMNS.values()]
    found = day.rows(select(*sums, accused).select_from(joined))[0]
    for (category, column), count in zip(CATEGORY_COLUMNS.items(), found, strict=False):
        definition = words(
            "Open files that carry the category “{category}”; a file may carry several.", category=category
        )
        codes: tuple[str, ...] = ()
        if day.records:
            codes = day.codes(day.files.c.case_id.in_(select(detail.c.case_id).where(detail.c[column])))
        yield Figure(f"files.{category}", Words(label_of(category)), definition, int(count), "files", records=codes)
    yield Figure(
        "accused.open",
        words("Accused in open files"),
        words("Sum of the numbers of accused recorded for the open files; files without a number count none."),
        int(found[-1]),
        "accused",
        records=day.codes(),
    )


def _money(day: _Day) -> Iterator[Figure]:
    sums, against = money.ledger_sums(day.session, day.viewer, as_of=day.as_of, known_at=day.known_at)
    by_file = (
        money.money_by_file(day.session, day.viewer, as_of=day.as_of, known_at=day.known_at) if day.records else {}
    )
    for quantity, total in sums.items():
        codes = tuple(code for code, lines in by_file.items() if quantity in lines)
        yield Figure(
            f"money.{quantity}",
            Words(label_of(quantity)),
            _money_words(quantity),
            total.amount_vnd,
            "vnd",
            records=codes,
        )
    for name, (of, denominator) in RATES.items():
        counted = tuple(code for code, lines in by_file.items() if of in lines)
        yield Figure(
            f"money.recovered.against_{of}",
            words("Recovered in the files with “{quantity}”", quantity=of),
            words(
                "The part of what was recovered that lies in the files with an amount of “{quantity}”; the numerator "
                "of the recovery rate.",
                quantity=of,
            ),
            against[of],
            "vnd",
            records=counted,
        )
        yield Figure(
            name,
            words("Recovery rate, {denominator}", denominator=denominator),
            words(
                "What was recovered in the files that have an amount of “{quantity}”, divided by that amount.",
                quantity=of,
            ),
            None,
            "percent",
            numerator=against[of],
            denominator=sums[of].amount_vnd,
            denominator_name=denominator,
            records=counted,
        )
    must = sums[Quantity.MUST_RECOVER].amount_vnd
    yield Figure(
        "money.outstanding",
        words("Outstanding"),
        words("Amount to be recovered less what was recovered in the same files."),
        must - against[Quantity.MUST_RECOVER],
        "vnd",
        records=tuple(code for code, lines in by_file.items() if Quantity.MUST_RECOVER in lines),
    )


def _money_words(quantity: Quantity) -> Words:
    if quantity is Quantity.RECOVERED:
        return words("Recovered by any measure up to the day; seized or frozen assets are not recovered.")
    if quantity is Quantity.SECURED:
        return words("Seized, frozen or attached up to the day; security is not recovery.")
    return words("Latest amount of “{quantity}” known on the day, all files.", quantity=quantity)


def _tasks(day: _Day) -> Iterator[Figure]:
    counts = task_counts(day.session, day.viewer, as_of=day.as_of, known_at=day.known_at)
    definitions = {
        "assigned": (words("Tasks assigned"), words("Tasks given up to the day and not withdrawn."), counts.all, None),
        "done": (
            words("Tasks done"),
            words("Tasks whose result the secretariat accepted."),
            counts.done,
            TaskStatus.DONE,
        ),
        "claimed": (
            words("Tasks reported done"),
            words("Reported done in time, waiting for the secretariat's verdict; not counted as done."),
            counts.claimed,
            TaskStatus.CLAIMED,
        ),
        "late": (words("Tasks late"), words("Tasks past their due day and not done."), counts.late, TaskStatus.LATE),
        "open": (words("Tasks in progress"), words("Tasks not yet due and not done."), counts.open, TaskStatus.OPEN),
    }
    for name, (title, definition, value, status) in definitions.items():
        yield Figure(f"tasks.{name}", title, definition, value, "tasks", records=_task_codes(day, status))


def _task_codes(day: _Day, status: TaskStatus | None) -> tuple[str, ...]:
    if not day.records:
        return ()
    found, _ = task_rows(day.session, day.viewer, as_of=day.as_of, known_at=day.known_at, status=status)
    return tuple(sorted(row.code for row in found if row.status is not TaskStatus.CANCELLED))
