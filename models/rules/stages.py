"""Where a file stands and which clock runs: one pass over its events.

An event of a later stage proves that the earlier clock stopped. A file goes back only by an event that sends it back.
Source: docs/sources.md#clocks (CPC 147-149, 172-174, 240, 277, 280, 297, 346)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.enums import AgencyKind, EventKind, Kind, Stage
from models.rules.facts import CaseFacts, Event

RANK: dict[Stage, int] = {
    Stage.UNKNOWN: 0,
    Stage.INSPECTION: 1,
    Stage.DISCIPLINE: 1,
    Stage.FOLLOW_UP: 1,
    Stage.VERIFICATION: 3,
    Stage.INVESTIGATION: 4,
    Stage.PROSECUTION: 5,
    Stage.TRIAL_PREP: 6,
    Stage.FIRST_INSTANCE: 7,
    Stage.APPEAL: 8,
    Stage.JUDGMENT_FINAL: 9,
    Stage.ENFORCEMENT: 10,
    Stage.CASSATION: 11,
}

OWNERS: dict[Stage, AgencyKind] = {
    Stage.UNKNOWN: AgencyKind.INTERNAL_AFFAIRS,
    Stage.INSPECTION: AgencyKind.INSPECTORATE,
    Stage.DISCIPLINE: AgencyKind.PARTY_INSPECTION,
    Stage.FOLLOW_UP: AgencyKind.INTERNAL_AFFAIRS,
    Stage.VERIFICATION: AgencyKind.POLICE,
    Stage.INVESTIGATION: AgencyKind.POLICE,
    Stage.PROSECUTION: AgencyKind.PROCURACY,
    Stage.TRIAL_PREP: AgencyKind.COURT,
    Stage.FIRST_INSTANCE: AgencyKind.COURT,
    Stage.APPEAL: AgencyKind.COURT,
    Stage.JUDGMENT_FINAL: AgencyKind.ENFORCEMENT,
    Stage.ENFORCEMENT: AgencyKind.ENFORCEMENT,
    Stage.CASSATION: AgencyKind.COURT,
}


def _plain(kinds: Iterable[EventKind]) -> frozenset[str]:
    """The values as plain strings: events carry those, and they are found faster so."""
    return frozenset(kind.value for kind in kinds)


# event → stage it belongs to, clock it starts, and whether it is the clock's own start event (else it stands in for it)
MOVES: dict[str, tuple[Stage, str, bool]] = {
    EventKind.INSPECTION_OPENED.value: (Stage.INSPECTION, "", True),
    EventKind.INSPECTION_EXTENDED.value: (Stage.INSPECTION, "", True),
    EventKind.INSPECTION_CONCLUDED.value: (Stage.FOLLOW_UP, "", True),
    EventKind.AUDIT_CONCLUDED.value: (Stage.FOLLOW_UP, "", True),
    EventKind.PARTY_DISCIPLINE.value: (Stage.DISCIPLINE, "", True),
    EventKind.ADMIN_DISCIPLINE.value: (Stage.DISCIPLINE, "", True),
    EventKind.CONCLUSION_CARRIED_OUT.value: (Stage.FOLLOW_UP, "", True),
    EventKind.FILE_TRANSFERRED_TO_POLICE.value: (Stage.VERIFICATION, "", True),
    EventKind.REPORT_RECEIVED.value: (Stage.VERIFICATION, "VERIFY", True),
    EventKind.VERIFICATION_STARTED.value: (Stage.VERIFICATION, "VERIFY", False),
    EventKind.VERIFICATION_EXTENDED.value: (Stage.VERIFICATION, "", True),
    EventKind.REPORT_RESUMED.value: (Stage.VERIFICATION, "VERIFY_RESUME", True),
    EventKind.CASE_INITIATED.value: (Stage.INVESTIGATION, "INV", True),
    EventKind.ACCUSED_CHARGED.value: (Stage.INVESTIGATION, "INV", False),
    EventKind.CHARGE_CHANGED.value: (Stage.INVESTIGATION, "", True),
    EventKind.DETENTION_ORDERED.value: (Stage.INVESTIGATION, "", True),
    EventKind.WANTED.value: (Stage.INVESTIGATION, "", True),
    EventKind.INVESTIGATION_EXTENDED.value: (Stage.INVESTIGATION, "", True),
    EventKind.INVESTIGATION_CONCLUDED.value: (Stage.PROSECUTION, "PROS", False),
    EventKind.FILE_TO_PROCURACY.value: (Stage.PROSECUTION, "PROS", True),
    EventKind.PROSECUTION_EXTENDED.value: (Stage.PROSECUTION, "", True),
    EventKind.PROSECUTION_DECISION.value: (Stage.TRIAL_PREP, "TRIAL_PREP", False),
    EventKind.FILE_DELIVERY_EXTENDED.value: (Stage.TRIAL_PREP, "", True),
    EventKind.CASE_ACCEPTED.value: (Stage.TRIAL_PREP, "TRIAL_PREP", True),
    EventKind.TRIAL_PREP_EXTENDED.value: (Stage.TRIAL_PREP, "", True),
    EventKind.TRIAL_DECISION.value: (Stage.TRIAL_PREP, "TRIAL_OPEN", True),
    EventKind.TRIAL_OPENING_EXTENDED.value: (Stage.TRIAL_PREP, "", True),
    EventKind.FIRST_INSTANCE_TRIAL_OPENED.value: (Stage.FIRST_INSTANCE, "", True),
    EventKind.FIRST_INSTANCE_JUDGMENT.value: (Stage.FIRST_INSTANCE, "", True),
    EventKind.APPEAL_FILED.value: (Stage.APPEAL, "APPEAL_OPEN", False),
    EventKind.PROTEST_FILED.value: (Stage.APPEAL, "APPEAL_OPEN", False),
    EventKind.APPEAL_FILE_RECEIVED.value: (Stage.APPEAL, "APPEAL_OPEN", True),
    EventKind.APPELLATE_TRIAL_OPENED.value: (Stage.APPEAL, "", True),
    EventKind.APPELLATE_JUDGMENT.value: (Stage.JUDGMENT_FINAL, "THADS_DEC", False),
    EventKind.JUDGMENT_FINAL.value: (Stage.JUDGMENT_FINAL, "THADS_DEC", True),
    EventKind.ENFORCEMENT_DECISION.value: (Stage.ENFORCEMENT, "", True),
    EventKind.NO_MEANS.value: (Stage.ENFORCEMENT, "", True),
    EventKind.ENFORCEMENT_COMPLETED.value: (Stage.ENFORCEMENT, "", True),
    EventKind.CASSATION_PROTEST.value: (Stage.CASSATION, "CASS_OPEN", False),
    EventKind.CASSATION_DECISION.value: (Stage.CASSATION, "", True),
}

# events that belong to a stage without ending the clock that runs in it
INSIDE = _plain(
    {
        EventKind.CHARGE_CHANGED, EventKind.DETENTION_ORDERED, EventKind.WANTED, EventKind.INVESTIGATION_EXTENDED,
        EventKind.PROSECUTION_EXTENDED, EventKind.TRIAL_PREP_EXTENDED, EventKind.FILE_TRANSFERRED_TO_POLICE,
        EventKind.VERIFICATION_EXTENDED, EventKind.FILE_DELIVERY_EXTENDED, EventKind.TRIAL_OPENING_EXTENDED,
        EventKind.INSPECTION_EXTENDED,
    }
)  # fmt: skip

# a recorded extension is a fact, also where the article allows none
EXTENDS: dict[str, frozenset[str]] = {
    EventKind.VERIFICATION_EXTENDED.value: frozenset({"VERIFY", "VERIFY_RESUME"}),
    EventKind.INVESTIGATION_EXTENDED.value: frozenset({"INV", "INV_RESUMED", "INV_ADD_VKS", "INV_ADD_COURT"}),
    EventKind.PROSECUTION_EXTENDED.value: frozenset({"PROS"}),
    EventKind.TRIAL_PREP_EXTENDED.value: frozenset({"TRIAL_PREP", "TRIAL_PREP_RET"}),
    EventKind.TRIAL_OPENING_EXTENDED.value: frozenset({"TRIAL_OPEN"}),
}

# after a judgment was cancelled, proceedings before the first court begin again
RETRIAL = _plain(
    {
        EventKind.CASE_ACCEPTED,
        EventKind.TRIAL_DECISION,
        EventKind.FIRST_INSTANCE_TRIAL_OPENED,
        EventKind.FIRST_INSTANCE_JUDGMENT,
    }
)
# after a cassation the case goes on where the decision sends it
AFTER_CASSATION = RETRIAL | _plain({
    EventKind.APPEAL_FILE_RECEIVED, EventKind.APPELLATE_TRIAL_OPENED, EventKind.APPELLATE_JUDGMENT,
    EventKind.ENFORCEMENT_DECISION, EventKind.NO_MEANS,
})  # fmt: skip
CASE_ENDS = _plain(
    {EventKind.TERMINATED, EventKind.NOT_INITIATED, EventKind.ENFORCEMENT_COMPLETED, EventKind.CONCLUSION_CARRIED_OUT}
)
# what may still happen to a file that has ended, without opening it again
AFTERMATH = CASE_ENDS | _plain({EventKind.PARTY_DISCIPLINE, EventKind.ADMIN_DISCIPLINE, EventKind.NO_MEANS})
# what stands in for the start of the next stage; told again, the file had gone back in between
NEAREST = _plain({EventKind.INVESTIGATION_CONCLUDED, EventKind.PROSECUTION_DECISION})
HEARINGS = _plain({EventKind.FIRST_INSTANCE_TRIAL_OPENED, EventKind.APPELLATE_TRIAL_OPENED})
JUDGED = EventKind.FIRST_INSTANCE_JUDGMENT.value
# suspended in this stage → the stage and clock that begin anew when it is resumed (CPC 174, 249, 277(2))
RESUMED = {
    Stage.PROSECUTION: (Stage.PROSECUTION, "PROS"),
    Stage.TRIAL_PREP: (Stage.TRIAL_PREP, "TRIAL_PREP"),
    Stage.FIRST_INSTANCE: (Stage.TRIAL_PREP, "TRIAL_PREP"),
    Stage.APPEAL: (Stage.APPEAL, "APPEAL_OPEN"),
}
SUSPENSIONS: dict[str, Stage] = {
    EventKind.REPORT_SUSPENDED.value: Stage.VERIFICATION,
    EventKind.INVESTIGATION_SUSPENDED.value: Stage.INVESTIGATION,
}
REQUESTS: dict[str, tuple[str, EventKind]] = {
    EventKind.EXPERT_REQUESTED.value: ("EXP", EventKind.EXPERT_RESULT),
    EventKind.VALUATION_REQUESTED.value: ("VAL", EventKind.VALUATION_RESULT),
}


@dataclass(slots=True)
class Clock:
    """One statutory limit of one file: from its start to what stopped it.

    `stand_in`: the start event is not recorded, an earlier event that proves the stage stands in for it.
    """

    rule: str
    start: Event
    stand_in: bool = False
    extensions: list[Event] = field(default_factory=list)
    stopped: Event | None = None


class Return(NamedTuple):
    """The file was sent back for additional investigation; `panel`: by the court after its hearing had opened."""

    on: date
    by_court: bool
    panel: bool


@dataclass(slots=True)
class Course:
    """The course of a file up to a day: stage, running clock, earlier clocks, pause and end."""

    stage: Stage = Stage.UNKNOWN
    stage_since: date | None = None
    earlier: int = 0  # how many of `past` are of earlier stages and rounds
    round: int = 1
    clock: Clock | None = None
    past: list[Clock] = field(default_factory=list)
    requests: list[Clock] = field(default_factory=list)  # expert and valuation requests, open or answered
    paused: Event | None = None
    early: list[Event] = field(default_factory=list)  # extensions that lengthen nothing yet: of the day of a new start
    judged: Event | None = None  # first-instance judgment whose appeal window may still be open
    hearing: bool = False  # a hearing is open: it has no statutory end
    case_end: Event | None = None
    placed: Event | None = None
    released: Event | None = None  # supervision ended
    returned_by_court: bool = False
    returns: list[Return] = field(default_factory=list)  # since proceedings began, or began again
    joined: Event | None = None  # merged into another file, which goes on
    incident: bool = False

    def take(self, event: Event) -> None:
        """Go on by one event; events come in time order."""
        take = _TAKES.get(event.kind)
        if take:
            take(self, event)

    def hand_over(self) -> None:
        """The file goes on in another one: what is limited, asked for or suspended is so there."""
        self.clock, self.paused, self.judged, self.hearing = None, None, None, False
        self.requests.clear()
        self.returns.clear()

    def _move(self, event: Event) -> None:
        kind = event.kind
        if self.case_end and kind in AFTERMATH:
            return
        stage, rule, own_start = MOVES[kind]
        rank, present = RANK[stage], RANK[self.stage]
        if rank < present and not self._may_go_back(event):
            if self._ends_anywhere(event):
                self._end(event)
            elif kind in EXTENDS:
                self.early.append(event)
            return
        if kind in INSIDE:
            self._inside(stage, event)
            return
        if rank < present:
            self._again(event)
        if rule == "TRIAL_PREP" and self.returned_by_court:
            rule = "TRIAL_PREP_RET"  # after the court has returned the file once, it has a shorter time (CPC 277(2))
        if rank == present and rule and not self._starts_within(rule, event, own_start):
            return
        self._enter(stage, event)
        self._stop(event)
        if rule:
            self._start(rule, event, stand_in=not own_start)
        self.hearing = kind in HEARINGS
        self.judged = None
        if kind == JUDGED:
            self.judged = event
            self.returns.clear()
        if kind in CASE_ENDS:
            self._end(event)

    def _ends_anywhere(self, event: Event) -> bool:
        """An end is an end in whatever stage the file is; conclusions are carried out of an incident only."""
        if event.kind == EventKind.CONCLUSION_CARRIED_OUT:
            return self.incident
        return event.kind == EventKind.ENFORCEMENT_COMPLETED

    def _again(self, event: Event) -> None:
        """A judgment was cancelled and the first court begins again."""
        if event.kind in RETRIAL:
            self.round += 1
            self.returned_by_court = False
            self.returns.clear()

    def _starts_within(self, rule: str, event: Event, own_start: bool) -> bool:
        """Whether `event` starts the clock `rule` in the stage the file is already in.

        A further accused or appeal does not begin a stage again; a true start replaces a stand-in, and so does a
        further conclusion or indictment, as the nearest earlier event; and the stage's first clock may begin after
        the stage was known from another event.
        """
        running = self.clock
        if running and running.rule == rule:
            if running.stand_in and own_start:
                running.start, running.stand_in = event, False
            elif running.stand_in and event.kind in NEAREST and event.on > running.start.on and not event.partial:
                running.start = event
                running.extensions.clear()
            return False
        if rule in ("TRIAL_OPEN", "VERIFY_RESUME"):
            return True
        timed = len(self.past) > self.earlier
        return not (running or timed or self.paused or self.hearing or self.judged)

    def _may_go_back(self, event: Event) -> bool:
        if self.stage is Stage.CASSATION:
            # money is collected while the cassation court has the file, too
            return event.kind in (RETRIAL if self.clock else AFTER_CASSATION)
        return event.kind in RETRIAL and self.stage is Stage.JUDGMENT_FINAL

    def _inside(self, stage: Stage, event: Event) -> None:
        if self._is_of_no_case(event):
            return
        if RANK[stage] > RANK[self.stage]:
            self._enter(stage, event)
            self._stop(event)
            self.hearing, self.judged = False, None
        elif self.clock and self.clock.rule in EXTENDS.get(event.kind, ()):
            self.clock.extensions.append(event)
        elif self.paused:
            self.early.append(event)

    def _start(self, rule: str, event: Event, *, stand_in: bool) -> None:
        granted = [each for each in self.early if rule in EXTENDS.get(each.kind, ()) and _is_at_once(each, event)]
        self.clock = Clock(rule, event, stand_in, granted)
        self.early.clear()

    def _is_of_no_case(self, event: Event) -> bool:
        """An extension of an investigation proves no case while the report is still verified: its limit goes on."""
        verified = self.stage is Stage.VERIFICATION and (self.clock or self.paused)
        return bool(verified) and event.kind == EventKind.INVESTIGATION_EXTENDED

    def _enter(self, stage: Stage, event: Event) -> None:
        if self.requests and RANK[stage] > max(RANK[self.stage], RANK[Stage.INVESTIGATION]):
            self._close_requests(event)
        if stage is not self.stage:
            self._begin(stage, event)
        self.paused = None
        self.case_end = None

    def _begin(self, stage: Stage, event: Event) -> None:
        """Whatever still runs is of the stage or round before."""
        self.stage, self.stage_since = stage, event.on
        self.earlier = len(self.past) + (self.clock is not None)

    def _stop(self, event: Event) -> None:
        if self.clock:
            self.clock.stopped = event
            self.past.append(self.clock)
            self.clock = None

    def _pause(self, event: Event) -> None:
        proved = SUSPENSIONS[event.kind]
        if event.partial or self.case_end:
            return
        if event.kind == EventKind.REPORT_SUSPENDED and RANK[self.stage] > RANK[proved]:
            return
        if RANK[self.stage] < RANK[proved]:
            self._enter(proved, event)
        self._stop(event)
        self.paused = event

    def _resume(self, event: Event) -> None:
        if event.partial:
            return
        if self.paused and RANK[self.stage] > RANK[Stage.APPEAL]:
            self.paused = None
            return
        stage, rule = Stage.INVESTIGATION, "INV_RESUMED"
        if self.paused:
            stage, rule = RESUMED.get(self.stage, (stage, rule))
        self._back(stage, rule, event, stand_in=stage is Stage.APPEAL)

    def _return(self, event: Event) -> None:
        if self._is_told_already(event):
            return
        by_court = event.kind == EventKind.RETURNED_COURT or (
            event.kind == EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION and RANK[self.stage] >= RANK[Stage.TRIAL_PREP]
        )
        panel = by_court and (self.hearing or RANK[self.stage] >= RANK[Stage.FIRST_INSTANCE])
        self.returns.append(Return(event.on, by_court, panel))
        self.returned_by_court |= by_court
        self.round += 1
        self._back(Stage.INVESTIGATION, "INV_ADD_COURT" if by_court else "INV_ADD_VKS", event)

    def _is_told_already(self, event: Event) -> bool:
        """Whether this return is the running one once more, from another source: the same day, or its month alone."""
        running = self.clock
        if running is None or running.rule not in ("INV_ADD_VKS", "INV_ADD_COURT"):
            return False
        first = running.start
        return first.on == event.on or (
            event.monthly and (first.on.year, first.on.month) == (event.on.year, event.on.month)
        )

    def _reinvestigate(self, event: Event) -> None:
        self.returned_by_court = False
        self.returns.clear()
        self.round += 1
        self._back(Stage.INVESTIGATION, "INV", event)

    def _back(self, stage: Stage, rule: str, event: Event, *, stand_in: bool = False) -> None:
        self._enter(stage, event)
        self._begin(stage, event)
        self._stop(event)
        self._start(rule, event, stand_in=stand_in)
        self.hearing, self.judged = False, None

    def _postpone(self, event: Event) -> None:
        if RANK[self.stage] > RANK[Stage.APPEAL] or self.case_end:
            return
        if self.judged and self.judged.on == event.on:  # it was judged that very day
            return
        if self.judged:  # there was an appeal
            self._enter(Stage.APPEAL, event)
        elif RANK[self.stage] < RANK[Stage.TRIAL_PREP]:
            self._enter(Stage.TRIAL_PREP, event)
        self._stop(event)
        self.clock = Clock("POSTPONE", event)
        self.paused, self.hearing, self.judged = None, False, None

    def _ask(self, event: Event) -> None:
        self.requests.append(Clock(REQUESTS[event.kind][0], event))

    def _place(self, event: Event) -> None:
        self.placed, self.released = event, None

    def _release(self, event: Event) -> None:
        self.released = event

    def _join(self, event: Event) -> None:
        self._stop(event)
        self.joined = event

    def _answer(self, event: Event) -> None:
        wanted = "EXP" if event.kind == EventKind.EXPERT_RESULT else "VAL"
        for request in self.requests:
            if request.rule == wanted and request.stopped is None:
                request.stopped = event
                return

    def _close_requests(self, event: Event) -> None:
        """A later stage or the end of the case proves that nothing waits for these answers any more."""
        for request in self.requests:
            request.stopped = request.stopped or event

    def _end(self, event: Event) -> None:
        if event.partial or self.case_end:
            return
        self._stop(event)
        self._close_requests(event)
        self.paused, self.judged, self.hearing = None, None, False
        self.case_end = event


_TAKES: dict[str, Callable[[Course, Event], None]] = {
    **dict.fromkeys(MOVES, Course._move),
    **dict.fromkeys(SUSPENSIONS, Course._pause),
    **dict.fromkeys(REQUESTS, Course._ask),
    EventKind.INVESTIGATION_RESUMED.value: Course._resume,
    EventKind.REINVESTIGATION.value: Course._reinvestigate,
    EventKind.RETURNED_VKS.value: Course._return,
    EventKind.RETURNED_COURT.value: Course._return,
    EventKind.RETURNED_FOR_ADDITIONAL_INVESTIGATION.value: Course._return,
    EventKind.HEARING_POSTPONED.value: Course._postpone,
    EventKind.TERMINATED.value: Course._end,
    EventKind.NOT_INITIATED.value: Course._end,
    EventKind.MERGED_INTO.value: Course._join,
    EventKind.EXPERT_RESULT.value: Course._answer,
    EventKind.VALUATION_RESULT.value: Course._answer,
    EventKind.PLACED_UNDER_SUPERVISION.value: Course._place,
    EventKind.SUPERVISION_ENDED.value: Course._release,
}


def _is_at_once(one: Event, other: Event) -> bool:
    """Whether both are of one day, or of one month where the day of one of them is not known."""
    one_month = (one.on.year, one.on.month) == (other.on.year, other.on.month)
    return one.on == other.on or (one_month and (one.monthly or other.monthly))


def course_of(facts: CaseFacts, today: date) -> Course:
    """The course of the file up to and including `today`."""
    course = Course(incident=facts.kind is Kind.INCIDENT)
    for event in facts.events:
        if event.on <= today:
            take = _TAKES.get(event.kind)
            if take:
                take(course, event)
    if facts.goes_on_in or course.joined:
        course.hand_over()
    return course


def is_open(facts: CaseFacts, course: Course, today: date) -> bool:
    """Open: the first fact lies on or before `today` and the end does not."""
    if facts.first_on > today:
        return False
    if facts.supervised or course.placed:
        return course.released is None
    return course.released is None and course.case_end is None
