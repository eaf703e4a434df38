"""The dates of a file's clocks: what a running or stopped clock's limit is, and how sure that is."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from models.enums import AgencyKind, EventKind, Severity, Stage, Verified
from models.rules import beside
from models.rules.deadlines import Due, due_on, most_allowed
from models.rules.facts import CaseFacts, Event
from models.rules.lengths import Length, parse_length, unmarked
from models.rules.limits import DETENTION_MONTH_DAYS, Limit, Rulebook, all_charges, charge
from models.rules.stages import SUSPENSIONS, Clock, Course, course_of
from models.rules.words import Refusal, Words, words

NAMES: dict[str, Words] = {
    "VERIFY": words("Verification of the crime report"),
    "VERIFY_RESUME": words("Resumed verification"),
    "INV": words("Investigation"),
    "INV_RESUMED": words("Resumed investigation"),
    "INV_ADD_VKS": words("Additional investigation asked by the procuracy"),
    "INV_ADD_COURT": words("Additional investigation asked by the court"),
    "PROS": words("Decision on prosecution"),
    "TRIAL_PREP": words("Trial preparation"),
    "TRIAL_PREP_RET": words("Decision to try after additional investigation"),
    "TRIAL_OPEN": words("Opening of the trial"),
    "POSTPONE": words("Postponed hearing"),
    "APPEAL_OPEN_PROV": words("Appellate hearing at the provincial court"),
    "APPEAL_OPEN_SUP": words("Appellate hearing at the Supreme Court's appellate court"),
    "THADS_DEC": words("Decision to enforce the judgment"),
    "THADS26_DEC": words("Decision to enforce the judgment"),
    "CASS_OPEN": words("Cassation hearing"),
    "EXP": words("Expert conclusion"),
    "VAL": words("Valuation result"),
    "DET": words("Detention"),
    "CONCL_SEND": words("Conclusion and file to the procuracy"),
    "TO_COURT": words("Indictment and file to the court"),
    "EXEC_PEN": words("Decision to execute the sentence"),
    "APPEAL_RIGHT": words("Window for appeals"),
    "PROTEST_SAME": words("Window for a protest of the procuracy of the same level"),
    "PROTEST_UPPER": words("Window for a protest of the procuracy of the upper level"),
    "CASS_UNFAV": words("Window for a cassation protest against the convicted person"),
    "THADS_REVERIFY": words("Re-verification of means to enforce"),
    "THADS26_NOMEANS": words("Two years without means to enforce"),
    "INSP_DUR22_PROV": words("Inspection"),
    "INSP_DUR25": words("Inspection"),
}
NO_LENGTH = words("An extension is recorded without its length: it counts only with it.")
RULE_OWNERS = {"EXP": AgencyKind.VALUATION, "VAL": AgencyKind.VALUATION}
APPEAL_COURTS = ("APPEAL_OPEN_PROV", "APPEAL_OPEN_SUP")
# The level of a file says which court tried it first, and so which court hears the appeal (CPC Art. 346(1)).
PROVINCE_TRIED = ("central", "provinc", "trung uong", "cap tinh", "tinh")
REGION_TRIED = ("region", "district", "khu vuc", "cap huyen", "huyen")


class Missing(Refusal):
    """A fact that the clock needs is not recorded."""


def name_of(rule: str) -> Words:
    """What a clock limits, for people; a rule without a name of its own shows its code."""
    return NAMES.get(rule) or words("Rule {code}", code=rule)


class Reading(NamedTuple):
    """What is known of the end of a clock: the earliest and latest date that the missing facts allow."""

    earliest: Due
    latest: Due
    doubts: tuple[Words, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether the missing facts, if any, make no difference."""
        return self.earliest.due_on == self.latest.due_on

    def decides(self, today: date) -> Due | None:
        """The date that decides on `today`; None while only the missing fact could tell (docs/sources.md#counting)."""
        if today <= self.earliest.due_on or self.sure:
            return self.earliest
        return self.latest if today > self.latest.due_on else None


