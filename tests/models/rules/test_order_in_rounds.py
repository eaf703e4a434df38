"""Events of one day or one month around a return, a resumption or a re-investigation: which round each belongs to."""

import pytest

from models.enums import Severity
from models.rules.clocks import clocks_of
from tests.models.rules.histories import day, file, judged, reader


def running(*told: str, on: str, severity: Severity = Severity.SERIOUS) -> tuple[str, str]:
    """The clock that decides and its last day."""
    verdict = judged(file(*told, severity=severity), on)
    return verdict.rule, str(verdict.due_on)


@pytest.mark.parametrize("later", ["accused_charged", "wanted", "charge_changed"])
@pytest.mark.parametrize(
    ("told", "months", "rule", "last"),
    [
        (
            ["2025-01-22 case_initiated", "2025-03-27 investigation_concluded", "2025-04 file_to_procuracy"],
            "2025-04-18 returned_vks", "INV_ADD_VKS", "2025-06-18",
        ),
        (
            ["2025-03-03 case_initiated", "2025-05 investigation_suspended"],
            "2025-05-20 investigation_resumed", "INV_RESUMED", "2025-07-21",
        ),
        (
            ["2025-05-05 case_accepted", "2025-05 trial_decision"],
            "2025-05-16 returned_court", "INV_ADD_COURT", "2025-06-16",
        ),
        (["2025-04 prosecution_decision"], "2025-04-28 returned_court", "INV_ADD_COURT", "2025-05-28"),
        (["2025-09 appellate_judgment"], "2025-09-16 reinvestigation", "INV", "2025-12-16"),
    ],
)  # fmt: skip
def test_what_is_known_by_month_and_ends_in_a_return_stands_before_it(
    told: list[str], months: str, rule: str, last: str, later: str
) -> None:
    at_the_end = f"{months[:8]}30 {later}"
    assert running(*told, months, at_the_end, on=f"{months[:8]}30") == (rule, last)
    assert running(*told, months, on=f"{months[:8]}30") == (rule, last)


def test_a_report_suspended_and_resumed_in_one_month_runs() -> None:
    told = ["2025-04-05 report_received", "2025-05 report_suspended", "2025-05-20 report_resumed"]
    assert running(*told, "2025-05-22 verification_started", on="2025-05-30") == ("VERIFY_RESUME", "2025-06-20")


@pytest.mark.parametrize(
    ("told", "rule", "last"),
    [
        (
            ["2025-04-22 case_accepted", "2025-06 returned_court", "2025-06-18 investigation_concluded",
             "2025-06-20 file_to_procuracy"],
            "PROS", "2025-07-10",
        ),
        (
            ["2025-02-03 case_initiated", "2025-03-27 investigation_concluded", "2025-04-01 file_to_procuracy",
             "2025-04 returned_vks", "2025-04-20 investigation_concluded", "2025-04-21 file_to_procuracy"],
            "PROS", "2025-05-12",
        ),
        (
            ["2025-02-03 case_initiated", "2025-03-27 investigation_concluded", "2025-03-30 file_to_procuracy",
             "2025-04-05 returned_vks", "2025-04-20 investigation_concluded", "2025-04 file_to_procuracy"],
            "PROS", "2025-04-21",
        ),
    ],
)  # fmt: skip
def test_what_is_told_once_more_in_the_month_of_a_return_is_of_the_next_round(
    told: list[str], rule: str, last: str
) -> None:
    if told[0].endswith("case_accepted"):
        told = [
            "2025-01-06 case_initiated",
            "2025-03-03 investigation_concluded",
            "2025-03-04 file_to_procuracy",
            *told,
        ]
    assert running(*told, on="2025-06-30") == (rule, last)


def test_a_first_conclusion_after_a_resumption_of_its_month_stays_behind_it() -> None:
    told = ["2024-01-08 case_initiated", "2024-02-05 investigation_suspended", "2025-05-12 investigation_resumed"]
    assert running(*told, "2025-05 investigation_concluded", on="2025-05-30")[0] == "PROS"


@pytest.mark.parametrize("month", ["2025-04-18", "2025-04"])
def test_an_extension_of_the_procuracy_on_the_day_of_its_return_is_of_the_round_that_ends(month: str) -> None:
    told = ["2025-01-22 case_initiated", "2025-03-27 investigation_concluded", "2025-04-01 file_to_procuracy",
            f"{month} prosecution_extended 10d", f"{month} returned_vks"]  # fmt: skip
    start = "2025-06-18" if month == "2025-04-18" else "2025-06-02"
    assert running(*told, on="2025-05-12") == ("INV_ADD_VKS", start)
    again = [*told, "2025-06-10 investigation_concluded", "2025-06-12 file_to_procuracy"]
    assert running(*again, on="2025-06-30") == ("PROS", "2025-07-02")


