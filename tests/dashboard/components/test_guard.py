"""Whatever goes wrong on a page, people read one calm sentence and never a trace."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from models.db import engine
from models.settings import settings


def page(kind, language="en"):
    import streamlit as st

    from dashboard.components.guard import guarded
    from models.db import read_session
    from models.errors import CaseNotFound, Forbidden, NotFound
    from models.rules.words import Refusal, words
    from models.text import translator

    with guarded(translator(language), "thuky"):
        st.title("before")
        match kind:
            case "bug":
                raise ZeroDivisionError("secret detail")
            case "hidden":
                raise CaseNotFound("VA-1")
            case "refused":
                raise Forbidden("secret detail")
            case "gone":
                raise NotFound(words("No agency has the code {code}.", code="'A_B_C'"))
            case "rule":
                raise Refusal(words("The sign-in name {name} is taken.", name="thu_ky"))
            case "database":
                with read_session() as session:
                    session.connection()
        st.title("after")


def shown(kind, language="en"):
    app = AppTest.from_function(page, kwargs={"kind": kind, "language": language}, default_timeout=60).run()
    assert not app.exception
    return app


def test_a_page_without_fault_is_shown_whole():
    assert [title.value for title in shown("").title] == ["before", "after"]


def test_a_fault_gives_a_number_that_the_log_explains(caplog):
    with caplog.at_level(logging.ERROR):
        app = shown("bug")
    sentence = app.error[0].value
    reference = sentence.rstrip(".").split()[-1]
    assert "secret" not in sentence and "Zero" not in sentence
    assert reference in caplog.text and "ZeroDivisionError: secret detail" in caplog.text


@pytest.mark.parametrize("kind, word", [("hidden", "no file"), ("refused", "role")])
def test_what_may_not_be_seen_is_said_without_detail(kind, word, caplog):
    sentence = shown(kind).warning[0].value
    assert "Refused: thuky, " in caplog.text  # who asked for it is in the log
    assert word in sentence and "secret" not in sentence and "VA-1" not in sentence


@pytest.mark.parametrize(
    "kind, language, sentence",
    [
        ("gone", "en", "No agency has the code 'A_B_C'."),
        ("gone", "vi", "Không có cơ quan nào mang mã 'A_B_C'."),
        ("rule", "en", "The sign-in name thu_ky is taken."),
        ("rule", "vi", "Tên đăng nhập thu_ky đã có người dùng."),
    ],
)
def test_any_other_refusal_is_said_in_the_readers_language(kind, language, sentence):
    said = shown(kind, language).error[0].value
    assert said.replace("\\", "") == sentence


def test_a_database_that_is_away_is_waited_for(tmp_path, monkeypatch):
    (tmp_path / "liem.db").mkdir()
    monkeypatch.setenv("LIEM_DATABASE_URL", f"sqlite:///{tmp_path / 'liem.db'}")
    settings.cache_clear()
    engine.cache_clear()
    app = shown("database")
    assert "by itself" in app.info[0].value
    assert not app.error
    engine.cache_clear()
    settings.cache_clear()
