"""The checklist before supervision ends: each point ok, not ok or not applicable, with words."""

from dataclasses import replace

import pytest

from models.enums import EventKind, Kind
from models.rules.closing import Answer, Closing, checklist, open_points

OK, NOT_OK, NONE = Answer.OK, Answer.NOT_OK, Answer.NOT_APPLICABLE
CASE = Closing(Kind.CASE, frozenset(), 0, 0, 0, 0, None)
JUDGMENT, ENFORCED, CONCLUSIONS, MONEY, TASKS, DIFFICULTIES, REQUESTS, FLAGS = range(8)


def answers(**known) -> list[Answer]:
    return [point.answer for point in checklist(replace(CASE, **known))]


@pytest.mark.parametrize(
    ("kind", "events", "judgment", "enforced", "conclusions"),
    [
        (Kind.CASE, (), NOT_OK, NONE, NONE),
        (Kind.CASE, ("judgment_final",), OK, NOT_OK, NONE),
        (Kind.CASE, ("judgment_final", "enforcement_completed"), OK, OK, NONE),
        (Kind.CASE, ("terminated",), OK, NONE, NONE),
        (Kind.CASE, ("inspection_concluded",), NOT_OK, NONE, NOT_OK),
        (Kind.CASE, ("inspection_concluded", "conclusion_carried_out"), NOT_OK, NONE, OK),
        (Kind.INCIDENT, (), NONE, NONE, NOT_OK),
        (Kind.INCIDENT, ("conclusion_carried_out",), NONE, NONE, OK),
        (Kind.INCIDENT, ("case_initiated",), NOT_OK, NONE, NOT_OK),
    ],
)
def test_what_the_events_answer(kind, events, judgment, enforced, conclusions):
    found = answers(kind=kind, events=frozenset(map(EventKind, events)))
    assert found[JUDGMENT : CONCLUSIONS + 1] == [judgment, enforced, conclusions]


@pytest.mark.parametrize(("amount", "answer"), [(None, NONE), (-1, OK), (0, OK), (1, NOT_OK)])
def test_money_is_outstanding_from_the_first_dong(amount, answer):
    assert answers(outstanding_vnd=amount)[MONEY] is answer


@pytest.mark.parametrize(
    ("name", "place"),
    [("open_tasks", TASKS), ("open_difficulties", DIFFICULTIES), ("open_requests", REQUESTS), ("open_flags", FLAGS)],
)
def test_what_is_open_is_counted(name, place):
    assert answers(**{name: 0})[place] is OK and answers(**{name: 1})[place] is NOT_OK


def test_the_open_points_are_recorded_in_words():
    points = checklist(replace(CASE, events=frozenset({EventKind.TERMINATED}), open_tasks=2))
    assert [point.english() for point in open_points(points)] == ["Tasks of the committee settled: 2 open"]
