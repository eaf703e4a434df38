"""Who changed what, when, before, after, why: from the versions themselves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.changes.accused import AccusedEntry, add_accused, correct_accused
from models.changes.attachments import Document, attach
from models.changes.events import EventEntry, record_event, replace_event, retract_event
from models.changes.files import FileDraft, correct_details, new_file
from models.changes.money import LedgerEntry, record_entry
from models.changes.supervision import GROUNDS, DecisionEntry, ProposalEntry, decide, propose
from models.db import Session, read_session, transaction
from models.enums import (
    AccusedStatus,
    EntryKind,
    EventKind,
    Precision,
    Quantity,
    Role,
    SupervisionOutcome,
    SupervisionStep,
)
from models.errors import CaseNotFound
from models.queries.history import Change, Deed, Subject, changes_since, history_of
from models.rules.access import SYSTEM, Viewer
from models.tables import Case
from tests import cast, make

START = datetime(2026, 11, 6, 2, tzinfo=UTC)
TODAY = date(2026, 11, 6)
CODE = "VA-2026-001"
NOTE = EventEntry(EventKind.PROGRESS_NOTE, date(2026, 10, 1), detail="Chờ giám định")


class Office:
    """People who record one thing a minute."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.minute = engine, 0
        with transaction(engine) as session:
            people = cast.accounts(session)
            self.first = people.secretariat
            second = make.account(session, login="thuky2")
            self.second = replace(people.secretariat, name="thuky2", account_id=second.id)

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=self.minute)

    def does(self, change, viewer: Viewer, *given: object, **named: object) -> object:
        self.minute += 1
        with transaction(self.engine) as session:
            if change is not new_file:
                named["revision"] = self.revision(session)
            return change(session, viewer, *given, now=self.now, today=TODAY, **named)

    @staticmethod
    def revision(session: Session) -> int:
        return session.exec(select(Case.revision).where(Case.code == CODE)).one()

    def history(self, subject: Subject, **of: object) -> tuple[Change, ...]:
        with read_session(self.engine) as session:
            return history_of(session, SYSTEM, CODE, subject, **of)


@pytest.fixture
def office(engine: Engine) -> Office:
    """An office with the file VA-2026-001, opened by thuky."""
    office = Office(engine)
    office.does(new_file, office.first, FileDraft(title="Vụ án", locality="An Phú"))
    return office


def test_the_history_of_a_field_tells_who_when_before_after_why(office: Office) -> None:
    office.does(correct_details, office.second, CODE, {"locality": "Bình An", "notes": "x"}, reason="Theo báo cáo")
    office.does(correct_details, office.first, CODE, {"notes": "y"}, reason="Sửa ghi chú")
    newer, first = office.history(Subject.DETAIL, field="locality")
    assert (newer.who, newer.at, newer.deed) == ("thuky2", START + timedelta(minutes=2), Deed.REPLACED)
    assert newer.why is not None
    assert newer.why.english() == "Theo báo cáo"
    assert [(each.label.english(), each.before, each.after) for each in newer.fields] == [
        ("Locality", "An Phú", "Bình An")
    ]
    assert (first.who, first.deed, first.fields[0].before, first.fields[0].after) == (
        "thuky", Deed.RECORDED, None, "An Phú"
    )  # fmt: skip
    assert len(office.history(Subject.DETAIL)) == 3


def test_the_history_of_an_event_goes_through_its_versions_to_its_end(office: Office) -> None:
    first = office.does(record_event, office.first, CODE, NOTE).id
    monthly = replace(NOTE, happened_on=date(2026, 9, 1), precision=Precision.MONTH)
    second = office.does(replace_event, office.second, first, monthly, reason="Chỉ biết tháng").id
    office.does(record_event, office.first, CODE, replace(NOTE, detail="Việc khác"))
    office.does(retract_event, office.first, second, reason="Nhầm {vụ}")
    for asked in (first, second):
        gone, changed, made = office.history(Subject.EVENT, fact_id=asked)
        assert [each.deed for each in (gone, changed, made)] == [Deed.RETRACTED, Deed.REPLACED, Deed.RECORDED]
    assert gone.why is not None
    assert gone.why.english() == "Nhầm {vụ}"
    assert (gone.who, gone.fact_id, changed.who) == ("thuky", second, "thuky2")
    assert {each.field: (each.before, each.after) for each in changed.fields} == {
        "happened_on": (date(2026, 10, 1), "09/2026"),
        "precision": (Precision.DAY, Precision.MONTH),
    }
    assert gone.told.english() == "Progress note, 09/2026"
    assert len(office.history(Subject.EVENT)) == 4


