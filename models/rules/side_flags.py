"""The stalled rules that the procedural clock does not decide: S3 to S6, S8 to S10, S12 and S13.

Source: docs/sources.md#stalled-rules
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from models.enums import AgencyKind, FlagRule, Stage, TaskOrigin
from models.rules import beside
from models.rules.clocks import Reader, accused_code
from models.rules.deadlines import Due
from models.rules.facts import CaseFacts, Event, TaskFact
from models.rules.lengths import BadLength, parse_length
from models.rules.stages import OWNERS, Clock, Course
from models.rules.thresholds import Thresholds
from models.rules.words import Refusal, Value, Words, words

SECRETARIAT = AgencyKind.INTERNAL_AFFAIRS


class FlagVerdict(NamedTuple):
    """A stalled rule that holds: `since` is the day it became true, `clears` what would end it, `owner` who must act.

    `subject` says of what exactly, so that the flag of one clock is not taken for that of the next. `article` is empty
    for a rule of the committee. Neither sentence counts days: what is stored stays true.
    """

    rule: FlagRule
    subject: str
    since: date
    article: str
    why: Words
    clears: Words
    owner: AgencyKind


class _Asked(NamedTuple):
    """What every rule may look at."""

    facts: CaseFacts
    course: Course
    reader: Reader
    today: date
    thresholds: Thresholds
    due: Due | None  # the date that decides the bucket

    @property
    def owner(self) -> AgencyKind:
        return OWNERS[self.course.stage]


def side_flags(
    facts: CaseFacts, course: Course, reader: Reader, today: date, thresholds: Thresholds, due: Due | None
) -> tuple[FlagVerdict, ...]:
    """The flags of an open file on `today`. A date that cannot be told raises no flag: its clock says why."""
    clock = course.clock
    in_time = due is not None and today <= due.due_on and not due.excess
    beyond = clock is not None and clock.rule == "INV" and not in_time
    kinds = {event.kind for event in facts.events if event.kind in _BY_EVENT}
    if not (beyond or kinds or facts.tasks or course.requests or course.paused or course.returns or due and due.excess):
        return ()
    asked = _Asked(facts, course, reader, today, thresholds, due)
    found: list[FlagVerdict] = []
    if beyond:
        _take(found, maximum_passed, asked)
    if due and due.excess:
        _take(found, extended_too_far, asked)
    if course.requests:
        _take(found, answer_overdue, asked)
    if course.paused:
        _take(found, not_reviewed, asked)
    if course.returns:
        _take(found, returned_again, asked)
    if facts.tasks:
        _take(found, task_overdue, asked)
    for rule in {_BY_EVENT[kind]: None for kind in sorted(kinds)}:
        _take(found, rule, asked)
    return tuple(_told_apart(found)) if found else ()


def maximum_passed(asked: _Asked) -> Iterator[FlagVerdict]:
    """S3: the longest total of Art. 172 has passed; a changed charge or a merger does not make it longer (172(4))."""
    clock = asked.course.clock
    last = asked.reader.longest(clock, asked.facts) if clock else None
    if clock and last and asked.today > last:
        yield FlagVerdict(
            FlagRule.S3, _clock(clock), after(last), "172",
            words("The longest time of investigation that the law allows ended on {day}.", day=last),
            words("Record the conclusion, suspension or termination of the investigation."), asked.owner,
        )  # fmt: skip


def extended_too_far(asked: _Asked) -> Iterator[FlagVerdict]:
    """S3: the recorded extensions are more than the article allows. True from the day of the one that exceeds it."""
    clock, due = asked.course.clock, asked.due
    day = asked.reader.exceeded_on(clock, due) if clock and due else None
    if clock and due and day:
        yield FlagVerdict(
            FlagRule.S3, f"{_clock(clock)}:extended", day, due.article,
            words("The extension of {day} is more than the article allows.", day=day),
            words("Correct the extension, or record the event that ended the stage."), asked.owner,
        )  # fmt: skip


def answer_overdue(asked: _Asked) -> Iterator[FlagVerdict]:
    """S4: the term of an expert or valuer has passed without result."""
    for request in asked.course.requests:
        if request.stopped:
            continue
        due = _earliest(asked, request)
        if due and asked.today > due.due_on:
            last = due.due_on
            article = "208(2)" if request.rule == "EXP" else "216"
            yield FlagVerdict(
                FlagRule.S4, _clock(request), after(last), article, _overdue(request, last),
                words("Record the result, or the new term given."), AgencyKind.VALUATION,
            )  # fmt: skip


def _overdue(request: Clock, last: date) -> Words:
    start = request.start
    values: dict[str, Value] = {"day": start.on, "length": parse_length(start.length).words(), "last": last}
    if request.rule == "EXP":
        if start.body:
            return words(
                "The expert conclusion asked for by {body} on {day} was due within {length}, by {last}.",
                body=start.body, **values,
            )  # fmt: skip
        return words("The expert conclusion asked for on {day} was due within {length}, by {last}.", **values)
    if start.body:
        return words(
            "The valuation asked for by {body} on {day} was due within {length}, by {last}.", body=start.body, **values
        )
    return words("The valuation asked for on {day} was due within {length}, by {last}.", **values)


def not_reviewed(asked: _Asked) -> Iterator[FlagVerdict]:
    """S5: suspended, and for more than `suspended_review_days` no note or other event since."""
    paused = asked.course.paused
    if paused is None:
        return
    last = max(event.on for event in asked.facts.events if event.on <= asked.today)
    since = last + timedelta(days=asked.thresholds.suspended_review_days + 1)
    if asked.today >= since:
        yield FlagVerdict(
            FlagRule.S5, paused.on.isoformat(), since, "",
            words("Suspended since {day}; not reviewed since {last}.", day=paused.on, last=last),
            words("Record a note that the reason of the suspension was reviewed, or the resumption."), asked.owner,
        )  # fmt: skip


def returned_again(asked: _Asked) -> Iterator[FlagVerdict]:
    """S6: returned `procuracy_returns` times by the procuracy, or `panel_returns` times by the trial panel.

    A court's second return counts as the panel's: the presiding judge may return a file once (174(2)).
    """
    returns = asked.course.returns
    by_procuracy = [each.on for each in returns if not each.by_court]
    by_panel = [each.on for each in returns if each.panel]
    court = [each.on for each in returns if each.by_court]
    if court[1:] and not by_panel:
        by_panel = court[1:]
    clears = words("Record the decision to try and the judgment, or the end of the case.")
    most, panel = asked.thresholds.procuracy_returns, asked.thresholds.panel_returns
    if len(by_procuracy) >= most:
        why = words("Returned by the procuracy {count} times.", count=len(by_procuracy))
        yield FlagVerdict(FlagRule.S6, "procuracy", by_procuracy[most - 1], "174(2)", why, clears, asked.owner)
    if len(by_panel) >= panel:
        why = words("Returned by the trial panel on {day}.", day=by_panel[-1])
        yield FlagVerdict(FlagRule.S6, "panel", by_panel[panel - 1], "174(2)", why, clears, asked.owner)


def task_overdue(asked: _Asked) -> Iterator[FlagVerdict]:
    """S8: a task about the file is overdue; S9: it is a target of the work programme."""
    for task in asked.facts.tasks:
        if flag := overdue_task(task, asked.today):
            yield flag


def overdue_task(task: TaskFact, today: date) -> FlagVerdict | None:
    """S8, or S9 for a target of the programme, of a task about a file or about none; None while it is not overdue."""
    if not _is_overdue(task, today):
        return None
    if task.origin == TaskOrigin.PROGRAMME:
        why = words("The programme's target {code} was due by {day}.", code=task.code, day=task.due_on)
    else:
        why = words("The task {code} was due by {day}.", code=task.code, day=task.due_on)
    rule = FlagRule.S9 if task.origin == TaskOrigin.PROGRAMME else FlagRule.S8
    clears = words("Accept the task as done, or cancel it with the reason.")
    return FlagVerdict(rule, task.code, after(task.due_on), "", why, clears, _mover(task, today))


def detention_ends(asked: _Asked) -> Iterator[FlagVerdict]:
    """S10: a detention ends within `detention_days`, or has ended, and nothing recorded goes on from it."""
    for clock in beside.detentions(asked.facts, asked.today):
        if clock.stopped:
            continue
        due = _earliest(asked, clock)
        if due is None:
            continue
        last = due.due_on
        since = max(last - timedelta(days=asked.thresholds.detention_days), clock.start.on)
        if asked.today < since:
            continue
        accused = accused_code(asked.facts, clock.start)
        values: dict[str, Value] = {"start": clock.start.on, "day": last}
        why = (
            words("The detention of {accused}, ordered on {start}, ends on {day}.", accused=accused, **values)
            if accused
            else words("The detention ordered on {start} ends on {day}.", **values)
        )
        clears = words("Record the extension, a new order, or what ended the detention.")
        subject = f"{_clock(clock)}:{accused or clock.start.accused or ''}"
        yield FlagVerdict(FlagRule.S10, subject, since, "173", why, clears, asked.owner)


def means_not_verified(asked: _Asked) -> Iterator[FlagVerdict]:
    """S12: no means to enforce, and not re-verified within the six months of the old law, or two years reached."""
    for clock in beside.no_means(asked.facts, asked.today):
        due = _earliest(asked, clock)  # none: the law in force from 1 July 2026 gives no number that we know
        if due is None or asked.today <= due.due_on:
            continue
        if clock.rule == "THADS_REVERIFY":
            why = words("No means to enforce; not verified again by {day}.", day=due.due_on)
            clears = words("Record the re-verification as a note, or a new finding.")
        else:
            why = words("No means to enforce for two years, since {day}.", day=clock.start.on)
            clears = words("Record the enforcement decision, or that enforcement is completed.")
        yield FlagVerdict(
            FlagRule.S12, _clock(clock), after(due.due_on), due.article, why, clears, AgencyKind.ENFORCEMENT
        )


def not_carried_out(asked: _Asked) -> Iterator[FlagVerdict]:
    """S13: a conclusion's recommendations are not carried out by the term in it, else by a task given after it."""
    for conclusion in beside.open_conclusions(asked.facts, asked.today):
        last, mover = _carry_out_by(conclusion, asked)
        if last is None or asked.today <= last:
            continue
        yield FlagVerdict(
            FlagRule.S13, f"{conclusion.kind}:{conclusion.on.isoformat()}", after(last), "",
            words("The conclusion of {day} was to be carried out by {last}.", day=conclusion.on, last=last),
            words("Record that the conclusions were carried out."), mover,
        )  # fmt: skip


