"""TLS by certificate files: usable ones are served, unusable ones are named before anything starts."""

import http.client
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from dashboard.serve import use_certificate
from dashboard.tls import BadCertificate, require_usable
from tests.serving import Server, free_port, liem

PLAIN_CA = """
[ca]
default_ca = here
[here]
database = {folder}/index
serial = {folder}/serial
new_certs_dir = {folder}
default_md = sha256
policy = any
[any]
commonName = supplied
"""


def openssl(*arguments: str | Path) -> None:
    program = shutil.which("openssl")
    assert program, "openssl is not installed; `make test` installs it"
    subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, timeout=60)


def certificate(folder: Path, name: str) -> tuple[str, str]:
    """A certificate for localhost that signs itself, and its key."""
    pem, key = folder / f"{name}.pem", folder / f"{name}.key"
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key)
    who = ("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
    openssl("req", "-x509", *new_key, *who, "-days", "30", "-out", pem)
    key.chmod(0o600)
    return str(pem), str(key)


def certificate_of(days: tuple[str, str], folder: Path, key: str) -> str:
    """A certificate for `key` that is valid from one day to another (YYMMDD000000Z)."""
    folder.mkdir()
    (folder / "index").touch()
    (folder / "serial").write_text("01")
    (folder / "ca.cnf").write_text(PLAIN_CA.format(folder=folder))
    openssl("req", "-new", "-key", key, "-subj", "/CN=localhost", "-out", folder / "asked.pem")
    signed = ("-selfsign", "-batch", "-notext", "-keyfile", key, "-in", folder / "asked.pem")
    from_to = ("-startdate", days[0], "-enddate", days[1])
    openssl("ca", "-config", folder / "ca.cnf", *signed, *from_to, "-out", folder / "signed.pem")
    return str(folder / "signed.pem")


@pytest.fixture
def pair(tmp_path: Path) -> tuple[str, str]:
    return certificate(tmp_path, "good")


def refusal(*files: str) -> str:
    with pytest.raises(BadCertificate) as refused:
        require_usable(*files)
    return str(refused.value)


def test_a_valid_pair_is_usable(pair):
    require_usable(*pair)


def test_each_thing_that_is_wrong_is_named_with_its_file(pair, tmp_path):
    pem, key = pair
    assert "--tls-key" in refusal(pem, "")
    assert "--tls-cert" in refusal("", key)
    assert f"{key}.gone" in refusal(pem, f"{key}.gone")
    assert f"{pem}.gone" in refusal(f"{pem}.gone", key)
    assert "does not belong" in refusal(pem, certificate(tmp_path, "other")[1])
    old = certificate_of(("200101000000Z", "200201000000Z"), tmp_path / "old", key)
    assert "expired" in refusal(old, key) and old in refusal(old, key)
    early = certificate_of(("480101000000Z", "480201000000Z"), tmp_path / "early", key)
    assert "not yet valid" in refusal(early, key)
    (tmp_path / "text.pem").write_text("no certificate")
    assert "not a certificate" in refusal(str(tmp_path / "text.pem"), key)


@pytest.mark.parametrize(("mode", "usable"), [(0o600, True), (0o400, True), (0o640, False), (0o604, False)])
def test_a_key_that_others_can_read_is_refused(pair, mode, usable):
    Path(pair[1]).chmod(mode)
    if usable:
        require_usable(*pair)
    else:
        assert "chmod 600" in refusal(*pair)


def test_an_encrypted_key_is_refused_instead_of_waiting_for_somebody_to_type(pair, tmp_path):
    locked = tmp_path / "locked.key"
    openssl("ec", "-in", pair[1], "-aes256", "-passout", "pass:x", "-out", locked)
    locked.chmod(0o600)
    assert "encrypted" in refusal(pair[0], str(locked))


def test_without_files_there_is_no_tls():
    assert use_certificate("", "") is False


def test_the_command_refuses_in_one_line(sqlite_url, pair, tmp_path):
    other = certificate(tmp_path, "other")[1]
    done = liem("serve", "--port", str(free_port()), "--tls-cert", pair[0], "--tls-key", other, database_url=sqlite_url)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and other in done.stderr


def spoken(port: int, client: ssl.SSLContext) -> tuple[str, str]:
    """The version and the cipher suite that the server and this client agree on."""
    with (
        socket.create_connection(("localhost", port), timeout=60) as raw,
        client.wrap_socket(raw, server_hostname="localhost") as tls,
    ):
        return str(tls.version()), str(tls.cipher()[0])


def test_the_server_speaks_tls_and_nothing_else(sqlite_url, server, pair):
    """A browser's view: modern TLS only, everything over it, cookies bound to it; in clear there is no answer."""
    running: Server = server(sqlite_url, "--tls-cert", pair[0], "--tls-key", pair[1])
    trusting = ssl.create_default_context(cafile=pair[0])
    port = int(running.url.rsplit(":", 1)[1])
    connection = http.client.HTTPSConnection("localhost", port, context=trusting, timeout=60)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert answer.headers["Set-Cookie"].startswith("__Secure-liem_form=")
    assert "; secure" in answer.headers["Set-Cookie"].lower()
    connection.close()
    assert running.url in running.log.read_text()
    with pytest.raises((http.client.HTTPException, OSError)):
        in_clear = http.client.HTTPConnection("localhost", port, timeout=60)
        in_clear.request("GET", "/login")
        in_clear.getresponse()
    newest, _ = spoken(port, trusting)
    assert newest == "TLSv1.3"  # where both are spoken
    trusting.maximum_version = ssl.TLSVersion.TLSv1_2
    assert spoken(port, trusting)[1].startswith("ECDHE-") and "GCM" in spoken(port, trusting)[1]
    by_block = ("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA256")
    for weak in (*by_block, "ALL:-ECDHE:@SECLEVEL=0"):
        trusting.set_ciphers(weak)
        with pytest.raises((ssl.SSLError, OSError)):
            spoken(port, trusting)
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("localhost", port), timeout=60) as raw, pytest.raises(ssl.SSLError):
        old.wrap_socket(raw)
