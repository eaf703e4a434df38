"""Dates reckoned day by day from the CSV tables, as a clerk does on a wall calendar; no code of the product is used."""

import calendar
import csv
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

TABLES = Path(__file__).resolve().parents[3] / "seed" / "reference"
DAY = timedelta(days=1)
PARTS = {"y": (12, 0, 0), "m": (1, 0, 0), "wd": (0, 0, 1), "d": (0, 1, 0), "h": (0, 1, 0)}  # 24 hours: a whole day
Amount = tuple[int, int, int]  # months, days, working days
Row = dict[str, str]


@cache
def table(name: str) -> list[Row]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def special(kind: str) -> frozenset[date]:
    """The days of the calendar of one kind."""
    return frozenset(date.fromisoformat(row["date"]) for row in table("public_holidays.csv") if row["kind"] == kind)


@cache
def is_off(day: date) -> bool:
    if day in special("swap_work"):
        return False
    listed = any(day in special(kind) for kind in ("holiday", "compensation", "swap_off"))
    return listed or day.isoweekday() in (6, 7)


def next_working_day(day: date) -> date:
    while is_off(day):
        day += DAY
    return day


@cache
def amount(text: str) -> Amount:
    """`2m`, `20d`, `5wd`, `24h`; none of it for a cell without a number."""
    total = (0, 0, 0)
    for number, unit in re.findall(r"(\d+)(y|m|wd|d|h)", text):
        months, days, workdays = PARTS[unit]
        n = 1 if unit == "h" else int(number)
        total = (total[0] + n * months, total[1] + n * days, total[2] + n * workdays)
    return total


def add(one: Amount, other: Amount) -> Amount:
    return (one[0] + other[0], one[1] + other[1], one[2] + other[2])


def months_later(day: date, months: int) -> date:
    """The same date so many months on; the month's last day when it has no such date."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def end_of(start: date, total: Amount, *, custody: bool = False) -> date:
    """Months first, then days, then working days; a month in custody is thirty days. Not yet moved."""
    months, days, workdays = total
    day = start + 30 * months * DAY if custody else months_later(start, months)
    day += days * DAY
    while workdays:
        day += DAY
        workdays -= not is_off(day)
    return day


def last_day(start: date, total: Amount, *, custody: bool = False) -> date:
    """The last day of the limit: custody ends on its day, everything else on a working day."""
    end = end_of(start, total, custody=custody)
    return end if custody else next_working_day(end)


@cache
def steps(code: str, severity: str) -> dict[int, Row]:
    """The rows of a rule for one class: the base limit (0) and its extensions by number."""
    return {
        int(row["extension_no"]): row
        for row in table("statutory_deadlines.csv")
        if row["code"] == code and row["severity"] == severity
    }


def in_full(code: str, severity: str, number: int, start: date) -> list[Amount]:
    """The base limit of a row and its extensions up to `number`, each as long as the law allows, from this start."""
    rows = steps(code, severity)
    found = [amount(rows[number if 0 not in rows else 0]["base_limit"])]
    for step in range(1, number + 1):
        text = rows[step]["extension_length"]
        if text.startswith("to "):
            most = end_of(start, amount(text))
            found.append((0, (most - end_of(start, sum_of(found))).days, 0))
        elif text == "half of the maximum":
            found.append((2, 0, 0))  # half of four months
        else:
            found.append(amount(text))
    return found


def total(code: str, severity: str, number: int, start: date) -> Amount:
    """What that is together; "to 2 months in all" is two months."""
    rows, whole = steps(code, severity), (0, 0, 0)
    for step, part in enumerate(in_full(code, severity, number, start)):
        text = rows[step]["extension_length"] if step else ""
        whole = amount(text) if text.startswith("to ") else add(whole, part)
    return whole


def sum_of(parts: list[Amount]) -> Amount:
    total = (0, 0, 0)
    for part in parts:
        total = add(total, part)
    return total


def as_length(part: Amount) -> str:
    """An extension as people enter it."""
    months, days, workdays = part
    return "".join(f"{n}{unit}" for n, unit in ((months, "m"), (days, "d"), (workdays, "wd")) if n)


def every_day(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += DAY
