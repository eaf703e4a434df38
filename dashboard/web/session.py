"""The sign-in behind a cookie: looked up for every request and every rerun, so that ending it acts at once."""

import logging
from datetime import datetime, timedelta

from models.changes.sign_in import TOUCH_EVERY, hash_of_token, touch
from models.db import DBAPIError, read_session, transaction
from models.queries.people import Ended, SignedIn, viewer_of_token, why_ended
from models.settings import settings

COOKIE = "liem"
LANGUAGE_COOKIE = "liem_lang"

log = logging.getLogger(__name__)


def idle_time() -> timedelta:
    """How long a browser may be silent."""
    return timedelta(minutes=settings().session_idle_minutes)


def admin_idle_time() -> timedelta:
    """How long an administrator's browser may be silent."""
    return timedelta(minutes=settings().admin_idle_minutes)


def signed_in_with(token: str | None, *, now: datetime, active: bool = True, address: str = "") -> SignedIn | None:
    """Who holds the cookie value `token`; None without a sign-in that still holds. Raises DBAPIError.

    `active`: this request is the person's doing, so the time without activity starts again.
    """
    if not token or len(token) > 100:
        return None
    with read_session() as session:
        found = viewer_of_token(
            session,
            hash_of_token(token),
            now=now,
            idle=idle_time(),
            admin_idle=admin_idle_time(),
            address=address,
        )
    if found and active and now - found.last_seen_at >= TOUCH_EVERY:
        _touch(found, now)
    return found


def ended_after(token: str | None, *, now: datetime) -> Ended | None:
    """How the sign-in of this cookie ended by itself; None for any other end."""
    if not token or len(token) > 100:
        return None
    with read_session() as session:
        return why_ended(session, hash_of_token(token), now=now, idle=idle_time(), admin_idle=admin_idle_time())


def _touch(found: SignedIn, now: datetime) -> None:
    try:
        with transaction() as session:
            touch(session, found.sign_in_id, now=now)
    except DBAPIError:
        log.warning("The time of the last activity could not be stored; the sign-in may end early.")
