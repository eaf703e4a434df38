"""A flag that somebody has looked at: why it may stand for now, and when it is looked at again."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.changes._audit import record
from models.errors import Forbidden, NotFound
from models.queries._visible import visible_ids
from models.rules.access import Action, Viewer, may
from models.rules.words import Refusal, words
from models.tables import Case, Flag
from models.text import clean

LONGEST_DAYS = 90  # a flag is never silenced for good
REASON_LENGTH = 500


def acknowledge(
    session: Session,
    viewer: Viewer,
    flag_id: int,
    *,
    reason: str,
    look_again_on: date,
    now: datetime,
    today: date,
) -> Flag:
    """Note that the open flag was seen, why it may stand, and the day it is to be looked at again.

    The flag stays open and counted. Raises Forbidden, NotFound (no open flag that the viewer may see), Refusal.
    """
    if not may(viewer, Action.RECORD):
        raise Forbidden(words("Only the secretariat may acknowledge a flag."))
    why = clean(reason)
    if not why:
        raise Refusal(words("Say why the flag may stand for now."))
    if len(why) > REASON_LENGTH:
        raise Refusal(words("The reason has more than {n} characters.", n=REASON_LENGTH))
    last = today + timedelta(days=LONGEST_DAYS)
    if not today < look_again_on <= last:
        raise Refusal(words("Choose a day after {today} and not after {last} to look again.", today=today, last=last))
    asked = select(Flag, Case.code).outerjoin(Case, col(Case.id) == Flag.case_id)
    file = col(Flag.case_id)
    found = session.exec(asked.where(Flag.id == flag_id, file.is_(None) | file.in_(visible_ids(viewer)))).first()
    if found is None or found[0].closed_on is not None:
        raise NotFound(words("This flag is not open any more."))
    flag, code = found
    before = {"reason": flag.acknowledged_reason, "look_again_on": flag.look_again_on}
    flag.acknowledged_at, flag.acknowledged_by = now, viewer.account_id
    flag.acknowledged_reason, flag.look_again_on = why, look_again_on
    session.add(flag)
    changed = session.info.get("changed", False)
    after = {"flag": flag.rule, "since": flag.opened_on, "reason": why, "look_again_on": look_again_on}
    subject = f"case:{code}" if code else f"task:{flag.subject}"
    record(session, viewer, "flag_acknowledged", subject, now=now, before=before, after=after)
    session.info["changed"] = changed  # a flag is no fact: what the scan found holds as before
    return flag
