"""The verdicts of a day as something SQL can count: the stored ones when they hold, else judged afresh.

The scan stores its verdicts. They hold for the day of the scan while no data has changed since. For another day, or
after a change, the files are judged here and put into a temporary table of the same columns; so every figure is one
statement, whatever the day.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, FromClause, MetaData, Table, insert
from sqlmodel import Session, col, select

from models.queries._visible import visible_ids
from models.queries.facts import case_facts
from models.queries.reference import changed_since, rulebook
from models.rules.access import Viewer
from models.rules.clocks import Reader
from models.rules.judge import Thresholds, Verdict, judge, said
from models.rules.words import Words, decode, encode
from models.settings import settings
from models.tables import DataVersion, Judgement, ScanState

CHUNK = 5000
READERS = 4  # kept at once: today's, and those of papers that are being verified
_readers: dict[tuple[str, int, datetime | None], Reader] = {}


def data_version(session: Session) -> int:
    """How often the data has changed; the same number means the same data."""
    return session.exec(select(DataVersion.n).where(DataVersion.id == 1)).first() or 0


def thresholds() -> Thresholds:
    """The committee's own thresholds, from the settings."""
    own = settings()
    return Thresholds(
        due_soon_days=own.due_soon_days,
        no_news_amber_days=own.no_news_amber_days,
        no_news_red_days=own.no_news_red_days,
        suspended_review_days=own.suspended_review_days,
        procuracy_returns=own.procuracy_returns,
        panel_returns=own.panel_returns,
        detention_days=own.detention_days,
    )


def reader(session: Session, *, known_at: datetime | None = None) -> Reader:
    """Reads clocks by the rules as they were known at `known_at` (now for None); kept until the data changes."""
    then = known_at if known_at and changed_since(session, known_at) else None
    key = (str(session.get_bind()), data_version(session), then)
    if key not in _readers:
        if len(_readers) >= READERS:
            _readers.clear()
        _readers[key] = Reader(rulebook(session, known_at=then))
    return _readers[key]


def verdicts(session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None) -> Iterator[Verdict]:
    """The verdict of every file open on `as_of`, as known at `known_at` (now for None)."""
    reads, limits = reader(session, known_at=known_at), thresholds()
    for facts in case_facts(session, viewer, as_of=as_of, known_at=known_at):
        verdict = judge(facts, reads, as_of, limits)
        if verdict.is_open:
            yield verdict


def scan_state(session: Session) -> ScanState | None:
    """For which day verdicts are stored, and when they were written; None before the first scan."""
    return session.get(ScanState, 1)


def is_fresh(session: Session, as_of: date) -> bool:
    """Whether the stored verdicts are those of `as_of` and of the data as it is."""
    state = scan_state(session)
    return state is not None and state.as_of == as_of and state.data_version == data_version(session)


def judged(session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None) -> FromClause:
    """The open files of `as_of` that the viewer may see, with the columns of Judgement.

    Reading it needs no write lock; a temporary table made here goes with the caller's read session.
    """
    made: dict[Any, FromClause] = session.info.setdefault("judged", {})
    key = (viewer.scope, as_of, known_at)
    if key not in made:
        if known_at is None and is_fresh(session, as_of):
            made[key] = _stored(viewer)
        else:
            made[key] = _fresh(session, viewer, as_of, known_at, number=len(made))
    return made[key]


def _stored(viewer: Viewer) -> FromClause:
    table = Judgement.__table__  # type: ignore[attr-defined]
    return (  # type: ignore[no-any-return]
        table.select().where(col(Judgement.case_id).in_(visible_ids(viewer))).subquery("judged_stored")
        if viewer.scope != "files"
        else table
    )


def _fresh(session: Session, viewer: Viewer, as_of: date, known_at: datetime | None, *, number: int) -> FromClause:
    stored = Judgement.__table__  # type: ignore[attr-defined]
    columns = (Column(each.name, each.type, primary_key=each.primary_key) for each in stored.columns)
    table = Table(f"judged_{number}", MetaData(), *columns, prefixes=["TEMPORARY"])
    connection = session.connection()
    table.create(connection, checkfirst=False)
    found = verdicts(session, viewer, as_of=as_of, known_at=known_at)
    for rows in _chunks(row_of(verdict) for verdict in found):
        connection.execute(insert(table), rows)
    return table


def why_of(row: Any, as_of: date) -> tuple[Words, ...]:
    """The reasons of a row of Judgement as they are told on `as_of`: first where that day stands to the limit."""
    stands = () if row.due_on is None else (said(row.rule, row.article, row.due_on, as_of),)
    return (*stands, *(decode(sentence) for sentence in row.why or ()))


def row_of(verdict: Verdict) -> dict[str, Any]:
    """A verdict as a row of Judgement: the same for the same facts, whatever the day, until the bucket changes."""
    return {  # why_of tells the first sentence of a reason that has a date
        "case_id": verdict.case_id,
        "kind": verdict.kind,
        "bucket": verdict.bucket,
        "stage": verdict.stage,
        "stage_since": verdict.stage_since,
        "round": verdict.round,
        "owner": verdict.owner,
        "rule": verdict.rule,
        "article": verdict.article,
        "start_on": verdict.start_on,
        "due_on": verdict.due_on,
        "approximate": verdict.approximate,
        "last_event_on": verdict.last_event_on,
        "why": [encode(sentence) for sentence in verdict.notes],
    }


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    held: list[dict[str, Any]] = []
    for row in rows:
        held.append(row)
        if len(held) == CHUNK:
            yield held
            held = []
    if held:
        yield held
