"""The accused are kept by code, level of office and charge; a name does not get in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes.accused import AccusedEntry, add_accused, correct_accused, next_accused, retract_accused
from models.changes.events import EventEntry, record_event, retract_event
from models.db import read_session, transaction
from models.enums import AccusedStatus, EventKind
from models.errors import CaseNotFound, FieldErrors, Forbidden, NotFound, StaleCase
from models.queries.cases import case_file
from models.rules.access import SYSTEM, Viewer
from models.tables import Accused, AuditEntry, Case
from tests import cast, make

NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TODAY = date(2026, 11, 6)
ENTRY = AccusedEntry("BC-01", AccusedStatus.CHARGED, date(2026, 8, 5), "Lãnh đạo cấp sở", "353", "2")


@pytest.fixture
def file(engine: Engine) -> Engine:
    """File VA-1 of serious offences, in investigation since 3 August."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", severity=None, events=[("case_initiated", "2026-08-03")])
    return engine


def revision(engine: Engine) -> int:
    with read_session(engine) as session:
        return session.exec(select(Case.revision)).one()


def add(engine: Engine, entry: AccusedEntry = ENTRY, viewer: Viewer = SYSTEM, now: datetime = NOW) -> None:
    at = revision(engine)
    with transaction(engine) as session:
        add_accused(session, viewer, "VA-1", entry, revision=at, now=now, today=TODAY)


def correct(engine: Engine, entry: AccusedEntry, accused: str = "BC-01", reason: str = "Đính chính") -> None:
    at = revision(engine)
    with transaction(engine) as session:
        correct_accused(session, SYSTEM, "VA-1", accused, entry, reason=reason, revision=at, now=LATER, today=TODAY)


def take_back(engine: Engine, accused: str = "BC-01") -> None:
    at = revision(engine)
    with transaction(engine) as session:
        retract_accused(session, SYSTEM, "VA-1", accused, reason="Nhầm vụ", revision=at, now=LATER, today=TODAY)


def rows(engine: Engine) -> list[Accused]:
    with read_session(engine) as session:
        return list(session.exec(select(Accused).order_by(col(Accused.id))))


def detain(engine: Engine, kind: EventKind = EventKind.DETENTION_ORDERED, day: str = "2026-08-05") -> int:
    at = revision(engine)
    entry = EventEntry(kind, date.fromisoformat(day), accused="BC-01")
    with transaction(engine) as session:
        return record_event(session, SYSTEM, "VA-1", entry, revision=at, now=LATER, today=TODAY).id or 0


@pytest.mark.parametrize(
    ("code", "sound"),
    [
        ("BC-01", True), ("bc 2", True), ("B.1", True), ("BC012", True), ("BC-01A", True), ("ĐBC-1", True),
        ("Nguyễn Văn A", False), ("NVA", False), ("Lê Lợi 1", False), ("An Bình-1", False), ("BC-", False),
        ("12", False), ("", False), ("BC-01 (Giám đốc)", False),
    ],
)  # fmt: skip
def test_a_code_is_letters_and_a_number_and_no_name(file: Engine, code: str, sound: bool) -> None:
    entry = replace(ENTRY, code=code)
    if sound:
        add(file, entry)
        assert rows(file)[0].code == code.upper()
        return
    with pytest.raises(FieldErrors, match="BC-01") as refused:
        add(file, entry)
    assert refused.value.fields.keys() == {"code"}
    assert rows(file) == []


