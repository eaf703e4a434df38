"""Accounts are added, shut and opened by administrators; passwords follow the policy."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, func, select

from models.changes import people
from models.changes.sign_in import hash_of_token, sign_in
from models.db import read_session, transaction
from models.enums import Role, Secrecy
from models.errors import Forbidden, NotFound
from models.passwords import password_fits
from models.queries.people import account_named, viewer_named, viewer_of_token
from models.rules.access import SYSTEM
from models.rules.words import Refusal
from models.tables import Account, AuditEntry, PasswordHistory, Person
from tests import cast, make

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
DAY = timedelta(hours=8)
GOOD = "Một mật khẩu đủ dài 1"


def attempt(engine, account_id, *, fits, now=NOW):
    with transaction(engine) as session:
        entry = sign_in(session, account_id, fits=fits, now=now, lasts=DAY, address="10.0.0.7")
    return entry and entry.token


def actions(engine):
    with read_session(engine) as session:
        rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [row.action for row in rows if row.subject.startswith("account:")]


def signed_in(engine, token, now=NOW):
    with read_session(engine) as session:
        return viewer_of_token(session, hash_of_token(token), now=now, idle=timedelta(minutes=15))


@pytest.fixture
def account_id(engine):
    with transaction(engine) as session:
        return make.account(session, login="thuky").id


# --- accounts ------------------------------------------------------------------------------------------------------


def test_a_new_account_has_a_person_a_hash_and_one_audit_row(engine):
    with transaction(engine) as session:
        make.agency(session, code="BNC", name_vi="Ban Nội chính")
        people.add_account(
            session,
            cast.ADMINISTRATOR,
            login=" ThuKy.01 ",
            password="Một mật khẩu dài 1",
            role=Role.SECRETARIAT,
            now=NOW,
            display_name="Thư\u202e ký\x00",
            agency="BNC",
        )
    with read_session(engine) as session:
        account = account_named(session, "thuky.01")
        assert password_fits("Một mật khẩu dài 1", account.password_hash)
        assert session.get_one(Person, account.person_id).display_name == "Thư ký"
    assert actions(engine) == ["account_added"]


def test_a_focal_point_acts_for_an_agency_and_has_the_clearance_given(engine):
    given = {"login": "daumoi", "password": "Một mật khẩu 2026!", "role": Role.AGENCY, "now": NOW}
    with transaction(engine) as session:
        agency = make.agency(session, code="CQDT", name_vi="Cơ quan Cảnh sát điều tra").id
    with transaction(engine) as session, pytest.raises(Refusal, match="acts for an agency"):
        people.add_account(session, cast.ADMINISTRATOR, **given)
    with transaction(engine) as session:
        people.add_account(session, cast.ADMINISTRATOR, **given, agency="CQDT", clearance=Secrecy.SECRET)
    with read_session(engine) as session:
        viewer = viewer_named(session, "daumoi")
    assert (viewer.role, viewer.agency_id, viewer.clearance) == (Role.AGENCY, agency, Secrecy.SECRET)


def test_a_name_is_taken_once_whatever_its_case(engine, account_id):
    with transaction(engine) as session, pytest.raises(Refusal, match="taken"):
        people.add_account(session, SYSTEM, login="THUKY", password=GOOD, role=Role.MEMBER, now=NOW)


@pytest.mark.parametrize("login", ["", "a", "a b", "a/b", "<b>", "x" * 61, "a\nb"])
def test_a_name_that_cannot_be_typed_safely_is_refused(engine, login):
    with transaction(engine) as session, pytest.raises(Refusal, match="letters"):
        people.add_account(session, SYSTEM, login=login, password=GOOD, role=Role.MEMBER, now=NOW)


def test_an_account_needs_a_real_role_agency_and_password(engine):
    with transaction(engine) as session:
        with pytest.raises(Refusal, match="not a person"):
            people.add_account(session, SYSTEM, login="ai", password=GOOD, role=Role.SYSTEM, now=NOW)
        with pytest.raises(NotFound, match="'XX'"):
            people.add_account(session, SYSTEM, login="ai", password=GOOD, role=Role.MEMBER, now=NOW, agency="XX")
        with pytest.raises(Refusal, match="short"):
            people.add_account(session, SYSTEM, login="ai", password="x", role=Role.MEMBER, now=NOW)
    with read_session(engine) as session:
        assert session.exec(select(func.count()).select_from(Account)).one() == 0


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.SECRETARIAT, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_only_administrators_manage_accounts(engine, account_id, viewer):
    tries = [
        lambda session: people.add_account(session, viewer, login="ai", password=GOOD, role=Role.MEMBER, now=NOW),
        lambda session: people.disable_account(session, viewer, "thuky", now=NOW),
        lambda session: people.enable_account(session, viewer, "thuky", now=NOW),
        lambda session: people.reset_password(session, viewer, "thuky", GOOD, now=NOW),
        lambda session: people.end_sign_ins(session, viewer, "thuky", now=NOW),
        lambda session: people.end_sign_ins(session, viewer, now=NOW),
    ]
    for attempt_ in tries:
        with transaction(engine) as session, pytest.raises(Forbidden):
            attempt_(session)
    assert actions(engine) == []


def test_disabling_signs_out_everywhere_and_twice_is_once(engine, account_id):
    token = attempt(engine, account_id, fits=True)
    for _ in range(2):
        with transaction(engine) as session:
            people.disable_account(session, SYSTEM, "thuky", now=NOW)
    assert signed_in(engine, token) is None
    assert attempt(engine, account_id, fits=True) is None
    assert actions(engine) == ["signed_in", "account_disabled", "sign_in_refused"]
    with transaction(engine) as session:
        people.enable_account(session, SYSTEM, "thuky", now=NOW)
    assert signed_in(engine, token) is None  # what was ended stays ended
    assert attempt(engine, account_id, fits=True) is not None


def test_nobody_disables_their_own_account(engine):
    with transaction(engine) as session:
        me = cast.accounts(session).administrator
        with pytest.raises(Refusal, match="own"):
            people.disable_account(session, me, me.name, now=NOW)


def test_a_new_password_unlocks_and_signs_out(engine, account_id):
    token = attempt(engine, account_id, fits=True)
    for _ in range(5):
        attempt(engine, account_id, fits=False)
    assert attempt(engine, account_id, fits=True) is None
    with transaction(engine) as session:
        people.reset_password(session, SYSTEM, "thuky", "Mật khẩu mới cấp 1", now=NOW, must_change=True)
    assert signed_in(engine, token) is None
    again = attempt(engine, account_id, fits=True)
    assert again is not None
    who = signed_in(engine, again)
    assert who is not None and who.must_change
    with transaction(engine) as session:
        people.change_own_password(session, who, "Mật khẩu của riêng tôi 1", now=NOW)
    own = signed_in(engine, again)
    assert own is not None and not own.must_change


def test_all_sign_ins_of_everybody_can_be_ended(engine, account_id):
    with transaction(engine) as session:
        other = make.account(session, login="khac").id
    tokens = [attempt(engine, account_id, fits=True), attempt(engine, other, fits=True)]
    with transaction(engine) as session:
        assert people.end_sign_ins(session, SYSTEM, now=NOW) == 2
    assert [signed_in(engine, token) for token in tokens] == [None, None]


def test_unlocking_lets_somebody_in_at_once_and_is_on_the_chain(engine, account_id):
    for _ in range(5):
        attempt(engine, account_id, fits=False)
    for _ in range(2):
        with transaction(engine) as session:
            people.unlock_account(session, SYSTEM, "thuky", now=NOW)
    assert attempt(engine, account_id, fits=True) is not None
    assert actions(engine)[-3:] == ["account_locked", "account_unlocked", "signed_in"]


def test_an_administrator_takes_none_of_the_last_ten_passwords_again_and_the_eleventh_is_free(engine):
    with transaction(engine) as session:
        people.add_account(session, SYSTEM, login="quantri", password=numbered(0), role=Role.ADMINISTRATOR, now=NOW)
    for number in range(1, 10):
        with transaction(engine) as session:
            people.reset_password(session, SYSTEM, "quantri", numbered(number), now=NOW)
    with transaction(engine) as session, pytest.raises(Refusal, match="one of the last 10"):
        people.reset_password(session, SYSTEM, "quantri", numbered(0), now=NOW)
    for number in (10, 0):
        with transaction(engine) as session:
            people.reset_password(session, SYSTEM, "quantri", numbered(number), now=NOW)
    with read_session(engine) as session:
        assert session.exec(select(func.count()).select_from(PasswordHistory)).one() == 10
        assert account_named(session, "quantri").password_changed_at == NOW


def numbered(number):
    return f"Mật khẩu thứ {number} của tôi"


def test_others_may_take_an_old_password_again(engine, account_id):
    for password in (GOOD, numbered(1), GOOD):
        with transaction(engine) as session:
            people.reset_password(session, SYSTEM, "thuky", password, now=NOW)
    with read_session(engine) as session:
        assert password_fits(GOOD, account_named(session, "thuky").password_hash)
