"""A new file gets the next code; a description is corrected by a new version; an incident becomes a case."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes._revision import raise_revisions
from models.changes.events import EventEntry
from models.changes.files import FileDraft, become_case, correct_details, new_file, next_code
from models.db import read_session, transaction
from models.enums import Bucket, EventKind, FlagRule, Kind, Severity
from models.errors import CaseNotFound, FieldErrors, Forbidden, StaleCase
from models.queries.cases import case_file
from models.queries.facts import case_facts
from models.queries.judged import verdicts
from models.rules.access import SYSTEM, Viewer
from models.rules.holdings import holdings
from models.rules.stalled import flags_of
from models.rules.thresholds import Thresholds
from models.tables import AuditEntry, Case, CaseDetail, CaseEvent
from tests import cast, make

NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
TODAY = date(2026, 11, 6)
DRAFT = FileDraft(
    title="Vụ án vi phạm quy định về đấu thầu tại Ban Quản lý dự án huyện An Phú",
    is_corruption=True,
    locality="An Phú",
    severity=Severity.SERIOUS,
    lead_agency="Cơ quan Cảnh sát điều tra",
)
INITIATED = EventEntry(EventKind.CASE_INITIATED, date(2026, 8, 3), document="05/QĐ-CSĐT")


def open_new(
    engine: Engine, draft: FileDraft = DRAFT, *, code: str = "", viewer: Viewer = SYSTEM, **more: object
) -> str:
    with transaction(engine) as session:
        return new_file(session, viewer, draft, code=code, now=NOW, today=TODAY, **more).code


def details(engine: Engine, code: str) -> list[CaseDetail]:
    with read_session(engine) as session:
        asked = select(CaseDetail).join(Case).where(Case.code == code).order_by(col(CaseDetail.id))
        return list(session.exec(asked))


def codes(engine: Engine) -> list[str]:
    with read_session(engine) as session:
        return sorted(session.exec(select(Case.code)))


def change(engine: Engine, changes: dict[str, object], *, reason: str = "Nhập nhầm", at: int = 1) -> None:
    with transaction(engine) as session:
        correct_details(session, SYSTEM, "VA-2026-001", changes, reason=reason, revision=at, now=LATER, today=TODAY)


def fields_of(refused: pytest.ExceptionInfo[FieldErrors]) -> set[str]:
    return set(refused.value.fields)


def test_a_new_file_is_there_with_its_first_events_and_one_row_on_the_audit_chain(engine: Engine) -> None:
    code = open_new(engine, events=[INITIATED])
    assert code == "VA-2026-001"
    with read_session(engine) as session:
        file = case_file(session, SYSTEM, code, as_of=TODAY)
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.subject == f"case:{code}")).all()
    assert (file.verdict.due_on, file.detail.title) == (date(2026, 11, 3), DRAFT.title)
    assert file.detail.search_text.startswith("vu an vi pham")
    assert actions == ["file_opened"]


@pytest.mark.parametrize(
    ("known", "kind", "following"),
    [
        ([], Kind.CASE, "VA-2026-001"),
        (["VA-2026-014", "VA-2025-200", "VV-2026-003"], Kind.CASE, "VA-2026-015"),
        (["VA-2026-014", "VV-2026-003"], Kind.INCIDENT, "VV-2026-004"),
        (["VA-2026-999", "VA-2026-1000"], Kind.CASE, "VA-2026-1001"),
        (["VA-2026-002", "VA-2026-LAM", "VA-2026-002B"], Kind.CASE, "VA-2026-003"),
    ],
)
def test_a_file_gets_the_number_after_the_highest_of_its_kind_and_year(
    engine: Engine, known: list[str], kind: Kind, following: str
) -> None:
    with transaction(engine) as session:
        for code in known:
            make.case(session, code=code)
    with read_session(engine) as session:
        assert next_code(session, SYSTEM, kind, today=TODAY) == following
    assert open_new(engine, replace(DRAFT, kind=kind)) == following


def test_of_many_who_open_files_at_once_each_gets_a_number_of_its_own(engine: Engine) -> None:
    people = [Thread(target=open_new, args=(engine,)) for _ in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert codes(engine) == [f"VA-2026-00{number}" for number in range(1, 7)]


@pytest.mark.parametrize("code", ["VA-2026-001", "va-2026-001", " VA-2026-001 "])
def test_a_code_that_another_file_has_is_refused(engine: Engine, code: str) -> None:
    open_new(engine)
    with pytest.raises(FieldErrors, match="Another file has the code") as refused:
        open_new(engine, code=code)
    assert fields_of(refused) == {"code"}
    assert codes(engine) == ["VA-2026-001"]


@pytest.mark.parametrize("code", ["VA 2026 1", "VA<1>", "x" * 41, "Vụ-1"])
def test_a_code_of_other_signs_is_refused(engine: Engine, code: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        open_new(engine, code=code)
    assert fields_of(refused) == {"code"}


def test_the_code_of_a_file_whose_import_was_taken_back_can_be_used_again(engine: Engine) -> None:
    open_new(engine, code="VA-9")
    with transaction(engine) as session:
        (detail,) = session.exec(select(CaseDetail)).all()
        detail.retracted_at = NOW
        session.add(detail)
        raise_revisions(session, [detail.case_id])
    with transaction(engine) as session:
        again = new_file(session, SYSTEM, DRAFT, code="VA-9", now=LATER, today=TODAY)
        assert again.revision == 3
    assert codes(engine) == ["VA-9"]
    with read_session(engine) as session:
        assert case_file(session, SYSTEM, "VA-9", as_of=TODAY).detail.recorded_at == LATER


def test_everything_wrong_is_told_at_its_field_and_nothing_is_kept(engine: Engine) -> None:
    draft = FileDraft(
        title=" \n", title_en="x" * 501, locality="x" * 201, accused_count=-1, lead_agency_id=4711, responsible_id=4711,
        supervised_from=date(2026, 11, 7), notes="x" * 2001,
    )  # fmt: skip
    with pytest.raises(FieldErrors) as refused:
        open_new(engine, draft, events=[INITIATED, replace(INITIATED, happened_on=date(2027, 1, 1))])
    assert fields_of(refused) == {
        "title", "title_en", "locality", "accused_count", "lead_agency_id", "responsible_id", "supervised_from",
        "notes", "events.1.happened_on",
    }  # fmt: skip
    assert codes(engine) == []


def test_the_agency_is_found_by_its_name(engine: Engine) -> None:
    with transaction(engine) as session:
        police = make.agency(session, code="CQDT-T", name_vi="Cơ quan Cảnh sát điều tra Công an tỉnh thử").id
    code = open_new(engine, replace(DRAFT, lead_agency=" Cơ quan Cảnh sát điều tra  Công an tỉnh thử"))
    (detail,) = details(engine, code)
    assert (detail.lead_agency_id, detail.lead_agency) == (police, "Cơ quan Cảnh sát điều tra Công an tỉnh thử")


def test_the_day_of_supervision_is_an_event_that_follows_its_correction(engine: Engine) -> None:
    open_new(engine, replace(DRAFT, supervised_from=date(2026, 9, 1)), events=[INITIATED])
    change(engine, {"supervised_from": date(2026, 9, 3)})
    with read_session(engine) as session:
        asked = select(CaseEvent).where(CaseEvent.kind == EventKind.PLACED_UNDER_SUPERVISION).order_by(CaseEvent.id)
        old, new = session.exec(asked).all()
    assert (old.happened_on, old.retracted_at, old.retract_reason) == (date(2026, 9, 1), LATER, "Nhập nhầm")
    assert (new.happened_on, new.retracted_at) == (date(2026, 9, 3), None)
    change(engine, {"notes": "Ghi chú"}, at=2)
    with read_session(engine) as session:
        assert len(session.exec(asked).all()) == 2


def test_a_corrected_description_is_a_new_version_with_a_reason(engine: Engine) -> None:
    open_new(engine)
    change(engine, {"locality": "Bình An", "severity": None, "title": DRAFT.title})
    old, new = details(engine, "VA-2026-001")
    assert (old.locality, old.retracted_at, old.retract_reason) == ("An Phú", LATER, "Nhập nhầm")
    assert (new.locality, new.severity, new.title, new.is_corruption) == ("Bình An", None, DRAFT.title, True)
    assert "binh an" in new.search_text
    with read_session(engine) as session:
        row = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        assert session.exec(select(Case.revision)).one() == 2
    assert row.before == '{"locality":"An Phú","severity":"serious"}'
    assert row.after == '{"locality":"Bình An","reason":"Nhập nhầm","severity":null}'


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"locality": "An Phú"}, "Nhập nhầm", ""),
        ({"locality": "Bình An"}, " ", "reason"),
        ({"title": ""}, "Nhập nhầm", "title"),
        ({"accused_count": 1_000_001}, "Nhập nhầm", "accused_count"),
    ],
)
def test_a_correction_without_difference_reason_or_sense_is_refused(
    engine: Engine, changes: dict[str, object], reason: str, field: str
) -> None:
    open_new(engine)
    with pytest.raises(FieldErrors) as refused:
        change(engine, changes, reason=reason)
    assert field in refused.value.fields
    assert len(details(engine, "VA-2026-001")) == 1


def test_a_correction_of_what_a_colleague_changed_meanwhile_is_refused_with_theirs(engine: Engine) -> None:
    open_new(engine)
    change(engine, {"locality": "Bình An"})
    with pytest.raises(StaleCase) as stale:
        change(engine, {"locality": "Châu Thành"})
    (theirs,) = stale.value.changes
    assert [(each.field, each.before, each.after) for each in theirs.fields] == [("locality", "An Phú", "Bình An")]
    assert theirs.why is not None
    assert theirs.why.english() == "Nhập nhầm"


def test_an_incident_becomes_a_case_that_points_back_and_keeps_its_own_record(engine: Engine) -> None:
    open_new(engine, replace(DRAFT, kind=Kind.INCIDENT))
    with transaction(engine) as session:
        case = become_case(
            session, SYSTEM, "VV-2026-001", DRAFT, events=[INITIATED], revision=1, now=LATER, today=TODAY
        )
        assert case.code == "VA-2026-001"
    with read_session(engine) as session:
        assert case_file(session, SYSTEM, "VA-2026-001", as_of=TODAY).origin == "VV-2026-001"
        incident = case_file(session, SYSTEM, "VV-2026-001", as_of=TODAY)
        last = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert (incident.detail.kind, incident.grew_into, incident.revision) == (Kind.INCIDENT, ("VA-2026-001",), 2)
    assert (last.action, last.subject) == ("file_opened", "case:VA-2026-001")
    assert '"origin":"VV-2026-001"' in last.after


def test_a_case_does_not_become_a_case(engine: Engine) -> None:
    open_new(engine)
    with pytest.raises(FieldErrors, match="is a case already"), transaction(engine) as session:
        become_case(session, SYSTEM, "VA-2026-001", DRAFT, revision=1, now=LATER, today=TODAY)


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.ADMINISTRATOR, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_only_the_secretariat_opens_and_corrects_files(engine: Engine, viewer: Viewer) -> None:
    open_new(engine)
    with pytest.raises(Forbidden):
        open_new(engine, viewer=viewer)
    with pytest.raises(Forbidden), transaction(engine) as session:
        correct_details(session, viewer, "VA-2026-001", {"notes": "x"}, reason="x", revision=1, now=LATER, today=TODAY)
    with pytest.raises(Forbidden), transaction(engine) as session:
        become_case(session, viewer, "VA-2026-001", DRAFT, revision=1, now=LATER, today=TODAY)


def test_a_file_that_nobody_knows_is_not_corrected(engine: Engine) -> None:
    with pytest.raises(CaseNotFound):
        change(engine, {"notes": "x"})


# --- an incident that became a case -------------------------------------------------------------------------------


def test_the_limits_of_an_incident_run_in_the_case_that_it_became(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(
            session, code="VV-1", kind=Kind.INCIDENT, severity=Severity.SERIOUS, at=NOW,
            events=[
                ("report_received", "2025-01-06"), ("case_initiated", "2025-02-03"),
                ("expert_requested", "2025-03-03", {"length": "1m"}),
            ],
        )  # fmt: skip
    with read_session(engine) as session:
        (before,) = verdicts(session, SYSTEM, as_of=TODAY)
    assert before.is_late and before.rule == "INV"
    with transaction(engine) as session:
        revision = session.exec(select(Case.revision).where(Case.code == "VV-1")).one()
        entry = EventEntry(EventKind.CASE_INITIATED, date(2025, 2, 3))
        become_case(
            session, SYSTEM, "VV-1", FileDraft(title="Vụ án", severity=Severity.SERIOUS), code="VA-1", events=[entry],
            revision=revision, now=NOW, today=TODAY,
        )  # fmt: skip
    with read_session(engine) as session:
        found = {verdict.code: verdict for verdict in verdicts(session, SYSTEM, as_of=TODAY)}
        earlier = {verdict.code: verdict for verdict in verdicts(session, SYSTEM, as_of=TODAY - timedelta(days=1))}
        held = [stay for facts in case_facts(session, SYSTEM, as_of=TODAY) for stay in holdings(facts, TODAY)]
    assert (found["VA-1"].bucket, found["VA-1"].rule) == (Bucket.OVERDUE_OVER_365, "INV")
    incident = found["VV-1"]
    assert (incident.bucket, incident.due_on, incident.is_open) == (Bucket.NO_LIMIT, None, True)
    assert "VA-1" in incident.why[0].english()
    assert {flag.rule for flag in flags_of(incident, TODAY, Thresholds())} == {FlagRule.S7}
    assert earlier["VV-1"].rule == "INV"  # until the day the case was opened here, its limits ran with the incident
    assert len(held) == 1  # one stay with the police, not two
