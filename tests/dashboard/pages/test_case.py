"""One file: its next date with its reasons, what is wrong, its parts in order; and nothing for who may not see it."""

import json
import re
from datetime import date

import pytest
from sqlmodel import select

from models.changes.flags import acknowledge
from models.db import read_session, transaction
from models.enums import FlagRule, Severity
from models.queries.cases import flag_rows
from models.rules.access import SYSTEM
from models.tables import Case, Flag
from tests import cast, make
from tests.dashboard.pages.acting import field, labels, pressed
from tests.dashboard.pages.opening import DAY, NOON, pieces, said
from tests.dashboard.pages.shown import opened
from tests.models.changes.test_judgements import scan

HOSTILE = '<script>alert(1)</script>](javascript:alert(2)) "><img src=x onerror=alert(3)>'


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def office(installation):
    """A case of the second round that is late, with accused, money and a task."""
    with transaction() as session:
        case = make.case(
            session,
            code="VA-1",
            title=HOSTILE,
            title_en="Land sold below its price",
            events=[
                ("case_initiated", "2026-01-05", {"document": "Số 12/QĐ-CSĐT"}),
                ("investigation_extended", "2026-03-20", {"length": "2m"}),
                ("investigation_concluded", "2026-05-29"),
                ("file_to_procuracy", "2026-06-01"),
                ("returned_vks", "2026-06-15", {"detail": HOSTILE}),
                ("money_returned", "2026-07-01", {"amount_vnd": 200_000_000}),
            ],
            money=[("damage", "2026-02-02", 1_500_000_000), ("must_recover", "2026-02-02", 1_000_000_000)],
            responsible=make.person(session),
        )
        make.accused(session, case=case, code="BC-01")
        make.task(session, code="NV-1", content=HOSTILE, case=case, due_on=date(2026, 3, 31))
        make.case(session, code="VA-0", events=[("progress_note", "2026-11")])
    return installation


def test_the_requests_about_the_file_stand_with_it_with_the_reasons_of_their_date(office):
    with transaction() as session:
        file = session.exec(select(Case).where(Case.code == "VA-1")).one()
        make.request(session, code="PH-7", subject=HOSTILE, case=file, sent_on="2026-11-03")
        make.request(session, code="PH-8", sent_on="2026-11-03")
    shown = opened("case", cast.MEMBER, code="VA-1")
    assert re.findall(r'data-request="([^"]*)"', shown.html) == ["PH-7"]
    assert "about 17/11/2026 3 days late Reply overdue" in shown.text
    assert "The receipt is not recorded: counted from the day the request was sent, 03/11/2026" in shown.text
    assert "<script>alert(1)" not in shown.html
    assert "No coordination request about this file is recorded." in opened("case", cast.MEMBER, code="VA-0").text


def test_the_head_says_what_counts(office):
    shown = opened("case", cast.MEMBER, code="VA-1")
    assert "Land sold below its price" in shown.text
    assert "Investigation · round 2" in shown.text and "Police" in shown.text
    assert shown.figure("case.due_on") == "2026-08-17"  # two months from 15 June is a Saturday
    assert "95 days late" in shown.text


def test_the_date_opens_its_trace(office):
    shown = opened("case", cast.MEMBER, code="VA-1", why="1")
    assert '<details class="trace" open="open">' in shown.html
    assert "The end moves to the next working day, 17/08/2026." in shown.text
    assert 'open="open"' not in opened("case", cast.MEMBER, code="VA-1").html


def test_what_is_wrong_says_what_clears_it(office):
    shown = opened("case", cast.MEMBER, code="VA-1")
    assert 'data-flag="S1"' in shown.html and "What clears it: Record the event that ended" in shown.text


def test_clocks_are_running_met_or_missed(office):
    shown = opened("case", cast.MEMBER, code="VA-1")
    drawn = set(re.findall(r'data-clock="(\w+)"', shown.html))
    assert drawn >= {"INV", "PROS", "INV_ADD_VKS"}
    assert "met in time" in shown.text and "running" in shown.text and "3 months + 2 months" in shown.text


def test_money_tells_secured_from_recovered(office):
    shown = opened("case", cast.MEMBER, code="VA-1")
    assert "secured is not yet recovered" in shown.text
    assert 'title="1.000.000.000 đồng"' in shown.html or 'title="1,000,000,000 đồng"' in shown.html


def test_accused_stand_there_by_code_and_tasks_with_their_delay(office):
    text = opened("case", cast.MEMBER, code="VA-1").text
    assert "BC-01" in text and "NV-1" in text and "234 days late" in text


def test_the_code_of_a_task_leads_to_the_task(office):
    assert "/tasks?task=NV-1" in opened("case", cast.MEMBER, code="VA-1").links()


