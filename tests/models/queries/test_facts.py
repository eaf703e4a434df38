"""The facts of files as the rules get them: complete, as known on a day, in few statements however many files."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine, event, text

from models.db import read_session, transaction
from models.enums import AgencyKind, TaskOrigin
from models.queries.facts import case_facts
from models.rules.access import SYSTEM
from models.rules.beside import detentions
from models.rules.facts import AccusedFact, CaseFacts, Event, TaskFact
from tests import cast, make

TODAY = date(2026, 6, 1)


def facts_of(engine: Engine, as_of: date = TODAY, **more: Any) -> dict[str, CaseFacts]:
    with read_session(engine) as session:
        return {facts.code: facts for facts in case_facts(session, SYSTEM, as_of=as_of, **more)}


def test_a_file_comes_with_its_events_in_order_its_late_tasks_and_the_accused_they_name(engine: Engine) -> None:
    with transaction(engine) as session:
        file = make.case(
            session, code="VA-1", events=[("expert_requested", "2026-04-01", {"length": "30d", "body": "CQĐT"})]
        )
        named = make.accused(session, case=file, code="BC-07", article="353", paragraph="2")
        make.accused(session, case=file, code="BC-08")
        first = make.event(session, case=file, kind="detention_ordered", on="2026-03", accused_id=named.id)
        make.event(session, case=file, kind="progress_note", on="2026-06-02")  # not yet on the day
        court = make.agency(session, code="TA", kind=AgencyKind.COURT)
        make.task(session, code="NV-1", case=file, due_on="2026-05-04", lead=court, origin=TaskOrigin.PROGRAMME)
        make.task(session, code="NV-2", case=file, due_on="2026-05-04", done_on=date(2026, 5, 4))  # on its last day
        make.task(session, code="NV-3", case=file, due_on="2026-06-01")  # ends today
        make.task(session, code="NV-4", due_on="2026-05-04")  # about no file
        number, accused = first.id or 0, named.id or 0
    found = facts_of(engine)["VA-1"]
    assert found.events[0] == Event(date(2026, 3, 1), "detention_ordered", True, "", True, number, accused, "")
    assert [(each.kind, each.length, each.body, each.partial) for each in found.events[1:]] == [
        ("expert_requested", "30d", "CQĐT", False)
    ]
    assert all(type(each.kind) is str and type(each.on) is date for each in found.events)
    assert found.accused == (AccusedFact(accused, "BC-07", "353", "2"),)
    assert found.tasks == (TaskFact("NV-1", "programme", date(2026, 1, 15), date(2026, 5, 4), agency=AgencyKind.COURT),)


def test_an_accused_who_was_corrected_is_still_the_one_that_older_events_name(engine: Engine) -> None:
    """An order names the first version, its end the second: it is the same detention, by the corrected charge."""
    corrected_at = datetime(2026, 4, 15, tzinfo=UTC)
    with transaction(engine) as session:
        file = make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
        first = make.accused(session, case=file, code="BC-01", article="353", paragraph="1", retracted_at=corrected_at)
        make.event(session, case=file, kind="detention_ordered", on="2026-03-02", length="3m", accused_id=first.id)
        second = make.accused(session, case=file, code="BC-01", article="353", paragraph="2", at=corrected_at)
        make.event(session, case=file, kind="detention_ended", on="2026-05-04", accused_id=second.id)
        other = make.accused(session, case=file, code="BC-02")
        make.event(session, case=file, kind="detention_ordered", on="2026-03-03", length="3m", accused_id=other.id)
        make.case(session, code="VA-2")
        ids = (first.id, second.id, other.id)
    found = facts_of(engine)["VA-1"]
    assert {each.accused for each in found.events} == {0, ids[1], ids[2]}
    assert found.accused == (AccusedFact(ids[1] or 0, "BC-01", "353", "2"), AccusedFact(ids[2] or 0, "BC-02"))
    running = [clock.start.accused for clock in detentions(found, TODAY) if clock.stopped is None]
    assert running == [ids[2]]
    then = facts_of(engine, known_at=datetime(2026, 4, 1, tzinfo=UTC))["VA-1"]
    assert then.accused[0] == AccusedFact(ids[0] or 0, "BC-01", "353", "1")


def test_a_file_comes_with_what_each_accused_is_charged_with_whether_or_not_an_event_names_them(engine: Engine) -> None:
    withdrawn_at = datetime(2026, 4, 1, tzinfo=UTC)
    with transaction(engine) as session:
        file = make.case(session, code="VA-1", severity=None, events=[("case_initiated", "2026-03-02")])
        make.accused(session, case=file, code="BC-01", article="353", paragraph="khoản 2")
        make.accused(session, case=file, code="BC-02", article="364")
        make.accused(session, case=file, code="BC-03", article="353", paragraph="2")
        make.accused(session, case=file, code="BC-04")
        make.accused(session, case=file, code="BC-05", article="353", paragraph="4", retracted_at=withdrawn_at)
        make.case(session, code="VA-2")
    found = facts_of(engine)
    assert set(found["VA-1"].charged.split("; ")) == {"353(2)", "364"}
    assert found["VA-2"].charged == ""
    then = facts_of(engine, known_at=datetime(2026, 3, 15, tzinfo=UTC))["VA-1"]
    assert "353(4)" in then.charged


def test_no_file_gets_the_facts_of_another_and_none_is_left_out(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in range(1, 8):
            events = [("case_initiated", f"2026-03-{number:02}"), ("progress_note", f"2026-04-{number:02}")]
            make.case(session, code=f"VA-{number}", events=events[: number % 3])
    found = facts_of(engine)
    assert list(found) == [f"VA-{number}" for number in range(1, 8)]
    for number in range(1, 8):
        days = [date(2026, 3, number), date(2026, 4, number)][: number % 3]
        assert [each.on for each in found[f"VA-{number}"].events] == days


def test_what_was_not_known_then_is_not_told(engine: Engine) -> None:
    then = datetime(2026, 5, 1, tzinfo=UTC)
    with transaction(engine) as session:
        file = make.case(session, code="VA-1", events=[("case_initiated", "2026-03-02")])
        make.event(session, case=file, kind="progress_note", on="2026-04-01", at=datetime(2026, 5, 20, tzinfo=UTC))
        make.task(session, code="NV-1", case=file, due_on="2026-04-01", at=datetime(2026, 5, 20, tzinfo=UTC))
    assert (len(facts_of(engine)["VA-1"].events), len(facts_of(engine)["VA-1"].tasks)) == (2, 1)
    before = facts_of(engine, known_at=then)["VA-1"]
    assert (len(before.events), before.tasks) == (1, ())


def test_the_number_of_statements_does_not_grow_with_the_files(engine: Engine) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(*given: Any) -> None:
            seen.append(given[2])

        event.listen(engine, "before_cursor_execute", note)
        facts_of(engine)
        event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    with transaction(engine) as session:
        make.case(session, code="VA-0", events=[("case_initiated", "2026-03-02")])
    few = statements()
    with transaction(engine) as session:
        for number in range(1, 30):
            file = make.case(session, code=f"VA-{number}", events=[("case_initiated", "2026-03-02")])
            make.task(session, code=f"NV-{number}", case=file, due_on="2026-05-04")
    assert statements() == few <= 11  # one of them names the files


def test_who_may_read_no_file_gets_no_facts(engine: Engine) -> None:
    with transaction(engine) as session:
        make.case(session, events=[("case_initiated", "2026-03-02")])
    with read_session(engine) as session:
        assert list(case_facts(session, cast.ADMINISTRATOR, as_of=TODAY)) == []


def test_facts_that_are_not_read_to_the_end_leave_no_question_open_at_the_server(engine: Engine) -> None:
    with transaction(engine) as session:
        for code in ("VA-1", "VA-2"):
            make.case(session, code=code, events=[("case_initiated", "2026-03-02"), ("progress_note", "2026-04-02")])
    with read_session(engine) as session:
        assert next(case_facts(session, SYSTEM, as_of=TODAY)).code == "VA-1"
        assert list(case_facts(session, cast.ADMINISTRATOR, as_of=TODAY)) == []  # events, and no file to join them to
        if engine.dialect.name == "postgresql":
            open_ = "SELECT count(*) FROM pg_cursors WHERE name NOT LIKE '' AND statement NOT LIKE '%pg_cursors%'"
            assert session.connection().execute(text(open_)).scalar() == 0
