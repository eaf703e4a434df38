"""The overview: every figure leads to exactly the records it counts, and the parts add up."""

import re
from datetime import UTC, date, datetime

import pytest

from models.db import read_session, transaction
from models.queries.overview import overview
from models.queries.tasks import committee_sessions
from tests import cast, make
from tests.dashboard.pages.shown import TODAY, opened

LATE = [("case_initiated", "2026-02-02")]  # serious: three months, so late since May
ON_TIME = [("case_initiated", "2026-11-02")]
HOSTILE = '<script>alert(1)</script>](javascript:alert(2)) "><img src=x onerror=alert(3)>'


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    """A committee with a late case, one on time, a session between, a late task, money recovered."""
    with transaction() as session:
        make.case(
            session,
            code="VA-1",
            title=HOSTILE,
            events=[*LATE, ("money_returned", "2026-10-20", {"amount_vnd": 250_000_000})],
            money=[("must_recover", "2026-03-02", 1_000_000_000), ("eligible", "2026-03-02", 500_000_000)],
        )
        make.case(session, code="VA-2", events=ON_TIME)
        held = make.session_(session, number=3, held_on=date(2026, 10, 10))
        make.task(session, code="NV-1", of=held, assigned_on=date(2026, 10, 10), due_on=date(2026, 11, 1))
    return installation


def test_an_empty_database_says_what_to_do_next(installation):
    shown = opened("overview", cast.MEMBER)
    assert "No file is open on this day." in shown.text and "Import" in shown.text
    assert "data-figure" not in shown.html


def test_the_figures_are_those_of_the_query(office):
    shown = opened("overview", cast.MEMBER)
    with read_session() as session:
        since = committee_sessions(session)[0]
        state = overview(session, cast.MEMBER, as_of=TODAY, since=since)
    for name in ("files.late", "bucket.due_soon", "files.no_news", "tasks.late", "files.open", "money.recovered"):
        assert int(shown.figure(name)) == state.figures.value(name)
    assert (shown.figure("files.late"), shown.figure("files.open"), shown.figure("tasks.late")) == ("1", "2", "1")


def test_both_rates_name_their_denominators(office):
    text = opened("overview", cast.MEMBER).text
    assert re.search(r"of 1 billion đồng to be recovered: 25\.0%", text)
    assert re.search(r"of 500 million đồng eligible to enforce: 50\.0%", text)


def test_every_number_leads_to_its_records(office):
    shown = opened("overview", cast.MEMBER)
    assert {"/cases?late=1", "/cases?bucket=due_soon", "/cases?silent=90", "/tasks?status=late", "/assets"} <= set(
        shown.links()
    )
    for bucket in ("on_time", "due_soon", "paused", "no_limit", "cannot_tell"):
        assert f"/cases?bucket={bucket}" in shown.links()


def test_a_link_to_cases_lists_as_many_as_it_says(office):
    found = re.findall(r'<a href="(/cases[^"]*)"[^>]*>(\d+)', opened("overview", cast.MEMBER).html)
    assert len(found) > 10
    for address, said in dict(found).items():
        query = dict(part.split("=") for part in address.replace("&amp;", "&").partition("?")[2].split("&") if part)
        listed = opened("cases", cast.MEMBER, **query)
        assert len(listed.codes()) == int(said), address


def test_changes_are_told_since_the_session(office):
    shown = opened("overview", cast.MEMBER)
    assert "1 new file" in shown.text and "Session 3, 10/10/2026" in shown.text
    assert f"/cases?change=new&since={_session_id()}" in shown.links()
    assert "+250 million đồng" in shown.text and "0 of 1 conclusions of the session done" in shown.text


def test_without_a_session_there_is_nothing_to_compare_with(installation):
    with transaction() as session:
        make.case(session, events=ON_TIME)
    shown = opened("overview", cast.MEMBER)
    assert "No session of the committee is recorded before this day." in shown.text
    assert "data-delta" not in shown.html


