"""What is still open when supervision of a file is to end: a checklist that warns and never forbids."""

from dataclasses import dataclass
from enum import StrEnum

from models.enums import EventKind, Kind
from models.rules.words import Words, words


class Answer(StrEnum):
    """The answer to one point of the checklist."""

    OK = "ok"
    NOT_OK = "not_ok"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Closing:
    """What is known of a file on the day. `events`: kinds of its events so far. `outstanding_vnd` None: no figures."""

    kind: Kind
    events: frozenset[EventKind]
    open_tasks: int
    open_difficulties: int
    open_requests: int
    open_flags: int
    outstanding_vnd: int | None


@dataclass(frozen=True)
class Point:
    """One point of the checklist: its question, the answer, and the answer in words."""

    question: Words
    answer: Answer
    said: Words


NONE_ASKED = words("not applicable")
ENDED = (EventKind.TERMINATED, EventKind.NOT_INITIATED)


def checklist(file: Closing) -> tuple[Point, ...]:
    """Every point, in the order people go through them."""
    return (
        _judgment(file),
        _enforced(file),
        _conclusions(file),
        _money(file.outstanding_vnd),
        _none_left(words("Tasks of the committee settled"), file.open_tasks, words("{n} open", n=file.open_tasks)),
        _none_left(
            words("Difficulties and proposals settled"),
            file.open_difficulties,
            words("{n} open", n=file.open_difficulties),
        ),
        _none_left(
            words("Coordination requests answered"), file.open_requests, words("{n} open", n=file.open_requests)
        ),
        _none_left(words("No flag stands"), file.open_flags, words("{n} open", n=file.open_flags)),
    )


def open_points(points: tuple[Point, ...]) -> tuple[Words, ...]:
    """The points that are not in order, as the decision records them."""
    return tuple(
        words("{question}: {answer}", question=point.question, answer=point.said)
        for point in points
        if point.answer is Answer.NOT_OK
    )


def _judgment(file: Closing) -> Point:
    question = words("Judgment in force, or proceedings terminated")
    if file.kind is Kind.INCIDENT and EventKind.CASE_INITIATED not in file.events:
        return Point(question, Answer.NOT_APPLICABLE, NONE_ASKED)
    if EventKind.JUDGMENT_FINAL in file.events:
        return Point(question, Answer.OK, words("judgment in force"))
    if not file.events.isdisjoint(ENDED):
        return Point(question, Answer.OK, words("terminated"))
    return Point(question, Answer.NOT_OK, words("no judgment in force is recorded"))


def _enforced(file: Closing) -> Point:
    question = words("Judgment enforced")
    if EventKind.JUDGMENT_FINAL not in file.events:
        return Point(question, Answer.NOT_APPLICABLE, NONE_ASKED)
    if EventKind.ENFORCEMENT_COMPLETED in file.events:
        return Point(question, Answer.OK, words("enforcement completed"))
    return Point(question, Answer.NOT_OK, words("no end of enforcement is recorded"))


def _conclusions(file: Closing) -> Point:
    question = words("Conclusions and recommendations carried out")
    concluded = {EventKind.INSPECTION_CONCLUDED, EventKind.AUDIT_CONCLUDED}
    if EventKind.CONCLUSION_CARRIED_OUT in file.events:
        return Point(question, Answer.OK, words("carried out"))
    if file.kind is Kind.CASE and file.events.isdisjoint(concluded):
        return Point(question, Answer.NOT_APPLICABLE, NONE_ASKED)
    return Point(question, Answer.NOT_OK, words("not recorded as carried out"))


def _money(outstanding_vnd: int | None) -> Point:
    question = words("Nothing left to recover")
    if outstanding_vnd is None:
        return Point(question, Answer.NOT_APPLICABLE, words("no amount to recover is recorded"))
    if outstanding_vnd <= 0:
        return Point(question, Answer.OK, words("recovered"))
    return Point(question, Answer.NOT_OK, words("{amount} đồng outstanding", amount=outstanding_vnd))


def _none_left(question: Words, left: int, said: Words) -> Point:
    return Point(question, Answer.NOT_OK, said) if left else Point(question, Answer.OK, words("none open"))
