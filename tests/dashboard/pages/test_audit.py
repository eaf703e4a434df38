"""The page Audit: who did what in words; what a file says only to those who may see the file."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from models.changes._audit import record
from models.changes.audit import record_look
from models.db import read_session, transaction
from models.enums import Role
from models.errors import Forbidden
from models.queries.audit import verify
from models.queries.audit_log import LogFilter, log_page
from models.rules.access import SYSTEM, Viewer
from tests import cast, make
from tests.dashboard.pages.opening import NOON, opened, said, table

AUDITOR = Viewer(name="kiemtra", role=Role.AUDITOR)
BEFORE = NOON - timedelta(days=3)
SECRET = "Vụ án đấu thầu thiết bị"


@pytest.fixture
def log(installation):
    with transaction() as session:
        make.case(session, code="VA-1", title=SECRET)
        cast.accounts(session)
        after = {"kind": "case_initiated", "happened_on": "2026-03-02", "detail": SECRET}
        record(session, SYSTEM, "event_recorded", "case:VA-1", now=NOON, after=after)
        record(
            session, SYSTEM, "account_added", "account:thuky", now=NOON - timedelta(days=3), after={"role": "member"}
        )
    look()
    return installation


def number_of(what: str) -> str:
    with read_session() as session:
        return next(str(row.id) for row in log_page(session, SYSTEM, LogFilter(action=what)).rows)


def test_the_rows_are_told_in_words_newest_first(log):
    app = opened("audit", AUDITOR)
    rows = table(app, "Row")
    assert [row[3] for row in rows[:2]] == ["Looked at the audit chain", "Added an account"]
    assert ["Recorded an event", "File VA-1"] in [row[3:5] for row in rows]
    assert "The chain is whole" in said(app)
    assert "event_recorded" not in said(app) and "case:" not in said(app)


def test_a_row_opens_to_before_and_after_for_who_may_read_files(log):
    app = opened("audit", AUDITOR, row=number_of("event_recorded"))
    assert ["Detail", "–", SECRET] in table(app, "Detail")
    assert ["Date", "–", "02/03/2026"] in table(app, "Detail")


def test_an_administrator_reads_what_was_done_and_nothing_of_the_file(log):
    app = opened("audit", cast.ADMINISTRATOR, row=number_of("event_recorded"))
    assert SECRET not in said(app)
    assert "shown to those who may read the files" in said(app)
    assert ["Recorded an event", "File VA-1"] in [row[3:5] for row in table(app, "Row")]
    app = opened("audit", cast.ADMINISTRATOR, row=number_of("account_added"))
    assert ["Role", "–", "Member"] in table(app, "Detail") or table(app, "Detail")[0][0] == "Role"


def test_filters_of_the_address_narrow_the_rows(log):
    assert {row[4] for row in table(opened("audit", AUDITOR, about="va-1"), "Row")} == {"File VA-1"}
    assert {row[3] for row in table(opened("audit", AUDITOR, action="account_added"), "Row")} == {"Added an account"}
    app = opened("audit", AUDITOR, first="2026-11-19", last="2026-11-20")
    assert "No row of the log fits these filters." in said(app)


def test_a_broken_chain_stands_on_top_and_a_look_is_kept(log):
    with log.begin() as connection:
        connection.execute(text("UPDATE case_detail SET title = 'Khác'"))
    look()
    assert "The chain is broken" in said(opened("audit", AUDITOR))


@pytest.mark.parametrize(
    ("viewer", "page", "told"),
    [
        (AUDITOR, "overview", True),
        (cast.ADMINISTRATOR, "runs", True),
        (cast.SECRETARIAT, "overview", True),
        (cast.SECRETARIAT, "runs", True),
        (cast.MEMBER, "overview", False),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_overview_and_runs_say_so_while_the_last_look_found_it_broken(log, viewer, page, told):
    assert "The chain is broken" not in said(opened(page, viewer))
    with log.begin() as connection:
        connection.execute(text("UPDATE case_detail SET title = 'Khác'"))
    look()
    assert ("The chain is broken: 1 rows or records" in said(opened(page, viewer))) == told
    with log.begin() as connection:
        connection.execute(text("UPDATE case_detail SET title = :title"), {"title": SECRET})
    look()
    assert "The chain is broken" not in said(opened(page, viewer))


def look():
    with read_session() as session:
        found = verify(session, SYSTEM)
    with transaction() as session:
        record_look(session, SYSTEM, found, now=NOON)


def test_the_button_looks_now_and_names_what_was_altered(log):
    app = opened("audit", AUDITOR)
    with log.begin() as connection:
        connection.execute(text("UPDATE case_detail SET title = 'Khác'"))
    app.button(key="look_now").click().run()
    assert not app.exception
    assert "The chain is broken: 1 rows or records" in said(app) and not app.success
    assert "File VA-1: It was changed behind the application's back." in said(app).replace("\\", "")
    with log.begin() as connection:
        connection.execute(text("UPDATE case_detail SET title = :title"), {"title": SECRET})
    app.button(key="look_now").click().run()
    assert "The chain is whole" in said(app) and not app.error


def test_the_log_is_signed_off_by_a_person_with_a_note(log):
    app = opened("audit", AUDITOR)
    app.text_area(key="log_review_note").input("Đã xem tháng 11, không có gì lạ")
    next(button for button in app.button if button.label == "Sign off").click().run()
    assert "Signed off last by kiemtra" in said(opened("audit", AUDITOR)).replace("\\", "")
    later = opened("audit", AUDITOR, today=(NOON + timedelta(days=200)).date())
    assert "is to be read and signed off since" in said(later)


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.SECRETARIAT, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_others_do_not_read_the_log(log, viewer):
    with read_session() as session, pytest.raises(Forbidden):
        log_page(session, viewer, LogFilter())
