"""Through an identity provider on this machine to the same sign-in; whatever is not exactly right is refused."""

import time
import urllib.request
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect
from sqlmodel import col, select

from dashboard.web import provider
from models import clock
from models.db import make_engine, read_session, transaction
from models.enums import Role
from models.settings import settings
from models.tables import Account, AuditEntry, SignIn, SignInStep
from tests import idp, make
from tests.dashboard.web.test_sign_in import alert_of, audit


@pytest.fixture(scope="module")
def running():
    with idp.providing() as provider_:
        yield provider_


@pytest.fixture
def there(running, application, monkeypatch):
    """The provider, true again, and this installation told of it."""
    running.person, running.claims, running.lie = "uyvien", {}, ""
    for name, value in ours(running).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    provider._known.clear()
    return running


def ours(running):
    return {
        "LIEM_OIDC_ISSUER": running.issuer,
        "LIEM_OIDC_CLIENT_ID": idp.CLIENT,
        "LIEM_OIDC_CLIENT_SECRET": idp.SECRET,
        "LIEM_OIDC_TITLE": "Cổng <thử>",
    }


def departs(visitor, goal="/"):
    """The browser leaves; the provider sends it back with this address."""
    answer = visitor.get(f"/login/oidc?next={goal}")
    assert answer.status_code == 303, alert_of(answer)
    with urllib.request.urlopen(answer.headers["location"]) as page:
        back = urlsplit(page.headers["X-Back"])
    return f"{back.path}?{back.query}"


def why():
    """What the audit chain keeps of the last refusal."""
    with read_session() as session:
        return session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first().after


def test_the_form_offers_the_provider_only_where_there_is_one(visitor, there, monkeypatch):
    assert 'href="/login/oidc?next=/tasks"' in visitor.get("/login?next=/tasks").text
    assert "Cổng &lt;thử&gt;" in visitor.get("/login").text
    monkeypatch.delenv("LIEM_OIDC_ISSUER")
    settings.cache_clear()
    assert "/login/oidc" not in visitor.get("/login").text
    assert visitor.get("/login/oidc").status_code == visitor.get("/login/oidc/callback?state=x").status_code == 404


def test_who_the_provider_vouches_for_is_signed_in_where_it_was_going(visitor, there):
    answer = visitor.get(departs(visitor, "/cases?late=1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?late=1")
    assert visitor.is_in
    with read_session() as session:
        row = session.exec(select(SignIn)).one()
        kept = session.exec(select(SignInStep)).one()
    assert row.method == "oidc" and kept.used_at is not None
    assert not any(token in repr(answer.headers.raw) for token in ("eyJ", "access_token", "id_token"))
    assert idp.SECRET not in kept.sealed and "verifier" not in kept.sealed
    assert audit() == [("signed_in", "uyvien", "account:uyvien")] and why() == '{"by":["oidc"]}'


def test_an_administrator_still_needs_the_second_factor_of_ours(visitor, there):
    there.person = "quantri"
    answer = visitor.get(departs(visitor, "/people"))
    assert answer.headers["location"] == "/login/code?next=/people" and not visitor.is_in
    assert visitor.enter(make.code("quantri"), goal="/people").headers["location"] == "/people"
    assert visitor.is_in


def test_a_password_of_ours_that_is_to_be_changed_does_not_stand_in_the_way(visitor, there):
    with transaction() as session:
        session.exec(select(Account).where(col(Account.login) == "uyvien")).one().must_change = True
    visitor.get(departs(visitor))
    assert visitor.is_in


@pytest.mark.parametrize("lie", ["none", "hmac", "signature", "own key"])
def test_a_token_that_the_provider_did_not_sign_is_refused(visitor, there, lie):
    there.lie = lie
    answer = visitor.get(departs(visitor))
    assert answer.status_code == 401 and not visitor.is_in
    assert why() == '{"why":"provider: signature"}'


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "another"}, {"aud": ["liem", "another"]}, {"iss": "http://127.0.0.1:1"}]
    + [{"exp": lambda: time.time() - 600}, {"iat": lambda: time.time() + 600}, {"exp": None}, {"aud": None}]
    + [{"nbf": lambda: time.time() + 600}, {"nbf": "now"}],
    ids=["nonce", "audience", "one more audience", "issuer", "over", "to come", "without an end", "for nobody"]
    + ["not yet", "not a time"],
)
def test_a_token_for_another_question_program_provider_or_time_is_refused(visitor, there, claims):
    there.claims = {name: value() if callable(value) else value for name, value in claims.items()}
    answer = visitor.get(departs(visitor))
    assert answer.status_code == 401 and not visitor.is_in
    assert why() == '{"why":"provider: claims"}'


@pytest.mark.parametrize("name", [None, "", 7, ["uyvien"]])
def test_a_name_that_is_none_is_refused(visitor, there, name):
    there.claims = {"preferred_username": name}
    assert visitor.get(departs(visitor)).status_code == 401
    assert why() == '{"why":"provider: name"}'


def test_an_address_of_mail_counts_only_once_it_is_verified(visitor, there, monkeypatch):
    monkeypatch.setenv("LIEM_OIDC_CLAIM", "email")
    settings.cache_clear()
    with transaction() as session:
        make.account(session, login="ban@minhchau.example", role=Role.MEMBER)
    for verified, status in ((None, 401), (False, 401), ("true", 401), (True, 303)):
        there.claims = {"email": "Ban@minhchau.example", "email_verified": verified}
        assert visitor.get(departs(visitor)).status_code == status


