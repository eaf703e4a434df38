"""The sign-in form, the way out, the languages, one's own password."""

import hashlib
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from sqlmodel import col, select

from dashboard.web.forms import local_path
from dashboard.web.sign_in import FAILED
from models import clock, passwords
from models.db import read_session, transaction
from models.tables import Account, AddressFailure, AuditEntry, Person, SignIn
from models.text import translator

PASSWORD = "Mật khẩu thử nghiệm 1"
LONG = "Một mật khẩu khác 2"


def alert_of(answer):
    """The sentence the form shows."""
    found = re.search(r'role="(?:alert|status)">([^<]+)<', answer.text)
    return found[1] if found else ""


def audit():
    """What is on the audit chain, oldest first: (action, actor, subject)."""
    with read_session() as session:
        rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [(row.action, row.actor, row.subject) for row in rows if row.subject.startswith("account:")]


# --- in ------------------------------------------------------------------------------------------------------------


def test_the_right_password_opens_the_page_that_was_asked_for(visitor):
    answer = visitor.sign_in("uyvien", goal="/cases?late=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases?late=1")
    assert visitor.is_in
    assert audit() == [("signed_in", "uyvien", "account:uyvien")]


def test_the_name_is_taken_without_regard_to_case_and_spaces(visitor):
    visitor.sign_in("  UyVien ")
    assert visitor.is_in


def test_the_cookie_cannot_be_read_by_scripts_and_stays_on_this_site(visitor):
    cookie = visitor.sign_in("uyvien").headers["set-cookie"]
    attributes = cookie.lower()
    assert "httponly" in attributes and "samesite=lax" in attributes and "path=/;" in attributes
    assert "secure" not in attributes  # plain http on this machine


def test_the_database_keeps_a_hash_of_256_random_bits_only(visitor):
    visitor.sign_in("uyvien")
    token = visitor.client.cookies["liem"]
    assert len(token) == 43
    with read_session() as session:
        row = session.exec(select(SignIn)).one()
    assert row.token_sha256 == hashlib.sha256(token.encode()).hexdigest()


def test_each_sign_in_has_a_new_cookie_and_ends_the_one_before(visitor, another):
    visitor.sign_in("uyvien")
    first = visitor.client.cookies["liem"]
    visitor.client.cookies.set("liem_form", "abc", domain="testserver.local", path="/login")
    fields = {"username": "thuky", "password": PASSWORD, "form": "abc", "next": "/"}
    assert visitor.client.post("/login", data=fields).status_code == 303
    assert visitor.client.cookies["liem"] != first
    another.client.cookies.set("liem", first)
    assert visitor.is_in and not another.is_in


@pytest.mark.parametrize(
    "name, password", [("uyvien", "sai"), ("nobody", PASSWORD), ("", ""), ("uyvien", PASSWORD + "!")]
)
def test_every_failure_says_the_same_and_opens_nothing(visitor, name, password):
    answer = visitor.sign_in(name, password)
    assert answer.status_code == 401
    assert alert_of(answer) == alert_of(visitor.sign_in("uyvien", "another wrong one"))
    assert not visitor.is_in


def test_a_disabled_account_fails_like_a_wrong_password(visitor):
    wrong = alert_of(visitor.sign_in("uyvien", "sai"))
    with transaction() as session:
        session.exec(select(Account).where(col(Account.login) == "uyvien")).one().disabled_at = clock.now()
    answer = visitor.sign_in("uyvien")
    assert (answer.status_code, alert_of(answer)) == (401, wrong)
    assert not visitor.is_in
    assert audit()[-1] == ("sign_in_refused", "uyvien", "account:uyvien")


