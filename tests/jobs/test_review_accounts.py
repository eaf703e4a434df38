"""An account not used for 45 days is shut, dated, once; the last administrator never."""

from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import col, select

from jobs.ledger import run
from jobs.schedule import job_named
from models.changes.people import disable_account, enable_account
from models.clock import PROVINCE
from models.db import read_session, transaction
from models.enums import Role
from models.queries.people import account_named
from models.queries.sign_in import review_state
from models.rules.access import SYSTEM
from models.rules.accounts import review_due_on
from models.tables import AccountReview, AuditEntry, SignIn
from tests import cast, make

TODAY = date(2026, 11, 21)
AT = datetime.combine(TODAY, time(8), tzinfo=PROVINCE).astimezone(UTC)


def ago(days, *, at=time(23, 59)):
    """An instant so many days of the province ago."""
    return datetime.combine(TODAY - timedelta(days=days), at, tzinfo=PROVINCE).astimezone(UTC)


def review(engine, day=TODAY):
    outcome = run(job_named("accounts"), day, SYSTEM, on=engine, clock=lambda session: AT)
    assert outcome.failed == []
    return outcome


def state(engine, login):
    with read_session(engine) as session:
        account = account_named(session, login)
    return account.disabled_at, account.disabled_because


def test_the_forty_fifth_day_without_a_sign_in_shuts_an_account_once(lawful):
    with transaction(lawful) as session:
        make.account(session, login="quantri", role=Role.ADMINISTRATOR, last_sign_in_at=ago(1))
        make.account(session, login="44", last_sign_in_at=ago(44, at=time(0)))
        make.account(session, login="45", last_sign_in_at=ago(45))
        make.account(session, login="never44", created_at=ago(44, at=time(0)))
        make.account(session, login="never45", created_at=ago(45))
        make.account(session, login="opened", last_sign_in_at=ago(200), enabled_at=ago(3))
        make.account(session, login="shut", last_sign_in_at=ago(200), disabled_at=ago(100))
    assert review(lawful).did == {"disabled": ["45", "never45"], "kept": []}
    assert state(lawful, "45") == state(lawful, "never45") == (AT, "idle")
    assert {state(lawful, name)[0] for name in ("44", "never44", "opened", "quantri")} == {None}
    assert not review(lawful).ran
    assert review(lawful, TODAY + timedelta(days=1)).did["disabled"] == ["44", "never44"]
    with read_session(lawful) as session:
        rows = session.exec(select(AuditEntry).where(col(AuditEntry.action) == "account_disabled")).all()
    assert [row.subject for row in rows[:2]] == ["account:45", "account:never45"]
    assert '"used_on":"2026-10-07"' in rows[0].after and '"due_on":"2026-11-21"' in rows[0].after


def test_who_is_opened_again_has_forty_five_days(lawful):
    with transaction(lawful) as session:
        make.account(session, login="quantri", role=Role.ADMINISTRATOR, last_sign_in_at=ago(1))
        make.account(session, login="lau", last_sign_in_at=ago(45))
    review(lawful)
    with transaction(lawful) as session:
        enable_account(session, cast.ADMINISTRATOR, "lau", now=AT)
    assert review(lawful, TODAY + timedelta(days=44)).did["disabled"] == []
    assert review(lawful, TODAY + timedelta(days=45)).did["disabled"] == ["lau"]


def test_the_last_administrator_is_kept_and_named(lawful):
    with transaction(lawful) as session:
        for login, days in (("cu", 90), ("moi", 60)):
            make.account(session, login=login, role=Role.ADMINISTRATOR, last_sign_in_at=ago(days))
    assert review(lawful).did == {"disabled": ["cu"], "kept": ["moi"]}
    assert state(lawful, "moi") == (None, None)
    with transaction(lawful) as session:
        make.account(session, login="them", role=Role.ADMINISTRATOR, created_at=ago(0))
    assert review(lawful, TODAY + timedelta(days=1)).did == {"disabled": ["moi"], "kept": []}
    with transaction(lawful) as session:
        disable_account(session, SYSTEM, "them", now=AT)


def test_the_review_of_rights_is_due_six_months_after_the_last(lawful):
    with transaction(lawful) as session:
        who = make.account(session, login="quantri", role=Role.ADMINISTRATOR, created_at=ago(30))
        session.add(AccountReview(signed_at=AT, signed_by=who.id, accounts=1, list_sha256="0" * 64))
    with read_session(lawful) as session:
        for day, late in ((date(2027, 5, 21), False), (date(2027, 5, 22), True)):
            found = review_state(session, cast.ADMINISTRATOR, today=day)
            assert (found.due_on, found.is_late) == (date(2027, 5, 21), late)
    assert review_due_on(date(2026, 8, 31), months=6) == date(2027, 2, 28)


def test_what_is_kept_of_people_and_is_old_goes_in_the_same_run(lawful):
    with transaction(lawful) as session:
        account = make.account(session, login="thuky", last_sign_in_at=ago(1))
        old = {"created_at": ago(400), "last_seen_at": ago(400), "expires_at": ago(400)}
        session.add(SignIn(token_sha256="a" * 64, account_id=account.id, address="10.0.0.7", **old))
    assert review(lawful).did["removed"] == {"sign_ins": 1, "drafts": 0, "mails": 0}
    assert "removed" not in review(lawful, TODAY + timedelta(days=1)).did
