"""Routes that lead outside: the kernel's tables as they are written, one line at a time."""

from pathlib import Path

import pytest

from models.outside import ways_out_of_here
from models.rules.network import ways_out

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
DEFAULT6 = "0" * 32 + " 00 " + "0" * 32 + " 00 "


def route(iface: str, destination: str, mask: str, flags: str = "0003") -> str:
    return f"{HEAD}{iface}\t{destination}\t00000000\t{flags}\t0\t0\t0\t{mask}\t0\t0\t0\n"


def route6(destination: str, length: str, flags: str, iface: str) -> str:
    return f"{destination} {length} {'0' * 32} 00 {'0' * 32} 00000400 00000001 00000000 {flags} {iface}\n"


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ("", ()),
        (HEAD, ()),
        (route("eth0", "00000000", "00000000"), ("eth0",)),  # the default route
        (route("eth0", "00000000", "00000000", "0203"), ()),  # rejected
        (route("eth0", "00000000", "00000000", "0002"), ()),  # not up
        (route("eth0", "0000A8C0", "0000FFFF", "0001"), ()),  # 192.168.0.0/16
        (route("eth0", "0000A9C0", "0000FFFF", "0001"), ("eth0",)),  # 192.169.0.0/16
        (route("eth0", "0000000A", "000000FF", "0001"), ()),  # 10.0.0.0/8
        (route("eth0", "0000000A", "000000FE", "0001"), ("eth0",)),  # 10.0.0.0/7: half of it is not ours
        (route("eth0", "000010AC", "0000F0FF", "0001"), ()),  # 172.16.0.0/12
        (route("eth0", "000020AC", "0000F0FF", "0001"), ("eth0",)),  # 172.32.0.0/12
    ],
)
def test_a_route_leads_outside_unless_all_of_it_is_private(table, found):
    assert ways_out(table, "") == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (route6("0" * 32, "00", "00000003", "eth0"), ("eth0",)),
        (route6("0" * 32, "00", "00200200", "lo"), ()),  # what a machine without IPv6 has
        (route6("fe80" + "0" * 28, "40", "00000001", "eth0"), ()),
        (route6("fd00" + "0" * 28, "08", "00000001", "eth0"), ()),
        (route6("2001" + "0" * 28, "10", "00000001", "eth1"), ("eth1",)),
    ],
)
def test_the_same_for_the_longer_addresses(line, found):
    assert ways_out("", line) == found


def test_the_tables_are_read_from_files_and_a_missing_one_is_none(tmp_path: Path):
    (tmp_path / "route").write_text(route("wlan0", "00000000", "00000000"))
    assert ways_out_of_here(tmp_path) == ("wlan0",)
    (tmp_path / "route").unlink()
    assert ways_out_of_here(tmp_path) == ()
