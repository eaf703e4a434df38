"""The verdict on one file on one day: one bucket, whose move it is, and why. Never an exception, never a guess."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from models.enums import AgencyKind, Bucket, EventKind, Kind, Stage, Verified
from models.rules.clocks import RULE_OWNERS, Reader, after_window, name_of
from models.rules.deadlines import Due, NoFixedLimit
from models.rules.facts import CaseFacts, Event
from models.rules.limits import article_words, law_words
from models.rules.side_flags import FlagVerdict, side_flags
from models.rules.stages import OWNERS, Clock, Course, course_of, is_open
from models.rules.thresholds import Thresholds
from models.rules.watched import plain
from models.rules.words import Refusal, Value, Words, words

__all__ = ["Thresholds", "Verdict", "judge", "said"]

BANDS = (
    (timedelta(days=30), Bucket.OVERDUE_1_30),
    (timedelta(days=90), Bucket.OVERDUE_31_90),
    (timedelta(days=365), Bucket.OVERDUE_91_365),
)
TIMED = (Stage.VERIFICATION, Stage.INVESTIGATION, Stage.PROSECUTION, Stage.TRIAL_PREP, Stage.JUDGMENT_FINAL)


@dataclass(slots=True)
class Verdict:
    """What the scan says of one file on one day.

    `days_late`: days after `due_on`, negative while it is still ahead; None without a date. `last_event_on`: the last
    news, the first fact if there is none. `approximate`: see docs/sources.md#counting.
    """

    code: str
    case_id: int
    kind: Kind
    is_open: bool
    bucket: Bucket
    stage: Stage
    stage_since: date | None
    round: int
    owner: AgencyKind
    last_event_on: date
    rule: str = ""
    article: str = ""
    law: str = ""
    verified: Verified = Verified.YES
    start_on: date | None = None
    due_on: date | None = None
    days_late: int | None = None
    lead_days: int | None = None
    extendable: bool = False
    approximate: bool = False
    notes: tuple[Words, ...] = ()
    beside: tuple[FlagVerdict, ...] = ()  # flags that other clocks, tasks and events raise
    due: Due | None = field(default=None, repr=False, compare=False)

    @property
    def why(self) -> tuple[Words, ...]:
        """Why: where the day stands to the limit, if there is one, and what else is to be known."""
        if self.due_on is None or self.days_late is None:
            return self.notes
        return (said(self.rule, self.article, self.due_on, self.due_on + timedelta(days=self.days_late)), *self.notes)

    @property
    def is_late(self) -> bool:
        """Whether a limit has passed."""
        return self.days_late is not None and self.days_late > 0


class _Found(NamedTuple):
    """A bucket with its reasons; the date that decided, if one did, and then what else is to be known of it."""

    bucket: Bucket
    why: tuple[Words, ...] = ()
    due: Due | None = None
    approximate: bool = False
    rule: str = ""
    article: str = ""
    start_on: date | None = None


def judge(facts: CaseFacts, reader: Reader, today: date, thresholds: Thresholds) -> Verdict:
    """The verdict on `facts` on `today`. A rule that fails puts the file into `cannot_tell` with the reason.

    Rules ask of `today` only whether other days come before or after it: so models.rules.lasting can tell until when
    the verdict holds.
    """
    course = Course()
    try:
        course = course_of(facts, today)
        after_window(course, reader, today)
        found = _find(course, facts, reader, today, thresholds)
    except Refusal as error:
        found = _Found(Bucket.CANNOT_TELL, (error.words,))
    except Exception as error:
        found = _failed(error)
    beside: tuple[FlagVerdict, ...] = ()
    open_ = is_open(facts, course, today)
    try:
        if open_:
            beside = side_flags(facts, course, reader, today, thresholds, found.due)
    except Exception as error:
        found = _failed(error)
    return _verdict(facts, course, found, today, open_, beside)


def _failed(error: Exception) -> _Found:
    return _Found(Bucket.CANNOT_TELL, (words("The rules failed on this file: {error}", error=repr(error)),))


def _find(course: Course, facts: CaseFacts, reader: Reader, today: date, thresholds: Thresholds) -> _Found:
    if course.released and not is_open(facts, course, today):
        return _Found(Bucket.NO_LIMIT, (words("Supervision of the file ended on {day}.", day=course.released.on),))
    if course.case_end:
        return _ended(course.case_end, is_open(facts, course, today))
    if facts.goes_on_in:
        said = words("The incident became case {code}; its limits run there.", code=facts.goes_on_in)
        return _Found(Bucket.NO_LIMIT, (said,))
    if course.joined:
        return _Found(Bucket.NO_LIMIT, (_joined(course.joined, facts),))
    if course.paused:
        return _Found(Bucket.PAUSED, (words("Suspended since {day}.", day=course.paused.on),))
    if course.clock:
        return _timed(course.clock, facts, reader, today, thresholds)
    if course.judged:
        last = reader.window_end(course.judged)
        return _Found(Bucket.NO_LIMIT, (words("The judgment may be appealed or protested until {day}.", day=last),))
    if course.hearing:
        return _Found(Bucket.NO_LIMIT, (words("A hearing that has opened has no statutory end."),))
    waiting = [_timed(clock, facts, reader, today, thresholds) for clock in course.requests if clock.stopped is None]
    return max(waiting, key=lambda found: _pressing(found, today)) if waiting else _untimed(course)


def _pressing(found: _Found, today: date) -> tuple[int, int]:
    """Of several answers that are waited for, what is late comes first, then what cannot be told, then what is next."""
    if found.due is None:
        return 1, 0
    return (2 if today > found.due.due_on else 0), -found.due.due_on.toordinal()


def _ended(event: Event, supervised: bool) -> _Found:
    values: dict[str, Value] = {"day": event.on, "event": EventKind(event.kind)}
    if supervised:
        said = words("The case ended on {day} ({event}); its supervision has not been ended.", **values)
    else:
        said = words("The case ended on {day} ({event}).", **values)
    return _Found(Bucket.NO_LIMIT, (said,))


def _joined(event: Event, facts: CaseFacts) -> Words:
    if not facts.joined_to:
        return words("The file was merged into another one on {day}; its limits run there.", day=event.on)
    return words("The file was merged into {code} on {day}; its limits run there.", code=facts.joined_to, day=event.on)


def _untimed(course: Course) -> _Found:
    if course.stage is Stage.UNKNOWN:
        return _Found(Bucket.CANNOT_TELL, (words("No event says in which stage the file is."),))
    if course.stage in TIMED:
        return _Found(
            Bucket.CANNOT_TELL,
            (words("The event that starts the clock of the stage “{stage}” is not recorded.", stage=course.stage),),
        )
    return _Found(Bucket.NO_LIMIT, (words("The stage “{stage}” has no statutory limit.", stage=course.stage),))


def _timed(clock: Clock, facts: CaseFacts, reader: Reader, today: date, thresholds: Thresholds) -> _Found:
    try:
        reading = reader.read(clock, facts)
    except NoFixedLimit as error:
        limit = error.limit
        said = words(
            "{what}: the table of limits gives no length to count ({article}, {law}): to be confirmed by a lawyer.",
            what=name_of(limit.code),
            article=article_words(limit.article),
            law=law_words(limit.law),
        )
        return _Found(Bucket.CANNOT_TELL, (said,), None, False, limit.code, limit.article, clock.start.on)
    except Refusal as error:
        return _Found(Bucket.CANNOT_TELL, (error.words,), rule=clock.rule, start_on=clock.start.on)
    due = reading.decides(today)
    doubts = (*_stand_in(clock), *reading.doubts)
    if due is None:
        between = words(
            "The limit ends between {earliest} and {latest}: the missing fact decides.",
            earliest=reading.earliest.due_on,
            latest=reading.latest.due_on,
        )
        rule, article = reading.earliest.rule, reading.earliest.article
        return _Found(Bucket.CANNOT_TELL, (*doubts, between), None, True, rule, article, clock.start.on)
    if due.monthly and not clock.stand_in:
        doubts = (*doubts, words("Approximate: the day of the event is not known."))
    if due.excess:
        doubts = (*doubts, words("A recorded extension is more than the article allows; it is counted as recorded."))
    approximate = due.approximate or clock.stand_in or not reading.sure
    return _Found(
        _bucket(due, today, thresholds), doubts, due, approximate,
        due.rule, due.article, clock.start.on,
    )  # fmt: skip


def _bucket(due: Due, today: date, thresholds: Thresholds) -> Bucket:
    last = due.due_on
    if today <= last:
        lead = timedelta(days=due.lead_days or thresholds.due_soon_days)
        return Bucket.DUE_SOON if today >= last - lead else Bucket.ON_TIME
    return next((bucket for most, bucket in BANDS if today <= last + most), Bucket.OVERDUE_OVER_365)


def said(rule: str, article: str, due_on: date, today: date) -> Words:
    """Where `today` stands to the limit of `rule`: the first sentence of a reason that has a date."""
    late = (today - due_on).days
    values: dict[str, Value] = {"what": name_of(rule), "day": due_on, "article": article_words(article)}
    if late == 1:
        return words("{what}: the limit ended yesterday, {day} ({article}).", **values)
    if late == -1:
        return words("{what}: the limit ends tomorrow, {day} ({article}).", **values)
    if late > 0:
        return words("{what}: the limit ended on {day}, {days} days ago ({article}).", days=late, **values)
    if late == 0:
        return words("{what}: today, {day}, is the last day ({article}).", **values)
    return words("{what}: the limit ends on {day}, in {days} days ({article}).", days=-late, **values)


def _stand_in(clock: Clock) -> tuple[Words, ...]:
    if not clock.stand_in:
        return ()
    return (
        words(
            "The clock's own start is not recorded: counted from {day} ({event}).",
            day=clock.start.on,
            event=EventKind(clock.start.kind),
        ),
    )


def _verdict(
    facts: CaseFacts, course: Course, found: _Found, today: date, open_: bool, beside: tuple[FlagVerdict, ...]
) -> Verdict:
    due = found.due
    owner = RULE_OWNERS.get(found.rule, OWNERS[course.stage])
    return Verdict(
        code=facts.code,
        case_id=facts.case_id,
        kind=facts.kind,
        is_open=open_,
        bucket=found.bucket,
        stage=course.stage,
        stage_since=course.stage_since,
        round=course.round,
        owner=owner,
        last_event_on=_last_news(facts, today),
        rule=found.rule,
        article=found.article,
        law=due.law if due else "",
        verified=due.verified if due else Verified.YES,
        start_on=found.start_on,
        due_on=due.due_on if due else None,
        days_late=(plain(today) - due.due_on).days if due else None,
        lead_days=due.lead_days if due else None,
        extendable=bool(due and len(due.extensions) < len(due.limit.extensions)),
        approximate=found.approximate,
        notes=found.why,
        beside=beside,
        due=due,
    )


def _last_news(facts: CaseFacts, today: date) -> date:
    return max([event.on for event in facts.events if event.on <= today], default=facts.first_on)
