"""Who is signed in, who is named, and who may see the accounts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from models.db import read_session, transaction
from models.enums import Role
from models.errors import Forbidden, NotFound
from models.queries.people import account_rows, credentials_of, login_of, viewer_named, viewer_of_token
from models.tables import SignIn
from tests import cast, make

NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
IDLE = timedelta(minutes=15)
TOKEN = "a" * 64


def sign_in(session, account, **more):
    """A sign-in of `account` made an hour ago, last active now, for eight hours."""
    columns: dict[str, Any] = {
        "token_sha256": TOKEN,
        "created_at": NOW - timedelta(hours=1),
        "last_seen_at": NOW,
        "expires_at": NOW + timedelta(hours=7),
        "address": "10.0.0.7",
    }
    session.add(SignIn(account_id=account.id, **(columns | more)))


def found(engine, now=NOW, token=TOKEN):
    with read_session(engine) as session:
        return viewer_of_token(session, token, now=now, idle=IDLE)


def test_a_sign_in_names_the_viewer_with_role_agency_and_address(engine):
    with transaction(engine) as session:
        police = make.agency(session)
        person = make.person(session, display_name="Đầu mối", agency=police, language="en")
        account = make.account(session, login="daumoi", role=Role.MEMBER, person=person)
        sign_in(session, account)
    who = found(engine)
    assert who is not None
    assert (who.viewer.name, who.viewer.role, who.viewer.agency_id) == ("daumoi", Role.MEMBER, police.id)
    assert (who.viewer.account_id, who.viewer.address) == (account.id, "10.0.0.7")
    assert (who.display_name, who.language, who.must_change) == ("Đầu mối", "en", False)
    assert found(engine, token="b" * 64) is None


def test_a_sign_in_ends_by_silence_time_and_revocation_on_the_second(engine):
    with transaction(engine) as session:
        account = make.account(session)
        sign_in(session, account)
        sign_in(session, account, token_sha256="b" * 64, expires_at=NOW + timedelta(minutes=1))
        sign_in(session, account, token_sha256="c" * 64, revoked_at=NOW)
    second = timedelta(seconds=1)
    assert found(engine, NOW + IDLE - second) is not None
    assert found(engine, NOW + IDLE) is None
    assert found(engine, NOW + timedelta(minutes=1) - second, "b" * 64) is not None
    assert found(engine, NOW + timedelta(minutes=1), "b" * 64) is None
    assert found(engine, NOW, "c" * 64) is None


def test_a_disabled_account_has_no_sign_in(engine):
    with transaction(engine) as session:
        sign_in(session, make.account(session, disabled_at=NOW))
    assert found(engine) is None


@pytest.mark.parametrize(
    "since, until, serves",
    [(date(2026, 11, 21), None, True), (date(2026, 11, 22), None, False)]
    + [(None, date(2026, 11, 21), True), (None, date(2026, 11, 20), False)],
)
def test_a_person_signs_in_only_while_holding_the_function(engine, since, until, serves):
    with transaction(engine) as session:
        sign_in(session, make.account(session, person=make.person(session, valid_from=since, valid_to=until)))
    assert (found(engine) is not None) is serves


def test_the_viewer_of_a_name_for_the_command_line(engine):
    with transaction(engine) as session:
        made = make.account(session, login="thuky", role=Role.SECRETARIAT)
        make.account(session, login="cu", disabled_at=NOW)
    with read_session(engine) as session:
        viewer = viewer_named(session, " ThuKy ")
        assert (viewer.name, viewer.role, viewer.account_id) == ("thuky", Role.SECRETARIAT, made.id)
        with pytest.raises(Forbidden, match="disabled"):
            viewer_named(session, "cu")
        with pytest.raises(NotFound, match="'ai'"):
            viewer_named(session, "ai")


def test_names_are_compared_composed_and_in_lower_case():
    assert login_of(" Đức\u0301 ") == login_of("đứ\u0063\u0301")
    assert login_of("THUKY") == "thuky"


def test_credentials_exist_for_known_names_only(engine):
    with transaction(engine) as session:
        made = make.account(session, login="thuky")
    with read_session(engine) as session:
        known = credentials_of(session, "thuky")
        assert known is not None
        assert (known.account_id, known.password_hash) == (made.id, make.NO_PASSWORD)
        assert credentials_of(session, "ai") is None


def test_administrators_see_every_account_and_how_often_it_is_signed_in(engine):
    with transaction(engine) as session:
        people = cast.accounts(session)
        member = make.account(session, login="ban2", role=Role.MEMBER)
        sign_in(session, member)
        sign_in(session, member, token_sha256="b" * 64)
        sign_in(session, member, token_sha256="c" * 64, revoked_at=NOW)
        sign_in(session, member, token_sha256="d" * 64, expires_at=NOW)
    with read_session(engine) as session:
        rows = account_rows(session, people.administrator, now=NOW)
    assert [row.login for row in rows] == ["ban2", "kiemtra", "quantri", "thuky", "truongban", "uyvien"]
    assert [row.sign_ins for row in rows] == [2, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.SECRETARIAT, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_nobody_else_sees_the_accounts(engine, viewer):
    with read_session(engine) as session, pytest.raises(Forbidden):
        account_rows(session, viewer, now=NOW)
