"""Behind TLS our cookies bear the prefixes with which browsers bind them to this very host and to TLS.

`__Host-` for those of the whole site, `__Secure-` for those of one page. Everything inside knows the plain names: a
cookie that came over TLS without its prefix was not set by us, and is not there.
"""

from starlette.types import Scope

from models.settings import settings

OURS = "liem"
PREFIXES = ("__Host-", "__Secure-")


def is_tls(scope: Scope) -> bool:
    """Whether this came to us, or to the proxy in front of us, over TLS."""
    return settings().behind_tls or scope.get("scheme") in ("https", "wss")


def received(scope: Scope) -> Scope:
    """The scope with our cookies under their plain names; as it is without TLS."""
    if not is_tls(scope):
        return scope
    headers = [(name, _plain(value) if name == b"cookie" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}


def sent(cookie: str) -> str:
    """A Set-Cookie header as it goes over TLS: secure, ours under the name that says so."""
    if "secure" not in [part.strip().lower() for part in cookie.split(";")]:
        cookie += "; Secure"
    if not cookie.startswith(OURS):
        return cookie
    whole_site = "path=/" in [part.strip().lower() for part in cookie.split(";")]
    return (PREFIXES[0] if whole_site else PREFIXES[1]) + cookie


def _plain(header: bytes) -> bytes:
    kept = []
    for pair in header.decode("latin-1").split(";"):
        pair = pair.strip()
        prefix = next((prefix for prefix in PREFIXES if pair.startswith(prefix + OURS)), "")
        if prefix or not pair.startswith(OURS):
            kept.append(pair.removeprefix(prefix))
    return "; ".join(kept).encode("latin-1")
