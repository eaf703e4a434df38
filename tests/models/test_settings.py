"""A setting that cannot be used stops the start with its name, in one line."""

import pytest

from models.errors import BadUsage
from models.settings import settings


def test_a_wrong_value_is_named(monkeypatch):
    monkeypatch.setenv("LIEM_DIGEST_HOUR", "24")
    settings.cache_clear()
    with pytest.raises(BadUsage, match="LIEM_DIGEST_HOUR") as refused:
        settings()
    assert "\n" not in str(refused.value)


def test_the_last_good_value_is_taken(monkeypatch):
    monkeypatch.setenv("LIEM_DIGEST_HOUR", "23")
    settings.cache_clear()
    assert settings().digest_hour == 23
    settings.cache_clear()
