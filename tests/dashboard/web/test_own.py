"""One's own account: the second factor is set up with a picture, browsers are ended, changes ask for the password."""

import re

import pyotp
import pytest
from sqlmodel import col, delete, select

from models import clock
from models.db import read_session, transaction
from models.settings import settings
from models.tables import Account, AddressFailure, SecondFactor
from tests import make
from tests.dashboard.web.conftest import PASSWORD
from tests.dashboard.web.test_sign_in import alert_of, audit


def secret_of(answer):
    """The key that the page shows for those who cannot read the picture."""
    return re.search(r'<code id="secret">([A-Z2-7 ]+)<', answer.text)[1].replace(" ", "")


def now_code(secret):
    return pyotp.TOTP(secret).at(clock.now())


def without_app(login):
    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == login)).one()
        session.delete(session.get_one(SecondFactor, account.id))


# --- the second step -----------------------------------------------------------------------------------------------


def test_an_administrators_password_alone_leads_to_the_code_and_opens_nothing(visitor):
    page = visitor.send("/login", {"username": "quantri", "password": PASSWORD}, page="/login?next=/people")
    assert page.headers["location"] == "/login/code?next=/people"
    assert "liem" not in visitor.client.cookies and not visitor.is_in
    assert visitor.get("/media/x").status_code == 401
    wrong = visitor.enter("000000", goal="/people")
    assert wrong.status_code == 401 and "Mã không đúng" in alert_of(wrong) and not visitor.is_in
    right = visitor.enter(make.code("quantri"), goal="/people")
    assert right.headers["location"] == "/people" and visitor.is_in
    assert [action for action, *_ in audit()] == ["first_factor_accepted", "second_factor_failed", "signed_in"]


def test_the_code_page_without_the_password_before_leads_back(visitor):
    assert visitor.get("/login/code?next=/people").headers["location"] == "/login?ended=code&next=/people"
    assert "Mời đăng nhập lại từ đầu" in visitor.get("/login?ended=code").text
    visitor.client.cookies.set("liem_step", "x" * 43, path="/login")
    assert visitor.get("/login/code").status_code == 303


def test_the_step_belongs_to_one_browser_and_its_form(visitor, another):
    visitor.send("/login", {"username": "quantri", "password": PASSWORD})
    assert another.enter(make.code("quantri")).status_code in (303, 400) and not another.is_in
    answer = visitor.client.post("/login/code", data={"form": "made-up", "code": make.code("quantri")})
    assert answer.status_code == 400 and not visitor.is_in


def test_five_wrong_codes_lead_back_to_the_form_and_the_password_no_longer_helps(visitor):
    visitor.send("/login", {"username": "quantri", "password": PASSWORD})
    for _ in range(4):
        assert visitor.enter("000000").status_code == 401
    assert visitor.enter("000000").headers["location"] == "/login?ended=code"
    assert visitor.sign_in("quantri").status_code == 429  # this address waits, too
    assert not visitor.is_in


# --- setting it up -------------------------------------------------------------------------------------------------


def test_an_administrator_without_an_app_sets_it_up_and_can_do_nothing_else_before(visitor):
    without_app("quantri")
    visitor.sign_in("quantri")
    for path in ("/people", "/account", "/password"):
        assert visitor.get(path).headers["location"] == "/second-factor"
    assert visitor.get("/media/x").status_code == 401
    assert visitor.client.put("/_stcore/upload_file/x/y", content=b"x").status_code == 401
    page = visitor.get("/second-factor")
    secret = secret_of(page)
    assert "<svg" in page.text and "<script" not in page.text and secret_of(visitor.get("/second-factor")) == secret
    assert visitor.send("/second-factor", {"code": "000000"}).status_code == 401
    shown = visitor.send("/second-factor", {"code": now_code(secret)})
    codes = re.findall(r"<code>([A-Z2-7-]{29})</code>", shown.text)
    assert shown.status_code == 200 and len(codes) == 10
    assert visitor.get("/people").status_code == 200
    visitor.get("/logout")
    visitor.send("/login", {"username": "quantri", "password": PASSWORD})
    assert visitor.enter(codes[0]).status_code == 303 and visitor.is_in
    visitor.get("/logout")
    visitor.send("/login", {"username": "quantri", "password": PASSWORD})
    assert visitor.enter(codes[0]).status_code == 401