def test_what_a_fact_names_by_number_is_told_by_name(office: Office) -> None:
    entry = AccusedEntry("BC-01", AccusedStatus.CHARGED, date(2026, 8, 5))
    office.does(add_accused, office.first, CODE, entry)
    office.does(correct_accused, office.first, CODE, "BC-01", replace(entry, article="353"), reason="Bổ sung")
    event = office.does(
        record_event, office.first, CODE, EventEntry(EventKind.WANTED, date(2026, 9, 1), accused="BC-01")
    ).id
    (made,) = office.history(Subject.EVENT, fact_id=event)
    assert {each.field: each.after for each in made.fields}["accused_id"] == "BC-01"
    newer, _ = office.history(Subject.ACCUSED)
    assert [(each.field, each.before, each.after) for each in newer.fields] == [("article", None, "353")]


def test_what_changed_since_a_form_was_shown_is_told_newest_first(office: Office) -> None:
    with read_session(office.engine) as session:
        shown = office.revision(session)
    at = office.now
    office.does(record_event, office.second, CODE, NOTE)
    office.does(
        record_entry, office.second, CODE,
        LedgerEntry(Quantity.RECOVERED, EntryKind.MOVEMENT, 1_000_000, date(2026, 10, 2)),
    )  # fmt: skip
    for since in ({"revision": shown}, {"at": at}):
        with read_session(office.engine) as session:
            found = changes_since(session, SYSTEM, CODE, **since)
        assert [(each.subject, each.who) for each in found] == [("money", "thuky2"), ("event", "thuky2")]
    with read_session(office.engine) as session:
        assert changes_since(session, SYSTEM, CODE, revision=shown + 2) == ()
        assert [each.subject for each in changes_since(session, SYSTEM, CODE, revision=shown + 1)] == ["money"]


def test_a_document_and_a_decision_on_supervision_are_changes_of_the_file_too(office: Office) -> None:
    office.does(record_event, office.first, CODE, NOTE)
    with transaction(office.engine) as session:
        shown, at = office.revision(session), office.now + timedelta(seconds=20)
        attach(session, office.second, CODE, Document(number="12/KLĐT"), now=at, today=TODAY)
    with read_session(office.engine) as session:
        (found,) = changes_since(session, SYSTEM, CODE, revision=shown)
    assert (found.subject, found.who, found.told.english()) == ("document", "thuky2", "Document 12/KLĐT")
    step = SupervisionStep.PLACE
    ground = GROUNDS[step][0]
    made = office.does(propose, office.first, CODE, ProposalEntry(step, ground, TODAY, "BNC"))
    office.does(
        decide,
        replace(office.second, role=Role.LEAD),
        made.id,
        DecisionEntry(SupervisionOutcome.REFUSED, TODAY, None, "8/TB", "Chưa"),
    )
    decided, proposed = office.history(Subject.SUPERVISION)
    assert (decided.who, decided.deed, proposed.deed) == ("thuky2", Deed.REPLACED, Deed.RECORDED)
    assert {each.field: each.after for each in decided.fields}["outcome"] == "refused"
    with read_session(office.engine) as session:
        (only,) = changes_since(session, SYSTEM, CODE, revision=office.revision(session) - 1)
    assert only.subject is Subject.SUPERVISION


def test_a_version_of_an_import_is_told_as_replaced_by_it(office: Office) -> None:
    with transaction(office.engine) as session:
        case = session.exec(select(Case)).one()
        at, later = START - timedelta(days=2), START - timedelta(days=1)
        reason = "Replaced by import 7"
        make.accused(session, case=case, code="BC-01", at=at, retracted_at=later, retract_reason=reason)
        make.accused(session, case=case, code="BC-01", at=later, status=AccusedStatus.WANTED)
    newer, _ = office.history(Subject.ACCUSED)
    assert newer.deed is Deed.REPLACED
    assert newer.why is not None
    assert newer.why.text == "Replaced by import {number}"


def test_who_may_not_read_the_file_learns_nothing_of_its_past(office: Office) -> None:
    for viewer in cast.OUTSIDERS:
        with read_session(office.engine) as session, pytest.raises(CaseNotFound):
            history_of(session, viewer, CODE, Subject.DETAIL)
        with read_session(office.engine) as session, pytest.raises(CaseNotFound):
            changes_since(session, viewer, CODE, revision=1)
