"""Slowing down an address that guesses: too many failures in a while, and it waits."""

from collections import OrderedDict
from datetime import datetime, timedelta

LIMIT = 30  # failures of one address; an office may share one
WHILE = timedelta(minutes=15)
ADDRESSES = 10_000  # remembered at most, the oldest forgotten first

_failures: OrderedDict[str, list[datetime]] = OrderedDict()


def is_waiting(address: str, *, now: datetime) -> bool:
    """Whether `address` failed so often lately that it has to wait."""
    return len(_recent(address, now)) >= LIMIT


def note_failure(address: str, *, now: datetime) -> None:
    """Remember one failed sign-in from `address`."""
    _failures[address] = [*_recent(address, now), now][-LIMIT:]
    _failures.move_to_end(address)
    while len(_failures) > ADDRESSES:
        _failures.popitem(last=False)


def forget() -> None:
    """Start afresh."""
    _failures.clear()


def _recent(address: str, now: datetime) -> list[datetime]:
    return [at for at in _failures.get(address, []) if now - at < WHILE]
