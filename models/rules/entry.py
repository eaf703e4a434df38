"""An event about to be recorded: what it mostly says, and what to look at twice. Guidance: nothing that really happened
is forbidden.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from models.enums import EventKind, Precision
from models.rules.beside import EXTENDS_DUTY, detentions, duties
from models.rules.clocks import Reader, granted_lengths
from models.rules.deadlines import most_allowed
from models.rules.facts import CaseFacts, Event, in_order
from models.rules.following import NextEvents, issued_by, next_events
from models.rules.quality import points_of
from models.rules.required import missing_of_event, required_of_event, required_of_file
from models.rules.stages import EXTENDS, MOVES, RANK, Clock, Course, course_of
from models.rules.words import Refusal, Words, words

__all__ = [
    "EventEntry", "NextEvents", "defaults", "event_of", "issued_by", "missing_of_event", "next_events",
    "required_of_event", "required_of_file", "warnings_of", "with_event",
]  # fmt: skip

E = EventKind
NEW = -1  # the id of an event, or of an accused, that is not recorded yet
_JUDGED = (E.FIRST_INSTANCE_JUDGMENT, E.APPELLATE_JUDGMENT)
# event → what comes right before it in proceedings; one of these is enough
_COMES_AFTER: dict[str, tuple[EventKind, ...]] = {
    E.VERIFICATION_EXTENDED: (E.REPORT_RECEIVED, E.VERIFICATION_STARTED, E.REPORT_RESUMED),
    E.INVESTIGATION_EXTENDED: (E.CASE_INITIATED, E.INVESTIGATION_RESUMED, E.REINVESTIGATION, E.ACCUSED_CHARGED),
    E.FILE_TO_PROCURACY: (E.INVESTIGATION_CONCLUDED,),
    E.RETURNED_VKS: (E.FILE_TO_PROCURACY, E.INVESTIGATION_CONCLUDED),
    E.PROSECUTION_EXTENDED: (E.FILE_TO_PROCURACY, E.INVESTIGATION_CONCLUDED),
    E.PROSECUTION_DECISION: (E.INVESTIGATION_CONCLUDED, E.FILE_TO_PROCURACY),
    E.FILE_DELIVERY_EXTENDED: (E.PROSECUTION_DECISION,),
    E.CASE_ACCEPTED: (E.PROSECUTION_DECISION, E.CASSATION_DECISION, E.APPELLATE_JUDGMENT),
    E.RETURNED_COURT: (E.CASE_ACCEPTED, E.PROSECUTION_DECISION),
    E.TRIAL_PREP_EXTENDED: (E.CASE_ACCEPTED, E.PROSECUTION_DECISION),
    E.TRIAL_DECISION: (E.CASE_ACCEPTED,),
    E.TRIAL_OPENING_EXTENDED: (E.TRIAL_DECISION,),
    E.FIRST_INSTANCE_TRIAL_OPENED: (E.TRIAL_DECISION, E.HEARING_POSTPONED),
    E.FIRST_INSTANCE_JUDGMENT: (E.FIRST_INSTANCE_TRIAL_OPENED,),
    E.APPEAL_FILED: (E.FIRST_INSTANCE_JUDGMENT,),
    E.PROTEST_FILED: (E.FIRST_INSTANCE_JUDGMENT,),
    E.APPEAL_FILE_RECEIVED: (E.APPEAL_FILED, E.PROTEST_FILED),
    E.APPELLATE_TRIAL_OPENED: (E.APPEAL_FILE_RECEIVED, E.APPEAL_FILED, E.PROTEST_FILED, E.CASSATION_DECISION),
    E.APPELLATE_JUDGMENT: (E.APPELLATE_TRIAL_OPENED,),
    E.JUDGMENT_FINAL: _JUDGED,
    E.ENFORCEMENT_DECISION: (E.JUDGMENT_FINAL, *_JUDGED),
    E.NO_MEANS: (E.ENFORCEMENT_DECISION,),
    E.ENFORCEMENT_COMPLETED: (E.ENFORCEMENT_DECISION,),
    E.CASSATION_PROTEST: (E.JUDGMENT_FINAL, *_JUDGED),
    E.CASSATION_DECISION: (E.CASSATION_PROTEST,),
    E.NOT_INITIATED: (E.REPORT_RECEIVED, E.VERIFICATION_STARTED, E.FILE_TRANSFERRED_TO_POLICE),
    E.INSPECTION_EXTENDED: (E.INSPECTION_OPENED,),
    E.CONCLUSION_CARRIED_OUT: (E.INSPECTION_CONCLUDED, E.AUDIT_CONCLUDED, E.PARTY_DISCIPLINE),
}


@dataclass(frozen=True)
class EventEntry:
    """One event as a form gives it, before it is checked. `accused` is a code of the file: BC-01."""

    kind: EventKind
    happened_on: date
    precision: Precision = Precision.DAY
    detail: str = ""
    amount_vnd: int | None = None
    document: str = ""
    body: str = ""
    length: str = ""
    accused: str = ""
    source: str = ""


def defaults(kind: EventKind, facts: CaseFacts, reader: Reader, today: date) -> EventEntry:
    """An entry filled in as it mostly is: today, and the longest extension that the article allows next.

    Who issues it is a kind of agency only (`issued_by`): rules know no names. A term that the paper itself sets is left
    blank, and so is the accused unless only one is in detention.
    """
    return EventEntry(
        kind, today, length=_standard_length(kind, facts, reader, today), accused=_accused(kind, facts, today)
    )


def _accused(kind: EventKind, facts: CaseFacts, today: date) -> str:
    if kind not in (E.DETENTION_EXTENDED, E.DETENTION_ENDED):
        return ""
    held = {clock.start.accused for clock in detentions(facts, today) if clock.stopped is None}
    codes = [each.code for each in facts.accused if each.id in held]
    return codes[0] if len(held) == 1 and codes else ""


def _standard_length(kind: EventKind, facts: CaseFacts, reader: Reader, today: date) -> str:
    clock = _extended(kind, facts, today)
    if clock is None:
        return ""
    with suppress(Refusal):
        rule = reader.rulebook.in_force(clock.rule, clock.start.on)
        severity = reader.severity(facts)
        if severity is None and reader.rulebook.depends_on_severity(rule):
            return ""
        limit = reader.rulebook.limit(rule, severity, clock.start.on)
        granted = granted_lengths(clock)
        most = most_allowed(limit, clock.start.on, granted, reader.rulebook.calendar)
        return str(most) if most and len(granted) == len(clock.extensions) else ""
    return ""


def _extended(kind: EventKind, facts: CaseFacts, today: date) -> Clock | None:
    """The running clock that such an event makes longer; of several duties the one begun last."""
    if kind in EXTENDS_DUTY:
        running = [each for each in duties(facts, today) if each.stopped is None and each.rule == EXTENDS_DUTY[kind]]
        return running[-1] if running else None
    if kind is E.DETENTION_EXTENDED:
        held = [clock for clock in detentions(facts, today) if clock.stopped is None]
        return held[0] if len(held) == 1 else None
    clock = course_of(facts, today).clock
    return clock if clock and clock.rule in EXTENDS.get(kind, ()) else None


def event_of(entry: EventEntry, facts: CaseFacts) -> Event:
    """The entry as the rules see it."""
    who = next((each.id for each in facts.accused if each.code.upper() == entry.accused.strip().upper()), NEW)
    monthly = entry.precision is Precision.MONTH
    return Event(
        entry.happened_on.replace(day=1) if monthly else entry.happened_on, entry.kind.value, monthly,
        entry.length.strip(), bool(entry.accused.strip()), NEW, who if entry.accused.strip() else 0, entry.body,
    )  # fmt: skip


def with_event(facts: CaseFacts, event: Event) -> CaseFacts:
    """The file with one more event."""
    events = in_order((*facts.events, event))
    return facts._replace(events=events, first_on=min(facts.first_on, event.on))


def warnings_of(facts: CaseFacts, entry: EventEntry, reader: Reader, today: date) -> tuple[Words, ...]:
    """What to look at twice before `entry` is recorded; it may be recorded all the same. Never an exception.

    `facts` are those without the entry; when an event is corrected, without that event.
    """
    event = event_of(entry, facts)
    if event.on > today:
        return ()
    found: list[Words] = []
    with suppress(Refusal):
        found += _gaps(facts, event)
        found += _of_clock(facts, event)
        before = set(points_of(facts, reader, today))
        found += [point.why for point in points_of(with_event(facts, event), reader, today) if point not in before]
    return tuple(dict.fromkeys(found))


def _gaps(facts: CaseFacts, event: Event) -> Iterator[Words]:
    """What should have come before, or has ended before."""
    kind = EventKind(event.kind)
    earlier = [each for each in facts.events if each.on <= _last(event)]
    if any(each.kind == event.kind and each.on == event.on and each.accused == event.accused for each in earlier):
        yield words("{event} of {day} is recorded already, with another detail or amount.", event=kind, day=event.on)
    needed = _COMES_AFTER.get(event.kind, ())
    if facts.events and needed and not any(each.kind in needed for each in earlier):
        yield words("{earlier} is not recorded before {event}.", earlier=needed[0], event=kind)
    course = course_of(facts, event.on)
    if event.kind in MOVES and not event.partial:
        yield from _after_a_stop(course, event)


def _last(event: Event) -> date:
    """The last day on which it may have happened: of an event known by its month, the month's last."""
    return (
        (event.on.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1) if event.monthly else event.on
    )


def _after_a_stop(course: Course, event: Event) -> Iterator[Words]:
    if course.joined:
        yield words(
            "The file was merged into another one on {day}: record there what belongs to it.", day=course.joined.on
        )
    elif course.case_end:
        end = course.case_end
        yield words("The case ended on {day} ({event}).", day=end.on, event=EventKind(end.kind))
    elif course.paused and event.kind != E.REPORT_RESUMED and RANK[MOVES[event.kind][0]] <= RANK[course.stage]:
        yield words("The file is suspended since {day}; its resumption is not recorded.", day=course.paused.on)


def _of_clock(facts: CaseFacts, event: Event) -> Iterator[Words]:
    """An extension that no clock takes."""
    if event.kind not in EXTENDS and event.kind not in EXTENDS_DUTY:
        return
    kind = EventKind(event.kind)
    days = {event.on, *(each.on for each in facts.events if event.on <= each.on <= _last(event))}
    if not any(_extended(kind, facts, day) for day in days):
        yield words("No limit runs on {day} that “{event}” could make longer.", day=event.on, event=kind)
