"""Which events can follow in a file now, most likely first. A guide: every other event may be recorded as well."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from models.enums import AgencyKind, EventKind, Kind, Stage
from models.rules.beside import detentions
from models.rules.facts import CaseFacts
from models.rules.stages import OWNERS, Course, course_of

E = EventKind
# how proceedings go on from each stage
_ON: dict[Stage, tuple[EventKind, ...]] = {
    Stage.VERIFICATION: (
        E.CASE_INITIATED, E.NOT_INITIATED, E.VERIFICATION_EXTENDED, E.REPORT_SUSPENDED, E.VERIFICATION_STARTED,
        E.EXPERT_REQUESTED, E.VALUATION_REQUESTED,
    ),
    Stage.INVESTIGATION: (
        E.INVESTIGATION_EXTENDED, E.INVESTIGATION_CONCLUDED, E.ACCUSED_CHARGED, E.DETENTION_ORDERED,
        E.EXPERT_REQUESTED, E.VALUATION_REQUESTED, E.ASSETS_SEIZED, E.MONEY_RETURNED, E.CHARGE_CHANGED,
        E.INVESTIGATION_SUSPENDED, E.WANTED, E.MLA_REQUESTED, E.TERMINATED, E.SPLIT, E.MERGED_INTO,
        E.MERGED_FROM, E.TRANSFERRED,
    ),
    Stage.PROSECUTION: (
        E.PROSECUTION_DECISION, E.RETURNED_VKS, E.PROSECUTION_EXTENDED, E.MONEY_RETURNED, E.INVESTIGATION_SUSPENDED,
        E.TERMINATED, E.SPLIT, E.MERGED_INTO, E.MERGED_FROM, E.TRANSFERRED,
    ),
    Stage.TRIAL_PREP: (
        E.TRIAL_DECISION, E.RETURNED_COURT, E.TRIAL_PREP_EXTENDED, E.MONEY_RETURNED, E.INVESTIGATION_SUSPENDED,
        E.TERMINATED, E.SPLIT, E.MERGED_INTO, E.MERGED_FROM, E.TRANSFERRED,
    ),
    Stage.FIRST_INSTANCE: (E.FIRST_INSTANCE_JUDGMENT, E.HEARING_POSTPONED, E.RETURNED_COURT, E.MONEY_RETURNED),
    Stage.APPEAL: (
        E.APPELLATE_TRIAL_OPENED, E.APPELLATE_JUDGMENT, E.HEARING_POSTPONED, E.MONEY_RETURNED, E.REINVESTIGATION,
    ),
    Stage.JUDGMENT_FINAL: (E.ENFORCEMENT_DECISION, E.JUDGMENT_FINAL, E.MONEY_RETURNED, E.CASSATION_PROTEST),
    Stage.ENFORCEMENT: (
        E.MONEY_RETURNED, E.ENFORCEMENT_COMPLETED, E.NO_MEANS, E.ASSETS_SEIZED, E.ASSETS_RELEASED, E.CASSATION_PROTEST,
    ),
    Stage.CASSATION: (E.CASSATION_DECISION, E.REINVESTIGATION, E.CASE_ACCEPTED, E.APPELLATE_TRIAL_OPENED),
    Stage.INSPECTION: (E.INSPECTION_CONCLUDED, E.INSPECTION_EXTENDED, E.FILE_TRANSFERRED_TO_POLICE),
    Stage.DISCIPLINE: (
        E.PARTY_DISCIPLINE, E.ADMIN_DISCIPLINE, E.FILE_TRANSFERRED_TO_POLICE, E.CONCLUSION_CARRIED_OUT,
    ),
    Stage.FOLLOW_UP: (
        E.CONCLUSION_CARRIED_OUT, E.MONEY_RETURNED, E.PARTY_DISCIPLINE, E.ADMIN_DISCIPLINE,
        E.FILE_TRANSFERRED_TO_POLICE,
    ),
}  # fmt: skip
_BEGIN = {
    Kind.CASE: (E.CASE_INITIATED, E.REPORT_RECEIVED, E.ACCUSED_CHARGED),
    Kind.INCIDENT: (
        E.INSPECTION_OPENED, E.REPORT_RECEIVED, E.INSPECTION_CONCLUDED, E.AUDIT_CONCLUDED, E.PARTY_DISCIPLINE,
    ),
}  # fmt: skip
# what comes first when this clock runs
_CLOCKS: dict[str, tuple[EventKind, ...]] = {
    "TRIAL_OPEN": (E.FIRST_INSTANCE_TRIAL_OPENED, E.HEARING_POSTPONED, E.TRIAL_OPENING_EXTENDED),
    "POSTPONE": (E.FIRST_INSTANCE_TRIAL_OPENED, E.HEARING_POSTPONED),
    "INV_ADD_VKS": (E.INVESTIGATION_CONCLUDED,),
    "INV_ADD_COURT": (E.INVESTIGATION_CONCLUDED,),
    "CASS_OPEN": (E.CASSATION_DECISION,),
}
_STAND_INS = {"PROS": E.FILE_TO_PROCURACY, "TRIAL_PREP": E.CASE_ACCEPTED, "TRIAL_PREP_RET": E.CASE_ACCEPTED,
              "APPEAL_OPEN": E.APPEAL_FILE_RECEIVED}  # fmt: skip
_RESUMES = {Stage.VERIFICATION: E.REPORT_RESUMED}
_RESULTS = {"EXP": E.EXPERT_RESULT, "VAL": E.VALUATION_RESULT}

# who issues it, where that is not the body whose move it is
BODIES: dict[EventKind, AgencyKind] = {
    **dict.fromkeys(
        (
            E.INVESTIGATION_EXTENDED, E.DETENTION_EXTENDED, E.RETURNED_VKS, E.PROSECUTION_EXTENDED,
            E.PROSECUTION_DECISION, E.FILE_DELIVERY_EXTENDED, E.PROTEST_FILED,
        ),
        AgencyKind.PROCURACY,
    ),
    **dict.fromkeys(
        (
            E.RETURNED_COURT, E.CASE_ACCEPTED, E.TRIAL_PREP_EXTENDED, E.TRIAL_DECISION, E.TRIAL_OPENING_EXTENDED,
            E.HEARING_POSTPONED, E.FIRST_INSTANCE_TRIAL_OPENED, E.FIRST_INSTANCE_JUDGMENT, E.APPEAL_FILE_RECEIVED,
            E.APPELLATE_TRIAL_OPENED, E.APPELLATE_JUDGMENT, E.JUDGMENT_FINAL, E.CASSATION_DECISION,
        ),
        AgencyKind.COURT,
    ),
    **dict.fromkeys(
        (
            E.REPORT_RECEIVED, E.VERIFICATION_STARTED, E.VERIFICATION_EXTENDED, E.REPORT_SUSPENDED,
            E.REPORT_RESUMED, E.NOT_INITIATED, E.CASE_INITIATED, E.ACCUSED_CHARGED, E.CHARGE_CHANGED,
            E.DETENTION_ORDERED, E.WANTED, E.INVESTIGATION_CONCLUDED, E.FILE_TO_PROCURACY,
            E.EXPERT_REQUESTED, E.VALUATION_REQUESTED, E.MLA_REQUESTED,
        ),
        AgencyKind.POLICE,
    ),
    **dict.fromkeys((E.EXPERT_RESULT, E.VALUATION_RESULT), AgencyKind.VALUATION),
    **dict.fromkeys((E.ENFORCEMENT_DECISION, E.NO_MEANS, E.ENFORCEMENT_COMPLETED), AgencyKind.ENFORCEMENT),
    **dict.fromkeys((E.INSPECTION_OPENED, E.INSPECTION_EXTENDED, E.INSPECTION_CONCLUDED), AgencyKind.INSPECTORATE),
    E.AUDIT_CONCLUDED: AgencyKind.AUDIT,
    E.PARTY_DISCIPLINE: AgencyKind.PARTY_INSPECTION,
    **dict.fromkeys((E.PLACED_UNDER_SUPERVISION, E.SUPERVISION_ENDED), AgencyKind.COMMITTEE),
}  # fmt: skip


class NextEvents(NamedTuple):
    """The events a form offers: those that can follow now, most likely first, and all others as proceedings go."""

    likely: tuple[EventKind, ...]
    others: tuple[EventKind, ...]


def next_events(facts: CaseFacts, today: date) -> NextEvents:
    """What can follow in this file now, most likely first; `others` holds every other event: nothing is forbidden."""
    course = course_of(facts, today)
    likely = tuple(dict.fromkeys((*_following(course, facts, today), E.PROGRESS_NOTE)))
    return NextEvents(likely, tuple(kind for kind in EventKind if kind not in likely))


def _following(course: Course, facts: CaseFacts, today: date) -> Iterator[EventKind]:
    if course.case_end or course.joined:
        yield from _after_the_end(course, facts)
        return
    if course.paused:
        yield _RESUMES.get(course.stage, E.INVESTIGATION_RESUMED)
    yield from (_RESULTS[request.rule] for request in course.requests if request.stopped is None)
    if course.judged:
        yield from (E.APPEAL_FILED, E.PROTEST_FILED, E.JUDGMENT_FINAL)
    clock = course.clock
    if clock and clock.stand_in and clock.rule in _STAND_INS:
        yield _STAND_INS[clock.rule]
        if clock.start.kind == E.PROSECUTION_DECISION:
            yield E.FILE_DELIVERY_EXTENDED
    if clock:
        yield from _CLOCKS.get(clock.rule, ())
    known = [event.kind for event in facts.events if event.on <= today]
    if course.stage is Stage.INVESTIGATION and E.ACCUSED_CHARGED not in known:
        yield E.ACCUSED_CHARGED
    if course.stage is Stage.FIRST_INSTANCE and course.judged:
        yield E.MONEY_RETURNED
    else:
        yield from _ON.get(course.stage, _BEGIN[facts.kind])
    if any(running.stopped is None for running in detentions(facts, today)):
        yield from (E.DETENTION_EXTENDED, E.DETENTION_ENDED)
    if not course.placed and not facts.supervised:
        yield E.PLACED_UNDER_SUPERVISION


def _after_the_end(course: Course, facts: CaseFacts) -> Iterator[EventKind]:
    """What may come after the case has ended: the end of its supervision, discipline, or that it goes on."""
    if (course.placed or facts.supervised) and not course.released:
        yield E.SUPERVISION_ENDED
    yield from (E.PARTY_DISCIPLINE, E.ADMIN_DISCIPLINE, E.MONEY_RETURNED)
    if course.joined:
        return
    if course.stage is not Stage.VERIFICATION:
        yield E.INVESTIGATION_RESUMED
    else:
        yield E.CASE_INITIATED


def issued_by(kind: EventKind, facts: CaseFacts, today: date) -> AgencyKind:
    """The kind of agency that mostly issues such a paper; else the one whose move it is.

    The investigating body prolongs its own verification once; what goes beyond is for the procuracy (CPC 147(2)).
    """
    course = course_of(facts, today)
    if kind is E.VERIFICATION_EXTENDED and course.clock and course.clock.extensions:
        return AgencyKind.PROCURACY
    return BODIES.get(kind) or OWNERS[course.stage]
