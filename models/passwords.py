"""Passwords: kept as argon2id hashes only (RFC 9106, second recommended option: 64 MiB, 3 passes)."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.rules.words import Refusal, words

SHORTEST = 8
LONGEST = 200  # a bound, so that nobody can make us hash a book


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown name costs as much time as a known one."""
    return _hasher().hash("\0nobody")


def password_hash(password: str, *, login: str) -> str:
    """The hash to store for `password` (about 0.1 s of work). Raises Refusal if the password is too weak."""
    if len(password) < SHORTEST:
        raise Refusal(words("The password is too short: at least {n} characters.", n=SHORTEST))
    if len(password) > LONGEST:
        raise Refusal(words("The password is too long: at most {n} characters.", n=LONGEST))
    if password.casefold() == login.casefold():
        raise Refusal(words("The password must differ from the sign-in name."))
    return _hasher().hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the hash `stored` (None: no such account, which takes as long and is False)."""
    try:
        fits = _hasher().verify(stored or _nobody(), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return fits and stored is not None