@dataclass(eq=False)
class Reader:
    """Reads clocks by one rulebook; remembers dates it has computed, for many files share start days."""

    rulebook: Rulebook
    _dues: dict[tuple[str, Severity | None, date, tuple[str, ...], bool], Due] = field(default_factory=dict)
    _readings: dict[tuple[object, ...], Reading] = field(default_factory=dict)
    _severities: dict[str, Severity | None] = field(default_factory=dict)
    _articles: dict[tuple[str, str], str] = field(default_factory=dict)
    _longest: dict[tuple[Severity | None, date], date | None] = field(default_factory=dict)

    def severity(self, facts: CaseFacts) -> Severity | None:
        """The class recorded, else that of the gravest paragraph that any accused is charged with, else None."""
        if facts.severity is not None or not (facts.articles or facts.charged):
            return facts.severity
        return self._class_of(self.articles(facts))

    def articles(self, facts: CaseFacts) -> str:
        """What the file and each of its accused are charged with, as one text."""
        if not facts.charged:
            return facts.articles
        key = (facts.articles, facts.charged)
        if key not in self._articles:
            self._articles[key] = all_charges(*key)
        return self._articles[key]

    def _class_of(self, articles: str) -> Severity | None:
        if articles not in self._severities:
            self._severities[articles] = self.rulebook.severity_of(articles).severity
        return self._severities[articles]

    def read(self, clock: Clock, facts: CaseFacts) -> Reading:
        """The dates of `clock`. Raises Refusal (NoFixedLimit, CalendarMissing, Missing) when none can be told."""
        rule, start = clock.rule, clock.start
        if rule in RULE_OWNERS:
            due = self._term(clock)
            return Reading(due, due)
        if rule == "DET":
            return self._ordered(clock) if start.length else self._read(clock, facts)
        granted = tuple([event.length for event in clock.extensions]) if clock.extensions else ()
        level = facts.level if rule == "APPEAL_OPEN" else ""
        key = (rule, start.on, start.monthly, granted, facts.severity or (facts.articles, facts.charged), level)
        reading = self._readings.get(key)
        if reading is None:
            reading = self._readings[key] = self._read(clock, facts)
        return reading

    def _read(self, clock: Clock, facts: CaseFacts) -> Reading:
        dues: list[Due] = []
        doubts: list[Words] = []
        for rule in self._rules(clock, facts, doubts):
            for severity in self._classes(rule, clock, facts, doubts):
                for extensions in self._grants(rule, severity, clock, doubts):
                    dues.append(self._due(rule, severity, clock.start, extensions))
        return Reading(
            min(dues, key=lambda due: due.due_on), max(dues, key=lambda due: due.due_on), tuple(dict.fromkeys(doubts))
        )

    def _rules(self, clock: Clock, facts: CaseFacts, doubts: list[Words]) -> tuple[str, ...]:
        if clock.rule != "APPEAL_OPEN":
            return (clock.rule,)
        level = unmarked(facts.level)
        if any(word in level for word in REGION_TRIED):
            return APPEAL_COURTS[:1]
        if any(word in level for word in PROVINCE_TRIED):
            return APPEAL_COURTS[1:]
        doubts.append(words("The level of the court that tried the case first is not recorded."))
        return APPEAL_COURTS

    def _classes(self, rule: str, clock: Clock, facts: CaseFacts, doubts: list[Words]) -> tuple[Severity | None, ...]:
        in_force = self.rulebook.in_force(rule, clock.start.on)
        if not self.rulebook.depends_on_severity(in_force):
            return (None,)
        severity = self._charged(clock, facts) or self.severity(facts)
        if severity is not None:
            return (severity,)
        doubts.append(words("The class of offence is not recorded: give the article and paragraph charged."))
        return tuple(Severity)

    def _charged(self, clock: Clock, facts: CaseFacts) -> Severity | None:
        """The class of what this accused alone is charged with: a detention runs by it (CPC Art. 173)."""
        if clock.rule != "DET" or not clock.start.accused:
            return None
        own = next((each for each in facts.accused if each.id == clock.start.accused), None)
        if own is None or not own.article:
            return None
        return self._class_of(charge(own.article, own.paragraph))

    def _ordered(self, clock: Clock) -> Reading:
        """A detention for the term in its order: months of 30 days, and the end does not move (CPC Art. 134)."""
        base, start = _length_of(clock.start), clock.start
        if base is None:
            raise Missing(words("The request of {day} is recorded without its term.", day=start.on))
        granted = granted_lengths(clock)
        total = sum(granted, base)
        end = total.add_to(start.on, self.rulebook.calendar, month_days=DETENTION_MONTH_DAYS)
        limit = replace(self.rulebook.limit("DET", None, start.on), base=base, depends_on_severity=False)
        due = Due(
            rule="DET", start=start.on, severity=None, base=base, extensions=granted, end=end, due_on=end,
            rolled=False, article=limit.article, law=limit.law, verified=limit.verified, approximate=start.monthly,
            excess=False, lead_days=limit.lead_days, monthly=start.monthly, limit=limit,
            calendar=self.rulebook.calendar,
        )  # fmt: skip
        doubts = () if len(granted) == len(clock.extensions) else (NO_LENGTH,)
        return Reading(due, due, doubts)

    def longest(self, clock: Clock, facts: CaseFacts) -> date | None:
        """The last day that Art. 172 allows with every extension granted; None for another clock.

        A class of offence that is not known is taken as the gravest. Raises Refusal.
        """
        if clock.rule != "INV":
            return None
        key = (self.severity(facts), clock.start.on)
        if key not in self._longest:
            severity = key[0] or Severity.ESPECIALLY_SERIOUS
            total = self.rulebook.limit("INV", severity, clock.start.on).max_total
            end = total.add_to(clock.start.on, self.rulebook.calendar) if total else None
            self._longest[key] = self.rulebook.calendar.roll(end) if end else None
        return self._longest[key]

    def exceeded_on(self, clock: Clock, due: Due) -> date | None:
        """The day of the extension with which what was granted became more than the article allows."""
        if not due.excess:
            return None
        granted: tuple[Length, ...] = ()
        for event in clock.extensions:
            length = _length_of(event)
            granted = (*granted, length) if length else granted
            if granted and self._due(due.rule, due.severity, clock.start, granted).excess:
                return event.on
        return None

    def term_end(self, start: Event) -> date | None:
        """The last day of a term that a paper itself gives, moved to a working day; None if it gives none."""
        length = _length_of(start)
        calendar = self.rulebook.calendar
        return calendar.roll(length.add_to(start.on, calendar)) if length else None

    def _grants(
        self, rule: str, severity: Severity | None, clock: Clock, doubts: list[Words]
    ) -> Iterator[tuple[Length, ...]]:
        """What was granted; when a decision is recorded without its length: none of it, and the most the law allows."""
        if not clock.extensions:
            yield ()
            return
        lengths = [_length_of(event) for event in clock.extensions]
        yield tuple(length for length in lengths if length)
        if all(lengths):
            return
        doubts.append(NO_LENGTH)
        limit = self.rulebook.limit(rule, severity, clock.start.on)
        most: list[Length] = []
        for length in lengths:
            each = length or most_allowed(limit, clock.start.on, most, self.rulebook.calendar)
            most += [each] if each else []
        yield tuple(most)

    def _due(self, rule: str, severity: Severity | None, start: Event, extensions: tuple[Length, ...]) -> Due:
        key = (rule, severity, start.on, tuple(map(str, extensions)), start.monthly)
        due = self._dues.get(key)
        if due is None:
            due = due_on(
                self.rulebook, rule, start.on,
                severity=severity, extensions=extensions, monthly=start.monthly, strict=False,
            )  # fmt: skip
            self._dues[key] = due
        return due

    def window_end(self, judgment: Event) -> date:
        """Last day of the longest appeal or protest window after a first-instance judgment (CPC Art. 333, 337)."""
        return self._due("PROTEST_UPPER", None, judgment, ()).due_on

    def _term(self, clock: Clock) -> Due:
        """An expert or valuation term: the law leaves it to the request (CPC Art. 208, 216)."""
        length = _length_of(clock.start)
        if length is None:
            raise Missing(words("The request of {day} is recorded without its term.", day=clock.start.on))
        calendar = self.rulebook.calendar
        end = length.add_to(clock.start.on, calendar)
        last = calendar.roll(end)
        limit = _term_limit(clock.rule, self.rulebook, length)
        return Due(
            rule=clock.rule, start=clock.start.on, severity=None, base=length, extensions=(), end=end, due_on=last,
            rolled=last != end, article=limit.article, law=limit.law, verified=limit.verified,
            approximate=clock.start.monthly, excess=False, lead_days=None, monthly=clock.start.monthly,
            limit=limit, calendar=calendar,
        )  # fmt: skip


