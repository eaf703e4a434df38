"""Deadlines: the strip adds up to the open files, and a bucket lists exactly its own."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from dashboard.components.board import Board, as_workbook
from dashboard.context import PageContext
from models.db import transaction
from models.enums import AgencyKind, Bucket
from models.queries.cases import CaseFilter
from models.text import translator
from tests import cast, make
from tests.dashboard.pages.opening import NOON
from tests.dashboard.pages.shown import TODAY, opened


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


def test_an_unknown_bucket_counts_as_none_and_is_named(office):
    shown = opened("deadlines", cast.MEMBER, bucket="tomorrow")
    assert shown.codes() == ["VA-1"] and 'data-unusable="bucket=tomorrow"' in shown.html


@pytest.mark.parametrize("asked", [{"month": "2026-13"}, {"due": "soon"}, {"rule": "none"}, {"view": "odd"}])
def test_what_else_the_address_says_wrongly_is_named(office, asked):
    (named,) = (f"{name}={value}" for name, value in asked.items())
    assert f'data-unusable="{named}"' in opened("deadlines", cast.MEMBER, **asked).html


def test_a_month_and_a_day_that_can_be_shown_are_not_complained_about(office):
    assert "data-unusable" not in opened("deadlines", cast.MEMBER, view="month", month="2026-12").html
    assert "data-unusable" not in opened("deadlines", cast.MEMBER, due="2026-12-01", late="1").html


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


# --- by agency and by clock -----------------------------------------------------------------------------------------


def parts(shown) -> list[tuple[str, list[str]]]:
    """The parts of the table, each with the codes under its heading."""
    bodies = re.findall(r"<tbody>(.*?)</tbody>", shown.html, re.S)
    named = [
        (re.search(r'scope="rowgroup">(.*?)</th>', body), re.findall(r'data-code="(.*?)"', body)) for body in bodies
    ]
    return [(name[1], codes) for name, codes in named if name]


@pytest.fixture
def courts(office):
    """Besides the office's files one that the court has to move, due on the last day of January."""
    with transaction() as session:
        make.case(
            session, code="VA-5",
            events=[("case_initiated", "2026-03-02"), ("investigation_concluded", "2026-06-01"),
                    ("prosecution_decision", "2026-07-01"), ("case_accepted", "2026-11-16")],
        )  # fmt: skip
    return office


def test_by_agency_every_open_file_stands_under_who_has_to_move(courts):
    shown = opened("deadlines", cast.MEMBER, group="agency")
    found = dict(parts(shown))
    assert found["Court"] == ["VA-5"] and {"VA-1", "VA-2"} <= set(found["Police"])
    assert sorted(shown.codes()) == ["VA-1", "VA-2", "VA-3", "VA-4", "VA-5"]


def test_by_clock_every_open_file_stands_under_the_limit_that_decides(courts):
    found = dict(parts(opened("deadlines", cast.MEMBER, group="clock")))
    assert found["Investigation"] == ["VA-1", "VA-2"] and found["Trial preparation"] == ["VA-5"]
    assert found["No limit runs"] == ["VA-3", "VA-4"]


@pytest.mark.parametrize(
    ("asked", "seen"),
    [({"group": "agency"}, (True, False)), ({"group": "clock"}, (False, True)), ({"late": "1"}, (True, True)),
     ({"owner": "police"}, (True, False))],
)  # fmt: skip
def test_what_stands_above_the_rows_is_no_column(courts, asked, seen):
    html = opened("deadlines", cast.MEMBER, **asked).html
    assert ('class="c-clock" scope' in html, 'class="c-owner" scope' in html) == seen


@pytest.mark.parametrize(
    ("asked", "listed"),
    [
        ({"owner": "court"}, ["VA-5"]),
        ({"rule": "INV"}, ["VA-1", "VA-2"]),
        ({"owner": "court", "rule": "INV"}, []),
        ({"late": "1"}, ["VA-1"]),
        ({"due": "2027-01-25"}, ["VA-2"]),
        ({"due": "2027-01-26"}, []),
        ({"bucket": "on_time", "owner": "police"}, ["VA-2"]),
    ],
)  # fmt: skip
def test_the_address_narrows_the_list(courts, asked, listed):
    shown = opened("deadlines", cast.MEMBER, **asked)
    assert shown.codes() == listed and shown.figure("deadlines.total") == str(len(listed))
    assert "Show all files" in shown.text


