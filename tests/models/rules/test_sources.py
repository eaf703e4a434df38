"""docs/sources.md accounts for every row of the limits, and with the mark the table gives it."""

import re
from pathlib import Path

from models.enums import Verified
from models.rules.clocks import NAMES
from tests.models.rules import lawbook

SOURCES = Path(__file__).resolve().parents[3] / "docs" / "sources.md"
MARKS = {Verified.YES: "text read", Verified.PARTIAL: "to be confirmed", Verified.NO: "not verified"}
WORST = (Verified.YES, Verified.PARTIAL, Verified.NO)


def told() -> dict[str, list[str]]:
    """The rules of the document's tables: code → the other cells of its line."""
    found = [pair for section in sections().values() for pair in section.items()]
    codes = [code for code, _ in found]
    assert len(codes) == len(set(codes)), "a rule is listed twice"
    return dict(found)


def sections() -> dict[str, dict[str, list[str]]]:
    """The tables under "Stage limits", by their heading: code → the other cells of its line."""
    (text,) = re.findall(r"^## Stage limits\n(.*?)^## ", SOURCES.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found: dict[str, dict[str, list[str]]] = {}
    for heading, body in re.findall(r"^### (.+?)\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL):
        lines = re.findall(r"^\| `([A-Z0-9_]+)` \|(.*)\|$", body, re.MULTILINE)
        assert len(lines) == len({code for code, _ in lines}), "a rule is listed twice"
        found[heading] = {code: [cell.strip() for cell in cells.split(" | ")] for code, cells in lines}
    return found


def test_every_rule_of_the_table_is_accounted_for_once():
    assert set(told()) == {row.code for row in lawbook.limit_rows()}


def test_each_rule_carries_the_mark_of_its_weakest_row():
    found = told()
    for code in {row.code for row in lawbook.limit_rows()}:
        weakest = max((row.verified for row in lawbook.limit_rows() if row.code == code), key=WORST.index)
        assert MARKS[weakest] in found[code], code


def test_each_rule_is_a_clock_a_window_a_lead_time_or_not_tracked_with_the_reason():
    found = sections()
    assert set(found) == {"Clocks", "Clocks beside", "Lead times and windows that serve a clock", "Not tracked"}
    assert all(cells[-1] and cells[-1] not in MARKS.values() for cells in found["Not tracked"].values())


def test_what_the_document_calls_tracked_is_what_files_run_and_nothing_else():
    found = sections()
    told_as_run = {*found["Clocks"], *found["Clocks beside"], *found["Lead times and windows that serve a clock"]}
    run = set(NAMES) - {"EXP"} | {"EXP_OTHER"}  # the term of the request, Art. 208(2)
    assert told_as_run - run == {"VERIFY_REQ", "INV_REQ", "DET_REQ"}
    assert run <= told_as_run
    assert run.isdisjoint(found["Not tracked"])


def test_every_section_that_the_code_refers_to_exists():
    headings = re.findall(r"^#+ (.+)$", SOURCES.read_text(encoding="utf-8"), re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert {"counting", "clocks", "stage-limits", "stalled-rules", "calendar", "offences"} <= anchors
