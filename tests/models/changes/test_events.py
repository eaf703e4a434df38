"""An event is recorded once, corrected by a replacement with its reason, taken back; nobody overwrites a colleague."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select

from models.changes.events import EventEntry, record_event, replace_event, retract_event
from models.db import read_session, transaction
from models.enums import AccusedStatus, EventKind, Precision
from models.errors import CaseNotFound, FieldErrors, Forbidden, NotFound, StaleCase
from models.queries.cases import case_file
from models.rules.access import SYSTEM, Viewer
from models.tables import AuditEntry, Case, CaseEvent
from tests import cast, make

NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TODAY = date(2026, 11, 6)
EXTENSION = EventEntry(
    EventKind.INVESTIGATION_EXTENDED, date(2026, 10, 20), length="3 tháng", document="12/QĐ-VKS", body="VKSND tỉnh"
)


@pytest.fixture
def file(engine: Engine) -> Engine:
    """File VA-1, initiated on 3 August: its limit of three months ends on 3 November."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-08-03")])
    return engine


def revision(engine: Engine, code: str = "VA-1") -> int:
    with read_session(engine) as session:
        return session.exec(select(Case.revision).where(Case.code == code)).one()


def record(
    engine: Engine, entry: EventEntry = EXTENSION, viewer: Viewer = SYSTEM, at: int = 1, now: datetime = NOW
) -> int:
    with transaction(engine) as session:
        return record_event(session, viewer, "VA-1", entry, revision=at, now=now, today=TODAY).id or 0


def correct(engine: Engine, event: int, entry: EventEntry, *, reason: str = "Nhầm số", at: int = 2) -> int:
    with transaction(engine) as session:
        new = replace_event(session, SYSTEM, event, entry, reason=reason, revision=at, now=LATER, today=TODAY)
        return new.id or 0


def take_back(engine: Engine, event: int, *, reason: str = "Ghi nhầm vụ", at: int = 2) -> None:
    with transaction(engine) as session:
        retract_event(session, SYSTEM, event, reason=reason, revision=at, now=LATER, today=TODAY)


def due(engine: Engine, known_at: datetime | None = None) -> date | None:
    with read_session(engine) as session:
        return case_file(session, SYSTEM, "VA-1", as_of=TODAY, known_at=known_at).verdict.due_on


def events(engine: Engine) -> list[CaseEvent]:
    with read_session(engine) as session:
        return list(session.exec(select(CaseEvent).order_by(CaseEvent.id)))


def audit(engine: Engine) -> list[AuditEntry]:
    with read_session(engine) as session:
        of_files = select(AuditEntry).where(col(AuditEntry.subject).startswith("case:"))
        return list(session.exec(of_files.order_by(AuditEntry.id)))


def wrong(engine: Engine, entry: EventEntry) -> dict[str, str]:
    """What is wrong with the entry, by field; nothing may be left of the try."""
    before = len(events(engine)), len(audit(engine)), revision(engine)
    with pytest.raises(FieldErrors) as refused:
        record(engine, entry, at=before[2])
    assert (len(events(engine)), len(audit(engine)), revision(engine)) == before
    return {name: said.english() for name, said in refused.value.fields.items()}


def test_a_recorded_event_counts_from_then_on_and_raises_the_revision(file: Engine) -> None:
    assert due(file) == date(2026, 11, 3)
    record(file)
    assert due(file) == date(2027, 2, 3)
    assert revision(file) == 2
    event = events(file)[-1]
    assert (event.length, event.document, event.body, event.recorded_at) == ("3m", "12/QĐ-VKS", "VKSND tỉnh", NOW)


def test_one_row_on_the_audit_chain_says_who_recorded_what(file: Engine) -> None:
    with transaction(file) as session:
        secretary = cast.accounts(session).secretariat
    event = record(file, viewer=secretary)
    (row,) = audit(file)
    assert (row.actor, row.action, row.subject, row.before) == ("thuky", "event_recorded", "case:VA-1", "")
    assert f'"event":{event}' in row.after
    assert "12/QĐ-VKS" in row.after
    assert events(file)[-1].recorded_by == secretary.account_id


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.ADMINISTRATOR, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_only_the_secretariat_records(file: Engine, viewer: Viewer) -> None:
    event = events(file)[0].id or 0
    with pytest.raises(Forbidden):
        record(file, viewer=viewer)
    with pytest.raises(Forbidden), transaction(file) as session:
        replace_event(session, viewer, event, EXTENSION, reason="x", revision=1, now=NOW, today=TODAY)
    with pytest.raises(Forbidden), transaction(file) as session:
        retract_event(session, viewer, event, reason="x", revision=1, now=NOW, today=TODAY)