def test_without_a_bucket_the_worst_stand_first(courts):
    found = parts(opened("deadlines", cast.MEMBER, owner="police"))
    assert [name for name, _ in found][:2] == ["More than 365 days late", "On time"]


@pytest.mark.parametrize("asked", [{"owner": "nobody"}, {"rule": "NOPE"}, {"group": "colour"}, {"view": "week"},
                                   {"due": "soon"}, {"late": "yes"}])  # fmt: skip
def test_what_the_address_says_wrongly_counts_as_not_said(courts, asked):
    assert opened("deadlines", cast.MEMBER, **asked).codes() == ["VA-1"]


# --- the month ------------------------------------------------------------------------------------------------------


def month(office, asked: str, **more):
    return opened("deadlines", cast.MEMBER, view="month", month=asked, **more)


def days_of(shown) -> dict[str, int]:
    return {day: int(due) for day, due in re.findall(r'data-day="(.*?)" data-due="(\d+)"', shown.html)}


@pytest.fixture
def edges(installation):
    """Files whose limit ends on the first and on the last working day of a month, and one day beyond each."""
    starts = {"A-30": "2026-08-31", "B-01": "2026-09-01", "C-31": "2026-09-30", "D-04": "2026-10-01"}
    with transaction() as session:
        for code, day in starts.items():
            make.case(session, code=code, events=[("case_initiated", day)])
    return installation


def test_a_file_stands_on_the_last_day_of_its_limit_and_in_no_other_month(edges):
    november, december, january = (month(edges, each) for each in ("2026-11", "2026-12", "2027-01"))
    due = {day: n for shown in (november, december, january) for day, n in days_of(shown).items() if n}
    assert due == {"2026-11-30": 1, "2026-12-01": 1, "2026-12-30": 1, "2027-01-04": 1}
    assert [shown.figure("deadlines.month") for shown in (november, december, january)] == ["1", "2", "1"]
    assert "/case?code=B-01&why=1" in december.links() and "/case?code=A-30&why=1" not in december.links()


@pytest.mark.parametrize(("asked", "count"), [("2026-11", 30), ("2026-12", 31), ("2027-02", 28), ("2028-02", 29)])
def test_a_month_has_all_its_days_in_whole_weeks(edges, asked, count):
    shown = month(edges, asked)
    days = sorted(days_of(shown))
    assert len(days) == count and days[0] == f"{asked}-01" and days[-1] == f"{asked}-{count}"
    drawn = re.search(r'<table class="month".*?</table>', shown.html, re.S)[0]
    assert len(re.findall(r"<td", drawn)) % 7 == 0


def test_days_off_are_named_and_weekends_marked(edges):
    html = month(edges, "2026-09").html
    assert re.search(r'class="off" data-day="2026-09-02"', html) and "National Day" in html
    assert re.search(r'class="off" data-day="2026-09-05"', html)
    assert not re.search(r'class="off" data-day="2026-09-04"', html)


def test_a_month_without_anything_shows_its_empty_days(edges):
    shown = month(edges, "2026-10")
    assert shown.figure("deadlines.month") == "0" and not any(days_of(shown).values())
    assert "The calendar has no days off" not in shown.text


@pytest.mark.parametrize(("asked", "told"), [("2040-05", True), ("2010-05", False)])
def test_a_month_without_a_calendar_says_so(edges, asked, told):
    shown = month(edges, asked)
    assert f"The calendar has no days off for {asked[:4]}: only weekends are marked." in shown.text
    assert ("cannot be told until its official notice is entered" in shown.text) is told
    assert len(days_of(shown)) == 31


@pytest.mark.parametrize("asked", ["", "2026-13", "0000-00", "9999-12", "1999-12", "2101-01", "soon", "2026-1"])
def test_a_month_that_cannot_be_shown_gives_the_present_one(edges, asked):
    assert min(days_of(month(edges, asked))) == "2026-11-01"


@pytest.mark.parametrize(("asked", "turns"), [("2000-01", ["2000-02"]), ("2026-12", ["2026-11", "2027-01"]),
                                              ("2100-12", ["2100-11"])])  # fmt: skip
