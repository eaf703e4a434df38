"""The certificate with which the server speaks TLS itself: looked at before anything is started."""

import ssl
import stat
from pathlib import Path
from typing import Any

from models.errors import LiemError, os_answer
from models.rules.words import words

OTHERS = stat.S_IRWXG | stat.S_IRWXO
# of TLS 1.2 those with forward secrecy and authenticated encryption; 1.3 has no others
SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"


class BadCertificate(LiemError):
    """The server cannot speak TLS with these files; the text says what to do."""


def speak_good_suites_only() -> None:
    """The server that this process starts takes no other cipher suites.

    Nobody else says which: Streamlit hands the server none, and what is usual then differs from one build of Python to
    the next; Debian's takes suites without forward secrecy.
    """
    from uvicorn import config

    made = config.create_ssl_context

    def with_ours(**given: Any) -> ssl.SSLContext:
        return made(**(given | {"ciphers": SUITES}))

    config.create_ssl_context = with_ours  # type: ignore[assignment]


def require_usable(certificate: str, key: str) -> None:
    """Raises BadCertificate unless a browser can be served with these two files today."""
    if not certificate or not key:
        raise BadCertificate(
            words("TLS needs two files: the certificate (--tls-cert) and its private key (--tls-key).")
        )
    _require_private(Path(key))
    served = _served_with(certificate, key)
    try:
        _greet(served, certificate)
    except ssl.SSLCertVerificationError as error:
        raise BadCertificate(
            words(
                "The certificate {file} cannot be used: {why}. Put a valid one in its place.",
                file=certificate,
                why=error.verify_message,
            )
        ) from None


def _require_private(key: Path) -> None:
    try:
        mode = key.stat().st_mode
    except OSError as error:
        raise BadCertificate(
            words("The private key {file} cannot be read: {why}.", file=str(key), why=os_answer(error))
        ) from error
    if mode & OTHERS:
        raise BadCertificate(
            words("Other users can read the private key {file}. Correct it with: chmod 600 {file}", file=str(key))
        )


def _served_with(certificate: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(SUITES)
    try:
        context.load_cert_chain(certificate, key, password=_no_password)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            said = words("The private key {key} does not belong to the certificate {file}.", key=key, file=certificate)
        else:
            said = words(
                "The files {file} and {key} are not a certificate and its key in PEM.", key=key, file=certificate
            )
        raise BadCertificate(said) from None
    except OSError as error:
        raise BadCertificate(
            words("The certificate {file} cannot be read: {why}.", file=certificate, why=os_answer(error))
        ) from error
    return context


def _no_password() -> str:
    """A server starts without anybody beside it."""
    raise BadCertificate(
        words("The private key is encrypted, and nobody is there to type its password. Store it without one.")
    )


def _greet(server: ssl.SSLContext, certificate: str) -> None:
    """Shake hands with ourselves as a browser would that trusts the certificate. Raises SSLCertVerificationError."""
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname = False
    client.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    client.load_verify_locations(certificate)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(back, there), server.wrap_bio(there, back, server_side=True)]
    for _ in range(4):  # greetings there and back, twice at most
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