def test_after_five_failures_even_the_right_password_is_refused_for_a_while(visitor):
    for _ in range(4):
        visitor.sign_in("uyvien", "sai")
    visitor.sign_in("thuky")  # others are not concerned
    assert visitor.is_in
    visitor.get("/logout")
    visitor.sign_in("uyvien", "sai")
    sixth = visitor.sign_in("uyvien")
    assert sixth.status_code == 401
    assert not visitor.is_in
    assert audit()[-1] == ("sign_in_refused", "uyvien", "account:uyvien")
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "uyvien")).one()
        assert account.locked_until is not None
        assert timedelta(minutes=14) < account.locked_until - clock.now() <= timedelta(minutes=15)
        account.locked_until = clock.now() - timedelta(seconds=1)
    visitor.sign_in("uyvien")
    assert visitor.is_in


def test_four_failures_do_not_lock(visitor):
    for _ in range(4):
        visitor.sign_in("uyvien", "sai")
    visitor.sign_in("uyvien")
    assert visitor.is_in


def test_an_address_that_guesses_has_to_wait_whoever_it_tries(visitor, another):
    for number in range(5):
        assert visitor.sign_in(f"nobody{number}", "sai").status_code == 401
    answer = visitor.sign_in("uyvien")
    assert answer.status_code == 429 and "1 phút" in alert_of(answer)
    assert 50 < int(answer.headers["retry-after"]) <= 61
    assert not visitor.is_in
    assert audit()[-1] == ("sign_in_refused", "?", "account:?")
    with transaction() as session:
        session.exec(select(AddressFailure)).one().waits_until = clock.now()
    assert visitor.sign_in("uyvien").status_code == 303  # and the count starts afresh
    for number in range(4):
        another.sign_in(f"nobody{number}", "sai")
    assert another.sign_in("uyvien").status_code == 303


@pytest.mark.parametrize("state", ["unknown", "wrong", "locked", "disabled", "without a password"])
def test_whatever_is_wrong_one_password_is_checked_and_the_answer_is_the_same(visitor, state, monkeypatch):
    asked: list[str] = []
    hasher = passwords._hasher()
    monkeypatch.setattr(passwords, "_hasher", lambda: Counting(hasher, asked))
    passwords._nobody()
    asked.clear()
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "uyvien")).one()
        account.locked_until = clock.now() + timedelta(minutes=5) if state == "locked" else None
        account.disabled_at = clock.now() if state == "disabled" else None
        account.password_hash = "!" if state == "without a password" else account.password_hash
    answer = visitor.sign_in("nobody" if state == "unknown" else "uyvien", "sai" if state == "wrong" else PASSWORD)
    assert answer.status_code == 401
    assert alert_of(answer) == translator("vi")(FAILED)
    assert len(asked) == 1 and asked[0].startswith("$argon2id$v=19$m=65536,t=3,p=4$")


class Counting:
    """A hasher that remembers against what it was asked to check."""

    def __init__(self, hasher, asked):
        self.hasher, self.asked = hasher, asked

    def verify(self, stored, given):
        self.asked.append(stored)
        return self.hasher.verify(stored, given)

    def hash(self, given):
        return self.hasher.hash(given)


def test_a_password_from_before_the_policy_has_to_be_replaced(visitor):
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "uyvien")).one()
        account.password_hash = passwords._hasher().hash("mat khau cu")
    assert visitor.sign_in("uyvien", "mat khau cu").status_code == 303
    assert visitor.get("/").headers["location"] == "/password"
    assert change(visitor, "mat khau cu", "Một mật khẩu khác 2").status_code == 303
    assert visitor.is_in


def test_an_unknown_name_is_not_written_down(visitor):
    visitor.sign_in("my-password-by-mistake", "x")
    assert audit() == [("sign_in_failed", "?", "account:?")]


def test_a_form_sent_from_another_site_is_refused(visitor):
    assert visitor.sign_in("uyvien", Origin="http://evil.example").status_code == 403
    assert not visitor.is_in


