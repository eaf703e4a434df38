"""Points where the records of a file contradict the law, each other, or leave a question open.

Each record is kept as a fact and judged as docs/sources.md says; the point tells what was seen and how to put it right.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from models.enums import EventKind, QualityKind
from models.rules.beside import detentions, duties
from models.rules.charged import class_differs
from models.rules.clocks import RULE_OWNERS, Reader, name_of
from models.rules.facts import CaseFacts, Event
from models.rules.lengths import BadLength, parse_length
from models.rules.required import has_length
from models.rules.stages import REQUESTS, Clock, Course, course_of
from models.rules.words import Refusal, Value, Words, words

LAW_SINCE = date(2018, 1, 1)  # the Criminal Procedure Code of 2015 came into force
EXTENSIONS = frozenset(
    {
        EventKind.INVESTIGATION_EXTENDED, EventKind.PROSECUTION_EXTENDED, EventKind.TRIAL_PREP_EXTENDED,
        EventKind.DETENTION_EXTENDED, EventKind.VERIFICATION_EXTENDED, EventKind.FILE_DELIVERY_EXTENDED,
        EventKind.TRIAL_OPENING_EXTENDED, EventKind.INSPECTION_EXTENDED,
    }
)  # fmt: skip
PROCEEDINGS = frozenset(list(EventKind)[: list(EventKind).index(EventKind.TERMINATED) + 1])
INVESTIGATED = frozenset(
    {
        EventKind.CASE_INITIATED, EventKind.ACCUSED_CHARGED, EventKind.REINVESTIGATION,
        EventKind.INVESTIGATION_RESUMED, EventKind.RETURNED_VKS, EventKind.RETURNED_COURT,
        EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION,
    }
)  # fmt: skip
# an event that ends or prolongs something → what must have begun before it
STOPS: dict[str, frozenset[str]] = {
    EventKind.REPORT_RESUMED: frozenset({EventKind.REPORT_SUSPENDED}),
    EventKind.INVESTIGATION_RESUMED: frozenset({EventKind.INVESTIGATION_SUSPENDED}),
    EventKind.EXPERT_RESULT: frozenset({EventKind.EXPERT_REQUESTED}),
    EventKind.VALUATION_RESULT: frozenset({EventKind.VALUATION_REQUESTED}),
    EventKind.ASSETS_RELEASED: frozenset({EventKind.ASSETS_SEIZED}),
    EventKind.DETENTION_EXTENDED: frozenset({EventKind.DETENTION_ORDERED}),
    EventKind.INVESTIGATION_EXTENDED: INVESTIGATED,
    EventKind.INVESTIGATION_CONCLUDED: INVESTIGATED,
    EventKind.PROSECUTION_EXTENDED: frozenset({EventKind.FILE_TO_PROCURACY, EventKind.INVESTIGATION_CONCLUDED}),
    EventKind.TRIAL_PREP_EXTENDED: frozenset({EventKind.CASE_ACCEPTED, EventKind.PROSECUTION_DECISION}),
    EventKind.VERIFICATION_EXTENDED: frozenset(
        {EventKind.REPORT_RECEIVED, EventKind.VERIFICATION_STARTED, EventKind.REPORT_RESUMED}
    ),
    EventKind.FILE_DELIVERY_EXTENDED: frozenset({EventKind.PROSECUTION_DECISION}),
    EventKind.TRIAL_OPENING_EXTENDED: frozenset({EventKind.TRIAL_DECISION}),
    EventKind.INSPECTION_EXTENDED: frozenset({EventKind.INSPECTION_OPENED}),
}  # fmt: skip
# the course of a case: each event follows those before it, in a file in which proceedings did not begin again
COURSE: tuple[str, ...] = (
    EventKind.CASE_INITIATED, EventKind.INVESTIGATION_CONCLUDED, EventKind.PROSECUTION_DECISION,
    EventKind.CASE_ACCEPTED, EventKind.TRIAL_DECISION, EventKind.FIRST_INSTANCE_TRIAL_OPENED,
    EventKind.FIRST_INSTANCE_JUDGMENT, EventKind.APPELLATE_TRIAL_OPENED, EventKind.APPELLATE_JUDGMENT,
)  # fmt: skip
# beside it: an event → one that follows it
BEFORE: tuple[tuple[str, str], ...] = (
    (EventKind.REPORT_RECEIVED, EventKind.CASE_INITIATED),
    (EventKind.CASE_INITIATED, EventKind.ACCUSED_CHARGED),
    (EventKind.CASE_INITIATED, EventKind.INVESTIGATION_EXTENDED),
    (EventKind.JUDGMENT_FINAL, EventKind.ENFORCEMENT_DECISION),
    (EventKind.ENFORCEMENT_DECISION, EventKind.ENFORCEMENT_COMPLETED),
    (EventKind.INSPECTION_OPENED, EventKind.INSPECTION_CONCLUDED),
    (EventKind.REPORT_RECEIVED, EventKind.VERIFICATION_EXTENDED),
    (EventKind.PROSECUTION_DECISION, EventKind.FILE_DELIVERY_EXTENDED),
    (EventKind.TRIAL_DECISION, EventKind.TRIAL_OPENING_EXTENDED),
    (EventKind.INSPECTION_OPENED, EventKind.INSPECTION_EXTENDED),
)
AGAIN = frozenset(
    {
        EventKind.RETURNED_VKS, EventKind.RETURNED_COURT, EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION,
        EventKind.REINVESTIGATION, EventKind.INVESTIGATION_RESUMED, EventKind.APPELLATE_JUDGMENT,
        EventKind.CASSATION_DECISION,
    }
)  # fmt: skip
ONCE = (EventKind.REPORT_RECEIVED, EventKind.CASE_INITIATED, EventKind.JUDGMENT_FINAL)


class QualityPoint(NamedTuple):
    """One question about the records: of which event (0: of the file as a whole), why, and how to put it right."""

    kind: QualityKind
    event_id: int
    why: Words
    fix: Words


def points_of(facts: CaseFacts, reader: Reader, today: date) -> tuple[QualityPoint, ...]:
    """The points of the file on `today`, in the order of the kinds. Never an exception."""
    known = facts._replace(events=tuple(event for event in facts.events if event.on <= today))
    course = course_of(known, today)
    found = [point for check in _CHECKS for point in check(known.events)]
    found += _of_clocks(known, course, reader, today)
    found += _of_file(known, course, reader)
    order = {kind: place for place, kind in enumerate(QualityKind)}
    return tuple(sorted(dict.fromkeys(found), key=lambda point: (order[point.kind], point.event_id)))


def _point(kind: QualityKind, event: Event, why: Words, fix: Words) -> QualityPoint:
    return QualityPoint(kind, event.id, why, fix)


def _values(event: Event, **more: Value) -> dict[str, Value]:
    return {"event": EventKind(event.kind), "day": event.on, **more}


def _before_predecessor(events: Iterable[Event]) -> Iterator[QualityPoint]:
    """An event recorded for an earlier day than the one it must follow; a start told again later does not count."""
    firsts: dict[str, Event] = {}
    lasts: dict[str, Event] = {}
    told = tuple(events)
    for event in told:
        firsts.setdefault(event.kind, event)
        lasts[event.kind] = event
    for earlier, later in (*pairwise(kind for kind in COURSE if kind in firsts), *BEFORE):
        first, last = firsts.get(earlier), lasts.get(later)
        if first and last and _surely_before(last, first) and not _begins_again(told, last, first):
            yield _point(
                QualityKind.BEFORE_PREDECESSOR, last,
                words(
                    "{event} is recorded for {day}, before {other} of {then}.",
                    **_values(last, other=EventKind(first.kind), then=first.on),
                ),
                words("Check the two dates and correct the wrong one."),
            )  # fmt: skip


def _begins_again(events: Iterable[Event], last: Event, first: Event) -> bool:
    """Whether proceedings began again between the two, so that the first round's own event is not recorded."""
    return any(event.kind in AGAIN and event is not last and last.on <= event.on <= first.on for event in events)


