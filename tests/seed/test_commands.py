"""`liem import | template | export` as people and programs call them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.seed.books import SAMPLE, one_case

ROOT = Path(__file__).parents[2]


@pytest.fixture
def liem(sqlite_url):
    """`liem(*arguments)` runs the command on a fresh database."""

    def run(*arguments):
        environment = {**os.environ, "LIEM_DATABASE_URL": sqlite_url, "LIEM_LANGUAGE": "en"}
        return subprocess.run(
            [sys.executable, "-m", "cli", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_the_sample_is_imported_and_its_counts_are_printed(liem):
    ended = liem("import", SAMPLE / "danh_muc_vu_an.xlsx")
    assert ended.returncode == 0
    assert "50 new" in ended.stdout
    assert "234 new" in ended.stdout


def test_json_is_one_object_and_nothing_else(liem):
    ended = liem("import", SAMPLE, "--json", "--dry-run")
    answer = json.loads(ended.stdout)
    assert ended.returncode == 0
    assert (answer["applied"], answer["events"]) == (False, {"new": 234, "unchanged": 0})


def test_a_refused_cell_is_exit_1_and_named(liem, tmp_path):
    path = one_case(tmp_path / "a.xlsx", "Số bị can", -1)
    ended = liem("import", path)
    assert ended.returncode == 1
    assert "Danh mục, row 2, Số bị can, «-1»: A count cannot be negative." in ended.stderr
    assert "Traceback" not in ended.stderr
    answer = json.loads(liem("import", path, "--json").stdout)
    assert answer["errors"][0] == {
        "sheet": "Danh mục", "row": 2, "column": "Số bị can", "value": "-1", "reason": "A count cannot be negative.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "arguments",
    [
        ("import",), ("import", "/no/such/file.xlsx"), ("import", str(SAMPLE), "--lang", "xx"), ("template",),
        ("template", "/no/such/folder/a.xlsx"), ("export", "a.csv"),
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_2_and_one_clear_line(liem, arguments):
    ended = liem(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr


def test_a_place_that_cannot_be_written_is_one_clear_line(liem, tmp_path):
    (tmp_path / "a.xlsx").mkdir()
    for command in ("export", "template"):
        ended = liem(command, tmp_path / "a.xlsx")
        assert ended.returncode == 2
        assert "cannot be written" in ended.stderr
        assert "Traceback" not in ended.stderr


def test_what_is_exported_is_imported_again(liem, tmp_path):
    liem("import", SAMPLE)
    assert liem("export", tmp_path / "a.xlsx").returncode == 0
    answer = json.loads(liem("import", tmp_path / "a.xlsx", "--json").stdout)
    assert answer["cases"] == {"new": 0, "changed": 0, "unchanged": 50}
    assert answer["entries"]["new"] == answer["events"]["new"] == 0


def test_the_template_is_written(liem, tmp_path):
    assert liem("template", tmp_path / "a.xlsx").returncode == 0
    assert json.loads(liem("import", tmp_path / "a.xlsx", "--json").stdout)["cases"]["new"] == 0


def test_nobody_acts_as_an_account_that_is_not_there(liem):
    ended = liem("import", SAMPLE, "--as", "nguoila")
    assert ended.returncode in (1, 2)
    assert "nguoila" in ended.stderr
    assert "Traceback" not in ended.stderr
