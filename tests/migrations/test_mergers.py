"""The step to mergers that say which file goes on keeps every event, there and back."""

import pytest
from alembic import command
from sqlalchemy import text

from models.db import alembic_config, make_engine
from tests.migrations.test_coordination import CASE, event, refused, rows


@pytest.mark.parametrize("kind", ["merged_into", "merged_from"])
def test_a_merger_that_says_it_is_refused_before_taken_after_and_a_merger_on_the_way_back(empty_database_url, kind):
    config = alembic_config(empty_database_url)
    command.upgrade(config, "0018")
    command.downgrade(config, "-1")
    made = make_engine(empty_database_url)
    with made.begin() as connection:
        connection.execute(text(CASE))
    event(made, id=1, kind="merged")
    with refused("check"):
        event(made, id=2, kind=kind)
    command.upgrade(config, "0018")
    event(made, id=2, kind=kind)
    command.downgrade(config, "-1")
    assert rows(made, "SELECT kind FROM case_event ORDER BY id") == [("merged",), ("merged",)]
    made.dispose()
