"""The migrations make exactly the tables of models/tables, on both databases, and can be taken back."""

from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from models.db import Schema, alembic_config, make_engine, migrate, schema_of
from models.tables import metadata


@pytest.fixture
def empty_engine(empty_database_url: str) -> Iterator[Engine]:
    made = make_engine(empty_database_url)
    yield made
    made.dispose()


def is_ours(_thing: Any, name: str | None, *_where: object) -> bool:
    """Whether it is compared. SQLite's full-text table is none of the models, and stands for PostgreSQL's index."""
    return not str(name).startswith("search_fts") and name != "ix_search_entry_words"


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True, "include_object": is_ours}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_a_migrated_database_has_exactly_the_tables_of_the_models(engine):
    assert differences(engine) == []
    assert set(metadata.tables) <= set(inspect(engine).get_table_names())


def test_the_comparison_notices_a_missing_table(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE data_version")
    assert [found[0] for found in differences(engine)] == ["add_table"]


def test_migrating_twice_changes_nothing(empty_database_url, empty_engine):
    migrate(empty_database_url)
    migrate(empty_database_url)
    assert schema_of(empty_engine) is Schema.CURRENT
    assert differences(empty_engine) == []


def test_all_migrations_can_be_taken_back_and_made_again(empty_database_url, empty_engine):
    migrate(empty_database_url)
    command.downgrade(alembic_config(empty_database_url), "base")
    assert set(inspect(empty_engine).get_table_names()) <= {"alembic_version"}
    migrate(empty_database_url)
    assert differences(empty_engine) == []
