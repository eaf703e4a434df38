"""The overview: what changed since a session, whose move it is, the worst files, and how the list is searched."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from models.changes import judgements
from models.db import read_session, transaction
from models.enums import AgencyKind, Bucket, Category, Stage
from models.errors import CaseNotFound
from models.queries.cases import CaseFilter, case_file, case_page, first_fact_on
from models.queries.overview import Overview, changes_since, overview
from models.queries.standing import find
from models.queries.tasks import committee_sessions
from models.rules.access import SYSTEM
from tests import cast, make

DAY = date(2026, 11, 21)


@pytest.fixture
def province(engine: Engine) -> Engine:
    """Files that came, ended, moved and became late after session 14 of 10/10/2026."""
    with transaction(engine) as session:
        held = make.session_(session, number=14, held_on="2026-10-10")
        make.case(session, code="NEW", events=[("case_initiated", "2026-10-20")])
        make.case(session, code="ENDED", events=[("case_initiated", "2026-09-01"), ("terminated", "2026-10-11")])
        make.case(
            session,
            code="MOVED",
            title="Vụ án Đất đai tại phường Hòa Bình",
            events=[("case_initiated", "2026-06-01"), ("investigation_concluded", "2026-11-03")],
        )
        make.case(session, code="LATE-NOW", events=[("case_initiated", "2026-08-03")])  # due 3/11
        make.case(session, code="LATE-BEFORE", events=[("case_initiated", "2026-03-02")])
        make.case(
            session,
            code="MONEY",
            events=[("case_initiated", "2026-10-01"), ("money_returned", "2026-10-12", {"amount_vnd": 7})],
        )
        make.task(session, code="NV-1", of=held, due_on="2026-11-01", done_on=date(2026, 10, 30))
        make.task(session, code="NV-2", of=held, due_on="2026-11-01")
    return engine


def seen(engine: Engine) -> Overview:
    with read_session(engine) as session:
        return overview(session, cast.MEMBER, as_of=DAY, since=committee_sessions(session)[0])


def test_what_changed_since_the_session(province: Engine) -> None:
    changes = seen(province).changes
    assert changes is not None
    assert changes.new == ("NEW",)
    assert changes.ended == ("ENDED",)
    assert changes.moved == ("MOVED",)
    assert changes.newly_late == ("LATE-NOW",)
    assert changes.no_longer_late == ("MOVED",)  # its investigation limit had passed on 1/9
    assert (changes.recovered_vnd, changes.tasks_done, changes.tasks_total) == (7, 1, 2)
    assert changes.corrected == ()


def test_deltas_are_against_the_session(province: Engine) -> None:
    found = seen(province)
    assert (found.figures.value("files.late"), found.delta("files.late")) == (2, 0)
    assert (found.figures.value("files.open"), found.delta("files.open")) == (5, 0)
    assert found.delta("tasks.late") == 1


def test_a_figure_reported_then_and_corrected_since_is_named(province: Engine) -> None:
    with transaction(province) as session:
        make.case(
            session, code="FORGOTTEN", events=[("case_initiated", "2026-01-05")], at=datetime(2026, 11, 1, tzinfo=UTC)
        )
    changes = seen(province).changes
    assert changes is not None
    assert changes.corrected == ("files.open", "files.late")


def test_whose_move_it_is_late_first(province: Engine) -> None:
    owners = seen(province).owners
    assert [(load.owner, load.late, load.due_soon, load.other) for load in owners] == [
        (AgencyKind.POLICE, 2, 0, 2),
        (AgencyKind.PROCURACY, 0, 1, 0),
    ]


def test_the_worst_come_first_and_stages_add_up(province: Engine) -> None:
    found = seen(province)
    assert [row.code for row in found.worst] == ["LATE-BEFORE", "LATE-NOW", "MOVED"]
    assert found.worst[0].days_late == (DAY - date(2026, 6, 2)).days
    assert sum(load.files for load in found.stages) == sum(found.ageing.months.values()) == 5
    assert {load.stage: load.late for load in found.stages if load.late} == {Stage.INVESTIGATION: 2}


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (CaseFilter(text="dat dai hoa binh"), {"MOVED"}),
        (CaseFilter(text="ĐẤT ĐAI"), {"MOVED"}),
        (CaseFilter(text="late-now"), {"LATE-NOW"}),
        (CaseFilter(text="100%"), set()),
        (CaseFilter(late=True), {"LATE-NOW", "LATE-BEFORE"}),
        (CaseFilter(bucket=Bucket.DUE_SOON), {"MOVED"}),
        (CaseFilter(stage=Stage.PROSECUTION), {"MOVED"}),
        (CaseFilter(owner=AgencyKind.PROCURACY), {"MOVED"}),
        (CaseFilter(category=Category.WASTE), set()),
        (CaseFilter(silent_days=90), {"LATE-NOW", "LATE-BEFORE"}),
        (CaseFilter(silent_days=110), {"LATE-BEFORE"}),
        (CaseFilter(silent_days=109), {"LATE-NOW", "LATE-BEFORE"}),
        (CaseFilter(codes=("NEW", "ENDED")), {"NEW"}),
    ],
    # Sorted: every process that shares the work must give a test the same name.
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_the_list_is_filtered(province: Engine, wanted: CaseFilter, codes: set[str]) -> None:
    with read_session(province) as session:
        page = case_page(session, cast.MEMBER, wanted, as_of=DAY)
    assert {row.code for row in page.rows} == codes
    assert page.total == len(codes)


def test_pages_hold_every_file_once(province: Engine) -> None:
    with read_session(province) as session:
        pages = [case_page(session, cast.MEMBER, CaseFilter(), as_of=DAY, page=n, size=2) for n in (1, 2, 3, 4)]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    assert len({row.code for page in pages for row in page.rows}) == pages[0].total == 5


def test_a_file_is_shown_with_its_clocks_and_only_to_those_who_may_see_it(province: Engine) -> None:
    with read_session(province) as session:
        file = case_file(session, cast.MEMBER, "MOVED", as_of=DAY)
        for viewer in cast.OUTSIDERS:
            with pytest.raises(CaseNotFound):
                case_file(session, viewer, "MOVED", as_of=DAY)
        with pytest.raises(CaseNotFound):
            case_file(session, cast.MEMBER, "NO-SUCH", as_of=DAY)
    assert [(clock.rule, clock.state) for clock in file.clocks] == [
        ("INV", "missed"),
        ("CONCL_SEND", "running"),
        ("PROS", "running"),
    ]
    assert [event.kind.value for event in file.events] == ["investigation_concluded", "case_initiated"]


def test_the_first_fact_is_the_earliest_that_holds_and_is_seen(province: Engine) -> None:
    with transaction(province) as session:
        case = make.case(session, code="OLD", events=[("case_initiated", "2026-02-02")])
        make.event(
            session, case=case, kind="report_received", on="2026-01-05", retracted_at=datetime(2026, 2, 1, tzinfo=UTC)
        )
    with read_session(province) as session:
        assert first_fact_on(session, cast.MEMBER) == date(2026, 2, 2)
        assert [first_fact_on(session, viewer) for viewer in cast.OUTSIDERS] == [None] * len(cast.OUTSIDERS)


@pytest.mark.parametrize("day", [DAY, DAY + timedelta(days=1)])
def test_a_session_of_a_day_on_which_the_same_stored_verdicts_stand_is_compared_with(engine: Engine, day: date) -> None:
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-11-02")])
        make.session_(session, held_on=DAY)
        found = find(session, SYSTEM, as_of=DAY)
        judgements.write(session, SYSTEM, found, now=datetime(2026, 11, 21, 1, tzinfo=UTC))
    with read_session(engine) as session:
        changes = changes_since(session, cast.MEMBER, since=committee_sessions(session)[0], as_of=day)
    assert changes.new == changes.ended == changes.moved == changes.newly_late == changes.no_longer_late == ()
