"""The page of accounts: administrators only; what it does is what the changes do."""

import pytest
from streamlit.testing.v1 import AppTest

from models.db import read_session, transaction
from models.errors import NotFound
from models.queries.people import account_named
from tests import cast, make


def page(viewer, language="en"):
    from dashboard.components.guard import guarded
    from dashboard.context import PageContext
    from dashboard.pages.people import render
    from models import clock
    from models.text import translator

    now, today = clock.now(), clock.today()
    t = translator(language)
    with guarded(t):
        render(PageContext(viewer=viewer, today=today, now=now, t=t, as_of=today))


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def people(installation):
    with transaction() as session:
        return cast.accounts(session)


def opened(viewer):
    app = AppTest.from_function(page, kwargs={"viewer": viewer}, default_timeout=30).run()
    assert not app.exception
    return app


def fill(app, **values):
    for key, value in values.items():
        (app.selectbox if key == "new_role" else app.text_input)(key=key).set_value(value)
    return app


def test_the_table_names_every_account(people):
    table = opened(people.administrator).dataframe[0].value
    assert list(table["Sign-in name"]) == ["kiemtra", "quantri", "thuky", "truongban", "uyvien"]
    assert list(table["State"]) == ["active"] * 5


@pytest.mark.parametrize("who", ["member", "secretariat", "stranger"])
def test_others_are_refused(people, who):
    app = opened(getattr(people, who))
    assert not app.dataframe and not app.button
    assert "role" in app.warning[0].value


def test_a_new_account_must_choose_its_own_password(people):
    app = fill(opened(people.administrator), new_login="canbo", new_name="Cán bộ", new_password="tạm thời 1")
    app.button(key="FormSubmitter:new_account-Add account").click().run()
    assert not app.exception and app.success
    with read_session() as session:
        assert account_named(session, "canbo").must_change


def test_a_refusal_is_said_and_nothing_is_added(people):
    app = fill(opened(people.administrator), new_login="thuky", new_password="tạm thời 1")
    app.button(key="FormSubmitter:new_account-Add account").click().run()
    assert "taken" in app.error[0].value
    app = fill(app, new_login="canbo", new_password="x")
    app.button(key="FormSubmitter:new_account-Add account").click().run()
    assert "short" in app.error[0].value
    with read_session() as session, pytest.raises(NotFound):
        account_named(session, "canbo")


def test_an_account_is_disabled_and_enabled_again(people):
    app = opened(people.administrator)
    app.selectbox(key="one_login").set_value("thuky").run()
    app.button(key="disable").click().run()
    with read_session() as session:
        assert account_named(session, "thuky").disabled_at is not None
    app.button(key="enable").click().run()
    with read_session() as session:
        assert account_named(session, "thuky").disabled_at is None


def test_a_reset_password_is_shown_nowhere(people):
    app = opened(people.administrator)
    app.selectbox(key="one_login").set_value("thuky").run()
    app.text_input(key="reset_password").set_value("mật khẩu cấp lại")
    app.button(key="FormSubmitter:reset-Set password").click().run()
    assert app.success
    assert not any("mật khẩu cấp lại" in str(element.value) for element in [*app.success, *app.markdown, *app.caption])
    with read_session() as session:
        account = account_named(session, "thuky")
        assert account.must_change and account.password_hash != make.NO_PASSWORD
