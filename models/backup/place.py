"""Where backups lie and where work on them is done: names, one process at a time, nothing left by a killed one."""

import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.engine import make_url

from models.backup.errors import Busy, CannotBackUp
from models.errors import os_answer
from models.rules.words import words

_HELD: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())  # by whoever runs here
LOCK = ".liem-backup.lock"
UNDER_WAY = ".liem-backup-"  # begins what is not finished; whoever holds the lock may remove it
NAME = re.compile(
    r"liem-(?P<at>\d{8}T\d{6}Z)(?:-(?P<again>\d+))?-(?P<database>sqlite|postgresql)-(?P<installation>[0-9a-f]{8})"
    r"\.tar(?P<sealed>\.sealed)?"
)


class Found(NamedTuple):
    """One archive of a folder, as its name tells."""

    file: Path
    made_at: datetime
    database: str
    installation: str
    sealed: bool

    @property
    def size(self) -> int:
        """In bytes; 0 if it has just been removed."""
        with suppress(OSError):
            return self.file.stat().st_size
        return 0


def archives(folder: Path) -> list[Found]:
    """The archives of the folder, oldest first; none if there is no such folder."""
    try:
        names = [(NAME.fullmatch(file.name), file) for file in folder.iterdir()]
    except OSError:
        return []
    found = [
        (
            int(match["again"] or 1),
            Found(
                file,
                datetime.strptime(match["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
                match["database"],
                match["installation"],
                bool(match["sealed"]),
            ),
        )
        for match, file in names
        if match
    ]
    return [each for _, each in sorted(found, key=lambda pair: (pair[1].made_at, pair[0], pair[1].file.name))]


def free_name(folder: Path, made_at: datetime, database: str, installation: str, *, sealed: bool, mark: str) -> Path:
    """A name in the folder that no archive has: the time in UTC, the kind of database, the installation."""
    at, end = f"{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}", ".tar.sealed" if sealed else ".tar"
    for again in ("", *(f"-{n}" for n in range(2, 10_000))):
        path = folder / f"liem-{at}{again}-{database}-{installation[:8]}{mark}{end}"
        if not path.exists():
            return path
    raise CannotBackUp(words("The folder {folder} is full of backups of the same second.", folder=str(folder)))


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else works in the folder meanwhile; what killed processes left unfinished there is removed first.

    Within the block the same work may lock it again. A file system that has no locks is used without one, and nothing
    is removed there. Raises Busy, CannotBackUp.
    """
    place, held = folder.resolve(), _HELD.get()
    if place in held:
        yield
        return
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        if _lock(handle, folder):
            for left in folder.glob(f"{UNDER_WAY}*"):
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
        token = _HELD.set(held | {place})
        try:
            yield
        finally:
            _HELD.reset(token)
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy(
            words("Another backup, restore or drill works in {folder}. Try again later.", folder=str(folder))
        ) from error
    except OSError:
        return False
    return True


@contextmanager
def scratch(database_url: str) -> Iterator[Path]:
    """A folder of our own for unpacked data: beside a SQLite database, else among the system's temporary files.

    It is readable by its owner only and removed at the end. Raises Busy, CannotBackUp.
    """
    base = _base(database_url)
    with locked(base):
        try:
            made = Path(tempfile.mkdtemp(prefix=UNDER_WAY, dir=base))
        except OSError as error:
            raise cannot_write(base, error) from error
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)


def _base(database_url: str) -> Path:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return Path(url.database).expanduser().resolve().parent
    own = Path(tempfile.gettempdir()) / f"liem-{os.getuid()}"
    own.mkdir(mode=0o700, exist_ok=True)
    if own.is_symlink() or own.stat().st_uid != os.getuid():
        raise CannotBackUp(words("The folder {folder} belongs to somebody else.", folder=str(own)))
    return own / hashlib.sha256(database_url.encode()).hexdigest()[:12]


def cannot_write(folder: Path, error: OSError) -> CannotBackUp:
    """The sentence for a folder that cannot be written."""
    return CannotBackUp(
        words("The folder {folder} cannot be written: {why}. No backup was made.",
              folder=str(folder), why=os_answer(error))
    )  # fmt: skip
