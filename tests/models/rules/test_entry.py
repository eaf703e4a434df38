"""What a form offers next, fills in by itself and warns of; nothing that really happened is forbidden."""

import pytest

from models.enums import EventKind, Kind, Precision, Severity
from models.rules.entry import NEW, EventEntry, defaults, event_of, issued_by, next_events, warnings_of, with_event
from models.rules.facts import AccusedFact, CaseFacts
from tests.models.rules.histories import day, file, reader

TODAY = "2026-11-21"
INVESTIGATION = "2026-09-07 case_initiated"


def likely(facts: CaseFacts, today: str = TODAY) -> tuple[str, ...]:
    return tuple(kind.value for kind in next_events(facts, day(today)).likely)


def warned(facts: CaseFacts, kind: str, on: str, **more: object) -> list[str]:
    entry = EventEntry(EventKind(kind), day(on), **more)
    return [said.english() for said in warnings_of(facts, entry, reader(), day(TODAY))]


@pytest.mark.parametrize(
    ("told", "first"),
    [
        ([], "case_initiated"),
        (["2026-09-07 report_received"], "case_initiated"),
        (["2026-09-07 report_received", "2026-10-01 report_suspended"], "report_resumed"),
        ([INVESTIGATION], "accused_charged"),
        ([INVESTIGATION, "2026-09-07 accused_charged"], "investigation_extended"),
        ([INVESTIGATION, "2026-09-10 expert_requested 30d"], "expert_result"),
        ([INVESTIGATION, "2026-10-01 investigation_suspended"], "investigation_resumed"),
        ([INVESTIGATION, "2026-10-01 investigation_concluded"], "file_to_procuracy"),
        ([INVESTIGATION, "2026-10-01 file_to_procuracy"], "prosecution_decision"),
        ([INVESTIGATION, "2026-10-01 returned_vks"], "investigation_concluded"),
        (["2026-10-01 prosecution_decision"], "case_accepted"),
        (["2026-10-01 case_accepted"], "trial_decision"),
        (["2026-10-01 trial_decision"], "first_instance_trial_opened"),
        (["2026-10-01 hearing_postponed"], "first_instance_trial_opened"),
        (["2026-10-01 first_instance_trial_opened"], "first_instance_judgment"),
        (["2026-11-01 first_instance_judgment"], "appeal_filed"),
        (["2026-10-01 appeal_filed"], "appeal_file_received"),
        (["2026-10-01 appeal_file_received"], "appellate_trial_opened"),
        (["2026-10-01 judgment_final"], "enforcement_decision"),
        (["2026-10-01 enforcement_decision"], "money_returned"),
        (["2026-10-01 cassation_protest"], "cassation_decision"),
        (["2026-10-01 inspection_opened"], "inspection_concluded"),
        (["2026-10-01 inspection_concluded"], "conclusion_carried_out"),
        (["2026-08-01 placed_under_supervision", "2026-10-01 terminated"], "supervision_ended"),
    ],
)
def test_what_comes_next_in_proceedings_is_offered_first(told: list[str], first: str) -> None:
    assert likely(file(*told))[0] == first


def test_an_incident_begins_otherwise_than_a_case() -> None:
    assert likely(file(kind=Kind.INCIDENT))[0] == "inspection_opened"


def test_every_event_is_offered_somewhere_and_none_twice() -> None:
    for told in ([], [INVESTIGATION], ["2026-10-01 judgment_final"], [INVESTIGATION, "2026-10-01 terminated"]):
        offered = next_events(file(*told), day(TODAY))
        assert sorted((*offered.likely, *offered.others)) == sorted(EventKind)
        assert EventKind.PROGRESS_NOTE in offered.likely


def test_a_detention_that_runs_can_be_extended_and_ended() -> None:
    held = [INVESTIGATION, "2026-09-08 detention_ordered @7"]
    assert {"detention_extended", "detention_ended"} <= set(likely(file(*held)))
    assert "detention_ended" not in likely(file(*held, "2026-10-01 detention_ended @7"))


def test_what_is_known_only_of_later_days_does_not_count() -> None:
    facts = file(INVESTIGATION, "2026-10-01 investigation_concluded")
    assert likely(facts, "2026-09-30")[0] == "accused_charged"


@pytest.mark.parametrize(
    ("severity", "granted", "length"),
    [
        (Severity.LESS_SERIOUS, 0, "2m"),
        (Severity.LESS_SERIOUS, 1, ""),
        (Severity.SERIOUS, 0, "3m"),
        (Severity.SERIOUS, 1, "2m"),
        (Severity.VERY_SERIOUS, 0, "4m"),
        (None, 0, ""),
    ],
)
def test_an_extension_is_filled_in_with_the_next_one_of_the_article(
    severity: Severity | None, granted: int, length: str
) -> None:
    told = [INVESTIGATION, *["2026-10-20 investigation_extended 2m"] * granted]
    entry = defaults(EventKind.INVESTIGATION_EXTENDED, file(*told, severity=severity), reader(), day(TODAY))
    assert (entry.length, entry.happened_on, entry.precision) == (length, day(TODAY), Precision.DAY)


