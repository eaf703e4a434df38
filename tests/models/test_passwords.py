"""Passwords are kept as argon2id hashes and nothing else."""

import pytest

from models import passwords
from models.passwords import LONGEST, SHORTEST, SHORTEST_WITH_SECOND_FACTOR, password_fits, password_hash, weakness
from models.rules.words import Refusal
from models.settings import settings


def test_the_right_password_fits_and_another_does_not():
    stored = password_hash("Mật khẩu số 123", login="thuky")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3")
    assert password_fits("Mật khẩu số 123", stored)
    assert not password_fits("mật khẩu số 123", stored)
    assert not password_fits("", stored)


def test_two_hashes_of_one_password_differ():
    assert password_hash("Mật khẩu số 123", login="a") != password_hash("Mật khẩu số 123", login="a")


@pytest.mark.parametrize("given", ["", "x", "\0nobody", "x" * 10_000])
def test_nothing_fits_an_account_that_does_not_exist_or_cannot_sign_in(given):
    assert not password_fits(given, None)
    assert not password_fits(given, "!")


@pytest.mark.parametrize(
    ("second_factor", "shortest"), [(False, SHORTEST), (True, SHORTEST_WITH_SECOND_FACTOR)], ids=["alone", "with app"]
)
def test_both_sides_of_the_lengths(second_factor, shortest):
    def said(length):
        return weakness(("Kỳ họp 14 " * 21)[:length], login="a", second_factor=second_factor)

    assert (SHORTEST, SHORTEST_WITH_SECOND_FACTOR) == (14, 8)
    assert said(shortest) is None and said(LONGEST) is None
    assert "short" in said(shortest - 1).english() and "long" in said(LONGEST + 1).english()


@pytest.mark.parametrize("lacking", ["kỳ họp thứ 14 ở", "KỲ HỌP THỨ 14 Ở", "Kỳ họp thứ tư ở", "Kỳhọpthứ14ởtỉnh"])
def test_all_four_classes_are_needed_without_a_second_factor_and_none_with_it(lacking):
    assert weakness(lacking + "nhà" * lacking.islower(), login="a") is not None
    assert weakness(lacking, login="a", second_factor=True) is None


@pytest.mark.parametrize(
    "common",
    ["Password-2026-!!", "P@ssw0rd", "Mật khẩu 2026!!!", "MatKhau@12345678", "QuanTri-2026!!!!", "12345678", "19900517"]
    + ["qwertyuiop", "Aaaaaaaa1!Aaaaaa", "abcdefgh", "Minh Châu 2026 !"],
)
def test_what_guessers_try_first_is_refused_with_a_second_factor_too(common):
    assert weakness(common, login="uyvien", second_factor=True) is not None


@pytest.mark.parametrize("leaked", ["samantha", "Mercedes", "cocacola1", "blink182", "1qazxsw2", "Elephant-2026!!!"])
def test_what_breaches_have_shown_most_often_is_refused(leaked):
    assert len(passwords._leaked()) > 9000
    assert "guessers" in weakness(leaked, login="uyvien", second_factor=True).english()
    assert weakness(leaked + " và sông", login="uyvien", second_factor=True) is None


def test_names_that_everybody_here_knows_are_no_passwords(monkeypatch):
    assert weakness("Nghệ An 2026 !!", login="uyvien", second_factor=True) is None
    monkeypatch.setenv("LIEM_PROVINCE", "Nghệ An")
    monkeypatch.setenv("LIEM_PLACE", "Vinh City")
    settings.cache_clear()
    for name in ("Nghệ An 2026 !!", "tinhnghean", "N9he An@2026", "Vinh-City-2026"):
        refused = weakness(name, login="uyvien", second_factor=True)
        assert (refused is None) == (name == "N9he An@2026"), name
    settings.cache_clear()


def test_a_password_is_not_the_name():
    for password in ("NguyenVanA-01", "nguyenvana"):
        with pytest.raises(Refusal, match="differ"):
            password_hash(password, login="nguyenvana", second_factor=True)


def test_one_password_typed_on_two_keyboards_is_one():
    composed, apart = "Đường số 12 ở", "Đươ\u0300ng\u00a0số 12 ở"
    stored = password_hash(composed + " đây", login="a")
    assert apart != composed and password_fits(apart + " đây", stored)
