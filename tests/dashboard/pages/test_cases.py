"""The list of files: what the address asks for is what is listed, page by page."""

import re
from datetime import date

import pytest

from models.db import read_session, transaction
from models.queries.tasks import committee_sessions
from tests import cast, make
from tests.dashboard.pages.shown import Shown, opened

HOSTILE = '<script>alert(1)</script>](javascript:alert(2)) "><img src=x onerror=alert(3)>'
LATE = [("case_initiated", "2026-02-02")]
NEW = [("case_initiated", "2026-11-02")]


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    """A late case of corruption, a new one of waste, an incident."""
    with transaction() as session:
        make.session_(session, number=3, held_on=date(2026, 10, 10))
        make.case(session, code="VA-1", title=HOSTILE, events=LATE, locality="xã Đại Thắng", accused_count=3)
        make.case(session, code="VA-2", title="Vụ án lãng phí", events=NEW, categories=["waste"])
        make.case(
            session, code="VV-1", kind="incident", title="Vụ việc đấu giá đất",
            events=[("inspection_opened", "2026-11-10")],
        )  # fmt: skip
    return installation


def test_all_open_files_are_listed_the_most_urgent_first(office):
    shown = opened("cases", cast.MEMBER)
    assert shown.codes() == ["VA-1", "VA-2", "VV-1"] and shown.figure("cases.total") == "3"
    assert "/case?code=VA-1" in shown.links()


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({"late": "1"}, ["VA-1"]),
        ({"kind": "incident"}, ["VV-1"]),
        ({"category": "waste"}, ["VA-2"]),
        ({"bucket": "on_time"}, ["VA-2"]),
        ({"stage": "inspection"}, ["VV-1"]),
        ({"owner": "inspectorate"}, ["VV-1"]),
        ({"place": "xã Đại Thắng"}, ["VA-1"]),
        ({"q": "dai thang"}, ["VA-1"]),
        ({"q": "đấu giá"}, ["VV-1"]),
        ({"silent": "90"}, ["VA-1"]),
        ({"months": "9-10"}, ["VA-1"]),
        ({"months": "0-1"}, ["VA-2", "VV-1"]),
        ({"late": "1", "category": "waste"}, []),
        ({"sort": "title"}, ["VA-1", "VA-2", "VV-1"]),
        ({"sort": "owner"}, ["VV-1", "VA-1", "VA-2"]),
    ],
)
def test_the_address_narrows_and_sorts_the_list(office, asked, listed):
    assert opened("cases", cast.MEMBER, **asked).codes() == listed


@pytest.mark.parametrize(
    "asked",
    [{"stage": "no such"}, {"silent": "many"}, {"months": "x-y"}, {"sort": "; drop"}, {"page": "0"}, {"late": "yes"},
     {"change": "new", "since": "999"}, {"change": "odd"}],
)  # fmt: skip
def test_what_the_address_says_wrongly_counts_as_not_said(office, asked):
    assert len(opened("cases", cast.MEMBER, **asked).codes()) == 3


@pytest.mark.parametrize(
    ("asked", "named"),
    [({"bucket": "zzz"}, "bucket=zzz"), ({"owner": "nobody"}, "owner=nobody"), ({"silent": "abc"}, "silent=abc"),
     ({"change": "new", "since": "99"}, "change=new, since=99"), ({"late": "yes"}, "late=yes"),
     ({"late": "1", "stage": HOSTILE}, "stage=<script>")],
)  # fmt: skip
def test_a_filter_that_cannot_be_used_is_named(office, asked, named):
    shown = opened("cases", cast.MEMBER, **asked)
    assert "The address holds a filter that cannot be used" in shown.text and named in shown.text
    assert "<script>" not in shown.html


@pytest.mark.parametrize(
    "asked", [{}, {"late": "1"}, {"silent": "0"}, {"bucket": "on_time", "sort": "code"}, {"months": "0-1"}, {"q": "x"}]
)
def test_filters_that_are_used_are_not_complained_about(office, asked):
    assert "data-unusable" not in opened("cases", cast.MEMBER, **asked).html


@pytest.mark.parametrize("day", ["2030-01-01", "2026-02-31", "2001-01-01"])
def test_a_day_that_cannot_be_shown_is_named_and_today_shown(office, day):
    shown = Shown(opening_with_day(day))
    assert f"The address holds a day that cannot be shown: as_of={day}. Today is shown." in shown.text
    assert len(shown.codes()) == 3


