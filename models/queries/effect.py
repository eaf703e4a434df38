"""What an entry does to the deadline of a file, before it is saved: judged in memory, nothing is written."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from models.enums import Bucket, FlagRule, Stage
from models.errors import CaseNotFound
from models.queries._visible import sees
from models.queries.facts import case_facts, known
from models.queries.judged import reader, thresholds
from models.rules.access import Viewer
from models.rules.bounds import FIRST_DAY
from models.rules.clocks import Reader, clocks_of, name_of
from models.rules.entry import EventEntry, event_of, warnings_of, with_event
from models.rules.facts import AccusedFact, CaseFacts
from models.rules.judge import Verdict, judge
from models.rules.stalled import flags_of
from models.rules.thresholds import Thresholds
from models.rules.words import Words
from models.tables import Accused, Case


@dataclass(frozen=True)
class Standing:
    """Where a file stands: as Verdict. `days_late` negative: days left; None without a date."""

    is_open: bool
    stage: Stage
    bucket: Bucket
    rule: str
    what: Words  # the clock by name; of no use without a rule
    article: str
    due_on: date | None
    days_late: int | None
    approximate: bool
    why: tuple[Words, ...]


class Detention(NamedTuple):
    """Until when an accused may be held, before and after an entry; None: no detention runs. `who` "" for all."""

    who: str
    before: date | None
    after: date | None


@dataclass(frozen=True)
class Effect:
    """A file before and after an entry. `opened`, `closed`: flags it raises or clears; `warnings`: what to look at;
    `detentions`: those whose last day it changes.
    """

    before: Standing
    after: Standing
    opened: tuple[FlagRule, ...] = ()
    closed: tuple[FlagRule, ...] = ()
    warnings: tuple[Words, ...] = ()
    detentions: tuple[Detention, ...] = ()

    @property
    def moves(self) -> int | None:
        """By how many days the date moves (negative: earlier); None unless there is one before and after."""
        if self.before.due_on is None or self.after.due_on is None:
            return None
        return (self.after.due_on - self.before.due_on).days


def effect_of(
    session: Session,
    viewer: Viewer,
    code: str,
    entry: EventEntry | None,
    *,
    retracts: int = 0,
    today: date,
) -> Effect:
    """The file on `today` without and with `entry`, and without event `retracts` if an id is given.

    A correction gives both, a retraction only the id. Raises CaseNotFound; an entry that cannot be saved (a day to
    come) has no effect.
    """
    facts = file_facts(session, viewer, code, today=today)
    reads, limits = reader(session), thresholds()
    rest = facts._replace(events=tuple(event for event in facts.events if event.id != retracts)) if retracts else facts
    told = rest
    warned: tuple[Words, ...] = ()
    if entry is not None and FIRST_DAY <= entry.happened_on <= today:
        told = with_event(rest, event_of(entry, rest))
        warned = warnings_of(rest, entry, reads, today)
    before, after = judge(facts, reads, today, limits), judge(told, reads, today, limits)
    raised, cleared = _flags(after, today, limits), _flags(before, today, limits)
    return Effect(
        _standing(before), _standing(after), _without(raised, cleared), _without(cleared, raised), warned,
        _detentions(facts, told, reads, today),
    )  # fmt: skip


def file_facts(session: Session, viewer: Viewer, code: str, *, today: date) -> CaseFacts:
    """The facts of one file, with every accused of it, named by events or not. Raises CaseNotFound."""
    case_id = session.exec(select(Case.id).where(Case.code == code, sees(viewer))).first()
    found = [] if case_id is None else list(case_facts(session, viewer, as_of=today, ids=[case_id]))
    if not found:
        raise CaseNotFound(code)
    facts = found[0]
    named = {each.id for each in facts.accused}
    rows = session.exec(
        select(Accused.id, Accused.code, Accused.article, Accused.paragraph)
        .where(Accused.case_id == facts.case_id, known(Accused, None))
        .order_by(col(Accused.code))
    ).all()
    more = [AccusedFact(id_ or 0, *rest) for id_, *rest in rows if id_ not in named]
    return facts._replace(accused=(*facts.accused, *more))


def _detentions(before: CaseFacts, after: CaseFacts, reads: Reader, today: date) -> tuple[Detention, ...]:
    was, is_ = _held_until(before, reads, today), _held_until(after, reads, today)
    codes = {each.id: each.code for each in before.accused}
    return tuple(
        Detention(codes.get(who, ""), was.get(who), is_.get(who))
        for who in sorted(was.keys() | is_.keys())
        if was.get(who) != is_.get(who)
    )


def _held_until(facts: CaseFacts, reads: Reader, today: date) -> dict[int, date | None]:
    """By accused, the last day of each detention that runs."""
    running = (clock for clock in clocks_of(facts, reads, today) if clock.rule == "DET" and clock.stopped is None)
    return {clock.start.accused: clock.due.due_on if clock.due else None for clock in running}


def _standing(verdict: Verdict) -> Standing:
    return Standing(
        is_open=verdict.is_open,
        stage=verdict.stage,
        bucket=verdict.bucket,
        rule=verdict.rule,
        what=name_of(verdict.rule),
        article=verdict.article,
        due_on=verdict.due_on,
        days_late=verdict.days_late,
        approximate=verdict.approximate,
        why=verdict.why,
    )


def _flags(verdict: Verdict, today: date, limits: Thresholds) -> list[tuple[FlagRule, str]]:
    return [(flag.rule, flag.subject) for flag in flags_of(verdict, today, limits)]


def _without(these: list[tuple[FlagRule, str]], others: list[tuple[FlagRule, str]]) -> tuple[FlagRule, ...]:
    """The rules of the flags that are among `these` alone, each once."""
    return tuple(dict.fromkeys(rule for rule, subject in these if (rule, subject) not in others))
