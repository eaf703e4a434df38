"""Plan events and money: what is new, what is known, what replaces something."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlmodel import Session

from models.changes._import_files import UNKNOWN_FILE
from models.changes._import_plan import FileRef, Plan, Row
from models.changes.drafts import CaseDraft, Drafts, EntryDraft, EventDraft
from models.enums import EntryKind, EventKind, Precision
from models.queries.named import veil
from models.queries.workbook import MONEY_EVENTS, current_entries, current_events, money_events
from models.rules.access import Viewer
from models.rules.words import words
from models.tables import CaseEvent, MoneyEntry

# The source of an event that stands for the column `Ngày đưa vào diện` of the list.
FROM_COLUMN = "Ngày đưa vào diện"

Key = tuple[Any, ...]


def plan_events(session: Session, viewer: Viewer, plan: Plan, drafts: Drafts) -> None:
    """Every event row becomes a new fact or one that is known already, also as the viewer's own export tells it."""
    files = _files(plan, (draft.code for draft in drafts.events))
    files |= _files(plan, (draft.code for draft in drafts.cases if "supervised_from" in draft.given))
    known: dict[Key, Any] = {}
    placed: dict[FileRef, list[Any]] = {}
    rows = list(current_events(session, [file for file in files if isinstance(file, int)]))
    seen = veil(session, viewer, [row.detail for row in rows])
    for row in rows:
        known[_event_key(row.case_id, row)] = row
        if seen.hidden:
            told = (row.case_id, row.happened_on, row.precision, row.kind, seen.text(row.detail), row.amount_vnd)
            known.setdefault(told, row)
        if row.kind is EventKind.PLACED_UNDER_SUPERVISION:
            placed.setdefault(row.case_id, []).append(row)
    here: dict[Key, EventDraft] = {}
    stated: set[FileRef] = set()
    for draft in drafts.events:
        if (file := _file(plan, draft)) is None:
            continue
        if draft.kind is EventKind.PLACED_UNDER_SUPERVISION:
            stated.add(file)
        _plan_event(plan, draft, file, known, here)
    for case in drafts.cases:
        _plan_placed(plan, case, stated, placed)


def _files(plan: Plan, codes: Iterable[str]) -> set[FileRef]:
    return {file for code in set(codes) if (file := plan.file(code)) is not None}


def _file(plan: Plan, draft: EventDraft | EntryDraft) -> FileRef | None:
    """The file of the row; None, with an error unless the file's own row was refused, if nobody knows it."""
    file = plan.file(draft.code)
    if file is None and draft.code.upper() not in plan.refused_codes:
        plan.errors.append(draft.place.finding("code", draft.code, UNKNOWN_FILE))
    return file


def _event_key(file: FileRef, fact: Any) -> Key:
    return file, fact.happened_on, fact.precision, fact.kind, fact.detail, fact.amount_vnd


def _plan_event(
    plan: Plan, draft: EventDraft, file: FileRef, known: dict[Key, Any], here: dict[Key, EventDraft]
) -> None:
    if draft.accused and (file, draft.accused.upper()) not in plan.accused_known:
        reason = words("No accused of this file has this code. Add a row to the sheet “Bị can” first.")
        plan.errors.append(draft.place.finding("accused", draft.accused, reason))
    key = _event_key(file, draft)
    first = here.setdefault(key, draft)
    if first is not draft:
        reason = words("The same event stands in row {row}; it counts once.", row=str(first.place.row))
        plan.warnings.append(draft.place.finding("event", draft.name, reason))
        return
    if (before := known.get(key)) is not None:
        plan.event_tally.unchanged += 1
        plan.warnings.append(draft.place.finding("event", draft.name, _known_reason(draft, before)))
        return
    row = _event_row(file, draft)
    plan.refuse_words(draft.place, "case_event", row)
    plan.events.append(row)
    plan.event_tally.new += 1
    plan.change_of(draft.code).new_events += 1
    plan.touch(file)


