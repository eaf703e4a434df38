"""Signing in counts, locks and leaves a trace; a second factor stands between the password and the way in."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlmodel import col, select

from models.changes.second_factor import (
    confirm_secret,
    offer_secret,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from models.changes.sign_in import (
    STEP_LASTS,
    end_own_sign_ins,
    enter_code,
    forgive_address,
    hash_of_token,
    sign_in,
    sign_out,
    touch,
    unknown_sign_in,
)
from models.db import read_session, transaction
from models.enums import Role
from models.errors import Forbidden
from models.queries.people import viewer_of_token
from models.queries.sign_in import own_account, waits_until
from models.rules.access import SYSTEM
from models.rules.words import Refusal
from models.settings import settings
from models.tables import Account, AuditEntry, DataVersion, RecoveryCode, SecondFactor, SignIn
from tests import cast, make

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
DAY = timedelta(hours=8)
MINUTE = timedelta(minutes=1)
IDLE = timedelta(minutes=15)
HALF = timedelta(seconds=30)


def enter(engine, account_id, *, fits=True, now=NOW):
    with transaction(engine) as session:
        return sign_in(session, account_id, fits=fits, now=now, lasts=DAY, address="10.0.0.7")


def attempt(engine, account_id, *, fits, now=NOW):
    entry = enter(engine, account_id, fits=fits, now=now)
    return entry and entry.token


def second(engine, step, code, now=NOW):
    with transaction(engine) as session:
        return enter_code(session, step.token, code, now=now, lasts=DAY, address="10.0.0.7")


def app(now=NOW, secret=make.APP_SECRET):
    """The code that the app shows at that instant."""
    return pyotp.TOTP(secret).at(now)


def actions(engine):
    with read_session(engine) as session:
        rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [row.action for row in rows if row.subject.startswith("account:")]


def signed_in(engine, token, now=NOW):
    with read_session(engine) as session:
        return viewer_of_token(session, hash_of_token(token), now=now, idle=IDLE)


@pytest.fixture
def account_id(engine):
    with transaction(engine) as session:
        return make.account(session, login="thuky").id


@pytest.fixture
def guarded_id(engine):
    """An account with an authenticator app."""
    with transaction(engine) as session:
        return make.account(session, login="quantri", role=Role.ADMINISTRATOR).id


# --- name and password ---------------------------------------------------------------------------------------------


def test_five_failures_lock_for_a_quarter_of_an_hour_and_more_for_longer(engine, account_id):
    for _ in range(5):
        assert attempt(engine, account_id, fits=False) is None
    assert attempt(engine, account_id, fits=True, now=NOW + 15 * MINUTE - timedelta(seconds=1)) is None
    sixth = NOW + 15 * MINUTE
    assert attempt(engine, account_id, fits=False, now=sixth) is None
    assert attempt(engine, account_id, fits=True, now=sixth + 30 * MINUTE - timedelta(seconds=1)) is None
    assert attempt(engine, account_id, fits=True, now=sixth + 30 * MINUTE) is not None
    assert actions(engine) == [
        *["sign_in_failed"] * 5,
        "account_locked",
        "sign_in_refused",
        "sign_in_failed",
        "account_locked",
        "sign_in_refused",
        "signed_in",
    ]


def test_no_lock_is_longer_than_four_hours(engine, account_id):
    with transaction(engine) as session:
        session.get_one(Account, account_id).failures = 500
    attempt(engine, account_id, fits=False)
    assert attempt(engine, account_id, fits=True, now=NOW + 4 * 60 * MINUTE) is not None


def test_a_success_starts_the_count_afresh(engine, account_id):
    for _ in range(4):
        attempt(engine, account_id, fits=False)
    assert attempt(engine, account_id, fits=True) is not None
    for _ in range(4):
        attempt(engine, account_id, fits=False)
    assert attempt(engine, account_id, fits=True) is not None


def test_attempts_while_locked_do_not_prolong_the_lock(engine, account_id):
    for _ in range(5):
        attempt(engine, account_id, fits=False)
    for _ in range(20):
        attempt(engine, account_id, fits=False, now=NOW + MINUTE)
    assert attempt(engine, account_id, fits=True, now=NOW + 15 * MINUTE) is not None


def test_signing_out_ends_this_browser_only(engine, account_id):
    first, second = attempt(engine, account_id, fits=True), attempt(engine, account_id, fits=True)
    assert first != second
    who = signed_in(engine, first)
    assert who is not None
    with transaction(engine) as session:
        sign_out(session, who, now=NOW)
    assert signed_in(engine, first) is None
    assert signed_in(engine, second) is not None


def test_activity_moves_the_end_of_silence_forward_and_never_back(engine, account_id):
    token = attempt(engine, account_id, fits=True)
    who = signed_in(engine, token)
    assert who is not None
    for at in (NOW + 10 * MINUTE, NOW + 5 * MINUTE):
        with transaction(engine) as session:
            touch(session, who.sign_in_id, now=at)
    assert signed_in(engine, token, NOW + 24 * MINUTE) is not None
    assert signed_in(engine, token, NOW + 25 * MINUTE) is None


def test_signing_in_changes_no_figure_so_nothing_computed_is_forgotten(engine, account_id):
    with read_session(engine) as session:
        before = session.exec(select(DataVersion.n)).one()
    token = attempt(engine, account_id, fits=True)
    attempt(engine, account_id, fits=False)
    who = signed_in(engine, token)
    with transaction(engine) as session:
        touch(session, who.sign_in_id, now=NOW + MINUTE)
        sign_out(session, who, now=NOW)
    with read_session(engine) as session:
        assert session.exec(select(DataVersion.n)).one() == before


def test_the_token_itself_is_nowhere_in_the_database(engine, account_id):
    token = attempt(engine, account_id, fits=True)
    with read_session(engine) as session:
        row = session.exec(select(SignIn)).one()
        trace = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).all()[0]
    assert token not in repr(row)
    assert token not in repr(trace)
    assert row.address == trace.address == "10.0.0.7"


# --- an address ----------------------------------------------------------------------------------------------------


def fail(engine, times, *, address="10.0.0.1", now=NOW):
    for _ in range(times):
        with transaction(engine) as session:
            unknown_sign_in(session, now=now, address=address)


def waits(engine, address="10.0.0.1", now=NOW):
    with read_session(engine) as session:
        until = waits_until(session, address, now=now)
    return until and until - now


def test_the_fifth_failure_of_an_address_makes_it_wait_and_each_further_one_twice_as_long(engine):
    fail(engine, 4)
    assert waits(engine) is None
    fail(engine, 1)
    assert waits(engine) == MINUTE
    assert waits(engine, now=NOW + MINUTE) is None
    fail(engine, 1, now=NOW + MINUTE)
    assert waits(engine, now=NOW + MINUTE) == 2 * MINUTE
    fail(engine, 20, now=NOW + MINUTE)
    assert waits(engine, now=NOW + MINUTE) == 60 * MINUTE
    assert waits(engine, "10.0.0.2") is None


def test_failures_of_an_address_are_forgotten_after_an_hour_of_rest_or_a_success(engine):
    fail(engine, 5)
    rested = NOW + 61 * MINUTE  # an hour after the wait was over
    fail(engine, 1, now=rested - timedelta(seconds=1))
    assert waits(engine, now=rested) is not None
    fail(engine, 4, address="10.0.0.3")
    with transaction(engine) as session:
        forgive_address(session, "10.0.0.3")
    fail(engine, 4, address="10.0.0.3")
    assert waits(engine, "10.0.0.3") is None


def test_an_office_behind_one_address_is_given_more(engine, monkeypatch):
    monkeypatch.setenv("LIEM_ADDRESS_FAILURES", "30")
    settings.cache_clear()
    try:
        fail(engine, 29)
        assert waits(engine) is None
        fail(engine, 1)
        assert waits(engine) == MINUTE
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_one_machine_does_not_hide_in_its_ipv6_network(engine):
    for number in range(5):
        fail(engine, 1, address=f"2001:db8:1:2::{number}")
    assert waits(engine, "2001:db8:1:2:ffff::1") == MINUTE
    assert waits(engine, "2001:db8:1:3::1") is None


# --- the second factor ---------------------------------------------------------------------------------------------


def test_the_password_alone_opens_nothing_where_there_is_a_second_factor(engine, guarded_id):
    step = enter(engine, guarded_id)
    assert step.needs_code
    assert signed_in(engine, step.token) is None
    entry = second(engine, step, app())
    assert not entry.needs_code and entry.token != step.token
    assert signed_in(engine, entry.token).viewer.name == "quantri"
    assert actions(engine) == ["first_factor_accepted", "signed_in"]
    assert second(engine, step, app(NOW + HALF)) is None  # the step is used


@pytest.mark.parametrize(("apart", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_of_the_half_minutes_beside_is_taken_and_no_other(engine, guarded_id, apart, fits):
    assert (second(engine, enter(engine, guarded_id), app(NOW + apart * HALF)) is not None) is fits


def test_no_code_is_taken_twice_nor_one_older_than_the_last(engine, guarded_id):
    assert second(engine, enter(engine, guarded_id), app()) is not None
    step = enter(engine, guarded_id)
    assert second(engine, step, app()) is None
    assert second(engine, step, app(NOW - HALF)) is None
    assert second(engine, step, app(NOW + HALF)) is not None


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "x" * 24, "AAAA-" * 6, "\0" * 6])
def test_what_is_no_code_opens_nothing(engine, guarded_id, code):
    assert second(engine, enter(engine, guarded_id), code) is None


def test_five_wrong_codes_lock_the_account_and_end_the_step(engine, guarded_id):
    step = enter(engine, guarded_id)
    for _ in range(5):
        assert second(engine, step, "000000") is None
    assert second(engine, step, app()) is None
    assert enter(engine, guarded_id) is None  # the right password does not help
    assert enter(engine, guarded_id, now=NOW + 15 * MINUTE) is not None
    assert actions(engine).count("second_factor_failed") == 5
    assert "account_locked" in actions(engine)


def test_a_right_password_does_not_forget_wrong_codes(engine, guarded_id):
    for _ in range(5):
        second(engine, enter(engine, guarded_id), "000000")
    assert enter(engine, guarded_id) is None


def test_the_step_lasts_five_minutes(engine, guarded_id):
    step = enter(engine, guarded_id)
    late = NOW + STEP_LASTS
    assert second(engine, step, app(late), now=late) is None
    assert second(engine, step, app(late), now=late - timedelta(seconds=1)) is not None


def test_disabling_or_signing_out_everywhere_ends_the_step(engine, guarded_id):
    from models.changes.people import end_sign_ins

    step = enter(engine, guarded_id)
    with transaction(engine) as session:
        end_sign_ins(session, SYSTEM, "quantri", now=NOW)
    assert second(engine, step, app()) is None
    step = enter(engine, guarded_id)
    with transaction(engine) as session:
        session.get_one(Account, guarded_id).disabled_at = NOW
    assert second(engine, step, app()) is None
    assert actions(engine)[-1] == "sign_in_refused"


def test_an_app_is_set_up_with_its_first_code_and_recovery_codes_work_once(engine, account_id):
    token, other = attempt(engine, account_id, fits=True), attempt(engine, account_id, fits=True)
    me = signed_in(engine, token)
    with transaction(engine) as session:
        secret = offer_secret(session, me, now=NOW)
        assert offer_secret(session, me, now=NOW + MINUTE) == secret  # the page read again shows the same
        assert confirm_secret(session, me, "000000", now=NOW) is None
    assert not enter(engine, account_id).needs_code  # not in force yet
    with transaction(engine) as session:
        codes = confirm_secret(session, me, app(secret=secret), now=NOW)
    assert len(set(codes)) == 10 and signed_in(engine, other) is None and signed_in(engine, token) is not None
    step = enter(engine, account_id)
    assert step.needs_code and second(engine, step, app(secret=secret)) is None  # the code was used to set it up
    spelt = codes[0].lower().replace("-", " ")
    assert second(engine, step, spelt) is not None
    assert second(engine, enter(engine, account_id), codes[0]) is None
    with read_session(engine) as session:
        own = own_account(session, me, now=NOW, idle=IDLE)
        stored = repr(session.exec(select(RecoveryCode)).all()) + repr(session.exec(select(SecondFactor)).all())
    assert (own.has_second_factor, own.recovery_codes) == (True, 9)
    assert secret not in stored and not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert "recovery_code_used" in actions(engine)
    with transaction(engine) as session:
        renewed = renew_recovery_codes(session, me, now=NOW)
    assert second(engine, enter(engine, account_id), codes[1]) is None
    assert second(engine, enter(engine, account_id), renewed[1]) is not None


def test_another_accounts_recovery_code_or_sealed_secret_is_worth_nothing(engine, guarded_id):
    with transaction(engine) as session:
        other = make.account(session, login="quantri2", role=Role.ADMINISTRATOR).id
        codes = renew_recovery_codes(session, _me(session, other), now=NOW)
    assert second(engine, enter(engine, guarded_id), codes[0]) is None
    with transaction(engine) as session:  # somebody at the database puts the own secret in another's row
        session.get_one(SecondFactor, guarded_id).secret = session.get_one(SecondFactor, other).secret
    assert second(engine, enter(engine, guarded_id), app()) is None


def _me(session, account_id):
    entry = enter_by_code(session, account_id)
    return viewer_of_token(session, hash_of_token(entry.token), now=NOW, idle=IDLE)


def enter_by_code(session, account_id):
    step = sign_in(session, account_id, fits=True, now=NOW, lasts=DAY, address="10.0.0.7")
    return enter_code(session, step.token, app(), now=NOW, lasts=DAY, address="10.0.0.7")


def test_an_administrator_does_not_go_without_and_others_may(engine, guarded_id):
    with transaction(engine) as session:
        me = _me(session, guarded_id)
        with pytest.raises(Refusal, match="second factor only"):
            remove_second_factor(session, me, now=NOW)
        member = make.account(session, login="uyvien", role=Role.MEMBER, second_factor=True).id
        remove_second_factor(session, _me(session, member), now=NOW)
    assert not enter(engine, member).needs_code
    assert actions(engine)[-2:] == ["second_factor_removed", "signed_in"]


def test_a_lost_telephone_is_forgotten_by_an_administrator_and_has_to_be_set_up_again(engine, guarded_id):
    with transaction(engine) as session:
        token = enter_by_code(session, guarded_id).token
    for viewer in (cast.MEMBER, cast.SECRETARIAT):
        with transaction(engine) as session, pytest.raises(Forbidden):
            reset_second_factor(session, viewer, "quantri", now=NOW)
    for _ in range(2):
        with transaction(engine) as session:
            reset_second_factor(session, cast.ADMINISTRATOR, "quantri", now=NOW)
    assert signed_in(engine, token) is None
    me = signed_in(engine, enter(engine, guarded_id).token)
    assert me.owes == "second_factor"
    assert actions(engine).count("second_factor_reset") == 1


# --- one's own sign-ins --------------------------------------------------------------------------------------------


def test_people_see_their_browsers_and_end_one_or_all_others(engine, account_id):
    with transaction(engine) as session:
        stranger = make.account(session, login="khac").id
    tokens = [attempt(engine, account_id, fits=True, now=NOW + number * MINUTE) for number in range(3)]
    foreign = attempt(engine, stranger, fits=True)
    later = NOW + 3 * MINUTE
    me = signed_in(engine, tokens[0], later)
    with read_session(engine) as session:
        shown = own_account(session, me, now=later, idle=IDLE).sign_ins
    assert [row.is_this for row in shown] == [False, False, True]
    with transaction(engine) as session:
        other = signed_in(engine, foreign, later)
        assert end_own_sign_ins(session, me, other.sign_in_id, now=later) == 0  # somebody else's
        assert end_own_sign_ins(session, me, shown[0].sign_in_id, now=later) == 1
    assert [signed_in(engine, token, later) is not None for token in tokens] == [True, True, False]
    with transaction(engine) as session:
        assert end_own_sign_ins(session, me, now=later) == 1
    assert [signed_in(engine, token, later) is not None for token in tokens] == [True, False, False]
    assert signed_in(engine, foreign, later) is not None
