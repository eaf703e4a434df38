"""A stream sealed with a passphrase: scrypt makes the key, AES-256-GCM seals one chunk after the other.

What each chunk is sealed with says which one it is and whether it is the last: chunks that are changed, left out,
exchanged or cut off at the end are all found. Memory does not grow with the stream.
"""

import hashlib
import hmac
import os
import struct
from typing import BinaryIO, NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.backup.errors import DamagedBackup, WrongPassphrase
from models.rules.words import words

MAGIC = b"LIEM sealed 1\n"
CHUNK = 2**20  # bytes of text in a chunk
TAG = 16  # bytes that a chunk grows by
COST, BLOCK, PARALLEL = 16, 8, 2  # scrypt: twice 2**16 rounds of 8 blocks, 64 MiB and less than half a second
MOST_COST = 20  # what a header may ask of us
HEADER = struct.Struct(">14sBBB16s7s")  # magic, scrypt's three numbers, salt, what every nonce begins with
SUM = 8  # of the header, to tell damage from a wrong passphrase
PROOF = 16  # that the passphrase is the right one


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> int:
        """Take all of `data`."""


class Source(Protocol):
    """Where bytes come from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""


class _Keys(NamedTuple):
    chunks: bytes
    proof: bytes


class Sealer:
    """Writes sealed what is written to it; nothing is whole before `close`."""

    def __init__(self, out: Sink, passphrase: str) -> None:
        """Begin a stream on `out`."""
        salt, self._begin = os.urandom(16), os.urandom(7)
        self._header = HEADER.pack(MAGIC, COST, BLOCK, PARALLEL, salt, self._begin)
        keys = _keys(passphrase, salt, COST, BLOCK, PARALLEL)
        self._out, self._cipher, self._count, self._waiting = out, AESGCM(keys.chunks), 0, bytearray()
        out.write(self._header + _sum(self._header) + _proof(keys, self._header))

    def write(self, data: bytes) -> int:
        """Seal `data`, a chunk at a time."""
        self._waiting += data
        while len(self._waiting) > CHUNK:  # the last chunk is sealed by close(), be it full
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def close(self) -> None:
        """Seal what waits as the last chunk."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, text: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._begin, self._count, last), text, self._header))
        self._count += 1


class Opener:
    """Reads what a Sealer wrote."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        """Read the header of `source`. Raises WrongPassphrase, DamagedBackup."""
        self._header = source.read(HEADER.size)
        kept, proof = source.read(SUM), source.read(PROOF)
        if len(proof) < PROOF or not hmac.compare_digest(kept, _sum(self._header)):
            raise DamagedBackup
        _, cost, block, parallel, salt, self._begin = HEADER.unpack(self._header)
        if not (cost <= MOST_COST and 0 < block <= BLOCK and 0 < parallel <= 4):
            raise DamagedBackup
        keys = _keys(passphrase, salt, cost, block, parallel)
        if not hmac.compare_digest(proof, _proof(keys, self._header)):
            raise WrongPassphrase(words("The passphrase does not open this backup. Nothing was changed."))
        self._source, self._cipher, self._count = source, AESGCM(keys.chunks), 0
        self._next, self._open, self._at = source.read(CHUNK + TAG), b"", 0
        if not self._next:
            raise DamagedBackup

    def read(self, size: int) -> bytes:
        """At most `size` bytes of the text. Raises DamagedBackup."""
        if self._at >= len(self._open) and self._next:
            self._open, self._at = self._unseal(), 0
        given = self._open[self._at : self._at + size]
        self._at += len(given)
        return given

    def _unseal(self) -> bytes:
        sealed, self._next = self._next, self._source.read(CHUNK + TAG)
        nonce = _nonce(self._begin, self._count, not self._next)
        self._count += 1
        try:
            return self._cipher.decrypt(nonce, sealed, self._header)
        except InvalidTag as error:
            raise DamagedBackup from error


def is_sealed(begin: bytes) -> bool:
    """Whether a file that begins so was written by a Sealer."""
    return begin.startswith(MAGIC)


def _keys(passphrase: str, salt: bytes, cost: int, block: int, parallel: int) -> _Keys:
    made = hashlib.scrypt(
        passphrase.encode(), salt=salt, n=2**cost, r=block, p=parallel, maxmem=2 * 128 * block * 2**cost, dklen=64
    )
    return _Keys(made[:32], made[32:])


def _nonce(begin: bytes, count: int, last: bool) -> bytes:
    return begin + struct.pack(">IB", count, last)


def _sum(header: bytes) -> bytes:
    return hashlib.sha256(header).digest()[:SUM]


def _proof(keys: _Keys, header: bytes) -> bytes:
    return hmac.digest(keys.proof, header, "sha256")[:PROOF]
