"""What is sealed opens only here, only as whose it is; the key is a file of its owner, made once."""

import stat
from base64 import urlsafe_b64decode

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.errors import BadUsage
from models.sealing import CannotUnseal, key_file, seal, unseal
from models.settings import settings


@pytest.fixture
def own(monkeypatch, tmp_path):
    """Sets settings of this process; without any, the key file lies beside the database in an empty folder."""

    def use(**values):
        monkeypatch.delenv("LIEM_SECRET_KEY", raising=False)
        monkeypatch.setenv("LIEM_DATABASE_URL", f"sqlite:///{tmp_path / 'liem.db'}")
        for name, value in values.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield use
    monkeypatch.undo()
    settings.cache_clear()


def test_the_key_is_made_once_beside_the_database_for_its_owner_only(own, tmp_path):
    own()
    sealed = seal("JBSWY3DP", about="account:1")
    assert "JBSWY3DP" not in sealed
    assert key_file() == tmp_path / "liem.key"
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    before = key_file().read_bytes()
    assert unseal(sealed, about="account:1") == "JBSWY3DP"
    assert key_file().read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["liem.key"]


def test_it_opens_for_nobody_else_with_no_other_key_and_not_when_changed(own):
    own()
    sealed = seal("JBSWY3DP", about="account:1")
    for wrong, about in ((sealed, "account:2"), (sealed[:-6] + "AAAAA=", "account:1"), ("", "account:1")):
        with pytest.raises(CannotUnseal):
            unseal(wrong, about=about)
    own(LIEM_SECRET_KEY=Fernet.generate_key().decode())
    with pytest.raises(CannotUnseal):
        unseal(sealed, about="account:1")


def test_a_key_is_replaced_while_the_old_one_still_opens(own, tmp_path):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    own(LIEM_SECRET_KEY=old)
    sealed = seal("JBSWY3DP", about="account:1")
    own(LIEM_SECRET_KEY=f"{new},{old}")
    assert unseal(sealed, about="account:1") == "JBSWY3DP"
    again = seal("JBSWY3DP", about="account:1")
    (tmp_path / "other.key").write_text(new + "\n")
    own(LIEM_SECRET_KEY_FILE=str(tmp_path / "other.key"))
    assert unseal(again, about="account:1") == "JBSWY3DP"


def test_it_is_sealed_with_an_approved_cipher_and_what_an_earlier_version_sealed_still_opens(own):
    key, other = Fernet.generate_key(), Fernet.generate_key()
    own(LIEM_SECRET_KEY=f"{other.decode()},{key.decode()}")
    before = Fernet(key).encrypt(b"account:1\nJBSWY3DP").decode()
    assert unseal(before, about="account:1") == "JBSWY3DP"
    with pytest.raises(CannotUnseal):
        unseal(before, about="account:2")
    first, second = seal("JBSWY3DP", about="account:1"), seal("JBSWY3DP", about="account:1")
    assert first != second and first.startswith("2.")
    given = urlsafe_b64decode(first.removeprefix("2."))
    derived = HKDF(SHA256(), 32, None, b"liem sealed secrets 2").derive(urlsafe_b64decode(other))
    assert AESGCM(derived).decrypt(given[:12], given[12:], b"account:1") == b"JBSWY3DP"
    with pytest.raises(CannotUnseal):
        unseal(first[:-3] + ("AAA" if first[-3:] != "AAA" else "BBB"), about="account:1")


def test_a_key_that_is_none_is_said_without_repeating_it(own):
    own(LIEM_SECRET_KEY="not-a-key")
    with pytest.raises(BadUsage, match="44 signs") as refused:
        seal("x", about="account:1")
    assert "not-a-key" not in str(refused.value)
