"""A database with the law and the calendar in it, on both kinds."""

from datetime import UTC, datetime

import pytest

from models import chain_files
from models.db import transaction
from seed.reference_data import load_reference


@pytest.fixture(autouse=True)
def _pieces_of_the_chain(tmp_path, monkeypatch):
    """What a look archives stays in the test's own folder."""
    monkeypatch.setattr(chain_files, "folder", lambda: tmp_path / "audit")


@pytest.fixture
def lawful(engine):
    """Engine of a fresh database with the reference data."""
    with transaction(engine) as session:
        load_reference(session, now=datetime(2025, 7, 1, tzinfo=UTC))
    return engine
