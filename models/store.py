"""The store of attached documents: a folder beside the database, each content under its own SHA-256.

A content is written whole or not at all, never changed, and looked at again whenever it is read.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from sqlalchemy.engine import make_url

from models.errors import LiemError
from models.rules.words import words
from models.settings import ROOT, settings


class ContentLost(LiemError):
    """A stored content is gone, or no longer what was stored."""


def folder() -> Path:
    """Where contents are kept: LIEM_FILES_DIR, else `files` beside a SQLite database, else var/files."""
    own = settings()
    if own.files_dir:
        return Path(own.files_dir).expanduser()
    url = make_url(own.database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).expanduser().resolve().parent / "files"
    return ROOT / "var" / "files"


def put(content: bytes, *, into: Path | None = None) -> str:
    """Keep `content`; its SHA-256. The same content twice is kept once."""
    name = hashlib.sha256(content).hexdigest()
    target = _path(name, into)
    if target.exists():
        return name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, made = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, target)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise
    return name


def get(sha256: str, *, of: Path | None = None) -> bytes:
    """The content of this SHA-256. Raises ContentLost if it is not there, or not what was stored."""
    try:
        content = _path(sha256, of).read_bytes()
    except OSError as error:
        raise ContentLost(
            words("The document is not in the store of this installation. Restore the folder of documents.")
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ContentLost(words("The stored document was changed behind the application's back; it is not shown."))
    return content


def _path(sha256: str, given: Path | None) -> Path:
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return (given or folder()) / sha256[:2] / sha256
