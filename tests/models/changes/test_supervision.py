"""Supervision is proposed and decided: the event, the description and the record agree; nothing happens twice."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from models.changes.events import EventEntry, record_event, replace_event, retract_event
from models.changes.files import FileDraft, correct_details, new_file
from models.changes.supervision import DecisionEntry, ProposalEntry, decide, propose, withdraw
from models.db import read_session, transaction
from models.enums import EventKind, Role, SessionKind, SupervisionGround, SupervisionOutcome, SupervisionStep
from models.errors import CaseNotFound, FieldErrors, Forbidden, NotFound, StaleCase
from models.queries.supervision import closing, proposals, supervised_since
from models.tables import AuditEntry, Case, CaseDetail, CaseEvent, SupervisionProposal
from tests import cast, make

NOW = datetime(2026, 11, 20, 3, tzinfo=UTC)
TODAY = date(2026, 11, 20)
AT = {"now": NOW, "today": TODAY}
PLACE = ProposalEntry(SupervisionStep.PLACE, SupervisionGround.PUBLIC_CONCERN, date(2026, 11, 2), "Ban Nội chính")
END = ProposalEntry(
    SupervisionStep.END, SupervisionGround.JUDGMENT_ENFORCED, date(2026, 11, 2), "Ban Nội chính", report="12-BC/BNC"
)
ACCEPTED, REFUSED, DEFERRED = SupervisionOutcome.ACCEPTED, SupervisionOutcome.REFUSED, SupervisionOutcome.DEFERRED
PLACED = [("case_initiated", "2025-03-02"), ("placed_under_supervision", "2025-04-01")]


@pytest.fixture
def office(engine):
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
        make.case(session, code="VA-2", events=PLACED, supervised_from=date(2025, 4, 1))
        make.session_(session, number=14, held_on="2026-11-10", kind=SessionKind.STANDING)
    return engine


def revision(session, code):
    return session.exec(select(Case.revision).where(Case.code == code)).one()


def proposed(engine, code="VA-1", entry=PLACE):
    with transaction(engine) as session:
        return propose(session, cast.SECRETARIAT, code, entry, revision=revision(session, code), **AT).id


def decided(engine, number, outcome=ACCEPTED, *, code="VA-1", on=date(2026, 11, 10), decision="88-TB/BCĐ", **more):
    entry = DecisionEntry(outcome, on, decision=decision, **more)
    with transaction(engine) as session:
        return decide(session, cast.LEAD, number, entry, revision=revision(session, code), **AT)


def held(engine, table, code):
    with read_session(engine) as session:
        asked = select(table).join(Case, col(Case.id) == table.case_id).where(Case.code == code)
        return session.exec(asked.where(col(table.retracted_at).is_(None))).all()


def waiting(engine):
    with read_session(engine) as session:
        return [(row.case_code, row.step) for row in proposals(session, cast.MEMBER, waiting=True)]


def test_an_accepted_proposal_places_the_file_with_event_and_description(office):
    number = proposed(office)
    assert waiting(office) == [("VA-1", SupervisionStep.PLACE)]
    decided(office, number, session_id=1)
    (event,) = [each for each in held(office, CaseEvent, "VA-1") if each.kind is EventKind.PLACED_UNDER_SUPERVISION]
    assert (event.happened_on, event.document, event.body) == (
        date(2026, 11, 10),
        "88-TB/BCĐ",
        "Thường trực Ban Chỉ đạo",
    )
    (detail,) = held(office, CaseDetail, "VA-1")
    assert (detail.supervised_from, detail.supervised_by) == (date(2026, 11, 10), "Thường trực Ban Chỉ đạo")
    (proposal,) = held(office, SupervisionProposal, "VA-1")
    assert (proposal.outcome, proposal.event_id, proposal.replaces_id) == (ACCEPTED, event.id, number)
    assert waiting(office) == []
    with read_session(office) as session:
        actions = [entry.action for entry in session.exec(select(AuditEntry)) if entry.subject == "case:VA-1"]
        assert actions == ["supervision_proposed", "supervision_decided"] and revision(session, "VA-1") == 3


def test_the_end_of_supervision_records_what_was_open_and_ends_no_case(office):
    with transaction(office) as session:
        file = session.exec(select(Case).where(Case.code == "VA-2")).one()
        make.task(session, code="NV-1", case=file)
        make.entry(session, case=file, quantity="must_recover", on="2026-01-01", amount_vnd=5)
        make.entry(session, case=file, quantity="recovered", on="2026-02-01", amount_vnd=2)
    decided(office, proposed(office, "VA-2", END), code="VA-2")
    (proposal,) = held(office, SupervisionProposal, "VA-2")
    with read_session(office) as session:
        (row,) = proposals(session, cast.MEMBER, code="VA-2")
        assert supervised_since(session, proposal.case_id) is None
    said = " ".join(point.english() for point in row.open_points)
    assert "Tasks of the committee settled: 1 open" in said and "3 đồng outstanding" in said
    kinds = {event.kind for event in held(office, CaseEvent, "VA-2")}
    assert kinds == {EventKind.CASE_INITIATED, EventKind.PLACED_UNDER_SUPERVISION, EventKind.SUPERVISION_ENDED}
    (detail,) = held(office, CaseDetail, "VA-2")
    assert detail.supervised_from == date(2025, 4, 1)  # since when it was, stays on record


def test_a_file_may_be_placed_again_and_keeps_its_first_term(office):
    decided(office, proposed(office, "VA-2", END), code="VA-2", on=date(2026, 11, 3))
    decided(office, proposed(office, "VA-2"), code="VA-2", on=date(2026, 11, 12))
    days = [e.happened_on for e in held(office, CaseEvent, "VA-2") if e.kind is EventKind.PLACED_UNDER_SUPERVISION]
    assert sorted(days) == [date(2025, 4, 1), date(2026, 11, 12)]


def test_a_deferred_proposal_waits_on_and_is_decided_later(office):
    deferred = decided(office, proposed(office), DEFERRED, note="Chờ kết luận")
    assert waiting(office) == [("VA-1", SupervisionStep.PLACE)] and len(held(office, CaseEvent, "VA-1")) == 1
    decided(office, deferred.id)
    assert waiting(office) == [] and len(held(office, CaseEvent, "VA-1")) == 2


def test_a_refused_or_withdrawn_one_changes_nothing_and_may_be_made_anew(office):
    decided(office, proposed(office), REFUSED, note="Chưa đủ căn cứ")
    number = proposed(office)
    with transaction(office) as session:
        at = revision(session, "VA-1")
        withdraw(session, cast.SECRETARIAT, number, reason="Nhầm vụ", revision=at, **AT)
    proposed(office)
    assert len(held(office, CaseEvent, "VA-1")) == 1
    outcomes = {row.outcome for row in held(office, SupervisionProposal, "VA-1")}
    assert outcomes == {REFUSED, SupervisionOutcome.WITHDRAWN, None}


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("VA-2", {}, ""),  # under supervision already
        ("VA-1", {"step": SupervisionStep.END, "ground": SupervisionGround.OTHER_TO_END, "report": "1"}, ""),
        ("VA-1", {"ground": SupervisionGround.JUDGMENT_ENFORCED}, "ground"),
        ("VA-1", {"proposed_on": date(2026, 11, 21)}, "proposed_on"),
        ("VA-1", {"proposed_by": " "}, "proposed_by"),
        ("VA-1", {"reason": "a" * 2001}, "reason"),
        ("VA-2", {"step": SupervisionStep.END, "ground": SupervisionGround.OTHER_TO_END}, "report"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_told_at_its_field(office, code, change, field):
    with pytest.raises(FieldErrors) as refused:
        proposed(office, code, ProposalEntry(**{**PLACE.__dict__, **change}))
    assert field in refused.value.fields
    assert held(office, SupervisionProposal, code) == []


def test_the_same_is_not_proposed_twice_at_a_time(office):
    proposed(office)
    with pytest.raises(FieldErrors):
        proposed(office)


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"on": date(2026, 11, 1)}, "decided_on"),
        ({"on": date(2026, 11, 21)}, "decided_on"),
        ({"decision": ""}, "decision"),
        ({"session_id": 99}, "session_id"),
        ({"outcome": REFUSED}, "note"),
        ({"outcome": SupervisionOutcome.WITHDRAWN}, "outcome"),
    ],
)
def test_what_is_wrong_with_a_decision_is_told_at_its_field(office, how, field):
    number = proposed(office)
    with pytest.raises(FieldErrors) as refused:
        decided(office, number, **how)
    assert field in refused.value.fields and len(held(office, CaseEvent, "VA-1")) == 1


def test_a_decision_is_made_once(office):
    number = proposed(office)
    made = decided(office, number)
    with pytest.raises(NotFound):
        decided(office, number)  # the version before
    with pytest.raises(FieldErrors):
        decided(office, made.id)


def test_who_was_shown_an_older_file_saves_nothing(office):
    with pytest.raises(StaleCase), transaction(office) as session:
        propose(session, cast.SECRETARIAT, "VA-1", PLACE, revision=0, **AT)
    assert waiting(office) == []


def test_only_those_who_record_facts_may(office):
    for viewer in (cast.MEMBER, *cast.OUTSIDERS):
        with pytest.raises(Forbidden), transaction(office) as session:
            propose(session, viewer, "VA-1", PLACE, revision=1, **AT)
    with read_session(office) as session:
        assert all(proposals(session, viewer) == [] for viewer in cast.OUTSIDERS)
    with pytest.raises(CaseNotFound), transaction(office) as session:
        propose(session, cast.SECRETARIAT, "VA-9", PLACE, revision=1, **AT)


def test_what_the_checklist_asks_is_read_from_the_facts_that_hold(office):
    with read_session(office) as session:
        found = closing(session, cast.MEMBER, "VA-2", as_of=TODAY)
    assert found.events == {EventKind.CASE_INITIATED, EventKind.PLACED_UNDER_SUPERVISION}
    assert (found.open_tasks, found.open_requests, found.outstanding_vnd) == (0, 0, None)


def test_a_correction_of_another_field_leaves_the_terms_of_supervision_alone(engine):
    with transaction(engine) as session:
        code = new_file(session, cast.LEAD, FileDraft("Vụ A", supervised_from=date(2025, 4, 1)), **AT).code
    decided(engine, proposed(engine, code, END), code=code, on=date(2026, 11, 3))
    decided(engine, proposed(engine, code), code=code, on=date(2026, 11, 12))
    title = {"title": "Vụ B"}
    with transaction(engine) as session:
        correct_details(
            session, cast.SECRETARIAT, code, title, reason="Sai tên", revision=revision(session, code), **AT
        )
    days = [e.happened_on for e in held(engine, CaseEvent, code) if e.kind is EventKind.PLACED_UNDER_SUPERVISION]
    assert sorted(days) == [date(2025, 4, 1), date(2026, 11, 12)]


def test_a_placing_that_was_taken_back_does_not_return_with_a_correction_of_another_field(engine):
    with transaction(engine) as session:
        code = new_file(session, cast.LEAD, FileDraft("Vụ A", supervised_from=date(2025, 4, 1)), **AT).code
    (event,) = held(engine, CaseEvent, code)
    with transaction(engine) as session:
        at = revision(session, code)
        retract_event(session, cast.LEAD, event.id, reason="Chưa đưa vào diện", revision=at, **AT)
        correct_details(session, cast.SECRETARIAT, code, {"title": "Vụ B"}, reason="Sai tên", revision=at + 1, **AT)
    assert held(engine, CaseEvent, code) == []


def test_proceedings_against_one_accused_that_are_terminated_do_not_end_the_case_in_the_checklist(office):
    with transaction(office) as session:
        file = session.exec(select(Case).where(Case.code == "VA-2")).one()
        accused = make.accused(session, case=file, code="BC-01")
        make.event(session, case=file, kind="terminated", on="2026-11-02", accused_id=accused.id)
    with read_session(office) as session:
        assert EventKind.TERMINATED not in closing(session, cast.MEMBER, "VA-2", as_of=TODAY).events
    with transaction(office) as session:
        make.event(session, case=file, kind="terminated", on="2026-11-03")
    with read_session(office) as session:
        assert EventKind.TERMINATED in closing(session, cast.MEMBER, "VA-2", as_of=TODAY).events


def test_the_history_of_a_proposal_says_why_in_the_words_of_an_official(office):
    first, second = proposed(office), proposed(office, "VA-2", END)
    decided(office, first)
    with transaction(office) as session:
        at = revision(session, "VA-2")
        withdraw(session, cast.SECRETARIAT, second, reason="Chưa đủ căn cứ", revision=at, **AT)
        found = select(SupervisionProposal).where(col(SupervisionProposal.id).in_([first, second]))
        why = {row.id: row.retract_reason for row in session.exec(found)}
        detail = session.exec(select(CaseDetail).where(col(CaseDetail.retracted_at).is_not(None))).one()
    assert why == {first: "Đã có quyết định", second: "Chưa đủ căn cứ"}
    assert detail.retract_reason == "Đưa vào diện theo dõi, chỉ đạo"


@pytest.mark.parametrize("viewer", [cast.SECRETARIAT, cast.MEMBER, cast.AUDITOR], ids=lambda viewer: viewer.name)
def test_only_a_lead_decides(office, viewer):
    number = proposed(office)
    entry = DecisionEntry(ACCEPTED, date(2026, 11, 10), decision="88-TB/BCĐ")
    with transaction(office) as session, pytest.raises(Forbidden, match="lead"):
        decide(session, viewer, number, entry, revision=revision(session, "VA-1"), **AT)
    assert waiting(office)


def test_nobody_decides_about_his_own_proposal_unless_there_is_no_other_lead(office):
    entry = DecisionEntry(DEFERRED, date(2026, 11, 10), decision="88-TB/BCĐ", note="Chờ")
    with transaction(office) as session:
        me = cast.accounts(session).lead
        other = make.account(session, login="phoban", role=Role.LEAD)
        number = propose(session, me, "VA-1", PLACE, revision=revision(session, "VA-1"), **AT).id
        session.commit()
        with pytest.raises(FieldErrors, match="another lead"):
            decide(session, me, number, entry, revision=revision(session, "VA-1"), **AT)
        other.disabled_at = NOW
        session.add(other)
        session.flush()
        made = decide(session, me, number, entry, revision=revision(session, "VA-1"), **AT)
        session.commit()
        marked = session.exec(select(AuditEntry.after).order_by(col(AuditEntry.id).desc())).first()
        assert '"own_proposal":true' in marked
        other.disabled_at = None
        session.add(other)
        session.flush()
        with pytest.raises(FieldErrors, match="another lead"):  # put off, it is still one's own
            decide(session, me, made.id, entry, revision=revision(session, "VA-1"), **AT)


@pytest.mark.parametrize("kind", [EventKind.PLACED_UNDER_SUPERVISION, EventKind.SUPERVISION_ENDED])
def test_supervision_is_not_placed_or_ended_past_its_decision(office, kind):
    entry = EventEntry(kind, date(2026, 11, 10), document="88-TB/BCĐ")
    at = {"revision": 1, **AT}
    with pytest.raises(FieldErrors, match="propose it") as refused, transaction(office) as session:
        record_event(session, cast.SECRETARIAT, "VA-1", entry, **at)
    assert set(refused.value.fields) == {"kind"}
    with transaction(office) as session:
        event = record_event(session, cast.LEAD, "VA-1", entry, **at)
    other = replace(entry, kind=EventKind.PROGRESS_NOTE)
    with pytest.raises(FieldErrors, match="propose it"), transaction(office) as session:
        replace_event(session, cast.SECRETARIAT, event.id, other, reason="Nhầm", revision=2, **AT)
    with pytest.raises(FieldErrors, match="propose it"), transaction(office) as session:
        retract_event(session, cast.SECRETARIAT, event.id, reason="Nhầm", revision=2, **AT)
    with pytest.raises(FieldErrors) as refused, transaction(office) as session:
        new_file(session, cast.SECRETARIAT, FileDraft("Vụ A", supervised_from=date(2025, 4, 1)), **AT)
    assert set(refused.value.fields) == {"supervised_from"}
