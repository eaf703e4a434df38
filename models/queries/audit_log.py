"""The audit log as people read it: who did what, when; what changed only to those who may see the thing itself."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Enum, exists, func, select
from sqlmodel import Session, col

from models.base import metadata
from models.clock import local
from models.errors import Forbidden
from models.queries._versions import KEPT
from models.queries._visible import sees, visible_ids
from models.queries.audit import LOOKED, REVIEWED
from models.queries.named import Veil, veil
from models.queries.runs import due_at
from models.rules.access import Action, Viewer, may
from models.rules.chain import canonical
from models.rules.deeds import DEEDS, deed, is_plain
from models.rules.lengths import add_months
from models.rules.words import Value, Words, words
from models.tables import AuditEntry, Case, CoordinationRequest, Task

ENTRY: Any = AuditEntry.__table__  # type: ignore[attr-defined]
REVIEW_MONTHS = 6
DEEPEST = 3  # levels of a value that are told one by one

SUBJECTS: dict[str, Words] = {
    "account": words("Account {key}"),
    "audit": words("Audit chain"),
    "backup": words("Backup {key}"),
    "calendar": words("Calendar {key}"),
    "case": words("File {key}"),
    "day": words("Day {key}"),
    "drill": words("Restore drill {key}"),
    "export": words("Workbook {key}"),
    "headings": words("Headings remembered as {key}"),
    "import": words("Import number {key}"),
    "job": words("Job {key}"),
    "mail": words("Mail {key}"),
    "report": words("Issued paper {key}"),
    "request": words("Coordination request {key}"),
    "rule": words("Rule {key}"),
    "session": words("Session {key}"),
    "task": words("Task {key}"),
}
WHOLE = {
    "demo": words("Demo province"),
    "reference": words("Shipped rules and calendar"),
    "records": words("Audit chain"),
    "tasks": words("Several tasks"),
}
LABELS: dict[str, Words] = {
    **{name: label for kept in reversed(list(KEPT.values())) for name, label in kept.fields.items()},
    "reason": words("Reason"),
    "why": words("Reason"),
    "file": words("Workbook"),
    "sha256": words("SHA-256"),
    "role": words("Role"),
    "agency": words("Agency"),
    "clearance": words("Clearance"),
    "failures": words("Failures in a row"),
    "rows": words("Rows"),
    "records": words("Records compared"),
    "head": words("Head of the chain"),
    "ok": words("The chain is whole"),
    "bad_rows": words("Rows not as they were"),
    "bad_records": words("Records not as they were"),
    "first_bad": words("First bad row"),
    "failed": words("Not done"),
    "did": words("What it did"),
    "sign_ins_ended": words("Sign-ins ended"),
    "note": words("Note"),
    "drafts_forgotten": words("Unsaved forms that were forgotten"),
    "taken_out": words("Records taken out"),
    "event": words("Number of the event"),
    "entry": words("Number of the entry"),
    "difficulty": words("Number of the difficulty"),
    "proposal": words("Number of the proposal"),
    "origin": words("Grew from"),
    "changed": words("Changed"),
    "from": words("Before"),
    "to": words("After"),
}


@dataclass(frozen=True)
class LogFilter:
    """What the log is narrowed to; empty: everything. `first` and `last` are days of the province."""

    who: str = ""
    action: str = ""
    about: str = ""
    first: date | None = None
    last: date | None = None


class LogValue(NamedTuple):
    """One value of a row: its name, before, after."""

    label: Words
    before: Value
    after: Value


@dataclass(frozen=True)
class LogRow:
    """One row of the log. `values` is None where the viewer may not see what was written."""

    id: int
    at: datetime
    who: str
    address: str
    deed: Words
    about: Words | None
    case_code: str
    values: tuple[LogValue, ...] | None
    hash: str
    before_hash: str
    after_hash: str


@dataclass(frozen=True)
class LogPage:
    """Rows, newest first, of how many."""

    rows: tuple[LogRow, ...]
    total: int


@dataclass(frozen=True)
class Look:
    """What the last look at the chain found."""

    at: datetime
    ok: bool
    rows: int
    records: int
    bad: int


@dataclass(frozen=True)
class Review:
    """When a person last signed the log off, and whether that is too long ago."""

    at: datetime | None
    who: str
    note: str
    due_on: date
    is_due: bool


def log_page(session: Session, viewer: Viewer, wanted: LogFilter, *, page: int = 1, size: int | None = 50) -> LogPage:
    """The rows of the filter, newest first; of files that the viewer may not see there are none. Raises Forbidden."""
    _require(viewer)
    run = session.connection()
    conditions = [*_conditions(wanted), *_seen(viewer)]
    total = run.execute(select(func.count()).select_from(ENTRY).where(*conditions)).scalar() or 0
    asked = select(ENTRY).where(*conditions).order_by(ENTRY.c.id.desc())
    if size is not None:
        asked = asked.limit(size).offset((page - 1) * size)
    found = run.execute(asked).all()
    hidden = _hidden(session, viewer, found)
    seen = Veil(frozenset())
    if may(viewer, Action.READ_FILES):  # others know codes
        seen = veil(session, viewer, [text for row in found for text in (row.before, row.after)])
    return LogPage(tuple(_row(row, row.subject not in hidden, seen) for row in found), total)


def people_of_the_log(session: Session, viewer: Viewer) -> list[str]:
    """Everybody who stands in the log. Raises Forbidden."""
    _require(viewer)
    return list(session.connection().execute(select(ENTRY.c.actor).distinct().order_by(ENTRY.c.actor)).scalars())


def actions_of_the_log(session: Session, viewer: Viewer) -> dict[str, Words]:
    """Every kind of act that stands in the log. Raises Forbidden."""
    _require(viewer)
    found = session.connection().execute(select(ENTRY.c.action).distinct()).scalars()
    return {action: deed(action) for action in found if action in DEEDS}


def last_look(session: Session, viewer: Viewer) -> Look | None:
    """What the last look at the chain found; None before the first. Raises Forbidden."""
    _require(viewer)
    return _look(session)


def _look(session: Session) -> Look | None:
    row = _last(session, LOOKED)
    if row is None:
        return None
    said = json.loads(row.after)
    return Look(row.at, said["ok"], said["rows"], said["records"], said["bad_rows"] + said["bad_records"])


def broken_chain(session: Session, viewer: Viewer) -> Look | None:
    """The last look at the chain if it found something broken, for who may read the log or the runs."""
    if not (may(viewer, Action.READ_AUDIT) or may(viewer, Action.READ_RUNS)):
        return None
    look = _look(session)
    return look if look and not look.ok else None


def review(session: Session, viewer: Viewer, *, today: date) -> Review:
    """The last time somebody signed the log off; due again six months after it, or after the log began.

    Raises Forbidden.
    """
    _require(viewer)
    row = _last(session, REVIEWED)
    began = session.connection().execute(select(func.min(ENTRY.c.at))).scalar()
    since = row.at if row else began
    due_on = add_months(local(since).date(), REVIEW_MONTHS) if since else today
    note = str(json.loads(row.after)["note"]) if row else ""
    return Review(row.at if row else None, row.actor if row else "", note, due_on, due_on <= today)


def _last(session: Session, action: str) -> Any:
    asked = select(ENTRY).where(ENTRY.c.action == action).order_by(ENTRY.c.id.desc()).limit(1)
    return session.connection().execute(asked).first()


def _require(viewer: Viewer) -> None:
    if not may(viewer, Action.READ_AUDIT):
        raise Forbidden(words("This account may not read the audit chain."))


# --- what is asked for ---------------------------------------------------------------------------------------------


def _conditions(wanted: LogFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.who:
        yield ENTRY.c.actor == wanted.who
    if wanted.action:
        yield ENTRY.c.action == wanted.action
    if wanted.about:
        yield func.lower(ENTRY.c.subject).contains(wanted.about.lower(), autoescape=True)
    if wanted.first:
        yield ENTRY.c.at >= due_at(datetime.min.time(), wanted.first)
    if wanted.last:
        yield ENTRY.c.at < due_at(datetime.min.time(), wanted.last + timedelta(days=1))


def _seen(viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    """Who may read files sees no row about a file that he may not see; others see codes, and no content."""
    if may(viewer, Action.READ_FILES):
        subject = "case:" + col(Case.code)
        yield ~exists().where(subject == ENTRY.c.subject, ~sees(viewer))


# --- what is shown -------------------------------------------------------------------------------------------------


def _hidden(session: Session, viewer: Viewer, rows: Sequence[Any]) -> set[str]:
    """The subjects among these rows whose values the viewer may not see."""
    subjects = {row.subject for row in rows if not is_plain(row.subject)}
    if not may(viewer, Action.READ_FILES):
        return subjects
    hidden = set()
    for prefix, table in (("task", Task), ("request", CoordinationRequest)):
        codes = {subject.partition(":")[2] for subject in subjects if subject.startswith(f"{prefix}:")}
        asked = select(col(table.code)).where(
            col(table.code).in_(codes),
            col(table.case_id).is_not(None),
            col(table.case_id).not_in(visible_ids(viewer)),
        )
        hidden |= {f"{prefix}:{code}" for code in session.connection().execute(asked).scalars()}
    return hidden


def _row(row: Any, shown: bool, seen: Veil) -> LogRow:
    about, code = _about(row.subject)
    return LogRow(
        row.id, row.at, row.actor, row.address, deed(row.action), about, code, _values(row, seen) if shown else None,
        row.hash, row.before_hash or "", row.after_hash or "",
    )  # fmt: skip


def _about(subject: str) -> tuple[Words | None, str]:
    kind, _, key = subject.partition(":")
    if kind in WHOLE:
        return WHOLE[kind], ""
    if kind not in SUBJECTS:
        return None, ""
    return SUBJECTS[kind]._replace(values=(("key", key),)), key if kind == "case" else ""


def _values(row: Any, seen: Veil) -> tuple[LogValue, ...]:
    """What was written, value by value, without the codes of files that the viewer may not see."""
    before, after = _told(seen.text(row.before)), _told(seen.text(row.after))
    if "layout" in after:
        del after["layout"]
    names = list(dict.fromkeys((*before, *after)))
    return tuple(
        LogValue(_label(name), _value(name, before.get(name)), _value(name, after.get(name))) for name in names
    )


def _told(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {"note": text}
    return found if isinstance(found, dict) else {"changed": found}


def _label(name: str) -> Words:
    if name.startswith("LIEM_"):
        return words("Setting {name}", name=name)
    return LABELS.get(name) or words("Detail “{name}”", name=name.replace("_", " "))


def _value(name: str, value: Any) -> Value:
    """A stored value as people read it: days, amounts, the members of closed lists."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    if isinstance(value, list):
        return ", ".join(_flat(value)) or None
    if isinstance(value, dict):
        return "; ".join(f"{key.replace('_', ' ')}: {', '.join(_flat([each]))}" for key, each in value.items())
    if isinstance(value, str):
        for members in _lists().get(name, ()):
            if value in members:
                return members[value]  # type: ignore[no-any-return]
        try:
            return date.fromisoformat(value) if len(value) == len("2026-01-05") else value
        except ValueError:
            return value
    return str(value)


def _flat(values: Iterable[Any], depth: int = 0) -> Iterator[str]:
    for value in values:
        yield str(value) if not isinstance(value, dict | list) or depth > DEEPEST else canonical(value)


@cache
def _lists() -> dict[str, list[dict[str, Any]]]:
    """Column name → the closed lists that columns of this name hold."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.tables.values():
        for each in table.columns:
            if isinstance(each.type, Enum) and each.type.enum_class:
                members = {member.value: member for member in each.type.enum_class}
                if members not in found.setdefault(each.name, []):
                    found[each.name].append(members)
    return found
