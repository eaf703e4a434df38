"""Judge the open files now: after an import, or because somebody asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from jobs import flag_stalled
from jobs.ledger import run
from jobs.schedule import job_named
from models.db import read_session, transaction
from models.enums import LATE_BUCKETS
from models.queries.judged import data_version
from models.queries.standing import find
from models.rules.access import Viewer
from models.text import Translator


@dataclass(frozen=True)
class Scanned:
    """What a scan came to: open and late files; `failed` says in a sentence why it could not be done."""

    open: int = 0
    late: int = 0
    changed: int = 0  # verdicts that are not what they were
    failed: str = ""

    @property
    def ok(self) -> bool:
        """Whether the files were judged."""
        return not self.failed

    def sentence(self, t: Translator) -> str:
        """What to tell the person who asked."""
        if self.failed:
            return t("The scan failed: {why}", why=self.failed)
        return t("Scanned: {open} open files, {late} of them late.", open=self.open, late=self.late)


def judge_again(viewer: Viewer, *, today: date, now: datetime) -> Scanned:
    """Judge what has changed for `today` and keep the verdicts and flags. Raises Forbidden, LostFile.

    The judging needs no lock; if the data changes in between it is done again inside the short transaction.
    """
    with read_session() as session:
        seen = data_version(session)
        found = find(session, viewer, as_of=today)
    with transaction() as session:
        if data_version(session) != seen:
            found = find(session, viewer, as_of=today)
        did = flag_stalled.write(session, viewer, found, today, now).did
    return _counted(did)


def scan_now(viewer: Viewer, *, today: date, now: datetime) -> Scanned:
    """Run today's scan in the ledger; where it is done already, judge the files once more. Raises Forbidden."""
    outcome = run(job_named("scan"), today, viewer)
    if outcome.failed:
        return Scanned(failed="; ".join(item["reason"] for item in outcome.failed))
    if not outcome.ran:
        return judge_again(viewer, today=today, now=now)
    return _counted(outcome.did)


def _counted(did: Mapping[str, Any]) -> Scanned:
    buckets = did.get("buckets", {})
    late = sum(int(buckets.get(bucket.value, 0)) for bucket in LATE_BUCKETS)
    return Scanned(int(did.get("open", 0)), late, int(did.get("verdicts_changed", 0)))
