"""The machine's clock goes back by a day: nothing is done twice, nothing breaks, the order of the chain stays."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from jobs.ledger import lease
from jobs.schedule import catch_up
from models.changes._audit import record
from models.changes.sign_in import hash_of_token, sign_in, touch
from models.db import read_session, transaction
from models.enums import RunState
from models.queries.audit import verify
from models.queries.people import viewer_of_token
from models.queries.runs import clock_step
from models.rules.access import SYSTEM
from models.settings import settings
from models.tables import AuditEntry, JobRun, OutboxMail
from seed.reference_data import load_reference
from tests import cast, make

MORNING = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)  # 08:00 in the province
DAY = timedelta(days=1)
IDLE = timedelta(minutes=15)


def at(moment):
    return lambda session: moment


def slots(engine) -> set[tuple[str, str, int]]:
    with read_session(engine) as session:
        return {(run.job, run.slot, run.tries) for run in session.exec(select(JobRun)) if run.state is RunState.DONE}


def test_a_day_that_comes_twice_is_worked_once_and_nothing_is_sent_again(engine, smtp_sink, monkeypatch):
    with transaction(engine) as session:
        load_reference(session, now=datetime(2025, 7, 1, tzinfo=UTC))
        one = make.person(session, email="one@minhchau.example")
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")], responsible=one)
    monkeypatch.setenv("LIEM_SMTP_URL", smtp_sink.url)
    settings.cache_clear()
    try:
        for now in (MORNING - DAY, MORNING):
            catch_up(SYSTEM, on=engine, clock=at(now))
        done, sent = slots(engine), len(smtp_sink.messages)
        for now in (MORNING - DAY, MORNING - DAY + timedelta(hours=1), MORNING):
            assert not any(outcome.ran for outcome in catch_up(SYSTEM, on=engine, clock=at(now)))
        assert (slots(engine), len(smtp_sink.messages)) == (done, sent) and sent == 2, "one for each day"
        assert any(outcome.ran for outcome in catch_up(SYSTEM, on=engine, clock=at(MORNING + DAY)))
    finally:
        settings.cache_clear()
    with read_session(engine) as session:
        assert all(mail.sent_at for mail in session.exec(select(OutboxMail)))
        assert verify(session, SYSTEM).ok


def test_a_run_claimed_in_the_time_that_is_still_to_come_is_taken_over_then(engine):
    with transaction(engine) as session:
        load_reference(session, now=datetime(2025, 7, 1, tzinfo=UTC))
        session.add(JobRun(job="scan", slot="2026-06-10", owner="dead", state=RunState.RUNNING, beat=MORNING + DAY,
                           started_at=MORNING + DAY))  # fmt: skip
    ran = {outcome.job: outcome.ran for outcome in catch_up(SYSTEM, on=engine, clock=at(MORNING - DAY))}
    assert not ran["scan"] and ran["digest"], "its owner may be alive; the other jobs do not wait"
    assert catch_up(SYSTEM, on=engine, clock=at(MORNING))  # the next day is another slot
    assert ("scan", "2026-06-11", 1) in slots(engine)
    late = MORNING + DAY + lease() + timedelta(seconds=1)
    catch_up(SYSTEM, on=engine, clock=at(late))
    assert ("scan", "2026-06-12", 1) in slots(engine)


def test_the_chain_keeps_its_order_and_the_step_is_told(engine):
    with transaction(engine) as session:
        for now in (MORNING, MORNING - DAY, MORNING - DAY + timedelta(minutes=1)):
            record(session, SYSTEM, "looked", "x", now=now)
    with read_session(engine) as session:
        assert verify(session, SYSTEM).ok
        rows = session.exec(select(AuditEntry).where(AuditEntry.action == "looked").order_by(AuditEntry.id)).all()
        assert [row.at for row in rows] == [MORNING, MORNING - DAY, MORNING - DAY + timedelta(minutes=1)]
        assert clock_step(session, cast.SECRETARIAT) == (MORNING, MORNING - DAY)


def test_who_is_signed_in_stays_so_and_no_longer_than_by_the_later_clock(engine):
    with transaction(engine) as session:
        account = make.account(session, login="thuky", created_at=MORNING)
        entry = sign_in(session, account.id, fits=True, now=MORNING, lasts=timedelta(hours=8), address="10.0.0.7")

    def who(now):
        with read_session(engine) as session:
            return viewer_of_token(session, hash_of_token(entry.token), now=now, idle=IDLE)

    back = MORNING - DAY
    assert who(back).viewer.name == "thuky"
    with transaction(engine) as session:
        touch(session, who(back).sign_in_id, now=back)
    assert who(back + timedelta(minutes=1))
    assert who(MORNING + timedelta(hours=9)) is None
