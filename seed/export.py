"""Everything a viewer may see, as a workbook that can be imported again without loss."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.changes.exports import record_export
from models.db import Engine, Session, read_session, transaction
from models.enums import Category
from models.errors import Forbidden
from models.queries.named import veil
from models.queries.restrictions import levels_by_code
from models.queries.workbook import (
    NOBODY,
    accused_codes,
    agency_labels,
    chunks,
    committee_sessions,
    current_accused,
    current_details,
    current_entries,
    current_events,
    current_requests,
    current_tasks,
    known_files,
    officials,
)
from models.rules.access import Action, Viewer, may
from models.rules.secrecy import mark
from models.rules.words import words
from models.settings import settings
from models.text import Translator, translator
from models.whole_file import whole
from seed.book import Book, term
from seed.columns import CASE_MONEY, FORM, Field, Sheet
from seed.terms import event_shown

FILES_AT_ONCE = 2_000
YES = "Có"


def export_file(
    path: str | Path, viewer: Viewer, *, now: datetime, today: date, engine: Engine | None = None
) -> dict[str, int]:
    """Write the export to `path` and leave an audit row, or neither; rows per sheet. Raises Forbidden, BadUsage."""
    with whole(Path(path)) as made:
        with read_session(engine) as session:
            rows = write_export(session, viewer, made, today=today)
            codes = {file.code for file in known_files(session, viewer).values()}
        with transaction(engine) as session:
            record_export(session, viewer, now=now, file=Path(path).name, rows=rows, codes=codes)
    return rows


def write_export(
    session: Session, viewer: Viewer, path: str | Path, *, today: date, t: Translator | None = None
) -> dict[str, int]:
    """Write every current fact the viewer may see to `path`; rows per sheet. Raises Forbidden.

    Money stands on its own sheet with its dates; the money columns of the list are left out, because they would be
    dated anew. Officials are named with their function and agency; accounts and addresses are not exported.
    """
    if not may(viewer, Action.EXPORT):
        raise Forbidden(words("This account may not export."))
    source = _Source(session, viewer)
    book = Book(Path(path), t or translator(settings().language))
    counts: dict[str, int] = {}
    for sheet, rows in source.sheets():
        book.add(sheet, export_fields(sheet), _counted(rows, sheet, counts))
    codes = {file.code for file in known_files(session, viewer).values()}
    if line := mark(levels_by_code(session, viewer), codes):
        book.mark((t or translator(settings().language)).words(line))
    book.add_guide()
    book.add_lists()
    book.close()
    return counts


def export_fields(sheet: Sheet) -> tuple[Field, ...]:
    """The columns of a sheet of the export."""
    return tuple(field for field in FORM[sheet].fields if not (sheet is Sheet.CASES and field.name in CASE_MONEY))


def _counted(rows: Iterable[Any], sheet: Sheet, counts: dict[str, int]) -> Iterator[Any]:
    counts[sheet.value] = 0
    for row in rows:
        counts[sheet.value] += 1
        yield row


class _Source:
    """The rows of each sheet, in the order of its columns."""

    def __init__(self, session: Session, viewer: Viewer) -> None:
        self._session, self._viewer = session, viewer
        self._files = sorted(known_files(session, viewer).values(), key=lambda file: file.code)
        self._codes = {file.id: file.code for file in self._files}
        self._agencies = agency_labels(session)
        self._officials = officials(session)
        self._named: set[int] = set()
        self._sessions = committee_sessions(session, planned=False)  # a day to come is no fact of a workbook

    def sheets(self) -> Iterator[tuple[Sheet, Iterable[Any]]]:
        """The sheets in the order they are shown; some of them only where there is something to write."""
        yield Sheet.CASES, self._cases()
        yield Sheet.EVENTS, self._facts(self._events, self._event)
        yield Sheet.MONEY, self._facts(current_entries, self._entry)
        yield Sheet.TASKS, self._tasks()
        if requests := list(self._requests()):
            yield Sheet.REQUESTS, requests
        if self._sessions:
            yield Sheet.SESSIONS, map(self._session_row, self._sessions)
        accused = list(self._facts(current_accused, self._accused))
        if accused:
            yield Sheet.ACCUSED, accused
        if self._named:
            yield Sheet.OFFICIALS, map(self._official_row, sorted(self._named))

    def _official(self, id: int | None) -> str:
        """The name of the official, who gets a row on the sheet of officials."""
        if id is not None:
            self._named.add(id)
        return self._officials.get(id, NOBODY).name

    def _official_row(self, id: int) -> tuple[Any, ...]:
        official = self._officials.get(id, NOBODY)
        return official.name, official.function, self._agencies.code(official.agency_id)

    def _cases(self) -> Iterator[tuple[Any, ...]]:
        for part in chunks(self._files, FILES_AT_ONCE):
            details = current_details(self._session, [file.id for file in part])
            for file in part:
                if (detail := details.get(file.id)) is not None:
                    yield self._case(file.code, file.origin_id, detail)

    def _case(self, code: str, origin: int | None, detail: dict[str, Any]) -> tuple[Any, ...]:
        marks = ("is_corruption", "is_waste", "is_negativity")
        categories = [term(member) for member, mark in zip(Category, marks, strict=True) if detail[mark]]
        values = {
            **detail,
            "code": code,
            "kind": term(detail["kind"]),
            "categories": "; ".join(categories),
            "severity": term(detail["severity"]),
            "lead_agency_code": self._agencies.code(detail["lead_agency_id"]),
            "origin": self._codes.get(origin, "") if origin else "",
            "responsible": self._official(detail["responsible_id"]),
        }
        return _row(Sheet.CASES, values)

    def _facts(self, ask: Any, row: Any) -> Iterator[tuple[Any, ...]]:
        for part in chunks(self._files, FILES_AT_ONCE):
            found = list(ask(self._session, [file.id for file in part]))
            for fact in sorted(found, key=lambda fact: (self._codes[fact.case_id], _day(fact), fact.id)):
                yield row(fact)

    def _events(self, session: Session, ids: list[int]) -> list[Any]:
        found = list(current_events(session, ids))
        self._seen = veil(session, self._viewer, [fact.detail for fact in found])
        return found

    def _event(self, fact: Any) -> tuple[Any, ...]:
        values = {
            **fact._mapping,
            "code": self._codes[fact.case_id],
            "detail": self._seen.text(fact.detail),
            "happened_on": (fact.happened_on, fact.precision),
            "event": event_shown()[fact.kind],
            "accused": self._accused_codes.get(fact.accused_id, "") if fact.accused_id else "",
        }
        return _row(Sheet.EVENTS, values)

    @property
    def _accused_codes(self) -> dict[int, str]:
        if not hasattr(self, "_accused_by_id"):
            self._accused_by_id = accused_codes(self._session)
        return self._accused_by_id

    def _entry(self, fact: Any) -> tuple[Any, ...]:
        values = {
            **fact._mapping,
            "code": self._codes[fact.case_id],
            "happened_on": (fact.happened_on, fact.precision),
            "quantity": term(fact.quantity),
            "kind": term(fact.kind),
        }
        return _row(Sheet.MONEY, values)

    def _accused(self, fact: Any) -> tuple[Any, ...]:
        values = {**fact._mapping, "case_code": self._codes[fact.case_id], "status": term(fact.status)}
        return _row(Sheet.ACCUSED, values)

    def _tasks(self) -> Iterator[tuple[Any, ...]]:
        sessions = {row["id"]: row for row in self._sessions}
        for task in current_tasks(self._session, self._viewer).values():
            if task["case_id"] is not None and task["case_id"] not in self._codes:
                continue
            held = sessions.get(task["session_id"], {"number": None, "kind": None, "term": ""})
            values = {
                **task,
                "case_code": self._codes.get(task["case_id"], ""),
                "lead_agency": self._agencies.name(task["lead_agency_id"]),
                "cooperating": "; ".join(sorted(map(self._agencies.name, task["cooperating"]))),
                "responsible": self._official(task["responsible_id"]),
                "origin": term(task["origin"]),
                "session_number": held["number"],
                "session_kind": term(held["kind"]),
                "session_term": held["term"],
            }
            yield _row(Sheet.TASKS, values)

    def _requests(self) -> Iterator[tuple[Any, ...]]:
        for request in current_requests(self._session, self._viewer).values():
            if request["case_id"] is not None and request["case_id"] not in self._codes:
                continue
            values = {
                **request,
                "case_code": self._codes.get(request["case_id"], ""),
                "kind": term(request["kind"]),
                "asks": self._agencies.name(request["from_agency_id"]),
                "asked": self._agencies.name(request["to_agency_id"]),
                "urgent": YES if request["urgent"] else "",
                "partial": YES if request["partial"] else "",
            }
            yield _row(Sheet.REQUESTS, values)

    def _session_row(self, held: dict[str, Any]) -> tuple[Any, ...]:
        return _row(Sheet.SESSIONS, {**held, "kind": term(held["kind"])})


def _day(fact: Any) -> date:
    day: date = getattr(fact, "happened_on", None) or fact.status_on
    return day


def _row(sheet: Sheet, values: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(values[field.name] for field in export_fields(sheet))