def opening_with_day(day):
    """The page with `as_of` in its address and today in its context, as the script of every rerun makes it."""
    app = opened("cases", cast.MEMBER).app
    app.query_params["as_of"] = day
    return app.run()


def test_the_last_news_of_ended_files_is_counted_to_the_day_they_stood_so(office):
    with transaction() as session:
        make.case(session, code="VA-9", events=[*LATE, ("terminated", "2026-10-30")])
    with read_session() as session:
        since = committee_sessions(session)[0].id
    shown = opened("cases", cast.MEMBER, change="ended", since=str(since))
    assert shown.codes() == ["VA-9"]
    assert "02/02/2026 250 days before" in shown.text  # to 10/10/2026, the day of the session
    assert "ago" not in shown.text


def test_a_day_before_the_first_fact_says_when_that_was(office):
    shown = opened("cases", cast.MEMBER, as_of=date(2026, 2, 1))
    assert "The first recorded fact is of 02/02/2026" in shown.text and "Import" not in shown.text
    assert opened("cases", cast.MEMBER, as_of=date(2026, 2, 2)).codes() == ["VA-1"]


def test_what_changed_since_a_session_is_listed(office):
    with read_session() as session:
        since = committee_sessions(session)[0].id
    shown = opened("cases", cast.MEMBER, change="new", since=str(since))
    assert shown.codes() == ["VA-2", "VV-1"]
    assert "New since Session 3, 10/10/2026" in shown.text and "/cases" in shown.links()


def test_files_that_ended_are_shown_as_they_stood(office):
    with transaction() as session:
        make.case(session, code="VA-9", events=[*LATE, ("terminated", "2026-11-01")])
        since = committee_sessions(session)[0].id
    shown = opened("cases", cast.MEMBER, change="ended", since=str(since))
    assert shown.codes() == ["VA-9"] and "As these files stood on 10/10/2026." in shown.text


def test_fifty_a_page(installation):
    with transaction() as session:
        for number in range(51):
            make.case(session, code=f"VA-{number:03}", events=NEW)
    assert len(opened("cases", cast.MEMBER, sort="code").codes()) == 50
    assert opened("cases", cast.MEMBER, sort="code", page="2").codes() == ["VA-050"]


def test_a_choice_goes_into_the_address(office):
    app = opened("cases", cast.MEMBER).app
    app.checkbox(key="filter_late").check().run()
    assert app.query_params["late"] == "1"
    app.selectbox(key="choose_kind").select("incident").run()
    assert app.query_params["kind"] == "incident" and "No open file meets these filters." in Shown(app).text
    app.checkbox(key="filter_late").uncheck().run()
    assert "late" not in app.query_params


def test_an_empty_list_says_what_to_do_next(installation):
    shown = opened("cases", cast.SECRETARIAT)
    assert "No file is open on this day." in shown.text and "/import" in shown.links()
    assert "/import" not in opened("cases", cast.MEMBER).links()  # that page is not the member's


def test_no_match_leads_back_to_all(office):
    shown = opened("cases", cast.MEMBER, q="không có")
    assert "No open file meets these filters." in shown.text and "/cases" in shown.links()


def test_titles_are_shown_letter_by_letter(office):
    html = opened("cases", cast.MEMBER).html
    assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_can_be_read_in_both_languages(office, language):
    assert len(opened("cases", cast.SECRETARIAT, language=language).codes()) == 3


@pytest.mark.parametrize("viewer", cast.OUTSIDERS)
def test_who_may_not_read_files_is_refused(office, viewer):
    shown = opened("cases", viewer)
    assert shown.warnings and not shown.codes()


def test_the_last_day_leads_to_its_reasons_and_says_what_a_lawyer_has_to_confirm(installation):
    with transaction() as session:
        make.case(session, code="VA-8", severity="serious", events=[("case_initiated", "2026-09-01")])
        make.case(
            session, code="VA-9", severity="serious", level="central",
            events=[("first_instance_judgment", "2026-09-01"), ("appeal_file_received", "2026-10-01")],
        )  # fmt: skip
    shown = opened("cases", cast.MEMBER)
    rows = dict(re.findall(r'data-code="(VA-\d)"(.*?)</tr>', shown.html, re.S))
    assert all(f"/case?code={code}&amp;why=1" in row for code, row in rows.items())
    assert "to be confirmed by a lawyer" in rows["VA-9"] and "to be confirmed" not in rows["VA-8"]
