"""Secrets that the database must keep but not tell: sealed with a key that is not in it (docs/decisions/0022).

The key stands in LIEM_SECRET_KEY, else in a file that only its owner may read, made when it is first needed.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy.engine import make_url

from models.errors import BadUsage, LiemError
from models.rules.words import words
from models.settings import ROOT, settings


class CannotUnseal(LiemError):
    """A sealed secret does not open: another key is in use, or the row was changed or belongs to somebody else."""


def seal(secret: str, *, about: str) -> str:
    """`secret` as it may be stored; it opens only as the secret of `about`."""
    return _box().encrypt(f"{about}\n{secret}".encode()).decode()


def unseal(sealed: str, *, about: str) -> str:
    """The secret that `seal` closed. Raises CannotUnseal."""
    try:
        whose, secret = _box().decrypt(sealed.encode()).decode().split("\n", 1)
    except InvalidToken:
        whose, secret = "", ""
    if whose != about:
        raise CannotUnseal(
            words("A stored secret does not open with the key of this installation. Put back the key file.")
        )
    return secret


def key_file() -> Path:
    """Where the key is kept: LIEM_SECRET_KEY_FILE, else `liem.key` beside a SQLite database, else var/liem.key."""
    own = settings()
    if own.secret_key_file:
        return Path(own.secret_key_file).expanduser()
    url = make_url(own.database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).expanduser().resolve().parent / "liem.key"
    return ROOT / "var" / "liem.key"


def _box() -> MultiFernet:
    """The first key seals; every one opens, so that a key can be replaced."""
    keys = (settings().secret_key or _from_file(key_file())).replace(",", " ").split()
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise BadUsage(
            words("The secret key cannot be used: LIEM_SECRET_KEY and the key file hold 44 signs that end with “=”.")
        ) from None


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
