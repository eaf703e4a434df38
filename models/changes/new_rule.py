"""A wholly new rule as an administrator enters it: its base limit and its extensions, all of them or none."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from models.changes._audit import record
from models.changes.rules import RuleRefused, add_row, checked_rule, may_change, required_reason
from models.queries.reference import rulebook
from models.rules.access import Viewer
from models.rules.lengths import BadLength, Length, parse_length
from models.rules.words import words
from models.tables import StatutoryLimit

CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
MOST = 6  # extensions of one rule


def add_rule(
    session: Session,
    viewer: Viewer,
    *,
    reason: str,
    now: datetime,
    extensions: Sequence[str] = (),
    **given: Any,
) -> StatutoryLimit:
    """A rule whose code the table does not have yet. `extensions`: the length of each, in their order.

    The longest total follows from the lengths. Raises Forbidden, RuleRefused, BadRule.
    """
    may_change(viewer)
    why = required_reason(reason)
    code = str(given.get("code", "")).strip().upper()
    _require_new(session, code)
    base = checked_rule(given | {"code": code, "max_total": given.get("base_limit", "")})
    if not base["base_limit"]:
        raise RuleRefused(words("A rule needs its base limit: write 20d, 2m, or 2 tháng."))
    rows = [base, *_extensions(base, [text for text in extensions if text.strip()])]
    made = [add_row(session, row, why, now) for row in rows]
    rulebook(session)  # raises BadRule if the new rules cannot be read
    record(session, viewer, "add_rule", f"rule:{code}", now=now, after={"rows": rows, "reason": why})
    return made[0]


def _require_new(session: Session, code: str) -> None:
    if not CODE.fullmatch(code):
        raise RuleRefused(
            words("Code: write 2 to 40 capital letters, digits and underscores, a letter first, as TAX_REPLY.")
        )
    there = select(StatutoryLimit.id).where(StatutoryLimit.code == code, col(StatutoryLimit.retracted_at).is_(None))
    if session.exec(there).first() is not None:
        raise RuleRefused(words("There is a rule {code} already: open it and change it.", code=code))


def _extensions(base: dict[str, Any], lengths: Sequence[str]) -> Iterable[dict[str, Any]]:
    if len(lengths) > MOST:
        raise RuleRefused(words("A rule has {n} extensions at most.", n=MOST))
    total = _length(base["base_limit"])
    for number, text in enumerate(lengths, start=1):
        more = _length(text)
        if more is None:
            raise RuleRefused(
                words("Extension {n}: {given} is no length: write 20d, 2m, or 2 tháng.", n=number, given=repr(text))
            )
        total = total + more if total else None
        longest = str(total) if total else ""
        yield checked_rule(base | {"extension_no": number, "extension_length": text, "max_total": longest})


def _length(text: str) -> Length | None:
    try:
        return parse_length(text)
    except BadLength:
        return None
