"""A sealed stream comes back as it was, or not at all."""

import io
import random
import struct

import pytest

from models.backup import sealed as sealing
from models.backup.errors import DamagedBackup, WrongPassphrase
from models.backup.sealed import CHUNK, HEADER, MAGIC, PROOF, SUM, TAG, Opener, Sealer, is_sealed

WORDS = "mật khẩu rất dài"
START = HEADER.size + SUM + PROOF


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The same with the cheapest key: what costs a person nothing costs a test suite minutes."""
    monkeypatch.setattr("models.backup.sealed.COST", 4)


def sealed(text: bytes, passphrase: str = WORDS) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, passphrase)
    for at in range(0, len(text), 300_001):
        sealer.write(text[at : at + 300_001])
    sealer.close()
    return out.getvalue()


def opened(data: bytes, passphrase: str = WORDS) -> bytes:
    source = Opener(io.BytesIO(data), passphrase)
    parts = []
    while part := source.read(70_001):
        parts.append(part)
    return b"".join(parts)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_what_was_sealed_is_opened_again(size):
    text = random.Random(size).randbytes(size)
    data = sealed(text)
    assert opened(data) == text
    assert is_sealed(data) and len(data) == START + size + TAG * max(1, -(-size // CHUNK))


def test_the_key_of_a_backup_costs_what_guidance_asks(monkeypatch):
    monkeypatch.undo()
    _, cost, block, parallel, salt, _ = HEADER.unpack(sealed(b"text")[: HEADER.size])
    assert 128 * block * 2**cost >= 64 * 2**20 and parallel >= 2 and len(salt) == 16
    old = struct.pack(">14sBBB16s7s", MAGIC, 4, 8, 1, b"s" * 16, b"n" * 7)  # as sealed by earlier versions
    monkeypatch.setattr(sealing, "COST", 4)
    monkeypatch.setattr(sealing, "PARALLEL", 1)
    earlier = sealed(b"text")
    assert HEADER.unpack(earlier[: HEADER.size])[1:4] == HEADER.unpack(old)[1:4]
    monkeypatch.undo()
    assert opened(earlier) == b"text"


def test_another_passphrase_is_told_from_damage():
    with pytest.raises(WrongPassphrase):
        opened(sealed(b"text"), WORDS + "!")
    data = bytearray(sealed(b"text"))
    data[20] ^= 1  # in the salt
    with pytest.raises(DamagedBackup):
        opened(bytes(data))


def test_a_changed_byte_is_found_wherever_it_is():
    data = sealed(random.Random(1).randbytes(CHUNK + 1000))
    chance = random.Random(2)
    places = {
        *range(len(b"LIEM"), START),
        START,
        len(data) - 1,
        *(chance.randrange(START, len(data)) for _ in range(40)),
    }
    for place in sorted(places):
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises((DamagedBackup, WrongPassphrase)):
            opened(bytes(changed))


def test_chunks_left_out_exchanged_repeated_or_cut_off_are_found():
    data = sealed(random.Random(3).randbytes(3 * CHUNK))
    head, size = data[:START], CHUNK + TAG
    one, two, three = (data[START + n * size : START + (n + 1) * size] for n in range(3))
    assert opened(head + one + two + three)
    for wrong in ((one, three), (two, one, three), (one, two), (one, one, two, three), (), (one, two, three[:-1])):
        with pytest.raises(DamagedBackup):
            opened(head + b"".join(wrong))


def test_the_same_text_is_never_sealed_the_same_way():
    assert sealed(b"text") != sealed(b"text")