def test_an_earlier_day_stays_in_every_link(office):
    shown = opened("overview", cast.MEMBER, as_of=date(2026, 10, 30))
    inner = [address for address in shown.links() if address != "/"]
    assert inner and all("as_of=2026-10-30" in address for address in inner)
    assert "/" in shown.links()  # back to today
    assert shown.figure("files.open") == "1"


def test_the_day_and_the_session_chosen_go_into_the_address(office):
    app = opened("overview", cast.MEMBER).app
    app.date_input(key="day").set_value(date(2026, 10, 30)).run()
    assert app.query_params["as_of"] == "2026-10-30"
    app.date_input(key="day").set_value(TODAY).run()
    assert "as_of" not in app.query_params
    app.selectbox(key="session").select_index(0).run()
    assert app.session_state["session"] == _session_id()


def test_a_session_named_in_the_address_is_compared_with(office):
    with transaction() as session:
        earlier = make.session_(session, number=2, held_on=date(2026, 6, 10)).id
    shown = opened("overview", cast.MEMBER, since=str(earlier))
    assert "Session 2, 10/06/2026" in shown.text and f"/cases?change=new&since={earlier}" in shown.links()
    assert "Session 3, 10/10/2026" in opened("overview", cast.MEMBER, since="nonsense").text


def test_the_sum_names_every_bucket_once(office):
    line = re.search(r'data-sum="(\d+)">(.*?)</p>', opened("overview", cast.MEMBER).html)
    numbers = [int(n) for n in re.findall(r">(\d+) ", line[2])]
    assert int(line[1]) == numbers[0] == sum(numbers[1:]) == 2


def test_a_scan_that_did_not_run_is_said(office):
    shown = opened("overview", cast.MEMBER)
    assert 'data-watch="problems"' in shown.html and "did not run" in shown.text
    assert "the morning scan has not run yet" in shown.text


def test_a_scan_of_today_is_named_with_its_time(office):
    from models.changes.judgements import write
    from models.queries.standing import find
    from models.rules.access import SYSTEM

    with transaction() as session:
        found = find(session, SYSTEM, as_of=TODAY)
        write(session, SYSTEM, found, now=datetime(2026, 11, 19, 22, 30, tzinfo=UTC))
    assert "judged today at 05:30 ✓" in opened("overview", cast.MEMBER).text


def test_titles_are_shown_letter_by_letter(office):
    shown = opened("overview", cast.MEMBER)
    assert "<script" not in shown.html and "<img" not in shown.html
    assert "&lt;script&gt;alert(1)" in shown.html


def test_a_reason_that_rests_on_an_approximate_date_is_marked(office):
    assert 'class="tag"' not in opened("overview", cast.MEMBER).html
    with transaction() as session:
        make.case(session, code="VA-3", events=[("case_initiated", "2026-03")])
    html = opened("overview", cast.MEMBER).html
    row = html.partition('data-code="VA-3"')[2].partition("</tr>")[0]
    assert '<span class="tag">approximate</span>' in row and html.count('class="tag"') == 1


def test_a_session_that_does_not_exist_is_named_and_the_latest_taken(office):
    shown = opened("overview", cast.MEMBER, since="99")
    assert 'data-unusable="since=99"' in shown.html and "What changed since: Session 3" in shown.text
    assert "data-unusable" not in opened("overview", cast.MEMBER, since=str(_session_id())).html


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_can_be_read_in_both_languages(office, language):
    shown = opened("overview", cast.MEMBER, language=language)
    assert shown.figure("files.late") == "1" and "liem-ready" in shown.html


@pytest.mark.parametrize("viewer", cast.OUTSIDERS)
def test_who_may_not_read_files_is_refused(office, viewer):
    shown = opened("overview", viewer)
    assert shown.warnings and "data-figure" not in shown.html


def _session_id():
    with read_session() as session:
        return committee_sessions(session)[0].id
