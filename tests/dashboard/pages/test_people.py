"""The page of accounts: administrators only; what it does is what the changes do."""

from datetime import timedelta

import pytest
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from models import clock
from models.db import read_session, transaction
from models.enums import Role
from models.errors import NotFound
from models.queries.people import account_named, has_second_factor
from models.queries.sign_in import review_state
from models.tables import AccountReview
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
    app = AppTest.from_function(page, kwargs={"viewer": viewer}, default_timeout=60).run()
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
    app = fill(opened(people.administrator), new_login="canbo", new_name="Cán bộ", new_password="Tạm thời cấp lần 1")
    app.button(key="FormSubmitter:new_account-Add account").click().run()
    assert not app.exception and app.success
    with read_session() as session:
        assert account_named(session, "canbo").must_change


def test_a_refusal_is_said_and_nothing_is_added(people):
    app = fill(opened(people.administrator), new_login="thuky", new_password="Tạm thời cấp lần 1")
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
    app.text_input(key="reset_password").set_value("Mật khẩu cấp lại 1")
    app.button(key="FormSubmitter:reset-Set password").click().run()
    assert app.success
    assert not any(
        "Mật khẩu cấp lại 1" in str(element.value) for element in [*app.success, *app.markdown, *app.caption]
    )
    with read_session() as session:
        account = account_named(session, "thuky")
        assert account.must_change and account.password_hash != make.NO_PASSWORD


def account(login):
    with read_session() as session:
        return account_named(session, login)


def test_a_locked_account_is_unlocked_and_a_lost_telephone_is_forgotten(people):
    with transaction() as session:
        locked = account_named(session, "thuky")
        locked.failures, locked.locked_until = 5, clock.now() + timedelta(minutes=15)
        make.account(session, login="quantri2", role=Role.ADMINISTRATOR)
    app = opened(people.administrator)
    assert list(app.dataframe[0].value["Second factor"]) == ["no", "yes", "yes", "no", "no", "no"]
    app.selectbox(key="one_login").set_value("thuky").run()
    app.button(key="unlock").click().run()
    assert account("thuky").locked_until is None
    assert not [button for button in app.button if button.key == "unlock"]
    app.selectbox(key="one_login").set_value("quantri2").run()
    app.button(key="reset_factor").click().run()
    with read_session() as session:
        assert not has_second_factor(session, account("quantri2").id)


def test_the_review_is_overdue_after_six_months_until_an_administrator_signs(people):
    app = opened(people.administrator)
    assert "overdue" in app.warning[-1].value
    app.text_input(key="review_note").set_value("Khóa 1 tài khoản")
    app.button(key="FormSubmitter:review-Sign the review").click().run()
    assert app.success and not any("overdue" in warning.value for warning in app.warning)
    with read_session() as session:
        review = session.exec(select(AccountReview)).one()
        state = review_state(session, people.administrator, today=clock.today())
    assert (review.accounts, review.note, review.signed_by) == (5, "Khóa 1 tài khoản", people.administrator.account_id)
    assert (state.is_late, state.signed_by) == (False, "quantri")


def test_an_idle_administrator_who_is_kept_is_named(people):
    app = opened(people.administrator)
    assert any("quantri was last used on" in warning.value for warning in app.warning)