def _known_reason(draft: EventDraft, before: Any) -> Any:
    """Why an event that is known already is not written; says so when the row knows more than the fact."""
    pairs = ((draft.document, before.document), (draft.length, before.length), (draft.body, before.body))
    if any(stated and stated != recorded for stated, recorded in pairs):
        return words(
            "This event is recorded already, with another document, length or issuing body; the recorded fact stays. "
            "Correct it on the page of the file."
        )
    return words("This event is recorded already; it counts once.")


def _event_row(file: FileRef, draft: EventDraft) -> Row:
    return {
        "case_id": file, "kind": draft.kind, "happened_on": draft.happened_on, "precision": draft.precision,
        "detail": draft.detail, "amount_vnd": draft.amount_vnd, "document": draft.document, "body": draft.body,
        "length": draft.length, "accused_id": draft.accused.upper() or None, "source": draft.source,
    }  # fmt: skip


def _plan_placed(plan: Plan, case: CaseDraft, stated: set[FileRef], placed: dict[FileRef, list[Any]]) -> None:
    """The event that `Ngày đưa vào diện` means, unless the events sheet or the database has it."""
    day = case.given.get("supervised_from")
    file = plan.file(case.code)
    if day is None or file is None or file in stated:
        return
    before = placed.get(file, [])
    if any(row.happened_on == day and row.precision is Precision.DAY for row in before):
        return
    for row in before:
        if row.source == FROM_COLUMN and not row.detail:
            plan.retract(CaseEvent, row.id)
    draft = EventDraft(
        case.place, case.code, EventKind.PLACED_UNDER_SUPERVISION, day, Precision.DAY, source=FROM_COLUMN
    )
    plan.events.append(_event_row(file, draft))
    plan.event_tally.new += 1
    plan.change_of(case.code).new_events += 1
    plan.touch(file)


# --- money ---------------------------------------------------------------------------------------------------------


def plan_entries(session: Session, plan: Plan, drafts: Drafts) -> None:
    """The rows of the money sheet, then the money columns of the list."""
    codes = {draft.code for draft in drafts.entries} | {draft.code for draft in drafts.cases if draft.amounts}
    if not codes:
        return
    files = _files(plan, codes)
    ledger = _Ledger(session, [file for file in files if isinstance(file, int)])
    ledger.learn(plan.events)
    here: dict[Key, EntryDraft] = {}
    for draft in drafts.entries:
        _plan_entry(plan, draft, ledger, here)
    latest = _latest_events(drafts)
    for case in drafts.cases:
        if plan.file(case.code) is None:
            continue
        for quantity, amount in case.amounts.items():
            day, precision = latest.get(case.code.upper(), (None, Precision.DAY))
            reading = EntryDraft(case.place, case.code, quantity, EntryKind.READING, amount, day, precision)
            _plan_entry(plan, reading, ledger, here)


def _latest_events(drafts: Drafts) -> dict[str, tuple[date | None, Precision]]:
    """The day of each file's latest event in the workbook; an exact day before a month that begins on it."""
    latest: dict[str, tuple[date, Precision]] = {}
    for event in drafts.events:
        code, day = event.code.upper(), (event.happened_on, event.precision)
        before = latest.get(code)
        if before is None or day[0] > before[0] or (day[0] == before[0] and day[1] is Precision.DAY):
            latest[code] = day
    return dict(latest)


