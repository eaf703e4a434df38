"""Before an entry is saved a form shows what it does to the file; nothing is written for it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from models.changes.events import record_event, retract_event
from models.db import read_session, transaction
from models.enums import Bucket, EventKind, FlagRule, Precision, Severity
from models.errors import CaseNotFound
from models.queries.cases import case_file
from models.queries.completeness import completeness
from models.queries.effect import Detention, Effect, effect_of
from models.rules.access import SYSTEM
from models.rules.entry import EventEntry
from models.tables import AuditEntry, Case, CaseEvent
from tests import cast, make

NOW = datetime(2026, 11, 6, 2, tzinfo=UTC)
TODAY = date(2026, 11, 6)
EXTENSION = EventEntry(EventKind.INVESTIGATION_EXTENDED, date(2026, 10, 20), length="3m")


@pytest.fixture
def file(engine: Engine) -> Engine:
    """File VA-1, whose limit of three months ended on 3 November."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("case_initiated", "2026-08-03"), ("progress_note", "2026-11-01")])
    return engine


def effect(engine: Engine, entry: EventEntry | None, *, retracts: int = 0) -> Effect:
    with read_session(engine) as session:
        return effect_of(session, SYSTEM, "VA-1", entry, retracts=retracts, today=TODAY)


def test_a_month_in_which_the_report_came_warns_of_nothing(engine: Engine) -> None:
    """What is known by its month may have happened after what happened within it."""
    with transaction(engine) as session:
        make.case(session, code="VA-1", events=[("report_received", "2026-10-12")])
    for month, warns in ((10, False), (9, True)):
        entry = EventEntry(EventKind.VERIFICATION_EXTENDED, date(2026, month, 1), Precision.MONTH, length="2m")
        said = [words.english() for words in effect(engine, entry).warnings]
        assert any("is not recorded before" in each for each in said) == warns, (month, said)
        assert any("No limit runs" in each for each in said) == warns, (month, said)


def test_the_day_until_which_an_accused_may_be_held_is_shown_before_it_is_saved(engine: Engine) -> None:
    with transaction(engine) as session:
        case = make.case(session, code="VA-1", events=[("case_initiated", "2026-08-03")])
        held = make.accused(session, case=case, code="BC-01", on="2026-08-10")
        make.event(session, case=case, kind="detention_ordered", on="2026-10-01", length="2m", accused_id=held.id)
    longer = EventEntry(EventKind.DETENTION_EXTENDED, date(2026, 11, 5), length="1m", accused="BC-01")
    assert effect(engine, longer).detentions == (Detention("BC-01", date(2026, 11, 30), date(2026, 12, 30)),)
    ended = EventEntry(EventKind.DETENTION_ENDED, date(2026, 11, 5), accused="BC-01")
    assert effect(engine, ended).detentions == (Detention("BC-01", date(2026, 11, 30), None),)
    assert effect(engine, EXTENSION).detentions == ()


def save(engine: Engine, entry: EventEntry) -> int:
    with transaction(engine) as session:
        at = session.exec(select(Case.revision)).one()
        return record_event(session, SYSTEM, "VA-1", entry, revision=at, now=NOW, today=TODAY).id or 0


def test_an_extension_moves_the_date_and_clears_the_flag(file: Engine) -> None:
    found = effect(file, EXTENSION)
    assert (found.before.due_on, found.before.bucket) == (date(2026, 11, 3), Bucket.OVERDUE_1_30)
    assert (found.after.due_on, found.after.bucket) == (date(2027, 2, 3), Bucket.ON_TIME)
    assert (found.moves, found.closed, found.opened, found.warnings) == (92, (FlagRule.S1,), (), ())
    assert found.after.what.english() == "Investigation"


