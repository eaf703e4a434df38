"""The flags of files as the scan opens, keeps and closes them: dated by the rule, not by the night."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast, insert, select, update
from sqlmodel import Session

from models.enums import FlagRule
from models.queries.facts import case_facts
from models.queries.judged import reader, thresholds
from models.rules.access import SYSTEM
from models.rules.flag_history import FlagHistory
from models.rules.judge import Verdict
from models.rules.stalled import FlagVerdict, flags_of
from models.rules.words import Words, encode
from models.tables import Flag

_Key = tuple[int, FlagRule, str]  # file, rule, subject


class Flagged(NamedTuple):
    """How many flags were opened and closed, and the files of which a flag was opened, closed or told otherwise."""

    opened: int
    closed: int
    files: set[int]


def write(session: Session, ids: list[int], verdicts: Iterable[Verdict], as_of: date, now: datetime) -> Flagged:
    """Open the flags of these files that hold by the verdicts, and close the others.

    Those that go on are written only if they are told otherwise.
    """
    limits, table, run = thresholds(), Flag.__table__, session.connection()  # type: ignore[attr-defined]
    standing = _standing(session, ids)
    new: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    gone: list[tuple[int, _Key, date]] = []
    files: set[int] = set()
    for verdict in verdicts:
        for flag in flags_of(verdict, as_of, limits):
            key = (verdict.case_id, flag.rule, flag.subject)
            row = standing.pop(key, None)
            if row is None or row.opened_on != flag.since:
                new.append({"case_id": verdict.case_id, **_flag_row(flag, now)})
                files.add(verdict.case_id)
                if row:  # another day is another flag; the two may not be open at once
                    gone.append((row.id, key, row.opened_on))
            elif (row.article, row.owner, row.told) != (flag.article, flag.owner, _stored(flag)):
                moved.append({"flag_id": row.id, **_said(flag)})
                files.add(verdict.case_id)
    gone += [(row.id, key, row.opened_on) for key, row in standing.items()]
    files |= {key[0] for _, key, _ in gone}
    if gone:
        ended = update(table).where(table.c.id == bindparam("flag_id"))
        run.execute(ended.values(closed_on=bindparam("last"), closed_at=now), _ends(session, gone, as_of))
    if moved:
        run.execute(update(table).where(table.c.id == bindparam("flag_id")), moved)
    if new:
        run.execute(insert(table), new)
    return Flagged(len(new), len(gone), files)


def _standing(session: Session, ids: list[int]) -> dict[_Key, Any]:
    """The open flags of these files."""
    table = Flag.__table__  # type: ignore[attr-defined]
    asked = select(
        table.c.id, table.c.case_id, table.c.rule, table.c.subject, table.c.opened_on, table.c.article,
        table.c.owner, cast(table.c.why, Text).label("told"),
    ).where(table.c.closed_on.is_(None), table.c.case_id.in_(ids))  # fmt: skip
    return {(row.case_id, row.rule, row.subject): row for row in session.connection().execute(asked)}


def _ends(session: Session, gone: list[tuple[int, _Key, date]], as_of: date) -> list[dict[str, Any]]:
    """When each flag stopped being true: the day the facts say, however many nights were missed."""
    ended = {flag_id: max(as_of, since) for flag_id, _, since in gone}
    of_file: dict[int, list[tuple[int, _Key, date]]] = {}
    for each in gone:
        of_file.setdefault(each[1][0], []).append(each)
    reads, limits = reader(session), thresholds()
    for facts in case_facts(session, SYSTEM, as_of=as_of, ids=list(of_file)):
        history = FlagHistory(facts, reads, limits)
        for flag_id, (_, rule, subject), since in of_file[facts.case_id]:
            ended[flag_id] = history.ended_on(rule, subject, since, as_of)
    return [{"flag_id": flag_id, "last": last} for flag_id, last in ended.items()]


def _flag_row(flag: FlagVerdict, now: datetime) -> dict[str, Any]:
    return {
        "rule": flag.rule,
        "subject": flag.subject,
        "opened_on": flag.since,
        "recorded_at": now,
        **_said(flag),
    }


def _said(flag: FlagVerdict) -> dict[str, Any]:
    """What may be told otherwise while the flag goes on: whose move it is, by which article, why."""
    return {"article": flag.article, "owner": flag.owner, "why": [encode(flag.why), encode(flag.clears)]}


def _stored(flag: FlagVerdict) -> str:
    """The sentences as the database keeps them, to compare with."""
    return f"[{_text(flag.why)}, {_text(flag.clears)}]"


@lru_cache(maxsize=20_000)
def _text(sentence: Words) -> str:
    """Many files have the same sentence of the same day."""
    return json.dumps(encode(sentence))