def _carry_out_by(conclusion: Event, asked: _Asked) -> tuple[date | None, AgencyKind]:
    if _has_term(conclusion):
        return asked.reader.term_end(conclusion), OWNERS[Stage.FOLLOW_UP]
    given = [task for task in asked.facts.tasks if task.assigned_on >= conclusion.on and _is_overdue(task, asked.today)]
    if not given:
        return None, SECRETARIAT
    first = min(given, key=lambda task: (task.due_on, task.code))
    return first.due_on, _mover(first, asked.today)


_BY_EVENT: dict[str, Callable[[_Asked], Iterator[FlagVerdict]]] = {
    "detention_ordered": detention_ends,
    "no_means": means_not_verified,
    "inspection_concluded": not_carried_out,
    "audit_concluded": not_carried_out,
}


def after(day: date) -> date:
    """The day a limit that ended on `day` has passed: the last day ends at 24:00."""
    return day + timedelta(days=1)


def _take(found: list[FlagVerdict], rule: Callable[[_Asked], Iterator[FlagVerdict]], asked: _Asked) -> None:
    try:
        found.extend(rule(asked))
    except Refusal:
        return


def _told_apart(found: list[FlagVerdict]) -> Iterator[FlagVerdict]:
    """Each flag once; two of one subject, as two requests of one day, get a number."""
    seen: dict[tuple[FlagRule, str], int] = {}
    for flag in dict.fromkeys(found):
        key = (flag.rule, flag.subject)
        seen[key] = seen.get(key, 0) + 1
        yield flag if seen[key] == 1 else flag._replace(subject=f"{flag.subject}#{seen[key]}")


def _earliest(asked: _Asked, clock: Clock) -> Due | None:
    """The earliest day that the known facts allow; None if it cannot be told."""
    try:
        return asked.reader.read(clock, asked.facts).earliest
    except Refusal:
        return None


def _clock(clock: Clock) -> str:
    return f"{clock.rule}:{clock.start.on.isoformat()}"


def _has_term(event: Event) -> bool:
    try:
        return bool(event.length and parse_length(event.length))
    except BadLength:
        return False


def _is_overdue(task: TaskFact, today: date) -> bool:
    settled = any(day is not None and day <= today for day in (task.done_on, task.cancelled_on))
    return task.assigned_on <= today and task.due_on < today and not settled


def _mover(task: TaskFact, today: date) -> AgencyKind:
    """Who has to move: the leading agency, or who accepts what the agency reports as done."""
    claimed = task.claimed_on is not None and task.claimed_on <= today
    return SECRETARIAT if claimed or task.agency is None else task.agency
