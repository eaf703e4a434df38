"""Codes of an authenticator app (TOTP, RFC 6238: six digits, half a minute) and recovery codes."""

import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

import pyotp

SECONDS = 30
RECOVERY_CODES = 10
READ_AS = str.maketrans("018", "OIB")  # signs that no recovery code has, as people read them


def new_secret() -> str:
    """160 random bits, as apps read them."""
    return pyotp.random_base32()


def address_of_secret(secret: str, *, login: str, issuer: str) -> str:
    """The otpauth: address that an app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def matching_step(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The half minute whose code `code` is: the present one or a neighbour, later than `after`; None if it is none."""
    typed = "".join(code.split())
    present = int(now.timestamp()) // SECONDS
    if len(typed) != 6 or not typed.isascii() or not typed.isdigit():
        return None
    steps = [step for step in (present - 1, present, present + 1) if step > after]
    return next((step for step in steps if compare_digest(pyotp.TOTP(secret).generate_otp(step), typed)), None)


def new_recovery_codes() -> list[str]:
    """Ten codes of 120 random bits each, in groups of four signs."""
    return [_grouped(b32encode(secrets.token_bytes(15)).decode()) for _ in range(RECOVERY_CODES)]


def hash_of_recovery_code(code: str) -> str:
    """What is stored of a recovery code, however it is spelt."""
    return sha256(_bare(code).encode()).hexdigest()


def looks_like_recovery_code(code: str) -> bool:
    """Whether it is as long as one: a code of the app has six digits."""
    return len(_bare(code)) == 24


def _bare(code: str) -> str:
    return "".join(c for c in code.upper().translate(READ_AS) if c.isascii() and c.isalnum())


def _grouped(text: str) -> str:
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
