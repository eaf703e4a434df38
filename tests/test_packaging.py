"""What a newcomer's two commands rest on."""

import os
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_name_no_index_and_pin_every_package_with_a_hash(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"https?://|file:|--(extra-)?index-url|--find-links", text)
    wanted = re.findall(r"(?m)^[a-z0-9][^\n]*(?:\n    --hash=\S+(?: \\)?)*", text)
    assert len(wanted) > 40
    for package in wanted:
        assert re.match(r"[a-z0-9._-]+(\[[a-z]+\])?==\S+", package), package
        assert "--hash=sha256:" in package, package


def test_development_and_production_run_the_same_versions():
    def pins(name: str) -> set[str]:
        return set(re.findall(r"(?m)^[a-z0-9][^\\\n]*", (ROOT / name).read_text()))

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_page_is_served_without_telemetry_stack_traces_or_outside_hosts():
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["browser"] == {"gatherUsageStats": False, "serverAddress": "localhost"}
    assert config["server"]["enableAgentApi"] is False
    assert config["server"]["fileWatcherType"] == "none"
    assert config["client"]["showErrorDetails"] == "none"
    assert config["client"]["allowedOrigins"] == []
    assert config["runner"]["enforceSerializableSessionState"] is True


def test_the_test_command_of_the_readme_is_the_one_of_the_ci():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "exec make test"
    assert "`make test`" in (ROOT / "README.md").read_text()


def test_make_help_lists_every_target_with_its_reason():
    makefile = (ROOT / "Makefile").read_text()
    for target in (
        "help",
        "setup",
        "run",
        "test",
        "check",
        "bench",
        "demo",
        "jobs",
        "migrate",
        "clean",
        "lock",
        "words",
    ):
        assert re.search(rf"(?m)^{target}:.*## \w", makefile), target
