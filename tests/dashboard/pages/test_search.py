"""The page of answers: what the address asks for, marked where it was met, on nobody's page who may not read files."""

from datetime import date

import pytest

from models.db import transaction
from tests import cast, make
from tests.dashboard.pages.shown import opened

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=alert(3)> qqzz'


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    with transaction() as session:
        file = make.case(
            session, code="VA-2025-014", title=HOSTILE, locality="xã Đại Thắng",
            events=[("case_initiated", "2026-02-02", {"document": "15/QĐ-CSĐT"})],
        )  # fmt: skip
        make.task(session, code="NV-1", content="qqzz kết thúc điều tra", case=file)
        for n in range(25):
            make.task(session, code=f"NV-M{n:02}", content="qqmany", assigned_on=date(2026, 1, n + 1))
    return installation


def hits(shown):
    import re

    return re.findall(r'data-hit="([^"]*)"', shown.html)


def test_hits_lead_to_what_was_found(office):
    shown = opened("search", cast.MEMBER, q="qqzz")
    assert hits(shown) == ["VA-2025-014", "NV-1"]
    assert "/case?code=VA-2025-014" in shown.links() and "/tasks?task=NV-1" in shown.links()


def test_the_code_typed_stands_on_top(office):
    shown = opened("search", cast.MEMBER, q="va2025014")
    assert hits(shown)[0] == "VA-2025-014" and "The code you typed" in shown.text


def test_where_it_was_met_is_shown_and_marked(office):
    shown = opened("search", cast.MEMBER, q="15/qđ dai")
    assert "Case initiated, 02/02/2026" in shown.text and "<mark>QĐ</mark>" in shown.html
    assert "Place" in shown.text and "<mark>Đại</mark>" in shown.html


def test_texts_are_shown_letter_by_letter(office):
    for asked in ("qqzz", HOSTILE, "<img", "script alert"):
        html = opened("search", cast.MEMBER, q=asked).html
        assert "<script" not in html and "<img" not in html


@pytest.mark.parametrize("asked", ["", "   ", "\n"])
def test_an_empty_question_is_answered_calmly(office, asked):
    shown = opened("search", cast.MEMBER, q=asked)
    assert "Type a code" in shown.text and not shown.warnings and not hits(shown)


@pytest.mark.parametrize("asked", ["nothing of the kind", "***", "x" * 500])
def test_no_hit_says_what_to_try(office, asked):
    shown = opened("search", cast.MEMBER, q=asked)
    assert "Nothing was found" in shown.text and "/cases" in shown.links()


def test_many_hits_are_read_page_by_page(office):
    first = opened("search", cast.MEMBER, q="qqmany")
    assert len(hits(first)) == 5 and "Show all" in first.text
    pages = [opened("search", cast.MEMBER, q="qqmany", kind="task", page=page) for page in ("1", "2", "3")]
    assert [len(hits(page)) for page in pages] == [20, 5, 0]
    assert hits(pages[0])[0] == "NV-M24" and hits(pages[1])[-1] == "NV-M00"
    assert "Older hits" in pages[0].text and "Newer hits" not in pages[0].text
    assert "Older hits" not in pages[1].text and "Newer hits" in pages[1].text


@pytest.mark.parametrize("asked", [{"kind": "odd"}, {"page": "0"}, {"page": "x"}, {"page": "999999"}])
def test_what_the_address_says_wrongly_counts_as_not_said(office, asked):
    assert not opened("search", cast.MEMBER, q="qqzz", **asked).warnings


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_can_be_read_in_both_languages(office, language):
    assert hits(opened("search", cast.SECRETARIAT, language=language, q="qqzz"))


@pytest.mark.parametrize("viewer", cast.OUTSIDERS)
def test_who_may_not_read_files_finds_nothing(office, viewer):
    assert not hits(opened("search", viewer, q="qqzz"))
