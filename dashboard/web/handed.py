"""What a person was handed over the stream of a page: only that person can fetch it.

The addresses of downloads and uploads, and the name of a page's session, cannot be guessed; but an address can be sent
on to a colleague who may see less. So each belongs to whom it was given.
"""

import re
from collections import OrderedDict

ADDRESS = re.compile(rb"/(?:media|_stcore/upload_file)/[0-9A-Za-z/_.-]{8,200}")
KEPT = 50_000  # addresses; the oldest are forgotten first, and a page that is drawn again hands its own out again

_handed: OrderedDict[tuple[int, str], None] = OrderedDict()


def note(account_id: int, sent: bytes) -> None:
    """Remember the addresses in a message to this person's page."""
    if b"/media/" in sent or b"/_stcore/upload_file/" in sent:
        for found in ADDRESS.finditer(sent):
            for address in {_whole(sent, found.start(), found[0]), found[0]}:
                _remember(account_id, address.decode("ascii"))


def _whole(sent: bytes, at: int, longest: bytes) -> bytes:
    """The address that begins there. What follows a text in a message may look like a part of it: how long the text is
    stands before it, in one byte or two."""
    lengths = (sent[at - 1 : at], sent[at - 2 : at] if at > 1 else b"")
    for length in (one[0] if len(one) == 1 else (one[0] & 0x7F) | one[1] << 7 for one in lengths if one):
        if ADDRESS.fullmatch(sent[at : at + length]) and length <= len(longest):
            return sent[at : at + length]
    return longest


def note_session(account_id: int, session_id: str) -> None:
    """Remember that the page's session is this person's."""
    _remember(account_id, f"session:{session_id}")


def was_handed(account_id: int, path: str) -> bool:
    """Whether this address was given to this person."""
    return (account_id, path) in _handed


def has_session(account_id: int, session_id: str) -> bool:
    """Whether the session of that name is this person's."""
    return (account_id, f"session:{session_id}") in _handed


def forget() -> None:
    """Start afresh."""
    _handed.clear()


def _remember(account_id: int, what: str) -> None:
    _handed[account_id, what] = None
    _handed.move_to_end((account_id, what))
    while len(_handed) > KEPT:
        _handed.popitem(last=False)