def test_the_months_beside_it_are_one_step_away(edges, asked, turns):
    links = re.findall(r"<a[^>]*>[‹›]</a>", month(edges, asked).html)
    assert [re.search(r"month=(\d{4}-\d\d)", each)[1] for each in links] == turns


def test_late_files_stand_above_whatever_the_month(edges):
    shown = month(edges, "2027-05", today=date(2026, 12, 2))
    assert shown.figure("deadlines.late") == "2"
    assert "A-30 (Investigation, 2 days late) · B-01 (Investigation, 1 day late)" in shown.text


def test_the_month_is_narrowed_by_the_address_too(edges):
    assert month(edges, "2026-12", owner="court").figure("deadlines.month") == "0"
    assert month(edges, "2026-12", owner="police", rule="INV").figure("deadlines.month") == "2"


def test_a_full_day_names_some_files_and_leads_to_all(installation):
    with transaction() as session:
        for number in range(1, 10):
            make.case(session, code=f"VA-{number}", events=[("case_initiated", "2026-09-01")])
    shown = month(installation, "2026-12")
    assert days_of(shown)["2026-12-01"] == 9 and "and 3 more" in shown.text
    assert "/deadlines?due=2026-12-01" in shown.links()
    assert len(opened("deadlines", cast.MEMBER, due="2026-12-01").codes()) == 9


# --- the list as a workbook -----------------------------------------------------------------------------------------


def workbook(board: Board, *, language: str = "en", as_of: date = TODAY, viewer=cast.MEMBER):
    ctx = PageContext(viewer=viewer, today=TODAY, now=NOON, t=translator(language), as_of=as_of)
    return load_workbook(BytesIO(as_workbook(ctx, board)))


def rows_of(book) -> list[dict]:
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("asked", "board"),
    [
        ({"bucket": "on_time"}, Board("list", "", TODAY, CaseFilter(bucket=Bucket.ON_TIME))),
        ({"group": "clock"}, Board("list", "clock", TODAY, CaseFilter())),
        ({"group": "agency", "owner": "police"}, Board("list", "agency", TODAY, CaseFilter(owner=AgencyKind.POLICE))),
    ],
)  # fmt: skip
def test_the_workbook_holds_the_rows_of_the_page_in_their_order(courts, asked, board):
    exported = rows_of(workbook(board))
    assert [row["Code"] for row in exported] == opened("deadlines", cast.MEMBER, **asked).codes()


def test_the_workbook_has_real_dates_and_numbers_and_the_words_of_the_page(courts):
    (row,) = rows_of(workbook(Board("list", "", TODAY, CaseFilter(bucket=Bucket.ON_TIME, owner=AgencyKind.POLICE))))
    assert row["Last day"].date() == date(2027, 1, 25) and row["Start"].date() == date(2026, 8, 24)
    assert row["Days late (minus: days left)"] == -66 and row["Extensions"] == "2 months"
    assert (row["Limit"], row["Article"], row["Limit of"]) == ("3 months", "Article 172(1)", "Investigation")


def test_the_workbook_can_be_filtered_and_keeps_its_head_in_sight(courts):
    page = workbook(Board("list", "agency", TODAY, CaseFilter())).worksheets[0]
    assert page.freeze_panes == "C2" and page.auto_filter.ref == f"A1:P{page.max_row}" and page.max_row == 6


def test_the_workbook_of_an_earlier_day_shows_that_day(courts):
    earlier = rows_of(workbook(Board("list", "clock", TODAY, CaseFilter()), as_of=date(2026, 11, 9)))
    (extended,) = (row for row in earlier if row["Code"] == "VA-2")
    assert extended["Last day"].date() == date(2026, 11, 25), "the extension of the tenth is not there yet"
    assert extended["Days late (minus: days left)"] == -16 and extended["Extensions"] is None
    assert "VA-5" in {row["Code"] for row in earlier}


def test_the_workbook_of_a_month_holds_what_is_due_in_it(edges):
    board = Board("month", "", date(2026, 12, 1), CaseFilter())
    book = workbook(board)
    assert [row["Code"] for row in rows_of(book)] == ["B-01", "C-31"]
    about = [row[0] for row in book.worksheets[1].iter_rows(values_only=True)]
    assert about == ["As of 20/11/2026", "Due in 12/2026", "2 files"]


