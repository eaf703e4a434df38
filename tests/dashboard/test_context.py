"""The context of a rerun: reader, language and day; the whole script refuses who is not signed in."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboard.context
from dashboard.context import _as_of
from models import clock
from models.enums import Role
from models.queries.people import SignedIn
from models.rules.access import Viewer

MAIN = Path(dashboard.context.__file__).with_name("main.py")
TODAY = date(2026, 11, 21)
VIEWER = Viewer(name="uyvien", role=Role.MEMBER, account_id=1)
WHO = SignedIn(1, VIEWER, "Ủy viên", "en", False, clock.now())


@pytest.mark.parametrize(
    "asked, day",
    [
        (None, TODAY),
        ("", TODAY),
        ("2026-11-20", date(2026, 11, 20)),
        ("2026-11-21", TODAY),
        ("2026-11-22", TODAY),
        ("21/11/2026", TODAY),
        ("2026-02-30", TODAY),
        ("2016-11-13", date(2016, 11, 13)),  # 3660 days back
        ("2016-11-12", TODAY),
    ],
)
def test_the_day_shown_is_the_one_asked_for_and_never_one_to_come_nor_one_long_gone(asked, day):
    assert _as_of(asked, TODAY) == day


def script():
    import streamlit as st

    from dashboard.context import page_context
    from models import clock

    ctx = page_context(now=clock.now())
    st.text("nobody" if ctx is None else f"{ctx.viewer.name} {ctx.language} {ctx.as_of == ctx.today}")
    if ctx is not None:
        left = st.session_state.get("left", "")
        st.text(f"left:{left}")
        st.session_state["left"] = ctx.viewer.name


def texts(app):
    assert not app.exception
    return [element.value for element in app.text]


def test_the_context_is_made_anew_on_every_rerun(monkeypatch):
    monkeypatch.setattr(dashboard.context, "signed_in", lambda *, now: WHO)
    app = AppTest.from_function(script, default_timeout=60)
    app.query_params["as_of"] = "2026-01-05"
    assert texts(app.run()) == ["uyvien en False", "left:"]
    assert texts(app.run()) == ["uyvien en False", "left:uyvien"]
    monkeypatch.setattr(dashboard.context, "signed_in", lambda *, now: None)
    assert texts(app.run()) == ["nobody"]


def test_nothing_of_another_person_stays_in_a_resumed_session(monkeypatch):
    monkeypatch.setattr(dashboard.context, "signed_in", lambda *, now: WHO)
    app = AppTest.from_function(script, default_timeout=60)
    app.run()
    other = replace(WHO, viewer=replace(VIEWER, name="thuky", account_id=2))
    monkeypatch.setattr(dashboard.context, "signed_in", lambda *, now: other)
    assert texts(app.run()) == ["thuky en True", "left:"]


def test_somebody_who_must_choose_a_password_has_no_page(monkeypatch):
    monkeypatch.setattr(dashboard.context, "signed_in", lambda *, now: replace(WHO, must_change=True))
    assert texts(AppTest.from_function(script, default_timeout=60).run()) == ["nobody"]


def test_the_script_shows_nothing_to_nobody(monkeypatch):
    monkeypatch.setattr(dashboard.context, "signed_in", lambda *, now: None)
    app = AppTest.from_file(str(MAIN), default_timeout=60).run()
    assert not app.exception
    assert not app.title and not app.caption and not app.button
