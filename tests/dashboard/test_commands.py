"""`liem user …`: accounts from the command line; the password never stands in an argument."""

import pytest

from models.db import make_engine, read_session
from models.passwords import password_fits
from models.queries.people import account_named, viewer_named
from tests.serving import liem

PASSWORD = "Mật khẩu thử 1"


def test_accounts_are_added_listed_disabled_and_given_a_new_password(sqlite_url):
    added = liem("user", "add", "ThuKy", "--role", "secretariat", database_url=sqlite_url, stdin=PASSWORD + "\n")
    assert (added.returncode, added.stdout) == (0, "")
    listed = liem("user", "list", database_url=sqlite_url)
    assert listed.stdout.split("\t")[:3] == ["thuky", "secretariat", "active"]
    assert liem("user", "passwd", "thuky", database_url=sqlite_url, stdin="một cái khác").returncode == 0
    engine = make_engine(sqlite_url)
    with read_session(engine) as session:
        assert password_fits("một cái khác", account_named(session, "thuky").password_hash)
        assert viewer_named(session, "thuky").name == "thuky"
    assert liem("user", "disable", "thuky", database_url=sqlite_url).returncode == 0
    assert "\tdisabled\t" in liem("user", "list", database_url=sqlite_url).stdout
    engine.dispose()


@pytest.mark.parametrize(
    "arguments, stdin, code, said",
    [
        (["add", "ai", "--role", "boss"], PASSWORD, 2, "member, secretariat, administrator"),
        (["add", "ai", "--role", "system"], PASSWORD, 2, "member, secretariat, administrator"),
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
