"""The figures of a period: what was carried in, came new, was done and remains; events, money and tasks in it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.enums import AgencyKind, EventKind, Quantity, SessionKind, TaskStatus
from models.enums import label as label_of
from models.queries import money
from models.queries.facts import case_facts, known
from models.queries.figures import Figure, Figures, day_figures
from models.queries.tasks import sessions, task_rows
from models.rules.access import Viewer
from models.rules.facts import CaseFacts
from models.rules.holdings import Holding, Left, holdings
from models.rules.periods import Period
from models.rules.stages import course_of, is_open
from models.rules.words import Words, words
from models.tables import CaseDetail

COLUMNS: dict[str, Words] = {
    "carried": words("carried in from before the period"),
    "new": words("new in the period"),
    "total": words("in all"),
    "done": words("done"),
    "terminated": words("terminated"),
    "suspended": words("suspended"),
    "merged": words("merged into another file"),
    "remaining": words("remaining"),
}
HOLDER_NAMES: dict[str, Words] = {
    AgencyKind.POLICE: words("Investigation"),
    AgencyKind.PROCURACY: words("Prosecution"),
    AgencyKind.COURT: words("Trial"),
}


@dataclass
class _Count:
    """Files of one column, with their accused."""

    codes: list[str] = field(default_factory=list)
    accused: int = 0

    def add(self, code: str, accused: int) -> None:
        self.codes.append(code)
        self.accused += accused


def report_figures(
    session: Session,
    viewer: Viewer,
    *,
    period: Period,
    as_of: date,
    known_at: datetime | None = None,
    records: bool = True,
) -> Figures:
    """Every figure of the reports: those of the day `as_of`, and those of the period up to that day."""
    last = min(period.last, as_of)
    return day_figures(session, viewer, as_of=as_of, known_at=known_at, records=records) | Figures(
        [
            *_flow(session, viewer, period.first, last, known_at),
            *_money(session, viewer, period.first, last, known_at),
            *_tasks(session, viewer, period.first, last, as_of, known_at),
            *_sessions(session, period.first, last, known_at),
        ]
    )


def _flow(session: Session, viewer: Viewer, first: date, last: date, known_at: datetime | None) -> Iterator[Figure]:
    accused = _accused_counts(session, known_at)
    listed: dict[str, _Count] = defaultdict(_Count)
    held: dict[tuple[str, str], _Count] = defaultdict(_Count)
    happened: dict[EventKind, list[str]] = defaultdict(list)
    for facts in case_facts(session, viewer, as_of=last, known_at=known_at):
        persons = accused.get(facts.case_id, 0)
        for column in _list_columns(facts, first, last):
            listed[column].add(facts.code, persons)
        for stay in holdings(facts, last):
            for column in _stay_columns(stay, first, last):
                held[stay.holder, column].add(facts.code, persons)
        for kind in {event.kind for event in facts.events if first <= event.on <= last}:
            happened[EventKind(kind)].append(facts.code)
    yield from _list_figures(listed)
    for holder, name in HOLDER_NAMES.items():
        for column, heading in COLUMNS.items():
            yield from _pair(f"pl3.{holder}.{column}", name, heading, held[holder, column])
    yield from _event_figures(happened)


def _list_columns(facts: CaseFacts, first: date, last: date) -> list[str]:
    """The columns of the list of supervised files that this file stands in."""
    before = first - timedelta(days=1)
    was = is_open(facts, course_of(facts, before), before)
    now_course = course_of(facts, last)
    now = is_open(facts, now_course, last)
    came = not was and (now or first <= facts.first_on <= last)
    if not was and not came:
        return []
    columns = ["carried" if was else "new", "total"]
    if now:
        return [*columns, "remaining"]
    end = now_course.case_end
    return [*columns, "terminated" if end and end.kind in (EventKind.TERMINATED, EventKind.NOT_INITIATED) else "done"]


def _stay_columns(stay: Holding, first: date, last: date) -> list[str]:
    if stay.left_on is not None and stay.left_on < first:
        return []
    columns = ["carried" if stay.entered_on < first else "new", "total"]
    if stay.left_on is None or stay.left_on > last:
        return [*columns, "remaining"]
    return [*columns, (stay.how or Left.DONE).value]


def _list_figures(listed: dict[str, _Count]) -> Iterator[Figure]:
    for column, heading in COLUMNS.items():
        yield from _pair(f"pl3.all.{column}", words("Supervised files"), heading, listed[column])
    ended = listed["done"].codes + listed["terminated"].codes
    for name, title, codes in (
        ("carried", words("Files carried in from before the period"), listed["carried"].codes),
        ("new", words("New files in the period"), listed["new"].codes),
        ("ended", words("Files ended in the period"), ended),
        ("remaining", words("Files remaining at the end"), listed["remaining"].codes),
    ):
        definition = words("Supervised files: carried in + new = ended + remaining.")
        yield Figure(f"files.{name}", title, definition, len(codes), "files", records=tuple(codes))


def _pair(name: str, what: Words, heading: Words, count: _Count) -> Iterator[Figure]:
    title = words("{what}: {column}", what=what, column=heading)
    definition = words(
        "carried in + new = done + terminated + suspended + merged into another file + remaining; a file that comes "
        "back is counted again."
    )
    codes = tuple(count.codes)
    yield Figure(f"{name}.cases", title, definition, len(codes), "files", records=codes)
    yield Figure(f"{name}.accused", title, definition, count.accused, "accused", records=codes)


def _event_figures(happened: dict[EventKind, list[str]]) -> Iterator[Figure]:
    for kind in EventKind:
        definition = words("Files with at least one event “{event}” in the period.", event=kind)
        codes = tuple(happened.get(kind, ()))
        yield Figure(f"events.{kind}", Words(label_of(kind)), definition, len(codes), "files", records=codes)


def _accused_counts(session: Session, known_at: datetime | None) -> dict[int, int]:
    asked = select(CaseDetail.case_id, CaseDetail.accused_count).where(
        known(CaseDetail, known_at), col(CaseDetail.accused_count).is_not(None)
    )
    return {case_id: count or 0 for case_id, count in session.exec(asked)}


def _money(session: Session, viewer: Viewer, first: date, last: date, known_at: datetime | None) -> Iterator[Figure]:
    before = money.money_by_file(session, viewer, as_of=first - timedelta(days=1), known_at=known_at)
    after = money.money_by_file(session, viewer, as_of=last, known_at=known_at)
    for quantity, name, title in (
        (Quantity.RECOVERED, "money.recovered.period", words("Recovered in the period")),
        (Quantity.SECURED, "money.secured.period", words("Seized, frozen or attached in the period")),
    ):
        changed = {
            code: after.get(code, {}).get(quantity, 0) - before.get(code, {}).get(quantity, 0)
            for code in sorted(after.keys() | before.keys())
        }
        moved = {code: amount for code, amount in changed.items() if amount}
        definition = words("Known at the end of the period less known on the day before it, all files.")
        yield Figure(name, title, definition, sum(moved.values()), "vnd", records=tuple(moved))


def _tasks(
    session: Session, viewer: Viewer, first: date, last: date, as_of: date, known_at: datetime | None
) -> Iterator[Figure]:
    """Tasks of the period; as in the figures of the day, those withdrawn up to `as_of` are not counted."""
    found, _ = task_rows(session, viewer, as_of=as_of, known_at=known_at)
    rows = [row for row in found if row.status is not TaskStatus.CANCELLED]
    assigned = tuple(sorted(row.code for row in rows if first <= row.assigned_on <= last))
    done = tuple(sorted(row.code for row in rows if row.done_on and first <= row.done_on <= last))
    yield Figure(
        "tasks.assigned.period", words("Tasks assigned in the period"),
        words("By the day they were given; tasks withdrawn up to the day of the figures are not counted."),
        len(assigned), "tasks", records=assigned,
    )  # fmt: skip
    yield Figure(
        "tasks.done.period", words("Tasks done in the period"),
        words("By the day the result was accepted; tasks withdrawn up to the day of the figures are not counted."),
        len(done), "tasks", records=done,
    )  # fmt: skip


def _sessions(session: Session, first: date, last: date, known_at: datetime | None) -> Iterator[Figure]:
    held = [row for row in sessions(session, until=last, known_at=known_at) if row.held_on >= first]
    for kind, title in (
        (SessionKind.COMMITTEE, words("Sessions of the committee")),
        (SessionKind.STANDING, words("Meetings of the Standing members")),
    ):
        numbers = tuple(f"{row.number}/{row.term}" for row in held if row.kind is kind)
        definition = words("Held in the period.")
        yield Figure(f"sessions.{kind}", title, definition, len(numbers), "sessions", records=numbers)
