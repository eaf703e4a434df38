"""What each role is offered."""

import pytest

from dashboard.navigation import PAGES, pages_for, sections
from tests import cast

FILES = ["overview", "cases", "case", "search", "deadlines", "tasks", "sessions", "assets", "coordination"]


@pytest.mark.parametrize(
    "viewer, keys",
    [
        (cast.MEMBER, [*FILES, "reports", "settings"]),
        (cast.SECRETARIAT, [*FILES, "reports", "import_cases", "runs", "settings"]),
        (cast.ADMINISTRATOR, ["runs", "settings", "audit", "people"]),
        (cast.STRANGER, []),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_each_role_is_offered_its_pages_in_order(viewer, keys):
    assert [entry.key for entry in pages_for(viewer)] == keys


def test_addresses_are_those_that_others_link_to():
    assert {f"/{entry.url}" for entry in PAGES} == {
        *(
            "/",
            "/cases",
            "/case",
            "/search",
            "/deadlines",
            "/tasks",
            "/sessions",
            "/assets",
            "/coordination",
            "/reports",
        ),
        *("/import", "/runs"),
        "/settings",
        "/audit",
        "/people",
    }


def test_sections_fold_up_only_when_there_are_many_pages():
    def headings(viewer):
        return {heading: [entry.key for entry in entries] for heading, entries in sections(pages_for(viewer)).items()}

    assert headings(cast.SECRETARIAT)["Data"] == ["coordination", "import_cases", "runs", "settings"]
    assert headings(cast.MEMBER)["Data"] == ["coordination", "settings"]
    assert list(headings(cast.ADMINISTRATOR)) == [""]
    for viewer in cast.EVERYBODY:
        assert sorted(sum(headings(viewer).values(), [])) == sorted(entry.key for entry in PAGES)
