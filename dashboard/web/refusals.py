"""What was refused at the door, in the log: who tried what from where, and no more lines than somebody reads."""

import logging
from collections import OrderedDict

from starlette.types import Scope

TOLD, KEPT = 20, 1000  # lines for one address and reason; addresses and reasons that are counted

log = logging.getLogger(__name__)
_told: OrderedDict[tuple[str, str], int] = OrderedDict()


def note_refusal(scope: Scope, why: str) -> None:
    """Tell the log that a request or stream was refused."""
    key = (address_of(scope), why)
    _told[key] = told = _told.get(key, 0) + 1
    _told.move_to_end(key)
    while len(_told) > KEPT:
        _told.popitem(last=False)
    if told <= TOLD:
        more = "" if told < TOLD else " (further ones are not told)"
        method = scope.get("method", "stream")
        log.warning("Refused from %s: %s %.200r: %s%s", key[0] or "?", method, scope["path"], why, more)


def forget() -> None:
    """Start afresh."""
    _told.clear()


def address_of(scope: Scope) -> str:
    """The client's address, for the log, the audit chain and for slowing down guessers."""
    client = scope.get("client")
    return str(client[0])[:60] if client else ""