@pytest.mark.parametrize(
    ("told", "kind", "length", "offered"),
    [
        (["2026-11-09 report_received"], "verification_extended", "41d", True),
        (["2026-11-09 report_received", "2026-11-10 verification_extended 41d"], "verification_extended", "2m", True),
        (["2026-11-09 report_received", "2026-11-10 verification_extended 10d"], "verification_extended", "2m", True),
        (["2026-11-09 report_received", "2026-11-10 verification_extended 41d", "2026-11-11 verification_extended 2m"],
         "verification_extended", "", True),
        (["2026-11-09 report_resumed"], "verification_extended", "", True),
        ([INVESTIGATION], "verification_extended", "", False),
        (["2026-11-09 trial_decision"], "trial_opening_extended", "15d", True),
        (["2026-11-09 trial_decision", "2026-11-10 trial_opening_extended 15d"], "trial_opening_extended", "", True),
        (["2026-11-09 case_accepted"], "trial_opening_extended", "", False),
        (["2026-11-19 prosecution_decision"], "file_delivery_extended", "7d", True),
        (["2026-11-19 prosecution_decision", "2026-11-20 case_accepted"], "file_delivery_extended", "", False),
        (["2025-06-16 inspection_opened"], "inspection_extended", "30d", True),
        (["2026-11-09 inspection_opened"], "inspection_extended", "", True),
        (["2025-06-16 inspection_opened", "2025-07-21 inspection_concluded"], "inspection_extended", "", False),
    ],
)  # fmt: skip
def test_an_extension_up_to_a_total_is_filled_in_with_the_days_that_are_left(
    told: list[str], kind: str, length: str, offered: bool
) -> None:
    facts = file(*told)
    assert defaults(EventKind(kind), facts, reader(), day(TODAY)).length == length
    assert (kind in likely(facts)) is offered
    assert kind in (*likely(facts), *next_events(facts, day(TODAY)).others)


@pytest.mark.parametrize(
    ("told", "kind", "on", "length"),
    [
        ("2026-11-02 report_received", "verification_extended", "2026-11-20", "40d"),
        ("2026-11-02 trial_decision", "trial_opening_extended", "2026-11-17", "15d"),
        ("2026-11-16 prosecution_decision", "file_delivery_extended", "2026-11-19", "7d"),
        ("2025-06-02 inspection_opened", "inspection_extended", "2025-07-17", "30d"),
    ],
)
def test_an_extension_that_a_limit_takes_is_not_warned_of(told: str, kind: str, on: str, length: str) -> None:
    assert warned(file(told), kind, on, length=length) == []
    assert any("longer than the article allows" in said for said in warned(file(told), kind, on, length="3m"))
    assert any("No limit runs" in said for said in warned(file("2026-10-01 case_initiated"), kind, on, length=length))


def test_a_verification_is_extended_by_the_police_and_then_by_the_procuracy() -> None:
    told = ["2026-11-02 report_received", "2026-11-16 verification_extended 40d"]
    assert issued_by(EventKind.VERIFICATION_EXTENDED, file(told[0]), day(TODAY)) == "police"
    assert issued_by(EventKind.VERIFICATION_EXTENDED, file(*told), day(TODAY)) == "procuracy"
    assert issued_by(EventKind.TRIAL_OPENING_EXTENDED, file(), day(TODAY)) == "court"
    assert issued_by(EventKind.FILE_DELIVERY_EXTENDED, file(), day(TODAY)) == "procuracy"
    assert issued_by(EventKind.INSPECTION_EXTENDED, file(), day(TODAY)) == "inspectorate"


def test_an_extension_that_no_clock_takes_has_no_usual_length() -> None:
    facts = file(INVESTIGATION, "2026-10-20 investigation_concluded")
    assert defaults(EventKind.INVESTIGATION_EXTENDED, facts, reader(), day(TODAY)).length == ""


def test_the_one_who_is_in_detention_is_filled_in() -> None:
    accused = [AccusedFact(7, "BC-01"), AccusedFact(8, "BC-02")]
    one = [INVESTIGATION, "2026-09-08 detention_ordered @7"]
    facts = file(*one, accused=accused)
    assert defaults(EventKind.DETENTION_EXTENDED, facts, reader(), day(TODAY)).accused == "BC-01"
    assert defaults(EventKind.DETENTION_EXTENDED, facts, reader(), day(TODAY)).length == "2m"
    two = file(*one, "2026-09-08 detention_ordered @8", accused=accused)
    assert defaults(EventKind.DETENTION_EXTENDED, two, reader(), day(TODAY)).accused == ""


