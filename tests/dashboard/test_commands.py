"""`liem user …`: accounts from the command line; the password never stands in an argument."""

from datetime import timedelta

import pytest

from models import clock
from models.db import make_engine, read_session, transaction
from models.enums import Role
from models.passwords import password_fits
from models.queries.people import account_named, has_second_factor, viewer_named
from tests import make
from tests.serving import liem

PASSWORD = "Mật khẩu thử số 1"


def test_accounts_are_added_listed_disabled_and_given_a_new_password(sqlite_url):
    added = liem("user", "add", "ThuKy", "--role", "secretariat", database_url=sqlite_url, stdin=PASSWORD + "\n")
    assert (added.returncode, added.stdout) == (0, "")
    listed = liem("user", "list", database_url=sqlite_url)
    assert listed.stdout.split("\t")[:3] == ["thuky", "secretariat", "active"]
    assert liem("user", "passwd", "thuky", database_url=sqlite_url, stdin="Một cái khác hẳn 1").returncode == 0
    engine = make_engine(sqlite_url)
    with read_session(engine) as session:
        assert password_fits("Một cái khác hẳn 1", account_named(session, "thuky").password_hash)
        assert viewer_named(session, "thuky").name == "thuky"
        assert account_named(session, "thuky").must_change  # somebody else typed it
    assert liem("user", "disable", "thuky", database_url=sqlite_url).returncode == 0
    assert "\tdisabled\t" in liem("user", "list", database_url=sqlite_url).stdout
    engine.dispose()


@pytest.mark.parametrize(
    "arguments, stdin, code, said",
    [
        (["add", "ai", "--role", "boss"], PASSWORD, 2, "member, secretariat, lead, agency, auditor, administrator"),
        (["add", "ai", "--role", "system"], PASSWORD, 2, "member, secretariat, lead, agency, auditor, administrator"),
        (["add", "ai", "--role", "member"], "", 2, "No password"),
        (["add", "ai", "--role", "member"], "short", 1, "too short"),
        (["add", "ai", "--role", "member", "--agency", "XX"], PASSWORD, 1, "'XX'"),
        (["disable", "ai"], "", 1, "'ai'"),
        (["passwd", "ai"], PASSWORD, 1, "'ai'"),
    ],
)
def test_a_mistake_is_one_line_and_an_exit_code(sqlite_url, arguments, stdin, code, said):
    done = liem("user", *arguments, database_url=sqlite_url, stdin=stdin, LIEM_LANGUAGE="en")
    assert done.returncode == code
    assert said in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


def test_an_operator_unlocks_forgets_a_second_factor_and_lets_a_person_type_the_own_password(sqlite_url):
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        locked = make.account(session, login="quantri", role=Role.ADMINISTRATOR)
        locked.failures, locked.locked_until = 5, clock.now() + timedelta(minutes=15)
        make.account(session, login="cu", disabled_at=clock.now())
    assert "quantri\tadministrator\tlocked" in liem("user", "list", database_url=sqlite_url).stdout
    for command in (["unlock", "quantri"], ["reset-second-factor", "quantri"], ["enable", "cu"]):
        assert liem("user", *command, database_url=sqlite_url).returncode == 0
    own = ["user", "passwd", "cu", "--own-password"]
    assert liem(*own, database_url=sqlite_url, stdin=PASSWORD).returncode == 0
    with read_session(engine) as session:
        assert account_named(session, "quantri").locked_until is None
        assert not has_second_factor(session, account_named(session, "quantri").id)
        opened = account_named(session, "cu")
        assert (opened.disabled_at, opened.must_change) == (None, False)
    engine.dispose()
