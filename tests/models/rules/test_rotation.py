"""Which backups are kept."""

from datetime import date, timedelta

import pytest

from models.rules.rotation import Keep, parse_keep, superfluous

FIRST = date(2026, 1, 1)


def nightly(days: int) -> dict[str, date]:
    """One backup a night, its name sorting by its day."""
    return {(FIRST + timedelta(days=n)).isoformat(): FIRST + timedelta(days=n) for n in range(days)}


def left(backups: dict[str, date], keep: Keep, **more) -> list[str]:
    return sorted(set(backups) - set(superfluous(backups, keep, **more)))


@pytest.mark.parametrize(
    ("text", "keep"),
    [
        ("7/4/12", Keep(7, 4, 12)),
        (" 1/0/0 ", Keep(1, 0, 0)),
        ("0/0/0", None),
        ("7/4", None),
        ("-1/4/12", None),
        ("", None),
    ],
)
def test_the_setting_is_read_or_refused(text, keep):
    assert parse_keep(text) == keep


def test_days_weeks_and_months_keep_the_newest_of_each():
    kept = left(nightly(365), Keep(3, 2, 2))
    assert kept == ["2026-11-30", "2026-12-27", "2026-12-29", "2026-12-30", "2026-12-31"]


def test_a_year_of_nights_one_at_a_time_ends_the_same_and_never_grows():
    keep, there = Keep(7, 4, 12), {}
    for name, day in nightly(400).items():
        there[name] = day
        for gone in superfluous(there, keep):
            del there[gone]
        assert len(there) <= 7 + 4 + 12
    assert there.keys() == set(left(nightly(400), keep))


def test_of_several_of_one_day_the_newest_is_kept():
    assert left({"a": FIRST, "b": FIRST, "c": FIRST}, Keep(1, 0, 0)) == ["c"]


def test_the_newest_and_the_proved_are_always_kept():
    assert left(nightly(10), Keep(0, 0, 1), always=["2026-01-02", "long gone"]) == ["2026-01-02", "2026-01-10"]
    assert left({"old": FIRST}, Keep(1, 0, 0)) == ["old"]
    assert superfluous({}, Keep(7, 4, 12)) == []
