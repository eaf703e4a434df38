"""The flags of tasks about no file: opened and closed by the rule's own days, whichever night the scan ran."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes import task_flags
from models.changes._revision import raise_revisions
from models.changes.flags import acknowledge
from models.db import read_session, transaction
from models.enums import AgencyKind, FlagRule, TaskOrigin
from models.errors import Forbidden, NotFound
from models.queries.cases import flag_rows
from models.queries.task_flags import task_flag_rows
from models.rules.access import SYSTEM, Viewer
from models.tables import AuditEntry, Flag, Task
from tests import cast, make

DUE = date(2026, 3, 3)  # the flag holds from the day after
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 9)


def scan(engine: Engine, day: date) -> dict[str, int]:
    with transaction(engine) as session:
        return task_flags.write(session, SYSTEM, as_of=day, now=night(day))


def night(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 22, 30, tzinfo=UTC)


def flags(engine: Engine) -> dict[tuple[str, FlagRule, date], date | None]:
    """(task, rule, day it became true) → the day it closed."""
    with read_session(engine) as session:
        found = session.exec(select(Flag).where(col(Flag.case_id).is_(None))).all()
    kept = {(flag.subject, flag.rule, flag.opened_on): flag.closed_on for flag in found}
    assert len(kept) == len(found)
    return kept


def change(engine: Engine, code: str, **columns: Any) -> None:
    with transaction(engine) as session:
        task = session.exec(select(Task).where(Task.code == code)).one()
        for name, value in columns.items():
            setattr(task, name, value)
        raise_revisions(session, [task.case_id] if task.case_id else [])


def test_a_task_about_no_file_is_flagged_from_the_day_after_its_due_day(engine: Engine) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE, lead=make.agency(session, kind=AgencyKind.POLICE))
        make.task(session, code="NV-2", due_on=DUE, origin=TaskOrigin.PROGRAMME)
        make.task(session, code="NV-3", due_on=None)
    assert scan(engine, DUE) == {"flags_opened": 0, "flags_closed": 0}
    assert scan(engine, DUE + timedelta(days=1)) == {"flags_opened": 2, "flags_closed": 0}
    after = date(2026, 3, 4)
    assert flags(engine) == {("NV-1", FlagRule.S8, after): None, ("NV-2", FlagRule.S9, after): None}
    with read_session(engine) as session:
        police, programme = task_flag_rows(session, cast.MEMBER)
    assert (police.subject, police.owner, police.case_code) == ("NV-1", AgencyKind.POLICE, "")
    assert police.why[0].english() == "The task NV-1 was due by 2026-03-03."
    assert (programme.subject, programme.rule) == ("NV-2", FlagRule.S9)


def test_a_scan_of_a_day_that_was_scanned_writes_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE)
    scan(engine, LAST)
    with read_session(engine) as session:
        before = session.exec(select(AuditEntry.id)).all()
    assert scan(engine, LAST) == {"flags_opened": 0, "flags_closed": 0}
    with read_session(engine) as session:
        assert session.exec(select(AuditEntry.id)).all() == before
    assert flags(engine) == {("NV-1", FlagRule.S8, date(2026, 3, 4)): None}


def a_week(engine: Engine) -> None:
    with transaction(engine) as session:
        make.task(session, code="LATE", due_on=DUE)
        make.task(session, code="DONE", due_on=date(2026, 2, 20), done_on=date(2026, 3, 5))
        make.task(session, code="CANCELLED", due_on=date(2026, 2, 20), cancelled_on=date(2026, 3, 6))
        make.task(session, code="BOTH", due_on=DUE, done_on=date(2026, 3, 7), origin=TaskOrigin.PROGRAMME)
        make.task(session, code="IN-TIME", due_on=DUE, done_on=DUE)
        make.task(session, code="OF-A-FILE", due_on=DUE, case=make.case(session))


def test_one_scan_after_missed_nights_leaves_what_nightly_scans_leave(engine: Engine) -> None:
    a_week(engine)
    for day in (FIRST, LAST):
        scan(engine, day)
    once = flags(engine)
    with transaction(engine) as session:
        for flag in session.exec(select(Flag)):
            session.delete(flag)
    for nights in range((LAST - FIRST).days + 1):
        scan(engine, FIRST + timedelta(days=nights))
    nightly = flags(engine)
    assert once == {
        ("LATE", FlagRule.S8, date(2026, 3, 4)): None,
        ("DONE", FlagRule.S8, date(2026, 2, 21)): date(2026, 3, 5),
        ("CANCELLED", FlagRule.S8, date(2026, 2, 21)): date(2026, 3, 6),
    }
    assert {key: nightly[key] for key in once} == once
    # what came and went between the two scans was seen only by the nights that saw it
    assert nightly.keys() - once.keys() == {("BOTH", FlagRule.S9, date(2026, 3, 4))}
    assert nightly["BOTH", FlagRule.S9, date(2026, 3, 4)] == date(2026, 3, 7)


@pytest.mark.parametrize(
    ("columns", "closed_on", "opened"),
    [
        ({"done_on": date(2026, 3, 6)}, date(2026, 3, 6), []),
        ({"done_on": date(2026, 3, 2)}, date(2026, 3, 4), []),  # recorded late: it never was true
        ({"cancelled_on": date(2026, 3, 9)}, date(2026, 3, 9), []),
        ({"due_on": date(2026, 3, 20)}, date(2026, 3, 4), []),
        ({"due_on": date(2026, 3, 5)}, date(2026, 3, 4), [date(2026, 3, 6)]),  # another day is another flag
        ({"due_on": None}, date(2026, 3, 4), []),
        ({"retracted_at": datetime(2026, 3, 8, tzinfo=UTC)}, date(2026, 3, 4), []),
        ({"done_on": date(2026, 3, 10)}, None, []),  # still to come
    ],
)
def test_a_flag_ends_on_the_day_the_facts_say(
    engine: Engine, columns: dict[str, Any], closed_on: date | None, opened: list[date]
) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE)
    scan(engine, date(2026, 3, 4))
    change(engine, "NV-1", **columns)
    did = scan(engine, LAST)
    assert did == {"flags_opened": len(opened), "flags_closed": int(closed_on is not None)}
    assert flags(engine) == {
        ("NV-1", FlagRule.S8, date(2026, 3, 4)): closed_on,
        **{("NV-1", FlagRule.S8, day): None for day in opened},
    }


def test_a_task_that_turns_out_to_be_about_a_file_is_left_to_the_file(engine: Engine) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE)
        file = make.case(session)
    scan(engine, LAST)
    change(engine, "NV-1", case_id=file.id)
    assert scan(engine, LAST) == {"flags_opened": 0, "flags_closed": 1}
    assert flags(engine) == {("NV-1", FlagRule.S8, date(2026, 3, 4)): date(2026, 3, 4)}


def test_a_flag_says_anew_whose_move_it_is_and_goes_on(engine: Engine) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE, lead=make.agency(session, kind=AgencyKind.POLICE))
    scan(engine, date(2026, 3, 5))
    change(engine, "NV-1", claimed_on=date(2026, 3, 6))
    assert scan(engine, date(2026, 3, 6)) == {"flags_opened": 0, "flags_closed": 0}
    with read_session(engine) as session:
        (row,) = task_flag_rows(session, cast.MEMBER)
    assert (row.owner, row.opened_on) == (AgencyKind.INTERNAL_AFFAIRS, date(2026, 3, 4))


def test_two_flags_of_one_task_may_not_be_open_at_once(engine: Engine) -> None:
    scanned = {"rule": FlagRule.S8, "subject": "NV-1", "opened_on": FIRST, "recorded_at": night(FIRST)}
    with transaction(engine) as session:
        session.add(Flag(**scanned))
        session.add(Flag(**{**scanned, "subject": "NV-2"}))
        session.add(Flag(**scanned, closed_on=LAST))
    with pytest.raises(Exception, match=r"(?i)unique"), transaction(engine) as session:
        session.add(Flag(**scanned))


def test_a_flag_of_a_task_is_set_aside_like_any_other_and_is_no_files(engine: Engine) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE)
    scan(engine, LAST)
    with transaction(engine) as session:
        people = cast.accounts(session)
        (row,) = task_flag_rows(session, people.secretariat)
        acknowledge(session, people.secretariat, row.id, reason="Chờ phiên họp", look_again_on=date(2026, 3, 20),
                    shown_at=None, now=night(LAST), today=LAST)  # fmt: skip
    with read_session(engine) as session:
        (row,) = task_flag_rows(session, cast.MEMBER)
        assert (row.acknowledged_reason, row.acknowledged_by) == ("Chờ phiên họp", "Người dùng thuky")
        assert flag_rows(session, cast.MEMBER) == []
        assert session.exec(select(AuditEntry.subject).where(AuditEntry.action == "flag_acknowledged")).all() == [
            "task:NV-1"
        ]


@pytest.mark.parametrize("viewer", cast.EVERYBODY, ids=lambda viewer: viewer.name)
def test_who_may_not_read_files_sees_no_flag_of_a_task(engine: Engine, viewer: Viewer) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE)
    scan(engine, LAST)
    with read_session(engine) as session:
        assert len(task_flag_rows(session, viewer)) == (1 if viewer in cast.READERS else 0)


def test_a_closed_flag_is_not_set_aside(engine: Engine) -> None:
    with transaction(engine) as session:
        made = Flag(rule=FlagRule.S8, subject="NV-1", opened_on=FIRST, closed_on=LAST, recorded_at=night(FIRST))
        session.add(made)
    with pytest.raises(NotFound), transaction(engine) as session:
        acknowledge(session, cast.SECRETARIAT, made.id or 0, reason="x", look_again_on=date(2026, 3, 20),
                    shown_at=None, now=night(LAST), today=LAST)  # fmt: skip


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.ADMINISTRATOR], ids=lambda viewer: viewer.name)
def test_only_the_jobs_and_the_secretariat_write_flags(engine: Engine, viewer: Viewer) -> None:
    with pytest.raises(Forbidden), transaction(engine) as session:
        task_flags.write(session, viewer, as_of=LAST, now=night(LAST))


def test_a_flag_of_a_day_to_come_ends_no_earlier_than_it_began_and_opens_anew_on_its_day(engine: Engine) -> None:
    with transaction(engine) as session:
        make.task(session, code="NV-1", due_on=DUE)
    since = DUE + timedelta(days=1)
    assert scan(engine, since + timedelta(days=30)) == {"flags_opened": 1, "flags_closed": 0}
    assert scan(engine, DUE) == {"flags_opened": 0, "flags_closed": 1}
    assert flags(engine) == {("NV-1", FlagRule.S8, since): since}
    assert scan(engine, since) == {"flags_opened": 1, "flags_closed": 0}