def _surely_before(one: Event, other: Event) -> bool:
    if one.monthly or other.monthly:
        return (one.on.year, one.on.month) < (other.on.year, other.on.month)
    return one.on < other.on


def _two_starts(events: Iterable[Event]) -> Iterator[QualityPoint]:
    seen: dict[str, Event] = {}
    for event in events:
        if event.kind in ONCE and not event.partial:
            first = seen.setdefault(event.kind, event)
            if first is not event:
                yield _point(
                    QualityKind.TWO_STARTS, event,
                    words(
                        "{event} is recorded for {day} and already for {first}: counted from the first.",
                        **_values(event, first=first.on),
                    ),
                    words("Retract the one that is wrong."),
                )  # fmt: skip
        elif event.kind in (EventKind.REINVESTIGATION, EventKind.CASSATION_DECISION, EventKind.APPELLATE_JUDGMENT):
            seen.clear()


def _stop_without_start(events: Iterable[Event]) -> Iterator[QualityPoint]:
    begun: set[str] = set()
    for event in events:
        needed = STOPS.get(event.kind)
        if needed and not needed & begun:
            yield _point(
                QualityKind.STOP_WITHOUT_START, event,
                words("{event} of {day} is recorded, but nothing that it could end or go on from.", **_values(event)),
                words("Record the event that came before it."),
            )  # fmt: skip
        if event.kind == EventKind.INVESTIGATION_CONCLUDED and not event.partial:
            begun -= needed or frozenset()  # a further conclusion ends a return, or whatever else began again
        begun.add(event.kind)


