"""Files joined, split and transferred: the event stands on both, each names the other, the links stay."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from models.changes.events import EventEntry, retract_event
from models.changes.files import FileDraft, merge_files, settle_merger, split_file, transfer_file
from models.db import read_session, transaction
from models.enums import Bucket, EventKind, FlagRule, QualityKind
from models.errors import CaseNotFound, FieldErrors, Forbidden, NotFound, StaleCase
from models.queries.cases import case_file
from models.queries.choices import goes_on
from models.queries.facts import case_facts
from models.queries.judged import verdicts
from models.rules.access import SYSTEM, Viewer
from models.rules.holdings import holdings
from models.rules.judge import Verdict
from models.rules.stalled import flags_of
from models.rules.thresholds import Thresholds
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
    found = events(files, EventKind.MERGED_INTO) | events(files, EventKind.MERGED_FROM)
    assert {code: event.kind for code, event in found.items()} == {"VA-1": "merged_into", "VA-2": "merged_from"}
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
    assert len(events(files, EventKind.MERGED_INTO) | events(files, EventKind.MERGED_FROM)) == 2


def test_the_file_that_goes_on_may_be_the_one_the_form_stands_on(files: Engine) -> None:
    with transaction(files) as session:
        assert goes_on(session, SYSTEM, ("VA-1", "VA-2"), today=TODAY) == "VA-2"  # the older one
        merge_files(session, SYSTEM, "VA-1", "VA-2", goes_on="VA-1", revision=revision(files, "VA-1"), **ACT)
    assert (list(events(files, EventKind.MERGED_INTO)), list(events(files, EventKind.MERGED_FROM))) == (
        ["VA-2"], ["VA-1"],
    )  # fmt: skip
    assert json.loads(last_audit(files).after)["goes_on"] == "VA-1"


def test_a_supervised_file_mostly_goes_on_and_one_that_is_released_no_more(files: Engine) -> None:
    with transaction(files) as session:
        make.case(
            session, code="VA-3", events=[("case_initiated", "2026-10-01"), ("placed_under_supervision", "2026-10-02")]
        )
    with transaction(files) as session:
        assert goes_on(session, SYSTEM, ("VA-3", "VA-2"), today=TODAY) == "VA-3"
        case = session.exec(select(Case).where(Case.code == "VA-3")).one()
        make.event(session, case=case, kind="supervision_ended", on="2026-11-05")
    with read_session(files) as session:
        assert goes_on(session, SYSTEM, ("VA-3", "VA-2"), today=TODAY) == "VA-2"
        assert goes_on(session, cast.STRANGER, ("VA-3", "VA-2"), today=TODAY) == ""


@pytest.mark.parametrize("third", ["VA-9", "VV-1", " "])
def test_only_one_of_the_two_goes_on(files: Engine, third: str) -> None:
    with pytest.raises(FieldErrors) as refused, transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", goes_on=third, revision=revision(files, "VA-1"), **ACT)
    assert refused.value.fields.keys() == {"goes_on"}


def test_no_file_goes_on_that_went_on_in_another(files: Engine) -> None:
    """Else two files could point at each other, and the limits of both would be nowhere."""
    with transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", revision=revision(files, "VA-1"), **ACT)
    with pytest.raises(FieldErrors, match="itself was merged into VA-2"), transaction(files) as session:
        merge_files(session, SYSTEM, "VA-2", "VA-1", revision=revision(files, "VA-2"), **ACT)


def open_verdicts(files: Engine, day: date) -> dict[str, Verdict]:
    with read_session(files) as session:
        return {verdict.code: verdict for verdict in verdicts(session, SYSTEM, as_of=day)}


def test_the_limits_of_a_file_merged_away_run_in_the_other_and_it_is_held_once(files: Engine) -> None:
    with transaction(files) as session:
        case = session.exec(select(Case).where(Case.code == "VA-1")).one()
        make.event(session, case=case, kind="expert_requested", on="2026-09-01", length="1m")
    with transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", revision=revision(files, "VA-1"), **ACT)
    before, on = open_verdicts(files, date(2026, 10, 19)), open_verdicts(files, DAY)
    assert before["VA-1"].rule == "INV"
    away = on["VA-1"]
    assert (away.bucket, away.due_on, away.is_open) == (Bucket.NO_LIMIT, None, True)
    assert "merged into VA-2" in away.why[0].english()
    assert on["VA-2"].rule == "INV", "the file that goes on keeps its own"
    assert {flag.rule for flag in flags_of(away, TODAY, Thresholds())} <= {FlagRule.S7}
    with read_session(files) as session:
        for day, held in ((date(2026, 10, 19), 2), (DAY, 1), (TODAY, 1)):
            facts = list(case_facts(session, SYSTEM, as_of=day))
            assert sum(stay.left_on is None for each in facts for stay in holdings(each, day)) == held, day


def test_a_merger_that_was_wrong_gives_the_limits_back(files: Engine) -> None:
    with transaction(files) as session:
        merge_files(session, SYSTEM, "VA-1", "VA-2", revision=revision(files, "VA-1"), **ACT)
    with transaction(files) as session:
        event = events(files, EventKind.MERGED_INTO)["VA-1"].id
        retract_event(session, SYSTEM, event, reason="Nhầm", revision=revision(files, "VA-1"), now=NOW, today=TODAY)
    assert open_verdicts(files, TODAY)["VA-1"].rule == "INV"


@pytest.fixture
def unclear(files: Engine) -> Engine:
    """VA-1 and VA-2 merged as older records have it."""
    with transaction(files) as session:
        for code, other in (("VA-1", "VA-2: cùng bị can"), ("VA-2", "VA-1")):
            case = session.exec(select(Case).where(Case.code == code)).one()
            make.event(session, case=case, kind="merged", on="2026-10-20", detail=other, document="7/QĐ")
    return files


def test_older_mergers_stay_as_they_were_with_a_point_that_asks(unclear: Engine) -> None:
    assert {verdict.rule for code, verdict in open_verdicts(unclear, TODAY).items() if code != "VV-1"} == {"INV"}
    with read_session(unclear) as session:
        for code in ("VA-1", "VA-2"):
            points = case_file(session, SYSTEM, code, as_of=TODAY).quality
            assert QualityKind.MERGE_UNCLEAR in {point.kind for point in points}


def test_an_older_merger_says_which_file_goes_on_on_both_files(unclear: Engine) -> None:
    event = events(unclear, EventKind.MERGED)["VA-1"].id
    before = revision(unclear, "VA-1"), revision(unclear, "VA-2"), last_audit(unclear).id
    with transaction(unclear) as session:
        settle_merger(session, SYSTEM, "VA-1", event, "VA-2", goes_on="VA-2", revision=before[0], now=NOW, today=TODAY)
    into, of = events(unclear, EventKind.MERGED_INTO)["VA-1"], events(unclear, EventKind.MERGED_FROM)["VA-2"]
    assert (into.detail, into.document, of.detail) == ("VA-2: cùng bị can", "7/QĐ", "VA-1")
    assert all(event.retracted_at for event in events(unclear, EventKind.MERGED).values())
    assert (revision(unclear, "VA-1"), revision(unclear, "VA-2")) == (before[0] + 1, before[1] + 1)
    assert last_audit(unclear).id == before[2] + 1
    found = open_verdicts(unclear, TODAY)
    assert (found["VA-1"].bucket, found["VA-2"].rule) == (Bucket.NO_LIMIT, "INV")
    with pytest.raises(NotFound), transaction(unclear) as session:
        settle_merger(
            session, SYSTEM, "VA-1", event, "VA-2", goes_on="VA-2", revision=revision(unclear, "VA-1"), now=NOW,
            today=TODAY,
        )  # fmt: skip


@pytest.mark.parametrize("viewer", [cast.MEMBER, cast.STRANGER], ids=lambda viewer: viewer.name)
def test_only_the_secretariat_settles_a_merger(unclear: Engine, viewer: Viewer) -> None:
    event = events(unclear, EventKind.MERGED)["VA-1"].id
    with pytest.raises(Forbidden), transaction(unclear) as session:
        settle_merger(session, viewer, "VA-1", event, "VA-2", goes_on="VA-2", revision=1, now=NOW, today=TODAY)


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
