"""The morning scan: every open file is judged for the day, lands in exactly one bucket, and its flags open and close.

Flags are dated by the rule. So it does not matter which night the scan ran: after a missed week one scan leaves the
same flags as seven would have.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from jobs.ledger import On, Result
from models.changes import judgements, task_flags
from models.clock import local
from models.db import OperationalError, Session, read_session, transaction
from models.enums import Bucket
from models.errors import DatabaseDown, LiemError
from models.queries.judged import data_version, scan_state
from models.queries.standing import Findings, ScannedFile, find, scanned_files
from models.rules.access import Viewer
from models.rules.words import words

NAMED = 20  # files that the report of a self-check names


class LostFile(LiemError):
    """The buckets do not add up to the open files: nothing may be shown or written."""


def files(session: Session, viewer: Viewer, *, as_of: date, full: bool = False) -> list[ScannedFile]:
    """Every file open on `as_of` that the viewer may see, as it is told, by code. `full`: all judged afresh.

    Raises LostFile.
    """
    found = find(session, viewer, as_of=as_of, full=full)
    told = scanned_files(session, viewer, found)
    if not sum(buckets_of(found).values()) == len(told) == len({file.code for file in told}):
        raise _lost(found, len(told))
    return told


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> Findings:
    """The first half of the job: judge what must be, and a seventh of the rest to check what is stored."""
    found = find(session, viewer, as_of=today, check=True)
    buckets_of(found)
    return found


def write(session: Session, viewer: Viewer, plan: Findings, today: date, now: datetime) -> Result:
    """The second half: keep the verdicts, open and close flags; unless those of a later day are kept already.

    `did` then names that day as `superseded_by`: its flags are dated by the rule, so nothing is lost. A scan made for a
    day that is still to come does not stand in the way of today's. A file whose stored verdict was wrong is put right
    and named in `failed`.
    """
    buckets = buckets_of(plan)
    did: dict[str, Any] = {"open": sum(buckets.values()), "buckets": buckets}
    kept = scan_state(session)
    if kept and today < kept.as_of <= local(now).date():
        return Result(did | {"superseded_by": kept.as_of.isoformat()})
    written = judgements.write(session, viewer, plan, now=now)
    for name, number in task_flags.write(session, viewer, as_of=today, now=now).items():
        written.did[name] += number
    codes = {each.verdict.case_id: each.verdict.code for each in plan.judged}
    failed = [_wrong(codes.get(id_, str(id_))) for id_ in written.wrong[:NAMED]]
    return Result(did | written.did, failed)


def judge_and_keep(
    viewer: Viewer, *, today: date, now: datetime, full: bool = False, on: On = None
) -> tuple[list[ScannedFile], Result]:
    """Both halves now, outside the ledger: for somebody who asks. Judging takes no lock, keeping a short one.

    Raises Forbidden, LostFile, DatabaseDown.
    """
    with read_session(on) as session:
        seen = data_version(session)
        found = find(session, viewer, as_of=today, full=full)
        told = scanned_files(session, viewer, found)
    try:
        with transaction(on) as session:
            if data_version(session) != seen:
                found = find(session, viewer, as_of=today, full=full)
                told = scanned_files(session, viewer, found)
            return told, write(session, viewer, found, today, now)
    except OperationalError as error:
        raise DatabaseDown(
            words("The database is busy or does not answer; nothing was kept. Try again later.")
        ) from error


def buckets_of(found: Findings) -> dict[str, int]:
    """Bucket → number of files, every bucket in its order. Raises LostFile unless each file is in exactly one."""
    counts = found.standing.copy()
    codes: set[str] = set()
    open_ = found.open_standing
    for verdict in found.afresh:
        counts[verdict.bucket] += 1
        codes.add(verdict.code)
        open_ += 1
    buckets = {bucket.value: counts[bucket] for bucket in Bucket}
    if not sum(buckets.values()) == open_ == found.open_standing + len(codes):
        raise _lost(found, open_)
    return buckets


def _lost(found: Findings, counted: int) -> LostFile:
    return LostFile(
        words(
            "The scan counted {files} files, {codes} codes and {counted} in buckets. "
            "Nothing was written; please report this.",
            files=counted,
            codes=found.open_standing + len({verdict.code for verdict in found.afresh}),
            counted=found.standing.total() + sum(1 for _ in found.afresh),
        )
    )


def _wrong(code: str) -> dict[str, str]:
    return {
        "subject": f"case:{code}",
        "reason": "The stored verdict was not what judging the file says; it was put right. Please report this.",
    }


def as_json(told: Sequence[ScannedFile], *, as_of: date) -> dict[str, Any]:
    """`liem scan --json`: {as_of, open, buckets, files}."""
    return {
        "as_of": as_of.isoformat(),
        "open": len(told),
        "buckets": told_buckets(told),
        "files": [_file(file) for file in told],
    }


def told_buckets(told: Sequence[ScannedFile]) -> dict[str, int]:
    """Bucket → number of these files, every bucket in its order."""
    counts = dict.fromkeys((bucket.value for bucket in Bucket), 0)
    for file in told:
        counts[file.bucket.value] += 1
    return counts


def _file(file: ScannedFile) -> dict[str, Any]:
    return {
        "code": file.code,
        "kind": file.kind.value,
        "bucket": file.bucket.value,
        "rule": file.rule or None,
        "article": file.article or None,
        "due_on": file.due_on.isoformat() if file.due_on else None,
        "days_late": file.days_late,
        "owner": file.owner.value,
        "approximate": file.approximate,
        "why": [sentence.english() for sentence in file.why],
        "flags": [{"rule": rule.value, "since": since.isoformat()} for rule, since in file.flags],
    }