def test_an_accused_is_kept_with_charge_status_and_level_of_office(file: Engine) -> None:
    add(file, replace(ENTRY, article="Điều 353", paragraph="khoản 2"))
    (row,) = rows(file)
    assert (row.article, row.paragraph, row.status, row.status_on) == ("353", "2", "charged", date(2026, 8, 5))
    with read_session(file) as session:
        verdict = case_file(session, SYSTEM, "VA-1", as_of=TODAY).verdict
        audit = session.exec(select(AuditEntry).where(AuditEntry.subject == "case:VA-1")).one()
    assert verdict.due_on == date(2026, 12, 3)  # four months: the second paragraph is very serious
    assert audit.action == "accused_recorded"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"article": "tham ô"}, "article"),
        ({"paragraph": "hai"}, "paragraph"),
        ({"article": "", "paragraph": "2"}, "article"),
        ({"status_on": date(2026, 11, 7)}, "status_on"),
        ({"official_level": "x" * 121}, "official_level"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(file: Engine, changed: dict[str, object], field: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        add(file, replace(ENTRY, **changed))
    assert refused.value.fields.keys() == {field}


def test_codes_follow_each_other_and_are_not_given_twice(file: Engine) -> None:
    with read_session(file) as session:
        assert next_accused(session, SYSTEM, "VA-1") == "BC-01"
        with pytest.raises(CaseNotFound):
            next_accused(session, cast.ADMINISTRATOR, "VA-1")
    add(file)
    take_back(file)
    add(file, replace(ENTRY, code="BC-07"))
    with read_session(file) as session:
        assert next_accused(session, SYSTEM, "VA-1") == "BC-08"
    with pytest.raises(FieldErrors, match="has an accused BC-07 already"):
        add(file, replace(ENTRY, code="bc-07"))


def test_a_corrected_accused_is_a_new_version_with_a_reason(file: Engine) -> None:
    add(file)
    correct(file, replace(ENTRY, status=AccusedStatus.WANTED, status_on=TODAY))
    old, new = rows(file)
    assert (old.status, old.retracted_at, old.retract_reason) == ("charged", LATER, "Đính chính")
    assert (new.status, new.status_on, new.replaces_id) == ("wanted", TODAY, old.id)
    with pytest.raises(FieldErrors, match="Nothing is different"):
        correct(file, replace(ENTRY, status=AccusedStatus.WANTED, status_on=TODAY))
    with pytest.raises(FieldErrors) as refused:
        correct(file, ENTRY, reason=" ")
    assert refused.value.fields.keys() == {"reason"}
    with pytest.raises(NotFound):
        correct(file, ENTRY, accused="BC-02")


def test_an_accused_whom_events_name_keeps_the_code_and_is_not_taken_back(file: Engine) -> None:
    add(file)
    event = detain(file)
    with pytest.raises(FieldErrors) as refused:
        correct(file, replace(ENTRY, code="BC-02"))
    assert refused.value.fields.keys() == {"code"}
    with pytest.raises(FieldErrors, match="Events name BC-01"):
        take_back(file)
    with transaction(file) as session:
        at = session.exec(select(Case.revision)).one()
        retract_event(session, SYSTEM, event, reason="Nhầm", revision=at, now=LATER, today=TODAY)
    take_back(file)
    assert [row.retracted_at for row in rows(file)] == [LATER]


def test_a_release_ends_the_detention_of_an_accused_who_was_corrected_in_between(file: Engine) -> None:
    add(file)
    detain(file)
    correct(file, replace(ENTRY, official_level="Trưởng phòng"))
    detain(file, EventKind.DETENTION_ENDED, "2026-09-01")
    with read_session(file) as session:
        clocks = case_file(session, SYSTEM, "VA-1", as_of=TODAY).clocks
    (detention,) = (clock for clock in clocks if clock.rule == "DET")
    assert detention.stopped is not None
    assert detention.stopped.on == date(2026, 9, 1)


def test_nobody_overwrites_a_colleague_and_only_the_secretariat_records(file: Engine) -> None:
    stale = revision(file)
    add(file)
    with pytest.raises(StaleCase), transaction(file) as session:
        add_accused(session, SYSTEM, "VA-1", replace(ENTRY, code="BC-02"), revision=stale, now=NOW, today=TODAY)
    for viewer in (cast.MEMBER, cast.ADMINISTRATOR):
        with pytest.raises(Forbidden):
            add(file, viewer=viewer)
        with pytest.raises(Forbidden), transaction(file) as session:
            retract_accused(session, viewer, "VA-1", "BC-01", reason="x", revision=stale, now=NOW, today=TODAY)
