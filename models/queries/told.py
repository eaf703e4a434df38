"""Every open file as a scan tells it: by its stored verdict where that stands, judged there and then where it does not.

It goes part by part of the files, and every part can be told alone: so two processes can share them.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Text, and_, cast, or_, select
from sqlmodel import Session

from models.enums import AgencyKind, Bucket, FlagRule, Kind
from models.queries._rows import Days, plain_rows
from models.queries._visible import sees, sees_flag
from models.queries.facts import Part, case_facts
from models.queries.judged import reader, stands, thresholds
from models.queries.named import veil
from models.rules.access import Viewer
from models.rules.judge import Verdict, judge, said
from models.rules.stalled import flags_of
from models.rules.thresholds import Thresholds
from models.rules.words import Words, decode
from models.tables import Case, Flag, JudgedFile, Judgement

MOST_OF = 0.25  # of a part: when more than that are to be judged, reading all of it in one sweep is quicker
_KINDS = {kind.value: kind for kind in Kind}
_BUCKETS = {bucket.value: bucket for bucket in Bucket}
_OWNERS = {owner.value: owner for owner in AgencyKind}
_RULES = {rule.value: rule for rule in FlagRule}
_PLACES = {rule: place for place, rule in enumerate(FlagRule)}

FlagSince = tuple[FlagRule, date]


class ToldFile(NamedTuple):
    """One open file as a scan tells it; `days_late` is negative while the limit is ahead.

    `notes` are the reasons but for the first one of a file with a date, as the database keeps them until they are read.
    """

    code: str
    kind: Kind
    bucket: Bucket
    rule: str
    article: str
    due_on: date | None
    days_late: int | None
    owner: AgencyKind
    approximate: bool
    flags: tuple[FlagSince, ...]
    notes: str | tuple[Words, ...]

    @property
    def why(self) -> tuple[Words, ...]:
        """Why: where the day stands to the limit, if there is one, and what else is to be known."""
        return reasons(self.rule, self.article, self.due_on, self.days_late, self.notes)


def reasons(
    rule: str, article: str, due_on: date | None, days_late: int | None, notes: str | tuple[Words, ...]
) -> tuple[Words, ...]:
    """The reasons of a file with these marks: the same for every file that has the same."""
    read = tuple(map(decode, json.loads(notes))) if isinstance(notes, str) else notes
    if due_on is None or days_late is None:
        return read
    return (said(rule, article, due_on, due_on + timedelta(days=days_late)), *read)


class ToldPart(NamedTuple):
    """The open files of a part, and how many files were looked at for it, those that are not open too."""

    files: list[ToldFile]
    seen: int


def tell(session: Session, viewer: Viewer, part: Part, *, as_of: date, full: bool = False) -> ToldPart:
    """The open files of `part` on `as_of`, in the order of their ids; with `full` every one of them is judged."""
    told: list[ToldFile] = []
    if full:
        old, seen = _ids(session, viewer, part), 0
    else:
        old, seen = _add_stored(told, session, viewer, part, as_of)
        _veil(told, session, viewer)
    if old:
        _add_judged(told, session, viewer, part, as_of, old)
    return ToldPart(told, seen + len(old))


def _veil(told: list[ToldFile], session: Session, viewer: Viewer) -> None:
    """The stored reasons were written for nobody in particular: a file that this viewer may not see is not named."""
    if viewer.sees_everything:
        return
    naming = [n for n, file in enumerate(told) if isinstance(file.notes, str) and "{code}" in file.notes]
    read = {n: tuple(map(decode, json.loads(told[n].notes))) for n in naming}  # type: ignore[arg-type]
    seen = veil(session, viewer, [sentence for notes in read.values() for sentence in notes])
    for n, notes in read.items():
        told[n] = told[n]._replace(notes=seen.words(notes))


def _ids(session: Session, viewer: Viewer, part: Part) -> list[int]:
    file = Case.__table__  # type: ignore[attr-defined]
    asked = select(file.c.id).where(sees(viewer), file.c.id.between(part.first, part.last)).order_by(file.c.id)
    return [row[0] for row in plain_rows(session, asked)]


def _add_stored(
    told: list[ToldFile], session: Session, viewer: Viewer, part: Part, as_of: date
) -> tuple[list[int], int]:
    """Add the open files whose stored verdict stands; the ids of those that must be judged, the number of the others.

    A file whose verdict got lost is judged.
    """
    file, kept = Case.__table__, JudgedFile.__table__  # type: ignore[attr-defined]
    verdict = Judgement.__table__  # type: ignore[attr-defined]
    rows = (
        select(
            file.c.id, file.c.code, or_(kept.c.case_id.is_(None), and_(kept.c.is_open, verdict.c.case_id.is_(None))),
            kept.c.is_open, verdict.c.kind, verdict.c.bucket, verdict.c.rule, verdict.c.article, verdict.c.due_on,
            verdict.c.owner, verdict.c.approximate, cast(verdict.c.why, Text),
        )
        .select_from(
            file.outerjoin(kept, stands(session, as_of)).outerjoin(verdict, verdict.c.case_id == kept.c.case_id)
        )
        .where(sees(viewer), file.c.id.between(part.first, part.last))
        .order_by(file.c.id)
    )  # fmt: skip
    flags, days, today, old, seen = _open_flags(session, viewer, part), Days(), as_of.toordinal(), list[int](), 0
    for (
        case_id, code, is_old, is_open, kind, bucket, rule, article, due, owner, approximate, notes,
    ) in plain_rows(session, rows):  # fmt: skip
        if is_old:
            old.append(case_id)
            continue
        seen += 1
        if is_open:
            due_on = None if due is None else days[due]
            late = None if due_on is None else today - due_on.toordinal()
            told.append(
                ToldFile(
                    code, _KINDS[kind], _BUCKETS[bucket], rule, article, due_on, late, _OWNERS[owner],
                    bool(approximate), _in_order(flags.get(case_id, ())), notes,
                )
            )  # fmt: skip
    return old, seen


def _open_flags(session: Session, viewer: Viewer, part: Part) -> dict[int, list[FlagSince]]:
    flag, days = Flag.__table__, Days()  # type: ignore[attr-defined]
    asked = select(flag.c.case_id, flag.c.rule, flag.c.opened_on).where(
        flag.c.closed_on.is_(None), flag.c.case_id.between(part.first, part.last), sees_flag(viewer)
    )
    found: dict[int, list[FlagSince]] = {}
    for case_id, rule, since in plain_rows(session, asked):
        flags = found.get(case_id)
        if flags is None:
            flags = found[case_id] = []
        flags.append((_RULES[rule], days[since]))
    return found


def _add_judged(
    told: list[ToldFile], session: Session, viewer: Viewer, part: Part, as_of: date, ids: list[int]
) -> None:
    reads, limits, wanted = reader(session), thresholds(), frozenset(ids)
    few = len(ids) <= MOST_OF * part.files
    facts = case_facts(session, viewer, as_of=as_of, ids=ids if few else None, part=None if few else part)
    for each in facts:
        if each.case_id in wanted:
            verdict = judge(each, reads, as_of, limits)
            if verdict.is_open:
                told.append(_told(verdict, as_of, limits))


def _told(verdict: Verdict, as_of: date, limits: Thresholds) -> ToldFile:
    flags = [(flag.rule, flag.since) for flag in flags_of(verdict, as_of, limits)]
    return ToldFile(
        verdict.code, verdict.kind, verdict.bucket, verdict.rule, verdict.article, verdict.due_on, verdict.days_late,
        verdict.owner, verdict.approximate, _in_order(flags), verdict.notes,
    )  # fmt: skip


def _in_order(flags: Sequence[FlagSince]) -> tuple[FlagSince, ...]:
    return tuple(sorted(flags, key=_place)) if len(flags) > 1 else tuple(flags)


def _place(flag: FlagSince) -> tuple[int, date]:
    return _PLACES[flag[0]], flag[1]
