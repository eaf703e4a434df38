"""The morning scan: no file is lost, and it does not matter which nights it ran."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import col, delete, select

from jobs import flag_stalled
from jobs.flag_stalled import LostFile, as_json, buckets_of, files
from jobs.ledger import Job, run
from models.db import read_session, transaction
from models.enums import Bucket, FlagRule, Severity
from models.errors import Forbidden
from models.queries.judged import is_fresh
from models.queries.standing import find
from models.rules.access import SYSTEM
from models.rules.words import words
from models.tables import Case, CaseDetail, Flag, JobRun, JudgedFile, Judgement, ScanState
from tests import cast, make

JOB = Job("scan", words("Morning scan"), time(5, 30), flag_stalled.read, flag_stalled.write)
TODAY = date(2026, 6, 11)
SOON_AFTER = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)


def scan(engine, day: date = TODAY, now: datetime = SOON_AFTER):
    outcome = run(JOB, day, SYSTEM, on=engine, clock=lambda session: now)
    assert outcome.failed == []
    return outcome


def open_flags(engine) -> set[tuple[str, FlagRule, str, date]]:
    with read_session(engine) as session:
        query = select(Case, Flag).join(Flag).where(col(Flag.closed_on).is_(None))
        return {(case.code, flag.rule, flag.subject, flag.opened_on) for case, flag in session.exec(query)}


def some_files(session) -> None:
    """Files whose flags begin, change or end in the week before TODAY."""
    make.case(session, code="VA-1", events=[("case_initiated", "2026-03-06")])  # limit ends Monday 8 June
    make.case(session, code="VA-2", events=[("case_initiated", "2026-03-09"), ("progress_note", "2026-05-08")])
    make.case(session, code="VA-3", events=[("case_initiated", "2022-03-01")])  # years late
    make.case(session, code="VA-4", severity=None, events=[("progress_note", "2026-05-06")])
    make.case(
        session,
        code="VA-5",
        events=[("case_initiated", "2026-03-02"), ("investigation_concluded", "2026-06-07")],
    )


def test_every_open_file_is_in_one_bucket_and_the_sum_is_said(lawful):
    with transaction(lawful) as session:
        some_files(session)
    outcome = scan(lawful)
    assert outcome.did["open"] == 5 == sum(outcome.did["buckets"].values())
    assert list(outcome.did["buckets"]) == [bucket.value for bucket in Bucket]
    with read_session(lawful) as session:
        assert len(session.exec(select(Judgement)).all()) == 5
        state = session.exec(select(ScanState)).one()
    assert (state.as_of, state.open_files, state.written_at) == (TODAY, 5, SOON_AFTER)


def test_the_verdicts_kept_are_those_of_the_data_they_are_kept_with(lawful):
    with transaction(lawful) as session:
        some_files(session)
    scan(lawful)
    with read_session(lawful) as session:
        assert is_fresh(session, TODAY)


def test_a_file_years_late_when_first_seen_is_flagged_from_the_day_it_became_late(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-3", events=[("case_initiated", "2022-03-01")], at=SOON_AFTER)
    scan(lawful)
    since = {(rule, opened_on) for _, rule, _, opened_on in open_flags(lawful)}
    assert (FlagRule.S1, date(2022, 6, 2)) in since  # three months of a serious case: until 1 June 2022
    with read_session(lawful) as session:
        assert session.exec(select(Judgement.bucket)).one() is Bucket.OVERDUE_OVER_365


def test_a_second_scan_of_the_same_day_changes_nothing(lawful):
    with transaction(lawful) as session:
        some_files(session)
    scan(lawful)
    before = open_flags(lawful)
    with transaction(lawful) as session:
        session.exec(delete(JobRun))
    again = scan(lawful)
    assert {key: again.did[key] for key in ("verdicts_changed", "flags_opened", "flags_closed")} == {
        "verdicts_changed": 0,
        "flags_opened": 0,
        "flags_closed": 0,
    }
    assert open_flags(lawful) == before


def test_one_scan_after_a_missed_week_leaves_the_flags_of_seven(lawful):
    with transaction(lawful) as session:
        some_files(session)
    for n in range(7, -1, -1):
        scan(lawful, TODAY - timedelta(days=n))
    nightly = open_flags(lawful)
    with transaction(lawful) as session:
        for table in (Flag, Judgement, JudgedFile, ScanState, JobRun):
            session.exec(delete(table))
    scan(lawful)
    assert open_flags(lawful) == nightly
    assert ("VA-1", FlagRule.S1, "INV:2026-03-06", date(2026, 6, 9)) in nightly
    assert not any(code == "VA-5" and rule is FlagRule.S1 for code, rule, _, _ in nightly)


def test_an_event_recorded_later_closes_the_flag(lawful):
    with transaction(lawful) as session:
        made = make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
    scan(lawful, TODAY - timedelta(days=1))
    assert any(rule is FlagRule.S1 for _, rule, _, _ in open_flags(lawful))
    with transaction(lawful) as session:
        make.event(session, case=made, kind="investigation_concluded", on="2026-06-02", at=SOON_AFTER)
    assert scan(lawful).did["flags_closed"] > 0
    assert not any(rule is FlagRule.S1 for _, rule, _, _ in open_flags(lawful))


def test_one_file_that_cannot_be_judged_does_not_stop_the_others(lawful):
    with transaction(lawful) as session:
        make.case(
            session,
            code="VA-1",
            events=[("case_initiated", "2026-03-02"), ("investigation_extended", "2026-05-20", {"length": "lâu"})],
        )
        make.case(session, code="VA-2", title="", severity=Severity.SERIOUS, events=[])
        make.case(session, code="VA-3", events=[("case_initiated", "2026-06-01")])
    with read_session(lawful) as session:
        found = {verdict.code: verdict for verdict in files(session, SYSTEM, as_of=TODAY)}
    assert set(found) == {"VA-1", "VA-2", "VA-3"}
    assert found["VA-2"].bucket is Bucket.CANNOT_TELL and found["VA-2"].why
    assert found["VA-3"].bucket is Bucket.ON_TIME
    assert found["VA-1"].why


def test_a_scan_of_an_earlier_day_does_not_undo_that_of_a_later_one(lawful):
    with transaction(lawful) as session:
        some_files(session)
    scan(lawful)
    before = open_flags(lawful)
    earlier = scan(lawful, TODAY - timedelta(days=3))
    assert earlier.did["superseded_by"] == "2026-06-11"
    assert earlier.did["open"] == 5
    assert open_flags(lawful) == before
    with read_session(lawful) as session:
        assert session.get_one(ScanState, 1).as_of == TODAY


def test_a_scan_made_for_a_day_to_come_does_not_stop_the_watch(lawful):
    with transaction(lawful) as session:
        some_files(session)
    scan(lawful, TODAY)
    today = open_flags(lawful)
    scan(lawful, TODAY + timedelta(days=200))
    assert open_flags(lawful) != today
    with transaction(lawful) as session:
        session.exec(delete(JobRun))
    assert "superseded_by" not in scan(lawful, TODAY).did
    assert open_flags(lawful) == today
    with read_session(lawful) as session:
        assert all(flag.opened_on <= flag.closed_on for flag in session.exec(select(Flag)) if flag.closed_on)


def test_the_json_has_the_keys_of_the_contract_and_adds_up(lawful):
    with transaction(lawful) as session:
        some_files(session)
    with read_session(lawful) as session:
        said = json.loads(as_json(files(session, SYSTEM, as_of=TODAY), as_of=TODAY))
    assert list(said) == ["as_of", "open", "buckets", "files"]
    assert said["as_of"] == "2026-06-11"
    assert sum(said["buckets"].values()) == said["open"] == len(said["files"]) == 5
    first = said["files"][0]
    assert list(first) == [
        "code",
        "kind",
        "bucket",
        "rule",
        "article",
        "due_on",
        "days_late",
        "owner",
        "approximate",
        "why",
        "flags",
    ]
    assert {**first, "why": len(first["why"])} == {
        "code": "VA-1",
        "kind": "case",
        "bucket": "overdue_1_30",
        "rule": "INV",
        "article": "172(1)",
        "due_on": "2026-06-08",
        "days_late": 3,
        "owner": "police",
        "approximate": False,
        "why": 1,
        "flags": [{"rule": "S1", "since": "2026-06-09"}, {"rule": "S7", "since": "2026-04-06"}],
    }


def test_what_files_share_is_written_once_and_every_file_is_told_its_own(lawful):
    with transaction(lawful) as session:
        some_files(session)
        for code in ('VA "7"', "VA-6 Đ"):
            make.case(session, code=code, events=[("case_initiated", "2026-03-06")])
    with read_session(lawful) as session:
        found = files(session, SYSTEM, as_of=TODAY)
    said = json.loads(as_json(found, as_of=TODAY))["files"]
    assert len(said) == len(found) == 7
    for told, file in zip(said, found, strict=True):
        assert (told["code"], told["kind"], told["bucket"]) == (file.code, file.kind, file.bucket)
        assert (told["rule"], told["article"], told["owner"]) == (file.rule or None, file.article or None, file.owner)
        assert told["due_on"] == (file.due_on.isoformat() if file.due_on else None)
        assert (told["days_late"], told["approximate"]) == (file.days_late, file.approximate)
        assert told["why"] == [sentence.english() for sentence in file.why]
        assert told["flags"] == [{"rule": rule, "since": since.isoformat()} for rule, since in file.flags]


def test_a_file_counted_twice_is_refused(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
    with read_session(lawful) as session:
        found = find(session, SYSTEM, as_of=TODAY)
    assert buckets_of(found)["overdue_1_30"] == 1
    with pytest.raises(LostFile):
        buckets_of(replace(found, judged=[*found.judged, *found.judged]))
    with pytest.raises(LostFile):
        buckets_of(replace(found, open_standing=1))


def test_who_may_not_read_files_scans_none_and_writes_nothing(lawful):
    with transaction(lawful) as session:
        some_files(session)
    with read_session(lawful) as session:
        for viewer in cast.OUTSIDERS:
            assert files(session, viewer, as_of=TODAY) == []
    for viewer in (*cast.OUTSIDERS, cast.MEMBER):
        with pytest.raises(Forbidden):
            run(JOB, TODAY, viewer, on=lawful)
    assert open_flags(lawful) == set()


def test_a_file_without_lead_agency_or_responsible_person_is_judged_like_any_other(lawful):
    with transaction(lawful) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
    with read_session(lawful) as session:
        detail = session.exec(select(CaseDetail)).one()
        assert (detail.lead_agency_id, detail.responsible_id) == (None, None)
        assert [verdict.bucket for verdict in files(session, SYSTEM, as_of=TODAY)] == [Bucket.OVERDUE_1_30]


def test_a_file_whose_verdict_got_lost_is_judged_again(lawful):
    with transaction(lawful) as session:
        some_files(session)
    scan(lawful)
    with transaction(lawful) as session:
        first = session.exec(select(Judgement).order_by(col(Judgement.case_id))).first()
        session.delete(first)
    with read_session(lawful) as session:
        assert [file.code for file in files(session, SYSTEM, as_of=TODAY)] == ["VA-1", "VA-2", "VA-3", "VA-4", "VA-5"]
    outcome = scan(lawful, TODAY + timedelta(days=1), SOON_AFTER + timedelta(days=1))
    assert outcome.did["open"] == 5 == sum(outcome.did["buckets"].values())
    with read_session(lawful) as session:
        assert len(session.exec(select(Judgement)).all()) == 5
