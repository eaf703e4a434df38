"""The scan writes only what changed, dates flags by the rule, and a missed night leaves no trace in them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.changes import judgements
from models.db import read_session, transaction
from models.enums import FlagRule
from models.errors import Forbidden
from models.queries import judged
from models.rules.access import SYSTEM, Viewer
from models.tables import AuditEntry, Flag, Judgement
from tests import cast, make

FIRST = date(2026, 11, 2)


def scan(engine: Engine, day: date) -> dict[str, int]:
    with transaction(engine) as session:
        found = judged.verdicts(session, SYSTEM, as_of=day)
        now = datetime.combine(day, datetime.min.time(), UTC)
        return judgements.write(session, SYSTEM, found, as_of=day, now=now)


def flags(engine: Engine) -> set[tuple[FlagRule, date, bool]]:
    with read_session(engine) as session:
        return {(flag.rule, flag.opened_on, flag.closed_on is None) for flag in session.exec(select(Flag))}


def test_one_scan_after_a_missed_week_opens_the_flags_that_seven_nights_would(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(session, events=[("case_initiated", "2026-08-03")])  # due 3/11
    scan(engine, FIRST + timedelta(days=7))
    assert (FlagRule.S1, date(2026, 11, 4), True) in flags(engine)


def test_seven_nights_open_each_flag_once_and_dated_by_the_rule(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(session, events=[("case_initiated", "2026-08-03")])
    for night in range(8):
        scan(engine, FIRST + timedelta(days=night))
    assert flags(engine) == {
        (FlagRule.S1, date(2026, 11, 4), True),
        (FlagRule.S2, date(2026, 10, 25), False),  # last day to ask was 24/10; the limit has passed since
        (FlagRule.S7, date(2026, 9, 3), True),
    }


def test_an_act_on_the_last_day_recorded_later_is_in_time_and_closes_the_flag(engine: Engine) -> None:
    with transaction(engine) as session:
        file = make.case(session, events=[("case_initiated", "2026-08-03")])
    scan(engine, date(2026, 11, 6))
    with transaction(engine) as session:
        make.event(session, case=file, kind="investigation_concluded", on="2026-11-03")
    scan(engine, date(2026, 11, 7))
    assert {flag for flag in flags(engine) if flag[0] is FlagRule.S1} == {(FlagRule.S1, date(2026, 11, 4), False)}


def test_a_second_scan_of_the_day_writes_nothing_new(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(session, events=[("case_initiated", "2026-08-03")])
    first = scan(engine, FIRST)
    second = scan(engine, FIRST)
    assert (first["verdicts_changed"], first["flags_opened"]) == (1, 2)  # S2 and S7
    assert (second["verdicts_changed"], second["flags_opened"], second["flags_closed"]) == (0, 0, 0)


def test_an_ended_file_loses_its_verdict_and_its_flags(engine: Engine) -> None:
    with transaction(engine) as session:
        file = make.case(session, events=[("case_initiated", "2026-03-02")])
    scan(engine, FIRST)
    with transaction(engine) as session:
        make.event(session, case=file, kind="terminated", on="2026-11-02")
    scan(engine, FIRST + timedelta(days=1))
    with read_session(engine) as session:
        assert session.exec(select(Judgement)).all() == []
    assert all(not still for _, _, still in flags(engine))


@pytest.mark.parametrize("viewer", (cast.MEMBER, *cast.OUTSIDERS), ids=lambda viewer: viewer.name)
def test_only_the_secretariat_and_the_jobs_write_a_scan(engine: Engine, viewer: Viewer) -> None:
    with pytest.raises(Forbidden), transaction(engine) as session:
        judgements.write(session, viewer, [], as_of=FIRST, now=datetime(2026, 11, 2, tzinfo=UTC))
    with read_session(engine) as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "scan")).all() == []
