"""What the scan writes: the verdict on every open file with how long it holds, the flags, dated by the rule, the money.

Only what changed is written. It goes file by file, some thousand at a time, so that a hundred thousand fit the memory.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, insert
from sqlmodel import Session

from models.changes import _flags, _money_lines
from models.changes._audit import record
from models.errors import Forbidden
from models.queries.judged import row_of
from models.queries.standing import Findings, Judged
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import JudgedFile, Judgement, ScanState

CHUNK = 2000


class Written(NamedTuple):
    """What a scan changed, counted; `wrong`: files whose stored verdict stood and was not what judging says."""

    did: dict[str, Any]
    wrong: tuple[int, ...]


def write(session: Session, viewer: Viewer, found: Findings, *, now: datetime) -> Written:
    """Store what was judged afresh, open the flags that hold and close those that do not. Writes only what changed.

    Flags are dated by the rule: a night that was missed changes nothing but `recorded_at`. Counts the open files, the
    files judged afresh, verdicts changed, flags opened and closed.
    """
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only the secretariat and the scheduled jobs may write the scan."))
    judged = {each.verdict.case_id: each for each in found.judged}
    changed: set[int] = set()
    verdicts = opened = closed = 0
    for ids in _chunks(sorted(found.asked)):
        some = {id_: judged[id_] for id_ in ids if id_ in judged}
        moved = _write_verdicts(session, ids, some, found)
        flags = _flags.write(session, ids, (each.verdict for each in some.values()), found.as_of, now)
        verdicts, opened, closed = verdicts + len(moved), opened + flags.opened, closed + flags.closed
        changed |= moved | flags.files
    _money_lines.write(session, found.asked, as_of=found.as_of)
    still_open = found.open_standing + sum(1 for _ in found.afresh)
    wrong = tuple(sorted(found.checked & changed))
    did: dict[str, Any] = {
        "open": still_open,
        "judged": len(found.asked),
        "verdicts_changed": verdicts,
        "flags_opened": opened,
        "flags_closed": closed,
        "self_check": {"files": len(found.checked), "wrong": len(wrong)},
    }
    record(session, viewer, "scan", f"day:{found.as_of.isoformat()}", now=now, after=did)
    _write_state(session, found, still_open, now)
    return Written(did, wrong)


def _write_verdicts(session: Session, ids: list[int], some: dict[int, Judged], found: Findings) -> set[int]:
    """Store the verdicts on these files and how long each holds; the files whose verdict changed, ended ones too."""
    said, kept = Judgement.__table__, JudgedFile.__table__  # type: ignore[attr-defined]
    run = session.connection()
    fresh = {id_: row_of(each.verdict) for id_, each in some.items() if each.verdict.is_open}
    before = {row.case_id: dict(row._mapping) for row in run.execute(said.select().where(said.c.case_id.in_(ids)))}
    changed = {id_ for id_ in fresh.keys() | before.keys() if fresh.get(id_) != before.get(id_)}
    _replace(session, said, changed & before.keys(), [fresh[id_] for id_ in ids if id_ in changed and id_ in fresh])
    stood = {row.case_id: row for row in run.execute(kept.select().where(kept.c.case_id.in_(ids)))}
    lasting = [
        _lasting(each, found)
        for id_, each in some.items()
        if id_ in changed or not _stands(stood.get(id_), each, found)
    ]
    gone = {row["case_id"] for row in lasting} | (stood.keys() - some.keys())
    _replace(session, kept, gone & stood.keys(), lasting)
    return changed


def _lasting(each: Judged, found: Findings) -> dict[str, Any]:
    return {
        "case_id": each.verdict.case_id,
        "is_open": each.verdict.is_open,
        "judged_on": found.as_of,
        "holds_until": each.until,
        "revision": each.revision,
        "stamp": found.stamp,
    }


def _stands(stood: Any, each: Judged, found: Findings) -> bool:
    """Whether what is stored of how long the verdict holds may stay."""
    return (
        stood is not None
        and (stood.is_open, stood.revision, stood.stamp) == (each.verdict.is_open, each.revision, found.stamp)
        and stood.judged_on <= found.as_of <= stood.holds_until
    )


def _replace(session: Session, table: Any, gone: Iterable[int], rows: list[dict[str, Any]]) -> None:
    run = session.connection()
    if ids := list(gone):
        run.execute(delete(table).where(table.c.case_id.in_(ids)))
    if rows:
        run.execute(insert(table), rows)


def _write_state(session: Session, found: Findings, open_files: int, now: datetime) -> None:
    """The caller's transaction raises the data version by one when it ends: the verdicts are of that version.

    Unless somebody else has raised it since they were found: then they are of no version that is.
    """
    state = session.get(ScanState, 1) or ScanState(id=1, as_of=now.date(), data_version=0, open_files=0, written_at=now)
    state.as_of, state.open_files, state.written_at = found.as_of, open_files, now
    state.data_version, state.stamp = found.data_version + 1, found.stamp
    session.add(state)
    session.flush()


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
