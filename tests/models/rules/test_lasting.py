"""Until when a verdict holds: never too long, and as long as can be told where nothing is in doubt."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.facts import CaseFacts, TaskFact
from models.rules.judge import Thresholds, Verdict, judge
from models.rules.lasting import judge_until
from models.rules.stalled import FlagVerdict, flags_of
from models.rules.watched import WatchedDay, plain
from tests.models.rules.histories import DEFAULTS, day, file, reader, task
from tests.models.rules.test_judge import CLOCKED, EVENTS, files
from tests.models.rules.test_stalled import ALL_RULES, TASKS

INVESTIGATION = "2026-03-02 case_initiated"  # serious: until 2 June 2026; a request by 23 May
DAYS = st.dates(date(2024, 12, 1), date(2027, 12, 31))
OWN = Thresholds(due_soon_days=5, no_news_amber_days=3, suspended_review_days=20, panel_returns=2, detention_days=60)


def told(facts: CaseFacts, on: date, thresholds: Thresholds = DEFAULTS) -> tuple[Verdict, tuple[FlagVerdict, ...]]:
    """What is said on a day, but for the days counted anew every day."""
    verdict = judge(facts, reader(), on, thresholds)
    return replace(verdict, days_late=None), flags_of(verdict, on, thresholds)


def lasts(facts: CaseFacts, on: date, wait: int, thresholds: Thresholds = DEFAULTS) -> None:
    found = judge_until(facts, reader(), on, thresholds)
    now = told(facts, on, thresholds)
    assert (replace(found.verdict, days_late=None), found.flags) == now
    assert found.until >= on
    for later in {min(found.until, on + timedelta(days=wait)), min(found.until, on + timedelta(days=4000))}:
        assert told(facts, later, thresholds) == now


@settings(max_examples=1500)
@given(files(ALL_RULES, most=7), TASKS, DAYS, st.integers(1, 500), st.sampled_from([DEFAULTS, OWN]))
def test_until_its_day_a_verdict_and_all_its_flags_stay_the_same(
    facts: CaseFacts, tasks: list[TaskFact], on: date, wait: int, thresholds: Thresholds
) -> None:
    lasts(facts._replace(tasks=tuple(tasks)), on, wait, thresholds)


@settings(max_examples=500)
@given(files(CLOCKED, most=6), DAYS, st.integers(1, 500))
def test_so_do_those_of_any_course_with_clocks(facts: CaseFacts, on: date, wait: int) -> None:
    lasts(facts, on, wait)


@settings(max_examples=500)
@given(files(EVENTS, most=12), DAYS, st.integers(1, 500))
def test_so_do_those_of_any_events_whatever(facts: CaseFacts, on: date, wait: int) -> None:
    lasts(facts, on, wait)


UNTIL = [
    ("2026-03-02", (), "2026-04-01", "news are missing after 30 days"),
    ("2026-04-02", (), "2026-05-22", "due soon ten days before the limit, when an extension must be asked for"),
    ("2026-05-23", (), "2026-05-23", "the last day to ask for an extension"),
    ("2026-05-24", (), "2026-06-02", "the last day of the limit"),
    ("2026-06-03", (), "2026-07-02", "late for 30 days"),
    ("2026-07-03", (), "2026-08-31", "late for 90 days"),
    ("2026-09-01", (), "2026-11-02", "the longest that the law allows"),
    ("2026-03-02", ("2026-03-20 progress_note",), "2026-03-19", "an event to come"),
    ("2027-07-03", (), "9999-12-31", "late for more than a year: nothing changes any more"),
    ("2026-03-10", ("2026-03-09 investigation_suspended",), "2026-04-08", "suspended: news are missing"),
    ("2026-05-10", ("2026-03-09 investigation_suspended",), "2026-06-07", "not reviewed for 90 days"),
    ("2026-04-20", ("2026-04-20 terminated",), "9999-12-31", "ended"),
]


@pytest.mark.parametrize(("on", "more", "until", "why"), UNTIL, ids=[case[3] for case in UNTIL])
def test_the_last_day_is_the_one_before_something_turns(on: str, more: tuple[str, ...], until: str, why: str) -> None:
    facts = file(INVESTIGATION, *more)
    last = judge_until(facts, reader(), day(on), DEFAULTS).until
    assert last == day(until), why
    if last < date.max:
        assert told(facts, last) == told(facts, day(on))
        assert told(facts, last + timedelta(days=1)) != told(facts, day(on))


def test_a_task_turns_when_it_is_claimed_and_when_it_is_settled() -> None:
    late = task("NV-1", "2026-01-05", "2026-02-02", claimed_on="2027-09-07", done_on="2027-10-05")
    facts = file(INVESTIGATION, tasks=[late])
    ends = [judge_until(facts, reader(), day(on), DEFAULTS).until for on in ("2027-08-31", "2027-09-07", "2027-10-05")]
    assert ends == [day("2027-09-06"), day("2027-10-04"), date.max]


def test_what_is_recorded_for_a_day_to_come_ends_the_verdict_the_day_before() -> None:
    facts = file(INVESTIGATION)
    day_to_come = facts._replace(changes_on=day("2026-03-12"))
    assert judge_until(day_to_come, reader(), day("2026-03-05"), DEFAULTS).until == day("2026-03-11")
    assert judge_until(facts, reader(), day("2026-03-05"), DEFAULTS).until == day("2026-04-01")


# --- the watched day ----------------------------------------------------------------------------------------------

TODAY, TOMORROW, YESTERDAY = date(2026, 6, 10), date(2026, 6, 11), date(2026, 6, 9)
COMPARED = [
    (lambda on: on < TOMORROW, True, TODAY),
    (lambda on: on <= TOMORROW, True, TOMORROW),
    (lambda on: TOMORROW > on, True, TODAY),  # noqa: SIM300 - the other side is asked
    (lambda on: TOMORROW >= on, True, TOMORROW),  # noqa: SIM300
    (lambda on: on > TOMORROW, False, TOMORROW),
    (lambda on: on >= TOMORROW, False, TODAY),
    (lambda on: on <= TODAY, True, TODAY),
    (lambda on: on >= TODAY, True, date.max),
    (lambda on: on > TODAY, False, TODAY),
    (lambda on: on < TODAY, False, date.max),
    (lambda on: on > YESTERDAY, True, date.max),
    (lambda on: on <= YESTERDAY, False, date.max),
    (lambda on: max(on, TOMORROW) == TOMORROW, True, TODAY),
]
ASKED_OTHERWISE = [
    lambda on: TOMORROW - on, lambda on: on - YESTERDAY, lambda on: on + timedelta(days=1), lambda on: on == TOMORROW,
    lambda on: on != TOMORROW, lambda on: {on: 1}, lambda on: on.year, lambda on: on.month, lambda on: on.day,
    lambda on: on.isoformat(), str, repr, lambda on: f"{on}", lambda on: on.toordinal(), lambda on: on.weekday(),
    lambda on: on.replace(day=1), lambda on: on.strftime("%d"), lambda on: on.isocalendar(),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(COMPARED)))
def test_a_comparison_holds_until_it_turns(number: int) -> None:
    ask, answer, until = COMPARED[number]
    on = WatchedDay.of(TODAY)
    assert (ask(on), on.until) == (answer, until)
    assert type(on.until) is date


@pytest.mark.parametrize("number", range(len(ASKED_OTHERWISE)))
def test_whatever_else_is_asked_holds_today_only_and_is_answered_as_by_a_date(number: int) -> None:
    on = WatchedDay.of(TODAY)
    assert ASKED_OTHERWISE[number](on) == ASKED_OTHERWISE[number](TODAY) or number == 5  # a key of its own day
    assert on.until == TODAY


def test_the_first_turn_counts_and_the_plain_day_is_not_watched() -> None:
    on = WatchedDay.of(TODAY)
    assert on < date(2026, 8, 1)
    assert on < date(2026, 7, 1)
    assert on < date(2026, 9, 1)
    assert (plain(on), type(plain(on)), on.until) == (TODAY, date, date(2026, 6, 30))


def test_a_day_of_judgement_that_gets_into_what_is_said_holds_that_day_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from models.rules import lasting

    def leaking(facts: CaseFacts, reads: object, today: date, thresholds: Thresholds) -> Verdict:
        return replace(judge(facts, reads, today, thresholds), stage_since=max(today, facts.first_on))  # type: ignore[arg-type]

    monkeypatch.setattr(lasting, "judge", leaking)
    assert judge_until(file(INVESTIGATION), reader(), day("2026-03-05"), DEFAULTS).until == day("2026-03-05")
