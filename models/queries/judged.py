"""The verdicts of a day as something SQL can count: the stored ones that stand, the others judged afresh.

The scan stores its verdicts, and with each until when it holds. A stored verdict stands on a day when it was judged on
it or before and lasts until then, nothing was recorded of its file since (the file's revision), and law, calendar,
thresholds and program are the same (the stamp). After a change, or for another day, the other files are judged here and
put, with those that stand, into a temporary table of the same columns; so every figure is one statement, whatever the
day. As known at an earlier instant all are judged afresh.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, MetaData, Select, Table, and_, func, insert, or_, select
from sqlmodel import Session, col

import models.enums
import models.rules
from models.queries import facts
from models.queries._visible import sees, sees_file
from models.queries.reference import LIMIT_FIELDS, changed_since, rulebook
from models.rules.access import Viewer
from models.rules.clocks import Reader
from models.rules.judge import Thresholds, Verdict, judge, said
from models.rules.words import Words, decode, encode
from models.settings import settings
from models.tables import (
    Agency,
    Case,
    DataVersion,
    JudgedFile,
    Judgement,
    Offence,
    ScanState,
    SpecialDay,
    StatutoryLimit,
)

CHUNK = 5000
MOST_OF = 0.5  # of the stored verdicts: when more than that do not stand, judging all in one sweep is quicker
READERS = 4  # kept at once: today's, and those of papers that are being verified
_readers: dict[tuple[str, str, datetime | None], Reader] = {}
_stamps: dict[tuple[str, int, Thresholds], str] = {}


def data_version(session: Session) -> int:
    """How often the data has changed; the same number means the same data."""
    table = DataVersion.__table__  # type: ignore[attr-defined]
    return session.connection().execute(select(table.c.n).where(table.c.id == 1)).scalar() or 0


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


@cache
def _program() -> str:
    """The rules as they are written in this program: another program may judge otherwise."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> tuple[Path, ...]:
    """Every module that has a say in what is stored: rules, how facts become theirs, and how a verdict is kept."""
    queries = Path(__file__).parent
    named = (
        queries / "_rows.py",
        queries / "facts.py",
        queries / "money.py",
        queries / "judged.py",
        Path(models.enums.__file__),
    )
    return (*sorted(Path(models.rules.__file__).parent.glob("*.py")), *named)


def stamp(session: Session) -> str:
    """By what files are judged now: program, thresholds, law, calendar, offences, and which agency is of what kind.

    The same stamp means that the same facts are judged the same. 16 hexadecimal digits.
    """
    key = (str(session.get_bind()), data_version(session), thresholds())
    if key not in _stamps:
        if len(_stamps) >= READERS:
            _stamps.clear()
        digest = hashlib.sha256(f"{_program()}{thresholds()}".encode())
        for asked in _reference():
            digest.update(repr([tuple(row) for row in session.connection().execute(asked)]).encode())
        _stamps[key] = digest.hexdigest()[:16]
    return _stamps[key]


def _reference() -> Iterator[Select[Any]]:
    limit, day = StatutoryLimit.__table__, SpecialDay.__table__  # type: ignore[attr-defined]
    offence, agency = Offence.__table__, Agency.__table__  # type: ignore[attr-defined]
    yield (
        select(limit.c.id, *(limit.c[name] for name in LIMIT_FIELDS))
        .where(limit.c.retracted_at.is_(None))
        .order_by(limit.c.id)
    )
    yield (
        select(day.c.id, day.c.day, day.c.kind, day.c.name_vi, day.c.name_en)
        .where(day.c.retracted_at.is_(None))
        .order_by(day.c.id)
    )
    yield select(offence.c.id, offence.c.article, offence.c.paragraph, offence.c.severity).order_by(offence.c.id)
    yield select(agency.c.id, agency.c.kind).order_by(agency.c.id)


def reader(session: Session, *, known_at: datetime | None = None) -> Reader:
    """Reads clocks by the rules as they were known at `known_at` (now for None); kept until the rules change."""
    then = known_at if known_at and changed_since(session, known_at) else None
    key = (str(session.get_bind()), f"{data_version(session)}" if then else stamp(session), then)
    if key not in _readers:
        if len(_readers) >= READERS:
            _readers.clear()
        _readers[key] = Reader(rulebook(session, known_at=then))
    return _readers[key]


def verdicts(session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None) -> Iterator[Verdict]:
    """The verdict of every file open on `as_of`, as known at `known_at` (now for None)."""
    reads, limits = reader(session, known_at=known_at), thresholds()
    for file in facts.case_facts(session, viewer, as_of=as_of, known_at=known_at):
        verdict = judge(file, reads, as_of, limits)
        if verdict.is_open:
            yield verdict