def test_a_given_password_comes_before_the_app(visitor):
    without_app("quantri")
    with transaction() as session:
        session.exec(select(Account).where(col(Account.login) == "quantri")).one().must_change = True
    visitor.sign_in("quantri")
    assert visitor.get("/people").headers["location"] == "/password"
    new = {"password": PASSWORD, "new": "Một mật khẩu khác 2", "again": "Một mật khẩu khác 2"}
    assert visitor.send("/password", new).status_code == 303
    assert visitor.get("/people").headers["location"] == "/second-factor"


def test_a_member_sets_it_up_replaces_it_and_does_without_again_each_time_with_all_that_proves_who_it_is(
    visitor, another
):
    visitor.sign_in("uyvien")
    secret = secret_of(visitor.get("/second-factor"))
    assert visitor.send("/second-factor", {"code": now_code(secret), "password": "sai"}).status_code == 401
    used = now_code(secret)
    set_up = visitor.send("/second-factor", {"code": used, "password": PASSWORD})
    codes = re.findall(r"<code>([A-Z2-7-]{29})</code>", set_up.text)
    assert set_up.status_code == 200 and "Còn 10 mã dự phòng" in visitor.get("/account").text
    short = {"password": PASSWORD, "new": "Tám ký t", "again": "Tám ký t"}  # eight signs are enough now
    assert visitor.send("/password", short).headers["location"] == "/account"
    for proof in ("", "000000", used):  # none, a wrong one, the one that set it up
        fields = {"password": "Tám ký t", "proof": proof}
        assert visitor.send("/second-factor/codes", fields, page="/second-factor").status_code == 401, proof
    fields = {"password": "Tám ký t", "proof": codes[0]}
    renewed = visitor.send("/second-factor/codes", fields, page="/second-factor")
    codes = re.findall(r"<code>([A-Z2-7-]{29})</code>", renewed.text)
    assert len(codes) == 10
    again = secret_of(visitor.get("/second-factor"))
    assert again != secret
    fields = {"code": now_code(again), "password": "Tám ký t"}
    assert visitor.send("/second-factor", fields).status_code == 401
    with transaction() as session:
        session.execute(delete(AddressFailure))  # this address does not wait
    replaced = visitor.send("/second-factor", fields | {"proof": codes[0]})
    codes = re.findall(r"<code>([A-Z2-7-]{29})</code>", replaced.text)
    assert replaced.status_code == 200 and len(codes) == 10
    another.sign_in("uyvien", "Tám ký t")
    another.enter(codes[1])
    assert another.is_in
    for password, proof, status in (("sai", codes[0], 401), ("Tám ký t", "", 401), ("Tám ký t", codes[0], 303)):
        fields = {"password": password, "proof": proof}
        with transaction() as session:
            session.execute(delete(AddressFailure))
        assert visitor.send("/second-factor/remove", fields, page="/second-factor").status_code == status
    assert visitor.is_in and not another.is_in
    visitor.get("/logout")
    assert visitor.sign_in("uyvien", "Tám ký t").status_code == 303  # no code is asked for, and
    assert visitor.get("/").headers["location"] == "/password"  # a password of eight signs has to be replaced
    done = [action for action, *_ in audit()]
    for action in ("second_factor_set_up", "second_factor_replaced", "recovery_codes_renewed", "second_factor_removed"):
        assert done.count(action) == 1, action


