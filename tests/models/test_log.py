"""A line of the log says when in universal time, and nobody writes a second one into it."""

import logging
import re

from models.log import Lines


def line(message: str, *arguments: object, error: BaseException | None = None) -> str:
    known = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("liem", logging.WARNING, __file__, 1, message, arguments, known)
    record.created = 1_790_000_000.5
    return Lines().format(record)


def test_a_line_says_when_in_universal_time_and_how_grave_it_is():
    assert line("mail %d: not sent", 7) == "2026-09-21T14:13:20Z WARNING liem: mail 7: not sent"


def test_what_somebody_typed_is_no_line_of_its_own():
    forged = "x\n2026-01-01T00:00:00Z INFO liem: signed out\r\u2028\x1b[2J\x85"
    assert len(line("Refused: %s", forged).splitlines()) == 1
    assert "x\\n2026" in line("Refused: %s", forged) and "\x1b" not in line("Refused: %s", forged)
    told = line("failed", error=ValueError(forged)).splitlines()
    assert all(re.match(r"    |20\d\d-.* WARNING liem: failed$", each) for each in told) and len(told) > 1
