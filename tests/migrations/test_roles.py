"""The step to more roles keeps every account; the way back shuts the accounts that an older program does not know."""

import pytest
from alembic import command
from sqlalchemy import text

from models.db import alembic_config, make_engine, migrate

PERSON = """INSERT INTO person (id, display_name, function, email, language)
    VALUES (:id, 'Người dùng', '', '', 'vi')"""
ACCOUNT = """INSERT INTO account
    (id, person_id, login, role, clearance, password_hash, must_change, failures, created_at)
    VALUES (:id, :id, :login, :role, :clearance, '!', :no, 0, '2026-01-05 01:00:00+00:00')"""


def add(engine, number, role, clearance):
    with engine.begin() as connection:
        connection.execute(text(PERSON), {"id": number})
        row = {"id": number, "login": f"n{number}", "role": role, "clearance": clearance, "no": False}
        connection.execute(text(ACCOUNT), row)


@pytest.fixture
def before(empty_database_url):
    """A database of the step before, with an account whose clearance is a level, and one whose clearance is none."""
    command.upgrade(alembic_config(empty_database_url), "0009")
    made = make_engine(empty_database_url)
    add(made, 1, "secretariat", "secret")
    add(made, 2, "member", "nonsense")
    yield made
    made.dispose()


def rows(engine):
    asked = "SELECT id, login, role, clearance, disabled_at IS NULL FROM account ORDER BY id"
    with engine.connect() as connection:
        return [(*row[:4], bool(row[4])) for row in connection.execute(text(asked))]


def test_every_account_is_kept_and_only_a_clearance_that_is_no_level_is_none(before, empty_database_url):
    migrate(empty_database_url)
    assert rows(before) == [(1, "n1", "secretariat", "secret", True), (2, "n2", "member", "none", True)]
    for number, role in enumerate(("lead", "agency", "auditor"), start=3):
        add(before, number, role, "none")
    for role, clearance in (("chief", "none"), ("member", "nonsense")):
        with pytest.raises(Exception, match=r"(?i)check"):
            add(before, 9, role, clearance)


def test_the_way_back_keeps_the_accounts_of_the_new_roles_shut(before, empty_database_url):
    migrate(empty_database_url)
    add(before, 3, "lead", "top_secret")
    command.downgrade(alembic_config(empty_database_url), "0009")
    assert rows(before)[2] == (3, "n3", "member", "top_secret", False)
    with pytest.raises(Exception, match=r"(?i)check"):
        add(before, 4, "lead", "none")
