"""The morning scan: every open file is judged for the day, lands in exactly one bucket, and its flags open and close.

Flags are dated by the rule. So it does not matter which night the scan ran: after a missed week one scan leaves the
same flags as seven would have.
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import Any

from jobs import shared_scan
from jobs.ledger import On, Result
from models.changes import judgements, task_flags
from models.clock import local
from models.db import OperationalError, Session, read_session, transaction, why_not
from models.enums import Bucket, FlagRule
from models.errors import DatabaseDown, LiemError
from models.queries.facts import Part, joined, parts
from models.queries.judged import data_version, scan_state, stamp
from models.queries.standing import Findings, find
from models.queries.told import ToldFile, ToldPart, reasons, tell
from models.rules.access import Viewer
from models.rules.words import words

NAMED = 20  # files that the report of a self-check names
SHARED_FROM = 20_000  # files; with fewer to judge a second process has hardly started when they are judged
SOON_AFTER = timedelta(days=7)  # after a scan: most of what it found still stands


class LostFile(LiemError):
    """The buckets do not add up to the open files: nothing may be shown or written."""


@shared_scan.without_collector()
def files(session: Session, viewer: Viewer, *, as_of: date, full: bool = False, shared: bool = False) -> list[ToldFile]:
    """Every file open on `as_of` that the viewer may see, as it is told, by code. `full`: all judged afresh.

    `shared`: a second process may help, which sees what is committed. Raises LostFile.
    """
    asked = parts(session, viewer)
    number = sum(part.files for part in asked)
    if shared and number >= SHARED_FROM and shared_scan.processors() > 1 and (full or not _is_usual(session, as_of)):
        work = shared_scan.order(session, viewer, asked, as_of=as_of, full=full)
        found = shared_scan.told_by_two(session, work)
    else:
        asked = asked if full else joined(asked)
        found = [tell(session, viewer, part, as_of=as_of, full=full) for part in asked]
    told = sorted((file for part in found for file in part.files), key=attrgetter("code"))
    _require_all(asked, found, told)
    return told


def _is_usual(session: Session, as_of: date) -> bool:
    """Whether most stored verdicts stand on `as_of`: it is one of the days after the last scan, by the same rules."""
    kept = scan_state(session)
    return kept is not None and kept.stamp == stamp(session) and timedelta(0) <= as_of - kept.as_of <= SOON_AFTER


def _require_all(asked: Sequence[Part], found: Sequence[ToldPart], told: Sequence[ToldFile]) -> None:
    """Raises LostFile unless every file of every part was looked at and each open one is told once, in one bucket."""
    looked_at = [part.seen for part in found] == [part.files for part in asked]
    codes = len({file.code for file in told})
    counted = sum(told_buckets(told).values())
    if not (looked_at and counted == len(told) == codes):
        raise _lost(len(told), codes, counted)


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
) -> tuple[list[ToldFile], Result]:
    """Both halves now, outside the ledger: for somebody who asks. Judging takes no lock, keeping a short one.

    What is told is what was kept, unless the verdicts of a later day are in force.

    Raises Forbidden, LostFile, DatabaseDown.
    """
    try:
        with read_session(on) as session:
            seen = data_version(session)
            found = find(session, viewer, as_of=today, full=full)
        with transaction(on) as session:
            if data_version(session) != seen:
                found = find(session, viewer, as_of=today, full=full)
            result = write(session, viewer, found, today, now)
    except OperationalError as error:
        raise DatabaseDown(why_not(error)) from error
    del found  # a hundred thousand verdicts: what is told now is read from what was kept
    with read_session(on) as session:
        return files(session, viewer, as_of=today, shared=True), result


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
        raise _lost(open_, found.open_standing + len(codes), sum(buckets.values()))
    return buckets


def _lost(told: int, codes: int, counted: int) -> LostFile:
    return LostFile(
        words(
            "The scan counted {files} files, {codes} codes and {counted} in buckets: they must be the same. "
            "Please report this error.",
            files=told,
            codes=codes,
            counted=counted,
        )
    )


def _wrong(code: str) -> dict[str, str]:
    return {
        "subject": f"case:{code}",
        "reason": "The stored verdict was not what judging the file says; it was put right. Please report this.",
    }


@shared_scan.without_collector()
def as_json(told: Sequence[ToldFile], *, as_of: date) -> str:
    """`liem scan --json`: {as_of, open, buckets, files}, as text. What many files share is written once."""
    head = _text({"as_of": as_of.isoformat(), "open": len(told), "buckets": told_buckets(told)})
    marks, flags = _Marks(), _Flags()
    files = [
        f'{{"code": {_text(file.code)}, {marks[file[1:-2] + file[-1:]]}, '
        f'"flags": [{", ".join([flags[flag] for flag in file.flags])}]}}'
        for file in told
    ]
    return f'{head[:-1]}, "files": [{", ".join(files)}]}}'


_text = json.JSONEncoder(ensure_ascii=False).encode


class _Marks(dict[Any, str]):
    """What a file is told with, but for its code and flags → the text of that, without the braces."""

    def __missing__(self, told: Any) -> str:
        kind, bucket, rule, article, due_on, days_late, owner, approximate, notes = told
        shown = {
            "kind": kind,
            "bucket": bucket,
            "rule": rule or None,
            "article": article or None,
            "due_on": due_on.isoformat() if due_on else None,
            "days_late": days_late,
            "owner": owner,
            "approximate": approximate,
            "why": [sentence.english() for sentence in reasons(rule, article, due_on, days_late, notes)],
        }
        self[told] = text = _text(shown)[1:-1]
        return text


class _Flags(dict[tuple[FlagRule, date], str]):
    """A flag → the text of it."""

    def __missing__(self, flag: tuple[FlagRule, date]) -> str:
        self[flag] = text = _text({"rule": flag[0], "since": flag[1].isoformat()})
        return text


def told_buckets(told: Sequence[ToldFile]) -> dict[str, int]:
    """Bucket → number of these files, every bucket in its order."""
    counts = Counter(file.bucket for file in told)
    return {bucket.value: counts[bucket] for bucket in Bucket}