@pytest.mark.parametrize("proof", ["detention_ordered 2m", "wanted"])
@pytest.mark.parametrize("before", ["report_received", "report_resumed"])
def test_an_investigation_begins_though_something_proved_it_on_the_day_of_the_report(before: str, proof: str) -> None:
    told = [f"2025-03-03 {before}", f"2025-03-03 {proof}"]
    assert running(*told, "2025-03-05 case_initiated", on="2025-03-31") == ("INV", "2025-06-05")


@pytest.mark.parametrize(
    ("resumed", "extended", "last"),
    [("2023-07-12", "2023-07-12", "2023-10-12"), ("2023-07-12", "2023-07", "2023-10-12"),
     ("2023-07", "2023-07-12", "2023-10-02"),
     ("2023-07-12", "2023-07-11", "2023-09-12"), ("2023-07-12", "2023-06", "2023-09-12")],
)  # fmt: skip
def test_an_extension_of_the_day_of_a_resumption_is_its_own_and_one_from_before_is_not(
    resumed: str, extended: str, last: str
) -> None:
    told = ["2023-02-02 case_initiated", "2023-04-02 investigation_suspended"]
    told += [f"{resumed} investigation_resumed", f"{extended} investigation_extended 1m"]
    assert running(*told, on="2023-07-31", severity=Severity.LESS_SERIOUS) == ("INV_RESUMED", last)


@pytest.mark.parametrize("before", ["appellate_judgment", "case_accepted"])
def test_an_extension_of_the_day_on_which_the_file_comes_back_is_its_own(before: str) -> None:
    back = {"appellate_judgment": "reinvestigation", "case_accepted": "returned_court"}[before]
    told = [f"2025-05-05 {before}", f"2025-06-26 {back}"]
    _, without = running(*told, on="2025-07-10")
    rule, last = running(*told, "2025-06-26 investigation_extended 1m", on="2025-07-10")
    assert (rule, without, last) in {("INV", "2025-09-26", "2025-10-27"), ("INV_ADD_COURT", "2025-07-28", "2025-08-26")}
    assert running(*told, "2025-06-25 investigation_extended 1m", on="2025-07-10") == (rule, without)


def test_of_two_postponements_of_a_month_that_of_a_known_day_counts() -> None:
    told = ["2025-05-05 trial_decision", "2025-06 hearing_postponed", "2025-06-27 hearing_postponed"]
    assert running(*told, on="2025-07-10") == ("POSTPONE", "2025-07-28")


def test_a_hearing_postponed_on_the_day_it_was_judged_waits_for_nothing() -> None:
    told = ["2025-06-30 hearing_postponed", "2025-06-30 first_instance_judgment"]
    later = [*told, "2025-07-10 appeal_filed", "2025-08-01 appeal_file_received"]
    assert running(*later, on="2025-08-10") == ("APPEAL_OPEN_PROV", "2025-09-30")
    assert running(*told, "2025-07-14 hearing_postponed", on="2025-07-20") == ("POSTPONE", "2025-08-13")


def detained(*told: str, on: str) -> list[str]:
    """The last days of the detentions that run."""
    found = clocks_of(file("2025-01-06 case_initiated", *told), reader(), day(on))
    return [str(clock.due.due_on) for clock in found if clock.rule == "DET" and clock.state == "running" and clock.due]


def test_a_new_order_of_the_day_on_which_the_old_one_ends_runs() -> None:
    told = ["2025-01-10 detention_ordered 2m @1", "2025-03-10 detention_ended @1", "2025-03-10 detention_ordered 1m @1"]
    assert detained(*told, on="2025-03-31") == ["2025-04-09"]
    assert detained(*told, "2025-03-20 detention_ended @1", on="2025-03-31") == []


def test_who_is_released_on_the_day_of_the_order_is_free() -> None:
    assert detained("2025-03-10 detention_ordered 1m @1", "2025-03-10 detention_ended @1", on="2025-03-31") == []


def test_a_detention_ordered_with_the_judgment_runs_its_own_term() -> None:
    told = ["2025-03-10 detention_ordered 1m @1", "2025-07-02 first_instance_judgment"]
    assert detained(*told, on="2025-07-03") == []
    assert detained(*told, "2025-07-02 detention_ordered 45d @1", on="2025-07-03") == ["2025-08-16"]
