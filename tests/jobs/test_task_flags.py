"""The morning scan flags late tasks about no file too, and its run counts them."""

from datetime import UTC, date, datetime

from sqlmodel import col, select

from jobs.flag_stalled import judge_and_keep
from models.db import read_session, transaction
from models.enums import FlagRule
from models.rules.access import SYSTEM
from models.tables import Flag, Task
from tests import make


def test_a_late_task_about_no_file_is_flagged_by_the_scan_and_counted_in_its_run(engine):
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on="2026-03-03")
        make.case(session, events=[("case_initiated", "2026-03-02")])

    def scan(day: int):
        now = datetime(2026, 3, day, 22, tzinfo=UTC)
        return judge_and_keep(SYSTEM, today=date(2026, 3, day), now=now, on=engine)[1].did

    assert scan(3)["flags_opened"] == 0
    assert scan(4)["flags_opened"] == 1
    assert scan(5)["flags_opened"] == scan(5)["flags_closed"] == 0
    with read_session(engine) as session:
        (flag,) = session.exec(select(Flag).where(col(Flag.closed_on).is_(None)))
    assert (flag.case_id, flag.rule, flag.subject, flag.opened_on) == (None, FlagRule.S8, "NV-1", date(2026, 3, 4))
    with transaction(engine) as session:
        session.exec(select(Task)).one().done_on = date(2026, 3, 6)
        session.info["changed"] = True
    assert scan(6)["flags_closed"] == 1
    assert scan(7)["flags_closed"] == 0
