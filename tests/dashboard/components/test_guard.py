"""Whatever goes wrong on a page, people read one calm sentence and never a trace."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from models.db import engine
from models.settings import settings


def page(kind):
    import streamlit as st

    from dashboard.components.guard import guarded
    from models.db import read_session
    from models.errors import CaseNotFound, Forbidden
    from models.text import translator

    with guarded(translator("en")):
        st.title("before")
        match kind:
            case "bug":
                raise ZeroDivisionError("secret detail")
            case "hidden":
                raise CaseNotFound("VA-1")
            case "refused":
                raise Forbidden("secret detail")
            case "database":
                with read_session() as session:
                    session.connection()
        st.title("after")


def shown(kind):
    app = AppTest.from_function(page, kwargs={"kind": kind}, default_timeout=20).run()
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
def test_what_may_not_be_seen_is_said_without_detail(kind, word):
    sentence = shown(kind).warning[0].value
    assert word in sentence and "secret" not in sentence and "VA-1" not in sentence


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
