"""Records that contradict the law or each other: the page shows each as recorded, judged, and with what to do."""

import re

import pytest

from models.db import transaction
from tests import cast, make
from tests.dashboard.pages.shown import opened
from tests.models.rules.test_bad_records import BAD


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def as_recorded(told: str) -> tuple[str, str, dict[str, str]]:
    on, kind, *length = told.split()
    return kind, on, {"length": length[0]} if length else {}


@pytest.mark.parametrize("wrong", BAD)
def test_a_file_with_bad_records_is_shown_with_its_facts_its_verdict_and_its_points(installation, wrong):
    told, (_, last, _, approximate), kinds = BAD[wrong]
    with transaction() as session:
        make.case(session, code="VA-1", events=[as_recorded(each) for each in told])
    shown = opened("case", cast.MEMBER, code="VA-1")
    assert set(re.findall(r'data-quality="(\w+)"', shown.html)) == {kind.value for kind in kinds}
    assert shown.text.count("What to do:") == len(re.findall(r"data-quality=", shown.html))
    for each in told:
        on = each.split()[0].split("-")
        assert "/".join(reversed(on)) in shown.text, "the fact is kept and shown"
    if last:
        assert shown.figure("case.due_on") == last.isoformat()
    else:
        assert "case.due_on" not in shown.html or shown.figure("case.due_on") == ""
    assert not shown.warnings
