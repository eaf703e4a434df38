"""docs/security.md tells no more than there is: every test it names exists, every point has an answer."""

import ast
import re

import pytest

from models.settings import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w./]+?)(?:::(\w+))?`", PAGE)))
LINES = [
    line for line in PAGE.splitlines() if line.startswith("|") and not line.startswith(("|---", "| # ", "| Chapter"))
]


@pytest.mark.parametrize(("path", "name"), NAMED, ids=lambda value: value or "whole")
def test_every_test_that_is_named_exists(path: str, name: str) -> None:
    there = ROOT / path
    assert there.exists(), path
    if name:
        functions = [node.name for node in ast.walk(ast.parse(there.read_text())) if isinstance(node, ast.FunctionDef)]
        assert name in functions, f"{path} has no {name}"


def test_every_point_is_answered_by_a_test_a_form_or_the_operator() -> None:
    assert len(NAMED) > 40 and len(LINES) > 35
    for line in LINES:
        shown = [cell.strip() for cell in line.strip("|").split("|")][-1]
        assert "`tests/" in shown or shown in ("by the operator", "a form"), line
    numbers = re.findall(r"^\| (\d+) \|", PAGE, flags=re.MULTILINE)
    assert numbers == [str(number) for number in range(1, 22)]
    for chapter in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16):
        assert f"| V{chapter} " in PAGE
