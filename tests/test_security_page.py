"""The pages about security tell no more than there is: every test they name exists, every point is answered."""

import ast
import csv
import re
from functools import cache
from pathlib import Path

import pytest

from models.settings import ROOT

DOCS = ROOT / "docs"
PAGES = {name: (DOCS / name).read_text(encoding="utf-8") for name in ("security.md", "asvs.md", "inventory.md")}
NAMED = sorted({found for page in PAGES.values() for found in re.findall(r"`(tests/[\w./]+?)(?:::(\w+))?`", page)})
POINTS = [line for line in PAGES["security.md"].splitlines() if re.match(r"\| \d+ \|", line)]
# Number and level of each requirement of levels 1 and 2 of release 5.0.0, as published.
LEVELS = dict(list(csv.reader((ROOT / "tests" / "asvs_5_0_0.csv").read_text().splitlines()))[1:])
MET, NOT_MET = ("yes", "partly", "**no**", "operator", "not there"), ("partly", "**no**")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


WHOLE, LACKING = PAGES["asvs.md"].split("## Not met, or partly")
ROWS = [cells(line) for line in WHOLE.splitlines() if re.match(r"\| \d+\.\d+\.\d+", line)]


@cache
def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda value: value or "whole")
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    assert (ROOT / path).exists(), path
    assert not name or name in functions(ROOT / path), f"{path} has no {name}"


def test_every_point_of_level_3_is_answered_by_a_test_a_form_or_the_operator() -> None:
    assert len(NAMED) > 150
    assert [cells(line)[0] for line in POINTS] == [str(number) for number in range(1, 22)]
    for line in POINTS:
        assert "`tests/" in cells(line)[-1] or cells(line)[-1] in ("by the operator", "a form"), line


def test_every_requirement_of_the_standard_stands_in_one_row_with_its_level() -> None:
    levels = list(LEVELS.values())
    assert (levels.count("1"), levels.count("2")) == (70, 183)
    told = [number for row in ROWS for number in row[0].split(", ")]
    assert sorted(told) == sorted(LEVELS)
    for numbers, said, *_ in ROWS:
        assert set(said.split(", ")) == {LEVELS[number] for number in numbers.split(", ")}, numbers


def test_every_requirement_is_answered_and_those_not_met_are_listed() -> None:
    counted = dict.fromkeys(MET, 0)
    for numbers, _, asked, met, how, shown in ROWS:
        several = len(numbers.split(", "))
        counted[met] += several
        assert asked and how and (several == 1 or met == "not there"), numbers
        if met == "yes":
            assert "`tests/" in shown or shown == "a page" and "](" in how, numbers
        if met == "partly":
            assert "`tests/" in shown, f"{numbers}: show the part that is met"
        if met == "not there":
            assert shown == "–", numbers
    assert "{} met, {} partly, {} not, {} the operator's, {} not there.".format(*counted.values()) in WHOLE
    listed = [cells(line)[0] for line in LACKING.splitlines() if re.match(r"\| \d", line)]
    assert listed == [row[0] for row in ROWS if row[3] in NOT_MET]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_the_pages_leads_somewhere(page: str) -> None:
    for target, anchor in re.findall(r"\]\(([\w./-]*)(?:#([\w-]+))?\)", PAGES[page]):
        path = DOCS / (target or page)
        assert path.exists(), target
        if anchor:
            heads = re.findall(r"(?m)^#+ (.+)$", path.read_text(encoding="utf-8"))
            assert anchor in {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}, (
                f"{target}#{anchor}"
            )