def test_a_form_without_the_token_of_this_browser_is_refused(visitor):
    visitor.get("/login")
    fields = {"username": "uyvien", "password": PASSWORD, "form": "made-up", "next": "/"}
    answer = visitor.client.post("/login", data=fields)
    assert answer.status_code == 400
    visitor.client.cookies.clear()
    assert visitor.client.post("/login", data=fields | {"form": ""}).status_code == 400
    assert not visitor.is_in


def test_a_monstrous_form_is_refused_unread(visitor):
    assert visitor.client.post("/login", content=b"username=" + b"x" * 60_000).status_code == 400
    assert visitor.client.post("/login", content=b"username=" + b"x" * 100_000).status_code == 413


def test_password_fields_show_dots_and_let_password_managers_help(visitor):
    fields = re.compile(r'<input(?![^>]*type="hidden")[^>]*name="(\w+)"[^>]*>')
    login = visitor.get("/login").text
    assert fields.findall(login) == ["username", "password"]  # no hint, no secret question
    assert 'autocomplete="current-password"' in login and 'autocomplete="username"' in login
    visitor.sign_in("uyvien")
    own = visitor.get("/password").text
    assert fields.findall(own) == ["password", "new", "again"]
    assert own.count('autocomplete="new-password"') == 2 and "onpaste" not in login + own
    for page in (login, own):
        for found in fields.finditer(page):
            assert ('type="password"' in found[0]) == (found[1] != "username"), found[0]


def test_a_field_that_comes_twice_counts_once_and_a_field_nobody_asked_for_not_at_all(visitor):
    shown = visitor.get("/login").text
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown)
    fields = [*hidden, ("username", "uyvien"), ("password", PASSWORD), ("role", "administrator"), ("must_change", "0")]
    fields += [("username", "quantri"), ("next", "/people")]
    answer = visitor.client.post(
        "/login?username=quantri&next=/people",
        content=urlencode(fields),
        headers={"Origin": "http://testserver", "Content-Type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert audit() == [("signed_in", "uyvien", "account:uyvien")]


def test_what_was_typed_comes_back_as_text_only(visitor):
    answer = visitor.sign_in('"><script>alert(1)</script>', "x")
    assert "<script" not in answer.text


@pytest.mark.parametrize("goal", ["/", "/cases", "/case?code=VA-2025-014&x=1", "/import#top"])
def test_an_address_of_ours_is_where_one_lands(goal):
    assert local_path(goal) == goal


@pytest.mark.parametrize(
    "goal",
    [None, "", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "cases", "\\\\evil"]
    + ["/a\r\nSet-Cookie: x=1", "/\tevil", "/x\\..\\y", "/login?next=/", "/logout", "/auth/logout", "/" + "x" * 600],
)
def test_no_other_address_is_where_one_lands(goal):
    assert local_path(goal) == "/"


def test_a_redirect_to_another_host_is_refused_by_the_form_too(visitor):
    assert visitor.sign_in("uyvien", goal="//evil.example/").headers["location"] == "/"


def test_somebody_signed_in_does_not_see_the_form(visitor):
    visitor.sign_in("uyvien")
    answer = visitor.get("/login?next=/tasks")
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks")


# --- out -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["/logout", "/auth/logout"])
def test_signing_out_ends_it_in_every_tab(visitor, another, way):
    visitor.sign_in("uyvien")
    another.client.cookies.set("liem", visitor.client.cookies["liem"])  # the same browser's second tab
    answer = visitor.get(way)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert answer.headers["clear-site-data"] == '"storage"'
    assert not another.is_in
    assert not visitor.is_in
    assert audit()[-1][0] == "signed_out"


@pytest.mark.parametrize("way", ["/logout", "/auth/logout"])
def test_a_link_on_another_sites_page_signs_nobody_out(visitor, way):
    visitor.sign_in("uyvien")
    for site in ("cross-site", "same-site"):
        answer = visitor.get(way, **{"Sec-Fetch-Site": site})
        assert answer.status_code == 303 and answer.headers["location"] == "/"
        assert visitor.is_in
    visitor.get(way, **{"Sec-Fetch-Site": "same-origin"})
    assert not visitor.is_in


def test_signing_out_leaves_other_browsers_of_the_person_alone(visitor, another):
    visitor.sign_in("uyvien")
    another.sign_in("uyvien")
    visitor.get("/logout")
    assert another.is_in


def test_a_sign_in_that_ran_out_comes_back_to_the_page_it_was_on(visitor):
    answer = visitor.get("/auth/logout", referer="http://testserver/cases?late=1")
    assert answer.headers["location"] == "/login?ended=1&next=/cases%3Flate%3D1"
    answer = visitor.get("/auth/logout", referer="http://evil.example/cases")
    assert answer.headers["location"] == "/login"


# --- languages -----------------------------------------------------------------------------------------------------


def test_the_form_is_vietnamese_until_one_chooses(visitor):
    assert '<html lang="vi">' in visitor.get("/login").text
    english = visitor.get("/login?next=/tasks&lang=en")
    assert '<html lang="en">' in english.text and 'value="/tasks"' in english.text
    assert '<html lang="en">' in visitor.get("/login").text


def test_a_language_we_do_not_have_changes_nothing(visitor):
    assert '<html lang="vi">' in visitor.get("/login?lang=xx").text
    assert visitor.get("/language/xx").status_code == 303
    assert "liem_lang" not in visitor.client.cookies


def test_the_switch_remembers_the_language_for_browser_and_person(visitor):
    visitor.sign_in("uyvien")
    answer = visitor.get("/language/en?next=/cases?late=1")
    assert answer.headers["location"] == "/cases?late=1"
    assert '<html lang="en">' in visitor.get("/cases").text
    with read_session() as session:
        account = session.exec(select(Account).where(col(Account.login) == "uyvien")).one()
        assert session.get_one(Person, account.person_id).language == "en"


def test_the_switch_leads_to_no_other_host(visitor):
    assert visitor.get("/language/en?next=//evil.example").headers["location"] == "/"


def test_a_new_browser_speaks_the_persons_language(visitor):
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "uyvien")).one()
        session.get_one(Person, account.person_id).language = "en"
    visitor.sign_in("uyvien")
    assert visitor.client.cookies["liem_lang"] == "en"


