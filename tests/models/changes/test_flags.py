"""A flag can be set aside with a reason and a day to look again; it stays open, and nothing else changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.changes.flags import acknowledge
from models.db import Session, read_session, transaction
from models.enums import FlagRule, Role
from models.errors import FieldErrors, Forbidden, NotFound, StaleFlag
from models.queries.cases import FlagRow, flag_rows
from models.queries.judged import is_fresh
from models.rules.access import SYSTEM, Viewer
from models.tables import AuditEntry, Case, Flag
from tests import cast, make
from tests.models.changes.test_judgements import scan

TODAY = date(2026, 11, 6)
NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
REASON = "Chờ quyết định gia hạn"
LATER = TODAY + timedelta(days=14)


def flagged(engine: Engine) -> int:
    """A file whose limit ended on 3 November; the id of its flag S1."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-08-03"), ("progress_note", "2026-11-01")])
    scan(engine, TODAY)
    with read_session(engine) as session:
        return session.exec(select(Flag.id).where(Flag.rule == FlagRule.S1)).one() or 0


def secretary(session: Session) -> Viewer:
    account = make.account(session, login="thuky")
    return Viewer("thuky", Role.SECRETARIAT, account.id)


def say(
    engine: Engine, flag: int, viewer: Viewer = SYSTEM, reason: str = REASON, on: date = LATER,
    shown_at: datetime | None = None, now: datetime = NOW,
) -> None:  # fmt: skip
    with transaction(engine) as session:
        acknowledge(
            session, viewer, flag, reason=reason, look_again_on=on, shown_at=shown_at, now=now, today=TODAY,
        )  # fmt: skip


def shown(engine: Engine) -> FlagRow:
    with read_session(engine) as session:
        (row,) = (row for row in flag_rows(session, SYSTEM, code="VA-1") if row.rule is FlagRule.S1)
    return row


def test_an_acknowledged_flag_stays_open_with_its_reason_until_the_day_to_look_again(engine: Engine) -> None:
    flag = flagged(engine)
    with transaction(engine) as session:
        viewer = secretary(session)
    say(engine, flag, viewer, f"  {REASON} ")
    row = shown(engine)
    assert (row.id, row.closed_on, row.look_again_on) == (flag, None, LATER)
    assert (row.acknowledged_reason, row.acknowledged_by) == (REASON, "Người dùng thuky")
    assert row.is_set_aside(LATER - timedelta(days=1))
    assert not row.is_set_aside(LATER)


def test_it_is_on_the_audit_chain_with_what_was_said_before(engine: Engine) -> None:
    flag = flagged(engine)
    say(engine, flag, reason="Lý do một")
    say(engine, flag, reason="Lý do hai", shown_at=NOW)
    with read_session(engine) as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.action == "flag_acknowledged")).all()
    assert [row.subject for row in rows] == ["case:VA-1"] * 2
    assert "Lý do một" in rows[1].before
    assert "Lý do hai" in rows[1].after


def test_the_verdicts_of_the_day_hold_after_it(engine: Engine) -> None:
    say(engine, flagged(engine))
    with read_session(engine) as session:
        assert is_fresh(session, TODAY)


def test_the_next_scan_keeps_what_was_said(engine: Engine) -> None:
    say(engine, flagged(engine))
    scan(engine, TODAY + timedelta(days=1))
    assert shown(engine).acknowledged_reason == REASON


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (1, True), (90, True), (91, False)])
def test_a_flag_is_set_aside_for_ninety_days_at_most_and_never_for_good(
    engine: Engine, days: int, allowed: bool
) -> None:
    flag, day = flagged(engine), TODAY + timedelta(days=days)
    if allowed:
        say(engine, flag, on=day)
        return
    with pytest.raises(FieldErrors) as refused:
        say(engine, flag, on=day)
    assert list(refused.value.fields) == ["look_again_on"]
    assert shown(engine).acknowledged_at is None


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_needed(engine: Engine, reason: str) -> None:
    flag = flagged(engine)
    with pytest.raises(FieldErrors) as refused:
        say(engine, flag, reason=reason)
    assert list(refused.value.fields) == ["reason"]


def test_who_did_not_see_the_present_acknowledgement_overwrites_nothing(engine: Engine) -> None:
    flag, soon = flagged(engine), NOW + timedelta(microseconds=1)
    say(engine, flag)
    for shown_at in (None, soon):
        with pytest.raises(StaleFlag):
            say(engine, flag, reason="khác", shown_at=shown_at, now=soon)
    assert shown(engine).acknowledged_reason == REASON
    say(engine, flag, reason="khác", shown_at=shown(engine).acknowledged_at, now=soon)
    assert shown(engine).acknowledged_reason == "khác"


def test_a_flag_that_has_closed_or_is_none_is_not_found(engine: Engine) -> None:
    flag = flagged(engine)
    with transaction(engine) as session:
        file = session.get_one(Case, session.get_one(Flag, flag).case_id)
        make.event(session, case=file, kind="investigation_concluded", on="2026-11-06")
    scan(engine, TODAY)
    for wanted in (flag, flag + 1000):
        with pytest.raises(NotFound):
            say(engine, wanted)


@pytest.mark.parametrize("viewer", (cast.MEMBER, cast.ADMINISTRATOR), ids=lambda viewer: viewer.name)
def test_only_who_records_facts_acknowledges(engine: Engine, viewer: Viewer) -> None:
    flag = flagged(engine)
    with pytest.raises(Forbidden):
        say(engine, flag, viewer)