def test_an_unknown_file_and_an_unknown_event_are_not_found(file: Engine) -> None:
    with pytest.raises(CaseNotFound), transaction(file) as session:
        record_event(session, SYSTEM, "VA-2", EXTENSION, revision=1, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        correct(file, 4711, EXTENSION, at=1)


def test_a_second_save_of_the_same_event_is_refused_with_a_sentence(file: Engine) -> None:
    record(file)
    assert "recorded already" in wrong(file, EXTENSION)[""]
    assert wrong(file, replace(EXTENSION, document="13/QĐ-VKS")).keys() == {""}
    record(file, replace(EXTENSION, detail="Lần hai"), at=2)
    assert len(events(file)) == 3


def test_who_was_shown_an_older_revision_is_told_who_changed_what_meanwhile(file: Engine) -> None:
    with transaction(file) as session:
        secretary = cast.accounts(session).secretariat
    record(file, viewer=secretary)
    with pytest.raises(StaleCase) as stale:
        record(file, EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail="Đang giám định"), at=1, now=LATER)
    assert (stale.value.code, stale.value.revision) == ("VA-1", 2)
    (change,) = stale.value.changes
    assert (change.who, change.at, change.told.english()) == ("thuky", NOW, "Investigation extended, 2026-10-20")
    assert "thuky" in str(stale.value)
    assert len(events(file)) == 2


def test_of_two_who_save_at_once_one_is_first_and_the_other_is_told(file: Engine) -> None:
    ended: list[object] = []

    def save(detail: str) -> None:
        try:
            ended.append(record(file, EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail=detail)))
        except StaleCase as stale:
            ended.append(stale)

    people = [Thread(target=save, args=(f"Ghi chú {number}",)) for number in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(type(each).__name__ for each in ended) == ["StaleCase", "int"]
    assert (len(events(file)), len(audit(file)), revision(file)) == (2, 1, 2)


def test_a_correction_retracts_the_wrong_event_and_says_why(file: Engine) -> None:
    wrong_one = record(file)
    right = correct(file, wrong_one, replace(EXTENSION, length="2m"), reason="  Nhầm   số\n ")
    assert due(file) == date(2027, 1, 4)  # the 3rd is a Sunday
    assert due(file, known_at=NOW) == date(2027, 2, 3)
    old, new = events(file)[-2:]
    assert (old.id, old.retracted_at, old.retract_reason) == (wrong_one, LATER, "Nhầm số")
    assert (new.id, new.replaces_id, new.retracted_at) == (right, wrong_one, None)
    row = audit(file)[-1]
    assert row.action == "event_replaced"
    assert '"length":"3m"' in row.before
    assert '"length":"2m"' in row.after
    assert "Nhầm số" in row.after
    assert revision(file) == 3


def test_taking_an_event_back_restores_the_date_before_it_exactly(file: Engine) -> None:
    before = due(file)
    take_back(file, record(file))
    assert due(file) == before
    assert due(file, known_at=NOW) == date(2027, 2, 3)
    assert [row.action for row in audit(file)] == ["event_recorded", "event_retracted"]


def test_what_was_taken_back_can_be_recorded_anew(file: Engine) -> None:
    take_back(file, record(file))
    record(file, at=3, now=LATER + timedelta(minutes=1))
    assert due(file) == date(2027, 2, 3)


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 501])
def test_a_correction_needs_a_reason(file: Engine, reason: str) -> None:
    event = record(file)
    with pytest.raises(FieldErrors) as refused:
        correct(file, event, replace(EXTENSION, length="2m"), reason=reason)
    assert refused.value.fields.keys() == {"reason"}
    with pytest.raises(FieldErrors) as refused:
        take_back(file, event, reason=reason)
    assert refused.value.fields.keys() == {"reason"}
    assert due(file) == date(2027, 2, 3)