# --- one's own password --------------------------------------------------------------------------------------------


def change(visitor, old, new, again=None):
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', visitor.get("/password").text))
    fields |= {"password": old, "new": new, "again": new if again is None else again}
    return visitor.client.post("/password", data=fields, headers={"Origin": "http://testserver"})


def test_a_new_password_counts_and_ends_the_other_browsers(visitor, another):
    visitor.sign_in("uyvien")
    another.sign_in("uyvien")
    assert change(visitor, PASSWORD, "Một mật khẩu khác 2").status_code == 303
    assert visitor.is_in
    assert not another.is_in
    assert another.sign_in("uyvien").status_code == 401
    assert another.sign_in("uyvien", "Một mật khẩu khác 2").status_code == 303


@pytest.mark.parametrize(
    "old, new, again, status",
    [("sai", LONG, None, 401), (PASSWORD, "Ngắn 1", None, 400), (PASSWORD, PASSWORD, None, 400)]
    + [(PASSWORD, LONG, LONG + "?", 400), (PASSWORD, LONG, "", 400), (PASSWORD, "Password-2026-!", None, 400)],
)
def test_a_password_that_cannot_be_taken_changes_nothing(visitor, old, new, again, status):
    visitor.sign_in("uyvien")
    answer = change(visitor, old, new, again)
    assert answer.status_code == status
    assert alert_of(answer)
    visitor.get("/logout")
    assert visitor.sign_in("uyvien").status_code == 303


def test_the_password_page_is_for_people_signed_in(visitor):
    assert visitor.get("/password").headers["location"].startswith("/login")
    assert visitor.client.post("/password", data={}).status_code == 401
