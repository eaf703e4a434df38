"""Secrets that the database must keep but not tell: sealed with a key that is not in it (docs/decisions/0022).

The key stands in LIEM_SECRET_KEY, else in a file that only its owner may read, made when it is first needed. From it
HKDF makes the one that AES-256-GCM seals with. What earlier versions sealed with Fernet still opens.
"""

import binascii
import os
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.engine import make_url

from models.errors import BadUsage, LiemError
from models.rules.words import words
from models.settings import ROOT, settings

MARK = "2."  # what is sealed with AES-256-GCM begins so; without it, an earlier version sealed it
PURPOSE = b"liem sealed secrets 2"
NONCE = 12  # bytes


class CannotUnseal(LiemError):
    """A sealed secret does not open: another key is in use, or the row was changed or belongs to somebody else."""


def seal(secret: str, *, about: str) -> str:
    """`secret` as it may be stored; it opens only as the secret of `about`."""
    nonce = os.urandom(NONCE)
    sealed = _cipher(_keys()[0]).encrypt(nonce, secret.encode(), about.encode())
    return MARK + urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, about: str) -> str:
    """The secret that `seal` closed. Raises CannotUnseal."""
    for key in _keys():  # the first key seals; every one opens, so that a key can be replaced
        opened = _opened(sealed, key, about)
        if opened is not None:
            return opened
    raise CannotUnseal(words("A stored secret does not open with the key of this installation. Put back the key file."))


def key_file() -> Path:
    """Where the key is kept: LIEM_SECRET_KEY_FILE, else `liem.key` beside a SQLite database, else var/liem.key."""
    own = settings()
    if own.secret_key_file:
        return Path(own.secret_key_file).expanduser()
    url = make_url(own.database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).expanduser().resolve().parent / "liem.key"
    return ROOT / "var" / "liem.key"


def _opened(sealed: str, key: str, about: str) -> str | None:
    """What this key opens; None if it is not the one, or the secret is not that of `about`, or was changed."""
    try:
        if sealed.startswith(MARK):
            given = urlsafe_b64decode(sealed.removeprefix(MARK))
            return _cipher(key).decrypt(given[:NONCE], given[NONCE:], about.encode()).decode()
        whose, _, secret = Fernet(key).decrypt(sealed.encode()).decode().partition("\n")
        return secret if whose == about else None
    except (InvalidTag, InvalidToken, binascii.Error, ValueError):
        return None


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, PURPOSE).derive(urlsafe_b64decode(key)))


def _keys() -> list[str]:
    """The keys of this installation. Raises BadUsage if there is none, or one that cannot be used."""
    keys = (settings().secret_key or _from_file(key_file())).replace(",", " ").split()
    try:
        usable = [Fernet(key) for key in keys]
    except ValueError:
        usable = []
    if not usable:
        raise BadUsage(
            words("The secret key cannot be used: LIEM_SECRET_KEY and the key file hold 44 signs that end with “=”.")
        )
    return keys


def _from_file(path: Path) -> str:
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii", errors="replace")


def _make(path: Path) -> None:
    """A new key, whole or not at all; who comes second finds the first one's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # readable by its owner only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(made, path)
    finally:
        Path(made).unlink(missing_ok=True)
