"""Killed in the middle at random moments: nothing half, nothing lost, and the next run goes on.

Fifty times each with `make prove`, ten times with `make test`.

This folder mirrors no other: its tests break the ground under the whole product. The moments are random but the same in
every run (the seed); a failure names its attempt and moment.
"""

import json
import subprocess
import sys

import pytest

from models.settings import ROOT
from tests.proof import times

TRIES = times(50, 10)
SEED = 2026


@pytest.mark.parametrize("work", ["save", "import", "scan", "backup"])
def test_killed_in_the_middle(database_url, work, tmp_path):
    command = [sys.executable, "-W", "error", "-m", "tests.faults.worker", database_url, work, str(TRIES), str(SEED)]
    done = subprocess.run([*command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-4000:]
    kept = json.loads(done.stdout)
    assert len(kept) == TRIES and min(kept) > 0, "each was killed in its work, not before"
