"""What the rules know of a file: its class of offence and its dated events, without database."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.enums import AgencyKind, EventKind, Kind, Severity

# Where an event stands in the course of a case, to order the events of a month. What sends a file back comes behind the
# event that it sends back from: a court returns a file it has accepted, often at the hearing.
ORDER: dict[str, float] = {kind.value: place for place, kind in enumerate(EventKind)}
ORDER |= {
    EventKind.RETURNED_VKS: ORDER[EventKind.PROSECUTION_EXTENDED] + 0.5,
    EventKind.RETURNED_COURT: ORDER[EventKind.FIRST_INSTANCE_TRIAL_OPENED] + 0.5,
    EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION: ORDER[EventKind.FIRST_INSTANCE_TRIAL_OPENED] + 0.5,
    EventKind.REINVESTIGATION: ORDER[EventKind.CASSATION_DECISION] + 0.5,
}
# Within a day also: a hearing that opened and was postponed on one day is postponed.
_DAY_ORDER = {**ORDER, EventKind.HEARING_POSTPONED: ORDER[EventKind.APPELLATE_TRIAL_OPENED] + 0.5}

# From these on a file goes once more through a part of its course, and what happens once in it may happen again.
_ROUNDS = frozenset(
    {
        EventKind.REPORT_RESUMED, EventKind.INVESTIGATION_RESUMED, EventKind.RETURNED_VKS, EventKind.RETURNED_COURT,
        EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION, EventKind.REINVESTIGATION,
    }
)  # fmt: skip
_ONCE = frozenset(
    {
        EventKind.REPORT_SUSPENDED, EventKind.INVESTIGATION_SUSPENDED, EventKind.INVESTIGATION_CONCLUDED,
        EventKind.FILE_TO_PROCURACY, EventKind.PROSECUTION_DECISION, EventKind.CASE_ACCEPTED, EventKind.TRIAL_DECISION,
        EventKind.FIRST_INSTANCE_JUDGMENT, EventKind.APPELLATE_JUDGMENT,
    }
)  # fmt: skip


class Event(NamedTuple):
    """One dated fact. `kind` is an EventKind value; `monthly`: known by month only, `on` is the month's first day."""

    on: date
    kind: str
    monthly: bool = False
    length: str = ""  # what an extension grants, or a request's term: 2m, 20d
    partial: bool = False  # concerns one accused, not the whole case
    id: int = 0
    accused: int = 0  # which accused, 0 if none is named
    body: str = ""  # who issued it, as written


class AccusedFact(NamedTuple):
    """One accused that an event names, with the paragraph charged if it is recorded."""

    id: int
    code: str
    article: str = ""
    paragraph: str = ""


class TaskFact(NamedTuple):
    """A task about the file whose due day passed before it was accepted, if it was; `agency` leads it."""

    code: str
    origin: str
    assigned_on: date
    due_on: date
    claimed_on: date | None = None
    done_on: date | None = None
    cancelled_on: date | None = None
    agency: AgencyKind | None = None


class CaseFacts(NamedTuple):
    """A file as the rules see it; `events` in time order, none after the day of judgement or unknown to it.

    `first_on` is the day of the first fact, the file's own recording if nothing is older. `changes_on` is the next day
    on which something more counts that is recorded already; None if nothing will, or nobody asked.
    """

    code: str
    kind: Kind
    first_on: date
    events: tuple[Event, ...] = ()
    severity: Severity | None = None
    articles: str = ""
    level: str = ""
    supervised: bool = False  # placed under supervision by a date of its own, without an event
    case_id: int = 0
    tasks: tuple[TaskFact, ...] = ()  # those not accepted by their day
    accused: tuple[AccusedFact, ...] = ()  # those that events name
    changes_on: date | None = None
    charged: str = ""  # articles and paragraphs of every accused, as one text
    goes_on_in: str = ""  # of an incident: the case that it became, where its limits run from then on
    joined_to: str = ""  # of a file merged into another: the code of that one, as recorded


def joined_code(detail: str) -> str:
    """The file that a merger names: `VA-1` of `VA-1: the same accused`."""
    return detail.partition(":")[0].strip()


def in_order(events: Iterable[Event]) -> tuple[Event, ...]:
    """Events by day, and within a day as proceedings go.

    The day of a month-only event is not known: among the events of its month it stands where proceedings put it, after
    the last one that comes before it in a case's course.
    """
    told = tuple(events)
    if _is_in_order(told):
        return told
    ordered = sorted(told, key=_place)
    if not any(event.monthly for event in ordered):
        return tuple(ordered)
    exact = [event for event in ordered if not event.monthly]
    for event in (event for event in ordered if event.monthly):
        exact.insert(_position(event, exact), event)
    return tuple(exact)


def _is_in_order(events: tuple[Event, ...]) -> bool:
    """Whether every event has a day of its own and they follow each other."""
    before = date.min
    for event in events:
        if event.monthly or event.on <= before:
            return False
        before = event.on
    return True


def _place(event: Event) -> tuple[date, float, int]:
    return event.on, _DAY_ORDER.get(event.kind, 0), event.id


def _position(monthly: Event, others: list[Event]) -> int:
    """Behind everything before its month, and behind what precedes it in proceedings within the month.

    What happens once in a round stands before the return or resumption of the month that ends the round, unless it has
    happened in that round already; then it is the next round's, and stands behind. A postponement stands before one of
    the month whose day is known, for the last one counts.
    """
    month, place, at = (monthly.on.year, monthly.on.month), ORDER.get(monthly.kind, 0), 0
    once, opens = (monthly.kind in kinds and not monthly.partial for kinds in (_ONCE, _ROUNDS))
    for index, event in enumerate(others):
        other, before = (event.on.year, event.on.month), others[:index]
        precedes = ORDER.get(event.kind, 0) <= place and not (monthly.kind == event.kind == EventKind.HEARING_POSTPONED)
        if other > month or (other == month and opens and precedes and _is_told_again(event, before)):
            break
        if other == month and once and not precedes and event.kind in _ROUNDS and not event.partial:
            if not _is_told_again(monthly, before):
                break
            precedes = True
        if other < month or precedes:
            at = index + 1
    return at


def _is_told_again(event: Event, before: list[Event]) -> bool:
    """Whether what happens once in a round has happened already since the last return or resumption before it."""
    if event.kind not in _ONCE or event.partial:
        return False
    for earlier in reversed(before):
        if earlier.kind in _ROUNDS and not earlier.partial:
            return False
        if earlier.kind == event.kind and not earlier.partial:
            return True
    return False
