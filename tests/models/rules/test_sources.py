"""docs/sources.md accounts for every row of the limits, and with the mark the table gives it."""

import re
from pathlib import Path

from models.enums import Verified
from tests.models.rules import lawbook

SOURCES = Path(__file__).resolve().parents[3] / "docs" / "sources.md"
MARKS = {Verified.YES: "text read", Verified.PARTIAL: "to be confirmed", Verified.NO: "not verified"}
WORST = (Verified.YES, Verified.PARTIAL, Verified.NO)


def told() -> dict[str, list[str]]:
    """The rules of the document's tables: code → the other cells of its line."""
    lines = re.findall(r"^\| `([A-Z0-9_]+)` \|(.*)\|$", SOURCES.read_text(encoding="utf-8"), re.MULTILINE)
    codes = [code for code, _ in lines]
    assert len(codes) == len(set(codes)), "a rule is listed twice"
    return {code: [cell.strip() for cell in cells.split(" | ")] for code, cells in lines}


def test_every_rule_of_the_table_is_accounted_for_once():
    assert set(told()) == {row.code for row in lawbook.limit_rows()}


def test_each_rule_carries_the_mark_of_its_weakest_row():
    found = told()
    for code in {row.code for row in lawbook.limit_rows()}:
        weakest = max((row.verified for row in lawbook.limit_rows() if row.code == code), key=WORST.index)
        assert MARKS[weakest] in found[code], code


def test_every_section_that_the_code_refers_to_exists():
    headings = re.findall(r"^#+ (.+)$", SOURCES.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert {"counting", "clocks", "stage-limits", "stalled-rules", "calendar", "offences"} <= anchors