def _before_the_law(events: Iterable[Event]) -> Iterator[QualityPoint]:
    for event in events:
        if event.on < LAW_SINCE and event.kind in PROCEEDINGS:
            yield _point(
                QualityKind.BEFORE_THE_LAW, event,
                words(
                    "{event} of {day} lies before {law}, when the Criminal Procedure Code of 2015 came into force.",
                    **_values(event, law=LAW_SINCE),
                ),
                words("Check the date; its limits are approximate."),
            )  # fmt: skip


def _month_only(events: Iterable[Event]) -> Iterator[QualityPoint]:
    for event in events:
        if event.monthly:
            yield _point(
                QualityKind.MONTH_ONLY, event,
                words("{event} is known only by its month: counted from {day}.", **_values(event)),
                words("Record the exact day."),
            )  # fmt: skip


def _length_missing(events: Iterable[Event]) -> Iterator[QualityPoint]:
    for event in events:
        if event.kind in EXTENSIONS and has_length(event.kind) and not event.length:
            yield _point(
                QualityKind.EXTENSION_WITHOUT_LENGTH, event,
                words("{event} of {day} is recorded without its length.", **_values(event)),
                words("Enter the length that the decision grants."),
            )  # fmt: skip


def _term_missing(events: Iterable[Event]) -> Iterator[QualityPoint]:
    for event in events:
        if event.kind in REQUESTS and has_length(event.kind) and not event.length:
            yield _point(
                QualityKind.REQUEST_WITHOUT_TERM, event,
                words("{event} of {day} is recorded without its term.", **_values(event)),
                words("Enter the term that the request gives."),
            )  # fmt: skip


def _length_unreadable(events: Iterable[Event]) -> Iterator[QualityPoint]:
    for event in events:
        if not event.length:
            continue
        try:
            parse_length(event.length)
        except BadLength as error:
            yield _point(
                QualityKind.LENGTH_UNREADABLE, event,
                words("{event} of {day}: {problem}", **_values(event, problem=error.words)),
                words("Enter the length anew, as 20d, 2m or 2 tháng 15 ngày."),
            )  # fmt: skip


def _release_without_detention(events: Iterable[Event]) -> Iterator[QualityPoint]:
    """An end of detention of an accused for whom no order stands; without a name, when none stands at all."""
    standing: set[int] = set()
    for event in events:
        if event.kind == EventKind.DETENTION_ORDERED:
            standing.add(event.accused)
        elif event.kind == EventKind.DETENTION_ENDED:
            if event.accused not in standing if event.accused else not standing:
                yield _point(
                    QualityKind.STOP_WITHOUT_START, event,
                    words("{event} of {day} is recorded, but no detention that it could end.", **_values(event)),
                    words("Record the order of detention, or name the accused whom both concern."),
                )  # fmt: skip
            standing = standing - {event.accused} if event.accused else set()


