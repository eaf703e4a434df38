"""The scan writes only what changed, dates flags by the rule, and a missed night leaves no trace in them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.changes import judgements
from models.db import read_session, transaction
from models.enums import FlagRule, TaskOrigin
from models.errors import Forbidden
from models.queries import judged
from models.queries.cases import CaseFilter, case_page
from models.queries.standing import find
from models.rules.access import SYSTEM, Viewer
from models.tables import AuditEntry, Case, Flag, Judgement
from tests import cast, make

FIRST = date(2026, 11, 2)


def scan(engine: Engine, day: date) -> dict[str, int]:
    with transaction(engine) as session:
        now = datetime.combine(day, datetime.min.time(), UTC)
        return judgements.write(session, SYSTEM, find(session, SYSTEM, as_of=day), now=now).did


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


def test_a_file_without_news_is_not_written_again_the_next_night(engine: Engine) -> None:
    with transaction(engine) as session:
        for number, start in enumerate(("2026-08-03", "2026-10-28", "2025-01-06"), start=1):
            make.case(session, code=f"VA-{number}", events=[("case_initiated", start)])
    scan(engine, FIRST)
    assert scan(engine, FIRST + timedelta(days=1))["verdicts_changed"] == 0
    assert scan(engine, FIRST + timedelta(days=2))["verdicts_changed"] == 1  # VA-1 is late since 4/11


def test_a_day_later_the_same_row_tells_the_days_anew(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(session, events=[("case_initiated", "2026-07-03")])  # due 5/10: 3/10 is a Saturday
    for night in range(2):
        day = FIRST + timedelta(days=night)
        scan(engine, day)
        with read_session(engine) as session:
            (row,) = case_page(session, SYSTEM, CaseFilter(), as_of=day).rows
            (fresh,) = judged.verdicts(session, SYSTEM, as_of=day)
        assert (row.days_late, row.why) == (28 + night, fresh.why)
        assert fresh.days_late == row.days_late


# --- a missed week -------------------------------------------------------------------------------------------------

BEFORE, AFTER = date(2026, 2, 28), date(2026, 3, 8)
INITIATED, EARLIER = ("case_initiated", "2026-01-05"), ("case_initiated", "2025-09-01")


def week(session: Session) -> None:
    """Files with every rule, each opening or closing a flag from 1 to 7 March 2026."""
    files: dict[str, list[make.EventSpec]] = {
        "S1-S2": [("case_initiated", "2025-12-03"), ("progress_note", "2026-03-01")],
        "S1-ENDS": [("case_initiated", "2025-10-03"), ("investigation_concluded", "2026-03-03")],
        "S3-TIME": [("case_initiated", "2025-07-04")],
        "S3-LENGTH": [INITIATED, ("investigation_extended", "2026-03-03", {"length": "4m"})],
        "S4": [INITIATED, ("expert_requested", "2026-02-02", {"length": "30d", "body": "CQĐT"})],
        "S4-ENDS": [
            INITIATED,
            ("valuation_requested", "2026-01-05", {"length": "30d"}),
            ("valuation_result", "2026-03-04"),
        ],
        "S5": [EARLIER, ("investigation_suspended", "2025-12-04")],
        "S5-ENDS": [EARLIER, ("investigation_suspended", "2025-11-03"), ("progress_note", "2026-03-05")],
        "S6": [
            ("returned_vks", "2025-12-01"),
            ("investigation_concluded", "2026-01-05"),
            ("returned_vks", "2026-03-03"),
        ],
        "S7": [("progress_note", "2026-02-02")],
        "S7-ENDS": [("progress_note", "2026-01-05"), ("progress_note", "2026-03-06")],
        "S8": [INITIATED],
        "S8-ENDS": [INITIATED],
        "S9": [INITIATED],
        "S11": [("judgment_final", "2026-02-25")],
        "S12": [("no_means", "2025-09-03")],
        "S12-YEARS": [("no_means", "2024-03-05"), ("progress_note", "2026-02-20")],
        "S13": [("inspection_concluded", "2026-02-02", {"length": "30d"})],
        "SUPERVISION": [("case_initiated", "2025-03-03"), ("supervision_ended", "2026-03-02")],
    }
    made = {code: make.case(session, code=code, events=events) for code, events in files.items()}
    make.task(session, code="NV-1", case=made["S8"], due_on=date(2026, 3, 3))
    make.task(session, code="NV-2", case=made["S8-ENDS"], due_on=date(2026, 2, 20), done_on=date(2026, 3, 5))
    make.task(session, code="NV-3", case=made["S9"], due_on=date(2026, 3, 5), origin=TaskOrigin.PROGRAMME)
    detained = make.case(session, code="S10", events=[INITIATED])
    accused = make.accused(session, case=detained)
    named: dict[str, Any] = {"accused_id": accused.id}
    make.event(session, case=detained, kind="detention_ordered", on="2026-01-12", length="60d", **named)
    extended = make.case(session, code="S10-ENDS", events=[INITIATED])
    named = {"accused_id": make.accused(session, case=extended).id}
    make.event(session, case=extended, kind="detention_ordered", on="2026-01-02", length="60d", **named)
    make.event(session, case=extended, kind="detention_extended", on="2026-03-02", length="60d", **named)
    released = make.case(session, code="S10-FREE", events=[INITIATED])
    named = {"accused_id": make.accused(session, case=released).id}
    make.event(session, case=released, kind="detention_ordered", on="2026-01-02", length="60d", **named)
    make.event(session, case=released, kind="detention_ended", on="2026-03-04", **named)


def history(engine: Engine) -> dict[tuple[str, FlagRule, str, date], date | None]:
    """Every flag ever opened → the day it closed."""
    with read_session(engine) as session:
        found = session.exec(select(Case.code, Flag).join(Flag)).all()
    flags = {(code, flag.rule, flag.subject, flag.opened_on): flag.closed_on for code, flag in found}
    assert len(flags) == len(found)
    return flags


def test_one_scan_on_the_eighth_leaves_what_seven_nights_from_the_first_to_the_seventh_leave(engine: Engine) -> None:
    with transaction(engine) as session:
        week(session)
    for day in (BEFORE, AFTER):
        scan(engine, day)
    once = history(engine)
    with transaction(engine) as session:
        for flag in session.exec(select(Flag)):
            session.delete(flag)
    for night in range((AFTER - BEFORE).days + 1):
        scan(engine, BEFORE + timedelta(days=night))
    nightly = history(engine)

    assert {flag for flag, closed in once.items() if closed is None} == {
        flag for flag, closed in nightly.items() if closed is None
    }
    assert {rule for _, rule, _, _ in once} == set(FlagRule)
    assert {flag: nightly[flag] for flag in once} == once  # those that closed did so on the same day
    opened = {rule for (_, rule, _, since), closed in once.items() if since > BEFORE and closed is None}
    assert opened == set(FlagRule) - {FlagRule.S2}
    ended = {(code, rule): closed for (code, rule, _, _), closed in once.items() if closed}
    assert ended == {
        ("S1-S2", FlagRule.S2): date(2026, 3, 4),
        ("S1-S2", FlagRule.S7): date(2026, 3, 1),
        ("S1-ENDS", FlagRule.S1): date(2026, 3, 3),
        ("S1-ENDS", FlagRule.S7): date(2026, 3, 3),
        ("S3-LENGTH", FlagRule.S7): date(2026, 3, 3),
        ("S4-ENDS", FlagRule.S4): date(2026, 3, 4),
        ("S4-ENDS", FlagRule.S7): date(2026, 3, 4),
        ("S5-ENDS", FlagRule.S5): date(2026, 3, 5),
        ("S5-ENDS", FlagRule.S7): date(2026, 3, 5),
        ("S6", FlagRule.S1): date(2026, 3, 3),  # the decision on prosecution was late
        ("S6", FlagRule.S7): date(2026, 3, 3),
        ("S7-ENDS", FlagRule.S7): date(2026, 3, 6),
        ("S8-ENDS", FlagRule.S8): date(2026, 3, 5),
        ("S10-ENDS", FlagRule.S7): date(2026, 3, 2),
        ("S10-ENDS", FlagRule.S10): date(2026, 3, 2),
        ("S10-FREE", FlagRule.S7): date(2026, 3, 4),
        ("S10-FREE", FlagRule.S10): date(2026, 3, 4),
        ("SUPERVISION", FlagRule.S1): date(2026, 3, 2),
        ("SUPERVISION", FlagRule.S3): date(2026, 3, 2),
        ("SUPERVISION", FlagRule.S7): date(2026, 3, 2),
    }


def test_a_flag_that_moves_to_another_day_is_another_flag(engine: Engine) -> None:
    with transaction(engine) as session:
        file = make.case(
            session, code="VA-1", events=[("case_initiated", "2026-08-03"), ("progress_note", "2026-11-01")]
        )
    scan(engine, date(2026, 11, 6))
    with transaction(engine) as session:
        make.event(session, case=file, kind="investigation_extended", on="2026-11-07", length="5d")
    scan(engine, date(2026, 11, 20))
    assert {key[1:]: closed for key, closed in history(engine).items() if key[1] is FlagRule.S1} == {
        (FlagRule.S1, "INV:2026-08-03", date(2026, 11, 4)): date(2026, 11, 7),
        (FlagRule.S1, "INV:2026-08-03", date(2026, 11, 10)): None,
    }


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
        found = find(session, SYSTEM, as_of=FIRST)
        judgements.write(session, viewer, found, now=datetime(2026, 11, 2, tzinfo=UTC))
    with read_session(engine) as session:
        assert session.exec(select(AuditEntry).where(AuditEntry.action == "scan")).all() == []
