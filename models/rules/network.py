"""Whether this machine's routes lead outside private networks: read from the kernel's tables, asking nobody."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

UP, REJECT = 0x1, 0x200  # flags of a route
PRIVATE4 = tuple(map(IPv4Network, (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4"
)))  # fmt: skip
PRIVATE6 = tuple(map(IPv6Network, ("fc00::/7", "fe80::/10", "::1/128", "ff00::/8")))


def ways_out(routes: str, routes6: str) -> tuple[str, ...]:
    """The interfaces that have a route outside private ranges, by name.

    `routes`, `routes6`: what /proc/net/route and /proc/net/ipv6_route say; "" where there is no such table.
    """
    return tuple(sorted({*_ways4(routes), *_ways6(routes6)}))


def _ways4(table: str) -> Iterator[str]:
    """Lines of: interface, destination, gateway, flags, …, mask (the eighth); numbers in hexadecimal, reversed."""
    for line in table.splitlines()[1:]:
        cells = line.split()
        if len(cells) < 8:
            continue
        flags, mask = int(cells[3], 16), bin(int(cells[7], 16)).count("1")
        leads_to = IPv4Network((IPv4Address(bytes.fromhex(cells[1])[::-1]), mask), strict=False)
        if flags & UP and not flags & REJECT and not any(leads_to.subnet_of(own) for own in PRIVATE4):
            yield cells[0]


def _ways6(table: str) -> Iterator[str]:
    """Lines of: destination, length of its prefix, …, flags (the ninth), interface; numbers in hexadecimal."""
    for line in table.splitlines():
        cells = line.split()
        if len(cells) < 10:
            continue
        flags, length = int(cells[8], 16), int(cells[1], 16)
        leads_to = IPv6Network((IPv6Address(bytes.fromhex(cells[0])), length), strict=False)
        if flags & UP and not flags & REJECT and not any(leads_to.subnet_of(own) for own in PRIVATE6):
            yield cells[9]