def test_a_correction_that_changes_nothing_is_refused(file: Engine) -> None:
    event = record(file)
    with pytest.raises(FieldErrors, match="Nothing is different"):
        correct(file, event, EXTENSION)


def test_an_event_that_a_colleague_corrected_meanwhile_is_not_corrected_again(file: Engine) -> None:
    event = record(file)
    correct(file, event, replace(EXTENSION, length="2m"))
    with pytest.raises(StaleCase):
        correct(file, event, replace(EXTENSION, length="1m"), at=2)
    with pytest.raises(NotFound):
        correct(file, event, replace(EXTENSION, length="1m"), at=3)


@pytest.mark.parametrize(
    ("day", "precision", "field"),
    [
        ("2026-11-06", Precision.DAY, None),
        ("2026-11-07", Precision.DAY, "happened_on"),
        ("1990-01-01", Precision.DAY, None),
        ("1989-12-31", Precision.DAY, "happened_on"),
        ("2026-11-06", Precision.MONTH, None),
    ],
)
def test_days_to_come_and_before_1990_are_refused(
    file: Engine, day: str, precision: Precision, field: str | None
) -> None:
    entry = EventEntry(EventKind.PROGRESS_NOTE, date.fromisoformat(day), precision, detail="Ghi chú")
    if field:
        assert wrong(file, entry).keys() == {field}
        return
    record(file, entry)
    on = events(file)[-1].happened_on
    assert on == (date(2026, 11, 1) if precision is Precision.MONTH else date.fromisoformat(day))


@pytest.mark.parametrize(("amount", "sound"), [(0, True), (10**18, True), (10**18 + 1, False), (-1, False)])
def test_amounts_lie_between_nought_and_a_billion_billions(file: Engine, amount: int, sound: bool) -> None:
    entry = EventEntry(EventKind.MONEY_RETURNED, TODAY, amount_vnd=amount)
    if sound:
        record(file, entry)
        assert events(file)[-1].amount_vnd == amount
    else:
        assert wrong(file, entry).keys() == {"amount_vnd"}


def test_every_wrong_field_is_named_at_once(file: Engine) -> None:
    entry = EventEntry(
        EventKind.INVESTIGATION_EXTENDED, date(2027, 1, 1), detail="x" * 2001, document="x" * 201, body="x" * 201,
        length="vài tháng", accused="BC-99", source="x" * 2001,
    )  # fmt: skip
    assert wrong(file, entry).keys() == {
        "happened_on", "detail", "document", "body", "length", "accused", "source"
    }  # fmt: skip


def test_text_pasted_from_word_is_kept_clean(file: Engine) -> None:
    detail = "Ho\u0300a giải\u200b \x07không thành\r\n– lần “một”"
    record(file, EventEntry(EventKind.PROGRESS_NOTE, TODAY, detail=detail, document=" 12/\n QĐ "))
    event = events(file)[-1]
    assert event.detail == "Hòa giải không thành\n– lần “một”"
    assert event.document == "12/ QĐ"


def test_an_event_names_an_accused_of_the_file_by_code_through_its_corrections(file: Engine) -> None:
    with transaction(file) as session:
        case = session.exec(select(Case)).one()
        first = make.accused(session, case=case, code="BC-01", at=NOW, retracted_at=LATER).id
        make.accused(session, case=case, code="BC-01", status=AccusedStatus.WANTED, at=LATER, replaces_id=first)
        other = make.case(session, code="VA-2")
        make.accused(session, case=other, code="BC-02")
    detention = EventEntry(EventKind.DETENTION_ORDERED, date(2026, 8, 5), accused="bc-01 ")
    record(file, detention, at=revision(file))
    assert events(file)[-1].accused_id == first
    assert wrong(file, replace(detention, accused="BC-02")).keys() == {"accused"}


def test_one_order_each_for_two_accused_on_one_day_is_two_facts(file: Engine) -> None:
    with transaction(file) as session:
        case = session.exec(select(Case)).one()
        for code in ("BC-01", "BC-02"):
            make.accused(session, case=case, code=code)
    for code in ("BC-01", "BC-02"):
        order = EventEntry(EventKind.DETENTION_ORDERED, date(2026, 8, 5), accused=code)
        record(file, order, at=revision(file))
    with read_session(file) as session:
        assert session.exec(select(func.count()).select_from(CaseEvent)).one() == 3