def test_the_timeline_tells_suspensions_extensions_and_limits_apart(installation):
    with transaction() as session:
        make.case(
            session, code="VA-9",
            events=[("case_initiated", "2026-01-05"), ("investigation_extended", "2026-03-20", {"length": "2m"}),
                    ("investigation_suspended", "2026-05-04"), ("investigation_resumed", "2026-09-01")],
        )  # fmt: skip
    charts = opened("case", cast.MEMBER, code="VA-9").app.get("vega_lite_chart")
    layers = json.loads(charts[0].proto.spec)["layer"]
    looks = {row["look"]: (row["on"][:10], row.get("to", "")[:10]) for row in sum((_rows(each) for each in layers), [])}
    assert looks["paused"] == ("2026-05-04", "2026-09-01") and looks["present"] == ("2026-09-01", "2026-11-20")
    assert looks["extension"] == ("2026-03-20", "") and {"past", "met", "missed"} <= set(looks)


def _rows(layer: dict) -> list[dict]:
    return [row for row in layer["data"]["values"] if "look" in row] if "values" in layer.get("data", {}) else []


def test_an_earlier_day_shows_the_file_as_it_stood(office):
    shown = opened("case", cast.MEMBER, code="VA-1", as_of=date(2026, 3, 25))
    assert shown.figure("case.due_on") == "2026-06-05"
    assert "Returned by the procuracy" not in shown.text


@pytest.mark.parametrize("code", ["VA-404", "' or 1=1 --", "x" * 500])
def test_an_unknown_code_gets_a_calm_sentence(office, code):
    shown = opened("case", cast.MEMBER, code=code)
    assert "No file open to you has the code" in shown.text and "/cases" in shown.links()
    assert not shown.warnings


def test_without_a_code_the_page_says_how_to_find_a_file(office):
    assert "Search for a file" in opened("case", cast.MEMBER).text


def test_a_file_with_hardly_anything_recorded_is_shown(office):
    shown = opened("case", cast.MEMBER, code="VA-0")
    assert "No event says in which stage the file is." in shown.text and "No amount is recorded." in shown.text
    assert "11/2026" in shown.text


def test_what_people_wrote_is_shown_letter_by_letter(office):
    for language in ("vi", "en"):
        html = opened("case", cast.MEMBER, code="VA-1", language=language).html
        assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html


@pytest.mark.parametrize("viewer", cast.OUTSIDERS)
def test_who_may_not_read_files_is_refused(office, viewer):
    shown = opened("case", viewer, code="VA-1")
    assert shown.warnings and "VA-1" not in shown.html


# --- flags that somebody acknowledges -------------------------------------------------------------------------------

REASON = "Đã trao đổi với cơ quan điều tra"


@pytest.fixture
def scanned(office):
    """The scan of the day has written the flags; the secretariat has an account."""
    with transaction() as session:
        people = cast.accounts(session)
    scan(None, DAY)
    return people


def flag_of(rule=FlagRule.S1):
    with read_session() as session:
        (found,) = (row for row in flag_rows(session, SYSTEM, code="VA-1") if row.rule is rule)
    return found


def filled_in(viewer, reason):
    """The form of the flag S1, filled in by `viewer`; the ninetieth day is the last one possible."""
    app = opened("case", viewer, code="VA-1", today=DAY, do="acknowledge").app
    field(app, "Flag").set_value(str(flag_of().id)).run()
    field(app, "Why it may stand for now").set_value(reason).run()
    field(app, "Look again on (at most 90 days)").set_value("19/02/2027").run()
    return app


def test_a_flag_is_acknowledged_with_its_reason_and_stays_to_be_seen(scanned, recording):
    recording(scanned.secretariat)
    before = opened("overview", scanned.member, today=DAY).figure("files.late")
    app = pressed(filled_in(scanned.secretariat, REASON), "Acknowledge")
    assert [each.value.replace("\\", "") for each in app.success] == [
        "The flag is acknowledged; look again on 19/02/2027."
    ]
    assert f"Acknowledged by Người dùng thuky until 19/02/2027: {REASON}" in said(app)
    assert flag_of().acknowledged_reason == REASON and flag_of().closed_on is None
    shown = opened("case", scanned.member, code="VA-1", today=DAY)
    assert (
        'data-flag="S1"' in shown.html and f"Acknowledged by Người dùng thuky until 19/02/2027: {REASON}" in shown.text
    )
    assert opened("overview", scanned.member, today=DAY).figure("files.late") == before == "1"


def test_what_is_wrong_with_an_acknowledgement_is_said_at_its_fields_and_what_was_typed_waits(scanned, recording):
    recording(scanned.secretariat)
    app = filled_in(scanned.secretariat, "  ")
    field(app, "Look again on (at most 90 days)").set_value("20/02/2027").run()
    html = "".join(pieces(pressed(app, "Acknowledge")))
    assert set(re.findall(r'data-problem="(\w+)"', html)) == {"reason", "look_again_on"}
    assert flag_of().acknowledged_at is None
    again = opened("case", scanned.secretariat, code="VA-1", today=DAY, do="acknowledge").app
    assert field(again, "Look again on (at most 90 days)").value == "20/02/2027" and "Your draft is still here" in said(
        again
    )


