"""What the scan writes: the verdict on every open file, and the flags, dated by the rule."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
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
from models.rules.words import encode, words
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
    for stored in run.execute(table.select()):
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
    limits = thresholds()
    holds: dict[_Key, FlagVerdict] = {
        (verdict.case_id, flag.rule, flag.subject, flag.since): flag
        for verdict in verdicts
        for flag in flags_of(verdict, as_of, limits)
    }
    run, table = session.connection(), Flag.__table__  # type: ignore[attr-defined]
    kept: set[_Key] = set()
    gone: list[tuple[int, _Key]] = []
    moved: list[dict[str, Any]] = []
    for row in run.execute(table.select().where(table.c.closed_on.is_(None))):
        key = (row.case_id, FlagRule(row.rule), row.subject, row.opened_on)
        if key not in holds:
            gone.append((row.id, key))
            continue
        kept.add(key)
        said = _said(holds[key])
        if said != {name: getattr(row, name) for name in said}:
            moved.append({"flag_id": row.id, **said})
    for chunk in _chunks(_ends(session, gone, as_of)):
        ended = update(table).where(table.c.id == bindparam("flag_id"))
        run.execute(ended.values(closed_on=bindparam("last"), closed_at=now), chunk)
    for chunk in _chunks(moved):
        run.execute(update(table).where(table.c.id == bindparam("flag_id")), chunk)
    new = [_flag_row(key, flag, now) for key, flag in holds.items() if key not in kept]
    for chunk in _chunks(new):
        run.execute(insert(table), chunk)
    return len(new), len(gone)


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
    run.execute(delete(table))
    run.execute(insert(table).from_select(["case_id", "line", "high", "low"], lines_by_file(SYSTEM, as_of=as_of)))


def _flag_row(key: _Key, flag: FlagVerdict, now: datetime) -> dict[str, Any]:
    case_id, rule, subject, since = key
    return {
        "case_id": case_id,
        "rule": rule,
        "subject": subject,
        "opened_on": since,
        "recorded_at": now,
        **_said(flag),
    }


def _said(flag: FlagVerdict) -> dict[str, Any]:
    """What may be told otherwise while the flag goes on: whose move it is, by which article, why."""
    return {"article": flag.article, "owner": flag.owner, "why": [encode(flag.why), encode(flag.clears)]}


def _write_state(session: Session, as_of: date, open_files: int, now: datetime) -> None:
    """The caller's transaction raises the data version by one when it ends: the verdicts are of that version."""
    state = session.get(ScanState, 1) or ScanState(id=1, as_of=as_of, data_version=0, open_files=0, written_at=now)
    state.as_of, state.open_files, state.written_at = as_of, open_files, now
    state.data_version = data_version(session) + 1
    session.add(state)
    session.flush()


def _chunks(rows: list[Any]) -> list[list[Any]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
