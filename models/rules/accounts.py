"""What holds for accounts: when one is locked and for how long, who needs a second factor, what is too old.

Source: docs/sources.md#accounts
"""

from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from models.enums import Role

FAILURES_TO_LOCK = 5
FIRST_LOCK = timedelta(minutes=15)  # doubled by each further failure
LONGEST_LOCK = timedelta(hours=4)
FIRST_WAIT = timedelta(minutes=1)  # of an address, which an office may share; doubled too
LONGEST_WAIT = timedelta(hours=1)
EVERYBODY = "everybody"
KEPT_PASSWORDS = 10  # an administrator takes none of so many again


def lock_of(failures: int) -> timedelta | None:
    """How long an account stays locked after so many failures in a row; None below the limit."""
    return _doubled(failures - FAILURES_TO_LOCK, FIRST_LOCK, LONGEST_LOCK)


def wait_of(failures: int, *, limit: int) -> timedelta | None:
    """How long an address has to wait after so many failures, whoever it tried; None below the limit."""
    return _doubled(failures - limit, FIRST_WAIT, LONGEST_WAIT)


def network_of(address: str) -> str:
    """What is counted as one address: an IPv4 address, or the network of 64 bits that one IPv6 machine chooses from."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:60]
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"


def needs_second_factor(role: Role, *, of: str) -> bool:
    """Whether people of this role sign in with a second factor only; `of`: administrators or everybody."""
    return of == EVERYBODY or role is Role.ADMINISTRATOR


def is_password_due(role: Role, changed_at: datetime, *, now: datetime, days: int) -> bool:
    """Whether an administrator's password is so old that another one has to be chosen; others' do not age."""
    return role is Role.ADMINISTRATOR and now >= changed_at + timedelta(days=days)


def is_dormant(used_on: date, *, today: date, days: int) -> bool:
    """Whether an account last used (or opened) on that day has been idle for so many days."""
    return today >= used_on + timedelta(days=days)


def review_due_on(signed_on: date, *, months: int) -> date:
    """Last day for the next review of accounts and rights: the same day so many months later, or that month's end."""
    month = signed_on.month - 1 + months
    year, month = signed_on.year + month // 12, month % 12 + 1
    for day in (signed_on.day, 30, 29, 28):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError


def _doubled(over: int, first: timedelta, longest: timedelta) -> timedelta | None:
    if over < 0:
        return None
    return longest if over > 10 else min(first * 2**over, longest)
