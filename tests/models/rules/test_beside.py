"""Clocks beside the procedural one: shown with the file, with their ends, and never deciding its bucket."""

from datetime import date

import pytest

from models.enums import Kind, Verified
from models.rules.clocks import FileClock, clocks_of
from models.rules.facts import AccusedFact, CaseFacts
from tests.models.rules.histories import day, file, judged, reader


def clocks(facts: CaseFacts, today: str) -> dict[str, FileClock]:
    """The clocks by rule; of several of one rule the last."""
    return {clock.rule: clock for clock in clocks_of(facts, reader(), day(today))}


def shown(facts: CaseFacts, today: str, rule: str) -> tuple[str, date | None] | None:
    found = clocks(facts, today).get(rule)
    return (found.state, found.due.due_on if found.due else None) if found else None


@pytest.mark.parametrize(
    ("rule", "start", "end", "last"),
    [
        ("CONCL_SEND", "investigation_concluded", "file_to_procuracy", "2026-03-04"),
        ("TO_COURT", "prosecution_decision", "case_accepted", "2026-03-05"),
        ("EXEC_PEN", "judgment_final", "enforcement_decision", "2026-03-09"),
    ],
)
def test_a_duty_runs_from_its_act_until_its_own_event(rule: str, start: str, end: str, last: str) -> None:
    begun = f"2026-03-02 {start}"
    assert shown(file(begun), "2026-03-02", rule) == ("running", day(last))
    assert shown(file(begun, f"{last} {end}"), last, rule) == ("met", day(last))
    late = date.fromordinal(day(last).toordinal() + 1).isoformat()
    assert shown(file(begun, f"{late} {end}"), late, rule) == ("missed", day(last))


def test_a_duty_that_only_a_later_event_proves_is_not_shown_for_nobody_knows_when_it_was_done() -> None:
    facts = file("2026-03-02 investigation_concluded", "2026-05-04 prosecution_decision")
    assert shown(facts, "2026-05-04", "CONCL_SEND") is None
    assert shown(facts, "2026-05-03", "CONCL_SEND") == ("running", day("2026-03-04"))


def test_a_window_is_shown_as_long_as_it_is_open() -> None:
    facts = file("2026-03-02 first_instance_judgment")
    assert shown(facts, "2026-03-17", "APPEAL_RIGHT") == ("running", day("2026-03-17"))
    assert shown(facts, "2026-03-18", "APPEAL_RIGHT") is None
    assert shown(facts, "2026-04-01", "PROTEST_UPPER") == ("running", day("2026-04-01"))
    assert shown(facts, "2026-04-02", "PROTEST_UPPER") is None
    final = file("2026-03-02 judgment_final")
    assert shown(final, "2027-03-02", "CASS_UNFAV") == ("running", day("2027-03-02"))
    assert shown(final, "2027-03-03", "CASS_UNFAV") is None


def test_the_window_goes_on_for_others_when_one_has_appealed_and_closes_when_the_court_has_the_file() -> None:
    told = ["2026-03-02 first_instance_judgment", "2026-03-09 appeal_filed"]
    assert shown(file(*told), "2026-03-10", "PROTEST_UPPER") is not None
    assert shown(file(*told, "2026-03-16 appeal_file_received"), "2026-03-16", "PROTEST_UPPER") is None


def test_each_accused_has_a_clock_of_detention_by_code() -> None:
    facts = file(
        "2026-03-02 detention_ordered 2m @7",
        "2026-03-09 detention_ordered 1m @8",
        accused=[AccusedFact(7, "BC-01"), AccusedFact(8, "BC-02")],
    )
    found = [clock for clock in clocks_of(facts, reader(), day("2026-03-10")) if clock.rule == "DET"]
    assert [(clock.name.english(), clock.due.due_on if clock.due else None) for clock in found] == [
        ("Detention of BC-01", day("2026-05-01")),  # 60 days, and a holiday does not move it
        ("Detention of BC-02", day("2026-04-08")),
    ]
    assert found[0].due is not None
    assert found[0].due.trace[-2].english() == (
        "Detention ends on its date: it does not move to a working day (Article 134)."
    )


@pytest.mark.parametrize(("on", "state"), [("2026-05-01", "met"), ("2026-05-02", "missed")])
def test_a_release_ends_the_clock_of_its_accused_on_its_day(on: str, state: str) -> None:
    told = ["2026-03-02 detention_ordered 2m @7", "2026-03-02 detention_ordered 4m @8", f"{on} detention_ended @7"]
    found = [clock for clock in clocks_of(file(*told), reader(), day("2026-05-10")) if clock.rule == "DET"]
    assert [(clock.state, clock.stopped.on if clock.stopped else None) for clock in found] == [
        (state, day(on)),
        ("running", None),
    ]
    before = [clock for clock in clocks_of(file(*told), reader(), day("2026-04-30")) if clock.rule == "DET"]
    assert [clock.state for clock in before] == ["running", "running"]


def test_without_means_the_old_law_has_a_date_for_the_next_verification_and_the_new_one_none() -> None:
    old, new = file("2026-03-02 no_means"), file("2026-07-06 no_means")
    assert shown(old, "2026-03-03", "THADS_REVERIFY") == ("running", day("2026-09-03"))  # 2 September is a holiday
    assert shown(new, "2026-07-07", "THADS_REVERIFY") == ("running", None)
    two_years = clocks(file("2024-03-04 no_means"), "2026-03-02")["THADS26_NOMEANS"]
    assert two_years.due is not None
    assert (two_years.due.due_on, two_years.due.approximate) == (day("2026-03-04"), True)


def test_an_inspections_limit_is_marked_as_not_verified_and_unknown_under_the_new_law() -> None:
    old = clocks(file("2025-03-03 inspection_opened", kind=Kind.INCIDENT), "2025-03-04")["INSP_DUR22_PROV"]
    assert old.due is not None
    assert (old.due.due_on, old.due.verified) == (day("2025-04-17"), Verified.NO)
    new = file("2026-03-02 inspection_opened", kind=Kind.INCIDENT)
    found = clocks(new, "2026-03-03")["INSP_DUR22_PROV"]
    assert (found.due, found.state) == (None, "running")
    assert found.doubts


@pytest.mark.parametrize("kind", ["detention_ordered 1m", "no_means", "inspection_opened", "inspection_concluded 1d"])
def test_no_clock_beside_decides_the_bucket(kind: str) -> None:
    plain = file("2026-03-02 case_initiated")
    with_it = file("2026-03-02 case_initiated", f"2026-03-03 {kind}")
    found, expected = judged(with_it, "2026-08-03"), judged(plain, "2026-08-03")
    assert (found.bucket, found.due_on) == (expected.bucket, expected.due_on) or kind == "no_means"


def test_the_running_clock_of_the_stage_comes_last() -> None:
    facts = file("2026-03-02 case_initiated", "2026-03-02 detention_ordered 2m @7")
    assert clocks_of(facts, reader(), day("2026-03-03"))[-1].rule == "INV"


def test_nothing_runs_on_beside_a_case_that_has_ended() -> None:
    told = ["2026-03-02 case_initiated", "2026-03-02 detention_ordered 2m @7", "2026-03-02 judgment_final"]
    assert all(clock.stopped for clock in clocks_of(file(*told, "2026-04-01 terminated"), reader(), day("2026-04-01")))
