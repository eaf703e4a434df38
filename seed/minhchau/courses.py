"""The way a file goes: which events follow each other, and after how many days, as in real proceedings."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from models.enums import EventKind as E
from models.enums import Severity
from models.rules.deadlines import due_on
from models.rules.lengths import Length, parse_length
from models.rules.limits import Rulebook
from models.rules.workdays import CalendarMissing
from seed.minhchau.plans import Course, Plan

S1, S2, S3, S4 = Severity.LESS_SERIOUS, Severity.SERIOUS, Severity.VERY_SERIOUS, Severity.ESPECIALLY_SERIOUS

NEWEST = 2  # days before today of the youngest fact: recorded on the next morning, it is known whatever the hour is now
BASE = {S1: 60, S2: 90, S3: 120, S4: 120}  # about the limit of an investigation, days
GRANTS = {S1: ("2m",), S2: ("3m", "2m"), S3: ("4m", "4m"), S4: ("4m", "4m", "4m", "4m")}  # what CPC Art. 172(2) allows
INDICTED = {S1: (14, 18), S2: (14, 18), S3: (21, 27), S4: (22, 28)}
TO_TRY = {S1: (19, 26), S2: (28, 40), S3: (40, 55), S4: (58, 82)}
REQUEST_BEFORE = 13  # an extension is decided so many days before the limit ends


class Step(NamedTuple):
    """One event and how many days it comes after the one before; `length` is what it grants."""

    kind: E
    after: tuple[int, int]
    length: str = ""


class Dated(NamedTuple):
    """One event with its day."""

    kind: E
    on: date
    length: str = ""


# The event that began the present stage, per course.
ANCHORS = {
    Course.INVESTIGATION: E.CASE_INITIATED,
    Course.RESUMED: E.INVESTIGATION_RESUMED,
    Course.RETURNED_TWICE: E.RETURNED_VKS,
    Course.RETURNED_COURT: E.RETURNED_COURT,
    Course.SUSPENDED: E.INVESTIGATION_SUSPENDED,
    Course.PROSECUTION: E.FILE_TO_PROCURACY,
    Course.TRIAL_PREP: E.CASE_ACCEPTED,
    Course.TRIAL_DECIDED: E.TRIAL_DECISION,
    Course.HEARING: E.FIRST_INSTANCE_TRIAL_OPENED,
    Course.JUDGED: E.FIRST_INSTANCE_JUDGMENT,
    Course.APPEAL: E.APPEAL_FILE_RECEIVED,
    Course.FINAL: E.JUDGMENT_FINAL,
    Course.ENFORCEMENT: E.ENFORCEMENT_DECISION,
    Course.ENFORCED: E.ENFORCEMENT_COMPLETED,
    Course.CASSATION: E.CASSATION_PROTEST,
    Course.TERMINATED: E.TERMINATED,
    Course.VERIFICATION: E.REPORT_RECEIVED,
    Course.REPORT_SUSPENDED: E.REPORT_SUSPENDED,
    Course.NOT_INITIATED: E.NOT_INITIATED,
    Course.INSPECTION: E.INSPECTION_OPENED,
    Course.FOLLOW_UP: E.INSPECTION_CONCLUDED,
    Course.AUDIT: E.AUDIT_CONCLUDED,
    Course.DISCIPLINE: E.PARTY_DISCIPLINE,
    Course.CARRIED_OUT: E.CONCLUSION_CARRIED_OUT,
    Course.TO_POLICE: E.FILE_TRANSFERRED_TO_POLICE,
}


def history(plan: Plan, rulebook: Rulebook, today: date, rng: Random) -> list[Dated]:
    """The events of proceedings of a file up to `NEWEST` days before today, oldest first."""
    steps = _steps(plan, rng)
    anchor = max(place for place, step in enumerate(steps) if step.kind is ANCHORS[plan.course])
    days = [_anchor_day(plan, rulebook, today)]
    for step in reversed(steps[1 : anchor + 1]):
        days.insert(0, workday(days[0] - timedelta(days=rng.randint(*step.after)), rulebook))
    for step in steps[anchor + 1 :]:
        days.append(workday(days[-1] + timedelta(days=rng.randint(*step.after)), rulebook))
    newest = today - timedelta(days=NEWEST)
    return [Dated(s.kind, day, s.length) for s, day in zip(steps, days, strict=True) if day <= newest]


def workday(day: date, rulebook: Rulebook) -> date:
    """The last day on or before `day` on which offices work."""
    while not _is_workday(day, rulebook):
        day -= timedelta(days=1)
    return day


def _is_workday(day: date, rulebook: Rulebook) -> bool:
    try:
        return rulebook.calendar.is_workday(day)
    except CalendarMissing:
        return day.weekday() < 5


def _anchor_day(plan: Plan, rulebook: Rulebook, today: date) -> date:
    if plan.left is None:
        return workday(today - timedelta(days=plan.since or NEWEST), rulebook)
    return _started(plan, rulebook, plan.left, today)


def _started(plan: Plan, rulebook: Rulebook, left: int, today: date) -> date:
    """The working day on which a limit had to start so that it has `left` days now, or as near as can be.

    Around Tết no limit ends for a week: then a limit that is not late here must not become so there.
    """
    due, newest = today + timedelta(days=left), today - timedelta(days=NEWEST)
    rule, granted = _rule(plan), tuple(map(parse_length, _granted(plan)))
    severity = plan.severity or S1
    guess = due - timedelta(days=_days(rulebook, rule, severity, granted, due))
    near = [guess + timedelta(days=shift) for shift in range(-16, 17)]
    days = [day for day in near if day <= newest and _is_workday(day, rulebook)] or [workday(newest, rulebook)]

    def miss(day: date) -> tuple[bool, int, int]:
        try:
            ends = due_on(rulebook, rule, day, severity=severity, extensions=granted, strict=False).due_on
        except CalendarMissing:
            ends = day + (due - guess)
        return (ends < today) != (left < 0), abs((ends - due).days), abs((day - guess).days)

    return min(days, key=miss)


def _rule(plan: Plan) -> str:
    if plan.course is Course.APPEAL:
        return "APPEAL_OPEN_PROV" if plan.severity in (S1, S2) else "APPEAL_OPEN_SUP"
    rule: str = plan.course.value
    return rule


def _granted(plan: Plan) -> Sequence[str]:
    if plan.course is Course.INVESTIGATION:
        return GRANTS[plan.severity or S1][: plan.extensions]
    if plan.course is Course.PROSECUTION and plan.extensions:
        return ("15d" if plan.severity is S3 else "10d",)
    return ("15d",) if plan.course is Course.TRIAL_PREP and plan.extensions else ()


def _days(rulebook: Rulebook, rule: str, severity: Severity, granted: Sequence[Length], due: date) -> int:
    """About how many days a limit has, counted back from its end."""
    base = rulebook.limit(rule, severity, due - timedelta(days=400)).base or Length(days=30)
    lengths = (base, *granted)
    return round(sum(30.44 * (length.months + 12 * length.years) + length.days for length in lengths))


def _steps(plan: Plan, rng: Random) -> list[Step]:
    if plan.course.value in _INCIDENT_STEPS:
        return list(_INCIDENT_STEPS[plan.course.value])
    severity = plan.severity or S1
    main = _to_charge(rng)
    if plan.course is Course.INVESTIGATION:
        return main + _running_grants(plan)
    if plan.course in (Course.SUSPENDED, Course.RESUMED):
        main.append(Step(E.INVESTIGATION_SUSPENDED, (BASE[severity] - 22, BASE[severity] - 20)))
        return main if plan.course is Course.SUSPENDED else [*main, Step(E.INVESTIGATION_RESUMED, (120, 160))]
    if plan.course is Course.TERMINATED:
        return [*main, Step(E.TERMINATED, (30, 36))]
    main += _to_procuracy(severity, rng.randint(0, 1) if severity is not S1 else 0)
    if plan.course is Course.PROSECUTION:
        grant = [Step(E.PROSECUTION_EXTENDED, (24, 26), length) for length in _granted(plan)]
        return main + grant
    if plan.course is Course.RETURNED_TWICE:
        again = [Step(E.INVESTIGATION_CONCLUDED, (40, 52)), Step(E.FILE_TO_PROCURACY, (1, 2))]
        return [*main, Step(E.RETURNED_VKS, (15, 18)), *again, Step(E.RETURNED_VKS, (14, 17))]
    main += [Step(E.PROSECUTION_DECISION, INDICTED[severity]), Step(E.CASE_ACCEPTED, (4, 8))]
    if plan.course is Course.RETURNED_COURT:
        return [*main, Step(E.RETURNED_COURT, (24, 36))]
    if plan.course is Course.TRIAL_PREP:
        return main + [Step(E.TRIAL_PREP_EXTENDED, (36, 40), length) for length in _granted(plan)]
    main += _to_judgment(severity)
    until = ANCHORS[plan.course]
    main += _to_force(plan.appealed)
    main += [Step(E.ENFORCEMENT_DECISION, (3, 6)), Step(E.ENFORCEMENT_COMPLETED, (150, 260))]
    if plan.course is Course.CASSATION:
        return [*main[:-1], Step(E.CASSATION_PROTEST, (120, 180))]
    return main[: next(place for place, step in enumerate(main) if step.kind is until) + 1]


def _to_charge(rng: Random) -> list[Step]:
    return [
        Step(E.REPORT_RECEIVED, (0, 0)),
        Step(E.VERIFICATION_STARTED, (1, 2)),
        Step(E.CASE_INITIATED, (12, 16)),
        Step(E.ACCUSED_CHARGED, (0, rng.choice((3, 12)))),
    ]


def _running_grants(plan: Plan) -> list[Step]:
    """Extensions of a running investigation, each decided before the limit so far ends."""
    severity = plan.severity or S1
    steps: list[Step] = []
    total, before = BASE[severity], 12
    for length in _granted(plan):
        steps.append(
            Step(
                E.INVESTIGATION_EXTENDED,
                (max(1, total - REQUEST_BEFORE - before - 2), total - REQUEST_BEFORE - before),
                length,
            )
        )
        before, total = total - REQUEST_BEFORE, total + 30 * int(length[:-1])
    return steps


def _to_procuracy(severity: Severity, extensions: int) -> list[Step]:
    """From the charge to the procuracy, with so many extensions on the way."""
    steps: list[Step] = []
    spent, total = 12, BASE[severity]
    for length in GRANTS[severity][:extensions]:
        steps.append(
            Step(E.INVESTIGATION_EXTENDED, (total - spent - REQUEST_BEFORE - 3, total - spent - REQUEST_BEFORE), length)
        )
        spent, total = total - REQUEST_BEFORE, total + 30 * int(length[:-1])
    left = total - spent
    return [*steps, Step(E.INVESTIGATION_CONCLUDED, (left - 12, left - 4)), Step(E.FILE_TO_PROCURACY, (1, 2))]


def _to_judgment(severity: Severity) -> list[Step]:
    return [
        Step(E.TRIAL_DECISION, TO_TRY[severity]),
        Step(E.FIRST_INSTANCE_TRIAL_OPENED, (9, 13)),
        Step(E.FIRST_INSTANCE_JUDGMENT, (1, 5)),
    ]


def _to_force(appealed: bool) -> list[Step]:
    if not appealed:
        return [Step(E.JUDGMENT_FINAL, (31, 33))]
    return [
        Step(E.APPEAL_FILED, (7, 13)),
        Step(E.APPEAL_FILE_RECEIVED, (9, 14)),
        Step(E.APPELLATE_TRIAL_OPENED, (35, 52)),
        Step(E.APPELLATE_JUDGMENT, (0, 2)),
        Step(E.JUDGMENT_FINAL, (0, 0)),
    ]


_REPORT = (Step(E.REPORT_RECEIVED, (0, 0)), Step(E.VERIFICATION_STARTED, (1, 2)))
_INSPECTED = (Step(E.INSPECTION_OPENED, (0, 0)), Step(E.INSPECTION_CONCLUDED, (52, 75)))

_INCIDENT_STEPS: dict[str, tuple[Step, ...]] = {
    Course.VERIFICATION.value: _REPORT,
    Course.REPORT_SUSPENDED.value: (*_REPORT, Step(E.REPORT_SUSPENDED, (14, 17))),
    Course.NOT_INITIATED.value: (*_REPORT, Step(E.NOT_INITIATED, (14, 17))),
    Course.INSPECTION.value: _INSPECTED[:1],
    Course.FOLLOW_UP.value: _INSPECTED,
    Course.AUDIT.value: (Step(E.AUDIT_CONCLUDED, (0, 0)),),
    Course.DISCIPLINE.value: (*_INSPECTED, Step(E.PARTY_DISCIPLINE, (40, 60))),
    Course.CARRIED_OUT.value: (
        *_INSPECTED,
        Step(E.ADMIN_DISCIPLINE, (40, 60)),
        Step(E.CONCLUSION_CARRIED_OUT, (50, 80)),
    ),
    Course.TO_POLICE.value: (*_INSPECTED, Step(E.FILE_TRANSFERRED_TO_POLICE, (6, 12))),
}
