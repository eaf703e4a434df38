"""A flag that somebody has looked at: why it may stand for now, and when it is looked at again."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.changes._audit import record
from models.changes._task_fields import Fields
from models.errors import Forbidden, NotFound, StaleFlag
from models.queries._visible import visible_ids
from models.rules.access import Action, Viewer, may
from models.rules.words import words
from models.tables import Case, Flag

LONGEST_DAYS = 90  # a flag is never silenced for good
REASON_LENGTH = 500


def acknowledge(
    session: Session,
    viewer: Viewer,
    flag_id: int,
    *,
    reason: str,
    look_again_on: date | None,
    shown_at: datetime | None,
    now: datetime,
    today: date,
) -> Flag:
    """Note that the open flag was seen, why it may stand, and the day it is to be looked at again.

    `shown_at`: when it was last acknowledged, as the form showed it; None for never. The flag stays open and counted.
    Raises Forbidden, NotFound (no open flag that the viewer may see), StaleFlag, FieldErrors.
    """
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("Only the secretariat may acknowledge a flag."))
    fields, first, last = Fields(), today + timedelta(days=1), today + timedelta(days=LONGEST_DAYS)
    why = fields.text("reason", reason, REASON_LENGTH)
    day = fields.day("look_again_on", look_again_on, first, last)
    fields.check()
    asked = select(Flag, Case.code).outerjoin(Case, col(Case.id) == Flag.case_id)
    file = col(Flag.case_id)
    seen = asked.where(Flag.id == flag_id, file.is_(None) | file.in_(visible_ids(viewer)))
    found = session.exec(seen.with_for_update(of=Flag)).first()
    if found is None or found[0].closed_on is not None:
        raise NotFound(words("This flag is not open any more."))
    flag, code = found
    if flag.acknowledged_at != shown_at:
        raise StaleFlag
    before = {"reason": flag.acknowledged_reason, "look_again_on": flag.look_again_on}
    flag.acknowledged_at, flag.acknowledged_by = now, viewer.account_id
    flag.acknowledged_reason, flag.look_again_on = why, day
    session.add(flag)
    changed = session.info.get("changed", False)
    after = {"flag": flag.rule, "since": flag.opened_on, "reason": why, "look_again_on": day}
    subject = f"case:{code}" if code else f"task:{flag.subject}"
    record(session, viewer, "flag_acknowledged", subject, now=now, before=before, after=after)
    session.info["changed"] = changed  # a flag is no fact: what the scan found holds as before
    return flag
