"""Which files are still on their way to a page: a form that is saved before they are there must not be saved without.

A browser that was given a file asks for an address, sends the file there, and only then tells the page of it.
"""

import time

from google.protobuf.message import DecodeError  # type: ignore[import-untyped]
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.web.bodies import UPLOAD

TO_BEGIN, TO_TELL = 60.0, 2.0  # seconds: until a file begins to come, and until the page has heard that it came

_awaited: dict[str, float] = {}  # address → until when it counts; for ever while the file comes in


def note(sent: bytes) -> None:
    """Remember the addresses for files in a message to a page."""
    if UPLOAD.encode() not in sent:
        return
    try:
        message = ForwardMsg.FromString(sent)
    except DecodeError:
        return
    for each in message.file_urls_response.file_urls:
        _await(each.upload_url, TO_BEGIN)


def begins(path: str) -> None:
    """A file begins to come in at this address."""
    _await(path, float("inf"))


def ended(path: str, *, came: bool) -> None:
    """Nothing more comes in there: the file is whole, or it was refused, broken off or taken back."""
    if came:
        _await(path, TO_TELL)
    else:
        _awaited.pop(path, None)


def anything(session_id: str) -> bool:
    """Whether a file is on its way to the page of this session."""
    now = time.monotonic()
    return any(until > now for path, until in list(_awaited.items()) if path.startswith(f"{UPLOAD}{session_id}/"))


def forget() -> None:
    """Start afresh."""
    _awaited.clear()


def _await(path: str, seconds: float) -> None:
    now = time.monotonic()
    for old in [old for old, until in _awaited.items() if until <= now]:
        _awaited.pop(old, None)
    _awaited[path] = now + seconds
