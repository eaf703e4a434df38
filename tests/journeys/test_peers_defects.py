"""The defects of other case-tracking systems, each told as what ours does instead, through the real database and jobs.

a file overdue by more than a year still appears            a file already overdue when first seen is signalled
a file with no owner is signalled                           one missed run loses nothing
a second run sends nothing twice                            removing an extension restores the earlier date exactly
a suspension moves the date; it is not a flag               a term never starts from today for want of its start
an act on the last day, recorded later, is in time          the last day ends at 24:00
a missing holiday table is an error                         no percentage counts "still open" as success
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import col, delete, select

from jobs import digest, flag_stalled
from jobs.deliver import deliver
from jobs.ledger import Job, run
from models.clock import local
from models.db import read_session, transaction
from models.enums import Bucket, FlagRule, Role
from models.queries.cases import case_file
from models.queries.figures import day_figures
from models.queries.judged import verdicts
from models.rules.access import SYSTEM
from models.rules.judge import Verdict
from models.rules.stalled import flags_of
from models.rules.thresholds import Thresholds
from models.rules.words import words
from models.tables import (
    Case,
    CaseEvent,
    DataVersion,
    Flag,
    JobRun,
    JudgedFile,
    Judgement,
    OutboxMail,
    ScanState,
    SpecialDay,
)
from seed.reference_data import load_reference
from tests import make

SCAN = Job("scan", words("Morning scan"), time(5, 30), flag_stalled.read, flag_stalled.write)
DIGEST = Job("digest", words("Daily digest"), time(7), digest.read, digest.write)
DAY = date(2026, 6, 11)
LATE = [("case_initiated", "2026-03-02")]  # a serious case: three months, until Tuesday 2 June


@pytest.fixture
def office(engine):
    """A database with the law and the calendar, and one of the secretariat to write to."""
    with transaction(engine) as session:
        load_reference(session, now=datetime(2025, 7, 1, tzinfo=UTC))
        person = make.person(session, display_name="Secretary", email="thuky@minhchau.example", language="en")
        make.account(session, login="thuky", person=person, role=Role.SECRETARIAT)
    return engine


def file(office, code: str, events, **more) -> None:
    with transaction(office) as session:
        make.case(session, code=code, events=events, **more)


def of(office, code: str, day: date = DAY) -> Verdict:
    with read_session(office) as session:
        return {verdict.code: verdict for verdict in verdicts(session, SYSTEM, as_of=day)}[code]


def scan(office, day: date) -> None:
    assert run(SCAN, day, SYSTEM, on=office).failed == []


def remind(office, day: date = DAY):
    outcome = run(DIGEST, day, SYSTEM, on=office)
    assert outcome.failed == []
    return outcome


def mails(office) -> list[str]:
    with read_session(office) as session:
        return [mail.body for mail in session.exec(select(OutboxMail).order_by(col(OutboxMail.id)))]


def flags(office) -> set[tuple[str, FlagRule, str, date]]:
    with read_session(office) as session:
        rows = session.exec(select(Case, Flag).join(Flag).where(col(Flag.closed_on).is_(None)))
        return {(case.code, flag.rule, flag.subject, flag.opened_on) for case, flag in rows}


def test_a_file_overdue_by_more_than_a_year_still_appears(office):
    file(office, "VA-1", [("case_initiated", "2019-03-04")])
    verdict = of(office, "VA-1")
    assert verdict.is_open
    assert (verdict.bucket, verdict.due_on) == (Bucket.OVERDUE_OVER_365, date(2019, 6, 4))
    with read_session(office) as session:
        figures = day_figures(session, SYSTEM, as_of=DAY, records=True)
    assert (figures["files.open"].value, figures["files.late"].records) == (1, ("VA-1",))


def test_a_file_already_overdue_when_first_seen_is_signalled(office):
    file(office, "VA-1", [("case_initiated", "2022-03-01")], at=datetime(2026, 6, 10, 1, tzinfo=UTC))
    scan(office, DAY)
    assert ("VA-1", FlagRule.S1, "INV:2022-03-01", date(2022, 6, 2)) in flags(office)  # until 1 June 2022
    remind(office)
    assert "VA-1" in mails(office)[0]


def test_a_file_with_no_owner_is_signalled(office):
    file(office, "VA-1", LATE)  # no lead agency, no responsible person
    scan(office, DAY)
    assert any(code == "VA-1" and rule is FlagRule.S1 for code, rule, _, _ in flags(office))
    assert of(office, "VA-1").owner  # whose move it is, the law says
    remind(office)
    assert "NOBODY IS RESPONSIBLE" in mails(office)[0] and "VA-1" in mails(office)[0]


def test_one_missed_run_loses_nothing(office):
    for number in range(5):  # limits that end on 2, 3, 4, 5 and 8 June
        file(office, f"VA-{number}", [("case_initiated", f"2026-03-{2 + number:02}")])
    for number in range(11, 0, -1):
        scan(office, DAY - timedelta(days=number))
    scan(office, DAY)
    every_night = flags(office)
    with transaction(office) as session:
        for table in (Flag, Judgement, JudgedFile, ScanState, JobRun):
            session.exec(delete(table))
    scan(office, DAY - timedelta(days=11))
    scan(office, DAY)  # nobody looked for ten nights
    assert flags(office) == every_night
    assert {since for _, rule, _, since in every_night if rule is FlagRule.S1} == {
        date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 5), date(2026, 6, 6), date(2026, 6, 9),
    }  # fmt: skip


def test_a_second_run_sends_nothing_twice(office, smtp_sink):
    file(office, "VA-1", LATE)
    for _ in range(2):
        remind(office)
        deliver(SYSTEM, on=office, url=smtp_sink.url)
    assert len(smtp_sink.messages) == 1 == len(mails(office))


def test_removing_an_extension_restores_the_earlier_date_exactly(office):
    file(office, "VA-1", [("case_initiated", "2025-11-30")])
    before = of(office, "VA-1", date(2026, 2, 20))
    assert before.due_on == date(2026, 3, 2)  # there is no 30 February; 28 February is a Saturday
    with transaction(office) as session:
        case = session.exec(select(Case)).one()
        make.event(session, case=case, kind="investigation_extended", on="2026-02-10", length="3m")
    assert of(office, "VA-1", date(2026, 2, 20)).due_on == date(2026, 6, 1)  # 30 May is a Saturday
    with transaction(office) as session:
        extension = session.exec(select(CaseEvent).where(CaseEvent.kind == "investigation_extended")).one()
        extension.retracted_at = datetime(2026, 2, 19, tzinfo=UTC)
    restored = of(office, "VA-1", date(2026, 2, 20))
    assert (restored.due_on, restored.bucket, restored.why) == (before.due_on, before.bucket, before.why)


def test_a_suspension_moves_the_date_and_is_not_a_flag(office):
    file(office, "VA-1", [*LATE, ("investigation_suspended", "2026-05-29")])
    paused = of(office, "VA-1")
    assert (paused.bucket, paused.due_on) == (Bucket.PAUSED, None)
    assert flags_of(paused, DAY, Thresholds()) == ()
    with transaction(office) as session:
        case = session.exec(select(Case)).one()
        make.event(session, case=case, kind="investigation_resumed", on="2026-06-10")
    resumed = of(office, "VA-1")
    assert (resumed.rule, resumed.due_on) == ("INV_RESUMED", date(2026, 8, 10))  # two months anew, not the rest


def test_a_term_never_starts_from_today_because_its_start_date_is_missing(office):
    file(office, "VA-1", [("detention_ordered", "2026-03-02")])  # an investigation, its start not recorded
    file(office, "VA-2", [("expert_requested", "2026-03-02")])  # a request without its term
    file(office, "VA-3", [])
    for day in (DAY, DAY + timedelta(days=200)):
        for code in ("VA-1", "VA-2", "VA-3"):
            verdict = of(office, code, day)
            assert (verdict.bucket, verdict.due_on) == (Bucket.CANNOT_TELL, None), (code, day)
            assert verdict.why, "it says which fact is missing"


def test_an_act_on_the_last_day_recorded_later_is_in_time(office):
    file(office, "VA-1", LATE)
    assert of(office, "VA-1", date(2026, 6, 5)).is_late
    with transaction(office) as session:
        case = session.exec(select(Case)).one()
        make.event(
            session, case=case, kind="investigation_concluded", on="2026-06-02", at=datetime(2026, 6, 10, tzinfo=UTC)
        )
    with read_session(office) as session:
        clocks = case_file(session, SYSTEM, "VA-1", as_of=DAY).clocks
    (investigation,) = [clock for clock in clocks if clock.rule == "INV"]
    assert investigation.state == "met"
    scan(office, DAY)
    assert not any(subject.startswith("INV:") for _, _, subject, _ in flags(office))


def test_the_last_day_ends_at_24_00(office):
    """A second before midnight in the province it is still 2 June; midnight there is 17:00 UTC."""
    file(office, "VA-1", LATE)
    last_second = datetime(2026, 6, 2, 16, 59, 59, tzinfo=UTC)
    on_time = of(office, "VA-1", local(last_second).date())
    late = of(office, "VA-1", local(last_second + timedelta(seconds=1)).date())
    assert (on_time.bucket, on_time.days_late) == (Bucket.DUE_SOON, 0)
    assert (late.bucket, late.days_late) == (Bucket.OVERDUE_1_30, 1)
    assert FlagRule.S1 not in {flag.rule for flag in flags_of(on_time, date(2026, 6, 2), Thresholds())}


def test_a_missing_holiday_table_is_an_error_never_no_holidays(office):
    file(office, "VA-1", [("case_initiated", "2026-06-01")])
    assert of(office, "VA-1").due_on == date(2026, 9, 3)  # 1 and 2 September are holidays
    with transaction(office) as session:
        session.exec(delete(SpecialDay))
        session.get_one(DataVersion, 1).n += 1
    empty = of(office, "VA-1")
    assert (empty.bucket, empty.due_on) == (Bucket.CANNOT_TELL, None)
    assert "2026" in " ".join(sentence.english() for sentence in empty.why)


def test_percentages_never_count_still_open_as_success(office):
    """Whatever is open, claimed or only secured is in the denominator and not in the numerator."""
    file(office, "VA-1", LATE, money=[("must_recover", "2026-03-05", 1_000), ("secured", "2026-03-05", 900)])
    file(office, "VA-2", LATE, money=[("must_recover", "2026-03-05", 500), ("recovered", "2026-05-05", 100)])
    with transaction(office) as session:
        case = session.exec(select(Case).where(Case.code == "VA-1")).one()
        make.task(session, code="NV-1", case=case, due_on="2026-12-31")  # open
        make.task(session, code="NV-2", case=case, due_on="2026-12-31", claimed_on=date(2026, 6, 1))  # not accepted
    with read_session(office) as session:
        figures = day_figures(session, SYSTEM, as_of=DAY)
    rates = [figure for figure in figures.values() if figure.denominator is not None]
    (recovery,) = [rate for rate in rates if rate.denominator == 1_500]
    assert recovery.numerator == 100
    assert all(rate.numerator == 0 or rate is recovery for rate in rates)
    assert (figures["tasks.assigned"].value, figures["tasks.done"].value) == (2, 0)
