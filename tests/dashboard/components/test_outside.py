"""Secrets on a machine with a way outside: said at the start and on the pages, to who can do something about it."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import serve
from dashboard.components import outside
from models import clock
from models.db import transaction
from models.enums import Secrecy
from models.tables import Attachment
from tests import cast, make

WAYS = {"outside": ("eth0", "wlan0"), "inside": ()}


def frame(viewer):
    from dashboard.components.outside import warn_of_ways_out
    from dashboard.context import PageContext
    from models import clock
    from models.text import translator

    t = translator("en")
    warn_of_ways_out(PageContext(viewer=viewer, today=clock.today(), now=clock.now(), t=t, as_of=clock.today()))


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture(params=[(ways, secret) for ways in WAYS for secret in (False, True)], ids=str)
def machine(request, installation, monkeypatch) -> bool:
    """A machine with or without a way outside and a secret document; whether it is to be warned of."""
    ways, secret = request.param
    with transaction() as session:
        file = make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
        level = Secrecy.CONFIDENTIAL if secret else Secrecy.NONE
        session.add(Attachment(case_id=file.id or 0, number="7/M", secrecy=level, recorded_at=clock.now()))
    for module in (outside, serve):
        monkeypatch.setattr(module, "ways_out_of_here", lambda: WAYS[ways])
    return secret and ways == "outside"


def test_the_start_and_the_pages_warn_if_and_only_if_a_secret_may_get_out(machine, caplog):
    with caplog.at_level(logging.WARNING):
        serve.warn_of_ways_out()
    assert [("eth0, wlan0" in line) for line in caplog.messages] == [True] * machine
    for viewer in cast.EVERYBODY:
        app = AppTest.from_function(frame, kwargs={"viewer": viewer}, default_timeout=60).run()
        assert not app.exception
        told = machine and viewer in (cast.LEAD, cast.ADMINISTRATOR, cast.SYSTEM)
        assert [("eth0, wlan0" in warning.value) for warning in app.warning] == [True] * told, viewer.name