class _Ledger:
    """What is recorded of the money of known files, and what this import adds as it is planned."""

    def __init__(self, session: Session, files: list[int]) -> None:
        self.rows: dict[Key, list[Any]] = {}
        self.moved: dict[FileRef, list[date]] = {}
        self.readings: dict[Key, dict[date, int]] = {}  # amounts by day
        for row in current_entries(session, files):
            self.rows.setdefault(_entry_key(row.case_id, row), []).append(row)
            if row.kind is EntryKind.MOVEMENT:
                self.moved.setdefault(row.case_id, []).append(row.happened_on)
            elif not row.asset_kind and not row.unit:
                self.readings.setdefault((row.case_id, row.quantity), {})[row.happened_on] = row.amount_vnd
        for file, day in money_events(session, files):
            self.moved.setdefault(file, []).append(day)

    def learn(self, events: list[Row]) -> None:
        """Money that moves by events of this import."""
        for event in events:
            if event["kind"] in MONEY_EVENTS and event["amount_vnd"] is not None:
                self.moved.setdefault(event["case_id"], []).append(event["happened_on"])

    def add(self, file: FileRef, draft: EntryDraft, day: date) -> None:
        """An entry of this import."""
        if draft.kind is EntryKind.MOVEMENT:
            self.moved.setdefault(file, []).append(day)
        elif not draft.asset_kind and not draft.unit:
            self.readings.setdefault((file, draft.quantity), {})[day] = draft.amount_vnd

    def still_holds(self, file: FileRef, draft: EntryDraft, day: date) -> bool:
        """Whether the reading before `day` gives the same amount and no money moved since."""
        readings = self.readings.get((file, draft.quantity), {})
        last = max((moment for moment in readings if moment <= day), default=None)
        if last is None or readings[last] != draft.amount_vnd:
            return False
        return not any(last < moment <= day for moment in self.moved.get(file, []))


def _entry_key(file: FileRef, entry: Any) -> Key:
    """What makes two entries the same: a reading is one per day, quantity and asset; a movement also by its amount."""
    key = (file, entry.quantity, entry.kind, entry.happened_on, entry.asset_kind, entry.unit)
    if entry.kind is EntryKind.READING:
        return key
    return (*key, entry.amount_vnd, entry.units, entry.document)


def _plan_entry(plan: Plan, draft: EntryDraft, ledger: _Ledger, here: dict[Key, EntryDraft]) -> None:
    if (file := _file(plan, draft)) is None:
        return
    from_column = draft.happened_on is None or "quantity" not in draft.place.headings
    if draft.happened_on is None:
        draft.happened_on = plan.imported_on
    key = _entry_key(file, draft)
    first = here.setdefault(key, draft)
    if first is not draft:
        _plan_repeated(plan, draft, first)
        return
    before = ledger.rows.get(key, [])
    if any(row.amount_vnd == draft.amount_vnd and row.units == draft.units for row in before) or (
        from_column and not before and ledger.still_holds(file, draft, draft.happened_on)
    ):
        plan.entry_tally.unchanged += 1
        return
    for row in before:
        plan.retract(MoneyEntry, row.id)
    ledger.add(file, draft, draft.happened_on)
    row = _entry_row(file, draft)
    plan.refuse_words(draft.place, "money_entry", row)
    plan.entries.append(row)
    plan.entry_tally.new += 1
    plan.change_of(draft.code).new_entries += 1
    plan.touch(file)


def _plan_repeated(plan: Plan, draft: EntryDraft, first: EntryDraft) -> None:
    """The second statement of one amount: a warning if it says the same, an error if not."""
    sheet, row = first.place.sheet, str(first.place.row)
    same = draft.amount_vnd == first.amount_vnd and draft.units == first.units
    field = "amount_vnd" if "quantity" in draft.place.headings else draft.quantity.value
    if not same:
        reason = words("Another amount for the same day stands in sheet {sheet}, row {row}.", sheet=sheet, row=row)
        plan.errors.append(draft.place.finding(field, str(draft.amount_vnd), reason))
    elif "quantity" in draft.place.headings:
        reason = words("The same amount stands in sheet {sheet}, row {row}; it counts once.", sheet=sheet, row=row)
        plan.warnings.append(draft.place.finding(field, str(draft.amount_vnd), reason))


def _entry_row(file: FileRef, draft: EntryDraft) -> Row:
    return {
        "case_id": file, "quantity": draft.quantity, "kind": draft.kind, "amount_vnd": draft.amount_vnd,
        "happened_on": draft.happened_on, "precision": draft.precision, "asset_kind": draft.asset_kind,
        "units": draft.units, "unit": draft.unit, "document": draft.document, "source": draft.source,
    }  # fmt: skip
