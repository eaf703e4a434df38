"""The archive of one backup: a tar file of its manifest, the database and the documents, closed by its own checksum.

An archive without a passphrase can be unpacked with any tar; a sealed one is the same under `models.backup.sealed`.
The last 512 bytes hold the SHA-256 of everything before them, so a cut or a changed byte anywhere is found.
"""

import hashlib
import json
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from models.backup.errors import DamagedBackup, NewerBackup, NotOurBackup
from models.backup.sealed import Opener, Sealer, Sink, Source, is_sealed
from models.errors import BadUsage, os_answer
from models.rules.words import words

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 512
CLOSE = b"liem sha256 "  # begins the last block
AT_ONCE = 2**20
MOST_MANIFEST = 256 * 2**20


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself. `rows`: table → rows; `parts`: name → [SHA-256, bytes].

    `missing` and `damaged` name documents (SHA-256) that were not, or not rightly, in the store of the installation.
    """

    format: int
    id: str
    made_at: datetime
    program: str
    migration: str
    database: str  # sqlite or postgresql
    server: str
    rows: dict[str, int]
    audit_rows: int
    audit_head: str
    installation: str  # the hash of the first audit row: the same for all backups of one installation
    parts: dict[str, list[Any]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)

    def as_json(self) -> bytes:
        """The manifest as the archive keeps it."""
        return json.dumps(asdict(self), default=str, ensure_ascii=False, indent=1, sort_keys=True).encode()


class Part(NamedTuple):
    """One file of the archive."""

    name: str
    file: Path
    sha256: str
    size: int


class ReadArchive(NamedTuple):
    """An archive that was read to its end and found whole."""

    manifest: Manifest
    sha256: str  # of the archive file
    size: int
    sealed: bool


def part(name: str, file: Path) -> Part:
    """The file at `file` as the part `name`, its SHA-256 computed."""
    digest, size = hashlib.sha256(), 0
    with file.open("rb") as source:
        while data := source.read(AT_ONCE):
            digest.update(data)
            size += len(data)
    return Part(name, file, digest.hexdigest(), size)


# --- writing -------------------------------------------------------------------------------------------------------


def write(out: BinaryIO, manifest: Manifest, parts: Iterable[Part], passphrase: str | None) -> None:
    """Write the archive of `parts` to `out`. Raises OSError."""
    sealer = Sealer(out, passphrase) if passphrase else None
    closing = _Summed(sealer or out)
    with tarfile.open(fileobj=closing, mode="w|", bufsize=AT_ONCE, format=tarfile.GNU_FORMAT) as tar:  # type: ignore[call-overload]
        said = manifest.as_json()
        _add(tar, MANIFEST, len(said), manifest, _Bytes(said))
        for each in parts:
            with each.file.open("rb") as source:
                _add(tar, each.name, each.size, manifest, source)
    closing.close()
    if sealer:
        sealer.close()


def _add(tar: tarfile.TarFile, name: str, size: int, manifest: Manifest, source: Any) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(manifest.made_at.timestamp())
    tar.addfile(info, source)


class _Summed:
    """Passes on what is written and closes it with a block that holds its SHA-256."""

    def __init__(self, out: Sink) -> None:
        self._out, self._sum = out, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._sum.update(data)
        self._out.write(data)
        return len(data)

    def close(self) -> None:
        self._out.write((CLOSE + self._sum.hexdigest().encode()).ljust(BLOCK, b"\n"))


class _Bytes:
    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int) -> bytes:
        given, self._data = self._data[:size], self._data[size:]
        return given


# --- reading -------------------------------------------------------------------------------------------------------


def read(
    path: Path,
    ask: Callable[[], str],
    *,
    into: Path | None = None,
    first: Callable[[Manifest], None] = lambda _: None,
) -> ReadArchive:
    """Read the archive at `path` to its end and prove every byte; its parts are laid into the folder `into`.

    `ask` is called for the passphrase of a sealed archive; `first` may refuse the manifest before anything is unpacked.
    Raises BadUsage, NotOurBackup, WrongPassphrase, DamagedBackup, NewerBackup.
    """
    with _opened(path) as file:
        begin = file.read(BLOCK)
        file.seek(0)
        sealed = is_sealed(begin)
        if not sealed and not begin.startswith(MANIFEST.encode() + b"\0"):
            raise NotOurBackup(words("{file} is no backup of Liêm, or its beginning is damaged.", file=path.name))
        raw = _Watched(file)
        source = _Proved(Opener(raw, ask()) if sealed else raw)  # type: ignore[arg-type]
        try:
            manifest = _unpack(source, into, first)
            source.finish()
        except (tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as error:
            raise DamagedBackup from error
        return ReadArchive(manifest, raw.sha256, raw.size, sealed)


def _opened(path: Path) -> BinaryIO:
    if not path.is_file():
        raise BadUsage(words("There is no file {file}.", file=repr(str(path))))
    try:
        return path.open("rb")
    except OSError as error:
        raise BadUsage(words("The file {file} cannot be read: {why}.", file=str(path), why=os_answer(error))) from error


def _unpack(source: Source, into: Path | None, first: Callable[[Manifest], None]) -> Manifest:
    with tarfile.open(fileobj=source, mode="r|", bufsize=AT_ONCE) as tar:  # type: ignore[call-overload]
        members = iter(tar)
        manifest = _manifest(tar, next(members, None))
        first(manifest)
        waiting = dict(manifest.parts)
        for member in members:
            sha256, size = waiting.pop(member.name)
            if not member.isfile() or member.size != size or _copied(tar, member, into) != sha256:
                raise DamagedBackup
    if waiting:
        raise DamagedBackup
    return manifest


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> Manifest:
    if member is None or member.name != MANIFEST or member.size > MOST_MANIFEST:
        raise DamagedBackup
    said = json.loads(b"".join(_content(tar, member)))
    if said["format"] > FORMAT:
        raise NewerBackup(
            words("The backup was made by a newer version of Liêm ({version}). Install it.", version=said["program"])
        )
    manifest = Manifest(**{**said, "made_at": datetime.fromisoformat(said["made_at"])})
    if any(not is_part(name) for name in manifest.parts):
        raise DamagedBackup
    return manifest


def is_part(name: str) -> bool:
    """A name that we write: `database`, or a document under its SHA-256; nothing that leads out of a folder."""
    if name in ("liem.db.gz", "liem.dump"):
        return True
    begin, _, sha256 = name.rpartition("/")
    return len(sha256) == 64 and not set(sha256) - set("0123456789abcdef") and begin == f"files/{sha256[:2]}"


def _copied(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path | None) -> str:
    """Lay the member into the folder; the SHA-256 of its content."""
    digest = hashlib.sha256()
    if into is None:
        for data in _content(tar, member):
            digest.update(data)
        return digest.hexdigest()
    target = into / member.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with target.open("xb") as out:
        for data in _content(tar, member):
            digest.update(data)
            out.write(data)
    return digest.hexdigest()


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    content = tar.extractfile(member)
    if content is None:
        raise DamagedBackup
    while data := content.read(AT_ONCE):
        yield data


class _Watched:
    """A file as it is read: its SHA-256 and size."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._sum, self.size = file, hashlib.sha256(), 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._sum.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        return self._sum.hexdigest()


class _Proved:
    """What `_Summed` wrote, without its last block, against which `finish` proves it."""

    def __init__(self, source: Source) -> None:
        self._source, self._sum, self._held = source, hashlib.sha256(), b""

    def read(self, size: int) -> bytes:
        while len(self._held) < size + BLOCK:
            data = self._source.read(AT_ONCE)
            if not data:
                break
            self._held += data
        ready = max(len(self._held) - BLOCK, 0)
        given, self._held = self._held[: min(size, ready)], self._held[min(size, ready) :]
        self._sum.update(given)
        return given

    def finish(self) -> None:
        """Read what tar left over, then compare. Raises DamagedBackup."""
        while self.read(AT_ONCE):
            pass
        if self._held != (CLOSE + self._sum.hexdigest().encode()).ljust(BLOCK, b"\n"):
            raise DamagedBackup
