"""What tests of several pages share."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
import streamlit as st

from models.rules.access import Viewer
from tests.dashboard.pages.opening import NOON


@pytest.fixture(autouse=True)
def _noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at noon of the day that the pages are opened on."""
    monkeypatch.setattr("models.clock.now", lambda: NOON)


@pytest.fixture
def recording(monkeypatch: pytest.MonkeyPatch) -> Callable[[Viewer], None]:
    """Says whose sign-in a form finds when it is saved, from then on; every run is one of the whole page."""
    again = st.rerun
    monkeypatch.setattr("streamlit.rerun", lambda *, scope="app": again())
    monkeypatch.setattr("dashboard.components.forms.state.signed_in", lambda now: None)

    def sign_in(viewer: Viewer) -> None:
        monkeypatch.setattr("dashboard.components.acts.signed_in", lambda now: SimpleNamespace(viewer=viewer))

    return sign_in
