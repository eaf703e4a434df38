"""Passwords: the policy, and the argon2id hashes that are kept of them (RFC 9106, second recommended option)."""

import unicodedata
from functools import cache
from hashlib import sha256
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.rules.common_passwords import is_common, without_ornament
from models.rules.words import Refusal, Words, words
from models.settings import settings

SHORTEST = 14  # with four classes of signs
SHORTEST_WITH_SECOND_FACTOR = 8
ARGON2ID = "$argon2id$"
LONGEST = 200  # a bound, so that nobody can make us hash a book
LEAKED = Path(__file__).with_name("leaked_passwords.csv")  # source: docs/sources.md#accounts
LEAKED_FROM, LEAKED_BEGIN = 8, 10  # signs of the shortest; hexadecimal digits that are kept of each SHA-256


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown name costs as much time as a known one."""
    return _hasher().hash("\0nobody")


def weakness(password: str, *, login: str, second_factor: bool = False) -> Words | None:
    """Why `password` may not be used by the account `login`; None if it may.

    Who signs in with a second factor may have a shorter one. Spaces and every alphabet are welcome.
    """
    typed = _composed(password)
    shortest = SHORTEST_WITH_SECOND_FACTOR if second_factor else SHORTEST
    if len(typed) < shortest:
        return words("The password is too short: at least {n} characters.", n=shortest)
    if len(typed) > LONGEST:
        return words("The password is too long: at most {n} characters.", n=LONGEST)
    if not second_factor and _classes(typed) < 4:
        return words("The password needs capital and small letters, digits, and other signs (a space is one).")
    if _holds_name(typed, login):
        return words("The password must differ from the sign-in name.")
    if is_common(typed, also=_names_here()) or _is_leaked(typed):
        return words("This password is among the first that guessers try. Please choose another.")
    return None


def password_hash(password: str, *, login: str, second_factor: bool = False) -> str:
    """The hash to store for `password` (about 0.1 s of work). Raises Refusal if the policy forbids the password."""
    if why := weakness(password, login=login, second_factor=second_factor):
        raise Refusal(why)
    return _hasher().hash(_composed(password))


def password_fits(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the hash `stored`; takes as long, and is False, without account or password."""
    is_hash = stored is not None and stored.startswith(ARGON2ID)
    try:
        fits = _hasher().verify(stored if stored and is_hash else _nobody(), _composed(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return fits and is_hash


def _names_here() -> tuple[str, ...]:
    """What everybody in this office would try."""
    own = settings()
    return own.province, f"{own.province_kind} {own.province}", own.place, own.committee_symbol


@cache
def _leaked() -> frozenset[str]:
    return frozenset(LEAKED.read_text(encoding="ascii").split()[1:])


def _is_leaked(typed: str) -> bool:
    """Whether it is one of the passwords that published breaches showed most often, bare or with digits around it."""
    known = (text for text in without_ornament(typed) if len(text) >= LEAKED_FROM)
    return any(sha256(text.encode()).hexdigest()[:LEAKED_BEGIN] in _leaked() for text in known)


def _composed(password: str) -> str:
    """The same password whatever keyboard typed it: composed letters, one kind of space (RFC 8265, OpaqueString)."""
    spaced = "".join(" " if unicodedata.category(c) == "Zs" else c for c in password)
    return unicodedata.normalize("NFC", spaced)


def _classes(text: str) -> int:
    """How many of the four classes of signs occur: capitals, small letters, digits, others."""
    tests = (str.isupper, str.islower, str.isdigit)
    return sum(any(test(c) for c in text) for test in tests) + any(not c.isalnum() for c in text)


def _holds_name(text: str, login: str) -> bool:
    """Whether it is the sign-in name, alone or with little around it."""
    name, given = login.casefold(), text.casefold()
    return bool(name) and (given == name or (len(name) > 3 and name in given and len(given) - len(name) < 6))
