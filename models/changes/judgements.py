"""What the scan writes: the verdict on every open file, and the flags, dated by the rule."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, delete, insert, update
from sqlalchemy import select as sql
from sqlmodel import Session, col, select

from models.changes._audit import record
from models.enums import FlagRule
from models.errors import Forbidden
from models.queries.facts import case_facts
from models.queries.judged import data_version, reader, row_of, thresholds
from models.queries.money import lines_by_file
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.flag_history import FlagHistory
from models.rules.judge import Verdict
from models.rules.stalled import FlagVerdict, flags_of
from models.rules.words import Words, encode, words
from models.tables import Case, Flag, Judgement, MoneyLine, ScanState

CHUNK = 1000
_Key = tuple[int, FlagRule, str, date]  # file, rule, subject, day it became true


def write(
    session: Session, viewer: Viewer, verdicts: Iterable[Verdict], *, as_of: date, now: datetime
) -> dict[str, int]:
    """Store the verdicts of `as_of`, open the flags that hold and close those that do not. Writes only what changed.

    Flags are dated by the rule: a night that was missed changes nothing but `recorded_at`. Returns how many files are
    open, verdicts changed, flags opened and closed.
    """
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only the secretariat and the scheduled jobs may write the scan."))
    found = list(verdicts)
    changed = _write_judgements(session, found)
    opened, closed = _write_flags(session, found, as_of, now)
    did = {"open": len(found), "verdicts_changed": changed, "flags_opened": opened, "flags_closed": closed}
    _write_money(session, as_of)
    record(session, viewer, "scan", f"day:{as_of.isoformat()}", now=now, after=did)
    _write_state(session, as_of, len(found), now)
    return did


def _write_judgements(session: Session, verdicts: list[Verdict]) -> int:
    table = Judgement.__table__  # type: ignore[attr-defined]
    run = session.connection()
    fresh = {verdict.case_id: verdict for verdict in verdicts}
    seen: set[int] = set()
    gone: list[int] = []
    moved: list[dict[str, Any]] = []
    kept = run.execute(table.select(), execution_options={"yield_per": CHUNK})
    for stored in chain.from_iterable(kept.partitions()):
        verdict = fresh.get(stored.case_id)
        if verdict is None:
            gone.append(stored.case_id)
            continue
        seen.add(stored.case_id)
        row = row_of(verdict)
        if row != dict(stored._mapping):
            moved.append(row)
    for ids in _chunks(gone + [row["case_id"] for row in moved]):
        run.execute(delete(table).where(table.c.case_id.in_(ids)))
    new = [verdict for verdict in verdicts if verdict.case_id not in seen]
    for rows in _chunks(moved):
        run.execute(insert(table), rows)
    for some in _chunks(new):
        run.execute(insert(table), [row_of(verdict) for verdict in some])
    return len(new) + len(moved) + len(gone)


def _write_flags(session: Session, verdicts: list[Verdict], as_of: date, now: datetime) -> tuple[int, int]:
    """How many flags were opened and closed; those that go on are written only if they are told otherwise."""
    limits = thresholds()
    run, table = session.connection(), Flag.__table__  # type: ignore[attr-defined]
    standing = _standing(session)
    new, moved, gone = 0, [], []
    waiting: list[dict[str, Any]] = []
    for verdict in verdicts:
        for flag in flags_of(verdict, as_of, limits):
            row = standing.pop((verdict.case_id, flag.rule, flag.subject), None)
            if row is None or row.opened_on != flag.since:
                waiting.append({"case_id": verdict.case_id, **_flag_row(flag, now)})
                new += 1
                if row:  # another day is another flag; the two may not be open at once
                    gone.append((row.id, (verdict.case_id, flag.rule, flag.subject, row.opened_on)))
            elif row.told != _told(flag.article, flag.owner, _stored(flag)):
                moved.append({"flag_id": row.id, **_said(flag)})
        if len(waiting) >= CHUNK and not gone:
            run.execute(insert(table), waiting)
            waiting.clear()
    gone += [(row.id, (*key, row.opened_on)) for key, row in standing.items()]
    for chunk in _chunks(_ends(session, gone, as_of)):
        ended = update(table).where(table.c.id == bindparam("flag_id"))
        run.execute(ended.values(closed_on=bindparam("last"), closed_at=now), chunk)
    for chunk in _chunks(moved):
        run.execute(update(table).where(table.c.id == bindparam("flag_id")), chunk)
    for chunk in _chunks(waiting):
        run.execute(insert(table), chunk)
    return new, len(gone)


class _Standing(NamedTuple):
    """An open flag; `told` stands for its sentences, of which there may be very many."""

    id: int
    opened_on: date
    told: int


def _standing(session: Session) -> dict[tuple[int, FlagRule, str], _Standing]:
    table = Flag.__table__  # type: ignore[attr-defined]
    asked = (
        sql(
            table.c.id, table.c.case_id, table.c.rule, table.c.subject, table.c.opened_on, table.c.article,
            table.c.owner, cast(table.c.why, Text).label("why"),
        )
        .where(table.c.closed_on.is_(None), table.c.case_id.is_not(None))
    )  # fmt: skip
    found = session.connection().execute(asked, execution_options={"yield_per": CHUNK})
    return {
        (row.case_id, row.rule, row.subject): _Standing(row.id, row.opened_on, _told(row.article, row.owner, row.why))
        for rows in found.partitions()
        for row in rows
    }


def _told(article: str, owner: str | None, why: str) -> int:
    return hash((article, owner, why))


def _ends(session: Session, gone: list[tuple[int, _Key]], as_of: date) -> list[dict[str, Any]]:
    """When each flag stopped being true: the day the facts say, however many nights were missed."""
    ended = {flag_id: max(as_of, key[3]) for flag_id, key in gone}
    of_file: dict[int, list[tuple[int, _Key]]] = {}
    for flag_id, key in gone:
        of_file.setdefault(key[0], []).append((flag_id, key))
    reads, limits = reader(session), thresholds()
    for ids in _chunks(list(of_file)):
        codes = session.exec(select(Case.code).where(col(Case.id).in_(ids))).all()
        for facts in case_facts(session, SYSTEM, as_of=as_of, codes=codes):
            history = FlagHistory(facts, reads, limits)
            for flag_id, (_, rule, subject, since) in of_file[facts.case_id]:
                ended[flag_id] = history.ended_on(rule, subject, since, as_of)
    return [{"flag_id": flag_id, "last": last} for flag_id, last in ended.items()]


def _write_money(session: Session, as_of: date) -> None:
    """The ledger of the day, line by line, for every file: the money on the overview need not be summed again."""
    table = MoneyLine.__table__  # type: ignore[attr-defined]
    run = session.connection()
    columns = ["case_id", "line", "high", "low"]
    day, kept = lines_by_file(SYSTEM, as_of=as_of), select(*(table.c[name] for name in columns))
    gone = list(run.execute(kept.except_(day)))
    new = list(run.execute(day.except_(kept)))
    for rows in _chunks(gone):
        lines = [{"file": row[0], "name": row[1]} for row in rows]
        run.execute(delete(table).where(table.c.case_id == bindparam("file"), table.c.line == bindparam("name")), lines)
    for rows in _chunks(new):
        run.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])


def _flag_row(flag: FlagVerdict, now: datetime) -> dict[str, Any]:
    return {
        "rule": flag.rule,
        "subject": flag.subject,
        "opened_on": flag.since,
        "recorded_at": now,
        **_said(flag),
    }


def _said(flag: FlagVerdict) -> dict[str, Any]:
    """What may be told otherwise while the flag goes on: whose move it is, by which article, why."""
    return {"article": flag.article, "owner": flag.owner, "why": _sentences(flag)}


def _sentences(flag: FlagVerdict) -> list[list[object]]:
    return [encode(flag.why), encode(flag.clears)]


def _stored(flag: FlagVerdict) -> str:
    """The sentences as the database keeps them, to compare with."""
    return f"[{_text(flag.why)}, {_text(flag.clears)}]"


@lru_cache(maxsize=20_000)
def _text(sentence: Words) -> str:
    """Many files have the same sentence of the same day."""
    return json.dumps(encode(sentence))


def _write_state(session: Session, as_of: date, open_files: int, now: datetime) -> None:
    """The caller's transaction raises the data version by one when it ends: the verdicts are of that version."""
    state = session.get(ScanState, 1) or ScanState(id=1, as_of=as_of, data_version=0, open_files=0, written_at=now)
    state.as_of, state.open_files, state.written_at = as_of, open_files, now
    state.data_version = data_version(session) + 1
    session.add(state)
    session.flush()


def _chunks(rows: list[Any]) -> list[list[Any]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