def _term_limit(rule: str, rulebook: Rulebook, length: Length) -> Limit:
    article, law = ("208(2)", "CPC 101/2015/QH13 (cons. with Law 02/2021)") if rule == "EXP" else (
        "216", "CPC 101/2015/QH13 (cons. with Law 02/2021)"
    )  # fmt: skip
    return Limit(
        code=rule, stage="", severity=None, base=length, extensions=(), article=article, law=law,
        verified=Verified.YES, notes="", lead_days=None, depends_on_severity=False, approximate=False,
    )  # fmt: skip


def granted_lengths(clock: Clock) -> tuple[Length, ...]:
    """What the extensions of a clock grant, as far as that is recorded. Raises BadLength."""
    return tuple(length for event in clock.extensions if (length := _length_of(event)))


def _length_of(event: Event) -> Length | None:
    return parse_length(event.length) if event.length else None


class FileClock(NamedTuple):
    """One clock of a file for the case page. `state`: running, met, missed, stopped (by a pause) or unknown.

    `due` is None when the limit cannot be told; `doubts` says why, or what makes the date uncertain.
    """

    rule: str
    name: Words
    start: Event
    stand_in: bool
    due: Due | None
    stopped: Event | None
    state: str
    doubts: tuple[Words, ...]


def clocks_of(facts: CaseFacts, reader: Reader, today: date) -> tuple[FileClock, ...]:
    """Every clock of the file up to `today`, oldest first, the running one last."""
    course = course_of(facts, today)
    with suppress(Refusal):
        after_window(course, reader, today)
    procedural = [*course.past, *course.requests]
    aside = [*beside.duties(facts, today), *beside.detentions(facts, today), *beside.no_means(facts, today)]
    running = [course.clock] if course.clock else []
    if course.case_end:  # nothing runs on beside a case that has ended
        aside = [clock for clock in aside if clock.stopped]
    shown = [file_clock(clock, facts, reader, today) for clock in (*procedural, *aside)]
    if not course.case_end:
        shown += [open_ for clock in beside.windows(facts, today) if (open_ := _window(clock, facts, reader, today))]
    return (*shown, *(file_clock(clock, facts, reader, today) for clock in running))


