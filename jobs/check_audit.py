"""The nightly look at the audit chain: is it whole, and do the records hold what it says? Old rows go to files.

A piece is written and looked at before any row of it leaves the database, and only while the chain is whole and every
record holds what it says: that is proved once more in the transaction in which the rows leave.
"""

import logging
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from jobs.ledger import Result
from models import chain_files
from models.chain_files import Piece
from models.changes.audit import archive, record_look
from models.db import Session, read_session
from models.queries.audit import Found, is_guarded, lines_of, name_of, piece_to_archive, verify
from models.rules.access import Viewer
from models.rules.lengths import add_months
from models.rules.words import words
from models.settings import settings

log = logging.getLogger("liem.jobs")


class Plan(NamedTuple):
    """What was found; `ends` of the piece that may leave the database `on`; and, once written, the piece."""

    found: Found
    names: tuple[dict[str, str], ...]
    on: Any
    ends: tuple[int, int, str, str] | None = None
    guarded: bool = False
    piece: Piece | None = None


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> Plan:
    """Look at everything, and find the piece that is older than the retention."""
    found = verify(session, viewer)
    names = _named(session, viewer, found)
    ends = piece_to_archive(session, viewer, before=oldest_kept(now)) if found.ok else None
    guarded = ends is not None and is_guarded(session, viewer)
    return Plan(found, names, session.get_bind(), None if guarded else ends, guarded)


def _named(session: Session, viewer: Viewer, found: Found) -> tuple[dict[str, str], ...]:
    return tuple(
        {"subject": (name.english() if name else "audit"), "reason": fault.why.english()}
        for fault in found.faults
        for name in (name_of(session, viewer, fault),)
    )


def act(viewer: Viewer, plan: Plan, today: date, now: datetime) -> Plan:
    """Write the piece, if there is one."""
    if plan.ends is None:
        return plan
    with read_session(plan.on) as session:
        return plan._replace(piece=write_piece(session, viewer, plan.ends))


def oldest_kept(now: datetime) -> datetime:
    """Rows from before this instant are archived: whole months, for every record is sealed anew each time."""
    day = add_months(now.date().replace(day=1), -settings().audit_months)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def write_piece(session: Session, viewer: Viewer, ends: tuple[int, int, str, str]) -> Piece:
    """The file of a piece, written and looked at. Raises RuntimeError if it does not read as it was written."""
    first, last, previous, head = ends
    wanted = Piece(first, last, previous, head, chain_files.file_name(first, last))
    made = chain_files.write(lines_of(session, viewer, last=last), wanted, into=chain_files.folder())
    looked = chain_files.verify_file(chain_files.folder() / made.file_name)
    if not looked.ok or (looked.first, looked.last, looked.head) != (first, last, head):
        raise RuntimeError(f"the archived piece {made.file_name} does not read as it was written")
    return made


def write(session: Session, viewer: Viewer, plan: Plan, today: date, now: datetime) -> Result:
    """Keep what was found, and let the archived piece go. The overview says if the chain is broken."""
    if plan.piece:
        plan = _archived(session, viewer, plan, plan.piece, now)
    found = plan.found
    record_look(session, viewer, found, now=now)
    did = {"rows": found.rows, "records": found.records, "bad": found.bad_rows + found.bad_records}
    if plan.ends:
        did["archived"] = plan.ends[1] - plan.ends[0] + 1
    failed = list(plan.names)
    if plan.guarded:
        why = words("Rows older than the retention wait: the owner of the database must run liem audit archive.")
        failed.append({"subject": "audit", "reason": why.english()})
    return Result(did, failed)


def _archived(session: Session, viewer: Viewer, plan: Plan, piece: Piece, now: datetime) -> Plan:
    """The piece has left, or stays because something was found by now."""
    found = archive(session, viewer, piece, now=now)
    if found.ok:
        return plan
    chain_files.take_back(piece, out_of=chain_files.folder())
    return plan._replace(found=found, names=_named(session, viewer, found), ends=None, piece=None)
