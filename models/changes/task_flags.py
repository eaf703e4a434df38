"""The flags of tasks about no file: S8 and S9, opened, dated and closed as those of files are."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.changes._audit import record
from models.enums import FlagRule
from models.errors import Forbidden
from models.queries.task_flags import loose_tasks, open_task_flags
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.facts import TaskFact
from models.rules.side_flags import FlagVerdict, overdue_task
from models.rules.words import encode, words
from models.tables import Flag

_Key = tuple[FlagRule, str]


def write(session: Session, viewer: Viewer, *, as_of: date, now: datetime) -> dict[str, int]:
    """Open the flags of tasks about no file that hold on `as_of`, and close those that do not.

    How many were opened and closed. A night that was missed changes nothing but `recorded_at`; twice is once.
    """
    if not may(viewer, Action.RUN_JOBS):
        raise Forbidden(words("Only the secretariat and the scheduled jobs may write the scan."))
    standing: dict[_Key, Flag] = {(flag.rule, flag.subject): flag for flag in open_task_flags(session, SYSTEM)}
    tasks = loose_tasks(session, SYSTEM, as_of=as_of, codes={code for _, code in standing})
    holding = {(held.rule, held.subject): held for task in tasks.values() if (held := overdue_task(task, as_of))}
    gone = [flag for key, flag in standing.items() if key not in holding or holding[key].since != flag.opened_on]
    for flag in gone:
        flag.closed_on, flag.closed_at = ended_on(flag.rule, flag.opened_on, tasks.get(flag.subject), as_of), now
    session.flush()  # before the next flag of the same task may open
    new = [held for key, held in holding.items() if key not in standing or standing[key].closed_on]
    session.add_all(Flag(opened_on=held.since, recorded_at=now, **_said(held)) for held in new)
    _tell_otherwise(standing, holding)
    session.flush()
    did = {"flags_opened": len(new), "flags_closed": len(gone)}
    if new or gone:
        record(session, viewer, "scan_tasks", f"day:{as_of.isoformat()}", now=now, after=did)
    return did


def ended_on(rule: FlagRule, since: date, task: TaskFact | None, until: date) -> date:
    """The day a flag stopped being true by what is known of the task now; `since` if it never was true by `until`."""
    if since >= until:  # of a day to come, for which somebody has scanned
        return since
    held = overdue_task(task, since) if task else None
    if task is None or held is None or (held.rule, held.since) != (rule, since):
        return since
    settled = [day for day in (task.done_on, task.cancelled_on) if day]
    return min([*settled, until])


def _tell_otherwise(standing: dict[_Key, Flag], holding: dict[_Key, FlagVerdict]) -> None:
    """What may change while a flag goes on: whose move it is, and the sentence."""
    for key, flag in standing.items():
        if flag.closed_on is None:
            said = _said(holding[key])
            if (flag.owner, flag.why) != (said["owner"], said["why"]):
                flag.owner, flag.why = said["owner"], said["why"]


def _said(flag: FlagVerdict) -> dict[str, Any]:
    return {
        "rule": flag.rule,
        "subject": flag.subject,
        "article": flag.article,
        "owner": flag.owner,
        "why": [encode(flag.why), encode(flag.clears)],
    }
