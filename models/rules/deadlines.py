"""One statutory date: base limit and granted extensions summed from the start and rolled once (CPC Art. 134).

The day of the event is day 0. The date is computed without its explanation, so that many files can be judged quickly;
`Due.trace` writes the explanation when somebody asks for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from models.enums import Severity, Verified
from models.rules.lengths import Length
from models.rules.limits import ExtensionStep, Limit, Rulebook, article_words, law_words
from models.rules.words import Refusal, Words, words
from models.rules.workdays import Calendar

_WORST = {Verified.YES: 0, Verified.PARTIAL: 1, Verified.NO: 2}
_MOST_TOLD = 60  # days off told one by one in a trace; no roll or working-day term of the law is longer


class NoFixedLimit(Refusal):
    """The law, or our table, gives no number of days for this rule."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(
            words(
                "The rule {code} has no length to count with ({article}, {law}): the term is written in the decision "
                "or request, is a lead time, or was not found.",
                code=limit.code,
                article=article_words(limit.article),
                law=law_words(limit.law),
            )
        )
        self.limit = limit


class SeverityNeeded(Refusal):
    """The limit differs by class of offence and none was given."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(
            words(
                "The rule {code} depends on the class of offence: give one of {classes}.",
                code=limit.code,
                classes=", ".join(Severity),
            )
        )
        self.limit = limit


class ExtensionRefused(Refusal):
    """The article does not allow this extension. `maximum` is the most it allows with every earlier extension."""

    def __init__(self, sentence: Words, article: str, maximum: Length | None) -> None:
        super().__init__(sentence)
        self.article = article
        self.maximum = maximum


class Ends(NamedTuple):
    """Where a limit ends: by count, and as rolled to a working day."""

    end: date
    due_on: date


@dataclass(frozen=True)
class Due:
    """The last day of a limit, and what it was computed from.

    `end` is the day the sum ends on, `due_on` the working day it rolls to; the limit is kept until 24:00 of `due_on`.
    `excess` when recorded extensions go beyond what the article allows. `approximate` when the start is known only by
    month, lies before the law, or the calendar has no holidays for a year that was counted. `lead_days`: how many days
    before expiry an extension must be requested, None when the law sets none.
    """

    rule: str
    start: date
    severity: Severity | None
    base: Length
    extensions: tuple[Length, ...]
    end: date
    due_on: date
    rolled: bool
    article: str
    law: str
    verified: Verified
    approximate: bool
    excess: bool
    lead_days: int | None
    monthly: bool
    limit: Limit = field(repr=False)
    calendar: Calendar = field(repr=False, compare=False)

    @cached_property
    def trace(self) -> tuple[Words, ...]:
        """Why this date: one sentence per step."""
        return explain(self)


def due_on(
    rulebook: Rulebook,
    code: str,
    start: date,
    *,
    severity: Severity | None,
    extensions: Sequence[Length] = (),
    monthly: bool = False,
    strict: bool = True,
) -> Due:
    """The last day of the limit `code` for an event on `start`.

    `monthly`: the event is known only by month and `start` is the month's first day. `strict` refuses an extension that
    the article does not allow; otherwise it is kept as a fact and `excess` is set.
    Raises UnknownRule, NotInForce, NoFixedLimit, SeverityNeeded, ExtensionRefused, CalendarMissing.
    """
    limit = rulebook.limit(code, severity, start)
    base = _base(limit, severity)
    calendar = rulebook.calendar
    granted = tuple(extensions)
    excess = False
    if granted:
        refusals = [refusal for refusal in _judged(limit, base, start, granted, calendar) if refusal is not None]
        if refusals and strict:
            raise refusals[0]
        excess = bool(refusals)
    ends = count(limit, start, granted, calendar)
    used = (limit.verified, *(step.verified for step in limit.extensions[: len(granted)]))
    return Due(
        rule=limit.code,
        start=start,
        severity=severity,
        base=base,
        extensions=granted,
        end=ends.end,
        due_on=ends.due_on,
        rolled=ends.due_on != ends.end,
        article=limit.article,
        law=limit.law,
        verified=max(used, key=_WORST.__getitem__),
        approximate=monthly or limit.approximate or _weekends_only(limit, start, ends.end, calendar),
        excess=excess,
        lead_days=limit.lead_days,
        monthly=monthly,
        limit=limit,
        calendar=calendar,
    )


def earliest_and_latest(
    rulebook: Rulebook, code: str, start: date, extensions: Sequence[Length] = (), *, monthly: bool = False
) -> tuple[Due, Due]:
    """The earliest and the latest date over the four classes of offence, for a file whose class is not known.

    Both are the same when the limit does not depend on the class. Recorded extensions are kept as facts.
    """

    def due(severity: Severity | None) -> Due:
        return due_on(rulebook, code, start, severity=severity, extensions=extensions, monthly=monthly, strict=False)

    if not rulebook.limit(code, None, start).depends_on_severity:
        only = due(None)
        return only, only
    dues = [due(severity) for severity in Severity]
    return min(dues, key=lambda each: each.due_on), max(dues, key=lambda each: each.due_on)


def due_date(limit: Limit, start: date, extensions: tuple[Length, ...], calendar: Calendar) -> date:
    """The last day alone; the arguments can be hashed, so a caller may remember the answer."""
    return count(limit, start, extensions, calendar).due_on


def count(limit: Limit, start: date, extensions: tuple[Length, ...], calendar: Calendar) -> Ends:
    """Where the base limit and the extensions, summed, end. Raises NoFixedLimit, CalendarMissing."""
    total = limit.base
    if total is None:
        raise NoFixedLimit(limit)
    for after in _totals(limit, total, start, extensions, calendar):
        total = after
    end = total.add_to(start, calendar, month_days=limit.month_days)
    return Ends(end, end if limit.detention else calendar.roll(end))


def _totals(limit: Limit, base: Length, start: date, granted: Sequence[Length], calendar: Calendar) -> Iterator[Length]:
    """The sum after each extension. Days that fill up “to 2 months in all” make it those two months: what is granted
    after them is counted on from there, as the article does.
    """
    total = base
    for number, length in enumerate(granted):
        total = total + length
        in_all = limit.extensions[number].total if number < len(limit.extensions) else None
        if in_all and _end(limit, start, total, calendar) == _end(limit, start, in_all, calendar):
            total = in_all
        yield total


def _base(limit: Limit, severity: Severity | None) -> Length:
    if limit.base is not None:
        return limit.base
    if limit.depends_on_severity and severity is None:
        raise SeverityNeeded(limit)
    raise NoFixedLimit(limit)


def _weekends_only(limit: Limit, start: date, end: date, calendar: Calendar) -> bool:
    """Whether a day was judged that lies before the first year of the calendar."""
    if limit.detention:
        return False
    judged_from = start + timedelta(days=1) if limit.base and limit.base.workdays else end
    return judged_from.year < calendar.first_year


def _judged(
    limit: Limit, base: Length, start: date, granted: Sequence[Length], calendar: Calendar
) -> list[ExtensionRefused | None]:
    """Per extension, why the article does not allow it; None when it does.

    Lengths are compared by the days they end on from this start: 60 days may be more than 2 months, or less.
    """
    totals = list(_totals(limit, base, start, granted, calendar))
    judged: list[ExtensionRefused | None] = []
    for number, length in enumerate(granted, start=1):
        if number > len(limit.extensions):
            judged.append(_no_further(limit, number))
            continue
        step = limit.extensions[number - 1]
        total = totals[number - 2] if number > 1 else base
        most = step.total or total + (step.length or Length())
        until = _end(limit, start, most, calendar)
        left = _days_left(limit, start, total, until, calendar)
        too_long = _end(limit, start, total + length, calendar) > until
        judged.append(_too_long(limit, step, length, until, left) if too_long else None)
    return judged


def most_allowed(limit: Limit, start: date, granted: Sequence[Length], calendar: Calendar) -> Length | None:
    """The longest extension that the article allows after those `granted`; None when it allows no further one.

    Where the article gives a total, the days that are left up to it.
    """
    number = len(granted)
    if limit.base is None or number >= len(limit.extensions):
        return None
    step = limit.extensions[number]
    if step.total is None:
        return step.length
    until = _end(limit, start, step.total, calendar)
    *_, total = (limit.base, *_totals(limit, limit.base, start, granted, calendar))
    return _days_left(limit, start, total, until, calendar) or None


def _days_left(limit: Limit, start: date, total: Length, until: date, calendar: Calendar) -> Length:
    return Length(days=max((until - _end(limit, start, total, calendar)).days, 0))


def _end(limit: Limit, start: date, length: Length, calendar: Calendar) -> date:
    return length.add_to(start, calendar, month_days=limit.month_days)


def _no_further(limit: Limit, number: int) -> ExtensionRefused:
    if not limit.extensions:
        sentence = words(
            "{article} allows no extension of the rule {code}: at most {maximum}.",
            article=article_words(limit.article),
            code=limit.code,
            maximum=_said(limit.max_total),
        )
        return ExtensionRefused(sentence, limit.article, limit.max_total)
    last = limit.extensions[-1]
    sentence = words(
        "{article} allows the rule {code} no extension number {number}: at most {maximum} in all.",
        article=article_words(last.article),
        code=limit.code,
        number=number,
        maximum=_said(limit.max_total),
    )
    return ExtensionRefused(sentence, last.article, limit.max_total)


def _too_long(limit: Limit, step: ExtensionStep, length: Length, until: date, left: Length) -> ExtensionRefused:
    if step.total is not None:
        sentence = words(
            "{article} allows the rule {code} at most {maximum} in all, until {until}: an extension may add {left} at "
            "most, and {length} is longer.",
            article=article_words(step.article),
            code=limit.code,
            maximum=step.total.words(),
            until=until,
            left=left.words(),
            length=length.words(),
        )
    else:
        sentence = words(
            "{article} allows the rule {code} an extension number {number} of at most {maximum} ({total} in all), "
            "until {until}: {length} is longer.",
            article=article_words(step.article),
            code=limit.code,
            number=step.number,
            maximum=_said(step.length),
            total=_said(step.max_total),
            until=until,
            length=length.words(),
        )
    return ExtensionRefused(sentence, step.article, step.max_total)


def _said(length: Length | None) -> Words | None:
    return None if length is None else length.words()


def explain(due: Due) -> tuple[Words, ...]:
    """Why the date is what it is: event, base, extensions, sum, roll day by day, result, and what is uncertain."""
    return (
        _event(due),
        _base_step(due),
        *_extension_steps(due),
        *_sum_steps(due),
        *_roll_steps(due),
        words("Last day: {day}, until 24:00.", day=due.due_on),
        *_doubts(due),
    )


def _event(due: Due) -> Words:
    if due.monthly:
        return words(
            "The event is known only by its month: counted from {day}, the month's first day, which is day 0.",
            day=due.start,
        )
    return words("The event of {day} is day 0: counting begins on the next day.", day=due.start)


def _base_step(due: Due) -> Words:
    if due.limit.depends_on_severity and due.severity is not None:
        return words(
            "Base limit: {length} for the class {severity} ({article}, {law}).",
            length=due.base.words(),
            severity=due.severity,
            article=article_words(due.article),
            law=law_words(due.law),
        )
    return words(
        "Base limit: {length} ({article}, {law}).",
        length=due.base.words(),
        article=article_words(due.article),
        law=law_words(due.law),
    )


def _extension_steps(due: Due) -> list[Words]:
    judged = _judged(due.limit, due.base, due.start, due.extensions, due.calendar)
    totals = _totals(due.limit, due.base, due.start, due.extensions, due.calendar)
    return [
        _extension_step(due.limit, number, length, total, refusal)
        for number, (length, total, refusal) in enumerate(zip(due.extensions, totals, judged, strict=True), start=1)
    ]


def _extension_step(
    limit: Limit, number: int, length: Length, total: Length, refusal: ExtensionRefused | None
) -> Words:
    said = length.words()
    if refusal is None:
        article = article_words(limit.extensions[number - 1].article)
        if total == limit.extensions[number - 1].total:
            return words(
                "Extension {number}: {length}, which makes {total} in all ({article}).",
                number=number, length=said, total=total.words(), article=article,
            )  # fmt: skip
        return words("Extension {number}: {length} ({article}).", number=number, length=said, article=article)
    if number > len(limit.extensions):
        return words(
            "Extension {number}: {length}, as recorded; the law allows no such extension.", number=number, length=said
        )
    return words(
        "Extension {number}: {length}, as recorded; more than {article} allows ({maximum} in all).",
        number=number,
        length=said,
        article=article_words(refusal.article),
        maximum=_said(refusal.maximum),
    )


def _sum_steps(due: Due) -> list[Words]:
    *_, total = (due.base, *_totals(due.limit, due.base, due.start, due.extensions, due.calendar))
    steps: list[Words] = []
    if total.hours:
        steps.append(words("Hours are counted as whole days: the hour of the event is not recorded."))
    if due.limit.detention:
        sentence = words(
            "Counting {length} from {start}, each month of detention being 30 days, gives {day}.",
            length=total.words(),
            start=due.start,
            day=due.end,
        )
        return [*steps, sentence]
    start, rest = due.start, total
    months = Length(years=total.years, months=total.months)
    if months:
        end = months.add_to(start, None)
        steps.append(_count_step(months, start, end))
        if end.day != start.day:
            steps.append(words("That month has no such date: its last day is taken (Article 134)."))
        start, rest = end, Length(days=total.days, workdays=total.workdays, hours=total.hours)
    if rest.workdays:
        steps.extend(_days_off(due.calendar, start + timedelta(days=1), due.end))
    if rest:
        steps.append(_count_step(rest, start, due.end))
    return steps


def _count_step(length: Length, start: date, end: date) -> Words:
    return words("Counting {length} from {start} gives {day}.", length=length.words(), start=start, day=end)


def _roll_steps(due: Due) -> list[Words]:
    if due.limit.detention:
        return [words("Detention ends on its date: it does not move to a working day (Article 134).")]
    if not due.rolled:
        return []
    return [
        *_days_off(due.calendar, due.end, due.due_on),
        words("The end moves to the next working day, {day}.", day=due.due_on),
    ]


def _days_off(calendar: Calendar, first: date, last: date) -> list[Words]:
    """The reason of each day off from `first` to `last`."""
    days = min((last - first).days + 1, _MOST_TOLD)
    reasons = (calendar.why_off(first + timedelta(days=n)) for n in range(days))
    return [reason for reason in reasons if reason is not None]


def _doubts(due: Due) -> list[Words]:
    doubts: list[Words] = []
    if due.limit.approximate and due.limit.valid_from is not None:
        doubts.append(
            words(
                "Approximate: the event is before {day}, when this limit came into force; judged by the same limit.",
                day=due.limit.valid_from,
            )
        )
    if due.monthly:
        doubts.append(words("Approximate: the day of the event is not known."))
    if _weekends_only(due.limit, due.start, due.end, due.calendar):
        doubts.append(
            words(
                "Approximate: the calendar begins in {year}; before it only weekends are counted as days off.",
                year=str(due.calendar.first_year),
            )
        )
    if due.verified is Verified.PARTIAL:
        doubts.append(words("The limit was read in a summary: to be confirmed by a lawyer."))
    if due.verified is Verified.NO:
        doubts.append(words("The limit is not verified: to be confirmed by a lawyer."))
    return doubts
