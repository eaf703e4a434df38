"""Whether the watch kept watch: when the files were judged, and which runs are missing."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from dashboard.components.markup import NOTHING, Html, el
from dashboard.context import PageContext
from models.clock import local
from models.db import Session
from models.queries.judged import is_fresh, scan_state
from models.queries.runs import RunProblem, missing_or_failed


class Watch(NamedTuple):
    """What is known of the scan: the day and instant of its verdicts, whether they hold, and what did not run."""

    scanned_on: date | None
    scanned_at: datetime | None
    holds: bool
    problems: Sequence[RunProblem]


def watch_of(session: Session, ctx: PageContext) -> Watch:
    """What is known of the watch on the day shown; never from a cache, for a scan may end at any moment."""
    scan = scan_state(session)
    return Watch(
        scan.as_of if scan else None,
        scan.written_at if scan else None,
        is_fresh(session, ctx.as_of),
        missing_or_failed(session, now=ctx.now),
    )


def judged_line(ctx: PageContext, watch: Watch) -> Html:
    """(judged 05:30 today ✓), or what to know instead."""
    t = ctx.t
    if watch.holds and watch.scanned_at:
        same = local(watch.scanned_at).date() == ctx.today
        at = local(watch.scanned_at).strftime("%H:%M")
        said = t("judged today at {at} ✓", at=at) if same else t("judged {at} ✓", at=watch.scanned_at)
        return el("span", said, class_="judged", data_watch="scan")
    if ctx.as_of != ctx.today:
        said = t("judged for this day just now")
    elif watch.scanned_at is None:
        said = t("judged just now; the morning scan has not run yet")
    else:
        said = t("judged just now: data has changed since the scan of {at}", at=watch.scanned_at)
    return el("span", said, class_="judged", data_watch="live")


def watch_note(ctx: PageContext, watch: Watch) -> Html:
    """A warning that names each run that is missing or failed; nothing when all ran."""
    if not watch.problems:
        return NOTHING
    said = " ".join(ctx.t.words(problem.sentence) for problem in watch.problems)
    return el("p", el("b", "⚠ "), said, class_="note warn", role="status", data_watch="problems")
