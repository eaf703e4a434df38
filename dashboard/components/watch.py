"""Whether the watch kept watch: when the files were judged, which runs are missing, and which year of the calendar."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from dashboard.components.markup import Html, el, join
from dashboard.context import PageContext
from models.clock import local
from models.db import Session
from models.queries.audit_log import Look, broken_chain
from models.queries.backups import BackupState, backup_faults, backup_state
from models.queries.judged import is_fresh, scan_state
from models.queries.reference import calendar_problem
from models.queries.runs import RunProblem, missing_or_failed
from models.rules.words import Words


class Watch(NamedTuple):
    """What is known of the scan: the day and instant of its verdicts, whether they hold, and what did not run.

    `calendar` names the year whose days off are needed soon and not entered; `backups` is None for
    who may not see them; `chain` is a look that found the audit chain broken, for who may know.
    """

    scanned_on: date | None
    scanned_at: datetime | None
    holds: bool
    problems: Sequence[RunProblem]
    calendar: Words | None = None
    backups: BackupState | None = None
    chain: Look | None = None


def watch_of(session: Session, ctx: PageContext) -> Watch:
    """What is known of the watch on the day shown; never from a cache, for a scan may end at any moment."""
    scan = scan_state(session)
    return Watch(
        scan.as_of if scan else None,
        scan.written_at if scan else None,
        is_fresh(session, ctx.as_of),
        missing_or_failed(session, now=ctx.now),
        calendar_problem(session, today=ctx.today),
        backup_state(session, ctx.viewer),
        broken_chain(session, ctx.viewer),
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


def proved_line(ctx: PageContext, watch: Watch) -> Html:
    """When a backup was last proved by putting it back; nothing for who may not see the runs."""
    if watch.backups is None:
        return el("span")
    return el("span", f" · {proved_words(ctx, watch.backups)}", data_watch="proved")


def proved_words(ctx: PageContext, state: BackupState) -> str:
    """The date of the last proved restore, in a few words."""
    t = ctx.t
    if state.proved is None:
        return t("last proved restore: never")
    return t("last proved restore: {day}", day=local(state.proved.drilled_at).date())


def watch_note(ctx: PageContext, watch: Watch) -> Html:
    """Warnings that name each run that is missing or failed, and a missing calendar; nothing when all is well."""
    t = ctx.t
    runs = " ".join(t.words(problem.sentence) for problem in watch.problems)
    faults = backup_faults(watch.backups, ctx.viewer, now=ctx.now) if watch.backups else []
    said = {
        "chain": broken_words(ctx, watch.chain) if watch.chain else "",
        "problems": runs,
        "calendar": t.words(watch.calendar) if watch.calendar else "",
        "backups": " ".join(t.words(fault) for fault in faults),
    }
    return join(_warning(name, sentence) for name, sentence in said.items() if sentence)


def broken_words(ctx: PageContext, look: Look) -> str:
    """That the audit chain was found broken, and what to do."""
    return ctx.t(
        "The chain is broken: {n} rows or records are not as they were when last written ({at}). Keep the "
        "database as it is and tell the head of the secretariat.",
        n=ctx.t.number(look.bad),
        at=look.at,
    )


def _warning(name: str, sentence: str) -> Html:
    return el("p", el("b", "⚠ "), sentence, class_="note warn", role="status", data_watch=name)
