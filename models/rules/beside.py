"""Clocks that run beside the procedural one and never decide the bucket: detention, duties, windows, enforcement.

A duty ends with its own event. Where only a later event proves that it was done, nobody knows when: it is left out.
Source: docs/sources.md#clocks-beside
"""

from collections.abc import Iterator
from datetime import date

from models.enums import EventKind, Stage
from models.rules.facts import CaseFacts, Event
from models.rules.stages import CASE_ENDS, MOVES, RANK, SUSPENSIONS, Clock

_BACK = frozenset(
    {
        EventKind.RETURNED_VKS, EventKind.RETURNED_COURT, EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION,
        EventKind.REINVESTIGATION, EventKind.INVESTIGATION_RESUMED,
    }
)  # fmt: skip


def _from(stage: Stage) -> frozenset[str]:
    """Events of this stage and of those behind it."""
    return frozenset(kind for kind, move in MOVES.items() if RANK[move[0]] >= RANK[stage])


# start → rule, the event that ends the duty, other events after which it no longer runs
DUTIES: dict[str, tuple[str, frozenset[str], frozenset[str]]] = {
    EventKind.INVESTIGATION_CONCLUDED: (
        "CONCL_SEND",
        frozenset({EventKind.FILE_TO_PROCURACY}),
        _from(Stage.PROSECUTION) - {EventKind.INVESTIGATION_CONCLUDED} | _BACK,
    ),
    EventKind.PROSECUTION_DECISION: (
        "TO_COURT",
        frozenset({EventKind.CASE_ACCEPTED}),
        _from(Stage.TRIAL_PREP) - {EventKind.PROSECUTION_DECISION, EventKind.FILE_DELIVERY_EXTENDED} | _BACK,
    ),
    EventKind.JUDGMENT_FINAL: (
        "EXEC_PEN",
        frozenset({EventKind.ENFORCEMENT_DECISION}),
        frozenset({EventKind.NO_MEANS, EventKind.CASSATION_DECISION}) | _BACK,
    ),
    EventKind.INSPECTION_OPENED: (
        "INSP_DUR22_PROV",
        frozenset({EventKind.INSPECTION_CONCLUDED}),
        frozenset({EventKind.CONCLUSION_CARRIED_OUT, EventKind.FILE_TRANSFERRED_TO_POLICE, EventKind.CASE_INITIATED}),
    ),
}
# an extension of a duty → the rule that it makes longer
EXTENDS_DUTY: dict[str, str] = {
    EventKind.FILE_DELIVERY_EXTENDED.value: "TO_COURT",
    EventKind.INSPECTION_EXTENDED.value: "INSP_DUR22_PROV",
}
# event → the windows that it opens for the parties and the procuracy
WINDOWS: dict[str, tuple[str, ...]] = {
    EventKind.FIRST_INSTANCE_JUDGMENT: ("APPEAL_RIGHT", "PROTEST_SAME", "PROTEST_UPPER"),
    EventKind.JUDGMENT_FINAL: ("CASS_UNFAV",),
}
_WINDOW_ENDS: dict[str, frozenset[str]] = {
    EventKind.FIRST_INSTANCE_JUDGMENT: _from(Stage.APPEAL) - {EventKind.APPEAL_FILED, EventKind.PROTEST_FILED} | _BACK,
    EventKind.JUDGMENT_FINAL: frozenset({EventKind.CASSATION_PROTEST, EventKind.CASSATION_DECISION}) | _BACK,
}
CONCLUSIONS = frozenset({EventKind.INSPECTION_CONCLUDED, EventKind.AUDIT_CONCLUDED})
_STOPS_DETENTION = frozenset({EventKind.FIRST_INSTANCE_JUDGMENT, *CASE_ENDS, *SUSPENSIONS})
_LEFT_INVESTIGATION = _from(Stage.PROSECUTION)
_MEANS_FOUND = frozenset({EventKind.ENFORCEMENT_DECISION, EventKind.ENFORCEMENT_COMPLETED})


def duties(facts: CaseFacts, today: date) -> Iterator[Clock]:
    """Duties of a few days between two recorded acts, running or done by their own event."""
    known = [event for event in facts.events if event.on <= today]
    for at, start in enumerate(known):
        if start.kind not in DUTIES or start.partial:
            continue
        rule, done, over = DUTIES[EventKind(start.kind)]
        end = next(
            (event for event in known[at + 1 :] if event.kind in done or event.kind in over or _ends(event)), None
        )
        if end is None or end.kind in done:
            yield Clock(rule, start, extensions=list(_granted(rule, known[at + 1 :], start, end)), stopped=end)


