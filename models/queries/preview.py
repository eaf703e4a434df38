"""What a change of the rules or of the calendar would do to the open files, before it is made."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from sqlmodel import Session, col, select

from models.enums import Bucket, FlagRule
from models.errors import Forbidden
from models.queries._visible import sees
from models.queries.coordination import coordination_page, terms
from models.queries.facts import case_facts, known
from models.queries.judged import thresholds
from models.queries.month_clocks import REPLY, due_name
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.beside import WINDOWS
from models.rules.clocks import FileClock, Reader, name_of
from models.rules.coordination import reply_clock
from models.rules.facts import CaseFacts
from models.rules.judge import Verdict, judge
from models.rules.limits import Rulebook
from models.rules.running import running_beside
from models.rules.stalled import flags_of
from models.rules.thresholds import Thresholds
from models.rules.words import Words
from models.tables import Case, CaseDetail

WINDOW_RULES = frozenset(rule for rules in WINDOWS.values() for rule in rules)  # nobody is late when one closes


@dataclass(frozen=True)
class MovedDate:
    """A clock of a file whose last day changes: `days` is how much later (negative: earlier), None without both.

    `decides`: it is the limit that decides about the file; its buckets are told, those of a clock beside it are None.
    `becomes_late` True: late only by the new rules; False: late only by the old ones; None: no change there.
    """

    code: str
    title: str
    title_en: str
    rule: str
    name: Words
    old_due: date | None
    new_due: date | None
    days: int | None
    old_bucket: Bucket | None
    new_bucket: Bucket | None
    becomes_late: bool | None
    decides: bool = True


@dataclass(frozen=True)
class MovedFlag:
    """A stalled rule of a file that the change would open, close, or date otherwise; None: it does not hold."""

    code: str
    title: str
    title_en: str
    rule: FlagRule
    old_since: date | None
    new_since: date | None


@dataclass(frozen=True)
class MovedCount:
    """How many files a rule moves from one bucket to another (or within it)."""

    rule: str
    old_bucket: Bucket
    new_bucket: Bucket
    files: int


class FlagCount(NamedTuple):
    """How many flags of a stalled rule would open, close, or begin on another day."""

    rule: FlagRule
    opens: int
    closes: int
    moves: int


@dataclass(frozen=True)
class Preview:
    """What would move of the `open` files; without names for a viewer who may not read files: only numbers then.

    `moved`, `counts`, `become_late`, `no_longer_late`: the limits that decide; `beside` and `beside_count`: the other
    running clocks; `flags` and `flag_counts`: stalled rules. `touched`: files with any change.
    """

    open: int
    moved: tuple[MovedDate, ...]
    counts: tuple[MovedCount, ...]
    become_late: int
    no_longer_late: int
    beside: tuple[MovedDate, ...] = ()
    beside_count: int = 0
    beside_become_late: int = 0
    beside_no_longer_late: int = 0
    flags: tuple[MovedFlag, ...] = ()
    flag_counts: tuple[FlagCount, ...] = ()
    touched: int = 0

    @property
    def files(self) -> int:
        """How many files move from one date or bucket of the deciding limit to another."""
        return sum(count.files for count in self.counts)


class _Seen(NamedTuple):
    """One file judged twice: both verdicts, the clocks beside them that move, the flags that differ."""

    was: Verdict
    will: Verdict
    beside: tuple[MovedDate, ...]
    flags: tuple[MovedFlag, ...]

    @property
    def decides(self) -> bool:
        """Whether the limit that decides moves."""
        return (self.was.due_on, self.was.bucket, self.was.rule) != (self.will.due_on, self.will.bucket, self.will.rule)


def preview(
    session: Session, viewer: Viewer, rulebook_before: Rulebook, rulebook_after: Rulebook, *, as_of: date
) -> Preview:
    """The open files whose dates, buckets or flags the new rulebook changes, the earliest new date first.

    A viewer who maintains the rules but may not read files gets numbers only. Raises Forbidden.
    """
    reads = may(viewer, Action.READ_FILES)
    if not reads and not may(viewer, Action.MANAGE_REFERENCE):
        raise Forbidden("preview")
    total, seen = _judged_twice(session, viewer if reads else SYSTEM, rulebook_before, rulebook_after, as_of)
    deciding = [each for each in seen if each.decides]
    late = [_becomes_late(each) for each in deciding]
    beside = [move for each in seen for move in each.beside]
    beside += _replies(session, viewer if reads else SYSTEM, rulebook_after, as_of)
    flags = [flag for each in seen for flag in each.flags]
    names = _titles(session, viewer, [each.was.code for each in seen]) if reads else {}
    return Preview(
        open=total,
        moved=_sorted(_move(each, names) for each in deciding) if reads else (),
        counts=_counts(deciding),
        become_late=late.count(True),
        no_longer_late=late.count(False),
        beside=_sorted(_titled(move, names) for move in beside) if reads else (),
        beside_count=len(beside),
        beside_become_late=sum(move.becomes_late is True for move in beside),
        beside_no_longer_late=sum(move.becomes_late is False for move in beside),
        flags=tuple(_titled_flag(flag, names) for flag in sorted(flags, key=_flag_place)) if reads else (),
        flag_counts=_flag_counts(flags),
        touched=len(seen),
    )


def _judged_twice(
    session: Session, viewer: Viewer, before: Rulebook, after: Rulebook, as_of: date
) -> tuple[int, list[_Seen]]:
    """How many files are open, and both judgements of those that differ."""
    old, new, limits = Reader(before), Reader(after), thresholds()
    total, seen = 0, []
    for facts in case_facts(session, viewer, as_of=as_of):
        was = judge(facts, old, as_of, limits)
        if not was.is_open:
            continue
        total += 1
        will = judge(facts, new, as_of, limits)
        found = _Seen(was, will, tuple(_beside(facts, old, new, as_of, was, will)), _flags(was, will, as_of, limits))
        if found.decides or found.beside or found.flags:
            seen.append(found)
    return total, seen


# --- clocks beside the deciding one ----------------------------------------------------------------------------------


def _beside(
    facts: CaseFacts, old: Reader, new: Reader, as_of: date, was: Verdict, will: Verdict
) -> Iterator[MovedDate]:
    """The other running clocks whose last day moves; a clock is the same when its rule or start event is."""
    before, after = _dates(facts, old, as_of, was), _dates(facts, new, as_of, will)
    for key in sorted(before.keys() | after.keys(), key=str):
        one, other = before.get(key), after.get(key)
        old_due, new_due = _due(one), _due(other)
        clock = other or one
        if old_due == new_due or clock is None or _is_over(clock, old_due, new_due, as_of):
            continue
        yield MovedDate(
            was.code, "", "", clock.rule, clock.name, old_due, new_due,
            (new_due - old_due).days if old_due and new_due else None,
            None, None, None if clock.rule in WINDOW_RULES else _late_change(old_due, new_due, as_of), False,
        )  # fmt: skip


def _is_over(clock: FileClock, old_due: date | None, new_due: date | None, as_of: date) -> bool:
    """Whether it is a window that has closed by the old and by the new rules: nobody waits for it."""
    days = [day for day in (old_due, new_due) if day]
    return clock.rule in WINDOW_RULES and all(day < as_of for day in days)


def _replies(session: Session, viewer: Viewer, after: Rulebook, as_of: date) -> Iterator[MovedDate]:
    """Replies to coordination requests, whose working days the calendar counts."""
    for row in coordination_page(session, viewer, as_of=as_of).rows:
        if not row.clock.waits:
            continue
        old_due = row.clock.due_on
        new_due = reply_clock(row.facts, as_of, after.calendar, terms()).due_on
        if old_due != new_due:
            yield MovedDate(
                row.case_code, f"{row.code}: {row.subject}", "", REPLY, due_name(REPLY), old_due, new_due,
                (new_due - old_due).days if old_due and new_due else None,
                None, None, _late_change(old_due, new_due, as_of), False,
            )  # fmt: skip


def _dates(facts: CaseFacts, reader: Reader, as_of: date, verdict: Verdict) -> dict[tuple[object, ...], FileClock]:
    found: dict[tuple[object, ...], FileClock] = {}
    for clock in running_beside(facts, reader, as_of, closed=True):
        decides = (clock.rule, clock.start.on, _due(clock)) == (verdict.rule, verdict.start_on, verdict.due_on)
        if not decides:
            found[(name_of(clock.rule), clock.start.on, clock.start.id)] = clock
    return found


def _due(clock: FileClock | None) -> date | None:
    return clock.due.due_on if clock and clock.due else None


def _late_change(old_due: date | None, new_due: date | None, as_of: date) -> bool | None:
    was, will = (day is not None and as_of > day for day in (old_due, new_due))
    return will if was != will else None


# --- stalled rules ---------------------------------------------------------------------------------------------------


def _flags(was: Verdict, will: Verdict, as_of: date, limits: Thresholds) -> tuple[MovedFlag, ...]:
    """The stalled rules that open, close or begin otherwise; of one rule and subject the two belong together."""
    before = {(flag.rule, flag.subject): flag.since for flag in flags_of(was, as_of, limits)}
    after = {(flag.rule, flag.subject): flag.since for flag in flags_of(will, as_of, limits)}
    if before == after:
        return ()
    return tuple(
        MovedFlag(was.code, "", "", key[0], before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    )


def _flag_counts(flags: Iterable[MovedFlag]) -> tuple[FlagCount, ...]:
    counted = Counter((flag.rule, _fate(flag)) for flag in flags)
    rules = sorted({rule for rule, _ in counted}, key=list(FlagRule).index)
    return tuple(FlagCount(rule, *(counted[rule, fate] for fate in ("opens", "closes", "moves"))) for rule in rules)


def _fate(flag: MovedFlag) -> str:
    return "opens" if flag.old_since is None else "closes" if flag.new_since is None else "moves"


def _flag_place(flag: MovedFlag) -> tuple[int, int, str]:
    return ("opens", "closes", "moves").index(_fate(flag)), list(FlagRule).index(flag.rule), flag.code


def _titled_flag(flag: MovedFlag, names: dict[str, tuple[str, str]]) -> MovedFlag:
    return replace(flag, title=names[flag.code][0], title_en=names[flag.code][1])


# --- the limit that decides ------------------------------------------------------------------------------------------


def _counts(deciding: Iterable[_Seen]) -> tuple[MovedCount, ...]:
    counted = Counter((_rule(each), each.was.bucket, each.will.bucket) for each in deciding)
    order = list(Bucket)
    counts = [MovedCount(*key, files) for key, files in counted.items()]
    return tuple(
        sorted(counts, key=lambda count: (count.rule, order.index(count.old_bucket), order.index(count.new_bucket)))
    )


def _move(seen: _Seen, names: dict[str, tuple[str, str]]) -> MovedDate:
    was, will = seen.was, seen.will
    return MovedDate(
        code=was.code,
        title=names[was.code][0],
        title_en=names[was.code][1],
        rule=_rule(seen),
        name=name_of(_rule(seen)),
        old_due=was.due_on,
        new_due=will.due_on,
        days=(will.due_on - was.due_on).days if was.due_on and will.due_on else None,
        old_bucket=was.bucket,
        new_bucket=will.bucket,
        becomes_late=_becomes_late(seen),
    )


def _sorted(moves: Iterable[MovedDate]) -> tuple[MovedDate, ...]:
    return tuple(sorted(moves, key=lambda move: (move.new_due or date.max, move.code, move.rule)))


def _titled(move: MovedDate, names: dict[str, tuple[str, str]]) -> MovedDate:
    if move.title:
        return move
    return replace(move, title=names[move.code][0], title_en=names[move.code][1])


def _rule(seen: _Seen) -> str:
    return seen.will.rule or seen.was.rule


def _becomes_late(seen: _Seen) -> bool | None:
    return seen.will.is_late if seen.was.is_late != seen.will.is_late else None


def _titles(session: Session, viewer: Viewer, codes: list[str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for at in range(0, len(codes), 500):
        asked = (
            select(Case.code, CaseDetail.title, CaseDetail.title_en)
            .join(CaseDetail, col(CaseDetail.case_id) == Case.id)
            .where(known(CaseDetail, None), sees(viewer), col(Case.code).in_(codes[at : at + 500]))
        )
        found.update({code: (title, title_en) for code, title, title_en in session.exec(asked)})
    return found
