"""The page of scheduled runs: what is missing or failed first, the mails that wait, and the scan at once."""

from datetime import UTC, datetime

import pytest

from models.db import read_session, transaction
from models.enums import RunState
from models.queries.runs import last_runs
from models.rules.access import SYSTEM
from models.tables import JobRun, OutboxMail
from tests import cast, make
from tests.dashboard.pages.opening import opened, said, table

MORNING = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)  # 05:30 on 21 November in the province


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def ran(job, slot="2026-11-21", **more):
    given = {"owner": "a", "state": RunState.DONE, "beat": MORNING, "started_at": MORNING, "finished_at": MORNING}
    with transaction() as session:
        session.add(JobRun(**{"job": job, "slot": slot, **given, **more}))


def mail(sent_at=None, **more):
    with transaction() as session:
        given = {"recipient": "canbo@minhchau.example", "subject": "Việc quá hạn", "body": "VA-2026-010 quá hạn 9 ngày"}
        session.add(
            OutboxMail(job="digest", slot="2026-11-21", created_at=MORNING, sent_at=sent_at, **{**given, **more})
        )


def test_where_nothing_ran_the_page_says_which_jobs_are_missing(installation):
    app = opened("runs", cast.SECRETARIAT)
    assert ["Morning scan of 21/11/2026 did not run." in app.error[1].value, len(app.error)] == [True, 5]
    assert "Nothing has run yet" in said(app) and "never scanned" in said(app)
    assert not table(app, "Job")


def test_when_all_ran_it_says_so_and_lists_what_each_did(installation):
    ran("scan", did={"open": 64, "flags_opened": 3, "buckets": {"on_time": 64}})
    ran("calendar", did={"missing": [2028]})
    ran("audit", did={"rows": 900, "records": 400, "bad": 0})
    ran("digest", did={"mails": 2, "obligations": 7, "already": 0})
    ran("accounts", did={"disabled": ["cu"], "kept": []})
    app = opened("runs", cast.ADMINISTRATOR)
    assert not app.error and "Every job ran" in app.success[0].value
    rows = {row[0]: row for row in table(app, "Job")}
    assert rows["Morning scan"][1:] == [
        "21/11/2026", "Succeeded", "05:30 21/11/2026", "05:30 21/11/2026", "64 open files, 3 flags opened",
    ]  # fmt: skip
    assert rows["Audit chain check"][5] == "400 records compared with the audit chain, 0 found altered"
    assert rows["Calendar check"][5] == "1 years missing in the calendar"
    assert rows["Review of accounts"][5] == "1 unused accounts disabled, 0 kept although unused"
    assert rows["Daily digest"][5].startswith("2 mails written, 7 obligations named")


def test_a_failed_run_says_why(installation):
    ran("scan", state=RunState.FAILED, tries=2, failed=[{"subject": "job:scan", "reason": "The rules are missing."}])
    ran("audit")
    ran("calendar")
    ran("accounts")
    ran("digest")
    app = opened("runs", cast.SECRETARIAT)
    assert "Morning scan of 21/11/2026 failed." in app.error[0].value
    row = next(row for row in table(app, "Job") if row[0] == "Morning scan")
    assert row[2] == "Failed 2 tries" and row[5] == "– The rules are missing."
    assert "job:scan" not in said(app)


def test_the_scan_runs_at_once_and_says_what_it_found(installation):
    with transaction() as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2020-01-06")])
        make.case(session, code="VA-2", events=[("case_initiated", "2026-11-16")])
    app = opened("runs", cast.SECRETARIAT)
    app.button(key="scan_now").click().run()
    assert not app.exception
    assert app.success[0].value == "Scanned: 2 open files, 1 of them late."
    with read_session() as session:
        assert [(run.job, run.slot, run.state) for run in last_runs(session, SYSTEM)] == [
            ("scan", "2026-11-21", RunState.DONE)
        ]
    app.button(key="scan_now").click().run()
    assert app.success[0].value == "Scanned: 2 open files, 1 of them late."
    with read_session() as session:
        assert len(last_runs(session, SYSTEM)) == 1, "a slot that is done is not run twice"


def test_mails_that_wait_stand_before_those_that_left(installation):
    mail(sent_at=MORNING)
    mail(recipient="phong@minhchau.example", last_error="no connection", tries=1, tried_at=MORNING)
    app = opened("runs", cast.SECRETARIAT)
    assert [each.label for each in app.expander] == [
        "21/11/2026 · `phong@minhchau.example` · not sent",
        "21/11/2026 · `canbo@minhchau.example` · sent at 05:30 21/11/2026",
    ]
    assert "no connection" in app.warning[0].value.replace("\\", "")
    assert [text.value for text in app.text][1] == "VA-2026-010 quá hạn 9 ngày"


def test_an_administrator_sees_that_mails_wait_but_not_what_they_say_and_runs_nothing(installation):
    mail()
    app = opened("runs", cast.ADMINISTRATOR)
    assert "not sent" in app.expander[0].label
    assert not app.text and "VA-2026-010" not in said(app)
    assert not app.button


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_others_are_refused(installation, viewer):
    app = opened("runs", viewer)
    assert "not part of your role" in app.warning[0].value
    assert not app.title and not app.button