def test_who_issues_a_paper_is_known_by_its_kind_or_by_whose_move_it_is() -> None:
    facts = file(INVESTIGATION)
    assert issued_by(EventKind.INVESTIGATION_EXTENDED, facts, day(TODAY)) == "procuracy"
    assert issued_by(EventKind.TERMINATED, facts, day(TODAY)) == "police"
    assert issued_by(EventKind.TERMINATED, file("2026-10-01 case_accepted"), day(TODAY)) == "court"


def test_what_follows_in_order_is_not_warned_of() -> None:
    facts = file(INVESTIGATION, "2026-09-07 accused_charged")
    assert warned(facts, "investigation_concluded", "2026-11-20") == []
    assert warned(facts, "investigation_extended", "2026-11-20", length="3m") == []
    assert warned(file(), "prosecution_decision", "2026-11-20") == []


def test_a_weekend_is_no_warning() -> None:
    assert warned(file(INVESTIGATION), "investigation_concluded", "2026-11-21") == []  # a Saturday


@pytest.mark.parametrize(
    ("kind", "on", "more", "part"),
    [
        ("prosecution_decision", "2026-11-20", {}, "Investigation concluded is not recorded before Indictment"),
        ("case_initiated", "2026-10-01", {}, "already for 2026-09-07"),
        ("accused_charged", "2026-09-06", {}, "before Case initiated of 2026-09-07"),
        ("investigation_extended", "2026-11-20", {"length": "4m"}, "longer than the article allows"),
        ("investigation_extended", "2026-12-08", {"length": "1m"}, None),
        ("investigation_extended", "2026-11-20", {}, "without its length"),
        ("investigation_resumed", "2026-11-20", {}, "nothing that it could end or go on from"),
        ("prosecution_extended", "2026-11-20", {"length": "10d"}, "No limit runs on 2026-11-20"),
        ("progress_note", "2026-10-01", {"precision": Precision.MONTH}, "known only by its month"),
        ("report_received", "2017-12-31", {}, "before 2018-01-01"),
    ],
)
def test_what_is_to_be_looked_at_twice_is_said(kind: str, on: str, more: dict[str, object], part: str | None) -> None:
    found = warned(file(INVESTIGATION), kind, on, **more)
    assert any(part in said for said in found) if part else found == []


def test_an_extension_after_the_limit_had_ended_is_said() -> None:
    facts = file("2026-08-03 case_initiated")  # serious: until 3 November
    assert warned(facts, "investigation_extended", "2026-11-03", length="2m") == []
    (said,) = warned(facts, "investigation_extended", "2026-11-04", length="2m")
    assert "2026-11-03" in said


def test_the_same_event_of_a_day_with_another_detail_is_said() -> None:
    facts = file(INVESTIGATION, "2026-10-01 money_returned")
    assert "recorded already" in warned(facts, "money_returned", "2026-10-01")[0]
    assert warned(facts, "money_returned", "2026-10-02") == []


def test_what_goes_on_after_an_end_or_during_a_pause_is_said() -> None:
    ended = file(INVESTIGATION, "2026-10-01 terminated")
    assert "The case ended on 2026-10-01 (Terminated)." in warned(ended, "investigation_concluded", "2026-10-10")
    paused = file(INVESTIGATION, "2026-10-01 investigation_suspended")
    assert "suspended since 2026-10-01" in warned(paused, "charge_changed", "2026-10-10")[0]
    assert warned(paused, "investigation_resumed", "2026-10-10") == []


def test_a_verification_that_goes_on_is_not_said_to_be_suspended() -> None:
    paused = file("2026-09-07 report_received", "2026-10-01 report_suspended")
    assert "suspended since 2026-10-01" in warned(paused, "verification_started", "2026-10-10")[0]
    assert warned(paused, "report_resumed", "2026-10-10") == []


def test_an_entry_is_an_event_of_the_accused_with_that_code() -> None:
    facts = file(INVESTIGATION, accused=[AccusedFact(7, "BC-01")])
    known = event_of(EventEntry(EventKind.WANTED, day(TODAY), accused="bc-01"), facts)
    assert (known.accused, known.partial, known.id) == (7, True, NEW)
    unknown = event_of(EventEntry(EventKind.WANTED, day(TODAY), accused="BC-02"), facts)
    assert (unknown.accused, unknown.partial) == (NEW, True)
    nobody = event_of(EventEntry(EventKind.TERMINATED, day(TODAY)), facts)
    assert (nobody.accused, nobody.partial) == (0, False)


def test_a_first_event_before_all_others_is_the_first_fact_of_the_file() -> None:
    facts = with_event(file(INVESTIGATION), event_of(EventEntry(EventKind.REPORT_RECEIVED, day("2026-06-01")), file()))
    assert facts.first_on == day("2026-06-01")
    assert [event.kind for event in facts.events] == ["report_received", "case_initiated"]