def _window(clock: Clock, facts: CaseFacts, reader: Reader, today: date) -> FileClock | None:
    """The window as long as it is open: one that has closed is no delay of anybody."""
    found = file_clock(clock, facts, reader, today)
    return found if found.due and today <= found.due.due_on else None


def after_window(course: Course, reader: Reader, today: date) -> None:
    """When no appeal or protest came in its window, the judgment is in force from the window's last day.

    Raises Refusal when the window's last day cannot be told.
    """
    if course.judged is None or course.paused:
        return
    window_end = reader.window_end(course.judged)
    if today > window_end:
        stand_in = Event(window_end, EventKind.FIRST_INSTANCE_JUDGMENT, course.judged.monthly)
        course.stage, course.stage_since = Stage.JUDGMENT_FINAL, window_end
        course.clock, course.judged = Clock("THADS_DEC", stand_in, stand_in=True), None


def file_clock(clock: Clock, facts: CaseFacts, reader: Reader, today: date) -> FileClock:
    """A clock as it is shown: its date as far as it can be told, its state, its doubts."""
    due: Due | None = None
    try:
        reading = reader.read(clock, facts)
        due = reading.decides(clock.stopped.on if clock.stopped else today)
        doubts = reading.doubts
    except Refusal as error:
        doubts = (error.words,)
    rule = due.rule if due else clock.rule
    return FileClock(
        rule, _name(clock, rule, facts), clock.start, clock.stand_in, due, clock.stopped, _state(clock, due), doubts
    )


def _name(clock: Clock, rule: str, facts: CaseFacts) -> Words:
    accused = accused_code(facts, clock.start)
    return words("Detention of {accused}", accused=accused) if rule == "DET" and accused else name_of(rule)


def accused_code(facts: CaseFacts, event: Event) -> str:
    """The code of the accused whom `event` concerns; empty when it names none."""
    return next((each.code for each in facts.accused if each.id == event.accused), "") if event.accused else ""


def _state(clock: Clock, due: Due | None) -> str:
    if clock.stopped is None:
        return "running"
    if due is None:
        return "unknown"
    if clock.stopped.on > due.due_on:
        return "missed"
    return "stopped" if clock.stopped.kind in SUSPENSIONS else "met"