def test_unknown_and_disabled_accounts_are_refused_alike_and_none_is_made(visitor, there):
    there.person = "nguoila"
    unknown = visitor.get(departs(visitor))
    with transaction() as session:
        session.exec(select(Account).where(col(Account.login) == "uyvien")).one().disabled_at = clock.now()
    there.person = "uyvien"
    disabled = visitor.get(departs(visitor))
    assert unknown.status_code == disabled.status_code == 401
    assert alert_of(unknown) == alert_of(disabled)
    with read_session() as session:
        assert len(session.exec(select(Account)).all()) == 3
    assert audit()[-1] == ("sign_in_refused", "uyvien", "account:uyvien")


def test_only_the_browser_that_left_comes_back_and_only_once(visitor, another, there):
    back = departs(visitor)
    assert another.get(back).status_code == 401 and not another.is_in  # it was not there
    state = parse_qs(urlsplit(back).query)["state"][0]
    for wrong in (f"/login/oidc/callback?code=code-0&state={'x' * 43}", "/login/oidc/callback?code=code-0"):
        assert visitor.get(wrong).status_code == 401
    assert visitor.get(back).status_code == 303 and visitor.is_in
    visitor.get("/logout")
    visitor.client.cookies.set("liem_step", state, path="/login")
    assert visitor.get(back).status_code == 401 and not visitor.is_in
    assert why() == '{"why":"provider: state"}'


def test_a_code_that_was_spent_before_us_is_refused(visitor, there):
    back = departs(visitor)
    there._codes.clear()
    assert visitor.get(back).status_code == 401 and why() == '{"why":"provider: code"}'


def test_where_the_provider_says_the_answer_lies_elsewhere_nobody_goes(visitor, there):
    there.lie = "moved"
    assert visitor.get(departs(visitor)).status_code == 401 and not visitor.is_in
    assert why() == '{"why":"provider: code"}'


def test_a_link_on_another_sites_page_signs_nobody_in(visitor, there):
    for site in ("cross-site", "same-site"):
        answer = visitor.get("/login/oidc?next=/cases", **{"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.headers["location"]) == (303, "/login?next=/cases")
    with read_session() as session:
        assert session.exec(select(SignInStep)).all() == []
    answer = visitor.get("/login/oidc?next=/cases", **{"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["location"].startswith(there.issuer)


def test_a_provider_that_names_itself_differently_or_is_away_is_refused(visitor, there, monkeypatch):
    there.lie = "description"
    assert visitor.get("/login/oidc").status_code == 401 and why() == '{"why":"provider: description"}'
    for issuer, said in (("http://127.0.0.1:1", "unreachable"), ("http://id.example", "address")):
        monkeypatch.setenv("LIEM_OIDC_ISSUER", issuer)
        settings.cache_clear()
        assert visitor.get("/login/oidc").status_code == 401 and why() == f'{{"why":"provider: {said}"}}'


def test_what_the_provider_says_of_itself_is_asked_once_an_hour(visitor, there):
    there.asked.clear()
    for _ in range(2):
        visitor.get(departs(visitor))
    assert there.asked.count("about") == 1


def test_who_signs_out_is_signed_out_there_too(visitor, there):
    visitor.get(departs(visitor))
    answer = visitor.get("/logout")
    end = urlsplit(answer.headers["location"])
    assert answer.status_code == 303 and f"{end.scheme}://{end.netloc}{end.path}" == f"{there.issuer}/end"
    asked = parse_qs(end.query)
    assert asked == {
        "realm": ["x"], "client_id": [idp.CLIENT], "post_logout_redirect_uri": ["http://testserver/login"],
    }  # fmt: skip
    assert not visitor.is_in and audit()[-1][0] == "signed_out"


@pytest.mark.parametrize("lie", ["no end", "description"])
def test_where_the_provider_has_no_sign_out_or_is_away_one_is_signed_out_here(visitor, there, lie):
    visitor.get(departs(visitor))
    there.lie = lie
    provider._known.clear()
    assert visitor.get("/logout").headers["location"] == "/login"
    assert not visitor.is_in


def test_who_came_with_a_password_is_not_sent_to_the_provider(visitor, there):
    there.asked.clear()
    visitor.sign_in("uyvien")
    assert visitor.get("/logout").headers["location"] == "/login" and not visitor.is_in
    assert there.asked == []


@pytest.mark.parametrize("path", ["/auth/login", "/oauth2callback?code=x&state=y"])
def test_streamlits_own_doors_stay_shut(visitor, there, path):
    assert visitor.get(path).status_code == 404


def test_the_whole_way_in_a_real_browser(running, sqlite_url, server, browser):
    running.person, running.claims, running.lie = "uyvien", {}, ""
    engine = make_engine(sqlite_url)
    with transaction(engine) as session:
        make.account(session, login="uyvien", role=Role.MEMBER)
    engine.dispose()
    office = server(sqlite_url, **ours(running))
    page = browser.page()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page.goto(f"{office.url}/tasks")
    page.get_by_role("link", name="Cổng <thử>").click()
    page.wait_for_url(f"{running.issuer}/authorize**")
    page.click("#go")
    page.wait_for_url(f"{office.url}/tasks")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert refused == []
    policy = page.request.get(f"{office.url}/login").headers["content-security-policy"]
    assert running.issuer not in policy and "form-action 'self'" in policy
    running.asked.clear()
    page.goto(f"{office.url}/logout")
    page.wait_for_url(f"{office.url}/login")
    assert "end" in running.asked