def _granted(rule: str, later: list[Event], start: Event, end: Event | None) -> Iterator[Event]:
    """The extensions of a duty while it runs; one after a further start of the same kind is that one's."""
    for event in later:
        if event is end or (event.kind == start.kind and not event.partial):
            return
        if EXTENDS_DUTY.get(event.kind) == rule:
            yield event


def windows(facts: CaseFacts, today: date) -> Iterator[Clock]:
    """The windows to appeal or protest that an act has opened; whether they are still open, their date says."""
    known = [event for event in facts.events if event.on <= today]
    for at, start in enumerate(known):
        if start.kind in WINDOWS and not start.partial:
            ends = _WINDOW_ENDS[EventKind(start.kind)]
            if not any(event.kind in ends or _ends(event) for event in known[at + 1 :]):
                for rule in WINDOWS[EventKind(start.kind)]:
                    yield Clock(rule, start)


def detentions(facts: CaseFacts, today: date) -> list[Clock]:
    """One clock per order and accused. A further order, its end, an end or suspension for that accused, the judgment
    stop it. An end of detention that names no accused concerns all.

    An order with its own term runs to that term. One without runs by Art. 173, so no longer than the investigation.
    """
    found: list[Clock] = []
    for event in facts.events:
        if event.on > today:
            break
        running = [clock for clock in found if clock.stopped is None]
        if event.kind == EventKind.DETENTION_ORDERED:
            for clock in running:
                if clock.start.accused == event.accused:
                    clock.stopped = event
            found.append(Clock("DET", event))
        elif event.kind == EventKind.DETENTION_EXTENDED:
            own = [clock for clock in running if clock.start.accused == event.accused] or [
                clock for clock in running if not clock.start.accused or not event.accused
            ]
            for clock in own if not event.accused else own[-1:]:
                clock.extensions.append(event)
        elif event.kind == EventKind.DETENTION_ENDED:
            for clock in running:
                renewed = clock.start.on == event.on and any(each.stopped is clock.start for each in found)
                if event.accused in (0, clock.start.accused) and not renewed:
                    clock.stopped = event
        elif event.kind in _STOPS_DETENTION or event.kind in _LEFT_INVESTIGATION:
            for clock in running:
                concerned = not event.partial or (event.accused and event.accused == clock.start.accused)
                stops = event.kind in _STOPS_DETENTION and not _at_pronouncement(clock, event)
                if concerned and (stops or not clock.start.length):
                    clock.stopped = event
    return found


def _at_pronouncement(clock: Clock, event: Event) -> bool:
    """Whether the court that gave this judgment ordered the detention with it, for a term of its own."""
    judged = event.kind == EventKind.FIRST_INSTANCE_JUDGMENT and not event.monthly
    return judged and clock.start.on == event.on and bool(clock.start.length)


def no_means(facts: CaseFacts, today: date) -> list[Clock]:
    """Of the last finding that there are no means to enforce: the next re-verification, and the two years.

    A repeated finding, or a note of progress, is a re-verification; a new enforcement decision ends both.
    """
    first: Event | None = None
    last: Event | None = None
    for event in facts.events:
        if event.on > today:
            break
        if event.kind in _MEANS_FOUND or event.kind in _BACK or event.kind == EventKind.MERGED_INTO:
            first = last = None
        elif event.kind == EventKind.NO_MEANS and not event.partial:
            first, last = first or event, event
        elif event.kind == EventKind.PROGRESS_NOTE and first:
            last = event
    if first is None or last is None:
        return []
    return [Clock("THADS_REVERIFY", last), Clock("THADS26_NOMEANS", first)]


def open_conclusions(facts: CaseFacts, today: date) -> list[Event]:
    """Conclusions of inspections and audits whose carrying out is not recorded."""
    found: list[Event] = []
    for event in facts.events:
        if event.on <= today:
            if event.kind in CONCLUSIONS:
                found.append(event)
            elif event.kind == EventKind.CONCLUSION_CARRIED_OUT:
                found.clear()
    return found


def _ends(event: Event) -> bool:
    return (event.kind in CASE_ENDS and not event.partial) or event.kind == EventKind.MERGED_INTO
