"""Rules as an administrator changes them: always a new version with its reason; the old one is kept, retracted.

A change takes effect by its validity. One that starts later than the version it follows leaves that version in force
until the day before; any other one takes its place from the beginning. A rulebook that could not be read any more is
refused before anything is written.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from models.changes._audit import record
from models.enums import Origin, Verified
from models.errors import Forbidden
from models.queries.reference import LIMIT_FIELDS, STEP, limit_values, rulebook
from models.rules.access import SYSTEM, Action, Viewer, may
from models.rules.lengths import BadLength, parse_length
from models.rules.limits import Rulebook
from models.rules.words import Refusal, Words, words
from models.tables import StatutoryLimit
from models.text import clean

Change = Callable[[Session, Viewer], object]

REASON_LENGTH = 500
LONGEST = {
    "code": 40, "stage": 60, "severity": 40, "base_limit": 60, "extension_length": 60, "max_total": 40, "article": 60,
    "law": 200, "notes": 1000,
}  # fmt: skip


class RuleRefused(Refusal):
    """A change of a rule that would not make sense; the sentence says why."""


def change_limit(
    session: Session, viewer: Viewer, limit_id: int, *, reason: str, now: datetime, **given: Any
) -> StatutoryLimit:
    """The new version of a limit with the columns `given` changed (those of LIMIT_FIELDS but the code and the step).

    The longest total of a base limit follows the limit itself. Raises Forbidden, RuleRefused, and BadRule for a length
    nobody can read.
    """
    may_change(viewer)
    why = required_reason(reason)
    old = session.get(StatutoryLimit, limit_id)
    if old is None or old.retracted_at is not None:
        raise RuleRefused(words("This rule was changed by somebody else. Open it again and look at it as it is now."))
    before = limit_values(old)
    after = _checked(before | _followed(before, given))
    if after == before:
        raise RuleRefused(words("Nothing would change: the rule says this already."))
    retract(old, Origin.ADMINISTRATOR, why, now)
    session.flush()
    if _starts_later(after, before):
        ended = after["valid_from"] - timedelta(days=1)
        add_row(session, before | {"valid_to": min(ended, before["valid_to"] or ended)}, why, now)
    made = add_row(session, after, why, now)
    rulebook(session)  # raises BadRule if the new rules cannot be read
    record(session, viewer, "change_limit", f"rule:{old.code}", now=now, before=before, after=after | {"reason": why})
    return made


def add_limit(session: Session, viewer: Viewer, *, reason: str, now: datetime, **given: Any) -> StatutoryLimit:
    """A limit or an extension that the table does not have yet, of a new rule or of one that is there.

    Raises Forbidden, RuleRefused, BadRule.
    """
    may_change(viewer)
    why = required_reason(reason)
    after = checked_rule(given)
    if not after["code"]:
        raise RuleRefused(words("A rule needs its code."))
    made = add_row(session, after, why, now)
    rulebook(session)
    record(session, viewer, "add_limit", f"rule:{made.code}", now=now, after=after | {"reason": why})
    return made


def checked_rule(given: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the table with what is given, every field as it is kept. Raises RuleRefused."""
    empty = dict.fromkeys(LIMIT_FIELDS, "") | {"severity": "any", "extension_no": 0, "verified": Verified.PARTIAL}
    return _checked(empty | {"valid_from": None, "valid_to": None} | dict(given))


def take_shipped_limit(
    session: Session, viewer: Viewer, step: tuple[Any, ...], rows: Sequence[Mapping[str, Any]], *, now: datetime
) -> None:
    """Give a step of a rule (code, class, extension) back to the program: its rows `rows` replace what is in force.

    Raises Forbidden, RuleRefused.
    """
    may_change(viewer)
    brought = [dict(row) for row in rows if tuple(row[name] for name in STEP) == step]
    if not brought:
        raise RuleRefused(words("The program brings no rule {code} for this step.", code=str(step[0])))
    current = session.exec(
        select(StatutoryLimit).where(
            col(StatutoryLimit.retracted_at).is_(None),
            *(getattr(StatutoryLimit, name) == value for name, value in zip(STEP, step, strict=True)),
        )
    ).all()
    before = [limit_values(row) for row in current]
    for row in current:
        retract(row, Origin.ADMINISTRATOR, "", now)
    session.flush()
    for values in brought:
        session.add(StatutoryLimit(**values, origin=Origin.SHIPPED, recorded_at=now))
    session.flush()
    rulebook(session)
    record(session, viewer, "take_shipped_limit", f"rule:{step[0]}", now=now, before=before, after=brought)