def scan_state(session: Session) -> ScanState | None:
    """For which day verdicts are stored, and when they were written; None before the first scan."""
    return session.get(ScanState, 1)


def is_fresh(session: Session, as_of: date) -> bool:
    """Whether the stored verdicts, every one of them, are those of `as_of`, and of the data and rules as they are."""
    state = scan_state(session)
    return (
        state is not None
        and state.as_of == as_of
        and state.data_version == data_version(session)
        and state.stamp == stamp(session)
    )


def stands(session: Session, as_of: date) -> ColumnElement[bool]:
    """Condition on Case and JudgedFile: what is stored of the file is what judging it on `as_of` would say."""
    file, kept = Case.__table__, JudgedFile.__table__  # type: ignore[attr-defined]
    return and_(
        kept.c.case_id == file.c.id,
        kept.c.revision == file.c.revision,
        kept.c.stamp == stamp(session),
        kept.c.judged_on <= as_of,
        kept.c.holds_until >= as_of,
    )


def stale(session: Session, viewer: Viewer, as_of: date) -> dict[int, int]:
    """The files that must be judged afresh on `as_of`, each with its revision, in the order of their ids."""
    file, kept = Case.__table__, JudgedFile.__table__  # type: ignore[attr-defined]
    said = Judgement.__table__  # type: ignore[attr-defined]
    asked = (
        select(file.c.id, file.c.revision)
        .select_from(file.outerjoin(kept, stands(session, as_of)).outerjoin(said, said.c.case_id == kept.c.case_id))
        .where(sees(viewer), or_(kept.c.case_id.is_(None), and_(kept.c.is_open, said.c.case_id.is_(None))))
        .order_by(file.c.id)
    )
    return {row[0]: row[1] for row in session.connection().execute(asked)}


def judged(session: Session, viewer: Viewer, *, as_of: date, known_at: datetime | None = None) -> FromClause:
    """The open files of `as_of` that the viewer may see, with the columns of Judgement.

    Reading it needs no write lock; a temporary table made here goes with the caller's read session.
    """
    made: dict[Any, FromClause] = session.info.setdefault("judged", {})
    key = (viewer.scope, as_of, known_at)
    if key not in made:
        made[key] = _judged(session, viewer, as_of, known_at, number=len(made))
    return made[key]


def _judged(session: Session, viewer: Viewer, as_of: date, known_at: datetime | None, *, number: int) -> FromClause:
    if known_at is not None or scan_state(session) is None:
        return _fresh(session, verdicts(session, viewer, as_of=as_of, known_at=known_at), number)
    if is_fresh(session, as_of):
        return _stored(viewer)
    old = stale(session, viewer, as_of)
    if not old:
        return _stored(viewer)
    if len(old) > MOST_OF * _files(session):
        return _fresh(session, verdicts(session, viewer, as_of=as_of), number)
    return _mended(session, viewer, list(old), as_of, number)


def _stored(viewer: Viewer) -> FromClause:
    table = Judgement.__table__  # type: ignore[attr-defined]
    return (  # type: ignore[no-any-return]
        table
        if viewer.sees_everything
        else table.select().where(sees_file(viewer, col(Judgement.case_id))).subquery("judged_stored")
    )


def _files(session: Session) -> int:
    return session.connection().execute(select(func.count()).select_from(Judgement)).scalar() or 0


def _mended(session: Session, viewer: Viewer, old: list[int], as_of: date, number: int) -> FromClause:
    """The stored verdicts that stand, and the others judged afresh."""
    file, kept = Case.__table__, JudgedFile.__table__  # type: ignore[attr-defined]
    said = Judgement.__table__  # type: ignore[attr-defined]
    reads, limits = reader(session), thresholds()
    of = facts.case_facts(session, viewer, as_of=as_of, ids=old)
    table = _fresh(session, (verdict for each in of if (verdict := judge(each, reads, as_of, limits)).is_open), number)
    both = said.join(kept, kept.c.case_id == said.c.case_id).join(file, file.c.id == said.c.case_id)
    still = select(*said.c).select_from(both).where(stands(session, as_of), sees(viewer))
    session.connection().execute(insert(table).from_select([each.name for each in said.c], still))
    return table


def _fresh(session: Session, found: Iterable[Verdict], number: int) -> Table:
    """A temporary table with the verdicts `found`."""
    stored = Judgement.__table__  # type: ignore[attr-defined]
    columns = (Column(each.name, each.type, primary_key=each.primary_key) for each in stored.columns)
    table = Table(f"judged_{number}", MetaData(), *columns, prefixes=["TEMPORARY"])
    connection = session.connection()
    table.create(connection, checkfirst=False)
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