def test_a_workbook_of_nothing_is_a_workbook(installation):
    assert rows_of(workbook(Board("list", "clock", TODAY, CaseFilter()))) == []


def test_no_text_of_the_workbook_becomes_a_formula(installation):
    with transaction() as session:
        make.case(session, code="VA-1", title='=HYPERLINK("http://x")', events=[("case_initiated", "2026-10-05")])
    page = workbook(Board("list", "clock", TODAY, CaseFilter())).worksheets[0]
    assert page["B2"].value == '=HYPERLINK("http://x")' and page["B2"].data_type != "f"
    assert page["B2"].hyperlink is None


def test_the_workbook_is_offered_to_who_may_export(office):
    assert opened("deadlines", cast.MEMBER).app.get("download_button")


# --- all clocks and tasks ---------------------------------------------------------------------------------------------


@pytest.fixture
def busy(installation):
    """A file whose limit, detention and expert report fall due in one month, with a task; nothing of it is late."""
    with transaction() as session:
        file = make.case(
            session, code="VA-7", title="Vụ bảy", severity="serious",
            events=[
                ("case_initiated", "2026-09-01"), ("detention_ordered", "2026-09-10", {"length": "3m"}),
                ("expert_requested", "2026-11-10", {"length": "1m", "body": "Viện KHHS"}),
            ],
        )  # fmt: skip
        make.task(session, case=file, code="NV-7", due_on="2026-12-15")
    return installation


def test_the_calendar_shows_the_deciding_limit_alone_or_every_clock_and_task(busy):
    alone = opened("deadlines", cast.MEMBER, view="month", month="2026-12")
    assert alone.figure("deadlines.month") == "1" and "Detention" not in re.sub(r"<option.*?>", "", alone.html)
    every = opened("deadlines", cast.MEMBER, view="month", month="2026-12", scope="all")
    assert every.figure("deadlines.month") == "4"
    days = dict(re.findall(r'data-day="([\d-]+)" data-due="([1-9]\d*)"', every.html))
    assert days == {"2026-12-01": "1", "2026-12-09": "1", "2026-12-10": "1", "2026-12-15": "1"}
    assert 'data-rule="DET"' in every.html and "/case?code=VA-7&amp;why=1" in every.html


def test_all_clocks_as_a_list_name_whose_move_and_lead_to_the_reasons(busy):
    shown = opened("deadlines", cast.MEMBER, scope="all", month="2026-12")
    for said in ("Detention", "Expert conclusion", "Task of the committee", "NV-7", "decides about the file"):
        assert said in shown.text
    one = opened("deadlines", cast.MEMBER, scope="all", month="2026-12", rule="DET")
    assert one.figure("deadlines.month") == "1" and "NV-7" not in one.text
    day = opened("deadlines", cast.MEMBER, scope="all", due="2026-12-10")
    assert day.figure("deadlines.month") == "1" and "Expert conclusion" in day.text


def test_a_clock_beside_the_limit_can_be_asked_for_only_where_it_is_shown(busy):
    assert 'data-unusable="rule=DET"' in opened("deadlines", cast.MEMBER, rule="DET").html
    assert "data-unusable" not in opened("deadlines", cast.MEMBER, rule="DET", scope="all").html
    assert 'data-unusable="scope=odd"' in opened("deadlines", cast.MEMBER, scope="odd").html


def test_the_workbook_of_all_clocks_holds_what_is_shown(busy):
    ctx = PageContext(viewer=cast.SECRETARIAT, today=TODAY, as_of=TODAY, now=NOON, t=translator("en"))
    board = Board("month", "", date(2026, 12, 1), CaseFilter(), True)
    book = load_workbook(BytesIO(as_workbook(ctx, board)))
    head, *rows = list(book.worksheets[0].values)
    assert [(row[0], row[head.index("Limit of")], row[head.index("Last day")].date().isoformat()) for row in rows] == [
        ("VA-7", "Investigation", "2026-12-01"),
        ("VA-7", "Detention", "2026-12-09"),
        ("VA-7", "Expert conclusion", "2026-12-10"),
        ("VA-7", "Task of the committee", "2026-12-15"),
    ]
    said = [row[0] for row in book.worksheets[1].values]
    assert "All clocks and tasks" in said and "Due in 12/2026" in said