def tried(session: Session, viewer: Viewer, change: Change) -> tuple[Rulebook, Rulebook]:
    """The rulebook as it is, and as `change` would make it; everything the change wrote is undone.

    Whoever may read the rules may try a change: it is made as the system's, for nothing of it stays. Takes the writers'
    turn for a moment. Raises Forbidden, and what the change raises.
    """
    if not may(viewer, Action.READ_REFERENCE):
        raise Forbidden(words("The rules and the calendar are not part of your role."))
    try:
        before = rulebook(session)
        change(session, SYSTEM)
        session.flush()
        return before, rulebook(session)
    finally:
        session.rollback()
        session.info.pop("changed", None)


def retract(row: Any, by: Origin, reason: str, now: datetime) -> None:
    """Mark a version as no longer in force."""
    row.retracted_at, row.retracted_by, row.retracted_reason = now, by, reason


def required_reason(reason: str) -> str:
    """The reason of a change as it is kept. Raises RuleRefused."""
    kept = clean(reason)
    if not kept:
        raise RuleRefused(words("Say why: the reason stays with the change. Name the law or the notice."))
    if len(kept) > REASON_LENGTH:
        raise RuleRefused(words("The reason has more than {n} characters.", n=REASON_LENGTH))
    return kept


def may_change(viewer: Viewer) -> None:
    """Refuse who may not change the rules. Raises Forbidden."""
    if not may(viewer, Action.MANAGE_REFERENCE):
        raise Forbidden(words("Only an administrator may change the rules."))


def _followed(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given; with a new base limit also the longest total, which of a base limit is the limit itself."""
    if unknown := set(given) - set(LIMIT_FIELDS) | set(given) & set(STEP):
        raise TypeError(f"not to be changed: {', '.join(sorted(unknown))}")
    follows = before["extension_no"] == 0 and before["max_total"] == before["base_limit"] != ""
    more = {"max_total": given["base_limit"]} if follows and "base_limit" in given else {}
    return {**given, **more}


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values as they are kept. Raises RuleRefused."""
    for name, longest in LONGEST.items():
        values[name] = clean(str(values[name]))
        if len(values[name]) > longest:
            raise RuleRefused(words("{field}: more than {n} characters.", field=FIELD_NAMES.get(name, name), n=longest))
    for name in ("base_limit", "extension_length", "max_total"):
        values[name] = _canonical(values[name])
    start, end = values["valid_from"], values["valid_to"]
    if start and end and end < start:
        raise RuleRefused(words("The rule would end on {end}, before it starts on {start}.", end=end, start=start))
    if values["extension_no"] and not values["extension_length"]:
        raise RuleRefused(words("An extension needs its length: write 20d, 2m, or 2 tháng."))
    if not values["article"] and not values["law"]:
        raise RuleRefused(words("Name the article or the law that the rule stands on."))
    return values


def _canonical(length: str) -> str:
    """`2 tháng 15 ngày` as the table writes it, `2m+15d`; what is no plain length stays for the rulebook to judge."""
    try:
        return str(parse_length(length))
    except BadLength:
        return length


FIELD_NAMES: dict[str, Words] = {
    "code": words("Code"),
    "stage": words("Stage"),
    "severity": words("Class of offence"),
    "base_limit": words("Base limit"),
    "extension_length": words("Extension"),
    "max_total": words("Longest total"),
    "article": words("Article"),
    "law": words("Law"),
    "notes": words("Notes"),
}


def _starts_later(after: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    start: date | None = after["valid_from"]
    return start is not None and start > (before["valid_from"] or date.min)


def add_row(session: Session, values: dict[str, Any], reason: str, now: datetime) -> StatutoryLimit:
    """A new version. Raises RuleRefused when a version of the same step starts on the same day."""
    step = {name: values[name] for name in STEP}
    same = select(StatutoryLimit.id).where(
        col(StatutoryLimit.retracted_at).is_(None),
        *(getattr(StatutoryLimit, name) == value for name, value in step.items()),
        col(StatutoryLimit.valid_from).is_(None)
        if values["valid_from"] is None
        else col(StatutoryLimit.valid_from) == values["valid_from"],
    )
    if session.exec(same).first() is not None:
        raise RuleRefused(
            words(
                "Rule {code}, extension {number}, already has a version that starts on {day}: change that one.",
                code=values["code"],
                number=values["extension_no"],
                day=values["valid_from"],
            )
        )
    made = StatutoryLimit(**values, origin=Origin.ADMINISTRATOR, reason=reason, recorded_at=now)
    session.add(made)
    session.flush()
    return made
