"""An overdue review of accounts is said to administrators wherever they are, and to nobody else."""

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from models import clock
from models.changes.account_review import sign_review
from models.db import transaction
from models.queries.sign_in import review_state
from tests import cast
from tests.dashboard.pages.opening import pieces


def frame(viewer, today, page):
    from dashboard.components.reviews import warn_of_review
    from dashboard.context import PageContext
    from models import clock
    from models.text import translator

    warn_of_review(PageContext(viewer=viewer, today=today, now=clock.now(), t=translator("en"), as_of=today), page)


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def warnings(viewer, today, page="runs") -> list[str]:
    app = AppTest.from_function(frame, kwargs={"viewer": viewer, "today": today, "page": page}).run(timeout=60)
    assert not app.exception
    return [piece for piece in pieces(app) if 'data-watch="review"' in piece]


def test_the_day_after_the_review_was_due_every_page_of_an_administrator_says_so(installation):
    with transaction() as session:
        people = cast.accounts(session)
        due = review_state(session, people.administrator, today=clock.today()).due_on
    late = due + timedelta(days=1)
    assert warnings(people.administrator, due) == []
    (said,) = warnings(people.administrator, late)
    assert "overdue since" in said and '<a href="/people">Accounts</a>' in said
    assert warnings(people.administrator, late, "people") == [], "that page says it itself"
    for viewer in (people.lead, people.secretariat, people.auditor, people.member):
        assert warnings(viewer, late) == []
    with transaction() as session:
        sign_review(session, people.administrator, now=clock.now())
    assert warnings(people.administrator, clock.today()) == []