def _merge_unclear(events: Iterable[Event]) -> Iterator[QualityPoint]:
    for event in events:
        if event.kind == EventKind.MERGED:
            yield _point(
                QualityKind.MERGE_UNCLEAR, event,
                words("{event} of {day} does not say which file goes on: both keep their limits.", **_values(event)),
                words("Say which of the two files goes on."),
            )  # fmt: skip


_CHECKS: tuple[Callable[[Iterable[Event]], Iterator[QualityPoint]], ...] = (
    _before_predecessor, _two_starts, _stop_without_start, _release_without_detention, _before_the_law, _month_only,
    _length_missing, _term_missing, _length_unreadable, _merge_unclear,
)  # fmt: skip


def _of_clocks(facts: CaseFacts, course: Course, reader: Reader, today: date) -> Iterator[QualityPoint]:
    """Extensions that are more than the article of their clock allows, or were decided after its limit had ended."""
    clocks = [*course.past, *([course.clock] if course.clock else []), *detentions(facts, today), *duties(facts, today)]
    for clock in clocks:
        if not clock.extensions or clock.rule in RULE_OWNERS:
            continue
        yield from _too_late(clock, facts, reader)
        event = _too_long(clock, facts, reader)
        if event:
            yield _point(
                QualityKind.EXTENSION_TOO_LONG, event,
                words(
                    "{event} of {day} makes “{what}” longer than the article allows; it is counted as recorded.",
                    **_values(event, what=name_of(clock.rule)),
                ),
                words("Compare it with the decision: its length is what the decision adds, not the total."),
            )  # fmt: skip


def _too_late(clock: Clock, facts: CaseFacts, reader: Reader) -> Iterator[QualityPoint]:
    """Nothing that has ended can be prolonged; a class of offence that is not known may be the gravest."""
    for number, event in enumerate(clock.extensions):
        before = replace(clock, extensions=clock.extensions[:number])
        try:
            last = reader.read(before, facts).latest.due_on
        except Refusal:
            return
        if event.on > last:
            yield _point(
                QualityKind.EXTENSION_TOO_LATE, event,
                words(
                    "{event} is recorded for {day}, after “{what}” had ended on {last}; it is counted as recorded.",
                    **_values(event, what=name_of(clock.rule), last=last),
                ),
                words("Compare it with the decision, and correct what was entered wrongly."),
            )  # fmt: skip


def _too_long(clock: Clock, facts: CaseFacts, reader: Reader) -> Event | None:
    try:
        reading = reader.read(clock, facts)
        # a class of offence that is not known may be the gravest, which allows most
        day = reader.exceeded_on(clock, reading.latest)
    except Refusal:
        return None
    return next((event for event in clock.extensions if event.on == day), None)


def _of_file(facts: CaseFacts, course: Course, reader: Reader) -> Iterator[QualityPoint]:
    unknown = reader.rulebook.severity_of(reader.articles(facts)).unknown_articles
    if unknown:
        yield QualityPoint(
            QualityKind.UNKNOWN_ARTICLE, 0,
            words("The table of offences does not have: {articles}.", articles=", ".join(unknown)),
            words("Check the article and paragraph, or enter the class of offence."),
        )  # fmt: skip
    clocks = [*course.past, *([course.clock] if course.clock else [])]
    if reader.severity(facts) is None and any(_by_class(clock, reader) for clock in clocks):
        yield QualityPoint(
            QualityKind.SEVERITY_MISSING, 0,
            words("The class of offence is not recorded, and limits of this file depend on it."),
            words("Enter the article and paragraph charged, or the class of offence."),
        )  # fmt: skip
    differs = class_differs(facts.severity, reader.articles(facts), reader.rulebook)
    if differs:
        yield QualityPoint(
            QualityKind.SEVERITY_DIFFERS, 0, differs,
            words("Correct the class of offence, or the article and paragraph charged."),
        )  # fmt: skip


def _by_class(clock: Clock, reader: Reader) -> bool:
    try:
        return reader.rulebook.depends_on_severity(reader.rulebook.in_force(clock.rule, clock.start.on))
    except Refusal:
        return False