def test_of_two_who_acknowledge_one_flag_the_second_sees_what_the_first_said_and_chooses(scanned, recording):
    recording(scanned.lead)
    slow = filled_in(scanned.lead, "Đã đôn đốc bằng văn bản")
    recording(scanned.secretariat)
    quick = filled_in(scanned.secretariat, REASON)
    pressed(quick, "Acknowledge")
    recording(scanned.lead)
    shown = said(pressed(slow, "Acknowledge")).replace("\\", "")
    assert "Người dùng thuky acknowledged this flag at" in shown and "while you had it open" in shown
    assert f"Why it may stand for now – {REASON}" in shown and "Đã đôn đốc bằng văn bản" in shown
    assert flag_of().acknowledged_reason == REASON
    pressed(pressed(slow, "Go on with my entry"), "Acknowledge")
    assert flag_of().acknowledged_reason == "Đã đôn đốc bằng văn bản"


def test_a_flag_that_the_scan_closed_meanwhile_is_said_to_be_closed(scanned, recording):
    recording(scanned.secretariat)
    app = filled_in(scanned.secretariat, REASON)
    with transaction() as session:
        flag = session.get_one(Flag, flag_of().id)
        flag.closed_on, flag.closed_at = DAY, NOON
    assert "Choose a flag that is still open." in said(pressed(app, "Acknowledge"))


@pytest.mark.parametrize(("day", "again"), [(date(2026, 11, 21), False), (date(2026, 11, 22), True)])
def test_from_its_day_on_an_acknowledged_flag_asks_to_be_looked_at_again(scanned, day, again):
    with transaction() as session:
        acknowledge(
            session, scanned.secretariat, flag_of().id, reason=REASON, look_again_on=date(2026, 11, 22), shown_at=None,
            now=NOON, today=date(2026, 11, 21),
        )  # fmt: skip
    assert ("It is time to look again" in opened("case", scanned.member, code="VA-1", today=day).text) is again


def test_only_who_records_facts_is_offered_the_form_and_only_for_today(scanned):
    def offered(viewer, **asked):
        app = opened("case", viewer, code="VA-1", today=DAY, do="acknowledge", **asked).app
        return {"Acknowledge a flag", "Acknowledge"} & {*labels(app)}

    assert offered(scanned.secretariat) == {"Acknowledge a flag", "Acknowledge"}
    assert not offered(scanned.member)
    assert not offered(scanned.secretariat, as_of=date(2026, 11, 20))


def test_the_flags_are_offered_in_the_order_of_the_page(scanned):
    with transaction() as session:
        file = session.exec(select(Case).where(Case.code == "VA-1")).one()
        make.task(session, code="NV-2", case=file, due_on=date(2026, 10, 1))  # the newest flag is not the first
    scan(None, DAY)
    page = opened("case", scanned.secretariat, code="VA-1", today=DAY, do="acknowledge")
    offered = [said.partition(" · ")[0] for said in field(page.app, "Flag").options]
    assert offered == re.findall(r'<li data-flag="\w+"><b[^>]*>([^<]+)', page.html) and len(offered) == 4


# --- what the records leave open ------------------------------------------------------------------------------------


def test_a_point_about_the_records_says_what_was_seen_and_what_to_do(office):
    shown = opened("case", cast.MEMBER, code="VA-0")
    assert re.findall(r'data-quality="(\w+)"', shown.html) == ["month_only"]
    assert "is known only by its month: counted from 01/11/2026." in shown.text
    assert "What to do: Record the exact day." in shown.text


def test_what_a_complete_record_lacks_is_one_line_that_names_it_today_only(installation):
    with transaction() as session:
        initiated = ("case_initiated", "2026-10-05", {"document": "1/QĐ", "body": "CQĐT"})
        lacking = ("investigation_extended", "2026-11-02", {"length": "2m", "body": "VKS"})
        full = {
            "severity": Severity.SERIOUS, "locality": "An Phú", "lead_agency": "CQĐT",
            "responsible": make.person(session), "accused_count": 1,
        }  # fmt: skip
        make.case(session, code="VA-1", events=[initiated, lacking], **full)
        make.case(session, code="VA-2", events=[initiated], **full)
    shown = opened("case", cast.MEMBER, code="VA-1")
    assert re.findall(r'data-complete="([^"]+)"', shown.html) == ["11/12"]
    assert "11 of 12 needed details are recorded; missing: document of" in shown.text
    assert "data-complete" not in opened("case", cast.MEMBER, code="VA-1", as_of=date(2026, 11, 10)).html
    complete = opened("case", cast.MEMBER, code="VA-2")
    assert "VA-2" in complete.text and "Data-quality" not in complete.text, "nothing is said of a complete file"


def test_many_points_are_all_there_the_later_ones_folded(installation):
    with transaction() as session:
        make.case(session, code="VA-3", events=[("progress_note", f"2026-{month:02d}") for month in range(1, 8)])
    shown = opened("case", cast.MEMBER, code="VA-3")
    assert shown.html.count('data-quality="month_only"') == 7 and "3 more points" in shown.text
