"""The morning scan: every open file is judged for the day, lands in exactly one bucket, and its flags open and close.

Flags are dated by the rule. So it does not matter which night the scan ran: after a missed week one scan leaves the
same flags as seven would have.
"""

from collections import Counter
from datetime import date, datetime
from typing import Any

from jobs.ledger import On, Result
from models.changes import judgements, task_flags
from models.clock import local
from models.db import OperationalError, Session, read_session, transaction
from models.enums import Bucket
from models.errors import DatabaseDown, LiemError
from models.queries import judged
from models.queries.judged import data_version
from models.rules.access import Viewer
from models.rules.judge import Verdict
from models.rules.stalled import flags_of
from models.rules.words import words


class LostFile(LiemError):
    """The buckets do not add up to the open files: nothing may be shown or written."""


def verdicts(session: Session, viewer: Viewer, *, as_of: date) -> list[Verdict]:
    """The verdict on every file open on `as_of` that the viewer may see, by code. Raises LostFile."""
    found = sorted(judged.verdicts(session, viewer, as_of=as_of), key=lambda verdict: verdict.code)
    buckets_of(found)
    return found


def read(session: Session, viewer: Viewer, today: date, now: datetime) -> list[Verdict]:
    """The first half of the job: judge."""
    return verdicts(session, viewer, as_of=today)


def write(session: Session, viewer: Viewer, plan: list[Verdict], today: date, now: datetime) -> Result:
    """The second half: keep the verdicts, open and close flags; unless those of a later day are kept already.

    `did` then names that day as `superseded_by`: its flags are dated by the rule, so nothing is lost. A scan made for a
    day that is still to come does not stand in the way of today's.
    """
    did: dict[str, Any] = {"open": len(plan), "buckets": buckets_of(plan)}
    kept = judged.scan_state(session)
    if kept and today < kept.as_of <= local(now).date():
        return Result(did | {"superseded_by": kept.as_of.isoformat()})
    did |= judgements.write(session, viewer, plan, as_of=today, now=now)
    for name, number in task_flags.write(session, viewer, as_of=today, now=now).items():
        did[name] += number
    return Result(did)


def judge_and_keep(viewer: Viewer, *, today: date, now: datetime, on: On = None) -> tuple[list[Verdict], Result]:
    """Both halves now, outside the ledger: for somebody who asks. Judging takes no lock, keeping a short one.

    Raises Forbidden, LostFile, DatabaseDown.
    """
    with read_session(on) as session:
        seen = data_version(session)
        found = verdicts(session, viewer, as_of=today)
    try:
        with transaction(on) as session:
            if data_version(session) != seen:
                found = verdicts(session, viewer, as_of=today)
            return found, write(session, viewer, found, today, now)
    except OperationalError as error:
        raise DatabaseDown(
            words("The database is busy or does not answer; nothing was kept. Try again later.")
        ) from error


def buckets_of(found: list[Verdict]) -> dict[str, int]:
    """Bucket → number of files, every bucket in its order. Raises LostFile unless each file is in exactly one."""
    counts = Counter(verdict.bucket for verdict in found)
    buckets = {bucket.value: counts[bucket] for bucket in Bucket}
    codes = {verdict.code for verdict in found}
    if not sum(buckets.values()) == len(found) == len(codes):
        raise LostFile(
            words(
                "The scan counted {files} files, {codes} codes and {counted} in buckets. "
                "Nothing was written; please report this.",
                files=len(found),
                codes=len(codes),
                counted=sum(buckets.values()),
            )
        )
    return buckets


def as_json(found: list[Verdict], *, as_of: date) -> dict[str, Any]:
    """`liem scan --json`: {as_of, open, buckets, files}. Raises LostFile."""
    return {
        "as_of": as_of.isoformat(),
        "open": len(found),
        "buckets": buckets_of(found),
        "files": [_file(verdict, as_of) for verdict in found],
    }


def _file(verdict: Verdict, as_of: date) -> dict[str, Any]:
    return {
        "code": verdict.code,
        "kind": verdict.kind.value,
        "bucket": verdict.bucket.value,
        "rule": verdict.rule or None,
        "article": verdict.article or None,
        "due_on": verdict.due_on.isoformat() if verdict.due_on else None,
        "days_late": verdict.days_late,
        "owner": verdict.owner.value,
        "approximate": verdict.approximate,
        "why": [sentence.english() for sentence in verdict.why],
        "flags": [
            {"rule": flag.rule.value, "since": flag.since.isoformat()}
            for flag in flags_of(verdict, as_of, judged.thresholds())
        ],
    }
