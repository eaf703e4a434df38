"""A setting that cannot be used stops the start with its name, in one line."""

import pytest

from models.errors import BadUsage
from models.settings import effective, settings


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


def test_a_secret_may_be_a_file_that_the_supervisor_hands_over(monkeypatch, tmp_path):
    (tmp_path / "LIEM_SMTP_URL").write_text("smtps://thuky:mat-khau@mail.minhchau.example\n")
    (tmp_path / "LIEM_PROVINCE").write_text("Nghệ An")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("LIEM_PROVINCE", "Minh Châu")
    monkeypatch.delenv("LIEM_SMTP_URL", raising=False)
    settings.cache_clear()
    assert settings().smtp_url == "smtps://thuky:mat-khau@mail.minhchau.example"
    assert settings().province == "Minh Châu"  # the environment goes before
    assert effective()["LIEM_SMTP_URL"] == "set"
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "gone"))
    settings.cache_clear()
    assert settings().smtp_url == ""
    monkeypatch.undo()
    settings.cache_clear()
