"""To which names the site answers, and from whose pages it takes requests."""

import logging
import socket
from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from dashboard.web.cookies import is_tls
from models.settings import settings

READS = ("GET", "HEAD", "OPTIONS")
NAMES_TOLD = 20  # refused names that are told to the log; an attacker may invent any number

log = logging.getLogger(__name__)
_told: set[str] = set()


def is_our_host(header: str) -> bool:
    """Whether the site answers to this Host header (setting LIEM_ALLOWED_HOSTS).

    Without the setting: to addresses in figures, to this machine's own name and to names without a dot. A page from
    elsewhere that points a name of its own at this machine (DNS rebinding) can have none of these.
    """
    try:
        name = (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return False
    allowed = {one.strip().lower().rstrip(".") for one in settings().allowed_hosts.split(",") if one.strip()}
    if "*" in allowed or name in allowed or name == "localhost" or _is_loopback(name):
        return bool(name)
    known = not allowed and bool(name) and (_is_figures(name) or "." not in name or name in _own_names())
    if not known:
        _tell(name)
    return known


def is_foreign(scope: Scope, headers: Headers) -> bool:
    """Whether a page of another site sent this.

    A stream must say that it comes from a page of ours; so must a change, if it says anything. A read may come from
    nowhere (somebody typed the address) and by a link from anywhere; no other site's page may put a part of ours into
    itself.
    """
    if scope["type"] == "http" and scope["method"] in READS:
        return _is_embedded_elsewhere(headers)
    origin = headers.get("origin")
    if origin is None:  # no browser leaves both out, and what is no browser carries nobody's cookie by mistake
        return scope["type"] == "websocket" or headers.get("sec-fetch-site", "same-origin") != "same-origin"
    sent = urlsplit(origin)
    wrong_scheme = is_tls(scope) and sent.scheme != "https"
    return wrong_scheme or sent.netloc.lower() != headers.get("host", "").lower()


def came_by_another_site(headers: Headers) -> bool:
    """Whether a link or picture on another site's page led here: nothing may change by it."""
    return headers.get("sec-fetch-site") in ("cross-site", "same-site")


def _is_embedded_elsewhere(headers: Headers) -> bool:
    if not came_by_another_site(headers):
        return False
    return (
        headers.get("sec-fetch-mode", "navigate") != "navigate"
        or headers.get("sec-fetch-dest", "document") != "document"
    )


def _is_loopback(name: str) -> bool:
    return _is_figures(name) and ip_address(name).is_loopback


def _is_figures(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


@cache
def _own_names() -> frozenset[str]:
    return frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})


def _tell(name: str) -> None:
    if name not in _told and len(_told) < NAMES_TOLD:
        _told.add(name)
        log.warning("Somebody asked for a name this site does not answer to: %r (setting LIEM_ALLOWED_HOSTS)", name)
