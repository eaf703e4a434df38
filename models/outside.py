"""The routes of this machine, read where the kernel tells them; nothing is sent anywhere."""

from pathlib import Path

from models.rules.network import ways_out

TABLES = Path("/proc/net")


def ways_out_of_here(tables: Path = TABLES) -> tuple[str, ...]:
    """The interfaces of this machine that have a route outside private ranges."""
    return ways_out(_read(tables / "route"), _read(tables / "ipv6_route"))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