def test_where_everybody_needs_one_a_member_sets_it_up_first_and_cannot_do_without(visitor, monkeypatch):
    monkeypatch.setenv("LIEM_SECOND_FACTOR", "everybody")
    settings.cache_clear()
    visitor.sign_in("uyvien")
    assert visitor.get("/cases").headers["location"] == "/second-factor"
    shown = visitor.send("/second-factor", {"code": now_code(secret_of(visitor.get("/second-factor")))})
    code = re.findall(r"<code>([A-Z2-7-]{29})</code>", shown.text)[0]
    assert visitor.get("/cases").status_code == 200
    assert "/second-factor/remove" not in visitor.get("/second-factor").text
    fields = {"password": PASSWORD, "proof": code}
    assert visitor.send("/second-factor/remove", fields, page="/second-factor").status_code == 400
    monkeypatch.undo()
    settings.cache_clear()


def test_an_administrator_cannot_do_without(visitor):
    visitor.sign_in("quantri")
    assert "/second-factor/remove" not in visitor.get("/second-factor").text
    fields = {"password": PASSWORD, "proof": make.code("quantri")}
    answer = visitor.send("/second-factor/remove", fields, page="/second-factor")
    assert answer.status_code == 400 and "hai lớp" in alert_of(answer)


# --- browsers ------------------------------------------------------------------------------------------------------


def test_the_other_browsers_are_shown_and_ended_one_by_one_or_all(visitor, another, application):
    visitor.sign_in("uyvien")
    another.sign_in("uyvien")
    page = visitor.get("/account")
    assert page.text.count("testclient ·") == 2 and "trình duyệt này" in page.text
    (number,) = re.findall(r'name="which" value="(\d+)"', page.text)
    right = {"password": PASSWORD}
    for no_number in ("999999", "²", "-1", "", "9" * 40):
        assert visitor.send("/account/sign-ins", {"which": no_number} | right, page="/account").status_code == 303
    assert another.is_in and visitor.is_in
    for password in ("", "sai"):
        refused = visitor.send("/account/sign-ins", {"which": number, "password": password}, page="/account")
        assert refused.status_code == 401 and "Mật khẩu hiện tại" in alert_of(refused)
    assert another.is_in
    assert visitor.send("/account/sign-ins", {"which": number} | right, page="/account").status_code == 303
    assert not another.is_in and visitor.is_in
    another.sign_in("uyvien")
    visitor.send("/account/sign-ins", {"which": "others"} | right, page="/account")
    assert not another.is_in and visitor.is_in


@pytest.mark.parametrize(
    "path", ["/account/sign-ins", "/second-factor", "/second-factor/codes", "/second-factor/remove", "/password"]
)
def test_no_form_of_the_account_is_taken_from_elsewhere_or_without_its_token(visitor, path):
    fields = {"which": "others", "password": PASSWORD, "code": "000000", "form": "made-up"}
    assert visitor.client.post(path, data=fields).status_code == 401
    visitor.sign_in("uyvien")
    assert visitor.client.post(path, data=fields).status_code == 400
    assert visitor.client.post(path, data=fields, headers={"Origin": "http://evil.example"}).status_code == 403


def test_what_belongs_to_the_account_is_escaped(visitor):
    from models.tables import Person

    with transaction() as session:
        account = session.exec(select(Account).where(col(Account.login) == "uyvien")).one()
        session.get_one(Person, account.person_id).display_name = "<script>alert(1)</script>"
    visitor.sign_in("uyvien")
    page = visitor.get("/account").text
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_lost_key_leaves_the_recovery_codes_and_says_so_in_the_log(visitor, caplog):
    with read_session() as session:
        account = session.exec(select(Account).where(col(Account.login) == "quantri")).one()
    with transaction() as session:
        session.get_one(SecondFactor, account.id).secret = "gAAAAA-sealed-with-another-key"
    visitor.send("/login", {"username": "quantri", "password": PASSWORD})
    assert visitor.enter("123456").status_code == 401
    assert "cannot be read" in caplog.text