def test_what_is_shown_before_is_what_is_so_afterwards_and_nothing_is_written_for_it(file: Engine) -> None:
    with read_session(file) as session:
        counted = [session.exec(select(func.count()).select_from(table)).one() for table in (CaseEvent, AuditEntry)]
    shown = effect(file, EXTENSION).after
    with read_session(file) as session:
        again = [session.exec(select(func.count()).select_from(table)).one() for table in (CaseEvent, AuditEntry)]
    assert again == counted
    save(file, EXTENSION)
    with read_session(file) as session:
        verdict = case_file(session, SYSTEM, "VA-1", as_of=TODAY).verdict
    assert (verdict.due_on, verdict.bucket, verdict.why) == (shown.due_on, shown.bucket, shown.why)


def test_taking_an_event_back_shows_the_date_before_it_and_does_it(file: Engine) -> None:
    event = save(file, EXTENSION)
    found = effect(file, None, retracts=event)
    assert (found.moves, found.opened, found.closed) == (-92, (FlagRule.S1,), ())
    with transaction(file) as session:
        retract_event(
            session, SYSTEM, event, reason="Nhầm", revision=session.exec(select(Case.revision)).one(), now=NOW,
            today=TODAY,
        )  # fmt: skip
    assert effect(file, None).before == found.after


def test_a_correction_is_compared_with_the_event_it_replaces(file: Engine) -> None:
    event = save(file, EXTENSION)
    found = effect(file, EventEntry(EventKind.INVESTIGATION_EXTENDED, date(2026, 10, 20), length="2m"), retracts=event)
    assert (found.before.due_on, found.after.due_on) == (date(2027, 2, 3), date(2027, 1, 4))
    assert found.warnings == ()


def test_a_warning_comes_with_the_effect(file: Engine) -> None:
    found = effect(file, EventEntry(EventKind.INVESTIGATION_EXTENDED, date(2026, 10, 20), length="8m"))
    assert "longer than the article allows" in found.warnings[0].english()


@pytest.mark.parametrize("day", [date(2026, 11, 7), date(1989, 12, 31)])
def test_an_entry_that_cannot_be_saved_has_no_effect(file: Engine, day: date) -> None:
    found = effect(file, EventEntry(EventKind.INVESTIGATION_CONCLUDED, day))
    assert (found.before, found.moves, found.warnings) == (found.after, 0, ())


def test_a_detention_runs_by_the_charge_of_an_accused_whom_no_event_names_yet(file: Engine) -> None:
    with transaction(file) as session:
        case = session.exec(select(Case)).one()
        make.accused(session, case=case, code="BC-01", article="353", paragraph="3")
    ordered = EventEntry(EventKind.DETENTION_ORDERED, date(2026, 8, 5), accused="BC-01")
    assert FlagRule.S10 not in effect(file, ordered).opened
    mild = EventEntry(EventKind.DETENTION_ORDERED, date(2026, 8, 12), accused="BC-01", length="3m")
    assert FlagRule.S10 in effect(file, mild).opened


def test_who_may_not_read_the_file_learns_nothing(file: Engine) -> None:
    for viewer in cast.OUTSIDERS:
        with read_session(file) as session, pytest.raises(CaseNotFound):
            effect_of(session, viewer, "VA-1", EXTENSION, today=TODAY)


def test_the_score_counts_the_required_fields_of_the_file_and_its_events(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(
            session, code="VA-1", severity=Severity.SERIOUS, locality="An Phú", accused_count=2,
            events=[
                ("case_initiated", "2026-08-03", {"document": "1/QĐ", "body": "CQĐT"}),
                ("investigation_extended", "2026-10-20", {"length": "3m"}),
            ],
        )  # fmt: skip
    with read_session(engine) as session:
        found = completeness(session, SYSTEM, "VA-1", today=TODAY)
        extension = session.exec(select(CaseEvent.id).where(CaseEvent.length == "3m")).one()
    assert [(each.event_id, each.field) for each in found.missing] == [
        (0, "lead_agency"), (0, "responsible_id"), (extension, "document"), (extension, "body")
    ]  # fmt: skip
    assert found.score == (8, 12)
