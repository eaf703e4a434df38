"""What the scan writes: the verdict on every open file, and the flags, dated by the rule."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, delete, insert, update
from sqlmodel import Session, col, select

from models.changes._audit import record
from models.enums import FlagRule
from models.errors import Forbidden
from models.queries.judged import data_version, row_of, thresholds
from models.queries.money import lines_by_file
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.judge import Verdict
from models.rules.stalled import FlagVerdict, flags_of
from models.rules.words import encode
from models.tables import Flag, Judgement, MoneyLine, ScanState

RAISED = (FlagRule.S1, FlagRule.S2, FlagRule.S7)  # the rules this version judges; other flags are left alone
CHUNK = 1000
_Key = tuple[int, FlagRule, str]


def write(
    session: Session, viewer: Viewer, verdicts: Iterable[Verdict], *, as_of: date, now: datetime
) -> dict[str, int]:
    """Store the verdicts of `as_of`, open the flags that hold and close those that do not. Writes only what changed.

    Flags are dated by the rule: a night that was missed changes nothing but `recorded_at`. Returns how many files are
    open, verdicts changed, flags opened and closed.
    """
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden("Only the secretariat and the scheduled jobs may write the scan.")
    found = list(verdicts)
    changed = _write_judgements(session, found, as_of)
    opened, closed = _write_flags(session, found, as_of, now)
    did = {"open": len(found), "verdicts_changed": changed, "flags_opened": opened, "flags_closed": closed}
    _write_money(session, as_of)
    record(session, viewer, "scan", f"day:{as_of.isoformat()}", now=now, after=did)
    _write_state(session, as_of, len(found), now)
    return did


def _write_judgements(session: Session, verdicts: list[Verdict], as_of: date) -> int:
    table = Judgement.__table__  # type: ignore[attr-defined]
    stored = {row.case_id: dict(row._mapping) for row in session.connection().execute(table.select())}
    fresh = {verdict.case_id: row_of(verdict, as_of) for verdict in verdicts}
    new = [row for case_id, row in fresh.items() if case_id not in stored]
    moved = [row for case_id, row in fresh.items() if case_id in stored and stored[case_id] != row]
    gone = [case_id for case_id in stored if case_id not in fresh]
    run = session.connection()
    for ids in _chunks(gone + [row["case_id"] for row in moved]):
        run.execute(delete(table).where(table.c.case_id.in_(ids)))
    for rows in _chunks(new + moved):
        run.execute(insert(table), rows)
    return len(new) + len(moved) + len(gone)


def _write_flags(session: Session, verdicts: list[Verdict], as_of: date, now: datetime) -> tuple[int, int]:
    holds: dict[_Key, FlagVerdict] = {
        (verdict.case_id, flag.rule, flag.subject): flag
        for verdict in verdicts
        for flag in flags_of(verdict, as_of, thresholds())
    }
    standing = select(Flag).where(col(Flag.closed_on).is_(None), col(Flag.rule).in_(RAISED))
    was = {(flag.case_id, flag.rule, flag.subject): flag for flag in session.exec(standing)}
    rows = [_flag_row(key, flag, now) for key, flag in holds.items() if key not in was]
    table = Flag.__table__  # type: ignore[attr-defined]
    for chunk in _chunks(rows):
        session.connection().execute(insert(table), chunk)
    gone = [flag.id for key, flag in was.items() if key not in holds]
    for ids in _chunks(gone):
        # a flag of a later day, from a scan of a day to come, ends on the day it began
        last = case((table.c.opened_on > as_of, table.c.opened_on), else_=as_of)
        session.connection().execute(update(table).where(table.c.id.in_(ids)).values(closed_on=last, closed_at=now))
    return len(rows), len(gone)


def _write_money(session: Session, as_of: date) -> None:
    """The ledger of the day, line by line, for every file: the money on the overview need not be summed again."""
    table = MoneyLine.__table__  # type: ignore[attr-defined]
    run = session.connection()
    run.execute(delete(table))
    run.execute(insert(table).from_select(["case_id", "line", "high", "low"], lines_by_file(SYSTEM, as_of=as_of)))


def _flag_row(key: _Key, flag: FlagVerdict, now: datetime) -> dict[str, Any]:
    case_id, rule, subject = key
    return {
        "case_id": case_id,
        "rule": rule,
        "subject": subject,
        "opened_on": flag.since,
        "article": flag.article,
        "why": [encode(flag.why), encode(flag.clears)],
        "recorded_at": now,
    }


def _write_state(session: Session, as_of: date, open_files: int, now: datetime) -> None:
    """The caller's transaction raises the data version by one when it ends: the verdicts are of that version."""
    state = session.get(ScanState, 1) or ScanState(id=1, as_of=as_of, data_version=0, open_files=0, written_at=now)
    state.as_of, state.open_files, state.written_at = as_of, open_files, now
    state.data_version = data_version(session) + 1
    session.add(state)
    session.flush()


def _chunks(rows: list[Any]) -> list[list[Any]]:
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]
