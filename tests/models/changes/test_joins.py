"""Files joined, split and transferred: the event stands on both, each names the other, the links stay."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes.events import EventEntry
from models.changes.files import FileDraft, merge_files, split_file, transfer_file
from models.db import read_session, transaction
from models.enums import EventKind
from models.errors import CaseNotFound, FieldErrors, Forbidden, StaleCase
from models.queries.cases import case_file
from models.rules.access import SYSTEM
from models.tables import AuditEntry, Case, CaseDetail, CaseEvent
from tests import cast, make

NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
TODAY = date(2026, 11, 6)
DAY = date(2026, 10, 20)
WHEN = {"now": NOW, "today": TODAY, "happened_on": DAY}
ACT = {**WHEN, "document": "7/QĐ-CSĐT"}


@pytest.fixture
def files(engine: Engine) -> Engine:
    """VA-1, which grew from VV-1, and VA-2."""
    with transaction(engine) as session:
        origin = make.case(session, code="VV-1", kind="incident")
        make.case(session, code="VA-1", origin=origin, events=[("case_initiated", "2026-08-03")])
        make.case(session, code="VA-2", events=[("case_initiated", "2026-07-01")])
    return engine


def revision(engine: Engine, code: str) -> int:
    with read_session(engine) as session:
        return session.exec(select(Case.revision).where(Case.code == code)).one()


def events(engine: Engine, kind: EventKind) -> dict[str, CaseEvent]:
    with read_session(engine) as session:
        asked = select(Case.code, CaseEvent).join(CaseEvent).where(CaseEvent.kind == kind)
        return dict(session.exec(asked).all())


def last_audit(engine: Engine) -> AuditEntry:
    with read_session(engine) as session:
        return session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(1)).one()


def test_joined_files_name_each_other_and_keep_their_links(files: Engine) -> None:
    before = revision(files, "VA-1"), revision(files, "VA-2"), last_audit(files).id
    with transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", detail="Cùng một bị can", revision=before[0], **ACT)
    found = events(files, EventKind.MERGED)
    assert {code: event.detail for code, event in found.items()} == {
        "VA-1": "VA-2: Cùng một bị can",
        "VA-2": "VA-1: Cùng một bị can",
    }
    assert {event.document for event in found.values()} == {"7/QĐ-CSĐT"}
    assert (revision(files, "VA-1"), revision(files, "VA-2")) == (before[0] + 1, before[1] + 1)
    row = last_audit(files)
    assert (row.id, row.action, row.subject) == (before[2] + 1, "file_merged", "case:VA-1")
    with read_session(files) as session:
        assert case_file(session, SYSTEM, "VA-1", as_of=TODAY).origin == "VV-1"


def test_what_was_joined_is_not_joined_again(files: Engine) -> None:
    with transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", revision=revision(files, "VA-1"), **ACT)
    with pytest.raises(FieldErrors, match="recorded already"), transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", revision=revision(files, "VA-1"), **ACT)
    assert len(events(files, EventKind.MERGED)) == 2


@pytest.mark.parametrize(("into", "said"), [("VA-1", "another file"), ("VA-9", "VA-9"), ("", "No file")])
def test_a_file_is_joined_to_another_that_is_there(files: Engine, into: str, said: str) -> None:
    with pytest.raises(FieldErrors, match=said) as refused, transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", into, revision=revision(files, "VA-1"), **ACT)
    assert refused.value.fields.keys() == {"into"}


def test_a_split_makes_a_new_file_that_points_back(files: Engine) -> None:
    draft = FileDraft(title="Vụ án tách ra", is_corruption=True)
    initiated = EventEntry(EventKind.CASE_INITIATED, date(2026, 8, 3))
    with transaction(files) as session:
        made = split_file(session, SYSTEM, "VA-1", draft, events=[initiated], revision=revision(files, "VA-1"), **ACT)
        assert made.code == "VA-2026-001"
    assert {code: event.detail for code, event in events(files, EventKind.SPLIT).items()} == {
        "VA-1": "VA-2026-001",
        "VA-2026-001": "VA-1",
    }
    with read_session(files) as session:
        file = case_file(session, SYSTEM, "VA-2026-001", as_of=TODAY)
    assert (file.origin, file.revision, file.verdict.stage) == ("VA-1", 1, "investigation")


def test_a_split_that_cannot_be_saved_leaves_no_file_behind(files: Engine) -> None:
    with pytest.raises(FieldErrors), transaction(files) as session:
        draft = FileDraft(title="Vụ án tách ra")
        split_file(
            session, SYSTEM, "VA-1", draft, revision=revision(files, "VA-1"), now=NOW, today=TODAY,
            happened_on=date(2026, 11, 7),
        )  # fmt: skip
    with read_session(files) as session:
        assert sorted(session.exec(select(Case.code))) == ["VA-1", "VA-2", "VV-1"]
    assert events(files, EventKind.SPLIT) == {}


def test_a_file_transferred_to_an_agency_is_led_by_it(files: Engine) -> None:
    with transaction(files) as session:
        agency = make.agency(session, code="CA-QUA", name_vi="Cơ quan điều tra tỉnh bạn").id
    with transaction(files) as session:
        transfer_file(session, SYSTEM, "VA-1", to="Cơ quan điều tra tỉnh bạn", revision=revision(files, "VA-1"), **ACT)
    assert events(files, EventKind.TRANSFERRED)["VA-1"].detail == "Cơ quan điều tra tỉnh bạn"
    with read_session(files) as session:
        detail = session.exec(
            select(CaseDetail).join(Case).where(Case.code == "VA-1", col(CaseDetail.retracted_at).is_(None))
        ).one()
    assert (detail.lead_agency, detail.lead_agency_id) == ("Cơ quan điều tra tỉnh bạn", agency)


def test_a_file_transferred_to_another_file_stands_on_both(files: Engine) -> None:
    with transaction(files) as session:
        transfer_file(session, SYSTEM, "VA-1", to="VA-2", revision=revision(files, "VA-1"), **WHEN)
    assert events(files, EventKind.TRANSFERRED).keys() == {"VA-1", "VA-2"}


def test_joins_ask_who_may_and_what_was_shown(files: Engine) -> None:
    with pytest.raises(StaleCase), transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", revision=99, **ACT)
    with pytest.raises(CaseNotFound), transaction(files) as session:
        transfer_file(session, SYSTEM, "VA-9", to="Công an", revision=1, **ACT)
    for viewer in (cast.MEMBER, cast.ADMINISTRATOR):
        with pytest.raises(Forbidden), transaction(files) as session:
            merge_files(session, viewer, "VA-1", "VA-2", revision=1, **ACT)
        with pytest.raises(Forbidden), transaction(files) as session:
            transfer_file(session, viewer, "VA-1", to="VA-2", revision=1, **ACT)
