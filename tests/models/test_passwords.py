"""Passwords are kept as argon2id hashes and nothing else."""

import pytest

from models.passwords import LONGEST, SHORTEST, password_fits, password_hash
from models.rules.words import Refusal


def test_the_right_password_fits_and_another_does_not():
    stored = password_hash("Mật khẩu 123", login="thuky")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3")
    assert password_fits("Mật khẩu 123", stored)
    assert not password_fits("mật khẩu 123", stored)
    assert not password_fits("", stored)


def test_two_hashes_of_one_password_differ():
    assert password_hash("Mật khẩu 123", login="a") != password_hash("Mật khẩu 123", login="a")


@pytest.mark.parametrize("given", ["", "x", "\0nobody", "x" * 10_000])
def test_nothing_fits_an_account_that_does_not_exist_or_cannot_sign_in(given):
    assert not password_fits(given, None)
    assert not password_fits(given, "!")


def test_both_sides_of_the_lengths():
    password_hash("x" * SHORTEST, login="a")
    password_hash("x" * LONGEST, login="a")
    with pytest.raises(Refusal, match="too short"):
        password_hash("x" * (SHORTEST - 1), login="a")
    with pytest.raises(Refusal, match="too long"):
        password_hash("x" * (LONGEST + 1), login="a")


def test_a_password_is_not_the_name():
    with pytest.raises(Refusal, match="differ"):
        password_hash("NguyenVanA", login="nguyenvana")
