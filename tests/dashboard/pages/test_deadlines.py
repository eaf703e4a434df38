"""Deadlines: the strip adds up to the open files, and a bucket lists exactly its own."""

import re

import pytest

from models.db import transaction
from models.enums import Bucket
from tests import cast, make
from tests.dashboard.pages.shown import opened


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    """A file far beyond its limit, one extended and on time, one suspended, one without any known stage."""
    with transaction() as session:
        make.case(session, code="VA-1", title="<b>Vụ án</b>", events=[("case_initiated", "2025-02-03")])
        make.case(
            session, code="VA-2",
            events=[("case_initiated", "2026-08-24"), ("investigation_extended", "2026-11-10", {"length": "2m"})],
        )  # fmt: skip
        make.case(
            session, code="VA-3", events=[("case_initiated", "2026-03-02"), ("investigation_suspended", "2026-05-04")]
        )
        make.case(session, code="VA-4", events=[("progress_note", "2026-11-02")])
    return installation


def test_the_strip_adds_up_to_the_open_files(office):
    shown = opened("deadlines", cast.MEMBER)
    counts = [int(shown.figure(f"bucket.{bucket}")) for bucket in Bucket]
    assert sum(counts) == int(shown.figure("files.open")) == 4
    said = re.search(r'data-sum="4">(.*?)</p>', shown.html)[1]
    numbers = [int(n) for n in re.findall(r">(\d+) ", said)]
    assert numbers[0] == sum(numbers[1:]) == 4


def test_the_worst_bucket_is_shown_first(office):
    shown = opened("deadlines", cast.MEMBER)
    assert shown.codes() == ["VA-1"] and "More than 365 days late: 1 file" in shown.text
    assert "Police" in shown.text and "Article 172(1)" in shown.text and "3 months" in shown.text


@pytest.mark.parametrize(
    ("bucket", "listed"),
    [("overdue_over_365", ["VA-1"]), ("on_time", ["VA-2"]), ("paused", ["VA-3"]), ("cannot_tell", ["VA-4"]),
     ("due_soon", [])],
)  # fmt: skip
def test_a_bucket_lists_exactly_its_files(office, bucket, listed):
    shown = opened("deadlines", cast.MEMBER, bucket=bucket)
    assert shown.codes() == listed and shown.figure("deadlines.total") == str(len(listed))
    assert int(shown.figure(f"bucket.{bucket}")) == len(listed)


def test_extensions_stand_beside_the_limit(office):
    shown = opened("deadlines", cast.MEMBER, bucket="on_time")
    assert re.search(r"3 months Article 172\(1\) 2 months", shown.text)
    assert "25/01/2027" in shown.text  # 24 August and five months is a Sunday


def test_a_file_without_a_date_says_why(office):
    assert "No event says in which stage the file is." in opened("deadlines", cast.MEMBER, bucket="cannot_tell").text


def test_an_unknown_bucket_counts_as_none(office):
    assert opened("deadlines", cast.MEMBER, bucket="tomorrow").codes() == ["VA-1"]


def test_an_empty_database_shows_empty_buckets(installation):
    shown = opened("deadlines", cast.MEMBER)
    assert shown.figure("files.open") == "0" and "No file is in this bucket." in shown.text


def test_titles_are_shown_letter_by_letter(office):
    html = opened("deadlines", cast.MEMBER).html
    assert "<b>Vụ án</b>" not in html and "&lt;b&gt;Vụ án" in html


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_can_be_read_in_both_languages(office, language):
    assert opened("deadlines", cast.MEMBER, language=language).figure("files.open") == "4"


@pytest.mark.parametrize("viewer", cast.OUTSIDERS)
def test_who_may_not_read_files_is_refused(office, viewer):
    shown = opened("deadlines", viewer)
    assert shown.warnings and "data-figure" not in shown.html
