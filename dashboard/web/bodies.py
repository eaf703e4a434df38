"""How much may be sent to us, and how slowly."""

import asyncio
import time
from collections import OrderedDict

from starlette.types import Message, Receive, Scope

from models.settings import settings

LARGEST_FORM = 65_536  # bytes; our own forms have a few hundred
FRAMING = 1024 * 1024  # what a browser wraps around an uploaded file, at most
SECONDS_FOR_FORM, SECONDS_FOR_UPLOAD = 20.0, 300.0
UPLOAD = "/_stcore/upload_file/"
WINDOW, FILES_IN_WINDOW = 600.0, 15  # seconds; how many files of the largest size one person may send in that time

_uploaded: OrderedDict[int, list[tuple[float, int]]] = OrderedDict()


class TooLarge(Exception):
    """More came than is taken."""


class TooSlow(Exception):
    """What was announced did not come in time."""


def is_upload(path: str) -> bool:
    """Whether a file is being handed to a page."""
    return path.startswith(UPLOAD)


def announced_too_large(scope: Scope, length: str | None) -> bool:
    """Whether the Content-Length says already that this is too much, or cannot be read."""
    return length is not None and (not length.isascii() or not length.isdigit() or int(length[:15]) > _most(scope))


def measured(scope: Scope, receive: Receive, account_id: int | None = None) -> Receive:
    """`receive` that raises TooLarge and TooSlow while the body of a request comes in."""
    end = time.monotonic() + (SECONDS_FOR_UPLOAD if is_upload(str(scope["path"])) else SECONDS_FOR_FORM)
    came, complete, most = 0, False, _most(scope)

    async def measure() -> Message:
        nonlocal came, complete
        if complete:
            return await receive()
        try:
            message = await asyncio.wait_for(receive(), max(0.0, end - time.monotonic()))
        except TimeoutError:
            raise TooSlow from None
        piece = len(message.get("body", b""))
        came += piece
        complete = not message.get("more_body", False)
        if came > most or (account_id is not None and is_upload(str(scope["path"])) and _is_flood(account_id, piece)):
            raise TooLarge
        return message

    return measure


def _most(scope: Scope) -> int:
    if is_upload(str(scope["path"])):
        return settings().max_upload_mb * 1024 * 1024 + FRAMING
    return LARGEST_FORM


def _is_flood(account_id: int, piece: int) -> bool:
    """Whether this person sent more within a while than anybody needs; a page holds its files in memory."""
    now = time.monotonic()
    lately = [(at, size) for at, size in _uploaded.get(account_id, []) if now - at < WINDOW]
    if lately and now - lately[-1][0] < 1:
        lately[-1] = (lately[-1][0], lately[-1][1] + piece)
    else:
        lately.append((now, piece))
    _uploaded[account_id] = lately
    _uploaded.move_to_end(account_id)
    while len(_uploaded) > 1000:
        _uploaded.popitem(last=False)
    return sum(size for _, size in lately) > FILES_IN_WINDOW * settings().max_upload_mb * 1024 * 1024


def forget() -> None:
    """Start afresh."""
    _uploaded.clear()
